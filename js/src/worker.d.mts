// Types of the loader for workers.

import type { Answer, Core } from './core.mjs';
export { EfectivoError, type Answer, type Core } from './core.mjs';

/** A port of a worker, of the web's kind or Node's. */
export interface Port {
  postMessage(message: any, transfer?: any): void;
}

/** The core, inside this worker. */
export function load(source: WebAssembly.Module | BufferSource | URL | string | Response | Promise<Response>): Promise<Core>;
/** Answers the calls of `connect` from inside a worker. */
export function answerOn(port: Port, core: Core): void;
/** A worker's core, seen from outside. */
export function connect(worker: Port): { call<Ok = any>(name: string, ask?: object, bytes?: Uint8Array): Promise<Answer<Ok>> };
