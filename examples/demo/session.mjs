// What a web application keeps for one login, and how its browser then calls the worker.

import { login, random, sha256 } from '../provider/login.mjs'

/** A login whose nonce is the hash of a secret that only the browser holds (see worker.js). */
export async function logInFor(provider, client) {
  const secret = random()
  const { idToken } = await login(provider.issuer, client, { nonce: sha256(secret) })
  return { token: idToken, secret }
}

export function headersFor({ token, secret }) {
  return {
    ...(token && { authorization: `Bearer ${token}` }),
    ...(secret && { cookie: `__Host-login=${secret}` }),
  }
}
