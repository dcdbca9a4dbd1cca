// Every door that strangers knock on: webhooks, session tokens, the app proxy, pages, pictures; forged, stale, replayed, unsigned, too large.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { APP, OTHER, QUIPU, street, type Street } from './street.ts';

const ask = (it: Street, path: string, init: RequestInit = {}) => it.server.fetch(new Request(`${APP.url}${path}`, init));
const deliveries = async (it: Street) => (await it.server.parts.db.all('SELECT topic, became FROM app_deliveries ORDER BY no')).map(({ topic, became }) => [topic, became]);
const voucher = (it: Street, token: string, query: Record<string, string>) => ask(it, `/extension/tienda/voucher?${new URLSearchParams(query)}`, { headers: { authorization: `Bearer ${token}` } });

test('a webhook is taken in both families of headers, once by its id, and refused when its body was touched', async (t) => {
  const it = await street(t);
  const order = it.buy();
  it.fake.drop();
  const one = it.fake.delivery('orders/create', order);
  for (const [forge, status] of [['signature', 401], ['secret', 401], ['body', 401], ['no signature', 400]] as const) assert.equal(await it.fake.again(one, { forge }), status, forge);
  assert.deepEqual(await deliveries(it), []);
  for (const family of ['webhooks', 'events', 'webhooks'] as const) assert.equal(await it.fake.again(one, { family }), 200);
  await it.settle();
  assert.deepEqual(await deliveries(it), [['orders/create', 'placed']]);
  assert.match((await it.server.parts.health.of('')).refusal?.detail ?? '', /^webhook tienda (missing|invalid)_hmac/);
});

test('a webhook without its headers, of an unknown app, empty or too large is told so', async (t) => {
  const it = await street(t);
  const order = it.buy();
  const made = it.fake.request(it.fake.delivery('orders/create', order));
  const headers = new Headers(made.headers);
  headers.delete('x-shopify-topic');
  const body = await made.text();
  assert.equal((await ask(it, '/webhooks/tienda', { method: 'POST', headers, body })).status, 400);
  assert.equal((await ask(it, '/webhooks/nadie', { method: 'POST', headers: made.headers, body })).status, 404);
  assert.equal((await ask(it, '/webhooks/tienda', { method: 'POST', headers: made.headers, body: '' })).status, 400);
  assert.equal((await ask(it, '/webhooks/tienda', { method: 'POST', headers: made.headers, body: 'x'.repeat(2_000_001) })).status, 413);
  assert.equal((await ask(it, '/webhooks/tienda')).status, 404);
});

test('what is kept of a webhook are ids only', async (t) => {
  const it = await street(t, { app: { webhooks: [{ topics: ['orders/create'], uri: '/webhooks/tienda' }] } });
  const order = it.buy();
  await it.fake.deliver();
  const [row] = await it.server.parts.db.all('SELECT body FROM app_deliveries');
  const body = JSON.parse(String(row?.body));
  assert.deepEqual(Object.keys(body), ['order', 'checkout']);
  assert.equal(body.order, String(order.id));
  assert.ok(!String(row?.body).includes(order.checkout_token), 'the checkout token is kept as a digest');
});

test('a hundred webhooks at once share transactions, and each is stored', async (t) => {
  const it = await street(t);
  const orders = Array.from({ length: 100 }, () => it.buy({ gateway: 'Tarjeta' }));
  it.fake.drop();
  const answers = await Promise.all(orders.map((order) => it.fake.again(it.fake.delivery('orders/create', order))));
  assert.ok(answers.every((status) => status === 200));
  assert.equal((await deliveries(it)).length, 100);
});

