#!/usr/bin/env node
// Logs in at a real provider and writes what it issued as corpus cases:
//
//   node tests/provider/mint.mjs target/corpus/provider.json
//
// The format is that of tests/corpus, and every case is complete in itself. Here `now` is the time
// of minting, unless the case is about time.

import { createHmac, createPublicKey } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { webClient } from '../../examples/provider/clients.mjs'
import { login, random, sha256 } from '../../examples/provider/login.mjs'
import { ACR, ALGORITHMS, AMR, startProvider } from '../../examples/provider/provider.mjs'

const TOLERANCE = 60 // the policy's default clock_tolerance

const out = process.argv[2]
if (out === undefined) {
  console.error('usage: node tests/provider/mint.mjs OUT')
  process.exit(2)
}

const cases = []
const clients = Object.fromEntries(ALGORITHMS.map(alg => [alg, webClient(`rp-${alg.toLowerCase()}`, alg)]))
const other = webClient('rp-other', 'RS256')
const metadata = [...Object.values(clients), other].map(client => client.metadata)
const opened = []
try {
  const provider = await open({ clients: metadata })
  const stranger = await open({ clients: metadata })
  await run('each algorithm', () => eachAlgorithm(provider))
  await run('nonce', () => nonces(provider))
  await run('issuer, audience and algorithm', () => parties(provider, stranger))
  await run('time', () => times(provider))
  await run('authentication', () => authentication(provider))
  await run('at_hash and c_hash', () => hashes(provider))
  await run('forgeries', () => forgeries(provider))
  await run('rotation', () => rotation(provider)) // last, because it takes the keys away
} finally {
  for (const each of opened) await each.close()
}

await mkdir(dirname(out), { recursive: true })
const about = `ID Tokens of a real provider (oidc-provider), minted ${new Date().toISOString()}`
await writeFile(out, `{"about":${JSON.stringify(about)},"cases":[\n${cases.map(each => JSON.stringify(each)).join(',\n')}\n]}\n`)
console.log(`provider: ${cases.length} cases written to ${out}`)

async function eachAlgorithm(provider) {
  for (const alg of ALGORITHMS) {
    const name = alg.toLowerCase()
    const code = await mint(provider, clients[alg])
    add(`${name}-code`, 'R94', 'authorization code flow', code)
    add(`${name}-tampered-signature`, 'R56', 'one character of the signature changed', code,
      { token: changeSignature(code.token), expect: 'signature_invalid' })

    const hybrid = await mint(provider, clients[alg], { responseType: 'code id_token token' })
    add(`${name}-hybrid`, 'R91', 'code id_token token: at_hash and c_hash with the hash of this algorithm', hybrid,
      { expectations: frontChannel(hybrid, 'code id_token token') })
  }
}

async function nonces(provider) {
  const minted = await mint(provider, clients.RS256)
  add('nonce-wrong', 'R81', 'the nonce of another login', minted,
    { expectations: { nonce: { equals: random() } }, expect: 'nonce_mismatch' })
  add('nonce-prefix', 'R81', 'the expected nonce is only the beginning', minted,
    { expectations: { nonce: { equals: minted.nonce.slice(0, -1) } }, expect: 'nonce_mismatch' })
  add('nonce-none-sent', 'R81', 'a nonce although none was sent', minted,
    { expectations: { nonce: 'none_sent' }, expect: 'nonce_unexpected' })
  add('nonce-not-checked', 'R83', 'the named opt-out', minted, { expectations: { nonce: 'not_checked' } })
  add('nonce-forgotten', 'R83', 'no word on the nonce', minted,
    { expectations: { nonce: undefined }, expect: 'config_nonce_policy' })

  const secret = random()
  const hashed = await mint(provider, clients.RS256, { nonce: sha256(secret) })
  const policy = { nonce_transform: 'sha256_b64url' }
  add('nonce-sha256', 'R82', 'the browser holds the preimage of the nonce', hashed,
    { policy, expectations: { nonce: { equals: secret } } })
  add('nonce-sha256-claim-itself', 'R82', 'the nonce read out of a stolen token is not the preimage', hashed,
    { policy, expectations: { nonce: { equals: hashed.nonce } }, expect: 'nonce_mismatch' })
}

async function parties(provider, stranger) {
  const minted = await mint(provider, clients.RS256)
  add('iss-trailing-slash', 'R63', 'the configured issuer has a slash more', minted,
    { policy: { issuer: `${provider.issuer}/` }, expect: 'iss_mismatch' })
  add('iss-other-provider', 'R63', 'a token of another provider that uses the same kid',
    { ...await mint(stranger, clients.RS256), issuer: minted.issuer, jwks: minted.jwks }, { expect: 'iss_mismatch' })
  add('aud-other-client', 'R69', 'a token for another client of the provider', await mint(provider, other),
    { policy: { client_id: clients.RS256.clientId }, expect: 'aud_mismatch' })
  add('aud-one-of-two', 'R69', 'one of the two clients that this application is', minted,
    { policy: { client_id: [other.clientId, clients.RS256.clientId] } })

  add('alg-default', 'R27', 'no allow-list means RS256', minted, { policy: { algorithms: undefined } })
  add('alg-all', 'R16', 'a long allow-list', minted, { policy: { algorithms: ALGORITHMS } })
  add('alg-not-in-list', 'R16', 'ES256 where the allow-list is the default', await mint(provider, clients.ES256),
    { policy: { algorithms: undefined }, expect: 'alg_not_allowed' })
}

