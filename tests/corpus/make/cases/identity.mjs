import { CLIENT, ISS, SUB, withMember } from '../helpers.mjs';

export const about = 'Who issued the token, about whom and for whom: iss, sub, aud, azp (rules R63, R66 to R71, R89)';

const iss = (id, why, value, expect = 'iss_mismatch') => ({ id: `iss-${id}`, rule: 'R63', why, claims: { iss: value }, expect });
const sub = (id, why, value, expect = 'sub_invalid') => ({ id: `sub-${id}`, rule: 'R67', why, claims: { sub: value }, expect });
const aud = (id, why, value, expect, policy) => ({ id: `aud-${id}`, rule: { aud_mismatch: 'R69', aud_untrusted: 'R70' }[expect] ?? 'R68', why, claims: { aud: value }, ...(policy && { policy }), expect });
const azp = (id, why, value, expect, policy = {}, audience = CLIENT) => ({ id: `azp-${id}`, rule: 'R71', why, claims: { azp: value, aud: audience }, policy, expect });

const API = 'https://api.example';
const google = { issuer: 'https://accounts.google.com' };
const both = [CLIENT, API];
const trusted = { trusted_audiences: [API] };
const required = { azp: 'require_when_multi_aud', ...trusted };

export const cases = [
  // iss.
  iss('missing', 'CVE-2024-5798: no issuer; OIDF fapi1-advanced-final-client-test-missing-iss', undefined, 'iss_missing'),
  iss('array', 'CVE-2025-30144: an array is not an issuer', [ISS, 'https://evil.example'], 'iss_type'),
  iss('array-one', 'Not even an array of just the right one', [ISS], 'iss_type'),
  iss('number', 'A number is not an issuer', 1, 'iss_type'),
  iss('null', 'null is not an issuer', null, 'iss_type'),
  iss('true', 'true is not an issuer', true, 'iss_type'),
  iss('object', 'An object is not an issuer', { url: ISS }, 'iss_type'),
  iss('empty', 'An empty text equals no issuer', ''),
  iss('other', 'Another issuer', 'https://evil.example'),
  iss('one-more', 'OIDF oidcc-client-test-invalid-iss: 1 is appended', `${ISS}1`),
  iss('slash', 'A slash at the end is a difference; the hint says so', `${ISS}/`),
  iss('case', 'A capital letter is a difference, even in a host name', 'https://IDP.example'),
  iss('scheme', 'http is not https', 'http://idp.example'),
  iss('prefix', 'CVE-2024-53861: a part of the issuer is not the issuer', 'https://idp'),
  iss('suffix', 'CVE-2024-53861: nor is its end', 'idp.example'),
  iss('longer-host', 'A longer host that begins alike', 'https://idp.example.evil.example'),
  iss('path', 'A path behind it', `${ISS}/tenant`),
  iss('port', 'The default port, spelt out', `${ISS}:443`),
  iss('space', 'A space behind it', `${ISS} `),
  iss('nul', 'A NUL behind it', `${ISS}\0`),
  iss('look-alike', 'A Cyrillic letter that looks Latin', 'https://idp.ex\u0430mple'),
  { id: 'iss-escaped', rule: 'R63', why: 'JSON escapes are spelling only: the issuer is the same', payloadText: (t) => t.replace(ISS, 'https:\\/\\/idp\\u002eexample'), expect: 'accept' },
  { id: 'iss-with-path', rule: 'R63', why: 'An issuer with a path', claims: { iss: `${ISS}/tenant/a` }, policy: { issuer: `${ISS}/tenant/a` }, expect: 'accept' },
  { id: 'iss-slash-configured', rule: 'R63', why: 'Where the provider has the slash (Auth0), it must be there', claims: { iss: `${ISS}/` }, policy: { issuer: `${ISS}/` }, expect: 'accept' },
  { id: 'iss-slash-lost', rule: 'R63', why: 'And a token without it is refused', policy: { issuer: `${ISS}/` }, expect: 'iss_mismatch' },
  { id: 'iss-alias', rule: 'R66', why: 'Google writes its issuer in two ways: the second only as an explicit alias', claims: { iss: 'accounts.google.com' }, policy: { ...google, issuer_aliases: ['accounts.google.com'] }, expect: 'accept' },
  { id: 'iss-alias-main', rule: 'R66', why: 'With an alias the issuer itself still counts', claims: { iss: 'https://accounts.google.com' }, policy: { ...google, issuer_aliases: ['accounts.google.com'] }, expect: 'accept' },
  { id: 'iss-alias-not-set', rule: 'R66', why: 'Without the alias the short form is another issuer', claims: { iss: 'accounts.google.com' }, policy: google, expect: 'iss_mismatch' },

  // sub.
  sub('missing', 'No subject; OIDF oidcc-client-test-missing-sub', undefined, 'sub_missing'),
  sub('empty', 'An empty subject names nobody', ''),
  sub('null', 'null names nobody', null),
  sub('number', 'A number is not a subject: readers would disagree on large ones', 248289761001),
  sub('array', 'An array is not a subject', [SUB]),
  sub('255', 'The longest subject', 's'.repeat(255), 'accept'),
  sub('256', 'One character too many', 's'.repeat(256)),
  sub('one', 'The shortest subject', 'a', 'accept'),
  sub('not-ascii', 'Core wants ASCII', 'm\u00fcller'),
  sub('nul', 'NUL is allowed only in claims that nobody reads', 'admin\0x'),
  sub('symbols', 'Any visible ASCII will do', 'auth0|507f1f77bcf86cd799439011/~!@#$%^&*()', 'accept'),

  // aud.
  aud('missing', 'No audience; OIDF oidcc-client-test-missing-aud', undefined, 'aud_missing'),
  aud('empty-array', 'CVE-2020-26160: an empty list is for nobody', [], 'aud_empty'),
  aud('empty-text', 'CVE-2020-26160: an empty text is nobody', '', 'aud_mismatch'),
  aud('array-empty-text', 'CVE-2020-26160: a list of an empty text', [''], 'aud_mismatch'),
  aud('object', 'CVE-2020-26160: an object is no audience', { [CLIENT]: true }, 'aud_type'),
  aud('number', 'A number is no audience', 7, 'aud_type'),
  aud('null', 'null is no audience', null, 'aud_type'),
  aud('true', 'true is no audience', true, 'aud_type'),
  aud('mixed', 'One member of the list is no text, though another is the client', [CLIENT, 7], 'aud_type'),
  aud('mixed-null', 'null in the list', [null, CLIENT], 'aud_type'),
  aud('nested', 'A list in the list', [[CLIENT]], 'aud_type'),
  aud('other', 'CVE-2026-45069: the token of another client', 'other-client', 'aud_mismatch'),
  aud('one-more', 'OIDF oidcc-client-test-invalid-aud: 1 is appended', `${CLIENT}1`, 'aud_mismatch'),
  aud('substring', 'A part of the client id', 'my', 'aud_mismatch'),
  aud('case', 'A capital letter', 'My-Client', 'aud_mismatch'),
  aud('pattern', 'No patterns', 'my-.*', 'aud_mismatch'),
  aud('spaces', 'A text is one audience, even with spaces in it', `${CLIENT} other`, 'aud_mismatch'),
  aud('array', 'A list of the client alone; OIDF fapi1 -valid-aud-as-array', [CLIENT], 'accept'),
  aud('array-twice', 'The client named twice is still the client', [CLIENT, CLIENT], 'accept'),
  aud('array-others', 'A list without the client', ['a', 'b'], 'aud_mismatch'),
  aud('array-trusted-only', 'A trusted audience does not replace the client', [API], 'aud_mismatch', trusted),
  aud('untrusted', 'OIDF fapi1 -invalid-secondary-aud: a further audience that nobody vouched for', [CLIENT, `${CLIENT}1`], 'aud_untrusted'),
  aud('untrusted-first', 'The order does not matter', [API, CLIENT], 'aud_untrusted'),
  aud('trusted', 'A further audience that the policy trusts', both, 'accept', trusted),
  aud('trusted-and-not', 'One trusted audience and one that is not', [CLIENT, API, 'x'], 'aud_untrusted', trusted),
  aud('any-client', 'Several client ids: any of them will do', 'app-ios', 'accept', { client_id: ['app-web', 'app-ios'] }),
  aud('own-clients', 'Our own client ids need no further trust', ['app-web', 'app-ios'], 'accept', { client_id: ['app-web', 'app-ios'] }),
  aud('no-client', 'None of several client ids', 'app-tv', 'aud_mismatch', { client_id: ['app-web', 'app-ios'] }),

  // azp.
  azp('equal', 'The authorized party is the client', CLIENT, 'accept'),
  azp('other', 'Another party asked for this token', 'other-client', 'azp_mismatch'),
  azp('empty', 'An empty party is not the client', '', 'azp_mismatch'),
  azp('number', 'A party must be a text', 7, 'azp_type'),
  azp('null', 'null is no text', null, 'azp_type'),
  azp('array', 'A list is no text', [CLIENT], 'azp_type'),
  azp('explicit-mode', 'The default mode, by name', 'other-client', 'azp_mismatch', { azp: 'if_present_equals' }),
  azp('ignore', 'azp may be ignored, as errata 2 of Core has it', 'other-client', 'accept', { azp: 'ignore' }),
  azp('ignore-type', 'Ignored is ignored, whatever it is', 7, 'accept', { azp: 'ignore' }),
  azp('multi-absent', 'Several audiences and no azp pass by default', undefined, 'accept', trusted, both),
  azp('require-single', 'One audience needs no azp', undefined, 'accept', required),
  azp('require-array-of-one', 'A list of one is one audience', undefined, 'accept', required, [CLIENT]),
  azp('require-missing', 'Several audiences need an azp when the policy says so', undefined, 'azp_missing', required, both),
  azp('require-equal', 'Several audiences and the right azp', CLIENT, 'accept', required, both),
  azp('require-other', 'Several audiences and another azp', API, 'azp_mismatch', required, both),
  azp('require-single-other', 'With one audience an azp that is there is checked, too', 'other-client', 'azp_mismatch', required),
  azp('party', 'Google: the Android client asks, the web client receives', 'android-app', 'accept', { authorized_parties: ['android-app', CLIENT] }),
  azp('party-other', 'A party that is not on the list', 'tv-app', 'azp_mismatch', { authorized_parties: ['android-app', CLIENT] }),
  azp('party-replaces', 'A list of parties replaces the default: the client itself must be on it', CLIENT, 'azp_mismatch', { authorized_parties: ['android-app'] }),

  // Other claims.
  { id: 'claims-unknown', rule: 'R88', why: 'Unknown claims of any type are kept and do no harm', claims: { name: 'Jane', groups: ['a'], address: { country: 'DE' }, x: null, email_verified: 'maybe' }, expect: 'accept' },
  { id: 'claims-distributed', rule: 'R89', why: 'OIDF oidcc-client-test-distributed-claims: pointers to claims elsewhere are never followed', claims: { _claim_names: { shoe_size: 'src1' }, _claim_sources: { src1: { endpoint: 'https://evil.example/claims' } } }, expect: 'accept', warnings: ['distributed_claims_present'] },
  { id: 'claims-aggregated', rule: 'R89', why: 'OIDF oidcc-client-test-aggregated-claims: nor are enclosed ones opened', claims: { _claim_names: { address: 'src1' }, _claim_sources: { src1: { JWT: 'a.b.c' } } }, expect: 'accept', warnings: ['distributed_claims_present'] },
  { id: 'claims-reordered', rule: 'R88', why: 'The order of members says nothing', payloadText: withMember('"zoneinfo":"Europe/Berlin"'), expect: 'accept' },
];
