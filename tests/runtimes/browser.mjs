// Real headless browsers, and the server that gives them the built package under a strict policy.

import { existsSync, readFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { delimiter, join } from 'node:path'
import puppeteer from 'puppeteer-core'
import { entryUnder } from './resolve.mjs'

const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
const WITHOUT_WASM = "default-src 'none'; script-src 'self'; connect-src 'self'"
const PAGE = '<!doctype html><meta charset="utf-8"><title>idtoken</title><script type="module" src="/page.mjs"></script>'

/** The engines: where each is found, and how it is started. Firefox is driven over WebDriver BiDi. */
const BROWSERS = {
  chromium: {
    variable: 'CHROMIUM',
    commands: ['chromium', 'chromium-browser', 'google-chrome'],
    options: {
      args: [
        '--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync',
      ],
    },
  },
  firefox: {
    variable: 'FIREFOX',
    commands: ['firefox', 'firefox-esr'],
    options: { browser: 'firefox', headless: true },
  },
}

export const BROWSER_NAMES = Object.keys(BROWSERS)

/**
 * The path of a browser, or nothing: then the reason is printed, and where nothing may be skipped it is an error.
 * @returns {string | undefined}
 */
export function findBrowser(name) {
  const { variable, commands } = BROWSERS[name]
  const folders = process.env.PATH.split(delimiter)
  const candidates = commands.flatMap((command) => folders.map((folder) => join(folder, command)))
  const path = [process.env[variable], ...candidates].find((candidate) => candidate && existsSync(candidate))
  if (path) return path
  const reason = `no ${name}: set ${variable} to its path, or install ${commands.join(' or ')}`
  if (process.env.IDTOKEN_NO_SKIP === '1') throw new Error(reason)
  console.log(`SKIPPED: ${reason}`)
  return undefined
}

/**
 * Starts a browser and the server. `open(path)` gives a page in which `idtoken`, `overflow` and `runCorpus` are globals.
 * `scripts` are further modules that pages can import, by their path.
 */
export async function startBrowser(name, executablePath, scripts = {}) {
  const browser = await puppeteer.launch({ executablePath, ...BROWSERS[name].options })
  const server = createServer((request, response) => answer(request, response, scripts))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${server.address().port}`

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

function answer(request, response, scripts) {
  const { pathname } = new URL(request.url, 'http://127.0.0.1')
  const send = (type, body, headers = {}) => response.writeHead(200, { 'content-type': type, ...headers }).end(body)
  const file = (type, url) => send(type, readFileSync(url))

  if (pathname === '/') return send('text/html', PAGE, { 'content-security-policy': STRICT })
  if (Object.hasOwn(scripts, pathname)) return file('text/javascript', scripts[pathname])
  if (pathname === '/without-wasm') return send('text/html', PAGE, { 'content-security-policy': WITHOUT_WASM })
  if (/^\/(page|overflow|run-corpus)\.mjs$/.test(pathname)) return file('text/javascript', new URL(fileName(pathname), import.meta.url))
  if (pathname === '/idtoken.mjs') return send('text/javascript', `export * from '/dist/${fileName(entry.href)}'`)
  if (pathname === '/wrong-type/core.wasm') return file('application/octet-stream', new URL('core.wasm', dist))
  if (pathname === '/a-page/core.wasm') return send('text/html', PAGE)
  if (/^\/dist\/[\w-]+\.js$/.test(pathname)) return file('text/javascript', new URL(fileName(pathname), dist))
  if (/^\/dist\/core(-simd)?\.wasm$/.test(pathname)) return file('application/wasm', new URL(fileName(pathname), dist))
  return response.writeHead(404).end()
}

function fileName(path) {
  return path.slice(path.lastIndexOf('/') + 1)
}
