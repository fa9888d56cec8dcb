import { CLIENT, DAY, ISS, LOGOUT, NONCE, NOW } from '../helpers.mjs';

export const about = 'Access tokens in the form of RFC 9068 at their own entry point; client_id of the policy is the resource (rules R98, R100)';

const access = (id, why, expect, more) => ({ id: `access-${id}`, kind: 'access_token', rule: 'R100', why, ...more, expect });
const claims = (id, why, changes, expect) => access(id, why, expect, { claims: changes });
const typ = (id, value, expect, why) => access(`typ-${id}`, why, expect, { header: { typ: value } });

export const cases = [
  access('good', 'A token for this resource', 'accept'),
  access('ps256', 'With another algorithm of the policy', 'accept', { alg: 'PS256' }),
  claims('nonce', 'A claim that is for ID Tokens does no harm', { nonce: NONCE }, 'accept'),
  access('hashes', 'The hashes of an ID Token are not demanded', 'accept', { policy: { s_hash: 'required' } }),

  typ('upper', 'AT+JWT', 'accept', 'Media types compare without case'),
  typ('application', 'application/at+jwt', 'accept', 'RFC 9068 section 4: the prefix may be there'),
  typ('absent', undefined, 'kind_id_token', 'Without the type it may be an ID Token'),
  typ('jwt', 'JWT', 'kind_id_token', 'JWT says no more than no type'),
  typ('application-jwt', 'application/jwt', 'kind_id_token', 'Nor does its full form'),
  typ('logout', 'logout+jwt', 'kind_logout_token', 'A logout token'),
  typ('dpop', 'dpop+jwt', 'kind_other', 'Another kind'),
  typ('longer', 'x-at+jwt', 'kind_other', 'A type that ends alike'),
  typ('cnf', 'id_token+cnf', 'pop_required', 'A key-bound ID Token'),
  typ('at', 'at', 'typ_unexpected', 'Half of the type'),
  typ('number', 7, 'typ_unexpected', 'typ must be a string'),

  access('id-token', 'An ID Token of the same client in place of an access token', 'kind_id_token', { header: { typ: undefined }, claims: { client_id: undefined, scope: undefined, jti: undefined, nonce: NONCE } }),
  access('id-token-shape', 'The claims of an access token do not make up for the type', 'kind_id_token', { header: { typ: 'JWT' } }),
  access('id-token-forged', 'The type is told before the signature', 'kind_id_token', { header: { typ: 'JWT' }, signKey: 'rsa-2' }),
  { id: 'access-as-id', rule: 'R98', why: 'An access token in place of an ID Token', header: { typ: 'at+jwt' }, claims: { client_id: 'app', scope: 'read', nonce: undefined }, expectations: { nonce: 'not_checked' }, expect: 'kind_access_token' },

  claims('aud-other', 'For another resource', { aud: 'https://other-api.example' }, 'aud_mismatch'),
  claims('aud-missing', 'For no resource', { aud: undefined }, 'aud_missing'),
  claims('aud-empty', 'For none of a list', { aud: [] }, 'aud_empty'),
  claims('aud-two', 'Unlike an ID Token, an access token may be for several resources', { aud: ['https://other-api.example', CLIENT] }, 'accept'),
  claims('aud-two-others', 'But this one must be among them', { aud: ['https://other-api.example', `${CLIENT}1`] }, 'aud_mismatch'),
  claims('azp', 'azp says who asked, and that is not the resource', { azp: 'app' }, 'accept'),
  claims('iss', 'Another issuer', { iss: `${ISS}1` }, 'iss_mismatch'),
  claims('sub-missing', 'RFC 9068 section 2.2: sub is required', { sub: undefined }, 'sub_missing'),
  claims('exp-missing', 'Without end', { exp: undefined }, 'exp_missing'),
  claims('expired', 'Expired', { exp: NOW - 60, iat: NOW - 600 }, 'exp_expired'),
  claims('iat-missing', 'RFC 9068 section 2.2: iat is required', { iat: undefined }, 'iat_missing'),
  claims('too-far', 'For more than a day', { exp: NOW - 10 + DAY + 1 }, 'exp_too_far'),
  claims('events', 'The type has decided: events say nothing here', { events: { [LOGOUT]: {} } }, 'accept'),

  access('forged', 'Signed by somebody else', 'signature_invalid', { signKey: 'rsa-2' }),
  access('alg-none', 'RFC 9068 section 4: never none', 'alg_none', { header: { alg: 'none' }, signature: () => '' }),
  access('alg', 'An algorithm that is not allowed', 'alg_not_allowed', { alg: 'PS256', policy: { algorithms: ['RS256'] } }),
  access('acr', 'RFC 9470: a resource may demand a strong login', 'acr_missing', { policy: { acr_values: ['gold'] } }),
  access('acr-good', 'And get it', 'accept', { policy: { acr_values: ['gold'] }, claims: { acr: 'gold' } }),
  access('auth-time', 'RFC 9470: or a recent one', 'auth_time_too_old', { policy: { max_age: 60 }, claims: { auth_time: NOW - 121 } }),
  access('required', 'A claim that the policy demands', 'claim_mismatch', { policy: { required_claims: { scope: { glob: '*write*' } } } }),
  access('required-good', 'The same, and it is there', 'accept', { policy: { required_claims: { scope: { glob: '*read*' } } } }),
  access('header-claim', 'Another audience in the header', 'header_claim_mismatch', { header: { aud: 'other' } }),
  access('issuers', 'The issuer chooses the keys', 'signature_invalid', { header: { kid: 'rsa-2' }, policies: [{}, { issuer: 'https://b.example' }], sets: { [ISS]: ['rsa-2'], 'https://b.example': ['rsa-1'] } }),
];
