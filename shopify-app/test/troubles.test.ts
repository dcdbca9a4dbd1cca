// What goes wrong between a shopper, a counter, a provider and Shopify: late, twice, wrong, reversed, lost, forged. At the end the three books agree, or a person is asked.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOrder } from '../src/orders/port.ts';
import { readOf } from '../src/orders/reading.ts';
import type { Order } from './fake-shopify/index.ts';
import { OTHER, QUIPU, street, type Street } from './street.ts';

const HOUR = 3_600_000;

test('an unpaid order is cancelled once, after deadline and grace, and its stock goes back', async (t) => {
  const it = await street(t);
  const order = it.buy();
  await it.settle();
  for (let hours = 0; hours < 76; hours += 4) await it.wind(4 * HOUR);
  assert.equal(await it.state(order), 'lapsed');
  assert.equal(it.fake.stands(order).cancelled, true);
  assert.deepEqual(it.fake.world.shops[QUIPU]?.restocked, { 'Chompa de alpaca': 1 });
  assert.deepEqual(it.tags(order), ['efectivo-vencido']);
  assert.equal(it.voucher(order).cip, null, 'a dead code is shown nowhere');
  assert.deepEqual(await it.reviews(order), []);
});

for (const [how, paidOtherwise, kept] of [
  ['partly paid by other means', (it: Street, order: Order) => it.fake.payPart(order, '40.00'), 4_000],
  ['paid by hand and made dearer afterwards', (it: Street, order: Order) => { it.fake.pay(order); it.fake.edit(order, { add: [{ price: '30.00' }] }); }, 12_050],
] as const) {
  test(`an order that is ${how} is not cancelled when the code for the rest lapses: a person is asked`, async (t) => {
    const it = await street(t);
    const order = it.buy();
    if (kept === 12_050) await it.settle();
    paidOtherwise(it, order);
    await it.settle();
    for (let hours = 0; hours < 84; hours += 4) await it.wind(4 * HOUR);
    const { cancelled, received, refunded } = it.fake.stands(order);
    assert.deepEqual({ cancelled, received, refunded }, { cancelled: false, received: kept, refunded: 0 });
    assert.deepEqual(await it.reviews(order), ['effect_refused']);
    assert.ok(!it.fake.documents.some(({ fields }) => fields.includes('orderCancel')));
  });
}

test('what an order is worth and what it still asks for are the same to the céntimo until money came in another way', async (t) => {
  const it = await street(t);
  const worth = async (order: Order) => {
    const facts = await readOrder(await it.shop(), String(order.id));
    const read = facts && readOf(it.server.parts.core, facts);
    return [read?.status, read?.total.minor, read?.outstanding.minor];
  };
  const [plain, dollars, edited, part] = [it.buy({ lines: [{ price: '33.33', quantity: 3 }] }), it.buy({ currency: 'USD', lines: [{ price: '33.33' }] }), it.buy({ lines: [{ price: '100.00' }, { price: '20.50' }] }), it.buy()];
  it.fake.edit(edited, { remove: [{ line: 1 }] });
  it.fake.payPart(part, '40.00');
  assert.deepEqual(await worth(plain), ['open', 9_999, 9_999]);
  assert.deepEqual(await worth(dollars), ['open', 3_333, 3_333]);
  assert.deepEqual(await worth(edited), ['open', 10_000, 10_000]);
  assert.deepEqual(await worth(part), ['open', 12_050, 8_050]);
  it.fake.pay(edited);
  it.fake.edit(edited, { add: [{ price: '30.00' }] });
  assert.deepEqual(await worth(edited), ['open', 13_000, 3_000]);
});

test('money after the cancel is a question for a person, and the order stays cancelled', async (t) => {
  const it = await street(t);
  const order = it.buy();
  await it.settle();
  const code = it.code(order);
  for (let hours = 0; hours < 76; hours += 4) await it.wind(4 * HOUR);
  it.provider.pay(code.id);
  await it.settle();
  assert.deepEqual(await it.reviews(order), ['late_money']);
  assert.equal(it.fake.stands(order).received, 0);
  assert.deepEqual(it.tags(order).sort(), ['efectivo-revisar', 'efectivo-vencido']);
  const [review] = (await it.kase(order)).view.reviews;
  assert.deepEqual(review.buttons.map(({ resolution }: { resolution: string }) => resolution), ['refund_money', 'settled_elsewhere'], 'Shopify can\'t reopen a cancelled order');
  assert.match(review.steps[0], /no puede reabrir/);
});

