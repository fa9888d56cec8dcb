// Clients of the demo provider, in the words that each side uses: what the application knows about
// itself, and the metadata that it registered.

import { random } from './login.mjs'

const ALL_RESPONSE_TYPES = ['code', 'code id_token', 'code id_token token', 'id_token token']

/** A web application with a server: confidential. The headless login reads the redirect, so nothing has to listen there. */
export function webClient(clientId, algorithm = 'RS256') {
  const client = { clientId, clientSecret: random(), redirectUri: `https://${clientId}.example/callback` }
  const metadata = {
    client_id: client.clientId,
    client_secret: client.clientSecret,
    redirect_uris: [client.redirectUri],
    response_types: ALL_RESPONSE_TYPES,
    grant_types: ['authorization_code', 'implicit'],
    id_token_signed_response_alg: algorithm,
  }
  return { ...client, metadata }
}

/** A single-page application: public, so PKCE is all that ties the code to the page. */
export function spaClient(clientId, redirectUri, algorithm = 'ES256') {
  const metadata = {
    client_id: clientId,
    token_endpoint_auth_method: 'none',
    redirect_uris: [redirectUri],
    response_types: ['code'],
    grant_types: ['authorization_code'],
    id_token_signed_response_alg: algorithm,
  }
  return { clientId, redirectUri, metadata }
}
