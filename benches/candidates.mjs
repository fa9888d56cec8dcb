// Who is measured, in every runtime: this package, jose and WebCrypto. Each is used as its documentation tells a careful user
// to, with keys imported beforehand, and checks the same claims: iss, aud, exp, nbf, iat, sub and the nonce.
//
// A candidate: `name`; `kind` as interleave.mjs has it; `prepare(token, key)` gives what `verify` gets; `verify`
// throws, rejects or gives false for a bad token. `signatureOnly` says that it does nothing but the arithmetic, `again` that it
// remembers the tokens that it saw.
import { createLocalJWKSet, importJWK, jwtVerify } from 'jose';

const WEBCRYPTO = {
  RS256: [{ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }],
  PS256: [{ name: 'RSA-PSS', hash: 'SHA-256' }, { name: 'RSA-PSS', saltLength: 32 }],
  ES256: [{ name: 'ECDSA', namedCurve: 'P-256' }, { name: 'ECDSA', hash: 'SHA-256' }],
  ES384: [{ name: 'ECDSA', namedCurve: 'P-384' }, { name: 'ECDSA', hash: 'SHA-384' }],
  EdDSA: [{ name: 'Ed25519' }],
};

/** This package, by whatever arithmetic the given modules have. */
export function ours(name, { Verifier, KeySet }, alg, { issuer, clientId, nonce, keys }) {
  const verifier = new Verifier({ issuer, clientId, algorithms: [alg] });
  const set = new KeySet(jwksOf(keys[alg]));
  return { name, kind: 'sync', verify: (token) => verifier.verify(token, set, { nonce }) };
}

/** The verifier that fetches its keys, which remembers the tokens that it accepted. */
function oursRemembering({ RemoteVerifier }, alg, { issuer, clientId, nonce, keys }) {
  const answer = async () => new Response(jwksOf(keys[alg]), { headers: { 'content-type': 'application/jwk-set+json' } });
  const options = { jwksUri: `${issuer}/jwks`, fetch: answer, tokenCacheBytes: 1 << 20 };
  const remote = new RemoteVerifier({ issuer, clientId, algorithms: [alg] }, options);
  return { name: 'idtoken same tokens again', again: true, kind: 'sequential', verify: (token) => remote.verify(token, { nonce }) };
}

function jose(kind, alg, { issuer, clientId, nonce, keys }) {
  const set = createLocalJWKSet({ keys: [keys[alg].jwk] });
  const options = { issuer, audience: clientId, algorithms: [alg], requiredClaims: ['sub', 'exp', 'iat'] };
  const verify = async (token) => {
    const { payload } = await jwtVerify(token, set, options);
    if (payload.nonce !== nonce) throw new Error('nonce');
    return payload;
  };
  return { name: `jose ${WORDS[kind]}`, kind, verify };
}

function webCrypto(kind, alg, { keys }) {
  const [imported, used = imported] = WEBCRYPTO[alg];
  const verify = async ({ key, signature, input }) => crypto.subtle.verify(used, await key, signature, input);
  const { kty, n, e, crv, x, y } = keys[alg].jwk;
  const key = crypto.subtle.importKey('jwk', { kty, n, e, crv, x, y }, imported, false, ['verify']);
  const prepare = (token) => ({ key, ...parts(token) });
  return { name: `crypto.subtle ${WORDS[kind]}`, kind, signatureOnly: true, prepare, verify };
}

const WORDS = { sequential: 'one by one', parallel: '64 at once' };

/** Everything that runs everywhere. @param {{ idtoken: object, remote: object }} modules */
export async function everywhere({ idtoken, remote }, alg, material) {
  // Some engines do not have every algorithm; jose would say so at each token.
  await importJWK(material.keys[alg].jwk, alg);
  return [
    ours('idtoken', idtoken, alg, material),
    oursRemembering(remote, alg, material),
    jose('sequential', alg, material),
    jose('parallel', alg, material),
    webCrypto('sequential', alg, material),
    webCrypto('parallel', alg, material),
  ];
}

export const jwksOf = ({ jwk }) => JSON.stringify({ keys: [jwk] });

/** What is signed, and the signature. */
export function parts(token) {
  const end = token.lastIndexOf('.');
  const binary = atob(token.slice(end + 1).replaceAll('-', '+').replaceAll('_', '/'));
  return { input: new TextEncoder().encode(token.slice(0, end)), signature: Uint8Array.from(binary, (c) => c.charCodeAt(0)) };
}
