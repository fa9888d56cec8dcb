// One case for each mutation of the suite; its modules repeat them for several profiles, so a case may carry many names.
import { CLIENT, DAY, ISS, NONCE, NOW, flipBit, jwk, leftHalf } from '../helpers.mjs';

export const about = "The mutations of the OpenID Foundation's client tests, each as the suite makes it";

const oidcc = (name) => `oidcc-client-test${name && `-${name}`}`;
const fapi1 = (name) => `fapi1-advanced-final-client-test-${name}`;
const fapi2 = (name) => `fapi2-security-profile-final-client-test-${name}`;
const ciba = (name) => `fapi-ciba-id1-client-${name}-test`;
const federation = (name) => `openid-federation-client-${name}-in-id-token`;
/** The FAPI profiles and CIBA share most mutations. */
const fapi = (name) => [fapi1(name), fapi2(name), ciba(name)];

const ACCESS = 'SlAV32hkKG';
const CODE = 'Qcb0Orv1zh30vL1MPRsbm';
const STATE = 'af0ifjsldkj';
const athash = leftHalf('sha256', ACCESS);
const chash = leftHalf('sha256', CODE);
const shash = leftHalf('sha256', STATE);
const code = { response_type: 'code id_token', code: CODE };
const both = { response_type: 'code id_token token', code: CODE, access_token: ACCESS };
const nameless = (kid) => jwk(kid, { kid: undefined });
const tampered = { signature: (bytes) => flipBit(bytes, 8) };

const without = (name, rule, expect, from) => ({ id: `openid-missing-${name}`, rule, from, why: `The claim ${name} is removed`, claims: { [name]: undefined }, expect });

