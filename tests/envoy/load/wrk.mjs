// Load by wrk, which takes its tokens from a file.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SCRIPT = fileURLToPath(new URL('tokens.lua', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'idtoken-load-'))
process.once('exit', () => rmSync(folder, { recursive: true }))
let files = 0

/** A file of tokens, sent one after the other, again and again, and by the next run where the last one ended: otherwise a
 * cache would know the first ones. No tokens: requests without any. */
export function tokenFile(tokens) {
  const file = join(folder, `${(files += 1)}`)
  writeFileSync(file, tokens.map((token) => `${token}\n`).join(''))
  return { file, sent: 0 }
}

/** Runs wrk and gives { requests, micros, perSecond, p50, p99, max, refused, broken }; times are in microseconds,
 * `refused` are statuses from 400 on. */
export function wrk(port, tokens, { seconds, connections }) {
  const words = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', SCRIPT, `http://127.0.0.1:${port}/`, '--', tokens.file, `${tokens.sent}`]
  return new Promise((done, failed) => {
    const child = spawn('wrk', words, { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.on('data', (part) => (text += part))
    child.on('error', failed)
    child.on('close', (code) => {
      const line = text.split('\n').find((each) => each.startsWith('{"requests"'))
      if (code !== 0 || !line) return failed(new Error(`wrk exited with ${code}:\n${text}`))
      const result = JSON.parse(line)
      tokens.sent += result.requests
      done({ ...result, perSecond: (result.requests * 1e6) / result.micros })
    })
  })
}

/** The middle one. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]
}
