// The HTTP service: its calls against its own OpenAPI document, its key, its callback, its settings file.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { serve } from '../src/http.mjs';
import { storeError } from '../src/store/errors.mjs';
import { sqliteStore } from '../src/store/sqlite.mjs';
import { startProvider } from './support/provider.mjs';
import { misfits } from './support/schema.mjs';
import { credentials, settings } from './support/shop.mjs';

const KEY = 'a-bearer-key-of-thirty-letters';
const SECRET = 'a-callback-secret-of-many-letters';
const bin = fileURLToPath(new URL('../bin/efectivo.mjs', import.meta.url));
const document = JSON.parse(readFileSync(new URL('../openapi.json', import.meta.url), 'utf8'));

async function service(t, more = {}, { channels: [first] = [{}] } = {}) {
  const data = mkdtempSync(join(tmpdir(), 'efectivo-http-'));
  const provider = await startProvider();
  const running = await serve({ config: { data, bearer_keys: [KEY], settings: withChannel(settings(provider.url), first), credentials, ...more }, port: 0, log: () => {} });
  const base = `http://127.0.0.1:${running.port}`;
  provider.notice_url = `${base}/webhook/sandbox-1`;
  t.after(async () => { await running.close(); await provider.close(); rmSync(data, { recursive: true }); });

  /** Makes a call and holds its answer against the document. */
  async function ask(method, path, body, key = KEY) {
    const answer = await fetch(base + path, { method, headers: { authorization: `Bearer ${key}` }, body: body && JSON.stringify(body) });
    const value = await answer.json();
    const documented = resolve(document.paths[path.split('?')[0]][method.toLowerCase()].responses[answer.status]);
    assert.ok(documented, `${method} ${path}: status ${answer.status} is not documented`);
    assert.deepEqual(misfits(value, documented.content['application/json'].schema, document), [], JSON.stringify(value));
    return { status: answer.status, value };
  }
  return { ask, base, provider, ...running };
}
const withChannel = (all, more) => ({ ...all, channels: [{ ...all.channels[0], ...more }] });
const resolve = (part) => (part?.$ref ? part.$ref.slice(2).split('/').reduce((at, name) => at[name], document) : part);

test('a voucher is made, queried, paid and refunded, and every answer is as documented', async (t) => {
  const { ask, provider, efectivo } = await service(t);
  const made = await ask('POST', '/create-voucher', { order: '1001', amount: '120.50', person: { email: 'ana@rosita.example' } });
  assert.equal(made.status, 200);
  const [code] = provider.ledger.codes.values();
  assert.deepEqual([made.value.code, made.value.amount.minor], [code.digits, 12_050]);
  assert.equal((await ask('POST', '/create-voucher', { order: '1001', amount: '120.50' })).value.case, made.value.case);
  provider.pay(code.id);
  await provider.quiet();
  await efectivo.tick();
  assert.equal((await ask('GET', '/query-status?order=1001')).value.state, 'paid');
  const refunded = await ask('POST', '/refund', { order: '1001' });
  assert.equal(refunded.value.refunds.length, 1);
  await efectivo.tick();
  assert.equal((await ask('POST', '/query-status', { order: '1001' })).value.refunds[0].state, 'sent');
  assert.equal(provider.ledger.refunds.size, 1);
});

