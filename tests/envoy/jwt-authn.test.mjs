// Envoy's own jwt_authn beside ours, in one Envoy with one configuration: they agree but where docs/envoy.md says why not.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'

import { ask, cluster, codeOf, freePorts, idtoken, jwtAuthn, listener, startEnvoy, startUpstream } from './envoy.mjs'
import { CLIENT, ISSUER, bearer, makeKey, makeToken } from './issuer.mjs'

const key = makeKey('one')
const keys = JSON.stringify({ keys: [key.jwk] })
const provider = {
  issuer: ISSUER,
  audiences: [CLIENT],
  local_jwks: { inline_string: keys },
  claim_to_headers: [
    { header_name: 'x-user', claim_name: 'sub' },
    { header_name: 'x-claim', claim_name: 'claim' },
    { header_name: 'x-nested', claim_name: 'a.b.c' },
  ],
  forward_payload_header: 'x-payload',
}
const rules = [
  { match: { prefix: '/missing' }, requires: { allow_missing: {} } },
  { match: { prefix: '/failed' }, requires: { allow_missing_or_failed: {} } },
  { match: { prefix: '/api' }, requires: { provider_name: 'corp' } },
]
let envoy, upstream, ours, theirs

before(async () => {
  upstream = await startUpstream()
  ;[ours, theirs] = await freePorts(2)
  envoy = await startEnvoy({
    listeners: [
      listener(ours, [idtoken({ providers: { corp: { ...provider, algorithms: ['ES256'] } }, rules })]),
      listener(theirs, [jwtAuthn({ providers: { corp: provider }, rules })]),
    ],
    clusters: [cluster('upstream', upstream.port)],
  })
})
after(async () => {
  await envoy?.stop()
  await upstream?.stop()
})

const now = Math.floor(Date.now() / 1000)
const good = makeToken(key)
const [header, payload, signature] = good.split('.')
const b64 = (text) => Buffer.from(text).toString('base64url')
/** Name, what ours says, whether theirs lets it pass, headers, path. Those that differ are in docs/envoy.md by name. */
const requests = [
  ['a good token', 'accept', true, bearer(good)],
  ['the scheme in small letters', 'accept', false, { authorization: `bearer ${good}` }],
  ['no token', 'token_missing', false, {}],
  ['another scheme', 'token_missing', false, { authorization: 'Basic YTpi' }],
  ['expired', 'exp_expired', false, bearer(makeToken(key, { exp: now - 120, iat: now - 600 }))],
  ['not yet valid', 'nbf_future', false, bearer(makeToken(key, { nbf: now + 240 }))],
  ['another issuer', 'iss_mismatch', false, bearer(makeToken(key, { iss: 'https://other.example' }))],
  ['another audience', 'aud_mismatch', false, bearer(makeToken(key, { aud: 'other' }))],
  ['alg none', 'alg_none', false, bearer(`${b64('{"alg":"none"}')}.${payload}.`)],
  ['a changed payload', 'signature_invalid', false, bearer(`${header}.${b64(JSON.stringify({ iss: ISSUER, aud: CLIENT, sub: 'bob', iat: now, exp: now + 60 }))}.${signature}`)],
  ['an unknown kid', 'key_not_found', false, bearer(makeToken({ ...key, kid: 'two' }))],
  ['no kid', 'accept', true, bearer(makeToken(key, {}, { kid: undefined }))],
  ['two segments', 'token_segments', false, bearer(`${header}.${payload}`)],
  ['no exp', 'exp_missing', true, bearer(makeToken(key, { exp: undefined }))],
  ['exp as text', 'exp_type', false, bearer(makeToken(key, { exp: `${now + 60}` }))],
  ['no iat', 'iat_missing', true, bearer(makeToken(key, { iat: undefined }))],
  ['no sub', 'sub_missing', true, bearer(makeToken(key, { sub: undefined }))],
  ['iat in the future', 'iat_future', true, bearer(makeToken(key, { iat: now + 200 }))],
  ['a life of ten days', 'exp_too_far', true, bearer(makeToken(key, { exp: now + 864_000 }))],
  ['an unknown crit', 'crit_unsupported', true, bearer(makeToken(key, {}, { crit: ['x'], x: 1 }))],
  ['b64', 'b64_unsupported', true, bearer(makeToken(key, {}, { b64: true }))],
  ['cty', 'cty_unexpected', true, bearer(makeToken(key, {}, { cty: 'JWT' }))],
  ['typ of an access token', 'kind_access_token', true, bearer(makeToken(key, {}, { typ: 'at+jwt' }))],
  ['a logout token', 'kind_logout_token', true, bearer(makeToken(key, { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }))],
  ['an audience that nobody trusts', 'aud_untrusted', true, bearer(makeToken(key, { aud: [CLIENT, 'other'] }))],
  ['another authorized party', 'azp_mismatch', true, bearer(makeToken(key, { azp: 'other' }))],
  ['a key in the header', 'accept', true, bearer(makeToken(key, {}, { jwk: makeKey('x').jwk }))],
  ['the parameter access_token', 'token_missing', true, {}, `/api?access_token=${good}`],
  ['a path without a rule', 'no_rule', true, {}, '/other'],
  ['a path with dots', 'unsafe_path', true, {}, '/other/../api'],
  ['missing, and allowed', 'accept', true, {}, '/missing'],
  ['unknown issuer where missing is allowed', 'iss_mismatch', false, bearer(makeToken(key, { iss: 'https://other.example' })), '/missing'],
  ['failed, and allowed', 'accept', true, bearer('x.y.z'), '/failed'],
]

