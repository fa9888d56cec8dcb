// The worker under test: runs the cases that are posted to it.

import * as idtoken from 'idtoken'
import { overflow } from './overflow.mjs'
import { runCorpus } from './run-corpus.mjs'

// At module scope, where workerd's clock stands still: making a verifier must not need one.
const verifier = new idtoken.Verifier({ issuer: 'https://idp.example', clientId: 'client' })

export default {
  async fetch(request) {
    const { pathname } = new URL(request.url)
    if (pathname === '/corpus') return Response.json(runCorpus(idtoken, await request.json()))
    if (pathname === '/overflow') return Response.json(overflow(idtoken, await request.json()))
    if (pathname === '/verify') return Response.json(await verify(await request.json()))
    return new Response(null, { status: 404 })
  },
}

/** With the worker's own clock and the verifier made at module scope. */
async function verify({ token, jwks, nonce }) {
  await idtoken.init()
  try {
    return verifier.verify(token, jwks, { nonce })
  } catch (error) {
    return { code: error.code }
  }
}
