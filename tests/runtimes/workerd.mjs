// Serves worker.mjs and the built package in a real workerd.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import workerd from 'workerd'
import { entryUnder } from './resolve.mjs'

const DATE = '2026-01-01'

/** Starts workerd on a free port. @returns {Promise<{ origin: string, stop: () => Promise<void> }>} */
export async function startWorkerd() {
  const directory = mkdtempSync(join(tmpdir(), 'idtoken-workerd-'))
  const config = join(directory, 'config.capnp')
  writeFileSync(config, configText())

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

/** workerd takes a list of modules, not a package, so the list says where "idtoken" leads under its condition. */
function configText() {
  const entry = entryUnder('workerd')
  const dist = new URL('./', entry)
  const entryName = entry.href.slice(dist.href.length)
  const files = readdirSync(dist).filter((name) => name.endsWith('.js') || name.endsWith('.wasm'))
  const modules = [
    module('worker.mjs', 'esModule', new URL('worker.mjs', import.meta.url)),
    ...['overflow.mjs', 'run-corpus.mjs'].map((name) => module(name, 'esModule', new URL(name, import.meta.url))),
    `(name = "idtoken", esModule = "export * from './dist/${entryName}'")`,
    ...files.map((name) => module(`dist/${name}`, name.endsWith('.wasm') ? 'wasm' : 'esModule', new URL(name, dist))),
  ]
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [ (name = "main", worker = (compatibilityDate = "${DATE}", modules = [\n    ${modules.join(',\n    ')}\n  ])) ],
  sockets = [ (name = "http", address = "127.0.0.1:0", http = (), service = "main") ]
);
`
}

function module(name, kind, url) {
  return `(name = "${name}", ${kind} = embed ${JSON.stringify(fileURLToPath(url))})`
}
