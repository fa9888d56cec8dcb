// What a list of measurements comes to. It runs in every runtime.

/** The value below which a share of the sorted values lies, between neighbours in proportion. */
export function quantile(values, share) {
  if (values.length === 0) throw new Error('no values');
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
}

/** The median, and the deciles on both sides of it: the lower one is what a quiet machine does. The values stay, for `times`. */
export function summary(values) {
  return { median: quantile(values, 0.5), p10: quantile(values, 0.1), p90: quantile(values, 0.9), values };
}

/**
 * How many times `b` is in `a`: the median over the rounds of what it was in each. A machine whose speed changes between
 * rounds moves both, so this moves less than the ratio of two medians.
 */
export function times(a, b) {
  if (a.values.length !== b.values.length) throw new Error('not of the same rounds');
  return quantile(a.values.map((value, round) => value / b.values[round]), 0.5);
}

/** The same list in another order, by a generator that is seeded, so that a run can be repeated. */
export function shuffled(list, random) {
  const result = [...list];
  for (let at = result.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [result[at], result[other]] = [result[other], result[at]];
  }
  return result;
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * What a verification costs beside the signature: a wrong signature is computed to its end, one that is too short not at all, and
 * both are refused in the same way, so the difference is the signature.
 */
export function withoutSignature(results, value) {
  const of = (name) => value(results[`idtoken, ${name}`]);
  return of('verification') - of('wrong signature') + of('signature too short');
}
