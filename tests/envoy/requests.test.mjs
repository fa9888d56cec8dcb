// What becomes of requests: tokens in their places, rules, identity.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'

import { ask, cluster, codeOf, freePorts, idtoken, listener, startEnvoy, startUpstream, until } from './envoy.mjs'
import { CLIENT, ISSUER, bearer, local, makeKey, makeToken } from './issuer.mjs'

const key = makeKey('one')
const other = makeKey('two')
const OTHER_ISSUER = 'https://other.example'
const claimFields = {
  claim_to_headers: [
    { header_name: 'x-user', claim_name: 'sub' },
    { header_name: 'x-name', claim_name: 'name' },
    { header_name: 'x-country', claim_name: 'address.country' },
    { header_name: 'x-level', claim_name: 'level' },
    { header_name: 'x-admin', claim_name: 'admin' },
    { header_name: 'x-roles', claim_name: 'roles' },
    { header_name: 'x-email-ok', claim_name: 'email_verified' },
  ],
  forward_payload_header: 'x-payload',
}
const everywhere = {
  from_headers: [{ name: 'Authorization', value_prefix: 'Bearer ' }, { name: 'x-token' }],
  from_params: ['id_token'],
  from_cookies: ['session'],
}
const two = {
  corp: local([key], { ...claimFields, filter_state: ['sub'], jwt_cache_config: {} }),
  other: local([other], { issuer: OTHER_ISSUER, from_headers: [{ name: 'x-other' }] }),
}

const configs = {
  plain: { providers: { corp: local([key], claimFields) }, realm: 'corp' },
  everywhere: { providers: { corp: local([key], everywhere) } },
  forward: { providers: { corp: local([key], { ...everywhere, forward: true }) } },
  rules: {
    providers: two,
    requirement_map: { corp: { provider_name: 'corp' } },
    rules: [
      { match: { path: '/open' }, requires: 'none' },
      { match: { path_separated_prefix: '/admin' }, requires: { provider_name: 'corp' }, acr_values: ['gold', 'platin'], max_age: 60 },
      { match: { prefix: '/named' }, requirement_name: 'corp' },
      { match: { prefix: '/any' }, requires: { requires_any: { requirements: [{ provider_name: 'corp' }, { provider_name: 'other' }] } } },
      { match: { prefix: '/both' }, requires: { requires_all: { requirements: [{ provider_name: 'corp' }, { provider_name: 'other' }] } } },
      { match: { prefix: '/missing' }, requires: { allow_missing: {} } },
      { match: { prefix: '/failed' }, requires: { allow_missing_or_failed: {} } },
      { match: { prefix: '/audience' }, requires: { provider_and_audiences: { provider_name: 'corp', audiences: ['api'] } } },
    ],
  },
  nonce: { providers: { corp: local([key], { nonce: { cookie: '__Host-login' } }) } },
  compat: { providers: { corp: local([key]) }, envoy_compat: true },
  report: { providers: { corp: local([key], { ...claimFields, ...everywhere }) }, mode: 'report' },
  cors: { providers: { corp: local([key], claimFields) }, bypass_cors_preflight: true },
}
const ports = {}
let envoy, upstream

before(async () => {
  upstream = await startUpstream()
  const names = Object.keys(configs)
  const free = await freePorts(names.length)
  names.forEach((name, at) => (ports[name] = free[at]))
  const log = 'user=%FILTER_STATE(wasm.idtoken.sub:PLAIN)%\n'
  const routes = [
    {
      match: { prefix: '/chosen', headers: [{ name: 'x-user', string_match: { exact: 'alice' } }] },
      direct_response: { status: 200, body: { inline_string: 'the route of alice' } },
    },
  ]
  envoy = await startEnvoy({
    listeners: names.map((name) => listener(ports[name], [idtoken({ audit: 'all', ...configs[name] })], { log, routes })),
    clusters: [cluster('upstream', upstream.port)],
  })
})
after(async () => {
  await envoy?.stop()
  await upstream?.stop()
})

