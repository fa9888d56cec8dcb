// The program that says what is tested, shown lists and cases that promise too much.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from './judge.mjs';
import { load } from './load.mjs';

/** Lists in order, with changes; of the tests only `there` exists. */
const judged = (changes) => judge({
  rules: [{ id: 'R1', tests: ['there'] }, { id: 'R2' }],
  modules: [{ id: 'suite-good', expects: ['accept'] }, { id: 'suite-iss', expects: ['iss_mismatch'] }],
  advisories: [{ id: 'CVE-1', expects: ['alg_none'] }],
  cases: [
    { id: 'good', rule: 'R1', from: ['suite-good'], expect: 'accept' },
    { id: 'iss', rule: 'R2', from: ['suite-iss'], expect: 'iss_mismatch' },
    { id: 'none', rule: 'R1', from: ['CVE-1'], expect: 'alg_none' },
  ],
  codes: new Map([['R1', ['alg_none']], ['R2', ['iss_mismatch']]]),
  whyNot: (reference) => (reference === 'there' ? undefined : 'it is not there'),
  ...changes,
}).findings;
/** The cases above, one of them changed. */
const changed = (id, change) => ({
  cases: [
    { id: 'good', rule: 'R1', from: ['suite-good'], expect: 'accept' },
    { id: 'iss', rule: 'R2', from: ['suite-iss'], expect: 'iss_mismatch' },
    { id: 'none', rule: 'R1', from: ['CVE-1'], expect: 'alg_none' },
  ].flatMap((c) => (c.id !== id ? c : change ? { ...c, ...change } : [])),
});
const complains = (findings, pattern) => assert.match(findings.join('\n'), pattern);

test('lists in order are fine', () => {
  assert.deepEqual(judged(), []);
});

test('a wrong verdict on a client test is found, whichever way it is wrong', () => {
  complains(judged(changed('iss', { expect: 'accept' })), /suite-iss: the case iss says accept, expected iss_mismatch/);
  complains(judged(changed('iss', { expect: 'aud_mismatch' })), /suite-iss: the case iss says aud_mismatch/);
  complains(judged(changed('good', { expect: 'exp_expired' })), /suite-good: the case good says exp_expired, expected accept/);
});

test('one good case does not make up for a second that says otherwise', () => {
  const { cases } = changed('');
  complains(judged({ cases: [...cases, { id: 'iss-2', rule: 'R2', from: ['suite-iss'], expect: 'accept' }] }), /suite-iss: the case iss-2 says accept/);
});

test('a client test without a case, or without one of its verdicts, is found', () => {
  complains(judged(changed('iss', { from: [] })), /suite-iss has neither a case nor a test/);
  const modules = [{ id: 'suite-good', expects: ['accept'] }, { id: 'suite-iss', expects: ['iss_mismatch', 'iss_missing'] }];
  complains(judged({ modules }), /suite-iss expects iss_missing, which no case of it says/);
});

test('a client test that expects nothing is found', () => {
  complains(judged({ modules: [{ id: 'suite-good' }, { id: 'suite-iss', expects: ['iss_mismatch'] }] }), /suite-good: the case good says accept, expected no case/);
});

test('warnings and keys that are left out belong to the verdict', () => {
  complains(judged(changed('good', { warnings: ['header_embedded_key'] })), /says accept with header_embedded_key, expected accept/);
  complains(judged(changed('good', { skipped: ['jwk_symmetric'] })), /says accept less jwk_symmetric, expected accept/);
});

test('the attack of an advisory must not pass, not even where the list says so', () => {
  complains(judged(changed('none', { expect: 'accept' })), /CVE-1: the case none says accept, expected alg_none/);
  const allowed = { ...changed('none', { expect: 'accept' }), advisories: [{ id: 'CVE-1', expects: ['accept'] }] };
  complains(judged(allowed), /CVE-1 is a fault of others, and must not expect accept/);
});

test('a rule that nothing tests is found', () => {
  complains(judged({ rules: [{ id: 'R1' }, { id: 'R2' }, { id: 'R3' }] }), /R3 has neither a case nor a test/);
  assert.deepEqual(judged({ rules: [{ id: 'R1' }, { id: 'R2' }, { id: 'R3', notYet: 'later' }] }), []);
});

test('the code of a rule counts only where a case of that rule raises it', () => {
  complains(judged(changed('iss', { rule: 'R1' })), /R2 counts as tested, but no case of it raises iss_mismatch|R2 has neither/);
  const cases = [...changed('iss', { rule: 'R1' }).cases, { id: 'other', rule: 'R2', expect: 'accept' }];
  complains(judged({ cases }), /R2 counts as tested, but no case of it raises iss_mismatch/);
});

test('a test of a rule does not raise its codes', () => {
  const rules = [{ id: 'R1' }, { id: 'R2', tests: ['there'] }];
  complains(judged({ rules, ...changed('iss', { rule: 'R1' }) }), /R2 counts as tested, but no case of it raises iss_mismatch/);
});

test('a code that nothing raises is said to be so, and only then', () => {
  const rules = [{ id: 'R1' }, { id: 'R2', tests: ['there'], neverRaised: { iss_mismatch: 'a reason' } }];
  assert.deepEqual(judged({ rules, modules: [{ id: 'suite-good', expects: ['accept'] }], ...changed('iss', undefined) }), []);
  complains(judged({ rules }), /R2 says that nothing raises iss_mismatch, which is not so/);
});

test('a test or a case that is not there is found', () => {
  complains(judged({ rules: [{ id: 'R1', tests: ['gone'] }, { id: 'R2' }] }), /R1 names the test gone, but it is not there/);
  complains(judged({ rules: [{ id: 'R1', cases: ['gone'] }, { id: 'R2' }] }), /R1 names the case gone, which does not exist/);
});

test('names that are in no list, or twice in one, are found', () => {
  complains(judged(changed('good', { from: ['suite-misspelt'] })), /the case good comes from suite-misspelt/);
  complains(judged(changed('good', { rule: 'R9' })), /the case good names the rule R9/);
  complains(judged({ rules: [{ id: 'R1' }, { id: 'R2' }, { id: 'R2' }] }), /R2 is listed twice/);
});

test('a rule that does not apply has no case', () => {
  complains(judged({ rules: [{ id: 'R1' }, { id: 'R2', notApplicable: 'a reason' }] }), /R2 is said not to apply, but iss tests it/);
});

test('a table of codes that cannot be read is found', () => {
  complains(judged({ codes: new Map() }), /the check of codes is broken/);
});

test('the real lists notice it when any one of their cases says the opposite', () => {
  const real = load();
  const due = new Set([...real.modules, ...real.advisories].filter(({ notYet }) => !notYet).map(({ id }) => id));
  const tagged = real.cases.filter(({ from = [] }) => from.some((source) => due.has(source)));
  assert.ok(tagged.length > 100);
  for (const wrong of tagged) {
    const expect = wrong.expect === 'accept' ? 'signature_invalid' : 'accept';
    const { findings } = judge({ ...real, whyNot: () => undefined, cases: real.cases.map((c) => (c === wrong ? { ...c, expect } : c)) });
    assert.notDeepEqual(findings, [], wrong.id);
  }
});

test('the real lists notice it when a rule loses its cases', () => {
  const real = load();
  for (const { id, cases, tests, notYet, notApplicable } of real.rules) {
    if (cases || tests || notYet || notApplicable) continue;
    const { findings } = judge({ ...real, whyNot: () => undefined, cases: real.cases.filter(({ rule }) => rule !== id) });
    assert.notDeepEqual(findings, [], id);
  }
});