async function times(provider) {
  const minted = await mint(provider, clients.RS256)
  const { exp, iat } = minted.claims
  add('exp-last-second', 'R73', 'the last second that the tolerance allows', minted, at(exp + TOLERANCE - 1))
  add('exp-expired', 'R73', 'refused at equality', minted, { ...at(exp + TOLERANCE), expect: 'exp_expired' })
  add('exp-no-tolerance', 'R73', 'without tolerance exp itself is too late', minted,
    { ...at(exp), policy: { clock_tolerance: 0 }, expect: 'exp_expired' })
  add('iat-clock-behind', 'R77', 'our clock is as far behind as the tolerance allows', minted, at(iat - TOLERANCE))
  add('iat-future', 'R77', 'one second further', minted, { ...at(iat - TOLERANCE - 1), expect: 'iat_future' })
  add('iat-too-old', 'R78', 'valid for an hour, but the policy wants it fresh', minted,
    { ...at(iat + 600), policy: { max_token_age: 60 }, expect: 'iat_too_old' })

  provider.setIdTokenLifetime(2 * 24 * 3600)
  const long = await mint(provider, clients.RS256)
  provider.setIdTokenLifetime(3600)
  add('exp-too-far', 'R74', 'two days where the default allows one', long, { expect: 'exp_too_far' })
  add('exp-far-allowed', 'R74', 'two days where the policy allows two', long, { policy: { max_lifetime: 2 * 24 * 3600 } })
}

async function authentication(provider) {
  const claims = { auth_time: { essential: true }, acr: null, amr: null }
  const full = await mint(provider, clients.RS256, { maxAge: 60, claims })
  const bare = await mint(provider, clients.RS256)
  const authTime = full.claims.auth_time

  const maxAge = { max_age: 60 }
  add('max-age-fresh', 'R87', 'logged in just now', full, { policy: maxAge })
  add('max-age-last-second', 'R87', 'max_age and tolerance used up to the second', full,
    { ...at(authTime + 60 + TOLERANCE), policy: maxAge })
  add('max-age-too-old', 'R87', 'one second later', full,
    { ...at(authTime + 60 + TOLERANCE + 1), policy: maxAge, expect: 'auth_time_too_old' })
  add('max-age-missing', 'R87', 'the provider was not asked for auth_time', bare, { policy: maxAge, expect: 'auth_time_missing' })

  add('acr', 'R85', 'the class that was asked for', full, { policy: { acr_values: ['urn:example:loa:3', ACR] } })
  add('acr-insufficient', 'R85', 'another class', full,
    { policy: { acr_values: ['urn:example:loa:3'] }, expect: 'acr_insufficient' })
  add('acr-missing', 'R85', 'no class', bare, { policy: { acr_values: [ACR] }, expect: 'acr_missing' })

  add('amr-all', 'R86', 'all the methods', full, { policy: { amr_all: AMR } })
  add('amr-any', 'R86', 'one of the methods', full, { policy: { amr_any: ['hwk', AMR[0]] } })
  add('amr-insufficient', 'R86', 'a method is missing', full,
    { policy: { amr_all: [...AMR, 'hwk'] }, expect: 'amr_insufficient' })
}

async function hashes(provider) {
  for (const responseMode of ['fragment', 'form_post']) {
    const minted = await mint(provider, clients.ES256, { responseType: 'code id_token token', responseMode })
    add(`hybrid-${responseMode}`, 'R91', `code id_token token by ${responseMode}`, minted,
      { expectations: frontChannel(minted, 'code id_token token') })
  }

  const hybrid = await mint(provider, clients.RS256, { responseType: 'code id_token token' })
  const expected = frontChannel(hybrid, 'code id_token token')
  add('at-hash-wrong', 'R91', 'the access token of another login', hybrid,
    { expectations: { ...expected, access_token: random() }, expect: 'at_hash_mismatch' })
  add('c-hash-wrong', 'R92', 'the code of another login', hybrid,
    { expectations: { ...expected, code: random() }, expect: 'c_hash_mismatch' })

  const implicit = await mint(provider, clients.RS256, { responseType: 'id_token token' })
  add('implicit', 'R91', 'id_token token: at_hash alone', implicit, { expectations: frontChannel(implicit, 'id_token token') })
  add('c-hash-missing', 'R92', 'a token of id_token token where code id_token token was asked', implicit,
    { expectations: { ...frontChannel(implicit, 'code id_token token'), code: random() }, expect: 'c_hash_missing' })

  const withCode = await mint(provider, clients.RS256, { responseType: 'code id_token' })
  add('code-id-token', 'R92', 'code id_token: c_hash alone', withCode, { expectations: frontChannel(withCode, 'code id_token') })
  add('at-hash-missing', 'R91', 'a token of code id_token where code id_token token was asked', withCode,
    { expectations: { ...frontChannel(withCode, 'code id_token token'), access_token: random() }, expect: 'at_hash_missing' })

  const code = await mint(provider, clients.RS256)
  add('at-hash-optional', 'R91', 'code flow: the provider leaves at_hash out, and may', code,
    { expectations: { access_token: code.accessToken } })
}

