// Callers that make mistakes, or mean harm from the same realm: nothing vanishes, nothing is quoted, nothing breaks.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { IdTokenError, KeySet, Verifier, classify, expectNoNonce, skipNonceCheck } from 'idtoken'
import { caught, makeIssuer, NOW } from './issuer.mjs'

const { policy, jwks: set, sign } = makeIssuer()
const ISSUER = policy.issuer
const jwks = JSON.stringify(set)
const verifier = new Verifier(policy)
const keys = new KeySet(jwks)
const options = { nonce: expectNoNonce, now: NOW }
const withCode = (code) => (error) => error instanceof IdTokenError && error.code === code

test('40,000 calls with what was freed cost the wasm nothing', () => {
  const dead = { keys: new KeySet(jwks), verifier: new Verifier(policy) }
  dead.keys.free()
  dead.verifier.free()
  for (let i = 0; i < 20_000; i++) {
    assert.throws(() => verifier.verify('A'.repeat(100), dead.keys, options), withCode('internal_error'))
    assert.throws(() => dead.verifier.explain('A'.repeat(100), keys, options), withCode('internal_error'))
  }
  assert.equal(new Verifier(policy).verify(sign(), new KeySet(jwks), options).claims.sub, 'alice')
})

test('a getter that frees in the middle of a call is too late to harm', () => {
  const victim = new Verifier(policy)
  const harmful = { nonce: expectNoNonce, get now() { victim.free(); return NOW } }
  assert.throws(() => victim.verify(sign(), keys, harmful), withCode('internal_error'))
  assert.equal(verifier.verify(sign(), keys, options).claims.sub, 'alice')
})

test('a demand never vanishes on its way', () => {
  class Config { issuer = ISSUER; clientId = policy.clientId; get maxAge() { return 5 } }
  for (const extra of [
    { requiredClaims: { tid: undefined } }, { requiredClaims: { tid: () => 1 } }, { requiredClaims: { tid: Symbol('x') } },
    { requiredClaims: new Map([['tid', 'x']]) }, { requiredClaims: {} }, { maxAge: () => 5 }, { maxAge: Symbol('5') },
    { clockTolerance: new Map([['exp', 1]]) }, { acrValues: [] }, { amrAll: [] }, { amrAny: [] }, { maxAge: 5n },
  ]) {
    assert.throws(() => new Verifier({ ...policy, ...extra }), (error) => error.code.startsWith('config_'), Object.keys(extra)[0])
  }
  assert.throws(() => new Verifier(new Config()), withCode('config_invalid_option'))
  for (const extra of [{ accessToken: () => 'x' }, { accessToken: Symbol('x') }, { previous: new Map() }, { state: 5n }]) {
    assert.throws(() => verifier.verify(sign(), keys, { ...options, ...extra }), withCode('config_invalid_option'))
  }
  const ofClass = new (class { nonce = 'n'; now = NOW })()
  for (const call of ['verify', 'explain', 'verifyLogout', 'requireAccessToken']) {
    for (const options of [ofClass, new Map([['now', NOW]]), Object.create({ now: NOW }), 5, 'now']) {
      assert.throws(() => verifier[call](sign(), keys, options), withCode('config_invalid_option'), call)
    }
  }
})

test('every getter of the options runs once', () => {
  for (const call of ['verify', 'explain', 'verifyLogout', 'requireAccessToken']) {
    let runs = 0
    const login = call === 'verify' || call === 'explain' ? { nonce: expectNoNonce } : {}
    const ask = () => verifier[call]('', keys, { ...login, get now() { runs++; return NOW } })
    if (call === 'explain') assert.equal(ask().verdict, 'refused')
    else assert.throws(ask, withCode('token_missing'))
    assert.equal(runs, 1, call)
  }
})

test('what a getter, a proxy or a circle throws is neither quoted nor passed on', () => {
  const circle = {}
  circle.circle = circle
  const thrown = [new RangeError('canary'), 'canary', { code: 'canary', message: 'canary', status: 200 }, null,
    Object.assign(new Error('canary'), { constructor: undefined }), new Proxy({}, { has() { throw 'canary' } })]
  for (const what of thrown) {
    const error = caught(() => verifier.verify(sign(), keys, { ...{ nonce: expectNoNonce }, get now() { throw what } }))
    assert.equal(error.code, 'config_invalid_option')
    assert.doesNotMatch(error.stack + JSON.stringify(error), /canary/)
  }
  assert.throws(() => new Verifier({ ...policy, limits: circle }), withCode('config_invalid_option'))
  assert.throws(() => new KeySet({ keys: [circle], get x() { throw 'canary' } }), withCode('jwks_invalid'))
})

