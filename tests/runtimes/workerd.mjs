// Serves a worker and the built package in a real workerd.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import workerd from 'workerd'
import { entryUnder } from './resolve.mjs'

const DATE = '2026-01-01'

/** What the tests of the corpus need. */
const CORPUS = {
  main: new URL('worker.mjs', import.meta.url),
  modules: ['overflow.mjs', 'run-corpus.mjs'].map((name) => new URL(name, import.meta.url)),
}

/**
 * Starts workerd on a free port.
 *
 * @param {{ main: URL, modules?: URL[], settings?: string, services?: string }} worker its modules, and in the language of
 *   workerd's configuration what else it has and needs
 * @returns {Promise<{ origin: string, stop: () => Promise<void> }>}
 */
export async function startWorkerd(worker = CORPUS) {
  const directory = mkdtempSync(join(tmpdir(), 'idtoken-workerd-'))
  const config = join(directory, 'config.capnp')
  writeFileSync(config, configText(worker))

  const args = ['serve', config, '--import-path=/', '--control-fd=3']
  const process = spawn(workerd.default, args, { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] })
  const stop = async () => {
    if (process.exitCode === null && process.signalCode === null) {
      process.kill()
      await once(process, 'exit')
    }
    rmSync(directory, { recursive: true })
  }
  try {
    return { origin: `http://127.0.0.1:${await listeningPort(process)}`, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** workerd tells on the control pipe which port it got. */
async function listeningPort(process) {
  let text = ''
  for await (const chunk of process.stdio[3]) {
    text += chunk
    for (const line of text.split('\n').slice(0, -1)) {
      const message = JSON.parse(line)
      if (message.event === 'listen') return message.port
    }
  }
  throw new Error('workerd ended before it listened; its own message stands above')
}

/** The places in the package that a worker imports from. */
const SUBPATHS = ['idtoken', 'idtoken/remote', 'idtoken/stores']

/** workerd takes a list of modules, not a package, so the list says where each subpath leads under its condition. */
function configText({ main, modules: others = [], settings = '', services = '' }) {
  const entries = SUBPATHS.map((subpath) => [subpath, entryUnder('workerd', subpath)])
  const dist = new URL('./', entries[0][1])
  const nameOf = (url) => url.pathname.split('/').at(-1)
  const files = readdirSync(dist).filter((name) => name.endsWith('.js') || name.endsWith('.wasm'))
  const modules = [
    ...[main, ...others].map((url) => module(nameOf(url), 'esModule', url)),
    // A module named a/b sees a as its folder.
    ...entries.map(([name, url]) => `(name = "${name}", esModule = "export * from '/dist/${nameOf(url)}'")`),
    ...files.map((name) => module(`dist/${name}`, name.endsWith('.wasm') ? 'wasm' : 'esModule', new URL(name, dist))),
  ]
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (compatibilityDate = "${DATE}", ${settings} modules = [\n    ${modules.join(',\n    ')}\n  ])),
    ${services}
  ],
  sockets = [ (name = "http", address = "127.0.0.1:0", http = (), service = "main") ]
);
`
}

function module(name, kind, url) {
  return `(name = "${name}", ${kind} = embed ${JSON.stringify(fileURLToPath(url))})`
}
