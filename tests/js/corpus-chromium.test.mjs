import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as idtoken from 'idtoken'
import { findChromium, startBrowser } from '../runtimes/browser.mjs'
import { loadCases, summarize } from '../runtimes/cases.mjs'
import { runCorpus } from '../runtimes/run-corpus.mjs'

const chromium = findChromium()
if (chromium) {
  let browser
  before(async () => { browser = await startBrowser(chromium) })
  after(() => browser?.stop())

  test('the corpus in Chromium', async () => {
    const cases = loadCases()
    const page = await browser.open()
    const result = await page.evaluate(async (cases) => {
      await idtoken.init()
      return JSON.parse(JSON.stringify(runCorpus(idtoken, cases)))
    }, cases)
    summarize('chromium', cases, result)
    const here = JSON.parse(JSON.stringify(runCorpus(idtoken, cases).outcomes))
    assert.deepEqual(result.outcomes, here, 'Chromium and Node give the same tokens, errors and reports')
  })
}
