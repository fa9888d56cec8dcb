// Reads the corpus for the runners, and refuses a corpus that would prove nothing.

import { readFileSync, readdirSync } from 'node:fs'

const CORPUS = new URL('../corpus/', import.meta.url)
const FEWEST_CASES = 1700

/** Every case of tests/corpus/*.json, and of the file that IDTOKEN_CORPUS_EXTRA names. */
export function loadCases() {
  const files = readdirSync(CORPUS).filter((name) => name.endsWith('.json')).sort().map((name) => new URL(name, CORPUS))
  const extra = process.env.IDTOKEN_CORPUS_EXTRA
  const cases = (extra ? [...files, extra] : files).flatMap((file) => JSON.parse(readFileSync(file, 'utf8')).cases)

  const seen = new Set()
  for (const { id } of cases) {
    if (seen.has(id)) throw new Error(`two cases of the corpus have the id ${id}`)
    seen.add(id)
  }
  if (cases.length < FEWEST_CASES) throw new Error(`the corpus has ${cases.length} cases, fewer than ${FEWEST_CASES}`)
  return cases
}

/** Prints the summary and throws when a case failed. */
export function summarize(runtime, cases, { failures }) {
  console.log(`corpus: ${cases.length} cases in ${runtime}, ${cases.length - failures.length} passed`)
  if (failures.length) throw new Error(`${failures.length} cases failed in ${runtime}\n${failures.join('\n')}`)
}
