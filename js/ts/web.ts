// Browsers, and every runtime without an entry of its own: the wasm is loaded when init() is called.

import { startLater } from './core.js'
import { IdTokenError, ownError } from './errors.js'

export * from './api.js'

/**
 * Where the wasm comes from: a compiled `WebAssembly.Module` (an `object` here, because Node's types do not know it), its
 * bytes, an answer that carries them, or where to fetch it.
 */
export type InitSource = object | ArrayBuffer | ArrayBufferView | Response | Address

/** Where to fetch it. With `integrity` as in subresource integrity, such as `sha384-...`, another file is refused. */
type Address = URL | string | { url: URL | string; integrity: string }

let loading: Promise<void> | undefined

/** A function that gives a v128, for `WebAssembly.validate`. */
const V128 = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
)

/**
 * Loads the wasm. Await it before anything else; where the wasm is ready at import (Node, Bun, workerd) it does
 * nothing, so calling it is always right. Later calls wait for the first one; after a failure the next one tries again.
 *
 * @param source Default: `core-simd.wasm` next to this file where the engine knows SIMD, and `core.wasm` where it does
 *   not. Pass one of them when the bundler does not copy these files.
 * @throws {@link IdTokenError} `wasm_load_failed`, with a hint that names the likely cause.
 */
export function init(source: InitSource = ownFile()): Promise<void> {
  loading ??= load(source).catch((cause: unknown) => {
    loading = undefined
    throw cause instanceof IdTokenError ? cause : loadFailed(hintFor(cause), cause)
  })
  return loading
}

/** Both as bundlers look for them. An engine without SIMD would refuse the whole of a module that uses it. */
function ownFile(): URL {
  return WebAssembly.validate(V128)
    ? new URL('./core-simd.wasm', import.meta.url)
    : new URL('./core.wasm', import.meta.url)
}

async function load(source: InitSource): Promise<void> {
  await startLater(await compile(source))
}

async function compile(source: InitSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return WebAssembly.compile(source as BufferSource)
  const response = source instanceof Response ? source : await fetchWasm(source as Address)
  if (!response.ok) {
    throw loadFailed(`the server answered ${response.status}: pass init() the address that the wasm file really has`)
  }
  // Streaming insists on the exact type; many servers do not know it.
  const streams = response.headers.get('content-type')?.toLowerCase() === 'application/wasm'
  return streams ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer())
}

async function fetchWasm(source: Address): Promise<Response> {
  const isAddress = typeof source === 'string' || source instanceof URL
  const { url, integrity } = isAddress ? { url: source, integrity: undefined } : { ...source, integrity: String(source.integrity) }
  // fetch() takes whatever it does not know for no demand at all.
  if (integrity !== undefined && !/^sha(256|384|512)-[\w+/]+=*$/.test(integrity)) {
    throw loadFailed('integrity must be one hash, such as sha384-...')
  }
  try {
    return await fetch(url, integrity === undefined ? {} : { integrity })
  } catch (cause) {
    const hint = integrity
      ? 'the file does not have the given integrity, or the network or the CSP (connect-src) blocked it'
      : 'the network or the CSP (connect-src) blocked the request for the wasm file'
    throw loadFailed(hint, cause)
  }
}

/** Engines word the refusal differently, but each names the policy or the source expression it misses. */
function hintFor(cause: unknown): string {
  const text = String(cause)
  if (/content security policy|\bcsp\b|unsafe-eval/i.test(text)) {
    return "the Content-Security-Policy forbids wasm: add 'wasm-unsafe-eval' to its script-src"
  }
  return 'what was loaded is not this wasm: a bundler or server may have answered with a page instead of the wasm file'
}

function loadFailed(hint: string, cause?: unknown): IdTokenError {
  return ownError('wasm_load_failed', 'The wasm module could not be loaded.', hint, cause)
}