test('anything in place of keys is the mistake of the caller, and said to be what it is', () => {
  const thrower = new Proxy({}, { getPrototypeOf() { throw new Error('canary') } })
  const mistakes = [
    [[undefined, null, 5, Symbol('keys'), () => keys, new Map(), new Date(), verifier, thrower], 'keys must be a KeySet: new KeySet(text)', /^a key set is text/],
    [[Promise.resolve(keys)], 'keys is a Promise: await it', /^the key set is a Promise: await it$/],
    [[new Response(jwks)], 'keys is a Response: pass await response.text()', /pass await response.text\(\)$/],
  ]
  for (const [values, ofVerify, ofKeySet] of mistakes) {
    for (const wrong of values) {
      const error = caught(() => verifier.verify(sign(), wrong, options))
      assert.deepEqual([error.code, error.status, error.retryable, error.hint], ['config_invalid_option', 500, false, ofVerify])
      const imported = caught(() => new KeySet(wrong))
      assert.deepEqual([imported.code, imported.status], ['config_invalid_option', 500])
      assert.match(imported.hint, ofKeySet)
    }
  }
  for (const text of [jwks, 'x'.repeat(10 * 2 ** 20)]) {
    assert.equal(caught(() => verifier.verify(sign(), text, options)).hint, mistakes[0][1])
  }
  // These may be what the provider answered.
  for (const [set, hint] of [[{}, /no keys array/], [[], /this is the array/]]) {
    assert.throws(() => verifier.verify(sign(), set, options), (error) => error.code === 'jwks_invalid' && hint.test(error.hint))
  }
  assert.match(caught(() => new KeySet('https://idp.example/jwks')).hint, /this is an address/)
})

test('bytes of another realm are bytes, and half a surrogate pair is no text', async () => {
  const { runInNewContext } = await import('node:vm')
  const foreign = runInNewContext('(list) => Uint8Array.from(list)')([...Buffer.from(jwks)])
  assert.equal(verifier.verify(sign(), new KeySet(foreign), options).claims.sub, 'alice')
  assert.throws(() => new KeySet(jwks.replace('{', '{"x":"\ud800",')), withCode('jwks_invalid'))
  const detached = Uint8Array.from(Buffer.from(jwks))
  structuredClone(detached, { transfer: [detached.buffer] })
  assert.throws(() => new KeySet(detached), withCode('jwks_invalid'))
})

test('classify tells kinds apart and believes nothing', () => {
  assert.equal(classify(sign()), 'id_token')
  assert.equal(classify('a.b.c.d.e'), 'encrypted')
  for (const text of ['', 'opaque', undefined, 'x'.repeat(10 * 2 ** 20)]) assert.equal(classify(text), 'not_a_jwt')
})

test('a token kind of its own has a call of its own', () => {
  assert.throws(() => verifier.verifyLogout(sign(), keys, { now: NOW }), withCode('logout_events_missing'))
  assert.throws(() => verifier.requireAccessToken(sign(), keys, { now: NOW }), withCode('kind_id_token'))
  const logout = sign({ events: { 'http://schemas.openid.net/event/backchannel-logout': {} }, jti: 'j' })
  for (const extra of [{ nonce: skipNonceCheck }, { nonce: 'n' }, { accessToken: 'a' }, { responseType: 'code' }]) {
    assert.throws(() => verifier.verifyLogout(logout, keys, { now: NOW, ...extra }), withCode('config_unknown_option'))
    assert.throws(() => verifier.explain(logout, keys, { kind: 'logout_token', now: NOW, ...extra }), withCode('config_unknown_option'))
    assert.throws(() => verifier.requireAccessToken(sign(), keys, { now: NOW, ...extra }), withCode('config_unknown_option'))
  }
  assert.throws(() => verifier.verify(sign(), keys, { nonce: skipNonceCheck, now: NOW, misspelt: 1 }), withCode('config_unknown_option'))
})
