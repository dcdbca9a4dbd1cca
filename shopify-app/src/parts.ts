// What every part of the server is given: the database, the clock, the log, the shops. Nothing here is global.

import type { Core } from 'efectivo';
import type { Context, Hono } from 'hono';
import type { Config } from './config.ts';
import type { Db } from './db/index.ts';
import type { Health } from './health.ts';
import type { Log } from './log.ts';
import type { Intake } from './orders/intake.ts';
import type { Locks } from './orders/lock.ts';
import type { Refunds } from './orders/refunds.ts';
import type { Pay } from './pay/index.ts';
import type { Seal } from './seal.ts';
import type { Proofs } from './shopify/proofs.ts';
import type { Tokens } from './shopify/tokens.ts';
import type { Shops } from './shops.ts';

export interface Parts {
  config: Config;
  db: Db;
  seal: Seal;
  core: Core;
  /** The merchant's time; leases and locks run on the real one. */
  clock: { now(): number };
  log: Log;
  /** Every call to Shopify goes through this one. */
  toShopify: typeof globalThis.fetch;
  /** Calls to our own public addresses, as anybody outside would make them. */
  outside: typeof globalThis.fetch;
  locks: Locks;
  health: Health;
  proofs: Proofs;
  tokens: Tokens;
  shops: Shops;
  intake: Intake;
  refunds: Refunds;
  /** Role PAY. */
  pay: Pay;
}

/** A room of the server: adds its addresses. */
export type Room = (hono: Hono, on: Parts) => void;

/** The address that a request came from: the socket's own, as node-server hands it over; empty where there is none (tests). */
export function peerOf(c: Context): string {
  const { incoming } = (c.env ?? {}) as { incoming?: { socket?: { remoteAddress?: string } } };
  return incoming?.socket?.remoteAddress ?? '';
}
