import { ISS, NONCE } from '../helpers.mjs';

export const about = 'Options that must not build a verifier, and the few that look odd and may (rules R27, R64, R69, R122)';

const config = (group, rule, expect) => (id, why, policy, more) => ({ id: `${group}-${id}`, rule, why, policy, ...more, expect });
const issuer = config('config-issuer', 'R64', 'config_issuer');
const algorithms = config('config-algorithms', 'R27', 'config_algorithms');
const audience = config('config-audience', 'R69', 'config_audience');
const unknown = config('config-unknown', 'R122', 'config_unknown_option');
const invalid = config('config-invalid', 'R122', 'config_invalid_option');
/** A token of that very issuer, so that only the option can be at fault. */
const of = (iss) => [{ issuer: iss }, { claims: { iss } }];

export const cases = [
  issuer('http', 'Plain http can be read and changed on its way', ...of('http://idp.example')),
  issuer('query', 'An issuer has no query', ...of(`${ISS}?tenant=1`)),
  issuer('empty-query', 'Not even an empty one', ...of(`${ISS}?`)),
  issuer('fragment', 'An issuer has no fragment', ...of(`${ISS}#a`)),
  issuer('missing', 'No issuer: there would be nothing to compare with', { issuer: undefined }),
  issuer('empty', 'An empty issuer', ...of('')),
  issuer('bare-host', 'A host name is no URL', ...of('idp.example')),
  issuer('no-host', 'A URL without a host', ...of('https://')),
  issuer('ftp', 'Another scheme', ...of('ftp://idp.example')),
  issuer('space', 'A space at the end, as copied', ...of(`${ISS} `)),
  issuer('user', 'A user name before the host', ...of('https://idp.example@evil.example')),
  issuer('localhost-prefix', 'A host that only begins with localhost', ...of('http://localhost.evil.example')),
  issuer('loopback-prefix', 'A host that only begins with a loopback address', ...of('http://127.0.0.1.evil.example')),
  issuer('loopback-bracket', 'A host that only begins with the loopback address in brackets', ...of('http://[::1].evil.example')),
  issuer('open-bracket', 'An address in brackets that never close', ...of('https://[::1')),
  issuer('port-text', 'A port that is no number', ...of('https://idp.example:https')),
  issuer('port-sign', 'A port with a sign', ...of('https://idp.example:+443')),
  issuer('port-empty', 'A colon and no port', ...of('https://idp.example:')),
  issuer('port-0', 'No port has the number 0', ...of('https://idp.example:0')),
  issuer('port-65536', 'Nor this one', ...of('https://idp.example:65536')),
  // Behind a path, where no host is looked at.
  ...Object.entries({ query: '?tenant=1', fragment: '#a', at: '/@evil.example', backslash: '\\evil', space: ' ', newline: '\n', 'not-ascii': '\u00e9', del: '\x7f' })
    .map(([name, text]) => issuer(`path-${name}`, `A path with ${JSON.stringify(text)}`, ...of(`${ISS}/oidc${text}`))),
  { id: 'config-issuer-path', rule: 'R64', why: 'Other signs are fine in a path', policy: { issuer: `${ISS}/a-b_c.d~e/f:g,h;i=j&k!l` }, claims: { iss: `${ISS}/a-b_c.d~e/f:g,h;i=j&k!l` }, expect: 'accept' },
  { id: 'config-issuer-port-last', rule: 'R64', why: 'The last port', policy: { issuer: `${ISS}:65535` }, claims: { iss: `${ISS}:65535` }, expect: 'accept' },
  { id: 'config-issuer-port', rule: 'R64', why: 'A port is fine', policy: { issuer: `${ISS}:8443` }, claims: { iss: `${ISS}:8443` }, expect: 'accept' },
  { id: 'config-issuer-localhost', rule: 'R64', why: 'http is fine on the machine itself', policy: { issuer: 'http://localhost:8080' }, claims: { iss: 'http://localhost:8080' }, expect: 'accept' },
  { id: 'config-issuer-loopback', rule: 'R64', why: 'So it is by address', policy: { issuer: 'http://127.0.0.1:9000/oidc' }, claims: { iss: 'http://127.0.0.1:9000/oidc' }, expect: 'accept' },
  { id: 'config-issuer-loopback-6', rule: 'R64', why: 'And by address of version 6', policy: { issuer: 'http://[::1]:9000' }, claims: { iss: 'http://[::1]:9000' }, expect: 'accept' },

  algorithms('empty', 'CVE-2020-15084: an empty list must not mean any', { algorithms: [] }),
  algorithms('none', 'none has no option at all', { algorithms: ['none'] }),
  algorithms('none-too', 'Not even beside a good one', { algorithms: ['RS256', 'none'] }),
  algorithms('hs256', 'No symmetric algorithms', { algorithms: ['HS256'] }),
  algorithms('hs256-too', 'CVE-2016-10555: RS256 and HS256 in one list is how key confusion begins', { algorithms: ['RS256', 'HS256'] }),
  algorithms('unknown', 'An algorithm that cannot be verified here', { algorithms: ['RS999'] }),
  algorithms('case', 'Names have case', { algorithms: ['rs256'] }),
  algorithms('es256k', 'Known to JOSE, but not to this verifier', { algorithms: ['ES256K'] }),
  algorithms('encryption', 'An encryption algorithm', { algorithms: ['RSA-OAEP'] }),
  algorithms('text', 'One algorithm is still a list', { algorithms: 'RS256' }),
  algorithms('number', 'A list of something else', { algorithms: [256] }),

  audience('missing', 'No client id: any token of the issuer would do', { client_id: undefined }),
  audience('empty', 'An empty client id', { client_id: '' }),
  audience('empty-list', 'An empty list of client ids', { client_id: [] }),
  audience('empty-in-list', 'An empty client id in the list', { client_id: ['my-client', ''] }),

  unknown('typo', 'A misspelt option must not vanish', { algoritms: ['RS256'] }),
  unknown('camel-case', 'The other spelling of a good option', { clockTolerance: 0 }),
  unknown('invented', 'An option that does not exist', { skip_signature: true }),
  unknown('limit', 'A limit that does not exist', { limits: { max_tokens: 1 } }),
  unknown('tolerance', 'A tolerance that does not exist', { clock_tolerance: { auth_time: 5 } }),
  { id: 'config-unknown-expectation', rule: 'R122', why: 'A misspelt expectation must not vanish', expectations: { acess_token: 'x' }, expect: 'config_unknown_option' },
  { id: 'config-unknown-expectation-case', rule: 'R122', why: 'The other spelling of a good expectation', expectations: { accessToken: 'x' }, expect: 'config_unknown_option' },

  ...['logout_token', 'access_token'].flatMap((kind) => Object.entries({ nonce: { equals: NONCE }, access_token: 'x', response_type: 'code', previous: {} })
    .map(([name, value]) => ({ id: `config-unknown-${kind.replace('_token', '')}-${name.replace('_', '-')}`, rule: 'R122', why: `${name} is expected of a login only, and would not be looked at`, kind, expectations: { [name]: value }, expect: 'config_unknown_option' }))),

  invalid('azp', 'A mode of azp that does not exist', { azp: 'strict' }),
  invalid('nonce-transform', 'A nonce transform that does not exist', { nonce_transform: 'sha1' }),
  invalid('kid-absent', 'A way with a missing kid that does not exist', { kid_absent: 'first' }),
  invalid('max-age-negative', 'A negative age', { max_age: -1 }),
  invalid('max-age-text', 'An age as text', { max_age: '3600' }),
  invalid('max-lifetime-fraction', 'Durations are whole seconds', { max_lifetime: 0.5 }),
  invalid('token-bytes', 'More than 64 KiB for a token', { limits: { max_token_bytes: 65_537 } }),
  invalid('jwks-bytes', 'More than 1 MiB for a key set', { limits: { max_jwks_bytes: 1_048_577 } }),
  invalid('rsa-bits', 'More than 8192 bits for RSA', { limits: { rsa_max_bits: 8193 } }),
  invalid('keys', 'More than 1024 keys', { limits: { max_keys: 1025 } }),
  invalid('key-trials', 'More than 16 keys to be tried for one token', { limits: { max_key_trials: 17 } }),
  ...['max_token_bytes', 'max_jwks_bytes', 'max_keys', 'max_key_trials', 'rsa_max_bits'].map((name) =>
    invalid(`zero-${name.replaceAll('_', '-')}`, `A limit of 0 lets nothing through: ${name}`, { limits: { [name]: 0 } })),
  invalid('trusted-text', 'A list option as text', { trusted_audiences: 'https://api.example' }),
  invalid('list-4097', 'More than 4096 items in a list', { trusted_audiences: Array(4097).fill('x') }),
  { id: 'config-list-4096', rule: 'R122', why: 'The longest list of a policy', policy: { trusted_audiences: Array(4096).fill('x') }, expect: 'accept' },
  { id: 'config-token-bytes-64k', rule: 'R3', why: 'The largest limit for a token', policy: { limits: { max_token_bytes: 65_536 } }, expect: 'accept' },
  { id: 'config-jwks-bytes-1m', rule: 'R32', why: 'The largest limit for a key set', policy: { limits: { max_jwks_bytes: 1_048_576 } }, expect: 'accept' },
  { id: 'config-keys-1024', rule: 'R32', why: 'The largest limit for the keys of a set', policy: { limits: { max_keys: 1024 } }, expect: 'accept' },
  { id: 'config-key-trials-16', rule: 'R42', why: 'The largest limit for keys to be tried', policy: { limits: { max_key_trials: 16 } }, expect: 'accept' },
];
