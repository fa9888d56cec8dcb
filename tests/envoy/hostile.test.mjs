// Hostile requests, a thousand of each kind or as many as REQUESTS says: nothing traps, nothing forged gets through, no path gets around its rule.
import assert from 'node:assert/strict'
import net from 'node:net'
import { after, before, test } from 'node:test'

import { ask, startService } from './envoy.mjs'
import { bearer, local, makeKey, makeToken } from './issuer.mjs'

const REQUESTS = Number(process.env.REQUESTS ?? 1000)
const key = makeKey('one')
const config = {
  providers: {
    corp: local([key], {
      from_headers: [{ name: 'authorization', value_prefix: 'Bearer ' }, { name: 'x-token' }],
      from_params: ['id_token'],
      from_cookies: ['session'],
      claim_to_headers: [{ header_name: 'x-user', claim_name: 'sub' }],
    }),
  },
  rules: [
    { match: { path_separated_prefix: '/admin' }, requires: { provider_name: 'corp' } },
    { match: { prefix: '/' }, requires: 'none' },
  ],
}
let service, port, envoy, upstream

before(async () => {
  service = await startService(config)
  ;({ port, envoy, upstream } = service)
})
after(() => service?.stop())

/** The same numbers on every run (Marsaglia's xorshift32). */
let state = 0x9e3779b9
function below(limit) {
  state ^= state << 13
  state ^= state >>> 17
  state ^= state << 5
  return (state >>> 0) % limit
}
const pick = (list) => list[below(list.length)]

/** All of them, twenty at once; `check` sees what has reached the service, each request once. */
async function all(name, one, check) {
  let reached = 0
  for (let done = 0; done < REQUESTS; ) {
    const batch = Math.min(1000, REQUESTS - done)
    for (let at = 0; at < batch; at += 20) await Promise.all(Array.from({ length: Math.min(20, batch - at) }, one))
    done += batch
    const seen = upstream.seen.splice(0)
    reached += seen.length
    seen.forEach(check)
    if (done % 10_000 === 0) console.log(`${name}: ${done} of ${REQUESTS}, ${reached} reached the service`)
  }
  return reached
}

/** A request as bytes, since no client would write it; gives the status. */
function send(path, fields) {
  const lines = [`GET ${path} HTTP/1.1`, 'host: h', 'connection: close', ...fields.map(([name, value]) => `${name}: ${value}`)]
  return new Promise((done, failed) => {
    const socket = net.connect(port, '127.0.0.1')
    let text = ''
    socket.setTimeout(20_000, () => socket.destroy(new Error(`no answer to ${path}`)))
    socket.on('error', failed)
    socket.on('data', (data) => (text += data.toString('latin1')))
    socket.on('close', () => done(Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0)))
    socket.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'))
  })
}

const ODD = ['.', '..', '=', '%', '%00', '\x00', '\x7f', '\xff\xfe', '"', '{', '\t', ' ', ',', ';', 'e30', '\u0080', '_', '-', '+', '/', '\\']

function mutate(text) {
  // One of four is good: what is forged beside it must not get through.
  if (below(4) === 0) return text
  let out = text
  for (let times = below(3); times >= 0; times -= 1) {
    const at = below(out.length + 1)
    switch (below(7)) {
      case 0:
        out = out.slice(0, at) + pick(ODD) + out.slice(at)
        break
      case 1:
        out = out.slice(0, at) + out.slice(at + 1 + below(4))
        break
      case 2:
        out = out.slice(0, at)
        break
      case 3:
        out = out.slice(0, at) + String.fromCharCode(33 + below(94)) + out.slice(at + 1)
        break
      case 4:
        out = out + out.slice(at)
        break
      case 5: {
        // Sound base64url of unsound JSON.
        const parts = out.split('.')
        const odd = ['{', '[]', 'null', '{"alg":1}', '{"a":1,"a":2}', `${'['.repeat(5000)}`, '{"iss":["https://idp.example"]}', '\xff']
        parts[below(parts.length)] = Buffer.from(pick(odd), 'latin1').toString('base64url')
        out = parts.join('.')
        break
      }
      default:
        out = out.slice(0, at) + '.'.repeat(below(2000)) + out.slice(at)
    }
  }
  return out
}

