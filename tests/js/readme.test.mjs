// The examples of both READMEs: they compile, and they run, with real tokens in place of what they leave open.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { KeySet, Verifier } from 'idtoken'
import { makeIssuer } from './issuer.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
// Inside the repository, where "idtoken" is found.
const folder = `${root}target/readme`

const now = Math.floor(Date.now() / 1000)
const { policy, jwks, sign } = makeIssuer({ issuer: 'https://idp.example', clientId: 'my-client' })
const issue = (claims, header) => sign({ iat: now, exp: now + 300, ...claims }, header)
const nonce = 'nonce'
const code = 'code'
const events = { 'http://schemas.openid.net/event/backchannel-logout': {} }
const verifier = new Verifier(policy)
const keys = new KeySet(JSON.stringify(jwks))
const idToken = issue({ nonce })

/** What the examples leave open, as globals; the types are written beside it. */
const given = {
  token: idToken,
  idToken,
  refreshedIdToken: issue({}),
  storedIdToken: JSON.stringify(verifier.verify(idToken, keys, { nonce })),
  idTokenOfFragment: issue({ nonce, c_hash: createHash('sha256').update(code).digest().subarray(0, 16).toString('base64url') }),
  logoutToken: issue({ events, jti: 'j', sid: 's' }, { typ: 'logout+jwt' }),
  accessToken: issue({ aud: 'https://api.example' }, { typ: 'at+jwt' }),
  jwksText: JSON.stringify(jwks),
  jwksTextOfPartner: JSON.stringify(makeIssuer().jwks),
  nonce,
  nonceOfThisLogin: nonce,
  code,
  domain: 'shop.eu.auth0.com',
}

const examples = ['README.md', 'pkg/README.md'].flatMap((page) => {
  const blocks = readFileSync(root + page, 'utf8').matchAll(/^```js\n(.*?)^```/gms)
  return [...blocks].map(([, source], at) => ({ name: `example ${at + 1} of ${page}`, file: `${page.replace('/', '-')}-${at + 1}.mjs`, source }))
})

let server
before(async () => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const { file, source } of examples) writeFileSync(`${folder}/${file}`, `${source}\nexport {}\n`)
  server = createServer((_request, response) => response.end(JSON.stringify(jwks)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const jwksUri = `http://127.0.0.1:${server.address().port}/jwks`
  Object.assign(globalThis, given, { jwksUri, verifier, keys })
})
after(() => {
  server.close()
  server.closeAllConnections()
})

test('the examples compile', () => {
  const names = [...Object.keys(given), 'jwksUri'].map((name) => `declare const ${name}: string`)
  const objects = ["declare const keys: import('idtoken').KeySet", "declare const verifier: import('idtoken').Verifier"]
  writeFileSync(`${folder}/given.d.ts`, [...names, ...objects].join('\n'))
  const files = ['given.d.ts', ...examples.map(({ file }) => file)].map((file) => `target/readme/${file}`)
  const options = ['--allowJs', '--checkJs', '--noEmit', '--strict', '--noImplicitAny', 'false', '--target', 'es2022', '--lib', 'es2022,dom', '--types', '']
  const args = ['node_modules/typescript/bin/tsc', ...options, '--module', 'nodenext', ...files]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  assert.equal(status, 0, stdout + stderr)
})

for (const { name, file } of examples) {
  test(`${name} runs`, async () => {
    const module = await import(`${folder}/${file}`)
    const answer = await module.default?.fetch?.(new Request('https://app.example'))
    if (answer) assert.equal(await answer.text(), 'Hello, alice')
  })
}

test('there are examples of everything', () => {
  const all = examples.map(({ source }) => source).join('\n')
  const words = ['verifyLogout', 'requireAccessToken', 'classify', 'previous', 'frontChannel', 'responseType', 'tenants', 'presets', 'init']
  for (const word of words) assert.match(all, new RegExp(`\\b${word}\\b`), word)
})
