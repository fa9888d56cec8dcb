// Node and Bun: the file is read and the wasm started when this module is imported.

import { readFileSync } from 'node:fs'
import { start } from './core.js'
import type { InitSource } from './web.js'

export * from './api.js'
export type { InitSource } from './web.js'

start(new WebAssembly.Module(readFileSync(new URL('./core-simd.wasm', import.meta.url))))

/** Does nothing here: the wasm is ready at import. */
export async function init(_source?: InitSource): Promise<void> {}
