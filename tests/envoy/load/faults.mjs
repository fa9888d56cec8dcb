// A provider at fault, measured at the proxy under load: outage, sudden rotation, slow keys, a flood of unknown kids.
import assert from 'node:assert/strict'

import { ask, cluster, freePorts, idtoken, listener, pause, startEnvoy, startJwks } from '../envoy.mjs'
import { bearer, makeKey, makeToken, remote } from '../issuer.mjs'
import { tokenFile, wrk } from './wrk.mjs'

const route = { direct_response: { status: 200 } }
const ms = (micros) => `${(micros / 1000).toFixed(1)} ms`

/** Envoy with two workers and a provider, for one measurement. */
async function withProvider(keys, options, changes, measure) {
  const jwks = Object.assign(await startJwks(keys.map((key) => key.jwk)), changes)
  const [port] = await freePorts(1)
  const provider = remote(jwks.url, {}, options)
  provider.remote_jwks.http_uri.timeout = '30s'
  const envoy = await startEnvoy({
    listeners: [listener(port, [idtoken({ providers: { corp: provider } })], { route })],
    clusters: [cluster('jwks', jwks.port)],
    concurrency: 2,
  })
  try {
    await measure({ jwks, port, envoy })
    assert.doesNotMatch(envoy.logs(), /panicked|RuntimeError|Function: /)
  } finally {
    await envoy.stop()
    await jwks.stop()
  }
}

const [key, fresh] = [makeKey('one'), makeKey('two')]
const tokens = (key) => tokenFile(Array.from({ length: 100 }, (_, at) => makeToken(key, { sub: `user-${at}` })))
const load = { seconds: 3, connections: 16 }
const status = async (port, key) => (await ask(port, '/', bearer(makeToken(key)))).status

await withProvider([key], { cache_duration: '1s', cooldown_duration: '1s', stale_if_error: '10s' }, {}, async ({ jwks, port }) => {
  await wrk(port, tokens(key), load)
  jwks.status = 500
  const from = Date.now()
  const during = await wrk(port, tokens(key), { ...load, seconds: 6 })
  assert.equal(during.refused + during.broken, 0)
  while ((await status(port, key)) === 200) await pause(50)
  const closed = Date.now() - from
  const after = await wrk(port, tokens(key), { ...load, seconds: 1 })
  assert.equal(after.refused, after.requests)
  jwks.status = 200
  const back = Date.now()
  while ((await status(port, key)) !== 200) await pause(50)
  console.log(
    `outage, keys 10 s stale at most: ${during.requests} requests in its first 6 s, ${during.refused} refused, p99 ${ms(during.p99)}; ` +
      `503 to all ${(closed / 1000).toFixed(1)} s after its begin (${after.refused} of ${after.requests} in 1 s); keys back ${((Date.now() - back) / 1000).toFixed(1)} s after its end`,
  )
})

await withProvider([key], { cooldown_duration: '1s' }, {}, async ({ jwks, port }) => {
  await wrk(port, tokens(key), load)
  const before = jwks.fetches
  jwks.keys = [fresh.jwk]
  const during = await wrk(port, tokens(fresh), load)
  assert.equal(jwks.fetches, before + 1)
  console.log(
    `sudden rotation: ${during.requests} requests with the new key, ${during.refused} refused, ${jwks.fetches - before} fetch by two workers, the longest took ${ms(during.max)}`,
  )
})

await withProvider([key], {}, { delay: 60_000 }, async ({ jwks, port, envoy }) => {
  const during = await wrk(port, tokens(key), { seconds: 7, connections: 900 })
  assert.equal(during.refused, during.requests)
  assert.ok(jwks.fetches === 1)
  const stats = await envoy.admin('/stats?filter=downstream_rq_5xx')
  console.log(
    `keys that take a minute: ${during.requests} requests on 900 connections, ${during.refused} refused (${/ingress\.downstream_rq_5xx: \d+/.exec(stats)?.[0]}), ` +
      `p50 ${ms(during.p50)}, the longest ${ms(during.max)}, ${jwks.fetches} fetch`,
  )
})

await withProvider([key], { cooldown_duration: '1s' }, {}, async ({ jwks, port }) => {
  await wrk(port, tokens(key), load)
  const unknown = tokenFile(Array.from({ length: 5000 }, (_, at) => makeToken({ ...key, kid: `unknown-${at}` })))
  const before = jwks.fetches
  const from = Date.now()
  const during = await wrk(port, unknown, { ...load, seconds: 6 })
  const limit = 1 + Math.ceil((Date.now() - from) / 1000)
  const fetches = jwks.fetches - before
  assert.equal(during.refused, during.requests)
  assert.ok(fetches <= limit, `${fetches} fetches, ${limit} allowed`)
  console.log(`a flood of 5,000 unknown kids: ${during.requests} requests in 6 s, all refused, ${fetches} fetches (at most ${limit}), p99 ${ms(during.p99)}`)
})
