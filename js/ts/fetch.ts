// One GET, as the core orders it. Nothing of the answer is judged here.

import type { Fetch } from './remote-types.js'

/** What the core wants fetched. */
export interface Order {
  id: number
  issuer: string
  kind: 'discovery' | 'jwks'
  url: string
  ifNoneMatch?: string
  maxBytes: number
  timeout: number
}

/** What came of it. */
export type Answer = Received | { failure: 'network' | 'timeout' | 'redirect' | 'too_large' }

/** Plain values: what a `fetch` of the caller gives is read before the wasm is entered. */
export interface Received {
  status: number
  contentType: string | undefined
  cacheControl: string | undefined
  age: string | undefined
  etag: string | undefined
  retryAfter: string | undefined
  body: Uint8Array
}

const LATE = Symbol('late')

/** Never throws, and never takes longer than ordered, whatever `fetch` does. */
export async function get(fetch: Fetch, order: Order): Promise<Answer> {
  const stop = new AbortController()
  try {
    return await within(order.timeout, () => read(fetch, order, stop.signal))
  } catch (error) {
    return { failure: error === LATE ? 'timeout' : 'network' }
  } finally {
    stop.abort()
  }
}

async function read(fetch: Fetch, { url, ifNoneMatch, maxBytes }: Order, signal: AbortSignal): Promise<Answer> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (ifNoneMatch !== undefined) headers['if-none-match'] = ifNoneMatch
  const init: RequestInit = { headers, redirect: 'manual', signal }
  // workerd, which keeps neither cookies nor a cache of its own here, refuses to hear of them.
  if ('credentials' in Request.prototype) Object.assign(init, { credentials: 'omit', cache: 'no-store' })
  const response = await fetch(url, init)
  // A browser does not show where a redirect leads, nor its status. A `fetch` of the caller may have followed one.
  if (response.type === 'opaqueredirect' || response.redirected) return { failure: 'redirect' }
  const { status } = response
  if (typeof status !== 'number') throw new TypeError('the status is not a number')
  const contentType = field(response, 'content-type')
  const cacheControl = field(response, 'cache-control')
  const age = field(response, 'age')
  const etag = field(response, 'etag')
  const retryAfter = field(response, 'retry-after')
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = response.body?.getReader()
  // Not every `fetch` ends the body when it is told to stop.
  const cancel = async () => {
    await reader?.cancel()
  }
  signal.addEventListener('abort', () => void cancel().catch(() => {}))
  if (signal.aborted) await cancel()
  for (let chunk; (chunk = await reader?.read())?.value; ) {
    if (chunk.value.length > 0) chunks.push(chunk.value)
    size += chunk.value.length
    if (size > maxBytes) return { failure: 'too_large' }
  }
  const body = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    body.set(chunk, at)
    at += chunk.length
  }
  return { status, contentType, cacheControl, age, etag, retryAfter, body }
}

function field(response: Response, name: string): string | undefined {
  const value: unknown = response.headers.get(name) ?? undefined
  if (value !== undefined && typeof value !== 'string') throw new TypeError('a header field is not text')
  return value
}

/** What `work` gives, unless it takes longer. */
export async function within<T>(millis: number, work: () => Promise<T> | T): Promise<T> {
  let timer
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(LATE), millis)
  })
  try {
    return await Promise.race([work(), late])
  } finally {
    clearTimeout(timer)
  }
}
