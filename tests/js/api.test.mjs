// The shapes and promises of the JavaScript surface, beyond the verdicts that the corpus checks.

import assert from 'node:assert/strict'
import { afterEach, mock, test } from 'node:test'
import { expectNoNonce, IdTokenError, KeySet, skipNonceCheck, Verifier } from 'idtoken'
import { caught, makeIssuer, NOW } from './issuer.mjs'

const { policy, jwks, sign } = makeIssuer()
const keys = new KeySet(jwks)
const verifier = new Verifier(policy)
const options = { nonce: expectNoNonce, now: NOW }

afterEach(() => mock.restoreAll())

const withCode = (code) => (error) => {
  assert.ok(error instanceof IdTokenError, `${error}`)
  assert.equal(error.code, code)
  return true
}

test('an accepted token: claims, header, key and warnings', () => {
  const idToken = verifier.verify(sign({ nonce: 'n', groups: ['a'] }), keys, { nonce: 'n', now: NOW })
  assert.deepEqual(Object.keys(idToken).sort(), ['claims', 'header', 'key', 'warnings'])
  const { iss, sub, aud, exp, groups } = idToken.claims
  assert.deepEqual({ iss, sub, aud, exp, groups }, {
    iss: 'https://idp.example', sub: 'alice', aud: 'client', exp: NOW + 300, groups: ['a'],
  })
  assert.deepEqual({ ...idToken.header }, { alg: 'RS256', kid: 'key-1' })
  assert.deepEqual({ ...idToken.key }, { alg: 'RS256', kid: 'key-1' })
  assert.deepEqual(idToken.warnings, [])
})

test('claims and all objects in them have no prototype', () => {
  const { claims } = verifier.verify(sign({ address: { lines: [{ text: 'x' }] } }), keys, options)
  for (const object of [claims, claims.address, claims.address.lines[0]]) {
    assert.equal(Object.getPrototypeOf(object), null)
  }
  assert.equal(claims.toString, undefined)
  assert.equal(claims.constructor, undefined)
})

test('an error tells code, rule, clause, claim, retryable and status', () => {
  const error = caught(() => verifier.verify(sign({ exp: NOW - 600, iat: NOW - 900 }), keys, options))
  assert.ok(error instanceof IdTokenError && error instanceof Error)
  assert.equal(error.name, 'IdTokenError')
  assert.equal(error.code, 'exp_expired')
  assert.match(error.rule, /^R\d+$/)
  assert.match(error.clause, /section/)
  assert.equal(error.claim, 'exp')
  assert.equal(error.retryable, false)
  assert.equal(error.status, 401)
  assert.match(error.message, /^exp_expired: /)
  assert.equal(JSON.parse(JSON.stringify(error)).code, 'exp_expired')
})

test('statuses and retryable: rotation is worth another try, a bad set is not the token\'s fault', () => {
  const rotated = caught(() => verifier.verify(sign({}, { kid: 'key-2' }), keys, options))
  assert.deepEqual([rotated.code, rotated.retryable, rotated.status], ['key_not_found', true, 401])
  const badSet = caught(() => new KeySet('{}'))
  assert.deepEqual([badSet.code, badSet.status], ['jwks_invalid', 503])
  const badPolicy = caught(() => new Verifier({ ...policy, algorithms: [] }))
  assert.deepEqual([badPolicy.code, badPolicy.status], ['config_algorithms', 500])
})

test('a refused logout token has status 400, also without the key', () => {
  const events = { 'http://schemas.openid.net/event/backchannel-logout': {} }
  const refused = (claims, header) => caught(() => verifier.verifyLogout(sign({ events, jti: 'j', ...claims }, header), keys, { now: NOW }))
  for (const [claims, header, code] of [[{ nonce: 'n' }, {}, 'logout_nonce_present'], [{}, { kid: 'key-2' }, 'key_not_found']]) {
    const error = refused(claims, header)
    assert.deepEqual([error.code, error.status], [code, 400])
  }
})

test('a required claim is named by the error', () => {
  const strict = new Verifier({ ...policy, requiredClaims: { hd: 'example.com' } })
  assert.deepEqual([caught(() => strict.verify(sign(), keys, options))].map(({ code, claim }) => [code, claim]), [['claim_missing', 'hd']])
  const error = caught(() => strict.verify(sign({ hd: true }), keys, options))
  assert.deepEqual([error.code, error.claim, error.hint], ['claim_mismatch', 'hd', 'hd has another type'])
  const there = new Verifier({ ...policy, requiredClaims: { hd: {} } })
  assert.equal(there.verify(sign({ hd: '' }), keys, options).claims.hd, '')
  assert.throws(() => there.verify(sign({ hd: null }), keys, options), withCode('claim_mismatch'))
})

