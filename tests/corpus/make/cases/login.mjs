import { DAY, NONCE, NOW, b64u, leftHalf, sha256 } from '../helpers.mjs';
import { digest } from '../sign.mjs';

export const about = 'The login this token belongs to: nonce, hashes, auth_time, acr, amr, required claims (rules R81 to R93)';

const nonce = (id, why, value, expect, expected, policy) => ({ id: `nonce-${id}`, rule: 'R81', why, claims: { nonce: value }, ...(expected && { expectations: { nonce: expected } }), ...(policy && { policy }), expect });
const config = (id, why, value, expect = 'config_nonce_policy') => ({ id: `nonce-config-${id}`, rule: 'R83', why, expectations: { nonce: value }, expect });
const transformed = (id, why, transform, value, expect) => ({ id: `nonce-${id}`, rule: 'R82', why, claims: { nonce: value }, policy: { nonce_transform: transform }, expect });

const ACCESS = 'ya29.eQETFbFOkAs8nWHcmYXKwEi0Zz46NfsrUU_KuQLOLTwWS40y6Fb99aVzEXC0U14m61lcPMIr1hEIBA';
const CODE = 'Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk';
const STATE = 'af0ifjsldkj';
const HASH = { RS256: 'sha256', PS256: 'sha256', ES256: 'sha256', RS384: 'sha384', ES384: 'sha384', PS512: 'sha512', ES512: 'sha512', EdDSA: 'sha512', Ed25519: 'sha512' };
const at = leftHalf('sha256', ACCESS);
const ch = leftHalf('sha256', CODE);
const bound = (id, rule, why, claims, expectations, expect, more) => ({ id: `hash-${id}`, rule, why, claims, expectations, ...more, expect });
const type = (response_type, more) => ({ response_type, ...more });

const age = (id, why, auth_time, expect, max_age = 3600, more) => ({ id: `auth-time-${id}`, rule: 'R87', why, claims: { auth_time }, policy: { max_age, ...more }, expect });
const only = { exp: 10, nbf: 20, iat: 30 };
const acr = (id, why, value, expect, policy = { acr_values: ['urn:example:silver', 'urn:example:gold'] }) => ({ id: `acr-${id}`, rule: 'R85', why, claims: { acr: value }, policy, expect });
const ladder = { acr_ladder: { levels: ['low', 'substantial', 'high'], at_least: 'substantial' } };
const amr = (id, why, value, expect, policy) => ({ id: `amr-${id}`, rule: 'R86', why, claims: { amr: value }, policy, expect });
const all = { amr_all: ['pwd', 'otp'] };
const any = { amr_any: ['hwk', 'otp'] };
const claim = (id, why, claims, required_claims, expect) => ({ id: `required-${id}`, rule: 'R88', why, claims, policy: { required_claims }, expect });

