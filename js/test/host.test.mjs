// The loop against the core and a provider that was written from the documentation alone: what a shopkeeper would see.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { routes } from '../src/http.mjs';
import { open, sqliteStore } from '../src/index.mjs';
import { startProvider } from './support/provider.mjs';
import { credentials, hundred, openShop, person, settings, windable } from './support/shop.mjs';

const HOUR = 3_600_000;

/** A shop with its provider, its notices served; closed when the test ends. */
async function street(t, more = {}) {
  const clock = windable();
  const provider = await startProvider({ now: clock.now });
  const shop = await openShop({ data: ':memory:', provider, clock, ...more });
  const server = createServer(routes(shop.efectivo)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${server.address().port}`;
  provider.notice_url = `${base}/webhook/sandbox-1`;
  t.after(async () => { server.closeAllConnections(); server.close(); await shop.close(); await provider.close(); });
  const buy = async (order = '1', amount = hundred) => { await shop.book.add(order, amount); return shop.efectivo.place({ order, person }); };
  return { ...shop, provider, base, buy, settle: async () => { await provider.quiet(); await shop.efectivo.tick(); } };
}
const onlyCode = (provider) => [...provider.ledger.codes.values()][0];

test('a shopper orders, pays, and the order is paid once', async (t) => {
  const { efectivo, book, provider, buy, settle, mails } = await street(t);
  const placed = await buy();
  assert.equal(placed.code, onlyCode(provider).digits);
  await settle();
  assert.equal((await book.find('1')).code, placed.code);
  provider.pay(onlyCode(provider).id, { notice: 'doubled' });
  await settle();
  assert.equal((await efectivo.status('1')).state, 'paid');
  assert.deepEqual((await book.effects('1')).map(({ effect, times }) => [effect, times]), [['mark_paid', 1], ['show_code', 1]]);
  assert.deepEqual(mails.map(({ message_id }) => message_id.split('-').slice(1, -1).join('-').replace(/-\d+$/, '')), ['new', 'paid']);
});

test('mails wait while there is no mail server, and leave when there is one; those that are of no use by then do not', async (t) => {
  let ready = false;
  const mails = [];
  const { buy, settle, efectivo, clock } = await street(t, { mail: { ready: () => ready, send: async (mail) => { mails.push(mail); } } });
  const { case: id } = await buy();
  const second = await buy('2');
  await settle();
  for (let rounds = 0; rounds < 25; rounds += 1) await efectivo.tick();
  assert.deepEqual(mails, []);
  assert.equal((await efectivo.case(id)).outputs.find(({ lane }) => lane === 'mail').attempt, 0, 'nothing was tried, so nothing is given up');
  await efectivo.merchant(second.case, 'cancel');
  await settle();
  ready = true;
  clock.wind(1_000);
  await settle();
  assert.deepEqual(mails.map(({ message_id }) => message_id.includes(id)), [true]);
});

test('a shop is told of every case that moved, and finds the order of a page', async (t) => {
  const moved = [];
  const { buy, settle, efectivo } = await street(t, { changed: ({ order }) => moved.push(order) });
  const { page_url } = await buy();
  await settle();
  assert.ok(moved.length >= 2 && moved.every((order) => order === '1'), moved.join());
  assert.equal(await efectivo.orderOfPage(page_url.split('/').at(-1)), '1');
  assert.equal(await efectivo.orderOfPage('0'.repeat(32)), null);
});

test('the same order placed twice, even at once, has one case and one code', async (t) => {
  const { efectivo, book, provider } = await street(t);
  await book.add('1', hundred);
  const both = await Promise.all([1, 2, 3].map(() => efectivo.place({ order: '1', person })));
  assert.equal(new Set(both.map((one) => one.case)).size, 1);
  assert.equal(provider.ledger.codes.size, 1);
});

test('a forged notice is told so and changes nothing; a lost one costs nothing but time', async (t) => {
  const { efectivo, provider, buy, settle, clock } = await street(t);
  const { case: id } = await buy();
  provider.pay(onlyCode(provider).id, { notice: 'forged' });
  await settle();
  assert.deepEqual(provider.ledger.notices.map(({ status }) => status), [401]);
  assert.equal((await efectivo.status('1')).state, 'waiting');
  assert.ok((await efectivo.channels())[0].health.last_refusal);
  clock.wind(HOUR);
  await settle();
  assert.equal((await efectivo.status('1')).state, 'paid');
  assert.ok((await efectivo.case(id)).case.attempts[0].payments.length === 1);
});

test('a create that is cut off after the provider acted is found again, and there is one code', async (t) => {
  const { efectivo, provider, book, clock, settle } = await street(t);
  provider.fault = (call) => (call === 'POST /codes' ? 'after' : '');
  await book.add('1', hundred);
  await efectivo.place({ order: '1', person, wait_ms: 300 });
  clock.wind(6_000);
  await settle();
  assert.equal((await efectivo.status('1')).code, onlyCode(provider).digits);
  assert.equal(provider.ledger.codes.size, 1);
});

test('an unpaid order lapses after its deadline and grace, and its stock is released once', async (t) => {
  const { efectivo, book, provider, buy, settle, clock } = await street(t);
  await buy();
  for (let hours = 0; hours < 80; hours += 1) {
    clock.wind(HOUR);
    await settle();
    if (hours < 47) assert.equal((await book.find('1')).status, 'open');
  }
  assert.equal((await efectivo.status('1')).state, 'lapsed');
  assert.equal((await book.find('1')).status, 'cancelled');
  assert.deepEqual((await book.effects('1')).find(({ effect }) => effect === 'cancel').times, 1);
  provider.pay(onlyCode(provider).id);
  await settle();
  assert.equal((await book.find('1')).status, 'cancelled', 'late money opens a review and nothing else');
  const [late] = await efectivo.cases({ reviews: 'open' });
  assert.ok(late.reviews.some(({ kind }) => kind === 'late_money'));
});

test('a shop that fails is told again later, and a mail that fails holds nothing back', async (t) => {
  let down = true;
  const book = { read: async () => ({ status: 'open', outstanding: hundred, total: hundred }), apply: async () => { if (down) throw new Error('deadlock'); return { outcome: 'done', read: null }; } };
  const { efectivo, provider, settle, clock } = await street(t, { shop: book, mail: { send: async () => { throw Object.assign(new Error('no server'), { code: 'ECONNREFUSED' }); } } });
  const { case: id } = await efectivo.place({ order: '1', person });
  provider.pay(onlyCode(provider).id);
  await settle();
  assert.equal((await efectivo.status('1')).state, 'paid');
  const waiting = (await efectivo.case(id)).outputs.filter((one) => one.done_at === null);
  assert.ok(waiting.some(({ lane }) => lane === 'shop') && waiting.some(({ lane }) => lane === 'mail'));
  down = false;
  for (let tries = 0; tries < 20; tries += 1) { clock.wind(1_900_000); await settle(); }
  const { outputs, case: kase } = await efectivo.case(id);
  assert.ok(outputs.filter(({ lane }) => lane === 'shop').every(({ done_at }) => done_at !== null));
  assert.ok(outputs.filter(({ lane }) => lane === 'mail').every((one) => one.dead_at !== null && one.attempt === 18 || one.done_at !== null));
  assert.ok(kase.reviews.some(({ kind }) => kind === 'output_dead'), 'a mail given up is told to a person');
});

test('money for an order that nobody knows becomes a review after fifteen minutes', async (t) => {
  const { efectivo, provider, settle, clock } = await street(t);
  provider.post(JSON.stringify({ event: 'code.paid', id: '999', reference: 'OTHER-9-1', payment_id: 'op-9', amount: '50.00', currency: 'PEN' }), 'my-secret');
  await settle();
  assert.deepEqual(await efectivo.cases({}), []);
  clock.wind(901_000);
  await settle();
  const [stray, ...others] = await efectivo.cases({});
  assert.equal(others.length, 0);
  assert.deepEqual(stray.reviews.map(({ kind }) => kind), ['unmatched_money']);
});

test('an order placed again with another amount is refused, whatever the first call said', async (t) => {
  const { efectivo, provider, buy } = await street(t);
  const { case: id } = await buy('1');
  await assert.rejects(efectivo.place({ order: '1', amount: '99.00', person }), { code: 'other_amount' });
  assert.equal((await efectivo.place({ order: '1', amount: '100.00', person })).case, id);
  assert.equal(provider.ledger.codes.size, 1);
});

test('an order without what the provider needs, or with nothing to pay, is refused before anything leaves', async (t) => {
  const { efectivo, book, provider } = await street(t);
  await assert.rejects(efectivo.place({ order: 'nobody', person }), { code: 'no_order' });
  await book.add('1', hundred);
  await assert.rejects(efectivo.place({ order: '1', amount: '99.00', person }), { code: 'other_amount' });
  await book.add('2', { minor: 99_999_999, currency: 'PEN' });
  await assert.rejects(efectivo.place({ order: '2', person }), { code: 'amount' });
  await book.add('3', { minor: 0, currency: 'PEN' });
  await assert.rejects(efectivo.place({ order: '3', person }), { code: 'nothing_to_pay' });
  assert.deepEqual(provider.ledger.calls, []);
  assert.deepEqual(await efectivo.cases({}), []);
});

test('an edited order gets a new code once the old one is dead, and a cancelled one none', async (t) => {
  const { efectivo, book, provider, buy, settle } = await street(t);
  await buy('1');
  await book.change('1', { outstanding: { minor: 12_000, currency: 'PEN' } });
  await efectivo.orderChanged('1');
  await settle();
  const [old, fresh] = provider.ledger.codes.values();
  assert.deepEqual([old.status, fresh.status, fresh.amount], ['cancelled', 'waiting', '120.00']);
  await book.change('1', { status: 'cancelled' });
  await efectivo.orderChanged('1');
  await settle();
  assert.equal(fresh.status, 'cancelled');
  assert.equal(await efectivo.orderChanged('never-placed'), null);
});

test('the shopper’s page is served, polled, pressed, limited; an unknown link says nothing', async (t) => {
  const { provider, buy, base, efectivo } = await street(t);
  const { page_url, code } = await buy();
  const token = page_url.split('/').at(-1);
  const page = await fetch(`${base}/pago/${token}`);
  const html = await page.text();
  assert.equal(page.status, 200);
  assert.ok(html.includes(code) || html.replace(/<[^>]*>/g, '').includes(code));
  assert.ok(page.headers.get('content-security-policy'));
  const status = await (await fetch(`${base}/pago/${token}/status`)).json();
  assert.ok(status.state);
  assert.match(await (await fetch(`${base}/pago/${token}/calendar.ics`)).text(), /^BEGIN:VCALENDAR/);
  const pressed = await fetch(`${base}/pago/${token}/check`, { method: 'POST', redirect: 'manual' });
  assert.ok(pressed.status === 303 || pressed.status === 200);
  assert.equal((await fetch(`${base}/pago/${token}/check`)).status, 405);
  for (const bad of ['0'.repeat(32), '../etc', `${token}/nothing`, `${token}/a/b`]) assert.equal((await fetch(`${base}/pago/${bad}`)).status, 404, bad);
  const lost = await fetch(`${base}/pago/${token.slice(1)}`);
  const told = await lost.text();
  assert.ok(told.includes('No encontramos esta página') && told.includes('hola@rosita.example') && !told.includes(code), 'it says what to do, and nothing of any order');
  assert.match(lost.headers.get('content-security-policy'), /default-src 'none'/);
  let limited = 0;
  for (let times = 0; times < 40; times += 1) limited = (await efectivo.page(`${token}/check`, { method: 'POST' })).status;
  assert.equal(limited, 429);
  assert.ok(provider.ledger.calls.filter((call) => call === 'GET /codes/id').length <= 2, 'pressing does not flood the provider');
});

test('broken and oversized notices get a clear answer and leave no trace in a case', async (t) => {
  const { base, provider, buy, efectivo, settle } = await street(t);
  const { case: id } = await buy();
  await settle();
  const before = (await efectivo.case(id)).case;
  const post = async (body, channel = 'sandbox-1') => (await fetch(`${base}/webhook/${channel}`, { method: 'POST', body })).status;
  assert.equal(await post('{}', 'no-such-channel'), 404);
  assert.equal(await post('not json'), 401);
  assert.equal(await post('x'.repeat(200_000)).catch(() => 413), 413);
  await provider.post('{"unsigned":', 'my-secret', 1);
  assert.equal(provider.ledger.notices.at(-1).status, 400);
  assert.deepEqual((await efectivo.case(id)).case, before);
});

test('many notices that arrive together share transactions', async (t) => {
  const { base, provider, efectivo } = await street(t);
  const answered = await Promise.all([...Array(100).keys()].map((n) => provider.post(JSON.stringify({ event: 'code.expired', id: `9${n}`, reference: `X-${n}-1`, payment_id: '', amount: '1.00', currency: 'PEN' }), 'my-secret', 1)));
  assert.equal(answered.length, 100);
  assert.ok(base && provider.ledger.notices.every(({ status }) => status === 200));
  assert.equal((await efectivo.notices({ limit: 200 })).length, 100);
});

test('notices that come right behind each other share one transaction, and are brought to their case by themselves', async (t) => {
  const store = sqliteStore({ file: ':memory:' });
  const { buy, settle, efectivo, provider, clock } = await street(t, { store });
  await buy();
  await settle();
  const { id, reference, amount } = onlyCode(provider);
  provider.pay(id, { notice: 'lost' });
  const signed = (payment_id) => {
    const time = String(clock.now());
    const body = JSON.stringify({ event: 'code.paid', id, reference, payment_id, amount, currency: 'PEN' });
    return { headers: [['x-sandbox-time', time], ['x-sandbox-signature', createHmac('sha256', 'my-secret').update(`${time}.${body}`).digest('hex')]], body: Buffer.from(body) };
  };
  const before = store.figures().transactions;
  const asked = [];
  const arrive = ([payment, ...more]) => {
    if (more.length > 0) setImmediate(arrive, more); // in the next turn of the event loop
    asked.push(efectivo.notice('sandbox-1', signed(payment)));
  };
  arrive(['op-1', 'op-2', 'op-3']);
  while (asked.length < 3) await new Promise((next) => setTimeout(next, 1));
  assert.deepEqual((await Promise.all(asked)).map(({ status }) => status), [200, 200, 200]);
  assert.equal(store.figures().transactions - before, 1);
  for (const until = Date.now() + 5_000; (await efectivo.status('1')).state !== 'paid' && Date.now() < until;) await new Promise((next) => setTimeout(next, 10));
  assert.equal((await efectivo.status('1')).state, 'paid');
});

test('a notice that is cut off on the way is no notice, and holds nobody up', async (t) => {
  const { base, efectivo, provider } = await street(t);
  const line = connect(Number(new URL(base).port), '127.0.0.1');
  await once(line, 'connect');
  line.write('POST /webhook/sandbox-1 HTTP/1.1\r\nHost: shop\r\nContent-Length: 100\r\n\r\n{"event":');
  await new Promise((next) => setTimeout(next, 50));
  line.destroy();
  await provider.post(JSON.stringify({ event: 'code.expired', id: '9', reference: 'X-1', payment_id: '', amount: '1.00', currency: 'PEN' }), 'my-secret', 1);
  assert.equal(provider.ledger.notices.at(-1).status, 200);
  assert.equal((await efectivo.notices()).length, 1);
});

test('malformed settings are refused with every field named, before anything is opened', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'efectivo-settings-'));
  const shop = { read: async () => null, apply: async () => ({ outcome: 'done', read: null }) };
  const bad = settings('http://10.0.0.1/sandbox', { validity_hours: 900 });
  await assert.rejects(open({ data: folder, settings: bad, shop }), (error) => error.code === 'bad_settings' && /validity_hours/.test(error.help) && /sandbox_url/.test(error.help));
  await assert.rejects(open({ data: folder, settings: { ...settings('http://127.0.0.1:9'), colour: 'red' }, shop }), (error) => error.code === 'bad_ask' && /colour/.test(error.message + error.help));
  assert.deepEqual(readdirSync(folder), []);
  rmSync(folder, { recursive: true });
});

test('no personal datum and no secret is in a log, page, address, error or desk, and a token’s box is the only secret in the file', async (t) => {
  const data = mkdtempSync(join(tmpdir(), 'efectivo-canary-'));
  const clock = windable();
  const provider = await startProvider({ now: clock.now });
  const addresses = [];
  const seen = (url, options) => { addresses.push(String(url)); return fetch(url, options); };
  const { efectivo, book, logs, close } = await openShop({ data, provider, clock, fetch: seen });
  t.after(async () => { await close(); await provider.close(); rmSync(data, { recursive: true }); });
  await book.add('1', hundred);
  const { case: id, page_url } = await efectivo.place({ order: '1', person });
  const said = [];
  const page = async (part = '') => said.push(Buffer.from((await efectivo.page(`${page_url.split('/').at(-1)}${part}`)).body).toString());
  const everything = async () => {
    await efectivo.merchant(id, 'check_now');
    await efectivo.tick();
    for (const part of ['', '/status', '/calendar.ics', '/nothing']) await page(part);
    const { case: kase, view } = await efectivo.case(id);
    said.push(JSON.stringify([kase, view, await efectivo.journal(id), await efectivo.channels()]));
  };
  await everything();
  provider.pay(onlyCode(provider).id, { notice: 'forged' });
  await provider.quiet();
  await everything();
  await book.add('2', hundred);
  for (const wrong of [{ email: ['canario'] }, { ...person, shoe: 'canario' }, 'canario']) {
    await efectivo.place({ order: '2', person: wrong }).then(() => assert.fail('a person of that form is refused'), (error) => said.push(`${error.message} ${error.help} ${error.stack}`));
  }
  const leaked = await efectivo.notice('sandbox-1', { headers: [['x-signature', 'my-secret canario']], body: Buffer.from('{"email":"canario@rosita.example"}') });
  said.push(JSON.stringify(leaked), JSON.stringify(logs), addresses.join(' '));
  assert.ok(addresses.length >= 3 && said.some((text) => text.includes(onlyCode(provider).digits)), 'there was something to look at');
  for (const canary of ['canario', 'Quispe', '45678912', '987654321', 'my-secret', 'my-key']) {
    for (const text of said) assert.ok(!text.includes(canary), `${canary}: ${text.slice(Math.max(0, text.indexOf(canary) - 120), text.indexOf(canary) + 40)}`);
  }
  for (const file of readdirSync(data)) assert.ok(!readFileSync(join(data, file)).includes('my-secret'), file);
});

test('a case that a newer version wrote is refused by name, and left as it is', async (t) => {
  const data = mkdtempSync(join(tmpdir(), 'efectivo-newer-'));
  const provider = await startProvider();
  let second = null;
  t.after(async () => { await second?.close(); await provider.close(); rmSync(data, { recursive: true }); });
  const first = await openShop({ data, provider });
  await first.book.add('1', hundred);
  const { case: id } = await first.efectivo.place({ order: '1', person });
  await first.close();
  const db = new DatabaseSync(join(data, 'efectivo.sqlite'));
  db.exec(`UPDATE cases SET doc = json_set(doc, '$.schema', 99)`);
  db.close();
  second = await openShop({ data, provider });
  await assert.rejects(second.efectivo.merchant(id, 'check_now'), (error) => /newer|schema|bad_ask/.test(error.code));
});

after(() => assert.ok(credentials));
