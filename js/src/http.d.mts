// Types of Efectivo over HTTP.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Efectivo, Options, OrderBook } from './index.mjs';

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** Answers shoppers' pages below `pages` (`/pago`) and notices below `notices` (`/webhook`) in a server of one's own; the rest goes to `other`. */
export function routes(efectivo: Efectivo, where?: { pages?: string; notices?: string; other?: Handler }): Handler;

/** What the service reads from its file. */
export interface ServiceConfig extends Pick<Options, 'data' | 'settings' | 'credentials' | 'keys' | 'mail' | 'clock' | 'fetch' | 'lang'> {
  /** Of 24 characters or more; two may be valid at once. */
  bearer_keys: string[];
  /** Where the shop learns of its orders; without it, it asks `/query-status`. */
  callback?: { url: string; secret: string };
}

/** The whole as a small service; resolves once it listens. */
export function serve(how: { config: ServiceConfig; port?: number; host?: string; log?: Options['log'] }): Promise<{ efectivo: Efectivo; book: OrderBook; port: number; close(): Promise<void> }>;
