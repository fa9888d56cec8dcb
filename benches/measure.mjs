// Measures the candidates of one runtime. It runs in every runtime.
import { everywhere } from './candidates.mjs';
import { interleave } from './interleave.mjs';

/**
 * @param {{ idtoken: object, remote: object }} modules this package, as the runtime imports it
 * @param {object} material what material.mjs made
 * @param {{ algorithms: string[], rounds: number, warmUp: number, more?: (alg: string) => object[], say?: (line: string) => void }} settings
 * @returns {Promise<Record<string, { results: object, missing: string[] }>>} by algorithm
 */
export async function measure(modules, material, { algorithms, rounds, warmUp, more = () => [], say = () => {} }) {
  await modules.idtoken.init();
  const found = {};
  for (const alg of algorithms) {
    say(`  ${alg}`);
    const { candidates, missing } = await sound([...(await everywhere(modules, alg, material)), ...more(alg)], material.keys[alg]);
    const results = await interleave(candidates, { rounds, warmUp });
    for (const { name, signatureOnly, again } of candidates) Object.assign(results[name], { signatureOnly, again });
    found[alg] = { results, missing };
  }
  return found;
}

/** The candidates that accept every token and refuse a forgery, ready to run; and the names of those that cannot run here. */
export async function sound(candidates, { tokens }) {
  const [ready, missing] = [[], []];
  for (const { verify, prepare = (token) => token, ...candidate } of candidates) {
    const inputs = tokens.map(prepare);
    let accepted;
    try {
      accepted = await Promise.all(inputs.map(verify));
    } catch (error) {
      missing.push(`${candidate.name}: ${error.message}`);
      continue;
    }
    if (!accepted.every(Boolean)) throw new Error(`${candidate.name} does not accept a good token`);
    const forgery = prepare(forged(tokens[0]));
    // A promise is awaited; what throws at once rejects as well.
    const isRefused = await (async () => verify(forgery))().then((result) => !result, () => true);
    if (!isRefused) throw new Error(`${candidate.name} accepts a forgery`);
    ready.push({ ...candidate, call: (at) => verify(inputs[at % inputs.length]) });
  }
  return { candidates: ready, missing };
}

/** Another character in the middle of the signature. */
function forged(token) {
  const at = token.lastIndexOf('.') + 20;
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
}
