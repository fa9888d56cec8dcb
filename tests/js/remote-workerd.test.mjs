// RemoteVerifier in a real workerd, with its own KV, cache and Durable Object bindings, in front of a real provider.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { pause } from '../remote/outcomes.mjs'
import { FAULTS, startProvider } from '../remote/provider.mjs'
import { startStore } from '../remote/stores.mjs'
import { startWorkerd } from '../runtimes/workerd.mjs'
import { makeIssuer } from './issuer.mjs'

const { policy, jwks, sign } = makeIssuer()
const now = Math.floor(Date.now() / 1000)
const token = sign({ iat: now, exp: now + 300 })
const running = []
let provider, store, server

/** As many isolates, each cold, as calls of this. */
async function startIsolate() {
  const isolate = await startWorkerd({
    main: new URL('../remote/worker.mjs', import.meta.url),
    modules: [new URL('../remote/outcomes.mjs', import.meta.url)],
    settings: `
      bindings = [ (name = "KEYS", kvNamespace = "store"), (name = "USED", durableObjectNamespace = "UsedToken") ],
      durableObjectNamespaces = [ (className = "UsedToken", uniqueKey = "used") ],
      durableObjectStorage = (inMemory = void),
      cacheApiOutbound = "store",`,
    services: `
      (name = "internet", network = (allow = ["private"])),
      (name = "store", external = (address = "${store.address}", http = ())),`,
  })
  running.push(isolate)
  return isolate
}

before(async () => {
  provider = await startProvider(jwks)
  running.push(provider)
  store = await startStore()
  running.push(store)
  server = await startIsolate()
})
after(() => Promise.all(running.map((one) => one.stop())))

async function post(path, body, { origin } = server, signal = undefined) {
  const response = await fetch(origin + path, { method: 'POST', body: JSON.stringify(body), signal })
  assert.equal(response.status, 200)
  return response.json()
}

test('a broken provider in front of cold keys', async () => {
  await Promise.all(Object.entries(FAULTS).map(async ([fault, { code }]) => {
    const id = `cold ${fault}`
    const { verdict, failed } = await post('/cold', { policy, token, jwksUri: provider.jwksUri(id, fault) })
    assert.equal(verdict, code ? 'jwks_unavailable 503' : 'accept', fault)
    assert.deepEqual(failed, code ? [code] : [], fault)
    assert.equal(provider.count(id), 1, fault)
  }))
  assert.equal(provider.count('redirected'), 0, 'a redirect is not followed')
})

test('a broken provider in front of warm keys', async () => {
  await Promise.all(['dies', 'hangs', 'has a fault', 'redirects', 'sends half of it'].map(async (fault) => {
    const id = `warm ${fault}`
    const { before, asked, after, events } = await post('/warm', { policy, token, jwksUri: provider.jwksUri(id, fault) })
    assert.deepEqual([before, asked, after], ['accept', 'accept', 'accept'], fault)
    assert.ok(events.includes('stale_served') && events.includes('fetch_failed'), fault)
    assert.equal(provider.count(id), 2, fault)
  }))
})

test('many requests of one cold isolate wait for one fetch, each by itself', async () => {
  const asked = { name: 'many', policy, token, options: { jwksUri: provider.jwksUri('many', 'slowly') } }
  const answers = await Promise.all(Array.from({ length: 30 }, () => post('/verify', asked)))
  assert.deepEqual(new Set(answers.map(({ verdict }) => verdict)), new Set(['accept']))
  assert.equal(provider.count('many'), 1)
})

test('a client that goes away takes no fetch with it', async () => {
  const asked = { name: 'gone', policy, token, options: { jwksUri: provider.jwksUri('gone', 'slowly') } }
  const leaving = new AbortController()
  const first = post('/verify', asked, server, leaving.signal)
  await pause(200)
  const second = post('/verify', asked)
  await pause(100)
  leaving.abort()
  await assert.rejects(first, { name: 'AbortError' })
  assert.equal((await second).verdict, 'accept')
  assert.equal(provider.count('gone'), 1)
})

test('keys that are stale are refreshed after the answer', async () => {
  const asked = { name: 'stale', policy, token, options: { jwksUri: provider.jwksUri('stale'), cacheMaxAge: 2000 } }
  assert.equal((await post('/verify', asked)).verdict, 'accept')
  await pause(2050)
  assert.equal((await post('/verify', asked)).verdict, 'accept')
  for (let left = 100; left > 0 && provider.count('stale') < 2; left--) await pause(20)
  await pause(100)
  const { events } = await post('/verify', asked)
  assert.equal(events.filter(({ type }) => type === 'refreshed').length, 2)
  assert.equal(provider.count('stale'), 2)
})

for (const kind of ['kv', 'cache']) {
  test(`a cold isolate with a snapshot in ${kind} verifies without a fetch`, async () => {
    const asked = { name: kind, store: kind, policy, token, options: { jwksUri: provider.jwksUri(kind), cacheMaxAge: 600_000 } }
    assert.equal((await post('/verify', asked)).verdict, 'accept')
    for (let left = 100; left > 0 && !store.log.some((line) => line.startsWith('PUT')); left--) await pause(20)
    await pause(50)
    const other = await startIsolate()
    const { verdict, events } = await post('/verify', asked, other)
    assert.equal(verdict, 'accept')
    assert.ok(events.some(({ type }) => type === 'restored'), JSON.stringify(events))
    assert.equal(provider.count(kind), 1)
    store.kept.clear()
    store.log.length = 0
  })
}

test('a store that fails or hangs stops no login', async () => {
  for (const fault of ['fails', 'hangs']) {
    store.fault = fault
    const asked = { name: `store ${fault}`, store: 'kv', policy, token, options: { jwksUri: provider.jwksUri(`store ${fault}`) } }
    const { verdict, events } = await post('/verify', asked)
    assert.equal(verdict, 'accept')
    assert.ok(events.some(({ type, operation }) => type === 'store_failed' && operation === 'get'), JSON.stringify(events))
    store.fault = undefined
  }
})

test('of many uses of a token at once, a Durable Object lets one in', async () => {
  const name = 'once'
  const options = { jwksUri: provider.jwksUri(name) }
  const jti = sign({ iat: now, exp: now + 300, jti: 'a' })
  const answers = await Promise.all(Array.from({ length: 20 }, () => post('/verify', { name, policy, token: jti, isOnce: true, options })))
  const verdicts = answers.map(({ verdict }) => verdict).sort()
  assert.deepEqual(verdicts, ['accept', ...Array(19).fill('replay_detected 401')])
  const other = sign({ iat: now, exp: now + 300, jti: 'b' })
  assert.equal((await post('/verify', { name, policy, token: other, isOnce: true, options })).verdict, 'accept')
})
