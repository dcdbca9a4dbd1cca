// A process that dies at the worst moments, and two processes at once: nothing is paid or cancelled twice, nothing is lost.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeBook } from '../src/orders/book.ts';
import { shopPort } from '../src/orders/port.ts';
import { makeServer, type Server } from '../src/server.ts';
import { APP, QUIPU, street, type Street } from './street.ts';

const AMOUNT = { minor: 12_050, currency: 'PEN' as const };
const WHEN = { statuses: ['open' as const], outstanding: AMOUNT };

const calls = (it: Street, field: string) => it.fake.documents.filter(({ fields }) => fields.includes(field)).length;

/** The shop port of a process of its own, as another one would have it. */
async function port(it: Street) {
  return shopPort(it.server.parts, await it.shop());
}

test('died between Shopify\'s "paid" and our note of it: the sale is found, and called ours', async (t) => {
  const it = await street(t);
  const order = it.buy();
  await it.settle();
  const shop = await it.shop();
  const book = makeBook(it.server.parts.db, shop.key, it.server.parts.clock);
  await book.begin({ key: 'effect-1', order_id: String(order.id), kind: 'mark_paid', before: order.transactions.map(({ id }) => `gid://shopify/OrderTransaction/${id}`) });
  it.fake.pay(order);
  const made = await (await port(it)).apply(String(order.id), { mark_paid: { amount: AMOUNT } }, WHEN, { key: 'effect-1' });
  assert.deepEqual(made.outcome, { already_so: { ours: true } });
  assert.equal(calls(it, 'orderMarkAsPaid'), 0);
});

test('died before Shopify heard of "paid": it is sent, once', async (t) => {
  const it = await street(t);
  const order = it.buy();
  await it.settle();
  const shop = await it.shop();
  await makeBook(it.server.parts.db, shop.key, it.server.parts.clock).begin({ key: 'effect-1', order_id: String(order.id), kind: 'mark_paid', before: order.transactions.map(({ id }) => `gid://shopify/OrderTransaction/${id}`) });
  const one = await port(it);
  assert.equal((await one.apply(String(order.id), { mark_paid: { amount: AMOUNT } }, WHEN, { key: 'effect-1' })).outcome, 'done');
  assert.deepEqual((await one.apply(String(order.id), { mark_paid: { amount: AMOUNT } }, WHEN, { key: 'effect-1' })).outcome, { already_so: { ours: true } });
  assert.equal(it.fake.stands(order).received, 12_050);
});

test('somebody else\'s sale is never called ours', async (t) => {
  const it = await street(t);
  const order = it.buy();
  await it.settle();
  it.fake.pay(order);
  const made = await (await port(it)).apply(String(order.id), { mark_paid: { amount: AMOUNT } }, WHEN, { key: 'effect-1' });
  assert.deepEqual(made.outcome, { already_so: { ours: false } });
});

test('a sale by hand is nobody else\'s after a "paid" of ours that never left', async (t) => {
  const it = await street(t);
  const order = it.buy();
  await it.settle();
  const pay = async () => (await port(it)).apply(String(order.id), { mark_paid: { amount: AMOUNT } }, WHEN, { key: 'effect-1' });
  it.fake.trouble('403', { match: 'orderMarkAsPaid' });
  await assert.rejects(pay, { code: 'scope_missing' });
  it.fake.pay(order);
  assert.deepEqual((await pay()).outcome, { already_so: { ours: false } });
});

test('a cancel by hand is nobody else\'s after one of ours that never left', async (t) => {
  const it = await street(t);
  const order = it.buy();
  await it.settle();
  const cancel = async () => (await port(it)).apply(String(order.id), 'cancel', WHEN, { key: 'effect-1' });
  it.fake.trouble('403', { match: 'orderCancel' });
  await assert.rejects(cancel, { code: 'scope_missing' });
  it.fake.cancel(order);
  assert.deepEqual((await cancel()).outcome, { already_so: { ours: false } });
});

