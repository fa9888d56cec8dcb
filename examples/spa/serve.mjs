// Serves the page on a free loopback port, with the Content-Security-Policy it should have anywhere.
//
//   const page = await servePage()
//   page.url; page.configure({ issuer, clientId }); await page.close()

import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const packageFolder = dirname(fileURLToPath(import.meta.resolve('idtoken')))
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm', // without it the browser cannot compile while it downloads
}

export async function servePage() {
  let config = { issuer: 'not configured' }
  const server = createServer(async (req, res) => {
    const path = new URL(req.url, 'http://localhost').pathname
    if (path === '/config.json') return res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(config))
    const file = fileFor(path)
    const body = file && await readFile(file).catch(() => undefined)
    if (body === undefined) return res.writeHead(404).end()
    res.writeHead(200, { 'content-type': TYPES[extname(file)], 'content-security-policy': policy(config.issuer) }).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    configure: value => { config = value },
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

// Flat folders only, by plain names: nothing in a path can lead elsewhere.
function fileFor(path) {
  if (path === '/') return join(here, 'index.html')
  const [, folder, name] = /^\/(idtoken\/)?([\w-]+\.(?:js|css|wasm))$/.exec(path) ?? []
  return name && join(folder ? packageFolder : here, name)
}

// 'wasm-unsafe-eval' allows WebAssembly and, for all its name, no eval of scripts.
const policy = issuer => [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  `connect-src 'self' ${issuer}`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')
