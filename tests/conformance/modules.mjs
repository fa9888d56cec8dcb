// The client tests of the OpenID Foundation's conformance suite that touch a token. Cases carry their names in `from`.
const OTHER = (what) => `${what}, not an ID Token`;

const named = (prefix, names, suffix = '') => names.map((name) => ({ id: `${prefix}${name}${suffix}` }));
const later = (notYet, modules) => modules.map((module) => ({ ...module, notYet }));
const never = (notApplicable, modules) => modules.map((module) => ({ ...module, notApplicable }));

const CORE = 'oidcc-client-test';
const LOGGED_OUT = `${CORE}-rp-backchannel-rpinitlogout`;
const FAPI1 = 'fapi1-advanced-final-client-test-';
const FAPI2 = 'fapi2-security-profile-final-client-test-';
const CIBA = 'fapi-ciba-id1-client-';

export const MODULES = [
  ...named(CORE, [
    '', '-idtoken-sig-rs256', '-idtoken-sig-none', '-invalid-sig-rs256', '-invalid-sig-es256', '-invalid-sig-hs256', '-invalid-iss',
    '-invalid-aud', '-missing-aud', '-missing-sub', '-missing-iat', '-nonce-invalid', '-nonce-unless-code-flow',
    '-kid-absent-single-jwks', '-kid-absent-multiple-jwks', '-invalid-athash', '-missing-athash', '-invalid-chash',
    '-missing-chash', '-aggregated-claims', '-distributed-claims',
  ]),
  { id: `${CORE}-signing-key-rotation`, tests: ['tests/key_cache/storms.rs: a_sudden_rotation_is_one_more_fetch'] },
  { id: `${CORE}-signing-key-rotation-just-before-signing`, tests: ['tests/key_cache/transitions.rs: an_unknown_kid_causes_one_fetch_and_is_then_known_to_be_absent'] },
  { id: `${CORE}-discovery-issuer-mismatch`, tests: ['tests/key_cache/discovery.rs: a_document_is_judged'] },
  { id: `${CORE}-discovery-jwks-uri-keys`, tests: ['tests/key_cache/transitions.rs: a_refresh_with_discovery_is_two_fetches'] },
  ...named(CORE, ['-refresh-token', '-refresh-token-invalid-issuer', '-refresh-token-invalid-sub']),
  ...never(OTHER('a UserInfo response'), named(CORE, ['-userinfo-signed', '-userinfo-invalid-sub'])),
  ...named(LOGGED_OUT, ['', '-alg-none', '-wrong-alg', '-wrong-aud', '-wrong-iss', '-wrong-event', '-no-event', '-with-nonce']),

  ...named(FAPI1, [
    'invalid-iss', 'invalid-aud', 'invalid-missing-iss', 'invalid-missing-aud', 'invalid-missing-exp', 'invalid-nonce',
    'invalid-missing-nonce', 'invalid-signature', 'invalid-null-alg', 'invalid-alternate-alg', 'invalid-secondary-aud',
    'valid-aud-as-array', 'invalid-expired-exp', 'iat-is-week-in-past', 'invalid-shash', 'invalid-missing-shash', 'invalid-chash',
    'missing-athash', 'encrypted-idtoken-usingrsa15',
  ]),
  ...later('encrypted tokens are refused as a whole', named(FAPI1, ['encrypted-idtoken'])),

  ...named(FAPI2, [
    'invalid-iss', 'invalid-aud', 'invalid-expired-exp', 'invalid-missing-iss', 'invalid-missing-aud', 'invalid-missing-exp',
    'invalid-nonce', 'invalid-missing-nonce', 'invalid-null-alg', 'invalid-alternate-alg', 'invalid-secondary-aud',
    'invalid-openbanking-intent-id',
  ]),
  ...never(OTHER('a JARM response'), named(FAPI2, ['ensure-jarm-*'])),

  ...named(CIBA, [
    'invalid-iss', 'invalid-aud', 'invalid-missing-iss', 'invalid-missing-aud', 'invalid-missing-exp', 'invalid-expired-exp',
    'invalid-signature', 'invalid-null-alg', 'invalid-alternate-alg', 'invalid-secondary-aud', 'iat-is-week-in-past',
  ], '-test'),

  ...named('openid-federation-client-invalid-', ['aud', 'iss'], '-in-id-token'),
];
