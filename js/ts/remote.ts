/// <reference lib="esnext.disposable" preserve="true" />
// The shell around the core's key caches: it fetches what the core orders, hands over what came, and decides nothing.
//
// No promise is shared between calls: in workerd each belongs to the request that made it, and dies with it. A call that
// waits for the fetch of another one looks every few milliseconds whether something happened.

import { callCore, Handle, written } from './core.js'
import { IdTokenError, ownError, type Rejection } from './errors.js'
import { get, within, type Answer, type Order } from './fetch.js'
import type { Glue } from './glue.js'
import { accepted, expectationsJson, isPlain, optionsJson, policiesJson, readExpectations } from './json.js'
import { keySetOf, optionsLimit, wrongShape, type KeySet } from './keys.js'
import { RememberedTokens, UsedTokens } from './remote-memory.js'
import type { KeyEvent, RemoteOptions, ReplayStore } from './remote-types.js'
import type { ClockOptions, IdToken, LogoutToken, Policy, Report, TokenKind, VerifyOptions } from './types.js'

export type * from './remote-types.js'

/** How long a store is waited for, in milliseconds. */
const STORE_TIMEOUT = 1000
/** The part of a fetch's time that the store may take before it. */
const STORE_SHARE = 1 / 4
/** How long a snapshot can be of any use, in seconds: fresh for a day and stale for seven. */
const SNAPSHOT_TTL = 8 * 24 * 60 * 60
/** The default of `cooldownDuration`. */
const COOLDOWN = 30_000
/** How often a call that waits for the fetch of another one looks, in milliseconds. */
const LOOK_EVERY = 10

/** Verifies tokens with keys that it fetches, keeps and refreshes. Make one for the life of the process or isolate. */
export class RemoteVerifier {
  /** Made anew with nothing in it, should the wasm break down: then keys are fetched again, as after a start. */
  readonly #core: Handle<Glue.RemoteVerifier>
  readonly #options: RemoteOptions
  readonly #replay: ReplayStore | undefined
  readonly #remembered: RememberedTokens
  readonly #cooldown: number
  readonly #tokenLimit: number
  /** As the core has it. */
  readonly #jwksUri: RemoteOptions['jwksUri']
  /** The glue that the core was made with last. */
  #glue: typeof Glue | undefined
  /** How often the core was made. */
  #starts = 0
  /** When it was made anew. */
  #restartedAt = -Infinity
  /** Since when it may not fetch, for a cooldown: it was made anew twice within one. */
  #restsSince = -Infinity
  /** Fetches under way, and until when the last of them can take. */
  #running = 0
  #runningUntil = 0
  /** Counts what may let a waiting call go on. */
  #changes = 0
  declare readonly [Symbol.dispose]: () => void

  /**
   * Nothing is fetched yet, so this may stand at module scope.
   *
   * @throws {@link IdTokenError} `config_*` when an option is unknown or unusable.
   */
  constructor(policy: Policy | readonly Policy[], options: RemoteOptions = {}) {
    // Own members only: what a polluted prototype has was not asked for.
    this.#options = ownMembers(options)
    const { fetch, store, replay = false, onEvent, tokenCacheBytes, waitUntil, ...ofCache } = this.#options
    const functions = [fetch, onEvent, waitUntil].filter((given) => given !== undefined)
    refuseUnless(areFunctions(...functions), 'fetch, onEvent and waitUntil are functions')
    refuseUnless(store === undefined || areFunctions(store?.get, store?.put), 'store has get and put')
    refuseUnless(
      typeof replay === 'boolean' || areFunctions(replay?.consume),
      'replay is true, or a store with consume, which decides and remembers in one step: one that gets and puts cannot',
    )
    const policies = policiesJson(policy, optionsLimit())
    const json = optionsJson(ofCache, optionsLimit())
    this.#replay = typeof replay === 'object' ? replay : replay ? new UsedTokens() : undefined
    const isUsedOnce = this.#replay !== undefined
    this.#cooldown = typeof ofCache.cooldownDuration === 'number' ? ofCache.cooldownDuration : COOLDOWN
    const bytes = tokenCacheBytes === undefined || typeof tokenCacheBytes === 'number' ? tokenCacheBytes : NaN
    this.#remembered = new RememberedTokens(bytes ?? 0)
    this.#core = new Handle((glue) => new glue.RemoteVerifier(policies, json, bytes, isUsedOnce))
    this.#tokenLimit = this.#call((core) => core.tokenLimit())
    this.#jwksUri = (JSON.parse(json) as RemoteOptions).jwksUri
  }