test('the block is shown the code with the checkout token of its order, and nothing without', async (t) => {
  const it = await street(t);
  const [order, other] = [it.buy(), it.buy()];
  await it.settle();
  const token = it.fake.sessionToken(QUIPU);
  const good = await voucher(it, token, { order: `gid://shopify/OrderIdentity/${order.id}`, checkout_token: order.checkout_token });
  assert.equal(good.status, 200);
  assert.equal(good.headers.get('access-control-allow-origin'), '*');
  const told = (await good.json()) as Record<string, any>;
  assert.equal(told.code, it.code(order).digits);
  assert.deepEqual([told.state, told.live, told.again_ms, told.amount_text], ['waiting', true, 15_000, 'S/\u00a0120.50']);
  assert.ok(told.page_url.startsWith(`${APP.url}/pago/tienda/`) && told.labels.copy === 'Copiar código');
  assert.ok(!JSON.stringify(told).includes('canario') && !JSON.stringify(told).includes('Canaria'));
  const status = async (by: string, query: Record<string, string>) => (await voucher(it, by, query)).status;
  const right = { order: String(order.id), checkout_token: order.checkout_token };
  assert.equal(await status(token, { ...right, checkout_token: other.checkout_token }), 403);
  assert.equal(await status(token, { order: String(order.id) }), 403);
  assert.equal(await status(it.fake.sessionToken(OTHER), right), 404, 'a token for another shop');
  assert.equal(await status(it.fake.sessionToken(QUIPU, { secret: 'forged' }), right), 401);
  assert.equal(await status(it.fake.sessionToken(QUIPU, { claims: { aud: 'another-app' } }), right), 401);
  assert.equal(await status(it.fake.sessionToken(QUIPU, { age_s: 3_600 }), right), 401);
  assert.equal(await status(it.fake.sessionToken(QUIPU, { unsigned: true }), right), 401);
  assert.equal(await status(it.fake.sessionToken(QUIPU, { dest: 'https' }), right), 200);
  assert.equal((await ask(it, '/extension/tienda/voucher?order=1')).status, 401);
  assert.equal(await status(token, { order: 'no number', checkout_token: 'x' }), 404);
  assert.equal((await ask(it, '/extension/tienda/voucher', { method: 'OPTIONS' })).status, 204);
});

test('a logged-in customer sees the own order without its checkout token, and nobody else\'s', async (t) => {
  const it = await street(t, { app: { scopes: ['read_orders', 'write_orders', 'read_customers'] } });
  it.fake.shop(QUIPU).install('client-1');
  await it.server.parts.shops.scopes('tienda', QUIPU, ['write_orders', 'read_customers']);
  const order = it.buy({ customer: { id: 77, email: 'canario@quipu.example', first_name: 'Canaria', last_name: 'Quispe', phone: '' } });
  await it.settle();
  const own = await voucher(it, it.fake.sessionToken(QUIPU, { customer: 77 }), { order: String(order.id) });
  assert.equal(own.status, 200);
  assert.equal((await voucher(it, it.fake.sessionToken(QUIPU, { customer: 78 }), { order: String(order.id) })).status, 403);
});

test('without the permission to read customers nobody is asked whose an order is, and its checkout token opens it all the same', async (t) => {
  const it = await street(t);
  const order = it.buy({ customer: { id: 77, email: 'canario@quipu.example', first_name: 'Canaria', last_name: 'Quispe', phone: '' } });
  await it.settle();
  const token = it.fake.sessionToken(QUIPU, { customer: 77 });
  assert.equal((await voucher(it, token, { order: String(order.id) })).status, 403);
  assert.ok(!it.fake.documents.some(({ query }) => query.includes('OrderCustomer')), 'a question that Shopify would refuse is not put');
  assert.equal((await voucher(it, token, { order: String(order.id), checkout_token: order.checkout_token })).status, 200);
});

test('a page that is faster than the webhook has its order all the same; an order by card has none', async (t) => {
  const it = await street(t);
  const [order, card] = [it.buy(), it.buy({ gateway: 'Tarjeta' })];
  it.fake.drop();
  const token = it.fake.sessionToken(QUIPU);
  assert.equal((await voucher(it, token, { order: String(order.id), checkout_token: order.checkout_token })).status, 200);
  assert.equal((await voucher(it, token, { order: String(card.id), checkout_token: card.checkout_token })).status, 404);
});

test('the shopper\'s page, its state and its barcode are served at an address that nobody guesses', async (t) => {
  const it = await street(t);
  const order = it.buy();
  await it.settle();
  const { view } = await it.kase(order);
  const path = new URL(view.page_url).pathname;
  const page = await ask(it, path);
  assert.equal(page.status, 200);
  assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/);
  assert.ok((await page.text()).includes(it.code(order).digits.slice(0, 3)));
  assert.equal(((await (await ask(it, `${path}/status`)).json()) as { state: string }).state, 'waiting');
  const picture = await ask(it, `${path}/barcode.png`);
  assert.deepEqual([picture.status, picture.headers.get('content-type'), picture.headers.get('access-control-allow-origin')], [200, 'image/png', '*']);
  assert.deepEqual([...new Uint8Array(await picture.arrayBuffer()).subarray(1, 4)], [...Buffer.from('PNG')]);
  assert.equal((await ask(it, path.replace(/[0-9a-f]{8}$/, 'ffffffff'))).status, 404);
  assert.equal((await ask(it, `${path.replace(/[0-9a-f]{8}$/, 'ffffffff')}/barcode.png`)).status, 404);
  const other = await it.shop(OTHER);
  assert.equal((await ask(it, path.replace(/tienda\/\w+/, `tienda/${other.key}`))).status, 404, 'the page of another shop');
  assert.equal((await ask(it, `${path}/check`, { method: 'POST' })).status, 303);
});