/** What reached the service: its fields as an object of lists. */
async function passed(port, path, headers, options) {
  const answer = await ask(port, path, headers, options)
  assert.equal(answer.status, 200, `${answer.status} ${answer.body}`)
  const { url, fields } = JSON.parse(answer.body)
  const found = {}
  for (const [name, value] of fields) (found[name.toLowerCase()] ??= []).push(value)
  return { url, fields: found }
}

const code = async (...request) => codeOf(await ask(...request))

test('a good token passes, and no other', async () => {
  const good = makeToken(key)
  assert.equal(await code(ports.plain, '/', bearer(good)), 'accept')
  assert.equal(await code(ports.plain, '/', bearer(makeToken(key, { exp: 1_600_000_000, iat: 1_599_999_000 }))), 'exp_expired')
  assert.equal(await code(ports.plain, '/', bearer(makeToken(key, { iss: `${ISSUER}/` }))), 'iss_mismatch')
  assert.equal(await code(ports.plain, '/', bearer(makeToken(key, { aud: 'x' }))), 'aud_mismatch')
  assert.equal(await code(ports.plain, '/', bearer(makeToken({ ...other, kid: 'one' }))), 'signature_invalid')
  assert.equal(await code(ports.plain, '/', bearer(`${good}.`)), 'token_segments')
})

test('the challenge', async () => {
  const missing = await ask(ports.plain)
  assert.equal(missing.status, 401)
  assert.equal(missing.headers['www-authenticate'], 'Bearer realm="corp"')
  const bad = await ask(ports.plain, '/', bearer('x'))
  assert.equal(bad.headers['www-authenticate'], 'Bearer realm="corp", error="invalid_token", error_description="token_segments"')
  const weak = await ask(ports.rules, '/admin', bearer(makeToken(key, { acr: 'tin' })))
  assert.equal(weak.status, 401)
  assert.match(
    weak.headers['www-authenticate'],
    /^Bearer error="insufficient_user_authentication", acr_values="gold platin", max_age="60", error_description="\w+"$/,
  )
})

test('tokens are found in every place, and go no further', async () => {
  const token = makeToken(key)
  const places = [
    ['/a?b=1', bearer(token)],
    ['/a?b=1', { authorization: `bearer  ${token}` }],
    ['/a?b=1', { 'X-Token': token }],
    [`/a?id_token=${token}&b=1`, {}],
    [`/a?%69d_token=${token}&b=1`, {}],
    ['/a?b=1', { cookie: `c=1; session=${token}; d=2` }],
    // Copies count once.
    [`/a?b=1&id_token=${token}`, { ...bearer(token), cookie: `session=${token}` }],
  ]
  for (const [path, headers] of places) {
    const { url, fields } = await passed(ports.everywhere, path, headers)
    assert.equal(url, '/a?b=1')
    assert.ok(!JSON.stringify(fields).includes(token), JSON.stringify(fields))
    if (headers.cookie?.startsWith('c=')) assert.deepEqual(fields.cookie, ['c=1; d=2'])
    const kept = await passed(ports.forward, path, headers)
    assert.equal(kept.url, path)
    assert.ok(JSON.stringify(kept).includes(token))
  }
})

test('different tokens are refused', async () => {
  const headers = { ...bearer(makeToken(key)), 'x-token': makeToken(key, { sub: 'bob' }) }
  assert.equal(await code(ports.everywhere, '/', headers), 'token_ambiguous')
  assert.equal(await code(ports.forward, '/', headers), 'token_ambiguous')
  // Envoy makes one field of these.
  const [good, other_] = [`Bearer ${makeToken(key)}`, `Bearer ${makeToken(key, { sub: 'bob' })}`]
  const twice = (second) => ['host', 'h', 'authorization', good, 'authorization', second]
  assert.equal(await code(ports.plain, '/', twice(good)), 'accept')
  assert.equal(await code(ports.plain, '/', twice(other_)), 'token_ambiguous')
  assert.equal(await code(ports.plain, '/', twice('x')), 'token_format')
})

