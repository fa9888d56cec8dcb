import { b64u, der, jwk, pem } from '../helpers.mjs';

export const about = 'The JOSE header: alg, crit, b64, zip, cty, kid, typ and embedded keys (rules R16 to R26, R98 to R101)';

const alg = (value) => ({ header: { alg: value }, signAlg: 'RS256' });
const n = jwk('rsa-1').n;
/** An HS256 token keyed with something public about the RSA key of the issuer. */
const confused = (id, what, secret) => ({
  id: `alg-hs256-${id}`, rule: 'R18', alg: 'HS256', policy: { algorithms: ['RS256'] }, signOptions: { secret },
  why: `CVE-2016-10555, CVE-2024-33663, CVE-2024-54150: HS256 keyed with the public RSA key as ${what}`, expect: 'alg_not_allowed',
});
const nones = ['none', 'None', 'NONE', 'nOnE', 'NoNe', 'noNE', 'nonE', 'NOnE'];

const typ = (value, expect, why, rule = 'R98') => ({ id: `typ-${String(value).replace(/[^a-z0-9]+/gi, '-') || 'empty'}`, rule, why, header: { typ: value }, expect });
const foreign = (value, expect = 'kind_other') => typ(value, expect, `A token of type ${value} is not an ID Token`);

/** A token that the attacker signs with rsa-2 and for which the header offers that key. */
const attacker = (id, what, header) => ({ id: `embedded-${id}-attacker`, rule: 'R21', why: `CVE-2018-0114, CVE-2026-27962: ${what} from the header must never verify`, header, signKey: 'rsa-2', expect: 'signature_invalid' });
const harmless = (id, what, header) => ({ id: `embedded-${id}`, rule: 'R21', why: `${what} in the header is ignored, with a warning, when the known key verifies`, header, expect: 'accept', warnings: ['header_embedded_key'] });
const CERTIFICATE = [b64u('not a certificate, and never looked at')];

