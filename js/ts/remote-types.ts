// What goes into a RemoteVerifier. What the options of the key cache mean is decided in the core alone.

import type { ErrorCode } from './errors.js'

/** How keys are fetched, kept and shared. Durations are milliseconds. */
export interface RemoteOptions {
  /**
   * Where the JWK Set is; for several issuers an object of issuers and addresses. Default: where the issuer's discovery
   * document says. It has to be https, but for loopback hosts.
   */
  jwksUri?: string | Readonly<Record<string, string>>
  /** How long a set is fresh when the provider does not say, 1 second to 24 hours. Default: 600000, 10 minutes. */
  cacheMaxAge?: number
  /**
   * The least time between two fetches, whatever the tokens ask for, 1 second to 5 minutes. It doubles after failures.
   * Default: 30000.
   */
  cooldownDuration?: number
  /** How long the provider is waited for, 100 milliseconds to 60 seconds. Default: 5000. */
  timeoutDuration?: number
  /**
   * How long a set is still used after it stopped being fresh, when no newer one can be fetched; at most 7 days. It is
   * also how long a stolen key lives. Default: 86400000, 24 hours.
   */
  staleIfError?: number
  /** Used in place of the global `fetch`. It has to pass on the `init` that it gets. */
  fetch?: Fetch
  /**
   * Where snapshots of the keys are kept for other instances and the next start. Whoever can write to it decides who may
   * log in.
   */
  store?: SnapshotStore
  /**
   * Lets each token in once. `true`: once for this instance, in memory; a store: once for all that share it. The store
   * has to decide and to remember in one step, so one that only gets and puts is refused.
   */
  replay?: boolean | ReplayStore
  /** Told what happens to the keys. What it throws, also later, is dropped. */
  onEvent?: (event: KeyEvent) => void
  /**
   * How many bytes may be spent on remembering accepted ID Tokens, so that one that comes again is neither decoded nor its
   * signature verified again; all checks run each time. From 8192 to 67108864, for all issuers together. Most tokens take
   * 3 to 4 KB of it, and about as much again in the heap of JavaScript; with room for fewer than come in turn it gains
   * nothing. Tokens stay in memory in clear until others need the room, or `free()`. Default: none.
   */
  tokenCacheBytes?: number
  /**
   * Told of work that outlives the request: fetches, and writes to the store. Default: in workerd that of
   * `cloudflare:workers`, elsewhere nothing, as there such work simply goes on.
   */
  waitUntil?: (work: Promise<unknown>) => void
}

/** The part of `fetch` that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** Keeps text under a key, for `ttl` seconds at the most. */
export interface SnapshotStore {
  get(key: string): Promise<string | null | undefined> | string | null | undefined
  put(key: string, text: string, options: { ttl: number }): Promise<unknown> | unknown
}

/** Remembers that tokens were used. */
export interface ReplayStore {
  /**
   * Remembers the key for `ttl` seconds and says whether it was new: in one step, so that of two calls at the same time
   * one gets `true`. It throws when it cannot tell, and never forgets a key earlier.
   */
  consume(key: string, ttl: number): Promise<boolean> | boolean
}

/** Something that happened to the keys of an issuer, fit for logs and metrics. */
export type KeyEvent = { readonly issuer: string } & (
  /** A refresh began; the store may answer in place of the provider. */
  | { readonly type: 'fetch_started'; readonly kind: 'discovery' | 'jwks' }
  /** It failed, or its answer was refused; the old set stays. */
  | { readonly type: 'fetch_failed'; readonly kind: 'discovery' | 'jwks'; readonly code: ErrorCode }
  /** A set was fetched and taken. */
  | { readonly type: 'refreshed'; readonly keys: number; readonly skipped: number }
  /** The provider says that the set at hand is still the one. */
  | { readonly type: 'not_modified' }
  /** The new set has other keys than the old one. */
  | { readonly type: 'rotated'; readonly added: number; readonly removed: number }
  /** A token names a key that is not in the set, which is fetched again because of it. */
  | { readonly type: 'unknown_key' }
  /** A set that is no longer fresh is in use. */
  | { readonly type: 'stale_served' }
  /** There is no set that may be used: tokens are refused with `jwks_unavailable`. */
  | { readonly type: 'unavailable' }
  /** A snapshot was taken from the store. */
  | { readonly type: 'restored'; readonly keys: number }
  /** A store threw, did not answer in time, or gave what it must not, such as a snapshot that was refused: then with its code. */
  | { readonly type: 'store_failed'; readonly operation: 'get' | 'put' | 'consume'; readonly code?: ErrorCode }
)
