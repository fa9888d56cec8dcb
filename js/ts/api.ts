/// <reference lib="esnext.disposable" preserve="true" />
import { callCore } from './core.js'
import * as glue from './glue.js'
import {
  expectNoNonce,
  skipNonceCheck,
  type IdToken,
  type JsonWebKeySet,
  type Limits,
  type Policy,
  type Report,
  type SkippedKey,
  type VerifyOptions,
} from './types.js'

export { IdTokenError, type ErrorCode } from './errors.js'
export type { KnownErrorCode } from './codes.js'
export * from './types.js'

/** The imported keys of every {@link KeySet}. */
const imported = new WeakMap<object, glue.KeySet>()

/** The keys of one issuer, imported once and immutable. */
export class KeySet {
  /** The keys that were left out, and why. */
  readonly skipped: readonly SkippedKey[]
  declare readonly [Symbol.dispose]: () => void

  /**
   * @param source The JWK Set: its text, the bytes of its text, or what `JSON.parse` made of it. Text is better: an
   *   object has already lost duplicate members.
   * @param limits Bounds on the set, as in a policy's `limits`.
   * @throws {@link IdTokenError} `jwks_invalid` or `jwks_no_usable_key`.
   */
  constructor(source: string | Uint8Array | JsonWebKeySet, limits: Limits = {}) {
    const keys = callCore(() => {
      const bounds = optionsJson(limits)
      return new glue.KeySet(bytesOf(source, glue.KeySet.limit(bounds)), bounds)
    })
    imported.set(this, keys)
    this.skipped = callCore(() => keys.skipped() as SkippedKey[])
  }

  /** Gives the memory back at once; otherwise the garbage collector does it. The set cannot be used afterwards. */
  free(): void {
    freeOnce(imported.get(this))
  }
}

/** Verifies the ID Tokens of one issuer. Immutable: use one for all requests. */
export class Verifier {
  readonly #core: glue.Verifier
  /** The plain key sets that were passed to this verifier, imported within the limits of its policy. */
  readonly #imported = new WeakMap<object, glue.KeySet>()
  declare readonly [Symbol.dispose]: () => void

  /**
   * @param policy Its own enumerable members count, as in JSON; what it inherits does not.
   * @throws {@link IdTokenError} `config_*` when an option is unknown or unusable.
   */
  constructor(policy: Policy) {
    this.#core = callCore(() => new glue.Verifier(optionsJson(policy)))
  }

  /**
   * Decides whether the token may be believed, now.
   *
   * @param keys The issuer's keys. A plain object is imported once and remembered, so later changes to it are not seen.
   * @throws {@link IdTokenError} with the code of the first check that failed; it never returns a verdict.
   */
  verify(token: string, keys: KeySet | JsonWebKeySet, options: VerifyOptions): IdToken {
    return callCore(() => {
      const json = this.#core.verify(this.#bounded(token), this.#keysOf(keys), expectationsOf(options))
      return withoutPrototypes(JSON.parse(json)) as IdToken
    })
  }

  /**
   * Runs every check that can be run and reports each. It does not throw because of the token.
   *
   * @throws {@link IdTokenError} when the keys or the options are unusable.
   */
  explain(token: string, keys: KeySet | JsonWebKeySet, options: VerifyOptions): Report {
    return callCore(
      () => this.#core.explain(this.#bounded(token), this.#keysOf(keys), expectationsOf(options)) as Report,
    )
  }

  /** Gives the memory back at once; otherwise the garbage collector does it. The verifier cannot be used afterwards. */
  free(): void {
    freeOnce(this.#core)
  }

  #keysOf(keys: KeySet | JsonWebKeySet): glue.KeySet {
    const known = imported.get(keys) ?? this.#imported.get(keys)
    if (known) return known
    const fresh = this.#core.importKeys(bytesOf(keys, this.#core.keysLimit()))
    this.#imported.set(keys, fresh)
    return fresh
  }

  /** One character more than the core allows is enough for it to refuse, and the most that is copied into its memory. */
  #bounded(token: unknown): string {
    return typeof token === 'string' ? token.slice(0, this.#core.tokenLimit() + 1) : ''
  }
}

// Engines without explicit resource management have no such symbol.
if (Symbol.dispose) {
  for (const { prototype } of [KeySet, Verifier]) {
    Object.defineProperty(prototype, Symbol.dispose, { value: prototype.free })
  }
}

const freed = new WeakSet<object>()

/** Disposing twice is allowed; the glue would throw. */
function freeOnce(owner: glue.KeySet | glue.Verifier | undefined): void {
  if (!owner || freed.has(owner)) return
  freed.add(owner)
  owner.free()
}

/** One byte more than the core allows, as for a token. */
function bytesOf(source: string | Uint8Array | object, limit: number): Uint8Array {
  if (source instanceof Uint8Array) return source.subarray(0, limit + 1)
  const text = typeof source === 'string' ? source : toJson(source)
  return new TextEncoder().encode(text.slice(0, limit + 1))
}

/** Reads own members only, as for a policy: without a prototype nothing can be inherited. */
function expectationsOf(options: VerifyOptions): string {
  const own: Partial<VerifyOptions> = Object.assign(Object.create(null), options)
  const now = own.now === undefined ? Date.now() / 1000 : own.now
  return optionsJson({ ...own, now, nonce: nonceWord(own.nonce) })
}

/** Only the two symbols become an opt-out: no value that could arrive from outside does. */
function nonceWord(nonce: unknown): unknown {
  if (nonce === expectNoNonce) return 'none_sent'
  if (nonce === skipNonceCheck) return 'not_checked'
  return typeof nonce === 'string' ? { equals: nonce } : null
}

/** One character more than the core allows, as for a token: an access token may come from outside. */
function optionsJson(options: object): string {
  return toJson(options).slice(0, glue.Verifier.optionsLimit() + 1)
}

/** JSON text holds own enumerable members only; what JSON cannot hold becomes text that the core refuses. */
function toJson(value: unknown): string {
  return JSON.stringify(value) ?? ''
}

/** Takes the prototype off every object, so that a claim that is absent stays absent. The core bounds the depth. */
function withoutPrototypes(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  for (const member of Object.values(value)) withoutPrototypes(member)
  return Array.isArray(value) ? value : Object.setPrototypeOf(value, null)
}
