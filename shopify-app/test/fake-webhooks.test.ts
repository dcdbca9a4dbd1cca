// The fake Shopify's webhooks and front doors: signatures that hold or don't, retries, disorder, tokens and proxies; judged by Shopify's own library where it has a judge.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import '@shopify/shopify-api/adapters/web-api';
import { ApiVersion, RequestedTokenType, shopifyApi } from '@shopify/shopify-api';
import { setAbstractFetchFunc } from '@shopify/shopify-api/runtime';
import { fetchVia, makeFake } from './fake-shopify/index.ts';
import { APP, ask, SHOP, shopWithApp } from './fake-shopify/workbench.ts';

const library = shopifyApi({ apiKey: APP.client_id, apiSecretKey: APP.client_secret, apiVersion: ApiVersion.July26, hostName: 'app.test', isEmbeddedApp: true, scopes: ['read_orders'], logger: { level: 0 } });

/** An app that keeps what it is sent, and answers as it is told. */
function inbox(status = 200) {
  const got: Array<{ topic: string; shop: string; id: string; body: Record<string, any>; raw: string; request: Request }> = [];
  const app = { status };
  const send = async (request: Request): Promise<Response> => {
    const raw = await request.clone().text();
    const header = (name: string): string => request.headers.get(`x-shopify-${name}`) ?? request.headers.get(`shopify-${name}`) ?? '';
    got.push({ topic: header('topic'), shop: header('shop-domain'), id: header('webhook-id'), body: JSON.parse(raw), raw, request });
    return new Response(null, { status: app.status });
  };
  return { got, app, send };
}

describe('a webhook', () => {
  it('is signed over its body, in both families of headers, as Shopify\'s library wants it', async () => {
    const box = inbox();
    const { fake } = shopWithApp({ send: box.send });
    fake.order(SHOP);
    for (const family of ['webhooks', 'events'] as const) {
      const request = fake.request(fake.delivery('orders/create'), { family });
      const rawBody = await request.clone().text();
      const judged = await library.webhooks.validate({ rawBody, rawRequest: request });
      assert.equal(judged.valid, true);
      assert.equal(judged.valid && judged.webhookType, family);
    }
    for (const forge of ['signature', 'body', 'secret', 'no signature'] as const) {
      const request = fake.request(fake.delivery('orders/create'), { forge });
      assert.equal((await library.webhooks.validate({ rawBody: await request.clone().text(), rawRequest: request })).valid, false, forge);
    }
  });

  it('holds its signature under another shop\'s name, which is why the name proves nothing', async () => {
    const box = inbox();
    const { fake } = shopWithApp({ send: box.send });
    fake.order(SHOP);
    await fake.again(fake.delivery('orders/create'), { shop: 'victim.myshopify.com' });
    const judged = await library.webhooks.validate({ rawBody: box.got[0]?.raw ?? '', rawRequest: box.got[0]?.request as Request });
    assert.equal(judged.valid && judged.domain, 'victim.myshopify.com');
  });

  it('tells of an order in the shape of REST', async () => {
    const box = inbox();
    const { fake } = shopWithApp({ send: box.send });
    const order = fake.order(SHOP, { currency: 'USD', lines: [{ price: '10.00' }], test: true });
    await fake.deliver();
    const body = box.got[0]?.body ?? {};
    assert.deepEqual([body.id, body.admin_graphql_api_id, body.checkout_token, body.financial_status], [order.id, `gid://shopify/Order/${order.id}`, order.checkout_token, 'pending']);
    assert.deepEqual([body.payment_gateway_names, body.total_outstanding, body.currency, body.presentment_currency, body.test], [['PagoEfectivo'], '37.50', 'PEN', 'USD', true]);
  });

  it('holds only the fields that were asked for', async () => {
    const box = inbox();
    const { fake } = shopWithApp({ send: box.send, webhooks: [{ topics: ['orders/create', 'orders/edited'], uri: '/webhooks', include_fields: ['id', 'name', 'line_items.price'] }] });
    const order = fake.order(SHOP, { lines: [{ price: '10.00' }] });
    fake.edit(order, { add: [{ price: '1.00' }] });
    await fake.deliver();
    assert.deepEqual(box.got.map(({ body }) => body), [{ id: order.id, name: '#1001', line_items: [{ price: '10.00' }] }, {}]);
  });

  it('is tried nine times in four hours, with the body of the first time, and then no more', async () => {
    const box = inbox(503);
    const { fake, clock } = shopWithApp({ send: box.send, webhooks: [{ topics: ['orders/create'], uri: '/webhooks' }] });
    const order = fake.order(SHOP);
    fake.pay(order);
    for (let minute = 0; minute <= 400; minute += 1) {
      await fake.deliver();
      clock.at += 60_000;
    }
    assert.equal(box.got.length, 9);
    assert.equal(new Set(box.got.map(({ id, raw }) => `${id} ${raw}`)).size, 1);
    assert.equal(box.got[0]?.body.financial_status, 'pending');
    assert.equal(fake.delivery('orders/create').state, 'given up');
  });

  it('stops being tried once it was answered, redirects not being an answer', async () => {
    const box = inbox(302);
    const { fake, clock } = shopWithApp({ send: box.send, webhooks: [{ topics: ['orders/create'], uri: '/webhooks' }] });
    fake.order(SHOP);
    await fake.deliver();
    box.app.status = 200;
    clock.at += 60_000;
    await fake.deliver();
    clock.at += 3_600_000;
    await fake.deliver();
    assert.deepEqual(fake.delivery('orders/create').answers, [302, 200]);
  });

  it('comes twice, late, out of order or not at all, as ordered', async () => {
    const box = inbox();
    const { fake, clock } = shopWithApp({ send: box.send, webhooks: [{ topics: ['orders/create', 'orders/paid', 'orders/cancelled'], uri: '/webhooks' }] });
    const order = fake.order(SHOP);
    fake.pay(order);
    fake.delay(60_000, ({ topic }) => topic === 'orders/create');
    await fake.deliver();
    await fake.again(fake.delivery('orders/paid'));
    clock.at += 60_000;
    fake.cancel(order);
    fake.drop(({ topic }) => topic === 'orders/cancelled');
    await fake.deliver();
    assert.deepEqual(box.got.map(({ topic }) => topic), ['orders/paid', 'orders/paid', 'orders/create']);
    assert.equal(box.got[0]?.id, box.got[1]?.id);
    fake.order(SHOP);
    fake.order(SHOP);
    await fake.deliver({ order: (all) => all.toReversed() });
    assert.deepEqual(box.got.slice(3).map(({ body }) => body.name), ['#1003', '#1002']);
  });

  it('asks for privacy, also of an app that is gone', async () => {
    const box = inbox();
    const { fake } = shopWithApp({ send: box.send });
    const order = fake.order(SHOP, { quiet: true });
    fake.uninstall(SHOP);
    fake.privacy('customers/redact', SHOP, order);
    fake.privacy('shop/redact', SHOP);
    await fake.deliver();
    assert.deepEqual(box.got.map(({ topic }) => topic), ['app/uninstalled', 'customers/redact', 'shop/redact']);
    assert.deepEqual(box.got[1]?.body.orders_to_redact, [order.id]);
    assert.equal(fake.world.shops[SHOP]?.installs.length, 0);
  });
});

