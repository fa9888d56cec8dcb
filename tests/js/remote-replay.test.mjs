// One use of each token: in memory, in a real Redis, and in stores that fail. In Durable Objects: remote-workerd.test.mjs.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createClient } from '@redis/client'
import { skipNonceCheck } from 'idtoken'
import { RemoteVerifier } from 'idtoken/remote'
import { cacheStore, kvStore, redisReplayStore } from 'idtoken/stores'
import { Redis } from 'ioredis'
import { outcome } from '../remote/outcomes.mjs'
import { startProvider } from '../remote/provider.mjs'
import { startRedis } from '../remote/redis.mjs'
import { UsedTokens } from '../../pkg/dist/remote-memory.js'
import { makeIssuer } from './issuer.mjs'

const { policy, jwks, sign } = makeIssuer()
const now = Math.floor(Date.now() / 1000)
const options = { nonce: skipNonceCheck }
let jtis = 0
const fresh = (claims = {}) => sign({ iat: now, exp: now + 300, jti: `jti-${jtis++}`, ...claims })

let provider, redis
before(async () => {
  provider = await startProvider(jwks)
  redis = await startRedis()
})
after(async () => {
  provider?.stop()
  await redis?.stop()
})

const make = (replay, more) => new RemoteVerifier(policy, { jwksUri: provider.jwksUri('replay'), replay, ...more })
const verify = (rp, token, more = {}) => outcome(rp.verify(token, { ...options, ...more }))

/** What holds whoever remembers. */
async function lettingIn(rp) {
  const token = fresh()
  assert.equal(await verify(rp, token, { now: now + 1000 }), 'exp_expired 401')
  assert.equal(await verify(rp, token, { nonce: 'other' }), 'nonce_missing 401')
  assert.equal(await verify(rp, token), 'accept', 'a refused token was not used up')
  assert.equal(await verify(rp, token), 'replay_detected 401')
  assert.equal(rp.explain(token, options).verdict, 'accepted', 'explain neither uses up nor looks')
  const explained = fresh()
  rp.explain(explained, options)
  const many = await Promise.all(Array.from({ length: 20 }, () => verify(rp, explained)))
  assert.deepEqual(many.sort(), ['accept', ...Array(19).fill('replay_detected 401')])
  assert.equal(await verify(rp, fresh({ jti: undefined, nonce: 'n' }), { nonce: 'n' }), 'accept')
  assert.equal(await verify(rp, fresh({ jti: undefined, nonce: 'n' }), { nonce: 'n' }), 'replay_detected 401', 'without jti the nonce counts')
  assert.equal(await verify(rp, fresh({ jti: undefined })), 'claim_missing 401')
  const logout = fresh({ events: { 'http://schemas.openid.net/event/backchannel-logout': {} } })
  assert.equal(await outcome(rp.verifyLogout(logout)), 'accept')
  assert.equal(await outcome(rp.verifyLogout(logout)), 'replay_detected 400')
}

test('in memory', () => lettingIn(make(true)))

test('a remembered token is used up as any other, each time', async () => {
  await lettingIn(make(true, { tokenCacheBytes: 65_536 }))
  const asked = []
  const rp = make({ consume: (key) => asked.push(key) < 3 }, { tokenCacheBytes: 65_536 })
  const tokens = [fresh(), fresh()]
  const verdicts = []
  for (const token of [tokens[0], tokens[0], tokens[0], tokens[1], tokens[0]]) verdicts.push(await verify(rp, token))
  assert.deepEqual(verdicts, ['accept', 'accept', ...Array(3).fill('replay_detected 401')])
  const [first, , , second] = asked
  assert.notEqual(first, second)
  assert.deepEqual(asked, [first, first, first, second, first])
})

test('the memory forgets what has expired and nothing else, also when it is full or the clock goes back', ({ mock }) => {
  mock.timers.enable({ apis: ['Date'], now: now * 1000 })
  const used = new UsedTokens()
  for (let i = 0; i < 100_000; i++) assert.ok(used.consume(`${i}`, i ? 400 : 100))
  assert.throws(() => used.consume('new', 400), RangeError)
  assert.equal(used.consume('99999', 400), false)
  mock.timers.setTime((now + 101) * 1000)
  assert.equal(used.consume('new', 400), true)
  assert.throws(() => used.consume('newer', 400), RangeError)
  mock.timers.setTime((now + 1000) * 1000)
  assert.equal(used.consume('newer', 400), true)
  mock.timers.setTime(now * 1000)
  assert.throws(() => used.consume('1', 400), RangeError)
  assert.equal(used.consume('newer', 400), false)
})

test('without replay a token comes as often as it likes', async () => {
  const rp = make(false)
  const token = fresh()
  assert.deepEqual([await verify(rp, token), await verify(rp, token)], ['accept', 'accept'])
})

test('in Redis, with node-redis and with ioredis', async () => {
  const client = createClient({ socket: { path: redis.path } })
  await client.connect()
  const other = new Redis(redis.path)
  try {
    const store = redisReplayStore((command) => client.sendCommand(command))
    const otherStore = redisReplayStore(([name, ...args]) => other.call(name, ...args))
    await lettingIn(make(store))
    await client.flushAll()
    await lettingIn(make(otherStore))

    const token = fresh()
    const processes = Array.from({ length: 20 }, (_, at) => make(at % 2 ? store : otherStore))
    const verdicts = await Promise.all(processes.map((rp) => verify(rp, token)))
    assert.deepEqual(verdicts.sort(), ['accept', ...Array(19).fill('replay_detected 401')])

    const keys = await client.keys('idtoken:used:*')
    for (const key of keys) {
      const left = await client.pTTL(key)
      assert.ok(left > 410_000 && left <= 421_000, `${key} is kept for ${left} ms`)
      assert.match(key, /^idtoken:used:[0-9a-f]{64}$/)
    }
  } finally {
    client.destroy()
    other.disconnect()
  }
})

test('a Redis that goes away lets nobody in', async () => {
  const own = await startRedis()
  const client = createClient({ socket: { path: own.path, reconnectStrategy: false } }).on('error', () => {})
  await client.connect()
  const rp = make(redisReplayStore((command) => client.sendCommand(command)))
  assert.equal(await verify(rp, fresh()), 'accept')
  await own.stop()
  assert.equal(await verify(rp, fresh()), 'replay_store_unavailable 503')
})

test('a store that throws, hangs or talks nonsense lets nobody in', async () => {
  for (const consume of [
    () => { throw new Error('no') }, () => Promise.reject(new Error('no')), () => new Promise(() => {}),
    () => undefined, () => 1, () => 'OK', () => null,
  ]) {
    const events = []
    const rp = make({ consume }, { onEvent: (event) => events.push(event) })
    assert.equal(await verify(rp, fresh()), 'replay_store_unavailable 503', `${consume}`)
    assert.deepEqual(events.at(-1), { issuer: policy.issuer, type: 'store_failed', operation: 'consume' })
  }
  assert.equal(await verify(make(redisReplayStore(async () => 'QUEUED')), fresh()), 'replay_store_unavailable 503')
})

test('a store that cannot decide and remember in one step is refused', () => {
  const kv = { get: async () => null, put: async () => {} }
  for (const replay of [kv, kvStore(kv), cacheStore(async () => ({})), null, 'memory', 1]) {
    assert.throws(() => make(replay), { code: 'config_invalid_option' })
  }
})
