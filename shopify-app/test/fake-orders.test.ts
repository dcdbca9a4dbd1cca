// The fake Shopify's orders: its transition rules, through the documents that an app sends, on every version of the official schema.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { VERSIONS } from './fake-shopify/index.ts';
import { APP, ask, SHOP, shopWithApp } from './fake-shopify/workbench.ts';

const MARK = 'mutation ($id: ID!) { orderMarkAsPaid(input: { id: $id }) { order { id canMarkAsPaid displayFinancialStatus transactions(first: 5) { kind status gateway amountSet { presentmentMoney { amount currencyCode } } } } userErrors { field message } } }';
const CANCEL = 'mutation ($id: ID!, $note: String) { orderCancel(orderId: $id, reason: OTHER, restock: true, notifyCustomer: true, staffNote: $note) { job { id done } orderCancelUserErrors { code field message } } }';
const REFUND = 'mutation ($input: RefundInput!, $key: String!) { refundCreate(input: $input) @idempotent(key: $key) { refund { id totalRefundedSet { presentmentMoney { amount } } } userErrors { field message } } }';
const gid = (order: { id: number }): string => `gid://shopify/Order/${order.id}`;

for (const version of VERSIONS) {
  describe(`an order in Shopify, by ${version}`, () => {
    it('waits for its money, is marked as paid once, and no second time', async () => {
      const { fake } = shopWithApp();
      const order = fake.order(SHOP, { lines: [{ price: '60.25', quantity: 2 }] });
      assert.deepEqual(fake.stands(order), { standing: 'PENDING', total: 12050, received: 0, refunded: 0, outstanding: 12050, cancelled: false, can_mark: true });
      const first = await ask(fake, MARK, { id: gid(order) }, { version });
      assert.deepEqual(first.data.orderMarkAsPaid.userErrors, []);
      assert.equal(first.data.orderMarkAsPaid.order.displayFinancialStatus, 'PAID');
      const sale = first.data.orderMarkAsPaid.order.transactions.find((one: any) => one.status === 'SUCCESS');
      assert.deepEqual(sale, { kind: 'SALE', status: 'SUCCESS', gateway: 'manual', amountSet: { presentmentMoney: { amount: '120.50', currencyCode: 'PEN' } } });
      const second = await ask(fake, MARK, { id: gid(order) }, { version });
      assert.match(second.data.orderMarkAsPaid.userErrors[0].message, /cannot be marked as paid/);
      assert.equal(fake.stands(order).received, 12050);
    });

    it('is cancelled by a job that takes its time, once and for ever', async () => {
      const { fake, clock } = shopWithApp();
      const order = fake.order(SHOP);
      const asked = await ask(fake, CANCEL, { id: gid(order) }, { version });
      const { job } = asked.data.orderCancel;
      assert.equal(job.done, false);
      assert.equal(fake.stands(order).cancelled, false);
      const poll = async (): Promise<boolean> => (await ask(fake, 'query ($id: ID!) { job(id: $id) { id done } }', { id: job.id }, { version })).data.job.done;
      assert.equal(await poll(), false);
      clock.at += 2_000;
      assert.equal(await poll(), true);
      assert.deepEqual(fake.stands(order), { standing: 'VOIDED', total: 0, received: 0, refunded: 0, outstanding: 0, cancelled: true, can_mark: false });
      const again = await ask(fake, CANCEL, { id: gid(order) }, { version });
      assert.equal(again.data.orderCancel.orderCancelUserErrors[0].code, 'INVALID');
      const marked = await ask(fake, MARK, { id: gid(order) }, { version });
      assert.equal(marked.data.orderMarkAsPaid.userErrors.length, 1);
      assert.deepEqual(fake.world.shops[SHOP]?.restocked, { 'Chompa de alpaca': 1 });
    });

    it('refuses a staff note that is too long, and an order that it has not', async () => {
      const { fake } = shopWithApp();
      const order = fake.order(SHOP);
      const long = await ask(fake, CANCEL, { id: gid(order), note: 'x'.repeat(256) }, { version });
      assert.match(long.data.orderCancel.orderCancelUserErrors[0].message, /255/);
      const absent = await ask(fake, CANCEL, { id: 'gid://shopify/Order/7' }, { version });
      assert.equal(absent.data.orderCancel.orderCancelUserErrors[0].code, 'NOT_FOUND');
      assert.equal((await ask(fake, MARK, { id: '7' }, { version })).errors?.[0].extensions.code, 'INVALID_ID');
    });

    it('is cancelled even though it was paid while the job waited', async () => {
      const { fake, clock } = shopWithApp();
      const order = fake.order(SHOP);
      await ask(fake, CANCEL, { id: gid(order) }, { version });
      fake.pay(order);
      clock.at += 5_000;
      const { standing, cancelled, received } = fake.stands(order);
      assert.deepEqual({ standing, cancelled, received }, { standing: 'PAID', cancelled: true, received: 5000 });
    });

    it('takes a refund under its key once, in the buyer\'s currency, from the right sale', async () => {
      const { fake } = shopWithApp();
      const order = fake.order(SHOP, { currency: 'USD', lines: [{ price: '20.00' }] });
      const sale = fake.pay(order);
      const transaction = { orderId: gid(order), parentId: `gid://shopify/OrderTransaction/${sale.id}`, kind: 'REFUND', gateway: 'manual', amount: '15.00' };
      const input = { orderId: gid(order), currency: 'USD', transactions: [transaction] };
      const refund = async (change: object, key = 'k1') => (await ask(fake, REFUND, { input: { ...input, ...change }, key }, { version }));
      assert.match((await refund({ currency: undefined })).data.refundCreate.userErrors[0].message, /Currency is required/);
      assert.match((await refund({ transactions: [{ ...transaction, gateway: 'PagoEfectivo' }] })).data.refundCreate.userErrors[0].message, /Gateway/);
      assert.match((await refund({ transactions: [{ ...transaction, amount: '20.01' }] })).data.refundCreate.userErrors[0].message, /exceeds/);
      const first = await refund({});
      const again = await refund({});
      assert.equal(first.data.refundCreate.refund.id, again.data.refundCreate.refund.id);
      assert.deepEqual([fake.stands(order).refunded, fake.stands(order).standing], [1500, 'PARTIALLY_REFUNDED']);
      assert.match((await refund({ note: 'other' })).data.refundCreate.userErrors[0].message, /idempotency key/);
      assert.match((await refund({}, 'k2')).data.refundCreate.userErrors[0].message, /exceeds/);
      const bare = await ask(fake, 'mutation ($input: RefundInput!) { refundCreate(input: $input) { refund { id } userErrors { message } } }', { input }, { version });
      assert.match(bare.errors?.[0].message, /@idempotent/);
    });

    it('keeps a metafield only where nobody changed it meanwhile', async () => {
      const { fake } = shopWithApp();
      const order = fake.order(SHOP);
      const set = async (value: string, digest: string | null) => (await ask(fake, 'mutation ($m: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $m) { metafields { namespace compareDigest } userErrors { code message } } }', { m: [{ ownerId: gid(order), namespace: '$app', key: 'voucher', type: 'json', value, compareDigest: digest }] }, { version })).data.metafieldsSet;
      const first = await set('{"a":1}', null);
      assert.deepEqual(first.userErrors, []);
      assert.equal((await set('{"a":2}', null)).userErrors[0].code, 'STALE_OBJECT');
      assert.deepEqual((await set('{"a":2}', first.metafields[0].compareDigest)).userErrors, []);
      assert.equal((await set('{"a":3}', first.metafields[0].compareDigest)).userErrors[0].code, 'STALE_OBJECT');
      assert.equal((await set('{', (await set('{"b":1}', 'x')).metafields?.[0] ?? null)).userErrors[0].code, 'INVALID_VALUE');
      const read = await ask(fake, 'query ($id: ID!) { order(id: $id) { metafield(namespace: "$app", key: "voucher") { jsonValue } } }', { id: gid(order) }, { version });
      assert.deepEqual(read.data.order.metafield.jsonValue, { a: 2 });
    });

    it('wears its tags once, whatever their case', async () => {
      const { fake } = shopWithApp();
      const order = fake.order(SHOP);
      const tag = async (verb: string, tags: string[]) => (await ask(fake, `mutation ($id: ID!, $tags: [String!]!) { ${verb}(id: $id, tags: $tags) { node { id } userErrors { message } } }`, { id: gid(order), tags }, { version })).data[verb];
      await tag('tagsAdd', ['pago-pendiente', 'Pago-Pendiente', 'otro, dos']);
      assert.deepEqual(fake.read(order).tags, ['dos', 'otro', 'pago-pendiente']);
      await tag('tagsRemove', ['PAGO-PENDIENTE']);
      assert.deepEqual(fake.read(order).tags, ['dos', 'otro']);
      assert.match((await tag('tagsAdd', ['x'.repeat(41)])).userErrors[0].message, /40/);
    });

    it('is found by what it is, newest change last, page by page', async () => {
      const { fake, clock } = shopWithApp();
      const made = [];
      for (let no = 0; no < 5; no += 1) {
        clock.at += 60_000;
        made.push(fake.order(SHOP));
      }
      clock.at += 1_000;
      fake.pay(made[1] ?? '');
      const find = async (query: string, first = 2, after?: string) => (await ask(fake, 'query ($query: String, $first: Int, $after: String) { orders(query: $query, first: $first, after: $after, sortKey: UPDATED_AT) { nodes { name } pageInfo { hasNextPage endCursor } } }', { query, first, after }, { version }));
      const first = (await find('financial_status:pending')).data.orders;
      assert.deepEqual(first.nodes.map(({ name }: any) => name), ['#1001', '#1003']);
      const second = (await find('financial_status:pending', 2, first.pageInfo.endCursor)).data.orders;
      assert.deepEqual([second.nodes.map(({ name }: any) => name), second.pageInfo.hasNextPage], [['#1004', '#1005'], false]);
      assert.deepEqual((await find(`updated_at:>'${new Date(clock.at - 1_000).toISOString()}'`)).data.orders.nodes, [{ name: '#1002' }]);
      assert.deepEqual((await find('(name:1001 OR name:#1002) -financial_status:paid')).data.orders.nodes, [{ name: '#1001' }]);
      await find('finacial_status:pending');
      assert.deepEqual(fake.documents.at(-1)?.warnings, ['finacial_status']);
      assert.match((await find('', 251)).errors?.[0].message, /250/);
    });

    it('is out of sight after 60 days', async () => {
      const { fake, clock } = shopWithApp();
      const order = fake.order(SHOP);
      clock.at += 61 * 86_400_000;
      const read = async (scopes: string[]) => (await ask(fake, 'query ($id: ID!) { order(id: $id) { id } }', { id: gid(order) }, { version, token: fake.token(SHOP, 'app-1', scopes) })).data.order;
      assert.equal(await read(['read_orders']), null);
      assert.deepEqual(await read(['read_orders', 'read_all_orders']), { id: gid(order) });
    });
  });
}

