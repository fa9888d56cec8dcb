// Node and Bun: with the wasm started at import.

import './node.js'

export * from './remote.js'
