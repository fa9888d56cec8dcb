// What is published: its types, its exports map, its files.

import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { entryUnder } from '../runtimes/resolve.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
const manifest = JSON.parse(readFileSync(`${root}pkg/package.json`, 'utf8'))

for (const [module, moduleResolution] of [['nodenext', 'nodenext'], ['esnext', 'bundler']]) {
  for (const types of ['', 'node']) {
    test(`the types hold under ${moduleResolution} resolution with types [${types}]`, () => {
      const files = ['usage.ts', 'should-not-compile.ts'].map((name) => `tests/types/${name}`)
      const options = ['--noEmit', '--strict', '--target', 'es2022', '--lib', types ? 'es2022' : 'es2022,dom']
      const resolution = ['--module', module, '--moduleResolution', moduleResolution, '--types', types]
      const args = ['node_modules/typescript/bin/tsc', ...options, ...resolution, ...files]
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
      assert.equal(status, 0, stdout + stderr)
    })
  }
}

test('publint finds nothing', async () => {
  const { messages } = await publint({ pkgDir: `${root}pkg`, strict: true })
  assert.deepEqual(messages.map((message) => formatMessage(message, manifest)), [])
})

test('each runtime gets its own loader', () => {
  const loaders = { workerd: 'workerd.js', browser: 'web.js', bun: 'node.js', node: 'node.js' }
  for (const [condition, file] of Object.entries(loaders)) {
    assert.equal(entryUnder(condition).pathname.split('/').at(-1), file)
    const remote = file === 'web.js' ? 'remote.js' : `remote-${file}`
    assert.equal(entryUnder(condition, 'idtoken/remote').pathname.split('/').at(-1), remote)
  }
})

test('the package holds the built files, the README and nothing else', () => {
  const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: `${root}pkg`, encoding: 'utf8' })
  const [{ files }] = Object.values(JSON.parse(output))
  const paths = files.map(({ path }) => path)
  for (const name of ['node', 'workerd', 'web', 'api', 'core', 'errors', 'presets', 'types', 'remote', 'remote-node', 'remote-workerd', 'stores']) {
    assert.ok(paths.includes(`dist/${name}.js`) && paths.includes(`dist/${name}.d.ts`), name)
  }
  for (const name of ['dist/core.wasm', 'dist/core-simd.wasm', 'dist/glue.js', 'README.md', 'LICENSE-MIT', 'LICENSE-APACHE', 'THIRD_PARTY.md', 'docs/errors.md', 'docs/presets.md', 'package.json']) assert.ok(paths.includes(name), name)
  const strangers = paths.filter((path) => !/^(dist\/[\w-]+\.(js|d\.ts|wasm)|docs\/(errors|presets)\.md|README\.md|THIRD_PARTY\.md|LICENSE[\w-]*|package\.json)$/.test(path))
  assert.deepEqual(strangers, [])
  for (const [, link] of readFileSync(`${root}pkg/README.md`, 'utf8').matchAll(/\]\(([\w./-]+)/g)) assert.ok(paths.includes(link), link)
  assert.equal(manifest.dependencies, undefined)
})

test('packed and installed in an empty folder it has types for every entry, and runs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'idtoken-package-'))
  const run = (command, ...args) => execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
  const tsc = (...options) => {
    const args = [`${root}node_modules/typescript/bin/tsc`, '--noEmit', '--strict', '--target', 'es2022', '--types', '', ...options, 'usage.ts']
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
    assert.equal(status, 0, stdout + stderr)
  }
  try {
    const [{ filename }] = Object.values(JSON.parse(run('npm', 'pack', `${root}pkg`, '--json', '--ignore-scripts')))
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
    run('npm', 'install', `./${filename}`, '--offline', '--no-audit', '--no-fund')
    copyFileSync(`${root}tests/types/usage.ts`, join(folder, 'usage.ts'))
    const lib = ['--lib', 'es2022,dom']
    tsc('--module', 'esnext', '--moduleResolution', 'bundler', ...lib)
    tsc('--module', 'node16', '--moduleResolution', 'node16', ...lib)
    const script = `
      import { classify } from 'idtoken'
      import { presets } from 'idtoken/presets'
      console.log(classify('a.b.c.d.e'), presets.google.policy.issuer, ...['core', 'core-simd'].map((name) => import.meta.resolve('idtoken/' + name + '.wasm').split('/').at(-1)))`
    assert.equal(run(process.execPath, '--input-type=module', '--eval', script).trim(), 'encrypted https://accounts.google.com core.wasm core-simd.wasm')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('nothing compiles code from text, so a CSP needs no more than wasm-unsafe-eval', () => {
  for (const name of ['glue', 'core', 'api', 'web', 'workerd', 'remote', 'fetch', 'stores']) {
    assert.doesNotMatch(readFileSync(`${root}pkg/dist/${name}.js`, 'utf8'), /\beval\(|new Function\b/, name)
  }
})

test('the types name every option that the core reads, and no other place lists them', () => {
  const types = ['types', 'remote-types'].map((name) => readFileSync(`${root}js/ts/${name}.ts`, 'utf8')).join()
  const camel = (name) => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase())
  for (const file of ['policy/read.rs', 'policy/required.rs', 'expectations.rs', 'key_cache/options.rs']) {
    const rows = [...readFileSync(`${root}src/${file}`, 'utf8').matchAll(/Row \{\s*name: "(\w+)"/g)]
    assert.ok(rows.length > 0, file)
    for (const [, name] of rows) {
      if (name === 'equals') continue // in JavaScript the nonce is the string itself
      assert.match(types, new RegExp(`\\b${camel(name)}\\??:`), `${name} of src/${file} is in no type`)
    }
  }
})
