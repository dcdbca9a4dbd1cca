// The app's own tables behind one small interface, in SQLite or PostgreSQL; the core's records have the js package's store.

import { openSqlite } from './sqlite.ts';
import { openPostgres } from './postgres.ts';

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

/** Opens `sqlite:<file>` or `postgres://…` and brings its tables up to date. */
export async function openDb(database: string): Promise<Db> {
  const file = /^sqlite:(.+)$/.exec(database)?.[1];
  return file ? openSqlite(file) : openPostgres(database);
}

/** The first row, where there is one. */
export async function one(db: Db, sql: string, params: Value[] = []): Promise<Row | undefined> {
  return (await db.all(sql, params))[0];
}
