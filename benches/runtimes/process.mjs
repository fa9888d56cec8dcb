// process.mjs INPUT OUTPUT: the candidates in Node, Deno or Bun. INPUT has the material and the settings.
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import * as idtoken from 'idtoken';
import * as remote from 'idtoken/remote';
import { ours } from '../candidates.mjs';
import { withNodeCrypto } from '../candidates-node.mjs';
import { measure } from '../measure.mjs';
import { measureKeys } from '../keys.mjs';

const [, , input, output] = process.argv;
const { material, settings, builds, keys } = JSON.parse(readFileSync(input, 'utf8'));
const others = await Promise.all(builds.map(async ({ name, entry }) => ({ name, modules: await import(entry) })));
const more = (alg) => [
  ...others.map(({ name, modules }) => ours(name, modules, alg, material)),
  ...withNodeCrypto(alg, material),
];
const found = { algorithms: await measure({ idtoken, remote }, material, { ...settings, more, say: console.log }) };
if (keys) found.keys = await measureKeys(idtoken, keys, material, settings);
writeFileSync(output, JSON.stringify(found));
