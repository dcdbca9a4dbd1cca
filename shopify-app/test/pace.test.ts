// The line for Shopify's bucket of points: order, patience, points that others spend, an end to the wait; and the sweep that stands in it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lookAtInstallation } from '../src/orders/installation.ts';
import { makePace, type Cost } from '../src/shopify/pace.ts';
import { street } from './street.ts';

const DEAR = 'query Dear { a }';
const told = (left: number, cost = 40): Cost => ({ requestedQueryCost: cost, throttleStatus: { maximumAvailable: 200, currentlyAvailable: left, restoreRate: 100 } });

/** A clock of its own, and a document whose cost is known. */
async function line(left: number) {
  const time = { now: 1_000_000 };
  const pace = makePace({ now: () => time.now });
  const over = await pace.turn(DEAR, 'urgent', Date.now());
  over(told(left));
  const went: string[] = [];
  const ask = (name: string, hurry: 'urgent' | 'patient' = 'urgent', since = Date.now()) => pace.turn(DEAR, hurry, since).then((done) => { went.push(name); return done; });
  return { time, went, ask };
}

const moment = (ms = 60) => new Promise((done) => setTimeout(done, ms));

test('nobody waits while there are points, and everybody in turn when there are none', async () => {
  const { time, went, ask } = await line(80);
  const all = ['1', '2', '3', '4'].map((name) => ask(name));
  await moment();
  assert.deepEqual(went, ['1', '2']);
  time.now += 400;
  await moment(450);
  assert.deepEqual(went, ['1', '2', '3']);
  time.now += 400;
  await Promise.all(all);
  assert.deepEqual(went, ['1', '2', '3', '4']);
});

test('who is patient leaves half of the bucket, and lets everybody pass', async () => {
  const { time, went, ask } = await line(130);
  const waits = ask('sweep', 'patient');
  const hurries = ask('order');
  await moment();
  assert.deepEqual(went, ['order'], '130 points are too few to take 40 and leave 100; then there are 90');
  time.now += 600;
  await waits;
  await hurries;
  assert.deepEqual(went, ['order', 'sweep']);
});

test('what is under way is taken off what an answer says is left', async () => {
  const { went, ask } = await line(120);
  const [first] = await Promise.all([ask('1'), ask('2')]);
  first?.(told(80)); // told before the second one was paid for
  void ask('3');
  await moment();
  assert.deepEqual(went, ['1', '2', '3']);
  const late = ask('4', 'urgent', Date.now() - 19_900);
  await assert.rejects(late, { code: 'throttled', retry: 'later' }, 'the wait has an end');
  assert.deepEqual(went, ['1', '2', '3']);
});

test('the sweep reads an order once after it changed, and not again', async (t) => {
  const it = await street(t);
  const orders = Array.from({ length: 5 }, () => it.buy());
  await it.settle();
  const reads = () => it.fake.documents.filter(({ fields }) => fields.includes('order')).length;
  for (let rounds = 0; rounds < 3; rounds += 1) await it.wind(16 * 60_000);
  const before = reads();
  await it.wind(16 * 60_000);
  assert.equal(reads(), before);
  const [one] = orders;
  assert.ok(one);
  it.fake.cancel(one);
  it.fake.drop();
  await it.wind(16 * 60_000);
  assert.ok(reads() > before);
  assert.equal(await it.state(one), 'cancelled');
});

test('Shopify that is too busy to give a token takes no shop away', async (t) => {
  const it = await street(t);
  const shop = await it.shop();
  it.fake.trouble('429', { match: 'oauth', times: 99 });
  await assert.rejects(lookAtInstallation(it.server.parts, shop), { code: 'shopify_down', retry: 'later' });
  assert.equal((await it.shop()).state, 'installed');
});
