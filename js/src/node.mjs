// Loads the core for Node: the module lies beside this file, in dist/.

import { readFileSync } from 'node:fs';
import { coreOf, EfectivoError } from './core.mjs';

export { EfectivoError } from './core.mjs';

/** The module that ships with this package. */
export const WASM = new URL('../dist/efectivo_bg.wasm', import.meta.url);

let compiled;

/** The core, ready to be called; each loading has an instance of its own over one compiled module. */
export async function load() {
  return loadSync();
}

/** The same without waiting, for a script's top. */
export function loadSync() {
  compiled ??= new WebAssembly.Module(read());
  return coreOf(compiled);
}

function read() {
  try {
    return readFileSync(WASM);
  } catch (cause) {
    throw new EfectivoError({ code: 'no_module', message: 'the core has not been built: js/dist/efectivo_bg.wasm is missing', help: 'Run `cargo xtask wasm`.' }, { cause });
  }
}
