// Tokens like those that providers issue, of every algorithm that is measured: made once, and given to every runtime as JSON.
import { createPublicKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';

export const ISSUER = 'https://login.idp.example/tenants/9c1f6b1e';
export const CLIENT = '7f3b2c52-4a4e-4bb7-8d4c-0a7d1b6a9f10';
export const NONCE = 'n-0S6_WzA2Mj1c9f4b7d2e';

const base64url = (value) => Buffer.from(value).toString('base64url');
const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = (namedCurve) => () => generateKeyPairSync('ec', { namedCurve });
const plain = (hash, dsaEncoding) => (input, key) => sign(hash, input, { key, dsaEncoding });

const ALGORITHMS = {
  RS256: { pair: rsa, sign: plain('sha256') },
  // 6 is RSA_PKCS1_PSS_PADDING.
  PS256: { pair: rsa, sign: (input, key) => sign('sha256', input, { key, padding: 6, saltLength: 32 }) },
  ES256: { pair: ec('P-256'), sign: plain('sha256', 'ieee-p1363') },
  ES384: { pair: ec('P-384'), sign: plain('sha384', 'ieee-p1363') },
  EdDSA: { pair: () => generateKeyPairSync('ed25519'), sign: plain(null) },
};
export const NAMES = Object.keys(ALGORITHMS);

/** One key as the peers want it, and distinct tokens that it signed. */
export function makeKey(alg, tokens, { issuer = ISSUER, now = Math.floor(Date.now() / 1000) } = {}) {
  const { privateKey, publicKey } = ALGORITHMS[alg].pair();
  const kid = randomUUID();
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' };
  const header = base64url(JSON.stringify({ alg, kid, typ: 'JWT' }));
  const token = () => {
    const input = `${header}.${base64url(JSON.stringify(claims(issuer, now)))}`;
    return `${input}.${base64url(ALGORITHMS[alg].sign(Buffer.from(input), privateKey))}`;
  };
  return { jwk, pem: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }), tokens: Array.from({ length: tokens }, token) };
}

/** Eighteen claims, so that a token has about a thousand characters. */
function claims(iss, now) {
  return {
    iss, sub: randomUUID(), aud: CLIENT, azp: CLIENT, iat: now, nbf: now, exp: now + 3600, auth_time: now - 20,
    nonce: NONCE, sid: randomUUID(), jti: randomUUID(), name: 'Alexandra Müller-Santos', given_name: 'Alexandra',
    family_name: 'Müller-Santos', email: 'alexandra.mueller-santos@mail.example', email_verified: true, locale: 'de-DE',
    picture: `https://cdn.idp.example/avatars/${randomUUID()}/256.png`,
  };
}

/** All that a runtime is given. */
export function makeMaterial(tokens = 64) {
  const keys = Object.fromEntries(NAMES.map((alg) => [alg, makeKey(alg, tokens)]));
  return { issuer: ISSUER, clientId: CLIENT, nonce: NONCE, keys };
}
