// What `envoy --mode validate` says of a configuration: one sentence that names the field.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { validate } from './envoy.mjs'
import { local, makeKey, remote } from './issuer.mjs'

const key = makeKey('one')

test('good ones are taken', () => {
  for (const config of [
    { providers: { corp: local([key]) } },
    { providers: { corp: remote('https://idp.example/jwks', { clock_skew_seconds: 30 }, { cache_duration: '300s', async_fetch: {} }) } },
  ]) {
    const { ok, text } = validate(config)
    assert.ok(ok, text)
  }
})

test('bad ones are refused in one sentence', () => {
  for (const [config, sentence] of [
    ['', 'the configuration is refused: config_invalid_option'],
    [{ providers: { corp: local([key], { isuer: 'x' }) } }, 'providers.corp: isuer is unknown; the nearest name is issuer'],
    [{ providers: { corp: local([key]) }, rule: [] }, 'rule is unknown; the nearest name is rules'],
    [{ providers: { corp: local([]) } }, 'providers.corp: local_jwks: '],
    [{ providers: { corp: local([key], { client_id: undefined }) } }, 'config_audience'],
    [{ providers: { corp: remote('http://idp.example/jwks') } }, 'providers.corp.remote_jwks: jwks_uri: '],
    [{ providers: { corp: local([key], { payload_in_metadata: 'x' }) } }, 'payload_in_metadata must be left out: a filter in wasm cannot'],
  ]) {
    const { ok, text } = validate(config)
    assert.ok(!ok)
    const lines = text.split('\n').filter((line) => line.includes('the configuration is refused'))
    assert.ok(lines.length > 0 && lines.every((line) => line.includes(sentence)), `${sentence}\n${text}`)
  }
})
