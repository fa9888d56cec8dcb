// The shared corpus through a real Envoy: every case that can travel in a request gets the core's code.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { FIXED_CLOCK, ask, codeOf, idtoken, listener, startEnvoy } from './envoy.mjs'

const FOLDER = 'tests/corpus'
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'))
const cases = files.sort().flatMap((name) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')).cases)

/** So many listeners an Envoy; each brings its plugin into every virtual machine. */
const BATCH = 120

/** Why a case cannot travel; nothing if it can. */
function cannot({ kind, http, expect, expectations = {}, policy, jwks }) {
  if (http === false) return 'no header field can carry the token'
  if (kind) return `the filter takes ID Tokens, not: ${kind}`
  if (/^config_/.test(expect)) return 'it is about options, which Envoy gets before any token'
  if (/^jwks_/.test(expect)) return 'it is about a set that the filter refuses when it is configured'
  const { nonce, now, ...more } = expectations
  const names = Object.keys(more)
  if (names.length > 0) return `no login is in progress at a gateway: ${names.sort().join(', ')}`
  if (nonce === 'none_sent') return 'a gateway cannot know that no nonce was sent'
  if ([policy].flat().some((one) => typeof jwks !== 'string' && !jwks[one.issuer])) return 'a provider without keys is refused when it is configured'
  if ([policy].flat().some((one) => one.nonce_transform) && nonce === 'not_checked') return 'a transform without a nonce'
}

/** The configuration of the filter that means the same. */
function configOf({ policy, jwks, expectations: { now, nonce } }) {
  const providers = [policy].flat().map(({ nonce_transform: transform = 'plain', ...one }) => ({
    ...one,
    local_jwks: { inline_string: typeof jwks === 'string' ? jwks : jwks[one.issuer] },
    ...(nonce.equals !== undefined && { nonce: { header: 'x-nonce', transform } }),
  }))
  return { fixed_clock: Math.floor(now), providers: Object.fromEntries(providers.map((one, at) => [`p${at}`, one])) }
}

function bytesOf({ token, token_b64: base64, token_gen: gen }) {
  if (gen) return Buffer.from(gen.repeat.repeat(gen.len))
  return base64 === undefined ? Buffer.from(token) : Buffer.from(base64, 'base64')
}

async function run(each, socket) {
  const headers = { authorization: `Bearer ${bytesOf(each).toString('latin1')}` }
  const { equals } = each.expectations.nonce
  if (equals !== undefined) headers['x-nonce'] = Buffer.from(equals).toString('latin1')
  const got = codeOf(await ask(socket, '/', headers))
  return got === each.expect ? undefined : `${each.id}: expected ${each.expect}, got ${got}`
}

test('the corpus gets the same codes in Envoy', async (t) => {
  const left = {}
  const groups = new Map()
  for (const each of cases) {
    const why = cannot(each)
    if (why) {
      ;(left[why] ??= []).push(each.id)
      continue
    }
    const config = JSON.stringify(configOf(each))
    if (!groups.has(config)) groups.set(config, [])
    groups.get(config).push(each)
  }
  const folder = mkdtempSync(join(tmpdir(), 'idtoken-'))
  const wrong = []
  let count = 0
  const all = [...groups]
  for (let from = 0; from < all.length; from += BATCH) {
    const batch = all.slice(from, from + BATCH).map(([config, members], at) => ({ config, members, socket: join(folder, `${from + at}`) }))
    const route = { direct_response: { status: 200 } }
    const envoy = await startEnvoy({
      listeners: batch.map(({ config, socket }) => listener(socket, [idtoken(config, { wasm: FIXED_CLOCK })], { route })),
      clusters: [],
    })
    try {
      for (const { members, socket } of batch) {
        for (const each of members) {
          count += 1
          wrong.push(...[await run(each, socket)].filter(Boolean))
        }
      }
      assert.ok(await envoy.ready())
    } finally {
      await envoy.stop()
    }
  }
  rmSync(folder, { recursive: true })
  for (const [why, ids] of Object.entries(left)) t.diagnostic(`left out, ${ids.length}: ${why} (${ids.join(', ')})`)
  t.diagnostic(`corpus in Envoy: ${count} of ${cases.length} cases, ${count - wrong.length} with the code of the core`)
  assert.deepEqual(wrong, [])
  assert.ok(count > 1100, `${count}`)
})
