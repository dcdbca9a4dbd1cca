// The inbox in PostgreSQL: notices are stored before they are answered, many in one transaction, and wait for the case they speak of.

import { query, whole } from './database.mjs';
import { noticed } from './jobs.mjs';
import { storeChannels } from '../postgres.mjs';

const COLUMNS = 'inbox.no, dedupe_key, channel, verdict, facts, received_at, raw';

/** Stores notices that arrived together, and what they changed in their channels' rows; for each, whether it was new. */
export function addNotices(on, { notices, channels }) {
  return whole(on.db, async (ask) => {
    await storeChannels(on, ask, channels);
    const fresh = new Map((await addAll(on, ask, notices)).map(({ dedupe_key, no }) => [dedupe_key, no]));
    const news = notices.map(({ dedupe_key }) => [fresh.get(dedupe_key), fresh.delete(dedupe_key)]);
    const pairs = notices.flatMap(({ keys }, at) => (news[at][1] ? [...new Set(keys)].map((key) => [news[at][0], key]) : []));
    if (pairs.length > 0) {
      const keys = pairs.map(([, key]) => key);
      await ask('INSERT INTO efectivo.inbox_keys (shop, inbox_no, key) SELECT $1, no, key FROM unnest($2::bigint[], $3::text[]) AS pair (no, key)', [on.shop, pairs.map(([no]) => no), keys]);
      await noticed(on, ask, keys);
    }
    return news.map(([, isNew]) => isNew);
  });
}

/** In the order of their keys, so that two processes that store the same notices never wait for each other. */
function addAll(on, ask, notices) {
  const column = (read) => notices.map(read);
  return ask(`INSERT INTO efectivo.inbox (shop, dedupe_key, channel, verdict, facts, received_at, stray_at, raw)
    SELECT $1, dedupe_key, channel, verdict::json, facts::json, received_at, stray_at, raw
    FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bytea[]) AS one (dedupe_key, channel, verdict, facts, received_at, stray_at, raw)
    ORDER BY dedupe_key ON CONFLICT DO NOTHING RETURNING dedupe_key, no`, [
    on.shop, column((one) => one.dedupe_key), column((one) => one.channel), column((one) => JSON.stringify(one.verdict)), column((one) => JSON.stringify(one.facts)),
    column((one) => one.received_at), column((one) => one.stray_at), column((one) => Buffer.from(one.raw)),
  ]);
}

/** Open notices whose case is known, the oldest first; of one case where it is given. */
export function matched(on, { limit, beyond = 0, case_id = null }) {
  return query(on.db, `SELECT ${COLUMNS}, found.case_id FROM (
      SELECT inbox_keys.inbox_no AS no, min(keys.case_id) AS case_id FROM efectivo.inbox_keys JOIN efectivo.keys ON keys.shop = inbox_keys.shop AND keys.key = inbox_keys.key
      WHERE inbox_keys.shop = $1 AND inbox_keys.inbox_no > $2 AND ($3::text IS NULL OR keys.case_id = $3) GROUP BY inbox_keys.inbox_no) AS found
    JOIN efectivo.inbox ON inbox.shop = $1 AND inbox.no = found.no WHERE handled_at IS NULL ORDER BY inbox.no LIMIT $4`, [on.shop, beyond, case_id, limit]);
}

/** Always 0, "look at all": numbers are given before a transaction is written, so one that is under way may yet bring a lower one. */
export async function newest() {
  return 0;
}

/** Open notices of which no case became known in the time that the core gave them. */
export function strays(on, { now, limit }) {
  return query(on.db, `SELECT ${COLUMNS} FROM efectivo.inbox WHERE shop = $1 AND handled_at IS NULL AND stray_at <= $2 ORDER BY stray_at LIMIT $3`, [on.shop, now, limit]);
}

/** Writes down that a notice without a case was offered to the core, which left it where it is. */
export async function passed(on, no) {
  await query(on.db, 'UPDATE efectivo.inbox SET stray_at = NULL WHERE shop = $1 AND no = $2', [on.shop, no]);
}

/** The newest notices, for a desk: when, by which channel, with which verdict, for which case. */
export function notices(on, { limit = 50 } = {}) {
  return query(on.db, 'SELECT no, channel, verdict, received_at, case_id, handled_at FROM efectivo.inbox WHERE shop = $1 ORDER BY no DESC LIMIT $2', [on.shop, limit]);
}
