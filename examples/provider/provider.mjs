// A real OpenID Provider on a free loopback port, for the demo and the tests.
// It keeps everything in memory, has one test account and signs it in at the press of one button.
//
//   const provider = await startProvider({ clients: [...] })
//   provider.issuer, provider.jwksUri
//   await provider.rotate()             new signing keys; the old ones are gone from the JWKS
//   provider.setIdTokenLifetime(2)      seconds, for the ID Tokens issued from now on
//   provider.setOutage(true)            every request is answered with 503
//   await provider.close()

import { generateKeyPair, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { promisify } from 'node:util'
import { Provider } from 'oidc-provider'
import { memoryStore } from './store.mjs'

export const ACCOUNT = 'alice'
export const ACR = 'urn:example:loa:2' // what the login page vouches for
export const AMR = ['pwd', 'otp']
export const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'ES512', 'EdDSA']

export async function startProvider({ clients = [] } = {}) {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${server.address().port}`

  const state = { generation: 0, idTokenLifetime: 3600, outage: false }
  const shared = { clients, state, adapter: memoryStore(), cookieKeys: [randomBytes(32).toString('base64url')] }
  let provider, answer

  // oidc-provider reads its keys once, when it is built. So new keys mean a new Provider; it takes
  // the place of the old one behind the same server, over the same store, and sessions live on.
  async function rotate() {
    state.generation += 1
    provider = createProvider(issuer, await newSigningKeys(state.generation), shared)
    answer = provider.callback()
  }

  await rotate()
  server.on('request', (req, res) => {
    if (state.outage) return void res.writeHead(503).end()
    if (!req.url.startsWith('/interaction/')) return void answer(req, res)
    signIn(provider, req, res).catch(error => res.writeHead(400).end(`${error.message}\n`))
  })

  return {
    issuer,
    jwksUri: `${issuer}/jwks`,
    rotate,
    setIdTokenLifetime: seconds => { state.idTokenLifetime = seconds },
    setOutage: on => { state.outage = on },
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function createProvider(issuer, keys, { clients, state, adapter, cookieKeys }) {
  return new Provider(issuer, {
    adapter,
    clients,
    jwks: { keys },
    cookies: { keys: cookieKeys },
    enabledJWA: { idTokenSigningAlgValues: ALGORITHMS },
    responseTypes: ['code', 'code id_token', 'code id_token token', 'id_token token'],
    pkce: { required: () => true },
    acrValues: [ACR],
    claims: { openid: ['sub'], acr: null, amr: null, auth_time: null, iss: null, sid: null },
    features: { claimsParameter: { enabled: true }, devInteractions: { enabled: false } },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    // A page may call the token endpoint from the origin that it registered, and from no other.
    clientBasedCORS: (_ctx, origin, client) => client.redirectUris.some(uri => new URL(uri).origin === origin),
    renderError: (ctx, out) => { ctx.type = 'json'; ctx.body = out },
    ttl: {
      AccessToken: 3600, AuthorizationCode: 60, Grant: 3600, Interaction: 600, Session: 3600,
      IdToken: () => state.idTokenLifetime,
    },
  })
}

// The login page: a person presses the button, a script posts the same form. Login and consent are
// answered together, because the demo is about what happens afterwards.
async function signIn(provider, req, res) {
  const { params } = await provider.interactionDetails(req, res)
  if (req.method !== 'POST') {
    res.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
    return res.end(`<!doctype html><html lang="en"><title>Sign in</title>
<h1>Demo provider</h1><p>An application asks who you are.</p>
<form method="post"><button autofocus>Sign in as ${ACCOUNT}</button></form></html>`)
  }
  const grant = new provider.Grant({ accountId: ACCOUNT, clientId: params.client_id })
  grant.addOIDCScope(params.scope)
  await provider.interactionFinished(req, res, {
    login: { accountId: ACCOUNT, acr: ACR, amr: AMR },
    consent: { grantId: await grant.save() },
  })
}

// One key for each algorithm: a key that says its "alg" verifies nothing else.
async function newSigningKeys(generation) {
  const generate = promisify(generateKeyPair)
  const kinds = {
    RS256: ['rsa', { modulusLength: 2048 }],
    PS256: ['rsa', { modulusLength: 2048 }],
    ES256: ['ec', { namedCurve: 'P-256' }],
    ES384: ['ec', { namedCurve: 'P-384' }],
    ES512: ['ec', { namedCurve: 'P-521' }],
    EdDSA: ['ed25519', {}],
  }
  return Promise.all(ALGORITHMS.map(async alg => {
    const { privateKey } = await generate(...kinds[alg])
    return { ...privateKey.export({ format: 'jwk' }), alg, use: 'sig', kid: `${alg.toLowerCase()}-${generation}` }
  }))
}
