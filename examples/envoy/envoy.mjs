#!/usr/bin/env node
// Ingress with real parts: a provider, an Envoy with the filter, and a service that believes the headers it gets.
//
//   node examples/envoy/envoy.mjs            runs through and ends
//   node examples/envoy/envoy.mjs --keep     leaves everything up, to try by hand, until Ctrl-C
//
// It takes Envoy from ENVOY, from target/envoy (where `cargo xtask test envoy` puts it) or from PATH.

import { strict as assert } from 'node:assert'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { headersFor, logInFor } from '../demo/session.mjs'
import { bold, dim, green, heading, red, say, step } from '../demo/print.mjs'
import { webClient } from '../provider/clients.mjs'
import { random } from '../provider/login.mjs'
import { startProvider } from '../provider/provider.mjs'

const here = name => fileURLToPath(new URL(name, import.meta.url))
const FILTER = here('../../proxy-wasm/dist/idtoken_proxy_wasm.wasm')
const INSTALLED = here('../../target/envoy/bin/envoy')
const ENVOY = process.env.ENVOY ?? (existsSync(INSTALLED) ? INSTALLED : 'envoy')

const keep = process.argv.includes('--keep')
const opened = []
let ending
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => closeAll().then(() => process.exit(keep ? 0 : 1)))

try {
  if (!existsSync(FILTER)) throw new Error('the filter is not built yet: run `cargo xtask build` first')
  await demo()
} catch (error) {
  if (ending === undefined) say(red(`\nThe demo failed: ${error.stack}`))
  process.exitCode = 1
} finally {
  await closeAll()
}

