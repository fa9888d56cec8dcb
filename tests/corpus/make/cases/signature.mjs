import { NOW, flipBit, jwk } from '../helpers.mjs';
import { ED25519_ORDER, FIELD_BYTES, curveOrder, derEcdsa, emsaPkcs1, toBigInt, toBytes } from '../sign.mjs';

export const about = 'The signature, for every algorithm (rules R30, R56 to R61)';

const RS = ['RS256', 'RS384', 'RS512'];
const PS = ['PS256', 'PS384', 'PS512'];
const ES = ['ES256', 'ES384', 'ES512'];
const ED = ['EdDSA', 'Ed25519'];
const RULE = { R: 'R56', P: 'R57', E: 'R58' };
const ruleOf = (alg) => (ED.includes(alg) ? 'R59' : RULE[alg[0]]);

/** What every algorithm must get right. Only ECDSA has a length code of its own (R58). */
const common = (alg) => {
  const rule = ruleOf(alg);
  const length = ES.includes(alg) ? 'signature_length' : 'signature_invalid';
  const id = (what) => `sig-${alg.toLowerCase()}-${what}`;
  const module = { RS256: '; OIDF oidcc-client-test-invalid-sig-rs256', ES256: '; OIDF oidcc-client-test-invalid-sig-es256' }[alg] ?? '';
  return [
    { id: id('good'), rule, why: `A good ${alg} signature`, alg, expect: 'accept' },
    { id: id('bit'), rule, why: `One bit of the ${alg} signature is flipped${module}`, alg, signature: (sig) => flipBit(sig), expect: 'signature_invalid' },
    { id: id('first-bit'), rule, why: `The other end of the ${alg} signature: one bit of its first byte`, alg, signature: (sig) => flipBit(sig, 0), expect: 'signature_invalid' },
    { id: id('claims'), rule, why: `The subject was changed after ${alg} signed`, alg, swap: { claims: { sub: 'admin' } }, expect: 'signature_invalid' },
    { id: id('header'), rule, why: `The header was changed after ${alg} signed`, alg, swap: { header: { typ: 'JWT' } }, expect: 'signature_invalid' },
    { id: id('short'), rule, why: `The last byte of the ${alg} signature is missing`, alg, signature: (sig) => sig.subarray(0, -1), expect: length },
    { id: id('long'), rule, why: `A zero byte behind the ${alg} signature`, alg, signature: (sig) => Buffer.concat([sig, Buffer.alloc(1)]), expect: length },
    { id: id('zeros'), rule, why: `A signature of zeros; CVE-2022-21449 where r and s are meant`, alg, signature: (sig) => Buffer.alloc(sig.length), expect: 'signature_invalid' },
  ];
};

/** ECDSA halves as integers, rewritten by `change`. */
const halves = (alg, change) => (sig) => {
  const size = FIELD_BYTES[alg];
  const [r, s] = change(toBigInt(sig.subarray(0, size)), toBigInt(sig.subarray(size)), curveOrder(alg));
  return Buffer.concat([toBytes(r, size), toBytes(s, size)]);
};
const sOf = (alg, sig) => toBigInt(sig.subarray(FIELD_BYTES[alg]));

