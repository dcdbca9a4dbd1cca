// Wake-ups as jobs of graphile-worker: one for each case, written in the transaction that makes it necessary, under a key that the next one replaces.

export const TASK = 'efectivo';
/** A case has one queue name, so that two workers never do the same case; of this many, because each fetch looks at every name (docs/decisions/0005). */
const QUEUES = 256;

/** A job so many ms from now. Jobs of notices have a key of their own: the next wake that a case asks for must not push one back. */
const job = (kind, wait) => `graphile_worker.add_job('${TASK}', json_build_object('shop', $1::text, 'case', $2::text),
  queue_name => 'efectivo-' || (hashtext($1 || ' ' || $2) & ${QUEUES - 1}), run_at => now() + make_interval(secs => greatest(0, ${wait}) / 1000.0), job_key => '${kind} ' || $1 || ' ' || $2)`;
const AT_ONCE = { case: `SELECT ${job('case', 0)}`, notice: `SELECT ${job('notice', 0)}` };

/** The job of a case for the next thing that is due of it, as this transaction leaves it; `now` is the host's time, the leases' the true one. */
export async function wakeUp(on, ask, id, now, known = []) {
  if (!on.jobs) return;
  await ask(`SELECT ${job('case', 'wait')} FROM (SELECT min(wait) AS wait FROM (
    SELECT wake_at - $3::bigint AS wait FROM efectivo.cases WHERE shop = $1 AND id = $2 AND wake_at IS NOT NULL
    UNION ALL SELECT greatest(next_at - $3, coalesce(lease_until - $4::bigint, 0)) FROM (
      SELECT DISTINCT ON (lane) next_at, lease_until FROM efectivo.outbox WHERE shop = $1 AND case_id = $2 AND done_at IS NULL AND dead_at IS NULL ORDER BY lane, no) AS heads
    UNION ALL SELECT 0 WHERE EXISTS (SELECT 1 FROM efectivo.inbox_keys WHERE shop = $1 AND key = ANY($5::text[]))) AS waits) AS first WHERE wait IS NOT NULL`, [on.shop, id, now, Date.now(), known]);
}

/** Jobs for the cases that notices just stored speak of. */
export async function noticed(on, ask, keys) {
  if (!on.jobs || keys.length === 0) return;
  const cases = await ask('SELECT DISTINCT case_id FROM efectivo.keys WHERE shop = $1 AND key = ANY($2::text[]) ORDER BY case_id', [on.shop, keys]);
  for (const { case_id } of cases) await ask(AT_ONCE.notice, [on.shop, case_id]);
}

/** Gives back what dead processes held: jobs for cases whose leases ended with them, and the jobs that their workers had locked. */
export async function jobsOf(ask, { freed, workers }) {
  const [{ there }] = await ask(`SELECT to_regclass('graphile_worker.jobs') IS NOT NULL AS there`);
  if (!there) return;
  if (workers.length > 0) await ask('SELECT graphile_worker.force_unlock_workers($1::text[])', [workers]);
  const cases = new Map(freed.map(({ shop, case_id }) => [`${shop} ${case_id}`, { shop, case_id }]));
  for (const { shop, case_id } of cases.values()) await ask(AT_ONCE.case, [shop, case_id]);
}
