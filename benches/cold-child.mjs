// cold-child.mjs LIBRARY MODULE INPUT: in a fresh process, the milliseconds until the first token is verified.
import { readFileSync } from 'node:fs';

const [, , library, module, input] = process.argv;
const { issuer, clientId, nonce, alg, jwks, token } = JSON.parse(readFileSync(input, 'utf8'));
const times = [performance.now()];
const lap = () => times.push(performance.now());

if (library === 'idtoken') {
  const { KeySet, Verifier } = await import(module);
  lap();
  const keys = new KeySet(jwks);
  const verifier = new Verifier({ issuer, clientId, algorithms: [alg] });
  lap();
  verifier.verify(token, keys, { nonce });
} else {
  const { createLocalJWKSet, jwtVerify } = await import(module);
  lap();
  const keys = createLocalJWKSet(JSON.parse(jwks));
  lap();
  const { payload } = await jwtVerify(token, keys, { issuer, audience: clientId, algorithms: [alg], requiredClaims: ['sub', 'exp', 'iat'] });
  if (payload.nonce !== nonce) throw new Error('nonce');
}
lap();
console.log(JSON.stringify(times.slice(1).map((time, at) => time - times[at])));