test('a second payment is a question for a person, and the order is paid once', async (t) => {
  const it = await street(t);
  const order = it.buy();
  await it.settle();
  it.provider.pay(it.code(order).id);
  await it.settle();
  it.provider.pay(it.code(order).id);
  await it.settle();
  assert.equal(it.fake.stands(order).received, 12_050);
  assert.deepEqual(await it.reviews(order), ['second_money']);
});

test('an order that somebody marked as paid by hand opens a review when its code is paid too', async (t) => {
  const it = await street(t);
  const order = it.buy();
  await it.settle();
  const code = it.code(order);
  it.fake.pay(order);
  it.fake.drop(); // nobody tells us
  it.provider.pay(code.id);
  await it.settle();
  assert.deepEqual(await it.reviews(order), ['second_money']);
  assert.equal(it.fake.stands(order).received, 12_050);
});

test('money of the wrong amount pays nothing', async (t) => {
  const it = await street(t);
  const order = it.buy();
  await it.settle();
  it.provider.pay(it.code(order).id, { amount: 1 });
  await it.settle();
  assert.equal(it.fake.stands(order).received, 0);
  assert.deepEqual(await it.reviews(order), ['mismatched_money']);
});

test('money that is taken back opens a review', async (t) => {
  const it = await street(t);
  const order = it.buy();
  await it.settle();
  it.provider.pay(it.code(order).id);
  await it.settle();
  it.provider.reverse(it.code(order).id);
  await it.settle();
  assert.deepEqual(await it.reviews(order), ['reversed_money']);
  assert.deepEqual(it.tags(order).sort(), ['efectivo-revertido', 'efectivo-revisar']);
});

for (const [notice, how] of [['lost', 'only time'], ['doubled', 'nothing'], ['forged', 'nothing but time']] as const) {
  test(`a notice that is ${notice} costs ${how}`, async (t) => {
    const it = await street(t);
    const order = it.buy();
    await it.settle();
    it.provider.pay(it.code(order).id, { notice });
    await it.settle();
    if (notice !== 'doubled') await it.wind(HOUR);
    assert.equal(it.fake.stands(order).standing, 'PAID');
    assert.equal(it.fake.stands(order).received, 12_050);
  });
}

test('a provider that is down for hours delays the code, and nothing more', async (t) => {
  const it = await street(t);
  it.provider.fault = () => 'before';
  const order = it.buy();
  await it.settle();
  assert.equal(it.code(order), undefined);
  await it.wind(HOUR);
  it.provider.fault = () => '';
  await it.wind(2 * HOUR);
  assert.equal(it.voucher(order).cip, it.code(order).digits);
});

test('a create that was cut off after the provider acted leaves one code', async (t) => {
  const it = await street(t);
  let cut = 1;
  it.provider.fault = (call) => (call.startsWith('POST') && cut-- > 0 ? 'after' : '');
  const order = it.buy();
  await it.settle();
  await it.wind(10_000);
  await it.wind(60_000);
  await it.wind(180_000);
  assert.equal([...it.provider.ledger.codes.values()].length, 1);
  assert.equal(it.voucher(order).cip, it.code(order).digits);
});

test('an order that was edited gets a code for the new amount, once the old one is dead', async (t) => {
  const it = await street(t);
  const order = it.buy({ lines: [{ price: '100.00' }, { price: '20.00' }] });
  await it.settle();
  const first = it.code(order).digits;
  it.fake.edit(order, { remove: [{ line: 1 }] });
  await it.settle();
  const codes = [...it.provider.ledger.codes.values()].filter((code) => String(code.reference).includes(String(order.id)));
  assert.deepEqual(codes.map(({ status, amount }) => [status, amount]).sort(), [['cancelled', 12_000], ['waiting', 10_000]]);
  assert.notEqual(it.voucher(order).cip, first);
  assert.equal(it.voucher(order).amount, '100.00');
});

test('a paid order that is edited down owes the shopper, and is no trouble', async (t) => {
  const it = await street(t);
  const order = it.buy({ lines: [{ price: '100.00' }, { price: '20.50' }] });
  await it.settle();
  it.provider.pay(it.code(order).id);
  await it.settle();
  it.fake.edit(order, { remove: [{ line: 1 }] });
  await it.settle();
  assert.ok(it.fake.stands(order).outstanding < 0);
  assert.equal(await it.state(order), 'paid');
  const waiting = await it.server.parts.db.all('SELECT topic, became FROM app_deliveries WHERE handled_at IS NULL');
  assert.deepEqual(waiting, []);
});

