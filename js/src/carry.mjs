// Carries outputs out: claims them from the outbox, has the core build the bytes, sends, and brings what became of it back into the loop.

import { randomBytes } from 'node:crypto';
import { errorFacts } from './log.mjs';
import { destination, send } from './send.mjs';
import { signed } from './sign.mjs';
import { StoreConflict } from './store/errors.mjs';
import { LANES } from './store/schema.mjs';

/** How many outputs of a lane are under way at once. */
const AT_ONCE = { provider: 16, shop: 8, mail: 4 };
/** Longer than any request may take, so that a lease never ends under a request of a process that lives. */
const LEASE_MS = 60_000;
/** After this many tries an output is given up and the core opens a review. */
const MOST_TRIES = 18;
/** When the shop or the mail is tried again, unless the shop's port says otherwise. */
const BACK_OFF_MS = [1_000, 5_000, 30_000, 120_000, 600_000, 1_800_000];
/** How often, and how far apart, an answer that the store won't take is offered again. */
const OFFERS = 5;
const OFFER_EVERY_MS = 1_000;
/** Failures after which nothing of this attempt can have left. */
const STAYED = new Set(['dns', 'connect', 'tls', 'not_allowed']);
/** Stands for a request that could not even be built for want of a token. */
const NEVER_LEFT = Symbol('never left');

