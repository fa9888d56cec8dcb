/// <reference lib="esnext.disposable" preserve="true" />
import { callCore, Handle, written } from './core.js'
import type { Glue } from './glue.js'
import { accepted, bytesOf, expectationsJson, explainedKind, isByIssuer, memberOf, noKeys, policiesJson } from './json.js'
import { imported, optionsLimit, wrongShape, type KeySet } from './keys.js'
import type {
  AccessToken,
  ClockOptions,
  ExplainOptions,
  IdToken,
  JsonWebKeySet,
  LogoutToken,
  Policy,
  Report,
  TokenKind,
  VerifyOptions,
} from './types.js'

export { IdTokenError, type ErrorCode } from './errors.js'
export type { KnownErrorCode } from './codes.js'
export { KeySet } from './keys.js'
export * from './types.js'

/** The keys of the one issuer; with several issuers, the keys of each under its name as in its policy. */
export type Keys = KeySet | JsonWebKeySet | Readonly<Record<string, KeySet | JsonWebKeySet>>

/** Verifies the tokens of one issuer, or of several. Immutable: use one for all requests. */
export class Verifier {
  readonly #core: Handle<Glue.Verifier>
  readonly #hasSeveralIssuers: boolean
  readonly #tokenLimit: number
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
    this.#tokenLimit = callCore((glue) => this.#core.in(glue).tokenLimit())
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
   * second use, and answer a refusal with its status, which is 400, and `Cache-Control: no-store`.
   *
   * @throws {@link IdTokenError} with the code of the first check that failed.
   */
  verifyLogout(token: string, keys: Keys, options: ClockOptions = {}): LogoutToken {
    const json = this.#ask(token, keys, options, (core, ...asked) => core.verifyLogout(...asked), 'logout_token')
    return accepted(json) as unknown as LogoutToken
  }

  /**
   * Decides whether an access token typed as RFC 9068 wants it may be believed; the policy's `clientId` is the resource.
   * It demands neither `jti` nor `client_id`. It guards an API against ID Tokens, which have no type `at+jwt`.
   *
   * @throws {@link IdTokenError} with the code of the first check that failed.
   */
  requireAccessToken(token: string, keys: Keys, options: ClockOptions = {}): AccessToken {
    return accepted(this.#ask(token, keys, options, (core, ...asked) => core.requireAccessToken(...asked), 'access_token'))
  }

  /**
   * Runs every check of a token that can be run and reports each. It does not throw because of the token.
   *
   * @throws {@link IdTokenError} when the keys or the options are unusable.
   */
  explain(token: string, keys: Keys, options: ExplainOptions): Report {
    const { kind, others } = explainedKind(options)
    if (!isKind(kind)) throw wrongShape('kind is id_token, logout_token or access_token')
    return this.#ask(token, keys, others as VerifyOptions, (core, ...asked) => core.explain(...asked, kind) as Report, kind)
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
    ask: (core: Glue.Verifier, texts: Glue.Inbox, keys: Glue.Keys, issuer: string | undefined) => T,
    kind?: TokenKind,
  ): T {
    const expectations = expectationsJson(options, optionsLimit(), kind)
    const text = typeof token === 'string' ? token.slice(0, this.#tokenLimit + 1) : ''
    if (isByIssuer(keys) !== this.#hasSeveralIssuers) {
      throw wrongShape(this.#hasSeveralIssuers ? 'with several issuers pass { [issuer]: keys }' : 'with one issuer pass its keys, not { [issuer]: keys }')
    }
    const issuer = this.#hasSeveralIssuers ? callCore((glue) => this.#core.in(glue).issuerOf(written(glue, text, expectations), kind)) : undefined
    const set = this.#hasSeveralIssuers ? this.#setFor(issuer, keys) : this.#setOf(keys, '')
    return callCore((glue) => ask(this.#core.in(glue), written(glue, text, expectations), set.in(glue), issuer))
  }

  /** No other issuer's set is looked at: that it is unusable must not stop this one. */
  #setFor(issuer: string | undefined, keys: Keys): Handle<Glue.Keys> {
    const member = issuer === undefined ? undefined : memberOf(keys, issuer)
    return issuer === undefined || member === undefined ? this.#noKeys : this.#setOf(member, issuer)
  }

  #setOf(keys: unknown, issuer: string): Handle<Glue.Keys> {
    const given = keys as object
    const known = imported.get(given) ?? this.#imported.get(given)?.get(issuer)
    if (known) return known
    const mistake = noKeys(keys, 'keys', 'keys must be a KeySet: new KeySet(text)')
    if (mistake) throw wrongShape(mistake)
    const bytes = bytesOf(keys, callCore((glue) => this.#core.in(glue).keysLimit(issuer)))
    const fresh = new Handle((glue) => this.#core.in(glue).importKeys(bytes, issuer))
    callCore((glue) => fresh.in(glue))
    this.#imported.set(given, (this.#imported.get(given) ?? new Map()).set(issuer, fresh))
    return fresh
  }
}

// Engines without explicit resource management have no such symbol.
if (Symbol.dispose) Object.defineProperty(Verifier.prototype, Symbol.dispose, { value: Verifier.prototype.free })

/**
 * Says what kind of token a text looks like, for messages: nothing of it is verified, so never a reason to believe it.
 */
export function classify(token: string): TokenKind {
  const limit = callCore((glue) => glue.classifyLimit())
  const text = typeof token === 'string' ? token.slice(0, limit + 1) : ''
  return callCore((glue) => glue.classify(text) as TokenKind)
}

function isKind(kind: unknown): kind is string | undefined {
  return kind === undefined || ['id_token', 'logout_token', 'access_token'].includes(kind as string)
}
