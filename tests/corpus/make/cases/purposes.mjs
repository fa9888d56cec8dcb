import { CLIENT, DAY, ISS, NOW, jwk, withMember } from '../helpers.mjs';

export const about = 'One fault each, put to all three entry points: a check that one of them forgets shows here';

const ID = 'id_token';
const LOGOUT = 'logout_token';
const ACCESS = 'access_token';
const NAMES = { [ID]: 'ID Token', [LOGOUT]: 'Logout token', [ACCESS]: 'Access token' };
const KINDS = Object.keys(NAMES);

/** The same code at every entry point. */
const all = (code) => Object.fromEntries(KINDS.map((kind) => [kind, code]));
/** A claim that the other entry points do not judge: there the token is accepted, and not even warned about. */
const only = (...kinds) => (code) => ({ ...all([]), ...Object.fromEntries(kinds.map((kind) => [kind, code])) });
const loginOnly = only(ID, ACCESS);
const idOnly = only(ID);
const logoutOnly = only(LOGOUT);

/** A verdict is a code, or the list of warnings of a token that is accepted. */
const members = (verdict) => (Array.isArray(verdict) ? { expect: 'accept', warnings: verdict } : { expect: verdict });

/** One row of the matrix: a case for each entry point. */
const row = (name, rule, why, verdicts, changes) =>
  KINDS.map((kind) => ({
    id: `each-${name}-${kind.replace('_token', '')}`, rule, why: `${NAMES[kind]}: ${why}`, ...(kind !== ID && { kind }), ...changes, ...members(verdicts[kind]),
  }));
const header = (name, rule, why, verdicts, changes) => row(name, rule, why, verdicts, { header: changes });
const claims = (name, rule, why, verdicts, changes, policy) => row(name, rule, why, verdicts, { claims: changes, ...(policy && { policy }) });

const ACME = '6babcaad-604b-40ac-a9d7-9fd97c0b779f';
const OTHER = '9188040d-6c67-4c5b-b112-36a304b66dad';
const of = (tenant) => `https://login.example/${tenant}/v2.0`;
const tenants = { issuer: of('{tenantid}'), tenants: { claim: 'tid', allow: [ACME] } };
/** Without tolerance, so that the bounds are those of the options themselves. */
const exact = { clock_tolerance: 0 };
const aged = { ...exact, max_token_age: 3600 };
const login = { ...exact, max_age: 3600 };
const mfa = { amr_all: ['mfa'] };
const gold = { acr_values: ['gold'] };

