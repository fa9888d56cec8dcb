// What the terminal shows.
import { times } from './statistics.mjs';
import { amount, verdictWords } from './words.mjs';

export function printRuntime({ title, algorithms, keys }) {
  console.log(`${title}, µs a call`);
  for (const [alg, { results, missing }] of Object.entries(algorithms)) {
    printTable(alg, results);
    for (const reason of missing) console.log(`  not here: ${reason}`);
  }
  for (const [alg, results] of Object.entries(keys ?? {})) printTable(`${alg}, keys and refusals`, results);
}

export function printTargets(targets) {
  console.log(`\n${'target'.padEnd(62)} ${'must'.padStart(6)} ${'goal'.padStart(6)} ${'measured'.padStart(9)} ${'quiet'.padStart(9)}`);
  for (const { what, must, goal, unit, measured, quiet, verdict } of targets) {
    const [figure, least] = measured === undefined ? ['-', '-'] : [amount(measured), amount(quiet)];
    console.log(`${what.padEnd(62)} ${String(must).padStart(6)} ${String(goal).padStart(6)} ${figure.padStart(9)} ${least.padStart(9)} ${unit}: ${verdictWords(verdict)}`);
  }
}

function printTable(title, results) {
  console.log(`\n${title.padEnd(46)} ${'median'.padStart(8)} ${'p10'.padStart(8)} ${'p90'.padStart(8)} ${'ours = 1'.padStart(9)}`);
  for (const [name, result] of Object.entries(results)) {
    const ratio = results.idtoken ? amount(times(result, results.idtoken)) : '';
    console.log(`${name.padEnd(46)} ${[result.median, result.p10, result.p90].map((value) => amount(value).padStart(8)).join(' ')} ${ratio.padStart(9)}`);
  }
}
