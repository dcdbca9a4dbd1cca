// The outbox in PostgreSQL: per case and lane in order, claimed by lease past what others are claiming, completed only by the attempt that was sent.

import { query, whole } from './database.mjs';
import { wakeUp } from './jobs.mjs';

const OPEN = 'done_at IS NULL AND dead_at IS NULL';

/** Claims what may leave now: the first open output of each case in this lane, if it is due and nobody holds it. `lease_now` is the real time. */
export async function claim(on, { lane, now, lease_now, lease_ms, limit }) {
  const rows = await query(on.db, 'SELECT case_id, no, lane, repeatable, body, attempt, sent_at FROM efectivo.claim($1, NULL, ARRAY[$2], $3, $4, $5, $6, $7)',
    [on.shop, lane, now, lease_now, on.db.alive.no, lease_ms, limit]);
  return rows.map(({ case_id, attempt, sent_at, ...output }) => ({ case_id, attempt, sent_at, output }));
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
