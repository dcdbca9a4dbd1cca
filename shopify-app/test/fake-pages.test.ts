// The fake Shopify's pages in Chromium: a shopper buys, the built block plays on its stage, the merchant acts, the embedded app gets its tokens.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { loadSync } from 'efectivo';
import { chromium, type Browser, type Page } from 'playwright-core';
import { buildExtension, handles } from '../tools/build-extension.ts';
import { makeFake, type Fake } from './fake-shopify/index.ts';
import { readJwt } from './fake-shopify/proofs.ts';
import { moved } from './fake-shopify/pages/cdn.ts';
import { APP, SHOP } from './fake-shopify/workbench.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SHOTS = process.env.EFECTIVO_SCREENSHOTS;
const LABELS = { code: 'Código', code_hint: 'Díctalo o escríbelo', amount: 'Importe', deadline: 'Vence', copy: 'Copiar', copied: 'Copiado', copy_failed: 'No se pudo copiar', open: 'Ver cómo pagar', qr_hint: 'Abre la página en tu celular', qr_not_payable: 'No se paga con este QR', barcode: 'Código de barras', stale: 'Sin conexión' };
const TOLD = { state: 'waiting', payable: true, again_ms: 0, heading: 'Paga en efectivo', message: 'Paga en un agente o en la app de tu banco.', code: '123456789', code_grouped: '123 456 789', amount_text: 'S/ 120.50', deadline_text: 'viernes 27, 10:00', page_url: 'https://app.test/pago/x', labels: LABELS };

describe('the fake\'s pages', { skip: !process.env.CHROMIUM && 'CHROMIUM names no browser' }, () => {
  let [browser, page, fake, base]: [Browser, Page, Fake, string] = [] as never;
  const asked: Array<{ path: string; token: string }> = [];
  const closing: Array<() => unknown> = [];

  before(async () => {
    const app = await stubApp(asked, () => base);
    const url = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
    const core = loadSync();
    const bundles = new Map((await Promise.all(handles().map(buildExtension))).flat().map(({ target, text }) => [target, text.replaceAll('https://pagos.example.pe', url)]));
    fake = makeFake({ apps: [{ ...APP, url, home: `${url}/admin` }] });
    fake.shop(SHOP).install();
    const qr = (text: string): string => Buffer.from((core.call('qr', { text, format: 'svg', title: '', scale: 4 }) as { bytes: Uint8Array }).bytes).toString();
    const listening = await fake.listen(0, { client_id: APP.client_id, extension: (target) => bundles.get(target) ?? null, qr });
    base = listening.url;
    browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
    page = await browser.newPage({ viewport: { width: 360, height: 800 } });
    closing.push(() => browser.close(), listening.close, () => { app.close(); app.closeAllConnections(); });
  });
  after(async () => { for (const close of closing) await close(); });

  async function looked(name: string): Promise<void> {
    if (SHOTS) {
      mkdirSync(SHOTS, { recursive: true });
      await page.screenshot({ path: `${SHOTS}/fake-${name}.png`, fullPage: true });
    }
    await page.evaluate(AXE);
    const found = await page.evaluate(() => (globalThis as unknown as { axe: { run(): Promise<{ violations: Array<{ id: string; nodes: Array<{ html: string }> }> }> } }).axe.run());
    assert.deepEqual(found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`), [], name);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${name} is wider than the screen`);
  }

  it('sell with the manual method and show the block on the thank-you page', async () => {
    await page.goto(base);
    await looked('front');
    await page.getByRole('link', { name: 'Tienda' }).click();
    await looked('shop');
    await page.getByRole('button', { name: 'Pagar ahora' }).click();
    const block = page.frameLocator('iframe');
    await block.getByText('123 456 789').waitFor();
    await block.getByRole('button', { name: 'Copiar' }).waitFor();
    await looked('thanks');
    const order = fake.world.shops[SHOP]?.orders[0];
    assert.deepEqual([order?.gateways, order?.test, order?.lines[0]?.price], [['PagoEfectivo'], true, 12050]);
    const { path = '', token = '' } = asked[0] ?? {};
    assert.match(path, new RegExp(`checkout_token=${order?.checkout_token}`));
    assert.equal(readJwt(token, fake.appOf(), Date.now())?.dest, SHOP);
    await page.getByRole('link', { name: 'Ver el estado del pedido' }).click();
    await block.getByText('123 456 789').waitFor();
    await looked('status');
  });

  it('let the merchant act on the order, and say what Shopify refuses', async () => {
    const [order] = fake.world.shops[SHOP]?.orders ?? [];
    if (!order) throw new Error('no order');
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(`${base}/admin/${SHOP}`);
    await page.getByRole('link', { name: '#1001' }).click();
    await page.frameLocator('iframe').getByText('Esperando pago').waitFor();
    await looked('order');
    await page.getByRole('button', { name: 'Marcar como pagado' }).click();
    await page.getByText('Pagado', { exact: true }).first().waitFor();
    await page.getByRole('textbox', { name: 'Reembolso' }).fill('999.00');
    await page.getByRole('button', { name: 'Reembolsar' }).click();
    await page.getByRole('alert').getByText(/exceeds/).waitFor();
    await page.getByRole('textbox', { name: 'Reembolso' }).fill('20.50');
    await page.getByRole('button', { name: 'Reembolsar' }).click();
    await page.getByText('Reembolsado en parte').waitFor();
    await page.getByRole('button', { name: 'Cancelar pedido' }).click();
    await page.getByText('Un pedido cancelado no se recupera.').waitFor();
    assert.deepEqual([fake.stands(order).refunded, fake.stands(order).cancelled], [2050, true]);
  });

  it('give the embedded app fresh id tokens, and order troubles', async () => {
    await page.setViewportSize({ width: 360, height: 800 });
    await page.goto(`${base}/admin/${SHOP}/app`);
    await page.frameLocator('iframe').getByText('soy quipu.myshopify.com').waitFor();
    await page.getByRole('status').getByText('Guardado').waitFor();
    await page.frameLocator('iframe').getByLabel('Nombre').fill('Quipu');
    const data = asked.find(({ path }) => path === '/admin/data');
    assert.equal(readJwt(data?.token ?? '', fake.appOf(), Date.now())?.iss, `https://${SHOP}/admin`);
    await page.goto(`${base}/admin/${SHOP}/troubles`);
    await looked('troubles');
    await page.getByLabel('Desde ahora').selectOption('twice');
    await page.getByRole('button', { name: 'Ordenar' }).first().click();
    await page.getByLabel('Cómo').selectOption('cut after');
    await page.getByRole('button', { name: 'Ordenar' }).last().click();
    await page.getByText('conexión cortada después de actuar · a todo · 1').waitFor();
    assert.equal(fake.troubles.at(-1)?.kind, 'cut after');
  });
});

