import { b64u, jwk, privateJwk } from '../helpers.mjs';
import { emsaPkcs1, toBigInt, toBytes } from '../sign.mjs';

export const about = 'The key set: what breaks it, what is dropped from it, and key material that must not verify (rules R32 to R39, R46 to R55)';

const set = (text) => ({ jwks: text });
const text = (...keys) => `{"keys":[${keys.join(',')}]}`;
const RSA1 = JSON.stringify(jwk('rsa-1'));
const number = (name) => toBigInt(Buffer.from(jwk('rsa-1')[name], 'base64url'));
const int = (value) => b64u(toBytes(value, Math.ceil(value.toString(16).length / 2)));
const coordinate = (kid, name) => Buffer.from(jwk(kid)[name], 'base64url');

/** A good key that never signs here, of the kind of the key that does: the set stands, and only the kid tells them apart. */
const beside = (kid) => ({ rsa: 'rsa-2', ed: 'ed-2' })[kid.split('-')[0]] ?? 'p256-2';
/** The key that signs, changed so that it is left out for `code`, and a good key that does not sign. */
const dropped = (id, rule, code, why, kid, changes, alg) => ({ id: `jwk-${id}`, rule, why, key: kid, alg, keys: [jwk(kid, changes), beside(kid)], skipped: [code], expect: 'key_not_found' });
const rsa = (id, rule, code, why, changes) => dropped(id, rule, code, why, 'rsa-1', changes, 'RS256');
const ec = (id, rule, code, why, changes) => dropped(id, rule, code, why, 'p256-1', changes, 'ES256');
const okp = (id, why, x) => dropped(id, 'R53', 'key_okp_invalid', why, 'ed-1', { x: typeof x === 'string' ? x : x && b64u(x) }, 'EdDSA');

/** An entry that is no key for us beside a good one: it must not spoil the set. */
const exotic = (id, why, entry, code = 'jwk_skipped', rule = 'R33') => ({ id: `exotic-${id}`, rule, why: `RFC 7517: ${why} is left out and the others still work`, keys: [entry, 'rsa-1'], skipped: [code], expect: 'accept' });

/** A set text with a member that nobody knows, and how long that must be for the whole to have 600 bytes. */
const padded = (pad) => `{"pad":"${pad}","keys":[${RSA1}]}`;
const ROOM = 600 - padded('').length;
const bytes600 = { policy: { limits: { max_jwks_bytes: 600 } } };

/** The first dropped key of each code again, with nothing else in the set. */
function alone(all) {
  const first = new Map();
  for (const c of all) if (c.expect === 'key_not_found' && typeof c.keys?.[0] === 'object' && !first.has(c.skipped[0])) first.set(c.skipped[0], c);
  return [...first.values()].map(({ skipped, ...c }) =>
    ({ ...c, id: `${c.id}-only`, rule: 'R34', why: `${c.why}; no other key is left`, keys: c.keys.slice(0, 1), expect: 'jwks_no_usable_key' }));
}

const P256_P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const hex = (s) => Buffer.from(s, 'hex');
const odd = (bits) => int(2n ** BigInt(bits) - 1n);

