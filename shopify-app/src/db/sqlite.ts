// The app's tables in one SQLite file: WAL, synchronous FULL, one statement or transaction at a time.

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { EfectivoError } from 'efectivo';
import type { Db, Row } from './index.ts';
import { STEPS, statements } from './migrations.ts';

/** How long a write waits for another process before it gives up, and how often it looks: nothing else stands still meanwhile. */
const BUSY_MS = 5_000;
const LOOK_MS = 5;
/** Prepared statements that are kept. */
const MOST_PREPARED = 400;

/** Opens (or makes) the file; `:memory:` for tests. */
export function openSqlite(file: string): Db {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const base = new DatabaseSync(file, { timeout: BUSY_MS });
  base.exec(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;`);
  bringUp(base);
  base.exec('PRAGMA busy_timeout = 0'); // from here on `patient` waits
  const prepared = new Map<string, StatementSync>();
  let last: Promise<unknown> = Promise.resolve();

  function statement(sql: string): StatementSync {
    const known = prepared.get(sql);
    if (known) return known;
    if (prepared.size > MOST_PREPARED) prepared.clear();
    const made = base.prepare(sql);
    prepared.set(sql, made);
    return made;
  }

  const inside: Db = {
    dialect: 'sqlite',
    all: async (sql, params = []) => told(() => statement(sql).all(...params) as Row[]),
    run: async (sql, params = []) => told(() => Number(statement(sql).run(...params).changes)),
    tx: (work) => work(inside),
    close: async () => base.close(),
  };

  /** One after the other: a transaction's statements are never mixed with anybody else's. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  }

  async function whole<T>(work: (db: Db) => Promise<T>): Promise<T> {
    await patient(async () => told(() => base.exec('BEGIN IMMEDIATE')));
    try {
      const made = await work(inside);
      told(() => base.exec('COMMIT'));
      return made;
    } catch (error) {
      if (base.isTransaction) base.exec('ROLLBACK');
      throw error;
    }
  }

  return {
    dialect: 'sqlite',
    all: (sql, params) => inTurn(() => patient(() => inside.all(sql, params))),
    run: (sql, params) => inTurn(() => patient(() => inside.run(sql, params))),
    tx: (work) => inTurn(() => whole(work)),
    close: () => inTurn(() => inside.close()),
  };
}

/** Does `work` again while another process writes. */
async function patient<T>(work: () => Promise<T>): Promise<T> {
  for (const until = Date.now() + BUSY_MS; ; ) {
    try {
      return await work();
    } catch (error) {
      if ((error as { code?: string }).code !== 'store_locked' || Date.now() > until) throw error;
      await new Promise((look) => setTimeout(look, LOOK_MS));
    }
  }
}

function bringUp(db: DatabaseSync): void {
  db.exec('CREATE TABLE IF NOT EXISTS app_schema (shape INTEGER NOT NULL)');
  db.exec('BEGIN IMMEDIATE');
  const found = (db.prepare('SELECT max(shape) AS shape FROM app_schema').get()?.shape as number | null) ?? 0;
  if (found > STEPS.length) {
    db.exec('ROLLBACK');
    throw new EfectivoError({ code: 'store_newer', message: `the database has shape ${found}; this version knows ${STEPS.length}`, help: 'Nothing was changed. Install the version that wrote it, or a newer one.' });
  }
  for (const step of STEPS.slice(found)) {
    for (const one of statements(step, { blob: 'BLOB', big: 'INTEGER', serial: 'INTEGER PRIMARY KEY' })) db.exec(one);
  }
  if (found < STEPS.length) db.exec(`INSERT INTO app_schema (shape) VALUES (${STEPS.length})`);
  db.exec('COMMIT');
}

/** SQLite's refusals in words that say what to do; whatever was being written is not there. */
function told<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const { code, errcode = 0 } = cause as { code?: string; errcode?: number };
    if (code !== 'ERR_SQLITE_ERROR') throw cause;
    const [name, message, help] = REFUSALS[errcode & 0xff] ?? ['store_failed', 'the database refused', 'Nothing was changed.'];
    throw new EfectivoError({ code: name, message, help, retry: 'later' }, { cause });
  }
}

const REFUSALS: Record<number, [string, string, string]> = {
  5: ['store_locked', 'the database is locked by another program', 'Nothing was changed. Close the program that holds it, or try again.'],
  8: ['store_read_only', 'the database can only be read', 'Nothing was changed. Give this program the right to write to the data folder.'],
  10: ['store_disk', 'the disk could not be read or written', 'Nothing was changed. Look after the disk, then start again.'],
  13: ['store_full', 'the disk is full', 'Nothing was changed. Make room; the work goes on by itself.'],
  14: ['store_unopened', 'the database could not be opened', 'Check that the data folder exists and may be written to.'],
};
