// No error quotes a token, the value of a claim or what was expected; no report shows more than it may.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { expectNoNonce, KeySet, Verifier } from 'idtoken'
import { caught, makeIssuer, NOW } from './issuer.mjs'

const { policy, jwks, sign } = makeIssuer()
const keys = new KeySet(jwks)

const claims = {
  sub: 'CANARY-sub', email: 'CANARY-email', nonce: 'CANARY-claim-nonce', sid: 'CANARY-sid', jti: 'CANARY-jti',
  at_hash: 'CANARY-at-hash', c_hash: 'CANARY-c-hash', s_hash: 'CANARY-s-hash', tenant: 'CANARY-tenant',
}
const expected = {
  nonce: 'CANARY-nonce', accessToken: 'CANARY-access-token', code: 'CANARY-code', state: 'CANARY-state', now: NOW,
}

/** Tokens and options that fail at every stage. */
const failures = {
  text: [`${sign(claims)} `, expected],
  segments: [sign(claims).replace('.', ''), expected],
  header: [sign(claims, { crit: ['CANARY-crit'] }), expected],
  json: [sign(`{"sub":"CANARY-sub","sub":"CANARY-sub"}`), expected],
  issuer: [sign({ ...claims, iss: 'https://CANARY-issuer.example' }), expected],
  key: [sign(claims, { kid: 'unknown-kid' }), expected],
  signature: [sign(claims).slice(0, -8) + 'AAAAAAAA', expected],
  audience: [sign({ ...claims, aud: 'CANARY-aud' }), expected],
  furtherAudience: [sign({ ...claims, aud: [policy.clientId, 'CANARY-aud'] }), expected],
  expiry: [sign({ ...claims, iat: NOW - 900, exp: NOW - 600 }), expected],
  nonce: [sign(claims), expected],
  nonceUnexpected: [sign(claims), { ...expected, nonce: expectNoNonce }],
  accessToken: [sign({ ...claims, nonce: expected.nonce }), expected],
  code: [sign({ ...claims, nonce: expected.nonce }), { ...expected, accessToken: undefined }],
  state: [sign({ ...claims, nonce: expected.nonce }), { ...expected, accessToken: undefined, code: undefined }],
  acr: [sign({ ...claims, acr: 'CANARY-acr' }), expected, { acrValues: ['gold'] }],
  subject: [sign({ ...claims, sub: 'CANARY-sub\n' }), expected],
  requiredClaim: [
    sign({ ...claims, nonce: expected.nonce }), { nonce: expected.nonce, now: NOW }, { requiredClaims: { tenant: 'CANARY-wanted' } },
  ],
  options: [sign(claims), { ...expected, responseType: 'CANARY-response-type' }],
  optionType: [sign(claims), { ...expected, accessToken: ['CANARY-access-token'] }],
}

test('no error quotes anything', () => {
  const codes = new Set()
  for (const [name, [token, options, more]] of Object.entries(failures)) {
    const error = caught(() => new Verifier({ ...policy, ...more }).verify(token, keys, options))
    codes.add(error.code)
    const shown = [String(error), error.stack, JSON.stringify(error), inspect(error, { depth: 9, showHidden: true })]
    for (const text of shown) {
      assert.ok(!text.includes('CANARY'), `${name}: ${error.code} quotes a value: ${text}`)
      for (const part of token.split('.')) {
        assert.ok(part.length < 12 || !text.includes(part.slice(0, 12)), `${name}: ${error.code} quotes the token`)
      }
    }
  }
  assert.ok(codes.size >= 14, `the failures are different ones: ${[...codes]}`)
})

test('a report shows no nonce, hash, subject, session or secret', () => {
  // What the policy demands of a claim is the caller's own.
  const shown = /CANARY-(aud|issuer|acr|wanted)/g
  let reports = 0
  for (const [name, [token, options, more]] of Object.entries(failures)) {
    if (name.startsWith('option')) continue
    const report = JSON.stringify(new Verifier({ ...policy, ...more }).explain(token, keys, options))
    assert.ok(!report.replaceAll(shown, '').includes('CANARY'), `${name}: ${report}`)
    reports++
  }
  assert.ok(reports > 10)
})

test('no error of a key set or a policy quotes its content', () => {
  const works = [
    () => new KeySet('{"CANARY":'),
    () => new KeySet({ keys: [{ kty: 'oct', k: 'CANARY' }] }),
    () => new Verifier({ ...policy, requiredClaims: 'CANARY' }),
    () => new Verifier({ ...policy, algorithms: [['CANARY']] }),
  ]
  for (const work of works) assert.doesNotMatch(inspect(caught(work), { depth: 9 }), /CANARY/)
})