const ecdsa = (alg) => {
  const bent = (id, why, change) => ({ id: `sig-${alg.toLowerCase()}-${id}`, rule: 'R58', why, alg, signature: halves(alg, change), expect: 'signature_invalid' });
  return [
    bent('r-zero', 'CVE-2022-21449: r is zero', (r, s) => [0n, s]),
    bent('s-zero', 'CVE-2022-21449: s is zero', (r) => [r, 0n]),
    bent('r-n', 'CVE-2022-21449: r is the group order, which is zero in disguise', (r, s, n) => [n, s]),
    bent('s-n', 'CVE-2022-21449: s is the group order', (r, s, n) => [r, n]),
    bent('both-n', 'CVE-2022-21449: both are the group order', (r, s, n) => [n, n]),
    bent('n-plus-1', 'r and s one above the group order', (r, s, n) => [n + 1n, n + 1n]),
    bent('swapped', 'r and s in the wrong order', (r, s) => [s, r]),
    { id: `sig-${alg.toLowerCase()}-high-s`, rule: 'R58', why: 'JOSE does not ask for the lower of the two values of s', alg, search: (sig) => sOf(alg, sig) < curveOrder(alg) / 2n, signature: halves(alg, (r, s, n) => [r, n - s]), expect: 'accept' },
    { id: `sig-${alg.toLowerCase()}-low-s`, rule: 'R58', why: 'The lower value of s is as good', alg, search: (sig) => sOf(alg, sig) < curveOrder(alg) / 2n, expect: 'accept' },
    { id: `sig-${alg.toLowerCase()}-der`, rule: 'R58', why: 'The DER form of X.509 is not the JOSE form', alg, signature: derEcdsa, expect: 'signature_length' },
  ];
};

const N = toBigInt(Buffer.from(jwk('rsa-1').n, 'base64url'));
/** A PKCS#1 v1.5 token whose padding is bent. */
const pkcs1 = (id, why, signOptions) => ({ id: `sig-pkcs1-${id}`, rule: 'R56', why, signOptions, expect: 'signature_invalid' });
const pss = (id, why, signOptions, alg = 'PS256') => ({ id: `sig-pss-${id}`, rule: 'R57', why, alg, signOptions, expect: 'signature_invalid' });
const firstZero = (sig) => sig[0] === 0;

