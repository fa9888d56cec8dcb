// The client tests of the OpenID Foundation's conformance suite that touch a token, and the verdicts each wants. Cases carry
// their names in `from`: together they must say every verdict, and none may say another.
const OTHER = (what) => `${what}, not an ID Token`;

const wanting = (prefix, verdicts, suffix = '') => Object.entries(verdicts).map(([name, verdict]) => ({ id: `${prefix}${name}${suffix}`, expects: [verdict].flat() }));
const named = (prefix, names) => names.map((name) => ({ id: `${prefix}${name}` }));
const later = (notYet, modules) => modules.map((module) => ({ ...module, notYet }));
const never = (notApplicable, modules) => modules.map((module) => ({ ...module, notApplicable }));

const CORE = 'oidcc-client-test';
const LOGGED_OUT = `${CORE}-rp-backchannel-rpinitlogout`;
const FAPI1 = 'fapi1-advanced-final-client-test-';
const FAPI2 = 'fapi2-security-profile-final-client-test-';
const CIBA = 'fapi-ciba-id1-client-';

/** The FAPI profiles and CIBA share these. */
const FAPI = {
  'invalid-iss': 'iss_mismatch',
  'invalid-aud': 'aud_mismatch',
  'invalid-secondary-aud': 'aud_untrusted',
  'invalid-missing-iss': 'iss_missing',
  'invalid-missing-aud': 'aud_missing',
  'invalid-missing-exp': 'exp_missing',
  'invalid-expired-exp': 'exp_expired',
  'invalid-null-alg': ['alg_none', 'alg_invalid'],
  'invalid-alternate-alg': 'alg_not_allowed',
};
/** The profiles with a browser in them. */
const NONCE = { 'invalid-nonce': 'nonce_mismatch', 'invalid-missing-nonce': 'nonce_missing' };
const SIGNATURE = { 'invalid-signature': 'signature_invalid' };
const WEEK = { 'iat-is-week-in-past': 'exp_too_far' };
const FEDERATION = { 'invalid-iss': 'iss_mismatch', 'invalid-aud': 'aud_mismatch' };
const ELSEWHERE = 'accept with distributed_claims_present';

export const MODULES = [
  ...wanting(CORE, {
    '': 'accept',
    '-idtoken-sig-rs256': 'accept',
    '-idtoken-sig-none': 'alg_none',
    '-invalid-sig-rs256': 'signature_invalid',
    '-invalid-sig-es256': 'signature_invalid',
    '-invalid-sig-hs256': 'alg_not_allowed',
    '-invalid-iss': 'iss_mismatch',
    '-invalid-aud': 'aud_mismatch',
    '-missing-aud': 'aud_missing',
    '-missing-sub': 'sub_missing',
    '-missing-iat': 'iat_missing',
    '-nonce-invalid': 'nonce_mismatch',
    '-nonce-unless-code-flow': 'config_nonce_policy',
    '-kid-absent-single-jwks': 'accept',
    // The suite leaves the choice to the client; here it is the policy's.
    '-kid-absent-multiple-jwks': ['key_ambiguous', 'accept'],
    '-invalid-athash': 'at_hash_mismatch',
    '-missing-athash': 'at_hash_missing',
    '-invalid-chash': 'c_hash_mismatch',
    '-missing-chash': 'c_hash_missing',
    '-aggregated-claims': ELSEWHERE,
    '-distributed-claims': ELSEWHERE,
    '-refresh-token': 'accept',
    '-refresh-token-invalid-issuer': 'refresh_iss',
    '-refresh-token-invalid-sub': 'refresh_sub',
  }),
  { id: `${CORE}-signing-key-rotation`, expects: ['key_not_found'], tests: ['tests/key_cache/storms.rs: a_sudden_rotation_is_one_more_fetch'] },
  { id: `${CORE}-signing-key-rotation-just-before-signing`, expects: ['key_not_found'], tests: ['tests/key_cache/transitions.rs: an_unknown_kid_causes_one_fetch_and_is_then_known_to_be_absent'] },
  { id: `${CORE}-discovery-issuer-mismatch`, tests: ['tests/key_cache/discovery.rs: a_document_is_judged'] },
  { id: `${CORE}-discovery-jwks-uri-keys`, tests: ['tests/key_cache/transitions.rs: a_refresh_with_discovery_is_two_fetches'] },
  ...never(OTHER('a UserInfo response'), named(CORE, ['-userinfo-signed', '-userinfo-invalid-sub'])),
  ...wanting(LOGGED_OUT, {
    '': 'accept',
    '-alg-none': 'alg_none',
    '-wrong-alg': 'alg_not_allowed',
    '-wrong-aud': 'aud_mismatch',
    '-wrong-iss': 'iss_mismatch',
    '-wrong-event': 'logout_events_invalid',
    '-no-event': 'logout_events_missing',
    '-with-nonce': 'logout_nonce_present',
  }),

  ...wanting(FAPI1, {
    ...FAPI, ...NONCE, ...SIGNATURE, ...WEEK,
    'valid-aud-as-array': 'accept',
    'invalid-shash': 's_hash_mismatch',
    'invalid-missing-shash': 's_hash_missing',
    'invalid-chash': 'c_hash_mismatch',
    'missing-athash': 'accept',
    'encrypted-idtoken-usingrsa15': 'jwe_unsupported',
  }),
  ...later('encrypted tokens are refused as a whole', named(FAPI1, ['encrypted-idtoken'])),

  ...wanting(FAPI2, { ...FAPI, ...NONCE, 'invalid-openbanking-intent-id': 'claim_mismatch' }),
  ...never(OTHER('a JARM response'), named(FAPI2, ['ensure-jarm-*'])),

  ...wanting(CIBA, { ...FAPI, ...SIGNATURE, ...WEEK }, '-test'),

  ...wanting('openid-federation-client-', FEDERATION, '-in-id-token'),
];