test('a refund that is asked for again under its key is made once, also after the service was started anew', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'efectivo-key-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const store = { file: join(folder, 'cases.sqlite') };
  const { ask, provider, efectivo } = await service(t, { store: sqliteStore(store) });
  await ask('POST', '/create-voucher', { order: '1', amount: '100.00' });
  provider.pay([...provider.ledger.codes.keys()][0]);
  await provider.quiet();
  await efectivo.tick();
  provider.ledger.refund_status = 'done';
  const part = { order: '1', amount: { minor: 2_000, currency: 'PEN' }, key: 'credit-note-7' };
  const refunds = ({ status, value }) => (assert.equal(status, 200), value.refunds.length);
  assert.deepEqual((await Promise.all([1, 2, 3].map(() => ask('POST', '/refund', part)))).map(refunds), [1, 1, 1]);
  await efectivo.tick();
  assert.equal(refunds(await ask('POST', '/refund', part)), 1);
  assert.equal(refunds(await ask('POST', '/refund', { ...part, key: 'credit-note-8' })), 2);
  await efectivo.tick();
  for (const key of ['', 7, 'k'.repeat(201)]) assert.equal((await ask('POST', '/refund', { ...part, key })).value.error.code, 'bad_ask');
  const much = { order: '1', amount: { minor: 6_001, currency: 'PEN' }, key: 'rest' };
  assert.equal((await ask('POST', '/refund', much)).value.error.code, 'too_much_back');
  assert.equal(refunds(await ask('POST', '/refund', { order: '1', key: 'rest', amount: { minor: 6_000, currency: 'PEN' } })), 3, 'a refused call has not used its key up');
  await efectivo.tick();
  assert.equal((await ask('POST', '/refund', { order: '1' })).status, 409, 'nothing is left');
  assert.equal(refunds(await ask('POST', '/refund', { order: '1', key: 'rest' })), 3);
  const anew = await service(t, { store: sqliteStore(store), settings: efectivo.settings });
  assert.equal(refunds(await anew.ask('POST', '/refund', part)), 3);
  assert.equal(provider.ledger.refunds.size, 3);
});

/** A service whose order 1 was paid twice, and its one question. */
async function paidTwice(t, more) {
  const all = await service(t, more);
  await all.ask('POST', '/create-voucher', { order: '1', number: 'R-1', amount: '12.00' });
  const [code] = all.provider.ledger.codes.keys();
  for (const _ of [1, 2]) { all.provider.pay(code); await all.provider.quiet(); await all.efectivo.tick(); }
  const { value: { orders: [{ reviews: [review] }] } } = await all.ask('GET', '/list-reviews');
  return { ...all, review };
}

test('what waits for a person is listed with what to do, and answered by a choice that it offers', async (t) => {
  const { ask, provider, efectivo, review } = await paidTwice(t);
  const { value: { orders: [waits], next } } = await ask('GET', '/list-reviews');
  assert.deepEqual([waits.order, waits.number, waits.reviews.length, next], ['1', 'R-1', 1, null]);
  assert.deepEqual([review.kind, review.title, review.choices.map(({ choice }) => choice)], ['second_money', 'Duplicate payment', ['refund_money', 'settled_elsewhere']]);
  assert.ok(review.steps.length >= 2 && review.facts.some(({ value }) => value === 'ROSITA-1-1') && /^Answer before /.test(review.due_line));
  const answer = { order: '1', review: review.review, choice: 'refund_money', reason: 'paid twice', key: 'ticket-9' };
  const refused = async (body) => { const { status, value } = await ask('POST', '/answer-review', { ...answer, key: undefined, ...body }); return [status, value.error.code]; };
  for (const [body, status, code] of [
    [{ order: 'unknown' }, 404, 'no_case'], [{ order: undefined }, 422, 'missing_field'], [{ review: 7 }, 404, 'no_review'], [{ review: undefined }, 422, 'missing_field'], [{ review: 'one' }, 422, 'bad_ask'],
    [{ choice: 'accept_money' }, 409, 'not_possible'], [{ choice: undefined }, 422, 'missing_field'], [{ reason: ' ' }, 422, 'reason_needed'], [{ reason: 'x'.repeat(501) }, 422, 'reason_needed'], [{ colour: 'red' }, 422, 'bad_ask'],
  ]) assert.deepEqual(await refused(body), [status, code], JSON.stringify(body));
  assert.equal(provider.ledger.refunds.size, 0);
  for (const _ of [1, 2]) assert.equal((await ask('POST', '/answer-review', answer)).value.open_reviews, 0, 'the same call again changes nothing');
  await efectivo.tick();
  assert.equal(provider.ledger.refunds.size, 1);
  assert.deepEqual(await refused({}), [409, 'not_possible'], 'it is answered');
  assert.deepEqual((await ask('GET', '/list-reviews')).value.orders, []);
  const { value: story } = await ask('GET', '/query-case?order=1');
  assert.deepEqual([story.reviews[0].choices, story.reviews[0].closed.reason], [[], 'paid twice']);
  assert.ok(story.history.length > 4 && story.history.every(({ text }) => text !== ''));
});