test('an order that changed since, is cancelled or is no test any more is not marked as paid', async (t) => {
  const it = await street(t);
  const [edited, cancelled, real] = [it.buy(), it.buy(), it.buy()];
  await it.settle();
  it.fake.edit(edited, { add: [{ price: '1.00' }] });
  it.fake.cancel(cancelled);
  it.fake.jobs();
  it.fake.read(real).test = false;
  await it.server.parts.db.run('UPDATE app_orders SET trial = 0');
  const one = await port(it);
  for (const order of [edited, cancelled, real]) {
    const { outcome } = await one.apply(String(order.id), { mark_paid: { amount: AMOUNT } }, WHEN, { key: `effect-${order.id}` });
    assert.ok(typeof outcome === 'object' && 'refused' in outcome, JSON.stringify(outcome));
  }
  assert.equal(calls(it, 'orderMarkAsPaid'), 0);
});

test('died between placing an order and noting its case: the shopper\'s block has the code after the next look', async (t) => {
  const it = await street(t);
  const order = it.buy();
  await it.settle();
  await it.server.parts.db.run('UPDATE app_orders SET case_id = NULL');
  await it.fake.again(it.fake.delivery('orders/create', order), { id: 'told-again' });
  await it.settle();
  const query = new URLSearchParams({ order: String(order.id), checkout_token: order.checkout_token });
  const answer = await it.server.fetch(new Request(`${APP.url}/extension/tienda/voucher?${query}`, { headers: { authorization: `Bearer ${it.fake.sessionToken(QUIPU)}` } }));
  assert.deepEqual([answer.status, ((await answer.json()) as { code?: string }).code], [200, it.code(order).digits]);
});

test('two processes that want the same order paid pay it once', async (t) => {
  const it = await street(t);
  const order = it.buy();
  await it.settle();
  const { parts } = it.server;
  const other: Server = await makeServer({ config: parts.config, clock: parts.clock, toShopify: it.fake.fetch, log: () => {}, mailer: async () => {} });
  t.after(() => other.close());
  const there = await other.parts.shops.of('tienda', QUIPU);
  assert.ok(there);
  const both = [await port(it), shopPort(other.parts, there)];
  const made = await Promise.all(both.flatMap((one, at) => [1, 2].map((no) => one.apply(String(order.id), { mark_paid: { amount: AMOUNT } }, WHEN, { key: `effect-${at}-${no}` }))));
  assert.equal(made.filter(({ outcome }) => outcome === 'done').length, 1);
  assert.equal(it.fake.stands(order).received, 12_050);
});

test('two processes on one database share the work: every order has one code', async (t) => {
  const it = await street(t);
  const { parts } = it.server;
  const other: Server = await makeServer({ config: parts.config, clock: parts.clock, toShopify: it.fake.fetch, log: () => {}, mailer: async () => {} });
  t.after(() => other.close());
  const orders = Array.from({ length: 12 }, () => it.buy());
  await it.fake.deliver();
  await Promise.all([it.server.tick(), other.tick()]);
  await Promise.all([it.server.tick(), other.tick()]);
  await it.wind(10_000); // what one of them put off, because the other was at the same order, is due by now
  const rows = await parts.db.all('SELECT no, handled_at, became, tries FROM app_deliveries');
  assert.ok(rows.every(({ handled_at, became }) => handled_at !== null && (became === 'placed' || became === 'looked_at')), `a sweep may have been first: ${JSON.stringify(rows)}`);
  assert.equal(it.provider.ledger.codes.size, 12);
  for (const order of orders) assert.equal(await it.state(order), 'waiting');
});

test('a server that is started again goes on where it was', async (t) => {
  const it = await street(t);
  const order = it.buy();
  await it.fake.deliver();
  await it.restart();
  await it.settle();
  it.provider.pay(it.code(order).id, { notice: 'lost' });
  await it.restart();
  await it.wind(3_600_000);
  assert.equal(it.fake.stands(order).standing, 'PAID');
});

test('a database that is away is waited for: the webhook is told to come again, and nothing is lost', async (t) => {
  const it = await street(t);
  const order = it.buy();
  const { db } = it.server.parts;
  const { tx } = db;
  (db as { tx: unknown }).tx = async () => { throw Object.assign(new Error('gone'), { code: 'store_away', retry: 'later' }); };
  assert.deepEqual((await it.fake.deliver()).map(({ status }) => status), [503]);
  (db as { tx: unknown }).tx = tx;
  await it.wind(2 * 60_000);
  assert.equal(await it.state(order), 'waiting');
});
