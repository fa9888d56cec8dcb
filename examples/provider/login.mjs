// A real OpenID Connect login without a browser: the authorization request with PKCE, state and
// nonce, the redirects followed by hand with a cookie jar, the button on the login page pressed,
// and the code exchanged. It plays the user's browser and the web application in one.

import { createHash, randomBytes } from 'node:crypto'

export const random = () => randomBytes(32).toString('base64url')
export const sha256 = text => createHash('sha256').update(text).digest('base64url')

/**
 * @param client  { clientId, clientSecret?, redirectUri }
 * @param options responseType ('code' unless told), responseMode, nonce, maxAge,
 *                claims (what the ID Token shall carry besides the usual)
 * @returns { idToken, accessToken, code, nonce } where front-channel response types give what came
 *          through the browser, with the code not yet spent
 */
export async function login(issuer, client, options = {}) {
  const { responseType = 'code', responseMode, nonce = random(), maxAge, claims } = options
  const { authorization_endpoint, token_endpoint } = await discover(issuer)
  const state = random()
  const pkceVerifier = random()

  const request = new URL(authorization_endpoint)
  request.search = new URLSearchParams({
    response_type: responseType,
    client_id: client.clientId,
    redirect_uri: client.redirectUri,
    scope: 'openid',
    state,
    nonce,
    ...(responseType.includes('code') && { code_challenge: sha256(pkceVerifier), code_challenge_method: 'S256' }),
    ...(responseMode && { response_mode: responseMode }),
    ...(maxAge !== undefined && { max_age: maxAge }),
    ...(claims && { claims: JSON.stringify({ id_token: claims }) }),
  })

  const answer = await authorize(request, client.redirectUri)
  if (answer.error) throw new Error(`the provider refused: ${answer.error} (${answer.error_description})`)
  if (answer.state !== state) throw new Error('the answer belongs to another login: wrong state')
  if (answer.iss !== undefined && answer.iss !== issuer) throw new Error('the answer comes from another issuer')

  const tokens = responseType === 'code'
    ? await exchange(token_endpoint, client, answer.code, pkceVerifier)
    : answer
  return { idToken: tokens.id_token, accessToken: tokens.access_token, code: answer.code, nonce }
}

async function discover(issuer) {
  const response = await fetch(`${issuer}/.well-known/openid-configuration`, { redirect: 'error' })
  if (!response.ok) throw new Error(`discovery answered ${response.status}`)
  const document = await response.json()
  if (document.issuer !== issuer) throw new Error('the discovery document names another issuer')
  return document
}

// Goes from the authorization request to the redirect URI as a browser would, but reads that last
// redirect instead of following it.
async function authorize(start, redirectUri) {
  const cookies = new Map()
  let next = { url: start, method: 'GET' }

  for (let step = 0; step < 10; step += 1) {
    const response = await fetch(next.url, {
      method: next.method,
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    })
    keepCookies(cookies, response.headers.getSetCookie())

    const location = response.headers.get('location')
    if (location) {
      const url = new URL(location, next.url)
      if (url.href.startsWith(redirectUri)) return Object.fromEntries(new URLSearchParams(url.hash.slice(1) || url.search))
      next = { url, method: 'GET' }
      continue
    }

    const page = await response.text()
    if (response.status !== 200) throw new Error(`${next.url.pathname} answered ${response.status}: ${page}`)
    if (page.includes(redirectUri)) return hiddenFields(page) // response_mode=form_post
    next = { url: next.url, method: 'POST' } // the login page: press its button
  }
  throw new Error('the login did not come to an end')
}

function keepCookies(cookies, lines) {
  for (const line of lines) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)
    if (value) cookies.set(name, value)
    else cookies.delete(name)
  }
}

function hiddenFields(page) {
  const fields = page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)
  return Object.fromEntries([...fields].map(([, name, value]) => [name, value]))
}

async function exchange(endpoint, client, code, pkceVerifier) {
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: client.redirectUri,
    code_verifier: pkceVerifier,
  })
  const headers = {}
  if (client.clientSecret) headers.authorization = `Basic ${btoa(`${client.clientId}:${client.clientSecret}`)}`
  else form.set('client_id', client.clientId)

  const response = await fetch(endpoint, { method: 'POST', headers, body: form })
  const tokens = await response.json()
  if (!response.ok) throw new Error(`the token endpoint answered ${response.status}: ${tokens.error}`)
  return tokens
}
