// The app's tables in PostgreSQL, for several machines on one database; `pg` is loaded only where it is used.

import { EfectivoError } from 'efectivo';
import type { PgPool } from 'efectivo/postgres';
import type { Db, Row, Value } from './index.ts';
import { STEPS, statements } from './migrations.ts';

/** Any number that all processes agree on: one of them brings the tables up, the others wait. */
const BRING_UP_LOCK = 4_610_217;
/** The app's tables have a schema of their own, named on every connection: a user's default would depend on the user's name. */
const SCHEMA = 'efectivo_shopify';
/** Connections of one process. */
const MOST_CONNECTIONS = 24;

type Asked = { rows: Row[]; rowCount?: number | null };
type Client = { query(sql: string, params?: any[]): Promise<Asked>; release(error?: boolean): void };

export type Pool = PgPool;

/** The one pool of a process: the app's tables and the core's records share it. @throws EfectivoError `no_pg` */
export async function makePool(url: string): Promise<Pool> {
  const { default: pg } = await import('pg').catch((cause: unknown) => {
    throw new EfectivoError({ code: 'no_pg', message: 'PostgreSQL needs the package `pg`', help: 'Install it: npm install --include=optional' }, { cause });
  });
  const pool = new pg.Pool({ connectionString: url, max: MOST_CONNECTIONS, connectionTimeoutMillis: 5_000, options: `-c search_path=${SCHEMA}` });
  pool.on('error', () => {}); // an idle connection that the server closed: the next query opens another
  return pool;
}

/** Brings the app's tables in `pool`'s database up to date; closing it ends the pool. */
export async function openPostgres(pool: Pool): Promise<Db> {
  const db = over(pool, async (work) => {
    const client = (await pool.connect().catch(told)) as Client;
    let broken = false;
    try {
      await client.query('BEGIN');
      const made = await work(over(client, (inner) => inner(over(client, () => Promise.reject(new Error('one transaction at a time'))))));
      await client.query('COMMIT');
      return made;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => { broken = true; });
      return told(error);
    } finally {
      client.release(broken);
    }
  }, () => pool.end());
  await bringUp(db);
  return db;
}

function over(on: Pick<Client, 'query'>, tx: Db['tx'], close: () => Promise<void> = async () => {}): Db {
  const ask = (sql: string, params: Value[] = []) => on.query(sql.replace(/\?(\d+)/g, '$$$1'), params).catch(told);
  return {
    dialect: 'postgres',
    all: async (sql, params) => (await ask(sql, params)).rows,
    run: async (sql, params) => (await ask(sql, params)).rowCount ?? 0,
    tx,
    close,
  };
}

async function bringUp(db: Db): Promise<void> {
  await db.tx(async (on) => {
    await on.all('SELECT pg_advisory_xact_lock(?1)', [BRING_UP_LOCK]);
    await on.run(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`);
    await on.run('CREATE TABLE IF NOT EXISTS app_schema (shape INTEGER NOT NULL)');
    const [row] = await on.all('SELECT max(shape) AS shape FROM app_schema');
    const found = (row?.shape as number | null) ?? 0;
    if (found > STEPS.length) throw new EfectivoError({ code: 'store_newer', message: `the database has shape ${found}; this version knows ${STEPS.length}`, help: 'Nothing was changed. Install the version that wrote it, or a newer one.' });
    for (const step of STEPS.slice(found)) {
      for (const one of statements(step, { blob: 'BYTEA', big: 'BIGINT', serial: 'BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY' })) await on.run(one);
    }
    if (found < STEPS.length) await on.run('INSERT INTO app_schema (shape) VALUES (?1)', [STEPS.length]);
  });
}

/** A database that is away, in words that say what to do; the work is done again when it is back. */
function told(cause: unknown): never {
  const { code = '', syscall } = cause as { code?: string; syscall?: string };
  const away = Boolean(syscall) || /^(08|57P|53)/.test(code) || /Connection terminated|timeout exceeded/i.test((cause as Error).message ?? '');
  if (!away) throw cause;
  throw new EfectivoError({ code: 'store_away', message: 'the database does not answer', help: 'Nothing was changed. The work goes on by itself when it is back.', retry: 'later' }, { cause });
}
