// Wake-ups as jobs of graphile-worker: one for each case, written in the transaction that makes it necessary, under a key that the next one replaces.

import { AsyncLocalStorage } from 'node:async_hooks';
import { query } from './database.mjs';

/** The job's name for the engine; the functions of the database use it too. */
export const TASK = 'efectivo';

/** The case that a job is doing right now: what it changes needs no job, for the job itself is done only when it has written the next one. */
const doing = new AsyncLocalStorage();

/** Whether a change of this case leaves a job. */
export function leavesJob(on, id) {
  return on.jobs && doing.getStore() !== `${on.shop} ${id}`;
}

/**
 * Does a job's work on a case; then writes the job for what is due next. A process that dies on the way leaves the job undone. `work` returns the
 * version in which it could do nothing more: what is due in that very version can't be done now (a mail without a server), and isn't tried at once again.
 */
export async function inJob(on, id, now, work) {
  const version = await doing.run(`${on.shop} ${id}`, work);
  await query(on.db, 'SELECT efectivo.go_on($1, $2, $3, $4, $5)', [on.shop, id, now(), Date.now(), version]);
}

/** The job of a case for the next thing that is due of it, as this transaction leaves it; `now` is the host's time. */
export async function wakeUp(on, ask, id, now) {
  if (leavesJob(on, id)) await ask(`SELECT efectivo.wake_up($1, $2, $3, $4, '{}', 0)`, [on.shop, id, now, Date.now()]);
}

/** Jobs for the cases that notices just stored speak of. */
export async function noticed(on, ask, keys) {
  if (on.jobs && keys.length > 0) {
    await ask(`SELECT efectivo.add_job('notice', $1, case_id, 0) FROM (SELECT DISTINCT case_id FROM efectivo.keys WHERE shop = $1 AND key = ANY($2::text[]) ORDER BY case_id) AS cases`, [on.shop, keys]);
  }
}

/** Gives back what dead processes held: jobs for cases whose leases ended with them, and the jobs that their workers had locked. */
export async function jobsOf(ask, { freed, workers }) {
  const [{ there }] = await ask(`SELECT to_regclass('graphile_worker.jobs') IS NOT NULL AS there`);
  if (!there) return;
  if (workers.length > 0) await ask('SELECT graphile_worker.force_unlock_workers($1::text[])', [workers]);
  await ask(`SELECT efectivo.add_job('case', shop, case_id, 0) FROM (SELECT DISTINCT shop, case_id FROM unnest($1::text[], $2::text[]) AS one (shop, case_id) ORDER BY shop, case_id) AS cases`,
    [freed.map((one) => one.shop), freed.map((one) => one.case_id)]);
}
