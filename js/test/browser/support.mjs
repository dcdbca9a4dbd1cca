// What the browser tests share: the demo on a free port, Chromium, axe, screenshots, and the trouble that an agent orders.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import zxing from '@zxing/library';
import jsqr from 'jsqr';
import { chromium } from 'playwright-core';
import { PNG } from 'pngjs';

const DEMO = fileURLToPath(new URL('../../demo/main.mjs', import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const SHOTS = process.env.EFECTIVO_SCREENSHOTS;

/** A folder that goes when the tests end. */
function ownFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'efectivo-demo-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts the demo in a process of its own, on `data`. */
export async function startDemo(data = ownFolder()) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', DEMO, '--port', '0', '--data', data], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  const base = /ready (\S+)/.exec(line)[1];
  return { base, data, kill: async (signal = 'SIGKILL') => { const ended = once(child, 'exit'); child.kill(signal); await ended; } };
}

/** Leaves an order as a kill between the shop's table and the first case would. */
export function leaveHalf(data, { order, product }) {
  const db = new DatabaseSync(join(data, 'orders.sqlite'));
  const money = JSON.stringify({ minor: 9900, currency: 'PEN' });
  db.prepare('INSERT INTO lines VALUES (?, ?, 1, ?)').run(order, product, 'sandbox');
  db.prepare('INSERT INTO orders (order_key, status, outstanding, total) VALUES (?, ?, ?, ?)').run(order, 'open', money, money);
  db.close();
}

/** What the demo says when it can't start. */
export async function failedStart(options) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', DEMO, ...options], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (part) => { said += part; });
  const [code] = await once(child, 'close');
  return `${said} (${code})`;
}

/** What a QR reader and a barcode reader find in a screenshot, by decoders that aren't ours. */
export function decoded(png) {
  const { width, height, data } = PNG.sync.read(png);
  const found = [jsqr(new Uint8ClampedArray(data), width, height)?.data];
  const grey = Uint8ClampedArray.from({ length: width * height }, (_, at) => data[4 * at]);
  try {
    found.push(new zxing.Code128Reader().decode(new zxing.BinaryBitmap(new zxing.HybridBinarizer(new zxing.RGBLuminanceSource(grey, width, height)))).getText());
  } catch { /* no barcode there */ }
  return found.filter(Boolean);
}

/** Chromium, with or without pictures. */
export async function startBrowser({ images = true } = {}) {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: images ? ARGS : [...ARGS, '--blink-settings=imagesEnabled=false'] });
}

/** What axe finds on a page, as sentences. */
export async function axe(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

/** A picture of the page at 360 and 1280 pixels, where a folder for them is named. */
export async function shoot(page, name) {
  if (!SHOTS) return;
  mkdirSync(SHOTS, { recursive: true });
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 780 });
    await page.screenshot({ path: join(SHOTS, `${name}-${width}.png`), fullPage: true });
  }
}

/** Buys one of a product and gives the order's addresses and code. */
export async function buy(page, base, { product = 'chompa', host = 'sandbox', document = '', phone = '' } = {}) {
  await page.goto(base);
  await page.click(`[data-product=${product}] button`);
  await page.fill('#first_name', 'Ana');
  await page.fill('#last_name', 'Quispe');
  await page.fill('#email', 'ana@example.pe');
  if (document) await page.fill('#document', document);
  if (phone) await page.fill('#phone', phone);
  await page.check(`[name=host][value=${host}]`);
  await page.click('form[action="/comprar"] button');
  await page.waitForURL(/gracias/);
  const code = (await page.locator('[data-code]').count()) > 0 ? await page.textContent('[data-code]') : null; // a provider may only lead to a page of its own
  return { code, order: page.url().split('/').at(-1), thanks: page.url(), voucher: await page.getAttribute('[data-voucher]', 'href'), desk: await page.getAttribute('ol a[href^="/escritorio/caso"]', 'href') };
}

/** Presses a button of the test agent. */
export async function atAgent(page, base, code, what, { amount = '' } = {}) {
  await page.goto(`${base}/agente?code=${code}`);
  if (amount) await page.fill('#amount', amount);
  await page.click(`form[action="/agente/pay"] button[value=${what}]`);
  await page.waitForSelector('[role=status], [role=alert]');
}

/** Orders what happens to the next notices. */
export async function notices(page, base, rule) {
  await page.goto(`${base}/agente`);
  await page.selectOption('#rule', JSON.stringify(rule));
  await page.click('button[value=notices]');
}

/** Winds the clock on a case's page by pressing the button of this name. */
export async function wind(page, base, desk, by) {
  await page.goto(base + desk);
  await page.click(`form[action="/escritorio/reloj"]:has(input[value="${by}"]) button`);
  await page.waitForLoadState();
}

/** Winds to an instant that the desk offers: 1 the deadline, 2 the end of the grace. */
export async function windTo(page, base, desk, which) {
  await page.goto(base + desk);
  await page.locator('form[action="/escritorio/reloj"]:has(input[name=to]) button').nth(which).click();
  await page.waitForLoadState();
}
