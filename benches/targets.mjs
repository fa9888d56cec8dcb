// What the package has to reach, as ratios inside one run on one machine; `must` and `goal` are how large (`atLeast`) or how
// small (`atMost`) the figure may be. It is judged by medians; what the quiet decile says is shown beside them.
import { times, withoutSignature } from './statistics.mjs';

/** How figures are taken from summaries: `ratio` is how many times `b` is in `a`. */
const MEDIAN = { value: ({ median }) => median, ratio: times };
const QUIET = { value: ({ p10 }) => p10, ratio: (a, b) => a.p10 / b.p10 };

/** Why a target is hard to reach, for the page to say where it is missed. What was tried stands in docs/decisions.md. */
const LIMITS = {
  rsa: `OpenSSL multiplies 64 bits by 64, or eight numbers of 52 bits at once. WebAssembly has no product wider than 64 bits, vectors of two
    \`f64\`, and no multiplication and addition in one; three quarters of a power are additions and multiplications of such vectors,
    as many as the processor can do in a clock.`,
  curves: `A product in the field is 81 multiplications of 64 bits, of which a processor begins one a clock. It takes that time, and there are some
    500 (EdDSA) to 700 (ES256) of them in a verification, beside 13 µs for the token and 3 for the hash. What is awaited one by one
    waits for a thread to wake up, which takes less time on a quiet machine; 64 at once are done by all processors, idtoken uses one.`,
  again: `fast-jwt remembers the verdict for options that never change, and hands out the same object. Here every check runs again on the token,
    the options of the call and the keys as they are now (4.4 µs in the wasm), and each caller gets claims of its own (0.5 µs).`,
  cold: `jose calls cryptography that the runtime has compiled. Until our first token is verified V8 validates 290 KB of WebAssembly (3 ms) and
    compiles 117 KB of it, 239 functions (6 ms if compiled at once, more one by one).`,
  size: `ID, logout and access tokens, some forty checks, ten algorithms, key sets that are kept and refreshed, and a report of every check are all
    in there: a third is arithmetic, a fifth the library of the language.`,
};

const faster = (must, goal) => ({ unit: 'times as fast', atLeast: true, must, goal });
const share = (must, goal) => ({ unit: 'times its time', atLeast: false, must, goal });
const most = (unit, must, goal) => ({ unit, atLeast: false, must, goal });
const MIB = 1 << 20;

const against = (alg, peer, bounds, limit, us = 'idtoken') => ({
  limit,
  what: `${alg}: ${us === 'idtoken' ? '' : 'again, '}against ${peer}`,
  ...bounds,
  figure: ({ node }, by) => ratioOf(node?.algorithms[alg]?.results, us, peer, bounds, by),
});
const cold = (alg, bounds) => ({
  limit: LIMITS.cold,
  what: `${alg}: cold start against bundled jose`,
  ...bounds,
  figure: ({ cold: found }, { ratio }) => found?.[alg] && ratio(found[alg]['jose, bundled'].all, found[alg]['idtoken, bundled'].all),
});
const firstUse = (alg, bounds) => ({
  limit: alg === 'RS256' ? LIMITS.rsa : LIMITS.curves,
  what: `${alg}: first use of a key, warm, against node:crypto`,
  ...bounds,
  figure: ({ node }, by) => ratioOf(node?.keys?.[alg], 'idtoken, import and first verification', 'node:crypto, import and first verification', bounds, by),
});
const firstUseCold = (alg, bounds) => ({
  limit: LIMITS.cold,
  what: `${alg}: first use of a key, cold`,
  ...bounds,
  figure: ({ cold: found }, { value }) => found?.[alg] && value(found[alg]['idtoken, bundled'].keys) + value(found[alg]['idtoken, bundled'].verify),
});

export const TARGETS = [
  against('RS256', 'jose one by one', faster(1.5, 3), LIMITS.rsa),
  against('RS256', 'node:crypto', share(2.2, 1.5), LIMITS.rsa),
  against('ES256', 'jose one by one', faster(4, 6), LIMITS.curves),
  against('ES256', 'jose 64 at once', faster(1.5, 2.5), LIMITS.curves),
  against('ES256', 'node:crypto', share(0.7, 0.45), LIMITS.curves),
  against('EdDSA', 'jose one by one', faster(5, 8), LIMITS.curves),
  against('EdDSA', 'jose 64 at once', faster(2.5, 3.5), LIMITS.curves),
  against('EdDSA', 'node:crypto', share(0.45, 0.3), LIMITS.curves),
  ...['RS256', 'ES256', 'EdDSA'].map((alg) => against(alg, 'fast-jwt same tokens again', faster(1, 2), LIMITS.again, 'idtoken same tokens again')),
  {
    what: 'everything but the signature (ES256)',
    ...most('µs', 15, 8),
    figure: ({ node }, { value }) => node?.keys?.ES256 && withoutSignature(node.keys.ES256, value),
  },
  cold('RS256', faster(2, 3)),
  cold('ES256', faster(1.3, 2)),
  ...['RS256', 'ES256', 'EdDSA'].map((alg) => firstUse(alg, share(2.2, 1.3))),
  ...['RS256', 'ES256', 'EdDSA'].map((alg) => firstUseCold(alg, most('ms', 3, 1))),
  {
    limit: LIMITS.size,
    what: 'wasm and glue, gzip, the largest artefact',
    ...most('KB', 100, 70),
    figure: ({ size }) => size && Math.max(...size.map(({ gzip }) => gzip)) / 1000,
  },
  {
    what: 'memory after the verifications',
    ...most('MiB', 8, 4),
    figure: ({ memory }) => memory && memory.looks.at(-1).bytes / MIB,
  },
  {
    what: 'growth of the memory after the first tenth',
    ...most('MiB', 0, 0),
    figure: ({ memory }) => memory && (memory.looks.at(-1).bytes - memory.looks[0].bytes) / MIB,
  },
];

/** How often our time fits in theirs; or, for a share, theirs in ours. */
function ratioOf(results, us, peer, { atLeast }, { ratio }) {
  const [ours, theirs] = [results?.[us], results?.[peer]];
  if (!ours || !theirs) return undefined;
  return atLeast ? ratio(theirs, ours) : ratio(ours, theirs);
}

/** Each target with what was measured: `goal`, `must`, `missed`, or `not measured`. */
export function judge(found, targets = TARGETS) {
  return targets.map(({ figure, ...target }) => {
    const measured = figure(found, MEDIAN);
    if (measured === undefined) return { ...target, verdict: 'not measured' };
    const reaches = (bound) => (target.atLeast ? measured >= bound : measured <= bound);
    return { ...target, measured, quiet: figure(found, QUIET), verdict: reaches(target.goal) ? 'goal' : reaches(target.must) ? 'must' : 'missed' };
  });
}
