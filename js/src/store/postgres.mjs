// The records in PostgreSQL: many shops and processes on one database, one transaction for everything that one input changes, wake-ups as jobs.

import { StoreConflict } from './errors.mjs';
import { databaseOf, library, query, whole } from './postgres/database.mjs';
import * as inbox from './postgres/inbox.mjs';
import { wakeUp } from './postgres/jobs.mjs';
import * as outbox from './postgres/outbox.mjs';

export { StoreConflict } from './errors.mjs';
export { worker } from '../workers.mjs';

/** Keys that stay with the case that had them first. */
const KEPT = '^(order|page):';

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
    jobs, load: act(load), holder: act(holder), commit: act(commit), cases: act(cases), journal: act(journal), channels: act(channels), saveChannels: act(saveChannels),
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

/** Everything that one input changed, or nothing. @throws {StoreConflict} */
async function commit(on, change) {
  const { case: doc, completes, notice, now } = change;
  const version = await whole(on.db, async (ask) => {
    const next = await saveCase(on, ask, doc, change.version);
    const known = await saveKeys(on, ask, change.keys, doc.id);
    await append(on, ask, doc.id, change);
    if (completes) await outbox.complete(on, ask, doc.id, completes, now);
    if (notice) await inbox.handled(on, ask, notice, doc.id, now);
    await wakeUp(on, ask, doc.id, now, known);
    await storeChannels(on, ask, change.channels); // last: others may be waiting for these rows
    return next;
  });
  on.transactions += 1;
  return { version };
}

/** Writes the document and notes which transaction this is: should its answer be lost, the server is asked. */
async function saveCase(on, ask, doc, version) {
  const columns = [doc.order, doc.mode, doc.schema, doc.state, doc.placed_at, doc.reviews.filter((review) => !review.closed).length, doc.wake_at ?? null, JSON.stringify(doc)];
  const [made] = version === 0
    ? await ask(`INSERT INTO efectivo.cases (shop, id, version, order_key, mode, schema, state, placed_at, open_reviews, wake_at, doc)
      VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING RETURNING version, pg_current_xact_id()::text AS transaction`, [on.shop, doc.id, ...columns])
    : await ask(`UPDATE efectivo.cases SET order_key = $3, mode = $4, schema = $5, state = $6, placed_at = $7, open_reviews = $8, wake_at = $9, doc = $10, version = version + 1
      WHERE shop = $1 AND id = $2 AND version = $11 RETURNING version, pg_current_xact_id()::text AS transaction`, [on.shop, doc.id, ...columns, version]);
  if (!made) throw new StoreConflict('case');
  ask.transaction = made.transaction;
  return made.version;
}

/** A provider may use an id again years later: the newest case has it. An order's or a page's key is never taken over. Returns the keys that are new to the case. */
async function saveKeys(on, ask, keys, id) {
  if (keys.length === 0) return [];
  const rows = await ask(`INSERT INTO efectivo.keys (shop, key, case_id) SELECT $1, wanted, $2 FROM unnest($3::text[]) AS wanted
    WHERE NOT EXISTS (SELECT 1 FROM efectivo.keys WHERE shop = $1 AND key = wanted AND case_id = $2) ORDER BY wanted COLLATE "C"
    ON CONFLICT (shop, key) DO UPDATE SET case_id = CASE WHEN keys.key ~ '${KEPT}' THEN keys.case_id ELSE excluded.case_id END RETURNING key, case_id`, [on.shop, id, [...new Set(keys)]]);
  const taken = rows.find((row) => row.case_id !== id);
  if (taken) throw new StoreConflict('key', taken.case_id);
  return rows.map((row) => row.key);
}

/** What a change adds to the case's journal, outbox and evidence, in one statement. */
async function append(on, ask, id, { journal: entries, outputs, evidence: pieces, now }) {
  if (entries.length + outputs.length + pieces.length === 0) return;
  await ask(`
    WITH journal AS (INSERT INTO efectivo.journal (shop, case_id, no, at, entry)
      SELECT $1, $2, no, at, entry::json FROM unnest($4::integer[], $5::bigint[], $6::text[]) AS one (no, at, entry)),
    outbox AS (INSERT INTO efectivo.outbox (shop, case_id, no, lane, repeatable, body, next_at)
      SELECT $1, $2, no, lane, repeatable, body::json, $3 FROM unnest($7::integer[], $8::text[], $9::boolean[], $10::text[]) AS one (no, lane, repeatable, body))
    INSERT INTO efectivo.evidence (shop, case_id, kind, kept_at, purge_after, body)
      SELECT $1, $2, kind, $3, purge_after, body FROM unnest($11::text[], $12::bigint[], $13::bytea[]) WITH ORDINALITY AS one (kind, purge_after, body, place) ORDER BY place`, [
    on.shop, id, now,
    entries.map((one) => one.no), entries.map((one) => one.at), entries.map((one) => JSON.stringify(one)),
    outputs.map((one) => one.no), outputs.map((one) => one.lane), outputs.map((one) => one.repeatable), outputs.map((one) => JSON.stringify(one.body)),
    pieces.map((one) => one.kind), pieces.map((one) => one.purge_after), pieces.map((one) => Buffer.from(one.body)),
  ]);
}

function channels(on) {
  return query(on.db, 'SELECT id, version, token, doc FROM efectivo.channels WHERE shop = $1 ORDER BY id', [on.shop]);
}

function saveChannels(on, rows) {
  return whole(on.db, (ask) => storeChannels(on, ask, rows));
}

/** Channel rows `{id, version, token (sealed bytes or null), doc}`; `version` is the one they were read with, 0 for new ones. Always in one order, so that no two writers wait for each other. */
export async function storeChannels(on, ask, rows) {
  for (const { id, version, token, doc } of rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const words = [on.shop, id, token && Buffer.from(token), JSON.stringify(doc)];
    const made = version === 0
      ? await ask('INSERT INTO efectivo.channels (shop, id, version, token, doc) VALUES ($1, $2, 1, $3, $4) ON CONFLICT DO NOTHING RETURNING id', words)
      : await ask('UPDATE efectivo.channels SET version = version + 1, token = $3, doc = $4 WHERE shop = $1 AND id = $2 AND version = $5 RETURNING id', [...words, version]);
    if (made.length !== 1) throw new StoreConflict('channel');
  }
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
    WITH heads AS (SELECT DISTINCT ON (lane, case_id) next_at, lease_until FROM efectivo.outbox WHERE shop = $1 AND done_at IS NULL AND dead_at IS NULL ORDER BY lane, case_id, no)
    SELECT (SELECT min(wake_at) FROM efectivo.cases WHERE shop = $1 AND wake_at IS NOT NULL) AS wake_at, (SELECT min(next_at) FROM heads WHERE lease_until IS NULL) AS output_at,
      (SELECT min(lease_until) FROM heads) AS lease_until, (SELECT min(stray_at) FROM efectivo.inbox WHERE shop = $1 AND stray_at IS NOT NULL) AS stray_at`, [on.shop]);
  return row;
}
