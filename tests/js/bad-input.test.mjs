// Anything at all may arrive: the answer is a typed error, quickly, and without growing the wasm's memory.

import assert from 'node:assert/strict'
import { test } from 'node:test'

// The memory is not part of the public surface, so the instance is caught as it is made.
let memory
const { Instance } = WebAssembly
WebAssembly.Instance = class extends Instance {
  constructor(...values) {
    super(...values)
    memory = this.exports.memory
  }
}
const { expectNoNonce, IdTokenError, KeySet, skipNonceCheck, Verifier } = await import('idtoken')
WebAssembly.Instance = Instance
const { makeIssuer, NOW } = await import('./issuer.mjs')

const MIB = 1024 * 1024
const { policy, jwks, sign } = makeIssuer()
const keys = new KeySet(jwks)
const verifier = new Verifier(policy)
const options = { nonce: expectNoNonce, now: NOW }
const good = sign()
const base64url = (text) => Buffer.from(text).toString('base64url')
const [header, payload, signature] = good.split('.')

const tokens = {
  'token_missing': ['', undefined, null, 5, 10n ** 30n, true, {}, [], [good], new String(good), Symbol('t'), () => good],
  'token_too_large': ['.'.repeat(MIB), 'A'.repeat(10 * MIB), 'é'.repeat(MIB), '\ud800'.repeat(MIB), `${good}.`.repeat(100)],
  'token_format': [
    `${good}\0`, `\0${good}`, `${good} `, `\ufeff${good}`, `Bearer ${good}`, `${good}\ud800`, `${good}\udc00\ud800`,
    '{"payload":"","signatures":[]}', '𝕒.𝕓.𝕔', 'é'.repeat(5000),
  ],
  'token_segments': ['.', '..', 'a', 'a.b', '.'.repeat(1000), 'A'.repeat(16_384)],
  'json_depth': [`${base64url('{"a":'.repeat(100))}.${payload}.${signature}`],
  'json_utf8': [`${base64url(Buffer.from([0x7b, 0xff, 0x7d]))}.${payload}.${signature}`],
  'json_surrogate': [`${base64url('{"alg":"RS256","kid":"\\ud800"}')}.${payload}.${signature}`],
}

test('every token that is none gives a typed error, and explain a report', () => {
  for (const [code, inputs] of Object.entries(tokens)) {
    for (const input of inputs) {
      const shown = `${code}: ${String(input).slice(0, 40)}`
      assert.throws(() => verifier.verify(input, keys, options), isTyped(code), shown)
      const report = verifier.explain(input, keys, options)
      assert.equal(report.verdict, 'refused', shown)
      assert.equal(report.checks.find(({ status }) => status === 'fail').code, code, shown)
    }
  }
})

test('deep payloads are refused before the stack is', () => {
  for (const [open, close] of [['[', ']'], ['{"a":', '}']]) {
    const claims = `{"iss":"https://idp.example","deep":${open.repeat(1000)}1${close.repeat(1000)}}`
    assert.throws(() => verifier.verify(sign(claims), keys, options), isTyped('json_depth'))
  }
})

test('key sets of garbage give a typed error', () => {
  const broken = [
    '', ' ', '{', '[]', 'null', '{}', '{"keys":{}}', '{"keys":null}', '{"keys":[]} x', '\0', '\ud800', '<!doctype html>',
    `{"keys":${'['.repeat(100_000)}`, new Uint8Array(0), new Uint8Array(1000), new Uint8Array(1000).fill(0xff),
    ' '.repeat(10 * MIB), new Uint8Array(10 * MIB), { keys: 'x'.repeat(10 * MIB) }, `{"keys":[${'{},'.repeat(100)}{}]}`,
    {}, [],
  ]
  for (const source of broken) {
    assert.throws(() => new KeySet(source), isTyped('jwks_invalid'), String(source).slice(0, 40))
  }
  const useless = ['{"keys":[]}', '{"keys":[null,1,"x",[],{}]}', { keys: [{ kty: 'oct', k: 'AAAA' }] }]
  for (const source of useless) assert.throws(() => new KeySet(source), isTyped('jwks_no_usable_key'))
  for (const source of [undefined, null, 5, true, () => 1, new Date(), new ArrayBuffer(8), verifier]) {
    assert.throws(() => new KeySet(source), isTyped('config_invalid_option'))
    assert.throws(() => verifier.verify(good, source, options), isTyped('config_invalid_option'))
  }
})

test('options of garbage give a typed error', () => {
  const configs = [
    { now: {} }, { accessToken: 5 }, { accessToken: '\ud800' }, { code: [] }, { state: null }, { responseType: 'x'.repeat(MIB) },
    { extra: true },
  ]
  for (const more of configs) {
    assert.throws(() => verifier.verify(good, keys, { ...options, ...more }), (error) => {
      return error instanceof IdTokenError && error.code.startsWith('config_')
    }, JSON.stringify(more).slice(0, 60))
  }
})

test('large input does not grow the memory of the wasm', () => {
  const attempt = (work) => assert.throws(work, IdTokenError)
  const offer = (size) => {
    attempt(() => verifier.verify('A'.repeat(size), keys, options))
    attempt(() => verifier.verify('é'.repeat(size), keys, options))
    assert.equal(verifier.explain('.'.repeat(size), keys, options).verdict, 'refused')
    attempt(() => new KeySet(' '.repeat(size)))
    attempt(() => new KeySet(new Uint8Array(size)))
    attempt(() => new KeySet({ keys: '𝕒'.repeat(size / 2) }))
    attempt(() => new Verifier({ ...policy, clientId: 'c'.repeat(size) }))
    attempt(() => verifier.verify(good, keys, { nonce: '𝕒'.repeat(size / 2), now: NOW }))
    attempt(() => verifier.verify(good, keys, { nonce: skipNonceCheck, now: NOW, accessToken: '\0'.repeat(size) }))
  }
  offer(MIB / 2)
  const before = memory.buffer.byteLength
  offer(10 * MIB)
  const after = memory.buffer.byteLength
  console.log(`wasm memory: ${before / 1024} KiB after half a MiB, ${after / 1024} KiB after 10 MiB`)
  assert.equal(after, before)
  assert.ok(after < 8 * MIB)
})

test('a thousand refusals and acceptances do not leak', () => {
  const round = () => {
    for (const token of [good, `${good}x`, good.slice(0, -4) + 'AAAA', 'x']) {
      try { verifier.verify(token, keys, options) } catch (error) { assert.ok(error instanceof IdTokenError) }
      verifier.explain(token, keys, options)
    }
    new KeySet(jwks).free()
  }
  for (let i = 0; i < 20; i++) round()
  const before = memory.buffer.byteLength
  for (let i = 0; i < 250; i++) round()
  assert.equal(memory.buffer.byteLength, before)
})

function isTyped(code) {
  return (error) => {
    assert.ok(error instanceof IdTokenError, `a foreign ${error}`)
    assert.equal(error.code, code)
    return true
  }
}
