// Who is measured besides where there is `node:crypto`: OpenSSL itself, and the packages that call it.
import { createPublicKey, verify as opensslVerify } from 'node:crypto';
import { JwtVerifier } from 'aws-jwt-verify';
import { createVerifier } from 'fast-jwt';
import jsonwebtoken from 'jsonwebtoken';
import { parts } from './candidates.mjs';

const HASHES = { RS256: 'sha256', PS256: 'sha256', ES256: 'sha256', ES384: 'sha384', EdDSA: null };
/** 6 is RSA_PKCS1_PSS_PADDING. */
const PSS = { padding: 6, saltLength: 32 };

function openssl(alg, { keys }) {
  const key = createPublicKey({ key: keys[alg].jwk, format: 'jwk' });
  const how = { key, dsaEncoding: 'ieee-p1363', ...(alg.startsWith('PS') && PSS) };
  const verify = ({ input, signature }) => opensslVerify(HASHES[alg], input, how, signature);
  return { name: 'node:crypto', kind: 'sync', signatureOnly: true, prepare: parts, verify };
}

function fastJwt(cache, alg, { issuer, clientId, nonce, keys }) {
  const verify = createVerifier({
    key: keys[alg].pem,
    algorithms: [alg],
    allowedIss: issuer,
    allowedAud: clientId,
    allowedNonce: nonce,
    requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat', 'nonce'],
    cache,
  });
  return { name: cache ? 'fast-jwt same tokens again' : 'fast-jwt', again: cache, kind: 'sync', verify };
}

function jsonWebToken(alg, { issuer, clientId, nonce, keys }) {
  const key = createPublicKey({ key: keys[alg].jwk, format: 'jwk' });
  const options = { issuer, audience: clientId, algorithms: [alg], nonce };
  return { name: 'jsonwebtoken', kind: 'sync', verify: (token) => jsonwebtoken.verify(token, key, options) };
}

function aws(alg, { issuer, clientId, nonce, keys }) {
  const verifier = JwtVerifier.create({
    issuer,
    audience: clientId,
    jwksUri: `${issuer}/jwks`,
    customJwtCheck: ({ header, payload }) => {
      if (header.alg !== alg || payload.nonce !== nonce) throw new Error('alg or nonce');
    },
  });
  verifier.cacheJwks({ keys: [keys[alg].jwk] });
  return { name: 'aws-jwt-verify', kind: 'sync', verify: (token) => verifier.verifySync(token) };
}

/** Each of them, where it has the algorithm. */
export function withNodeCrypto(alg, material) {
  return [
    openssl(alg, material),
    fastJwt(false, alg, material),
    fastJwt(true, alg, material),
    ...(alg === 'EdDSA' ? [] : [jsonWebToken(alg, material)]),
    ...(alg === 'PS256' ? [] : [aws(alg, material)]),
  ];
}
