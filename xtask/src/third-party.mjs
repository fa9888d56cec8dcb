// Prints the licences of everything that core.wasm contains, for the package: most of them ask that their text goes along.
//
//   node xtask/src/third-party.mjs METADATA     what `cargo metadata` printed for wasm32-unknown-unknown

import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

const { packages, resolve } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const nodes = new Map(resolve.nodes.map((node) => [node.id, node]))

/** What is linked: procedural macros and build scripts run while building and leave nothing of themselves. */
const linked = new Set()
const visit = (id) => {
  if (linked.has(id)) return
  linked.add(id)
  for (const { pkg, dep_kinds: kinds } of nodes.get(id).deps) if (kinds.some(({ kind }) => kind === null)) visit(pkg)
}
visit(packages.find(({ name }) => name === 'idtoken-js').id)

const isMacro = ({ targets }) => targets.some(({ kind }) => kind.includes('proc-macro'))
const foreign = packages
  .filter((each) => linked.has(each.id) && each.source && !isMacro(each))
  .sort((a, b) => (a.name < b.name ? -1 : 1))

/** The text under the first of these names; where a crate may be had under MIT or Apache-2.0, it is taken under MIT. */
function textOf({ manifest_path: manifest }) {
  const folder = dirname(manifest)
  const files = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|unlicense)/i.test(name)).sort()
  const preferred = files.find((name) => /mit/i.test(name)) ?? files[0]
  return preferred ? readFileSync(join(folder, preferred), 'utf8').trim() : '(no text in the crate; see its repository)'
}

console.log('# Third-party licences\n\nWhat core.wasm contains, beside idtoken itself and the Rust standard library (MIT or Apache-2.0).')
const byText = Map.groupBy ? Map.groupBy(foreign, textOf) : grouped(foreign)
for (const [text, crates] of byText) {
  console.log(`\n## ${crates.map(({ name, version, license }) => `${name} ${version} (${license})`).join(', ')}\n\n${text}`)
}

function grouped(list) {
  const groups = new Map()
  for (const each of list) groups.set(textOf(each), [...(groups.get(textOf(each)) ?? []), each])
  return groups
}
