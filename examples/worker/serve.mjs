// Runs worker.js in workerd, Cloudflare's own runtime, on a free loopback port.
//
//   const worker = await serveWorker({ policy, jwksUri, operatorKey })
//   worker.url; await worker.close()
//
// With Cloudflare's tools none of this is needed: `import ... from 'idtoken'` and the bundler finds
// the package's workerd entry and its wasm. Here the configuration is written out, to show what a
// worker consists of: workerd never compiles wasm from bytes, so the wasm is a module of its own.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import workerd from 'workerd'

const here = dirname(fileURLToPath(import.meta.url))
const entry = join(dirname(fileURLToPath(import.meta.resolve('idtoken'))), 'workerd.js')

export async function serveWorker({ policy, jwksUri, operatorKey }) {
  const folder = await mkdtemp(join(tmpdir(), 'idtoken-worker-'))
  const modules = [module('worker.js', join(here, 'worker.js'), 'esModule'), ...await packageModules()]
  for (const { name, file } of modules) await writeFile(join(folder, name), await readFile(file))
  await writeFile(join(folder, 'worker.capnp'), config({ modules, policy, jwksUri, operatorKey }))

  // Port 0 is "any free one"; workerd reports which on the control descriptor, number 3.
  const child = spawn(workerd.default, ['serve', 'worker.capnp', '--control-fd=3'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  })
  process.once('exit', () => child.kill()) // also when nobody came to close it
  const close = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill()
      await once(child, 'exit')
    }
    await rm(folder, { recursive: true, force: true })
  }
  try {
    return { url: `http://127.0.0.1:${await listeningPort(child)}`, pid: child.pid, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function listeningPort(child) {
  for await (const line of createInterface({ input: child.stdio[3] })) {
    const message = JSON.parse(line)
    if (message.event === 'listen') return message.port
  }
  throw new Error('workerd ended before it listened; its own message is above')
}

const module = (name, file, kind) => ({ name, file, kind })

// The package as workerd sees it: the entry under the name that worker.js imports, and next to it
// every file that the entry imports in turn.
async function packageModules() {
  const found = new Map([[entry, module('idtoken', entry, 'esModule')]])
  for (const [file, { kind }] of found) {
    if (kind !== 'esModule') continue
    const source = await readFile(file, 'utf8')
    for (const [, path] of source.matchAll(/^(?:import|export)\b[^'";]*["'](\.[^'"]+)["']/gm)) {
      const target = join(dirname(file), path)
      if (!found.has(target)) found.set(target, module(basename(target), target, target.endsWith('.wasm') ? 'wasm' : 'esModule'))
    }
  }
  return [...found.values()]
}

function config({ modules, policy, jwksUri, operatorKey }) {
  const text = JSON.stringify // a JSON string is a Cap'n Proto string as well
  const lines = modules.map(({ name, kind }) => `    (name = ${text(name)}, ${kind} = embed ${text(name)}),`)
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "worker", worker = .worker),
    (name = "provider", network = (allow = ["127.0.0.1/32"])),  # all that the worker may reach
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "worker")],
);

const worker :Workerd.Worker = (
  compatibilityDate = "2026-10-01",
  globalOutbound = "provider",
  modules = [
${lines.join('\n')}
  ],
  bindings = [
    (name = "POLICY", json = ${text(text(policy))}),
    (name = "JWKS_URI", text = ${text(jwksUri)}),
    (name = "OPERATOR_KEY", text = ${text(operatorKey)}),
  ],
);
`
}
