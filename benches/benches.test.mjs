// The parts of the harness that turn measurements into figures and sentences.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chart } from './chart.mjs';
import { interleave } from './interleave.mjs';
import { kept, limits, summary as sentences } from './page.mjs';
import { quantile, seeded, shuffled, summary, times } from './statistics.mjs';
import { judge, TARGETS } from './targets.mjs';
import { amount, listed, wrapped } from './words.mjs';

const result = (value, more = {}) => ({ ...summary([value]), ...more });
const matches = (text, pattern) => assert.match(text, pattern);

test('quantiles lie between neighbours, whatever the order of the values', () => {
  assert.equal(quantile([3, 1, 2], 0.5), 2);
  assert.equal(quantile([4, 1, 3, 2], 0.5), 2.5);
  assert.equal(quantile([10, 0], 0.1), 1);
  assert.equal(quantile([7], 0.9), 7);
  // As text they would be sorted otherwise.
  assert.equal(quantile([10, 9, 100], 0.5), 10);
  assert.throws(() => quantile([], 0.5));
});

test('a summary has the median and both deciles', () => {
  const values = Array.from({ length: 101 }, (_, at) => 100 - at);
  assert.deepEqual(summary(values), { median: 50, p10: 10, p90: 90, values });
});

test('a ratio compares round by round', () => {
  assert.equal(times(summary([30]), summary([10])), 3);
  // The machine was slow in the second and third round of one, in all but the first of the other.
  assert.equal(times(summary([20, 40, 40]), summary([10, 20, 20])), 2);
  assert.equal(times(summary([20, 20, 40, 40, 40]), summary([10, 10, 10, 20, 20])), 2);
  assert.throws(() => times(summary([1, 2]), summary([1])), /rounds/);
});

test('a shuffle keeps every candidate, and the same seed gives the same order', () => {
  const list = Array.from({ length: 20 }, (_, at) => at);
  const [first, second] = [shuffled(list, seeded(1)), shuffled(list, seeded(1))];
  assert.deepEqual(first, second);
  assert.notDeepEqual(first, list);
  assert.notDeepEqual(first, shuffled(list, seeded(2)));
  assert.deepEqual(first.toSorted((a, b) => a - b), list);
});

test('every candidate runs in every round, whatever its kind, with running numbers', async () => {
  const seen = { sync: [], sequential: [], parallel: [] };
  const call = (kind) => (at) => { seen[kind].push(at); };
  const candidates = Object.keys(seen).map((kind) => ({ name: kind, kind, call: kind === 'sync' ? call(kind) : async (at) => call(kind)(at) }));
  const found = await interleave(candidates, { rounds: 3, warmUp: 1 });
  for (const [kind, numbers] of Object.entries(seen)) {
    assert.equal(found[kind].values.length, 3, kind);
    assert.deepEqual(numbers, Array.from(numbers, (_, at) => at), kind);
    // The three rounds came after at least two batches of the warm-up.
    assert.ok(numbers.length >= 3 * found[kind].batch, kind);
  }
});

test('a call that fails stops the measurement', async () => {
  const failing = (kind, call) => interleave([{ name: kind, kind, call }], { rounds: 1, warmUp: 1 });
  await assert.rejects(failing('sync', () => { throw new Error('refused'); }), /refused/);
  await assert.rejects(failing('sequential', async () => { throw new Error('refused'); }), /refused/);
  await assert.rejects(failing('parallel', async (at) => { if (at === 63) throw new Error('refused'); }), /refused/);
});

test('a target is judged on the right side of its bounds', () => {
  const verdicts = (bounds, figures) => figures.map((measured) => judge({}, [{ ...bounds, figure: () => measured }])[0].verdict);
  assert.deepEqual(verdicts({ atLeast: true, must: 2, goal: 3 }, [1.9, 2, 2.9, 3]), ['missed', 'must', 'must', 'goal']);
  assert.deepEqual(verdicts({ atLeast: false, must: 2, goal: 1 }, [2.1, 2, 1.1, 1]), ['missed', 'must', 'must', 'goal']);
  assert.deepEqual(verdicts({ atLeast: true, must: 2, goal: 3 }, [undefined]), ['not measured']);
});

