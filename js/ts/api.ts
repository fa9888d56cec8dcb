/// <reference lib="esnext.disposable" preserve="true" />
import { alive, callCore, freeOnce } from './core.js'
import * as glue from './glue.js'
import { accepted, bytesOf, expectationsJson, optionsJson } from './json.js'
import {
  skipNonceCheck,
  type AccessToken,
  type ClockOptions,
  type IdToken,
  type JsonWebKeySet,
  type Limits,
  type LogoutToken,
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
      const bounds = optionsJson(limits, glue.Verifier.optionsLimit())
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
    this.#core = callCore(() => {
      const limit = glue.Verifier.optionsLimit()
      return new glue.Verifier([policy].flat().map((one) => optionsJson(one, limit)))
    })
  }

  /**
   * Decides whether the ID Token may be believed, now.
   *
   * @param keys The issuer's keys. A plain set is imported once and remembered while the object lives: later changes to
   *   it are not seen, and a new object for each call costs an import and, until the garbage collector runs, memory.
   * @throws {@link IdTokenError} with the code of the first check that failed; it never returns a verdict.
   */
  verify(token: string, keys: Keys, options: VerifyOptions): IdToken {
    return this.#ask(token, keys, options, (core, ...asked) => accepted(core.verify(...asked)))
  }

  /**
   * Decides whether a back-channel logout token may be believed. Remember its `jti` until its `exp`, to refuse a
   * second use, and answer a refusal with status 400 and `Cache-Control: no-store`.
   *
   * @throws {@link IdTokenError} with the code of the first check that failed.
   */
  verifyLogout(token: string, keys: Keys, options: ClockOptions = {}): LogoutToken {
    const expected: VerifyOptions = { ...options, nonce: skipNonceCheck }
    return this.#ask(token, keys, expected, (core, ...asked) => accepted(core.verifyLogout(...asked)) as unknown as LogoutToken)
  }

  /**
   * Decides whether an access token typed as RFC 9068 wants it may be believed; the policy's `clientId` is the resource.
   * It demands neither `jti` nor `client_id`. It guards an API against ID Tokens, which have no type `at+jwt`.
   *
   * @throws {@link IdTokenError} with the code of the first check that failed.
   */
  requireAccessToken(token: string, keys: Keys, options: ClockOptions = {}): AccessToken {
    const expected: VerifyOptions = { ...options, nonce: skipNonceCheck }
    return this.#ask(token, keys, expected, (core, ...asked) => accepted(core.requireAccessToken(...asked)))
  }

  /**
   * Runs every check of an ID Token that can be run and reports each. It does not throw because of the token.
   *
   * @throws {@link IdTokenError} when the keys or the options are unusable.
   */
  explain(token: string, keys: Keys, options: VerifyOptions): Report {
    return this.#ask(token, keys, options, (core, ...asked) => core.explain(...asked) as Report)
  }

  /** Gives the memory back at once; otherwise the garbage collector does it. The verifier cannot be used afterwards. */
  free(): void {
    freeOnce(this.#core)
  }

  /**
   * Whatever runs code of the caller (getters, for one) comes first, so that nothing of the core is in use meanwhile.
   * Of the token one character more than the core allows is copied, which is enough for it to refuse.
   */
  #ask<T>(
    token: unknown,
    keys: Keys,
    options: VerifyOptions,
    ask: (core: glue.Verifier, token: string, keys: glue.Keys, expectations: string) => T,
  ): T {
    return callCore(() => {
      const expectations = expectationsJson(options, glue.Verifier.optionsLimit())
      const sets = this.#hasSeveralIssuers ? this.#setsOf(keys) : [this.#setOf(keys as KeySet, '')]
      const core = alive(this.#core)
      const text = typeof token === 'string' ? token.slice(0, core.tokenLimit() + 1) : ''
      const [only] = sets
      if (!this.#hasSeveralIssuers && only) return ask(core, text, alive(only), expectations)
      // Put together anew for each call, so that a set that was exchanged counts at once.
      const ring = glue.Keys.ring()
      try {
        Object.keys(keys).forEach((issuer, at) => ring.add(issuer, alive(sets[at])))
        return ask(core, text, ring, expectations)
      } finally {
        ring.free()
      }
    })
  }

  #setsOf(keys: Keys): glue.Keys[] {
    return Object.entries(keys).map(([issuer, set]) => this.#setOf(set, issuer))
  }

  /** The core says what is wrong with text, a promise or nothing in place of keys. */
  #setOf(keys: KeySet | JsonWebKeySet, issuer: string): glue.Keys {
    const isObject = typeof keys === 'object' && keys !== null
    const known = isObject ? imported.get(keys) ?? this.#imported.get(keys) : undefined
    if (known) return known
    const bytes = bytesOf(isObject ? keys : JSON.stringify(String(keys)), alive(this.#core).keysLimit(issuer))
    const fresh = alive(this.#core).importKeys(bytes, issuer)
    if (isObject) this.#imported.set(keys, fresh)
    return fresh
  }
}

// Engines without explicit resource management have no such symbol.
if (Symbol.dispose) {
  for (const { prototype } of [KeySet, Verifier]) {
    Object.defineProperty(prototype, Symbol.dispose, { value: prototype.free })
  }
}

/**
 * Says what kind of token a text looks like, for messages: nothing of it is verified, so never a reason to believe it.
 */
export function classify(token: string): TokenKind {
  return callCore(() => glue.classify(String(token).slice(0, glue.classifyLimit() + 1)) as TokenKind)
}
