// The peers, each used as its own documentation tells a careful user to: every check of an ID Token it has an option for is
// on. `verify` throws or gives a falsy value where the peer refuses.
import { createPublicKey } from 'node:crypto';
import { verify as tsndr } from '@tsndr/cloudflare-worker-jwt';
import { JwtVerifier } from 'aws-jwt-verify';
import { createVerifier } from 'fast-jwt';
import * as jose from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import * as oauth from 'oauth4webapi';

const RSA = ['RS256', 'RS384', 'RS512'];
const PSS = ['PS256', 'PS384', 'PS512'];
const EC = ['ES256', 'ES384', 'ES512'];

const TYPES = { RS: 'RSA', PS: 'RSA', ES: 'EC', Ed: 'OKP' };

/** For peers that take one key, a careful caller's choice: named by the kid, for signatures, of the right type. */
function keyFor(jwks, { kid, alg }) {
  const fits = (key) =>
    (kid === undefined || key?.kid === kid) &&
    key.kty === TYPES[String(alg).slice(0, 2)] &&
    [undefined, 'sig'].includes(key.use) &&
    [undefined, alg].includes(key.alg);
  const found = JSON.parse(jwks).keys.filter(fits);
  if (found.length === 0 || (kid === undefined && found.length > 1)) throw new Error('no such key');
  return found[0];
}
const keyObject = (jwks, header) => createPublicKey({ key: keyFor(jwks, header), format: 'jwk' });