test('the same requests pass, but for the listed differences', async (t) => {
  const page = readFileSync('docs/envoy.md', 'utf8')
  const listed = [...page.matchAll(/^\| (.+?) \| (passes|refuses) \| `?(\w+)`? \|/gm)].map(([, ...cells]) => cells.join())
  const found = []
  for (const [name, expected, passes, headers, path = '/api'] of requests) {
    const our = codeOf(await ask(ours, path, headers))
    const their = (await ask(theirs, path, headers)).status
    assert.equal(our, expected, name)
    assert.ok(their === 200 || their === 401 || their === 403, `${name}: ${their}`)
    assert.equal(their === 200, passes, `${name}: jwt_authn says ${their}`)
    if ((our === 'accept') !== (their === 200)) found.push([name, their === 200 ? 'passes' : 'refuses', our].join())
  }
  t.diagnostic(`${requests.length} requests, ${found.length} judged differently`)
  assert.deepEqual(listed.sort(), found.sort())
})

const fieldsOf = (answer) => {
  const fields = {}
  for (const [name, value] of JSON.parse(answer.body).fields) (fields[name] ??= []).push(value)
  return fields
}

test('claims get to the service alike', async () => {
  for (const [claims, same] of [
    [{ claim: 'text', a: { b: { c: 'deep' } } }, true],
    [{ claim: 42 }, true],
    [{ claim: true }, true],
    [{ claim: '' }, true],
    [{ claim: null }, true],
    [{ claim: 'Zoë' }, true],
    [{ claim: ['a', 'b'] }, true],
    [{ claim: { a: 1 } }, true],
    // As written here, with six places there.
    [{ claim: 1.5 }, false],
    [{ claim: -3 }, false],
  ]) {
    const token = bearer(makeToken(key, claims))
    const [our, their] = [fieldsOf(await ask(ours, '/api', token)), fieldsOf(await ask(theirs, '/api', token))]
    const about = JSON.stringify(claims)
    for (const name of ['x-user', 'x-nested', 'x-payload', 'authorization']) assert.deepEqual(our[name], their[name], `${about} ${name}`)
    assert.equal(JSON.stringify(our['x-claim']) === JSON.stringify(their['x-claim']), same, `${about}: ${our['x-claim']} and ${their['x-claim']}`)
  }
})

test('what a client sends under our names with an underscore passes there, and not here', async () => {
  const forged = { 'x-user': 'root', x_user: 'root' }
  const [our, their] = [fieldsOf(await ask(ours, '/missing', forged)), fieldsOf(await ask(theirs, '/missing', forged))]
  assert.deepEqual([their['x-user'], their.x_user], [undefined, ['root']])
  assert.deepEqual([our['x-user'], our.x_user], [undefined, undefined])
})

test('a claim with a line end costs the whole request there, and only itself here', async () => {
  const token = bearer(makeToken(key, { claim: 'a\r\nb: c' }))
  assert.equal((await ask(theirs, '/api', token)).status, 503)
  const fields = fieldsOf(await ask(ours, '/api', token))
  assert.deepEqual([fields['x-user'], fields['x-claim']], [['alice'], undefined])
})
