// The outbox in SQLite: per case and lane in order, claimed by lease, completed only by the attempt that was sent.

import { StoreConflict } from './errors.mjs';
import { LANES } from './schema.mjs';
import { whole } from './sqlite.mjs';

/** The first open output of each case in a lane, by when it is due. */
const HEADS = `FROM outbox AS it INDEXED BY outbox_due WHERE shop = ? AND done_at IS NULL AND dead_at IS NULL AND NOT EXISTS (
  SELECT 1 FROM outbox AS before INDEXED BY outbox_open WHERE before.shop = it.shop AND before.lane = it.lane AND before.case_id = it.case_id AND before.no < it.no
    AND before.done_at IS NULL AND before.dead_at IS NULL)`;

/** Takes new outputs in, within the transaction of the input that made them. */
export function add(on, id, outputs, now) {
  for (const { no, lane, repeatable, body } of outputs) {
    on.sql('INSERT INTO outbox (shop, case_id, no, lane, repeatable, body, next_at) VALUES (?, ?, ?, ?, ?, ?, ?)').run(on.shop, id, no, lane, repeatable ? 1 : 0, JSON.stringify(body), now);
  }
}

/** When the next output that nobody holds is due, and when the next lease ends; `null` for never. */
export function next(on) {
  const due = LANES.map((lane) => on.sql(`SELECT next_at ${HEADS} AND lane = ? AND lease_until IS NULL ORDER BY next_at LIMIT 1`).get(on.shop, lane)?.next_at).filter((at) => at !== undefined);
  const { lease_until } = on.sql('SELECT min(lease_until) AS lease_until FROM outbox WHERE shop = ? AND lease_until IS NOT NULL').get(on.shop);
  return { output_at: due.length > 0 ? Math.min(...due) : null, lease_until };
}

/** Marks an output as done or dead, within the transaction of its answer. @throws {StoreConflict} where another attempt has it */
export function complete(on, id, { no, attempt, dead = false }, now) {
  const made = on.sql(`UPDATE outbox SET done_at = ?, dead_at = ?, lease_by = NULL, lease_until = NULL
    WHERE shop = ? AND case_id = ? AND no = ? AND attempt = ? AND done_at IS NULL AND dead_at IS NULL`).run(dead ? null : now, dead ? now : null, on.shop, id, no, attempt);
  if (made.changes !== 1) throw new StoreConflict('output');
}

/** Claims what may leave now: the first open output of each case in this lane, if it is due and nobody holds it. `lease_now` is the real time. */
export function claim(on, { lane, now, lease_now, lease_ms, limit }) {
  const ready = on.sql(`SELECT case_id, no ${HEADS} AND lane = ? AND next_at <= ? AND coalesce(lease_until, 0) <= ? ORDER BY next_at LIMIT ?`).all(on.shop, lane, now, lease_now, limit);
  if (ready.length === 0) return [];
  return whole(on, () => ready.map((row) => claimOne(on, row, lease_now, lease_ms)).filter(Boolean));
}

function claimOne(on, { case_id, no }, lease_now, lease_ms) {
  const row = on.sql(`UPDATE outbox SET attempt = attempt + 1, lease_by = ?, lease_until = ?
    WHERE shop = ? AND case_id = ? AND no = ? AND done_at IS NULL AND dead_at IS NULL AND coalesce(lease_until, 0) <= ?
    RETURNING lane, repeatable, body, attempt, sent_at`).get(on.id, lease_now + lease_ms, on.shop, case_id, no, lease_now);
  return row && { case_id, attempt: row.attempt, sent_at: row.sent_at, output: { no, lane: row.lane, repeatable: row.repeatable === 1, body: JSON.parse(row.body) } };
}

/** Writes down that this attempt leaves now; `false` where another attempt has the output. */
export function sent(on, { case_id, no, attempt, at }) {
  return whole(on, () => on.sql(`UPDATE outbox SET sent_at = ? WHERE shop = ? AND case_id = ? AND no = ? AND attempt = ? AND done_at IS NULL AND dead_at IS NULL`)
    .run(at, on.shop, case_id, no, attempt).changes === 1);
}

/** Gives an output back, to be tried again at `next_at`. */
export function postpone(on, { case_id, no, attempt, next_at }) {
  whole(on, () => on.sql(`UPDATE outbox SET next_at = ?, lease_by = NULL, lease_until = NULL
    WHERE shop = ? AND case_id = ? AND no = ? AND attempt = ? AND done_at IS NULL AND dead_at IS NULL`).run(next_at, on.shop, case_id, no, attempt));
}

/** Ends the leases of processes that are gone, if this is the only process on the file; says how many there were. */
export function takeOver(on) {
  if (on.owner === null) return 0;
  return whole(on, () => Number(on.sql('UPDATE outbox SET lease_by = NULL, lease_until = NULL WHERE shop = ? AND lease_until IS NOT NULL AND lease_by <> ?').run(on.shop, on.id).changes));
}

/** A case's outputs with how far each has come. */
export function outputs(on, id) {
  return on.sql('SELECT no, lane, repeatable, body, attempt, lease_until, next_at, sent_at, done_at, dead_at FROM outbox WHERE shop = ? AND case_id = ? ORDER BY no').all(on.shop, id)
    .map((row) => ({ ...row, repeatable: row.repeatable === 1, body: JSON.parse(row.body) }));
}
