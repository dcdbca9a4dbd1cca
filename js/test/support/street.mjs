// A street for tests: a shop with its own notice address, and any provider's simulated side on the other end of real HTTP, under one clock that is wound.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { routes } from '../../src/http.mjs';
import { loadSync } from '../../src/index.mjs';
import { CHANNELS, startSandbox } from './sandbox.mjs';
import { channelOf, openShop, person, windable } from './shop.mjs';

const MINUTE_MS = 60_000;
/** One instance for all: it keeps nothing between calls. */
export const core = loadSync();
/** What each provider can do, as hosts read it. */
export const abilities = new Map(core.call('abilities', {}).ok.map((able) => [able.provider, able]));
/** Everything that any provider demands of a shopper. */
export const shopper = { ...person, ip: '190.0.0.1' };
export const soles = (minor) => ({ minor, currency: 'PEN' });

/** A shop that sells through `provider`, and through `second` where that one can't; closed when the test ends. `change` may alter its settings and keys before it opens. */
export async function street(t, provider, { second, fault, fetch, change = (it) => it } = {}) {
  const clock = windable();
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const noticesTo = (channel) => `http://127.0.0.1:${server.address().port}/webhook/${channel}`;
  const sandbox = await startSandbox({ core, kind: provider, now: clock.now, notice_url: (name) => noticesTo(name === second ? 'sandbox-2' : 'sandbox-1'), fault });
  t.after(async () => { server.closeAllConnections(); server.close(); await sandbox.close(); });
  const shop = await openShop({ core, data: ':memory:', clock, fetch, ...change(channelsOf([provider, second].filter(Boolean), sandbox, noticesTo)) });
  server.on('request', routes(shop.efectivo));
  t.after(() => shop.close());
  return { ...shop, ...doings({ ...shop, clock, sandbox }), sandbox };
}

/** Settings and keys of the channels `sandbox-1` and so on, in their order. */
function channelsOf(providers, sandbox, noticesTo) {
  const each = providers.map((provider, place) => {
    const id = `sandbox-${place + 1}`;
    const one = channelOf(provider, new URL(CHANNELS[provider].path, sandbox.url).href, noticesTo(id));
    return { ...one, channel: { ...one.settings.channels[0], id }, keys: [id, Object.values(one.credentials)[0]] };
  });
  return { settings: { ...each[0].settings, channels: each.map(({ channel }) => channel) }, credentials: Object.fromEntries(each.map(({ keys }) => keys)) };
}

function doings({ efectivo, book, clock, sandbox }) {
  /** Everything that is due, on both sides. */
  async function settle() {
    for (let round = 0; round < 3; round += 1) {
      sandbox.tick();
      await sandbox.quiet();
      await efectivo.tick();
    }
  }

  /** Lets time pass in steps, each with all that is due, until `over` says so. */
  async function pass(minutes, { step = 30, over = () => false } = {}) {
    for (let past = 0; past < minutes && !(await over()); past += step) {
      clock.wind(step * MINUTE_MS);
      await settle();
    }
  }

  async function buy(order, minor = 10_050) {
    await book.add(order, soles(minor));
    await efectivo.place({ order, person: shopper, wait_ms: 0 });
    await settle();
    return efectivo.status(order);
  }

  const story = async (order) => (await efectivo.case((await efectivo.status(order)).case)).case;
  const codes = () => [...sandbox.ledger.codes.values()];
  return {
    settle, pass, buy, story, codes,
    /** The newest code at the provider for an order. */
    codeOf: (order) => codes().filter(({ reference }) => reference.includes(`-${order}-`)).at(-1),
    state: async (order) => (await story(order)).state,
    reviews: async (order) => (await story(order)).reviews.filter(({ closed }) => !closed).map(({ kind }) => kind).sort(),
    /** How often the shop was really told each thing about an order. */
    effects: async (order) => Object.fromEntries((await book.effects(order)).map(({ effect, times }) => [effect, times])),
    /** Takes a decision as a merchant. */
    decide: async (order, decision) => { await efectivo.merchant((await story(order)).id, decision); await settle(); },
    /** The provider's books and ours say the same of an order, or a person is asked. */
    async agree(order, when) {
      const kase = await story(order);
      const open = kase.reviews.filter(({ closed }) => !closed).map(({ kind }) => kind);
      const theirs = codes().filter(({ reference }) => reference.includes(`-${order}-`));
      const live = theirs.filter(({ status }) => status === 'waiting');
      const about = `${when}, order ${order} (${kase.state}; reviews ${open}; ${theirs.map(({ id, status }) => `${id} ${status}`)}; ${JSON.stringify([kase.attempts.map(({ state: at, creation }) => [at, creation]), clock.now(), kase.wake_at, kase.next_poll_at, kase.last_asked_at, kase.counters])})`;
      assert.ok(live.length <= 1 || open.includes('two_codes_possible'), `${about}: two codes live and nobody knows`);
      for (const { id } of live) assert.ok(kase.attempts.some(({ code }) => code?.provider_id === id) || open.length > 0, `${about}: a live code that we do not know`);
      const money = (payments) => payments.filter(({ reversed, standing }) => !reversed && standing !== 'reversed').reduce((sum, { amount }) => sum + (amount.minor ?? amount), 0);
      const [paid, known] = [money(theirs.flatMap(({ payments }) => payments)), money(kase.attempts.flatMap(({ payments }) => payments))];
      assert.ok(paid === known || open.length > 0, `${about}: ${paid} céntimos at the provider, ${known} known`);
      const told = (await book.effects(order)).find(({ effect }) => effect === 'mark_paid')?.times ?? 0;
      assert.ok(told <= 1 && (told === 0 || paid > 0), `${about}: marked as paid ${told} times for ${paid} céntimos`);
      return { kase, open, live, paid, known, told, about };
    },
    view: async (order) => (await efectivo.case((await story(order)).id)).view,
  };
}