/** The carrier: `start()` claims what can leave now and returns at once, `look(id, …)` likewise for one case; `flying` holds what is under way. */
export function makeCarrier({ core, store, settings, channels, credentials, held = {}, loop, clock, shop, mail, fetch, log, crash, landed, lease_ms = LEASE_MS }) {
  const flying = new Set();
  const count = { provider: 0, shop: 0, mail: 0 };
  const tokens = new Map();
  const abilities = new Map(core.call('abilities').ok.map((one) => [one.provider, one]));

  async function start() {
    for (const lane of lanes()) {
      const free = AT_ONCE[lane] - count[lane];
      if (free > 0) (await store.claim({ lane, now: clock.now(), lease_now: Date.now(), lease_ms, limit: free })).forEach(fly);
    }
  }

  /**
   * What the store says of one case (`version`, `notices`, `wake_at`), and what was started because it can leave and nothing else comes first, or `regardless`:
   * each of `flights` resolves, never rejects, once the output has landed.
   */
  async function look(case_id, { regardless = false } = {}) {
    const { claimed, scene, ...waits } = await store.look(case_id, { lanes: lanes(), now: clock.now(), lease_now: Date.now(), lease_ms, regardless });
    return { ...waits, flights: claimed.map((item) => fly({ ...item, seen: channels.seen(scene) })) };
  }

  function lanes() {
    return holdsBack() ? LANES.filter((lane) => lane !== 'mail') : LANES;
  }

  /** Mails wait where there is no mail server yet. */
  function holdsBack() {
    return mail.ready?.() === false;
  }

  function fly(item) {
    const { lane } = item.output;
    count[lane] += 1;
    const flight = carryOut(item).catch((error) => log('output_failed', { case: item.case_id, output: item.output.no, lane, ...errorFacts(error) })).finally(() => {
      count[lane] -= 1;
      flying.delete(flight);
      landed();
    });
    flying.add(flight);
    return flight;
  }

  async function carryOut(item) {
    await crash('claimed');
    const { output, attempt, sent_at } = item;
    if (attempt > MOST_TRIES) return finish(item, outcome(item, 'dead'), { dead: true });
    if (output.lane === 'provider') {
      if (sent_at !== null && !output.repeatable) return finish(item, answer(item, { failure: 'unknown' }));
      return ask(item);
    }
    return tell(item);
  }

  /** One question to a provider, from its bytes to its answer. */
  async function ask(item) {
    const channel = settings.channels.find(({ id }) => id === item.output.body.ask.channel);
    const made = await carried(item, channel, credentials[channel?.id]).catch((error) => {
      log('carry_refused', { case: item.case_id, output: item.output.no, ...errorFacts(error) });
      return null;
    });
    if (made === null) return finish(item, answer(item, sure(item, { failure: 'not_allowed' })));
    if (made === NEVER_LEFT) return finish(item, answer(item, sure(item, { failure: 'connect' })));
    if (made.ok.answered) return finish(item, answer(item, sure(item, made.ok.answered.answer)), {}, made.ok.answered.bytes);
    if (made.ok === 'no_longer_due') return finish(item, sent_before(item) ? answer(item, { failure: 'unknown' }) : outcome(item, 'no_longer_due'));
    if (!(await leaves(item))) return undefined;
    const got = await send(made.ok.request, made.bytes, destination(channel, abilities.get(channel.provider)), fetch);
    await crash('provider acted');
    told('asked', item, channel, got);
    await crash('answered');
    return finish(item, answer(item, sure(item, got.answer)), {}, got.bytes);
  }

  /** The request's bytes, signed where the core asks for that; a token is fetched first, or another request sent first, where the core asks for one. */
  async function carried(item, channel, keys) {
    let made = await build(item, channel, keys);
    if (made.ok.token) {
      if (!(await token(made, channel))) return NEVER_LEFT;
      made = await build(item, channel, keys);
    }
    if (made.ok.first) made = await afterFirst(made, item, channel, keys);
    if (made.ok === 'never_left' || made.ok.token || made.ok.first) return NEVER_LEFT;
    return made.ok.request ? { ...made, ok: { request: signed(made.ok.request, made.bytes, held[channel.id]) } } : made;
  }

  /** Sends the first of two requests and carries the output out again with its answer, which may be the output's own. */
  async function afterFirst(made, item, channel, keys) {
    const request = signed(made.ok.first, made.bytes, held[channel.id]);
    const got = await send(request, made.bytes, destination(channel, abilities.get(channel.provider)), fetch);
    told('asked_first', item, channel, got);
    const next = await build(item, channel, keys, got);
    return next.ok === 'answered' ? { ok: { answered: got } } : next;
  }

  function told(what, item, channel, got) {
    log(what, { case: item.case_id, output: item.output.no, channel: channel.id, status: got.answer.response?.status, failure: got.answer.failure });
  }

  async function build(item, channel, keys, first = undefined) {
    const { loaded, rows, person } = once(item) ?? (await channels.scene(item.case_id, { person: true }));
    const row = rows.find((one) => one.row.id === channel?.id)?.row ?? null;
    return core.call('carry', { settings, channel: row, case: loaded.case, person, output: item.output, credentials: keys ?? null, now: clock.now(), entropy: randomBytes(32).toString('hex'), first: first?.answer ?? null }, first?.bytes);
  }

  /** Fetches a channel's token once for all that wait for it; whether there is one now. Nothing but the token's own request has left. */
  function token(made, channel) {
    if (!tokens.has(channel.id)) tokens.set(channel.id, fetchToken(made, channel).finally(() => tokens.delete(channel.id)));
    return tokens.get(channel.id);
  }

  async function fetchToken(made, channel) {
    const got = await send(made.ok.token, made.bytes, destination(channel, abilities.get(channel.provider)), fetch);
    log('token', { channel: channel.id, status: got.answer.response?.status, failure: got.answer.failure });
    const before = await channels.read();
    const { row } = before.find((one) => one.row.id === channel.id);
    const { ok } = core.call('take_token', { settings, channel: row, answer: got.answer, now: clock.now() }, got.bytes);
    await store.saveChannels(channels.changed(before, [ok.channel])).catch((error) => {
      if (!(error instanceof StoreConflict)) throw error; // somebody wrote the row meanwhile: the output is asked again later
    });
    return ok.taken;
  }

  /** One effect on the shop, or one mail. */
  async function tell(item) {
    const { ok } = await build(item, null, null);
    if (ok === 'no_longer_due') return finish(item, sent_before(item) ? await unsure(item) : outcome(item, 'no_longer_due'));
    if (!(await leaves(item))) return undefined;
    try {
      const became = ok.effect ? await shop.apply(ok.effect.order, ok.effect.effect, ok.effect.when, { key: `${item.case_id}-${item.output.no}` }) : await mail.send(ok.mail);
      await crash('provider acted');
      await crash('answered');
      return await finish(item, outcome(item, became?.outcome ?? 'done', became?.read ?? null));
    } catch (error) {
      if (error instanceof StoreConflict) throw error;
      log('output_postponed', { case: item.case_id, output: item.output.no, lane: item.output.lane, attempt: item.attempt, ...errorFacts(error) });
      if (item.attempt >= MOST_TRIES) return finish(item, outcome(item, 'dead'), { dead: true });
      const pauses = (ok.effect && shop.back_off_ms) || BACK_OFF_MS;
      return store.postpone({ case_id: item.case_id, no: item.output.no, attempt: item.attempt, now: clock.now(), next_at: clock.now() + (pauses[item.attempt - 1] ?? pauses.at(-1)) });
    }
  }

  /** An effect that may have been carried out before a crash, and is not due any more: nobody can tell, so the order is read. */
  async function unsure(item) {
    if (item.output.lane !== 'shop') return outcome(item, 'unknown');
    const { case: kase } = await store.load(item.case_id);
    return outcome(item, 'unknown', await shop.read(kase.order));
  }

  async function leaves({ case_id, output, attempt }) {
    const mine = await store.sent({ case_id, no: output.no, attempt, at: clock.now() });
    if (mine) await crash('sent');
    return mine;
  }

  /** Brings what became of an output back, together with its completion; a store that is locked or full for a moment is offered it again. */
  async function finish({ case_id, output, attempt }, input, { dead = false } = {}, bytes = undefined) {
    for (let offer = 1; ; offer += 1) {
      try {
        return await loop.take(case_id, input, { bytes, completes: { no: output.no, attempt, dead } });
      } catch (error) {
        if (error?.retry !== 'later' || offer >= OFFERS) throw error;
        await new Promise((resolve) => setTimeout(resolve, OFFER_EVERY_MS));
      }
    }
  }

  return { start, look, flying, holdsBack };
}

/** What was read when the output was claimed serves for its first building; a later one asks how things are then. */
function once(item) {
  const { seen } = item;
  item.seen = undefined;
  return seen;
}

/** Whether an earlier attempt of this output left, and a crash took its answer. */
const sent_before = ({ sent_at }) => sent_at !== null;
/** What is known of an attempt that never left says nothing of an earlier one that did. */
const sure = (item, answered) => (sent_before(item) && STAYED.has(answered.failure) ? { failure: 'unknown' } : answered);
const answer = (item, answered) => ({ answer: { output: item.output, answer: answered, sent_before: sent_before(item) } });
const outcome = ({ output }, became, read = null) => ({ outcome: { output: output.no, outcome: became, read } });
