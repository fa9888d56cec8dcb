// Runtimes and bundlers that know the export condition "workerd" give an imported .wasm file as a compiled module.

declare module '*.wasm' {
  const module: WebAssembly.Module
  export default module
}

declare module 'cloudflare:workers' {
  /** Older runtimes do not have it. */
  export const waitUntil: ((work: Promise<unknown>) => void) | undefined
}
