// Loads the core for a browser's page: fetches the module once, calls it, and mounts rendered pages into elements.

import init, * as glue from '../dist/efectivo.js';
import { coreOf } from './core.mjs';

export { EfectivoError } from './core.mjs';

/** Where the module lies when the package is served as it is; a bundler may give another address to `load`. */
export const WASM = new URL('../dist/efectivo_bg.wasm', import.meta.url);

let ready;

/** The core, with `mount(element, html)`, `mountAnswer(element, call, ask)` and `Figures` beside its calls; `source` is an address, an answer of `fetch`, bytes or a compiled module. */
export function load(source = WASM) {
  ready ??= begin(source).catch((error) => {
    ready = undefined;
    throw error;
  });
  return ready;
}

async function begin(source) {
  const module = source instanceof WebAssembly.Module ? source : await compile(await source);
  await init({ module_or_path: module });
  return { ...coreOf(module), typed: glue.ask, mount: glue.mount, mountAnswer: glue.mountAnswer, Figures: glue.Figures };
}

async function compile(source) {
  if (ArrayBuffer.isView(source) || source instanceof ArrayBuffer) return WebAssembly.compile(source);
  const answer = source instanceof Response ? source : await fetch(source);
  if (!answer.ok) throw new Error(`the core could not be fetched: ${answer.status}`);
  const streams = answer.headers.get('content-type')?.startsWith('application/wasm');
  return streams ? WebAssembly.compileStreaming(answer) : WebAssembly.compile(await answer.arrayBuffer());
}
