// imports.mjs CORE.wasm GLUE.js: one line per import of the wasm, `module kind name found|missing`.
// "found" means that the glue has a function of that name, whatever the module is called.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [wasm, glue] = process.argv.slice(2);
const { makeGlue } = await import(pathToFileURL(resolve(glue)));
const made = makeGlue();
for (const { module, kind, name } of WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(wasm)))) {
  console.log(module, kind, name, typeof made[name] === 'function' ? 'found' : 'missing');
}
