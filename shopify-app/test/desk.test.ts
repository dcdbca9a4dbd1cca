// The merchant's page in a browser, in the fake Shopify's admin: settings, a trial sale, a question answered, previews, and axe-core on every tab.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium, type Frame, type Page } from 'playwright-core';
import { makeBook } from '../src/orders/book.ts';
import { buildDesk } from '../tools/build-desk.ts';
import { startDemo, type Demo } from './fake-shopify/demo.ts';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const shots = process.env.SHOTS;
const SHOP = 'quipu.myshopify.com';
/** Every tab, in the order in which they stand. */
const TABS = ['guide', 'figures', 'cases', 'reviews', 'settings', 'preview', 'judge'];
const LOCALES = ['es', 'en', 'zh-CN'];

before(buildDesk);

async function embedded(page: Page, base: string, locale = 'es'): Promise<Frame> {
  await page.goto(`${base}/admin/quipu.myshopify.com/app?locale=${locale}`);
  const frame = await (await page.waitForSelector('iframe[data-app]')).contentFrame();
  assert.ok(frame);
  await frame.locator('nav s-button').first().waitFor();
  return frame;
}

/** Words of the catalogue that the page could not find: they stand there by their ids. */
const UNSAID = /\b(tab|field|settings|guide|proofs?|health|rules|judge|preview|kind|channel|notices|method|mode|tone|locale|allowlist|error)\.[a-z_.]+\b/;
/** What only Spanish says, on a page in another language; names of the shop, of products and of providers are what they are. */
const SPANISH = /\b(Ajustes|Guía|Códigos|Cifras|Pedido|Todavía|Falta|Guardar|Volver|Buscar|Motivo|nunca|prueba)\b/;

/** A picture of the frame at its whole height, where pictures are wanted. */
async function pictured(page: Page, frame: Frame, name: string): Promise<void> {
  if (!shots) return;
  const height = await frame.evaluate(() => document.documentElement.scrollHeight);
  await page.evaluate((px) => { const one = document.querySelector<HTMLIFrameElement>('iframe[data-app]'); if (one) one.style.height = `${px}px`; }, height + 20);
  await page.locator('iframe[data-app]').screenshot({ path: join(shots, `desk-${name}.png`) });
  await page.evaluate(() => { const one = document.querySelector<HTMLIFrameElement>('iframe[data-app]'); if (one) one.style.height = ''; });
}

/** What axe-core finds wrong on the page in the frame. */
async function wrongs(frame: Frame): Promise<string[]> {
  await frame.evaluate(AXE);
  return frame.evaluate(async () => (await (globalThis as any).axe.run(document, { rules: { region: { enabled: false }, 'page-has-heading-one': { enabled: false } } })).violations.map((one: any) => `${one.id}: ${one.nodes.map((node: any) => node.target.join(' ')).join(', ')}`));
}

/** A question that is open, a refund that Shopify did not write down, a shopper's request for data, an order that can get no code, and rules that wait for Plus: what a page shows when not all is well. */
async function troubled(demo: Demo): Promise<void> {
  const order = demo.fake.order(SHOP, { lines: [{ price: '45.00' }], gateway: 'PagoEfectivo', test: true, email: 'luis@example.pe' });
  demo.fake.order(SHOP, { lines: [{ price: '45.00' }], gateway: 'PagoEfectivo', test: false, email: 'rosa@example.pe' });
  await demo.fake.deliver();
  await demo.server.tick();
  const shop = await demo.server.parts.shops.of('mi-tienda', SHOP);
  const { code } = await shop!.efectivo!.status(String(order.id)) ?? {};
  for (let times = 0; times < 2; times += 1) await fetch(`${demo.base}/agente/pay`, { method: 'POST', body: new URLSearchParams({ do: 'pay', code: code ?? '' }), redirect: 'manual' });
  for (let tries = 0; tries < 20 && (await shop!.efectivo!.cases({ reviews: 'open' })).length === 0; tries += 1) await new Promise((done) => setTimeout(done, 250));
  await makeBook(demo.server.parts.db, shop!.key, demo.server.parts.clock).problemToo(String(order.id), { code: 'problem.refund_not_recorded', values: { amount: 'S/ 45.00' } });
  demo.fake.privacy('customers/data_request', SHOP, order);
  await demo.fake.deliver();
  await demo.server.tick();
  const { doc, secrets, version } = await demo.server.parts.shops.stored(shop!);
  await demo.server.parts.shops.save(shop!, version, { ...doc, plus_rules: true }, secrets);
}