test('the same page is served under the shop\'s own domain by Shopify\'s proxy, and only through it', async (t) => {
  const it = await street(t, { settings: { proxy_path: '/apps/efectivo' } });
  const order = it.buy();
  await it.settle();
  const { view } = await it.kase(order);
  assert.ok(view.page_url.startsWith(`https://${QUIPU}/apps/efectivo/`));
  const page = await it.fake.fetch(view.page_url);
  assert.equal(page.status, 200);
  assert.ok((await page.text()).includes('Quipu'));
  const token = view.page_url.split('/').at(-1);
  assert.equal((await ask(it, `/proxy/tienda/${token}`)).status, 401);
  const query = it.fake.proxyQuery(QUIPU);
  assert.equal((await ask(it, `/proxy/tienda/${token}?${query}`)).status, 200);
  assert.equal((await ask(it, `/proxy/tienda/${token}?${query}&shop=${OTHER}`)).status, 401);
  assert.equal((await ask(it, `/proxy/tienda/${token}?${it.fake.proxyQuery(OTHER)}`)).status, 404, 'signed for another shop');
  assert.equal((await ask(it, `/proxy/tienda/${token}?${it.fake.proxyQuery(QUIPU, { timestamp: '1700000000' })}`)).status, 401);
});

test('health says when anybody was last heard, and no shop\'s name', async (t) => {
  const it = await street(t);
  it.buy();
  await it.settle();
  await it.fake.again(it.fake.delivery('orders/create'), { forge: 'signature' });
  const told = (await (await ask(it, '/health')).json()) as Record<string, any>;
  assert.equal(told.ok, true);
  assert.deepEqual([told.shops, told.deliveries_waiting, told.last_webhook.detail, told.last_refusal.detail], [2, 0, 'orders/create', 'webhook tienda invalid_hmac']);
  assert.ok(told.last_poll && told.last_sweep);
  assert.ok(!JSON.stringify(told).includes('quipu'));
});

test('privacy webhooks: 401 when forged; personal data goes as soon as it may, amounts stay', async (t) => {
  const it = await street(t);
  const order = it.buy({ customer: { id: 77, email: 'canario@quipu.example', first_name: 'Canaria', last_name: 'Quispe', phone: '' } });
  await it.settle();
  for (const topic of ['customers/data_request', 'customers/redact', 'shop/redact'] as const) {
    it.fake.privacy(topic, QUIPU, order);
    it.fake.drop();
    assert.equal(await it.fake.again(it.fake.delivery(topic), { forge: 'signature' }), 401, topic);
    assert.equal(await it.fake.again(it.fake.delivery(topic)), 200, topic);
  }
  await it.server.tick();
  const became = Object.fromEntries(await deliveries(it));
  assert.equal(became['customers/data_request'], 'noted');
  assert.match(String(became['customers/redact']), /^erased 0 kept [1-9]/, 'disputes may need it for 180 days');
  assert.equal(became['shop/redact'], 'still_installed', 'a shop that is installed is left alone');
  const [row] = await it.server.parts.db.all('SELECT checkout_digests, customer_digest FROM app_orders WHERE order_id = ?1', [String(order.id)]);
  assert.deepEqual([row?.checkout_digests, row?.customer_digest], ['[]', null]);
  assert.equal((await it.kase(order)).view.amount.minor, 12_050);
});

test('a shop whose uninstall nobody told of is erased all the same when Shopify asks for it', async (t) => {
  const it = await street(t);
  const order = it.buy();
  await it.settle();
  it.fake.uninstall(QUIPU);
  it.fake.drop();
  it.fake.privacy('shop/redact', QUIPU);
  await it.settle();
  assert.deepEqual((await deliveries(it)).at(-1), ['shop/redact', 'erased']);
  assert.equal((await it.shop()).state, 'uninstalled');
  assert.deepEqual((await it.server.parts.db.all("SELECT sealed FROM app_settings JOIN app_shops ON app_shops.key = shop_key WHERE shop = ?1", [QUIPU])).map(({ sealed }) => sealed), [null]);
  assert.ok(it.code(order));
});

test('an app that was taken away asks nothing more; a forged uninstall is looked through', async (t) => {
  const it = await street(t);
  it.fake.uninstall(OTHER);
  const gone = it.fake.delivery('app/uninstalled');
  await it.fake.again(gone, { shop: QUIPU, id: 'replayed' });
  await it.settle();
  assert.equal((await it.shop(QUIPU)).state, 'installed', 'the body names another shop');
  assert.equal((await it.shop(OTHER)).state, 'uninstalled');
  assert.deepEqual(await it.server.parts.db.all('SELECT t.shop_key FROM app_tokens t JOIN app_shops s ON s.key = t.shop_key WHERE s.shop = ?1', [OTHER]), []);
});
