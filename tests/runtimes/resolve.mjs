// Where the package's exports map leads under an export condition, according to Node's own resolver.

import { execFileSync } from 'node:child_process'

/** The URL of the file that an import of the package, or of a subpath of it, means under `condition`. */
export function entryUnder(condition, subpath = 'idtoken') {
  const script = `process.stdout.write(import.meta.resolve('${subpath}'))`
  const args = [`--conditions=${condition}`, '--input-type=module', '--eval', script]
  return new URL(execFileSync(process.execPath, args, { cwd: import.meta.dirname, encoding: 'utf8' }))
}