/** An embedded page as Shopify wants it: App Bridge first, from the CDN. */
const EMBEDDED = `<!doctype html><meta name="shopify-api-key" content="app-1"><script src="https://cdn.shopify.com/shopifycloud/app-bridge.js"></script><script src="https://cdn.shopify.com/shopifycloud/polaris.js"></script>
<body><s-text-field label="Nombre"></s-text-field><script type="module">const { shop } = await (await fetch("/admin/data")).json(); document.body.append("soy " + shop); shopify.toast.show("Guardado");</script>`;

/** An app that answers what our blocks and a page of the admin ask. */
async function stubApp(asked: Array<{ path: string; token: string }>, base: () => string): Promise<Server> {
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    if (request.headers.authorization) asked.push({ path, token: request.headers.authorization.replace('Bearer ', '') });
    const cors = { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'authorization' };
    const json = (body: unknown): void => void response.writeHead(200, { ...cors, 'content-type': 'application/json' }).end(JSON.stringify(body));
    request.resume();
    if (request.method === 'OPTIONS') return void response.writeHead(204, cors).end();
    if (path.startsWith('/extension/')) return json(TOLD);
    if (path.startsWith('/admin-api/')) return json({ heading: 'Pago en efectivo', tone: 'info', state_text: 'Esperando pago', rows: [{ label: 'Código', text: '123 456 789' }], reviews: [], open: { label: 'Abrir', url: 'shopify://admin' } });
    if (path === '/admin/data') return json({ shop: SHOP });
    if (path.startsWith('/admin')) {
      const policy = `default-src 'none'; connect-src 'self'; script-src https://cdn.shopify.com 'unsafe-inline'; frame-ancestors https://${SHOP} https://admin.shopify.com`;
      const made = new Response(EMBEDDED, { headers: { 'content-type': 'text/html', 'content-security-policy': policy } });
      return void moved(made, base(), SHOP).then(async (told) => response.writeHead(200, Object.fromEntries(told.headers)).end(await told.text()));
    }
    response.writeHead(path.startsWith('/webhooks') ? 200 : 404).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}
