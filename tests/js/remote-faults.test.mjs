// A provider that is broken in every way there is, in front of Node. The same in workerd: remote-workerd.test.mjs.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { skipNonceCheck } from 'idtoken'
import { RemoteVerifier } from 'idtoken/remote'
import { cold, outcome, SHORT, warm } from '../remote/outcomes.mjs'
import { FAULTS, startProvider } from '../remote/provider.mjs'
import { makeIssuer } from './issuer.mjs'

const { policy, jwks, sign } = makeIssuer()
const now = Math.floor(Date.now() / 1000)
const token = sign({ iat: now, exp: now + 300 })
const idtoken = { RemoteVerifier, skipNonceCheck }

let provider
before(async () => { provider = await startProvider(jwks) })
after(() => provider?.stop())

test('a cold instance refuses with 503, tells why, and asks once', async () => {
  await Promise.all(Object.entries(FAULTS).map(async ([fault, { code }]) => {
    const id = `cold ${fault}`
    const { verdict, failed } = await cold(idtoken, { policy, token, jwksUri: provider.jwksUri(id, fault) })
    assert.equal(verdict, code ? 'jwks_unavailable 503' : 'accept', fault)
    assert.deepEqual(failed, code ? [code] : [], fault)
    assert.equal(provider.count(id), 1, fault)
  }))
  assert.equal(provider.count('redirected'), 0, 'a redirect is not followed')
})

test('a warm one goes on with the keys it has', async () => {
  await Promise.all(Object.entries(FAULTS).map(async ([fault, { code }]) => {
    const id = `warm ${fault}`
    const { before, asked, after, events } = await warm(idtoken, { policy, token, jwksUri: provider.jwksUri(id, fault) })
    assert.deepEqual([before, asked, after], ['accept', 'accept', 'accept'], fault)
    assert.ok(events.includes('stale_served'), fault)
    if (code !== null) assert.ok(events.includes('fetch_failed'), fault)
    assert.equal(provider.count(id), 2, fault)
  }))
})

test('a provider that is not there at all', async () => {
  const gone = await startProvider(jwks)
  const jwksUri = gone.jwksUri('gone')
  gone.stop()
  const { verdict, failed } = await cold(idtoken, { policy, token, jwksUri })
  assert.deepEqual([verdict, failed], ['jwks_unavailable 503', ['jwks_fetch_network']])
})

test('what is too long or too late is given up, so the provider sees the connection end', async () => {
  await Promise.all(['never stops sending', 'hangs', 'drips'].map(async (fault) => {
    const jwksUri = provider.jwksUri(`closed ${fault}`, fault)
    await cold(idtoken, { policy, token, jwksUri })
    const { socket } = provider.requests.find(({ url }) => jwksUri.endsWith(url))
    if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve))
  }))
})

test('a fetch of the caller that never ends, or throws, is bounded too', async () => {
  for (const [fetch, code] of [[() => new Promise(() => {}), 'jwks_fetch_timeout'], [() => { throw new Error('no') }, 'jwks_fetch_network']]) {
    const failed = []
    const onEvent = ({ code: why }) => { if (why) failed.push(why) }
    const rp = new RemoteVerifier(policy, { ...SHORT, jwksUri: provider.jwksUri('unused'), fetch, onEvent })
    assert.equal(await outcome(rp.verify(token, { nonce: skipNonceCheck })), 'jwks_unavailable 503')
    assert.deepEqual(failed, [code])
  }
  assert.equal(provider.count('unused'), 0)
})

test('a fetch of the caller that follows redirects all the same', async () => {
  const failed = []
  const onEvent = ({ code }) => { if (code) failed.push(code) }
  const follow = (url, { signal }) => fetch(url, { signal })
  const rp = new RemoteVerifier(policy, { ...SHORT, jwksUri: provider.jwksUri('followed', 'redirects'), fetch: follow, onEvent })
  assert.equal(await outcome(rp.verify(token, { nonce: skipNonceCheck })), 'jwks_unavailable 503')
  assert.deepEqual(failed, ['jwks_fetch_redirect'])
})

test('a body of the caller is cancelled when it is too late or too long, as is one that has not come in time', async () => {
  for (const [size, wait] of [[0, 0], [1_000_000, 0], [1, 400]]) {
    let cancelled
    const isCancelled = new Promise((resolve) => { cancelled = resolve })
    const body = new ReadableStream({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 1))
        controller.enqueue(new Uint8Array(size))
      },
      cancel: cancelled,
    })
    const fetch = async () => {
      await new Promise((resolve) => setTimeout(resolve, wait))
      return new Response(body, { headers: { 'content-type': 'application/json' } })
    }
    const rp = new RemoteVerifier(policy, { ...SHORT, timeoutDuration: 200, jwksUri: provider.jwksUri('unused'), fetch })
    assert.equal(await outcome(rp.verify(token, { nonce: skipNonceCheck })), 'jwks_unavailable 503')
    await isCancelled
  }
})

test('an answer that is none fails that fetch alone', async () => {
  const other = new RemoteVerifier(policy, { ...SHORT, jwksUri: provider.jwksUri('healthy'), replay: true })
  const used = sign({ iat: now, exp: now + 300, jti: 'used' })
  const verify = (rp, token) => outcome(rp.verify(token, { nonce: skipNonceCheck }))
  assert.equal(await verify(other, used), 'accept')
  for (const answer of [
    { status: 200 }, { status: 200, headers: { 'content-type': 'application/json' }, body: null },
    { status: 200, headers: { get() { throw new Error('no') } }, body: null }, { status: 200, headers: { get: () => 5 }, body: null },
    { status: '200', headers: new Headers() }, { get status() { throw new Error('no') } }, null, undefined,
  ]) {
    let asked = 0
    const failed = []
    const fetch = async () => { asked++; return answer }
    const onEvent = ({ type, code }) => { if (type === 'fetch_failed') failed.push(code) }
    const rp = new RemoteVerifier(policy, { ...SHORT, jwksUri: provider.jwksUri('unused'), fetch, onEvent })
    assert.equal(await verify(rp, token), 'jwks_unavailable 503')
    assert.deepEqual([asked, failed], [1, ['jwks_fetch_network']])
  }
  assert.equal(await verify(other, used), 'replay_detected 401')
  assert.equal(provider.count('healthy'), 1)
})

test('discovery leads to the keys; the request carries what it should, and nothing else', async () => {
  const issuer = provider.issuer('discovered', 'with an etag')
  const other = makeIssuer({ issuer })
  provider.jwks = other.jwks
  const events = []
  const rp = new RemoteVerifier(other.policy, { ...SHORT, onEvent: ({ type }) => events.push(type) })
  assert.equal(await rp.ready(), true)
  const verify = () => outcome(rp.verify(other.sign({ iat: now, exp: now + 300 }), { nonce: skipNonceCheck }))
  assert.equal(await verify(), 'accept')
  await new Promise((resolve) => setTimeout(resolve, SHORT.cacheMaxAge + 50))
  assert.equal(await rp.ready(), true)
  provider.jwks = jwks
  assert.ok(events.includes('not_modified'), `${events}`)
  const asked = provider.requests.filter(({ url }) => url.startsWith('/discovered/'))
  assert.equal(asked[0].url, '/discovered/with%20an%20etag/.well-known/openid-configuration')
  for (const { method, headers } of asked) {
    assert.equal(method, 'GET')
    assert.equal(headers.accept, 'application/json')
    for (const name of ['authorization', 'cookie', 'referer']) assert.equal(headers[name], undefined)
  }
  assert.equal(asked.at(-1).headers['if-none-match'], '"one"')
})
