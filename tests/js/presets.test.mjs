// Presets are data for the one policy parser: each has to get through it, and to do what its page says.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expectNoNonce, KeySet, skipNonceCheck, Verifier } from 'idtoken'
import { presets } from 'idtoken/presets'
import { makeIssuer, NOW } from './issuer.mjs'

const filled = (template) => template.replaceAll(/\{\+?\w+\}/g, 'filled.example')
const hasPlaceholder = ({ issuer }) => issuer.includes('{')

const withCode = (code) => (error) => {
  assert.equal(error.code, code, `${error}`)
  return true
}

for (const [name, preset] of Object.entries(presets)) {
  test(`${name} makes a verifier that accepts a token of its issuer`, () => {
    const issuer = filled(preset.issuer)
    const { jwks, sign } = makeIssuer({ issuer })
    const verifier = new Verifier({ ...preset.policy, issuer, clientId: 'client' })
    const token = sign(preset.policy.requiredClaims)
    const { claims } = verifier.verify(token, new KeySet(jwks), { nonce: preset.nonce ?? expectNoNonce, now: NOW })
    assert.equal(claims.iss, issuer)
  })

  test(`${name} has its own issuer, or refuses to go without the one you write`, () => {
    const verifier = () => new Verifier({ ...preset.policy, clientId: 'client' })
    if (hasPlaceholder(preset)) assert.throws(verifier, withCode('config_issuer'))
    else assert.doesNotThrow(verifier)
  })

  test(`${name} is frozen all the way, and every fact has a source or is unverified`, () => {
    for (const part of [presets, preset, preset.policy, preset.policy.algorithms, preset.sources, ...preset.sources]) {
      assert.ok(Object.isFrozen(part))
    }
    for (const { about, says, source } of preset.sources) assert.ok(about && says && source)
  })
}

test('what only the user can decide comes with the preset, options in camelCase', () => {
  const advice = presets.githubActions.advice.join(' ')
  assert.match(advice, /always require `repository_id`/)
  assert.match(advice, /`clientId`/)
  for (const [name, { advice }] of Object.entries(presets)) {
    assert.ok(Object.isFrozen(advice), name)
    assert.doesNotMatch(advice.join(' '), /`(client_id|authorized_parties|max_lifetime|nonce_transform|issuer_aliases)`/, name)
  }
})

test('only tokens of machines come with a word for the nonce', () => {
  const words = Object.entries(presets).flatMap(([name, { nonce }]) => (nonce === undefined ? [] : [[name, nonce]]))
  assert.deepEqual(words, [
    ['cloudflareAccess', skipNonceCheck],
    ['githubActions', expectNoNonce],
    ['gitlabCi', expectNoNonce],
    ['kubernetes', expectNoNonce],
  ])
})

test('Google: both spellings of the issuer, no third one', () => {
  const verifier = new Verifier({ ...presets.google.policy, clientId: 'client' })
  const { jwks, sign } = makeIssuer()
  const verify = (iss) => verifier.verify(sign({ iss }), new KeySet(jwks), { nonce: expectNoNonce, now: NOW })
  verify('https://accounts.google.com')
  verify('accounts.google.com')
  assert.throws(() => verify('http://accounts.google.com'), withCode('iss_mismatch'))
})

test('lifetimes: a month with Cloudflare Access, a day and a bit with Entra, a day elsewhere', () => {
  const day = 24 * 60 * 60
  const verify = (preset, lifetime) => {
    const issuer = filled(preset.issuer)
    const { jwks, sign } = makeIssuer({ issuer })
    const token = sign({ exp: NOW + lifetime, ...preset.policy.requiredClaims })
    return new Verifier({ ...preset.policy, issuer, clientId: 'client' })
      .verify(token, new KeySet(jwks), { nonce: preset.nonce ?? expectNoNonce, now: NOW })
  }
  for (const [preset, longest] of [[presets.cloudflareAccess, 31 * day], [presets.entra, 25 * 3600], [presets.auth0, day]]) {
    verify(preset, longest)
    assert.throws(() => verify(preset, longest + 1), withCode('exp_too_far'))
  }
})

test('Cognito: an access token is not taken for an ID Token', () => {
  const issuer = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Example1'
  const { jwks, sign } = makeIssuer({ issuer })
  const verifier = new Verifier({ ...presets.cognito.policy, issuer, clientId: 'client' })
  const verify = (claims) => verifier.verify(sign(claims), new KeySet(jwks), { nonce: expectNoNonce, now: NOW })
  assert.throws(() => verify({ token_use: 'access' }), withCode('claim_mismatch'))
  assert.throws(() => verify({}), withCode('claim_missing'))
})