  /**
   * Decides whether the ID Token may be believed, now. Keys are fetched if need be; with fresh ones at hand nothing is
   * waited for.
   *
   * @throws {@link IdTokenError} with the code of the first check that failed; `jwks_unavailable` without any keys.
   */
  verify(token: string, options: VerifyOptions): Promise<IdToken> {
    return this.#judge(token, options, (core, ...asked) => {
      const verdict = core.verify(...asked) as string | number | undefined
      return typeof verdict === 'number' ? this.#remembered.get(core, verdict) : verdict
    })
  }

  /**
   * Decides whether a back-channel logout token may be believed. Answer a refusal with its status, which is 400,
   * and `Cache-Control: no-store`. Without `replay`, remember its `jti` until its `exp`, to refuse a second use.
   *
   * @throws {@link IdTokenError} with the code of the first check that failed.
   */
  async verifyLogout(token: string, options: ClockOptions = {}): Promise<LogoutToken> {
    const accepted = await this.#judge(token, options, (core, ...asked) => core.verifyLogout(...asked) as string | undefined, 'logout_token')
    return accepted as unknown as LogoutToken
  }

  /**
   * Runs every check of an ID Token with the keys at hand and reports each. It fetches nothing, and a token that it
   * accepts is not used up.
   *
   * @throws {@link IdTokenError} when the options are unusable.
   */
  explain(token: string, options: VerifyOptions): Report {
    return this.#ask(token, expectationsJson(options, optionsLimit()), (core, ...asked) => core.explain(...asked) as Report)
  }

  /** Fetches the keys that are not fresh, before the first token comes. Says whether there are keys of every issuer; if not, tokens ask again. */
  async ready(): Promise<boolean> {
    this.#call((core, now) => core.want(now))
    await Promise.all(this.#fetchDue())
    // Those of other calls; one whose request is over may never end. After a failure nothing is waited for.
    while (this.#running > 0 && Date.now() < this.#runningUntil) await pause(LOOK_EVERY)
    const keys = this.keys()
    return this.#call((core) => core.issuers()).every((issuer) => issuer in keys)
  }

  /** The keys at hand of each issuer, such as for a {@link Verifier}. */
  keys(): Readonly<Record<string, KeySet>> {
    const now = Date.now()
    const isThere = (core: Glue.RemoteVerifier, issuer: string) => {
      const keys = core.keys(issuer, now)
      keys?.free()
      return keys && issuer
    }
    const sets = Object.keys(this.#ofEachIssuer(isThere)).map((issuer) => {
      const keys = new Handle((glue) => this.#core.in(glue).keys(issuer, now) ?? glue.Keys.none())
      return [issuer, keySetOf(keys)] as const
    })
    return Object.fromEntries(sets)
  }

  /** What is at hand of each issuer as text, as a store keeps it. */
  snapshot(): Readonly<Record<string, string>> {
    return this.#ofEachIssuer((core, issuer) => core.snapshot(issuer))
  }

  /** Gives the memory back at once; otherwise the garbage collector does it. The verifier cannot be used afterwards. */
  free(): void {
    this.#remembered.clear()
    this.#core.free()
  }

  async #judge(
    token: string,
    options: VerifyOptions | ClockOptions,
    judge: Ask<string | IdToken | undefined>,
    kind?: TokenKind,
  ): Promise<IdToken> {
    // Read once: while keys are waited for the caller may change them.
    const expectations = readExpectations(options, optionsLimit(), kind)
    let starts: number | undefined
    for (;;) {
      let fetches: Promise<unknown>[] = []
      let verdict, use
      try {
        verdict = this.#ask(token, expectations(), judge)
        use = verdict === undefined || !this.#replay ? undefined : (this.#call((core) => core.takeUse()) as Use | undefined)
        starts ??= this.#starts
      } finally {
        // Also after a refusal: the core may want newer keys for the next token.
        fetches = this.#fetchDue()
      }
      if (verdict !== undefined) {
        await this.#useUp(use, kind)
        return typeof verdict === 'string' ? accepted(verdict) : verdict
      }
      // What broke the wasm once may do so again and again.
      if (starts !== this.#starts || this.#isResting()) {
        throw ownError('internal_error', 'The verifier failed.', 'the wasm broke down while keys were fetched')
      }
      await (fetches.length ? Promise.race(fetches) : this.#news())
    }
  }

  /** Last of all, so that a token which is refused is not used up. */
  async #useUp(use: Use | undefined, kind?: TokenKind): Promise<void> {
    const replay = this.#replay
    if (!replay) return
    let isFirst: unknown
    try {
      isFirst = use && (await within(STORE_TIMEOUT, () => replay.consume(use.key, use.ttl)))
    } catch {
      // It cannot tell, which is the answer.
    }
    if (isFirst === true) return
    if (use && isFirst !== false) this.#emit({ issuer: use.issuer, type: 'store_failed', operation: 'consume' })
    throw new IdTokenError(callCore((glue) => glue.RemoteVerifier.useRefused(isFirst === false, kind === 'logout_token') as Rejection))
  }

  /** Starts the fetches that are due, and gives those that matter to whom they are due after. None of them ever throws. */
  #fetchDue(after?: Order): Promise<unknown>[] {
    const fetches: Promise<unknown>[] = []
    try {
      if (this.#call((core, now) => core.isIdle(now))) return fetches
      for (let order; !this.#isResting() && (order = this.#call((core, now) => core.pollFetch(now)) as Order | undefined); ) {
        const isNext = after?.issuer === order.issuer
        const fetch = this.#background(this.#fetch(order, isNext && after?.kind === 'discovery'))
        if (!after || isNext) fetches.push(fetch)
      }
      this.#tell()
    } catch {
      // The clock is not set, or the verifier was freed: the verdict says so.
    }
    return fetches
  }

  /**
   * A core that was made anew meanwhile has not ordered it, and counts its own from the beginning.
   *
   * @param isSecond The store was read before the first half of this refresh, the discovery document.
   */
  async #fetch(order: Order, isSecond: boolean): Promise<void> {
    const started = Date.now()
    const starts = this.#starts
    this.#running++
    this.#runningUntil = Math.max(this.#runningUntil, started + order.timeout)
    try {
      if (isSecond || !(await this.#restore(order, starts))) {
        // Also when the clock was turned back.
        const timeout = Math.min(order.timeout, order.timeout - (Date.now() - started))
        const answer = await get(this.#options.fetch ?? fetch, { ...order, timeout })
        this.#call((core, now) => starts === this.#starts && hand(core, order.id, answer, now))
      }
    } catch {
      // The verifier was freed meanwhile.
    }
    this.#changes++
    const next = this.#fetchDue(order)
    this.#running--
    await Promise.all(next)
  }

  /** Another instance may have fetched them already. */
  async #restore({ id, issuer, timeout }: Order, starts: number): Promise<boolean> {
    const { store } = this.#options
    if (!store) return false
    try {
      const text = await within(Math.min(STORE_TIMEOUT, timeout * STORE_SHARE), () => store.get(this.#storeKey(issuer)))
      if (text === null || text === undefined) return false
      if (typeof text !== 'string') throw new TypeError('a store gives text')
      return this.#call((core, now) => starts === this.#starts && core.restore(id, text.slice(0, core.snapshotLimit() + 1), now))
    } catch (error) {
      this.#emit({ issuer, type: 'store_failed', operation: 'get', ...(error instanceof IdTokenError && { code: error.code }) })
      return false
    }
  }

  async #save(issuer: string): Promise<void> {
    const { store } = this.#options
    try {
      const text = this.#call((core) => core.snapshot(issuer))
      if (store && text) await within(STORE_TIMEOUT, () => store.put(this.#storeKey(issuer), text, { ttl: SNAPSHOT_TTL }))
    } catch {
      this.#emit({ issuer, type: 'store_failed', operation: 'put' })
    }
  }

  /** Passes on what happened. */
  #tell(): void {
    for (let told; (told = this.#call((core) => core.pollEvent()) as [string, Omit<KeyEvent, 'issuer'>] | undefined); ) {
      const [issuer, event] = told
      if (event.type === 'refreshed' || event.type === 'not_modified') this.#background(this.#save(issuer))
      this.#emit({ issuer, ...event } as KeyEvent)
    }
  }

  #emit(event: KeyEvent): void {
    try {
      const told: unknown = this.#options.onEvent?.(event)
      Promise.resolve(told).catch(() => {})
    } catch {
      // Whoever watches must not decide who may log in.
    }
  }

  #background<T>(work: Promise<T>): Promise<T> {
    try {
      this.#options.waitUntil?.(work)
    } catch {
      // It goes on as long as the host lets it.
    }
    return work
  }

  /** Waits until something happened, or the core's next appointment. */
  async #news(): Promise<void> {
    const seen = this.#changes
    const until = this.#call((core) => core.pollTimeout()) ?? 0
    do {
      await pause(LOOK_EVERY)
    } while (this.#changes === seen && Date.now() < until)
  }

  /** Versioned, since an older instance may read what a newer one wrote. Keys from elsewhere are other keys. */
  #storeKey(issuer: string): string {
    const uris = this.#jwksUri
    const uri = typeof uris === 'object' ? Object.hasOwn(uris, issuer) && uris[issuer] : uris
    return `idtoken:keys:1:${issuer}${uri ? ` ${uri}` : ''}`
  }

  #ofEachIssuer<T>(ask: (core: Glue.RemoteVerifier, issuer: string) => T | undefined): Readonly<Record<string, T>> {
    return this.#call((core) => {
      const answers = core.issuers().map((issuer) => [issuer, ask(core, issuer)] as const)
      return Object.fromEntries(answers.filter(([, answer]) => answer !== undefined)) as Record<string, T>
    })
  }

  /** As in {@link Verifier}: the caller's code stands outside, and of the token one character more than the core allows. */
  #ask<T>(token: unknown, expectations: string, ask: Ask<T>): T {
    const text = typeof token === 'string' ? token.slice(0, this.#tokenLimit + 1) : ''
    return this.#call((core, now, glue) => ask(core, written(glue, text, expectations), now))
  }

  /** The clock is the caller's code, where it is replaced, so it is read outside. */
  #call<T>(work: (core: Glue.RemoteVerifier, now: number, glue: typeof Glue) => T): T {
    const now = Date.now()
    return callCore((glue) => {
      const core = this.#core.in(glue)
      if (glue !== this.#glue) this.#started(glue, now)
      return work(core, now, glue)
    })
  }

  /**
   * A core that was made anew knows of no cooldown. The first may fetch at once, as everybody waits for the keys; when it
   * breaks down again soon, its fetches may be the cause.
   */
  #started(glue: typeof Glue, now: number): void {
    this.#glue = glue
    if (this.#starts++ === 0) return
    // What it holds of the old core would keep all of the old memory, and the tokens in there.
    this.#remembered.clear()
    if (now - this.#restartedAt < this.#cooldown) this.#restsSince = now
    this.#restartedAt = now
  }

  #isResting(): boolean {
    const rested = Date.now() - this.#restsSince
    return rested >= 0 && rested < this.#cooldown
  }
}

