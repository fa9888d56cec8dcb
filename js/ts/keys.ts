/// <reference lib="esnext.disposable" preserve="true" />
import { callCore, Handle } from './core.js'
import { IdTokenError, type Rejection } from './errors.js'
import type { Glue } from './glue.js'
import { bytesOf, noKeys, optionsJson } from './json.js'
import type { JsonWebKeySet, Limits, SkippedKey } from './types.js'

/** The imported keys of every {@link KeySet}. @internal */
export const imported = new WeakMap<object, Handle<Glue.Keys>>()

/** The keys of one issuer, imported once and immutable. */
export class KeySet {
  /** The keys that were left out, and why. */
  declare readonly skipped: readonly SkippedKey[]
  declare readonly [Symbol.dispose]: () => void

  /**
   * @param source The JWK Set: its text, the bytes of its text, or what `JSON.parse` made of it. Text is better: an
   *   object has already lost duplicate members.
   * @param limits Bounds on the set, as in a policy's `limits`.
   * @throws {@link IdTokenError} `jwks_invalid` or `jwks_no_usable_key`; `config_invalid_option` for anything else in
   *   place of a set, such as a promise.
   */
  constructor(source: string | Uint8Array | JsonWebKeySet, limits: Limits = {}) {
    const isText = typeof source === 'string' || ArrayBuffer.isView(source)
    const mistake = isText ? undefined : noKeys(source, 'the key set', 'a key set is text, the bytes of it, or the parsed object')
    if (mistake) throw wrongShape(mistake)
    const bounds = optionsJson(limits, optionsLimit())
    const bytes = bytesOf(source, callCore((glue) => glue.Keys.limit(bounds)))
    adopt(this, new Handle((glue) => new glue.Keys(bytes, bounds)))
  }

  /** Gives the memory back at once; otherwise the garbage collector does it. The set cannot be used afterwards. */
  free(): void {
    imported.get(this)?.free()
  }
}

/** Keys of the core as a {@link KeySet}. @internal */
export function keySetOf(keys: Handle<Glue.Keys>): KeySet {
  return adopt(Object.create(KeySet.prototype) as KeySet, keys)
}

function adopt(set: KeySet, keys: Handle<Glue.Keys>): KeySet {
  const skipped = callCore((glue) => keys.in(glue).skipped() as SkippedKey[])
  imported.set(set, keys)
  return Object.assign(set, { skipped })
}

// Engines without explicit resource management have no such symbol.
if (Symbol.dispose) Object.defineProperty(KeySet.prototype, Symbol.dispose, { value: KeySet.prototype.free })

/** The core's refusal of an argument that is not what its type says. @internal */
export function wrongShape(hint: string): IdTokenError {
  return new IdTokenError({ ...callCore((glue) => glue.wrongShape() as Rejection), hint })
}

/** How long options may be as JSON; the same in every instance. */
let longestOptions: number | undefined

/** The same, asked of the core once. @internal */
export function optionsLimit(): number {
  return (longestOptions ??= callCore((glue) => glue.Verifier.optionsLimit()))
}
