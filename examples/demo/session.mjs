// What a web application keeps for one login, and how its browser then calls the worker.

import { login, random, sha256 } from '../provider/login.mjs'

/** What this application asks of a login: not older than an hour, and word on how the user was authenticated. */
const DEMANDS = { maxAge: 3600, claims: { acr: null, amr: null } }

/** A login whose nonce is the hash of a secret that only the browser holds (see worker.js). */
export async function logInFor(provider, client, demands = DEMANDS) {
  const secret = random()
  const { idToken } = await login(provider.issuer, client, { nonce: sha256(secret), ...demands })
  return { token: idToken, secret }
}

export function headersFor({ token, secret }) {
  return {
    ...(token && { authorization: `Bearer ${token}` }),
    ...(secret && { cookie: `__Host-login=${secret}` }),
  }
}
