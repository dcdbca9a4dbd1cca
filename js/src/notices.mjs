// Providers' notices: judged by the core, stored before they are answered (many together in one transaction), then brought to their case.

import { errorFacts } from './log.mjs';
import { retried } from './loop.mjs';

/** How many notices share a transaction at most. */
const TOGETHER = 256;
/** How many notices are brought to their cases in one go. */
const IN_ONE_GO = 200;

/** `receive` for the web server, `bring` (of all cases or of one) and `pass` for what does the host's due work. */
export function makeInbox({ core, store, settings, channels, credentials, loop, clock, log, arrived }) {
  const waiting = [];
  let flushing = null;

  /** Judges and stores one notice; what to answer the provider. */
  async function receive(id, { headers = [], query = '', peer = '', body = new Uint8Array(0) }) {
    const channel = settings.channels.find((one) => one.id === id);
    if (!channel) return { status: 404, body: new Uint8Array(0) };
    return new Promise((resolve, reject) => {
      waiting.push({ channel, notice: { headers, query, peer }, body, resolve, reject });
      flushing ??= new Promise((next) => setImmediate(next)).then(flush);
    });
  }

  async function flush() {
    while (waiting.length > 0) await storeTogether(waiting.splice(0, TOGETHER));
    flushing = null;
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
    if (good.length > 0) arrived();
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
  async function bring(case_id) {
    let brought = 0;
    for (let beyond = 0; ; ) {
      const found = await store.matched({ limit: IN_ONE_GO, beyond, case_id });
      for (const one of found) {
        beyond = one.no;
        brought += (await hand(one)) ? 1 : 0;
      }
      if (found.length < IN_ONE_GO) return brought;
    }
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

  return { receive, bring, pass };
}
