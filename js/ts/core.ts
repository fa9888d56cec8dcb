// The one wasm instance of this realm. A loader starts it; everything else reaches it through `callCore`.

import { IdTokenError, ownError, type Rejection } from './errors.js'
import { makeGlue, type Glue } from './glue.js'

type Bound = typeof Glue

/** Kept, to start anew from. */
let module: WebAssembly.Module | undefined
let glue: Bound | undefined
let memory: WebAssembly.Memory | undefined
/**
 * Set while the wasm runs. Whoever finds it set knows that the wasm was left in the middle: by a trap, or because the
 * host's stack ran out. Then its memory may be in any state, and nothing more is decided on it.
 */
let isInside = false

/** Starts the wasm of a loader that may not wait. */
export function start(compiled: WebAssembly.Module): void {
  const fresh = makeGlue()
  adopt(compiled, fresh, new WebAssembly.Instance(compiled, importsOf(fresh)))
}

/** Starts the wasm as browsers prefer it. */
export async function startLater(compiled: WebAssembly.Module): Promise<void> {
  const fresh = makeGlue()
  adopt(compiled, fresh, await WebAssembly.instantiate(compiled, importsOf(fresh)))
}

/** Makes the instance the one that all calls go to. */
function adopt(compiled: WebAssembly.Module, fresh: Bound, { exports }: WebAssembly.Instance): void {
  fresh.__wbg_set_wasm(exports)
  const initialise = exports['__wbindgen_start'] as (() => void) | undefined
  initialise?.()
  module = compiled
  glue = fresh
  memory = exports['memory'] as WebAssembly.Memory
  inbox = undefined
  isInside = false
}

function importsOf(fresh: Bound): WebAssembly.Imports {
  return { './glue.js': fresh } as unknown as WebAssembly.Imports
}

/**
 * Runs `work`, which calls the glue and no code of the caller's, and turns whatever it throws into an
 * {@link IdTokenError}. An instance that broke down is replaced at the next call, when there is stack to do it on.
 */
export function callCore<T>(work: (glue: Bound) => T): T {
  if (!module) {
    throw ownError('wasm_not_ready', 'The wasm module is not loaded yet.', 'await init() first; for a worker, the bundler must resolve the export condition "workerd"')
  }
  try {
    if (isInside) abandon()
    if (!glue) start(module)
    isInside = true
    const result = work(glue as Bound)
    isInside = false
    return result
  } catch (thrown) {
    const isOurs = thrown instanceof IdTokenError
    if (!isOurs && !isRejection(thrown)) {
      abandon()
      throw failed('the wasm broke down, and is started anew for the next call')
    }
    isInside = false
    throw isOurs ? thrown : new IdTokenError(thrown)
  }
}

/** Where the texts of a call are written, in the wasm's own memory. */
let inbox: { readonly place: Glue.Inbox; readonly address: number; readonly size: number; room: Uint8Array } | undefined
const ENCODER = new TextEncoder()
/** A unit of UTF-16 becomes so many bytes at the most. */
const BYTES_PER_UNIT = 3

/**
 * Writes the texts of a call into the wasm, inside `callCore`.
 *
 * @param token One character more than the core allows at the most, as `expectations`, which may have the time in front:
 *   it refuses that.
 */
export function written(glue: Bound, token: string, expectations: string): Glue.Inbox {
  const needed = (token.length + expectations.length) * BYTES_PER_UNIT
  if (!inbox || inbox.size < needed) {
    inbox?.place.free()
    inbox = undefined
    const place = new glue.Inbox(needed)
    inbox = { place, address: place.address(), size: needed, room: new Uint8Array() }
  }
  // A memory that grew has a new buffer, and the old one has no bytes.
  if (inbox.room.length === 0) inbox.room = new Uint8Array((memory as WebAssembly.Memory).buffer, inbox.address, inbox.size)
  const length = ENCODER.encodeInto(token, inbox.room).written
  inbox.place.wrote(length, ENCODER.encodeInto(expectations, inbox.room.subarray(length)).written)
  return inbox.place
}

/** What the collector finds of a broken instance must not be freed in it: that could trap again, where nobody catches it. */
function abandon(): void {
  glue?.__wbg_set_wasm(new Proxy({}, { get: () => () => undefined }))
  glue = undefined
  isInside = false
}

interface Freeable {
  free(): void
}

/** Something that lives in the wasm, made again when the instance it lived in was replaced. */
export class Handle<T extends Freeable> {
  readonly #make: (glue: Bound) => T
  #made: { readonly glue: Bound; readonly value: T } | undefined
  #isFreed = false

  /** @param make Gives the same each time: it must not look at anything that the caller can change. */
  constructor(make: (glue: Bound) => T) {
    this.#make = make
  }

  /** The thing itself. Not if it was freed: the wasm must not be entered with that, as each such call would cost it some stack. */
  in(glue: Bound): T {
    if (this.#isFreed) throw failed('this KeySet or Verifier was freed')
    if (this.#made?.glue !== glue) this.#made = { glue, value: this.#make(glue) }
    return this.#made.value
  }

  /** Freeing twice is allowed; the glue would throw. */
  free(): void {
    if (this.#isFreed) return
    this.#isFreed = true
    callCore((glue) => {
      if (this.#made?.glue === glue) this.#made.value.free()
    })
  }
}

/** The core throws plain objects with the members of a rejection as their own. */
function isRejection(thrown: unknown): thrown is Rejection {
  return typeof thrown === 'object' && thrown !== null && !(thrown instanceof Error) && Object.hasOwn(thrown, 'code')
}

function failed(hint: string): IdTokenError {
  return ownError('internal_error', 'The verifier failed.', hint)
}
