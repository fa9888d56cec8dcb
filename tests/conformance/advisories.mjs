// Published faults of other verifiers, and what becomes of the attack here. Cases name them in their `why` or in `from`:
// together they must say every verdict, and none may say another. `tests` are for what no case can express.
/** Only a good signature is remembered, and every case is put to that memory. */
const MEMORY = ['tests/verified_tokens.rs: a_token_costs_one_signature_verification_and_every_check_each_time', 'tests/corpus.rs: every_case_gives_its_code'];
const HOSTILE = [
  'tests/envoy/hostile.test.mjs: mutated tokens and fields: no trap, nothing forged, no status but the documented ones',
  'tests/envoy/keys.test.mjs: a client that goes while it waits harms nobody',
];
const JWE = 'no JWE is opened: nothing is decrypted';

/** `verdicts`: the advisories, and for each the code or codes of the refusal. */
const refused = (what, verdicts, more) => Object.entries(verdicts).map(([id, codes]) => ({ id, what, expects: [codes].flat(), ...more }));
/** Several with the same verdicts. */
const all = (codes, ...ids) => Object.fromEntries(ids.map((id) => [id, codes]));
const without = (what, ids, more) => ids.map((id) => ({ id, what, ...more }));

export const ADVISORIES = [
  ...refused('alg none; an RSA key taken for an HMAC secret', {
    'CVE-2015-9235': 'alg_none',
    'CVE-2016-10555': ['alg_not_allowed', 'config_algorithms'],
    'CVE-2024-33663': 'alg_not_allowed',
    'CVE-2024-54150': 'alg_not_allowed',
  }),
  ...refused('a key from the header is trusted', { ...all('signature_invalid', 'CVE-2018-0114', 'CVE-2026-27962'), 'CVE-2025-24976': 'key_not_found' }),
  ...refused('an audience of the wrong type counts as empty', { 'CVE-2020-26160': ['aud_empty', 'aud_mismatch', 'aud_type'] }),
  ...refused('the kid picks a key of another type, or a file', { 'CVE-2021-46743': 'alg_not_allowed', 'CVE-2021-41106': 'key_not_found' }),
  ...refused('ECDSA accepts zeros', { 'CVE-2022-21449': 'signature_invalid' }),
  ...refused('weak keys, a default algorithm, a key of the wrong type', {
    'CVE-2022-23539': ['key_not_found less key_rsa_too_small', 'jwks_no_usable_key'],
    'CVE-2022-23540': 'alg_missing',
    'CVE-2022-23541': 'alg_key_mismatch',
  }),
  ...refused('a key format that is not recognised becomes a secret', all('alg_not_allowed', 'CVE-2022-29217', 'CVE-2023-48223', 'CVE-2026-34950', 'CVE-2026-107722')),
  ...refused('JSON and compact form in one text', all('token_format', 'CVE-2022-39227', 'CVE-2024-5037')),
  ...without('Envoy: any token logs in', ['CVE-2022-29226'], { tests: ['tests/envoy/requests.test.mjs: a good token passes, and no other'] }),
  ...without('Envoy: a cookie that fits another host', ['CVE-2023-35941'], { notApplicable: 'the filter makes no cookie' }),
  ...refused('Envoy: an unknown issuer passes where a token is optional', { 'CVE-2021-21378': 'iss_unknown' }, { tests: ['tests/envoy/requests.test.mjs: several providers'] }),
  ...without('Envoy: a malformed token, or two tokens during a fetch, crash it', ['CVE-2019-12995', 'CVE-2024-45809', 'CVE-2025-64527'], { tests: HOSTILE }),
  ...without('a proxy matches the query where it means the path', ['CVE-2025-54576'], { tests: ['tests/envoy/requests.test.mjs: rules are found by the path alone'] }),
  ...refused('times as text are skipped', { 'CVE-2026-25537': ['exp_type', 'nbf_type'] }),
  ...refused('an issuer matches in part', { 'CVE-2024-53861': ['iss_mismatch', 'iss_unknown', 'signature_invalid'] }),
  ...refused('a list of issuers passes', { 'CVE-2025-30144': 'iss_type' }),
  ...refused('without key or algorithms nothing is verified', { 'CVE-2026-107720': 'alg_not_allowed', 'CVE-2020-15084': 'config_algorithms' }),
  ...refused('a public JWK or JWKS is taken for a secret', {
    'CVE-2026-107724': ['alg_not_allowed', 'key_not_found less jwk_symmetric', 'jwks_no_usable_key'],
    'CVE-2026-48526': ['alg_not_allowed', 'accept less jwk_symmetric'],
  }),
  ...refused('an array as payload skips the checks', { 'CVE-2026-107723': 'json_not_object' }),
  ...refused('an endless tolerance', { 'CVE-2026-107721': 'config_skew' }, { tests: ['tests/js/api.test.mjs: what JSON cannot hold is refused, not left out'] }),
  ...without('a cache outlives exp, or mixes identities', ['CVE-2026-107719', 'CVE-2026-35039'], { tests: MEMORY }),
  ...refused('a critical extension is ignored', all('crit_unsupported', 'CVE-2025-59420', 'CVE-2026-32597', 'CVE-2026-35042')),
  ...refused('the list is asked about the header, the key decides', { 'CVE-2026-48523': 'alg_key_mismatch' }),
  ...refused('a key without alg verifies what the header says', all('alg_not_allowed', 'CVE-2026-22817', 'CVE-2026-22818')),
  ...refused('iss, aud and exp are checked only where they are there', {
    'CVE-2026-45069': ['iss_missing', 'aud_missing', 'exp_missing', 'aud_mismatch'],
    'CVE-2024-5798': ['iss_missing', 'aud_missing', 'exp_missing'],
  }),
  ...refused('an unsigned token inside encryption', { 'CVE-2026-29000': 'jwe_unsupported' }),
  ...refused('an encrypted token passes for a signed one', { 'CVE-2023-51774': ['jwe_unsupported', 'alg_not_allowed'] }),
  ...refused('PBES2 with a huge count', { ...all(['jwe_unsupported', 'alg_not_allowed'], 'CVE-2023-51775', 'CVE-2023-52428'), 'CVE-2023-49290': 'jwe_unsupported' }),
  ...refused('a token that unpacks to gigabytes', { 'CVE-2024-28176': ['jwe_unsupported', 'header_invalid'], ...all('jwe_unsupported', 'CVE-2024-28180', 'CVE-2024-28102') }),
  ...refused('thousands of dots', all('token_too_large', 'CVE-2025-27144', 'CVE-2025-30204')),
  ...refused('segments without a limit', { 'CVE-2025-61920': 'token_too_large' }),
  ...refused('JSON nested without end', all('json_depth', 'CVE-2025-53864', 'GHSA-42vr-xj54-vc7v')),
  ...refused('the key is looked up by unverified claims', { 'CVE-2025-65945': 'signature_invalid' }),
  ...without('a redirect of the key set is followed', ['GHSA-9v7f-9g4p-ffgj'], { tests: ['tests/key_cache/answers.rs: only_200_is_good'] }),
  ...without('a call changes its options', ['GHSA-gvp8-978c-rx2q'], { tests: ['tests/js/api.test.mjs: a call changes neither the options nor the policy'] }),
  ...without('RSA decryption tells time', ['RUSTSEC-2023-0071'], { notApplicable: 'no private key is ever used' }),
  ...without('padding oracle in decryption; PBES2 again', ['CVE-2021-29443', 'CVE-2022-36083'], { notApplicable: JWE }),
];
