// The corpus in a page, compared with Node: the same test for every browser.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as idtoken from 'idtoken'
import { findBrowser, startBrowser } from './browser.mjs'
import { loadCases, summarize } from './cases.mjs'
import { runCorpus } from './run-corpus.mjs'

export function testCorpusIn(name) {
  const path = findBrowser(name)
  if (!path) return
  let browser
  before(async () => { browser = await startBrowser(name, path) })
  after(() => browser?.stop())

  test(`the corpus in ${name}`, async () => {
    const cases = loadCases()
    const page = await browser.open()
    // As text: WebDriver BiDi would wrap every single value of every case.
    const text = await page.evaluate(async (text) => {
      await idtoken.init()
      return JSON.stringify(runCorpus(idtoken, JSON.parse(text)))
    }, JSON.stringify(cases))
    const result = JSON.parse(text)
    summarize(name, cases, result)
    const here = JSON.parse(JSON.stringify(runCorpus(idtoken, cases).outcomes))
    assert.deepEqual(result.outcomes, here, `${name} and Node give the same tokens, errors and reports`)
  })
}
