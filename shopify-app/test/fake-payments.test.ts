// The fake Shopify's payments platform: sessions told over mutual TLS, and ended by the app under Shopify's rules.

import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import { readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { certificates, type Certificates } from './fake-shopify/certificates.ts';
import { VERSIONS } from './fake-shopify/index.ts';
import { APP, ask, SHOP, shopWithApp } from './fake-shopify/workbench.ts';

const SCOPES = ['write_payment_gateways', 'write_payment_sessions'];
const PENDING = 'mutation ($id: ID!, $until: DateTime!) { paymentSessionPending(id: $id, pendingExpiresAt: $until, reason: BUYER_ACTION_REQUIRED) { paymentSession { id state { ... on PaymentSessionStatePending { code reason } } nextAction { action context { ... on PaymentSessionActionsRedirect { redirectUrl } } } } userErrors { code field message } } }';
const RESOLVE = 'mutation ($id: ID!) { paymentSessionResolve(id: $id) { paymentSession { state { ... on PaymentSessionStateResolved { code } } } userErrors { field message } } }';
const REJECT = 'mutation ($id: ID!) { paymentSessionReject(id: $id, reason: { code: CANCELLED_PAYMENT, merchantMessage: "vencido" }) { paymentSession { state { ... on PaymentSessionStateRejected { code reason merchantMessage } } } userErrors { field message } } }';

function payments(answer: (body: any, path: string) => Response | Promise<Response> = (_, path) => (path === '/refund' ? new Response(null, { status: 201 }) : Response.json({ redirect_url: 'https://app.test/start' }))) {
  const told: Array<{ path: string; body: any; headers: Headers }> = [];
  const send = async (request: Request): Promise<Response> => {
    const body = JSON.parse(await request.text());
    const path = new URL(request.url).pathname;
    told.push({ path, body, headers: request.headers });
    return answer(body, path);
  };
  const made = shopWithApp({ scopes: SCOPES, embedded: false, webhooks: [], send, payments: { session_url: 'https://app.test/session', refund_url: 'https://app.test/refund', name: 'PagoEfectivo (CIP)' } });
  const run = (version: string) => async (query: string, id: string, more: object = {}) => {
    const said = await ask(made.fake, query, { id, ...more }, { version, api: 'payments_apps' });
    return said.data ? Object.values(said.data)[0] as any : said;
  };
  const until = (hours: number): string => new Date(made.clock.at + hours * 3_600_000).toISOString();
  return { ...made, told, run, until };
}

for (const version of VERSIONS) {
  describe(`a payment session, by ${version}`, () => {
    it('is told with its keys and an amount that has a point, and answered by an address', async () => {
      const { fake, told } = payments();
      const session = await fake.platform.start(SHOP, { amount: '120.50', test: true });
      assert.equal(session.redirect_url, 'https://app.test/start');
      const { body, headers } = told[0] ?? { body: {}, headers: new Headers() };
      assert.deepEqual([body.id, body.gid, body.group, body.amount, body.currency, body.test, body.kind], [session.id, `gid://shopify/PaymentSession/${session.id}`, session.group, '120.50', 'PEN', true, 'sale']);
      assert.match(body.payment_method.data.cancel_url, /^https:\/\/quipu\.myshopify\.com\/checkouts\//);
      assert.equal(headers.get('shopify-shop-domain'), SHOP);
    });

    it('waits, is paid, and stays paid however often it is said', async () => {
      const { fake, run, until } = payments();
      const say = run(version);
      const session = await fake.platform.start(SHOP);
      const first = await say(PENDING, session.gid, { until: until(48) });
      assert.deepEqual(first.userErrors, []);
      assert.deepEqual(first.paymentSession.state, { code: 'PENDING', reason: 'BUYER_ACTION_REQUIRED' });
      assert.match(first.paymentSession.nextAction.context.redirectUrl, /thank-you$/);
      const order = fake.read(session.order ?? 0);
      assert.deepEqual([fake.stands(order).standing, fake.stands(order).can_mark], ['PENDING', false]);
      assert.throws(() => fake.cancel(order), /pending payments/);
      assert.throws(() => fake.edit(order, { add: [{ price: '1.00' }] }), /pending payments/);
      for (let round = 0; round < 18; round += 1) assert.deepEqual((await say(RESOLVE, session.gid)).userErrors, []);
      assert.deepEqual([fake.stands(order).standing, fake.stands(order).received], ['PAID', 12050]);
      assert.match((await say(REJECT, session.gid)).userErrors[0].message, /already been resolved/);
      assert.equal((await say(PENDING, session.gid, { until: until(48) })).userErrors[0].code, 'PENDING_INVALID_STATE');
      assert.deepEqual(fake.platform.faults, []);
    });

    it('is rejected once, and can be paid no more', async () => {
      const { fake, run, until } = payments();
      const say = run(version);
      const session = await fake.platform.start(SHOP);
      await say(PENDING, session.gid, { until: until(24) });
      assert.deepEqual((await say(REJECT, session.gid)).paymentSession.state, { code: 'REJECTED', reason: 'CANCELLED_PAYMENT', merchantMessage: 'vencido' });
      assert.deepEqual((await say(REJECT, session.gid)).userErrors, []);
      assert.match((await say(RESOLVE, session.gid)).userErrors[0].message, /already been rejected/);
      assert.equal(fake.stands(session.order ?? 0).standing, 'PENDING');
      assert.equal(fake.world.shops[SHOP]?.mails[0]?.what, 'pay_now');
    });

    it('waits three days at the most, and not into the past', async () => {
      const { fake, run, until, clock } = payments();
      const say = run(version);
      const session = await fake.platform.start(SHOP);
      assert.equal((await say(PENDING, session.gid, { until: until(73) })).userErrors[0].code, 'OUT_OF_RANGE_PENDING_EXPIRES_AT');
      assert.equal((await say(PENDING, session.gid, { until: until(-1) })).userErrors[0].code, 'EXPIRED_PENDING_EXPIRES_AT');
      assert.equal((await say(PENDING, 'gid://shopify/PaymentSession/none', { until: until(1) })).userErrors[0].code, 'NOT_FOUND');
      assert.equal(session.order, null);
      await say(PENDING, session.gid, { until: until(71) });
      clock.at += 72 * 3_600_000;
      await fake.tick();
      assert.equal(fake.stands(session.order ?? 0).standing, 'EXPIRED');
      assert.match((await say(RESOLVE, session.gid)).userErrors[0].message, /expired/);
    });

    it('is one of a group: a second one paid is noted', async () => {
      const { fake, run } = payments();
      const say = run(version);
      const one = await fake.platform.start(SHOP);
      const other = await fake.platform.again(one);
      assert.deepEqual([one.group === other.group, one.id === other.id], [true, false]);
      await say(RESOLVE, one.gid);
      await say(RESOLVE, other.gid);
      assert.equal(fake.platform.faults.length, 1);
      assert.equal(fake.stands(one.order ?? 0).received, 24100);
    });

    it('is refunded by a session of its own, which ends one way', async () => {
      const { fake, run, told } = payments();
      const say = run(version);
      const session = await fake.platform.start(SHOP);
      await say(RESOLVE, session.gid);
      const refund = await fake.refund(session.order ?? 0, { amount: '20.50' });
      assert.deepEqual([told.at(-1)?.path, told.at(-1)?.body.payment_id, told.at(-1)?.body.amount], ['/refund', session.id, '20.50']);
      assert.equal(fake.stands(session.order ?? 0).refunded, 0);
      const end = (verb: string, more = '') => `mutation ($id: ID!) { refundSession${verb}(id: $id${more}) { refundSession { id state { ... on RefundSessionStateResolved { code } } } userErrors { code message } } }`;
      const no = ', reason: { code: PROCESSING_ERROR, merchantMessage: "no" }';
      for (let round = 0; round < 3; round += 1) assert.deepEqual((await say(end('Resolve'), refund?.gid ?? '')).userErrors, []);
      assert.equal((await say(end('Reject', no), refund?.gid ?? '')).userErrors[0].code, 'REFUND_SESSION_INVALID_STATE');
      assert.deepEqual([fake.stands(session.order ?? 0).refunded, fake.stands(session.order ?? 0).standing], [2050, 'PARTIALLY_REFUNDED']);
      assert.equal((await say(end('Resolve'), 'gid://shopify/RefundSession/none')).userErrors[0].code, 'REFUND_SESSION_NOT_FOUND');
      await assert.rejects(fake.refund(session.order ?? 0, { amount: '100.01' }), /exceeds/);
    });

    it('can\'t be ended by an app without the scope, nor by another app', async () => {
      const { fake } = payments();
      const session = await fake.platform.start(SHOP);
      const weak = await ask(fake, RESOLVE, { id: session.gid }, { version, api: 'payments_apps', token: fake.token(SHOP, APP.client_id, ['read_orders']) });
      assert.equal(weak.errors?.[0].extensions.code, 'ACCESS_DENIED');
      fake.app({ ...APP, client_id: 'app-2', scopes: SCOPES });
      fake.shop(SHOP).install('app-2');
      const foreign = await ask(fake, RESOLVE, { id: session.gid }, { version, api: 'payments_apps', token: fake.token(SHOP, 'app-2') });
      assert.match(foreign.data.paymentSessionResolve.userErrors[0].message, /doesn't exist/);
      assert.equal(session.state, 'open');
    });
  });
}

describe('the payments platform', () => {
  it('asks again where it got no 2xx, and notes an answer without an address', async () => {
    let times = 0;
    const { fake } = payments(() => { times += 1; return times < 3 ? new Response(null, { status: 503 }) : Response.json({ redirect_url: 'https://app.test/x' }); });
    const session = await fake.platform.start(SHOP);
    assert.deepEqual(session.answers, [503, 503, 200]);
    const other = payments(() => Response.json({}));
    await other.fake.platform.start(SHOP);
    assert.match(other.fake.platform.faults[0] ?? '', /without a redirect_url/);
  });

  it('makes the order when the buyer comes back, where that is how it is played', async () => {
    const { fake, run, until } = payments();
    fake.platform.order_at = 'return';
    const session = await fake.platform.start(SHOP);
    await run('2026-07')(PENDING, session.gid, { until: until(48) });
    assert.equal(session.order, null);
    assert.equal(fake.platform.returned(session)?.gateway_pending, true);
  });

  it('notes that an app is ready to be used', async () => {
    const { fake } = payments();
    await ask(fake, 'mutation { paymentsAppConfigure(ready: true, externalHandle: "mi-tienda") { paymentsAppConfiguration { ready externalHandle } userErrors { field message } } }', {}, { api: 'payments_apps' });
    assert.deepEqual([fake.world.shops[SHOP]?.installs[0]?.ready, fake.world.shops[SHOP]?.installs[0]?.external_handle], [true, 'mi-tienda']);
  });
});

describe('mutual TLS', () => {
  let made: Certificates;
  before(() => { made = certificates(); });
  after(() => rmSync(dirname(made.platform_ca_file), { recursive: true, force: true }));

  it('lets the payments platform in, and no stranger', async () => {
    const server = createServer({ ...made.server, requestCert: true, rejectUnauthorized: true, ca: readFileSync(made.platform_ca_file) }, (request, response) => { request.resume(); response.end('{"redirect_url":"https://app.test/x"}'); });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    try {
      const { fake } = shopWithApp({ scopes: SCOPES, payments: { session_url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/session`, refund_url: '', name: 'CIP' } });
      fake.platform.tls = made.platform;
      assert.deepEqual((await fake.platform.start(SHOP)).answers, [200]);
      fake.platform.tls = made.stranger;
      assert.deepEqual((await fake.platform.start(SHOP)).answers, [0, 0, 0, 0]);
      fake.platform.tls = made.nobody as typeof made.platform;
      assert.deepEqual((await fake.platform.start(SHOP)).answers, [0, 0, 0, 0]);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});
