import type { Glue } from './glue.js'
import { acceptedAgain } from './json.js'
import type { ReplayStore } from './remote-types.js'
import type { IdToken } from './types.js'

/** How many used tokens are remembered: some 15 MB at the most. */
const CAPACITY = 100_000
/** How often those that have expired are looked for, in milliseconds: with room left, and without. */
const SWEEP_EVERY = { withRoom: 60_000, full: 1000 }

/** Remembers used tokens for this instance, outside the wasm, which may have to be started anew. */
export class UsedTokens implements ReplayStore {
  /** Until when each has to be remembered. */
  readonly #used = new Map<string, number>()
  #sweptAt = 0
  /** The latest of those times that was forgotten: a clock that is turned back makes such tokens good again. */
  #forgotten = 0

  /** It cannot tell when there is no room left, nor of a token that it may have forgotten. */
  consume(key: string, ttl: number): boolean {
    const now = Date.now()
    const until = now + ttl * 1000
    if (this.#used.has(key)) return false
    const isFull = this.#used.size >= CAPACITY
    if (Math.abs(now - this.#sweptAt) >= (isFull ? SWEEP_EVERY.full : SWEEP_EVERY.withRoom)) this.#sweep(now)
    if (this.#used.size >= CAPACITY || until <= this.#forgotten) throw new RangeError('used tokens cannot be told from new ones')
    this.#used.set(key, until)
    return true
  }

  #sweep(now: number): void {
    this.#sweptAt = now
    for (const [key, until] of this.#used) {
      if (until > now) continue
      this.#used.delete(key)
      this.#forgotten = Math.max(this.#forgotten, until)
    }
  }
}

/** A token of which JSON was made takes about so many bytes in the core, or more. */
const BYTES_PER_TOKEN = 2048

/** What the core's memory of verified tokens has, as objects, so that no text has to be read again. It decides nothing. */
export class RememberedTokens {
  readonly #most: number
  /** Whose numbers they are: a core that was made anew counts from the beginning. */
  #core: Glue.RemoteVerifier | undefined
  #parsed = new Map<number, IdToken>()

  constructor(bytes: number) {
    this.#most = bytes / BYTES_PER_TOKEN
  }

  /** The token whose number the core has just returned. Inside `callCore`. */
  get(core: Glue.RemoteVerifier, number: number): IdToken {
    if (core !== this.#core) {
      this.#core = core
      this.#parsed = new Map()
    }
    let parsed = this.#parsed.get(number)
    if (!parsed) {
      parsed = JSON.parse(core.lastRemembered() as string) as IdToken
      this.#parsed.set(number, parsed)
      const [oldest] = this.#parsed.keys()
      if (this.#parsed.size > this.#most) this.#parsed.delete(oldest as number)
    }
    return acceptedAgain(parsed)
  }
}
