// Requests that few clients write: HTTP/2, absolute targets, CONNECT, upgrades, bodies, empty fields, many cookies, long queries.
import assert from 'node:assert/strict'
import http2 from 'node:http2'
import net from 'node:net'
import { after, before, test } from 'node:test'

import { ask, codeOf, startService } from './envoy.mjs'
import { bearer, local, makeKey, makeToken } from './issuer.mjs'

const key = makeKey('one')
const good = makeToken(key)
const config = {
  providers: {
    corp: local([key], {
      from_headers: [{ name: 'authorization', value_prefix: 'Bearer ' }, { name: 'x-token' }],
      from_cookies: ['session'],
      from_params: ['id_token'],
      claim_to_headers: [{ header_name: 'x-user', claim_name: 'sub' }],
    }),
  },
  rules: [
    { match: { path_separated_prefix: '/admin' }, requires: { provider_name: 'corp' } },
    { match: { prefix: '/maybe' }, requires: { allow_missing_or_failed: {} } },
    { match: { prefix: '/' }, requires: 'none' },
  ],
}
let service, port, upstream

before(async () => {
  service = await startService(config)
  ;({ port, upstream } = service)
})
after(() => service?.stop())

/** The status of a request as text, since no client would write it. */
function raw(...lines) {
  return new Promise((done, failed) => {
    const socket = net.connect(port, '127.0.0.1')
    let text = ''
    socket.setTimeout(10_000, () => socket.destroy(new Error(`no answer to ${lines[0]}`)))
    socket.on('error', failed)
    socket.on('data', (data) => (text += data))
    socket.on('close', () => done(Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0)))
    socket.write(`${lines.join('\r\n')}\r\nconnection: close\r\n\r\n`)
  })
}

/** One request by HTTP/2. */
function second(fields) {
  return new Promise((done, failed) => {
    const session = http2.connect(`http://127.0.0.1:${port}`)
    session.on('error', failed)
    const stream = session.request(fields)
    let status, body = ''
    stream.on('response', (answer) => (status = answer[':status']))
    stream.on('data', (part) => (body += part))
    stream.on('error', failed)
    stream.on('end', () => {
      session.close()
      done({ status, body })
    })
  })
}
const valuesOf = (body, wanted) => JSON.parse(body).fields.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value)

test('a target with scheme and host is judged by its path', async () => {
  const before = upstream.seen.length
  assert.equal(await raw('GET http://h/admin HTTP/1.1', 'host: h'), 401)
  assert.equal(await raw('GET http://h/admin/x?y HTTP/1.1', 'host: open'), 401)
  assert.equal(upstream.seen.length, before)
  assert.equal(await raw('GET http://h/admin HTTP/1.1', 'host: h', `authorization: Bearer ${good}`), 200)
})

test('CONNECT and upgrades open nothing', async () => {
  const before = upstream.seen.length
  for (const target of ['h:80', 'h:443', '/admin']) assert.ok((await raw(`CONNECT ${target} HTTP/1.1`, 'host: h')) >= 400, target)
  for (const what of ['websocket', 'h2c', 'x']) {
    const status = await raw('GET /admin HTTP/1.1', 'host: h', `upgrade: ${what}`, 'sec-websocket-version: 13', 'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==')
    assert.ok(status >= 400 && status < 500, `${what}: ${status}`)
  }
  assert.equal(upstream.seen.length, before)
})

test('a body changes nothing: refused before it is read, passed whole', async () => {
  const body = 'x'.repeat(300_000)
  assert.equal((await ask(port, '/admin', {}, { method: 'POST', body: 'x' })).status, 401)
  assert.equal((await ask(port, '/admin', bearer(good), { method: 'POST', body })).status, 200)
})

test('empty fields hold no token, and a scheme alone a bad one', async () => {
  for (const [headers, code] of [
    [{ authorization: '' }, 'token_missing'],
    [{ 'x-token': '' }, 'token_missing'],
    [{ cookie: '' }, 'token_missing'],
    [{ cookie: 'session' }, 'token_missing'],
    [{ cookie: '=; ;;session=' }, 'token_missing'],
    [{ ...bearer(good), 'x-token': '', cookie: 'session=' }, 'accept'],
    [{ 'x-user': '' }, 'token_missing'],
  ])
    assert.equal(codeOf(await ask(port, '/admin', headers)), code, JSON.stringify(headers))
  assert.notEqual(codeOf(await ask(port, '/admin', { authorization: 'Bearer' })), 'accept')
})

test('a thousand cookies and a long query', async () => {
  const many = Array.from({ length: 1000 }, (_, at) => `c${at}=${at}`)
  const { status, body } = await ask(port, '/admin', { cookie: [...many.slice(0, 500), `session=${good}`, ...many.slice(500)].join('; ') })
  assert.equal(status, 200)
  assert.deepEqual(valuesOf(body, 'cookie'), [many.join('; ')])
  const query = 'a=b&'.repeat(2500)
  const long = await ask(port, `/admin?${query}id_token=${good}`)
  assert.equal(long.status, 200)
  assert.equal(JSON.parse(long.body).url, `/admin?${query.slice(0, -1)}`)
  assert.equal((await ask(port, `/admin?${'id_token=x&'.repeat(4000)}id_token=${good}`)).status, 401)
})

test('HTTP/2: rules, cookies in crumbs, and forged fields are as in HTTP/1', async () => {
  assert.equal((await second({ ':path': '/admin' })).status, 401)
  assert.equal((await second({ ':path': '/admin/../open' })).status, 400)
  const { status, body } = await second({ ':path': '/admin', cookie: ['a=1', `session=${good}`, 'b=2'], 'x-user': ['root', 'root'], x_user: 'root' })
  assert.equal(status, 200)
  assert.deepEqual([valuesOf(body, 'cookie'), valuesOf(body, 'x-user'), valuesOf(body, 'x_user')], [['a=1; b=2'], ['alice'], []])
  assert.equal((await second({ ':path': '/admin', cookie: [`session=${good}`, `session=${makeToken(key, { sub: 'bob' })}`] })).status, 401)
})

test('where a failed token is allowed, neither it nor what it claims gets through', async () => {
  const bad = `${good.slice(0, -8)}AAAAAAAA`
  const { status, body } = await ask(port, `/maybe?id_token=${bad}&x=1`, { ...bearer(bad), cookie: `session=${bad}`, 'x-user': 'root', X_User: 'root' })
  assert.equal(status, 200)
  assert.ok(!body.includes(bad) && !body.includes('root') && !body.includes('alice'), body)
  assert.equal(JSON.parse(body).url, '/maybe?x=1')
})
