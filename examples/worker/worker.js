// A CDN worker that lets a request in only with an ID Token it may believe (Cloudflare module syntax).
//
//   Authorization: Bearer <ID Token>
//   Cookie: __Host-login=<secret made when this browser began to log in>
//
// Bindings: POLICY (JSON, see the package's type `Policy`), JWKS_URI, and OPERATOR_KEY if the
// check-by-check report shall be reachable.
//
// About the nonce. Whoever steals a token can read the nonce in it, so a nonce that the caller
// merely repeats proves nothing. Here the browser keeps a random secret in an HttpOnly cookie and
// the provider saw only its SHA-256 as the nonce (OpenID Connect Core, section 15.5.2); the policy
// says so with nonceTransform "sha256_b64url". In production the login handler of the same site
// sets that cookie, or keeps the nonce in a server-side session and this worker reads it there.

import { IdTokenError, KeySet, Verifier } from 'idtoken'

let verifier // one for the life of the isolate: a policy is checked once

export default {
  async fetch(request, env) {
    const token = /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
    const loginSecret = /(?:^|; )__Host-login=([^;]+)/.exec(request.headers.get('cookie') ?? '')?.[1]
    if (!token) return refuse(401, 'token_missing', 'R1')
    if (!loginSecret) return refuse(401, 'no_login_session') // this worker's own word: there is nothing to compare with

    const keysText = await fetchKeys(env.JWKS_URI)
    if (keysText === undefined) return refuse(503, 'jwks_unavailable', 'R118')

    try {
      verifier ??= new Verifier(env.POLICY)
      const keys = new KeySet(keysText)
      if (new URL(request.url).pathname === '/explain') return explain(request, env, token, keys, loginSecret)

      const { claims } = verifier.verify(token, keys, { nonce: loginSecret })
      return Response.json({ sub: claims.sub })
    } catch (error) {
      if (!(error instanceof IdTokenError)) throw error
      return refuse(error.status, error.code, error.rule)
    }
  },
}

// Asks for the keys on every request, so that each step can be seen; plain and slow. `RemoteVerifier` of
// idtoken/remote keeps them, follows a rotation and survives an outage.
async function fetchKeys(uri) {
  try {
    const response = await fetch(uri, { redirect: 'manual', signal: AbortSignal.timeout(5000) })
    return response.status === 200 ? await response.text() : undefined
  } catch {
    return undefined // the provider cannot be reached: not the caller's fault, hence 503 and not 401
  }
}

// The code says which rule failed, and nothing of the token is repeated.
function refuse(status, code, rule) {
  const headers = { 'cache-control': 'no-store' }
  if (status === 401) headers['www-authenticate'] = `Bearer error="${challenge(code)}", error_description="${code}"`
  if (status === 503) headers['retry-after'] = '5'
  return Response.json({ code, rule }, { status, headers })
}

// RFC 9470 has a word of its own for "log in again, and better"; everything else is RFC 6750's.
function challenge(code) {
  return /^(acr|amr|auth_time)_/.test(code) ? 'insufficient_user_authentication' : 'invalid_token'
}

// A report shows parts of a token and belongs to the operator, never to the caller: do not serve it
// on the public address. The demo does so on loopback only, behind a random key which it hands in
// as a binding; without that binding the route does not exist.
function explain(request, env, token, keys, loginSecret) {
  const given = new TextEncoder().encode(request.headers.get('x-operator-key') ?? '')
  const wanted = new TextEncoder().encode(env.OPERATOR_KEY ?? '')
  const same = wanted.length > 0 && given.length === wanted.length && crypto.subtle.timingSafeEqual(given, wanted)
  return same ? Response.json(verifier.explain(token, keys, { nonce: loginSecret })) : new Response(null, { status: 404 })
}
