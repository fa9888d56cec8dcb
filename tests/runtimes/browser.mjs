// A real headless Chromium, and the server that gives it the built package under a strict policy.

import { existsSync, readFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { delimiter, join } from 'node:path'
import puppeteer from 'puppeteer-core'
import { entryUnder } from './resolve.mjs'

const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
const WITHOUT_WASM = "default-src 'none'; script-src 'self'; connect-src 'self'"
const PAGE = '<!doctype html><meta charset="utf-8"><title>idtoken</title><script type="module" src="/page.mjs"></script>'
const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
]

/**
 * The path of a Chromium, or nothing: then the reason is printed, and where nothing may be skipped it is an error.
 * @returns {string | undefined}
 */
export function findChromium() {
  const folders = process.env.PATH.split(delimiter)
  const names = ['chromium', 'chromium-browser', 'google-chrome']
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)))
  const path = [process.env.CHROMIUM, ...candidates].find((candidate) => candidate && existsSync(candidate))
  if (path) return path
  const reason = 'no Chromium: set CHROMIUM to its path, or install chromium'
  if (process.env.IDTOKEN_NO_SKIP === '1') throw new Error(reason)
  console.log(`SKIPPED: ${reason}`)
  return undefined
}

/** Starts Chromium and the server. `open(path)` gives a page in which `idtoken` and `runCorpus` are globals. */
export async function startBrowser(executablePath) {
  const server = createServer(answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${server.address().port}`
  const browser = await puppeteer.launch({ executablePath, args: FLAGS })

  return {
    async open(path = '/') {
      const page = await browser.newPage()
      await page.goto(origin + path)
      await page.waitForFunction('globalThis.runCorpus !== undefined')
      return page
    },
    async stop() {
      await browser.close()
      server.close()
      server.closeAllConnections()
    },
  }
}

const entry = entryUnder('browser')
const dist = new URL('./', entry)

function answer(request, response) {
  const { pathname } = new URL(request.url, 'http://127.0.0.1')
  const send = (type, body, headers = {}) => response.writeHead(200, { 'content-type': type, ...headers }).end(body)
  const file = (type, url) => send(type, readFileSync(url))

  if (pathname === '/') return send('text/html', PAGE, { 'content-security-policy': STRICT })
  if (pathname === '/without-wasm') return send('text/html', PAGE, { 'content-security-policy': WITHOUT_WASM })
  if (pathname === '/page.mjs') return file('text/javascript', new URL('page.mjs', import.meta.url))
  if (pathname === '/run-corpus.mjs') return file('text/javascript', new URL('run-corpus.mjs', import.meta.url))
  if (pathname === '/idtoken.mjs') return send('text/javascript', `export * from '/dist/${fileName(entry.href)}'`)
  if (pathname === '/wrong-type/core.wasm') return file('application/octet-stream', new URL('core.wasm', dist))
  if (pathname === '/a-page/core.wasm') return send('text/html', PAGE)
  if (/^\/dist\/[\w-]+\.js$/.test(pathname)) return file('text/javascript', new URL(fileName(pathname), dist))
  if (pathname === '/dist/core.wasm') return file('application/wasm', new URL('core.wasm', dist))
  return response.writeHead(404).end()
}

function fileName(path) {
  return path.slice(path.lastIndexOf('/') + 1)
}