test('an order says what it offers, and takes that alone', async (t) => {
  const { ask, provider, efectivo, review } = await paidTwice(t);
  const calls = async (order) => (await ask('POST', '/query-case', { order })).value.decisions.map(({ call }) => call);
  assert.deepEqual(await calls('1'), ['/check-now', '/refund']);
  const refused = await ask('POST', '/cancel', { order: '1' });
  assert.deepEqual([refused.status, refused.value.error.code], [409, 'not_possible']);
  await ask('POST', '/create-voucher', { order: '2', amount: '30.00' });
  assert.deepEqual(await calls('2'), ['/check-now', '/cancel']);
  const [, second] = provider.ledger.codes.values();
  provider.pay(second.id, { notice: 'lost' });
  await ask('POST', '/check-now', { order: '2' });
  await efectivo.tick();
  assert.equal((await ask('GET', '/query-status?order=2')).value.state, 'paid', 'found by asking');
  await ask('POST', '/create-voucher', { order: '3', amount: '40.00' });
  for (const _ of [1, 2]) assert.equal((await ask('POST', '/cancel', { order: '3', key: 'by-phone' })).status, 200);
  await efectivo.tick();
  assert.deepEqual([(await ask('GET', '/query-status?order=3')).value.state, [...provider.ledger.codes.values()][2].status], ['cancelled', 'cancelled']);
  for (const call of ['/check-now', '/cancel']) assert.equal((await ask('POST', call, { order: 'unknown' })).status, 404);
  assert.equal((await ask('POST', '/answer-review', { order: '1', review: review.review, choice: 'settled_elsewhere', reason: 'given back in the shop' })).status, 200);
});

test('a long list of questions goes on where it stopped, in the service’s language', async (t) => {
  const { ask, provider, efectivo } = await paidTwice(t);
  for (const order of ['2', '3']) {
    await ask('POST', '/create-voucher', { order, amount: '12.00' });
    const code = [...provider.ledger.codes.keys()].at(-1);
    for (const _ of [1, 2]) { provider.pay(code); await provider.quiet(); await efectivo.tick(); }
  }
  const seen = [];
  for (let before; before !== null;) {
    const { value } = await ask('GET', `/list-reviews?limit=1${before === undefined ? '' : `&before=${before}`}`);
    seen.push(...value.orders.map(({ order }) => order));
    before = value.next;
  }
  assert.deepEqual(seen, ['3', '2', '1']);
  for (const query of ['limit=0', 'limit=101', 'limit=x', 'before=x', 'colour=red']) assert.equal((await ask('GET', `/list-reviews?${query}`)).status, 422, query);
  const spanish = await paidTwice(t, { lang: 'es' });
  assert.equal(spanish.review.title, 'Pago duplicado');
});

test('money that belongs to no order is asked about under a key of its own', async (t) => {
  let offset = 0;
  const { ask, provider, efectivo } = await service(t, { clock: { now: () => Date.now() + offset } });
  provider.post(JSON.stringify({ event: 'code.paid', id: '999', reference: 'OTHER-9-1', payment_id: 'op-9', amount: '50.00', currency: 'PEN' }), 'my-secret');
  await provider.quiet();
  await efectivo.tick();
  offset = 901_000;
  await efectivo.tick();
  const { value: { orders: [stray] } } = await ask('GET', '/list-reviews');
  assert.deepEqual(stray.reviews.map(({ kind }) => kind), ['unmatched_money']);
  const answer = { order: stray.order, review: stray.reviews[0].review, choice: 'settled_elsewhere', reason: 'another shop of ours' };
  assert.equal((await ask('POST', '/answer-review', answer)).value.open_reviews, 0);
});

test('a case that a newer version wrote is refused by name, and the others go on', async (t) => {
  const real = sqliteStore({ file: ':memory:' });
  let newer = null;
  const written = (loaded) => (loaded?.case.id === newer ? { ...loaded, case: { ...loaded.case, schema: 99, a_new_field: 1 } } : loaded);
  const store = new Proxy(real, { get: (all, name) => (name === 'load' ? async (id) => written(await all.load(id)) : all[name]) });
  const { ask } = await service(t, { store });
  newer = (await ask('POST', '/create-voucher', { order: '1', amount: '12.00' })).value.case;
  await ask('POST', '/create-voucher', { order: '2', amount: '12.00' });
  for (const call of ['/query-status', '/query-case']) {
    const { status, value } = await ask('GET', `${call}?order=1`);
    assert.deepEqual([status, value.error.code, value.error.message], [500, 'newer_schema', 'This case was written by a newer version (schema 99).']);
  }
  assert.equal((await ask('GET', '/query-status?order=2')).status, 200);
});

