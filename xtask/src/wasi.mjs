// Runs a program for WASI, such as a Rust test: `node wasi.mjs PROGRAM.wasm ARGUMENT...`
import { readFile } from 'node:fs/promises'
import { WASI } from 'node:wasi'

const [program, ...args] = process.argv.slice(2)
const wasi = new WASI({ version: 'preview1', args: [program, ...args], env: process.env, returnOnExit: false })
const module = await WebAssembly.compile(await readFile(program))
wasi.start(await WebAssembly.instantiate(module, wasi.getImportObject()))
