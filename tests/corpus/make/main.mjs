// Writes tests/corpus/*.json from cases/*.mjs. `--check` writes nothing and fails when a file is stale; `--count` writes
// nothing and says how many cases each rule and each code has.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { buildCase } from './build.mjs';
import { report } from './count.mjs';

const here = new URL('.', import.meta.url);
const out = new URL('../', here);
const count = process.argv.includes('--count');
const check = process.argv.includes('--check');

/** One case a line: a changed case is a changed line. Pure ASCII: a BOM or a look-alike shows as an escape. */
function render(about, cases) {
  const line = (value) =>
    JSON.stringify(value).replace(/[^\x20-\x7e]/g, (c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
  return `{"about":${line(about)},"cases":[\n${cases.map(line).join(',\n')}\n]}\n`;
}

const names = readdirSync(new URL('cases/', here)).filter((name) => name.endsWith('.mjs')).sort();
const seen = new Set();
const stale = [];
const all = [];
for (const name of names) {
  const { about, cases } = await import(new URL(`cases/${name}`, here));
  for (const { id } of cases) {
    if (seen.has(id)) throw new Error(`two cases are called ${id}`);
    seen.add(id);
  }
  const file = new URL(name.replace('.mjs', '.json'), out);
  const text = render(about, cases.map(buildCase));
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
    stale.push(file.pathname.split('/').at(-1));
    if (!check && !count) writeFileSync(file, text);
  }
  all.push(...cases);
  console.log(`${String(cases.length).padStart(4)} cases in ${name.replace('.mjs', '.json')}`);
}
for (const name of readdirSync(out).filter((name) => name.endsWith('.json'))) {
  if (!names.includes(name.replace('.json', '.mjs'))) throw new Error(`${name} has no cases/${name.replace('.json', '.mjs')}: remove it`);
}
console.log(`${String(all.length).padStart(4)} cases in all`);
if (count) console.log(`\n${report(all)}`);
if (check && stale.length) {
  console.error(`stale: ${stale.join(', ')}; run: node tests/corpus/make/main.mjs`);
  process.exit(1);
}
