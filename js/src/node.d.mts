// Types of the loader for Node.

import type { Core } from './core.mjs';
export { EfectivoError, type Answer, type Core } from './core.mjs';

/** The module that ships with this package. */
export const WASM: URL;
/** The core, ready to be called. */
export function load(): Promise<Core>;
/** The same without waiting. */
export function loadSync(): Core;