describe('tokens', () => {
  const fake = makeFake({ apps: [APP] });
  fake.shop(SHOP).install(APP.client_id);
  setAbstractFetchFunc(fake.fetch as typeof fetch);

  it('are exchanged for one that ends after an hour and is refreshed once', async () => {
    const { session } = await library.auth.tokenExchange({ shop: SHOP, sessionToken: fake.idToken(SHOP), requestedTokenType: RequestedTokenType.OfflineAccessToken, expiring: true });
    assert.equal((await ask(fake, '{ shop { name } }', {}, { token: session.accessToken ?? '' })).status, 200);
    const refreshed = await library.auth.refreshToken({ shop: SHOP, refreshToken: session.refreshToken ?? '' });
    assert.notEqual(refreshed.session.accessToken, session.accessToken);
    await assert.rejects(library.auth.refreshToken({ shop: SHOP, refreshToken: session.refreshToken ?? '' }));
  });

  it('are worth nothing after their hour', async () => {
    const { fake: other, clock } = shopWithApp();
    const body = { client_id: APP.client_id, client_secret: APP.client_secret, grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange', subject_token: other.idToken(SHOP), requested_token_type: 'urn:shopify:params:oauth:token-type:offline-access-token', expiring: '1' };
    const got = await (await other.fetch(`https://${SHOP}/admin/oauth/access_token`, { method: 'POST', body: new URLSearchParams(body) })).json() as { access_token: string; expires_in: number };
    assert.equal(got.expires_in, 3_600);
    clock.at += 3_599_000;
    assert.equal((await ask(other, '{ shop { name } }', {}, { token: got.access_token })).status, 200);
    clock.at += 2_000;
    assert.equal((await ask(other, '{ shop { name } }', {}, { token: got.access_token })).status, 401);
  });

  it('are given to the merchant\'s own app without a browser', async () => {
    const { session } = await library.auth.clientCredentials({ shop: SHOP });
    assert.equal((await ask(fake, '{ currentAppInstallation { accessScopes { handle } } }', {}, { token: session.accessToken ?? '' })).data.currentAppInstallation.accessScopes.length, 3);
    fake.app({ ...APP, own_organization: false });
    await assert.rejects(library.auth.clientCredentials({ shop: SHOP }));
    fake.app(APP);
  });

  it('are given for a code that a merchant brought back, once', async () => {
    const asked = await fake.fetch(`https://${SHOP}/admin/oauth/authorize?client_id=${APP.client_id}&scope=read_orders&state=s1&redirect_uri=${encodeURIComponent('https://app.test/auth/callback')}`, { redirect: 'manual' });
    const back = new URL(asked.headers.get('location') ?? '');
    assert.equal(await library.utils.validateHmac(Object.fromEntries(back.searchParams)), true);
    assert.equal(back.searchParams.get('state'), 's1');
    const redeem = () => fake.fetch(`https://${SHOP}/admin/oauth/access_token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ client_id: APP.client_id, client_secret: APP.client_secret, code: back.searchParams.get('code') }) });
    assert.equal((await redeem()).status, 200);
    assert.equal((await redeem()).status, 400);
    const elsewhere = await fake.fetch(`https://${SHOP}/admin/oauth/authorize?client_id=${APP.client_id}&redirect_uri=${encodeURIComponent('https://evil.test/')}`);
    assert.equal(elsewhere.status, 400);
  });

  it('of a session are good for the library, or bad in one way at a time', async () => {
    const good = await library.session.decodeSessionToken(fake.idToken(SHOP));
    assert.deepEqual([good.dest, good.aud], [`https://${SHOP}`, APP.client_id]);
    const bad = { 'another secret': { secret: 'x' }, unsigned: { unsigned: true }, old: { age_s: 120 }, early: { age_s: -60 }, 'for another app': { claims: { aud: 'app-2' } } };
    for (const [why, twist] of Object.entries(bad)) await assert.rejects(library.session.decodeSessionToken(fake.idToken(SHOP, twist)), Error, why);
    const buyer = await library.session.decodeSessionToken(fake.sessionToken(SHOP, { customer: 7 }));
    assert.deepEqual([buyer.dest, buyer.sub], [SHOP, 'gid://shopify/Customer/7']);
    assert.equal((await library.session.decodeSessionToken(fake.sessionToken(SHOP, { dest: 'https' }))).sub, undefined);
  });

  it('sign the app proxy as the library checks it', async () => {
    const query = fake.proxyQuery(SHOP, { path_prefix: '/apps/pago', extra: ['b', 'a'] });
    assert.equal(await library.utils.validateHmac(query as never, { signator: 'appProxy' }), true);
    query.set('shop', 'victim.myshopify.com');
    assert.equal(await library.utils.validateHmac(query as never, { signator: 'appProxy' }), false);
  });
});

describe('the app proxy', () => {
  it('passes a page of the shop\'s own domain on, signed', async () => {
    const seen: URL[] = [];
    const { fake } = shopWithApp({ proxy: { url: 'https://app.test/proxy/app-1', prefix: 'apps', subpath: 'pago' }, send: async (request) => { seen.push(new URL(request.url)); return new Response('hola'); } });
    const answer = await fake.fetch(`https://${SHOP}/apps/pago/v/abc?x=1`);
    assert.equal(await answer.text(), 'hola');
    assert.equal(seen[0]?.pathname, '/proxy/app-1/v/abc');
    assert.equal(seen[0]?.searchParams.get('path_prefix'), '/apps/pago');
    assert.equal((await fake.fetch(`https://${SHOP}/apps/pagos`)).status, 404);
  });
});

describe('over the network', () => {
  it('the same fake answers an app of another process', async () => {
    const { fake } = shopWithApp();
    const { url, close } = await fake.listen();
    try {
      const answer = await fetchVia(url)(`https://${SHOP}/admin/api/2026-07/graphql.json`, { method: 'POST', headers: { 'x-shopify-access-token': fake.token(SHOP) }, body: JSON.stringify({ query: '{ shop { myshopifyDomain } }' }) });
      assert.deepEqual((await answer.json() as any).data, { shop: { myshopifyDomain: SHOP } });
      fake.trouble('cut before');
      await assert.rejects(fetchVia(url)(`https://${SHOP}/admin/api/2026-07/graphql.json`, { method: 'POST', body: '{}' }));
    } finally {
      await close();
    }
  });
});
