// A second opinion on the written files, by OpenSSL and jose: a case that is accepted, or refused for
// a claim, must carry a good signature; a case that is refused for its signature must not.
import * as crypto from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { compactVerify, importJWK } from 'jose';
import { hashOf } from './sign.mjs';

const out = new URL('../', import.meta.url);
/** Codes decided behind the signature (stage 7 of the verifier). */
const CLAIM = /^(header_claim|sub|aud|azp|exp|nbf|iat|nonce|auth_time|acr|amr|at_hash|c_hash|s_hash|refresh|pair|logout|claim)_|^time_looks|^json_number_range$/;
const FORGED = /^signature_(invalid|length)$/;

function good({ header, input, signature }, jwk) {
  const { alg } = header;
  let key;
  try {
    key = crypto.createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return false;
  }
  const type = { RS: 'rsa', PS: 'rsa', ES: 'ec', Ed: 'ed25519' }[alg.slice(0, 2)];
  if (key.asymmetricKeyType !== type) return false;
  const { RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING } = crypto.constants;
  switch (alg.slice(0, 2)) {
    case 'RS': return crypto.verify(hashOf(alg), input, { key, padding: RSA_PKCS1_PADDING }, signature);
    case 'PS': return crypto.verify(hashOf(alg), input, { key, padding: RSA_PKCS1_PSS_PADDING, saltLength: Number(alg.slice(2)) / 8 }, signature);
    case 'ES': return crypto.verify(hashOf(alg), input, { key, dsaEncoding: 'ieee-p1363' }, signature);
    default: return crypto.verify(null, input, key, signature);
  }
}

const fills = (template, iss) => {
  const [before, after] = template.split(/\{\w+\}/);
  return after !== undefined && iss.startsWith(before) && iss.endsWith(after);
};

/** The keys of the set that the token's issuer chooses, without those that name another issuer. */
function keysOf({ jwks, policy }, iss) {
  const fits = ({ issuer, issuer_aliases: aliases = [] }) => [issuer, ...aliases].includes(iss) || fills(issuer, iss);
  const set = typeof jwks === 'string' ? jwks : jwks[[policy].flat().find(fits).issuer];
  const isOfAnother = (key) => typeof key?.issuer === 'string' && key.issuer !== iss && !fills(key.issuer, iss);
  return JSON.parse(set).keys.filter((key) => !isOfAnother(key));
}

const problems = [];
const count = { accept: 0, claim: 0, forged: 0, other: 0 };
for (const name of readdirSync(out).filter((n) => n.endsWith('.json'))) {
  for (const c of JSON.parse(readFileSync(new URL(name, out), 'utf8')).cases) {
    const kind = c.expect === 'accept' ? 'accept' : CLAIM.test(c.expect) ? 'claim' : FORGED.test(c.expect) ? 'forged' : 'other';
    count[kind]++;
    if (kind === 'other') continue;
    const [h, p, s] = c.token.split('.');
    const parsed = { header: JSON.parse(Buffer.from(h, 'base64url')), input: Buffer.from(`${h}.${p}`), signature: Buffer.from(s, 'base64url') };
    const keys = keysOf(c, JSON.parse(Buffer.from(p, 'base64url')).iss).filter((k) => k && (parsed.header.kid === undefined || k.kid === parsed.header.kid));
    const signers = keys.filter((key) => good(parsed, key));
    if ((signers.length > 0) !== (kind !== 'forged')) problems.push(`${c.id}: expect ${c.expect}, but OpenSSL says the signature is ${signers.length ? 'good' : 'bad'}`);
    if (kind !== 'accept') continue;
    const { kid, use, key_ops, alg, ...bare } = signers[0] ?? {};
    await compactVerify(c.token, await importJWK(bare, parsed.header.alg)).catch((e) => problems.push(`${c.id}: jose refuses: ${e.message}`));
  }
}
console.log(`signatures checked by OpenSSL: ${count.accept} accepted (by jose as well), ${count.claim} refused for a claim, ${count.forged} forged; not looked at: ${count.other}`);
for (const problem of problems) console.error(problem);
process.exit(problems.length ? 1 : 0);
