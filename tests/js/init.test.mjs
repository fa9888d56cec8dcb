// Loading the wasm in a page, and what an author is told when it fails.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import * as idtoken from 'idtoken'
import { BROWSER_NAMES, findBrowser, startBrowser } from '../runtimes/browser.mjs'
import { judgeOverflow } from '../runtimes/overflow.mjs'
import { makeIssuer, NOW, overflowCase } from './issuer.mjs'

test('init() does nothing where the wasm is there at import', async () => {
  const { policy, jwks, sign } = makeIssuer()
  assert.equal(await idtoken.init(), undefined)
  assert.equal(await idtoken.init('/nowhere.wasm'), undefined)
  const verifier = new idtoken.Verifier(policy)
  assert.equal(verifier.verify(sign(), jwks, { nonce: idtoken.expectNoNonce, now: NOW }).claims.sub, 'alice')
})

for (const name of BROWSER_NAMES) {
  const path = findBrowser(name)
  if (path) describe(`in ${name}`, () => testsIn(name, path))
}

function testsIn(name, path) {
  let browser
  before(async () => { browser = await startBrowser(name, path) })
  after(() => browser?.stop())

  /** Runs `work` in a fresh page; `attempt` in it awaits a promise and tells `code` and `hint` of what it threw. */
  async function inPage(work, argument, path = '/') {
    const page = await browser.open(path)
    await page.evaluate(() => {
      globalThis.policy = { issuer: 'https://idp.example', clientId: 'client' }
      globalThis.attempt = async (start) => {
        try {
          await start()
          return 'ok'
        } catch (error) {
          return { isIdTokenError: error instanceof idtoken.IdTokenError, ...error }
        }
      }
    })
    const result = await page.evaluate(work, argument)
    await page.close()
    return result
  }

  const assertLoadFailed = (result, hint) => {
    assert.equal(result.code, 'wasm_load_failed')
    assert.equal(result.status, 500)
    assert.equal(result.isIdTokenError, true)
    assert.match(result.hint, hint)
  }

  test('before init: wasm_not_ready, which names init()', async () => {
    const results = await inPage(async () => [
      await attempt(() => new idtoken.Verifier(policy)),
      await attempt(() => new idtoken.KeySet('{"keys":[]}')),
    ])
    for (const result of results) {
      assert.equal(result.code, 'wasm_not_ready')
      assert.equal(result.isIdTokenError, true)
      assert.match(result.hint, /init\(\)/)
    }
  })

  test('init streams, and once for several callers', async () => {
    const result = await inPage(async () => {
      const streaming = WebAssembly.compileStreaming
      let streamed = 0
      WebAssembly.compileStreaming = (...values) => { streamed++; return streaming.apply(WebAssembly, values) }
      await Promise.all([idtoken.init(), idtoken.init()])
      await idtoken.init('/missing.wasm')
      return { streamed, made: await attempt(() => new idtoken.Verifier(policy)) }
    })
    assert.deepEqual(result, { streamed: 1, made: 'ok' })
  })

  test('an engine without SIMD gets the wasm without', async () => {
    const fetched = (hasSimd) => inPage(async (hasSimd) => {
      if (!hasSimd) WebAssembly.validate = () => false
      await idtoken.init()
      const names = performance.getEntriesByType('resource').map(({ name }) => name.split('/').at(-1))
      return [...names.filter((name) => name.endsWith('.wasm')), await attempt(() => new idtoken.Verifier(policy))]
    }, hasSimd)
    assert.deepEqual(await fetched(true), ['core-simd.wasm', 'ok'])
    assert.deepEqual(await fetched(false), ['core.wasm', 'ok'])
  })

  test('a wrong content type only costs the streaming', async () => {
    const result = await inPage(async () => {
      let streamed = 0
      WebAssembly.compileStreaming = () => { streamed++; throw new Error('must not stream') }
      await idtoken.init('/wrong-type/core.wasm')
      return { streamed, made: await attempt(() => new idtoken.Verifier(policy)) }
    })
    assert.deepEqual(result, { streamed: 0, made: 'ok' })
  })

  test('init takes every kind of source', async () => {
    const take = async (kind) => {
      const url = '/dist/core.wasm'
      const sources = {
        url: () => new URL(url, location.href),
        text: () => url,
        response: () => fetch(url),
        bytes: async () => (await fetch(url)).arrayBuffer(),
        view: async () => new Uint8Array(await (await fetch(url)).arrayBuffer()),
        module: () => WebAssembly.compileStreaming(fetch(url)),
      }
      await idtoken.init(await sources[kind]())
      return attempt(() => new idtoken.Verifier(policy))
    }
    for (const kind of ['url', 'text', 'response', 'bytes', 'view', 'module']) {
      assert.equal(await inPage(take, kind), 'ok', kind)
    }
  })

  test('a CSP without wasm-unsafe-eval is named, for a stream and for bytes', async () => {
    const results = await inPage(async () => [
      await attempt(() => idtoken.init()),
      await attempt(() => idtoken.init('/wrong-type/core.wasm')),
    ], undefined, '/without-wasm')
    for (const result of results) assertLoadFailed(result, /'wasm-unsafe-eval'/)
  })

  test('the right integrity loads, another is refused and named', async () => {
    const bytes = readFileSync(new URL('../../pkg/dist/core.wasm', import.meta.url))
    const integrity = (content) => `sha384-${createHash('sha384').update(content).digest('base64')}`
    const init = (integrity) => attempt(() => idtoken.init({ url: '/dist/core.wasm', integrity }))
    assert.equal(await inPage(init, integrity(bytes)), 'ok')
    assertLoadFailed(await inPage(init, integrity('another file')), /integrity/)
    // fetch() would load whatever comes for each of these.
    for (const unknown of ['garbage', 'md5-abcd', '', null, 5]) assertLoadFailed(await inPage(init, unknown), /integrity/)
  })

  test('a missing file, a page instead of it and an unreachable server are told apart', async () => {
    const init = (url) => attempt(() => idtoken.init(url))
    assertLoadFailed(await inPage(init, '/missing.wasm'), /404/)
    assertLoadFailed(await inPage(init, '/a-page/core.wasm'), /not this wasm/)
    assertLoadFailed(await inPage(init, 'http://127.0.0.1:9/core.wasm'), /network|CSP/)
  })

  test('a stack that runs out in the middle of the wasm costs that call only', async () => {
    const result = await inPage(async (testCase) => {
      await idtoken.init()
      return overflow(idtoken, testCase)
    }, overflowCase())
    judgeOverflow(result, assert)
  })

  test('a failed init can be tried again', async () => {
    const result = await inPage(async () => [
      (await attempt(() => idtoken.init('/missing.wasm'))).code,
      (await attempt(() => new idtoken.Verifier(policy))).code,
      await attempt(() => idtoken.init()),
      await attempt(() => new idtoken.Verifier(policy)),
    ])
    assert.deepEqual(result, ['wasm_load_failed', 'wasm_not_ready', 'ok', 'ok'])
  })
}
