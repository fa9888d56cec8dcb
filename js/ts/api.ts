/// <reference lib="esnext.disposable" preserve="true" />
import { callCore } from './core.js'
import * as glue from './glue.js'
import {
  expectNoNonce,
  skipNonceCheck,
  type ClockOptions,
  type IdToken,
  type JsonWebKeySet,
  type Limits,
  type Policy,
  type Report,
  type SkippedKey,
  type TokenKind,
  type VerifyOptions,
} from './types.js'

export { IdTokenError, type ErrorCode } from './errors.js'
export type { KnownErrorCode } from './codes.js'
export * from './types.js'

/** The imported keys of every {@link KeySet}. */
const imported = new WeakMap<object, glue.Keys>()

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
      return new glue.Keys(bytesOf(source, glue.Keys.limit(bounds)), bounds)
    })
    imported.set(this, keys)
    this.skipped = callCore(() => keys.skipped() as SkippedKey[])
  }

  /** Gives the memory back at once; otherwise the garbage collector does it. The set cannot be used afterwards. */
  free(): void {
    freeOnce(imported.get(this))
  }
}

/** The keys of the one issuer; with several issuers, the keys of each under its name as in its policy. */
export type Keys = KeySet | JsonWebKeySet | Readonly<Record<string, KeySet | JsonWebKeySet>>

/** Verifies the tokens of one issuer, or of several. Immutable: use one for all requests. */
export class Verifier {
  readonly #core: glue.Verifier
  readonly #hasSeveralIssuers: boolean
  /** The plain key sets that were passed to this verifier, imported within the limits of its policy. */
  readonly #imported = new WeakMap<object, glue.Keys>()
  declare readonly [Symbol.dispose]: () => void

  /**
   * @param policy Its own enumerable members count, as in JSON; what it inherits does not. With a list, the token's
   *   `iss` chooses the policy, and keys are given as `{ [issuer]: keys }`.
   * @throws {@link IdTokenError} `config_*` when an option is unknown or unusable.
   */
  constructor(policy: Policy | readonly Policy[]) {
    this.#hasSeveralIssuers = Array.isArray(policy)
    this.#core = callCore(() => new glue.Verifier([policy].flat().map((one) => optionsJson(one))))
  }

  /**
   * Decides whether the ID Token may be believed, now.
   *
   * @param keys The issuer's keys. A plain set is imported once and remembered, so later changes to it are not seen.
   * @throws {@link IdTokenError} with the code of the first check that failed; it never returns a verdict.
   */
  verify(token: string, keys: Keys, options: VerifyOptions): IdToken {
    return callCore(() => {
      return accepted(this.#withKeys(keys, (set) => this.#core.verify(this.#bounded(token), set, expectationsOf(options))))
    })
  }

  /**
   * Decides whether a back-channel logout token may be believed. Remember its `jti` until its `exp`, to refuse a
   * second use, and answer a refusal with status 400 and `Cache-Control: no-store`.
   *
   * @throws {@link IdTokenError} with the code of the first check that failed.
   */
  verifyLogout(token: string, keys: Keys, options: ClockOptions = {}): IdToken {
    return callCore(() => {
      const now = expectationsOf({ ...options, nonce: skipNonceCheck })
      return accepted(this.#withKeys(keys, (set) => this.#core.verifyLogout(this.#bounded(token), set, now)))
    })
  }

  /**
   * Decides whether an access token in the form of RFC 9068 may be believed; the policy's `clientId` is the resource.
   * It guards an API against ID Tokens, which have no type `at+jwt`.
   *
   * @throws {@link IdTokenError} with the code of the first check that failed.
   */
  requireAccessToken(token: string, keys: Keys, options: ClockOptions = {}): IdToken {
    return callCore(() => {
      const now = expectationsOf({ ...options, nonce: skipNonceCheck })
      return accepted(this.#withKeys(keys, (set) => this.#core.requireAccessToken(this.#bounded(token), set, now)))
    })
  }

  /**
   * Runs every check of an ID Token that can be run and reports each. It does not throw because of the token.
   *
   * @throws {@link IdTokenError} when the keys or the options are unusable.
   */
  explain(token: string, keys: Keys, options: VerifyOptions): Report {
    return callCore(() => {
      return this.#withKeys(keys, (set) => this.#core.explain(this.#bounded(token), set, expectationsOf(options)) as Report)
    })
  }

  /** Gives the memory back at once; otherwise the garbage collector does it. The verifier cannot be used afterwards. */
  free(): void {
    freeOnce(this.#core)
  }

  /** The sets of several issuers are put together anew for each call, so that an exchanged one counts at once. */
  #withKeys<T>(keys: Keys, work: (keys: glue.Keys) => T): T {
    if (!this.#hasSeveralIssuers) return work(this.#setOf(keys as KeySet | JsonWebKeySet, ''))
    const ring = glue.Keys.ring()
    try {
      for (const [issuer, set] of Object.entries(keys)) ring.add(issuer, this.#setOf(set, issuer))
      return work(ring)
    } finally {
      ring.free()
    }
  }

  #setOf(keys: KeySet | JsonWebKeySet, issuer: string): glue.Keys {
    // The core says what is wrong with text, a promise or nothing in place of keys.
    const limit = this.#core.keysLimit(issuer)
    if (typeof keys !== 'object' || keys === null) return this.#core.importKeys(bytesOf(toJson(keys), limit), issuer)
    const known = imported.get(keys) ?? this.#imported.get(keys)
    if (known) return known
    const fresh = this.#core.importKeys(bytesOf(keys, limit), issuer)
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
function freeOnce(owner: glue.Keys | glue.Verifier | undefined): void {
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

/**
 * Says what kind of token a text looks like, for messages: nothing of it is verified, so never a reason to believe it.
 */
export function classify(token: string): TokenKind {
  return callCore(() => glue.classify(token.slice(0, glue.classifyLimit() + 1)) as TokenKind)
}

function accepted(json: string): IdToken {
  return withoutPrototypes(JSON.parse(json)) as IdToken
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