describe('what an order is worth', () => {
  it('follows an edit up and down', () => {
    const { fake } = shopWithApp();
    const order = fake.order(SHOP, { lines: [{ price: '50.00', quantity: 2 }], shipping: '10.00' });
    fake.edit(order, { add: [{ price: '5.50' }] });
    assert.equal(fake.stands(order).outstanding, 11550);
    fake.pay(order);
    fake.edit(order, { add: [{ price: '20.00' }] });
    assert.deepEqual([fake.stands(order).standing, fake.stands(order).outstanding], ['PARTIALLY_PAID', 2000]);
    fake.edit(order, { remove: [{ line: 0, quantity: 1 }] });
    assert.deepEqual([fake.stands(order).standing, fake.stands(order).outstanding], ['PAID', -3000]);
    assert.throws(() => fake.edit(order, { remove: [{ line: 0, quantity: 2 }] }), /more than the order has/);
  });

  it('is in two currencies where the buyer pays in another one', async () => {
    const { fake } = shopWithApp();
    const order = fake.order(SHOP, { currency: 'USD', lines: [{ price: '10.01' }] });
    const read = await ask(fake, 'query ($id: ID!) { order(id: $id) { currencyCode presentmentCurrencyCode totalOutstandingSet { shopMoney { amount currencyCode } presentmentMoney { amount currencyCode } } } }', { id: gid(order) });
    assert.deepEqual(read.data.order, { currencyCode: 'PEN', presentmentCurrencyCode: 'USD', totalOutstandingSet: { shopMoney: { amount: '37.54', currencyCode: 'PEN' }, presentmentMoney: { amount: '10.01', currencyCode: 'USD' } } });
  });

  it('takes part of its money, and only what is owed', async () => {
    const { fake } = shopWithApp();
    const order = fake.order(SHOP, { lines: [{ price: '50.00' }] });
    fake.payPart(order, '20.00');
    assert.deepEqual([fake.stands(order).standing, fake.stands(order).can_mark], ['PARTIALLY_PAID', true]);
    assert.throws(() => fake.payPart(order, '30.01'), /exceeds/);
    const by_name = 'mutation ($id: ID!, $name: String, $amount: MoneyInput, $at: DateTime) { orderCreateManualPayment(id: $id, paymentMethodName: $name, amount: $amount, processedAt: $at) { order { id } userErrors { code message } } }';
    const code = async (variables: object) => { const said = await ask(fake, by_name, { id: gid(order), ...variables }); return said.data?.orderCreateManualPayment?.userErrors[0]?.code ?? said.errors?.[0].extensions.code; };
    assert.equal(await code({ name: 'Yape' }), 'GATEWAY_NOT_FOUND');
    assert.equal(await code({ at: '2030-01-01T00:00:00Z' }), 'PROCESSED_AT_INVALID');
    assert.equal(await code({ amount: { amount: '1.00', currencyCode: 'PEN' } }), 'ACCESS_DENIED');
    fake.shop(SHOP, { plus: true });
    assert.equal(await code({ amount: { amount: '1.00', currencyCode: 'USD' } }), 'CURRENCY_MISMATCH');
    assert.equal(await code({ name: 'PagoEfectivo' }), undefined);
    assert.equal(fake.stands(order).standing, 'PAID');
  });
});

