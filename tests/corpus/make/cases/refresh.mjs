import { CLIENT, ISS, NONCE, NOW, SUB } from '../helpers.mjs';

export const about = 'A token against an earlier one: refreshed, or the second of a hybrid login (rules R95, R96)';

const FIRST = { iss: ISS, sub: SUB, aud: CLIENT, exp: NOW - 3300, iat: NOW - 3600, auth_time: NOW - 3700, nonce: NONCE };
/** A provider keeps auth_time and leaves the nonce out. */
const REFRESHED = { auth_time: FIRST.auth_time, nonce: undefined };
const refresh = (id, why, claims, expect, more = {}) => {
  const { previous, nonce = { equals: NONCE }, ...rest } = more;
  return { id: `refresh-${id}`, rule: 'R96', why, claims: { ...REFRESHED, ...claims }, expectations: { previous: { claims: { ...FIRST, ...previous } }, nonce }, ...rest, expect };
};
const given = (id, why, previous) => ({ id: `refresh-config-${id}`, rule: 'R96', why, expectations: { previous }, expect: 'config_invalid_option' });
const pair = (id, why, front, expect, more) => ({ id: `pair-${id}`, rule: 'R95', why, expectations: { front_channel: { claims: { iss: ISS, sub: SUB, aud: CLIENT, nonce: NONCE, ...front } } }, ...more, expect });
const other = { policies: [{}, { issuer: 'https://b.example' }], sets: { [ISS]: ['rsa-2'], 'https://b.example': ['rsa-1'] } };

