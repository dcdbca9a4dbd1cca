// What a merchant asks about a provider: are my keys good, has its interface changed, what do I send to its support.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { hundred, openShop, person, settings } from './support/shop.mjs';

async function shopOf(t, name, keys, reply, more = {}) {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const [status, body, headers = {}] = reply(asked.length);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}`;
  const channels = [{ id: 'one', provider: name, mode: 'test', confirmed: true, sandbox_url: url, notice_url: 'https://rosita.example/webhook/one' }];
  const shop = await openShop({ data: ':memory:', settings: { ...settings(url), channels }, credentials: { one: { [name]: keys } }, ...more });
  t.after(async () => { await shop.close(); server.closeAllConnections(); server.close(); });
  return { ...shop, asked };
}

const DLOCAL = { login: 'l', trans_key: 't', secret_key: 's' };
const checked = async (t, reply, name = 'dlocal', keys = DLOCAL) => {
  const { efectivo, asked } = await shopOf(t, name, keys, reply);
  return { ...(await efectivo.checkKeys('one', { locale: 'en' })), asked };
};

test('good keys are told by a question that changes nothing', async (t) => {
  const { good, text, asked } = await checked(t, () => [404, { code: 4000, message: 'Payment not found' }]);
  assert.deepEqual([good, text, asked], [true, 'dLocal accepts these keys.', ['GET /payments/1']]);
});

test('wrong keys, an address that is not listed, a page in place of data: each says what to do', async (t) => {
  for (const [reply, said] of [
    [[400, { code: 5000, message: 'Signature not match' }], /does not accept the keys.*Copy each key again/],
    [[403, { code: 3001, message: 'x' }], /does not accept the keys/],
    [[200, '<html>hola</html>'], /a page instead of data/],
    [[503, 'busy'], /did not answer/],
  ]) {
    const { good, text } = await checked(t, () => reply);
    assert.equal(good, false);
    assert.match(text, said);
  }
});

test('a key in the wrong field is told by the field, before anything leaves', async (t) => {
  const { efectivo, asked } = await shopOf(t, 'paysafe', { api_key: 'only-a-name', account_id: '1', hmac_key: 'aGV5' }, () => [200, {}]);
  await assert.rejects(efectivo.checkKeys('one', { locale: 'en' }), (error) => error.code === 'credential' && error.message.includes('api_key') && !error.message.includes('only-a-name'));
  assert.deepEqual(asked, []);
});

test('where there is no such question it says so', async (t) => {
  const { good, text, asked } = await checked(t, () => [200, {}], 'kushki', { public_merchant_id: 'a', private_merchant_id: 'b', webhook_signature: 'c' });
  assert.deepEqual([good, asked], [null, []]);
  assert.match(text, /one test sale/);
});

test('an announced retirement and an unknown word are noted once, and nothing else changes', async (t) => {
  const payment = (status) => ({ id: 'DP-1', status, amount: 100, currency: 'PEN', redirect_url: 'https://checkout.example/x' });
  const headers = { deprecation: '@1798761600', sunset: 'Sat, 31 Jul 2027 23:59:59 GMT' };
  const { efectivo, book } = await shopOf(t, 'dlocal_go', { api_key: 'a', secret_key: 'b' }, (count) => [200, payment(count === 1 ? 'PENDING' : 'NEWWORD'), headers]);
  await book.add('1', hundred);
  const { case: id } = await efectivo.place({ order: '1', person });
  for (let times = 0; times < 3; times += 1) {
    await efectivo.merchant(id, 'check_now');
    await efectivo.tick();
  }
  const notes = await efectivo.notes('one', { locale: 'en' });
  assert.deepEqual(notes.map(({ what }) => what), ['deprecation', 'sunset', 'unknown_status']);
  assert.match(notes[1].text, /switches this interface off on Sat, 31 Jul 2027/);
  assert.equal((await efectivo.status('1')).state, 'waiting');
});

test('a field that twenty answers did not have is noted once, by its name and never its value', async (t) => {
  const payment = (more) => ({ id: 'DP-1', status: 'PENDING', amount: 100, currency: 'PEN', redirect_url: 'https://checkout.example/x', ...more });
  // The first answer is the create's; 20 questions teach what an answer looks like, of which the third has an optional field.
  const seen = (count) => (count === 4 ? { merchant_note: 'x' } : count > 21 ? { merchant_note: 'x', settled_by: 'canary-7f3a', payer: { tier: 'canary-7f3a' } } : {});
  const { efectivo, book, asked } = await shopOf(t, 'dlocal_go', { api_key: 'a', secret_key: 'b' }, (count) => [200, payment(seen(count))]);
  await book.add('1', hundred);
  const { case: id } = await efectivo.place({ order: '1', person });
  const ask = async (upTo) => {
    while (asked.length < upTo) {
      await efectivo.merchant(id, 'check_now');
      await efectivo.tick();
    }
  };
  await ask(21);
  assert.deepEqual(await efectivo.notes('one'), []);
  await ask(24);
  const notes = await efectivo.notes('one', { locale: 'en' });
  assert.deepEqual(notes.map(({ what }) => what), ['unknown_field', 'unknown_field', 'unknown_field']);
  for (const [place, name] of ['payer', 'payer.tier', 'settled_by'].entries()) assert.ok(notes[place].text.includes(name), notes[place].text);
  assert.ok(!JSON.stringify(notes).includes('canary'));
  assert.equal((await efectivo.status('1')).state, 'waiting');
});

test('a support pack has what a provider searches by, and nobody’s data', async (t) => {
  const { efectivo, book } = await shopOf(t, 'dlocal_go', { api_key: 'a', secret_key: 'canary-7f3a' }, () => [200, { id: 'DP-77', status: 'PENDING', amount: 100, currency: 'PEN', redirect_url: 'https://checkout.example/x' }]);
  await book.add('1', hundred);
  const { case: id } = await efectivo.place({ order: '1', person });
  const pack = await efectivo.supportPack(id);
  for (const part of ['provider: dlocal_go', 'our reference: ROSITA-1-1', "provider's id: DP-77", 'amount: PEN 100.00', 'answer: ']) assert.ok(pack.includes(part), part);
  for (const secret of ['canary', 'Quispe', 'rosita.example', '45678912', '987654321']) assert.ok(!pack.includes(secret), secret);
});

test('a provider’s error is explained in the review that it opened', async (t) => {
  const { efectivo, book } = await shopOf(t, 'dlocal', DLOCAL, () => [400, { code: 5016, message: 'amount too low' }]);
  await book.add('1', hundred);
  const { case: id } = await efectivo.place({ order: '1', person });
  const { view } = await efectivo.case(id, { locale: 'en' });
  assert.match(view.reviews[0].explained.cause, /outside what dLocal takes \(5016\)/);
  assert.match(view.reviews[0].explained.step, /limits/);
});
