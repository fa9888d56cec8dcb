// The one wasm instance of this realm. A loader starts it; everything else reaches it through `callCore`.

import { IdTokenError, ownError, type Rejection } from './errors.js'
import * as glue from './glue.js'

let ready = false

/** What the module has to be instantiated with. */
export const imports = { './glue.js': glue } as unknown as WebAssembly.Imports

/** Makes the instance the one that all calls go to. */
export function start(instance: WebAssembly.Instance): void {
  glue.__wbg_set_wasm(instance.exports)
  const initialise = instance.exports['__wbindgen_start'] as (() => void) | undefined
  initialise?.()
  ready = true
}

/** Runs `work`, which may call the glue, and turns whatever it throws into an {@link IdTokenError}. */
export function callCore<T>(work: () => T): T {
  if (!ready) {
    throw ownError('wasm_not_ready', 'The wasm module is not loaded yet.', 'await init() first; for a worker, the bundler must resolve the export condition "workerd"')
  }
  try {
    return work()
  } catch (thrown) {
    throw isRejection(thrown) ? new IdTokenError(thrown) : internalError(thrown)
  }
}

/** The core throws plain objects; a trap, or a getter of the caller's, throws errors. */
function isRejection(thrown: unknown): thrown is Rejection {
  return typeof thrown === 'object' && thrown !== null && !(thrown instanceof Error) && 'code' in thrown
}

/** Names the kind of a foreign exception but not its message, which may quote what was being read. */
function internalError(thrown: unknown): IdTokenError {
  const kind = thrown instanceof Error ? thrown.constructor.name : typeof thrown
  return ownError('internal_error', 'The verifier failed.', `a ${kind} was thrown; a KeySet or Verifier that was freed does this, too`)
}
