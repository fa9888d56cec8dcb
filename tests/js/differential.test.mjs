// The same tokens, signed by jose, through jose and through us: both believe the sound ones, and neither the forged.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expectNoNonce, IdTokenError, KeySet, Verifier } from 'idtoken'
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose'

const ISSUER = 'https://idp.example'
const CLIENT = 'client'
const ALGORITHMS = [
  'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519',
]

const issuers = new Map()
for (const alg of ALGORITHMS) issuers.set(alg, await makeIssuer(alg, `key-${alg}`))
const everyKey = { keys: [...issuers.values()].map(({ jwk }) => jwk) }

async function makeIssuer(alg, kid) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }
  const sign = (header = {}, claims = {}) =>
    new SignJWT({ nonce: 'n', ...claims })
      .setProtectedHeader({ alg, kid, ...header })
      .setIssuer(ISSUER).setAudience(CLIENT).setSubject('alice').setIssuedAt().setExpirationTime('5m')
      .sign(privateKey)
  return { alg, jwk, sign }
}

/** 'accept', or the code of the refusal. */
function ours(token, jwks, alg) {
  const verifier = new Verifier({ issuer: ISSUER, clientId: CLIENT, algorithms: [alg] })
  try {
    verifier.verify(token, new KeySet(JSON.stringify(jwks)), { nonce: 'n' })
    return 'accept'
  } catch (error) {
    assert.ok(error instanceof IdTokenError, `a foreign ${error}`)
    return error.code
  }
}

async function theirs(token, jwks, alg) {
  try {
    await jwtVerify(token, createLocalJWKSet(jwks), { issuer: ISSUER, audience: CLIENT, algorithms: [alg] })
    return 'accept'
  } catch (error) {
    return error.code
  }
}

test('every algorithm: sound tokens of jose are accepted by both', async () => {
  console.log('algorithm  jose    idtoken')
  const verdicts = []
  for (const { alg, jwk, sign } of issuers.values()) {
    const token = await sign()
    for (const jwks of [{ keys: [jwk] }, everyKey]) {
      const verdict = { jose: await theirs(token, jwks, alg), idtoken: ours(token, jwks, alg) }
      verdicts.push(`${alg}: ${verdict.jose}, ${verdict.idtoken}`)
      if (jwks === everyKey) console.log(`${alg.padEnd(10)} ${verdict.jose.padEnd(7)} ${verdict.idtoken}`)
    }
  }
  assert.deepEqual(verdicts, ALGORITHMS.flatMap((alg) => [`${alg}: accept, accept`, `${alg}: accept, accept`]))
})

test('fifty fresh signatures of each fast algorithm are accepted', async () => {
  for (const alg of ['ES256', 'ES384', 'ES512', 'EdDSA', 'PS256']) {
    const { jwk, sign } = issuers.get(alg)
    const keys = new KeySet({ keys: [jwk] })
    const verifier = new Verifier({ issuer: ISSUER, clientId: CLIENT, algorithms: [alg] })
    for (let i = 0; i < 50; i++) {
      assert.equal(verifier.verify(await sign({}, { i }), keys, { nonce: 'n' }).claims.i, i, alg)
    }
  }
})

test('one flipped bit, anywhere, is refused by both', async () => {
  for (const { alg, jwk, sign } of issuers.values()) {
    const token = await sign()
    const jwks = { keys: [jwk] }
    for (const part of [0, 1, 2]) {
      const segments = token.split('.')
      const bytes = Buffer.from(segments[part], 'base64url')
      bytes[bytes.length >> 1] ^= 1
      segments[part] = bytes.toString('base64url')
      const forged = segments.join('.')
      assert.notEqual(await theirs(forged, jwks, alg), 'accept', `${alg}, part ${part}`)
      assert.notEqual(ours(forged, jwks, alg), 'accept', `${alg}, part ${part}`)
    }
  }
})

test("another issuer's key and another algorithm are refused by both", async () => {
  for (const alg of ALGORITHMS) {
    const stranger = await makeIssuer(alg, `key-${alg}`)
    const token = await stranger.sign()
    assert.notEqual(await theirs(token, everyKey, alg), 'accept', alg)
    assert.equal(ours(token, everyKey, alg), 'signature_invalid', alg)
    const other = alg === 'RS256' ? 'ES256' : 'RS256'
    const sound = await issuers.get(alg).sign()
    assert.notEqual(await theirs(sound, everyKey, other), 'accept', alg)
    assert.equal(ours(sound, everyKey, other), 'alg_not_allowed', alg)
  }
})

test('the claims that come out are those that jose reads', async () => {
  const { jwk, sign } = issuers.get('ES256')
  const token = await sign({}, { nested: { list: [1, 2.5, null, 'é 𝕒 \u2028'] }, groups: ['a', 'b'] })
  const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet({ keys: [jwk] }))
  const verifier = new Verifier({ issuer: ISSUER, clientId: CLIENT, algorithms: ['ES256'] })
  const { claims, header } = verifier.verify(token, { keys: [jwk] }, { nonce: 'n' })
  assert.deepEqual(JSON.parse(JSON.stringify(claims)), payload)
  assert.deepEqual(JSON.parse(JSON.stringify(header)), protectedHeader)
  const keys = { keys: [jwk] }
  assert.throws(() => verifier.verify(token, keys, { nonce: expectNoNonce }), { code: 'nonce_unexpected' })
})
