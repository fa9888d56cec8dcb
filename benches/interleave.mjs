// All candidates by turns in one process, in rounds of small batches: what slows the machine down then slows all of them down,
// and ratios stay. It runs in every runtime.
import { seeded, shuffled, summary } from './statistics.mjs';

/** How long a batch lasts, in milliseconds. */
const BATCH = 2;
/** A batch has to be this much longer than the clock's step. */
const STEPS = 20;
/** How many calls are begun before the first of them is awaited, for a candidate of the kind `parallel`. */
export const AT_ONCE = 64;

/**
 * @typedef {{ name: string, kind: 'sync' | 'sequential' | 'parallel', call: (at: number) => unknown }} Candidate
 *   `call` gets a running number, so that it can take another token each time.
 */

/**
 * @param {Candidate[]} candidates
 * @param {{ rounds: number, warmUp: number, seed?: number }} settings `warmUp` in milliseconds for each candidate
 * @returns {Promise<Record<string, { median: number, p10: number, p90: number, values: number[], batch: number }>>}
 *   microseconds a call
 */
export async function interleave(candidates, { rounds, warmUp, seed = 1 }) {
  const length = Math.max(BATCH, STEPS * clockStep());
  const racers = [];
  for (const candidate of candidates) racers.push(await warm({ ...candidate, at: 0, samples: [] }, warmUp, length));
  const random = seeded(seed);
  for (let round = 0; round < rounds; round++) {
    for (const racer of shuffled(racers, random)) racer.samples.push((await batch(racer, racer.size) / racer.size) * 1000);
  }
  return Object.fromEntries(racers.map(({ name, samples, size }) => [name, { ...summary(samples), batch: size }]));
}

/** Runs a candidate until it is compiled, and tells how many calls last for `length` milliseconds. */
async function warm(racer, warmUp, length) {
  let [spent, size, last] = [0, 1, 0];
  while (spent < warmUp || last < length / 4) {
    last = await batch(racer, size);
    spent += last;
    if (last < length / 4) size *= 2;
    else if (spent >= warmUp) break;
  }
  last = Math.max(await batch(racer, size), Number.EPSILON);
  const fitting = Math.max(1, Math.round((size * length) / last));
  return { ...racer, size: racer.kind === 'parallel' ? Math.ceil(fitting / AT_ONCE) * AT_ONCE : fitting };
}

/** Milliseconds for so many calls. */
async function batch(racer, size) {
  const { kind, call, at } = racer;
  racer.at = at + size;
  const start = performance.now();
  if (kind === 'sync') {
    for (let next = at; next < at + size; next++) call(next);
  } else if (kind === 'sequential') {
    for (let next = at; next < at + size; next++) await call(next);
  } else {
    for (let next = at; next < at + size; next += AT_ONCE) {
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, at + size - next) }, (_, nth) => call(next + nth)));
    }
  }
  return performance.now() - start;
}

/** The smallest step that the clock was seen to make, in milliseconds. */
function clockStep() {
  let smallest = Infinity;
  for (let nth = 0; nth < 5; nth++) {
    const start = performance.now();
    let now = start;
    for (let tries = 0; now === start; tries++) {
      // A clock that stands still while a worker computes would never come back from here.
      if (tries === 1e9) throw new Error('the clock does not advance while code runs');
      now = performance.now();
    }
    smallest = Math.min(smallest, now - start);
  }
  return smallest;
}
