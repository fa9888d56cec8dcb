// The wasm that ships: no input makes it trap, and nested input takes no more stack than flat input does.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { loadCases } from '../runtimes/cases.mjs'
import { runCorpus } from '../runtimes/run-corpus.mjs'

// The package turns whatever is thrown into an error of its own, so traps are counted where the wasm is called.
const counts = { calls: 0, traps: [] }
let memory
const { Instance } = WebAssembly
WebAssembly.Instance = class {
  constructor(...values) {
    const { exports } = new Instance(...values)
    memory = exports.memory
    this.exports = Object.fromEntries(Object.entries(exports).map(([name, value]) => {
      return [name, typeof value === 'function' ? (...args) => counted(name, () => value(...args)) : value]
    }))
  }
}
const idtoken = await import('idtoken')
WebAssembly.Instance = Instance
const { makeIssuer, NOW } = await import('./issuer.mjs')

function counted(name, work) {
  counts.calls++
  try {
    return work()
  } catch (error) {
    // A stack that overflows is a RangeError. What the core throws is a plain object.
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) counts.traps.push(`${name}: ${error}`)
    throw error
  }
}

const { policy, jwks, sign } = makeIssuer()
const options = { nonce: idtoken.skipNonceCheck, now: NOW }
const verifier = new idtoken.Verifier(policy)
const keys = new idtoken.KeySet(jwks)

test('the corpus does not make it trap', () => {
  const cases = loadCases()
  noTraps(`${cases.length} cases of the corpus`, () => codesOf(cases))
})

test('nor does the corpus with something changed', () => {
  const random = randomNumbers(1)
  const pick = (list) => list[random(list.length)]
  const cases = loadCases().filter(({ token, jwks }) => typeof token === 'string' && typeof jwks === 'string')
  const changed = Array.from({ length: 4000 }, (_, at) => {
    const testCase = { ...pick(cases), id: `changed-${at}` }
    const member = pick(['token', 'token', 'payload', 'payload', 'jwks'])
    if (member === 'payload') {
      const [header, payload, ...rest] = testCase.token.split('.')
      const text = mutate(Buffer.from(payload ?? '', 'base64url').toString(), random, pick)
      testCase.token = [header, Buffer.from(text).toString('base64url'), ...rest].join('.')
    } else {
      testCase[member] = mutate(testCase[member], random, pick)
    }
    return testCase
  })
  noTraps(`${changed.length} changed cases`, () => codesOf(changed))
})

test('nor do the tokens of the fuzzer', () => {
  const file = process.env.IDTOKEN_FUZZ_TOKENS
  if (!file || !existsSync(file)) {
    console.log('without the tokens of the fuzzer: `cargo xtask test fuzz js` includes them')
    return
  }
  const [{ sets }, ...cases] = readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line))
  noTraps(`${cases.length} tokens of the fuzzer`, () => {
    const codes = codesOf(cases.map((testCase) => ({ ...testCase, jwks: sets[testCase.set] })))
    assert.ok(codes.get('accept') > cases.length / 10, 'hardly any is accepted')
  })
})

const keysText = JSON.stringify(jwks)

/** Where a nested value may stand, how deep it may be there, what is said of it then, and beyond. */
const PLACES = {
  payload: { deepest: 31, said: [/^sub_missing$/, /^json_depth$/], run: (value) => verify(sign(claims(value))) },
  header: { deepest: 15, said: [/^iss_missing$/, /^json_depth$/], run: (value) => verify(unsigned(`{"alg":"RS256","x":${value}}`)) },
  'key set': {
    deepest: 31,
    said: [/^accept$/, /^jwks_invalid$/],
    run: (value) => outcome(() => new idtoken.KeySet(keysText.replace('{', `{"x":${value},`)).free()),
  },
  policy: {
    deepest: 29,
    said: [/^config_/, /^config_invalid_option$/],
    run: (value) => outcome(() => new idtoken.Verifier({ ...policy, requiredClaims: { x: JSON.parse(value) } }).free()),
  },
}

test('the deepest nesting takes no more of the wasm stack than none', () => {
  for (const [place, { deepest, said, run }] of Object.entries(PLACES)) {
    for (const [open, close] of [['[', ']'], ['{"a":', '}']]) {
      const nested = (depth) => open.repeat(depth) + '1' + close.repeat(depth)
      const [shallow, deep, deeper] = [1, deepest, 400].map((depth) => stackOf(() => run(nested(depth))))
      console.log(`${place}, ${open}: ${shallow.bytes} bytes at depth 1, ${deep.bytes} at ${deepest}, ${deeper.bytes} at 400`)
      assert.match(deep.answer, said[0], place)
      assert.match(deeper.answer, said[1], place)
      for (const { bytes } of [deep, deeper]) assert.ok(bytes <= shallow.bytes + 64, place)
    }
  }
  assert.deepEqual(counts.traps, [])
})


test('nor of the stack of the engine: a tenth of the usual is enough', () => {
  // Node itself needs most of it to start.
  const args = ['--stack-size=100', '--test-name-pattern=deepest', fileURLToPath(import.meta.url)]
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' })
  assert.equal(status, 0, stdout + stderr)
  assert.match(stdout, /key set/)
})

function claims(value) {
  return `{"iss":"${policy.issuer}","x":${value}}`
}

function unsigned(header) {
  return `${Buffer.from(header).toString('base64url')}.e30.AA`
}

function verify(token) {
  return outcome(() => verifier.verify(token, keys, options))
}

function outcome(work) {
  try {
    work()
    return 'accept'
  } catch (error) {
    return error.code
  }
}

/** What a call leaves behind on the wasm's own stack, which lies below its data and grows down: painted, then looked at. */
function stackOf(work) {
  const TOP = 1024 * 1024
  const PAINT = 0xa5
  const stack = new Uint8Array(memory.buffer, 0, TOP).fill(PAINT)
  const answer = work()
  // The memory may have grown, and the buffer with it.
  const after = stack.length ? stack : new Uint8Array(memory.buffer, 0, TOP)
  const lowest = after.findIndex((byte) => byte !== PAINT)
  assert.ok(lowest > 0, 'the stack was not used, or all of it')
  return { bytes: TOP - lowest, answer }
}

function noTraps(what, work) {
  const before = counts.calls
  work()
  console.log(`${what}: ${counts.calls - before} calls of the wasm, ${counts.traps.length} traps`)
  assert.deepEqual(counts.traps, [])
  assert.ok(counts.calls > before)
}

/** How often each code came up; `internal_error` is none of them. */
function codesOf(cases) {
  const codes = new Map()
  for (const { code } of Object.values(runCorpus(idtoken, cases).outcomes)) codes.set(code, (codes.get(code) ?? 0) + 1)
  for (const code of codes.keys()) assert.match(code, /^[a-z_0-9]+$/)
  assert.equal(codes.get('internal_error'), undefined)
  return codes
}

function mutate(text, random, pick) {
  for (let left = 1 + random(4); left > 0; left--) {
    const [at, length] = [random(text.length + 1), random(8)]
    const insert = pick(['', '"', '\\u0000', '\\ud800', '{', '}', '[', ']', ',', '1e400', '.', '=', '\0', 'é', '𝕒', text.slice(at, at + 40)])
    text = text.slice(0, at) + insert + text.slice(at + length)
  }
  return text
}

/** Numbers below an end, the same on every run. */
function randomNumbers(seed) {
  let state = BigInt(seed)
  return (end) => {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n)
    return Number((state >> 33n) % BigInt(Math.max(end, 1)))
  }
}