export const cases = [
  refresh('good', 'OIDF oidcc-client-test-refresh-token: the same user, client and login', {}, 'accept'),
  refresh('iss-of-other', 'The first token came from another issuer', {}, 'refresh_iss', { previous: { iss: `${ISS}1` } }),
  refresh('iss-changed', 'OIDF oidcc-client-test-refresh-token-invalid-issuer: the answer comes from a stranger', { iss: `${ISS}1` }, 'iss_mismatch'),
  refresh('iss-known', 'From another issuer that is trusted as well', { iss: 'https://b.example' }, 'refresh_iss', other),
  refresh('iss-missing', 'The first token names no issuer', {}, 'refresh_iss', { previous: { iss: undefined } }),
  refresh('iss-alias', 'An alias of the issuer is another text than the first token has', { iss: 'accounts.google.com' }, 'refresh_iss', { policy: { issuer: 'https://accounts.google.com', issuer_aliases: ['accounts.google.com'] }, previous: { iss: 'https://accounts.google.com' } }),
  refresh('sub', 'OIDF oidcc-client-test-refresh-token-invalid-sub: another user', { sub: `${SUB}1` }, 'refresh_sub'),
  refresh('sub-case', 'A subject has case', { sub: 'Jane' }, 'refresh_sub', { previous: { sub: 'jane' } }),
  refresh('sub-number', 'A number is not the text of it', {}, 'refresh_sub', { previous: { sub: Number(SUB) } }),
  refresh('sub-escaped', 'JSON escapes are spelling only', {}, 'accept', { payloadText: (text) => text.replace(SUB, String.raw`\u0032${SUB.slice(1)}`) }),
  refresh('aud', 'Another client of ours', { aud: 'app-ios' }, 'refresh_aud', { policy: { client_id: [CLIENT, 'app-ios'] } }),
  refresh('aud-more', 'A further audience, though a trusted one', { aud: [CLIENT, 'https://api.example'] }, 'refresh_aud', { policy: { trusted_audiences: ['https://api.example'] } }),
  refresh('aud-less', 'One audience less', { aud: [CLIENT] }, 'refresh_aud', { policy: { trusted_audiences: ['https://api.example'] }, previous: { aud: [CLIENT, 'https://api.example'] } }),
  refresh('aud-array', 'The same list', { aud: [CLIENT, 'https://api.example'] }, 'accept', { policy: { trusted_audiences: ['https://api.example'] }, previous: { aud: [CLIENT, 'https://api.example'] } }),
  refresh('aud-missing', 'The first token has no audience', {}, 'refresh_aud', { previous: { aud: undefined } }),
  refresh('auth-time-absent', 'auth_time need not be repeated', { auth_time: undefined }, 'accept'),
  refresh('auth-time-none', 'Neither token has one', { auth_time: undefined }, 'accept', { previous: { auth_time: undefined } }),
  refresh('auth-time-now', 'The time of the refresh is not that of the login', { auth_time: NOW - 10 }, 'refresh_auth_time'),
  refresh('auth-time-one-off', 'One second later', { auth_time: FIRST.auth_time + 1 }, 'refresh_auth_time'),
  refresh('auth-time-new', 'The suite of OIDF: one that the first token did not have', {}, 'refresh_auth_time', { previous: { auth_time: undefined } }),
  refresh('auth-time-text', 'The same as text', { auth_time: String(FIRST.auth_time) }, 'refresh_auth_time'),
  refresh('auth-time-spelling', 'A number may be written in two ways', {}, 'accept', { payloadText: (text) => text.replace(`"auth_time":${FIRST.auth_time}`, `"auth_time":${FIRST.auth_time}.0`) }),
  refresh('auth-time-rounded', 'Half a microsecond apart, which is how another writer rounds', {}, 'accept', { payloadText: (text) => text.replace(`"auth_time":${FIRST.auth_time}`, `"auth_time":${FIRST.auth_time}.0000005`) }),
  refresh('auth-time-microseconds', 'Two microseconds apart is another time', {}, 'refresh_auth_time', { payloadText: (text) => text.replace(`"auth_time":${FIRST.auth_time}`, `"auth_time":${FIRST.auth_time}.000002`) }),
  refresh('max-age', 'A refresh makes no login younger', {}, 'auth_time_too_old', { policy: { max_age: 3600 } }),
  refresh('max-age-missing', 'max_age demands auth_time of a refreshed token, too', { auth_time: undefined }, 'auth_time_missing', { policy: { max_age: 7200 } }),

  // nonce: it should be left out, and else be the same.
  refresh('nonce-same', 'The same nonce as in the first token', { nonce: NONCE }, 'accept'),
  refresh('nonce-other', 'Another one', { nonce: `${NONCE}1` }, 'nonce_mismatch'),
  refresh('nonce-null', 'null is no nonce', { nonce: null }, 'nonce_type'),
  refresh('nonce-not-checked', 'The caller no longer has the nonce, the first token has', { nonce: NONCE }, 'accept', { nonce: 'not_checked' }),
  refresh('nonce-not-checked-absent', 'And the new one need not have it', {}, 'accept', { nonce: 'not_checked' }),
  refresh('nonce-not-checked-other', 'But it must not have another', { nonce: `${NONCE}1` }, 'refresh_nonce', { nonce: 'not_checked' }),
  refresh('nonce-new', 'The first token had none', { nonce: NONCE }, 'refresh_nonce', { previous: { nonce: undefined } }),
  refresh('nonce-none-sent', 'None was ever sent', {}, 'accept', { previous: { nonce: undefined }, nonce: 'none_sent' }),
  refresh('nonce-unexpected', 'None was ever sent, and one came', { nonce: NONCE }, 'nonce_unexpected', { previous: { nonce: undefined }, nonce: 'none_sent' }),
  { id: 'refresh-nonce-first', rule: 'R81', why: 'Without the first token a missing nonce is a missing nonce', claims: REFRESHED, expect: 'nonce_missing' },

  // Everything else still counts.
  refresh('expired', 'A refreshed token expires as well', { exp: NOW - 60, iat: NOW - 600 }, 'exp_expired'),
  refresh('forged', 'Forged and of another user: only the signature may speak', { sub: 'x' }, 'signature_invalid', { signKey: 'rsa-2' }),
  refresh('order', 'Another issuer and another user: the issuer is looked at first', {}, 'refresh_iss', { previous: { iss: 'https://b.example', sub: 'x' } }),
  refresh('first-expired', 'That the first token has expired is why it is refreshed', {}, 'accept', { previous: { exp: 1 } }),
  given('empty', 'An earlier token without claims would be equal to none', {}),
  given('text', 'The text of a token is not a verified token', 'a.b.c'),
  given('null', 'An earlier token that was lost', null),
  given('claims-list', 'Claims are an object', { claims: [] }),
  refresh('claims-deep', 'The first token was nested as deep as a payload may be', {}, 'accept', { previous: { x: Array.from({ length: 30 }).reduce((inner) => [inner], []) } }),
  given('claims-deeper', 'No token was nested deeper', { claims: { x: Array.from({ length: 31 }).reduce((inner) => [inner], []) } }),

  // The two ID Tokens of a hybrid login.
  pair('good', 'Both from one issuer, about one user', {}, 'accept'),
  pair('differ', 'Other claims may differ between the two', { aud: [CLIENT], c_hash: 'x', auth_time: 1 }, 'accept'),
  pair('iss', 'The first came from another issuer', { iss: `${ISS}1` }, 'pair_iss_mismatch'),
  pair('iss-known', 'From another one that is trusted as well', {}, 'pair_iss_mismatch', { ...other, claims: { iss: 'https://b.example' } }),
  pair('iss-missing', 'The first names no issuer', { iss: undefined }, 'pair_iss_mismatch'),
  pair('sub', 'The first is about somebody else', { sub: `${SUB}1` }, 'pair_sub_mismatch'),
  pair('sub-missing', 'The first is about nobody', { sub: undefined }, 'pair_sub_mismatch'),
  pair('sub-space', 'A space is a difference', { sub: `${SUB} ` }, 'pair_sub_mismatch'),
  pair('nonce', 'Both belong to one login: the nonce is still due', {}, 'nonce_missing', { claims: { nonce: undefined } }),
  pair('order', 'Another issuer and another user', { iss: 'https://b.example', sub: 'x' }, 'pair_iss_mismatch'),
  { id: 'pair-config-text', rule: 'R95', why: 'The text of a token is not a verified token', expectations: { front_channel: 'a.b.c' }, expect: 'config_invalid_option' },
  { id: 'pair-config-empty', rule: 'R95', why: 'A token without claims', expectations: { front_channel: {} }, expect: 'config_invalid_option' },
];

/** The OpenID Foundation's tests, and the cases with their mutations. */
const MODULES = { '': 'refresh-good', '-invalid-issuer': 'refresh-iss-known', '-invalid-sub': 'refresh-sub' };
for (const [name, id] of Object.entries(MODULES)) {
  cases.find((each) => each.id === id).from = [`oidcc-client-test-refresh-token${name}`];
}
