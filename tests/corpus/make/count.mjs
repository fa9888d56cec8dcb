// What the corpus covers: how many cases each rule and each code has, and which have none.
import { readFileSync } from 'node:fs';

const LAST_RULE = 124;

/** The names of src/error/codes.rs, in its order: the second column of its table. */
function knownCodes() {
  const table = readFileSync(new URL('../../../src/error/codes.rs', import.meta.url), 'utf8');
  return [...table.matchAll(/^ {4}[A-Z]\w+ "([a-z0-9_]+)" "R\d+"/gm)].map(([, name]) => name);
}

/** A case raises the code of its refusal, its warnings, and the codes of the keys left out of its set. */
const raised = ({ expect, warnings = [], skipped = [] }) => new Set([expect, ...warnings, ...skipped]);

function table(title, names, counts) {
  const cells = names.map((name) => `${String(counts.get(name) ?? 0).padStart(4)} ${name}`);
  const width = Math.max(...cells.map((cell) => cell.length)) + 1;
  const columns = Math.max(1, Math.min(cells.length, Math.floor(120 / width)));
  const height = Math.ceil(cells.length / columns);
  const lines = Array.from({ length: height }, (_, row) => cells.filter((_, i) => i % height === row));
  return [title, ...lines.map((line) => line.map((cell) => cell.padEnd(width)).join('').trimEnd())].join('\n');
}

export function report(cases) {
  const rules = new Map();
  const codes = new Map();
  const add = (counts, name) => counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const c of cases) {
    add(rules, c.rule);
    for (const code of raised(c)) add(codes, code);
  }
  const allRules = Array.from({ length: LAST_RULE }, (_, i) => `R${i + 1}`);
  const allCodes = ['accept', ...knownCodes()];
  for (const [counts, all] of [[rules, allRules], [codes, allCodes]]) {
    for (const name of counts.keys()) if (!all.includes(name)) throw new Error(`there is no ${name}`);
  }
  const none = (all, counts) => all.filter((name) => !counts.has(name)).join(', ') || 'none';
  return [
    table('cases per rule', allRules.filter((name) => rules.has(name)), rules),
    `without a case: ${none(allRules, rules)}`,
    '',
    table('cases per code (one case may raise several)', allCodes.filter((name) => codes.has(name)), codes),
    `not raised: ${none(allCodes, codes)}`,
  ].join('\n');
}
