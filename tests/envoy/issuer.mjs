// Tokens for the tests, made by Node's own crypto.
import { createSign, generateKeyPairSync } from 'node:crypto'

export const ISSUER = 'https://idp.example'
export const CLIENT = 'my-client'

/** A key pair: `jwk` is what the provider publishes. */
export function makeKey(kid) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' } }
}

/** A good token of five minutes; members of `claims` that are undefined are left out. */
export function makeToken(key, claims = {}, header = {}) {
  const now = Math.floor(Date.now() / 1000)
  const all = { iss: ISSUER, aud: CLIENT, sub: 'alice', iat: now, exp: now + 300, ...claims }
  const text = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const input = `${text({ alg: 'ES256', kid: key.kid, typ: 'JWT', ...header })}.${text(all)}`
  const signature = createSign('SHA256').update(input).sign({ key: key.privateKey, dsaEncoding: 'ieee-p1363' })
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
