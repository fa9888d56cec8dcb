// `cargo xtask conformance`: what the corpus proves of the rules, of the OpenID Foundation's client tests and of published
// advisories. "Tested" is never believed: it is derived from the cases and from the names in the files of tests.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { ADVISORIES } from './advisories.mjs';
import { MODULES } from './modules.mjs';
import { RULES } from './rules.mjs';

const ROOT = new URL('../../', import.meta.url);
const CORPUS = new URL('tests/corpus/', ROOT);
/** As many ids as fit a line; the rest is counted. */
const SHOWN = 4;

const findings = [];
/** Worth a look, but no fault. */
const notes = [];

const cases = readdirSync(CORPUS)
  .filter((name) => name.endsWith('.json'))
  .flatMap((name) => JSON.parse(readFileSync(new URL(name, CORPUS), 'utf8')).cases);
const byId = new Map(cases.map((c) => [c.id, c]));

/** `key` to the cases that have it. */
function index(keysOf) {
  const found = new Map();
  for (const c of cases) for (const key of keysOf(c)) found.set(key, [...(found.get(key) ?? []), c.id]);
  return found;
}
const byRule = index(({ rule }) => [rule]);
const bySource = index(({ from }) => from ?? []);

/** Rule to its codes, from the core's own table, and the codes that some case raises. */
const codesOf = new Map();
const codeTable = readFileSync(new URL('src/error/codes.rs', ROOT), 'utf8');
for (const [, code, rule] of codeTable.matchAll(/^ {4}[A-Z]\w+ "([a-z0-9_]+)" "(R\d+)"/gm)) {
  codesOf.set(rule, [...(codesOf.get(rule) ?? []), code]);
}
if (codesOf.size === 0) findings.push('src/error/codes.rs shows no codes: the check of codes is broken');
const raised = new Set(cases.flatMap(({ expect, warnings = [], skipped = [] }) => [expect, ...warnings, ...skipped]));

/** Whether a test of this name stands in this file: `path: name`. */
function testExists(reference) {
  const [path, ...rest] = reference.split(': ');
  const name = rest.join(': ');
  const file = new URL(path, ROOT);
  if (!name || !existsSync(file)) return false;
  const text = readFileSync(file, 'utf8');
  if (path.endsWith('.rs')) return new RegExp(`#\\[test\\]\\s+fn ${name}\\(`).test(text);
  return ["'", '"', '`'].some((quote) => text.includes(`test(${quote}${name}${quote}`));
}

/** What there is for an entry, after a look whether it is really there. */
function evidence(entry, own) {
  for (const id of entry.cases ?? []) if (!byId.has(id)) findings.push(`${entry.id} names the case ${id}, which does not exist`);
  for (const test of entry.tests ?? []) if (!testExists(test)) findings.push(`${entry.id} names the test ${test}, which does not exist`);
  return { ids: [...own, ...(entry.cases ?? [])], tests: entry.tests ?? [] };
}

function status(entry, { ids, tests }) {
  if (entry.notYet && entry.notApplicable) findings.push(`${entry.id} is both not yet and not applicable`);
  if (entry.notApplicable) {
    if (ids.length) findings.push(`${entry.id} is said not to apply, but ${ids[0]} tests it`);
    return 'not applicable';
  }
  const codes = codesOf.get(entry.id) ?? [];
  const silent = codes.filter((code) => !raised.has(code));
  if (entry.notYet) {
    if (codes.length && !silent.length) notes.push(`${entry.id}: every code of it is raised by a case; is it still not yet?`);
    return 'not yet';
  }
  if (silent.length && !tests.length) findings.push(`${entry.id} counts as tested, but no case raises ${silent.join(', ')}`);
  if (!ids.length && !tests.length) findings.push(`${entry.id} has neither a case nor a test: add one, or say notYet in tests/conformance`);
  return 'tested';
}

const counted = (number, word) => `${number} ${word}${number === 1 ? '' : 's'}`;
const listed = (ids) => (ids.length > SHOWN ? `${ids.slice(0, SHOWN).join(' ')} and ${ids.length - SHOWN} more` : ids.join(' '));

/** Prints a table and gives how many entries there are of each status. */
function table(title, entries, own, describe) {
  console.log(`\n== ${title}\n`);
  const width = Math.max(...entries.map(({ id }) => id.length));
  const totals = { tested: 0, 'not yet': 0, 'not applicable': 0 };
  const seen = new Set();
  for (const entry of entries) {
    if (seen.has(entry.id)) findings.push(`${entry.id} is listed twice`);
    seen.add(entry.id);
    const found = evidence(entry, own.get(entry.id) ?? []);
    const word = status(entry, found);
    totals[word]++;
    console.log(`${entry.id.padEnd(width)}  ${word.padEnd(14)}  ${describe(entry, found)}`);
  }
  console.log(`\n${totals.tested} tested, ${totals['not yet']} not yet, ${totals['not applicable']} not applicable`);
}

const why = ({ notYet, notApplicable }) => [notYet ?? notApplicable].filter(Boolean);

table('The rules, and how many cases test each', RULES, byRule, (rule, { ids, tests }) =>
  [rule.title, ...why(rule), ...(ids.length ? [counted(ids.length, 'case')] : []), ...tests].join('; '));

const sourced = (entry, { ids, tests }) =>
  [...(entry.what ? [entry.what] : []), ...why(entry), ...(ids.length ? [listed(ids)] : []), ...tests].join('; ');
table("The OpenID Foundation's client tests, and the cases with their mutations", MODULES, bySource, sourced);
table('Advisories, and the cases with their attacks', ADVISORIES, bySource, sourced);

const rules = new Set(RULES.map(({ id }) => id));
const sources = new Set([...MODULES, ...ADVISORIES].map(({ id }) => id));
for (const { id, rule } of cases) if (!rules.has(rule)) findings.push(`the case ${id} names the rule ${rule}, which is not in rules.mjs`);
for (const [source, ids] of bySource) if (!sources.has(source)) findings.push(`the case ${ids[0]} comes from ${source}, which is in no list of tests/conformance`);

console.log('');
for (const note of notes) console.log(`note: ${note}`);
for (const finding of findings) console.error(finding);
process.exit(findings.length ? 1 : 0);