describe('a document', () => {
  it('that the real schema refuses is refused, and remembered', async () => {
    const { fake } = shopWithApp();
    const order = fake.order(SHOP);
    const said = await ask(fake, 'mutation ($id: ID!) { orderMarkAsPaid(input: { id: $id }) { userErrors { code } } }', { id: gid(order) });
    assert.match(said.errors?.[0].message, /Cannot query field "code" on type "UserError"/);
    assert.equal(fake.invalid.length, 1);
    assert.equal(fake.stands(order).standing, 'PENDING');
  });

  it('with a date or an amount that is none is refused before anything happens', async () => {
    const { fake } = shopWithApp();
    const order = fake.order(SHOP);
    const pay = 'mutation ($id: ID!, $at: DateTime) { orderCreateManualPayment(id: $id, processedAt: $at) { userErrors { code } } }';
    assert.match((await ask(fake, pay, { id: gid(order), at: 'yesterday' })).errors?.[0].message, /DateTime/);
    assert.match((await ask(fake, pay.replace('$at)', '"25/11/2026")').replace(', $at: DateTime', ''), { id: gid(order) })).errors?.[0].message, /DateTime/);
    assert.equal(fake.stands(order).standing, 'PENDING');
    assert.equal(fake.invalid.length, 2);
  });

  it('that needs a scope which was not granted is denied by name', async () => {
    const { fake } = shopWithApp({ scopes: ['read_orders'] });
    const order = fake.order(SHOP, { lines: [{ price: '1.00', tags: ['alcohol'] }] });
    const marked = await ask(fake, MARK, { id: gid(order) });
    assert.equal(marked.errors?.[0].extensions.code, 'ACCESS_DENIED');
    assert.match(marked.errors?.[0].message, /write_orders/);
    const product = await ask(fake, 'query ($id: ID!) { order(id: $id) { lineItems(first: 5) { nodes { title product { tags } } } } }', { id: gid(order) });
    assert.match(product.errors?.[0].message, /read_products/);
    assert.equal(product.data.order.lineItems.nodes[0].product, null);
    assert.equal(fake.stands(order).standing, 'PENDING');
  });

  it('gets no customer data that the app was not approved for', async () => {
    const { fake } = shopWithApp();
    fake.app({ ...APP, customer_data: [] });
    const order = fake.order(SHOP);
    const said = await ask(fake, 'query ($id: ID!) { order(id: $id) { name email } }', { id: gid(order) });
    assert.deepEqual([said.data.order, said.errors?.[0].extensions.code], [{ name: '#1001', email: null }, 'ACCESS_DENIED']);
  });

  it('that the fake cannot play is an error and never a silent null', async () => {
    const { fake } = shopWithApp();
    const order = fake.order(SHOP);
    const said = await ask(fake, 'query ($id: ID!) { order(id: $id) { shopifyProtect { status } } }', { id: gid(order) });
    assert.match(said.errors?.[0].message, /doesn't play Order\.shopifyProtect/);
    assert.equal(fake.invalid.length, 1);
  });

  it('is answered only to a living token of its own shop', async () => {
    const { fake } = shopWithApp();
    fake.shop('otra.myshopify.com').install('app-1');
    const foreign = await ask(fake, '{ shop { name } }', {}, { token: fake.token('otra.myshopify.com') });
    assert.equal(foreign.status, 401);
    const token = fake.token(SHOP);
    fake.uninstall(SHOP);
    assert.equal((await ask(fake, '{ shop { name } }', {}, { token })).status, 401);
  });

  it('is throttled when its points are used up, and served again a moment later', async () => {
    const { fake, clock } = shopWithApp();
    fake.drain(SHOP);
    const said = await ask(fake, '{ shop { name } }');
    assert.deepEqual([said.status, said.errors?.[0].extensions.code], [200, 'THROTTLED']);
    assert.equal(said.extensions.cost.throttleStatus.currentlyAvailable, 0);
    clock.at += 1_000;
    assert.equal((await ask(fake, '{ shop { name } }')).data.shop.name, 'Quipu');
    const big = await ask(fake, '{ orders(first: 250) { nodes { lineItems(first: 250) { nodes { product { id } } } transactions { id } refunds { transactions(first: 250) { nodes { order { lineItems(first: 250) { nodes { product { id } } } } } } } } } }');
    assert.equal(big.errors?.[0].extensions.code, 'MAX_COST_EXCEEDED');
  });

  it('finds a shop that is gone or frozen', async () => {
    const { fake } = shopWithApp();
    fake.standing(SHOP, 'inactive');
    assert.equal((await ask(fake, '{ shop { name } }')).errors?.[0].extensions.code, 'SHOP_INACTIVE');
    fake.standing(SHOP, 'frozen');
    assert.equal((await ask(fake, '{ shop { name } }')).status, 402);
  });

  it('that was cut off may have done its work or not', async () => {
    const { fake } = shopWithApp();
    const [one, other] = [fake.order(SHOP), fake.order(SHOP)];
    fake.trouble('cut before', { match: 'orderMarkAsPaid' });
    await assert.rejects(ask(fake, MARK, { id: gid(one) }), { message: 'fetch failed' });
    assert.equal(fake.stands(one).standing, 'PENDING');
    fake.trouble('cut after', { match: 'orderMarkAsPaid' });
    assert.equal((await ask(fake, '{ shop { name } }')).status, 200);
    await assert.rejects(ask(fake, MARK, { id: gid(other) }), { message: 'fetch failed' });
    assert.equal(fake.stands(other).standing, 'PAID');
    fake.trouble('throttled');
    assert.equal((await ask(fake, '{ shop { name } }')).errors?.[0].extensions.code, 'THROTTLED');
  });
});

describe('a payment customization', () => {
  const CREATE = 'mutation ($input: PaymentCustomizationInput!) { paymentCustomizationCreate(paymentCustomization: $input) { paymentCustomization { id enabled metafield(namespace: "$app", key: "payment_rules") { value } } userErrors { code } } }';
  const input = { title: 'Reglas', enabled: true, functionHandle: 'payment-rules', metafields: [{ namespace: '$app', key: 'payment_rules', type: 'json', value: '{"least":600}' }] };
  const rules = (asked: object = {}) => shopWithApp({ scopes: ['write_payment_customizations'], functions: ['payment-rules'], ...asked });

  it('carries its settings, on a shop of the right plan only', async () => {
    const { fake } = rules();
    const code = async (change: object = {}) => (await ask(fake, CREATE, { input: { ...input, ...change } })).data.paymentCustomizationCreate.userErrors[0]?.code;
    assert.equal(await code(), 'CUSTOM_APP_FUNCTION_NOT_ELIGIBLE');
    fake.shop(SHOP, { plus: true });
    assert.equal(await code({ functionHandle: 'other' }), 'FUNCTION_NOT_FOUND');
    assert.equal(await code({ metafields: [{ ...input.metafields[0], value: '{' }] }), 'INVALID_METAFIELDS');
    assert.equal(fake.world.shops[SHOP]?.customizations.length, 0);
    assert.equal(await code(), undefined);
    const listed = await ask(fake, '{ paymentCustomizations(first: 5) { nodes { id title enabled metafield(namespace: "$app", key: "payment_rules") { jsonValue compareDigest } } } }');
    const [made] = listed.data.paymentCustomizations.nodes;
    assert.deepEqual([made.enabled, made.metafield.jsonValue], [true, { least: 600 }]);
    const set = await ask(fake, 'mutation ($m: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $m) { userErrors { code } } }', { m: [{ ownerId: made.id, namespace: '$app', key: 'payment_rules', value: '{"least":700}', compareDigest: made.metafield.compareDigest }] });
    assert.deepEqual(set.data.metafieldsSet.userErrors, []);
    assert.equal(fake.world.shops[SHOP]?.customizations[0]?.metafields[0]?.value, '{"least":700}');
  });

  it('needs its scope, and is only its own app\'s', async () => {
    const weak = shopWithApp({ functions: ['payment-rules'] });
    assert.equal((await ask(weak.fake, CREATE, { input })).errors?.[0].extensions.code, 'ACCESS_DENIED');
    const { fake } = rules();
    fake.shop(SHOP, { plus: true });
    const { id } = (await ask(fake, CREATE, { input })).data.paymentCustomizationCreate.paymentCustomization;
    fake.app({ ...APP, client_id: 'app-2', scopes: ['write_payment_customizations'] });
    fake.shop(SHOP).install('app-2');
    const foreign = await ask(fake, 'mutation ($id: ID!) { paymentCustomizationDelete(id: $id) { deletedId userErrors { code } } }', { id }, { token: fake.token(SHOP, 'app-2') });
    assert.equal(foreign.data.paymentCustomizationDelete.userErrors[0].code, 'PAYMENT_CUSTOMIZATION_NOT_FOUND');
  });
});
