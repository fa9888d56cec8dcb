// main.mjs [--quick] [--runtime NAME] [--build NAME=WASM]...: measures, prints, and writes the page and its picture.
// Only a whole run writes docs/; the others write to target/bench. A build is another arithmetic for the table of Node.
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { chart } from './chart.mjs';
import { measureCold } from './cold.mjs';
import { makeKey, makeMaterial, NAMES } from './material.mjs';
import { page } from './page.mjs';
import { printRuntime, printTargets } from './print.mjs';
import { RUNTIMES, SCRATCH } from './runtimes.mjs';
import { judge } from './targets.mjs';

const options = { quick: { type: 'boolean', default: false }, runtime: { type: 'string' }, build: { type: 'string', multiple: true, default: [] } };
const { quick, runtime, build } = parseArgs({ options }).values;
if (runtime !== undefined && !Object.hasOwn(RUNTIMES, runtime)) {
  console.error(`there is no runtime ${runtime}; there are ${Object.keys(RUNTIMES).join(', ')}`);
  process.exit(2);
}

/** How long each part takes its time. A warm-up has to outlast the slow first compilation of wasm: 200 calls and more. */
const FEWER = ['RS256', 'ES256', 'EdDSA'];
const PLAN = quick
  ? { node: { rounds: 12, warmUp: 80 }, others: { algorithms: FEWER, rounds: 4, warmUp: 40 }, coldRuns: 2, memory: 5_000 }
  : { node: { rounds: 120, warmUp: 300 }, others: { rounds: 40, warmUp: 150 }, coldRuns: 21, memory: 1_000_000 };
const KEYS_EACH = 8;
/** Where the package has its files, and the one that Node starts from. */
const [DIST, ENTRY] = [dirname, basename].map((part) => part(fileURLToPath(import.meta.resolve('idtoken'))));

const wanted = runtime ? [runtime] : Object.keys(RUNTIMES);
const material = makeMaterial();
const found = { machine: machine(), plan: PLAN, tokenLengths: lengths(material), runtimes: [] };

for (const name of wanted) {
  console.log(`\n== bench: ${name}`);
  const isMain = name === 'node';
  const task = { material, settings: { algorithms: NAMES, ...(isMain ? PLAN.node : PLAN.others) } };
  if (isMain) Object.assign(task, { builds: build.map(withWasm), keys: freshKeys() });
  const result = await RUNTIMES[name].measure(task);
  if (!result) continue;
  if (isMain) found.node = result;
  else found.runtimes.push(result);
  printRuntime(result);
}
if (!runtime || runtime === 'node') {
  console.log('\n== bench: cold start');
  found.cold = await measureCold(material, { algorithms: FEWER, runs: PLAN.coldRuns });
}
if (!runtime) {
  console.log(`\n== bench: memory of ${PLAN.memory} verifications`);
  found.memory = JSON.parse(execFileSync(process.execPath, [here('memory.mjs'), String(PLAN.memory)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }));
  found.size = sizes();
}
found.targets = judge(found);
printTargets(found.targets);

const isWhole = !quick && !runtime;
const folder = isWhole ? here('../docs') : SCRATCH;
mkdirSync(SCRATCH, { recursive: true });
writeFileSync(join(SCRATCH, 'found.json'), JSON.stringify(found, null, 1));
if (found.node) {
  const file = join(folder, 'performance.md');
  writeFileSync(file, page(found, existsSync(file) ? readFileSync(file, 'utf8') : ''));
  writeFileSync(join(folder, 'performance.svg'), chart(found.node.algorithms));
  console.log(`\n${isWhole ? 'docs' : 'target/bench'}/performance.md and its picture are written`);
}

function here(path) {
  return fileURLToPath(new URL(path, import.meta.url));
}

function machine() {
  const [{ model }] = cpus();
  return { processor: model.trim(), cores: cpus().length, gigabytes: Math.round(totalmem() / 2 ** 30), system: `${process.platform} ${process.arch}` };
}

function lengths({ keys }) {
  return Object.fromEntries(Object.entries(keys).map(([alg, { tokens }]) => [alg, tokens[0].length]));
}

/** The package with another wasm in the place of each of its own. */
function withWasm(text, nth) {
  const at = text.indexOf('=');
  const folder = join(SCRATCH, 'builds', String(nth));
  cpSync(DIST, folder, { recursive: true });
  for (const file of wasmFiles()) copyFileSync(text.slice(at + 1), join(folder, file));
  return { name: text.slice(0, at), entry: join(folder, ENTRY) };
}

function wasmFiles() {
  return readdirSync(DIST).filter((name) => name.endsWith('.wasm'));
}

function freshKeys() {
  return Object.fromEntries(NAMES.filter((alg) => alg !== 'PS256').map((alg) => [alg, Array.from({ length: KEYS_EACH }, () => makeKey(alg, 1))]));
}

/** Each wasm with its glue, in bytes. */
function sizes() {
  const gzip = (files) => files.reduce((sum, file) => sum + gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length, 0);
  return wasmFiles().map((name) => ({ name, gzip: gzip([name, 'glue.js']) }));
}
