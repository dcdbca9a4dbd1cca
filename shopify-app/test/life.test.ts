// An order's life at Shopify, its case here and its code at the provider: whatever happens, the three agree at the end.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { street } from './street.ts';

const HOUR = 3_600_000;

test('a shopper orders, gets a code, pays it, and the order is paid once', async (t) => {
  const it = await street(t);
  const order = it.buy();
  await it.settle();
  const code = it.code(order);
  assert.equal(it.voucher(order).cip, code.digits);
  assert.deepEqual(it.tags(order), ['efectivo-pendiente']);
  assert.equal(it.mails[0]?.to, 'canario@quipu.example');
  it.provider.pay(code.id);
  await it.settle();
  const { standing, outstanding, received } = it.fake.stands(order);
  assert.deepEqual({ standing, outstanding, received }, { standing: 'PAID', outstanding: 0, received: 12_050 });
  assert.equal(await it.state(order), 'paid');
  assert.deepEqual(it.tags(order), ['efectivo-pagado']);
  assert.deepEqual(await it.reviews(order), []);
});
