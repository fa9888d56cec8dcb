// Node runs the wasm with SIMD; here are the one without, and the one with RustCrypto's arithmetic instead of our own.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import * as idtoken from 'idtoken'
import { loadCases, summarize } from '../runtimes/cases.mjs'
import { runCorpusOn } from '../runtimes/other-wasm.mjs'
import { runCorpus } from '../runtimes/run-corpus.mjs'

const cases = loadCases()
const usual = JSON.parse(JSON.stringify(runCorpus(idtoken, cases).outcomes))

async function sameOn(name, file) {
  const result = await runCorpusOn(file)
  summarize(name, cases, result)
  assert.deepEqual(result.outcomes, usual, `${name} and the usual wasm give the same tokens, errors and reports`)
}

test('the corpus without SIMD', () => sameOn('node without SIMD', fileURLToPath(import.meta.resolve('idtoken/core.wasm'))))

test('the corpus on RustCrypto', async (context) => {
  const file = process.env.IDTOKEN_RUSTCRYPTO
  if (file) return sameOn('node on RustCrypto', file)
  context.diagnostic('SKIPPED: IDTOKEN_RUSTCRYPTO names no wasm: run `cargo xtask test js`')
})
