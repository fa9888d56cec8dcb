// Where snapshots are kept: what is read and written when, and what a bad store can do. In workerd: remote-workerd.test.mjs.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { skipNonceCheck } from 'idtoken'
import { RemoteVerifier } from 'idtoken/remote'
import { outcome, pause, SHORT } from '../remote/outcomes.mjs'
import { startProvider } from '../remote/provider.mjs'
import { makeIssuer } from './issuer.mjs'

const { policy, jwks, sign } = makeIssuer()
const now = Math.floor(Date.now() / 1000)
const token = sign({ iat: now, exp: now + 300 })
const options = { nonce: skipNonceCheck }

let provider
before(async () => { provider = await startProvider(jwks) })
after(() => provider?.stop())

function makeStore() {
  const kept = new Map()
  const log = []
  return {
    kept,
    log,
    get(key) {
      log.push(`get ${key}`)
      return kept.get(key)
    },
    async put(key, text, { ttl }) {
      log.push(`put ${key} ${ttl}`)
      kept.set(key, text)
    },
  }
}

function make(id, store, more = {}) {
  const events = []
  const onEvent = (event) => events.push(event)
  const rp = new RemoteVerifier(policy, { ...SHORT, cacheMaxAge: 600_000, jwksUri: provider.jwksUri(id), store, onEvent, ...more })
  return { events, verify: () => outcome(rp.verify(token, options)) }
}

test('one instance fetches and writes, the next reads and does not fetch', async () => {
  const store = makeStore()
  const key = `idtoken:keys:1:${policy.issuer} ${provider.jwksUri('two')}`
  assert.equal(await make('two', store).verify(), 'accept')
  assert.deepEqual(store.log, [`get ${key}`, `put ${key} 691200`])
  const second = make('two', store)
  assert.equal(await second.verify(), 'accept')
  assert.equal(await second.verify(), 'accept')
  assert.equal(provider.count('two'), 1)
  assert.deepEqual(second.events, [
    { issuer: policy.issuer, type: 'fetch_started', kind: 'jwks' },
    { issuer: policy.issuer, type: 'restored', keys: 1 },
  ])
  assert.equal(store.log.length, 3, 'fresh keys need no store')
})

test('a refresh reads the store once, and keys from another address are other keys', async () => {
  const issuer = provider.issuer('discovered once')
  const discovering = makeIssuer({ issuer })
  provider.jwks = discovering.jwks
  const store = makeStore()
  const good = discovering.sign({ iat: now, exp: now + 300 })
  const rp = new RemoteVerifier(discovering.policy, { ...SHORT, store })
  assert.equal(await outcome(rp.verify(good, options)), 'accept')
  assert.deepEqual(store.log, [`get idtoken:keys:1:${issuer}`, `put idtoken:keys:1:${issuer} 691200`])
  const jwksUri = { [issuer]: provider.jwksUri('elsewhere') }
  assert.equal(await outcome(new RemoteVerifier(discovering.policy, { ...SHORT, store, jwksUri }).verify(good, options)), 'accept')
  assert.equal(store.log[2], `get idtoken:keys:1:${issuer} ${jwksUri[issuer]}`)
  provider.jwks = jwks
})

test('a refresh of one instance is the refresh of all', async () => {
  const store = makeStore()
  const [first, second] = [make('all', store, { cacheMaxAge: 2000 }), make('all', store, { cacheMaxAge: 2000 })]
  assert.deepEqual([await first.verify(), await second.verify()], ['accept', 'accept'])
  await pause(2050)
  assert.equal(await first.verify(), 'accept')
  while (provider.count('all') < 2) await pause(10)
  await pause(50)
  assert.equal(await second.verify(), 'accept')
  await pause(50)
  assert.equal(second.events.filter(({ type }) => type === 'restored').length, 2)
  assert.equal(provider.count('all'), 2)
})

test('through an outage with the keys of the store', async () => {
  const store = makeStore()
  assert.equal(await make('warm outage', store, { jwksUri: provider.jwksUri('warm outage', 'dies') }).verify(), 'accept')
  await pause(1050)
  const cold = make('warm outage', store, { jwksUri: provider.jwksUri('warm outage', 'dies'), cacheMaxAge: 1000 })
  assert.equal(await cold.verify(), 'accept')
  assert.ok(cold.events.some(({ type }) => type === 'stale_served'))
})

test('a snapshot that is not one, or of somebody else, is refused with its code, and the keys are fetched', async () => {
  const good = makeStore()
  await make('bad', good).verify()
  const [[key, text]] = good.kept
  const bad = {
    'not json': 'x',
    'another issuer': text.replace(policy.issuer, 'https://evil.example'),
    'another address': text.replace('/bad/', '/evil/'),
    'from the future': text.replace(/"fetchedAt":\d+/, `"fetchedAt":${Date.now() + 1e6}`),
    'no text': 5,
    'far too long': text + ' '.repeat(100_000_000),
    'no value even': Object.create(null),
    'no keys': text.replace(/"jwks":".*"/, '"jwks":"{}"'),
  }
  for (const [what, snapshot] of Object.entries(bad)) {
    assert.notEqual(snapshot, text, what)
    const store = makeStore()
    store.kept.set(key, snapshot)
    const { verify, events } = make('bad', store)
    const before = provider.count('bad')
    assert.equal(await verify(), 'accept', what)
    assert.equal(provider.count('bad'), before + 1, what)
    const code = what === 'no keys' ? 'jwks_invalid' : 'snapshot_invalid'
    const failed = { issuer: policy.issuer, type: 'store_failed', operation: 'get' }
    assert.deepEqual(events[1], typeof snapshot === 'string' ? { ...failed, code } : failed, what)
  }
})

test('a store that throws or hangs stops no login', async () => {
  const fail = () => { throw new Error('no') }
  const hang = () => new Promise(() => {})
  for (const fault of [fail, hang]) {
    const { verify, events } = make('fault', { get: fault, put: fault })
    assert.equal(await verify(), 'accept')
    while (events.length < 4) await pause(20)
    const failures = events.filter(({ type }) => type === 'store_failed').map(({ operation }) => operation)
    assert.deepEqual(failures, ['get', 'put'])
  }
})