/** jose's documentation for sets with several fitting keys: try each. */
async function joseVerify(ask) {
  const options = {
    issuer: ask.issuer,
    audience: ask.audience,
    algorithms: ask.algorithms,
    clockTolerance: ask.tolerance,
    currentDate: new Date(ask.now * 1000),
    requiredClaims: ['sub', 'exp', 'iat'],
    ...(ask.maxTokenAge !== undefined && { maxTokenAge: ask.maxTokenAge }),
  };
  try {
    return await jose.jwtVerify(ask.token, jose.createLocalJWKSet(JSON.parse(ask.jwks)), options);
  } catch (error) {
    if (error?.code !== 'ERR_JWKS_MULTIPLE_MATCHING_KEYS') throw error;
    for await (const key of error) {
      try {
        return await jose.jwtVerify(ask.token, key, options);
      } catch (inner) {
        if (inner?.code !== 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED') throw inner;
      }
    }
    throw error;
  }
}

function jsonwebtokenVerify(ask) {
  return new Promise((resolve, reject) => {
    const getKey = (header, done) => {
      try {
        done(null, keyObject(ask.jwks, header));
      } catch (error) {
        done(error);
      }
    };
    const options = {
      issuer: ask.issuer,
      audience: ask.audience,
      algorithms: ask.algorithms,
      nonce: ask.nonce,
      clockTolerance: ask.tolerance,
      clockTimestamp: ask.now,
      ...(ask.maxTokenAge !== undefined && { maxAge: ask.maxTokenAge }),
    };
    jsonwebtoken.verify(ask.token, getKey, options, (error, payload) => (error ? reject(error) : resolve(payload)));
  });
}

function fastJwtVerify(ask) {
  const verify = createVerifier({
    key: async ({ header }) => keyObject(ask.jwks, header).export({ type: 'spki', format: 'pem' }),
    algorithms: ask.algorithms,
    allowedIss: ask.issuer,
    allowedAud: ask.audience,
    allowedNonce: ask.nonce,
    requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat', 'nonce'],
    clockTolerance: ask.tolerance * 1000,
    clockTimestamp: ask.now * 1000,
    ...(ask.maxTokenAge !== undefined && { maxAge: ask.maxTokenAge * 1000 }),
  });
  return verify(ask.token);
}

function awsVerify(ask) {
  const verifier = JwtVerifier.create({
    issuer: ask.issuer,
    audience: ask.audience,
    jwksUri: 'https://idp.example/jwks',
    graceSeconds: ask.tolerance,
    // The documented place for an allow-list, which has no option of its own.
    customJwtCheck: ({ header }) => {
      if (!ask.algorithms.includes(header.alg)) throw new Error('algorithm');
    },
  });
  verifier.cacheJwks(JSON.parse(ask.jwks));
  return verifier.verify(ask.token);
}

async function tsndrVerify(ask) {
  const header = jose.decodeProtectedHeader(ask.token);
  // It takes one algorithm, so the caller has to match the header to the list.
  const algorithm = ask.algorithms.includes(header.alg) ? header.alg : ask.algorithms[0];
  return tsndr(ask.token, keyFor(ask.jwks, header), { algorithm, clockTolerance: ask.tolerance });
}

/** Its way to an ID Token is a response of the token endpoint; the signature is a second, documented call. */
async function oauthVerify(ask) {
  const as = { issuer: ask.issuer, jwks_uri: 'https://idp.example/jwks', id_token_signing_alg_values_supported: ask.algorithms };
  const client = {
    client_id: ask.audience,
    ...(ask.algorithms.length === 1 && { id_token_signed_response_alg: ask.algorithms[0] }),
    [oauth.clockTolerance]: ask.tolerance,
  };
  const body = JSON.stringify({ access_token: 'unused', token_type: 'bearer', id_token: ask.token });
  const response = new Response(body, { headers: { 'content-type': 'application/json' } });
  const options = { expectedNonce: ask.nonce, ...(ask.maxAge !== undefined && { maxAge: ask.maxAge }) };
  const result = await oauth.processAuthorizationCodeResponse(as, client, response, options);
  const answer = () => new Response(ask.jwks, { headers: { 'content-type': 'application/json' } });
  await oauth.validateApplicationLevelSignature(as, response, { [oauth.customFetch]: async () => answer() });
  return oauth.getValidatedIdTokenClaims(result);
}

// checks: what the peer has an option or a check of its own for; algorithms: those of ours it has.
export const PEERS = [
  {
    name: 'jose', from: 'npm', verify: joseVerify, algorithms: [...RSA, ...PSS, ...EC, 'EdDSA', 'Ed25519'],
    checks: ['iss', 'aud', 'exp', 'nbf', 'sub', 'iat', 'age'],
    clock: 'option `currentDate`',
    how: '`jwtVerify` with `createLocalJWKSet`, `issuer`, `audience`, `algorithms`, `requiredClaims` sub, exp and iat, `maxTokenAge`; where several keys fit it tries each, as documented',
    notes: ['Its `typ` option demands a `typ`, which ID Tokens seldom have; it stays off. The nonce is left to the caller.'],
  },
  {
    name: 'oauth4webapi', from: 'npm', verify: oauthVerify, algorithms: [...RSA, ...PSS, ...EC, 'EdDSA', 'Ed25519'],
    checks: ['iss', 'aud', 'further audiences', 'azp', 'exp', 'nbf', 'sub', 'iat', 'auth_time', 'nonce'],
    clock: 'replaced `Date.now`: its `clockSkew` counts from the system clock',
    how: '`processAuthorizationCodeResponse` with `expectedNonce` and `maxAge`, then `validateApplicationLevelSignature`; the same code serves `openid-client`',
    notes: ['Several fitting keys are refused on purpose, and a further audience is accepted where `azp` names the client.'],
  },
  {
    name: 'jsonwebtoken', from: 'npm', verify: jsonwebtokenVerify, algorithms: [...RSA, ...PSS, ...EC],
    checks: ['iss', 'aud', 'exp', 'nbf', 'nonce', 'age'],
    clock: 'option `clockTimestamp`',
    how: '`verify` with a key callback by kid, `issuer`, `audience`, `algorithms`, `nonce`, `maxAge`',
    notes: ['No option makes `sub`, `exp` or `iat` mandatory; a missing one passes.'],
  },
  {
    name: 'fast-jwt', from: 'npm', verify: fastJwtVerify, algorithms: [...RSA, ...PSS, ...EC, 'EdDSA'],
    checks: ['iss', 'aud', 'exp', 'nbf', 'sub', 'iat', 'nonce', 'age'],
    clock: 'option `clockTimestamp`',
    how: '`createVerifier` with a key function by kid, `algorithms`, `allowedIss`, `allowedAud`, `allowedNonce`, `requiredClaims`, `maxAge`; no cache',
    notes: ['`requiredClaims` asks for presence only, which is how `sub` and `iat` can be demanded. `checkTyp` demands a `typ`; it stays off.'],
  },
  {
    name: 'aws-jwt-verify', from: 'npm', verify: awsVerify, algorithms: [...RSA, ...EC, 'EdDSA'],
    checks: ['iss', 'aud', 'exp', 'nbf'],
    clock: 'replaced `Date.now`: it reads the system clock',
    how: '`JwtVerifier` with `issuer`, `audience`, `graceSeconds` and `cacheJwks`; the allow-list in `customJwtCheck`',
    notes: ['It demands a kid on purpose, so tokens without one are refused. Absent claims other than iss and aud pass.'],
  },
  {
    name: '@tsndr/cloudflare-worker-jwt', from: 'npm', verify: tsndrVerify, algorithms: [...RSA, ...EC],
    checks: ['exp', 'nbf'],
    clock: 'replaced `Date.now`: it reads the system clock',
    how: '`verify` with the JWK that the kid names, `algorithm` and `clockTolerance`',
    notes: ['A small library that says what it does: signature, exp and nbf. Issuer, audience and nonce are left to the caller.'],
  },
  {
    name: 'jsonwebtoken', from: 'crate', batch: 'jsonwebtoken', algorithms: [...RSA, ...PSS, 'ES256', 'ES384', 'EdDSA'],
    checks: ['iss', 'aud', 'exp', 'nbf', 'sub', 'iat'],
    clock: 'replaced system clock: it takes no time',
    how: '`decode` into a typed struct of the claims an ID Token must have, `Validation` with issuer, audience, algorithms, required claims, nbf and `leeway`; the key that the kid names',
    notes: ['The nonce and the age are left to the caller.'],
  },
  {
    name: 'openidconnect', from: 'crate', batch: 'openidconnect', algorithms: [...RSA, ...PSS, 'ES256', 'ES384', 'EdDSA'],
    checks: ['iss', 'aud', 'further audiences', 'azp', 'exp', 'sub', 'iat', 'auth_time', 'nonce', 'typ'],
    clock: 'hook `set_time_fn`, which also carries the tolerance for exp',
    how: '`IdTokenVerifier::new_public_client` with the allowed algorithms and the hooks for `iat` and `auth_time`',
    notes: ['No option looks at nbf, which OpenID Connect does not require.'],
  },
];
