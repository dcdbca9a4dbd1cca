// The worker of a PostgreSQL database: graphile-worker hands it cases of all shops, one job a case, and a slow sweep finds what a lost job would miss.

import { EventEmitter } from 'node:events';
import { setTimeout as after } from 'node:timers/promises';
import { errorFacts } from './log.mjs';
import { HANDLED_KEPT_MS, WAITING_KEPT_MS } from './pump.mjs';
import { databaseOf, library, pause, query } from './store/postgres/database.mjs';
import { TASK } from './store/postgres/jobs.mjs';

/** How many cases are worked at once: each waits for its provider most of the time, and holds no connection then. By one that takes 200 ms, 16 get 70 orders a second and half of a core. */
const CONCURRENCY = 16;
/** How often dead processes are looked for, and what nobody works on. */
const SWEEP_MS = 10_000;
/** What has been due for less than this is a job's, which may just be running. */
const LATE_MS = 5_000;
/** A host that takes longer over its sweep goes on by itself. */
const SWEPT_WITHIN_MS = 30_000;
/** What is kept for a time only, and names of queues that no job uses any more, are taken out this often. */
const TIDY_MS = 1_800_000;
/** After the engine stopped by itself: the database was away for long. */
const AGAIN_MS = 2_000;
/** A failed job is tried again up to this often, later and later; then the sweep has it. */
const ENGINE = { pollInterval: 500, completeJobBatchDelay: 5, failJobBatchDelay: 5 };
/** So many jobs are fetched together for each that is worked at once: a fetch costs more than a job. */
const FETCHED = 4;

/**
 * Works on the cases of every shop in the database until `close`. `open(shop)` gives the shop's host (the same one each time it is asked), or `null`
 * for a shop that is not served any more. Resolves once it listens.
 */
export async function worker({ pool, connectionString, open, concurrency = CONCURRENCY, sweep_ms = SWEEP_MS, log = () => {} }) {
  const db = await databaseOf({ pool, connectionString });
  const engine = await library('graphile-worker');
  const quiet = new engine.Logger(() => (level, message, { error } = {}) => { if (level === 'error') log('jobs_failed', errorFacts(error)); });
  const options = { pgPool: db.pool, logger: quiet, concurrency, noHandleSignals: true, preset: { worker: { ...ENGINE, concurrentJobs: concurrency, localQueue: { size: FETCHED * concurrency } } } };
  let stopped = false;
  let runner = null;
  let sweeping = null;
  const timers = [setInterval(() => { sweeping ??= sweep().finally(() => { sweeping = null; }); }, sweep_ms), setInterval(tidy, TIDY_MS)];
  timers.forEach((timer) => timer.unref());

  /** One job: all that is due of one case. */
  async function job({ shop, case: id }) {
    const host = await open(shop);
    if (!host) return log('no_host', { case: id });
    return host.work(id);
  }

  async function run() {
    const events = new EventEmitter();
    const named = new Promise((done) => events.once('pool:create', ({ workerPool }) => done(workerPool.id)));
    runner = await engine.run({ ...options, events, taskList: { [TASK]: job } });
    await db.alive.works(await named);
    runner.promise.then(over, over);
  }

  /** The engine gives up where the database stays away; we don't. */
  async function over(error) {
    if (stopped) return;
    log('jobs_stopped', errorFacts(error));
    await pause(AGAIN_MS);
    if (!stopped) await run().catch(over);
  }

  async function sweep() {
    try {
      const freed = await db.alive.bury();
      if (freed > 0) log('leases_taken_over', { leases: freed });
      await sweepShops(await late(db));
    } catch (error) {
      log('sweep_failed', errorFacts(error));
    }
  }

  async function sweepShops(rows) {
    for (const { shop } of rows) {
      const host = stopped ? null : await open(shop);
      if (host) await Promise.race([host.tick(), after(SWEPT_WITHIN_MS, undefined, { ref: false })]);
    }
  }

  async function tidy() {
    try {
      await sweepShops(await old(db));
      const utils = await engine.makeWorkerUtils({ pgPool: db.pool, logger: quiet });
      await utils.cleanup({ tasks: ['GC_JOB_QUEUES', 'DELETE_PERMAFAILED_JOBS'] }).finally(() => utils.release());
    } catch (error) {
      log('tidy_failed', errorFacts(error));
    }
  }

  async function close() {
    stopped = true;
    timers.forEach(clearInterval);
    await sweeping;
    await runner?.stop().catch(() => {});
    await db.close();
  }

  await run().catch(async (error) => { await close(); throw error; });
  return { close };
}

/** Shops of which something has been due for a while, and neither a process holds it nor a job waits for its turn: a queue that is long is no reason to pass it. */
function late(db) {
  const now = Date.now();
  return query(db, `
    WITH late AS (
      SELECT 'case' AS kind, shop, id AS case_id FROM efectivo.cases WHERE wake_at <= $1
      UNION SELECT 'case', shop, case_id FROM efectivo.outbox AS one WHERE done_at IS NULL AND dead_at IS NULL AND next_at <= $1 AND coalesce(lease_until, 0) <= $2 AND NOT EXISTS (
        SELECT 1 FROM efectivo.outbox AS head WHERE head.shop = one.shop AND head.case_id = one.case_id AND head.lane = one.lane AND head.no < one.no AND head.done_at IS NULL AND head.dead_at IS NULL)
      UNION SELECT 'notice', inbox.shop, keys.case_id FROM efectivo.inbox_keys JOIN efectivo.keys USING (shop, key)
        JOIN efectivo.inbox ON inbox.shop = inbox_keys.shop AND inbox.no = inbox_keys.inbox_no WHERE received_at <= $1)
    SELECT shop FROM late WHERE NOT EXISTS (SELECT 1 FROM graphile_worker.jobs
      WHERE key = kind || ' ' || shop || ' ' || case_id AND run_at <= now() AND (attempts = 0 OR locked_at IS NOT NULL))
    UNION SELECT shop FROM efectivo.inbox WHERE stray_at <= $2`, [now - LATE_MS, now]);
}

/** Shops of which something has been kept long enough; a tick erases it. */
function old(db) {
  const now = Date.now();
  return query(db, `
    SELECT shop FROM efectivo.evidence WHERE purge_after <= $1
    UNION SELECT shop FROM efectivo.inbox WHERE received_at <= $2 OR (handled_at IS NULL AND received_at <= $3)`, [now, now - HANDLED_KEPT_MS, now - WAITING_KEPT_MS]);
}