export const cases = [
  // alg.
  { id: 'alg-missing', rule: 'R16', why: 'CVE-2022-23540: no alg means no default; OIDF fapi1 and fapi2 -invalid-null-alg', ...alg(undefined), expect: 'alg_missing' },
  { id: 'alg-null', rule: 'R16', why: 'alg null is not a string', ...alg(null), expect: 'alg_invalid' },
  { id: 'alg-number', rule: 'R16', why: 'alg must be a string', ...alg(256), expect: 'alg_invalid' },
  { id: 'alg-array', rule: 'R16', why: 'A list holding a good algorithm is not a string', ...alg(['RS256']), expect: 'alg_invalid' },
  { id: 'alg-object', rule: 'R16', why: 'An object is not a string', ...alg({ RS256: true }), expect: 'alg_invalid' },
  { id: 'alg-empty', rule: 'R16', why: 'An empty alg names nothing', ...alg(''), expect: 'alg_invalid' },
  { id: 'alg-lower-case', rule: 'R16', why: 'Names of algorithms are case-sensitive', ...alg('rs256'), expect: 'alg_not_allowed' },
  { id: 'alg-space', rule: 'R16', why: 'No trimming of algorithm names', ...alg('RS256 '), expect: 'alg_not_allowed' },
  { id: 'alg-not-in-list', rule: 'R16', why: 'PS256 verifies with this key but the policy does not list it; OIDF fapi1 -invalid-alternate-alg', alg: 'PS256', policy: { algorithms: ['RS256'] }, expect: 'alg_not_allowed' },
  { id: 'alg-in-longer-list', rule: 'R16', why: 'Any listed algorithm will do', alg: 'PS256', policy: { algorithms: ['RS256', 'ES256', 'PS256'] }, expect: 'accept' },
  { id: 'alg-default-list', rule: 'R27', why: 'Without a list RS256 alone is allowed, as Core has it', policy: { algorithms: undefined }, expect: 'accept' },
  { id: 'alg-default-list-es256', rule: 'R27', why: 'Without a list ES256 is not allowed', alg: 'ES256', policy: { algorithms: undefined }, expect: 'alg_not_allowed' },
  { id: 'alg-es256k', rule: 'R16', why: 'secp256k1 is not an algorithm of this verifier', alg: 'ES256K', keys: ['k256-1', 'p256-1'], policy: { algorithms: ['ES256'] }, expect: 'alg_not_allowed' },
  { id: 'alg-ed448', rule: 'R30', why: 'Ed448 is refused, only Ed25519 is EdDSA here', alg: 'EdDSA', header: { alg: 'Ed448' }, expect: 'alg_not_allowed' },
  { id: 'alg-ml-dsa', rule: 'R16', why: 'An algorithm from the future is refused like any unknown one', ...alg('ML-DSA-44'), expect: 'alg_not_allowed' },
  { id: 'alg-jwe-name', rule: 'R16', why: 'An encryption algorithm in a signed token; CVE-2023-51774', ...alg('RSA-OAEP'), expect: 'alg_not_allowed' },
  { id: 'alg-pbes2', rule: 'R105', why: 'CVE-2023-51775, CVE-2023-52428: a huge PBES2 count is refused before any work', header: { alg: 'PBES2-HS256+A128KW', p2c: 2147483647, p2s: 'AAAA' }, expect: 'alg_not_allowed' },

  // none.
  ...nones.map((value, i) => ({ id: `alg-none-${i + 1}`, rule: 'R17', why: `CVE-2015-9235: alg ${value} with no signature; OIDF oidcc-client-test-idtoken-sig-none`, header: { alg: value }, signature: () => '', expect: 'alg_none' })),
  ...nones.map((value, i) => ({ id: `alg-none-signed-${i + 1}`, rule: 'R17', why: `alg ${value} before a real signature is still none`, header: { alg: value }, expect: 'alg_none' })),
  { id: 'alg-none-no-kid', rule: 'R17', why: 'An unsigned token with nothing in the header but alg', header: { alg: 'none', kid: undefined }, signature: () => '', expect: 'alg_none' },

  // Key confusion.
  confused('pem', 'PEM text', pem('rsa-1')),
  confused('pem-trimmed', 'PEM text without the last newline', pem('rsa-1').trimEnd()),
  confused('der', 'DER bytes', der('rsa-1')),
  confused('jwk', 'JWK text (CVE-2026-107724, CVE-2026-48526)', JSON.stringify(jwk('rsa-1'))),
  confused('jwks', 'the JWKS text', JSON.stringify({ keys: [jwk('rsa-1')] })),
  confused('modulus', 'modulus bytes', Buffer.from(n, 'base64url')),
  confused('modulus-text', 'modulus text', n),
  confused('empty', 'nothing: the empty secret (CVE-2026-107720)', ''),
  { id: 'alg-hs256-oct-key', rule: 'R18', why: 'CVE-2021-46743: a secret in the key set does not make HS256 possible', alg: 'HS256', keys: [{ kty: 'oct', kid: 'rsa-1', k: b64u('secret') }, 'rsa-2'], signOptions: { secret: 'secret' }, policy: { algorithms: ['RS256'] }, expect: 'alg_not_allowed' },
  { id: 'alg-hs256-key-without-alg', rule: 'R18', why: 'CVE-2026-22817: a JWK without alg must not default to what the header says', alg: 'HS256', keys: [jwk('rsa-1', { use: undefined })], signOptions: { secret: n }, policy: { algorithms: ['RS256'] }, expect: 'alg_not_allowed' },
  { id: 'alg-hs512', rule: 'R18', why: 'Every HMAC algorithm is refused', alg: 'HS512', signOptions: { secret: pem('rsa-1') }, policy: { algorithms: ['RS256', 'RS512'] }, expect: 'alg_not_allowed' },

  // crit.
  { id: 'crit-unknown', rule: 'R19', why: 'CVE-2025-59420, CVE-2026-32597, CVE-2026-35042: an extension marked critical is not understood', header: { crit: ['x-policy'], 'x-policy': 1 }, expect: 'crit_unsupported' },
  { id: 'crit-exp', rule: 'R19', why: 'exp as a critical header is an extension, too', header: { crit: ['exp'], exp: 1 }, expect: 'crit_unsupported' },
  { id: 'crit-empty', rule: 'R19', why: 'An empty list is forbidden by RFC 7515', header: { crit: [] }, expect: 'crit_invalid' },
  { id: 'crit-null', rule: 'R19', why: 'crit must be a list', header: { crit: null }, expect: 'crit_invalid' },
  { id: 'crit-string', rule: 'R19', why: 'A single name is not a list', header: { crit: 'x', x: 1 }, expect: 'crit_invalid' },
  { id: 'crit-object', rule: 'R19', why: 'An object is not a list', header: { crit: { x: true }, x: 1 }, expect: 'crit_invalid' },
  { id: 'crit-number-entry', rule: 'R19', why: 'The entries must be strings', header: { crit: [1] }, expect: 'crit_invalid' },
  { id: 'crit-twice', rule: 'R19', why: 'No name may be listed twice', header: { crit: ['x', 'x'], x: 1 }, expect: 'crit_invalid' },
  { id: 'crit-registered', rule: 'R19', why: 'Names that RFC 7515 defines may not be listed', header: { crit: ['alg'] }, expect: 'crit_invalid' },
  { id: 'crit-registered-kid', rule: 'R19', why: 'kid is such a name', header: { crit: ['kid'] }, expect: 'crit_invalid' },
  ...Object.entries({ jku: 'x', jwk: {}, x5u: 'x', x5c: [], x5t: 'x', 'x5t#S256': 'x', typ: 'JWT', cty: 'x', enc: 'x', zip: 'DEF' })
    .map(([name, value]) => ({ id: `crit-registered-${name.toLowerCase().replace('#', '-')}`, rule: 'R19', why: `So is ${name}`, header: { crit: [name], [name]: value }, expect: 'crit_invalid' })),
  { id: 'crit-registered-crit', rule: 'R19', why: 'So is crit itself', header: { crit: ['crit'] }, expect: 'crit_invalid' },
  { id: 'crit-absent', rule: 'R19', why: 'A listed name must be in the header', header: { crit: ['x-absent'] }, expect: 'crit_invalid' },

  // b64, zip, cty, replicated claims.
  { id: 'b64-false', rule: 'R20', why: 'RFC 7797: b64 must not be used with JWTs', header: { b64: false }, expect: 'b64_unsupported' },
  { id: 'b64-true', rule: 'R20', why: 'Not even with the value that changes nothing', header: { b64: true }, expect: 'b64_unsupported' },
  { id: 'b64-null', rule: 'R20', why: 'Not with any value', header: { b64: null }, expect: 'b64_unsupported' },
  { id: 'b64-crit', rule: 'R20', why: 'b64 listed in crit, as RFC 7797 wants it, is still not for JWTs', header: { crit: ['b64'], b64: false }, expect: 'b64_unsupported' },
  { id: 'zip', rule: 'R25', why: 'CVE-2024-28176: compression is not defined for a JWS', header: { zip: 'DEF' }, expect: 'header_invalid' },
  { id: 'cty-jwt', rule: 'R24', why: 'cty JWT says that another token is nested inside', header: { cty: 'JWT' }, expect: 'cty_unexpected' },
  { id: 'cty-other', rule: 'R24', why: 'An ID Token has no content type', header: { cty: 'application/json' }, expect: 'cty_unexpected' },
  { id: 'header-claims-equal', rule: 'R26', why: 'Claims repeated in the header with equal values change nothing', header: { iss: 'https://idp.example', aud: 'my-client' }, expect: 'accept' },
  { id: 'header-unknown-member', rule: 'R16', why: 'Unknown header members that are not critical are ignored', header: { 'x-trace': 'abc', n: [1, { a: null }] }, expect: 'accept' },

  // kid types.
  ...Object.entries({ number: 1, null: null, empty: '', array: ['rsa-1'], object: {}, true: true }).map(([name, kid]) => ({ id: `kid-${name}`, rule: 'R22', why: `A kid must be a string with something in it, not ${JSON.stringify(kid)}`, header: { kid }, expect: 'kid_invalid' })),
  { id: 'kid-256', rule: 'R22', why: 'A kid of 256 bytes is matched', header: { kid: 'k'.repeat(256) }, keys: [jwk('rsa-1', { kid: 'k'.repeat(256) })], expect: 'accept' },
  { id: 'kid-257', rule: 'R22', why: 'A kid of 257 bytes is refused', header: { kid: 'k'.repeat(257) }, keys: [jwk('rsa-1', { kid: 'k'.repeat(257) })], expect: 'kid_invalid' },
  { id: 'kid-257-utf8', rule: 'R22', why: 'The bound counts bytes: 129 letters of two bytes are too many', header: { kid: '\u00e9'.repeat(129) }, expect: 'kid_invalid' },
  { id: 'kid-url', rule: 'R22', why: 'Any text may be a kid; this one is a name, not an address', header: { kid: 'https://idp.example/keys/1?a=b' }, keys: [jwk('rsa-1', { kid: 'https://idp.example/keys/1?a=b' })], expect: 'accept' },

  // typ.
  typ('JWT', 'accept', 'JWT is what an ID Token is', 'R23'),
  { ...typ('jwt', 'accept', 'Media types have no case', 'R23'), id: 'typ-jwt-lower' },
  typ('application/jwt', 'accept', 'The prefix may be written out', 'R23'),
  { ...typ('APPLICATION/JWT', 'accept', 'The prefix has no case either', 'R23'), id: 'typ-application-jwt-upper' },
  typ('', 'typ_unexpected', 'An empty typ is not JWT', 'R23'),
  typ('JOSE', 'typ_unexpected', 'JOSE is the name of the envelope, not of an ID Token', 'R23'),
  typ('JWT ', 'typ_unexpected', 'No trimming', 'R23'),
  { ...typ('text/jwt', 'typ_unexpected', 'Another media tree', 'R23'), id: 'typ-text-jwt' },
  { ...typ(1, 'typ_unexpected', 'typ must be a string', 'R23'), id: 'typ-number' },
  { ...typ(null, 'typ_unexpected', 'null is not a string', 'R23'), id: 'typ-null' },
  { ...typ(['JWT'], 'typ_unexpected', 'A list is not a string', 'R23'), id: 'typ-array' },
  foreign('at+jwt', 'kind_access_token'),
  { ...foreign('AT+JWT', 'kind_access_token'), id: 'typ-at-jwt-upper' },
  foreign('application/at+jwt', 'kind_access_token'),
  foreign('logout+jwt', 'kind_logout_token'),
  foreign('application/logout+jwt', 'kind_logout_token'),
  ...['dpop+jwt', 'secevent+jwt', 'kb+jwt', 'sd-jwt', 'dc+sd-jwt', 'oauth-authz-req+jwt', 'client-authentication+jwt', 'token-introspection+jwt', 'x-unheard-of+jwt', 'application/x-other+jwt'].map((value) => foreign(value)),
  typ('id_token+cnf', 'pop_required', 'A key-bound ID Token must not be trusted without its proof of possession', 'R101'),
  { ...typ('JWT', 'kind_logout_token', 'RFC 8725: a logout token that hides behind typ JWT, told by its event'), id: 'kind-logout-event', rule: 'R99', claims: { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } } },
  { id: 'kind-logout-event-no-typ', rule: 'R99', why: 'The same without typ', claims: { events: { 'http://schemas.openid.net/event/backchannel-logout': {} }, sid: 's1', jti: 'j1' }, expect: 'kind_logout_token' },
  { id: 'kind-other-event', rule: 'R99', why: 'Some other event does not make a logout token', claims: { events: { 'https://example.com/event/foo': {} } }, expect: 'accept' },
  { id: 'kind-access-shape', rule: 'R99', why: 'client_id and scope without nonce is the shape of an RFC 9068 access token: a warning', claims: { client_id: 'my-client', scope: 'openid mail', nonce: undefined }, expectations: { nonce: 'none_sent' }, expect: 'accept', warnings: ['kind_looks_like_access_token'] },
  { id: 'kind-access-shape-scp', rule: 'R99', why: 'The same with scp, as some providers write it', claims: { client_id: 'my-client', scp: ['openid'], nonce: undefined }, expectations: { nonce: 'not_checked' }, expect: 'accept', warnings: ['kind_looks_like_access_token'] },
  { id: 'kind-access-use', rule: 'R99', why: 'token_use access is how Amazon Cognito marks access tokens: a warning', claims: { token_use: 'access' }, expect: 'accept', warnings: ['kind_looks_like_access_token'] },
  { id: 'kind-id-use', rule: 'R99', why: 'token_use id marks an ID Token', claims: { token_use: 'id' }, expect: 'accept', warnings: [] },
  { id: 'kind-client-scope-nonce', rule: 'R99', why: 'With a nonce it is an ID Token, whatever else is in it', claims: { client_id: 'my-client', scope: 'openid' }, expect: 'accept', warnings: [] },
  { id: 'kind-client-scope-at-hash', rule: 'R99', why: 'So it is with at_hash, which binds an access token and is in none', claims: { client_id: 'my-client', scope: 'openid', at_hash: 'x', nonce: undefined }, expectations: { nonce: 'not_checked' }, expect: 'accept', warnings: [] },

  // Keys in the header.
  harmless('jwk', 'A public key', { jwk: jwk('rsa-1') }),
  harmless('jku', 'The address of a key set', { jku: 'https://idp.example/jwks' }),
  harmless('x5u', 'The address of a certificate', { x5u: 'https://idp.example/cert' }),
  harmless('x5c', 'A certificate', { x5c: CERTIFICATE }),
  harmless('x5t', 'A certificate thumbprint', { x5t: 'dGh1bWJwcmludA' }),
  harmless('x5t-s256', 'A SHA-256 certificate thumbprint', { 'x5t#S256': 'dGh1bWJwcmludA' }),
  harmless('not-a-key', 'Even a jwk that is no key', { jwk: 'nonsense' }),
  attacker('jwk', 'a key', { jwk: jwk('rsa-2') }),
  attacker('jwk-same-kid', 'a key with the trusted kid', { jwk: jwk('rsa-2', { kid: 'rsa-1' }) }),
  attacker('jku', 'an address', { jku: 'https://evil.example/jwks' }),
  attacker('x5u', 'an address', { x5u: 'https://evil.example/cert' }),
  attacker('x5c', 'a certificate', { x5c: [der('rsa-2').toString('base64')] }),
  { id: 'embedded-jwk-unknown-kid', rule: 'R21', why: 'CVE-2025-24976: an unknown kid does not make the key in the header the one to use', header: { jwk: jwk('rsa-2'), kid: 'rsa-2' }, signKey: 'rsa-2', expect: 'key_not_found' },
];
