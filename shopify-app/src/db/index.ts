// The app's own tables behind one small interface, in SQLite or PostgreSQL; the core's records have the js package's store.

import { dirname, join } from 'node:path';
import { sqliteStore, type Efectivo, type Store } from 'efectivo';
import type { Log } from '../log.ts';
import { makePool, openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';

export type Value = string | number | bigint | null | Uint8Array;
export type Row = Record<string, any>;

export interface Db {
  /** For the few statements whose words differ. */
  readonly dialect: 'sqlite' | 'postgres';
  /** Rows of a query; parameters are numbered `?1`, `?2`, … */
  all(sql: string, params?: Value[]): Promise<Row[]>;
  /** Runs a statement; how many rows it changed. */
  run(sql: string, params?: Value[]): Promise<number>;
  /** All of `work` is durable afterwards, or none. Inside, use the `db` it is given and await nothing but it. */
  tx<T>(work: (db: Db) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** The app's tables, and where the core's records of each shop are kept. */
export interface Databases {
  db: Db;
  /** The records of one shop, named by its tenant. */
  records(tenant: string, shopKey: string): Promise<Store>;
  /** Does what is due for every shop's records, where the database leaves jobs for that; `null` where each host looks by itself. */
  work: ((open: (tenant: string) => Promise<Efectivo | null>, log: Log) => Promise<{ close(): Promise<void> }>) | null;
}

/**
 * Opens `sqlite:<file>` or `postgres://…` and brings the app's tables up to date. On SQLite each shop's records lie in a file of their own beside
 * the app's, so that one merchant's writes never wait for another's; on PostgreSQL all share one database and its jobs.
 */
export async function openDatabases(database: string): Promise<Databases> {
  const file = /^sqlite:(.+)$/.exec(database)?.[1];
  if (file) {
    const place = (key: string) => (file === ':memory:' ? file : join(dirname(file), 'shops', `${key}.sqlite`));
    return { db: openSqlite(file), records: async (tenant, key) => sqliteStore({ file: place(key), shop: tenant }), work: null };
  }
  const pool = await makePool(database);
  const { postgresStore, worker } = await import('efectivo/postgres');
  const db = await openPostgres(pool).catch(async (error) => { await pool.end(); throw error; });
  return { db, records: (tenant) => postgresStore({ pool, shop: tenant, jobs: true }), work: (open, log) => worker({ pool, open, log }) };
}

/** Only the app's tables, for a command that runs beside the server. */
export async function openDb(database: string): Promise<Db> {
  const file = /^sqlite:(.+)$/.exec(database)?.[1];
  return file ? openSqlite(file) : openPostgres(await makePool(database));
}

/** The first row, where there is one. */
export async function one(db: Db, sql: string, params: Value[] = []): Promise<Row | undefined> {
  return (await db.all(sql, params))[0];
}
