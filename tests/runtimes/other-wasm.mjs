// The corpus on a wasm file of one's choice, in Node: a thread has modules of its own, so also a wasm of its own.

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'
import { loadCases } from './cases.mjs'
import { entryUnder } from './resolve.mjs'
import { runCorpus } from './run-corpus.mjs'

/** What `runCorpus` gives, as JSON would carry it. */
export async function runCorpusOn(file) {
  // The page's entry takes any file.
  const worker = new Worker(new URL(import.meta.url), { workerData: { file, entry: entryUnder('browser').href } })
  const [text] = await once(worker, 'message')
  return JSON.parse(text)
}

if (!isMainThread) {
  const idtoken = await import(workerData.entry)
  await idtoken.init(readFileSync(workerData.file))
  parentPort.postMessage(JSON.stringify(runCorpus(idtoken, loadCases())))
}
