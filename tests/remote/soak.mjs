// soak.mjs COUNT: so many verifications in one wasm instance, with rotating keys, all kinds of refusals and a memory of
// verified tokens; prints the size of the wasm memory ten times, and fails when it grew after the first tenth.

import { makeIssuer } from '../js/issuer.mjs'
import { outcome, pause } from './outcomes.mjs'
import { startProvider } from './provider.mjs'

let memory
const { Instance } = WebAssembly
WebAssembly.Instance = class {
  constructor(...values) {
    const instance = new Instance(...values)
    memory = instance.exports.memory
    return instance
  }
}
const { skipNonceCheck } = await import('idtoken')
const { RemoteVerifier } = await import('idtoken/remote')
WebAssembly.Instance = Instance

const COOLDOWN = 1000
const count = Number(process.argv[2])
const now = Math.floor(Date.now() / 1000)
const provider = await startProvider()
/** A new key, and tokens that it signed. */
function rotate() {
  const { policy, jwks, sign } = makeIssuer({ kid: `key-${++rotations}` })
  provider.jwks = jwks
  return { policy, tokens: Array.from({ length: 50 }, (_, at) => sign({ iat: now, exp: now + 86_000, jti: `${at}` })) }
}
let rotations = 0
let fetchedAt = 0
let current = rotate()
let [old] = current.tokens
const onEvent = ({ type }) => { if (type === 'fetch_started') fetchedAt = Date.now() }
const options = { jwksUri: provider.jwksUri('soak'), cooldownDuration: COOLDOWN, tokenCacheBytes: 65_536, onEvent }
const rp = new RemoteVerifier(current.policy, options)
const verdicts = new Map()
let first

for (let done = 1; done <= count; done++) {
  if (done % Math.min(count / 5, 20_000) === 0) {
    // Until then the core would not fetch again.
    await pause(Math.max(0, fetchedAt + COOLDOWN + 50 - Date.now()))
    ;[old] = current.tokens
    current = rotate()
  }
  const token = done % 7 === 0 ? old : done % 11 === 0 ? `${done}.x` : current.tokens[done % current.tokens.length]
  const verdict = await outcome(rp.verify(token, { nonce: skipNonceCheck }))
  verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1)
  // The provider lives in this process.
  if (done % 1000 === 0) await new Promise(setImmediate)
  if (done % Math.ceil(count / 10) === 0 || done === count) {
    const bytes = memory.buffer.byteLength
    first ??= bytes
    console.log(`${done} verifications, ${rotations} keys, ${provider.count('soak')} fetches, ${bytes} bytes of wasm memory`)
    if (bytes > first) {
      console.error(`the memory grew from ${first} to ${bytes} bytes`)
      process.exitCode = 1
    }
  }
}
console.log([...verdicts].map(([verdict, times]) => `${times} ${verdict}`).join(', '))
if (!(verdicts.get('accept') > count / 2)) {
  console.error('hardly any was accepted')
  process.exitCode = 1
}
provider.stop()