test('claims become fields', async () => {
  const claims = { name: 'Zoë', address: { country: 'CH' }, level: 7, admin: false, roles: ['a', 'b'], email_verified: 'true' }
  const token = makeToken(key, claims)
  const { fields } = await passed(ports.plain, '/', bearer(token))
  assert.deepEqual(fields['x-user'], ['alice'])
  assert.deepEqual(Buffer.from(fields['x-name'][0], 'latin1').toString(), 'Zoë')
  assert.deepEqual(fields['x-country'], ['CH'])
  assert.deepEqual(fields['x-level'], ['7'])
  assert.deepEqual(fields['x-admin'], ['false'])
  assert.deepEqual(fields['x-roles'], [Buffer.from('["a","b"]').toString('base64')])
  assert.equal(fields['x-email-ok'], undefined)
  assert.deepEqual(fields['x-payload'], [token.split('.')[1]])
})

test('a claim cannot bring fields of its own', async () => {
  for (const name of ['a\r\nx-user: root', 'a\n', '\u0000', 'a\u0085b', 'a\u2028b', ' a', '\t']) {
    const { fields } = await passed(ports.plain, '/', bearer(makeToken(key, { name })))
    assert.deepEqual(fields['x-user'], ['alice'])
    assert.equal(fields['x-name'], undefined, JSON.stringify(name))
  }
})

test('the route is chosen by what the filter says of the user', async () => {
  const answer = await ask(ports.plain, '/chosen', bearer(makeToken(key)))
  assert.equal(answer.body, 'the route of alice')
  const other_ = await passed(ports.plain, '/chosen', { ...bearer(makeToken(key, { sub: 'bob' })), 'x-user': 'alice' })
  assert.deepEqual(other_.fields['x-user'], ['bob'])
})

test('what is too long for fields is left out', async () => {
  const claims = { name: 'n'.repeat(7000), roles: ['r'.repeat(4000)] }
  const { fields } = await passed(ports.plain, '/', bearer(makeToken(key, claims, {})))
  const sent = ['x-user', 'x-name', 'x-payload', 'x-roles'].flatMap((name) => fields[name] ?? []).join('')
  assert.ok(sent.length <= 16 * 1024, `${sent.length}`)
})

test('forged identity never passes, on whatever path', async () => {
  const forged = ['X-User', 'root', 'x_user', 'root', 'X-USER', 'root2', 'x-user', 'root3', 'x_Email-ok', 'true', 'x-payload', 'e30']
  for (const [port, path, headers] of [
    [ports.plain, '/', bearer(makeToken(key))],
    [ports.rules, '/open', {}],
    [ports.rules, '/missing', {}],
    [ports.rules, '/failed', bearer('broken')],
    [ports.rules, '/any', bearer(makeToken(key))],
    [ports.cors, '/', { origin: 'https://a.example', 'access-control-request-method': 'GET' }],
  ]) {
    const list = [...Object.entries(headers).flat(), ...forged, 'host', 'localhost']
    const method = port === ports.cors ? 'OPTIONS' : 'GET'
    const { fields } = await passed(port, path, list, { method })
    assert.ok(!JSON.stringify(fields).includes('root'), JSON.stringify(fields))
    assert.equal(fields['x_email-ok'], undefined)
    assert.notDeepEqual(fields['x-payload'], ['e30'])
  }
})

test('nor does it pass behind the body', async () => {
  const headers = { ...bearer(makeToken(key)), 'transfer-encoding': 'chunked', trailer: 'x-user, x-other' }
  const trailers = { 'x-user': 'root', X_User: 'root', 'x-other': 'kept' }
  const answer = await ask(ports.plain, '/', headers, { method: 'POST', body: 'x', trailers })
  assert.deepEqual(JSON.parse(answer.body).trailers, ['x-other', 'kept'])
})

