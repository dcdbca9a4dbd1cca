// The records in PostgreSQL: many shops and processes on one database, one transaction for everything that one input changes, wake-ups as jobs.

import { randomUUID } from 'node:crypto';
import { StoreConflict } from './errors.mjs';
import { databaseOf, library, query, whole } from './postgres/database.mjs';
import * as inbox from './postgres/inbox.mjs';
import { SCENE } from './postgres/due.mjs';
import { CONFLICT } from './postgres/functions.mjs';
import { inJob, leavesJob } from './postgres/jobs.mjs';
import * as outbox from './postgres/outbox.mjs';

export { StoreConflict } from './errors.mjs';
export { worker } from '../workers.mjs';

const TAKE_IN = `SELECT efectivo.take_in(${Array.from({ length: 35 }, (_, at) => `$${at + 1}`)}) AS version`;
const SAVE_CHANNELS = 'efectivo.save_channels($1, $2, $3, $4, $5)';

/**
 * Opens (or makes) the store in a database; `shop` tells the shops of one database apart. Give stores of one process the same `pool` of the package pg.
 * With `jobs`, each change leaves a job for graphile-worker, and a `worker` does what is due; without, every process looks by itself.
 */
export async function postgresStore({ pool, connectionString, shop = 'shop', jobs = false }) {
  const db = await databaseOf({ pool, connectionString });
  const on = { db, shop, jobs, transactions: 0 };
  const act = (work) => (...words) => work(on, ...words);
  try {
    if (jobs) await haveJobs(db);
  } catch (error) {
    await db.close();
    throw error;
  }
  return {
    jobs, load: act(load), scene: act(scene), look: act(look), inJob: act(inJob), holder: act(holder), commit: act(commit), cases: act(cases), journal: act(journal), channels: act(channels), saveChannels: act(saveChannels),
    person: act(person), evidence: act(evidence), erase: act(erase), purge: act(purge), due: act(due), next: act(next),
    addNotices: counted(on, inbox.addNotices), matched: act(inbox.matched), newest: act(inbox.newest), strays: act(inbox.strays), passed: act(inbox.passed), notices: act(inbox.notices),
    claim: act(outbox.claim), sent: act(outbox.sent), postpone: act(outbox.postpone), takeOver: act(outbox.takeOver), outputs: act(outbox.outputs),
    figures: () => ({ transactions: on.transactions, alone: false }),
    close: () => db.close(),
  };
}

const counted = (on, work) => async (...words) => {
  const made = await work(on, ...words);
  on.transactions += 1;
  return made;
};

/** The engine's own tables, made once for a database. */
async function haveJobs(db) {
  db.jobs ??= library('graphile-worker').then(({ runMigrations, Logger }) => runMigrations({ pgPool: db.pool, logger: new Logger(() => () => {}) }));
  await db.jobs.catch((error) => { db.jobs = undefined; throw error; });
}

async function load(on, id) {
  const [row] = await query(on.db, 'SELECT version, doc FROM efectivo.cases WHERE shop = $1 AND id = $2', [on.shop, id]);
  return row ? { version: row.version, case: row.doc } : null;
}

async function holder(on, key) {
  const [row] = await query(on.db, 'SELECT case_id FROM efectivo.keys WHERE shop = $1 AND key = $2', [on.shop, key]);
  return row?.case_id ?? null;
}

/** A case, the channels' rows and, where `person` is asked for, who pays: what the core is asked with, in one question. */
async function scene(on, id, { person: asked = false } = {}) {
  const [row] = await query(on.db, `SELECT ${SCENE('$1', '$2', '$3')}`, [on.shop, id, asked]);
  return seen(row);
}

function seen({ version, doc, channels: rows, person: payer }) {
  return { loaded: doc && { version, case: doc }, person: payer && JSON.parse(payer.toString()), channels: rows.map((one) => ({ ...one, token: one.token && Buffer.from(one.token, 'base64') })) };
}

/**
 * What of one case waits to be taken in: whether there are notices for it, and when it wants to be woken, in which version. Where that is nothing, or `regardless`,
 * what can leave is claimed, and `scene` has all that carrying it out asks for.
 */
async function look(on, id, { lanes, now, lease_now, lease_ms, regardless = false }) {
  const [row] = await query(on.db, 'SELECT * FROM efectivo.look($1, $2, $3, $4, $5, $6, $7, $8)', [on.shop, id, lanes, now, lease_now, on.db.alive.no, lease_ms, regardless]);
  const { version, wake_at, notices, claimed } = row;
  return { version, wake_at, notices, claimed: claimed ?? [], scene: claimed && seen(row) };
}

/** Everything that one input changed, or nothing. Should the answer be lost, a second try finds by its sign what the first one wrote, be it that others wrote since. @throws {StoreConflict} */
async function commit(on, { case: doc, version, keys, journal: entries, outputs, channels: rows, evidence: pieces, completes, notice, now }) {
  const column = (list, read) => list.map(read);
  const sign = randomUUID();
  const values = (again) => [
    on.shop, doc.id, version, doc.order, doc.mode, doc.schema, doc.state, doc.placed_at, doc.reviews.filter((review) => !review.closed).length, doc.wake_at ?? null, JSON.stringify(doc), sign, again,
    [...new Set(keys)], now,
    column(entries, (one) => one.no), column(entries, (one) => one.at), column(entries, (one) => JSON.stringify(one)),
    column(outputs, (one) => one.no), column(outputs, (one) => one.lane), column(outputs, (one) => one.repeatable), column(outputs, (one) => JSON.stringify(one.body)),
    column(pieces, (one) => one.kind), column(pieces, (one) => one.purge_after), column(pieces, (one) => Buffer.from(one.body)),
    completes?.no ?? null, completes?.attempt ?? null, completes?.dead ?? false, notice, leavesJob(on, doc.id), Date.now(), ...channelColumns(rows),
  ];
  const [made] = await told(query(on.db, TAKE_IN, values));
  on.transactions += 1;
  return { version: made.version };
}