export const cases = [
  // nonce.
  nonce('equal', 'The nonce of this login', NONCE, 'accept'),
  nonce('missing', 'A nonce was sent and none came back; OIDF fapi1 -missing-nonce', undefined, 'nonce_missing'),
  nonce('one-more', 'OIDF oidcc-client-test-nonce-invalid: 1 is appended', `${NONCE}1`, 'nonce_mismatch'),
  nonce('shorter', 'A part of the nonce', NONCE.slice(0, -1), 'nonce_mismatch'),
  nonce('case', 'A nonce has case', NONCE.toUpperCase(), 'nonce_mismatch'),
  nonce('empty', 'An empty nonce is there and is wrong', '', 'nonce_mismatch'),
  nonce('null', 'null is no nonce', null, 'nonce_type'),
  nonce('number', 'A number is no nonce', 7, 'nonce_type'),
  nonce('array', 'A list of the right nonce is no nonce', [NONCE], 'nonce_type'),
  nonce('none-sent', 'None was sent, none came back', undefined, 'accept', 'none_sent'),
  nonce('unexpected', 'None was sent, one came back: the token is of another login', NONCE, 'nonce_unexpected', 'none_sent'),
  nonce('not-checked', 'A gateway has no login of its own and says so by name', 'whatever', 'accept', 'not_checked'),
  nonce('not-checked-absent', 'Not checked means it need not be there', undefined, 'accept', 'not_checked'),
  config('missing', 'Nothing said about the nonce: there is no silent default', undefined),
  config('null', 'A nonce lost in the session arrives as null', null),
  config('empty', 'A lost nonce may also arrive as an empty text', ''),
  config('empty-equals', 'An empty expected nonce would be equal to an empty claim', { equals: '' }),
  config('null-equals', 'A lost nonce inside the object', { equals: null }),
  config('empty-object', 'An object that expects nothing', {}),
  config('false', 'false is not the name of an opt-out', false),
  config('other-word', 'Only the two names are opt-outs', 'skip'),
  config('bare', 'A bare text could be a nonce or an opt-out, so it is neither', NONCE),
  transformed('sha256-b64url', 'The claim holds the base64url SHA-256 of the nonce', 'sha256_b64url', b64u(sha256(NONCE)), 'accept'),
  transformed('sha256-b64url-plain', 'The plain nonce where its hash was sent: it leaked', 'sha256_b64url', NONCE, 'nonce_mismatch'),
  transformed('sha256-b64url-padded', 'Padding makes it another text', 'sha256_b64url', `${b64u(sha256(NONCE))}=`, 'nonce_mismatch'),
  transformed('sha256-hex', 'Apple: the claim holds the hexadecimal SHA-256', 'sha256_hex', sha256(NONCE).toString('hex'), 'accept'),
  transformed('sha256-hex-upper', 'Hexadecimal in capitals is another text', 'sha256_hex', sha256(NONCE).toString('hex').toUpperCase(), 'nonce_mismatch'),
  transformed('sha256-hex-b64url', 'The other spelling of the same hash', 'sha256_hex', b64u(sha256(NONCE)), 'nonce_mismatch'),
  transformed('plain', 'No transform, by name', 'plain', NONCE, 'accept'),

  // at_hash, c_hash, s_hash: the left half of the hash that the algorithm of the token uses.
  ...Object.entries(HASH).flatMap(([alg, hash]) => [
    bound(`at-${alg.toLowerCase()}`, 'R91', `at_hash of ${alg} is the left half of ${hash}`, { at_hash: leftHalf(hash, ACCESS) }, { access_token: ACCESS }, 'accept', { alg }),
    bound(`c-${alg.toLowerCase()}`, 'R92', `c_hash of ${alg} is the left half of ${hash}`, { c_hash: leftHalf(hash, CODE) }, type('code id_token', { code: CODE }), 'accept', { alg }),
  ]),
  bound('at-eddsa-sha256', 'R91', 'Ed25519 hashes with SHA-512, not SHA-256', { at_hash: at }, { access_token: ACCESS }, 'at_hash_mismatch', { alg: 'EdDSA' }),
  bound('at-other-token', 'R91', 'OIDF oidcc-client-test-invalid-athash: the hash of another access token', { at_hash: at }, { access_token: `${ACCESS}1` }, 'at_hash_mismatch'),
  bound('at-whole', 'R91', 'The whole hash instead of its left half', { at_hash: b64u(sha256(ACCESS)) }, { access_token: ACCESS }, 'at_hash_mismatch'),
  bound('at-right-half', 'R91', 'The right half', { at_hash: b64u(sha256(ACCESS).subarray(16)) }, { access_token: ACCESS }, 'at_hash_mismatch'),
  bound('at-padded', 'R91', 'Padded base64url', { at_hash: `${at}==` }, { access_token: ACCESS }, 'at_hash_mismatch'),
  bound('at-sha512', 'R91', 'RS256 hashes with SHA-256, not SHA-512', { at_hash: b64u(digest('sha512', ACCESS).subarray(0, 16)) }, { access_token: ACCESS }, 'at_hash_mismatch'),
  bound('at-number', 'R91', 'A hash that is no text fits nothing', { at_hash: 7 }, { access_token: ACCESS }, 'at_hash_mismatch'),
  bound('at-empty', 'R91', 'An empty hash fits nothing', { at_hash: '' }, { access_token: ACCESS }, 'at_hash_mismatch'),
  bound('at-absent-code', 'R91', 'In the code flow at_hash is optional', {}, type('code', { access_token: ACCESS }), 'accept'),
  bound('at-absent-default', 'R91', 'The code flow is the default', {}, { access_token: ACCESS }, 'accept'),
  bound('at-wrong-code', 'R91', 'Optional, but checked when it is there', { at_hash: ch }, type('code', { access_token: ACCESS }), 'at_hash_mismatch'),
  bound('at-no-token', 'R91', 'No access token given, nothing to compare', { at_hash: at }, {}, 'accept'),
  bound('at-implicit', 'R91', 'id_token token with its hash', { at_hash: at }, type('id_token token', { access_token: ACCESS }), 'accept'),
  bound('at-implicit-missing', 'R91', 'OIDF oidcc-client-test-missing-athash: from the front channel the hash is a must', {}, type('id_token token', { access_token: ACCESS }), 'at_hash_missing'),
  bound('at-implicit-order', 'R91', 'A response type is a set: its order says nothing', {}, type('token id_token', { access_token: ACCESS }), 'at_hash_missing'),
  bound('at-hybrid-missing', 'R91', 'code id_token token needs both hashes', { c_hash: ch }, type('code id_token token', { access_token: ACCESS, code: CODE }), 'at_hash_missing'),
  bound('c-hybrid-missing', 'R92', 'code id_token token needs both hashes', { at_hash: at }, type('code id_token token', { access_token: ACCESS, code: CODE }), 'c_hash_missing'),
  bound('hybrid-both', 'R92', 'code id_token token with both', { at_hash: at, c_hash: ch }, type('code id_token token', { access_token: ACCESS, code: CODE }), 'accept'),
  bound('hybrid-swapped', 'R91', 'The two hashes changed places', { at_hash: ch, c_hash: at }, type('code id_token token', { access_token: ACCESS, code: CODE }), 'at_hash_mismatch'),
  bound('at-absent-code-id-token', 'R91', 'OIDF fapi1 -missing-athash: no access token was issued, so no hash is due', { c_hash: ch }, type('code id_token', { code: CODE }), 'accept'),
  bound('implicit-alone', 'R91', 'id_token alone comes with nothing to hash', {}, type('id_token'), 'accept'),
  bound('c-missing', 'R92', 'OIDF oidcc-client-test-missing-chash', {}, type('code id_token', { code: CODE }), 'c_hash_missing'),
  bound('c-other-code', 'R92', 'OIDF oidcc-client-test-invalid-chash: the hash of another code', { c_hash: ch }, type('code id_token', { code: `${CODE}1` }), 'c_hash_mismatch'),
  bound('c-code-flow', 'R92', 'In the code flow c_hash is optional', {}, { code: CODE }, 'accept'),
  bound('c-code-flow-wrong', 'R92', 'Optional, but checked when it is there', { c_hash: at }, { code: CODE }, 'c_hash_mismatch'),
  bound('config-no-token', 'R91', 'The response type brings an access token, so not passing it would skip the check', { at_hash: at }, type('id_token token'), 'config_invalid_option'),
  bound('config-no-code', 'R92', 'The response type brings a code, so not passing it would skip the check', { c_hash: ch }, type('code id_token'), 'config_invalid_option'),
  bound('config-type', 'R91', 'A response type that does not exist', {}, type('id_token tokens'), 'config_invalid_option'),
  bound('s', 'R93', 'FAPI 1: s_hash binds the state', { s_hash: leftHalf('sha256', STATE) }, type('code id_token', { code: CODE, state: STATE }), 'accept', { claims: { c_hash: ch, s_hash: leftHalf('sha256', STATE) } }),
  bound('s-other-state', 'R93', 'OIDF fapi1 -invalid-shash: the hash of another state', { s_hash: leftHalf('sha256', 'other') }, { state: STATE }, 's_hash_mismatch'),
  bound('s-no-state', 'R93', 'No state given, nothing to compare', { s_hash: 'x' }, {}, 'accept'),
  bound('s-if-present', 'R93', 'By name the default: without s_hash a state binds nothing', {}, { state: STATE }, 'accept', { policy: { s_hash: 'if_present' } }),
  bound('s-required', 'R93', 'A policy that demands it, and it is there', { s_hash: leftHalf('sha256', STATE) }, { state: STATE }, 'accept', { policy: { s_hash: 'required' } }),
  bound('s-required-missing', 'R93', 'OIDF fapi1 -invalid-missing-shash', {}, { state: STATE }, 's_hash_missing', { policy: { s_hash: 'required' } }),
  bound('s-required-other', 'R93', 'OIDF fapi1 -invalid-shash, where it is demanded', { s_hash: leftHalf('sha256', `${STATE}1`) }, { state: STATE }, 's_hash_mismatch', { policy: { s_hash: 'required' } }),
  bound('s-required-null', 'R93', 'null is there, and fits no state', { s_hash: null }, { state: STATE }, 's_hash_mismatch', { policy: { s_hash: 'required' } }),
  bound('s-required-no-state', 'R93', 'Demanded, but there is no state to compare: that would skip the check', { s_hash: leftHalf('sha256', STATE) }, {}, 'config_invalid_option', { policy: { s_hash: 'required' } }),
  bound('s-es384', 'R93', 'ES384 hashes with SHA-384', { s_hash: leftHalf('sha384', STATE) }, { state: STATE }, 'accept', { alg: 'ES384', policy: { s_hash: 'required' } }),
  bound('s-es384-sha256', 'R93', 'And not with SHA-256', { s_hash: leftHalf('sha256', STATE) }, { state: STATE }, 's_hash_mismatch', { alg: 'ES384', policy: { s_hash: 'required' } }),
  bound('s-config-empty', 'R93', 'An empty state is a lost one', {}, { state: '' }, 'config_invalid_option'),
  bound('s-config-mode', 'R93', 'A mode that does not exist', {}, { state: STATE }, 'config_invalid_option', { policy: { s_hash: 'always' } }),

  // auth_time.
  age('missing', 'max_age was sent, so auth_time is due', undefined, 'auth_time_missing'),
  age('text', 'auth_time as text is no time', String(NOW), 'auth_time_type'),
  age('null', 'null is no time', null, 'auth_time_type'),
  age('recent', 'Logged in a minute ago', NOW - 60, 'accept'),
  age('at-tolerance', 'An hour and the tolerance ago, to the second', NOW - 3660, 'accept'),
  age('too-old', 'One second more', NOW - 3661, 'auth_time_too_old'),
  age('exact-at', 'Without tolerance, exactly an hour', NOW - 3600, 'accept', 3600, { clock_tolerance: 0 }),
  age('exact-above', 'Without tolerance, one second more', NOW - 3601, 'auth_time_too_old', 3600, { clock_tolerance: 0 }),
  age('future-inside', 'A clock that is fast by the tolerance', NOW + 60, 'accept'),
  age('future', 'A login in the future', NOW + 61, 'auth_time_future'),
  age('zero-at', 'max_age 0 is legal: just now, within the tolerance', NOW - 60, 'accept', 0),
  age('zero-above', 'max_age 0 and a login before the tolerance', NOW - 61, 'auth_time_too_old', 0),
  age('zero-missing', 'max_age 0 is not the absence of max_age', undefined, 'auth_time_missing', 0),
  { id: 'auth-time-not-asked', rule: 'R87', why: 'Without max_age an old login is no fault', claims: { auth_time: NOW - 400 * DAY }, expect: 'accept' },
  { ...age('overflow', 'A literal that overflows to infinity', 0, 'json_number_range'), rule: 'R14', payloadText: (t) => t.replace('"auth_time":0', '"auth_time":1e400') },
  age('fraction', 'A fraction of a second', NOW - 10.5, 'accept'),
  age('own-tolerance-at', 'A login counts as iat does: its tolerance alone is 30 s', NOW - 3630, 'accept', 3600, { clock_tolerance: only }),
  age('own-tolerance-above', 'One second outside it', NOW - 3631, 'auth_time_too_old', 3600, { clock_tolerance: only }),
  age('own-tolerance-future-at', 'The other way, a login in 30 s', NOW + 30, 'accept', 3600, { clock_tolerance: only }),
  age('own-tolerance-future-above', 'One second outside it', NOW + 31, 'auth_time_future', 3600, { clock_tolerance: only }),

  // acr.
  acr('first', 'One of the accepted values', 'urn:example:silver', 'accept'),
  acr('second', 'Another one', 'urn:example:gold', 'accept'),
  acr('missing', 'A strong login was demanded and the token is silent', undefined, 'acr_missing'),
  acr('other', 'Another value', 'urn:example:bronze', 'acr_insufficient'),
  acr('case', 'Values have case', 'URN:example:gold', 'acr_insufficient'),
  acr('number', 'A number is none of the values', 2, 'acr_insufficient'),
  acr('array', 'A list of an accepted value is not the value', ['urn:example:gold'], 'acr_insufficient'),
  acr('zero', 'Core: 0 means that nothing was proven, so it satisfies no policy, not even one that lists it', '0', 'acr_insufficient', { acr_values: ['0'] }),
  acr('zero-not-asked', 'Without a policy even 0 passes', '0', 'accept', {}),
  acr('ladder-at', 'Exactly the lowest rung that will do', 'substantial', 'accept', ladder),
  acr('ladder-above', 'A rung above', 'high', 'accept', ladder),
  acr('ladder-below', 'A rung below', 'low', 'acr_insufficient', ladder),
  acr('ladder-unknown', 'A value that is on no rung', 'highest', 'acr_insufficient', ladder),
  acr('ladder-missing', 'No acr and a ladder', undefined, 'acr_missing', ladder),
  acr('ladder-and-values', 'A list and a ladder: which of the two?', 'high', 'config_invalid_option', { ...ladder, acr_values: ['high'] }),
  acr('ladder-no-such-rung', 'The lowest rung that will do is none of the ladder', 'high', 'config_invalid_option', { acr_ladder: { levels: ['low', 'high'], at_least: 'substantial' } }),
  acr('ladder-empty', 'A ladder without rungs', 'high', 'config_invalid_option', { acr_ladder: { levels: [], at_least: 'high' } }),

  // amr.
  amr('all', 'Both methods, and one more', ['otp', 'mfa', 'pwd'], 'accept', all),
  amr('all-one-missing', 'One of two methods', ['pwd'], 'amr_insufficient', all),
  amr('any', 'One of the two will do', ['pwd', 'hwk'], 'accept', any),
  amr('any-none', 'Neither of the two', ['pwd'], 'amr_insufficient', any),
  amr('missing', 'No methods named', undefined, 'amr_insufficient', all),
  amr('empty', 'An empty list', [], 'amr_insufficient', any),
  amr('text', 'amr is a list, also of one', 'otp', 'amr_type', any),
  amr('mixed', 'A list with something else than text in it', ['otp', 1], 'amr_type', any),
  amr('null', 'null is no list', null, 'amr_type', any),
  amr('both', 'All of one list and any of the other', ['pwd', 'otp'], 'accept', { ...all, amr_any: ['otp'] }),
  amr('both-any-missing', 'All of one list, none of the other', ['pwd', 'otp'], 'amr_insufficient', { ...all, amr_any: ['hwk'] }),

  // required_claims.
  claim('text', 'A claim with the right value', { hd: 'example.com' }, { hd: 'example.com' }, 'accept'),
  claim('text-other', 'Another value', { hd: 'evil.example' }, { hd: 'example.com' }, 'claim_mismatch'),
  claim('text-longer', 'A value that begins alike', { hd: 'example.com.evil.example' }, { hd: 'example.com' }, 'claim_mismatch'),
  claim('missing', 'The claim is not there', {}, { hd: 'example.com' }, 'claim_missing'),
  claim('true', 'email_verified must be true', { email_verified: true }, { email_verified: true }, 'accept'),
  claim('true-text', 'The text true is not true', { email_verified: 'true' }, { email_verified: true }, 'claim_mismatch'),
  claim('number', 'A number', { level: 3 }, { level: 3 }, 'accept'),
  claim('number-text', 'A text is not a number', { level: '3' }, { level: 3 }, 'claim_mismatch'),
  claim('null', 'null is there, and is not the value', { hd: null }, { hd: 'example.com' }, 'claim_mismatch'),
  claim('two', 'Of two claims one differs', { a: 'x', b: 'y' }, { a: 'x', b: 'z' }, 'claim_mismatch'),
];
