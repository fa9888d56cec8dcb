#!/usr/bin/env node
// The main job from end to end, with real parts: a provider, a CDN worker, a page in a browser.
//
//   node examples/demo/demo.mjs            runs through and ends
//   node examples/demo/demo.mjs --keep     leaves everything up, to try by hand, until Ctrl-C

import { strict as assert } from 'node:assert'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { spaClient, webClient } from '../provider/clients.mjs'
import { random } from '../provider/login.mjs'
import { ACR, startProvider } from '../provider/provider.mjs'
import { servePage } from '../spa/serve.mjs'
import { serveWorker } from '../worker/serve.mjs'
import { findChromium, launchChromium, logInThroughPage } from './browser.mjs'
import { bold, dim, green, heading, printRefusal, printReport, red, say, step, tablePrinter, yellow } from './print.mjs'
import { refusals } from './refusals.mjs'
import { headersFor, logInFor } from './session.mjs'

class Unprepared extends Error {}
const NO_CHROMIUM = process.env.CHROMIUM
  ? `CHROMIUM names ${process.env.CHROMIUM}, which cannot be run`
  : 'no Chromium found: set CHROMIUM, or have chromium, chromium-browser or google-chrome in PATH'

const keep = process.argv.includes('--keep')
const start = performance.now()
const opened = [] // everything that has to be closed, whatever happens
let ending, keepingUp

for (const [signal, code] of [['SIGHUP', 129], ['SIGINT', 130], ['SIGTERM', 143]]) {
  process.on(signal, () => closeAll().then(() => process.exit(keepingUp ? 0 : code)))
}

try {
  const chromium = prepare()
  const wrong = await demo(chromium)
  process.exitCode = wrong === 0 ? 0 : 1
} catch (error) {
  if (ending === undefined) say(red(`\nThe demo failed: ${error instanceof Unprepared ? error.message : error.stack}`))
  process.exitCode = 1
} finally {
  await closeAll()
}

/** What can be missing is said before anything is started. Gives back the path of a Chromium, if there is one. */
function prepare() {
  if (!existsSync(fileURLToPath(import.meta.resolve('idtoken')))) {
    throw new Unprepared('the package is not built yet: run `cargo xtask build` first')
  }
  const chromium = findChromium()
  if (chromium === undefined && process.env.IDTOKEN_NO_SKIP === '1') throw new Unprepared(NO_CHROMIUM)
  return chromium
}

async function demo(chromium) {
  const operatorKey = random()
  const web = webClient('web-app')
  const other = webClient('other-app')

  heading('Three parts, each on 127.0.0.1')
  const page = await step('page: a single-page application on the package', () => open(servePage()))
  const spa = spaClient('spa', page.url)
  const clients = [web, other, spa].map(client => client.metadata)
  const provider = await step('provider: oidc-provider with RS256, PS256, ES256, ES384, ES512, EdDSA keys', () => open(startProvider({ clients })))
  const stranger = await step('provider: a second one, which nobody here trusts', () => open(startProvider({ clients })))
  page.configure({ issuer: provider.issuer, clientId: spa.clientId })
  const policy = {
    issuer: provider.issuer,
    clientId: web.clientId,
    algorithms: ['RS256'],
    nonceTransform: 'sha256_b64url',
    maxAge: 3600,
    acrValues: [ACR],
    amrAny: ['otp', 'hwk'],
    clockTolerance: 0, // one machine, one clock; elsewhere leave the default of 60 seconds
  }
  const worker = await step('worker: workerd with worker.js and the package', () => open(serveWorker({ policy, jwksUri: provider.jwksUri, operatorKey })))

  heading('A good login')
  const good = await step('authorization code, PKCE, nonce, max_age: an ID Token from the real provider', () => logInFor(provider, web))
  await step('the worker answers 200 and knows the user', async () => {
    const answer = await call(worker, good)
    assert.deepEqual(answer, { status: 200, body: { sub: 'alice' } })
  })
  const report = await step('the operator asks the worker how it decided', async () => {
    const { status, body } = await call(worker, good, '/explain', { 'x-operator-key': operatorKey })
    assert.equal(status, 200)
    assert.equal(body.verdict, 'accepted')
    return body
  })
  await step('nobody else can: the same question without the key is 404', async () => {
    assert.equal((await call(worker, good, '/explain')).status, 404)
  })
  const pageVerdict = await throughThePage(chromium, page)
  say()
  printReport(report)

  heading('What the worker refuses')
  const cases = refusals({ provider, stranger, web, other, good })
  const wrong = await refuseAll(worker, cases)

  heading('Why, for the operator: the good token with the cookie of another login')
  const { body: refused } = await call(worker, { ...good, secret: random() }, '/explain', { 'x-operator-key': operatorKey })
  assert.equal(refused.verdict, 'refused')
  printRefusal(refused)

  heading('And again')
  await step('after the rotation a new login is accepted with the new key', async () => {
    assert.equal((await call(worker, await logInFor(provider, web))).status, 200)
  })

  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  heading('Summary')
  say(`worker: 2 accepted, ${cases.length - wrong.length} of ${cases.length} refusals as they should be`)
  for (const line of wrong) say(red(`        WRONG: ${line}`))
  say(`page:   ${pageVerdict}`)
  say(`${wrong.length ? red('failed') : green('done')} in ${seconds} s`)

  if (keep) await stayUp({ provider, worker, page, web, operatorKey })
  return wrong.length
}

