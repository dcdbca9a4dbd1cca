// Keeps the loop going: one round brings notices to their cases, wakes what is due and starts what can leave; one timer leads to the next round.

import { errorFacts } from './log.mjs';

/** How many cases are woken in one round. */
const WAKES = 200;
/** A case that still wants to be woken at the same instant is not woken again before this. */
const SAME_WAKE_MS = 1_000;
/** One that the core refuses (a newer version wrote it) is left alone for so long. */
const REFUSED_MS = 60_000;
/** The timer never sleeps longer than this, so that a clock that was set is noticed. */
const LONGEST_SLEEP_MS = 30_000;
/** While mails are held back the store calls them due all the time: it is asked this often. */
const HELD_BACK_MS = 1_000;
/** After a round that failed (a locked database, a full disk). */
const AFTER_FAILURE_MS = 5_000;
/** Evidence whose time is over is erased this often. */
const PURGE_EVERY_MS = 1_800_000;
/** A notice of a known case is kept as long as disputes last; one that matches nothing, 15 days. */
export const HANDLED_KEPT_MS = 15_552_000_000;
export const WAITING_KEPT_MS = 1_296_000_000;

/**
 * `kick()` when something may have become due; `tick()` resolves when nothing is due or under way; `stop()` ends it all.
 * With `by_hand` nothing runs but `tick`: jobs of the store do what is due (`working` holds what they are at), and a tick finds what they missed.
 */
export function makePump({ store, loop, inbox, carrier, clock, log, by_hand = false, working = new Set() }) {
  const woken = new Map();
  const refused = new Set();
  let left_due = false;
  let running = null;
  let dirty = false;
  let stopped = false;
  let timer = null;
  let purged_at = 0;

  function kick() {
    dirty = true;
    return by_hand ? running : run();
  }

  function run() {
    dirty = true;
    if (!running && !stopped) running = rounds();
    return running;
  }

  /** Rounds until there is nothing to do; a kick while it is looked up how long to sleep goes round again. */
  async function rounds() {
    clearTimeout(timer);
    let wait_ms = AFTER_FAILURE_MS;
    try {
      while (dirty && !stopped) {
        dirty = false;
        await round();
        if (!dirty && !by_hand) wait_ms = await nextRound();
      }
    } catch (error) {
      log('round_failed', errorFacts(error));
      wait_ms = AFTER_FAILURE_MS;
    }
    if (!stopped && !by_hand) sleep(wait_ms);
    running = null;
  }

  async function round() {
    await inbox.bring();
    await wake();
    await inbox.pass();
    await carrier.start();
    if (Date.now() - purged_at > PURGE_EVERY_MS) {
      purged_at = Date.now();
      const now = clock.now();
      await store.purge({ now, handled_before: now - HANDLED_KEPT_MS, waiting_before: now - WAITING_KEPT_MS });
    }
  }

  async function wake() {
    left_due = false;
    for (const { id, wake_at } of await store.due({ now: clock.now(), limit: WAKES + refused.size })) {
      const last = woken.get(id);
      if (last?.wake_at === wake_at && Date.now() < last.until) left_due = true;
      else await wakeOne(id, wake_at);
    }
    if (woken.size > refused.size + 10 * WAKES) [woken, refused].forEach((all) => all.clear());
  }

  /** Refused cases don't count among those of a round, so that the ones behind them have their turn in the next. */
  async function wakeOne(id, wake_at) {
    woken.set(id, { wake_at, until: Date.now() + SAME_WAKE_MS });
    try {
      await loop.take(id, 'wake');
      refused.delete(id);
    } catch (error) {
      log('wake_failed', { case: id, ...errorFacts(error) });
      left_due = true;
      if (error?.retry !== 'no') return;
      woken.set(id, { wake_at, until: Date.now() + REFUSED_MS });
      refused.add(id);
      dirty = true;
    }
  }

  /** Milliseconds of real time until something may be due: by the host's clock for cases and outputs, by the real one for leases. */
  async function nextRound() {
    const { wake_at, output_at, lease_until, stray_at } = await store.next();
    const now = clock.now();
    const waits = [wake_at, output_at, stray_at].filter((at) => at !== null).map((at) => at - now);
    if (lease_until !== null && carrier.flying.size === 0) waits.push(lease_until - Date.now());
    return Math.max(Math.min(...waits, LONGEST_SLEEP_MS), carrier.holdsBack() ? HELD_BACK_MS : 0, left_due ? SAME_WAKE_MS : 0);
  }

  function sleep(ms) {
    clearTimeout(timer);
    timer = setTimeout(kick, Math.max(ms, 50));
  }

  async function tick() {
    const under_way = () => [...carrier.flying, ...working];
    do {
      await run();
      if (under_way().length > 0) await Promise.race(under_way()).catch(() => {}); // a job that failed is tried again by whoever gave it
    } while (!stopped && (under_way().length > 0 || dirty));
  }

  async function stop() {
    stopped = true;
    clearTimeout(timer);
    await running;
    await Promise.allSettled(carrier.flying);
  }

  return { kick, tick, stop };
}
