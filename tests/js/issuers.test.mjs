// Several issuers in one verifier: the token's `iss` chooses the policy and the keys, and nobody else's keys matter.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { IdTokenError, KeySet, Verifier, expectNoNonce, skipNonceCheck } from 'idtoken'
import { caught, makeIssuer, NOW } from './issuer.mjs'

const OTHER = 'https://other.example'
const { policy, jwks, sign } = makeIssuer()
const ISSUER = policy.issuer
const other = { ...policy, issuer: OTHER }
const both = new Verifier([policy, other])
const keys = new KeySet(jwks)
const options = { nonce: expectNoNonce, now: NOW }
const withCode = (code) => (error) => error instanceof IdTokenError && error.code === code

test('several issuers: each has its keys, and a set that was exchanged counts at once', () => {
  const sets = { [ISSUER]: keys, [OTHER]: JSON.stringify(jwks).replaceAll('"kid":"', '"kid":"other-') }
  sets[OTHER] = JSON.parse(sets[OTHER])
  assert.equal(both.verify(sign(), sets, options).claims.sub, 'alice')
  assert.throws(() => both.verify(sign({ iss: OTHER }), sets, options), withCode('key_not_found'))
  sets[OTHER] = keys
  assert.equal(both.verify(sign({ iss: OTHER }), sets, options).claims.iss, OTHER)
  assert.throws(() => both.verify(sign({ iss: 'https://third.example' }), sets, options), withCode('iss_unknown'))
  assert.throws(() => both.verify(sign(), { [OTHER]: keys }, options), withCode('config_invalid_option'))
  assert.equal(both.explain(sign({ iss: 'https://third.example' }), sets, options).verdict, 'refused')
})

test('an unusable set of one issuer stops the tokens of that issuer only', () => {
  const freed = new KeySet(jwks)
  freed.free()
  const unusable = [
    [{ keys: [] }, 'jwks_no_usable_key'], [freed, 'internal_error'], [null, 'config_invalid_option'],
    ['text', 'config_invalid_option'], [Promise.resolve(keys), 'config_invalid_option'], [{ keys: 5 }, 'jwks_invalid'],
  ]
  for (const [set, code] of unusable) {
    const sets = { [OTHER]: set, [ISSUER]: keys }
    assert.equal(both.verify(sign(), sets, options).claims.iss, ISSUER)
    assert.equal(both.explain(sign(), sets, options).verdict, 'accepted')
    assert.throws(() => both.verify(sign({ iss: OTHER }), sets, options), withCode(code))
    assert.throws(() => both.explain(sign({ iss: OTHER }), sets, options), withCode(code))
    assert.throws(() => both.verify(sign({ iss: 'https://third.example' }), sets, options), withCode('iss_unknown'))
  }
  const forgotten = { [OTHER]: undefined, [ISSUER]: keys }
  assert.equal(both.verify(sign(), forgotten, options).claims.iss, ISSUER)
  const error = caught(() => both.verify(sign({ iss: OTHER }), forgotten, options))
  assert.deepEqual([error.code, error.status, error.hint], ['config_invalid_option', 500, `there is no key set for ${OTHER}`])
  const thrower = { [ISSUER]: keys, get [OTHER]() { throw new RangeError('canary') } }
  assert.equal(both.verify(sign(), thrower, options).claims.iss, ISSUER)
  assert.throws(() => both.verify(sign({ iss: OTHER }), thrower, options), withCode('config_invalid_option'))
})

test('every kind of token finds the keys of its issuer', () => {
  const sets = { [OTHER]: null, [ISSUER]: jwks }
  const events = { 'http://schemas.openid.net/event/backchannel-logout': {} }
  const logout = sign({ events, jti: 'j' }, { typ: 'logout+jwt' })
  assert.equal(both.verifyLogout(logout, sets, { now: NOW }).claims.jti, 'j')
  assert.equal(both.requireAccessToken(sign({}, { typ: 'at+jwt' }), sets, { now: NOW }).claims.sub, 'alice')
})

test('the keys of an alias and of a tenant stand under the name in the policy', () => {
  const template = 'https://login.example/{tenantid}/v2.0'
  const tenant = '9188040d-6c67-4c5b-b112-36a304b66dad'
  const several = new Verifier([
    { ...policy, issuerAliases: ['idp.example'] },
    { ...policy, issuer: template, tenants: { claim: 'tid', allow: [tenant] } },
  ])
  const sets = { [ISSUER]: keys, [template]: keys }
  assert.equal(several.verify(sign({ iss: 'idp.example' }), sets, options).claims.iss, 'idp.example')
  const iss = `https://login.example/${tenant}/v2.0`
  assert.equal(several.verify(sign({ iss, tid: tenant }), sets, options).claims.iss, iss)
})

test('keys of the wrong shape are said to be that, whatever the token is', () => {
  const single = new Verifier(policy)
  for (const token of [sign(), 'garbage']) {
    for (const wrong of [null, undefined, keys, jwks, JSON.stringify(jwks), [keys], new Map([[ISSUER, keys]]), {}, 5, () => keys]) {
      const error = caught(() => both.verify(token, wrong, options))
      assert.equal(error.code, 'config_invalid_option')
      assert.match(error.hint, /pass \{ \[issuer\]: keys \}/)
      assert.deepEqual([error.status, error.retryable], [500, false])
    }
    for (const call of ['verify', 'explain']) {
      const error = caught(() => single[call](token, { [ISSUER]: keys }, options))
      assert.equal(error.code, 'config_invalid_option')
      assert.match(error.hint, /with one issuer/)
    }
  }
  assert.equal(new Verifier([policy]).verify(sign(), { [ISSUER]: keys }, options).claims.iss, ISSUER, 'a list of one is a list')
})

test('of the keys one member is read, once, in whatever order they stand', () => {
  const read = []
  let turn = 0
  const sets = new Proxy({ [ISSUER]: keys, [OTHER]: makeIssuer().jwks }, {
    ownKeys: (target) => (turn++ % 2 ? Reflect.ownKeys(target).reverse() : Reflect.ownKeys(target)),
    get: (target, name) => { read.push(name); return target[name] },
  })
  for (let i = 0; i < 4; i++) {
    read.length = 0
    assert.equal(both.verify(sign(), sets, options).claims.iss, ISSUER)
    assert.deepEqual(read, [ISSUER])
    assert.throws(() => both.verify(sign({ iss: OTHER }), sets, options), withCode('signature_invalid'))
  }
  const inherited = Object.create({ [OTHER]: keys }, { [ISSUER]: { value: keys, enumerable: true } })
  assert.throws(() => both.verify(sign(), inherited, options), withCode('config_invalid_option'))
})

test('a plain set counts within the limits of each issuer it is given for', () => {
  const two = { keys: [...jwks.keys, { ...makeIssuer().jwks.keys[0], kid: 'key-2' }] }
  const verifier = new Verifier([policy, { ...other, limits: { maxKeys: 1 } }])
  const sets = { [ISSUER]: two, [OTHER]: two }
  for (let i = 0; i < 2; i++) {
    assert.equal(verifier.verify(sign(), sets, { nonce: skipNonceCheck, now: NOW }).claims.iss, ISSUER)
    assert.throws(() => verifier.verify(sign({ iss: OTHER }), sets, options), withCode('jwks_invalid'))
  }
})