const rows = [
  // The set as a whole.
  ...Object.entries({ empty: '', garbage: '<html>Service Unavailable</html>', array: '[]', null: 'null', string: '"keys"', 'no-keys': '{}', 'keys-object': `{"keys":{"0":${RSA1}}}`, 'keys-null': '{"keys":null}', 'single-jwk': RSA1, cut: text(RSA1).slice(0, -2) })
    .map(([name, jwks]) => ({ id: `jwks-${name}`, rule: 'R32', why: `A key set that is ${name.replace('-', ' ')} is no JWKS`, ...set(jwks), expect: 'jwks_invalid' })),
  { id: 'jwks-trailing', rule: 'R32', why: 'Text behind the key set', ...set(`${text(RSA1)} {}`), expect: 'jwks_invalid' },
  { id: 'jwks-bom', rule: 'R32', why: 'A byte order mark before the key set', ...set(`\ufeff${text(RSA1)}`), expect: 'jwks_invalid' },
  { id: 'jwks-keys-twice', rule: 'R32', why: 'Two keys members: which of the sets is meant?', ...set(`{"keys":[],"keys":[${RSA1}]}`), expect: 'jwks_invalid' },
  { id: 'jwks-odd-x5c', rule: 'R33', why: 'A certificate of a post-quantum key is longer than any claim', ...set(`{"keys":[${RSA1.slice(0, -1)},"x5c":["${'A'.repeat(9000)}"]}]}`), expect: 'accept', skipped: [] },
  { id: 'jwks-odd-surrogate', rule: 'R33', why: 'Half a surrogate pair in one key leaves out that key', ...set(`{"keys":[${RSA1},{"kty":"RSA","kid":"\\ud800"}]}`), expect: 'accept', skipped: ['jwk_skipped'] },
  { id: 'jwks-odd-deep', rule: 'R33', why: 'So does nesting beyond the bound', ...set(`{"keys":[${RSA1},{"kty":"RSA","x":${'['.repeat(40)}${']'.repeat(40)}}]}`), expect: 'accept', skipped: ['jwk_skipped'] },
  { id: 'jwks-odd-items', rule: 'R33', why: 'So does a list beyond the bound', ...set(`{"keys":[${RSA1},{"kty":"RSA","x":[${Array(1025).fill(0)}]}]}`), expect: 'accept', skipped: ['jwk_skipped'] },
  { id: 'jwks-key-ops-many', rule: 'R39', why: 'There are eight operations', ...set(`{"keys":[${RSA1},{"kty":"RSA","key_ops":[${Array.from({ length: 17 }, (_, i) => `"${i}"`)},"verify"]}]}`), expect: 'accept', skipped: ['jwk_key_ops'] },
  { id: 'jwks-deep', rule: 'R32', why: 'A member nested far too deep', ...set(`{"keys":[${RSA1}],"x":${'['.repeat(128)}${']'.repeat(128)}}`), expect: 'jwks_invalid' },
  { id: 'jwks-deep-127', rule: 'R32', why: 'One level less is odd, but not in any key', ...set(`{"keys":[${RSA1}],"x":${'['.repeat(127)}${']'.repeat(127)}}`), expect: 'accept', skipped: [] },
  { id: 'jwks-64', rule: 'R32', why: 'Sixty-four entries are read', ...set(text(...Array(63).fill('{"kty":"X"}'), RSA1)), skipped: Array(63).fill('jwk_skipped'), expect: 'accept' },
  { id: 'jwks-65', rule: 'R32', why: 'Sixty-five entries are too many', ...set(text(...Array(64).fill('{"kty":"X"}'), RSA1)), expect: 'jwks_invalid' },
  { id: 'jwks-keys-2', rule: 'R32', why: 'As many entries as the policy allows', keys: ['rsa-2', 'rsa-1'], policy: { limits: { max_keys: 2 } }, skipped: [], expect: 'accept' },
  { id: 'jwks-keys-2-skipped', rule: 'R32', why: 'An entry that is left out counts, and two are allowed', keys: [null, 'rsa-1'], policy: { limits: { max_keys: 2 } }, skipped: ['jwk_skipped'], expect: 'accept' },
  { id: 'jwks-keys-3', rule: 'R32', why: 'One entry more than the policy allows', keys: ['rsa-2', 'p256-1', 'rsa-1'], policy: { limits: { max_keys: 2 } }, expect: 'jwks_invalid' },
  { id: 'jwks-keys-3-skipped', rule: 'R32', why: 'Work is bounded before it is spent: entries that would be left out count', keys: [null, null, 'rsa-1'], policy: { limits: { max_keys: 2 } }, expect: 'jwks_invalid' },
  { id: 'jwks-bytes-600', rule: 'R32', why: 'As many bytes as the policy allows', ...set(padded('x'.repeat(ROOM))), ...bytes600, skipped: [], expect: 'accept' },
  { id: 'jwks-bytes-601', rule: 'R32', why: 'One byte more than the policy allows', ...set(padded('x'.repeat(ROOM + 1))), ...bytes600, expect: 'jwks_invalid' },
  { id: 'jwks-bytes-601-spaces', rule: 'R32', why: 'The whole text counts, also the spaces behind the set', ...set(text(RSA1).padEnd(601)), ...bytes600, expect: 'jwks_invalid' },
  { id: 'jwks-bytes-not-characters', rule: 'R32', why: 'Bytes count: here are 600 characters and 601 bytes', ...set(padded('\u00e9'.padEnd(ROOM, 'x'))), ...bytes600, expect: 'jwks_invalid' },
  { id: 'jwks-extra-members', rule: 'R35', why: 'Members nobody knows, in the set and in the key', ...set(`{"issuer_name":"x","keys":[${JSON.stringify(jwk('rsa-1', { exp: 1, x: null }))}]}`), skipped: [], expect: 'accept' },
  { id: 'jwks-every-code', rule: 'R33', why: 'One key of every kind that is left out: each is reported with its own code, in the order of the set', keys: [
    null, privateJwk('rsa-2'), { kty: 'oct', k: 'AAAA' }, jwk('rsa-2', { use: 'enc' }), jwk('rsa-2', { key_ops: ['sign'] }), jwk('rsa-1024'), 'rsa-1', jwk('rsa-2', { n: odd(4097) }),
    jwk('rsa-2', { n: 'AA' }), jwk('rsa-e3'), jwk('p256-2', { y: undefined }), jwk('p256-2', { y: jwk('p256-1').y }), jwk('ed-2', { x: b64u(Buffer.alloc(32)) })],
    skipped: ['jwk_skipped', 'jwk_private_material', 'jwk_symmetric', 'jwk_use', 'jwk_key_ops', 'key_rsa_too_small', 'key_rsa_too_large', 'key_rsa_invalid', 'key_rsa_exponent', 'key_ec_coordinate', 'key_ec_not_on_curve', 'key_okp_invalid'], expect: 'accept' },
  { id: 'jwks-no-entries', rule: 'R34', why: 'An empty set holds no key', ...set('{"keys":[]}'), expect: 'jwks_no_usable_key' },

  // Entries that are left out, beside a good key.
  exotic('akp', 'a post-quantum key (AKP, ML-DSA-44)', { kty: 'AKP', alg: 'ML-DSA-44', kid: 'pq', pub: b64u(Buffer.alloc(64, 7)) }),
  exotic('ml-dsa-rsa-kid', 'a post-quantum key with the same kid', { kty: 'AKP', alg: 'ML-DSA-65', kid: 'rsa-1', pub: b64u(Buffer.alloc(64, 7)) }),
  exotic('kty', 'an unknown kty', { kty: 'XYZ', kid: 'x' }),
  exotic('x25519', 'a key agreement key', { kty: 'OKP', crv: 'X25519', kid: 'x', x: b64u(Buffer.alloc(32, 9)) }),
  exotic('ed448', 'an Ed448 key', { kty: 'OKP', crv: 'Ed448', kid: 'x', x: b64u(Buffer.alloc(57, 9)) }),
  exotic('secp256k1', 'a secp256k1 key', jwk('k256-1')),
  exotic('null', 'null', null),
  exotic('number', 'a number', 7),
  exotic('array', 'an array', []),
  exotic('no-kty', 'an entry without kty', { kid: 'x', n: 'AQAB', e: 'AQAB' }),
  exotic('kty-number', 'a kty that is no string', { kty: 1, kid: 'x' }),
  exotic('kid-number', 'a kid that is no string', jwk('rsa-2', { kid: 5 })),
  exotic('alg-unknown', 'a key for an unknown algorithm', jwk('rsa-2', { alg: 'RS999' })),
  exotic('alg-oaep', 'an encryption key by its alg', jwk('rsa-2', { alg: 'RSA-OAEP-256' })),
  exotic('no-modulus', 'an RSA key without n', jwk('rsa-2', { n: undefined })),
  exotic('oct', 'a shared secret, though that is a blunder (CVE-2026-48526),', { kty: 'oct', kid: 'x', k: b64u('secret') }, 'jwk_symmetric', 'R37'),
  exotic('private', 'a private key, though that is a disaster,', privateJwk('rsa-2'), 'jwk_private_material', 'R36'),
  exotic('private-enc', 'a private key for encryption, which is published all the same,', { ...privateJwk('rsa-2'), use: 'enc' }, 'jwk_private_material', 'R36'),
  exotic('private-akp', 'a private post-quantum key', { kty: 'AKP', alg: 'ML-DSA-44', kid: 'pq', pub: b64u(Buffer.alloc(64, 7)), priv: 'AAAA' }, 'jwk_private_material', 'R36'),
  { id: 'jwk-dup-beside-good', rule: 'R35', why: 'A JWK with a member twice is left out; the other key still works', ...set(text(JSON.stringify(jwk('rsa-2')).replace('{', '{"use":"sig",'), RSA1)), skipped: ['jwk_skipped'], expect: 'accept' },
  { id: 'jwk-dup-is-dropped', rule: 'R35', why: 'The JWK with a member twice cannot be used itself', ...set(text(RSA1.replace('{', '{"use":"sig",'), JSON.stringify(jwk('rsa-2')))), skipped: ['jwk_skipped'], expect: 'key_not_found' },
  { id: 'jwk-dup-only', rule: 'R34', why: 'A set of one JWK that names e twice', ...set(text(RSA1.replace('{', '{"e":"AQAB",'))), expect: 'jwks_no_usable_key' },
  { id: 'jwk-x5c-ignored', rule: 'R46', why: 'x5c and x5t of a JWK are never looked at: n and e are the key', keys: [jwk('rsa-1', { x5c: ['AAAA'], x5t: 'AAAA', 'x5t#S256': 'AAAA' })], skipped: [], expect: 'accept' },

  // Dropped for what they say they are.
  { ...rsa('oct', 'R37', 'jwk_symmetric', 'CVE-2026-107724: a published secret verifies nothing, whatever kid it has'), keys: [{ kty: 'oct', kid: 'rsa-1', k: b64u('secret') }, 'rsa-2'] },
  exotic('oct-enc', 'a shared secret for encryption, which is published all the same,', { kty: 'oct', kid: 'x', use: 'enc', k: b64u('secret') }, 'jwk_symmetric', 'R37'),
  rsa('private-rsa', 'R36', 'jwk_private_material', 'The provider published its private key: anybody can sign with it', { d: privateJwk('rsa-1').d }),
  rsa('private-prime', 'R36', 'jwk_private_material', 'One prime is as good as the private key', { p: privateJwk('rsa-1').p }),
  ...['q', 'dp', 'dq', 'qi'].map((name) => rsa(`private-${name}`, 'R36', 'jwk_private_material', `So is ${name}, a part of the private key`, { [name]: privateJwk('rsa-1')[name] })),
  rsa('private-oth', 'R36', 'jwk_private_material', 'oth says that there are more primes, and lists them', { oth: [] }),
  rsa('private-k', 'R36', 'jwk_private_material', 'k is the secret of a symmetric key and has no place in an RSA key', { k: 'AAAA' }),
  rsa('private-priv', 'R36', 'jwk_private_material', 'priv is the secret of a post-quantum key', { priv: 'AAAA' }),
  ec('private-ec', 'R36', 'jwk_private_material', 'The private part of an EC key', { d: privateJwk('p256-1').d }),
  dropped('private-okp', 'R36', 'jwk_private_material', 'The private part of an Ed25519 key', 'ed-1', { d: privateJwk('ed-1').d }, 'EdDSA'),
  rsa('use-enc', 'R38', 'jwk_use', 'A key for encryption does not verify', { use: 'enc' }),
  rsa('use-other', 'R38', 'jwk_use', 'use has no case and no other values for us', { use: 'SIG' }),
  { id: 'jwk-use-absent', rule: 'R38', why: 'use is optional', keys: [jwk('rsa-1', { use: undefined })], skipped: [], expect: 'accept' },
  { id: 'jwk-use-enc-beside', rule: 'R38', why: 'Signing and encryption key with one kid', keys: [jwk('rsa-2', { kid: 'rsa-1', use: 'enc' }), 'rsa-1'], skipped: ['jwk_use'], expect: 'accept' },
  { id: 'jwk-use-enc-named', rule: 'R38', why: 'The token names the encryption key of the set', signKey: 'rsa-2', header: { kid: 'rsa-2' }, keys: ['rsa-1', jwk('rsa-2', { use: 'enc' })], skipped: ['jwk_use'], expect: 'key_not_found' },
  { id: 'jwk-ops-verify', rule: 'R39', why: 'key_ops verify is what we need', keys: [jwk('rsa-1', { key_ops: ['verify'] })], skipped: [], expect: 'accept' },
  { id: 'jwk-ops-verify-no-use', rule: 'R39', why: 'key_ops without use', keys: [jwk('rsa-1', { use: undefined, key_ops: ['verify'] })], skipped: [], expect: 'accept' },
  { id: 'jwk-ops-sign-verify', rule: 'R39', why: 'The pair of operations that use sig stands for', keys: [jwk('rsa-1', { key_ops: ['sign', 'verify'] })], skipped: [], expect: 'accept' },
  rsa('ops-sign', 'R39', 'jwk_key_ops', 'A key for signing only', { key_ops: ['sign'] }),
  rsa('ops-empty', 'R39', 'jwk_key_ops', 'A key for no operation', { key_ops: [] }),
  rsa('ops-encrypt', 'R39', 'jwk_key_ops', 'A key for encryption, by its operations', { use: undefined, key_ops: ['encrypt', 'wrapKey'] }),
  rsa('ops-twice', 'R39', 'jwk_key_ops', 'An operation may not be listed twice', { key_ops: ['verify', 'verify'] }),
  rsa('ops-inconsistent', 'R39', 'jwk_key_ops', 'use sig and an operation of encryption contradict each other', { key_ops: ['verify', 'encrypt'] }),
  rsa('ops-string', 'R39', 'jwk_key_ops', 'key_ops must be a list', { key_ops: 'verify' }),
  { id: 'jwk-ops-16', rule: 'R39', why: 'Sixteen operations are still read, though there are but eight', keys: [jwk('rsa-1', { use: undefined, key_ops: [...Array.from({ length: 15 }, (_, i) => `x-${i}`), 'verify'] })], expect: 'accept', skipped: [] },
  { id: 'jwk-ops-17', rule: 'R39', why: 'Seventeen are too many', keys: [jwk('rsa-1', { use: undefined, key_ops: [...Array.from({ length: 16 }, (_, i) => `x-${i}`), 'verify'] }), 'rsa-2'], expect: 'key_not_found', skipped: ['jwk_key_ops'] },

  // RSA material.
  dropped('rsa-1024', 'R47', 'key_rsa_too_small', 'CVE-2022-23539: 1024 bits can be broken', 'rsa-1024', {}, 'RS256'),
  rsa('rsa-2047', 'R47', 'key_rsa_too_small', 'One bit short of 2048', { n: odd(2047) }),
  { id: 'jwk-rsa-4096', rule: 'R48', why: 'The largest modulus of the default policy', key: 'rsa-4096', skipped: [], expect: 'accept' },
  { ...dropped('rsa-4096-limit', 'R48', 'key_rsa_too_large', 'A policy may lower the bound', 'rsa-4096', {}, 'RS256'), policy: { limits: { rsa_max_bits: 2048 } } },
  { id: 'jwk-rsa-2048-limit', rule: 'R48', why: 'A key of just the bound, beside one above it', keys: ['rsa-4096', 'rsa-1'], policy: { limits: { rsa_max_bits: 2048 } }, skipped: ['key_rsa_too_large'], expect: 'accept' },
  dropped('rsa-8192', 'R48', 'key_rsa_too_large', 'A good key of 8192 bits is too large unless the policy says otherwise', 'rsa-8192', {}, 'RS256'),
  { id: 'jwk-rsa-8192-limit', rule: 'R48', why: 'The largest modulus that a policy can allow', key: 'rsa-8192', policy: { limits: { rsa_max_bits: 8192 } }, skipped: [], expect: 'accept' },
  { ...rsa('rsa-8193', 'R48', 'key_rsa_too_large', 'One bit above the largest bound', { n: odd(8193) }), policy: { limits: { rsa_max_bits: 8192 } } },
  rsa('rsa-4097', 'R48', 'key_rsa_too_large', 'One bit above 4096: verifying would take too long', { n: odd(4097) }),
  rsa('rsa-16384', 'R48', 'key_rsa_too_large', 'A modulus made to exhaust the verifier', { n: odd(16384) }),
  rsa('rsa-even', 'R49', 'key_rsa_invalid', 'An even modulus is not a product of two odd primes', { n: int(number('n') - 1n) }),
  rsa('rsa-zero', 'R49', 'key_rsa_invalid', 'A modulus of zero', { n: 'AA' }),
  rsa('rsa-empty', 'R49', 'key_rsa_invalid', 'An empty modulus', { n: '' }),
  rsa('rsa-padding', 'R5', 'jwk_skipped', 'Base64 padding in a modulus', { n: `${jwk('rsa-1').n}==` }),
  rsa('rsa-base64', 'R5', 'jwk_skipped', 'Base64 instead of base64url', { n: Buffer.from(jwk('rsa-1').n, 'base64url').toString('base64').replace(/=/g, '').replace(/^./, '+') }),
  rsa('rsa-n-number', 'R33', 'jwk_skipped', 'A modulus that is no string', { n: 12345 }),
  { id: 'jwk-rsa-leading-zero', rule: 'R49', why: 'Some providers write a zero octet before the modulus: it is stripped', keys: [jwk('rsa-1', { n: b64u(Buffer.concat([Buffer.alloc(1), Buffer.from(jwk('rsa-1').n, 'base64url')])) })], skipped: [], expect: 'accept' },
  { ...rsa('rsa-e1', 'R50', 'key_rsa_exponent', 'With exponent 1 the padded hash is its own signature: anyone can write it', { e: 'AQ' }), signature: (_, input) => emsaPkcs1('sha256', input, 256) },
  dropped('rsa-e3', 'R50', 'key_rsa_exponent', 'Exponent 3 forgives sloppy padding checks, so it is not allowed', 'rsa-e3', {}, 'RS256'),
  rsa('rsa-e-even', 'R50', 'key_rsa_exponent', 'An even exponent', { e: int(65536n) }),
  rsa('rsa-e-below', 'R50', 'key_rsa_exponent', 'The odd number just below 65537', { e: int(65535n) }),
  rsa('rsa-e-zero', 'R50', 'key_rsa_exponent', 'Exponent zero', { e: 'AA' }),
  rsa('rsa-e-34-bits', 'R50', 'key_rsa_exponent', 'An exponent of 34 bits', { e: int(2n ** 33n + 1n) }),
  rsa('rsa-e-missing', 'R33', 'jwk_skipped', 'No exponent', { e: undefined }),

  // EC material.
  ec('ec-x-short', 'R51', 'key_ec_coordinate', 'x one byte short', { x: b64u(coordinate('p256-1', 'x').subarray(1)) }),
  ec('ec-x-long', 'R51', 'key_ec_coordinate', 'x with a zero byte before it', { x: b64u(Buffer.concat([Buffer.alloc(1), coordinate('p256-1', 'x')])) }),
  ec('ec-y-long', 'R51', 'key_ec_coordinate', 'y with a zero byte before it', { y: b64u(Buffer.concat([Buffer.alloc(1), coordinate('p256-1', 'y')])) }),
  ec('ec-y-missing', 'R51', 'key_ec_coordinate', 'No y: there is no compressed form', { y: undefined }),
  ec('ec-compressed', 'R52', 'key_ec_coordinate', 'A compressed point in x', { x: b64u(Buffer.concat([Buffer.from([2]), coordinate('p256-1', 'x')])), y: undefined }),
  ec('ec-off-curve', 'R52', 'key_ec_not_on_curve', 'A point beside the curve: the door of invalid-curve attacks', { y: int(toBigInt(coordinate('p256-1', 'y')) ^ 1n) }),
  ec('ec-swapped', 'R52', 'key_ec_not_on_curve', 'x and y swapped', { x: jwk('p256-1').y, y: jwk('p256-1').x }),
  ec('ec-infinity', 'R52', 'key_ec_not_on_curve', 'Zero and zero, as some write the point at infinity', { x: b64u(Buffer.alloc(32)), y: b64u(Buffer.alloc(32)) }),
  ec('ec-x-not-reduced', 'R52', 'key_ec_not_on_curve', 'A coordinate that is not below the prime of the field', { x: int(P256_P), y: jwk('p256-1').y }),
  ec('ec-wrong-curve', 'R51', 'key_ec_coordinate', 'P-256 coordinates under the name P-384', { crv: 'P-384' }),
  ec('ec-no-curve', 'R33', 'jwk_skipped', 'No curve', { crv: undefined }),
  ec('ec-curve-case', 'R33', 'jwk_skipped', 'Names of curves are case-sensitive', { crv: 'p-256' }),
  dropped('ec-p384-off-curve', 'R52', 'key_ec_not_on_curve', 'A point beside P-384', 'p384-1', { y: int(toBigInt(coordinate('p384-1', 'y')) ^ 1n) }, 'ES384'),
  dropped('ec-p521-short', 'R51', 'key_ec_coordinate', 'P-521 coordinates are 66 bytes, never 65', 'p521-1', { x: b64u(coordinate('p521-1', 'x').subarray(1)) }, 'ES512'),
  { id: 'jwk-secp256k1', rule: 'R33', why: 'secp256k1 is not a curve of this verifier', alg: 'ES256K', policy: { algorithms: ['ES256'] }, expect: 'jwks_no_usable_key' },

  // OKP material.
  okp('okp-31', 'x one byte short', coordinate('ed-1', 'x').subarray(1)),
  okp('okp-33', 'x one byte long', Buffer.concat([coordinate('ed-1', 'x'), Buffer.alloc(1)])),
  okp('okp-empty', 'An empty x', ''),
  okp('okp-identity', 'The neutral element: with it one signature fits every message', hex('01' + '00'.repeat(31))),
  okp('okp-order-2', 'The point of order two', hex('ec' + 'ff'.repeat(30) + '7f')),
  okp('okp-order-4', 'A point of order four', Buffer.alloc(32)),
  okp('okp-order-8', 'A point of order eight', hex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05')),
  okp('okp-not-a-point', 'A number that is no y of the curve', hex('02' + '00'.repeat(31))),
  okp('okp-missing', 'No x', undefined),
];

export const cases = [...rows, ...alone(rows)];