/** Remembers what was opened, so that it is closed whatever happens. */
async function open(opening) {
  const part = await opening
  opened.push(part)
  return part
}

function closeAll() {
  return (ending ??= Promise.allSettled(opened.reverse().map(part => part.close())))
}

async function call(worker, session, path = '/', extra = {}) {
  const response = await fetch(worker.url + path, { headers: { ...headersFor(session), ...extra }, signal: AbortSignal.timeout(20_000) })
  const text = await response.text()
  return { status: response.status, body: text && JSON.parse(text) }
}

async function throughThePage(chromium, page) {
  if (chromium === undefined) {
    say(yellow(bold(`SKIPPED: ${NO_CHROMIUM}`)))
    return yellow('SKIPPED, no Chromium')
  }
  return step('the page logs in by itself in Chromium and believes its own ID Token', async () => {
    const browser = await open(launchChromium(chromium))
    const { verdict, text, checks } = await logInThroughPage(browser, page.url)
    assert.equal(verdict, 'accepted', `the page says: ${text}`)
    assert.ok(checks > 10, `the page shows only ${checks} checks`)
    return `${verdict}: "${text}", ${checks} checks shown`
  })
}

async function refuseAll(worker, cases) {
  const longest = name => Math.max(...cases.map(each => each[name].length))
  const printRow = tablePrinter(
    [' ', 'sent', 'http', 'code', 'rule', 'meaning'],
    [1, longest('sent'), 3, longest('code'), 4, 0],
    row => (row[0] === '✓' ? green : red),
  )
  const wrong = []
  for (const { sent, meaning, status, code, send, after } of cases) {
    const answer = await call(worker, await send())
    after?.()
    const right = answer.status === status && answer.body.code === code
    if (!right) wrong.push(`${sent}: expected ${status} ${code}, got ${answer.status} ${answer.body.code}`)
    printRow([right ? '✓' : '✗', sent, String(answer.status), answer.body.code ?? '', answer.body.rule ?? '', meaning])
  }
  return wrong
}

async function stayUp({ provider, worker, page, web, operatorKey }) {
  const { authorization, cookie } = headersFor(await logInFor(provider, web))
  const curl = `curl -i ${worker.url}/ -H 'authorization: ${authorization}' -H 'cookie: ${cookie}'`
  heading('Still up')
  say(`page      ${page.url}   sign in with one button, see every check`)
  say(`provider  ${provider.issuer}/.well-known/openid-configuration`)
  say(`worker    ${worker.url}/`)
  say(`\nA fresh login, good for an hour:\n${curl}`)
  say(`\nHow the worker decides (operator only):\n${curl.replace(`${worker.url}/`, `${worker.url}/explain`)} -H 'x-operator-key: ${operatorKey}'`)
  say('\nChange a character of the token or of the cookie and see the code change.')
  say(dim('Ctrl-C ends everything.'))
  keepingUp = true
  await new Promise(() => {})
}
