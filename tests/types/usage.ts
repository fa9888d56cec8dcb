// Compiled, never run: what must compile.

import {
  classify, expectNoNonce, IdTokenError, init, KeySet, skipNonceCheck, Verifier,
  type ErrorCode, type IdToken, type InitSource, type Policy, type Report, type VerifyOptions,
} from 'idtoken'
import { presets } from 'idtoken/presets'

const policy: Policy = {
  issuer: 'https://idp.example',
  clientId: ['web', 'app'],
  algorithms: ['RS256', 'EdDSA'],
  clockTolerance: { exp: 60, iat: 5 },
  acrLadder: { levels: ['low', 'high'], atLeast: 'high' },
  requiredClaims: { tid: 'tenant', email_verified: true, ref: { glob: 'refs/*' }, env: { anyOf: ['a', 1] }, groups: { contains: 'x' } },
  tenants: { claim: 'tid', allow: ['9188040d-6c67-4c5b-b112-36a304b66dad'] },
  sHash: 'required',
  limits: { maxTokenBytes: 65_536 },
}
const sources: InitSource[] = ['/core.wasm', new URL('https://cdn.example/core.wasm'), new Uint8Array(8)]
const options: VerifyOptions[] = [
  { nonce: 'n-0S6' },
  { nonce: expectNoNonce, now: 1_800_000_000 },
  { nonce: skipNonceCheck, accessToken: 'a', code: 'c', state: 's', responseType: 'code id_token token' },
]

export async function use(token: string, jwks: string): Promise<ErrorCode | undefined> {
  await init()
  await init(sources[0])
  await init({ url: '/core.wasm', integrity: 'sha384-x' })
  using keys = new KeySet(jwks)
  const codes: ErrorCode[] = keys.skipped.map((key) => key.code)
  const verifier = new Verifier(policy)
  new Verifier({ ...presets.google.policy, clientId: 'web', authorizedParties: ['web', 'app'] })
  new Verifier({ ...presets.auth0.policy, issuer: 'https://shop.eu.auth0.com/', clientId: 'web' })
  verifier.verify(token, keys, { nonce: presets.githubActions.nonce })
  try {
    const idToken: IdToken = verifier.verify(token, keys, options[0]!)
    const subject: string = idToken.claims.sub
    verifier.verify(token, keys, { nonce: skipNonceCheck, previous: idToken, frontChannel: idToken })
    const sid: string | undefined = verifier.verifyLogout(token, keys).claims.sid
    const scope: unknown = verifier.requireAccessToken(token, keys, { now: 1 }).claims.scope
    const several = new Verifier([policy, policy])
    several.verify(token, { 'https://idp.example': keys }, { nonce: `${sid} ${scope} ${classify(token)}` })
    const group: unknown = idToken.claims['groups']
    verifier.verify(token, { keys: [{ kty: 'RSA' }] }, { nonce: expectNoNonce })
    const report: Report = verifier.explain(token, keys, { nonce: skipNonceCheck })
    verifier.explain(token, keys, { kind: 'logout_token' })
    verifier.explain(token, keys, { kind: 'access_token', now: 1 })
    verifier.explain(token, keys, { kind: 'id_token', nonce: expectNoNonce })
    const failed = report.checks.find((check) => check.status === 'fail')
    return failed?.code ?? codes[0] ?? `${subject} ${group}`
  } catch (error) {
    if (!(error instanceof IdTokenError)) throw error
    if (error.code === 'exp_expired' || error.retryable || error.status === 503) return error.hint
    return error.code
  }
}