test('what is wrong is said, and nothing leaves', async (t) => {
  const { ask, provider, base } = await service(t);
  assert.equal((await ask('GET', '/query-status?order=1', undefined, 'a-wrong-key-of-thirty-letters!')).status, 401);
  assert.equal((await ask('GET', '/query-status?order=unknown')).status, 404);
  assert.equal((await ask('POST', '/refund', { order: 'unknown' })).status, 404);
  assert.equal((await ask('POST', '/create-voucher', { order: '1', amount: '12.345' })).status, 422);
  assert.equal((await ask('POST', '/create-voucher', { order: '1' })).status, 422);
  assert.match((await ask('POST', '/create-voucher', { order: '1', amount: 12.5 })).value.error.message, /the amount 12.5 is no text/);
  assert.equal((await ask('POST', '/create-voucher', { amount: '12.00' })).status, 422);
  assert.equal((await ask('POST', '/create-voucher', { order: '1', amount: '12.00', colour: 'red' })).value.error.code, 'bad_ask');
  assert.equal((await ask('POST', '/create-voucher', { order: '2', amount: '12.00', person: { shoe: 44 } })).status, 422);
  assert.equal((await fetch(`${base}/create-voucher`, { method: 'POST', headers: { authorization: `Bearer ${KEY}` }, body: '[1]' })).status, 422);
  assert.equal((await fetch(`${base}/nothing`)).status, 404);
  assert.deepEqual(provider.ledger.calls, []);
});

test('an order that was refused can be asked for again, corrected', async (t) => {
  const { ask, provider } = await service(t);
  assert.equal((await ask('POST', '/create-voucher', { order: '1', amount: '0' })).value.error.code, 'nothing_to_pay');
  assert.equal((await ask('POST', '/create-voucher', { order: '1', amount: '99999999.00' })).value.error.code, 'amount');
  const made = await ask('POST', '/create-voucher', { order: '1', amount: '10.00' });
  assert.deepEqual([made.status, made.value.amount.minor, provider.ledger.codes.size], [200, 1_000, 1]);
  const other = await ask('POST', '/create-voucher', { order: '1', amount: '11.00' });
  assert.deepEqual([other.status, other.value.error.code], [409, 'other_amount']);
  assert.equal((await ask('POST', '/create-voucher', { order: '1', amount: '10.00' })).value.case, made.value.case);
  assert.equal(provider.ledger.codes.size, 1);
});

test('a change that cannot be read leaves the order as it is', async (t) => {
  const { ask, book, provider, efectivo } = await service(t);
  await ask('POST', '/create-voucher', { order: '1', amount: '10.00' });
  const before = await book.read('1');
  for (const wrong of [{ status: 'weird' }, { outstanding: '12.00' }, { outstanding: { minor: 'x', currency: 'PEN' } }, { outstanding: { minor: 1_200 } }]) {
    const answer = await ask('POST', '/order-changed', { order: '1', ...wrong });
    assert.deepEqual([answer.status, answer.value.error.code], [422, 'bad_ask'], JSON.stringify(wrong));
    assert.deepEqual(await book.read('1'), before);
  }
  provider.pay([...provider.ledger.codes.keys()][0]);
  await provider.quiet();
  await efectivo.tick();
  assert.equal((await ask('GET', '/query-status?order=1')).value.state, 'paid');
  const much = await ask('POST', '/refund', { order: '1', amount: { minor: 1_001, currency: 'PEN' } });
  assert.deepEqual([much.status, much.value.error.code, provider.ledger.refunds.size], [409, 'too_much_back', 0], 'never more than came in');
});

