// What the tests share: an issuer with a fresh key, whose headers and claims are written as given, sound or not.

import { generateKeyPairSync, sign as rawSign } from 'node:crypto'

const base64url = (value) => Buffer.from(value).toString('base64url')

export function makeIssuer({ issuer = 'https://idp.example', clientId = 'client', kid = 'key-1' } = {}) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }] }

  /** Signs claims (an object, or JSON text as it stands) over sound defaults for the time NOW. */
  function sign(claims = {}, header = {}) {
    const defaults = { iss: issuer, sub: 'alice', aud: clientId, iat: NOW, exp: NOW + 300 }
    const payload = typeof claims === 'string' ? claims : JSON.stringify({ ...defaults, ...claims })
    const input = `${base64url(JSON.stringify({ alg: 'RS256', kid, ...header }))}.${base64url(payload)}`
    return `${input}.${rawSign('sha256', Buffer.from(input), privateKey).toString('base64url')}`
  }
  return { policy: { issuer, clientId }, jwks, sign }
}

/** What `overflow` of tests/runtimes needs. */
export function overflowCase() {
  const { policy, jwks, sign } = makeIssuer()
  const token = sign()
  return { policy, jwks, token, forgery: `${token.slice(0, -8)}AAAAAAAA`, now: NOW }
}

export const NOW = 1_800_000_000

/** What `work` throws. */
export function caught(work) {
  try {
    work()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