test('mutated tokens and fields: no trap, nothing forged, no status but the documented ones', async (t) => {
  const good = makeToken(key, { exp: Math.floor(Date.now() / 1000) + 3600 })
  const statuses = {}
  const names = ['authorization', 'Authorization', 'x-token', 'X_Token', 'cookie', 'x-user', 'X-USER', 'x_user', 'X_User', ':path', 'x-token\x00']
  const one = async () => {
    const fields = [['X-User', 'root']]
    for (let count = 1 + below(4); count > 0; count -= 1) {
      const name = pick(names)
      const token = mutate(good)
      const value = { authorization: `Bearer ${token}`, cookie: `a=b; session=${token}` }[name.toLowerCase()] ?? (name.toLowerCase().includes('user') ? 'root' : token)
      fields.push([name, value.replaceAll(/[\r\n]/g, '')])
    }
    const path = below(3) ? pick(['/admin', '/open']) : `/admin?id_token=${mutate(good).replaceAll(/[\0-\x20\x7f-\xff]/g, '')}`
    const status = await send(path, fields)
    statuses[status] = (statuses[status] ?? 0) + 1
  }
  const reached = await all('tokens and fields', one, ({ fields }) => {
    const users = fields.filter(([name]) => name.toLowerCase().replaceAll('_', '-') === 'x-user')
    assert.ok(users.every(([, value]) => value === 'alice'), JSON.stringify(users))
  })
  t.diagnostic(`${JSON.stringify(statuses)}, ${reached} reached the service`)
  const documented = ['200', '400', '401', '431']
  assert.deepEqual(Object.keys(statuses).filter((status) => !documented.includes(status)), [], JSON.stringify(statuses))
  assert.ok(statuses[401] > REQUESTS / 10 && reached > REQUESTS / 10, JSON.stringify(statuses))
  // After a trap Envoy answers 503 to everybody.
  assert.equal((await ask(port, '/admin', bearer(good))).status, 200)
  upstream.seen.length = 0
  assert.ok(!/panicked|RuntimeError|Function: /.test(envoy.logs()), envoy.logs())
})

/** The path as the most lenient service reads it: decoded twice, without parameters, backslashes as slashes. */
function read(url) {
  let path = url.split('?')[0]
  try {
    path = decodeURIComponent(path)
  } catch {
    // It reads it as it is.
  }
  path = path.replaceAll('\\', '/').replaceAll(/;[^/]*/g, '')
  const parts = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}

test('no path gets around its rule', async (t) => {
  const pieces = ['/', '//', '/./', '/../', '/x/../', '%2f', '%5c', '\\', ';a=b', '%2e', '%2E%2E', '.', '?', '#', '%', '%61', 'admin', '%61dmin', '%41', 'x', '%3f', '%23', '%3b', '%20']
  const statuses = {}
  const one = async () => {
    let path = pick(['/', '', '/admin', '/x'])
    for (let count = below(6); count > 0; count -= 1) path += pick(pieces)
    const status = await send(path || '/', [])
    statuses[status] = (statuses[status] ?? 0) + 1
  }
  const reached = await all('paths', one, ({ url }) => assert.doesNotMatch(read(url), /^\/admin(\/|$)/, url))
  t.diagnostic(`${JSON.stringify(statuses)}, ${reached} reached the service`)
  assert.deepEqual(Object.keys(statuses).filter((status) => !['200', '400', '401'].includes(status)), [], JSON.stringify(statuses))
  assert.ok(reached > REQUESTS / 20, 'some are open')
  assert.ok(statuses[400] > REQUESTS / 10 && statuses[401] > REQUESTS / 200, JSON.stringify(statuses))
  assert.ok(!/panicked|RuntimeError|Function: /.test(envoy.logs()), envoy.logs())
})