test('rules are found by the path alone', async () => {
  const good = bearer(makeToken(key, { acr: 'gold', auth_time: Math.floor(Date.now() / 1000) }))
  for (const [path, headers, expected] of [
    ['/open', {}, 'accept'],
    ['/open?x=/admin', {}, 'accept'],
    ['/openx', {}, 'no_rule'],
    ['/open/', {}, 'no_rule'],
    ['/admin?x=/open', {}, 'token_missing'],
    ['/admin', good, 'accept'],
    ['/admin/x', bearer(makeToken(key)), 'auth_time_missing'],
    ['/%61dmin', {}, 'token_missing'],
    ['/administration', good, 'no_rule'],
    ['/named', bearer(makeToken(key)), 'accept'],
    ['/named', {}, 'token_missing'],
    ['/audience', bearer(makeToken(key)), 'aud_mismatch'],
    ['/audience', bearer(makeToken(key, { aud: 'api', azp: CLIENT })), 'accept'],
    ['/audience', bearer(makeToken(key, { aud: ['api', CLIENT] })), 'accept'],
    ['/audience', bearer(makeToken(key, { aud: ['api', 'other'] })), 'aud_untrusted'],
    ['/', good, 'no_rule'],
  ]) {
    assert.equal(await code(ports.rules, path, headers), expected, path)
  }
})

test('a path that two readers may read as two is refused', async () => {
  for (const path of ['/open/../admin', '/open/%2e%2e/admin', '/open/..', '//open', '/open%2fadmin', '/open%5c', '/open;x', '/open%', '/./open', '/a\\b']) {
    const answer = await ask(ports.rules, path, bearer(makeToken(key)))
    assert.equal(answer.status, 400, path)
    assert.equal(answer.body, 'unsafe_path')
  }
  // Without rules no path can choose the wrong one.
  assert.equal(await code(ports.plain, '/a/../b//c', bearer(makeToken(key))), 'accept')
})

test('several providers', async () => {
  const corp = makeToken(key)
  const good = makeToken(other, { iss: OTHER_ISSUER })
  const expired = makeToken(other, { iss: OTHER_ISSUER, exp: 1_600_000_000, iat: 1_599_999_000 })
  const unknown = makeToken(key, { iss: 'https://nobody.example' })
  for (const [path, headers, expected] of [
    ['/any', bearer(corp), 'accept'],
    ['/any', { 'x-other': good }, 'accept'],
    ['/any', { 'x-other': expired }, 'exp_expired'],
    ['/any', bearer(good), 'iss_mismatch'],
    ['/any', { ...bearer(unknown), 'x-other': unknown }, 'iss_unknown'],
    ['/any', {}, 'token_missing'],
    ['/both', { ...bearer(corp), 'x-other': good }, 'accept'],
    ['/both', bearer(corp), 'token_missing'],
    ['/both', { ...bearer(corp), 'x-other': expired }, 'exp_expired'],
    ['/missing', {}, 'accept'],
    ['/missing', { authorization: 'Basic YTpi' }, 'accept'],
    ['/missing', bearer(corp), 'accept'],
    ['/missing', bearer(unknown), 'iss_mismatch'],
    ['/missing', bearer('x'), 'token_segments'],
    ['/missing', { authorization: 'Bearer' }, 'token_missing'],
    ['/missing', { ...bearer(corp), 'x-other': expired }, 'exp_expired'],
    ['/failed', bearer(unknown), 'accept'],
  ]) {
    assert.equal(await code(ports.rules, path, headers), expected, `${path} ${Object.keys(headers)}`)
  }
})

test('of a failed token nothing goes on', async () => {
  const { fields } = await passed(ports.rules, '/failed', { ...bearer(makeToken(other)), 'x-other': 'x' })
  assert.equal(fields.authorization, undefined)
  assert.equal(fields['x-other'], undefined)
  assert.equal(fields['x-user'], undefined)
  // A good token beside a bad one: the good one's claims, and neither token.
  const mixed = await passed(ports.rules, '/any', { ...bearer(makeToken(key)), 'x-other': 'bad' })
  assert.deepEqual(mixed.fields['x-user'], ['alice'])
  assert.equal(mixed.fields['x-other'], undefined)
})