test('the service answers in one language, and by the right status', async (t) => {
  const { ask, base } = await service(t);
  const english = await ask('POST', '/create-voucher', { order: '1', amount: '10.00', person: { shoe: 44 } });
  assert.match(english.value.error.message, /The call is not of the expected form/);
  const spanish = await service(t, { lang: 'es' });
  assert.match((await spanish.ask('POST', '/create-voucher', { order: '1', amount: '10.00', person: { shoe: 44 } })).value.error.message, /La llamada no tiene/);
  assert.equal((await ask('GET', '/query-status')).value.error.code, 'missing_field');
  assert.equal((await ask('POST', '/create-voucher', { order: '1' })).value.error.message, 'an order needs its amount');
  const send = (method, path, body) => fetch(base + path, { method, headers: { authorization: `Bearer ${KEY}` }, body });
  assert.equal((await send('PUT', '/create-voucher', '{}')).status, 405);
  assert.equal((await send('POST', '/create-voucher', 'x'.repeat(70_000))).status, 413);
});

test('the document is served and the service says that it lives, without a key', async (t) => {
  const { base } = await service(t);
  assert.deepEqual(await (await fetch(`${base}/openapi.json`)).json(), document);
  const health = await (await fetch(`${base}/healthz`)).json();
  assert.deepEqual(misfits(health, document.paths['/healthz'].get.responses[200].content['application/json'].schema, document), []);
});

test('an order’s product categories choose its channel, and are refused where they are none', async (t) => {
  const { ask, provider } = await service(t, {}, { channels: [{ id: 'sandbox-1', excluded_categories: ['vinos'] }] });
  const refused = await ask('POST', '/create-voucher', { order: '1', amount: '12.00', categories: 'vinos' });
  assert.deepEqual([refused.status, refused.value.error.code], [422, 'bad_ask']);
  assert.equal((await ask('POST', '/create-voucher', { order: '1', amount: '12.00', categories: ['vinos'] })).value.error.code, 'no_channel');
  assert.equal(provider.ledger.codes.size, 0);
  assert.equal((await ask('POST', '/create-voucher', { order: '1', amount: '12.00', categories: ['quesos'] })).value.state, 'waiting');
});

test('every part of the shopper’s page, and trouble with the database, are documented', async (t) => {
  const trouble = { on: false };
  const real = sqliteStore({ file: ':memory:' });
  const locked = () => { throw storeError({ code: 'ERR_SQLITE_ERROR', errcode: 5 }); };
  const store = new Proxy(real, { get: (all, name) => (trouble.on && ['holder', 'channels', 'cases'].includes(name) ? async () => locked() : all[name]) });
  const { ask, base } = await service(t, { store });
  const { value: { page_url } } = await ask('POST', '/create-voucher', { order: '1', amount: '12.00', person: { email: 'ana@rosita.example' } });
  const page = base + new URL(page_url).pathname;
  const documented = async (method, address, path) => {
    const { status } = await fetch(address, { method, redirect: 'manual', ...(method === 'POST' && { body: '{}' }) });
    assert.ok(document.paths[path][method.toLowerCase()].responses[status], `${method} ${path}: ${status}`);
    return status;
  };
  const parts = [['GET', ''], ['GET', '/status'], ['GET', '/calendar.ics'], ['POST', '/check'], ['POST', '/mail'], ['POST', '/nuevo']];
  for (const [method, part] of parts) assert.equal(await documented(method, page + part, `/pago/{token}${part}`), method === 'GET' ? 200 : 303, part);
  assert.deepEqual(misfits(await (await fetch(`${page}/status`)).json(), document.components.schemas.PageStatus, document), []);
  assert.equal(await documented('GET', `${base}/openapi.json`, '/openapi.json'), 200);
  trouble.on = true;
  for (const [method, part] of parts) assert.equal(await documented(method, page + part, `/pago/{token}${part}`), 503, part);
  for (const path of ['/query-case', '/answer-review', '/check-now', '/cancel']) assert.equal((await ask('POST', path, { order: '1', ...(path === '/answer-review' && { review: 1, choice: 'noted', reason: 'r' }) })).status, 503, path);
  assert.equal((await ask('GET', '/list-reviews')).status, 503);
  for (const path of ['/create-voucher', '/query-status', '/refund', '/order-changed']) assert.equal((await ask('POST', path, { order: '1', ...(path === '/create-voucher' && { amount: '12.00' }) })).status, 503, path);
  assert.equal((await ask('GET', '/query-status?order=1')).status, 503);
  assert.equal(await documented('POST', `${base}/webhook/sandbox-1`, '/webhook/{channel}'), 503);
  assert.ok(Object.values(document.paths).flatMap((path) => Object.values(path)).filter(({ responses }) => responses[503]).every(({ responses }) => responses[500]));
});