test('a misspelt option is refused with the nearest name, in camelCase', () => {
  const error = caught(() => new Verifier({ ...policy, clockTolerence: 5 }))
  assert.equal(error.code, 'config_unknown_option')
  assert.match(error.hint, /clockTolerance/)
  const snake = caught(() => new Verifier({ ...policy, clock_tolerance: 5 }))
  assert.equal(snake.code, 'config_unknown_option')
  const option = caught(() => verifier.verify(sign(), keys, { ...options, acessToken: 'a' }))
  assert.equal(option.code, 'config_unknown_option')
  assert.match(option.hint, /accessToken/)
})

test('what JSON cannot hold is refused, not left out', () => {
  for (const clockTolerance of [Infinity, NaN]) {
    assert.throws(() => new Verifier({ ...policy, clockTolerance }), withCode('config_skew'))
  }
  for (const now of [NaN, Infinity, null, '1800000000', 0, Date.now()]) {
    assert.throws(() => verifier.verify(sign(), keys, { ...options, now }), withCode('config_time'), `${now}`)
  }
  for (const policy of [undefined, null, 'policy', 5, [], () => {}, Symbol('policy')]) {
    assert.throws(() => new Verifier(policy), (error) => error instanceof IdTokenError && error.code.startsWith('config_'))
  }
})

test('a polluted Object.prototype adds nothing to a policy or to the options', () => {
  const expired = sign({ iat: NOW - 400, exp: NOW - 100 })
  const withNonce = sign({ nonce: 'n' })
  const pollution = { clockTolerance: 300, algorithms: ['ES256'], unknownOption: 1, now: NOW - 300, nonce: skipNonceCheck }
  Object.assign(Object.prototype, pollution)
  try {
    const verifier = new Verifier({ issuer: policy.issuer, clientId: policy.clientId })
    assert.equal(verifier.verify(sign(), keys, { nonce: expectNoNonce, now: NOW }).claims.sub, 'alice')
    assert.throws(() => verifier.verify(expired, keys, { nonce: expectNoNonce, now: NOW }), withCode('exp_expired'))
    assert.throws(() => verifier.verify(withNonce, keys, { now: NOW }), withCode('config_nonce_policy'))
  } finally {
    for (const name of Object.keys(pollution)) delete Object.prototype[name]
  }
})

test('a lost nonce is never "no nonce", and no value from outside is an opt-out', () => {
  const token = sign({ nonce: 'n' })
  const lost = [
    null, undefined, '', 0, false, true, {}, [], ['none_sent'], { equals: 'n' }, new String('not_checked'),
    { toJSON: () => 'not_checked' }, Symbol('skipNonceCheck'), Symbol.for('skipNonceCheck'),
  ]
  for (const nonce of lost) {
    assert.throws(() => verifier.verify(token, keys, { nonce, now: NOW }), withCode('config_nonce_policy'))
    assert.throws(() => verifier.explain(token, keys, { nonce, now: NOW }), withCode('config_nonce_policy'))
  }
  for (const options of [{}, undefined, null]) {
    assert.throws(() => verifier.verify(token, keys, options), withCode('config_nonce_policy'))
  }
  for (const nonce of ['none_sent', 'not_checked']) {
    assert.throws(() => verifier.verify(token, keys, { nonce, now: NOW }), withCode('nonce_mismatch'))
  }
})

test('the two symbols opt out by name', () => {
  const withNonce = sign({ nonce: 'n' })
  assert.equal(verifier.verify(withNonce, keys, { nonce: skipNonceCheck, now: NOW }).claims.nonce, 'n')
  assert.throws(() => verifier.verify(withNonce, keys, options), withCode('nonce_unexpected'))
  assert.throws(() => verifier.verify(sign(), keys, { nonce: 'n', now: NOW }), withCode('nonce_missing'))
})

test('explain gives the verdict of verify, every check, and does not throw', () => {
  const report = verifier.explain(sign(), keys, options)
  assert.equal(report.verdict, 'accepted')
  assert.ok(report.checks.length > 10)
  for (const check of report.checks) {
    assert.match(check.rule, /^R\d+$/)
    assert.ok(['pass', 'fail', 'warn', 'skip'].includes(check.status))
    assert.equal(typeof check.verified, 'boolean')
  }
  const wrong = sign({ aud: 'other', exp: NOW - 600, iat: NOW - 900 })
  const refused = verifier.explain(wrong, keys, options)
  const failed = refused.checks.filter(({ status }) => status === 'fail').map(({ code }) => code)
  assert.equal(refused.verdict, 'refused')
  assert.equal(failed[0], 'aud_mismatch')
  assert.ok(failed.includes('exp_expired'), 'it goes on after the first failure')
  assert.throws(() => verifier.verify(wrong, keys, options), withCode(failed[0]))
})

