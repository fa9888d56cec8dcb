// What a key costs that was never seen, in a process that is warm, and a token that is refused before its signature.
import { createPublicKey, verify as opensslVerify } from 'node:crypto';
import { createVerifier } from 'fast-jwt';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { jwksOf, parts } from './candidates.mjs';
import { interleave } from './interleave.mjs';

const HASHES = { RS256: 'sha256', ES256: 'sha256', ES384: 'sha384', EdDSA: null };

/** @param {Record<string, { jwk: object, tokens: string[] }[]>} keys several of each algorithm */
export async function measureKeys(idtoken, keys, material, { rounds, warmUp }) {
  const found = {};
  for (const [alg, ofAlg] of Object.entries(keys)) {
    found[alg] = await interleave(candidates(idtoken, alg, ofAlg, material), { rounds, warmUp });
  }
  return found;
}

function candidates({ KeySet, Verifier }, alg, keys, { issuer, clientId, nonce }) {
  const verifier = new Verifier({ issuer, clientId, algorithms: [alg] });
  const prepared = keys.map((key) => ({ jwk: key.jwk, jwks: jwksOf(key), token: key.tokens[0], ...parts(key.tokens[0]) }));
  const of = (at) => prepared[at % prepared.length];
  const { token, signature } = prepared[0];
  const refused = unsupported(token);
  const bad = withSignature(token, signature.map((byte, at) => byte ^ (at === signature.length - 9 ? 1 : 0)));
  const short = withSignature(token, signature.slice(0, -1));
  const set = new KeySet(prepared[0].jwks);
  const fast = createVerifier({ key: keys[0].pem, algorithms: [alg], allowedIss: issuer, allowedAud: clientId });
  const local = createLocalJWKSet({ keys: [keys[0].jwk] });
  const options = { issuer, audience: clientId, algorithms: [alg] };
  return [
    { name: 'idtoken, import', kind: 'sync', call: (at) => new KeySet(of(at).jwks).free() },
    { name: 'node:crypto, import', kind: 'sync', call: (at) => createPublicKey({ key: of(at).jwk, format: 'jwk' }) },
    {
      name: 'idtoken, import and first verification', kind: 'sync',
      call: (at) => {
        const fresh = new KeySet(of(at).jwks);
        verifier.verify(of(at).token, fresh, { nonce });
        fresh.free();
      },
    },
    {
      name: 'node:crypto, import and first verification', kind: 'sync',
      call: (at) => {
        const { jwk, input, signature } = of(at);
        const key = createPublicKey({ key: jwk, format: 'jwk' });
        if (!opensslVerify(HASHES[alg], input, { key, dsaEncoding: 'ieee-p1363' }, signature)) throw new Error('refused');
      },
    },
    { name: 'idtoken, verification', kind: 'sync', call: () => verifier.verify(token, set, { nonce }) },
    { name: 'idtoken, wrong signature', kind: 'sync', call: () => refuses(() => verifier.verify(bad, set, { nonce })) },
    { name: 'idtoken, signature too short', kind: 'sync', call: () => refuses(() => verifier.verify(short, set, { nonce })) },
    { name: 'idtoken, refusal', kind: 'sync', call: () => refuses(() => verifier.verify(refused, set, { nonce })) },
    { name: 'fast-jwt, refusal', kind: 'sync', call: () => refuses(() => fast(refused)) },
    { name: 'jose, refusal', kind: 'sequential', call: () => jwtVerify(refused, local, options).then(accepted, () => {}) },
  ];
}

function withSignature(token, signature) {
  return `${token.slice(0, token.lastIndexOf('.') + 1)}${Buffer.from(signature).toString('base64url')}`;
}

/** The same token with an algorithm that the verifier does not allow. */
function unsupported(token) {
  const header = JSON.parse(atob(token.slice(0, token.indexOf('.')).replaceAll('-', '+').replaceAll('_', '/')));
  const changed = btoa(JSON.stringify({ ...header, alg: 'HS256' })).replaceAll('=', '').replaceAll('+', '-').replaceAll('/', '_');
  return changed + token.slice(token.indexOf('.'));
}

function refuses(work) {
  try {
    work();
  } catch {
    return;
  }
  accepted();
}

function accepted() {
  throw new Error('a bad token was accepted');
}
