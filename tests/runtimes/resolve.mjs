// Where the package's exports map leads under an export condition, according to Node's own resolver.

import { execFileSync } from 'node:child_process'

/** The URL of the file that `import 'idtoken'` means under `condition`. */
export function entryUnder(condition) {
  const script = "process.stdout.write(import.meta.resolve('idtoken'))"
  const args = [`--conditions=${condition}`, '--input-type=module', '--eval', script]
  return new URL(execFileSync(process.execPath, args, { cwd: import.meta.dirname, encoding: 'utf8' }))
}
