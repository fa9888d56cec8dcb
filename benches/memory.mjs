// memory.mjs COUNT: so many verifications against the keys of 20 issuers, and the size of the wasm memory on the way.
import { makeKey, CLIENT, NONCE } from './material.mjs';

let memory;
const { Instance } = WebAssembly;
WebAssembly.Instance = class {
  constructor(...values) {
    const instance = new Instance(...values);
    memory = instance.exports.memory;
    return instance;
  }
};
const { KeySet, Verifier } = await import('idtoken');
WebAssembly.Instance = Instance;

const ISSUERS = 20;
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA', 'ES384'];
/** It takes longest, and its tables are built after some tokens. */
const RARE = 'ES384';
const SELDOM = 50;
const TOKENS = 8;
/** How often the memory is looked at. */
const LOOKS = 10;

const count = Number(process.argv[2]);
const issuers = Array.from({ length: ISSUERS }, (_, nth) => {
  const issuer = `https://idp-${nth}.example`;
  return { issuer, keys: ALGORITHMS.map((alg) => makeKey(alg, TOKENS, { issuer })) };
});
const verifier = new Verifier(issuers.map(({ issuer }) => ({ issuer, clientId: CLIENT, algorithms: ALGORITHMS })));
const sets = Object.fromEntries(issuers.map(({ issuer, keys }) => [issuer, new KeySet(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }))]));
const tokens = (isWanted) => issuers.flatMap(({ keys }) => keys.filter((_, at) => isWanted(ALGORITHMS[at])).flatMap((key) => key.tokens));
const common = tokens((alg) => alg !== RARE);
const rare = tokens((alg) => alg === RARE);

const looks = [];
for (let done = 1; done <= count; done++) {
  const list = done % SELDOM === 0 ? rare : common;
  verifier.verify(list[(done % SELDOM === 0 ? done / SELDOM : done) % list.length], sets, { nonce: NONCE });
  if (done % Math.ceil(count / LOOKS) === 0 || done === count) {
    looks.push({ done, bytes: memory.buffer.byteLength });
    console.error(`${done} verifications, ${memory.buffer.byteLength} bytes of wasm memory`);
  }
}
console.log(JSON.stringify({ count, issuers: ISSUERS, keys: ISSUERS * ALGORITHMS.length, looks }));
