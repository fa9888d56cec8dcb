// Published faults of other verifiers. Cases name them in their `why` or in `from`; `tests` are for what no case can express.
const ENVOY = 'the Envoy filter is not built';
const CACHE = 'there is no cache of results';
const JWE = 'no JWE is opened: nothing is decrypted';

const faults = (what, ids, more) => ids.map((id) => ({ id, what, ...more }));
const cve = (...numbers) => numbers.map((number) => `CVE-${number}`);

export const ADVISORIES = [
  ...faults('alg none; an RSA key taken for an HMAC secret', cve('2015-9235', '2016-10555', '2024-33663', '2024-54150')),
  ...faults('a key from the header is trusted', cve('2018-0114', '2026-27962', '2025-24976')),
  ...faults('an audience of the wrong type counts as empty', cve('2020-26160')),
  ...faults('the kid picks a key of another type, or a file', cve('2021-46743', '2021-41106')),
  ...faults('ECDSA accepts zeros', cve('2022-21449')),
  ...faults('weak keys, a default algorithm, a key of the wrong type', cve('2022-23539', '2022-23540', '2022-23541')),
  ...faults('a key format that is not recognised becomes a secret', cve('2022-29217', '2023-48223', '2026-34950', '2026-107722')),
  ...faults('JSON and compact form in one text', cve('2022-39227', '2024-5037')),
  ...faults('Envoy: any token logs in', cve('2022-29226'), { notYet: ENVOY }),
  ...faults('Envoy: a cookie that fits another host', cve('2023-35941'), { notYet: ENVOY }),
  ...faults('Envoy: an unknown issuer passes where a token is optional', cve('2021-21378'), { notYet: ENVOY }),
  ...faults('Envoy: a malformed token, or two tokens during a fetch, crash it', cve('2019-12995', '2024-45809', '2025-64527'), { notYet: ENVOY }),
  ...faults('a proxy matches the query where it means the path', cve('2025-54576'), { notApplicable: 'no path is matched here' }),
  ...faults('times as text are skipped', cve('2026-25537')),
  ...faults('an issuer matches in part', cve('2024-53861')),
  ...faults('a list of issuers passes', cve('2025-30144')),
  ...faults('without key or algorithms nothing is verified', cve('2026-107720', '2020-15084')),
  ...faults('a public JWK or JWKS is taken for a secret', cve('2026-107724', '2026-48526')),
  ...faults('an array as payload skips the checks', cve('2026-107723')),
  ...faults('an endless tolerance', cve('2026-107721'), { tests: ['tests/js/api.test.mjs: what JSON cannot hold is refused, not left out'] }),
  ...faults('a cache outlives exp, or mixes identities', cve('2026-107719', '2026-35039'), { notYet: CACHE }),
  ...faults('a critical extension is ignored', cve('2025-59420', '2026-32597', '2026-35042')),
  ...faults('the list is asked about the header, the key decides', cve('2026-48523')),
  ...faults('a key without alg verifies what the header says', cve('2026-22817', '2026-22818')),
  ...faults('iss, aud and exp are checked only where they are there', cve('2026-45069', '2024-5798')),
  ...faults('an unsigned token inside encryption', cve('2026-29000')),
  ...faults('an encrypted token passes for a signed one', cve('2023-51774')),
  ...faults('PBES2 with a huge count', cve('2023-51775', '2023-52428', '2023-49290')),
  ...faults('a token that unpacks to gigabytes', cve('2024-28176', '2024-28180', '2024-28102')),
  ...faults('thousands of dots', cve('2025-27144', '2025-30204')),
  ...faults('segments without a limit', cve('2025-61920')),
  ...faults('JSON nested without end', ['CVE-2025-53864', 'GHSA-42vr-xj54-vc7v']),
  ...faults('the key is looked up by unverified claims', cve('2025-65945')),
  ...faults('a redirect of the key set is followed', ['GHSA-9v7f-9g4p-ffgj'], { tests: ['tests/key_cache/answers.rs: only_200_is_good'] }),
  ...faults('a call changes its options', ['GHSA-gvp8-978c-rx2q'], { tests: ['tests/js/api.test.mjs: a call changes neither the options nor the policy'] }),
  ...faults('RSA decryption tells time', ['RUSTSEC-2023-0071'], { notApplicable: 'no private key is ever used' }),
  ...faults('padding oracle in decryption; PBES2 again', cve('2021-29443', '2022-36083'), { notApplicable: JWE }),
];