export const cases = [
  ...[...RS, ...PS, ...ES, ...ED].flatMap(common),
  ...ES.flatMap(ecdsa),

  // RSA.
  { id: 'sig-rs256-other-key', rule: 'R56', why: 'Signed by another RSA key under the trusted kid', signKey: 'rsa-2', expect: 'signature_invalid' },
  { id: 'sig-rs256-4096-key', rule: 'R56', why: 'Signed by a longer key: the length is not that of the modulus', signKey: 'rsa-4096', expect: 'signature_invalid' },
  { id: 'sig-rs256-as-ps256', rule: 'R57', why: 'A PKCS#1 signature under a PS256 header', alg: 'PS256', signAlg: 'RS256', expect: 'signature_invalid' },
  { id: 'sig-ps256-as-rs256', rule: 'R56', why: 'A PSS signature under an RS256 header', signAlg: 'PS256', expect: 'signature_invalid' },
  { id: 'sig-rs512-as-rs256', rule: 'R56', why: 'The signature hashes with SHA-512, the header says SHA-256', signAlg: 'RS512', expect: 'signature_invalid' },
  { id: 'sig-rs256-leading-zero', rule: 'R56', why: 'A signature that happens to begin with a zero byte keeps it', search: firstZero, expect: 'accept' },
  { id: 'sig-rs256-zero-stripped', rule: 'R56', why: 'The zero byte at its front was stripped: one byte short of the modulus', search: firstZero, signature: (sig) => sig.subarray(1), expect: 'signature_invalid' },
  { id: 'sig-rs256-plus-n', rule: 'R56', why: 'The modulus was added to the signature: equal modulo n, but not below n', search: (sig) => toBigInt(sig) + N < 2n ** 2048n, signature: (sig) => toBytes(toBigInt(sig) + N, 256), expect: 'signature_invalid' },
  { id: 'sig-rs256-one', rule: 'R56', why: 'The signature 1, whose every power is 1', signature: () => toBytes(1n, 256), expect: 'signature_invalid' },
  { id: 'sig-rs256-unsigned-padding', rule: 'R56', why: 'The padded hash itself, never signed', signature: (_, input) => emsaPkcs1('sha256', input, 256), expect: 'signature_invalid' },
  { id: 'sig-rs256-empty', rule: 'R61', why: 'No signature at all; OIDF fapi1-advanced-final-client-test-invalid-signature', signature: () => '', expect: 'signature_missing' },
  pkcs1('no-null', 'The DigestInfo lacks its NULL', { info: '302f300b0609608648016503040201' + '0420' }),
  pkcs1('sha1-info', 'A DigestInfo that says SHA-1 before a SHA-256 hash', { info: '3021300906052b0e03021a05000414' }),
  pkcs1('no-info', 'The bare hash without DigestInfo', { info: '' }),
  pkcs1('trailing', 'Bytes behind the hash, the forgery of Bleichenbacher', { tail: '00'.repeat(32) }),
  pkcs1('block-type-2', 'The padding of encryption', { type: 2 }),
  pkcs1('block-type-0', 'Block type 0', { type: 0 }),
  pkcs1('fill', 'Padding bytes other than FF', { fill: 0xfe }),
  pss('salt-0', 'JOSE wants a salt as long as the hash, not none', { saltLength: 0 }),
  pss('salt-31', 'A salt one byte short', { saltLength: 31 }),
  pss('salt-33', 'A salt one byte long', { saltLength: 33 }),
  pss('salt-max', 'The longest salt that fits, a common default', { saltLength: 222 }),
  pss('salt-20', 'The salt of a SHA-1 default', { saltLength: 20 }, 'PS512'),
  pss('mgf-sha1', 'MGF1 must use the same hash', { mgfHash: 'sha1' }),
  pss('mgf-sha256', 'MGF1 with SHA-256 under PS512', { mgfHash: 'sha256' }, 'PS512'),

  // ECDSA.
  { id: 'sig-es256-other-key', rule: 'R58', why: 'Signed by another P-256 key under the trusted kid', alg: 'ES256', signKey: 'p256-2', expect: 'signature_invalid' },
  { id: 'sig-es256-p384-length', rule: 'R58', why: 'The signature of a longer curve under an ES256 header', alg: 'ES256', signAlg: 'ES384', signKey: 'p384-1', expect: 'signature_length' },
  { id: 'sig-es256-half', rule: 'R58', why: 'Only r', alg: 'ES256', signature: (sig) => sig.subarray(0, 32), expect: 'signature_length' },
  { id: 'sig-es512-64-bytes', rule: 'R58', why: '132 bytes is the length for P-521, not 128', alg: 'ES512', signature: (sig) => Buffer.concat([sig.subarray(2, 66), sig.subarray(68)]), expect: 'signature_length' },

  // Ed25519.
  { id: 'sig-eddsa-other-key', rule: 'R59', why: 'Signed by another Ed25519 key under the trusted kid', alg: 'EdDSA', signKey: 'ed-2', expect: 'signature_invalid' },
  { id: 'sig-eddsa-s-plus-l', rule: 'R59', why: 'The group order was added to S: the same equation, another spelling', alg: 'EdDSA', signature: (sig) => Buffer.concat([sig.subarray(0, 32), toBytes(toBigInt(Buffer.from(sig.subarray(32)).reverse()) + ED25519_ORDER, 32).reverse()]), expect: 'signature_invalid' },
  { id: 'sig-eddsa-small-r', rule: 'R59', why: 'R is the neutral element and S is zero', alg: 'EdDSA', signature: () => Buffer.concat([Buffer.from([1]), Buffer.alloc(63)]), expect: 'signature_invalid' },
  { id: 'sig-eddsa-swapped', rule: 'R59', why: 'R and S in the wrong order', alg: 'EdDSA', signature: (sig) => Buffer.concat([sig.subarray(32), sig.subarray(0, 32)]), expect: 'signature_invalid' },

  // Whose token it is does not matter before the signature (R62 has more in order.json).
  { id: 'sig-payload-replaced', rule: 'R56', why: 'A later expiry was written into the payload', swap: { claims: { exp: NOW + 80_000 } }, expect: 'signature_invalid' },
];
