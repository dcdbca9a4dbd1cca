// The outbox in PostgreSQL: per case and lane in order, claimed by lease past what others are claiming, completed only by the attempt that was sent.

import { query, whole } from './database.mjs';
import { wakeUp } from './jobs.mjs';

const OPEN = 'done_at IS NULL AND dead_at IS NULL';

/** Claims what may leave now: the first open output of each case in this lane, or of one case in several, if it is due and nobody holds it. `lease_now` is the real time. */
export async function claim(on, { lane, lanes = [lane], case_id = null, now, lease_now, lease_ms, limit }) {
  const of = `lane = ANY($7::text[])${case_id === null ? '' : ' AND case_id = $8'}`;
  const rows = await query(on.db, `
    WITH heads AS (
      SELECT DISTINCT ON (case_id, lane) case_id, no FROM efectivo.outbox WHERE shop = $1 AND ${OPEN} AND ${of} ORDER BY case_id, lane, no),
    ready AS (
      SELECT o.case_id, o.no FROM efectivo.outbox o JOIN heads USING (case_id, no)
      WHERE o.shop = $1 AND ${OPEN} AND next_at <= $2 AND coalesce(lease_until, 0) <= $3 ORDER BY next_at, o.case_id, o.no LIMIT $4 FOR UPDATE OF o SKIP LOCKED)
    UPDATE efectivo.outbox o SET attempt = attempt + 1, lease_by = $5, lease_until = $3::bigint + $6::bigint
    FROM ready WHERE o.shop = $1 AND o.case_id = ready.case_id AND o.no = ready.no
    RETURNING o.case_id, o.no, o.lane, o.repeatable, o.body, o.attempt, o.sent_at`, [on.shop, now, lease_now, limit, on.db.alive.no, lease_ms, lanes, ...(case_id === null ? [] : [case_id])]);
  return rows.map((row) => ({ case_id: row.case_id, attempt: row.attempt, sent_at: row.sent_at, output: { no: row.no, lane: row.lane, repeatable: row.repeatable, body: row.body } }));
}

/** Writes down that this attempt leaves now; `false` where another attempt has the output. */
export async function sent(on, { case_id, no, attempt, at }) {
  const made = await query(on.db, `UPDATE efectivo.outbox SET sent_at = $5 WHERE shop = $1 AND case_id = $2 AND no = $3 AND attempt = $4 AND ${OPEN} RETURNING no`, [on.shop, case_id, no, attempt, at]);
  return made.length === 1;
}

/** Gives an output back, to be tried again at `next_at`; `now` is the host's time. */
export function postpone(on, { case_id, no, attempt, next_at, now = Date.now() }) {
  return whole(on.db, async (ask) => {
    await ask(`UPDATE efectivo.outbox SET next_at = $5, lease_by = NULL, lease_until = NULL
      WHERE shop = $1 AND case_id = $2 AND no = $3 AND attempt = $4 AND ${OPEN}`, [on.shop, case_id, no, attempt, next_at]);
    await wakeUp(on, ask, case_id, now);
  });
}

/** Ends the leases of processes that are gone; says how many there were. */
export function takeOver(on) {
  return on.db.alive.bury({ at_once: true });
}

/** A case's outputs with how far each has come. */
export function outputs(on, id) {
  return query(on.db, 'SELECT no, lane, repeatable, body, attempt, lease_until, next_at, sent_at, done_at, dead_at FROM efectivo.outbox WHERE shop = $1 AND case_id = $2 ORDER BY no', [on.shop, id]);
}
