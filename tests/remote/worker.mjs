// The worker under test: a RemoteVerifier for each way of keeping keys and uses, made as a user would.

import { env } from 'cloudflare:workers'
import { skipNonceCheck } from 'idtoken'
import { RemoteVerifier } from 'idtoken/remote'
import { cacheStore, durableObjectReplayStore, kvStore } from 'idtoken/stores'
import { cold, outcome, SHORT, warm } from './outcomes.mjs'

export { UsedToken } from 'idtoken/stores'

const idtoken = { RemoteVerifier, skipNonceCheck }
const kept = new Map()

export default {
  async fetch(request) {
    const { pathname } = new URL(request.url)
    const asked = await request.json()
    if (pathname === '/cold') return Response.json(await cold(idtoken, asked))
    if (pathname === '/warm') return Response.json(await warm(idtoken, asked))
    return Response.json(await verify(asked))
  },
}

/** With one instance for all requests of a name, as at module scope. */
async function verify({ name, policy, token, store, isOnce, options }) {
  if (!kept.has(name)) {
    const stores = { kv: () => kvStore(env.KEYS), cache: () => cacheStore(() => caches.default) }
    const events = []
    const replay = isOnce && durableObjectReplayStore(env.USED)
    const onEvent = (event) => events.push(event)
    kept.set(name, { events, rp: new RemoteVerifier(policy, { ...SHORT, ...options, store: stores[store]?.(), replay, onEvent }) })
  }
  const { rp, events } = kept.get(name)
  return { verdict: await outcome(rp.verify(token, { nonce: skipNonceCheck })), events }
}

// At module scope, where workerd has neither a clock nor randomness nor a network: making one must need none of them.
const atModuleScope = { store: kvStore(env.KEYS), replay: durableObjectReplayStore(env.USED) }
new RemoteVerifier({ issuer: 'https://idp.example', clientId: 'client' }, atModuleScope)
