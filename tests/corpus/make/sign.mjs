// Signs with OpenSSL (RSA, Ed25519) and noble (ECDSA), so that the verifier under test
// never checks its own arithmetic. Every signature is a function of the key and the bytes alone.
import * as crypto from 'node:crypto';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';

/** Hash bits of an algorithm name; the Ed25519 spellings hash with SHA-512. */
export const hashOf = (alg) => (/^Ed/.test(alg) ? 'sha512' : `sha${alg.slice(2, 5)}`);
export const digest = (hash, bytes) => crypto.createHash(hash).update(bytes).digest();

export const CURVES = { ES256: p256, ES384: p384, ES512: p521, ES256K: secp256k1 };
export const FIELD_BYTES = { ES256: 32, ES384: 48, ES512: 66, ES256K: 32 };
export const curveOrder = (alg) => CURVES[alg].Point.Fn.ORDER;
/** 2^252 + 27742317777372353535851937790883648493, the order L of the Ed25519 base point. */
export const ED25519_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

export const toBigInt = (bytes) => BigInt('0x' + (Buffer.from(bytes).toString('hex') || '0'));
export const toBytes = (int, length) => Buffer.from(int.toString(16).padStart(2 * length, '0'), 'hex');

const privateKey = (jwk) => crypto.createPrivateKey({ key: jwk, format: 'jwk' });

/** RSASP1: encoded message to signature, with no padding of its own. */
export const rsaRaw = (jwk, em) =>
  crypto.privateEncrypt({ key: privateKey(jwk), padding: crypto.constants.RSA_NO_PADDING }, em);

const DIGEST_INFO = {
  sha1: '3021300906052b0e03021a05000414',
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
};

/** EMSA-PKCS1-v1_5 (RFC 8017, 9.2). The options bend it, for the cases that must be refused. */
export function emsaPkcs1(hash, message, length, { info = DIGEST_INFO[hash], type = 1, fill = 0xff, tail = '' } = {}) {
  const t = Buffer.concat([Buffer.from(info, 'hex'), digest(hash, message)]);
  const end = Buffer.from(tail, 'hex');
  const ps = Buffer.alloc(length - t.length - end.length - 3, fill);
  return Buffer.concat([Buffer.from([0, type]), ps, Buffer.from([0]), t, end]);
}

function mgf1(hash, seed, length) {
  const blocks = [];
  for (let i = 0; blocks.reduce((n, b) => n + b.length, 0) < length; i++) {
    blocks.push(digest(hash, Buffer.concat([seed, toBytes(BigInt(i), 4)])));
  }
  return Buffer.concat(blocks).subarray(0, length);
}

/** EMSA-PSS (RFC 8017, 9.1.1). The salt comes from the message hash, so the token is always the same. */
export function emsaPss(hash, message, bits, { saltLength, mgfHash = hash } = {}) {
  const mHash = digest(hash, message);
  const size = saltLength ?? mHash.length;
  const salt = mgf1(hash, Buffer.concat([Buffer.from('idtoken corpus salt'), mHash]), size);
  const h = digest(hash, Buffer.concat([Buffer.alloc(8), mHash, salt]));
  const emLength = Math.ceil((bits - 1) / 8);
  const db = Buffer.concat([Buffer.alloc(emLength - size - h.length - 2), Buffer.from([1]), salt]);
  const mask = mgf1(mgfHash, h, db.length);
  const masked = db.map((byte, i) => byte ^ mask[i]);
  masked[0] &= 0xff >> (8 * emLength - (bits - 1));
  return Buffer.concat([masked, h, Buffer.from([0xbc])]);
}

const modulusBytes = (jwk) => Buffer.from(jwk.n, 'base64url').length;

/** ECDSA with RFC 6979 nonces, raw r || s, checked against OpenSSL before it is believed. */
function ecdsa(alg, jwk, message) {
  const hash = hashOf(alg);
  const d = Buffer.from(jwk.d, 'base64url');
  const sig = Buffer.from(CURVES[alg].sign(digest(hash, message), d, { prehash: false, lowS: false }));
  if (!crypto.verify(hash, message, { key: privateKey(jwk), dsaEncoding: 'ieee-p1363' }, sig)) {
    throw new Error(`OpenSSL does not accept the ${alg} signature that noble made`);
  }
  return sig;
}

/** Signs `message` as `alg` does. `options` bend the padding of the RSA algorithms; `secret` is for HS*. */
export function sign(alg, jwk, message, { secret, ...options } = {}) {
  const hash = hashOf(alg);
  switch (alg.slice(0, 2)) {
    case 'HS': return crypto.createHmac(hash, secret).update(message).digest();
    case 'RS': return rsaRaw(jwk, emsaPkcs1(hash, message, modulusBytes(jwk), options));
    case 'PS': return rsaRaw(jwk, emsaPss(hash, message, 8 * modulusBytes(jwk), options));
    case 'ES': return ecdsa(alg, jwk, message);
    case 'Ed': return crypto.sign(null, message, privateKey(jwk));
    default: throw new Error(`no signer for ${alg}`);
  }
}

/** Raw r || s to the DER form that X.509 uses and JOSE forbids. */
export function derEcdsa(raw) {
  const integer = (bytes) => {
    const body = Buffer.from(toBigInt(bytes).toString(16).replace(/^(.(..)*)$/, '0$1'), 'hex');
    const value = body[0] & 0x80 ? Buffer.concat([Buffer.from([0]), body]) : body;
    return Buffer.concat([Buffer.from([2, value.length]), value]);
  };
  const half = raw.length / 2;
  const body = Buffer.concat([integer(raw.subarray(0, half)), integer(raw.subarray(half))]);
  const head = body.length < 128 ? [0x30, body.length] : [0x30, 0x81, body.length];
  return Buffer.concat([Buffer.from(head), body]);
}
