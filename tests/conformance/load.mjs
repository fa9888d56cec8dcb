// What judge.mjs judges: the lists beside this file, the corpus, the core's table of codes, and the files of tests.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { ADVISORIES } from './advisories.mjs';
import { whyNot } from './declared.mjs';
import { MODULES } from './modules.mjs';
import { RULES } from './rules.mjs';

const ROOT = new URL('../../', import.meta.url);
const CORPUS = new URL('tests/corpus/', ROOT);

function read(path) {
  const file = new URL(path, ROOT);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

export function load() {
  const cases = readdirSync(CORPUS)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => JSON.parse(readFileSync(new URL(name, CORPUS), 'utf8')).cases);
  const codes = new Map();
  for (const [, code, rule] of read('src/error/codes.rs').matchAll(/^ {4}[A-Z]\w+ "([a-z0-9_]+)" "(R\d+)"/gm)) {
    codes.set(rule, [...(codes.get(rule) ?? []), code]);
  }
  return { rules: RULES, modules: MODULES, advisories: ADVISORIES, cases, codes, whyNot: (reference) => whyNot(reference, read) };
}
