// Verifies close to the end of the host's stack, so that the stack runs out in the middle of the wasm. The same file runs in
// every runtime, so it uses nothing but the package and the language.

const ROUNDS = 24
/** Where so many calls of a round went well, the stack is long enough again. */
const ENOUGH = 5

/**
 * @param {typeof import('idtoken')} idtoken
 * @returns {{ ends: Record<string, number>, forged: Record<string, number>, replaced: number, after: string[] }} how often
 *   calls near the end of the stack ended in which way, with a good token and a forged one; how often a new instance was
 *   begun; and what the same objects said afterwards
 */
export function overflow({ KeySet, Verifier, classify, skipNonceCheck }, { policy, jwks, token, forgery, now }) {
  const verifier = new Verifier(policy)
  const several = new Verifier([policy, { ...policy, issuer: 'https://other.example' }])
  const keys = new KeySet(JSON.stringify(jwks))
  const freed = new KeySet(jwks)
  freed.free()
  const options = { nonce: skipNonceCheck, now }
  const verify = (token, keys) => attempt(() => verifier.verify(token, keys, options).claims.sub)

  let replaced = 0
  const { Instance } = WebAssembly
  WebAssembly.Instance = class extends Instance {
    constructor(...values) {
      replaced++
      super(...values)
    }
  }

  const ends = {}
  const forged = {}
  let wentWell
  function descend() {
    try { descend() } catch {}
    if (wentWell === ENOUGH) return
    // Of all calls `classify` has the least to do before it is in the wasm.
    const [kind, end, forgedEnd] = [attempt(() => classify(token)), verify(token, keys), verify(forgery, keys)]
    if (end === 'alice') wentWell++
    for (const one of [kind, end]) ends[one] = (ends[one] ?? 0) + 1
    forged[forgedEnd] = (forged[forgedEnd] ?? 0) + 1
  }
  // The values shift the frames a little each time, so that the stack ends in other places.
  const shifted = (..._values) => descend()
  for (let round = 0; round < ROUNDS; round++) {
    wentWell = 0
    shifted(...Array(round).fill(0))
  }

  const after = [
    verify(token, keys),
    verify(token, jwks),
    attempt(() => several.verify(token, { [policy.issuer]: jwks }, options).claims.sub),
    attempt(() => verifier.explain(token, keys, options).verdict),
    verify(forgery, keys),
    verify(token, freed),
  ]
  WebAssembly.Instance = Instance
  return { ends, forged, replaced, after }
}

/** What is always true of the result. */
export function judgeOverflow({ ends, forged, replaced, after }, assert) {
  assert.ok(replaced > 0, `the stack never ran out in the wasm: ${JSON.stringify(ends)}`)
  assert.ok(ends.alice > 0, `the attempts never came back to enough stack: ${JSON.stringify(ends)}`)
  assert.equal(forged.alice, undefined)
  assert.deepEqual(after, ['alice', 'alice', 'alice', 'accepted', 'signature_invalid', 'internal_error'])
}

function attempt(work) {
  try {
    return work()
  } catch (error) {
    return error.code ?? error.name
  }
}
