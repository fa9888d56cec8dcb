// Where the keys come from: one fetch for all workers, rotation, outages, requests that wait.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'

import { ask, cluster, codeOf, freePorts, idtoken, listener, pause, startEnvoy, startJwks, startUpstream, until } from './envoy.mjs'
import { bearer, makeKey, makeToken, remote } from './issuer.mjs'

const started = []
after(async () => {
  for (const each of started.reverse()) await each.stop()
})

/** Envoy with two workers, a provider with `keys`, and a service. */
async function start(keys, { options, more, jwks: changes, whole, count = 1 } = {}) {
  const jwks = Object.assign(await startJwks(keys.map((key) => key.jwk)), changes)
  const upstream = await startUpstream()
  const ports = await freePorts(count)
  const config = { providers: { corp: remote(jwks.url, more, options) }, ...whole }
  const envoy = await startEnvoy({
    listeners: ports.map((port) => listener(port, [idtoken(config)])),
    clusters: [cluster('upstream', upstream.port), cluster('jwks', jwks.port)],
    concurrency: 2,
  })
  started.push(jwks, upstream, envoy)
  return { jwks, upstream, envoy, port: ports[0], ports }
}

const code = async (port, token) => codeOf(await ask(port, '/', bearer(token)))
/** Enough requests at once that both workers have some. */
const codes = (port, token, count = 40) => Promise.all(Array.from({ length: count }, () => code(port, token)))

test('all workers and all listeners share one fetch', async () => {
  const key = makeKey('one')
  const { jwks, ports } = await start([key], { count: 2 })
  const token = makeToken(key)
  for (const port of ports) for (const each of await codes(port, token)) assert.equal(each, 'accept')
  // Every virtual machine has ticked by now: two listeners, two workers and the main thread.
  await pause(1500)
  assert.equal(jwks.fetches, 1)
})

test('requests before the first keys wait for them', async () => {
  const key = makeKey('one')
  const { port } = await start([key], { jwks: { delay: 1500 } })
  for (const each of await codes(port, makeToken(key))) assert.equal(each, 'accept')
})

test('a client that goes while it waits harms nobody', async () => {
  const key = makeKey('one')
  const { port, envoy } = await start([key], { jwks: { delay: 1500 } })
  const token = makeToken(key)
  const gone = Array.from({ length: 20 }, async () => {
    const aborter = new AbortController()
    setTimeout(() => aborter.abort(), 300)
    return fetch(`http://127.0.0.1:${port}/`, { headers: bearer(token), signal: aborter.signal }).catch(() => 'gone')
  })
  const kept = codes(port, token, 10)
  await Promise.all(gone)
  for (const each of await kept) assert.equal(each, 'accept')
  assert.ok(await envoy.ready())
})

test('keys that never come: 503, when to come again, and a bounded number of waiting requests', async () => {
  const key = makeKey('one')
  const { port, jwks, envoy } = await start([key], { jwks: { status: 500 } })
  const answer = await ask(port, '/', bearer(makeToken(key)))
  assert.equal(answer.status, 503)
  assert.equal(answer.body, 'jwks_unavailable')
  assert.match(answer.headers['retry-after'], /^[1-9]\d*$/)
  // What no keys could make good is still refused for what it is.
  assert.equal(await code(port, 'x'), 'token_segments')
  assert.equal(await code(port, makeToken(key, { iss: 'https://other.example' })), 'iss_mismatch')
  assert.ok(jwks.fetches <= 2, `${jwks.fetches} fetches`)
  assert.match(await envoy.metrics(), /^idtoken_jwks_fetches_total\{(?=.*result="jwks_fetch_status").*\} [1-9]/m)
})

test('new keys are fetched when a token names one, and old ones stop', async () => {
  const [old, fresh] = [makeKey('old'), makeKey('fresh')]
  const { port, jwks, envoy } = await start([old], { options: { cooldown_duration: '1s' } })
  assert.deepEqual([...new Set(await codes(port, makeToken(old)))], ['accept'])
  jwks.keys = [fresh.jwk]
  await pause(1200)
  const before = jwks.fetches
  assert.deepEqual([...new Set(await codes(port, makeToken(fresh)))], ['accept'])
  assert.ok(jwks.fetches - before <= 2, `${jwks.fetches - before} fetches`)
  await until(async () => (await codes(port, makeToken(old))).every((each) => each === 'key_not_found'), 'the old key stops')
  assert.match(await envoy.metrics(), /^idtoken_jwks_events_total\{(?=.*event="rotated").*\} [1-9]/m)
})

test('random kids cause no flood of fetches', async () => {
  const key = makeKey('one')
  const { port, jwks } = await start([key])
  assert.equal(await code(port, makeToken(key)), 'accept')
  const tokens = Array.from({ length: 100 }, (_, at) => makeToken({ ...key, kid: `random-${at}` }))
  const answers = await Promise.all(tokens.map((token) => code(port, token)))
  assert.ok(answers.every((each) => each === 'key_not_found'), answers.join())
  assert.ok(jwks.fetches <= 3, `${jwks.fetches} fetches`)
})

test('an outage is survived with the keys at hand', async () => {
  const key = makeKey('one')
  const options = { cache_duration: '1s', cooldown_duration: '1s' }
  const { port, jwks, envoy } = await start([key], { options })
  assert.equal(await code(port, makeToken(key)), 'accept')
  await jwks.stop()
  await pause(2500)
  for (const each of await codes(port, makeToken(key))) assert.equal(each, 'accept')
  await until(async () => /^idtoken_jwks_events_total\{(?=.*event="stale_served").*\} [1-9]/m.test(await envoy.metrics()), 'stale use is counted')
  assert.match(await envoy.metrics(), /^idtoken_jwks_age_seconds\{.*\} \d/m)
})

test('an outage that is too long fails closed', async () => {
  const key = makeKey('one')
  const options = { cache_duration: '1s', cooldown_duration: '1s', stale_if_error: '1s' }
  const { port, jwks } = await start([key], { options })
  assert.equal(await code(port, makeToken(key)), 'accept')
  jwks.status = 500
  await until(async () => (await ask(port, '/', bearer(makeToken(key)))).status === 503, 'keys are too old')
  jwks.status = 200
  await until(async () => (await code(port, makeToken(key))) === 'accept', 'keys are back')
})

test('a bad set never replaces a good one', async () => {
  const key = makeKey('one')
  const options = { cache_duration: '1s', cooldown_duration: '1s' }
  const { port, jwks } = await start([key], { options })
  assert.equal(await code(port, makeToken(key)), 'accept')
  for (const bad of ['', '{"keys":[]}', '<html>', 'x'.repeat(400_000)]) {
    jwks.keys = bad
    const before = jwks.fetches
    await until(() => jwks.fetches > before, 'the bad set is fetched')
    assert.equal(await code(port, makeToken(key)), 'accept')
  }
})

test('report mode makes no request wait', async () => {
  const key = makeKey('one')
  const { port, jwks, envoy } = await start([key], { jwks: { delay: 60_000 }, whole: { mode: 'report' } })
  assert.equal(await code(port, makeToken(key)), 'accept')
  await until(() => jwks.fetches > 0, 'the keys are asked for')
  assert.match(await envoy.metrics(), /^idtoken_validations_total\{(?=.*reason="jwks_unavailable").*\} 1$/m)
})
