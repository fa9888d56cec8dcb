// RemoteVerifier in Node: rotation, floods, what is remembered and what is not, and its surface.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { IdTokenError, KeySet, skipNonceCheck, Verifier } from 'idtoken'
import { RemoteVerifier } from 'idtoken/remote'
import { outcome, pause, SHORT } from '../remote/outcomes.mjs'
import { startProvider } from '../remote/provider.mjs'
import { RememberedTokens } from '../../pkg/dist/remote-memory.js'
import { caught, makeIssuer } from './issuer.mjs'

const { policy, jwks, sign } = makeIssuer()
const rotated = makeIssuer({ kid: 'key-2' })
const now = Math.floor(Date.now() / 1000)
const times = { iat: now, exp: now + 300 }
const options = { nonce: skipNonceCheck }

let provider
before(async () => { provider = await startProvider(jwks) })
after(() => provider?.stop())

const withCode = (code) => (error) => {
  assert.ok(error instanceof IdTokenError, `${error}`)
  assert.equal(error.code, code)
  return true
}

/** An instance with events, for keys at a path of its own. */
function make(id, more = {}) {
  const events = []
  const onEvent = (event) => events.push(event)
  return { events, rp: new RemoteVerifier(policy, { ...SHORT, cacheMaxAge: 600_000, jwksUri: provider.jwksUri(id), onEvent, ...more }) }
}

test('calls at the same time share one fetch, and later ones need none', async () => {
  const { rp } = make('shared')
  const verdicts = await Promise.all(Array.from({ length: 100 }, () => outcome(rp.verify(sign(times), options))))
  assert.deepEqual(new Set(verdicts), new Set(['accept']))
  assert.equal((await rp.verify(sign(times), options)).claims.sub, 'alice')
  assert.equal(provider.count('shared'), 1)
})

test('rotation under load: the first token with the new key costs one fetch, and the old key is gone', async () => {
  const { rp, events } = make('rotation')
  assert.equal(await outcome(rp.verify(sign(times), options)), 'accept')
  provider.jwks = rotated.jwks
  await pause(SHORT.cooldownDuration + 50)
  assert.equal(await outcome(rp.verify(sign(times), options)), 'accept', 'nobody has asked yet')
  const tokens = Array.from({ length: 100 }, () => rotated.sign(times))
  const verdicts = await Promise.all(tokens.map((token) => outcome(rp.verify(token, options))))
  assert.deepEqual(new Set(verdicts), new Set(['accept']))
  assert.equal(provider.count('rotation'), 2)
  assert.deepEqual(events.find(({ type }) => type === 'rotated'), { issuer: policy.issuer, type: 'rotated', added: 1, removed: 1 })
  assert.equal(await outcome(rp.verify(sign(times), options)), 'key_not_found 401')
  assert.equal(provider.count('rotation'), 2)
  provider.jwks = jwks
})

test('a flood of invented kids drives next to no requests, and does not stop the others', async () => {
  const { rp } = make('flood')
  const [, payload, signature] = sign(times).split('.')
  const start = Date.now()
  let accepted = 0
  for (let round = 0; round < 100; round++) {
    const invented = Array.from({ length: 100 }, (_, at) => {
      const header = Buffer.from(JSON.stringify({ alg: 'RS256', kid: `${round}-${at}` })).toString('base64url')
      return outcome(rp.verify(`${header}.${payload}.${signature}`, options))
    })
    const [good, ...bad] = await Promise.all([outcome(rp.verify(sign(times), options)), ...invented])
    if (good === 'accept') accepted++
    assert.deepEqual(new Set(bad), new Set(['key_not_found 401']))
  }
  assert.equal(accepted, 100)
  const periods = Math.ceil((Date.now() - start) / SHORT.cooldownDuration)
  assert.ok(provider.count('flood') <= 1 + periods, `${provider.count('flood')} requests in ${periods} periods`)
})

test('a token that could not be accepted with any key causes no fetch', async () => {
  const { rp } = make('refused')
  const foreign = makeIssuer({ issuer: 'https://other.example' }).sign(times)
  for (const token of ['', 'x', null, 'a.b.c', foreign, sign(times, { alg: 'none' }), 'A'.repeat(100_000)]) {
    assert.match(await outcome(rp.verify(token, options)), / 401$/)
  }
  assert.equal(await outcome(rp.verify(sign(times), { nonce: null })), 'config_nonce_policy 500')
  assert.equal(provider.count('refused'), 0)
})

