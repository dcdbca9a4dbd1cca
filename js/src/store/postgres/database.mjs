// One PostgreSQL database as all stores of a process share it: its pool, its migrations, and transactions that are done again where a connection was lost.

import { EfectivoError } from '../../core.mjs';
import { newerStore } from '../errors.mjs';
import { beAlive } from './alive.mjs';
import { OLDEST_SERVER, STEPS, STORE_SCHEMA } from './schema.mjs';
import { passes, storeError } from './trouble.mjs';

/** How long a call waits for a database that is away before it says so. */
const PATIENCE_MS = 10_000;
const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [25, 1_000];
/** A question that takes longer has lost its connection. */
const ANSWERS_WITHIN_MS = 15_000;
/** How long a write waits for another one, and how long a frozen process can hold one up. */
const BEGIN = `BEGIN; SET LOCAL lock_timeout = '5s'; SET LOCAL idle_in_transaction_session_timeout = '30s'`;
/** One connection says that we live, one listens for jobs, and one is in work for each transaction. */
const FEWEST_CONNECTIONS = 4;
/** Taken while the tables are made; any number of our own. */
const MIGRATION_LOCK = 4_546_001;

const BIGINT = 20;
/** Instants and numbers are far below 2^53; `pg` would give them as text. */
const types = { getTypeParser: (oid, format) => (oid === BIGINT ? Number : parsers.getTypeParser(oid, format)) };
let parsers = null;
const databases = new WeakMap();
const names = new Map();

/** The database behind a pool, opened once for all shops; with `connectionString` a pool of its own, which ends with `close`. */
export async function databaseOf({ pool, connectionString }) {
  const pg = await library('pg');
  parsers = pg.types;
  if (pool) return shared(pool);
  if (typeof connectionString !== 'string' || connectionString === '') {
    throw new EfectivoError({ code: 'bad_settings', message: 'the PostgreSQL store needs a pool or a connection string', help: 'Give `pool` (of the package pg) or `connectionString` (postgres://user:password@host/database).' });
  }
  return shared(new pg.Pool({ connectionString, max: 10, keepAlive: true }), true);
}

/** A package that only PostgreSQL needs; npm doesn't install it by itself. */
export async function library(name) {
  try {
    const found = await import(name);
    return found.default ?? found;
  } catch (cause) {
    throw new EfectivoError({ code: 'no_module', message: `the package ${name} is missing`, help: `Run: npm install ${name}` }, { cause });
  }
}

async function shared(pool, ours = false) {
  if (!databases.has(pool)) databases.set(pool, opened(pool, ours).catch((error) => { databases.delete(pool); throw error; }));
  const db = await databases.get(pool);
  db.users += 1;
  return db;
}

async function opened(pool, ours) {
  if (pool.options?.max < FEWEST_CONNECTIONS) {
    throw new EfectivoError({ code: 'bad_settings', message: `a pool of ${pool.options.max} connections is too small`, help: `Give it at least ${FEWEST_CONNECTIONS}.` });
  }
  // An idle connection that ends is no error of anybody's: the next question opens another.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const db = { pool, users: 0, ended: false };
  try {
    await waited(db, () => bringUp(db));
    db.alive = await waited(db, () => beAlive(db));
  } catch (error) {
    if (ours) await pool.end();
    throw error;
  }
  db.close = async () => {
    db.users -= 1;
    if (db.users > 0) return;
    db.ended = true;
    databases.delete(pool);
    await db.alive.end();
    if (ours) await pool.end();
  };
  return db;
}

async function bringUp(db) {
  const client = await db.pool.connect();
  try {
    await checkServer(client);
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const found = await shape(client);
    if (found > STORE_SCHEMA) throw newerStore(found, STORE_SCHEMA);
    if (found < STORE_SCHEMA) {
      await client.query('CREATE SCHEMA IF NOT EXISTS efectivo; CREATE TABLE IF NOT EXISTS efectivo.steps (no integer PRIMARY KEY, made_at timestamptz NOT NULL DEFAULT now())');
      for (let no = found; no < STORE_SCHEMA; no += 1) {
        await client.query(STEPS[no]);
        await client.query('INSERT INTO efectivo.steps (no) VALUES ($1)', [no + 1]);
      }
    }
    await client.query('COMMIT');
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}

async function shape(client) {
  const { rows: [{ there }] } = await client.query(`SELECT to_regclass('efectivo.steps') IS NOT NULL AS there`);
  return there ? (await client.query('SELECT coalesce(max(no), 0) AS no FROM efectivo.steps')).rows[0].no : 0;
}

async function checkServer(client) {
  const { rows: [{ version, encoding, durable }] } = await client.query(
    `SELECT current_setting('server_version_num')::integer AS version, current_setting('server_encoding') AS encoding, current_setting('synchronous_commit') AS durable`);
  const refuse = (message, help) => { throw new EfectivoError({ code: 'store_unopened', message, help }); };
  if (version < OLDEST_SERVER) refuse('the database server is too old', 'PostgreSQL 13 or newer is needed.');
  if (encoding !== 'UTF8') refuse(`the database keeps text as ${encoding}`, 'Make one with ENCODING UTF8.');
  if (durable === 'off') refuse('the database confirms before it has written (synchronous_commit is off)', 'Turn it on for this user: ALTER ROLE … SET synchronous_commit = on.');
}

/** One question, a transaction of its own; waited for while the database is away. `values(again)` where they depend on whether an answer was lost before. */
export function query(db, text, values = []) {
  return waited(db, (again) => asked(db.pool, text, typeof values === 'function' ? values(again) : values));
}

/**
 * Runs `work(ask)` in one transaction: all of it is on the disk afterwards, or none. Where the connection is lost, all is done again, be it that only the
 * answer was lost: the work has to be such that it may be.
 */
export function whole(db, work) {
  return waited(db, async () => {
    const client = await db.pool.connect();
    try {
      await client.query({ text: BEGIN, query_timeout: ANSWERS_WITHIN_MS });
      const made = await work((text, values = []) => asked(client, text, values));
      await client.query({ text: 'COMMIT', query_timeout: ANSWERS_WITHIN_MS });
      client.release();
      return made;
    } catch (error) {
      await back(client, error);
      throw error;
    }
  });
}

async function back(client, error) {
  const lost = storeError(error).code === 'store_gone';
  await (lost ? Promise.reject(error) : client.query({ text: 'ROLLBACK', query_timeout: ANSWERS_WITHIN_MS })).then(() => client.release(), () => client.release(true));
}

async function asked(client, text, values) {
  if (!names.has(text)) names.set(text, `efectivo_${names.size + 1}`);
  const { rows } = await client.query({ name: names.get(text), text, values, types, query_timeout: ANSWERS_WITHIN_MS });
  return rows;
}

/** Does `work` again while only the moment is against it, for a bounded time; then says so in our words. */
async function waited(db, work) {
  const until = Date.now() + PATIENCE_MS;
  let again = false;
  for (let ms = FIRST_PAUSE_MS; ; ms = Math.min(2 * ms, LONGEST_PAUSE_MS)) {
    try {
      return await work(again);
    } catch (cause) {
      const error = storeError(cause);
      again ||= error?.code === 'store_gone';
      if (db.ended || !passes(error) || Date.now() > until) throw error;
      await pause(ms);
    }
  }
}

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));