/** A conflict that the database tells, as every store does. */
function told(asking) {
  return asking.catch((error) => {
    const { code, message, detail } = error?.cause ?? error;
    throw code === CONFLICT ? new StoreConflict(message, detail) : error;
  });
}

function channels(on) {
  return query(on.db, 'SELECT id, version, token, doc FROM efectivo.channels WHERE shop = $1 ORDER BY id', [on.shop]);
}

async function saveChannels(on, rows) {
  await told(query(on.db, `SELECT ${SAVE_CHANNELS}`, [on.shop, ...channelColumns(rows)]));
}

/** Channel rows `{id, version, token (sealed bytes or null), doc}` within a transaction; `version` is the one they were read with, 0 for new ones. */
export async function storeChannels(on, ask, rows) {
  if (rows.length > 0) await told(ask(`SELECT ${SAVE_CHANNELS}`, [on.shop, ...channelColumns(rows)]));
}

function channelColumns(rows) {
  return [rows.map((one) => one.id), rows.map((one) => one.version), rows.map((one) => one.token && Buffer.from(one.token)), rows.map((one) => JSON.stringify(one.doc))];
}

async function cases(on, { state = '', order = '', reviews = '', limit = 50, before = Number.MAX_SAFE_INTEGER } = {}) {
  const rows = await query(on.db, `SELECT doc FROM efectivo.cases WHERE shop = $1 AND placed_at < $2 AND ($3 = '' OR state = $3) AND ($4 = '' OR order_key = $4) AND ($5 <> 'open' OR open_reviews > 0)
    ORDER BY placed_at DESC, id LIMIT $6`, [on.shop, before, state, order, reviews, limit]);
  return rows.map((row) => row.doc);
}

async function journal(on, id) {
  return (await query(on.db, 'SELECT entry FROM efectivo.journal WHERE shop = $1 AND case_id = $2 ORDER BY no', [on.shop, id])).map((row) => row.entry);
}

async function person(on, id) {
  const [row] = await query(on.db, `SELECT body FROM efectivo.evidence WHERE shop = $1 AND case_id = $2 AND kind = 'person' ORDER BY no DESC LIMIT 1`, [on.shop, id]);
  return row ? JSON.parse(row.body.toString()) : null;
}

function evidence(on, id) {
  return query(on.db, 'SELECT no, kind, kept_at, purge_after, body FROM efectivo.evidence WHERE shop = $1 AND case_id = $2 ORDER BY no', [on.shop, id]);
}

/** Erases a case's evidence that need not be kept any longer; says how many pieces went and how many must stay. */
function erase(on, id, now) {
  return whole(on.db, async (ask) => {
    const gone = await ask('DELETE FROM efectivo.evidence WHERE shop = $1 AND case_id = $2 AND purge_after <= $3 RETURNING no', [on.shop, id, now]);
    const [{ kept }] = await ask('SELECT count(*) AS kept FROM efectivo.evidence WHERE shop = $1 AND case_id = $2', [on.shop, id]);
    return { erased: gone.length, kept };
  });
}

/** Erases all evidence whose time is over, and notices received too long ago: of a case, or waiting for one. */
function purge(on, { now, handled_before, waiting_before }) {
  return whole(on.db, async (ask) => {
    const old = await ask('DELETE FROM efectivo.evidence WHERE shop = $1 AND purge_after <= $2 RETURNING no', [on.shop, now]);
    const read = await ask('DELETE FROM efectivo.inbox WHERE shop = $1 AND received_at < CASE WHEN handled_at IS NULL THEN $2::bigint ELSE $3::bigint END RETURNING no', [on.shop, waiting_before, handled_before]);
    return { evidence: old.length, notices: read.length };
  });
}

/** Cases whose time to wake has come, the longest waiting first. */
function due(on, { now, limit }) {
  return query(on.db, 'SELECT id, wake_at FROM efectivo.cases WHERE shop = $1 AND wake_at <= $2 ORDER BY wake_at LIMIT $3', [on.shop, now, limit]);
}

/** The next instants at which there is something to do, each `null` for never: a case's wake, an output, a lease's end, a notice that will have waited long enough. */
async function next(on) {
  const [row] = await query(on.db, `
    WITH heads AS (SELECT next_at, lease_until FROM efectivo.heads($1, NULL))
    SELECT (SELECT min(wake_at) FROM efectivo.cases WHERE shop = $1 AND wake_at IS NOT NULL) AS wake_at, (SELECT min(next_at) FROM heads WHERE lease_until IS NULL) AS output_at,
      (SELECT min(lease_until) FROM heads) AS lease_until, (SELECT min(stray_at) FROM efectivo.inbox WHERE shop = $1 AND stray_at IS NOT NULL) AS stray_at`, [on.shop]);
  return row;
}