async function demo() {
  const web = webClient('web-app')
  heading('Three parts, each on 127.0.0.1')
  const provider = await step('provider: oidc-provider', () => open(startProvider({ clients: [web.metadata] })))
  const service = await step('service: it believes x-user, because only Envoy reaches it', () => open(startService()))
  const envoy = await step('envoy: the filter in front of the service', () => open(startEnvoy(provider, service)))

  heading('A good login')
  const good = await step('a real login: an ID Token, and the cookie behind its nonce', () => logInFor(provider, web))
  await step('the service knows the user, and never sees the token', async () => {
    const { status, body } = await call(envoy, '/', headersFor(good))
    assert.equal(status, 200)
    assert.deepEqual([body['x-user'], body.authorization], ['alice', undefined])
    assert.equal(JSON.parse(Buffer.from(body['x-claims'], 'base64url')).iss, provider.issuer)
  })
  await step('who forges x-user, X_User and x-claims is still alice', async () => {
    const forged = { 'x-user': 'root', X_User: 'root', 'x-claims': 'e30' }
    const { body } = await call(envoy, '/', { ...headersFor(good), ...forged })
    assert.deepEqual([body['x-user'], body.x_user], ['alice', undefined])
    assert.notEqual(body['x-claims'], 'e30')
  })
  await step('an open path needs no token, and forged identity does not pass there either', async () => {
    const { status, body } = await call(envoy, '/health', { 'x-user': 'root' })
    assert.deepEqual([status, body['x-user']], [200, undefined])
  })

  heading('What Envoy refuses')
  for (const [sent, path, headers, status, expected] of [
    ['no token', '/', {}, 401, 'Bearer realm="demo"'],
    ['a stolen token, without the cookie', '/', headersFor({ token: good.token }), 401, /nonce_mismatch/],
    ['the cookie of another login', '/', headersFor({ ...good, secret: random() }), 401, /nonce_mismatch/],
    ['a changed token', '/', headersFor({ ...good, token: `${good.token.slice(0, -9)}AAAAAAAAA` }), 401, /signature_invalid/],
    ['two different tokens', '/', [...Object.entries(headersFor(good)).flat(), 'authorization', 'Bearer x', 'host', 'h'], 401, /token_ambiguous/],
    ['a path with dots', '/health/../vault', headersFor(good), 400, undefined],
    ['a login too weak for this path', '/vault', headersFor(good), 401, /insufficient_user_authentication.*acr_values="urn:example:loa:3"/],
  ]) {
    await step(`${sent}: ${status}`, async () => {
      const answer = await call(envoy, path, headers)
      assert.equal(answer.status, status, JSON.stringify(answer))
      if (expected instanceof RegExp) assert.match(answer.challenge, expected)
      else assert.equal(answer.challenge, expected)
    })
  }

  heading('Keys')
  await step('the provider rotates its keys: a new login is accepted, the old token is not', async () => {
    await provider.rotate()
    await new Promise(done => setTimeout(done, 1200)) // the cooldown of this configuration
    assert.equal((await call(envoy, '/', headersFor(await logInFor(provider, web)))).status, 200)
    assert.match((await call(envoy, '/', headersFor(good))).challenge, /key_not_found/)
  })
  await step('the provider is away: whoever has a token still gets in', async () => {
    const session = await logInFor(provider, web)
    provider.setOutage(true)
    assert.equal((await call(envoy, '/', headersFor(session))).status, 200)
    provider.setOutage(false)
  })

  heading('What the operator sees')
  for (const line of (await envoy.metrics()).split('\n').filter(line => /^idtoken_(validations|jwks)/.test(line))) say(dim(line))
  const audit = envoy.logs().split('\n').flatMap(line => /\{"activity_id".*/.exec(line) ?? [])
  say(dim(`\n${audit.at(-1)}`))
  say(green('\ndone'))

  if (!keep) return
  const { authorization, cookie } = headersFor(await logInFor(provider, web))
  heading('Still up')
  say(`ingress   ${envoy.url}/`)
  say(`metrics   ${envoy.admin}/stats/prometheus`)
  say(`\nA fresh login, good for an hour:\ncurl -i ${envoy.url}/ -H 'authorization: ${authorization}' -H 'cookie: ${cookie}'`)
  say(bold('\nCtrl-C ends everything.'))
  await new Promise(() => {})
}

async function open(opening) {
  const part = await opening
  opened.push(part)
  return part
}

function closeAll() {
  return (ending ??= Promise.allSettled(opened.reverse().map(part => part.close())))
}

/** Answers with the header it got. */
async function startService() {
  const server = createServer((request, response) => response.end(JSON.stringify(request.headers)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: server.address().port, close: () => closed(server) }
}

async function closed(server) {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
}

async function freePort() {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  await closed(server)
  return port
}

async function startEnvoy(provider, service) {
  const folder = mkdtempSync(join(tmpdir(), 'idtoken-envoy-'))
  const [ingress, admin] = [await freePort(), await freePort()]
  const values = { ADMIN_PORT: admin, INGRESS_PORT: ingress, SERVICE_PORT: service.port, PROVIDER_PORT: new URL(provider.issuer).port, FILTER }
  const template = readFileSync(here('envoy.yaml'), 'utf8')
  writeFileSync(join(folder, 'envoy.yaml'), template.replace(/ADMIN_PORT|INGRESS_PORT|SERVICE_PORT|PROVIDER_PORT|FILTER(?= )/g, name => values[name]))
  const output = openSync(join(folder, 'log'), 'w')
  const logs = () => readFileSync(join(folder, 'log'), 'utf8')
  const words = ['-c', join(folder, 'envoy.yaml'), '--concurrency', '2', '-l', 'warning', '--component-log-level', 'wasm:info', '--disable-hot-restart']
  const child = spawn(ENVOY, words, { stdio: ['ignore', output, output] })
  const failed = new Promise((_, refuse) => child.once('error', error => refuse(new Error(`cannot start ${ENVOY}: ${error.message}; \`cargo xtask test envoy\` installs one`))))
  const ended = once(child, 'exit')
  ended.catch(() => {})
  const isReady = () => fetch(`http://127.0.0.1:${admin}/ready`).then(answer => answer.ok, () => false)
  const wait = async () => {
    while (!(await isReady())) {
      if (child.exitCode !== null) throw new Error(`Envoy did not start:\n${logs()}`)
      await new Promise(done => setTimeout(done, 100))
    }
  }
  await Promise.race([failed, wait()])
  return {
    url: `http://127.0.0.1:${ingress}`,
    admin: `http://127.0.0.1:${admin}`,
    logs,
    metrics: async () => (await fetch(`http://127.0.0.1:${admin}/stats/prometheus`)).text(),
    async close() {
      child.kill()
      await ended
      rmSync(folder, { recursive: true })
    },
  }
}

/** Node's own client, as fetch would tidy up the path. */
async function call(envoy, path, headers) {
  const { request } = await import('node:http')
  const sent = request(envoy.url, { path, headers }).end()
  const [response] = await once(sent, 'response')
  const text = (await response.toArray()).join('')
  const challenge = response.headers['www-authenticate']
  return { status: response.statusCode, challenge, body: text.startsWith('{') ? JSON.parse(text) : text }
}
