// The store in PostgreSQL, and the worker that does what is due for all shops of a database.

import type { Efectivo } from '../index.mjs';
import type { Store } from './sqlite.mjs';
export { StoreConflict, type Change, type Claimed, type Store, type StoredChannel, type StoredNotice } from './sqlite.mjs';

/** A `Pool` of the package pg (8.13 or newer) with at least 4 connections that last: no PgBouncer in transaction mode between. */
export interface PgPool {
  connect(): Promise<any>;
  query(text: string, values?: any[]): Promise<{ rows: any[] }>;
  on(event: any, listener: (...words: any[]) => void): unknown;
  end(): Promise<void>;
}

/** Where the database is: a pool that several stores share and the caller ends, or an address for a pool of this store's own. */
export type PgPlace = { pool: PgPool; connectionString?: never } | { connectionString: string; pool?: never };

/**
 * Opens the store; makes the schema `efectivo` where it is missing (PostgreSQL 13 or newer). `shop` tells the shops of one database apart; it is the
 * host's `tenant`. With `jobs: true` each change leaves a job for graphile-worker in its own transaction, and the host does nothing by itself: run a `worker`.
 * @throws {EfectivoError} store_newer, store_gone, store_unopened, no_module
 */
export function postgresStore(where: PgPlace & { shop?: string; jobs?: boolean }): Promise<Store>;

/**
 * Works on the cases of every shop in the database until `close`. Several processes may run one each. `open(shop)` gives the shop's host, the same one
 * each time, or `null` for a shop that is no longer served; the worker doesn't close it. `log` gets names, numbers and codes only.
 */
export function worker(where: PgPlace & {
  open(shop: string): Promise<Efectivo | null> | Efectivo | null;
  /** How many cases are worked at once; 16. */
  concurrency?: number;
  /** How often dead processes and forgotten work are looked for; 10 s. */
  sweep_ms?: number;
  log?: (event: string, facts?: Record<string, unknown>) => void;
}): Promise<{ close(): Promise<void> }>;