test('explain is told of what kind the token should be', () => {
  const logout = sign({ events: { 'http://schemas.openid.net/event/backchannel-logout': {} }, jti: 'j' }, { typ: 'logout+jwt' })
  const access = sign({}, { typ: 'at+jwt' })
  const now = NOW
  assert.equal(verifier.explain(logout, keys, { kind: 'logout_token', now }).verdict, 'accepted')
  assert.equal(verifier.explain(access, keys, { kind: 'access_token', now }).verdict, 'accepted')
  assert.equal(verifier.explain(sign(), keys, { ...options, kind: 'id_token' }).verdict, 'accepted')
  for (const kind of ['logout_token', 'access_token']) {
    assert.equal(verifier.explain(sign(), keys, { kind, now }).verdict, 'refused')
  }
  for (const token of [logout, access]) assert.equal(verifier.explain(token, keys, options).verdict, 'refused')
  for (const kind of ['', 'logout', null, 5, ['logout_token'], () => 'logout_token', Symbol('logout_token')]) {
    const error = caught(() => verifier.explain(logout, keys, { ...options, kind }))
    assert.deepEqual([error.code, error.hint], ['config_invalid_option', 'kind is id_token, logout_token or access_token'])
  }
  assert.throws(() => verifier.explain(logout, keys, { now, get kind() { throw new Error('canary') } }), withCode('config_invalid_option'))
  assert.throws(() => verifier.explain(sign(), keys, { kind: 'id_token', now }), withCode('config_nonce_policy'))
  assert.throws(() => verifier.verify(sign(), keys, { ...options, kind: 'id_token' }), withCode('config_unknown_option'))
})

test('keys are taken as text, bytes or an object, and the skipped ones are told', () => {
  const set = { keys: [{ kty: 'oct', kid: 'hmac', k: 'AAAA' }, ...jwks.keys] }
  const text = JSON.stringify(set)
  for (const source of [text, new TextEncoder().encode(text), Buffer.from(text), set]) {
    const keys = new KeySet(source)
    assert.deepEqual(keys.skipped, [{ index: 0, kid: 'hmac', code: 'jwk_symmetric' }])
    assert.equal(verifier.verify(sign(), keys, options).claims.sub, 'alice')
  }
})

test('a plain object is imported once', () => {
  const set = structuredClone(jwks)
  assert.equal(verifier.verify(sign(), set, options).claims.sub, 'alice')
  set.keys.length = 0
  assert.equal(verifier.verify(sign(), set, options).claims.sub, 'alice')
  assert.throws(() => verifier.verify(sign(), { keys: [] }, options), withCode('jwks_no_usable_key'))
})

test('the clock is read at each call and never when a verifier is made', () => {
  const clock = mock.method(Date, 'now', () => NOW * 1000 + 999)
  const verifier = new Verifier(policy)
  new KeySet(jwks)
  assert.equal(clock.mock.callCount(), 0)
  const token = sign()
  assert.equal(verifier.verify(token, keys, { nonce: expectNoNonce }).claims.sub, 'alice')
  assert.equal(verifier.verify(token, keys, { nonce: expectNoNonce, now: undefined }).claims.sub, 'alice')
  mock.method(Date, 'now', () => (NOW + 3600) * 1000)
  assert.throws(() => verifier.verify(token, keys, { nonce: expectNoNonce }), withCode('exp_expired'))
})

test('a call changes neither the options nor the policy', () => {
  const frozen = Object.freeze({ ...options })
  const frozenPolicy = Object.freeze({ ...policy, algorithms: Object.freeze(['RS256']) })
  assert.equal(new Verifier(frozenPolicy).verify(sign(), keys, frozen).claims.sub, 'alice')
})

test('free and Symbol.dispose give the memory back, twice if need be; afterwards every call is a typed error', () => {
  for (const free of ['free', Symbol.dispose]) {
    const freed = { keys: new KeySet(jwks), verifier: new Verifier(policy) }
    freed.keys[free]()
    freed.keys[free]()
    freed.verifier[free]()
    freed.verifier[free]()
    assert.throws(() => verifier.verify(sign(), freed.keys, options), withCode('internal_error'))
    assert.throws(() => freed.verifier.verify(sign(), keys, options), withCode('internal_error'))
  }
  assert.equal(verifier.verify(sign(), keys, options).claims.sub, 'alice', 'others are not affected')
})