// Engines without explicit resource management have no such symbol.
if (Symbol.dispose) Object.defineProperty(RemoteVerifier.prototype, Symbol.dispose, { value: RemoteVerifier.prototype.free })

type Ask<T> = (core: Glue.RemoteVerifier, texts: Glue.Inbox, millis: number) => T

function pause(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis))
}

/** The use of a token that a store is asked about. */
interface Use {
  issuer: string
  key: string
  ttl: number
}

function hand(core: Glue.RemoteVerifier, id: number, answer: Answer, now: number): void {
  if ('failure' in answer) return core.fail(id, answer.failure, now)
  const { status, contentType, cacheControl, age, etag, retryAfter, body } = answer
  core.handle(id, status, contentType, cacheControl, age, etag, retryAfter, body, now)
}

function ownMembers(options: RemoteOptions): RemoteOptions {
  try {
    if (isPlain(options) && !Array.isArray(options) && options !== null) return Object.assign(Object.create(null), options) as RemoteOptions
  } catch {
    // A getter of theirs threw.
  }
  throw wrongShape('the options are not a plain object that can be read')
}

function areFunctions(...values: unknown[]): boolean {
  return values.every((value) => typeof value === 'function')
}

function refuseUnless(isUsable: boolean, hint: string): void {
  if (!isUsable) throw wrongShape(hint)
}
