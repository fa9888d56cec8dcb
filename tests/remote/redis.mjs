// A real redis-server, which listens on no port.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** @returns the path of its socket, and how to stop it. */
export async function startRedis() {
  const folder = mkdtempSync(join(tmpdir(), 'idtoken-redis-'))
  const path = join(folder, 'socket')
  const settings = ['--port', '0', '--unixsocket', path, '--dir', folder, '--save', '', '--appendonly', 'no']
  const server = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  await new Promise((resolve, reject) => {
    server.on('error', () => reject(new Error('redis-server is needed: install it (Debian: apt-get install redis-server)')))
    server.on('exit', () => reject(new Error(`redis-server ended: ${said}`)))
    server.stdout.on('data', (chunk) => {
      said += chunk
      if (said.includes('eady to accept connections')) resolve()
    })
  })
  return {
    path,
    async stop() {
      if (server.exitCode === null && server.signalCode === null) {
        server.kill()
        await once(server, 'exit')
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
