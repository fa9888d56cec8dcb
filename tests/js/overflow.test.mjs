// The host's stack runs out in the middle of the wasm: that call is refused, and the next one has a sound instance.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

// Whether it is the wasm that the stack runs out in can be told only where the wasm is called.
let overflows = 0
const { Instance } = WebAssembly
WebAssembly.Instance = class {
  constructor(...values) {
    const { exports } = new Instance(...values)
    this.exports = Object.fromEntries(Object.entries(exports).map(([name, value]) => {
      return [name, typeof value === 'function' ? (...args) => counted(() => value(...args)) : value]
    }))
  }
}

function counted(work) {
  try {
    return work()
  } catch (error) {
    if (error instanceof RangeError) overflows++
    throw error
  }
}

const idtoken = await import('idtoken')
const { judgeOverflow, overflow } = await import('../runtimes/overflow.mjs')
const { overflowCase } = await import('./issuer.mjs')

test('a stack that runs out in the middle of the wasm costs that call only', () => {
  const result = overflow(idtoken, overflowCase())
  console.log(`near the end of the stack: ${JSON.stringify(result.ends)}; ${overflows} in the wasm, ${result.replaced} instances begun`)
  judgeOverflow(result, assert)
  assert.ok(overflows > 0)
})

test('what the collector finds of a broken instance is not freed, there or elsewhere', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  const testCase = overflowCase()
  const verifier = new idtoken.Verifier(testCase.policy)
  for (let i = 0; i < 100; i++) {
    const dropped = new idtoken.KeySet(testCase.jwks)
    assert.deepEqual(dropped.skipped, [])
  }
  judgeOverflow(overflow(idtoken, testCase), assert)
  for (let i = 0; i < 5; i++) {
    collect()
    // The finalizers run in a task of their own; an error in one would end the process.
    await new Promise((done) => setImmediate(done))
    const keys = new idtoken.KeySet(testCase.jwks)
    const { claims } = verifier.verify(testCase.token, keys, { nonce: idtoken.skipNonceCheck, now: testCase.now })
    assert.equal(claims.sub, 'alice')
  }
})
