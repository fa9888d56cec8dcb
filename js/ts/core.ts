// The one wasm instance of this realm. A loader starts it; everything else reaches it through `callCore`.

import { IdTokenError, ownError, type Rejection } from './errors.js'
import * as glue from './glue.js'

let state: 'absent' | 'ready' | 'broken' = 'absent'

/** What the module has to be instantiated with. */
export const imports = { './glue.js': glue } as unknown as WebAssembly.Imports

/** Makes the instance the one that all calls go to. */
export function start(instance: WebAssembly.Instance): void {
  glue.__wbg_set_wasm(instance.exports)
  const initialise = instance.exports['__wbindgen_start'] as (() => void) | undefined
  initialise?.()
  state = 'ready'
}

/** Runs `work`, which may call the glue, and turns whatever it throws into an {@link IdTokenError}. */
export function callCore<T>(work: () => T): T {
  if (state === 'absent') {
    throw ownError('wasm_not_ready', 'The wasm module is not loaded yet.', 'await init() first; for a worker, the bundler must resolve the export condition "workerd"')
  }
  // After a trap the memory may be in any state, so nothing is decided on it any more.
  if (state === 'broken') throw failed('the wasm broke down before; this page, worker or process has to be started anew')
  try {
    return work()
  } catch (thrown) {
    if (thrown instanceof IdTokenError) throw thrown
    if (isRejection(thrown)) throw new IdTokenError(thrown)
    // An overflow of the host's stack may also have struck in the middle of wasm code.
    const mayBeInside = thrown instanceof WebAssembly.RuntimeError || thrown instanceof RangeError || (thrown as Error)?.name === 'InternalError'
    if (!mayBeInside) throw failed('a foreign exception was thrown')
    state = 'broken'
    throw failed('the wasm broke down')
  }
}

interface Freeable {
  free(): void
}

const freed = new WeakSet<Freeable>()

/** The owner, unless it was freed: the wasm must not be entered with it, as each such call would cost it some stack. */
export function alive<T extends Freeable>(owner: T | undefined): T {
  if (owner && !freed.has(owner)) return owner
  throw failed('this KeySet or Verifier was freed')
}

/** Freeing twice is allowed; the glue would throw. */
export function freeOnce(owner: Freeable | undefined): void {
  if (!owner || freed.has(owner)) return
  freed.add(owner)
  if (state === 'ready') callCore(() => owner.free())
}

/** The core throws plain objects with the members of a rejection as their own. */
function isRejection(thrown: unknown): thrown is Rejection {
  return typeof thrown === 'object' && thrown !== null && !(thrown instanceof Error) && Object.hasOwn(thrown, 'code')
}

function failed(hint: string): IdTokenError {
  return ownError('internal_error', 'The verifier failed.', hint)
}