test('remembering good signatures changes no verdict', async () => {
  const plain = make('cached').rp
  const remembering = make('cached', { tokenCacheBytes: 65_536 }).rp
  const tokens = [sign({ ...times, nonce: 'n' }), sign(times), sign({ ...times, exp: now + 3 }), sign({ ...times, aud: 'other' }), rotated.sign(times)]
  const [head, payload, signature] = tokens[0].split('.')
  tokens.push(`${head}.${payload}.${signature.slice(0, -4)}AAAA`, `${head}.${sign(times).split('.')[1]}.${signature}`)
  for (let round = 0; round < 3; round++) {
    for (const token of tokens) {
      for (const asked of [{ nonce: 'n' }, { nonce: 'other' }, options]) {
        for (const at of [now, now + 299, now + 1000, now - 1000]) {
          const [cold, warm] = await Promise.all([plain, remembering].map((rp) => outcome(rp.verify(token, { ...asked, now: at }))))
          assert.equal(warm, cold)
        }
      }
    }
  }
})

test('a remembered token is an object of its own each time, and the same as at first', async () => {
  const { rp } = make('again', { tokenCacheBytes: 65_536 })
  const keys = new KeySet(JSON.stringify(jwks))
  const odd = { list: [1, { deep: ['x', null] }], none: null, empty: {} }
  const tokens = ['a', 'b', 'c'].map((jti) => sign({ ...times, jti, odd }))
  const expected = tokens.map((token) => new Verifier(policy).verify(token, keys, options))
  const prototypes = (value) => (typeof value === 'object' && value !== null ? [Object.getPrototypeOf(value) === null, Array.isArray(value), Object.keys(value).map((name) => prototypes(value[name]))] : [])
  for (let round = 0; round < 4; round++) {
    for (const [at, token] of tokens.entries()) {
      const again = await rp.verify(token, options)
      assert.deepEqual(again, expected[at])
      assert.deepEqual(prototypes(again), prototypes(expected[at]))
      // What a caller does to it stays with that caller.
      again.claims.sub = 'mallory'
      again.claims.odd.list[1].deep.push('y')
      again.header.kid = 'another'
      again.warnings.push('x')
    }
  }
  // More than the memory holds, and some of them again.
  const many = Array.from({ length: 60 }, (_, at) => sign({ ...times, jti: `${at}` }))
  for (const at of [...many.keys(), ...many.keys(), 3, 3, 58, 58, 3]) assert.equal((await rp.verify(many[at], options)).claims.jti, `${at}`)
})

test('what is kept of remembered tokens is bounded by their length, and let go', () => {
  let asked = 0
  const core = (length) => ({ lastRemembered: () => (asked++, JSON.stringify({ claims: { text: 'x'.repeat(length) } })) })
  const memory = new RememberedTokens(8192)
  const isKept = (core, number) => {
    const before = asked
    memory.get(core, number)
    return asked === before
  }
  const small = core(78)
  // A hundred characters each, and room for 4096.
  for (let number = 0; number < 40; number++) assert.ok(!isKept(small, number))
  for (let number = 0; number < 40; number++) assert.ok(isKept(small, number))
  assert.ok(!isKept(small, 40))
  assert.ok(!isKept(small, 0), 'the oldest had to go')
  assert.ok(isKept(small, 40))
  small.lastRemembered = core(3000).lastRemembered
  assert.ok(!isKept(small, 41))
  for (const number of [32, 40, 0, 41]) assert.ok(isKept(small, number), `${number}`)
  assert.ok(!isKept(small, 31), 'a long one takes the room of many')
  small.lastRemembered = core(5000).lastRemembered
  for (let round = 0; round < 2; round++) assert.ok(!isKept(small, 42), 'longer than all the room')
  const other = core(78)
  assert.ok(!isKept(other, 42), 'of another core')
  assert.ok(isKept(other, 42))
  memory.clear()
  assert.ok(!isKept(other, 42))
})