test('an order cancelled in the shop has its code called off', async (t) => {
  const { ask, provider, efectivo } = await service(t);
  await ask('POST', '/create-voucher', { order: '7', amount: '12.00' });
  await ask('POST', '/order-changed', { order: '7', status: 'cancelled' });
  await efectivo.tick();
  assert.equal([...provider.ledger.codes.values()][0].status, 'cancelled');
});

test('the shop is told by a signed callback, again and again until it has answered', async (t) => {
  const told = [];
  let busy = 1;
  const shop = createServer(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request)).toString();
    const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signature } = request.headers;
    assert.equal(signature, `v1,${createHmac('sha256', SECRET).update(`${id}.${time}.${body}`).digest('base64')}`);
    busy -= 1;
    response.writeHead(busy >= 0 ? 503 : 200).end();
    told.push([JSON.parse(body).type, id]);
  }).listen(0, '127.0.0.1');
  await once(shop, 'listening');
  t.after(() => shop.close());
  let offset = 0;
  const { ask, provider, efectivo } = await service(t, { callback: { url: `http://127.0.0.1:${shop.address().port}/`, secret: SECRET }, clock: { now: () => Date.now() + offset } });
  await ask('POST', '/create-voucher', { order: '1', amount: '12.00' });
  await efectivo.tick();
  offset += 2_000;
  await efectivo.tick();
  provider.pay([...provider.ledger.codes.keys()][0]);
  await provider.quiet();
  await efectivo.tick();
  assert.deepEqual(told.map(([type]) => type), ['order.show_code', 'order.show_code', 'order.mark_paid']);
  assert.equal(told[0][1], told[1][1], 'the same effect has the same id');
});

test('malformed settings end the command with a sentence', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'efectivo-config-'));
  const run = async (text, words = []) => {
    const file = join(folder, 'efectivo.json');
    writeFileSync(file, text);
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', bin, 'serve', '--config', file, '--port', '0', ...words], { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH } });
    const said = Buffer.concat(await Array.fromAsync(child.stderr)).toString();
    const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode];
    return [code, said];
  };
  const good = { data: 'data', bearer_keys: [KEY], settings: settings('http://127.0.0.1:9/sandbox'), credentials };
  for (const [text, says, words] of [
    ['{"data": }', /not JSON/],
    ['{}', /"data" and "settings"/],
    [JSON.stringify({ ...good, colour: 'red' }), /unknown field: colour/],
    [JSON.stringify({ ...good, lang: 'fr' }), /lang/],
    [JSON.stringify({ ...good, bearer_keys: ['short'] }), /bearer_keys/],
    [JSON.stringify({ ...good, bearer_keys: undefined }), /bearer_keys/],
    [JSON.stringify({ ...good, settings: { ...good.settings, validity_hours: 1 } }), /validity_hours/],
    [JSON.stringify({ ...good, callback: { url: 'http://shop.example/', secret: SECRET } }), /callback/],
    [JSON.stringify(good), /no port/, ['--port', '70000']],
  ]) {
    const [code, said] = await run(text, words);
    assert.equal(code, 1, text);
    assert.match(said, says);
    assert.ok(!/\n\s+at /.test(said), 'a sentence, not a stack');
  }
  rmSync(folder, { recursive: true });
});

test('the command serves until it is told to stop', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'efectivo-serve-'));
  writeFileSync(join(folder, 'efectivo.json'), JSON.stringify({ data: 'data', lang: 'es', bearer_keys: [KEY], settings: settings('http://127.0.0.1:9/sandbox'), credentials }));
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', bin, 'serve', '--config', join(folder, 'efectivo.json'), '--port', '0'], { stdio: ['ignore', 'pipe', 'ignore'] });
  t.after(() => child.kill('SIGKILL'));
  const [line] = await once(child.stdout, 'data');
  const base = String(line).trim().replace('ready ', '');
  assert.equal((await (await fetch(`${base}/healthz`)).json()).ok, true);
  const refused = await fetch(`${base}/create-voucher`, { method: 'POST', headers: { authorization: `Bearer ${KEY}` }, body: '{"order":"1","amount":"x"}' });
  assert.match((await refused.json()).error.message, /no se pudo leer/, 'in the language of the file');
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
  rmSync(folder, { recursive: true });
});
