// Requests that the worker must refuse: what is sent, and the answer it has to give.
// Most tokens are real ones of the provider in the wrong place; the forged ones start from a real one.

import { createHmac, createPublicKey } from 'node:crypto'
import { login } from '../provider/login.mjs'
import { logInFor } from './session.mjs'

/**
 * Each entry: { sent, meaning, status, code, send() → { token, secret } }.
 * `provider` is the one the worker trusts, `stranger` another one with the same clients.
 */
export function refusals({ provider, stranger, web, other, good }) {
  return [
    {
      sent: 'the same token, its subject changed',
      meaning: 'somebody edited the claims; the signature no longer fits',
      status: 401, code: 'signature_invalid',
      send: () => ({ ...good, token: withClaims(good.token, { sub: 'admin' }) }),
    },
    {
      sent: 'a real token of another client',
      meaning: 'issued to another application and replayed here',
      status: 401, code: 'aud_mismatch',
      send: () => logInFor(provider, other),
    },
    {
      sent: 'a real token, past its lifetime',
      meaning: 'it was good, and is over',
      status: 401, code: 'exp_expired',
      async send() {
        provider.setIdTokenLifetime(1)
        const brief = await logInFor(provider, web)
        provider.setIdTokenLifetime(3600)
        await new Promise(resolve => setTimeout(resolve, 1200))
        return brief
      },
    },
    {
      sent: 'a real token, with the cookie of another login',
      meaning: 'a stolen token: the thief does not have the secret behind the nonce',
      status: 401, code: 'nonce_mismatch',
      send: async () => ({ token: good.token, secret: (await logInFor(provider, web)).secret }),
    },
    {
      sent: 'a real token of a weaker login',
      meaning: 'nothing says that the user was authenticated as this service demands',
      status: 401, code: 'acr_missing',
      send: () => logInFor(provider, web, { maxAge: 3600 }),
    },
    {
      sent: 'alg "none", signature removed',
      meaning: 'an unsigned token is nobody\'s word',
      status: 401, code: 'alg_none',
      send: () => ({ ...good, token: `${withHeader(good.token, { alg: 'none' })}.` }),
    },
    {
      sent: 'HS256, signed with the public RSA key',
      meaning: 'a public key used as if it were a shared secret',
      status: 401, code: 'alg_not_allowed',
      send: async () => ({ ...good, token: await signedWithPublicKey(good.token, provider) }),
    },
    {
      sent: 'a real token of another provider',
      meaning: 'right client, right kid, wrong issuer',
      status: 401, code: 'iss_mismatch',
      send: () => logInFor(stranger, web),
    },
    {
      sent: 'the access token in place of the ID Token',
      meaning: 'not a JWT at all',
      status: 401, code: 'token_segments',
      async send() {
        const { accessToken } = await login(provider.issuer, web)
        return { ...good, token: accessToken }
      },
    },
    {
      sent: 'a token of more than 16 KiB',
      meaning: 'refused by its length, before anything is read',
      status: 401, code: 'token_too_large',
      send: () => ({ ...good, token: good.token + 'A'.repeat(16 * 1024) }),
    },
    {
      sent: 'no token',
      meaning: 'nothing to decide',
      status: 401, code: 'token_missing',
      send: () => ({}),
    },
    {
      sent: 'the good token, while the keys cannot be fetched',
      meaning: 'the provider is away: try again, the caller did nothing wrong',
      status: 503, code: 'jwks_unavailable',
      send() {
        provider.setOutage(true)
        return good
      },
      after: () => provider.setOutage(false),
    },
    {
      sent: 'the good token, its key rotated away',
      meaning: 'the provider withdrew the key; the token has to be renewed',
      status: 401, code: 'key_not_found',
      async send() {
        await provider.rotate()
        return good
      },
    },
  ]
}

const decode = part => JSON.parse(Buffer.from(part, 'base64url'))
const encode = value => Buffer.from(JSON.stringify(value)).toString('base64url')

function withClaims(token, claims) {
  const [header, payload, signature] = token.split('.')
  return [header, encode({ ...decode(payload), ...claims }), signature].join('.')
}

/** Header and payload without a signature. */
function withHeader(token, members) {
  const [header, payload] = token.split('.')
  return [encode({ ...decode(header), ...members }), payload].join('.')
}

async function signedWithPublicKey(token, provider) {
  const { keys } = await (await fetch(provider.jwksUri)).json()
  const jwk = keys.find(key => key.kid === decode(token.split('.')[0]).kid)
  const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
  const input = withHeader(token, { alg: 'HS256' })
  return `${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`
}
