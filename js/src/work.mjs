// All that is due of one case: notices brought, woken if it is time, outputs carried out until nothing can leave. A job of the store asks for it.

import { errorFacts } from './log.mjs';

/** While an output is under way (a slow mail server), the case is looked at this often: its other lanes don't wait. */
const LOOK_AGAIN_MS = 500;
/** A case that still wants to be woken at the same instant is left to the sweep. */
const SAME_WAKE_MS = 1_000;

/** `work(id)` resolves when nothing of the case is due or under way here; it throws what the store throws, and is simply asked for again. `busy` holds what it is at. */
export function makeWork({ store, loop, inbox, carrier, clock, log }) {
  const woken = new Map();
  const busy = new Set();
  let stopped = false;

  function work(id) {
    const working = store.inJob(id, clock.now, () => through(id)).finally(() => busy.delete(working));
    busy.add(working);
    return working;
  }

  /** When it is told to stop, it starts nothing more and waits for what is under way. Returns the version of the case in which nothing could be done any more. */
  async function through(id) {
    const under_way = new Set();
    for (;;) {
      const version = stopped ? null : await look(id, under_way);
      if (under_way.size === 0) return version;
      await landedOrLater(under_way);
    }
  }

  /** Notices and a wake that is due come first, then what can leave. */
  async function look(id, under_way) {
    const { version, notices, wake_at, flights } = await carrier.look(id);
    const to_wake = wake_at !== null && wake_at <= clock.now();
    if (notices) await inbox.bringTo(id);
    if (to_wake) await wake(id, wake_at);
    if (notices || to_wake) flights.push(...(await carrier.look(id, { regardless: true })).flights);
    for (const flight of flights) {
      under_way.add(flight);
      flight.then(() => under_way.delete(flight));
    }
    return version;
  }

  async function wake(id, wake_at) {
    const last = woken.get(id);
    if (last?.wake_at === wake_at && Date.now() - last.at < SAME_WAKE_MS) return;
    if (woken.size > 1_000) woken.clear();
    woken.set(id, { wake_at, at: Date.now() });
    await loop.take(id, 'wake').catch((error) => {
      log('wake_failed', { case: id, ...errorFacts(error) });
      if (error?.retry === 'later') throw error;
    });
  }

  async function stop() {
    stopped = true;
    await Promise.allSettled(busy);
  }

  return { work, busy, stop };
}

/** Resolves when one of them has landed, or after a short while. */
async function landedOrLater(under_way) {
  let timer;
  await Promise.race([...under_way, new Promise((done) => { timer = setTimeout(done, LOOK_AGAIN_MS); })]);
  clearTimeout(timer);
}
