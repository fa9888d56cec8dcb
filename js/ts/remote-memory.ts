import type { Glue } from './glue.js'
import { withoutPrototypes } from './json.js'
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

/** A token takes at least so many bytes in the core for each character of its JSON: it is there in base64, and decoded. */
const BYTES_PER_CHARACTER = 2

/** What the core's memory of verified tokens has, as objects, so that no text has to be read again. It decides nothing. */
export class RememberedTokens {
  /** How many characters of JSON all of them may be together, and are. */
  readonly #most: number
  #length = 0
  /** Whose numbers they are: a core that was made anew counts from the beginning. */
  #core: Glue.RemoteVerifier | undefined
  /** The oldest first. */
  readonly #parsed = new Map<number, { readonly token: IdToken; readonly length: number }>()

  constructor(bytes: number) {
    this.#most = bytes / BYTES_PER_CHARACTER
  }

  /** The token whose number the core has just returned. Inside `callCore`. */
  get(core: Glue.RemoteVerifier, number: number): IdToken {
    if (core !== this.#core) {
      this.clear()
      this.#core = core
    }
    const known = this.#parsed.get(number)
    return withoutPrototypes(known ? known.token : this.#add(number, core.lastRemembered() as string))
  }

  clear(): void {
    this.#core = undefined
    this.#parsed.clear()
    this.#length = 0
  }

  #add(number: number, json: string): IdToken {
    const token = JSON.parse(json) as IdToken
    this.#parsed.set(number, { token, length: json.length })
    this.#length += json.length
    for (const [oldest, { length }] of this.#parsed) {
      if (this.#length <= this.#most) break
      this.#parsed.delete(oldest)
      this.#length -= length
    }
    return token
  }
}
