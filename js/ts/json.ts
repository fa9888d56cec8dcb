// What the caller gives becomes JSON text for the core, which decides on it; what the core gives becomes objects.
// Nothing here throws: what cannot be written as JSON becomes text that the core refuses.

import { expectNoNonce, skipNonceCheck, type IdToken, type VerifyOptions } from './types.js'

/** Options as JSON, one character longer than the core allows at the most: an access token may come from outside. */
export function optionsJson(options: unknown, limit: number): string {
  return written(() => JSON.stringify(options, refusable(options))).slice(0, limit + 1)
}

/** The options of one call. The clock is read here, at each call. */
export function expectationsJson(options: VerifyOptions | undefined, limit: number): string {
  const text = written(() => {
    if (options !== undefined && !isPlain(options)) return ''
    // Own members only: what a polluted prototype has was not asked for.
    const own: Partial<VerifyOptions> = Object.assign(Object.create(null), options)
    const now = own.now === undefined ? Date.now() / 1000 : own.now
    const all = { ...own, now, nonce: nonceWord(own.nonce) }
    return JSON.stringify(all, refusable(all))
  })
  return text.slice(0, limit + 1)
}

/** The text of a key set as bytes, one more than the core allows at the most. */
export function bytesOf(source: unknown, limit: number): Uint8Array {
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength).subarray(0, limit + 1)
  const text = (typeof source === 'string' ? source : written(() => JSON.stringify(source))).slice(0, limit + 1)
  // The encoder would replace half of a surrogate pair; no UTF-8 has this byte, so the core refuses it.
  return /\p{Surrogate}/u.test(text) ? Uint8Array.of(0xff) : new TextEncoder().encode(text)
}

/** An accepted token. Without prototypes a claim that is absent stays absent. */
export function accepted(json: string): IdToken {
  return withoutPrototypes(JSON.parse(json)) as IdToken
}

/** Only the two symbols become an opt-out: no value that could arrive from outside does. */
function nonceWord(nonce: unknown): unknown {
  if (nonce === expectNoNonce) return 'none_sent'
  if (nonce === skipNonceCheck) return 'not_checked'
  return typeof nonce === 'string' ? { equals: nonce } : null
}

/**
 * A replacer that turns what JSON would drop into null, which the core refuses: a demand must not vanish. An option that
 * is undefined counts as left out.
 */
function refusable(root: unknown) {
  return function (this: unknown, _name: string, value: unknown): unknown {
    if (value === undefined) return this === root ? undefined : null
    const isWritable = typeof value !== 'function' && typeof value !== 'symbol' && (typeof value !== 'object' || isPlain(value))
    return isWritable ? value : null
  }
}

/** Arrays, and objects as literals make them, of any realm; nothing with members that it inherits or hides. */
function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === null
  if (Array.isArray(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** A getter may throw, a circle or a BigInt cannot be written. */
function written(write: () => string | undefined): string {
  try {
    return write() ?? ''
  } catch {
    return ''
  }
}

/** The core bounds the depth. */
function withoutPrototypes(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  for (const member of Object.values(value)) withoutPrototypes(member)
  return Array.isArray(value) ? value : Object.setPrototypeOf(value, null)
}