test('the real targets compare the right way round', () => {
  const results = { idtoken: result(10), 'jose one by one': result(40), 'node:crypto': result(5) };
  const judged = judge({ node: { algorithms: { RS256: { results } } } });
  const of = (what) => judged.find((target) => target.what === what);
  assert.equal(of('RS256: against jose one by one').measured, 4);
  assert.equal(of('RS256: against node:crypto').measured, 2);
  assert.equal(of('ES256: against node:crypto').verdict, 'not measured');
  // What a quiet machine gives is shown, and not judged.
  const quiet = { ...result(10), p10: 2 };
  const [, target] = judge({ node: { algorithms: { RS256: { results: { ...results, idtoken: quiet } } } } });
  assert.deepEqual([target.measured, target.quiet, target.verdict], [2, 0.4, 'must']);
  for (const { what, atLeast, must, goal } of TARGETS) assert.ok(atLeast ? goal >= must : goal <= must, what);
});

test('what a verification costs beside the signature', () => {
  const keys = { 'idtoken, verification': result(60), 'idtoken, wrong signature': result(55), 'idtoken, signature too short': result(10) };
  const [of] = judge({ node: { algorithms: {}, keys: { ES256: keys } } }).filter(({ what }) => what.startsWith('everything'));
  assert.deepEqual([of.measured, of.verdict], [15, 'must']);
});

test('what stands in the way is said of missed targets only, once for all of one reason', () => {
  const target = (what, verdict, limit) => ({ what, verdict, limit });
  const list = [target('a', 'missed', 'slow'), target('b', 'must', 'slow'), target('c', 'missed', 'slow'), target('d', 'missed', 'large'), target('e', 'missed')];
  assert.match(limits(list), /:\n- \*\*a; c\.\*\* slow\n- \*\*d\.\*\* large$/);
  assert.equal(limits([target('a', 'goal', 'slow')]), '');
});

test('a peer that is faster is said to be, and one that is slower is not', () => {
  const results = {
    idtoken: result(50),
    'idtoken with RustCrypto': result(500),
    jose: result(100),
    'fast-jwt': result(25),
    'fast-jwt same tokens again': result(1, { again: true }),
    'node:crypto': result(20, { signatureOnly: true }),
  };
  const text = sentences({ RS256: { results } });
  matches(text, /idtoken takes 50\.0 µs; ahead of it is fast-jwt \(0\.500\); behind it is jose \(2\.00\);/);
  matches(text, /the signature alone is node:crypto \(0\.400\)\. Other builds: idtoken with RustCrypto \(10\.0\)\./);
  assert.ok(!text.includes('again'));
  const alone = { idtoken: result(5), jose: result(100), 'fast-jwt': result(5) };
  matches(sentences({ RS256: { results: alone } }), /ahead of it is none; behind it are jose \(20\.0\) and fast-jwt \(1\.00\)/);
});

test('the part of another command stays, and is there empty where it was not', () => {
  const block = '<!-- envoy:begin -->\n## Envoy\n<!-- envoy:end -->';
  assert.equal(kept(`# Page\n\n${block}\n`), block);
  assert.equal(kept(''), '<!-- envoy:begin -->\n<!-- envoy:end -->');
  assert.equal(kept('<!-- envoy:end --> <!-- envoy:begin -->'), '<!-- envoy:begin -->\n<!-- envoy:end -->');
});

test('a bar is as long as its time, and every candidate but the remembering ones has one', () => {
  const svg = chart({ RS256: { results: { idtoken: result(50), jose: result(100), cached: result(1, { again: true }) } } });
  const bars = [...svg.matchAll(/class="(ours|peer)" x="240" y="\d+" width="([\d.]+)"/g)].map(([, kind, width]) => [kind, Number(width)]);
  assert.deepEqual(bars, [['ours', 280], ['peer', 560]]);
  assert.ok(!svg.includes('cached'));
});

test('numbers have three digits that count', () => {
  assert.deepEqual([0, 0.01234, 0.5, 1.234, 12.34, 123.4, 12345.6].map(amount), ['0', '0.012', '0.500', '1.23', '12.3', '123', '12346']);
  assert.deepEqual([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listed), ['', 'a', 'a and b', 'a, b and c']);
});

test('a paragraph is broken between words, and loses none', () => {
  assert.equal(wrapped('one two\n   three', 8), 'one two\nthree');
  assert.equal(wrapped('longer-than-a-line x', 5), 'longer-than-a-line\nx');
});