export const cases = [
  // Text.
  row('size', 'R3', 'longer than the policy allows', all('token_too_large'), { policy: { limits: { max_token_bytes: 256 } } }),
  row('segments', 'R2', 'a segment too many', all('token_segments'), { tamper: (token) => `${token}.AAAA` }),
  row('header-twice', 'R10', 'a member twice in the header', all('json_duplicate_member'), { headerText: withMember('"kid":"rsa-2"') }),

  // The header.
  header('alg-none', 'R17', 'alg none before a real signature', all('alg_none'), { alg: 'none' }),
  header('b64', 'R20', 'b64 has no place in a JWT', all('b64_unsupported'), { b64: false }),
  header('b64-true', 'R20', 'not even with the value that changes nothing', all('b64_unsupported'), { b64: true }),
  header('crit', 'R19', 'a critical extension that nobody here understands', all('crit_unsupported'), { crit: ['exp'], exp: NOW + 300 }),
  header('crit-empty', 'R19', 'a list of no extension is malformed', all('crit_invalid'), { crit: [] }),
  header('zip', 'R25', 'a signed token is not compressed', all('header_invalid'), { zip: 'DEF' }),
  header('cty', 'R24', 'no other token is nested inside', all('cty_unexpected'), { cty: 'JWT' }),
  header('kid-number', 'R22', 'kid is a text', all('kid_invalid'), { kid: 1 }),
  header('kid-empty-list', 'R22', 'a kid that is no text does not count as absent', all('kid_invalid'), { kid: [] }),
  header('kid-long', 'R22', 'kid has a bound', all('kid_invalid'), { kid: 'x'.repeat(257) }),
  header('jku', 'R21', 'keys elsewhere are not fetched, and the caller is told', all(['header_embedded_key']), { jku: 'https://evil.example/jwks.json' }),
  row('jwk-attacker', 'R21', 'a key inside the header verifies nothing', all('signature_invalid'), { header: { jwk: jwk('rsa-2') }, signKey: 'rsa-2' }),
  header('typ-other', 'R98', 'a proof of possession is none of the three', { [ID]: 'kind_other', [LOGOUT]: 'typ_unexpected', [ACCESS]: 'kind_other' }, { typ: 'dpop+jwt' }),

  // The payload.
  row('payload-array', 'R9', 'a payload is an object', all('json_not_object'), { payloadText: (text) => `[${text}]` }),
  row('payload-twice', 'R10', 'a member twice in the payload', all('json_duplicate_member'), { payloadText: withMember('"x":1,"x":2') }),
  row('payload-utf8', 'R8', 'a payload that is no UTF-8', all('json_utf8'), { payloadText: (text) => Buffer.from(text.replace('{', '{"x":"\xe9",'), 'latin1') }),

  // Route, key and signature.
  claims('iss', 'R63', 'of another issuer', all('iss_mismatch'), { iss: 'https://evil.example' }),
  row('alg', 'R16', 'an algorithm that the policy does not list', all('alg_not_allowed'), { alg: 'PS256', policy: { algorithms: ['RS256'] } }),
  header('kid-unknown', 'R40', 'a kid that no key has', all('key_not_found'), { kid: 'rsa-9' }),
  row('forged', 'R56', 'signed by another key under a known kid', all('signature_invalid'), { signKey: 'rsa-2' }),
  row('unsigned', 'R61', 'the signature cut off', all('signature_missing'), { signature: () => '' }),

  // Tenants.
  claims('tenant', 'R65', 'of a tenant on the list', all('accept'), { iss: of(ACME), tid: ACME }, tenants),
  claims('tenant-other', 'R65', 'of a tenant that nobody let in', all('tenant_not_allowed'), { iss: of(OTHER), tid: OTHER }, tenants),
  claims('tenant-claim-other', 'R65', 'its claim names another tenant than its issuer', all('iss_template_mismatch'), { iss: of(ACME), tid: OTHER }, tenants),
  claims('tenant-claim-missing', 'R65', 'no claim names its tenant', all('iss_template_mismatch'), { iss: of(ACME) }, tenants),

  // Whose, and for whom.
  header('header-iss', 'R26', 'the header repeats its issuer', all('accept'), { iss: ISS }),
  header('header-iss-other', 'R26', 'the header names another issuer', all('header_claim_mismatch'), { iss: 'https://evil.example' }),
  claims('sub-missing', 'R67', 'without subject', loginOnly('sub_missing'), { sub: undefined }),
  claims('sub-number', 'R67', 'a subject that is no text', all('sub_invalid'), { sub: 7 }),
  claims('aud', 'R69', 'for another client', all('aud_mismatch'), { aud: 'other' }),
  claims('aud-missing', 'R68', 'for nobody', all('aud_missing'), { aud: undefined }),
  claims('aud-untrusted', 'R70', 'for a further audience', only(ID, LOGOUT)('aud_untrusted'), { aud: [CLIENT, 'other'] }),
  claims('azp', 'R71', 'for another party', idOnly('azp_mismatch'), { azp: 'other' }),

  // Times.
  claims('exp-missing', 'R72', 'without end', all('exp_missing'), { exp: undefined }),
  claims('exp', 'R73', 'expired', all('exp_expired'), { exp: NOW - 1, iat: NOW - 300 }, exact),
  claims('exp-inside', 'R73', 'one second before its end', all('accept'), { exp: NOW + 1, iat: NOW - 300 }, exact),
  claims('nbf', 'R76', 'not yet valid', all('nbf_future'), { nbf: NOW + 1 }, exact),
  claims('nbf-now', 'R76', 'valid from now on', all('accept'), { nbf: NOW }, exact),
  claims('nbf-text', 'R76', 'not-before as text', all('nbf_type'), { nbf: String(NOW) }),
  claims('iat-missing', 'R77', 'without time of issue', all('iat_missing'), { iat: undefined }),
  claims('iat', 'R77', 'issued in the future', all('iat_future'), { iat: NOW + 1 }, exact),
  claims('iat-now', 'R77', 'issued now', all('accept'), { iat: NOW }, exact),
  claims('exp-before-iat', 'R75', 'it ends before it begins', all('exp_before_iat'), { exp: NOW + 10, iat: NOW + 20 }),
  claims('lifetime', 'R74', 'for a day', all('accept'), { iat: NOW, exp: NOW + DAY }),
  claims('lifetime-above', 'R74', 'for one second more than a day', all('exp_too_far'), { iat: NOW, exp: NOW + DAY + 1 }),
  claims('age', 'R78', 'as old as it may be', all('accept'), { iat: NOW - 3600 }, aged),
  claims('age-above', 'R78', 'one second older than it may be', all('iat_too_old'), { iat: NOW - 3601 }, aged),

  // What makes a logout token means nothing elsewhere.
  claims('sid-number', 'R113', 'a session that is no text', logoutOnly('logout_subject_missing'), { sid: 7 }),
  claims('jti-missing', 'R116', 'without a name of its own', logoutOnly('logout_jti_missing'), { jti: undefined }),

  // What a policy demands of a login.
  claims('auth-time', 'R87', 'the login is as old as it may be', all('accept'), { auth_time: NOW - 3600 }, login),
  claims('auth-time-above', 'R87', 'the login is one second older than it may be', loginOnly('auth_time_too_old'), { auth_time: NOW - 3601 }, login),
  claims('auth-time-missing', 'R87', 'nobody knows when the login was', loginOnly('auth_time_missing'), {}, login),
  claims('acr', 'R85', 'the login was strong', all('accept'), { acr: 'gold' }, gold),
  claims('acr-other', 'R85', 'the login was not strong enough', loginOnly('acr_insufficient'), { acr: 'silver' }, gold),
  claims('amr', 'R86', 'the method was used', all('accept'), { amr: ['pwd', 'mfa'] }, mfa),
  claims('amr-other', 'R86', 'the method was not used', loginOnly('amr_insufficient'), { amr: ['pwd'] }, mfa),
  claims('amr-text', 'R86', 'methods are a list', loginOnly('amr_type'), { amr: 'mfa' }, mfa),
  claims('required', 'R88', 'a claim that the policy demands has another value', loginOnly('claim_mismatch'), { hd: 'other.example' }, { required_claims: { hd: 'example.com' } }),
  claims('distributed', 'R89', 'claims that are elsewhere', idOnly(['distributed_claims_present']), { _claim_names: { address: 'src1' }, _claim_sources: { src1: { endpoint: 'https://claims.example' } } }),
].flat();
