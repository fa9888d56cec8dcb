// Requests that are held until keys come: with a body, a thousand of them, and those that Envoy sends through again.
import assert from 'node:assert/strict'
import http from 'node:http'
import { after, test } from 'node:test'

import { ask, cluster, codeOf, freePorts, idtoken, listener, startEnvoy, startJwks, startUpstream } from './envoy.mjs'
import { bearer, local, makeKey, makeToken, remote } from './issuer.mjs'

const started = []
after(async () => {
  for (const each of started.reverse()) await each.stop()
})

const user = { claim_to_headers: [{ header_name: 'x-user', claim_name: 'sub' }] }

/** Envoy with one worker, a provider whose keys take `delay` milliseconds, and a service. */
async function start(key, delay, change = (filter) => filter) {
  const jwks = Object.assign(await startJwks([key.jwk]), { delay })
  const upstream = await startUpstream()
  const [port] = await freePorts(1)
  const filter = change(idtoken({ providers: { corp: remote(jwks.url, user) } }))
  const generous = { circuit_breakers: { thresholds: [{ max_connections: 4000, max_pending_requests: 4000, max_requests: 4000 }] } }
  const envoy = await startEnvoy({
    listeners: [listener(port, [filter])],
    clusters: [{ ...cluster('upstream', upstream.port), ...generous }, cluster('jwks', jwks.port)],
  })
  started.push(jwks, upstream, envoy)
  return { port, upstream, envoy }
}

test('a body does not carry a held request past the filter, whatever Envoy was told about holding', async () => {
  const key = makeKey('one')
  for (const whether of [false, true]) {
    const { port, upstream } = await start(key, 1500, (filter) => {
      filter.typed_config.config.allow_on_headers_stop_iteration = whether
      return filter
    })
    const headers = { ...bearer(makeToken({ ...makeKey('one'), kid: 'one' })), 'x-user': 'root', te: 'trailers', 'transfer-encoding': 'chunked', trailer: 'x-user' }
    const post = { method: 'POST', body: 'a body', trailers: { 'x-user': 'root' } }
    const [forged, good] = await Promise.all([
      ask(port, '/', headers, post),
      ask(port, '/', { ...headers, ...bearer(makeToken(key)) }, post),
    ])
    assert.equal(codeOf(forged), 'signature_invalid', `${whether}`)
    assert.equal(codeOf(good), 'accept', `${whether}: ${good.body}`)
    assert.equal(upstream.seen.length, 1)
    const [{ fields, trailers }] = upstream.seen
    assert.deepEqual(fields.filter(([name]) => name.toLowerCase() === 'x-user').map(([, value]) => value), ['alice'])
    assert.deepEqual(trailers, [])
  }
})

test('a thousand requests wait, no more, and all of them are answered', async () => {
  const key = makeKey('one')
  const headers = bearer(makeToken(key))
  // Keys that come in time, and keys that do not.
  for (const [delay, expected] of [[1800, 200], [10_000, 503]]) {
    const { port, envoy, upstream } = await start(key, delay)
    const agent = new http.Agent({ keepAlive: true, maxSockets: 2000 })
    const one = () =>
      new Promise((done, failed) => {
        const request = http.get({ host: '127.0.0.1', port, headers, agent }, (response) => {
          response.resume().on('close', () => done(response.complete ? response.statusCode : 'cut off'))
        })
        request.on('error', failed)
      })
    const statuses = await Promise.all(Array.from({ length: 1200 }, one))
    agent.destroy()
    const refused = expected === 503 ? 1200 : 200
    assert.equal(statuses.filter((each) => each === 503).length, refused)
    assert.equal(upstream.seen.length, 1200 - refused)
    const metrics = await envoy.metrics()
    assert.match(metrics, /^idtoken_waiting_requests\{?.*\}? 0$/m)
    assert.match(metrics, /^idtoken_validations_total\{(?=.*provider="none").*reason="jwks_unavailable"\} 200$/m)
    assert.ok(!/failed: Uncaught/.test(envoy.logs()), envoy.logs())
  }
})

test('who is sent on within Envoy is judged again, and the token that was taken out is missing', async () => {
  const key = makeKey('one')
  const upstream = await startUpstream()
  const redirecting = http.createServer((request, response) => {
    response.writeHead(302, { location: `http://h${request.url.replace('/from', '')}` })
    response.end()
  })
  await new Promise((done) => redirecting.listen(0, '127.0.0.1', done))
  const stop = () => new Promise((done) => redirecting.close(done).closeAllConnections())
  const ports = await freePorts(2)
  const rules = [
    { match: { prefix: '/open' }, requires: 'none' },
    { match: { prefix: '/from/open' }, requires: 'none' },
    { match: { prefix: '/from/openly' }, requires: 'none' },
    { match: { prefix: '/' }, requires: { provider_name: 'corp' } },
  ]
  const policy = { internal_redirect_policy: { max_internal_redirects: 1 } }
  const routes = [{ match: { prefix: '/from' }, route: { cluster: 'redirecting', ...policy } }]
  const filters = [false, true].map((forward) => idtoken({ providers: { corp: local([key], { ...user, forward }) }, rules }))
  const envoy = await startEnvoy({
    listeners: ports.map((port, at) => listener(port, [filters[at]], { routes })),
    clusters: [cluster('upstream', upstream.port), cluster('redirecting', redirecting.address().port)],
  })
  started.push({ stop }, upstream, envoy)
  const sent = { ...bearer(makeToken(key)), host: 'h', X_User: 'root' }
  const users = ({ fields }) => fields.filter(([name]) => /^x.user$/i.test(name)).map(([, value]) => value)
  const [taken, forwarded] = ports
  assert.equal(codeOf(await ask(taken, '/from/admin', sent)), 'token_missing')
  assert.equal(codeOf(await ask(forwarded, '/from/admin', sent)), 'accept')
  // Identity of the first round does not reach an open path.
  assert.equal(codeOf(await ask(forwarded, '/from/open', sent)), 'accept')
  assert.deepEqual(upstream.seen.map(users), [['alice'], []])
})
