// Loads the core for workers: inside one (Web Worker, worker_threads, an edge runtime that imports modules), and for the page or thread that talks to it.

import { coreOf, EfectivoError } from './core.mjs';

export { EfectivoError } from './core.mjs';

/** The core inside this worker; `source` is a compiled module, its bytes, or what `fetch` takes. */
export async function load(source) {
  return coreOf(await moduleOf(await source));
}

/** Answers the messages of [`connect`] from inside a worker: `answerOn(self, core)`, or `answerOn(parentPort, core)` under Node. */
export function answerOn(port, core) {
  listen(port, ({ no, name, ask, bytes }) => {
    if (no === undefined) return;
    try {
      const { ok, bytes: out } = core.call(name, ask, bytes);
      port.postMessage({ no, ok, bytes: out }, [out.buffer]);
    } catch ({ code = 'failed', message, help, retry }) {
      port.postMessage({ no, error: { code, message, help, retry } });
    }
  });
}

/** The core of a worker that answers by [`answerOn`], seen from outside: the same `call`, but it returns a promise. */
export function connect(worker) {
  const waiting = new Map();
  let next = 1;
  listen(worker, ({ no, error, ok, bytes }) => {
    const asked = waiting.get(no);
    waiting.delete(no);
    if (error) asked?.reject(new EfectivoError(error));
    else asked?.resolve({ ok, bytes });
  });
  return {
    call: (name, ask = {}, bytes = undefined) =>
      new Promise((resolve, reject) => {
        waiting.set(next, { resolve, reject });
        worker.postMessage({ no: next, name, ask, bytes });
        next += 1;
      }),
  };
}

function listen(port, take) {
  if (typeof port.on === 'function') port.on('message', take);
  else port.addEventListener('message', (event) => take(event.data));
}

async function moduleOf(source) {
  if (source instanceof WebAssembly.Module) return source;
  if (ArrayBuffer.isView(source) || source instanceof ArrayBuffer) return WebAssembly.compile(source);
  const answer = source instanceof Response ? source : await fetch(source);
  return WebAssembly.compile(await answer.arrayBuffer());
}
