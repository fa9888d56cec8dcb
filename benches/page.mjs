// docs/performance.md, from what was measured. Every sentence with a figure in it is made from the figures.
import { times, withoutSignature } from './statistics.mjs';
import { amount, listed, verdictWords, wrapped } from './words.mjs';

const BEGIN = '<!-- envoy:begin -->';
const END = '<!-- envoy:end -->';

/** @param {string} before the page as it is: the part about Envoy is another command's, and stays */
export function page(found, before) {
  const parts = [
    head(found),
    summary(found.node.algorithms),
    targets(found.targets),
    tables(found.node),
    again(found.node.algorithms),
    keys(found.node.keys),
    found.cold && cold(found.cold, found.plan.coldRuns),
    others(found.runtimes),
    found.memory && memory(found),
    kept(before),
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

/** The block of another command, or an empty one. */
export function kept(before) {
  const [from, to] = [before.indexOf(BEGIN), before.indexOf(END)];
  return from === -1 || to < from ? `${BEGIN}\n${END}` : before.slice(from, to + END.length);
}

function head({ node, machine, plan, tokenLengths }) {
  const { processor, cores, gigabytes, system } = machine;
  const lengths = listed(Object.entries(tokenLengths).map(([alg, length]) => `${length} (${alg})`));
  const paragraphs = [
    `**How it is measured.** All candidates take turns in one process, in ${plan.node.rounds} rounds of batches of some two milliseconds
    (more where the clock has coarse steps, as in workerd), in another order each round, after a warm-up. So what disturbs the machine
    disturbs all of them, and ratios hold where microseconds do not: read the ratios. Each is the median of the ratios of the rounds.
    p10 is the decile of the quiet rounds, p90 that of the others. Keys are imported beforehand.`,
    `Tokens have 18 claims and ${lengths} characters, 64 different ones by turns; RSA keys have 2048 bits. Each library checks issuer,
    audience, times and nonce; before the measurement each has to accept every token and to refuse a forgery. The candidates stand in
    \`benches/candidates.mjs\` and \`benches/candidates-node.mjs\`.`,
    `**One by one** means that a call is awaited before the next begins, **64 at once** that 64 are begun together: WebCrypto then works
    on several cores, while idtoken and everything synchronous works on one. \`crypto.subtle\` and \`node:crypto\` do the signature alone.`,
    `**The machine:** ${processor}, ${cores} processors, ${gigabytes} GB, ${system}; ${node.title}.`,
  ];
  return `# Performance

Written by \`cargo xtask bench\`. What one verification costs, beside other packages, in one process on one machine.

![Microseconds for one verified token, by algorithm](performance.svg)

${paragraphs.map((text) => wrapped(text)).join('\n\n')}`;
}

/** For each algorithm who is slower and who is faster. */
export function summary(algorithms) {
  const lines = Object.entries(algorithms).map(([alg, { results }]) => {
    const us = results.idtoken;
    const of = (isWanted) => Object.entries(results)
      .filter(([name, result]) => name !== 'idtoken' && !result.again && isWanted(name, times(result, us), result))
      .map(([name, result]) => `${name} (${amount(times(result, us))})`);
    const isPeer = (name, { signatureOnly }) => !isOurs(name) && !signatureOnly;
    const faster = of((name, ratio, result) => isPeer(name, result) && ratio < 1);
    const slower = of((name, ratio, result) => isPeer(name, result) && ratio >= 1);
    const said = [
      `idtoken takes ${amount(us.median)} µs`,
      `ahead of it ${faster.length > 1 ? 'are' : 'is'} ${faster.length ? listed(faster) : 'none'}`,
      `behind it ${slower.length > 1 ? 'are' : 'is'} ${slower.length ? listed(slower) : 'none'}`,
      `the signature alone is ${listed(of((name, ratio, { signatureOnly }) => signatureOnly))}`,
    ];
    const own = of(isOurs);
    return `- **${alg}**: ${said.join('; ')}.${own.length ? ` Other builds: ${listed(own)}.` : ''}`;
  });
  return `## In short

In brackets how many times the time of idtoken; below 1 is faster.

${lines.join('\n')}`;
}

const isOurs = (name) => name.startsWith('idtoken');

function targets(list) {
  const rows = list.map(({ what, must, goal, unit, atLeast, measured, quiet, verdict }) => {
    const sign = atLeast ? '≥' : '≤';
    const [figure, least] = measured === undefined ? ['-', '-'] : [amount(measured), amount(quiet)];
    return `| ${what} | ${sign} ${must} ${unit} | ${sign} ${goal} | ${figure} | ${least} | ${verdictWords(verdict)} |`;
  });
  const count = (wanted) => list.filter(({ verdict }) => verdict === wanted).length;
  const open = count('not measured') ? `, ${count('not measured')} were not measured` : '';
  return `## What it has to reach

Of ${list.length} targets ${count('goal')} are met with the goal, ${count('must')} with the must, ${count('missed')} are missed${open}. It is the medians that
are judged. Beside them stands what the quiet deciles (p10) give: where two processors are threads of one core and the other one is
busy, code that keeps the whole core at work, as the wasm does, loses more than others.

| target | must | goal | measured | quiet | |
|---|---|---|---|---|---|
${rows.join('\n')}${limits(list)}`;
}

/** What stands in the way of the missed targets; those with one reason together. */
export function limits(list) {
  const reasons = new Map();
  for (const { what, limit, verdict } of list) if (limit && verdict === 'missed') reasons.set(limit, [...(reasons.get(limit) ?? []), what]);
  const lines = [...reasons].map(([limit, whats]) => wrapped(`- **${whats.join('; ')}.** ${limit}`));
  return lines.length ? `\n\nWhat stands in the way ([decisions.md](decisions.md) has what was tried):\n${lines.join('\n')}` : '';
}

function tables({ algorithms, title }) {
  const parts = Object.entries(algorithms).map(([alg, { results, missing }]) => {
    const shown = Object.entries(results).filter(([, { again }]) => !again);
    const left = missing.length ? `\n\nNot here: ${missing.join('; ')}.` : '';
    return `### ${alg}\n\n${table(shown, results.idtoken)}${left}`;
  });
  return `## A verified token, in ${title}\n\n${parts.join('\n\n')}`;
}

function table(entries, us) {
  const rows = entries.map(([name, result]) => {
    const note = result.signatureOnly ? ' (signature only)' : '';
    return `| ${name}${note} | ${amount(result.median)} | ${amount(result.p10)} | ${amount(result.p90)} | ${amount(times(result, us))} |`;
  });
  return `| | median µs | p10 | p90 | of idtoken's time |\n|---|---|---|---|---|\n${rows.join('\n')}`;
}

function again(algorithms) {
  const rows = Object.entries(algorithms).map(([alg, { results }]) => {
    const [us, them] = [results['idtoken same tokens again'], results['fast-jwt same tokens again']];
    return `| ${alg} | ${amount(us.median)} | ${amount(us.p10)} | ${amount(them.median)} | ${amount(them.p10)} | ${amount(times(them, us))} |`;
  });
  return `## The same tokens again

\`RemoteVerifier\` with \`tokenCacheBytes\` remembers what a text says and that its signature is good, runs every check again, and
hands out claims of their own each time. fast-jwt with \`cache\` remembers the whole verdict, looks only at the times again, and hands
out the same object.

| | idtoken, median µs | p10 | fast-jwt, median µs | p10 | fast-jwt / idtoken |
|---|---|---|---|---|---|
${rows.join('\n')}`;
}

function keys(found) {
  const names = Object.keys(Object.values(found)[0]);
  const rows = names.map((name) => `| ${name} | ${Object.values(found).map((results) => `${amount(results[name].median)} (${amount(results[name].p10)})`).join(' | ')} |`);
  const [median, p10] = ['median', 'p10'].map((name) => (results) => amount(withoutSignature(results, (summary) => summary[name])));
  const everythingElse = `| everything but the signature | ${Object.values(found).map((results) => `${median(results)} (${p10(results)})`).join(' | ')} |`;
  return `## Keys, and refusals

Microseconds, median (p10), in the same warm process. Each import is a new key object, from the JWK. The refused token names an
algorithm that is not allowed, so nobody looks at its signature. A wrong signature is computed to its end, one that is too short not at
all; the difference is the signature, and what else a verification costs is in the last line.

| | ${Object.keys(found).join(' | ')} |
|---|${'---|'.repeat(Object.keys(found).length)}
${rows.join('\n')}
${everythingElse}`;
}

function cold(found, runs) {
  const parts = Object.entries(found).map(([alg, candidates]) => {
    const rows = Object.entries(candidates).map(([name, { load, keys: set, verify, all }]) =>
      `| ${alg} | ${name} | ${[load, set, verify, all].map(({ median }) => amount(median)).join(' | ')} | ${amount(all.p10)} |`);
    return rows.join('\n');
  });
  return `## Cold start

Milliseconds in a fresh Node process from the import to the first verified token, ${runs} runs of each by turns. "Bundled" is one minified
file by esbuild, ours with the wasm beside it; "as installed" is what \`npm install\` gives.

| | | load | keys | verify | all, median | p10 |
|---|---|---|---|---|---|---|
${parts.join('\n')}`;
}

function others(runtimes) {
  if (runtimes.length === 0) return undefined;
  const parts = runtimes.map(({ title, algorithms }) => {
    const names = [...new Set(Object.values(algorithms).flatMap(({ results }) => Object.keys(results)))];
    const rows = names.map((name) => {
      const cells = Object.values(algorithms).map(({ results }) => {
        const result = results[name];
        return result ? `${amount(result.median)} (${amount(times(result, results.idtoken))})` : '-';
      });
      return `| ${name} | ${cells.join(' | ')} |`;
    });
    const missing = Object.entries(algorithms).flatMap(([alg, { missing: reasons }]) => reasons.map((reason) => `${reason} (${alg})`));
    const left = missing.length ? `\n\nNot here: ${missing.join('; ')}.` : '';
    const columns = Object.keys(algorithms);
    return `### ${title}\n\n| | ${columns.join(' | ')} |\n|---|${'---|'.repeat(columns.length)}\n${rows.join('\n')}${left}`;
  });
  return `## Other runtimes\n\nThe same programs; median µs, and in brackets how many times idtoken's time.\n\n${parts.join('\n\n')}`;
}

function memory({ memory: { count, issuers, keys: keyCount, looks }, size }) {
  const [first, last] = [looks[0], looks.at(-1)];
  const mib = (bytes) => amount(bytes / 2 ** 20);
  const artefacts = size.map(({ name, gzip }) => `\`${name}\` with its glue ${amount(gzip / 1000)} KB`);
  const text = `${count.toLocaleString('en')} verifications against ${keyCount} keys of ${issuers} issuers: the wasm has ${mib(first.bytes)} MiB
    after ${first.done.toLocaleString('en')} of them and ${mib(last.bytes)} MiB at the end. Compressed by gzip are ${listed(artefacts)};
    \`cargo xtask size\` has the rest.`;
  return `## Memory and size\n\n${wrapped(text)}`;
}
