// Node and Bun: the file is read and the wasm started when this module is imported.

import { readFileSync } from 'node:fs'
import { imports, start } from './core.js'
import type { InitSource } from './web.js'

export * from './api.js'
export type { InitSource } from './web.js'

const module = new WebAssembly.Module(readFileSync(new URL('./core.wasm', import.meta.url)))
start(new WebAssembly.Instance(module, imports))

/** Does nothing here: the wasm is ready at import. */
export async function init(_source?: InitSource): Promise<void> {}
