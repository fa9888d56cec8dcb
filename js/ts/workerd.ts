// Cloudflare's workerd compiles wasm only at deployment, so the module is imported and never compiled from bytes.

import wasm from './core-simd.wasm'
import { start } from './core.js'
import type { InitSource } from './web.js'

export * from './api.js'
export type { InitSource } from './web.js'

start(wasm)

/** Does nothing here: the wasm is ready at import. */
export async function init(_source?: InitSource): Promise<void> {}