async function forgeries(provider) {
  const minted = await mint(provider, clients.RS256)
  const [header, payload, signature] = minted.token.split('.')
  const pem = createPublicKey({ key: JSON.parse(minted.jwks).keys.find(key => key.alg === 'RS256'), format: 'jwk' })
    .export({ type: 'spki', format: 'pem' })
  const hmacInput = `${encode({ ...decode(header), alg: 'HS256' })}.${payload}`
  const second = await mint(provider, clients.RS256)

  const forged = (id, rule, why, token, expect) => add(id, rule, why, minted, { token, expect })
  forged('subject-changed', 'R56', 'another subject under the same signature',
    `${header}.${encode({ ...minted.claims, sub: 'admin' })}.${signature}`, 'signature_invalid')
  forged('signature-of-another-token', 'R56', 'a signature of the same key over something else',
    `${header}.${payload}.${second.token.split('.')[2]}`, 'signature_invalid')
  forged('alg-none', 'R17', 'alg none, no signature', `${encode({ ...decode(header), alg: 'none' })}.${payload}.`, 'alg_none')
  forged('hs256-public-key', 'R18', 'HMAC with the public key as the secret',
    `${hmacInput}.${createHmac('sha256', pem).update(hmacInput).digest('base64url')}`, 'alg_not_allowed')
  forged('access-token', 'R2', 'the opaque access token in place of the ID Token', minted.accessToken, 'token_segments')
  forged('signature-cut-off', 'R61', 'no signature', `${header}.${payload}.`, 'signature_missing')
}

async function rotation(provider) {
  const before = await mint(provider, clients.RS256)
  await provider.rotate()
  const after = await mint(provider, clients.RS256)
  add('rotation-new-key', 'R40', 'a new token with the new keys', after)
  add('rotation-key-withdrawn', 'R40', 'an old token: its key is no longer published', before,
    { jwks: after.jwks, expect: 'key_not_found' })
  add('rotation-stale-keys', 'R40', 'a new token, but the keys fetched before', after,
    { jwks: before.jwks, expect: 'key_not_found' })
}

/** A login, with everything that a case needs. */
async function mint(provider, client, options) {
  const { idToken, ...rest } = await login(provider.issuer, client, options)
  return {
    ...rest,
    token: idToken,
    claims: decode(idToken.split('.')[1]),
    issuer: provider.issuer,
    clientId: client.clientId,
    algorithm: client.metadata.id_token_signed_response_alg,
    jwks: await (await fetch(provider.jwksUri)).text(),
    now: Math.floor(Date.now() / 1000),
  }
}

/** A case; `changes` are laid over what is right for the minted token, and `undefined` removes a member. */
function add(id, rule, why, minted, { token = minted.token, jwks = minted.jwks, policy, expectations, expect = 'accept' } = {}) {
  cases.push({
    id: `provider-${id}`,
    rule,
    why,
    token,
    jwks,
    policy: { issuer: minted.issuer, client_id: minted.clientId, algorithms: [minted.algorithm], ...policy },
    expectations: { now: minted.now, nonce: { equals: minted.nonce }, ...expectations },
    expect,
  })
}

function frontChannel({ accessToken, code }, responseType) {
  return { access_token: accessToken, code, response_type: responseType }
}

function at(now) {
  return { expectations: { now } }
}

function changeSignature(token) {
  const middle = Math.floor((token.lastIndexOf('.') + token.length) / 2)
  return token.slice(0, middle) + (token[middle] === 'A' ? 'B' : 'A') + token.slice(middle + 1)
}

function decode(part) {
  return JSON.parse(Buffer.from(part, 'base64url'))
}

function encode(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

async function open(options) {
  const provider = await startProvider(options)
  opened.push(provider)
  return provider
}

async function run(name, work) {
  const start = performance.now()
  const had = cases.length
  await work()
  console.log(`  ${String(cases.length - had).padStart(3)} cases: ${name} (${((performance.now() - start) / 1000).toFixed(2)} s)`)
}
