// What the case tables share: the names of the default case, the test keys, and small text makers.
import * as crypto from 'node:crypto';
import { readFileSync } from 'node:fs';

export const NOW = 1_800_000_000;
export const ISS = 'https://idp.example';
export const CLIENT = 'my-client';
export const NONCE = 'n-0S6_WzA2Mj';
export const SUB = '248289761001';
export const DAY = 86_400;
/** The event that makes a logout token. */
export const LOGOUT = 'http://schemas.openid.net/event/backchannel-logout';

const stored = JSON.parse(readFileSync(new URL('./keys.json', import.meta.url), 'utf8')).keys;
const byKid = new Map(stored.map((key) => [key.kid, key]));

export function privateJwk(kid) {
  const key = byKid.get(kid);
  if (!key) throw new Error(`keys.json has no key ${kid}`);
  return key;
}

/** Lays `changes` over `base`; `undefined` removes a member. */
export function merge(base, changes = {}) {
  const out = { ...base, ...changes };
  for (const name of Object.keys(out)) if (out[name] === undefined) delete out[name];
  return out;
}

const PUBLIC = ['kid', 'kty', 'crv', 'x', 'y', 'n', 'e'];
/** The public JWK of a test key as a provider would publish it, with changes. */
export function jwk(kid, changes) {
  const key = privateJwk(kid);
  const members = Object.fromEntries(PUBLIC.filter((name) => name in key).map((name) => [name, key[name]]));
  return merge({ ...members, use: 'sig' }, changes);
}

export const publicKey = (kid) => crypto.createPublicKey({ key: jwk(kid), format: 'jwk' });
export const pem = (kid) => publicKey(kid).export({ type: 'spki', format: 'pem' });
export const der = (kid) => publicKey(kid).export({ type: 'spki', format: 'der' });

export const b64u = (data) => Buffer.from(data).toString('base64url');
export const sha256 = (text) => crypto.createHash('sha256').update(text).digest();
/** at_hash and its relatives: the left half of the hash of the ASCII text. */
export function leftHalf(hash, text) {
  const full = crypto.createHash(hash).update(text, 'ascii').digest();
  return b64u(full.subarray(0, full.length / 2));
}

/** `[[[...]]]`, `depth` levels. */
export const nestedArrays = (depth) => '['.repeat(depth) + ']'.repeat(depth);
/** `{"a":{"a":...{}}}`, `depth` levels. */
export const nestedObjects = (depth) => '{"a":'.repeat(depth - 1) + '{}' + '}'.repeat(depth - 1);
/** Puts raw member text in front of the members of an object text. */
export const withMember = (member) => (text) => text.replace('{', `{${member},`);
/** `count` members named m0, m1, ... */
export const manyMembers = (count) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`m${i}`, i]));

/** Sets an unused trailing bit in the last character of a base64url segment. */
export function trailingBit(segment) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  if (segment.length % 4 < 2) throw new Error('this segment has no unused bits');
  return segment.slice(0, -1) + alphabet[alphabet.indexOf(segment.at(-1)) | 1];
}

export const flipBit = (bytes, index = bytes.length - 1) => {
  const copy = Buffer.from(bytes);
  copy[index] ^= 1;
  return copy;
};
