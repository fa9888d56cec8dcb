// Starts each runtime, gives it the material, and takes what it found.
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { findBrowser, startBrowser } from '../tests/runtimes/browser.mjs';
import { startWorkerd } from '../tests/runtimes/workerd.mjs';

const root = new URL('../', import.meta.url);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
/** Between the steps. */
export const SCRATCH = fileURLToPath(new URL('target/bench', root));

/** Each says its version and measures, or says with SKIPPED why it is not there. */
export const RUNTIMES = {
  node: inProcess(process.execPath, [], 'Node'),
  deno: inProcess(here('node_modules/.bin/deno'), ['run', '--allow-all', '--quiet'], 'Deno'),
  bun: inProcess(here('node_modules/.bin/bun'), [], 'Bun'),
  workerd: { measure: inWorkerd },
  chromium: { measure: inChromium },
};

function inProcess(command, args, title) {
  return {
    measure(task) {
      const [input, output] = [`${SCRATCH}/input.json`, `${SCRATCH}/output.json`];
      mkdirSync(SCRATCH, { recursive: true });
      writeFileSync(input, JSON.stringify({ builds: [], ...task }));
      const version = versionOf(command);
      if (!version) {
        console.log(`SKIPPED: ${title} does not start: its npm package has no program for this machine`);
        return undefined;
      }
      const { status, error } = spawnSync(command, [...args, here('runtimes/process.mjs'), input, output], { stdio: 'inherit' });
      if (status !== 0) throw new Error(`${title} ended with ${error ?? status}`);
      return { title: `${title} ${version}`, ...JSON.parse(readFileSync(output, 'utf8')) };
    },
  };
}

function versionOf(command) {
  try {
    return execFileSync(command, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).match(/\d+\.\d+\.\d+/)?.[0];
  } catch {
    return undefined;
  }
}

async function inWorkerd(task) {
  const bundled = await bundle('measure.mjs', 'measure.bundle.mjs', ['workerd', 'worker', 'browser']);
  const worker = await startWorkerd({ main: new URL('runtimes/worker.mjs', import.meta.url), modules: [bundled] });
  try {
    const { version } = JSON.parse(readFileSync(new URL('node_modules/workerd/package.json', root), 'utf8'));
    return { title: `workerd ${version}`, ...(await post(worker.origin, JSON.stringify(task))) };
  } finally {
    await worker.stop();
  }
}

async function inChromium(task) {
  const path = findBrowser('chromium');
  if (!path) return undefined;
  const bundled = await bundle('measure.mjs', 'measure.bundle.mjs', ['browser']);
  const browser = await startBrowser('chromium', path, { '/measure.bundle.mjs': bundled });
  try {
    const page = await browser.open();
    page.setDefaultTimeout(0);
    const text = await page.evaluate(async ({ material, settings }) => {
      const [{ measure }, remote] = await Promise.all([import('/measure.bundle.mjs'), import('/dist/remote.js')]);
      return JSON.stringify(await measure({ idtoken: globalThis.idtoken, remote }, material, settings));
    }, task);
    const version = await page.browser().version();
    return { title: `Chromium ${version.match(/[\d]+/)[0]}`, algorithms: JSON.parse(text) };
  } finally {
    await browser.stop();
  }
}

/** A file of this folder, and what it imports, as one. */
async function bundle(entry, name, conditions) {
  const outfile = `${SCRATCH}/${name}`;
  await build({ entryPoints: [here(entry)], outfile, bundle: true, format: 'esm', platform: 'browser', conditions, logLevel: 'error' });
  return new URL(`target/bench/${name}`, root);
}

/** `fetch` gives up on an answer that takes minutes. */
async function post(origin, body) {
  const asked = request(origin, { method: 'POST' });
  asked.end(body);
  const [response] = await once(asked, 'response');
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  if (response.statusCode !== 200) throw new Error(`workerd answered ${response.statusCode}: ${text}`);
  return JSON.parse(text);
}
