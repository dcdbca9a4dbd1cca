// Requests that leave: where they may go, what comes back, and what each kind of failure is called.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createSocket } from 'node:net';
import { after, test } from 'node:test';
import { destination, send } from '../src/send.mjs';

const server = createServer(answer).listen(0, '127.0.0.1');
await once(server, 'listening');
const base = `http://127.0.0.1:${server.address().port}`;
after(() => server.close());
const seen = [];

function answer(request, response) {
  seen.push({ method: request.method, url: request.url, headers: request.headers });
  if (request.url === '/moved') return response.writeHead(302, { location: `${base}/elsewhere` }).end();
  if (request.url === '/slow') return undefined;
  if (request.url === '/cut') return response.writeHead(200, { 'content-length': 100 }).write('half', () => response.destroy());
  if (request.url === '/reset') return request.socket.destroy();
  if (request.url === '/large') return response.end(Buffer.alloc(5_000));
  return request.on('data', (part) => seen.push(String(part))).on('end', () => response.writeHead(201, { 'x-one': '1' }).end('hola'));
}

const anywhere = () => true;
const request = (url, more = {}) => ({ method: 'POST', url, headers: [['Content-Type', 'text/plain']], timeout_ms: 300, answer_limit_bytes: 4_000, ...more });
const failure = async (url, more) => (await send(request(url, more), Buffer.from('x'), anywhere)).answer.failure;

test('a request arrives as the core built it, and the answer comes back as it is', async () => {
  const { answer, bytes } = await send(request(`${base}/a?b=1`, { headers: [['Content-Type', 'application/json'], ['X-Login', 'me']] }), Buffer.from('{"a":1}'), anywhere);
  assert.equal(answer.response.status, 201);
  assert.ok(answer.response.headers.some(([name, value]) => name === 'x-one' && value === '1'));
  assert.equal(Buffer.from(bytes).toString(), 'hola');
  const [asked, body] = seen;
  assert.deepEqual([asked.method, asked.url, asked.headers['x-login'], asked.headers.connection, body], ['POST', '/a?b=1', 'me', 'close', '{"a":1}']);
});

test('a redirect is an answer, not a way', async () => {
  assert.equal((await send(request(`${base}/moved`, { method: 'GET' }), Buffer.alloc(0), anywhere)).answer.response.status, 302);
  assert.ok(!seen.some(({ url }) => url === '/elsewhere'));
});

test('each failure is called what it is: never left, or perhaps', async () => {
  const dead = createSocket().listen(0, '127.0.0.1');
  await once(dead, 'listening');
  const { port } = dead.address();
  dead.close();
  await once(dead, 'close');
  assert.equal(await failure(`http://127.0.0.1:${port}/`), 'connect');
  assert.equal(await failure('http://no-such-host.invalid/', { timeout_ms: 5_000 }), 'dns');
  assert.equal(await failure(base.replace('http:', 'https:')), 'tls');
  assert.equal(await failure(`${base}/slow`), 'timeout');
  assert.equal(await failure(`${base}/cut`), 'cut_off');
  assert.equal(await failure(`${base}/reset`), 'cut_off');
  assert.equal(await failure(`${base}/large`), 'too_large');
});

test('a request goes to the provider’s own hosts by https, or to the sandbox on this machine, and nowhere else', async () => {
  const abilities = { hosts: [['test', 'sandbox.dlocal.com'], ['live', 'api.dlocal.com']] };
  const live = destination({ mode: 'live', sandbox_url: '' }, abilities);
  assert.ok(live('https://api.dlocal.com/payments'));
  for (const bad of ['http://api.dlocal.com/', 'https://sandbox.dlocal.com/', 'https://api.dlocal.com:8443/', 'https://api.dlocal.com.evil.pe/', 'https://me@api.dlocal.com/', 'not an address', 'file:///etc/passwd']) {
    assert.ok(!live(bad), bad);
  }
  const sandbox = destination({ mode: 'test', sandbox_url: 'http://127.0.0.1:4401/sandbox' }, abilities);
  assert.ok(sandbox('http://127.0.0.1:4401/sandbox/payments'));
  for (const bad of ['http://127.0.0.1:4402/', 'http://10.0.0.1:4401/', 'https://api.dlocal.com/']) assert.ok(!sandbox(bad), bad);
  assert.ok(!destination({ mode: 'test', sandbox_url: 'http://10.0.0.1:4401' }, abilities)('http://10.0.0.1:4401/'), 'a sandbox is on this machine');
  const before = seen.length;
  assert.deepEqual((await send(request(`${base}/`), Buffer.alloc(0), () => false)).answer, { failure: 'not_allowed' });
  assert.equal(seen.length, before);
});
