// The merchant's embedded page: who may ask, what never comes back, what is refused, and that live keys wait for a trial sale.

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { APP, OTHER, QUIPU, street } from './street.ts';

async function desk(t: TestContext, asked: Parameters<typeof street>[1] = {}) {
  const it = await street(t, asked);
  const call = async (path: string, { method = 'GET', body, token = it.fake.idToken(QUIPU, { client_id: APP.client_id }) }: { method?: string; body?: unknown; token?: string } = {}): Promise<{ status: number; told: any; headers: Headers }> => {
    const answer = await it.server.fetch(new Request(`${APP.url}/admin-api/tienda/${path}`, { method, headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }) }));
    return { status: answer.status, told: await answer.json().catch(() => null), headers: answer.headers };
  };
  return { it, call };
}

test('the page may be framed by the shop and by Shopify, and by nobody else', async (t) => {
  const { it } = await desk(t);
  const page = await it.server.fetch(new Request(`${APP.url}/admin/tienda?shop=${QUIPU}&host=x`));
  const policy = page.headers.get('content-security-policy') ?? '';
  assert.match(policy, new RegExp(`frame-ancestors https://${QUIPU.replaceAll('.', '\\.')} https://admin\\.shopify\\.com$`));
  assert.match(await page.text(), /shopify-api-key" content="client-1"><script src="https:\/\/cdn\.shopify\.com\/shopifycloud\/app-bridge\.js">/);
  const stranger = await it.server.fetch(new Request(`${APP.url}/admin/tienda?shop=evil.example`));
  assert.match(stranger.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'$/);
  assert.equal((await it.server.fetch(new Request(`${APP.url}/admin/other`))).status, 404);
});

test('nobody is told anything without a genuine, fresh token of this app', async (t) => {
  const { it, call } = await desk(t);
  const tokens = {
    none: '', garbage: 'x.y.z',
    forged: it.fake.idToken(QUIPU, { client_id: APP.client_id, secret: 'another-secret' }),
    'another app': it.fake.idToken(QUIPU, { client_id: APP.client_id, claims: { aud: 'client-2' } }),
    'of yesterday': it.fake.idToken(QUIPU, { client_id: APP.client_id, age_s: 86_400 }),
  };
  for (const [what, token] of Object.entries(tokens)) {
    const answer = await call('start', { token });
    assert.equal(answer.status, 401, what);
    assert.equal(answer.headers.get('x-shopify-retry-invalid-session-request'), '1', what);
  }
});

test('a shop sees its own cases only', async (t) => {
  const { it, call } = await desk(t);
  const order = it.buy();
  await it.settle();
  const { case: kase } = await it.kase(order);
  const token = it.fake.idToken(OTHER, { client_id: APP.client_id });
  assert.deepEqual((await call('cases', { token })).told, { cases: [] });
  assert.notEqual((await call(`cases/${kase.id}`, { token })).status, 200);
  assert.equal((await call(`cases/${kase.id}`)).told.view.id, kase.id);
});

test('keys and passwords go in and never come back; what is left empty stays', async (t) => {
  const { it, call } = await desk(t, { smtp: true });
  const before = (await call('start')).told;
  assert.ok(!JSON.stringify(before).includes('my-secret') && !JSON.stringify(before).includes('smtp-secret'));
  assert.deepEqual([before.keys_set['sandbox-1'], before.smtp_password_set], [['key', 'secret'], true]);
  const saved = await call('settings', { method: 'PUT', body: { version: before.version, doc: before.doc, keys: { 'sandbox-1': { key: 'fresh-key', secret: '' } }, smtp_password: '' } });
  assert.equal(saved.status, 200, JSON.stringify(saved.told));
  assert.ok(!JSON.stringify(saved.told).includes('fresh-key'));
  const { secrets } = await it.server.parts.shops.stored(await it.shop());
  assert.deepEqual([secrets.credentials['sandbox-1'], secrets.smtp_password], [{ sandbox: { key: 'fresh-key', secret: 'my-secret' } }, 'smtp-secret']);
});

test('two people who save at once are told apart, and settings that are wrong are named', async (t) => {
  const { call } = await desk(t);
  const { version, doc } = (await call('start')).told;
  const put = (body: unknown) => call('settings', { method: 'PUT', body });
  assert.equal((await put({ version, doc })).status, 200);
  assert.deepEqual([(await put({ version, doc })).told.error.code], ['changed_meanwhile']);
  const now = (await call('start')).told.version;
  const wrong = await put({ version: now, doc: { ...doc, core: { ...doc.core, validity_hours: 5 } } });
  assert.deepEqual([wrong.status, wrong.told.error.code], [422, 'bad_settings']);
  assert.match(wrong.told.error.message, /validity_hours/);
  assert.equal((await put({ version: now, doc: { ...doc, method_names: [] } })).told.error.code, 'no_method');
  assert.equal((await put('{"version":')).told.error.code, 'malformed');
  assert.equal((await call('start')).told.version, now, 'nothing was saved');
});

test('live channels wait until a trial sale has shown all four proofs', async (t) => {
  const { it, call } = await desk(t);
  const live = async () => {
    const { version, doc } = (await call('start')).told;
    const channels = [...doc.core.channels, { id: 'direct-1', provider: 'pagoefectivo', mode: 'live', enabled: true, currencies: ['PEN'] }];
    return call('settings', { method: 'PUT', body: { version, doc: { ...doc, core: { ...doc.core, channels } } } });
  };
  const early = await live();
  assert.deepEqual([early.status, early.told.error.code], [422, 'proofs_missing']);
  const order = it.buy();
  await it.settle();
  assert.deepEqual(Object.keys((await call('start')).told.proofs), ['code_created']);
  it.provider.pay(it.code(order).id);
  await it.settle();
  await it.settle();
  assert.deepEqual(Object.keys((await call('start')).told.proofs).sort(), ['code_created', 'notice_verified', 'order_synchronised', 'payment_simulated']);
  assert.equal((await live()).status, 200);
});

test('a code is found by its digits and by its order, and a decision is carried out', async (t) => {
  const { it, call } = await desk(t);
  const order = it.buy();
  it.buy();
  await it.settle();
  const { digits } = it.code(order);
  for (const search of [digits, order.name, order.name.slice(1)]) {
    const { cases } = (await call(`cases?search=${encodeURIComponent(search)}`)).told;
    assert.deepEqual(cases.map((one: { number: string }) => one.number), [order.name], search);
  }
  const [{ id }] = (await call(`cases?search=${digits}`)).told.cases;
  const { view } = (await call(`cases/${id}`)).told;
  const cancel = view.decisions.find(({ decision }: { decision: unknown }) => decision === 'cancel');
  assert.equal((await call(`cases/${id}`, { method: 'POST', body: { decision: cancel.decision } })).status, 200);
  await it.settle();
  assert.ok(it.fake.read(order).cancelled);
  assert.ok(!(await call(`cases/${id}`)).told.view.decisions.some(({ decision }: { decision: unknown }) => decision === 'cancel'), 'it is not offered again');
});

test('a code is found however many orders came since', async (t) => {
  const { it, call } = await desk(t);
  const [old, newer] = [it.buy(), it.buy({ lines: [{ price: '10.00' }] })];
  await it.settle();
  const efectivo = (await it.shop()).efectivo!;
  const [last, first] = [(await it.kase(newer)).case, (await it.kase(old)).case];
  const all = [...Array.from({ length: 2_300 }, (_, at) => ({ ...last, id: `${last.id}${at}`, placed_at: last.placed_at + 5_000 - at })), first];
  efectivo.cases = async ({ limit = 50, before = Infinity, order = '' } = {}) => all.filter((kase) => kase.placed_at < before && (order === '' || kase.order === order)).slice(0, limit);
  for (const search of [it.code(old).digits, old.name]) assert.deepEqual((await call(`cases?search=${encodeURIComponent(search)}`)).told.cases.map(({ number }: { number: string }) => number), [old.name], search);
});

test('an open question shows its steps, and is answered with a reason', async (t) => {
  const { it, call } = await desk(t);
  const order = it.buy();
  await it.settle();
  it.provider.pay(it.code(order).id);
  await it.settle();
  it.provider.pay(it.code(order).id);
  await it.settle();
  const { cases } = (await call('cases?reviews=open')).told;
  const [{ id, reviews: [review] }] = cases;
  assert.ok(review.steps.length > 0 && review.buttons.length > 0);
  const resolve = (reason: string) => call(`cases/${id}`, { method: 'POST', body: { decision: { resolve: { review: review.no, resolution: review.buttons.at(-1).resolution, reason } } } });
  assert.equal((await resolve('')).told.error.code, 'reason_needed');
  assert.equal((await resolve('Atendido por teléfono')).status, 200);
  await it.settle();
  assert.deepEqual((await call('cases?reviews=open')).told.cases, []);
});

test('a method name that matches no order is told with the names that were seen', async (t) => {
  const { it, call } = await desk(t);
  assert.deepEqual((await call('method-check', { method: 'POST', body: {} })).told, { found: false, seen: [] });
  it.fake.order(QUIPU, { lines: [{ price: '10.00' }], gateway: 'Efectivo por pagar' });
  assert.deepEqual((await call('method-check', { method: 'POST', body: {} })).told, { found: false, seen: ['Efectivo por pagar'] });
  it.buy();
  assert.equal((await call('method-check', { method: 'POST', body: {} })).told.found, true);
});

test('a method name that was wrong is put right, and the orders that it missed get their codes', async (t) => {
  const { it, call } = await desk(t, { settings: { method_names: ['Efectivo por pagar'] } });
  const order = it.buy();
  for (let quarters = 0; quarters < 3; quarters += 1) await it.wind(20 * 60_000);
  assert.equal(await it.state(order), undefined);
  const token = it.fake.idToken(QUIPU, { client_id: APP.client_id, age_s: 3_600 }); // the clock was wound, Shopify's library has its own
  const { version, doc } = (await call('start', { token })).told;
  const saved = await call('settings', { method: 'PUT', token, body: { version, doc: { ...doc, method_names: ['PagoEfectivo'] } } });
  assert.equal(saved.status, 200, JSON.stringify(saved.told));
  await it.wind(60_000);
  assert.equal(await it.state(order), 'waiting');
});

test('a notice address is proven from outside, and a wall in front of it is told', async (t) => {
  let wall: number | null = null;
  const held: { fetch?: typeof globalThis.fetch } = {};
  const { it, call } = await desk(t, { options: { outside: (async (input: RequestInfo | URL, init?: RequestInit) => (wall === null ? held.fetch?.(input, init) : new Response(null, { status: wall }))) as typeof globalThis.fetch } });
  held.fetch = async (input, init) => it.server.fetch(new Request(input, init));
  const check = async () => (await call('notice-check/sandbox-1', { method: 'POST', body: {} })).told;
  assert.deepEqual([(await check()).reached, (await check()).status], [true, 401]);
  for (const status of [404, 503, 302]) {
    wall = status;
    assert.deepEqual([(await check()).reached, status], [false, status]);
  }
});

test('a pasted notice is judged by the call that judges real ones', async (t) => {
  const { call } = await desk(t);
  const { told } = await call('judge', { method: 'POST', body: { channel: 'sandbox-1', headers: 'X-Signature: 00', body: '{}' } });
  assert.equal(told.verdict, 'refused', JSON.stringify(told));
  assert.match(told.text, /: ./);
  assert.equal((await call('judge', { method: 'POST', body: { channel: 'nobody', headers: '', body: '' } })).status, 404);
});

test('the order page\'s block shows the case, and nothing for other orders', async (t) => {
  const { it, call } = await desk(t);
  const [order, other] = [it.buy(), it.fake.order(QUIPU, { lines: [{ price: '10.00' }], gateway: 'Tarjeta' })];
  await it.settle();
  const shown = await call(`order-block?order=${encodeURIComponent(`gid://shopify/Order/${order.id}`)}`);
  assert.equal(shown.headers.get('access-control-allow-origin'), '*');
  assert.ok(shown.told.rows.some(({ text }: { text: string }) => text === it.code(order).digits));
  assert.equal((await call(`order-block?order=${other.id}`)).status, 404);
});

test('what is held of a shopper who asks is downloaded by the merchant, and by nobody else', async (t) => {
  const { it, call } = await desk(t);
  const [order, other] = [it.buy(), it.buy({ email: 'otra.persona@example.pe' })];
  await it.settle();
  it.fake.privacy('customers/data_request', QUIPU, order);
  await it.settle();
  const [{ id }] = (await call('start')).told.requests;
  const path = `requests/${encodeURIComponent(id)}/data`;
  const { told, headers } = await call(path);
  assert.match(headers.get('content-disposition') ?? '', /^attachment/);
  const mine = told.orders.find((one: { order: string }) => one.order === String(order.id));
  assert.deepEqual([mine.person.email, mine.person.first_name, mine.code], ['canario@quipu.example', 'Canaria', it.code(order).digits]);
  assert.ok(mine.journal.length > 0 && mine.evidence.every(({ erased_after }: { erased_after: string }) => erased_after));
  assert.ok(!JSON.stringify(told).includes('otra.persona'), `order ${other.name} is somebody else's`);
  assert.ok(!/my-secret|shpat_/.test(JSON.stringify(told)));
  assert.equal((await call(path, { token: it.fake.idToken(OTHER, { client_id: APP.client_id }) })).status, 404);
  assert.equal((await call(path, { token: '' })).status, 401);
  await call(`requests/${encodeURIComponent(id)}/done`, { method: 'POST', body: {} });
  assert.equal((await call(path)).status, 404);
});

test('a shopper\'s request for data stands there until it is taken care of, and so does an order without a code', async (t) => {
  const { it, call } = await desk(t);
  const order = it.buy({ test: false });
  await it.settle();
  it.fake.privacy('customers/data_request', QUIPU, order);
  await it.settle();
  const { requests, problems } = (await call('start')).told;
  assert.equal(requests.length, 1);
  assert.equal(requests[0].orders, order.name);
  assert.ok(problems.every(({ message, help }: { message: string; help: string }) => message && help && !message.includes('{')));
  assert.deepEqual((await call(`requests/${encodeURIComponent(requests[0].id)}/done`, { method: 'POST', body: {} })).told.requests, []);
  for (const { order_id, name } of problems) assert.equal((await call(`problems/${order_id}/done`, { method: 'POST', body: { name } })).status, 200);
  assert.deepEqual((await call('start')).told.problems, []);
});

test('refunds that Shopify does not write down stand among the questions, on the code\'s page and in the order, each until it is taken care of', async (t) => {
  const { it, call: asks } = await desk(t);
  const token = it.fake.idToken(QUIPU, { client_id: APP.client_id }); // of the real time: Shopify's library looks at no other clock
  const call = (path: string, how: Parameters<typeof asks>[1] = {}) => asks(path, { token, ...how });
  const order = it.buy();
  await it.settle();
  it.provider.pay(it.code(order).id);
  await it.settle();
  const { case: kase } = await it.kase(order);
  it.fake.read(order).transactions.length = 0; // no sale to refund: somebody took the payment back at Shopify
  for (const minor of [2_050, 1_000]) {
    await (await it.shop()).efectivo?.merchant(kase.id, { refund: { attempt: kase.attempts[0].no, amount: { minor, currency: 'PEN' } } });
    await it.settle();
    it.provider.fillForm(it.code(order).id);
    await it.wind(26 * 3_600_000);
  }
  const messages = (problems: Array<{ message: string }>): string[] => problems.map(({ message }) => message.replaceAll('\u00a0', ' '));
  const both = ['El proveedor devuelve S/ 20.50, pero Shopify no aceptó registrarlo.', 'El proveedor devuelve S/ 10.00, pero Shopify no aceptó registrarlo.'];
  const asked = (await call('cases?reviews=open')).told;
  const page = (await call(`cases/${kase.id}`)).told;
  const block = (await call(`order-block?order=${order.id}`)).told;
  assert.deepEqual([messages(asked.problems), messages(page.problems), messages((await call('start')).told.problems)], [both, both, both]);
  assert.ok(asked.problems.every(({ help, number }: { help: string; number: string }) => /sin enviar dinero otra vez/.test(help) && number === order.name));
  assert.deepEqual([block.tone, block.reviews.length], ['warning', 2]);
  assert.match(block.reviews[0], /20\.50.*sin enviar dinero otra vez/);
  assert.deepEqual((await call('cases')).told.problems, undefined, 'a list of codes is a list of codes');
  assert.equal((await call(`problems/${order.id}/done`, { method: 'POST', body: { name: asked.problems[0].name } })).status, 200);
  assert.deepEqual(messages((await call(`cases/${kase.id}`)).told.problems), both.slice(1), 'the other one stays');
});
