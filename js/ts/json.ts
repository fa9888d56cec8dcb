// What the caller gives becomes JSON text for the core, which decides on it; what the core gives becomes objects.
// Nothing here throws: what cannot be written as JSON becomes text that the core refuses.

import { expectNoNonce, skipNonceCheck, type ClockOptions, type IdToken, type TokenKind, type VerifyOptions } from './types.js'

/** Options as JSON, one character longer than the core allows at the most: an access token may come from outside. */
export function optionsJson(options: unknown, limit: number): string {
  return written(() => JSON.stringify(options, refusable(options))).slice(0, limit + 1)
}

/** The policies of a verifier, each as JSON. */
export function policiesJson(policy: unknown, limit: number): string[] {
  try {
    return [policy].flat().map((one) => optionsJson(one, limit))
  } catch {
    return ['']
  }
}

/** The options of one call. Only a login has a nonce. */
export function expectationsJson(options: VerifyOptions | ClockOptions | undefined, limit: number, kind?: TokenKind): string {
  return readExpectations(options, limit, kind)()
}

/** The same for a call that asks several times: the options are read once, and the clock each time, unless they set it. */
export function readExpectations(
  options: VerifyOptions | ClockOptions | undefined,
  limit: number,
  kind?: TokenKind,
): () => string {
  const isLogin = kind === undefined || kind === 'id_token'
  let isClockSet = false
  const members = written(() => {
    if (options !== undefined && !isPlain(options)) return ''
    const given = (options ?? {}) as Record<string, unknown>
    let members = ''
    let isNonceGiven = !isLogin
    // Own members only, each read once: what a polluted prototype has was not asked for.
    for (const name of Object.keys(given)) {
      const value = given[name]
      if (isLogin && name === 'nonce') {
        isNonceGiven = true
        members += `,"nonce":${nonceJson(value)}`
      } else if (value !== undefined) {
        isClockSet ||= name === 'now'
        members += `,${JSON.stringify(name)}:${memberJson(value)}`
      }
    }
    return `${members}${isNonceGiven ? '' : ',"nonce":null'}}`
  }).slice(0, limit + 1)
  if (isClockSet || members === '') return () => members.replace(',', '{')
  return () => `{"now":${secondsJson()}${members}`
}

/** In whole seconds, which are sooner written and read, and all that the core looks at. */
function secondsJson(): string {
  const seconds = Math.floor(Date.now() / 1000)
  return Number.isFinite(seconds) ? `${seconds}` : 'null'
}

/** The kind of token to be explained, and the options apart from it. */
export function explainedKind(options: unknown): { kind: unknown; others: unknown } {
  try {
    if (!isPlain(options)) return { kind: undefined, others: options }
    const { kind, ...others } = Object.assign(Object.create(null), options)
    return { kind, others }
  } catch {
    return { kind: null, others: {} }
  }
}

/** Why a value cannot be the keys of an issuer, nor what `JSON.parse` made of them: a mistake of the caller's. */
export function noKeys(value: unknown, what: string, ifNone: string): string | undefined {
  try {
    if (value !== null && isPlain(value)) return undefined
    const { then, text } = Object(value) as { then?: unknown; text?: unknown }
    if (typeof then === 'function') return `${what} is a Promise: await it`
    return typeof text === 'function' ? `${what} is a Response: pass await response.text()` : ifNone
  } catch {
    return ifNone
  }
}

/** The text of a key set as bytes of our own, one more than the core allows at the most. */
export function bytesOf(source: unknown, limit: number): Uint8Array {
  if (ArrayBuffer.isView(source)) return copied(source, limit + 1)
  const text = (typeof source === 'string' ? source : written(() => JSON.stringify(source))).slice(0, limit + 1)
  // The encoder would replace half of a surrogate pair; no UTF-8 has this byte, so the core refuses it.
  return /[\ud800-\udfff]/u.test(text) ? Uint8Array.of(0xff) : new TextEncoder().encode(text)
}

/** Whether keys are given by the names of their issuers, which are URLs. A set has a member `keys` instead. */
export function isByIssuer(keys: unknown): boolean {
  try {
    if (!isPlain(keys) || keys === null || Array.isArray(keys) || Object.hasOwn(keys as object, 'keys')) return false
    return Object.keys(keys as object).some((name) => name.includes('://'))
  } catch {
    return false
  }
}

/** A member of the object's own, read once. */
export function memberOf(object: object, name: string): unknown {
  try {
    return Object.hasOwn(object, name) ? (object as Record<string, unknown>)[name] : undefined
  } catch {
    return undefined
  }
}

/** An accepted token. Without prototypes a claim that is absent stays absent; the core bounds the depth. */
export function accepted(json: string): IdToken {
  return withoutPrototypes(JSON.parse(json) as IdToken)
}

/** Another object that says the same, of what `JSON.parse` made: its prototypes are gone, and nothing is shared. */
export function withoutPrototypes<T>(parsed: T): T {
  if (Array.isArray(parsed)) return parsed.map(withoutPrototypes) as T
  if (typeof parsed !== 'object' || parsed === null) return parsed
  const copy = Object.setPrototypeOf({ ...parsed }, null) as T
  for (const name in copy) {
    const member = copy[name]
    // Looked at here, too: most members are none, and a call takes longer.
    if (typeof member === 'object') copy[name] = withoutPrototypes(member)
  }
  return copy
}

/** Only the two symbols become an opt-out: no value that could arrive from outside does. */
function nonceJson(nonce: unknown): string {
  if (nonce === expectNoNonce) return '"none_sent"'
  if (nonce === skipNonceCheck) return '"not_checked"'
  return typeof nonce === 'string' ? `{"equals":${JSON.stringify(nonce)}}` : 'null'
}

/**
 * A replacer that turns what JSON would drop into null, which the core refuses: a demand must not vanish. An option that
 * is undefined counts as left out.
 */
function refusable(root?: unknown) {
  return function (this: unknown, _name: string, value: unknown): unknown {
    if (value === undefined) return this === root ? undefined : null
    const isWritable = typeof value !== 'function' && typeof value !== 'symbol' && (typeof value !== 'object' || isPlain(value))
    return isWritable ? value : null
  }
}

/** Arrays, and objects as literals make them, of any realm; nothing with members that it inherits or hides. */
export function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === null
  if (Array.isArray(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** A buffer that was detached has nothing to copy. */
function copied(source: ArrayBufferView, limit: number): Uint8Array {
  try {
    return new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice(0, limit)
  } catch {
    return new Uint8Array()
  }
}

/** A getter may throw, a circle or a BigInt cannot be written. */
function written(write: () => string | undefined): string {
  try {
    return write() ?? ''
  } catch {
    return ''
  }
}

/** A value that is there. Short for what most of them are, as this is done for every token. */
function memberJson(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? JSON.stringify(value) : JSON.stringify(value, refusable())
}
