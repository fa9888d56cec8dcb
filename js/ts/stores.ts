// Stores for RemoteVerifier. None of them needs the wasm, and none brings a dependency.

import type { ReplayStore, SnapshotStore } from './remote-types.js'

export type { ReplayStore, SnapshotStore } from './remote-types.js'

/** The part of a Workers KV namespace that is used. */
export interface KeyValueNamespace {
  get(key: string): Promise<string | null>
  put(key: string, text: string, options: { expirationTtl: number }): Promise<void>
}

/** Keeps snapshots in Workers KV: for all locations, within a minute. Not for `replay`. */
export function kvStore(namespace: KeyValueNamespace): SnapshotStore {
  return {
    get: (key) => namespace.get(key),
    put: (key, text, { ttl }) => namespace.put(key, text, { expirationTtl: ttl }),
  }
}

/** The part of a cache of the Cache API that is used. */
export interface HttpCache {
  match(url: string): Promise<Response | undefined>
  put(url: string, response: Response): Promise<void>
}

/**
 * Keeps snapshots in a cache of the Cache API: in Workers `caches.default`, for one location. Not for `replay`.
 *
 * @param open Gives the cache; called at each use, as some hosts have none while a module is loaded.
 */
export function cacheStore(open: () => HttpCache | Promise<HttpCache>): SnapshotStore {
  return {
    async get(key) {
      const cache = await open()
      return (await cache.match(address(key)))?.text()
    },
    async put(key, text, { ttl }) {
      const cache = await open()
      await cache.put(address(key), new Response(text, { headers: { 'cache-control': `max-age=${ttl}` } }))
    },
  }
}

/** A cache keeps answers to addresses; nobody can own this one (RFC 6761 section 6.4). */
function address(key: string): string {
  return `https://idtoken.invalid/${encodeURIComponent(key)}`
}

/**
 * Remembers used tokens in Redis, by `SET key 1 NX PX ...`. It has to keep what it was told (`maxmemory-policy
 * noeviction`), and a replica that takes over may lack the last uses.
 *
 * @param send Sends a command: `(command) => client.sendCommand(command)` of node-redis,
 *   `([name, ...args]) => client.call(name, ...args)` of ioredis.
 */
export function redisReplayStore(send: (command: string[]) => Promise<unknown>, prefix = 'idtoken:used:'): ReplayStore {
  return {
    async consume(key, ttl) {
      const reply = await send(['SET', prefix + key, '1', 'NX', 'PX', String(ttl * 1000)])
      if (reply === null) return false
      if (String(reply) === 'OK') return true
      throw new TypeError('Redis answered SET with something else than OK or nil')
    },
  }
}

/** The part of a Durable Object namespace that is used. */
export interface ObjectNamespace {
  idFromName(name: string): unknown
  get(id: never): { fetch(url: string, init: { method: string; body: string }): Promise<{ status: number }> }
}

/** Remembers used tokens in Durable Objects of the class {@link UsedToken}, one for each token. */
export function durableObjectReplayStore(namespace: ObjectNamespace): ReplayStore {
  return {
    async consume(key, ttl) {
      const used = namespace.get(namespace.idFromName(key) as never)
      const { status } = await used.fetch('https://idtoken.invalid/', { method: 'POST', body: String(ttl) })
      if (status === 201) return true
      if (status === 409) return false
      throw new TypeError(`the object answered ${status}`)
    },
  }
}

/** The part of a Durable Object's storage that is used. */
interface Storage {
  get(key: string): Promise<unknown>
  put(key: string, value: unknown): Promise<void>
  setAlarm(time: number): Promise<void>
  deleteAll(): Promise<void>
}

/**
 * The Durable Object that remembers the use of one token. Export it from the worker, and bind it. While it reads its
 * storage no other request gets in, so deciding and remembering are one step; when the time is over it empties itself.
 */
export class UsedToken {
  readonly #storage: Storage

  constructor(state: { readonly storage: Storage }) {
    this.#storage = state.storage
  }

  async fetch(request: Request): Promise<Response> {
    const seconds = Number(await request.text())
    if (!Number.isFinite(seconds) || seconds <= 0) return new Response(null, { status: 400 })
    if (await this.#storage.get('used')) return new Response(null, { status: 409 })
    await this.#storage.put('used', true)
    await this.#storage.setAlarm(Date.now() + seconds * 1000)
    return new Response(null, { status: 201 })
  }

  async alarm(): Promise<void> {
    await this.#storage.deleteAll()
  }
}
