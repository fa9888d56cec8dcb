// The wasm breaks down under a RemoteVerifier: fetches stay bounded, and a used token stays used.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { outcome, pause, SHORT } from '../remote/outcomes.mjs'
import { startProvider } from '../remote/provider.mjs'
import { makeIssuer } from './issuer.mjs'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')

/** The functions of the wasm that trap. */
const trapping = new Set()
/** The memories of all instances, as long as somebody holds them. */
const memories = []
const { Instance } = WebAssembly
WebAssembly.Instance = class {
  constructor(...values) {
    const { exports } = new Instance(...values)
    memories.push(new WeakRef(exports.memory))
    this.exports = Object.fromEntries(Object.entries(exports).map(([name, value]) => {
      return [name, typeof value === 'function' ? (...args) => call(name, value, args) : value]
    }))
  }
}

function call(name, work, args) {
  if (trapping.has(name)) throw new WebAssembly.RuntimeError('unreachable')
  return work(...args)
}

const { classify, skipNonceCheck } = await import('idtoken')
const { RemoteVerifier } = await import('idtoken/remote')
const { policy, jwks, sign } = makeIssuer()
const now = Math.floor(Date.now() / 1000)
const fresh = (jti) => sign({ iat: now, exp: now + 300, jti })
const verify = (rp, token) => outcome(rp.verify(token, { nonce: skipNonceCheck }))

let provider
before(async () => { provider = await startProvider(jwks) })
after(() => provider?.stop())

const make = (id, more = {}) => new RemoteVerifier(policy, { ...SHORT, jwksUri: provider.jwksUri(id), ...more })

/** What some other part of the program does. */
function breakDown() {
  trapping.add('classify')
  assert.throws(() => classify(fresh('other')), { code: 'internal_error' })
  trapping.clear()
}

test('a used token stays used', async () => {
  const rp = make('used', { replay: true })
  const used = fresh('used')
  assert.deepEqual([await verify(rp, used), await verify(rp, used)], ['accept', 'replay_detected 401'])
  breakDown()
  assert.deepEqual([await verify(rp, used), await verify(rp, fresh('new'))], ['replay_detected 401', 'accept'])
  assert.equal(provider.count('used'), 2, 'the keys were in the wasm')
})

test('no token is taken for another that was remembered before a breakdown', async () => {
  const rp = make('remembered', { tokenCacheBytes: 65_536 })
  const jti = async (token) => (await rp.verify(token, { nonce: skipNonceCheck })).claims.jti
  const [first, second] = [fresh('first'), fresh('second')]
  assert.deepEqual([await jti(first), await jti(first)], ['first', 'first'])
  breakDown()
  assert.deepEqual([await jti(second), await jti(second), await jti(first), await jti(first)], ['second', 'second', 'first', 'first'])
})

test('the memory of before a breakdown, with the tokens in it, is let go at the next call', async () => {
  const rp = make('let go', { tokenCacheBytes: 65_536 })
  const token = fresh('again')
  assert.deepEqual([await verify(rp, token), await verify(rp, token)], ['accept', 'accept'])
  const held = memories.at(-1)
  breakDown()
  assert.equal(await verify(rp, fresh('other')), 'accept')
  await pause(1)
  collect()
  assert.equal(held.deref(), undefined)
})

test('a breakdown while a fetch is under way ends the call that waits, and costs the others one fetch', async () => {
  const rp = make('waiting', { jwksUri: provider.jwksUri('waiting', 'slowly') })
  const waiting = verify(rp, fresh())
  breakDown()
  assert.equal(await waiting, 'internal_error 500')
  assert.equal(await verify(rp, fresh()), 'accept')
  assert.equal(provider.count('waiting'), 2)
})

for (const name of ['remoteverifier_handle', 'remoteverifier_restore', 'remoteverifier_pollFetch', 'remoteverifier_pollEvent']) {
  test(`${name} breaks down each time: fetches are bounded, and the next period is a new one`, async () => {
    const store = { get: () => name === 'remoteverifier_restore' ? '{}' : null, put() {} }
    const rp = make(name, { store })
    const other = make(`${name} other`)
    assert.equal(await verify(other, fresh()), 'accept')
    trapping.add(name)
    for (let i = 0; i < 20; i++) assert.equal(await verify(rp, fresh()), 'internal_error 500')
    trapping.clear()
    assert.ok(provider.count(name) <= 3, `${provider.count(name)} fetches`)
    await pause(SHORT.cooldownDuration + 50)
    assert.deepEqual([await verify(rp, fresh()), await verify(other, fresh())], ['accept', 'accept'])
  })
}
