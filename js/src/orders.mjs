// A shop of the simplest kind: orders in a SQLite table. The HTTP service keeps its orders here; it is also the pattern for a shop port of one's own.

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { guarded } from './store/errors.mjs';

/** How long a write waits for another process before it gives up. */
const BUSY_MS = 5_000;

const TABLES = `
  PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS orders (order_key TEXT PRIMARY KEY, status TEXT NOT NULL, outstanding TEXT NOT NULL, total TEXT NOT NULL, code TEXT NOT NULL DEFAULT '', notes TEXT NOT NULL DEFAULT '[]') WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS effects (key TEXT PRIMARY KEY, order_key TEXT NOT NULL, effect TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
`;

/** What each effect makes of an order. */
const TURNS = {
  mark_paid: (order) => ({ ...order, status: 'paid', outstanding: { ...order.outstanding, minor: 0 } }),
  cancel: (order) => ({ ...order, status: 'cancelled' }),
  show_code: (order, { digits }) => ({ ...order, code: digits }),
  note: (order, { words }) => ({ ...order, notes: [...order.notes, words] }),
};

/** How an order stands on which an effect was carried out already, by us or by somebody else. */
const STANDS_AS = { mark_paid: 'paid', cancel: 'cancelled' };

/** A shop port over `file`; `core.call('allows')` judges the precondition. `add` and `change` are what the shop's own checkout and desk would do. */
export function orderBook({ file, core }) {
  const db = guarded(() => opened(file));

  const find = (order) => {
    const row = db.prepare('SELECT * FROM orders WHERE order_key = ?').get(order);
    return row && { status: row.status, outstanding: JSON.parse(row.outstanding), total: JSON.parse(row.total), code: row.code, notes: JSON.parse(row.notes) };
  };
  const save = (order, { status, outstanding, total, code = '', notes = [] }) =>
    db.prepare('INSERT OR REPLACE INTO orders (order_key, status, outstanding, total, code, notes) VALUES (?, ?, ?, ?, ?, ?)').run(order, status, JSON.stringify(outstanding), JSON.stringify(total), code, JSON.stringify(notes));
  const begun = (order, total) => (save(order, { status: 'open', outstanding: total, total }), find(order));
  const read = (found) => found && { status: found.status, outstanding: found.outstanding, total: found.total };

  /** Under the order's lock: what was done under this key before, else the effect if the order still allows it. */
  function apply(order, effect, when, { key }) {
    return locked(() => {
      const now = find(order);
      if (db.prepare('SELECT 1 AS known FROM effects WHERE key = ?').get(key)) return { outcome: { already_so: { ours: true } }, read: read(now) };
      if (!now) return { outcome: { refused: { why: 'no such order' } }, read: null };
      const [[name, wanted]] = typeof effect === 'string' ? [[effect, {}]] : Object.entries(effect);
      if (now.status === STANDS_AS[name]) return { outcome: { already_so: { ours: Boolean(db.prepare('SELECT 1 AS known FROM effects WHERE order_key = ? AND effect = ?').get(order, name)) } }, read: read(now) };
      if (!core.call('allows', { when, read: read(now) }).ok.allowed) return { outcome: { refused: { why: `the order is ${now.status}` } }, read: read(now) };
      const next = TURNS[name](now, wanted);
      save(order, next);
      db.prepare('INSERT INTO effects (key, order_key, effect, at) VALUES (?, ?, ?, ?)').run(key, order, name, Date.now());
      return { outcome: 'done', read: read(next) };
    });
  }

  function locked(work) {
    db.exec('BEGIN IMMEDIATE');
    try {
      const made = work();
      db.exec('COMMIT');
      return made;
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }

  const act = (work) => async (...words) => guarded(() => work(...words));
  return {
    read: act((order) => read(find(order)) ?? null),
    apply: act(apply),
    add: act((order, total) => locked(() => find(order) ?? begun(order, total))),
    begin: act((order, total) => locked(() => begun(order, total))),
    change: act((order, changes) => locked(() => save(order, { ...find(order), ...changes }))),
    find: act((order) => find(order) ?? null),
    effects: act((order) => db.prepare('SELECT effect, count(*) AS times FROM effects WHERE order_key = ? GROUP BY effect').all(order)),
    close: async () => db.close(),
  };
}

function opened(file) {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const db = new DatabaseSync(file, { timeout: BUSY_MS });
  try {
    db.exec(TABLES);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
