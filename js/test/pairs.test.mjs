// Any two providers, one behind the other, both failing at random over real HTTP: every order gets a code while one of them works, none has two unseen, and every céntimo is known.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { randomly } from './support/dice.mjs';
import { abilities, street } from './support/street.mjs';

const HOUR = 60;
const DAY = 24 * HOUR;
/** `all` is every provider before every other, the long proof; without it each is first once and second once. */
const ALL = process.env.EFECTIVO_PAIRS === 'all';
const ORDERS = Number(process.env.EFECTIVO_ORDERS ?? 6);
const SEED = Number(process.env.EFECTIVO_SEED ?? 20_261_126);
const FAULTS = ['before', 'after', '500 before', '500 after', 'before', 'after', '500 before', '500 after', 40];
/** Who can't be asked: there a lost notice is lost. */
const MUTE = new Set(['kushki']);
const PROVIDERS = [...abilities.keys()].filter((provider) => provider !== 'pagseguro');

function pairs() {
  if (ALL) return PROVIDERS.flatMap((first) => PROVIDERS.filter((second) => second !== first).map((second) => [first, second]));
  return PROVIDERS.map((first, place) => [first, PROVIDERS[(place + 5) % PROVIDERS.length]]);
}

const each = ([first, second], place) => test(`${first}, then ${second}: each order has its code, and its money`, async (t) => {
  const dice = randomly(SEED + place);
  const share = { [first]: 0.6, [second]: 0 };
  const side = (call) => (call.includes(`/${second === 'sandbox' ? 'own' : second}/`) ? second : first);
  const it = await street(t, first, { second, fault: (call) => (dice.next() < share[side(call)] ? dice.pick(FAULTS) : '') });
  const numbers = Array.from({ length: ORDERS }, (_, no) => String(no + 1));
  for (const order of numbers) await it.buy(order, 10_050 + Number(order));
  await it.pass(15, { step: 1 });

  const made = [];
  for (const order of numbers) made.push(await it.agree(order, `${first}, ${second}, seed ${SEED + place}, after the create`));
  for (const { kase, about } of made) assert.equal(kase.state, 'waiting', `${about}: no code, though ${second} works`);
  t.diagnostic(`${made.filter(({ kase }) => new Set(kase.attempts.map(({ channel }) => channel)).size > 1).length} of ${ORDERS} fell back`);

  share[second] = 0.3;
  for (const { live, kase } of made) {
    for (const { id, protocol } of live.filter(() => dice.next() < 0.5)) it.sandbox.pay(id, { notice: MUTE.has(protocol) || kase.attempts.some(({ channel }) => MUTE.has(channel === 'sandbox-1' ? first : second)) ? 'once' : dice.pick(['once', 'lost', 'doubled']) });
  }
  await it.settle();
  await it.pass(14 * HOUR, { step: HOUR });
  Object.assign(share, { [first]: 0, [second]: 0 }); // a provider that never answered told nobody of the money; one answer is enough
  await it.pass(2 * HOUR, { step: HOUR });
  for (const order of numbers) {
    const { told, paid, open, about } = await it.agree(order, `${first}, ${second}, seed ${SEED + place}, after the payments`);
    assert.ok(paid === 0 || told === 1 || open.length > 0, `${about}: paid, and the order is not`);
  }

  Object.assign(share, { [first]: 0.1, [second]: 0.1 });
  await it.pass(18 * DAY, { step: DAY / 2 });
  for (const order of numbers) {
    const { live, open, kase, about } = await it.agree(order, `${first}, ${second}, seed ${SEED + place}, at the end`);
    assert.ok(live.length === 0 || open.length > 0, `${about}: a code outlived its order`);
    assert.ok(['paid', 'lapsed', 'failed', 'cancelled'].includes(kase.state) || open.length > 0, `${about}: still open`);
  }
});

describe('any two providers', { concurrency: 6 }, () => pairs().forEach(each));
