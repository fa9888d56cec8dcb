// Many tokens, judged by us and by jose: whatever we accept, jose accepts too. `node jose.mjs FILE`, where FILE is what
// the fuzzer's `tokens` wrote. Prints how often each pair of verdicts came up; exits with 1 on a difference that is not
// in the table.

import { readFileSync } from 'node:fs'
import * as idtoken from 'idtoken'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { runCorpus } from '../runtimes/run-corpus.mjs'

/** What we accept and jose does not, and why that is right. Each has to come up, or the table is stale. */
const EXCEPTIONS = [
  {
    name: 'several keys fit and the policy says to try them',
    why: 'OpenID Connect Core 1.0 section 10.1 lets the client try; jose leaves the trying to its caller',
    fits: ({ policy, set }, error) => set === 6 && policy.kid_absent === 'try_all' && error.code === 'ERR_JWKS_MULTIPLE_MATCHING_KEYS',
  },
  {
    name: 'two keys of one kid in the set',
    why: 'the kid was named and one of the two verifies; RFC 7517 section 4.5 asks for distinct kids but does not demand them',
    fits: ({ set }, error) => set === 4 && error.code === 'ERR_JWKS_MULTIPLE_MATCHING_KEYS',
  },
]

const CHUNK = 500
const [{ sets }, ...cases] = readFileSync(process.argv[2], 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line))
const theirKeys = sets.map((text) => createLocalJWKSet(JSON.parse(text)))
const pairs = new Map()
const byAlgorithm = new Map()
const excused = new Map(EXCEPTIONS.map(({ name }) => [name, 0]))
const differences = []

for (let at = 0; at < cases.length; at += CHUNK) {
  const chunk = cases.slice(at, at + CHUNK)
  const { outcomes } = runCorpus(idtoken, chunk.map((testCase) => ({ ...testCase, jwks: sets[testCase.set] })))
  for (const testCase of chunk) compare(testCase, outcomes[testCase.id].code, await theirs(testCase))
}
report()

/** Nothing, or the error of jose. It knows one tolerance only, so it gets the widest. */
async function theirs({ policy, expectations, token, set }) {
  const tolerance = policy.clock_tolerance ?? 60
  const widest = typeof tolerance === 'number' ? tolerance : Math.max(60, ...Object.values(tolerance))
  // Two names of one algorithm, which jose tells apart.
  const both = (name) => ['EdDSA', 'Ed25519'].includes(name) ? ['EdDSA', 'Ed25519'] : [name]
  // jose knows no templates; the tenants in the policy are few.
  const tenants = policy.tenants?.allow.map((tenant) => policy.issuer.replace(/\{.*\}/, tenant))
  try {
    await jwtVerify(token, theirKeys[set], {
      issuer: tenants ?? [policy.issuer, ...policy.issuer_aliases ?? []],
      audience: policy.client_id,
      algorithms: policy.algorithms.flatMap(both),
      currentDate: new Date(expectations.now * 1000),
      clockTolerance: widest,
    })
  } catch (error) {
    return error
  }
}

function compare(testCase, ours, error) {
  const verdict = error ? 'refuse' : 'accept'
  count(pairs, `${ours === 'accept' ? 'accept' : 'refuse'} / ${verdict}`)
  if (ours !== 'accept') return
  count(byAlgorithm, testCase.alg)
  if (!error) return
  const exception = EXCEPTIONS.find(({ fits }) => fits(testCase, error))
  if (exception) count(excused, exception.name)
  else differences.push({ ...testCase, error: `${error.code}: ${error.message}` })
}

function report() {
  console.log(`${cases.length} tokens\n\nidtoken / jose      tokens`)
  for (const [pair, number] of [...pairs].sort()) console.log(`${pair.padEnd(16)} ${String(number).padStart(9)}`)
  console.log('refuse / accept: idtoken is stricter, which is expected')
  console.log('\naccepted, by algorithm')
  for (const [alg, number] of byAlgorithm) console.log(`${alg.padEnd(16)} ${String(number).padStart(9)}`)
  console.log('\nexceptions')
  for (const { name, why } of EXCEPTIONS) console.log(`${String(excused.get(name)).padStart(6)}  ${name}: ${why}`)
  for (const difference of differences.slice(0, 5)) console.log(`\naccepted by us alone: ${JSON.stringify(difference)}`)
  const unused = EXCEPTIONS.filter(({ name }) => !excused.get(name))
  if (unused.length && cases.length >= 10_000) fail(`the exception "${unused[0].name}" never came up: take it out`)
  if (differences.length) fail(`${differences.length} tokens are accepted by us and refused by jose, for no listed reason`)
  // A run in which one side refuses everything would agree, too.
  if (byAlgorithm.size < 11) fail(`only ${byAlgorithm.size} algorithms have accepted tokens`)
}

function fail(sentence) {
  console.error(`error: ${sentence}`)
  process.exitCode = 1
}

function count(map, key) {
  map.set(key, (map.get(key) ?? 0) + 1)
}
