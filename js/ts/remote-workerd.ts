// workerd: with the wasm started at import, and with its own way of finishing work after the answer.

import * as workers from 'cloudflare:workers'
import { RemoteVerifier as Portable } from './remote.js'
import type { RemoteOptions } from './remote-types.js'
import type { Policy } from './types.js'
import './workerd.js'

export * from './remote.js'

/** As everywhere, but fetches and writes to the store go on after the request that began them. */
export class RemoteVerifier extends Portable {
  constructor(policy: Policy | readonly Policy[], options: RemoteOptions = {}) {
    const { waitUntil } = workers
    super(policy, waitUntil ? { waitUntil, ...options } : options)
  }
}
