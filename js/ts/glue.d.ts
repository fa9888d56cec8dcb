// What the shim uses of the glue that wasm-bindgen writes (target "bundler") next to the compiled shim.

export class KeySet {
  constructor(text: Uint8Array)
  skipped(): unknown
  free(): void
  static limit(): number
}

export class Verifier {
  constructor(policyJson: string)
  verify(token: string, keys: KeySet, expectationsJson: string): string
  explain(token: string, keys: KeySet, expectationsJson: string): unknown
  tokenLimit(): number
  free(): void
}

export function __wbg_set_wasm(exports: WebAssembly.Exports): void
