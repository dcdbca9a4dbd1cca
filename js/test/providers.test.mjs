// What some providers want of a host: a request before the main one, several codes in one notice, and a page to go to in place of digits.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { loadSync } from '../src/node.mjs';
import { hundred, openShop, person, settings } from './support/shop.mjs';

/** A provider that answers by `reply(method, path, body)`; what it was asked is in `asked`. */
async function provider(t, reply) {
  const asked = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    asked.push({ path: `${request.method} ${request.url}`, body: body && JSON.parse(body) });
    const [status, answer] = reply(`${request.method} ${request.url}`, body && JSON.parse(body));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => { server.closeAllConnections(); server.close(); });
  return { url: `http://127.0.0.1:${server.address().port}`, asked };
}

async function shopOf(t, name, url, keys) {
  const base = settings(url);
  const channels = [{ id: 'one', provider: name, mode: 'test', confirmed: true, sandbox_url: url, notice_url: 'https://rosita.example/webhook/one' }];
  const shop = await openShop({ data: ':memory:', settings: { ...base, channels }, credentials: { one: { [name]: keys } } });
  t.after(() => shop.close());
  const buy = async (order) => { await shop.book.add(order, hundred); return shop.efectivo.place({ order, person }); };
  return { ...shop, buy };
}

const KUSHKI = { public_merchant_id: 'pub', private_merchant_id: 'priv', webhook_signature: 'whs' };

test('a code that takes two requests is asked for in their order, each with its own token', async (t) => {
  let tokens = 0;
  const { url, asked } = await provider(t, (path, body) => {
    if (path === 'POST /cash/v1/tokens') return [201, { token: `tok-${(tokens += 1)}` }];
    return [201, { ticketNumber: `t-${body.token}`, pin: `900${body.token.slice(4)}`, details: { expiration: Date.now() + 172_800_000 } }];
  });
  const { buy } = await shopOf(t, 'kushki', url, KUSHKI);
  const codes = (await Promise.all(['1', '2', '3'].map(buy))).map(({ code }) => code);
  assert.deepEqual(codes.toSorted(), ['9001', '9002', '9003']);
  const charges = asked.filter(({ path }) => path === 'POST /cash/v1/charges/init');
  assert.equal(new Set(charges.map(({ body }) => body.token)).size, 3);
  assert.equal(new Set(charges.map(({ body }) => body.metadata.orderId)).size, 3);
});

test('a first request that is refused is the whole answer, and the second never leaves', async (t) => {
  const { url, asked } = await provider(t, () => [400, { code: 'K001', message: 'no' }]);
  const { buy, efectivo } = await shopOf(t, 'kushki', url, KUSHKI);
  const { case: id, state } = await buy('1');
  assert.equal(state, 'failed');
  assert.deepEqual(asked.map(({ path }) => path), ['POST /cash/v1/tokens']);
  const { case: kase } = await efectivo.case(id);
  assert.deepEqual([kase.reviews[0].kind, kase.reviews[0].about], ['no_code', 'K001']);
});

test('a first request that is lost leaves nothing in doubt: the code is simply asked for again', async (t) => {
  let fails = 1;
  const { url } = await provider(t, (path) => {
    if (path === 'POST /cash/v1/tokens') return (fails -= 1) >= 0 ? [500, {}] : [201, { token: 'tok' }];
    return [201, { ticketNumber: 't', pin: '77' }];
  });
  const { buy, efectivo } = await shopOf(t, 'kushki', url, KUSHKI);
  const { code, case: id } = await buy('1');
  assert.equal(code, '77');
  assert.deepEqual((await efectivo.case(id)).case.reviews, []);
});

test('a provider that only redirects gives a page in place of digits', async (t) => {
  const { url } = await provider(t, () => [200, { id: 'DP-1', status: 'PENDING', amount: 100, currency: 'PEN', order_id: null, redirect_url: 'https://checkout.example/x' }]);
  const { buy, book, core, efectivo } = await shopOf(t, 'dlocal_go', url, { api_key: 'a', secret_key: 'b' });
  const { state, case: id, code } = await buy('1');
  assert.deepEqual([state, code ?? null], ['waiting', null]);
  const { case: kase } = await efectivo.case(id);
  const html = Buffer.from(core.call('page', { settings: efectivo.settings, case: kase, now: Date.now() }).bytes).toString();
  assert.match(html, /href="https:\/\/checkout\.example\/x"/);
  assert.ok(await book.find('1'));
});

test('a notice that names several codes reaches each of their orders', async (t) => {
  let made = 0;
  const state = { of: {} };
  const payment = (hash, body) => ({ status: 'SUCCESS', payment: { hash, merchant_payment_code: state.of[hash], status: state[hash] ?? 'PE', amount_ext: '100.00', currency_ext: 'PEN', due_date: '2099-01-01', cip_code: `55${hash.slice(1)}`, ...body } });
  const { url } = await provider(t, (path, body) => {
    if (path !== 'POST /ws/direct') return [200, payment(body.hash)];
    const hash = `h${(made += 1)}`;
    state.of[hash] = body.payment.merchant_payment_code;
    return [200, payment(hash)];
  });
  const { generateKeyPairSync } = await import('node:crypto');
  const signing_key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  const { buy, efectivo, clock } = await shopOf(t, 'ebanx', url, { key_id: 'k', signing_key });
  await buy('1');
  await buy('2');
  Object.assign(state, { h1: 'CO', h2: 'CO' });
  clock.wind(61_000);
  const body = new TextEncoder().encode('operation=payment_status_change&notification_type=update&hash_codes=h1,h2');
  assert.equal((await efectivo.notice('one', { body })).status, 200);
  await efectivo.tick();
  assert.deepEqual([(await efectivo.status('1')).state, (await efectivo.status('2')).state], ['paid', 'paid']);
});

test('the types name every provider with the keys that it takes', () => {
  const types = readFileSync(new URL('../src/index.d.mts', import.meta.url), 'utf8');
  const named = types.match(/interface Keys \{(.*?)\n\}/s)[1].matchAll(/^  (\w+): \{ (.*?) \};$/gm);
  const typed = Object.fromEntries([...named].map(([, name, keys]) => [name, [...keys.matchAll(/(\w+): string/g)].map(([, key]) => key).sort()]));
  const able = loadSync().call('abilities').ok.map((able) => [able.provider, [...able.keys, ...able.host_keys].sort()]);
  assert.deepEqual(typed, Object.fromEntries(able));
});