test('the nonce of this browser', async () => {
  const preimage = 'n-0S6_WzA2Mj'
  const nonce = createHash('sha256').update(preimage).digest('base64url')
  const token = bearer(makeToken(key, { nonce }))
  const cookie = `__Host-login=${preimage}`
  assert.equal(await code(ports.nonce, '/', { ...token, cookie }), 'accept')
  assert.equal(await code(ports.nonce, '/', { ...token, cookie: `__Host-login=${nonce}` }), 'nonce_mismatch')
  assert.equal(await code(ports.nonce, '/', token), 'nonce_mismatch')
  assert.equal(await code(ports.nonce, '/', { ...token, cookie: `${cookie}; ${cookie}` }), 'nonce_mismatch')
  assert.equal(await code(ports.nonce, '/', { ...bearer(makeToken(key)), cookie }), 'nonce_missing')
})

test('answers as jwt_authn gives them', async () => {
  const missing = await ask(ports.compat)
  assert.deepEqual([missing.status, missing.body], [401, 'Jwt is missing'])
  assert.equal(missing.headers['www-authenticate'], `Bearer realm="http://127.0.0.1:${ports.compat}/"`)
  const audience = await ask(ports.compat, '/x', bearer(makeToken(key, { aud: 'x' })))
  assert.deepEqual([audience.status, audience.body], [403, 'Audiences in Jwt are not allowed'])
})

test('report mode changes nothing at all', async () => {
  const target = '/a/../b?id_token=x&c=1'
  const headers = ['authorization', 'Bearer bad', 'X-User', 'root', 'x_user', 'root', 'cookie', 'a=1;session=x', 'cookie', 'b=2', 'host', 'h']
  const { url, fields } = await passed(ports.report, target, headers)
  assert.equal(url, target)
  assert.deepEqual(fields.authorization, ['Bearer bad'])
  assert.deepEqual(fields['x-user'], ['root'])
  assert.deepEqual(fields.x_user, ['root'])
  assert.ok(fields.cookie.join('; ').includes('session=x'))
  const good = await passed(ports.report, '/', bearer(makeToken(key)))
  assert.ok(good.fields.authorization)
  assert.equal(good.fields['x-user'], undefined)
})

test('metrics, audit and access log tell what happened, and no secret', async () => {
  const token = makeToken(key, { sub: 'carol-secret', email: 'carol@example.com' })
  const trace = '0af7651916cd43dd8448eb211c80319c'
  await ask(ports.rules, '/any', { ...bearer(token), traceparent: `00-${trace}-b7ad6b7169203331-01` })
  await ask(ports.plain, '/', { ...bearer('e30.e30.secret-signature'), 'x-request-id': '"},{"injected' })
  const metrics = await envoy.metrics()
  assert.match(metrics, /^idtoken_validations_total\{.*reason="exp_expired".*\} [1-9]/m)
  assert.match(metrics, /^idtoken_validations_total\{(?=.*provider="corp")(?=.*result="accepted")(?=.*reason="ok").*\} [1-9]/m)
  assert.match(metrics, /^idtoken_verified_token_cache_total\{(?=.*provider="corp")(?=.*result="hit").*\} [1-9]/m)
  assert.doesNotMatch(metrics, /^idtoken_verified_token_cache_total\{(?=.*provider="other")/m, 'it has no cache')
  assert.match(metrics, /^idtoken_decision_microseconds_bucket/m)
  await until(() => /^user=carol-secret$/m.test(envoy.logs()), 'the access log names the user')
  const lines = envoy.logs().split('\n')
  const audit = lines.flatMap((line) => (/\{"activity_id".*\}$/.exec(line) ?? []).slice(0, 1)).map((text) => JSON.parse(text))
  const mine = audit.find((record) => record.metadata.correlation_uid === trace)
  assert.deepEqual([mine.class_uid, mine.type_uid, mine.status_id, mine.status_code], [3002, 300299, 1, 'ok'])
  assert.deepEqual(mine.unmapped, { provider: 'corp', alg: 'ES256', kid: 'one' })
  assert.match(mine.user.uid, /^sha256:[0-9a-f]{64}$/)
  assert.ok(audit.some((record) => record.status_code === 'signature_invalid' && record.unmapped.rule))
  const told = lines.filter((line) => !line.startsWith('user=')).join('\n')
  for (const secret of [token, 'carol', 'secret-signature', 'injected']) assert.ok(!told.includes(secret), secret)
})
