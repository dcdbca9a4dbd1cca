// Two channels that fail at random, over real HTTP and a clock that is wound: every order gets a code, none has two unseen, and every céntimo is known.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomly } from './support/dice.mjs';
import { startProvider } from './support/provider.mjs';
import { credentials, openShop, person, settings, windable } from './support/shop.mjs';

const MINUTE = 60_000;
/** How many orders; the long proof gives more. */
const ORDERS = Number(process.env.EFECTIVO_ORDERS ?? 300);
const SEED = Number(process.env.EFECTIVO_SEED ?? 20_261_124);
const AT_ONCE = 50;
/** The long proof says how far it is. */
const TOLD_EVERY = 500;
/** The look-ups of a lost create on either channel, and their questions' own failures. */
const PATIENCE_MINUTES = 45;

/** A provider that fails `share` of all calls, in every way. */
async function failing(clock, dice, share) {
  const provider = await startProvider({ now: clock.now });
  provider.share = share;
  provider.fault = () => (dice.next() < provider.share ? dice.pick(['before', 'after', '500 before', '500 after']) : '');
  return provider;
}

test(`${ORDERS} orders over two failing channels: each has one code, and its money`, async (t) => {
  const dice = randomly(SEED);
  const clock = windable();
  const providers = [await failing(clock, dice, 0.3), await failing(clock, dice, 0.3)];
  const { channels: [first] } = settings(providers[0].url);
  const both = providers.map(({ url }, no) => ({ ...first, id: `sandbox-${no + 1}`, sandbox_url: url }));
  const shop = await openShop({ data: ':memory:', clock, settings: settings('', { channels: both }), credentials: Object.fromEntries(both.map(({ id }) => [id, credentials['sandbox-1']])) });
  t.after(async () => { await shop.close(); for (const provider of providers) await provider.close(); });
  const { efectivo, book } = shop;
  const goOn = async (minutes) => { for (let past = 0; past < minutes; past += 1) { clock.wind(MINUTE); await efectivo.tick(); } };

  const placed = [];
  for (let from = 1; from <= ORDERS; from += AT_ONCE) {
    for (const provider of providers) provider.share = dice.pick([0, 0.3, 0.6]);
    if (providers.every(({ share }) => share === 0.6)) providers[dice.next() < 0.5 ? 0 : 1].share = 0;
    const orders = Array.from({ length: Math.min(AT_ONCE, ORDERS - from + 1) }, (_, place) => String(from + place));
    await Promise.all(orders.map(async (order) => {
      const amount = { minor: 1_000 + Number(order), currency: 'PEN' };
      await book.add(order, amount);
      placed.push(await efectivo.place({ order, amount, person, wait_ms: 0 }));
    }));
    await goOn(3);
    if (from % TOLD_EVERY === 1 && from > 1) console.log(`${from - 1} of ${ORDERS} orders placed`);
  }
  await goOn(PATIENCE_MINUTES);

  const live = (reference) => providers.flatMap(({ ledger }) => [...ledger.codes.values()]).filter((code) => code.status === 'waiting' && reference.test(code.reference));
  const kinds = ({ reviews }) => reviews.filter(({ closed }) => !closed).map(({ kind }) => kind);
  let fallen = 0;
  for (const { case: id, order } of placed) {
    const { case: kase } = await efectivo.case(id);
    assert.equal(kase.state, 'waiting', `order ${order} has a code: ${JSON.stringify(kase.attempts.map(({ channel, state, creation }) => ({ channel, state, creation })))}`);
    const codes = live(new RegExp(`-${order}-\\d+$`));
    assert.ok(codes.length === 1 || kinds(kase).includes('two_codes_possible'), `order ${order}: ${codes.length} live codes, reviews ${kinds(kase)}`);
    if (new Set(kase.attempts.map(({ channel }) => channel)).size > 1) fallen += 1;
  }
  assert.ok(fallen > ORDERS / 20, `${fallen} orders fell back`);

  for (const provider of providers) provider.share = 0.1;
  let paid = 0;
  for (const provider of providers) {
    for (const code of provider.ledger.codes.values()) {
      if (code.status !== 'waiting' || dice.next() < 0.3) continue;
      provider.pay(code.id, { notice: 'lost' });
      paid += Math.round(Number(code.amount) * 100);
    }
  }
  await goOn(10);
  for (const provider of providers) provider.share = 0;
  for (let hours = 0; hours < 4; hours += 1) { clock.wind(60 * MINUTE); await efectivo.tick(); }

  let known = 0;
  for (const { case: id, order } of placed) {
    const { case: kase } = await efectivo.case(id);
    const payments = kase.attempts.flatMap((attempt) => attempt.payments);
    known += payments.reduce((sum, { amount }) => sum + amount.minor, 0);
    const effects = (await book.effects(order)).filter(({ effect }) => effect === 'mark_paid');
    assert.equal(effects.reduce((sum, { times }) => sum + times, 0), payments.length > 0 ? 1 : 0, `order ${order} is paid once where money came`);
    if (payments.length > 1) assert.ok(kinds(kase).includes('second_money'), `order ${order}: a second payment is asked about`);
  }
  assert.equal(known, paid, 'every céntimo at the providers is in a case');
  t.diagnostic(`seed ${SEED}: ${placed.length} orders, ${fallen} fell back, ${paid} céntimos paid and known`);
});