test('several issuers, each with its own keys; an issuer that is down does not stop the other', async () => {
  const there = makeIssuer({ issuer: provider.issuer('first') })
  const down = makeIssuer({ issuer: provider.issuer('second', 'hangs') })
  provider.jwks = there.jwks
  const rp = new RemoteVerifier([there.policy, down.policy], { ...SHORT, jwksUri: { [down.policy.issuer]: provider.jwksUri('second', 'hangs') } })
  const [first, second] = await Promise.all([there, down].map((issuer) => outcome(rp.verify(issuer.sign(times), options))))
  assert.deepEqual([first, second], ['accept', 'jwks_unavailable 503'])
  assert.equal(await rp.ready(), false)
  assert.deepEqual(Object.keys(rp.keys()), [there.policy.issuer])
  assert.deepEqual(Object.keys(rp.snapshot()), [there.policy.issuer])
  provider.jwks = jwks
})

test('ready, keys, snapshot, explain', async () => {
  const { rp } = make('surface')
  const token = sign(times)
  assert.deepEqual([rp.keys(), rp.snapshot()], [{}, {}])
  assert.equal(rp.explain(token, options).verdict, 'refused')
  assert.equal(provider.count('surface'), 0, 'none of them fetches')
  assert.deepEqual(await Promise.all([rp.ready(), rp.ready()]), [true, true])
  assert.equal(provider.count('surface'), 1)
  const keys = rp.keys()[policy.issuer]
  assert.ok(keys instanceof KeySet)
  assert.deepEqual(keys.skipped, [])
  assert.equal(new Verifier(policy).verify(token, keys, options).claims.sub, 'alice')
  assert.equal(rp.explain(token, options).verdict, 'accepted')
  const snapshot = JSON.parse(rp.snapshot()[policy.issuer])
  assert.deepEqual({ ...snapshot, fetchedAt: 0 }, {
    v: 1, issuer: policy.issuer, jwksUri: provider.jwksUri('surface'), fetchedAt: 0, etag: null, jwks: JSON.stringify(jwks),
  })
})

test('ready tells the truth also while a verification fetches, and after a failure at once', async () => {
  const slow = make('ready slow', { jwksUri: provider.jwksUri('ready slow', 'slowly') }).rp
  const verdict = outcome(slow.verify(sign(times), options))
  assert.deepEqual(await Promise.all([slow.ready(), slow.ready(), verdict]), [true, true, 'accept'])
  assert.equal(provider.count('ready slow'), 1)
  const down = make('ready down', { jwksUri: provider.jwksUri('ready down', 'has a fault'), cooldownDuration: 300_000 }).rp
  assert.deepEqual(await Promise.all([down.ready(), down.ready()]), [false, false])
  assert.equal(await down.ready(), false, 'and does not wait five minutes')
  assert.equal(provider.count('ready down'), 1)
})

test('an issuer that hangs does not delay the tokens of another', async () => {
  const there = makeIssuer({ issuer: 'https://there.example' })
  const hanging = makeIssuer({ issuer: 'https://hanging.example' })
  let answerOfThere
  const answers = {
    'https://there.example/jwks': () => new Promise((resolve) => { answerOfThere = resolve }),
    'https://hanging.example/jwks': () => new Promise(() => {}),
  }
  const rp = new RemoteVerifier([there.policy, hanging.policy], {
    fetch: (url) => answers[url](), timeoutDuration: 3000,
    jwksUri: { [there.policy.issuer]: 'https://there.example/jwks', [hanging.policy.issuer]: 'https://hanging.example/jwks' },
  })
  const good = rp.verify(there.sign(times), options)
  rp.ready()
  while (!answerOfThere) await pause(5)
  answerOfThere(Response.json(there.jwks))
  assert.equal((await good).claims.sub, 'alice')
})

test('options are read once', async () => {
  const { rp } = make('read once', { jwksUri: provider.jwksUri('read once', 'slowly') })
  const mine = { nonce: 'mine' }
  const verdict = outcome(rp.verify(sign({ ...times, nonce: 'mine' }), mine))
  mine.nonce = 'other'
  assert.equal(await verdict, 'accept')
})

