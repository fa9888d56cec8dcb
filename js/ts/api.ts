/// <reference lib="esnext.disposable" preserve="true" />
import { callCore, Handle } from './core.js'
import { IdTokenError, type Rejection } from './errors.js'
import type { Glue } from './glue.js'
import { accepted, bytesOf, expectationsJson, explainedKind, isByIssuer, memberOf, optionsJson, policiesJson } from './json.js'
import {
  skipNonceCheck,
  type AccessToken,
  type ClockOptions,
  type ExplainOptions,
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
const imported = new WeakMap<object, Handle<Glue.Keys>>()

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
    const bounds = optionsJson(limits, optionsLimit())
    const bytes = bytesOf(source, callCore((glue) => glue.Keys.limit(bounds)))
    const keys = new Handle((glue) => new glue.Keys(bytes, bounds))
    this.skipped = callCore((glue) => keys.in(glue).skipped() as SkippedKey[])
    imported.set(this, keys)
  }

  /** Gives the memory back at once; otherwise the garbage collector does it. The set cannot be used afterwards. */
  free(): void {
    imported.get(this)?.free()
  }
}

/** The keys of the one issuer; with several issuers, the keys of each under its name as in its policy. */
export type Keys = KeySet | JsonWebKeySet | Readonly<Record<string, KeySet | JsonWebKeySet>>

/** Verifies the tokens of one issuer, or of several. Immutable: use one for all requests. */
export class Verifier {
  readonly #core: Handle<Glue.Verifier>
  readonly #hasSeveralIssuers: boolean
  /** The plain key sets that were passed to this verifier, imported within the limits of an issuer's policy. */
  readonly #imported = new WeakMap<object, Map<string, Handle<Glue.Keys>>>()
  readonly #noKeys = new Handle((glue) => glue.Keys.none())
  declare readonly [Symbol.dispose]: () => void

  /**
   * @param policy Its own enumerable members count, as in JSON; what it inherits does not. With a list, the token's
   *   `iss` chooses the policy, and keys are given as `{ [issuer]: keys }`.
   * @throws {@link IdTokenError} `config_*` when an option is unknown or unusable.
   */
  constructor(policy: Policy | readonly Policy[]) {
    const policies = policiesJson(policy, optionsLimit())
    this.#core = new Handle((glue) => new glue.Verifier(policies))
    callCore((glue) => this.#core.in(glue))
    this.#hasSeveralIssuers = Array.isArray(policy)
  }

  /**
   * Decides whether the ID Token may be believed, now.
   *
   * @param keys The issuer's keys. A plain set is imported once and remembered while the object lives: later changes to
   *   it are not seen, and a new object for each call costs an import and, until the garbage collector runs, memory.
   * @throws {@link IdTokenError} with the code of the first check that failed; it never returns a verdict.
   */
  verify(token: string, keys: Keys, options: VerifyOptions): IdToken {
    return accepted(this.#ask(token, keys, options, (core, ...asked) => core.verify(...asked)))
  }

  /**
   * Decides whether a back-channel logout token may be believed. Remember its `jti` until its `exp`, to refuse a
   * second use, and answer a refusal with status 400 and `Cache-Control: no-store`.
   *
   * @throws {@link IdTokenError} with the code of the first check that failed.
   */
  verifyLogout(token: string, keys: Keys, options: ClockOptions = {}): LogoutToken {
    const json = this.#ask(token, keys, options, (core, ...asked) => core.verifyLogout(...asked), skipNonceCheck)
    return accepted(json) as unknown as LogoutToken
  }

  /**
   * Decides whether an access token typed as RFC 9068 wants it may be believed; the policy's `clientId` is the resource.
   * It demands neither `jti` nor `client_id`. It guards an API against ID Tokens, which have no type `at+jwt`.
   *
   * @throws {@link IdTokenError} with the code of the first check that failed.
   */
  requireAccessToken(token: string, keys: Keys, options: ClockOptions = {}): AccessToken {
    return accepted(this.#ask(token, keys, options, (core, ...asked) => core.requireAccessToken(...asked), skipNonceCheck))
  }

  /**
   * Runs every check of a token that can be run and reports each. It does not throw because of the token.
   *
   * @throws {@link IdTokenError} when the keys or the options are unusable.
   */
  explain(token: string, keys: Keys, options: ExplainOptions): Report {
    const { kind, others } = explainedKind(options)
    const nonce = kind === undefined || kind === 'id_token' ? undefined : skipNonceCheck
    return this.#ask(token, keys, others as VerifyOptions, (core, ...asked) => core.explain(...asked, kind) as Report, nonce)
  }

  /** Gives the memory back at once; otherwise the garbage collector does it. The verifier cannot be used afterwards. */
  free(): void {
    this.#core.free()
  }

  /**
   * Of the token one character more than the core allows is copied, which is enough for it to refuse. Whatever may run
   * code of the caller (getters, for one) stands outside `callCore`.
   */
  #ask<T>(
    token: unknown,
    keys: Keys,
    options: VerifyOptions | ClockOptions,
    ask: (core: Glue.Verifier, token: string, keys: Glue.Keys, issuer: string | undefined, expectations: string) => T,
    nonce?: typeof skipNonceCheck,
  ): T {
    const expectations = expectationsJson(options, optionsLimit(), nonce)
    const limit = callCore((glue) => this.#core.in(glue).tokenLimit())
    const text = typeof token === 'string' ? token.slice(0, limit + 1) : ''
    if (isByIssuer(keys) !== this.#hasSeveralIssuers) {
      throw wrongShape(this.#hasSeveralIssuers ? 'with several issuers pass { [issuer]: keys }' : 'with one issuer pass its keys, not { [issuer]: keys }')
    }
    const issuer = this.#hasSeveralIssuers ? callCore((glue) => this.#core.in(glue).issuerOf(text, expectations)) : undefined
    const set = this.#hasSeveralIssuers ? this.#setFor(issuer, keys) : this.#setOf(keys, '')
    return callCore((glue) => ask(this.#core.in(glue), text, set.in(glue), issuer, expectations))
  }

  /** No other issuer's set is looked at: that it is unusable must not stop this one. */
  #setFor(issuer: string | undefined, keys: Keys): Handle<Glue.Keys> {
    const member = issuer === undefined ? undefined : memberOf(keys, issuer)
    return issuer === undefined || !member ? this.#noKeys : this.#setOf(member.value, issuer)
  }

  /** The core says what is wrong with text, a promise or nothing in place of keys. */
  #setOf(keys: unknown, issuer: string): Handle<Glue.Keys> {
    const isObject = typeof keys === 'object' && keys !== null
    const known = isObject ? imported.get(keys) ?? this.#imported.get(keys)?.get(issuer) : undefined
    if (known) return known
    const bytes = bytesOf(isObject ? keys : '""', callCore((glue) => this.#core.in(glue).keysLimit(issuer)))
    const fresh = new Handle((glue) => this.#core.in(glue).importKeys(bytes, issuer))
    callCore((glue) => fresh.in(glue))
    if (isObject) this.#imported.set(keys, (this.#imported.get(keys) ?? new Map()).set(issuer, fresh))
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
  const limit = callCore((glue) => glue.classifyLimit())
  const text = typeof token === 'string' ? token.slice(0, limit + 1) : ''
  return callCore((glue) => glue.classify(text) as TokenKind)
}

/** The core's refusal of an argument that is not what its type says. */
function wrongShape(hint: string): IdTokenError {
  return new IdTokenError({ ...callCore((glue) => glue.wrongShape() as Rejection), hint })
}

function optionsLimit(): number {
  return callCore((glue) => glue.Verifier.optionsLimit())
}