export const cases = [
  { id: 'openid-plain', rule: 'R1', from: [oidcc(''), oidcc('idtoken-sig-rs256')], why: 'The token of the suite when nothing is wrong', claims: { iat: NOW, exp: NOW + 300 }, expect: 'accept' },
  { id: 'openid-sig-none', rule: 'R17', from: [oidcc('idtoken-sig-none')], why: 'The suite lets a client take an unsigned token in the code flow; this one does not', header: { alg: 'none', kid: undefined }, signature: () => '', expect: 'alg_none' },
  { id: 'openid-invalid-sig-rs256', rule: 'R56', from: [oidcc('invalid-sig-rs256'), fapi1('invalid-signature'), ciba('invalid-signature')], why: 'A corrupted RS256 signature', ...tampered, expect: 'signature_invalid' },
  { id: 'openid-invalid-sig-ps256', rule: 'R57', from: [fapi1('invalid-signature'), ciba('invalid-signature')], why: 'A corrupted PS256 signature', alg: 'PS256', ...tampered, expect: 'signature_invalid' },
  { id: 'openid-invalid-sig-es256', rule: 'R58', from: [oidcc('invalid-sig-es256'), fapi1('invalid-signature'), ciba('invalid-signature')], why: 'A corrupted ES256 signature', alg: 'ES256', ...tampered, expect: 'signature_invalid' },
  { id: 'openid-invalid-sig-hs256', rule: 'R18', from: [oidcc('invalid-sig-hs256')], why: 'A corrupted HS256 signature, which not even a good one would save', alg: 'HS256', signOptions: { secret: 'the secret of the client, 32 bytes' }, ...tampered, policy: { algorithms: ['RS256'] }, expect: 'alg_not_allowed' },

  { id: 'openid-invalid-iss', rule: 'R63', from: [oidcc('invalid-iss'), ...fapi('invalid-iss'), federation('invalid-iss')], why: '1 is appended to the issuer', claims: { iss: `${ISS}1` }, expect: 'iss_mismatch' },
  { id: 'openid-invalid-aud', rule: 'R69', from: [oidcc('invalid-aud'), ...fapi('invalid-aud'), federation('invalid-aud')], why: '1 is appended to the audience', claims: { aud: `${CLIENT}1` }, expect: 'aud_mismatch' },
  { id: 'openid-secondary-aud', rule: 'R70', from: fapi('invalid-secondary-aud'), why: 'A second audience that is not trusted, and no azp', claims: { aud: [CLIENT, `${CLIENT}1`] }, expect: 'aud_untrusted' },
  { id: 'openid-aud-array', rule: 'R68', from: [fapi1('valid-aud-as-array')], why: 'The client as the only audience of a list', claims: { aud: [CLIENT] }, expect: 'accept' },
  without('iss', 'R63', 'iss_missing', fapi('invalid-missing-iss')),
  without('aud', 'R68', 'aud_missing', [oidcc('missing-aud'), ...fapi('invalid-missing-aud')]),
  without('sub', 'R67', 'sub_missing', [oidcc('missing-sub')]),
  without('iat', 'R77', 'iat_missing', [oidcc('missing-iat')]),
  without('exp', 'R72', 'exp_missing', fapi('invalid-missing-exp')),
  { id: 'openid-expired', rule: 'R73', from: fapi('invalid-expired-exp'), why: 'Expired six minutes ago', claims: { iat: NOW - 660, exp: NOW - 360 }, expect: 'exp_expired' },
  { id: 'openid-expired-most-tolerant', rule: 'R73', from: fapi('invalid-expired-exp'), why: 'Six minutes are more than the largest tolerance forgives', claims: { iat: NOW - 660, exp: NOW - 360 }, policy: { clock_tolerance: 300 }, expect: 'exp_expired' },
  { id: 'openid-iat-week', rule: 'R74', from: [fapi1('iat-is-week-in-past'), ciba('iat-is-week-in-past')], why: 'Issued a week ago with exp still to come, under the default policy', claims: { iat: NOW - 7 * DAY, exp: NOW + 300 }, expect: 'exp_too_far' },

  { id: 'openid-nonce-invalid', rule: 'R81', from: [oidcc('nonce-invalid'), fapi1('invalid-nonce'), fapi2('invalid-nonce')], why: '1 is appended to the nonce', claims: { nonce: `${NONCE}1` }, expect: 'nonce_mismatch' },
  { id: 'openid-nonce-missing', rule: 'R81', from: [fapi1('invalid-missing-nonce'), fapi2('invalid-missing-nonce')], why: 'The nonce that was sent does not come back', claims: { nonce: undefined }, expect: 'nonce_missing' },
  { id: 'openid-nonce-unless-code-flow', rule: 'R83', from: [oidcc('nonce-unless-code-flow')], why: 'A client of the implicit flow that says nothing of a nonce cannot verify at all', expectations: { nonce: undefined, response_type: 'id_token' }, expect: 'config_nonce_policy' },

  { id: 'openid-null-alg', rule: 'R17', from: fapi('invalid-null-alg'), why: 'The algorithm of the header becomes none, unsigned', alg: 'PS256', header: { alg: 'none' }, signature: () => '', expect: 'alg_none' },
  { id: 'openid-null-alg-json', rule: 'R16', from: fapi('invalid-null-alg'), why: 'The algorithm of the header becomes null', alg: 'PS256', header: { alg: null }, expect: 'alg_invalid' },
  { id: 'openid-alternate-alg', rule: 'R16', from: fapi('invalid-alternate-alg'), why: 'Signed with an algorithm that was not registered', alg: 'RS256', policy: { algorithms: ['PS256'] }, expect: 'alg_not_allowed' },
  { id: 'openid-alternate-alg-es', rule: 'R16', from: fapi('invalid-alternate-alg'), why: 'The same where ES256 was registered and the key set has both', alg: 'PS256', keys: ['rsa-1', 'p256-1'], policy: { algorithms: ['ES256'] }, expect: 'alg_not_allowed' },

  { id: 'openid-kid-absent-single', rule: 'R41', from: [oidcc('kid-absent-single-jwks')], why: 'One key, and no kid in token or key', header: { kid: undefined }, keys: [nameless('rsa-1')], expect: 'accept' },
  { id: 'openid-kid-absent-multiple', rule: 'R42', from: [oidcc('kid-absent-multiple-jwks')], why: 'Several keys without kids: the suite lets a client refuse', header: { kid: undefined }, keys: [nameless('rsa-1'), nameless('rsa-2')], expect: 'key_ambiguous' },
  { id: 'openid-kid-absent-multiple-try', rule: 'R42', from: [oidcc('kid-absent-multiple-jwks')], why: 'Several keys without kids: the suite lets a client try them all', header: { kid: undefined }, keys: [nameless('rsa-2'), nameless('rsa-1')], policy: { kid_absent: 'try_all' }, expect: 'accept' },
  { id: 'openid-rotated', rule: 'R40', from: [oidcc('signing-key-rotation'), oidcc('signing-key-rotation-just-before-signing')], why: 'After a rotation, with the old keys still at hand: the code that asks for new ones', keys: ['rsa-2'], expect: 'key_not_found' },

  { id: 'openid-invalid-athash', rule: 'R91', from: [oidcc('invalid-athash')], why: 'at_hash of another access token', claims: { at_hash: leftHalf('sha256', `${ACCESS}1`), c_hash: chash }, expectations: both, expect: 'at_hash_mismatch' },
  { id: 'openid-missing-athash', rule: 'R91', from: [oidcc('missing-athash')], why: 'An access token came along and at_hash did not', claims: { c_hash: chash }, expectations: both, expect: 'at_hash_missing' },
  { id: 'openid-missing-athash-no-token', rule: 'R91', from: [fapi1('missing-athash')], why: 'No access token came along, so no at_hash is due', claims: { c_hash: chash, s_hash: shash }, expectations: { ...code, state: STATE }, expect: 'accept' },
  { id: 'openid-invalid-chash', rule: 'R92', from: [oidcc('invalid-chash'), fapi1('invalid-chash')], why: 'c_hash of another code', claims: { c_hash: leftHalf('sha256', `${CODE}1`), at_hash: athash }, expectations: both, expect: 'c_hash_mismatch' },
  { id: 'openid-missing-chash', rule: 'R92', from: [oidcc('missing-chash')], why: 'A code came along and c_hash did not', claims: { at_hash: athash }, expectations: both, expect: 'c_hash_missing' },
  { id: 'openid-invalid-shash', rule: 'R93', from: [fapi1('invalid-shash')], why: 's_hash of another state', claims: { c_hash: chash, s_hash: leftHalf('sha256', `${STATE}1`) }, expectations: { ...code, state: STATE }, expect: 's_hash_mismatch' },
  { id: 'openid-missing-shash', rule: 'R93', from: [fapi1('invalid-missing-shash')], why: 's_hash is left out where the profile demands it', claims: { c_hash: chash }, policy: { s_hash: 'required' }, expectations: { ...code, state: STATE }, expect: 's_hash_missing' },

  { id: 'openid-encrypted-rsa15', rule: 'R102', from: [fapi1('encrypted-idtoken-usingrsa15')], why: 'Encrypted with RSA1_5, which must be refused; so is all encryption', token: 'eyJhbGciOiJSU0ExXzUiLCJlbmMiOiJBMjU2R0NNIiwiY3R5IjoiSldUIn0.OKOawDo13gRp2ojaHV7LFp.48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9o.XFBoMYUZodetZdvTiFvSkQ', expect: 'jwe_unsupported' },
  { id: 'openid-aggregated', rule: 'R89', from: [oidcc('aggregated-claims')], why: 'Aggregated claims are left as they are', claims: { _claim_names: { address: 'src1' }, _claim_sources: { src1: { JWT: 'eyJhbGciOiJub25lIn0.e30.' } } }, expect: 'accept', warnings: ['distributed_claims_present'] },
  { id: 'openid-distributed', rule: 'R89', from: [oidcc('distributed-claims')], why: 'Distributed claims are not fetched', claims: { _claim_names: { credit_score: 'src1' }, _claim_sources: { src1: { endpoint: 'https://evil.example/claims', access_token: 'x' } } }, expect: 'accept', warnings: ['distributed_claims_present'] },
  { id: 'openid-banking-intent', rule: 'R88', from: [fapi2('invalid-openbanking-intent-id')], why: 'The intent of another payment', claims: { openbanking_intent_id: 'urn:intent:1' }, policy: { required_claims: { openbanking_intent_id: 'urn:intent:0' } }, expect: 'claim_mismatch' },
];
