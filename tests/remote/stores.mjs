// What workerd's KV and cache bindings talk to: an HTTP server that keeps what it gets.

import { createServer } from 'node:http'

export async function startStore() {
  const kept = new Map()
  const log = []
  const store = { kept, log, fault: undefined }
  const server = createServer(async (request, response) => {
    log.push(`${request.method} ${decodeURIComponent(request.url)}`)
    if (store.fault === 'hangs') return
    if (store.fault === 'fails') return response.writeHead(500).end()
    const key = `${request.headers.host}${request.url.split('?')[0]}`
    if (request.method === 'PUT') {
      const chunks = []
      for await (const chunk of request) chunks.push(chunk)
      kept.set(key, Buffer.concat(chunks).toString())
      return response.writeHead(204).end()
    }
    const text = kept.get(key)
    if (text === undefined) return response.writeHead(404).end()
    // The cache binding sends the whole answer as text, with its head; KV sends the value.
    const [, head, body] = /^HTTP\/1\.1 200 OK\r\n([^]*?)\r\n\r\n([^]*)$/.exec(text) ?? [undefined, undefined, text]
    response.writeHead(200, { 'content-type': 'text/plain', ...(head && { 'cf-cache-status': 'HIT' }) }).end(body)
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  store.address = `127.0.0.1:${server.address().port}`
  store.stop = () => {
    server.closeAllConnections()
    server.close()
  }
  return store
}
