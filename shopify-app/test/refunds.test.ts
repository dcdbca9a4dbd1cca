// Money on its way back, from our desk and from Shopify's admin: the provider is asked once, Shopify has it written down once, and nobody is paid twice.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Order } from './fake-shopify/index.ts';
import { street, type Street } from './street.ts';

/** An order that was paid. */
async function paid(it: Street): Promise<Order> {
  const order = it.buy();
  await it.settle();
  it.provider.pay(it.code(order).id);
  await it.settle();
  assert.equal(it.fake.stands(order).standing, 'PAID');
  return order;
}

/** Presses the desk's own button. */
async function refund(it: Street, order: Order): Promise<void> {
  const { case: kase, view } = await it.kase(order);
  const decision = view.decisions.map((one: any) => one.decision).find((one: any) => one.refund);
  assert.ok(decision, 'the desk offers a refund');
  await (await it.shop(order.shop)).efectivo?.merchant(kase.id, decision);
}

test('a refund from the desk is asked of the provider and written down at Shopify, once', async (t) => {
  const it = await street(t);
  const order = await paid(it);
  await refund(it, order);
  await it.settle();
  assert.equal(it.fake.stands(order).refunded, 0, 'the shopper has not given an account yet: nothing is written down');
  it.provider.fillForm(it.code(order).id);
  await it.wind(26 * 3_600_000);
  const { refunded, standing } = it.fake.stands(order);
  assert.deepEqual({ refunded, standing }, { refunded: 12_050, standing: 'REFUNDED' });
  const { view } = await it.kase(order);
  assert.equal(view.refunds.length, 1, 'its echo starts no second one');
  assert.equal(it.fake.documents.filter(({ fields }) => fields.includes('refundCreate')).length, 1);
  assert.equal(it.fake.read(order).refunds[0]?.note.includes(view.refunds[0].key), true);
});

test('a refund in Shopify\'s admin is asked of the provider, once, however often it is told', async (t) => {
  const it = await street(t);
  const order = await paid(it);
  it.fake.refund(order, { amount: '120.50' });
  await it.settle();
  await it.fake.again(it.fake.delivery('refunds/create', order));
  await it.fake.again(it.fake.delivery('refunds/create', order), { id: 'told-under-another-id' });
  await it.wind(16 * 60_000);
  const { view } = await it.kase(order);
  assert.deepEqual(view.refunds.map(({ amount }: any) => amount.minor), [12_050]);
  assert.equal(it.fake.read(order).refunds.length, 1, 'Shopify has one refund, its own');
});

test('a refund in Shopify\'s admin that no webhook told of is found by the sweep', async (t) => {
  const it = await street(t);
  const order = await paid(it);
  it.fake.refund(order, { amount: '120.50' });
  it.fake.drop();
  await it.wind(16 * 60_000);
  assert.equal((await it.kase(order)).view.refunds.length, 1);
});

test('a part is refunded as a part', async (t) => {
  const it = await street(t);
  const order = await paid(it);
  it.fake.refund(order, { amount: '20.50' });
  await it.settle();
  const { view } = await it.kase(order);
  assert.deepEqual(view.refunds.map(({ amount }: any) => amount.minor), [2_050]);
  assert.equal(it.fake.stands(order).refunded, 2_050);
});

test('what Shopify did not hear is written down later, under the same key', async (t) => {
  const it = await street(t);
  const order = await paid(it);
  it.fake.trouble('cut after', { match: 'refundCreate' });
  await refund(it, order);
  await it.settle();
  it.provider.fillForm(it.code(order).id);
  await it.wind(26 * 3_600_000);
  await it.wind(16 * 60_000);
  assert.equal(it.fake.stands(order).refunded, 12_050);
  assert.equal(it.fake.read(order).refunds.length, 1);
  assert.equal((await it.kase(order)).view.refunds.length, 1);
});

test('money that Shopify says was refunded, but was never ours, is not sent', async (t) => {
  const it = await street(t);
  const order = it.buy();
  await it.settle();
  it.fake.pay(order); // by the merchant's own hand
  await it.settle();
  it.fake.refund(order, { amount: '120.50' });
  await it.settle();
  assert.deepEqual((await it.kase(order)).view.refunds, []);
});
