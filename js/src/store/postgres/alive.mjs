// Which processes live: each holds a lock of its own on a connection of its own, and what a dead one held is given back by whoever looks next.

import { randomInt } from 'node:crypto';
import { whole } from './database.mjs';
import { jobsOf } from './jobs.mjs';

/** The class of our locks among all advisory locks of the database; any number of our own. */
const LOCK = 4_546;
/** The connection is used this often, so that no firewall thinks it forgotten. */
const BEAT_MS = 15_000;
/** A process whose lock is gone gets this long to take it again, after a restart of the server at least. */
const GRACE = '5 seconds';
const AGAIN_MS = [100, 1_000];

const HELD = `EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = ${LOCK} AND objid = processes.no::oid AND objsubid = 2
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`;

/** Registers this process; `no` is what its leases are written under. */
export async function beAlive(db) {
  const it = { no: 0, worker: null, bury: (rules) => bury(db, it, rules), works, end };
  let client = null;
  let beat = null;
  await register();

  async function register() {
    const mine = await db.pool.connect();
    try {
      await mine.query('BEGIN');
      it.no = (await mine.query(it.no ? 'UPDATE efectivo.processes SET missed_at = NULL WHERE no = $1 RETURNING no' : 'INSERT INTO efectivo.processes DEFAULT VALUES RETURNING no', it.no ? [it.no] : [])).rows[0]?.no
        ?? (await mine.query('INSERT INTO efectivo.processes (worker) VALUES ($1) RETURNING no', [it.worker])).rows[0].no;
      await mine.query('SELECT pg_advisory_lock($1, $2)', [LOCK, it.no]);
      await mine.query('COMMIT');
    } catch (error) {
      mine.release(true);
      throw error;
    }
    client = mine;
    client.on('error', lost);
    beat = setInterval(() => mine.query('SELECT 1').catch(lost), BEAT_MS);
    beat.unref();
  }

  function lost() {
    if (!client) return;
    clearInterval(beat);
    client.release(true);
    client = null;
    again();
  }

  function again() {
    if (!db.ended) setTimeout(() => register().catch(again), randomInt(...AGAIN_MS)).unref();
  }

  /** Writes down under which name a job worker of this process locks its jobs. */
  async function works(worker) {
    it.worker = worker;
    await db.pool.query('UPDATE efectivo.processes SET worker = $2 WHERE no = $1', [it.no, worker]);
  }

  async function end() {
    clearInterval(beat);
    if (!client) return;
    const mine = client;
    client = null;
    await mine.query('DELETE FROM efectivo.processes WHERE no = $1', [it.no]).catch(() => {});
    mine.release(true);
  }

  return it;
}

/**
 * Gives back what dead processes held: leases at once, jobs to be done again. `at_once` for one that has just started: where the server itself
 * has been up for a while, a lock that nobody holds is a process that ended. Else a process is missed first, and buried when it is still missed later.
 */
function bury(db, { no }, { at_once = false } = {}) {
  return whole(db, async (ask) => {
    const missed = await ask(`UPDATE efectivo.processes SET missed_at = coalesce(missed_at, now()) WHERE no IN (
      SELECT no FROM efectivo.processes WHERE no <> $1 AND NOT ${HELD} FOR UPDATE SKIP LOCKED)
      RETURNING no, worker, missed_at < now() - interval '${GRACE}' OR ($2 AND pg_postmaster_start_time() < now() - interval '${GRACE}') AS dead`, [no, at_once]);
    const dead = missed.filter((one) => one.dead);
    if (dead.length === 0) return 0;
    const freed = await ask(`UPDATE efectivo.outbox SET lease_by = NULL, lease_until = NULL WHERE lease_by = ANY($1) AND lease_until IS NOT NULL RETURNING shop, case_id`, [dead.map((one) => one.no)]);
    await jobsOf(ask, { freed, workers: dead.map((one) => one.worker).filter(Boolean) });
    await ask('DELETE FROM efectivo.processes WHERE no = ANY($1)', [dead.map((one) => one.no)]);
    return freed.length;
  });
}