test('a merchant walks every tab of the page, on a phone and on a desk', { skip: existsSync(executablePath) ? false : 'Chromium is not there' }, async (t) => {
  const data = mkdtempSync(join(tmpdir(), 'efectivo-desk-'));
  const demo = await startDemo({ port: 0, data });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
  t.after(async () => {
    await browser.close();
    await demo.close();
    rmSync(data, { recursive: true, force: true });
  });
  const order = demo.fake.order('quipu.myshopify.com', { lines: [{ price: '120.50' }], gateway: 'PagoEfectivo', test: true, email: 'ana@example.pe' });
  await demo.fake.deliver();
  await demo.server.tick();
  await troubled(demo);

  for (const locale of LOCALES) for (const width of [360, 1280]) {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    const frame = await embedded(page, demo.base, locale);
    assert.equal(await frame.evaluate(() => document.documentElement.lang), locale);
    for (const [at, tab] of TABS.entries()) {
      const where = `${tab} in ${locale} at ${width}`;
      await frame.locator('nav s-button').nth(at).click();
      await page.waitForTimeout(400);
      assert.deepEqual(await wrongs(frame), [], where);
      assert.ok(await frame.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1), `${where} fits`);
      const text = await frame.evaluate(() => document.body.innerText);
      assert.doesNotMatch(text, UNSAID, where);
      if (locale !== 'es' && tab !== 'preview') assert.doesNotMatch(text, SPANISH, where);
      await pictured(page, frame, `${locale}-${width}-${at}-${tab}`);
    }
    assert.deepEqual(errors, []);
    await page.close();
  }

  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const frame = await embedded(page, demo.base);
  await frame.getByRole('button', { name: 'Vista previa', exact: true }).click();
  await frame.locator('[data-shown="page es-PE tu"]').waitFor();
  await frame.getByRole('button', { name: 'Cifras', exact: true }).click();
  await frame.locator('[data-shown="figures test"], [data-shown="figures live"]').waitFor();
  await frame.getByRole('button', { name: 'Códigos', exact: true }).click();
  await frame.getByText(order.name).first().waitFor();
  await frame.getByRole('button', { name: 'Abrir', exact: true }).first().click();
  await frame.getByText('Historial').waitFor();
  await pictured(page, frame, 'es-1280-case');
  await frame.getByRole('button', { name: 'Por revisar', exact: true }).click();
  for (const unbooked of ['as a question', 'on the page of its code']) {
    await frame.getByText('sin enviar dinero otra vez').waitFor();
    assert.deepEqual(await wrongs(frame), [], unbooked);
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      assert.ok(await frame.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1), `${unbooked} at ${width}`);
      await pictured(page, frame, `es-${width}-unbooked-${unbooked.replaceAll(' ', '-')}`);
    }
    if (unbooked === 'as a question') await frame.getByRole('button', { name: 'Abrir', exact: true }).first().click();
    await frame.getByText(unbooked === 'as a question' ? 'Historial' : 'sin enviar dinero otra vez').first().waitFor();
  }
  await frame.getByRole('button', { name: 'Ya está atendido', exact: true }).click();
  await frame.getByText('sin enviar dinero otra vez').waitFor({ state: 'detached' });
  await frame.getByRole('button', { name: 'Guía', exact: true }).click();
  const [file] = await Promise.all([page.waitForEvent('download'), frame.getByRole('button', { name: 'Descargar los datos' }).click()]);
  const held = JSON.parse(readFileSync(await file.path(), 'utf8')) as { orders: Array<{ person: { email: string } | null }> };
  assert.deepEqual(held.orders.map(({ person }) => person?.email), ['luis@example.pe'], file.suggestedFilename());
  await page.close();
});
