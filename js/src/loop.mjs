// The one loop's heart: an input goes through the core, and everything that it changed goes to the store in one transaction, or nothing does.

import { randomBytes } from 'node:crypto';
import { StoreConflict } from './store/errors.mjs';

/** How often an input is handled again because somebody else wrote in between. */
const MOST_CONFLICTS = 50;
/** Who meets others again and again steps aside, longer each time. */
const APART_MS = 5;
const nothing = new Uint8Array(0);

/** `take` for inputs of a case, `born` for the two that make one. `changed(case, keys)` is called after each commit. */
export function makeLoop({ core, store, settings, channels, clock, lang, crash, changed }) {
  const inTurn = store.jobs ? oneAtATimeEach() : oneAtATime();

  /**
   * Gives a case one input. `beside`: `bytes` (the raw body), `completes` (an output's number and attempt), `notice` (its number in the inbox),
   * `once` (a key under which the input is taken no second time: the case comes back as it is).
   */
  function take(id, input, beside = {}) {
    return inTurn(() => retried(async () => {
      const { loaded, rows } = await channels.scene(id);
      if (beside.once && (await store.holder(beside.once))) return loaded?.case;
      return loaded && handle(loaded.case, loaded.version, rows, typeof input === 'function' ? input(loaded.case) : input, beside);
    }), id);
  }

  /** Begins a case; `input` is made of a fresh id, seed and page token. */
  function born(makeInput, beside = {}) {
    const fresh = core.call('new_case', { entropy: randomBytes(64).toString('hex') }).ok;
    return inTurn(() => retried(async () => handle(null, 0, await channels.read(), makeInput(fresh), beside)), fresh.id);
  }

  async function handle(kase, version, rows, input, { bytes = nothing, person = null, completes = null, notice = null, once = null }) {
    const now = clock.now();
    const { ok } = core.call('handle', { settings, channels: rows.map(({ row }) => row), case: kase, input, now }, bytes, lang);
    const evidence = ok.evidence.map(({ kind, purge_after }) => ({ kind, purge_after, body: kind === 'person' ? Buffer.from(JSON.stringify(person)) : bytes }));
    await crash(completes ? 'before done' : 'before commit');
    await store.commit({ case: ok.case, version, keys: once ? [...ok.keys, once] : ok.keys, journal: ok.journal, outputs: ok.outputs, channels: channels.changed(rows, ok.channels), evidence, completes, notice, now });
    await crash('after commit');
    changed(ok.case, ok.keys);
    return ok.case;
  }

  return { take, born };
}

/** Does `work` again while somebody else writes a case or a channel in between. */
export async function retried(work) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const again = error instanceof StoreConflict && (error.what === 'case' || error.what === 'channel');
      if (!again || tries >= MOST_CONFLICTS) throw error;
      if (tries > 2) await new Promise((done) => setTimeout(done, Math.random() * APART_MS * tries));
    }
  }
}

/** Over a network a case doesn't wait for another one's commit; where two meet at a channel's row, the conflict tells them. */
function oneAtATimeEach() {
  const turns = new Map();
  return (work, id) => {
    const mine = (turns.get(id) ?? Promise.resolve()).then(work);
    const over = mine.catch(() => {}).finally(() => { if (turns.get(id) === over) turns.delete(id); });
    turns.set(id, over);
    return mine;
  };
}

/** Inputs of one process don't get in each other's way; other processes are told by their conflicts. */
function oneAtATime() {
  let last = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
}
