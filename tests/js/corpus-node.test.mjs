import { test } from 'node:test'
import * as idtoken from 'idtoken'
import { loadCases, summarize } from '../runtimes/cases.mjs'
import { runCorpus } from '../runtimes/run-corpus.mjs'

test('the corpus in Node', () => {
  const cases = loadCases()
  summarize('node', cases, runCorpus(idtoken, cases))
})
