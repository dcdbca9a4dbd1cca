// Mails to shoppers: by the merchant's own mail server, in Spanish, once; while there is none they wait and nothing is lost.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { street } from './street.ts';

/** A mail server that takes everything, or refuses with `refuses`. */
async function mailServer(t: TestContext, it: { refuses?: string } = {}) {
  const letters: string[] = [];
  const server = createServer((socket) => {
    let inside = false;
    let letter = '';
    socket.write('220 test\r\n');
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      for (const line of chunk.toString().split('\r\n').slice(0, -1)) {
        if (inside && line === '.') { inside = false; letters.push(letter); letter = ''; socket.write('250 taken\r\n'); }
        else if (inside) letter += `${line}\n`;
        else if (/^DATA/i.test(line)) { inside = true; socket.write('354 go on\r\n'); }
        else if (/^RCPT/i.test(line) && it.refuses) socket.write(`${it.refuses}\r\n`);
        else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
        else socket.write('250 ok\r\n');
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return { letters, port: (server.address() as AddressInfo).port };
}

test('mails wait while no mail server is set, and leave when there is one', async (t) => {
  const it = await street(t, { mailer: false });
  const order = it.buy();
  await it.settle();
  const waiting = (await it.kase(order)).outputs.filter(({ lane }) => lane === 'mail');
  assert.deepEqual(waiting.map(({ attempt, done_at, dead_at }) => [attempt, done_at, dead_at]), [[0, null, null]]);
  const { letters, port } = await mailServer(t);
  const shop = await it.shop();
  const { version, doc, secrets } = await it.server.parts.shops.stored(shop);
  await it.server.parts.shops.save(shop, version, { ...doc, smtp: { host: '127.0.0.1', port, secure: false, user: '' } }, secrets);
  await it.settle();
  assert.equal(letters.length, 1);
  assert.match(letters[0] ?? '', /^To: canario@quipu\.example$/m);
  assert.match(letters[0] ?? '', /^Message-ID: </m);
});

test('a mail server that refuses is tried again, and its words, which name the shopper, reach no log', async (t) => {
  const { letters, port } = await mailServer(t, { refuses: '450 <canario@quipu.example> is greylisted' });
  const it = await street(t, { mailer: false, settings: { smtp: { host: '127.0.0.1', port, secure: false, user: '' } } });
  const order = it.buy();
  await it.settle();
  assert.deepEqual(letters, []);
  const [mail] = (await it.kase(order)).outputs.filter(({ lane }) => lane === 'mail');
  assert.ok(mail.attempt >= 1 && mail.done_at === null);
  assert.ok(it.lines.some((line) => line.includes('smtp_450')));
});

test('settings that another saved meanwhile are not overwritten', async (t) => {
  const it = await street(t);
  const shop = await it.shop();
  const { version, doc, secrets } = await it.server.parts.shops.stored(shop);
  await it.server.parts.shops.save(shop, version, { ...doc, trial_emails: ['a@quipu.example'] }, secrets);
  await assert.rejects(it.server.parts.shops.save(shop, version, doc, secrets), { code: 'changed_meanwhile' });
  assert.deepEqual((await it.shop()).settings.trial_emails, ['a@quipu.example']);
});

test('a shop without channels says what it lacks, and its orders wait', async (t) => {
  const it = await street(t);
  const shop = await it.shop();
  const { version, doc, secrets } = await it.server.parts.shops.stored(shop);
  const bare = await it.server.parts.shops.save(shop, version, { ...doc, core: { ...doc.core, channels: [] } }, secrets);
  assert.equal(bare.efectivo, null);
  assert.deepEqual(bare.needs.map(({ field }) => field), ['channels']);
  const order = it.buy();
  await it.settle();
  const again = await it.server.parts.shops.stored(bare);
  await it.server.parts.shops.save(bare, again.version, doc, secrets);
  await it.wind(3_600_000);
  assert.equal(await it.state(order), 'waiting');
});

test('a trial by the merchant\'s own address is paid by test money; everybody else\'s order is not', async (t) => {
  const it = await street(t, { settings: { trial_emails: ['Canario@quipu.example '] } });
  const [trial, real] = [it.buy({ test: false }), it.buy({ test: false, email: 'otra@quipu.example' })];
  await it.settle();
  it.provider.pay(it.code(trial).id);
  await it.settle();
  assert.equal(it.fake.stands(trial).standing, 'PAID');
  assert.equal(await it.state(real), undefined, 'no live channel: no code');
});
