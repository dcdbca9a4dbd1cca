// The records in SQLite: one file, WAL, synchronous FULL, one transaction for everything that one input changes.

import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { guarded, newerStore, StoreConflict } from './errors.mjs';
import * as outbox from './outbox.mjs';
import * as inbox from './inbox.mjs';
import { STEPS, STORE_SCHEMA } from './schema.mjs';

export { StoreConflict } from './errors.mjs';

/** How long a write waits for another process before it gives up. */
const BUSY_MS = 5_000;

/** Opens (or makes) the store in `file`; `:memory:` for tests. `shop` tells the shops of one file apart. */
export function sqliteStore({ file, shop = 'shop' }) {
  return guarded(() => {
    const db = openDatabase(file);
    const owner = ownerLock(file);
    const on = { db, shop, owner, id: randomUUID(), sql: statements(db), transactions: 0 };
    const act = (work) => async (...words) => guarded(() => work(on, ...words));
    return {
      load: act(load), holder: act(holder), commit: act(commit), cases: act(cases), journal: act(journal), channels: act(channels), saveChannels: act(saveChannels),
      person: act(person), evidence: act(evidence), erase: act(erase), purge: act(purge), due: act(due), next: act(next),
      addNotices: act(inbox.addNotices), matched: act(inbox.matched), newest: act(inbox.newest), strays: act(inbox.strays), passed: act(inbox.passed), notices: act(inbox.notices),
      claim: act(outbox.claim), sent: act(outbox.sent), postpone: act(outbox.postpone), takeOver: act(outbox.takeOver), outputs: act(outbox.outputs),
      figures: () => ({ transactions: on.transactions, alone: owner !== null }),
      testing: { exec: async (text) => db.exec(text) }, // for tests of a full or locked disk only
      close: async () => { owner?.close(); db.close(); },
    };
  });
}

/** Runs `work` in one transaction: all of it is on the disk afterwards, or none. */
export function whole(on, work) {
  on.db.exec('BEGIN IMMEDIATE');
  try {
    const made = work();
    on.db.exec('COMMIT');
    on.transactions += 1;
    return made;
  } catch (error) {
    if (on.db.isTransaction) on.db.exec('ROLLBACK');
    throw error;
  }
}

