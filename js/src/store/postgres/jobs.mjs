// Wake-ups as jobs of graphile-worker: one for each case, written in the transaction that makes it necessary, under a key that the next one replaces.

export const TASK = 'efectivo';
/** A case has one queue name, so that two workers never do the same case; of this many, because each fetch looks at every name (docs/decisions/0005). */
const QUEUES = 256;

/** A job at $3 ms from now. Jobs of notices have a key of their own: the next wake that a case asks for must not push one back. */
const ADD = `SELECT graphile_worker.add_job('${TASK}', json_build_object('shop', $1::text, 'case', $2::text),
  queue_name => 'efectivo-' || (hashtext($1 || ' ' || $2) & ${QUEUES - 1}), run_at => now() + make_interval(secs => $3::double precision / 1000), job_key => $4::text || ' ' || $1 || ' ' || $2)`;

/** The job of a case for the next thing that is due of it, as this transaction leaves it; `now` is the host's time, `real` the true one. */
export async function wakeUp(on, ask, id, now, known = []) {
  if (!on.jobs) return;
  const [{ wait }] = await ask(`SELECT min(wait) AS wait FROM (
    SELECT wake_at - $3::bigint AS wait FROM efectivo.cases WHERE shop = $1 AND id = $2 AND wake_at IS NOT NULL
    UNION ALL SELECT greatest(next_at - $3, coalesce(lease_until - $4::bigint, 0)) FROM (
      SELECT DISTINCT ON (lane) next_at, lease_until FROM efectivo.outbox WHERE shop = $1 AND case_id = $2 AND done_at IS NULL AND dead_at IS NULL ORDER BY lane, no) AS heads
    UNION ALL SELECT 0 WHERE EXISTS (SELECT 1 FROM efectivo.inbox_keys WHERE shop = $1 AND key = ANY($5::text[]))) AS waits`, [on.shop, id, now, Date.now(), known]);
  if (wait !== null) await ask(ADD, [on.shop, id, Math.max(0, wait), 'case']);
}

/** Jobs for the cases that notices just stored speak of. */
export async function noticed(on, ask, keys) {
  if (!on.jobs || keys.length === 0) return;
  const cases = await ask('SELECT DISTINCT case_id FROM efectivo.keys WHERE shop = $1 AND key = ANY($2::text[]) ORDER BY case_id', [on.shop, keys]);
  for (const { case_id } of cases) await ask(ADD, [on.shop, case_id, 0, 'notice']);
}

/** Gives back what dead processes held: jobs for cases whose leases ended with them, and the jobs that their workers had locked. */
export async function jobsOf(ask, { freed, workers }) {
  const [{ there }] = await ask(`SELECT to_regclass('graphile_worker.jobs') IS NOT NULL AS there`);
  if (!there) return;
  if (workers.length > 0) await ask('SELECT graphile_worker.force_unlock_workers($1::text[])', [workers]);
  const cases = new Map(freed.map(({ shop, case_id }) => [`${shop} ${case_id}`, { shop, case_id }]));
  for (const { shop, case_id } of cases.values()) await ask(ADD, [shop, case_id, 0, 'case']);
}
