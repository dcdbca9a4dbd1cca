// Types of the loader for a browser's page.

import type { Core } from './core.mjs';
export { EfectivoError, type Answer, type Core } from './core.mjs';

/** The core in a page, with the parts that need a document. */
export interface WebCore extends Core {
  /** The typed door: objects cross as they are. */
  typed(name: string, ask: object, bytes: Uint8Array): [any, Uint8Array];
  /** Puts a rendered page into an element, in place of what was mounted there before. */
  mount(element: Element, html: string): void;
  /** Makes a call that renders a page, and mounts it. */
  mountAnswer(element: Element, name: string, ask: object): void;
  /** The merchant's figures: cases are counted slice by slice, then drawn. */
  Figures: new (mode: 'test' | 'live', now: bigint) => Figures;
}

/** What the cases of the last twelve weeks came to. */
export interface Figures {
  /** Counts a JSON list of cases. */
  count(cases: Uint8Array): void;
  /** The figures as an HTML document, for `mount`. */
  page(locale: string): string;
  free(): void;
}

/** Where the module lies when the package is served as it is. */
export const WASM: URL;
/** Fetches and starts the core, once. */
export function load(source?: URL | string | Response | Promise<Response> | BufferSource | WebAssembly.Module): Promise<WebCore>;
