// A real HTTP server that publishes keys, well or badly. What it does is in the path, so that a worker can ask for it:
// /ID/FAULT/jwks. Requests are counted for each ID, and the first one of an ID "warm ..." is answered well.

import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'

const JSON_TYPE = { 'content-type': 'application/json' }
const MIB = 1024 * 1024

/** What each fault does, and the code that the core has for it; `null` where the set is taken. */
export const FAULTS = {
  dies: { code: 'jwks_fetch_network', answer: (request) => request.socket.destroy() },
  'dies in the middle': {
    code: 'jwks_fetch_network',
    answer(request, response, text) {
      response.writeHead(200, { ...JSON_TYPE, 'content-length': text.length })
      response.write(text.slice(0, text.length / 2), () => request.socket.destroy())
    },
  },
  hangs: { code: 'jwks_fetch_timeout', answer() {} },
  drips: {
    code: 'jwks_fetch_timeout',
    answer(request, response, text) {
      response.writeHead(200, JSON_TYPE)
      let at = 0
      const timer = setInterval(() => response.write(text[at++ % text.length]), 20)
      response.on('close', () => clearInterval(timer))
    },
  },
  'has a fault': { code: 'jwks_fetch_status', answer: (request, response, text) => response.writeHead(500, JSON_TYPE).end(text) },
  'has no content': { code: 'jwks_fetch_status', answer: (request, response) => response.writeHead(204).end() },
  redirects: {
    code: 'jwks_fetch_redirect',
    answer: (request, response) => response.writeHead(302, { location: '/redirected/well/jwks' }).end(),
  },
  'shows a page': {
    code: 'jwks_fetch_type',
    answer: (request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Log in</title>'),
  },
  'has the wrong type': {
    code: 'jwks_fetch_type',
    answer: (request, response, text) => response.writeHead(200, { 'content-type': 'text/plain' }).end(text),
  },
  'sends 8 MiB': {
    code: 'jwks_fetch_size',
    answer(request, response, text) {
      response.writeHead(200, JSON_TYPE)
      response.end(`${' '.repeat(8 * MIB)}${text}`)
    },
  },
  'never stops sending': {
    code: 'jwks_fetch_size',
    answer(request, response) {
      response.writeHead(200, JSON_TYPE)
      Readable.from(function* () { for (;;) yield ' '.repeat(65_536) }()).pipe(response)
    },
  },
  'sends 8 MiB in a few bytes': {
    code: 'jwks_fetch_size',
    answer(request, response, text) {
      response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }).end(gzipSync(`${' '.repeat(8 * MIB)}${text}`))
    },
  },
  'sends half of it': {
    code: 'jwks_invalid',
    answer: (request, response, text) => response.writeHead(200, JSON_TYPE).end(text.slice(0, text.length / 2)),
  },
  'sends no key': { code: 'jwks_no_usable_key', answer: (request, response) => response.writeHead(200, JSON_TYPE).end('{"keys":[]}') },
  'sends it packed': {
    code: null,
    answer: (request, response, text) => response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }).end(gzipSync(text)),
  },
  well: { code: null, answer: (request, response, text) => response.writeHead(200, JSON_TYPE).end(text) },
  slowly: { code: null, answer: (request, response, text) => setTimeout(() => FAULTS.well.answer(request, response, text), 600) },
  'with an etag': {
    code: null,
    answer(request, response, text) {
      const isKnown = request.headers['if-none-match'] === '"one"'
      response.writeHead(isKnown ? 304 : 200, { ...JSON_TYPE, etag: '"one"' }).end(isKnown ? undefined : text)
    },
  },
}

/** @returns a provider whose keys can be exchanged at any time: `jwks` is what it publishes. */
export async function startProvider(jwks) {
  const counts = new Map()
  const requests = []
  const server = createServer((request, response) => {
    const [, id, fault, document] = decodeURIComponent(request.url).split('/')
    const count = (counts.get(id) ?? 0) + 1
    counts.set(id, count)
    requests.push(request)
    if (document === '.well-known') return FAULTS.well.answer(request, response, provider.metadata(id, fault))
    const isWell = id.startsWith('warm') && count === 1
    FAULTS[isWell ? 'well' : fault].answer(request, response, JSON.stringify(provider.jwks))
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const origin = `http://127.0.0.1:${server.address().port}`
  const provider = {
    jwks,
    requests,
    issuer: (id, fault = 'well') => `${origin}/${encodeURIComponent(id)}/${encodeURIComponent(fault)}`,
    jwksUri: (id, fault = 'well') => `${provider.issuer(id, fault)}/jwks`,
    metadata: (id, fault) => JSON.stringify({ issuer: provider.issuer(id, fault), jwks_uri: provider.jwksUri(id, fault) }),
    count: (id) => counts.get(id) ?? 0,
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
  return provider
}
