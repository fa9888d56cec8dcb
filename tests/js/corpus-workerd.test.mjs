import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as idtoken from 'idtoken'
import { loadCases, summarize } from '../runtimes/cases.mjs'
import { judgeOverflow } from '../runtimes/overflow.mjs'
import { runCorpus } from '../runtimes/run-corpus.mjs'
import { startWorkerd } from '../runtimes/workerd.mjs'
import { makeIssuer, overflowCase } from './issuer.mjs'

let server
before(async () => { server = await startWorkerd() })
after(() => server?.stop())

async function post(path, body) {
  const response = await fetch(server.origin + path, { method: 'POST', body: JSON.stringify(body) })
  assert.equal(response.status, 200)
  return response.json()
}

test('the corpus in workerd', async () => {
  const cases = loadCases()
  const result = await post('/corpus', cases)
  summarize('workerd', cases, result)
  const here = JSON.parse(JSON.stringify(runCorpus(idtoken, cases).outcomes))
  assert.deepEqual(result.outcomes, here, 'workerd and Node give the same tokens, errors and reports')
})

test('a verifier made at module scope uses the clock of each request', async () => {
  const { sign, jwks } = makeIssuer({ issuer: 'https://idp.example', clientId: 'client' })
  const now = Math.floor(Date.now() / 1000)
  const fresh = await post('/verify', { token: sign({ iat: now, exp: now + 300, nonce: 'n' }), jwks, nonce: 'n' })
  assert.equal(fresh.claims?.sub, 'alice')
  const old = await post('/verify', { token: sign({ iat: now - 900, exp: now - 600, nonce: 'n' }), jwks, nonce: 'n' })
  assert.equal(old.code, 'exp_expired')
})

test('a stack that runs out in the middle of the wasm costs that call only', async () => {
  judgeOverflow(await post('/overflow', overflowCase()), assert)
})