function openDatabase(file) {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const db = new DatabaseSync(file, { timeout: BUSY_MS });
  try {
    db.exec(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;`);
    bringUp(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function bringUp(db) {
  const found = () => db.prepare('PRAGMA user_version').get().user_version;
  if (found() > STORE_SCHEMA) throw newerStore(found(), STORE_SCHEMA);
  if (found() === STORE_SCHEMA) return;
  whole({ db, transactions: 0 }, () => {
    STEPS.slice(found()).forEach((step) => db.exec(step));
    db.exec(`PRAGMA user_version = ${STORE_SCHEMA}`);
  });
}

/** Holds a lock that ends with the process, so that the only process on a file may take over the leases of a dead one at once; `null` where another runs. */
function ownerLock(file) {
  if (file === ':memory:') return { close() {} };
  const lock = new DatabaseSync(`${file}.owner`, { timeout: 0 });
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return lock;
  } catch {
    lock.close();
    return null;
  }
}

/** Each statement is prepared once, when it is first used. */
function statements(db) {
  const prepared = new Map();
  return (text) => {
    if (!prepared.has(text)) prepared.set(text, db.prepare(text));
    return prepared.get(text);
  };
}

function load(on, id) {
  const row = on.sql('SELECT version, doc FROM cases WHERE shop = ? AND id = ?').get(on.shop, id);
  return row ? { version: row.version, case: JSON.parse(row.doc) } : null;
}

function holder(on, key) {
  return on.sql('SELECT case_id FROM keys WHERE shop = ? AND key = ?').get(on.shop, key)?.case_id ?? null;
}

/** Everything that one input changed, or nothing. @throws {StoreConflict} */
function commit(on, change) {
  return whole(on, () => {
    const version = saveCase(on, change.case, change.version);
    for (const key of change.keys) saveKey(on, key, change.case.id);
    for (const entry of change.journal) on.sql('INSERT INTO journal (shop, case_id, no, at, entry) VALUES (?, ?, ?, ?, ?)').run(on.shop, change.case.id, entry.no, entry.at, JSON.stringify(entry));
    outbox.add(on, change.case.id, change.outputs, change.now);
    storeChannels(on, change.channels);
    for (const { kind, body, purge_after } of change.evidence) {
      on.sql('INSERT INTO evidence (shop, case_id, kind, kept_at, purge_after, body) VALUES (?, ?, ?, ?, ?, ?)').run(on.shop, change.case.id, kind, change.now, purge_after, body);
    }
    if (change.completes) outbox.complete(on, change.case.id, change.completes, change.now);
    if (change.notice) inbox.handled(on, change.notice, change.case.id, change.now);
    return { version };
  });
}

function saveCase(on, doc, version) {
  const columns = [doc.order, doc.mode, doc.schema, doc.state, doc.placed_at, doc.reviews.filter((review) => !review.closed).length, doc.wake_at, JSON.stringify(doc)];
  if (version === 0) {
    const made = on.sql(`INSERT INTO cases (order_key, mode, schema, state, placed_at, open_reviews, wake_at, doc, version, shop, id)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?) ON CONFLICT DO NOTHING`).run(...columns, on.shop, doc.id);
    if (made.changes !== 1) throw new StoreConflict('case');
    return 1;
  }
  const made = on.sql(`UPDATE cases SET order_key = ?, mode = ?, schema = ?, state = ?, placed_at = ?, open_reviews = ?, wake_at = ?, doc = ?, version = version + 1
    WHERE shop = ? AND id = ? AND version = ?`).run(...columns, on.shop, doc.id, version);
  if (made.changes !== 1) throw new StoreConflict('case');
  return version + 1;
}

/** A provider may use an id again years later: the newest case has it. An order's or a page's key is never taken over. */
function saveKey(on, key, id) {
  const holds = holder(on, key);
  if (holds === id) return;
  if (holds && /^(order|page):/.test(key)) throw new StoreConflict('key', holds);
  on.sql('INSERT INTO keys (shop, key, case_id) VALUES (?, ?, ?) ON CONFLICT (shop, key) DO UPDATE SET case_id = excluded.case_id').run(on.shop, key, id);
}

function channels(on) {
  return on.sql('SELECT id, version, token, doc FROM channels WHERE shop = ? ORDER BY id').all(on.shop).map((row) => ({ ...row, doc: JSON.parse(row.doc) }));
}

function saveChannels(on, rows) {
  whole(on, () => storeChannels(on, rows));
}

/** Channel rows `{id, version, token (sealed bytes or null), doc}`; `version` is the one they were read with, 0 for new ones. */
export function storeChannels(on, rows) {
  for (const { id, version, token, doc } of rows) {
    const made = version === 0
      ? on.sql('INSERT INTO channels (version, token, doc, shop, id) VALUES (1, ?, ?, ?, ?) ON CONFLICT DO NOTHING').run(token, JSON.stringify(doc), on.shop, id)
      : on.sql('UPDATE channels SET version = version + 1, token = ?, doc = ? WHERE shop = ? AND id = ? AND version = ?').run(token, JSON.stringify(doc), on.shop, id, version);
    if (made.changes !== 1) throw new StoreConflict('channel');
  }
}

function cases(on, { state = '', order = '', reviews = '', limit = 50, before = Number.MAX_SAFE_INTEGER } = {}) {
  return on.sql(`SELECT doc FROM cases WHERE shop = ? AND placed_at < ? AND (? = '' OR state = ?) AND (? = '' OR order_key = ?) AND (? <> 'open' OR open_reviews > 0)
    ORDER BY placed_at DESC, id LIMIT ?`).all(on.shop, before, state, state, order, order, reviews, limit).map((row) => JSON.parse(row.doc));
}

function journal(on, id) {
  return on.sql('SELECT entry FROM journal WHERE shop = ? AND case_id = ? ORDER BY no').all(on.shop, id).map((row) => JSON.parse(row.entry));
}

function person(on, id) {
  const row = on.sql(`SELECT body FROM evidence WHERE shop = ? AND case_id = ? AND kind = 'person' ORDER BY no DESC`).get(on.shop, id);
  return row ? JSON.parse(Buffer.from(row.body).toString()) : null;
}

function evidence(on, id) {
  return on.sql('SELECT no, kind, kept_at, purge_after, body FROM evidence WHERE shop = ? AND case_id = ? ORDER BY no').all(on.shop, id);
}

/** Erases a case's evidence that need not be kept any longer; says how many pieces went and how many must stay. */
function erase(on, id, now) {
  return whole(on, () => {
    const { changes } = on.sql('DELETE FROM evidence WHERE shop = ? AND case_id = ? AND purge_after <= ?').run(on.shop, id, now);
    const { kept } = on.sql('SELECT count(*) AS kept FROM evidence WHERE shop = ? AND case_id = ?').get(on.shop, id);
    return { erased: Number(changes), kept };
  });
}

/** Erases all evidence whose time is over, and notices received too long ago: of a case, or waiting for one. */
function purge(on, { now, handled_before, waiting_before }) {
  return whole(on, () => {
    const old = on.sql('DELETE FROM evidence WHERE shop = ? AND purge_after <= ?').run(on.shop, now);
    const read = on.sql('DELETE FROM inbox WHERE shop = ? AND received_at < iif(handled_at IS NULL, ?, ?)').run(on.shop, waiting_before, handled_before);
    return { evidence: Number(old.changes), notices: Number(read.changes) };
  });
}

/** Cases whose time to wake has come, the longest waiting first. */
function due(on, { now, limit }) {
  return on.sql('SELECT id, wake_at FROM cases WHERE shop = ? AND wake_at <= ? ORDER BY wake_at LIMIT ?').all(on.shop, now, limit);
}

/** The next instants at which there is something to do, each `null` for never: a case's wake, an output, a lease's end, a notice that will have waited long enough. */
function next(on) {
  const least = (text) => on.sql(text).get(on.shop).at;
  return {
    ...outbox.next(on),
    wake_at: least('SELECT min(wake_at) AS at FROM cases WHERE shop = ? AND wake_at IS NOT NULL'),
    stray_at: least('SELECT min(stray_at) AS at FROM inbox WHERE shop = ? AND stray_at IS NOT NULL'),
  };
}
