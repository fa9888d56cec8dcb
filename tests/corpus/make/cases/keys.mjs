import { jwk } from '../helpers.mjs';

export const about = 'Which key verifies: kid, alg and key type (rules R28 to R31, R40 to R44)';

const nameless = (kid, changes) => jwk(kid, { kid: undefined, ...changes });
const five = ['p256-2', 'p256-3', 'p256-4', 'p256-5'];
const tryAll = { kid_absent: 'try_all' };
const noKid = { header: { kid: undefined } };
const both = { algorithms: ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'] };

export const cases = [
  // kid present.
  { id: 'kid-among-many', rule: 'R40', why: 'The kid picks one key out of a set of all kinds', keys: ['rsa-2', 'p256-1', 'ed-1', 'rsa-1', 'p521-1'], expect: 'accept' },
  { id: 'kid-unknown', rule: 'R40', why: 'A kid that the set lacks: perhaps the provider rotated its keys; OIDF oidcc-client-test-signing-key-rotation', key: 'rsa-1', header: { kid: 'rsa-9' }, expect: 'key_not_found' },
  { id: 'kid-rotated-away', rule: 'R40', why: 'A key removed upstream no longer verifies', keys: ['rsa-2'], expect: 'key_not_found' },
  { id: 'kid-case', rule: 'R40', why: 'kids are case-sensitive', header: { kid: 'RSA-1' }, expect: 'key_not_found' },
  { id: 'kid-prefix', rule: 'R40', why: 'A part of a kid is not the kid', header: { kid: 'rsa' }, expect: 'key_not_found' },
  { id: 'kid-space', rule: 'R40', why: 'No trimming of kids', header: { kid: 'rsa-1 ' }, expect: 'key_not_found' },
  { id: 'kid-path', rule: 'R22', why: 'CVE-2021-41106: a kid is never used as a path', header: { kid: '../../../../dev/null' }, expect: 'key_not_found' },
  { id: 'kid-sql', rule: 'R22', why: 'A kid is never used in a query', header: { kid: "x' UNION SELECT 'key" }, expect: 'key_not_found' },
  { id: 'kid-jwk-nameless', rule: 'R44', why: 'A JWK without kid is no wildcard: it does not match a token that names one', keys: [nameless('rsa-1')], expect: 'key_not_found' },
  { id: 'kid-normalised', rule: 'R40', why: 'Code points are compared, never normalised: two spellings of one letter differ', header: { kid: 'cl\u00e9' }, keys: [jwk('rsa-1', { kid: 'cle\u0301' })], expect: 'key_not_found' },

  // kid absent.
  { id: 'no-kid-one-key', rule: 'R41', why: 'One key, no kid anywhere; OIDF oidcc-client-test-kid-absent-single-jwks', ...noKid, keys: [nameless('rsa-1')], expect: 'accept' },
  { id: 'no-kid-one-named-key', rule: 'R41', why: 'The one key may have a kid', ...noKid, expect: 'accept' },
  { id: 'no-kid-one-fits', rule: 'R41', why: 'Of several keys only one can verify RS256', ...noKid, keys: ['p256-1', 'ed-1', 'rsa-1', 'p384-1'], expect: 'accept' },
  { id: 'no-kid-one-fits-by-alg', rule: 'R41', why: 'Of two RSA keys one is for PS256 only', ...noKid, keys: [jwk('rsa-2', { alg: 'PS256' }), 'rsa-1'], expect: 'accept' },
  { id: 'no-kid-several', rule: 'R42', why: 'Several keys fit and Core says a kid must then be given; OIDF oidcc-client-test-kid-absent-multiple-jwks', ...noKid, keys: ['rsa-1', 'rsa-2'], expect: 'key_ambiguous' },
  { id: 'no-kid-several-nameless', rule: 'R42', why: 'The same where the keys have no kid either', ...noKid, keys: [nameless('rsa-1'), nameless('rsa-2')], expect: 'key_ambiguous' },
  { id: 'no-kid-try-all', rule: 'R42', why: 'With try_all the key that verifies is found', ...noKid, keys: ['rsa-2', 'rsa-1'], policy: tryAll, expect: 'accept' },
  { id: 'no-kid-try-all-first', rule: 'R42', why: 'In whatever order', ...noKid, keys: ['rsa-1', 'rsa-2'], policy: tryAll, expect: 'accept' },
  { id: 'no-kid-try-all-none', rule: 'R42', why: 'With try_all and no key that verifies the signature is invalid', ...noKid, signKey: 'rsa-1', keys: ['rsa-2', 'rsa-4096'], policy: tryAll, expect: 'signature_invalid' },
  { id: 'no-kid-try-all-4', rule: 'R42', why: 'Four keys are tried', alg: 'ES256', ...noKid, keys: [...five.slice(0, 3), 'p256-1'], policy: tryAll, expect: 'accept' },
  { id: 'no-kid-try-all-5', rule: 'R42', why: 'Five fitting keys are too many to try', alg: 'ES256', ...noKid, keys: ['p256-1', ...five], policy: tryAll, expect: 'key_ambiguous' },
  { id: 'no-kid-nothing-fits', rule: 'R40', why: 'No kid and no key for this algorithm', alg: 'ES256', ...noKid, keys: ['rsa-1', 'p384-1'], expect: 'key_not_found' },

  // One kid on several keys.
  { id: 'same-kid-types', rule: 'R43', why: 'RSA and EC keys share a kid: the algorithm decides; FAPI 2 section 5.4.3', keys: [jwk('p256-1', { kid: 'rsa-1' }), 'rsa-1'], expect: 'accept' },
  { id: 'same-kid-two', rule: 'R43', why: 'Two RSA keys share a kid: the one that verifies counts', keys: [jwk('rsa-2', { kid: 'rsa-1' }), 'rsa-1'], expect: 'accept' },
  { id: 'same-kid-by-alg', rule: 'R43', why: 'Two RSA keys share a kid and differ in alg', keys: [jwk('rsa-2', { kid: 'rsa-1', alg: 'RS512' }), jwk('rsa-1', { alg: 'RS256' })], expect: 'accept' },
  { id: 'same-kid-none-verifies', rule: 'R43', why: 'Two keys share the kid and neither verifies', signKey: 'rsa-4096', keys: [jwk('rsa-2', { kid: 'rsa-1' }), 'rsa-1'], expect: 'signature_invalid' },
  { id: 'same-kid-4', rule: 'R43', why: 'Four keys of one kid are tried', alg: 'ES256', keys: [...five.slice(0, 3).map((k) => jwk(k, { kid: 'p256-1' })), 'p256-1'], expect: 'accept' },
  { id: 'same-kid-5', rule: 'R43', why: 'Five keys of one kid are too many', alg: 'ES256', keys: ['p256-1', ...five.map((k) => jwk(k, { kid: 'p256-1' }))], expect: 'key_ambiguous' },

  // Algorithm and key agree.
  { id: 'jwk-alg-agrees', rule: 'R29', why: 'A JWK that names the algorithm of the token', keys: [jwk('rsa-1', { alg: 'RS256' })], expect: 'accept' },
  { id: 'jwk-alg-other', rule: 'R29', why: 'One key, one algorithm: a key for PS256 does not verify RS256', keys: [jwk('rsa-1', { alg: 'PS256' })], policy: both, expect: 'alg_key_mismatch' },
  { id: 'jwk-alg-believed', rule: 'R29', why: 'CVE-2026-48523: header RS256 passes the list, the signature is PS256 as the key says', signAlg: 'PS256', keys: [jwk('rsa-1', { alg: 'PS256' })], expect: 'alg_key_mismatch' },
  { id: 'jwk-alg-other-hash', rule: 'R29', why: 'A key for RS512 does not verify RS256', keys: [jwk('rsa-1', { alg: 'RS512' })], policy: { algorithms: ['RS256', 'RS512'] }, expect: 'alg_key_mismatch' },
  { id: 'rsa-key-es256-header', rule: 'R28', why: 'CVE-2022-23541: an RSA key cannot verify ES256', alg: 'ES256', header: { kid: 'rsa-1' }, keys: ['rsa-1', 'p256-1'], expect: 'alg_key_mismatch' },
  { id: 'ec-key-rs256-header', rule: 'R28', why: 'An EC key cannot verify RS256', header: { kid: 'p256-1' }, keys: ['rsa-1', 'p256-1'], policy: both, expect: 'alg_key_mismatch' },
  { id: 'p384-key-es256-header', rule: 'R28', why: 'ES256 is for P-256 only', alg: 'ES256', header: { kid: 'p384-1' }, keys: ['p384-1'], policy: both, expect: 'alg_key_mismatch' },
  { id: 'p256-key-es384-header', rule: 'R28', why: 'ES384 is for P-384 only', alg: 'ES384', header: { kid: 'p256-1' }, keys: ['p256-1'], policy: both, expect: 'alg_key_mismatch' },
  { id: 'ed-key-rs256-header', rule: 'R28', why: 'An Ed25519 key cannot verify RS256', header: { kid: 'ed-1' }, keys: ['ed-1'], policy: both, expect: 'alg_key_mismatch' },
  { id: 'rsa-key-eddsa-header', rule: 'R28', why: 'An RSA key cannot verify EdDSA', alg: 'EdDSA', header: { kid: 'rsa-1' }, keys: ['rsa-1'], policy: both, expect: 'alg_key_mismatch' },

  // The two spellings of Ed25519.
  { id: 'ed-jwk-eddsa', rule: 'R30', why: 'Header EdDSA, JWK alg EdDSA', alg: 'EdDSA', keys: [jwk('ed-1', { alg: 'EdDSA' })], expect: 'accept' },
  { id: 'ed-jwk-ed25519', rule: 'R30', why: 'Header EdDSA, JWK alg Ed25519 (RFC 9864)', alg: 'EdDSA', keys: [jwk('ed-1', { alg: 'Ed25519' })], expect: 'accept' },
  { id: 'ed-header-ed25519', rule: 'R30', why: 'Header Ed25519, JWK alg EdDSA', alg: 'Ed25519', keys: [jwk('ed-1', { alg: 'EdDSA' })], expect: 'accept' },
  { id: 'ed-list-eddsa', rule: 'R30', why: 'A policy that lists EdDSA takes the other spelling, too', alg: 'Ed25519', policy: { algorithms: ['EdDSA'] }, expect: 'accept' },
  { id: 'ed-list-ed25519', rule: 'R30', why: 'And the other way round', alg: 'EdDSA', policy: { algorithms: ['Ed25519'] }, expect: 'accept' },

  // A JWK that says whose it is.
  { id: 'jwk-issuer-equal', rule: 'R45', why: 'A JWK may name its issuer, as Entra does', keys: [jwk('rsa-1', { issuer: 'https://idp.example' })], expect: 'accept' },
  { id: 'jwk-issuer-other', rule: 'R45', why: 'A JWK of another issuer in a shared set is no key of this one', keys: [jwk('rsa-1', { issuer: 'https://other.example' })], expect: 'key_not_found' },
];
