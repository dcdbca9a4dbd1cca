// Role PAY before the fake payments platform: a payment session's whole life, and everything that goes wrong in one.

import assert from 'node:assert/strict';
import { rmSync, readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { serve } from '@hono/node-server';
import { check } from '../src/check.ts';
import { makeConfig } from '../src/config.ts';
import { payPort } from '../src/pay/port.ts';
import { listenerOf, shopNameOf } from '../src/pay/terms.ts';
import { counter, HOUR, KEYS, QUIPU, URL_, type Counter } from './counter.ts';
import { certificates } from './fake-shopify/certificates.ts';

test('a buyer sees the amount before any code exists, asks for it, pays at an agent, and Shopify hears of the money', async (t) => {
  const { fake, provider, codes, begin, page, press, settle, hours } = await counter(t);
  const session = await begin();
  const first = await page(session.redirect_url ?? '');
  assert.match(await first.text(), /120\.50[\s\S]*Generar código[\s\S]*Volver a la tienda/);
  assert.equal(codes().length, 0, 'nothing is made before the button is pressed');
  const pressed = await press(session);
  assert.equal(pressed.status, 303);
  await settle();
  assert.equal(session.state, 'pending');
  const voucher = await (await page(pressed.headers.get('location') ?? '')).text();
  assert.ok(voucher.includes(fake.platform.back(session)), 'the page leads back to the shop');
  provider.pay(codes()[0]?.id, {});
  await settle();
  assert.equal(session.state, 'resolved');
  const order = fake.platform.returned(session);
  assert.equal(order && fake.stands(order).standing, 'PAID');
});

test('pressing back tells Shopify nothing, and the buyer may come again', async (t) => {
  const { fake, begin, page, settle, codes } = await counter(t);
  const session = await begin();
  await page(session.redirect_url ?? '');
  await settle();
  assert.equal(session.state, 'open');
  const again = await fake.platform.again(session);
  assert.equal((await page(again.redirect_url ?? '')).status, 200);
  assert.equal(codes().length, 0);
});

test('the same session told twice is one session, and one code', async (t) => {
  const { fake, begin, press, settle, codes } = await counter(t);
  const session = await begin();
  const before = session.redirect_url;
  await fake.platform.tell(session);
  assert.equal(session.redirect_url, before);
  await Promise.all([press(session), press(session), press(session)]);
  await settle();
  assert.equal(codes().length, 1);
});

test('two tabs of one checkout share a code, and one of them is resolved', async (t) => {
  const { fake, provider, begin, press, settle, codes, hours } = await counter(t);
  const first = await begin();
  await press(first);
  await settle();
  const second = await fake.platform.again(first);
  await press(second);
  await settle();
  assert.equal(codes().length, 1);
  assert.deepEqual([first.state, second.state], ['pending', 'pending']);
  provider.pay(codes()[0]?.id, {});
  await settle();
  assert.deepEqual([first.state, second.state], ['pending', 'resolved']);
});

test('a code that nobody pays ends in a rejection, and a new attempt of the same checkout gets a new code', async (t) => {
  const { fake, begin, press, settle, codes, days } = await counter(t);
  const session = await begin();
  await press(session);
  await settle();
  await days(3);
  assert.ok(['rejected', 'expired'].includes(session.state), session.state);
  const again = await fake.platform.again(session);
  await press(again);
  await settle();
  assert.equal(codes().length, 2);
  assert.equal(again.state, 'pending');
});

test('a dead code is followed by no other that Shopify would not wait for', async (t) => {
  const { fake, begin, press, page, settle, hours, codes, told } = await counter(t, { validity_hours: 48 });
  const session = await begin();
  const voucher = (await press(session)).headers.get('location') ?? '';
  await settle();
  for (let step = 0; step < 50; step += 10) await hours(10);
  assert.equal(session.state, 'pending', 'in the grace after the deadline');
  assert.ok(!(await (await page(voucher)).text()).includes('/nuevo'));
  assert.equal((await page(`${voucher}/nuevo`, { method: 'POST' })).status, 303, 'a page that was open before has the button yet');
  await settle();
  assert.deepEqual([codes().length, told('paymentSessionPending')], [1, 1], 'it would be payable for a day longer than the payment');
  await hours(24);
  assert.ok(['rejected', 'expired'].includes(session.state), session.state);
  const again = await fake.platform.again(session);
  await press(again);
  await settle();
  assert.deepEqual([codes().length, again.state], [2, 'pending'], 'the buyer begins again in the checkout');
});

test('a code that lives beyond the date that Shopify was told is never said to be waited for', async (t) => {
  const { server, shop, coded, codes } = await counter(t);
  const session = await coded();
  const shown = async () => (await payPort(server.parts, await shop()).apply(session.group, { show_code: { code: codes()[0].digits } } as never, { statuses: ['open'] }, { key: '' })).outcome;
  assert.equal(await shown(), 'done');
  await server.parts.db.run('UPDATE pay_sessions SET pending_until = ?1', [new Date(Date.now() + HOUR).toISOString()]);
  assert.equal(await shown(), 'dead', 'which the engine makes a question of');
});

test('a channel that can be bound to no time gets no code, wherever it stands', async (t) => {
  const it = await counter(t, { more: [{ id: 'dlocal-1', provider: 'dlocal', mode: 'test', sandbox_url: 'http://127.0.0.1:1/dlocal' }] });
  const { begin, page, press, settle, codes, shop } = it;
  const session = await begin();
  assert.match(await (await page(session.redirect_url ?? '')).text(), /Generar código/);
  await press(session, { document_type: 'DNI', document: '40123456' });
  await settle();
  assert.deepEqual([codes().length, session.state], [1, 'pending']);
  const { efectivo } = await shop();
  const [{ id }] = (await efectivo!.cases({})) as [{ id: string }];
  assert.deepEqual((await efectivo!.case(id)).case.attempts.map(({ channel }: { channel: string }) => channel), ['sandbox-1'], 'dLocal, the first in the configuration, was not asked');
  const said = async ({ server, fake }: Counter) => (await check(server.parts.config, fake.fetch as typeof fetch)).find((line) => line.includes(QUIPU));
  assert.match((await said(it)) ?? '', /^✓ .* sells by sandbox-1 \(test\)$/);
  assert.match((await said(await counter(t, { validity_hours: 72 }))) ?? '', /^✗ .* 72 hours/);
});

test('money that comes after the end is a question for a person, never a silent resolve', async (t) => {
  const { provider, begin, press, settle, codes, days, server } = await counter(t);
  const session = await begin();
  await press(session);
  await settle();
  await days(3);
  provider.pay(codes()[0]?.id, { late: true });
  await settle();
  await days(1);
  const [shop] = await server.parts.shops.all('pay');
  const [kase] = await shop!.efectivo!.cases({});
  assert.ok(kase.reviews.some((review: { kind: string; closed: unknown }) => !review.closed), 'a review is open');
  const { view } = await shop!.efectivo!.case(kase.id);
  assert.ok(!JSON.stringify(view.reviews).includes('accept_money'), 'what was rejected stays so');
  assert.notEqual(session.state, 'resolved');
});

test('a refund session ends: resolved where the provider gives the money back', async (t) => {
  const { fake, provider, begin, press, settle, codes, hours, days } = await counter(t);
  const session = await begin();
  await press(session);
  await settle();
  provider.pay(codes()[0]?.id, {});
  await hours(1);
  const order = fake.platform.returned(session);
  assert.ok(order);
  const refund = await fake.refund(order, { amount: '120.50' });
  assert.ok(refund && 'answers' in refund);
  await settle();
  assert.deepEqual([refund.answers, refund.state], [[201], 'open'], 'the shopper has not claimed it yet');
  provider.fillForm(codes()[0]?.id);
  await days(2);
  assert.equal(refund.state, 'resolved');
});

test('a refund that nobody claims ends in a rejection, so that the merchant hears of it', async (t) => {
  const { fake, provider, begin, press, settle, codes, hours, days } = await counter(t);
  const session = await begin();
  await press(session);
  await settle();
  provider.pay(codes()[0]?.id, {});
  await hours(1);
  const order = fake.platform.returned(session);
  const refund = order && (await fake.refund(order, { amount: '120.50' }));
  assert.ok(refund && 'answers' in refund);
  await days(9);
  assert.deepEqual([refund.state, refund.reject?.code], ['rejected', 'PROCESSING_ERROR']);
});

test('a refund of a payment that is none of ours is rejected at once', async (t) => {
  const { fake, server, settle } = await counter(t);
  const body = { id: 'rf1', gid: 'gid://shopify/RefundSession/rf1', payment_id: 'unknown', amount: '1.00', currency: 'PEN', test: true };
  const answer = await server.payments(new Request(`${URL_}/pay/socio/refund`, { method: 'POST', headers: { 'shopify-shop-domain': QUIPU }, body: JSON.stringify(body) }));
  assert.deepEqual([answer.status, await answer.text()], [201, '']);
  await settle();
  assert.equal(fake.documents.filter(({ fields }: { fields: string[] }) => fields.includes('refundSessionReject')).length, 1);
});

test('an amount that no channel takes is rejected for that reason, and the buyer is led back', async (t) => {
  const { begin, page, settle, codes } = await counter(t);
  const session = await begin({ amount: '5.99' });
  const shown = await (await page(session.redirect_url ?? '')).text();
  assert.match(shown, /no puede recibir este pago/);
  assert.match(shown, /Volver a la tienda/);
  await settle();
  assert.deepEqual([session.state, session.reject?.code], ['rejected', 'AMOUNT_TOO_SMALL']);
  assert.equal(codes().length, 0);
});

test('a code that lives longer than Shopify waits is never offered', async (t) => {
  const { begin, page, settle } = await counter(t, { validity_hours: 72 });
  const session = await begin();
  assert.match(await (await page(session.redirect_url ?? '')).text(), /no puede recibir este pago/);
  await settle();
  assert.equal(session.reject?.code, 'MERCHANT_ACCOUNT_ERROR');
});

test('a live session never meets a test channel', async (t) => {
  const { begin, page, settle, codes } = await counter(t);
  const session = await begin({ test: false });
  await page(session.redirect_url ?? '', { method: 'POST' });
  await settle();
  assert.equal(codes().length, 0);
  assert.equal(session.state, 'rejected');
});

test('requests of unknown shops, without an id, oversized or broken are refused, and nothing is kept', async (t) => {
  const { server } = await counter(t);
  const post = async (body: string, shop = QUIPU, path = '/pay/socio/session'): Promise<number> => (await server.payments(new Request(`${URL_}${path}`, { method: 'POST', headers: { 'shopify-shop-domain': shop }, body }))).status;
  const good = { id: 'r1', gid: 'gid://shopify/PaymentSession/r1', group: 'g1', amount: '10.00', currency: 'PEN', test: true, kind: 'sale', payment_method: { data: { cancel_url: 'https://quipu.example' } } };
  assert.equal(await post(JSON.stringify(good), 'fremd.myshopify.com'), 404);
  assert.equal(await post(JSON.stringify(good), QUIPU, '/pay/other/session'), 404);
  assert.equal(await post('{"id":'), 400);
  assert.equal(await post(JSON.stringify({ ...good, id: undefined })), 400);
  assert.equal(await post(JSON.stringify({ ...good, amount: 10 })), 400);
  assert.equal(await post(JSON.stringify({ ...good, amount: '1e3' })), 400);
  assert.equal(await post(JSON.stringify({ ...good, test: 'true' })), 400);
  assert.equal(await post(JSON.stringify({ ...good, pad: 'x'.repeat(300_000) })), 400);
  assert.equal((await server.parts.db.all('SELECT * FROM pay_sessions')).length, 0);
  assert.equal((await server.fetch(new Request(`${URL_}/pay/socio/session`, { method: 'POST', body: JSON.stringify(good) }))).status, 404, 'the platform is not listened to on the public listener');
});

test('a merchant installs the payments app: the grant is proven, the token kept, readiness told', async (t) => {
  const { fake, page, server } = await counter(t);
  const begun = await page(`${URL_}/auth/socio?shop=${QUIPU}`);
  assert.equal(begun.status, 302);
  const cookie = begun.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ');
  const agreed = await fake.fetch(begun.headers.get('location') ?? '', { redirect: 'manual' });
  const back = agreed.headers.get('location') ?? '';
  assert.equal((await page(back.replace(/hmac=[0-9a-f]{4}/, 'hmac=0000'), { headers: { cookie } })).status, 400, 'a forged grant');
  assert.equal((await page(back)).status, 400, 'a grant that another browser began');
  const done = await page(back, { headers: { cookie } });
  assert.deepEqual([done.status, done.headers.get('location')], [302, `https://${QUIPU}/services/payments_partners/gateways/payments/settings`]);
  assert.equal(fake.world.shops[QUIPU]?.installs[0]?.ready, true);
  assert.equal((await server.parts.db.all('SELECT * FROM app_tokens')).length, 1);
  assert.equal((await page(`${URL_}/auth/socio?shop=evil.example`)).status, 400);
});

test('the buyer reads the name that the partner wrote down for the shop, and its domain until then', async (t) => {
  for (const [shop_names, name] of [[{}, QUIPU], [{ [QUIPU]: 'Quipu Café' }, 'Quipu Café']] as const) {
    const { begin, page, press, settle } = await counter(t, { oauth: true, shop_names });
    const session = await begin();
    const first = await (await page(session.redirect_url ?? '')).text();
    assert.ok(first.includes(`${name}</`), `the first page names ${name}`);
    const pressed = await press(session);
    await settle();
    const voucher = await (await page(pressed.headers.get('location') ?? '')).text();
    assert.ok(voucher.includes(name) && !voucher.includes('>quipu<'), `the code's page names ${name}`);
  }
  const config = makeConfig({ public_url: URL_, database: 'sqlite::memory:', apps: [{ id: 'socio', role: 'pay', client_id: 'p', client_secret_env: 'SECRET' }], payments: { apps: { socio: { settings: {}, credentials_env: '', shop_names: { [QUIPU]: ' ' } } } } }, { SECRET: 's', EFECTIVO_KEYS: KEYS });
  assert.throws(() => shopNameOf(config, 'socio', QUIPU), (error: any) => error.code === 'bad_config' && error.message.includes(QUIPU));
});

test('the platform is let in by its certificate, and a stranger is not', async (t) => {
  const made = certificates();
  t.after(() => rmSync(dirname(made.platform_ca_file), { recursive: true, force: true }));
  const { fake, server } = await counter(t);
  const tls = { ...made.server, ca: readFileSync(made.platform_ca_file), requestCert: true, rejectUnauthorized: true };
  const listener = serve({ fetch: (request) => server.payments(request), hostname: '127.0.0.1', port: 0, createServer, serverOptions: tls });
  await new Promise((done) => listener.once('listening', done));
  t.after(() => { listener.close(); });
  const post = async (identity: object): Promise<number> => {
    fake.platform.tls = identity as typeof made.platform;
    const { status } = await fake.platform.post({ client_id: 'payments' } as never, QUIPU, `https://127.0.0.1:${(listener.address() as AddressInfo).port}/pay/socio/refund`, { id: 'r1' });
    return status;
  };
  assert.deepEqual([await post(made.platform), await post(made.stranger), await post(made.nobody)], [400, 0, 0], 'the first is read, and found wanting');
});

test('role PAY does not start without the authorities that Shopify signs by', () => {
  const config = makeConfig({ public_url: URL_, database: 'sqlite::memory:', apps: [{ id: 'socio', role: 'pay', client_id: 'p', client_secret_env: 'SECRET' }] }, { SECRET: 's', EFECTIVO_KEYS: KEYS });
  assert.throws(() => listenerOf(config, {}), /does not start without cert_file/);
  assert.deepEqual(listenerOf(config, { ALLOW_INSECURE_PAYMENTS: '1' })?.tls, null);
  config.rest.payments = { mtls: 'proxy', listen: { host: '0.0.0.0', port: 1 } };
  assert.throws(() => listenerOf(config, {}), /payments\.listen\.host/);
});