test('an order that the merchant cancels has its code called off; money that came just before is a review', async (t) => {
  const it = await street(t);
  const order = it.buy();
  const paid = it.buy();
  await it.settle();
  it.fake.cancel(order);
  it.provider.pay(it.code(paid).id, { notice: 'lost' });
  it.fake.cancel(paid);
  it.fake.jobs?.();
  await it.settle();
  await it.wind(HOUR);
  assert.equal(it.code(order).status, 'cancelled');
  assert.deepEqual(await it.reviews(order), []);
  assert.deepEqual(await it.reviews(paid), ['late_money']);
  assert.equal(it.fake.stands(paid).received, 0);
});

test('webhooks that never come are made up for by the sweep: placed, edited, cancelled, paid', async (t) => {
  const it = await street(t);
  const [order, edited, cancelled] = [it.buy(), it.buy({ lines: [{ price: '100.00' }, { price: '20.00' }] }), it.buy()];
  it.fake.drop();
  await it.wind(16 * 60_000);
  for (const one of [order, edited, cancelled]) assert.equal(await it.state(one), 'waiting', one.name);
  it.fake.edit(edited, { remove: [{ line: 1 }] });
  it.fake.cancel(cancelled);
  it.fake.jobs?.();
  it.fake.drop();
  await it.wind(16 * 60_000);
  it.fake.drop();
  assert.equal((await it.kase(edited)).view.amount.minor, 10_000);
  assert.equal(await it.state(cancelled), 'cancelled');
  it.provider.pay(it.code(order).id);
  await it.settle();
  assert.equal(it.fake.stands(order).standing, 'PAID');
});

test('orders that change while the sweep turns its pages lead it past no other', async (t) => {
  const orders: Order[] = [];
  const turning = async (input: string | URL | Request, init?: RequestInit) => {
    const answer = await it.fake.fetch(input, init);
    if (String(init?.body).includes('OrdersChanged')) for (const order of orders.splice(0, 20)) it.fake.read(order).updated = it.now();
    return answer;
  };
  const it: Street = await street(t, { options: { toShopify: turning as typeof fetch } });
  it.fake.shop(QUIPU, { plus: true });
  const all = Array.from({ length: 70 }, () => it.buy());
  orders.push(...all.slice(0, 20));
  it.fake.drop();
  await it.wind(16 * 60_000);
  assert.deepEqual((await Promise.all(all.map((order) => it.state(order)))).filter((state) => state !== 'waiting'), []);
});

test('an order without a webhook, whose sweep fails too, is met again by a later sweep', async (t) => {
  const it = await street(t);
  const order = it.buy();
  it.fake.drop();
  it.fake.trouble('503', { match: 'OrderPayer', times: 60 });
  for (let quarters = 0; quarters < 3; quarters += 1) await it.wind(20 * 60_000);
  assert.equal(await it.state(order), undefined);
  it.fake.troubles.length = 0;
  await it.wind(20 * 60_000);
  assert.equal(await it.state(order), 'waiting');
});

test('tags and metafield that somebody took away come back with the next sweep', async (t) => {
  const it = await street(t);
  const order = it.buy();
  await it.settle();
  const held = it.fake.read(order);
  held.tags.length = 0;
  held.metafields.length = 0;
  held.updated = it.now();
  await it.wind(16 * 60_000);
  assert.deepEqual(it.tags(order), ['efectivo-pendiente']);
  assert.equal(it.voucher(order).cip, it.code(order).digits);
});

test('tags and metafield that Shopify did not take are written down, and made up for however many orders came since', async (t) => {
  const it = await street(t);
  const order = it.buy();
  await it.settle();
  it.fake.trouble('403', { match: 'metafieldsSet', times: 99 });
  it.provider.pay(it.code(order).id);
  await it.settle();
  assert.deepEqual([it.voucher(order).status, it.fake.stands(order).standing], ['waiting', 'PAID'], 'money does not wait for tags');
  assert.deepEqual((await it.server.parts.db.all('SELECT marks FROM app_orders')).map(({ marks }) => marks), [null]);
  it.fake.troubles.length = 0;
  await it.wind(16 * 60_000);
  assert.deepEqual([it.voucher(order).status, it.tags(order)], ['paid', ['efectivo-pagado']]);
});

test('an order by another method, of no amount, or in another currency gets no code and says why', async (t) => {
  const it = await street(t);
  it.fake.shop(QUIPU, { rates: { EUR: 4 } });
  const [card, free, euro] = [it.buy({ gateway: 'Tarjeta' }), it.buy({ lines: [{ price: '0.00' }] }), it.buy({ currency: 'EUR' })];
  await it.settle();
  for (const order of [card, free, euro]) assert.equal(await it.state(order), undefined);
  const rows = await it.server.parts.db.all('SELECT order_id, problem FROM app_orders ORDER BY order_id');
  assert.deepEqual(rows.map(({ order_id, problem }) => [order_id, problem && JSON.parse(problem)[0].code]), [[String(free.id), null], [String(euro.id), 'problem.other_currency']]);
});

