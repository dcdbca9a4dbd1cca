// The page's script in Chromium, on the committed page and a server that answers as a host does, or not at all: it never says more than it knows.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { startBrowser } from './support.mjs';

const HTML = readFileSync(new URL('../../../tests/vectors/page/waiting.html', import.meta.url), 'utf8');
const SHOP = 'https://quipu.example/pago/k3v9x2m7q4w8z6n1b5c0d2f4';
const START = JSON.parse(/id="j">(.*?)<\/script>/.exec(HTML)[1]);
let browser;

before(async () => { browser = await startBrowser(); });
after(() => browser?.close());

/** The page of `now`, on a host whose answers to presses and questions the test changes. */
async function opened(t, { now = START.now } = {}) {
  const host = { press: 303, asked: 0, status: { state: 'waiting', text: 'Esperando', updated: 'ahora', stale: START.stale, now, next_ms: 10_000, reload: START.reload } };
  const server = createServer((request, response) => {
    if (request.method === 'POST') return response.writeHead(host.press, { location: '/' }).end();
    if (request.url === '/status') host.asked += 1;
    return response.end(request.url === '/status' ? JSON.stringify(host.status) : HTML.replaceAll(SHOP, host.base).replace(`"now":${START.now}`, `"now":${now}`));
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  host.base = `http://127.0.0.1:${server.address().port}`;
  const context = await browser.newContext({ viewport: { width: 360, height: 780 } });
  const page = await context.newPage();
  await page.goto(host.base);
  t.after(async () => { await context.close(); server.closeAllConnections(); server.close(); });
  const button = (part) => page.locator(`form[action$="/${part}"] button`);
  return { page, context, host, button, says: (what, text) => what.filter({ hasText: text }).waitFor({ timeout: 15_000 }) };
}

test('the code is called mailed once the host took the wish, and never before', async (t) => {
  const { button, host, context, says } = await opened(t);
  await context.setOffline(true);
  await button('mail').click();
  await says(button('mail'), 'No se pudo enviar');
  await context.setOffline(false);
  host.press = 429;
  await button('mail').click();
  await says(button('mail'), 'No se pudo enviar');
  host.press = 303;
  await button('mail').click();
  await says(button('mail'), 'Enviado a m•••@gmail.com');
});

test('the button to check can be pressed again after the next answer, and after none', async (t) => {
  const { page, button, host, context, says } = await opened(t);
  await button('check').click();
  await says(button('check'), 'Consultando…');
  assert.equal(host.asked, 0);
  await says(button('check'), 'Ya pagué, verificar');
  assert.equal(host.asked, 1);
  await context.setOffline(true);
  await button('check').click();
  await says(button('check'), 'Ya pagué, verificar');
  await says(page.locator('#s'), 'Sin conexión');
});

test('a phone without a network is never told in one breath that the deadline is over and that the code may be used', async (t) => {
  const { page, context, button, says } = await opened(t, { now: START.end + 1_000 });
  await context.setOffline(true);
  await says(page.locator('#t'), 'Ya pasó la hora límite. No pagues con este código.');
  await button('check').click();
  await says(page.locator('#s'), 'No pagues con este código.');
  assert.ok(!(await page.locator('#s').textContent()).includes('puedes usar'));
});