test('a logout token', async () => {
  const { rp } = make('logout')
  const events = { 'http://schemas.openid.net/event/backchannel-logout': {} }
  const { claims } = await rp.verifyLogout(sign({ ...times, events, jti: 'j' }, { typ: 'logout+jwt' }))
  assert.equal(claims.jti, 'j')
  assert.equal(await outcome(rp.verifyLogout(sign(times))), 'logout_events_missing 400')
  assert.equal(await outcome(rp.verifyLogout('a.b')), 'token_segments 400', 'before any key is needed')
  await assert.rejects(rp.verifyLogout(sign(times), { nonce: 'n' }), withCode('config_unknown_option'))
})

test('options that are unknown or unusable', () => {
  for (const unusable of [
    { jwksUri: 'http://idp.example/jwks' }, { cacheMaxAge: 1 }, { cooldownDuration: '1000' }, { tokenCacheBytes: 8191 }, { tokenCacheBytes: NaN },
    null, [], 'x', 5, new Map(), new (class { cacheMaxAge = 1000 })(), { fetch: true }, { onEvent: 'x' }, { waitUntil: {} }, { store: {} }, { store: null }, { store: { get() {} } },
  ]) {
    assert.throws(() => new RemoteVerifier(policy, unusable), withCode('config_invalid_option'), JSON.stringify(unusable))
  }
  assert.throws(() => new RemoteVerifier(policy, { cacheMaxAgee: 1000 }), withCode('config_unknown_option'))
  // The nearest name, whoever reads that option: the core or the TypeScript.
  const near = { cacheMaxage: 1, fetchh: fetch, Store: {}, replays: true, onevent() {}, tokenCacheByte: 8192, waituntil() {} }
  const names = Object.entries(near).map(([name, value]) => {
    try {
      return new RemoteVerifier(policy, { [name]: value })
    } catch ({ hint }) {
      return hint.split(' ').at(-1)
    }
  })
  assert.deepEqual(names, ['cacheMaxAge', 'fetch', 'store', 'replay', 'onEvent', 'tokenCacheBytes', 'waitUntil'])
  assert.throws(() => new RemoteVerifier({ ...policy, algorithms: [] }), withCode('config_algorithms'))
  const error = caught(() => new RemoteVerifier(policy, { replay: { get() {}, put() {} } }))
  assert.match(error.hint, /one step/)
})

test('what a polluted prototype has was not asked for', async () => {
  Object.prototype.fetch = () => { throw new Error('asked') }
  Object.prototype.store = {}
  try {
    assert.equal(await make('polluted').rp.ready(), true)
  } finally {
    delete Object.prototype.fetch
    delete Object.prototype.store
  }
})

test('a watcher or a host that throws stops nobody', async () => {
  const fail = () => { throw new Error('full disk') }
  for (const onEvent of [fail, async () => fail(), () => ({ get then() { return fail() } })]) {
    const { rp } = make('watched', { onEvent, waitUntil: fail })
    assert.equal(await outcome(rp.verify(sign(times), options)), 'accept')
  }
})

test('free, twice if need be, also while a call waits', async () => {
  const { rp } = make('freed', { jwksUri: provider.jwksUri('freed', 'slowly') })
  const waiting = rp.verify(sign(times), options)
  rp[Symbol.dispose]()
  rp.free()
  await assert.rejects(waiting, withCode('internal_error'))
  await assert.rejects(rp.verify(sign(times), options), withCode('internal_error'))
  await assert.rejects(rp.ready(), withCode('internal_error'))
})

test('free while keys are refreshed in the background leaves no rejection behind', async () => {
  const { rp, events } = make('warm freed', { jwksUri: provider.jwksUri('warm freed', 'slowly'), cacheMaxAge: 1000 })
  const unhandled = []
  const onUnhandled = (error) => unhandled.push(error)
  process.on('unhandledRejection', onUnhandled)
  assert.equal(await outcome(rp.verify(sign(times), options)), 'accept')
  await pause(1050)
  assert.equal(await outcome(rp.verify(sign(times), options)), 'accept')
  assert.equal(events.at(-1).type, 'fetch_started')
  rp.free()
  await pause(700)
  process.off('unhandledRejection', onUnhandled)
  assert.deepEqual(unhandled, [])
})

test('memory stays flat over many verifications with rotating keys', () => {
  const script = fileURLToPath(new URL('../remote/soak.mjs', import.meta.url))
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, '20000'], { encoding: 'utf8' })
  assert.equal(status, 0, stdout + stderr)
  assert.match(stdout, /20000 verifications, 6 keys, [2-9] fetches/)
})