test('the method is known however its name is written', async (t) => {
  const it = await street(t, { settings: { method_names: ['pago  EFECTIVO'] } });
  const order = it.buy({ gateway: 'PagoEfectivo' });
  await it.settle();
  assert.equal(await it.state(order), 'waiting');
});

test('a webhook under another shop\'s header does nothing there', async (t) => {
  const it = await street(t);
  const order = it.buy();
  it.fake.drop();
  const delivery = it.fake.delivery('orders/create', order);
  assert.equal(await it.fake.again(delivery, { shop: OTHER }), 200);
  await it.server.tick();
  const { efectivo } = await it.shop(OTHER);
  assert.deepEqual(await efectivo?.cases(), []);
  assert.equal((await it.server.parts.db.all('SELECT became FROM app_deliveries'))[0]?.became, 'no_such_order');
});

test('Shopify throttles, fails and is cut off: everything happens once, later', async (t) => {
  const it = await street(t);
  it.fake.trouble('throttled', { match: 'order', times: 2 });
  it.fake.trouble('503', { match: 'metafieldsSet', times: 3 });
  const order = it.buy();
  await it.settle();
  await it.wind(60_000);
  assert.equal(it.voucher(order).cip, it.code(order).digits);
  it.fake.trouble('cut after', { match: 'orderMarkAsPaid' });
  it.provider.pay(it.code(order).id);
  await it.settle();
  await it.wind(10_000);
  assert.equal(it.fake.stands(order).received, 12_050);
  assert.equal(await it.state(order), 'paid');
  assert.deepEqual(await it.reviews(order), []);
  assert.equal(it.fake.documents.filter(({ fields }) => fields.includes('orderMarkAsPaid')).length, 1);
});

test('a shop whose Shopify keeps everybody waiting holds up no other shop\'s orders', async (t) => {
  let open = () => {};
  const gate = new Promise<void>((resolve) => { open = resolve; });
  const slow = async (input: string | URL | Request, init?: RequestInit) => {
    if (new Request(input, init).url.includes(OTHER)) await gate;
    return it.fake.fetch(input, init);
  };
  const it: Street = await street(t, { options: { toShopify: slow as typeof fetch } });
  const first = it.buy({}, OTHER);
  const orders = Array.from({ length: 12 }, () => it.buy());
  await it.fake.deliver();
  const working = it.server.parts.intake.tick();
  const states = async () => (await Promise.all(orders.map((order) => it.state(order)))).filter(Boolean).length;
  for (let looks = 0; looks < 100 && (await states()) < 12; looks += 1) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(await states(), 12);
  const late = it.buy();
  await it.fake.deliver();
  void it.server.parts.intake.tick();
  for (let looks = 0; looks < 100 && !(await it.state(late)); looks += 1) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(await it.state(late), 'also one that came meanwhile');
  open();
  await working;
  assert.ok(await it.state(first));
});

test('a cancel whose answer is lost is followed, not sent again', async (t) => {
  const it = await street(t);
  const order = it.buy();
  await it.settle();
  it.fake.trouble('cut after', { match: 'orderCancel' });
  for (let hours = 0; hours < 84; hours += 4) await it.wind(4 * HOUR);
  assert.equal(it.fake.stands(order).cancelled, true);
  assert.equal(await it.state(order), 'lapsed');
  assert.equal(it.fake.documents.filter(({ fields }) => fields.includes('orderCancel')).length, 1);
  assert.deepEqual(it.fake.world.shops[QUIPU]?.restocked, { 'Chompa de alpaca': 1 });
});

test('a missing permission is waited for and said', async (t) => {
  const it = await street(t);
  it.fake.shop(QUIPU).install('client-1', ['read_orders']);
  const order = it.buy();
  await it.settle();
  it.provider.pay(it.code(order)?.id ?? [...it.provider.ledger.codes.keys()][0]);
  await it.settle();
  const shop = await it.shop();
  assert.equal((await it.server.parts.health.of(shop.key)).shopify?.detail, 'scope_missing');
  assert.equal(it.fake.stands(order).received, 0);
  it.fake.shop(QUIPU).install('client-1');
  it.fake.revoke(QUIPU);
  await it.wind(HOUR);
  assert.equal(it.fake.stands(order).received, 12_050);
});
