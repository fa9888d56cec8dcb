// Cold start: load, key set-up and first verification, each time in a fresh Node process, by turns.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { jwksOf } from './candidates.mjs';
import { SCRATCH } from './runtimes.mjs';
import { seeded, shuffled, summary } from './statistics.mjs';

const CHILD = fileURLToPath(new URL('cold-child.mjs', import.meta.url));
const FOLDER = join(SCRATCH, 'cold');

/** @returns {Promise<Record<string, Record<string, object>>>} by algorithm and candidate: milliseconds, of the parts and in all */
export async function measureCold({ issuer, clientId, nonce, keys }, { algorithms, runs }) {
  const candidates = [
    { name: 'idtoken, bundled', library: 'idtoken', module: await bundled('idtoken', 'export { KeySet, Verifier } from "idtoken"') },
    { name: 'jose, bundled', library: 'jose', module: await bundled('jose', 'export { createLocalJWKSet, jwtVerify } from "jose"') },
    { name: 'idtoken, as installed', library: 'idtoken', module: 'idtoken' },
    { name: 'jose, as installed', library: 'jose', module: 'jose' },
  ];
  const input = join(FOLDER, 'input.json');
  const random = seeded(1);
  const found = {};
  for (const alg of algorithms) {
    const { tokens: [token] } = keys[alg];
    writeFileSync(input, JSON.stringify({ issuer, clientId, nonce, alg, jwks: jwksOf(keys[alg]), token }));
    const taken = Object.fromEntries(candidates.map(({ name }) => [name, []]));
    // The first round fills the file cache.
    for (let run = -1; run < runs; run++) {
      for (const { name, library, module } of shuffled(candidates, random)) {
        const times = JSON.parse(execFileSync(process.execPath, [CHILD, library, module, input], { encoding: 'utf8' }));
        if (run >= 0) taken[name].push([...times, times.reduce((sum, time) => sum + time, 0)]);
      }
    }
    found[alg] = Object.fromEntries(Object.entries(taken).map(([name, list]) => [name, ofParts(list)]));
  }
  return found;
}

function ofParts(list) {
  const [load, keys, verify, all] = [0, 1, 2, 3].map((part) => summary(list.map((times) => times[part])));
  return { load, keys, verify, all };
}

/** A library as one minified file, with the wasm that it reads from its own folder. */
async function bundled(name, contents) {
  const folder = join(FOLDER, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, 'bundle.mjs');
  const resolveDir = dirname(CHILD);
  await build({ stdin: { contents, resolveDir }, outfile, bundle: true, minify: true, format: 'esm', platform: 'node', logLevel: 'error' });
  if (name === 'idtoken') {
    const dist = dirname(fileURLToPath(import.meta.resolve('idtoken')));
    for (const file of readdirSync(dist)) if (file.endsWith('.wasm')) copyFileSync(join(dist, file), join(folder, file));
  }
  return outfile;
}
