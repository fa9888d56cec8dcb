// Puts the corpus to other libraries and writes docs/comparison.md: node compare.mjs RUST_PROGRAM OUTPUT
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { load } from './cases.mjs';
import { page } from './page.mjs';
import { PEERS } from './peers.mjs';

const [program, output] = process.argv.slice(2);
if (!output) throw new Error('usage: node compare.mjs RUST_PROGRAM OUTPUT');

const here = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
const lock = here('rust/Cargo.lock');

function versionOf({ name, from }) {
  if (from === 'npm') return JSON.parse(here(`node_modules/${name}/package.json`)).version;
  return lock.match(new RegExp(`name = "${name}"\nversion = "([^"]+)"`))[1];
}

/** The answers of a peer in this process: id to accepted. */
async function inProcess({ verify }, asks) {
  const answers = {};
  const realNow = Date.now;
  for (const ask of asks) {
    // For the peers that read the clock; the others are told the same time.
    Date.now = () => ask.now * 1000;
    try {
      answers[ask.id] = Boolean(await verify(ask));
    } catch {
      answers[ask.id] = false;
    }
  }
  Date.now = realNow;
  return answers;
}

function inProgram({ batch }, asks) {
  const run = spawnSync(program, [batch], { input: JSON.stringify(asks), maxBuffer: 1 << 26 });
  if (run.status !== 0) throw new Error(`${program} ${batch}: ${run.error ?? run.stderr}`);
  const panics = [...String(run.stderr).matchAll(/^panic: (.+)$/gm)].map(([, id]) => ({ id }));
  return [JSON.parse(run.stdout), panics];
}

const { asks, total } = load();
const peers = [];
for (const peer of PEERS) {
  const [answers, panics] = peer.batch ? inProgram(peer, asks) : [await inProcess(peer, asks), []];
  const missing = asks.filter(({ id }) => typeof answers[id] !== 'boolean');
  if (missing.length) throw new Error(`${peer.name} said nothing about ${missing[0].id}`);
  // A peer that accepts nothing was called wrongly, and would look strict.
  if (!answers.default) throw new Error(`${peer.name} refuses the default token: it is not called as it should be`);
  peers.push({ ...peer, version: versionOf(peer), answers, panics });
  console.log(`${peer.from} ${peer.name}: done`);
}
writeFileSync(output, page(peers, asks, total));
console.log(`${output} is written`);
