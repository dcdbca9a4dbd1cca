// The merchant's page in a browser, in the fake Shopify's admin: settings, a trial sale, a question answered, previews, and axe-core on every tab.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium, type Frame, type Page } from 'playwright-core';
import { buildDesk } from '../tools/build-desk.ts';
import { startDemo } from './fake-shopify/demo.ts';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const shots = process.env.SHOTS;
const TABS = ['Cifras', 'Códigos', 'Por revisar', 'Ajustes', 'Vista previa', 'Revisar un aviso', 'Guía'];

before(buildDesk);

async function embedded(page: Page, base: string): Promise<Frame> {
  await page.goto(`${base}/admin/quipu.myshopify.com/app`);
  const frame = await (await page.waitForSelector('iframe[data-app]')).contentFrame();
  assert.ok(frame);
  await frame.getByRole('button', { name: 'Guía' }).waitFor();
  return frame;
}

/** What axe-core finds wrong on the page in the frame. */
async function wrongs(frame: Frame): Promise<string[]> {
  await frame.evaluate(AXE);
  return frame.evaluate(async () => (await (globalThis as any).axe.run(document, { rules: { region: { enabled: false }, 'page-has-heading-one': { enabled: false } } })).violations.map((one: any) => `${one.id}: ${one.nodes.map((node: any) => node.target.join(' ')).join(', ')}`));
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

  for (const width of [360, 1280]) {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    const frame = await embedded(page, demo.base);
    for (const tab of TABS) {
      await frame.getByRole('button', { name: tab, exact: true }).click();
      await page.waitForTimeout(400);
      assert.deepEqual(await wrongs(frame), [], `${tab} at ${width}`);
      assert.ok(await frame.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1), `${tab} fits ${width}`);
      if (shots) await page.screenshot({ path: join(shots, `desk-${width}-${TABS.indexOf(tab)}.png`), fullPage: true });
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
  await page.close();
});
