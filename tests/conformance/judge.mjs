// What the cases and tests prove of lists of rules, client tests and advisories. It reads no file, so that its own tests
// can show it lists that promise too much.

/** What a case says in one text: the code, `less` the codes of the keys that are left out, `with` its warnings. */
export const verdictOf = ({ expect, skipped = [], warnings = [] }) =>
  [expect, ...(skipped.length ? ['less', ...skipped] : []), ...(warnings.length ? ['with', ...warnings] : [])].join(' ');

/** The token is accepted with the whole key set as it is. */
const isAcceptance = (verdict) => /^accept(?! less)/.test(verdict);

/** `key` to the cases that have it. */
function index(cases, keysOf) {
  const found = new Map();
  for (const c of cases) for (const key of keysOf(c)) found.set(key, [...(found.get(key) ?? []), c]);
  return found;
}

/**
 * @param codes the core's own table: rule to its codes
 * @param whyNot why the test of this reference does not count, or nothing
 * @returns rows for the tables, what is wrong, and what is worth a look
 */
export function judge({ rules, modules, advisories, cases, codes, whyNot }) {
  const findings = [];
  const notes = [];
  const byId = new Map(cases.map((c) => [c.id, c]));
  const byRule = index(cases, ({ rule }) => [rule]);
  const bySource = index(cases, ({ from }) => from ?? []);
  if (codes.size === 0) findings.push('src/error/codes.rs shows no codes: the check of codes is broken');

  /** What there is for an entry, after a look whether it is really there. */
  function row(entry, own, check) {
    for (const id of entry.cases ?? []) if (!byId.has(id)) findings.push(`${entry.id} names the case ${id}, which does not exist`);
    const tests = entry.tests ?? [];
    for (const test of tests) {
      const reason = whyNot(test);
      if (reason) findings.push(`${entry.id} names the test ${test}, but ${reason}`);
    }
    const found = [...(own ?? []), ...(entry.cases ?? []).flatMap((id) => byId.get(id) ?? [])];
    return { entry, status: status(entry, found, tests, check), ids: found.map(({ id }) => id), tests };
  }

  function status(entry, found, tests, check) {
    if (entry.notYet && entry.notApplicable) findings.push(`${entry.id} is both not yet and not applicable`);
    if (entry.notApplicable) {
      if (found.length) findings.push(`${entry.id} is said not to apply, but ${found[0].id} tests it`);
      return 'not applicable';
    }
    if (entry.notYet) return 'not yet';
    if (!found.length && !tests.length) findings.push(`${entry.id} has neither a case nor a test: add one, or say notYet in tests/conformance`);
    check(entry, found);
    return 'tested';
  }

  /** Only what is said about the rule itself raises its codes for it: elsewhere a code may come for another reason. */
  function raisesItsCodes({ id, neverRaised = {} }, found) {
    const raised = new Set(found.flatMap(({ expect, warnings = [], skipped = [] }) => [expect, ...warnings, ...skipped]));
    const silent = (codes.get(id) ?? []).filter((code) => !raised.has(code));
    const missing = silent.filter((code) => !neverRaised[code]);
    if (missing.length) findings.push(`${id} counts as tested, but no case of it raises ${missing.join(', ')}`);
    for (const code of Object.keys(neverRaised)) if (!silent.includes(code)) findings.push(`${id} says that nothing raises ${code}, which is not so`);
  }

  /** The verdicts of its cases are the expected ones: each of them, and no other. */
  function saysAsExpected({ id, expects = [] }, found) {
    for (const c of found) if (!expects.includes(verdictOf(c))) findings.push(`${id}: the case ${c.id} says ${verdictOf(c)}, expected ${expects.join(' or ') || 'no case at all'}`);
    const said = new Set(found.map(verdictOf));
    for (const verdict of expects) if (!said.has(verdict)) findings.push(`${id} expects ${verdict}, which no case of it says`);
  }

  function isRefused(entry, found) {
    for (const verdict of (entry.expects ?? []).filter(isAcceptance)) findings.push(`${entry.id} is a fault of others, and must not expect ${verdict}`);
    saysAsExpected(entry, found);
  }

  function rows(entries, own, check) {
    const ids = entries.map(({ id }) => id);
    for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) findings.push(`${id} is listed twice`);
    return entries.map((entry) => row(entry, own.get(entry.id), check));
  }

  const tables = {
    rules: rows(rules, byRule, raisesItsCodes),
    modules: rows(modules, bySource, saysAsExpected),
    advisories: rows(advisories, bySource, isRefused),
  };

  for (const { entry: { id, notYet } } of tables.rules) {
    const own = codes.get(id) ?? [];
    const raised = new Set((byRule.get(id) ?? []).map(({ expect }) => expect));
    if (notYet && own.length && own.every((code) => raised.has(code))) notes.push(`${id}: every code of it is raised by a case of it; is it still not yet?`);
  }
  const listed = (entries) => new Set(entries.map(({ id }) => id));
  const [ruleIds, sources] = [listed(rules), listed([...modules, ...advisories])];
  for (const { id, rule } of cases) if (!ruleIds.has(rule)) findings.push(`the case ${id} names the rule ${rule}, which is not in rules.mjs`);
  for (const rule of codes.keys()) if (!ruleIds.has(rule)) findings.push(`codes belong to the rule ${rule}, which is not in rules.mjs`);
  for (const [source, [first]] of bySource) if (!sources.has(source)) findings.push(`the case ${first.id} comes from ${source}, which is in no list of tests/conformance`);
  return { tables, findings, notes };
}
