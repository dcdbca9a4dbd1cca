// The inbox in SQLite: notices are stored before they are answered, many in one transaction, and wait for the case they speak of.

import { storeChannels, whole } from './sqlite.mjs';

/** Stores notices that arrived together, and what they changed in their channels' rows; for each, whether it was new. */
export function addNotices(on, { notices, channels }) {
  return whole(on, () => {
    storeChannels(on, channels);
    return notices.map((notice) => addOne(on, notice));
  });
}

function addOne(on, { dedupe_key, channel, verdict, facts, keys, received_at, stray_at, raw }) {
  const row = on.sql(`INSERT INTO inbox (shop, dedupe_key, channel, verdict, facts, received_at, stray_at, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING RETURNING no`).get(on.shop, dedupe_key, channel, JSON.stringify(verdict), JSON.stringify(facts), received_at, stray_at, raw);
  if (!row) return false;
  for (const key of new Set(keys)) on.sql('INSERT INTO inbox_keys (shop, inbox_no, key) VALUES (?, ?, ?)').run(on.shop, row.no, key);
  return true;
}

/** Open notices whose case is known, the oldest first. */
export function matched(on, { limit, beyond = 0 }) {
  return on.sql(`SELECT inbox.*, min(keys.case_id) AS found FROM inbox JOIN inbox_keys ON inbox_keys.shop = inbox.shop AND inbox_keys.inbox_no = inbox.no
    JOIN keys ON keys.shop = inbox.shop AND keys.key = inbox_keys.key
    WHERE inbox.shop = ? AND handled_at IS NULL AND inbox.no > ? GROUP BY inbox.no ORDER BY inbox.no LIMIT ?`).all(on.shop, beyond, limit).map((row) => ({ ...read(row), case_id: row.found }));
}

/** The number of the newest notice that is open: one that is stored later has a higher one. 0 where there is none. */
export function newest(on) {
  return on.sql('SELECT max(no) AS no FROM inbox WHERE shop = ? AND handled_at IS NULL').get(on.shop).no ?? 0;
}

/** Open notices of which no case became known in the time that the core gave them. */
export function strays(on, { now, limit }) {
  return on.sql('SELECT * FROM inbox WHERE shop = ? AND handled_at IS NULL AND stray_at <= ? ORDER BY stray_at LIMIT ?').all(on.shop, now, limit).map(read);
}

/** Writes down that a notice without a case was offered to the core, which left it where it is. */
export function passed(on, no) {
  whole(on, () => on.sql('UPDATE inbox SET stray_at = NULL WHERE shop = ? AND no = ?').run(on.shop, no));
}

/** Marks a notice as taken in by a case, within that case's transaction; its raw bytes stay until they are purged. */
export function handled(on, no, id, now) {
  on.sql('UPDATE inbox SET case_id = ?, handled_at = ?, stray_at = NULL WHERE shop = ? AND no = ?').run(id, now, on.shop, no);
  on.sql('DELETE FROM inbox_keys WHERE shop = ? AND inbox_no = ?').run(on.shop, no);
}

/** The newest notices, for a desk: when, by which channel, with which verdict, for which case. */
export function notices(on, { limit = 50 } = {}) {
  return on.sql('SELECT no, channel, verdict, received_at, case_id, handled_at FROM inbox WHERE shop = ? ORDER BY no DESC LIMIT ?').all(on.shop, limit)
    .map((row) => ({ ...row, verdict: JSON.parse(row.verdict) }));
}

function read({ no, dedupe_key, channel, verdict, facts, received_at, raw }) {
  return { no, dedupe_key, channel, verdict: JSON.parse(verdict), facts: JSON.parse(facts), received_at, raw };
}
