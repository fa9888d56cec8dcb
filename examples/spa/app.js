// A single-page application that logs in with authorization code, PKCE, state and nonce, and then
// decides by itself whether to believe the ID Token.
//
// With a bundler this line reads: import { ... } from 'idtoken'
import { IdTokenError, KeySet, Verifier, init } from './idtoken/web.js'

const SESSION_KEY = 'login'
const { issuer, clientId } = await (await fetch('config.json')).json() // a real page has these two written down
const redirectUri = new URL('.', location.href).href

document.querySelector('#sign-in').addEventListener('click', () => beginLogin().catch(showError))
document.body.dataset.ready = '' // the button works from here on
if (new URLSearchParams(location.search).has('state')) await completeLogin().catch(showError)

async function beginLogin() {
  const login = { state: random(), nonce: random(), codeVerifier: random() }
  sessionStorage.setItem(SESSION_KEY, JSON.stringify(login))

  const { authorization_endpoint } = await discover()
  const url = new URL(authorization_endpoint)
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: 'openid',
    state: login.state,
    nonce: login.nonce,
    code_challenge: await sha256(login.codeVerifier),
    code_challenge_method: 'S256',
  })
  location.assign(url)
}

async function completeLogin() {
  const answer = new URLSearchParams(location.search)
  const login = JSON.parse(sessionStorage.getItem(SESSION_KEY))
  sessionStorage.removeItem(SESSION_KEY) // nonce, state and verifier are good for one login
  history.replaceState(null, '', redirectUri) // and the code goes out of the address bar

  if (login === null) throw new Error('no login was begun in this tab')
  if (answer.get('state') !== login.state) throw new Error('the answer belongs to another login')
  if (answer.get('iss') !== issuer) throw new Error('the answer comes from another issuer') // RFC 9207
  if (answer.has('error')) throw new Error(`the provider refused: ${answer.get('error')}`)

  const { token_endpoint, jwks_uri } = await discover()
  const tokens = await getJson(token_endpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: answer.get('code'),
      redirect_uri: redirectUri,
      client_id: clientId,
      code_verifier: login.codeVerifier,
    }),
  })
  const jwks = await (await fetch(jwks_uri, { redirect: 'error' })).text()

  await init() // loads core-simd.wasm or core.wasm, which lie next to web.js; the page's CSP allows it with 'wasm-unsafe-eval'
  const verifier = new Verifier({ issuer, clientId, algorithms: ['ES256'] })
  const keys = new KeySet(jwks)
  const expectations = { nonce: login.nonce, accessToken: tokens.access_token }

  showReport(verifier.explain(tokens.id_token, keys, expectations))
  const { claims } = verifier.verify(tokens.id_token, keys, expectations)
  show('accepted', `Signed in as ${claims.sub}`)
}

async function discover() {
  const document = await getJson(`${issuer}/.well-known/openid-configuration`)
  if (document.issuer !== issuer) throw new Error('the discovery document names another issuer')
  return document
}

async function getJson(url, options) {
  const response = await fetch(url, { redirect: 'error', ...options })
  if (!response.ok) throw new Error(`${new URL(url).pathname} answered ${response.status}`)
  return response.json()
}

function showError(error) {
  const known = error instanceof IdTokenError
  show('refused', known ? `Refused: ${error.code} (${error.rule}, ${error.clause}) ${error.hint ?? ''}` : `Refused: ${error.message}`)
}

function show(verdict, text) {
  const line = document.querySelector('#verdict')
  line.textContent = text
  line.dataset.verdict = verdict
}

function showReport(report) {
  const rows = report.checks.map(check => {
    const row = document.createElement('tr')
    for (const name of ['status', 'id', 'rule', 'clause', 'expected', 'found']) {
      row.insertCell().textContent = check[name] ?? ''
    }
    row.cells[0].className = check.status
    return row
  })
  document.querySelector('#report tbody').replaceChildren(...rows)
  document.querySelector('#report').hidden = false
}

const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)))
const sha256 = async text => base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))))
const base64url = bytes => btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
