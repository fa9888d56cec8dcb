import { CLIENT, DAY, ISS, LOGOUT, NONCE, NOW } from '../helpers.mjs';

export const about = 'Back-channel logout tokens at their own entry point, and at the others (rules R98, R99, R111 to R116)';

const logout = (id, rule, why, expect, more) => ({ id: `logout-${id}`, kind: 'logout_token', rule, why, ...more, expect });
const claims = (id, rule, why, changes, expect) => logout(id, rule, why, expect, { claims: changes });
const typ = (id, value, expect, why) => logout(`typ-${id}`, 'R112', why, expect, { header: { typ: value } });
const events = (id, why, value, expect = 'logout_events_invalid') => claims(`events-${id}`, 'R114', why, { events: value }, expect);
/** What makes a logout token, offered as an ID Token. */
const members = { events: { [LOGOUT]: {} }, sid: 's1', jti: 'j1', nonce: undefined };
const asId = (id, why, changes, expect, more) => ({ id: `logout-as-id-${id}`, rule: 'R98', why, claims: { ...members, ...changes }, expectations: { nonce: 'none_sent' }, ...more, expect });

export const cases = [
  // Accepted.
  logout('good', 'R111', 'OIDF oidcc-client-test-rp-backchannel-rpinitlogout: sub, sid, jti, events', 'accept'),
  claims('unknown-claim', 'R88', 'OIDF -rpinitlogout adds a claim that nobody knows', { 'org.example.random': 'x', exp: NOW + 120 }, 'accept'),
  logout('es256', 'R111', 'The same with ES256', 'accept', { alg: 'ES256' }),
  logout('no-login-rules', 'R111', 'What a policy demands of a login is not demanded of a logout', 'accept', { policy: { max_age: 60, acr_values: ['gold'], amr_any: ['otp'], s_hash: 'required', required_claims: { hd: 'a' } } }),

  // Signature and algorithm.
  logout('alg-none', 'R17', 'OIDF -rp-backchannel -alg-none', 'alg_none', { header: { alg: 'none' }, signature: () => '' }),
  logout('alg-none-signed', 'R17', 'none over a good signature', 'alg_none', { swap: { header: { alg: 'none' } } }),
  logout('wrong-alg-es256', 'R16', 'OIDF -rp-backchannel -wrong-alg: ES256 where RS256 was registered', 'alg_not_allowed', { alg: 'ES256', keys: ['rsa-1', 'p256-1'], policy: { algorithms: ['RS256'] } }),
  logout('wrong-alg-rs256', 'R16', 'OIDF -rp-backchannel -wrong-alg: RS256 where ES256 was registered', 'alg_not_allowed', { keys: ['rsa-1', 'p256-1'], policy: { algorithms: ['ES256'] } }),
  logout('forged', 'R111', 'Signed by somebody else', 'signature_invalid', { signKey: 'rsa-2' }),
  logout('forged-no-events', 'R62', 'Forged and without events: only the signature may speak', 'signature_invalid', { signKey: 'rsa-2', claims: { events: undefined } }),
  logout('unsigned', 'R61', 'The signature cut off', 'signature_missing', { signature: () => '' }),
  logout('key-not-found', 'R40', 'An unknown kid', 'key_not_found', { header: { kid: 'x' } }),

  // What it shares with ID Tokens.
  claims('iss-one-more', 'R111', 'OIDF -rp-backchannel -wrong-iss: 1 is appended', { iss: `${ISS}1` }, 'iss_mismatch'),
  claims('iss-missing', 'R111', 'No issuer', { iss: undefined }, 'iss_missing'),
  claims('aud-one-more', 'R111', 'OIDF -rp-backchannel -wrong-aud: 1 is appended', { aud: `${CLIENT}1` }, 'aud_mismatch'),
  claims('aud-missing', 'R111', 'For nobody', { aud: undefined }, 'aud_missing'),
  claims('aud-array', 'R111', 'A list of the client alone', { aud: [CLIENT] }, 'accept'),
  claims('aud-untrusted', 'R111', 'A further audience that nobody vouched for', { aud: [CLIENT, 'x'] }, 'aud_untrusted'),
  claims('exp-missing', 'R111', 'Without end', { exp: undefined }, 'exp_missing'),
  claims('exp-at', 'R111', 'At the end of the tolerance', { exp: NOW - 60, iat: NOW - 180 }, 'exp_expired'),
  claims('exp-inside', 'R111', 'One second before', { exp: NOW - 59, iat: NOW - 180 }, 'accept'),
  claims('iat-missing', 'R111', 'Without beginning', { iat: undefined }, 'iat_missing'),
  claims('iat-future', 'R111', 'From the future', { iat: NOW + 61 }, 'iat_future'),
  claims('too-far', 'R111', 'A logout for more than a day', { exp: NOW - 10 + DAY + 1 }, 'exp_too_far'),
  logout('too-old', 'R78', 'Older than max_token_age and its tolerance', 'iat_too_old', { claims: { iat: NOW - 181, exp: NOW + 60 }, policy: { max_token_age: 120 } }),
  logout('header-claim', 'R26', 'Another subject in the header', 'header_claim_mismatch', { header: { sub: 'somebody' } }),
  claims('azp', 'R71', 'azp is for ID Tokens', { azp: 'x' }, 'accept'),

  // typ.
  typ('absent', undefined, 'accept', 'Many providers set no type'),
  typ('jwt', 'JWT', 'accept', 'JWT says no more than no type'),
  typ('upper', 'LOGOUT+JWT', 'accept', 'Media types compare without case'),
  typ('application', 'application/logout+jwt', 'accept', 'The prefix may be there'),
  typ('at', 'at+jwt', 'typ_unexpected', 'An access token is no logout token, whatever is in it'),
  typ('secevent', 'secevent+jwt', 'typ_unexpected', 'A security event of another kind'),
  typ('cnf', 'id_token+cnf', 'typ_unexpected', 'A key-bound ID Token'),
  typ('other', 'logout', 'typ_unexpected', 'Only the full type'),
  typ('longer', 'x-logout+jwt', 'typ_unexpected', 'A type that ends alike'),
  typ('number', 7, 'typ_unexpected', 'typ must be a string'),

  // sub and sid.
  claims('sub-only', 'R113', 'A user', { sid: undefined }, 'accept'),
  claims('sid-only', 'R113', 'A session', { sub: undefined }, 'accept'),
  claims('neither', 'R113', 'Neither: whom to log out?', { sub: undefined, sid: undefined }, 'logout_subject_missing'),
  claims('sid-empty', 'R113', 'A session without a name', { sub: undefined, sid: '' }, 'logout_subject_missing'),
  claims('sid-null', 'R113', 'null is no session', { sub: undefined, sid: null }, 'logout_subject_missing'),
  claims('sid-number', 'R113', 'A number is no session', { sub: undefined, sid: 7 }, 'logout_subject_missing'),
  claims('sid-array', 'R113', 'A list of sessions is no session', { sub: undefined, sid: ['a'] }, 'logout_subject_missing'),
  claims('sub-empty', 'R67', 'A user without a name', { sid: undefined, sub: '' }, 'sub_invalid'),
  claims('sub-bad-sid-good', 'R67', 'A good session does not make up for a bad user', { sub: 7 }, 'sub_invalid'),

  // events.
  events('missing', 'OIDF -rp-backchannel -no-event', undefined, 'logout_events_missing'),
  events('foobar', 'OIDF -rp-backchannel -wrong-event', { 'http://schemas.openid.net/event/foobar': {} }),
  events('empty', 'An object without events', {}),
  events('https', 'The name is a name, not an address: https is another one', { [LOGOUT.replace('http', 'https')]: {} }),
  events('slash', 'A slash behind it', { [`${LOGOUT}/`]: {} }),
  events('case', 'A capital letter', { [LOGOUT.replace('backchannel', 'backChannel')]: {} }),
  events('array', 'A list of its name', [LOGOUT]),
  events('text', 'Its name as text', LOGOUT),
  events('null', 'null is there, and says nothing', null),
  events('value-null', 'The event must be an object', { [LOGOUT]: null }),
  events('value-true', 'Not true', { [LOGOUT]: true }),
  events('value-text', 'Not a text', { [LOGOUT]: '' }),
  events('value-array', 'Not a list', { [LOGOUT]: [] }),
  events('nested', 'Not further inside', { event: { [LOGOUT]: {} } }),
  events('members', 'Members inside the event do no harm', { [LOGOUT]: { reason: 'x' } }, 'accept'),
  events('two', 'Nor does a second event', { 'https://example.com/event/foo': {}, [LOGOUT]: {} }, 'accept'),

  // nonce and jti.
  claims('nonce', 'R115', 'OIDF -rp-backchannel -with-nonce', { nonce: NONCE }, 'logout_nonce_present'),
  claims('nonce-empty', 'R115', 'Not even an empty one', { nonce: '' }, 'logout_nonce_present'),
  claims('nonce-null', 'R115', 'Nor null', { nonce: null }, 'logout_nonce_present'),
  claims('jti-missing', 'R116', 'Without a name a second use cannot be told', { jti: undefined }, 'logout_jti_missing'),
  claims('jti-empty', 'R116', 'An empty name', { jti: '' }, 'logout_jti_missing'),
  claims('jti-number', 'R116', 'A number is no name', { jti: 7 }, 'logout_jti_missing'),

  // An ID Token at the entry point for logout tokens.
  claims('id-token', 'R114', 'An ID Token in place of a logout token: nothing logs anybody out', { events: undefined, sid: undefined, jti: undefined, nonce: NONCE }, 'logout_events_missing'),
  logout('id-token-jwt', 'R114', 'The same with typ JWT', 'logout_events_missing', { header: { typ: 'JWT' }, claims: { events: undefined, nonce: NONCE } }),
  logout('id-token-events', 'R115', 'An ID Token with the event: its nonce gives it away', 'logout_nonce_present', { header: { typ: undefined }, claims: { nonce: NONCE } }),
  logout('access-token', 'R112', 'An access token in place of a logout token', 'typ_unexpected', { header: { typ: 'at+jwt' }, claims: { events: undefined } }),

  // A logout token at the entry point for ID Tokens.
  asId('typ', 'A logout token in place of an ID Token, told by its typ', {}, 'kind_logout_token', { header: { typ: 'logout+jwt' } }),
  asId('typ-upper', 'The type has no case', {}, 'kind_logout_token', { header: { typ: 'application/Logout+JWT' } }),
  asId('events', 'One without typ, told by its events', {}, 'kind_logout_token', { rule: 'R99' }),
  asId('events-jwt', 'One with typ JWT', {}, 'kind_logout_token', { rule: 'R99', header: { typ: 'JWT' } }),
  asId('events-null', 'The event is not even an object: it still says logout', { events: { [LOGOUT]: null } }, 'kind_logout_token', { rule: 'R99' }),
  asId('sid-only', 'A logout token of a session has no subject, and every ID Token has one', { sub: undefined }, 'sub_missing'),
  asId('nonce', 'In a login its missing nonce is told first', {}, 'nonce_missing', { expectations: {} }),
  asId('gateway', 'In a gateway, too, it is no ID Token', {}, 'kind_logout_token', { rule: 'R99', expectations: { nonce: 'not_checked' } }),
  asId('other-event', 'The event of something else makes no logout token', { events: { 'http://schemas.openid.net/event/foobar': {} } }, 'accept', { rule: 'R99' }),
  asId('events-array', 'Nor does a list', { events: [LOGOUT] }, 'accept', { rule: 'R99' }),

  // Several issuers.
  logout('issuers', 'R45', 'The issuer chooses the keys of a logout token', 'accept', { policies: [{}, { issuer: 'https://b.example' }], sets: { [ISS]: ['rsa-1'], 'https://b.example': ['rsa-2'] } }),
  logout('issuers-unknown', 'R45', 'A logout by an unknown issuer', 'iss_unknown', { claims: { iss: 'https://c.example' }, policies: [{}, { issuer: 'https://b.example' }], sets: { [ISS]: ['rsa-1'], 'https://b.example': ['rsa-2'] } }),
];

/** The OpenID Foundation's tests of these names, and the cases with their mutations. */
const MODULES = {
  '': ['good', 'unknown-claim'],
  '-alg-none': ['alg-none'],
  '-wrong-alg': ['wrong-alg-es256', 'wrong-alg-rs256'],
  '-wrong-aud': ['aud-one-more'],
  '-wrong-iss': ['iss-one-more'],
  '-wrong-event': ['events-foobar'],
  '-no-event': ['events-missing'],
  '-with-nonce': ['nonce'],
};
for (const [name, ids] of Object.entries(MODULES)) {
  for (const id of ids) {
    cases.find((each) => each.id === `logout-${id}`).from = [`oidcc-client-test-rp-backchannel-rpinitlogout${name}`];
  }
}
