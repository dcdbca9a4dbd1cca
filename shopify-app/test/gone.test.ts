// A shop that took the app away: its open codes are called off, and its money asks its questions where somebody sees them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from '../src/check.ts';
import { listed } from '../src/reviews.ts';
import { counter } from './counter.ts';
import { QUIPU, street, type Street } from './street.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;

async function gone(it: Street): Promise<void> {
  it.fake.uninstall(QUIPU);
  await it.settle();
  assert.equal((await it.shop()).state, 'uninstalled');
}

test('money for a shop that took the app away is a question, at once, and `reviews` and `check` tell it', async (t) => {
  const it = await street(t);
  const order = it.buy();
  await it.settle();
  await gone(it);
  it.provider.pay(it.code(order).id);
  await it.settle();
  assert.deepEqual(await it.reviews(order), ['effect_refused']);
  const told = (await listed(it.server.parts)).join('\n');
  assert.ok(told.includes(QUIPU) && told.includes(order.name), told);
  const lines = await check(it.server.parts.config, it.fake.fetch as typeof fetch);
  assert.ok(lines.some((line) => line.includes(QUIPU) && line.includes('payments wait for a person')), lines.join('\n'));
  assert.equal((await it.shop()).state, 'uninstalled', 'looking changes nothing');
});

test('the open codes of a shop that took the app away are called off, once, and the merchant is told of each order', async (t) => {
  const it = await street(t);
  const order = it.buy();
  await it.settle();
  await gone(it);
  await it.wind(30 * MINUTE);
  assert.equal(it.code(order).status, 'waiting', 'it may come back');
  for (let hours = 0; hours < 3; hours += 1) await it.wind(HOUR);
  assert.equal(it.code(order).status, 'cancelled');
  assert.deepEqual(await it.reviews(order), ['effect_refused']);
  assert.ok(!it.fake.documents.some(({ fields }) => fields.includes('orderCancel')), 'nothing is asked of a shop without a token');
  assert.ok(it.lines.some((line) => line.includes('reviews_wait')));
});

test('a shop that has the app again keeps its codes', async (t) => {
  const it = await street(t);
  const order = it.buy();
  await it.settle();
  await gone(it);
  it.fake.shop(QUIPU).install('client-1');
  for (let hours = 0; hours < 2; hours += 1) await it.wind(HOUR);
  assert.equal((await it.shop()).state, 'installed');
  it.provider.pay(it.code(order).id);
  await it.settle();
  assert.equal(it.fake.stands(order).standing, 'PAID');
});

test('a server that starts anew goes on asking the provider for a shop that took the app away', async (t) => {
  const it = await street(t);
  const order = it.buy();
  await it.settle();
  await gone(it);
  it.provider.pay(it.code(order).id, { notice: 'lost' });
  await it.restart();
  assert.equal((await it.server.parts.db.all('SELECT state FROM app_shops WHERE shop = ?1', [QUIPU]))[0]?.state, 'uninstalled', 'a start does not bring it back');
  await it.wind(HOUR);
  assert.deepEqual(await it.reviews(order), ['effect_refused']);
});

test('role PAY: a shop whose uninstall nobody told of is erased when Shopify asks for it, and one that has the app is left alone', async (t) => {
  const it = await counter(t);
  await it.coded();
  const redact = async () => {
    it.fake.privacy('shop/redact', QUIPU);
    await it.settle();
    return (await it.server.parts.db.all("SELECT became FROM app_deliveries WHERE topic = 'shop/redact' ORDER BY no")).at(-1)?.became;
  };
  assert.equal(await redact(), 'still_installed');
  it.fake.uninstall(QUIPU);
  it.fake.drop();
  assert.equal(await redact(), 'erased');
  assert.equal((await it.shop()).state, 'uninstalled');
});
