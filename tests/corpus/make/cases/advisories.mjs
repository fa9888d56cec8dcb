// What the topics of the other files do not already hold: there, the `why` of a case names its advisory.
import { b64u, der, jwk, pem } from '../helpers.mjs';

export const about = 'Attacks from published advisories against other verifiers';

/** HS256 keyed with a text made from the public key of the issuer, which a recogniser of key formats took for a secret. */
const unrecognised = (id, what, secret) => ({
  id: `advisory-key-text-${id}`, rule: 'R18', alg: 'HS256', signOptions: { secret }, policy: { algorithms: ['RS256'] },
  from: ['CVE-2022-29217', 'CVE-2023-48223', 'CVE-2026-34950', 'CVE-2026-107722'],
  why: `HS256 keyed with the public key as ${what}`, expect: 'alg_not_allowed',
});
const PEM = pem('rsa-1');

/** A text of five segments whose header says this. */
const encrypted = (header) => `${b64u(JSON.stringify(header))}.${b64u('key')}.${b64u('iv and more.')}.${b64u('{"sub":"admin"}')}.${b64u('sixteen byte tag')}`;
const jwe = (id, header, from, why) => ({ id: `advisory-jwe-${id}`, rule: 'R102', from, why, token: encrypted(header), expect: 'jwe_unsupported' });

/** A required claim is left out, one at a time: a check must not run only where there is something to check. */
const absent = (name, rule) => ({ id: `advisory-absent-${name}`, rule, from: ['CVE-2026-45069', 'CVE-2024-5798'], why: `Without ${name} nothing could be compared, which is no reason to accept`, claims: { [name]: undefined }, expect: `${name}_missing` });

export const cases = [
  unrecognised('pem-leading-newline', 'PEM behind a newline', `\n${PEM}`),
  unrecognised('pem-bom', 'PEM behind a byte order mark', `\ufeff${PEM}`),
  unrecognised('pem-indented', 'PEM with indented lines', PEM.replaceAll('\n', '\n  ')),
  unrecognised('pem-crlf', 'PEM with the line ends of Windows', PEM.replaceAll('\n', '\r\n')),
  unrecognised('pem-one-line', 'PEM in one line', PEM.replaceAll('\n', '')),
  unrecognised('der', 'DER behind a zero byte', Buffer.concat([Buffer.alloc(1), der('rsa-1')])),
  unrecognised('ssh', 'a line as of an authorized_keys file', `ssh-rsa ${b64u(der('rsa-1'))} root@localhost`),

  { id: 'advisory-jwk-no-alg-hs256', rule: 'R18', from: ['CVE-2026-22817', 'CVE-2026-22818'], why: 'A JWK without alg and a header that says HS256: the default must not be what the header says', alg: 'HS256', keys: [jwk('rsa-1', { alg: undefined, use: undefined })], signOptions: { secret: JSON.stringify(jwk('rsa-1')) }, policy: { algorithms: ['RS256'] }, expect: 'alg_not_allowed' },
  { id: 'advisory-jwk-no-alg-ps256', rule: 'R16', from: ['CVE-2026-22818'], why: 'The key could verify PS256, the policy does not list it', alg: 'PS256', keys: [jwk('rsa-1', { alg: undefined })], policy: { algorithms: ['RS256'] }, expect: 'alg_not_allowed' },

  jwe('around-unsigned', { alg: 'RSA-OAEP-256', enc: 'A256GCM', cty: 'JWT' }, ['CVE-2026-29000'], 'Encryption around a token that may well be unsigned proves nothing'),
  jwe('with-public-key', { alg: 'RSA-OAEP', enc: 'A128GCM', kid: 'rsa-1' }, ['CVE-2023-51774'], 'Encrypted with the public key of the issuer, which anyone can do'),
  jwe('pbes2', { alg: 'PBES2-HS512+A256KW', enc: 'A256GCM', p2c: 2_147_483_647, p2s: 'AAAA' }, ['CVE-2023-49290', 'CVE-2023-51775', 'CVE-2023-52428'], 'Two thousand million rounds, were anyone to count them'),
  jwe('zip', { alg: 'dir', enc: 'A256GCM', zip: 'DEF' }, ['CVE-2024-28176', 'CVE-2024-28180', 'CVE-2024-28102'], 'A payload that would unpack to gigabytes'),

  absent('iss', 'R63'),
  absent('aud', 'R68'),
  absent('exp', 'R72'),

  { id: 'advisory-key-by-claims', rule: 'R62', from: ['CVE-2025-65945'], why: 'The attacker names a key in the claims and signs with it: the lookup sees the kid of the header only', signKey: 'rsa-2', keys: ['rsa-1', 'rsa-2'], claims: { kid: 'rsa-2', jwk: jwk('rsa-2'), key_id: 'rsa-2' }, expect: 'signature_invalid' },
];
