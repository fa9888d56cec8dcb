// Tokens for the tests, made by Node's own crypto.
import { generateKeyPairSync, sign } from 'node:crypto'

export const ISSUER = 'https://idp.example'
export const CLIENT = 'my-client'

const PAIRS = {
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  EdDSA: () => generateKeyPairSync('ed25519'),
}

/** A key pair: `jwk` is what the provider publishes. */
export function makeKey(kid, alg = 'ES256') {
  const { publicKey, privateKey } = PAIRS[alg]()
  return { kid, alg, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' } }
}

/** A good token of five minutes; members of `claims` that are undefined are left out. */
export function makeToken(key, claims = {}, header = {}) {
  const now = Math.floor(Date.now() / 1000)
  const all = { iss: ISSUER, aud: CLIENT, sub: 'alice', iat: now, exp: now + 300, ...claims }
  const text = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const input = `${text({ alg: key.alg, kid: key.kid, typ: 'JWT', ...header })}.${text(all)}`
  const hash = key.alg === 'EdDSA' ? null : 'sha256'
  const signature = sign(hash, Buffer.from(input), { key: key.privateKey, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}

export const bearer = (token) => ({ authorization: `Bearer ${token}` })

/** A provider of the filter's configuration with keys in it. */
export const local = (keys, more = {}) => ({
  issuer: ISSUER,
  client_id: CLIENT,
  algorithms: ['ES256'],
  local_jwks: { inline_string: JSON.stringify({ keys: keys.map((key) => key.jwk) }) },
  ...more,
})

/** One whose keys are fetched. */
export const remote = (uri, more = {}, options = {}) => ({
  issuer: ISSUER,
  client_id: CLIENT,
  algorithms: ['ES256'],
  remote_jwks: { http_uri: { uri, cluster: 'jwks', timeout: '2s' }, ...options },
  ...more,
})
