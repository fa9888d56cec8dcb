// Compiled, never run: every marked line must be an error, or the compiler complains about the mark.

import { KeySet, Verifier } from 'idtoken'
import { presets } from 'idtoken/presets'

declare const keys: KeySet
declare const storedNonce: string | null

// @ts-expect-error The issuer is mandatory.
const verifier = new Verifier({ clientId: 'web' })
// @ts-expect-error The client is mandatory.
new Verifier({ issuer: 'https://idp.example' })
// @ts-expect-error A misspelt option.
new Verifier({ issuer: 'https://idp.example', clientId: 'web', clockTolerence: 5 })
// @ts-expect-error There is no symmetric algorithm.
new Verifier({ issuer: 'https://idp.example', clientId: 'web', algorithms: ['HS256'] })

// @ts-expect-error The issuer of this preset has to be written.
new Verifier({ ...presets.auth0.policy, clientId: 'web' })
// @ts-expect-error A preset is frozen.
presets.google.policy.issuer = 'https://idp.example'
// @ts-expect-error At a login the nonce is yours.
verifier.verify('token', keys, { nonce: presets.google.nonce })

// @ts-expect-error The options are mandatory.
verifier.verify('token', keys)
// @ts-expect-error The nonce is mandatory.
verifier.verify('token', keys, {})
// @ts-expect-error An ID Token is explained with its nonce.
verifier.explain('token', keys, { kind: 'id_token' })
// @ts-expect-error There is no such kind.
verifier.explain('token', keys, { kind: 'refresh_token' })
// @ts-expect-error A lost nonce is not "no nonce".
verifier.verify('token', keys, { nonce: null })
// @ts-expect-error A lost nonce is not "no nonce".
verifier.verify('token', keys, { nonce: undefined })
// @ts-expect-error What storage gives back has to be looked at first.
verifier.verify('token', keys, { nonce: storedNonce })
// @ts-expect-error Another symbol is not an opt-out.
verifier.verify('token', keys, { nonce: Symbol('skipNonceCheck') })
// @ts-expect-error A key is not a key set.
verifier.verify('token', { kty: 'RSA' }, { nonce: 'n-0S6' })
// @ts-expect-error Claims are read-only.
verifier.verify('token', keys, { nonce: 'n-0S6' }).claims.sub = 'root'
