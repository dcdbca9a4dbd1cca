// Providers' notices: judged by the core, stored before they are answered (many together in one transaction), then brought to their case.

import { errorFacts } from './log.mjs';
import { retried } from './loop.mjs';

/** How many notices share a transaction at most. */
const TOGETHER = 256;
/** Who is first waits for those that come right behind, so many turns of the event loop at most: each is far below a millisecond, a disk takes several. */
const TURNS = 4;
/** What has come is brought to its case this soon: for all that came meanwhile in one round, and after they were answered. */
const BROUGHT_MS = 10;
/** How many notices are brought to their cases in one go. */
const IN_ONE_GO = 200;
/** Notices that waited for a case are looked at again this often, should another process have made it, and whenever a case of ours got a key. */
const LOOK_AGAIN_MS = 15_000;
/** Of how many cases it is remembered how many keys they have. */
const MOST_REMEMBERED = 10_000;

/** `receive` for the web server, `bring`, `bringTo` and `pass` for what does the host's due work; `learned` after each commit. */
export function makeInbox({ core, store, settings, channels, credentials, loop, clock, log, arrived }) {
  const waiting = [];
  const keys_of = new Map();
  let flushing = null;
  let bringing = null;
  let looked = { beyond: 0, at: 0 };

  /** Judges and stores one notice; what to answer the provider. */
  async function receive(id, { headers = [], query = '', peer = '', body = new Uint8Array(0) }) {
    const channel = settings.channels.find((one) => one.id === id);
    if (!channel) return { status: 404, body: new Uint8Array(0) };
    return new Promise((resolve, reject) => {
      waiting.push({ channel, notice: { headers, query, peer }, body, resolve, reject });
      flushing ??= flush();
    });
  }

  async function flush() {
    while (waiting.length > 0) {
      await gathered();
      await storeTogether(waiting.splice(0, TOGETHER));
    }
    flushing = null;
  }

  /** Resolves when a turn of the event loop brings nothing more. */
  async function gathered() {
    for (let [turn, seen] = [0, 0]; turn < TURNS && seen < waiting.length && waiting.length < TOGETHER; turn += 1) {
      seen = waiting.length;
      await new Promise((next) => setImmediate(next));
    }
  }

  /** A channel's row that another process wrote meanwhile is read again, and the notices judged again. */
  async function storeTogether(batch) {
    try {
      await retried(() => storeOnce(batch));
    } catch (error) {
      log('notices_failed', errorFacts(error));
      batch.forEach(({ reject }) => reject(error));
    }
  }

  async function storeOnce(batch) {
    const now = clock.now();
    const before = await channels.read();
    const rows = new Map(before.map(({ row }) => [row.id, row]));
    const judged = batch.map((one) => judge(one, rows, now));
    const good = judged.flatMap((one) => one?.keep ?? []);
    const changes = channels.changed(before, [...rows.values()]);
    if (good.length > 0 || changes.length > 0) await store.addNotices({ notices: good, channels: changes });
    judged.forEach((one, at) => one && batch[at].resolve(one.reply));
    if (good.length > 0) bringing ??= setTimeout(() => { bringing = null; arrived(); }, BROUGHT_MS);
  }

  /** One notice through `route`; its channel's row goes on to the next. A notice that the core can't take is answered for itself alone. */
  function judge({ channel, notice, body, reject }, rows, now) {
    try {
      const { ok, bytes } = core.call('route', { settings, channel: rows.get(channel.id), credentials: credentials[channel.id] ?? null, notice, now }, body);
      rows.set(channel.id, ok.channel);
      log('notice', { channel: channel.id, status: ok.http_status, reason: ok.reason });
      const filed = { channel: channel.id, verdict: ok.verdict, received_at: now, stray_at: ok.stray_at ?? null, raw: body };
      const keep = ok.facts ? [ok, ...(ok.also ?? [])].map(({ dedupe_key, facts, keys }) => ({ ...filed, dedupe_key, facts, keys })) : [];
      return { keep, reply: { status: ok.http_status, body: bytes } };
    } catch (error) {
      log('notice_refused', { channel: channel.id, ...errorFacts(error) });
      reject(error);
      return null;
    }
  }

  /** Brings stored notices to the cases that are known by now; says how many. One that its case can't take is left for the next round. */
  async function bring() {
    if (Date.now() - looked.at > LOOK_AGAIN_MS) looked = { beyond: 0, at: Date.now() };
    const look = looked;
    const newest = await store.newest();
    const { brought, left } = await bringAll(look);
    if (left === 0) look.beyond = newest; // of no account where a case got a key meanwhile: that began another look
    return brought;
  }

  /** The same for one case. */
  async function bringTo(case_id) {
    return (await bringAll({ beyond: 0, case_id })).brought;
  }

  async function bringAll({ beyond, case_id }) {
    let [brought, left] = [0, 0];
    for (;;) {
      const found = await store.matched({ limit: IN_ONE_GO, beyond, case_id });
      for (const one of found) {
        beyond = one.no;
        if (await hand(one)) brought += 1;
        else left += 1;
      }
      if (found.length < IN_ONE_GO) return { brought, left };
    }
  }

  /** A case has these keys now: if one is new, what waits may be its. */
  function learned({ id }, keys) {
    if (keys_of.get(id) === keys.length) return;
    if (keys_of.size >= MOST_REMEMBERED) keys_of.clear();
    keys_of.set(id, keys.length);
    looked = { beyond: 0, at: Date.now() };
  }

  async function hand({ no, case_id, channel, verdict, facts, dedupe_key, raw }) {
    try {
      await loop.take(case_id, { notice: { channel, verdict, facts, dedupe_key } }, { bytes: raw ?? undefined, notice: no });
      return true;
    } catch (error) {
      log('notice_not_taken', { case: case_id, notice: no, ...errorFacts(error) });
      return false;
    }
  }

  /** Offers what has waited long enough to the core as money without an order; says how many there were. */
  async function pass() {
    const old = await store.strays({ now: clock.now(), limit: IN_ONE_GO });
    for (const one of old) await passOne(one);
    return old.length;
  }

  async function passOne({ no, channel: id, facts, dedupe_key, raw }) {
    const channel = settings.channels.find((one) => one.id === id);
    const stray = ({ id: fresh, seed, page_token }) => ({ unmatched: { id: fresh, seed, page_token, mode: channel.mode, channel: id, provider: channel.provider, facts, dedupe_key } });
    try {
      await loop.born(stray, { bytes: raw ?? undefined, notice: no });
    } catch (error) {
      log('stray_left', { notice: no, ...errorFacts(error) });
      if (error?.retry !== 'later') await store.passed(no);
    }
  }

  return { receive, bring, bringTo, learned, pass };
}
