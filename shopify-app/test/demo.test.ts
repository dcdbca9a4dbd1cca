// `cargo xtask shopify` as a merchant meets it: in a process of its own, walked over HTTP and in Chromium, killed half-way and started again.

import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { World } from './fake-shopify/index.ts';

const DEMO = fileURLToPath(new URL('./fake-shopify/demo.ts', import.meta.url));
const SHOP = 'quipu.myshopify.com';
const PAY_SHOP = 'wayra.myshopify.com';
const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const SHOTS = process.env.EFECTIVO_SCREENSHOTS;
/** What a killed process had claimed is taken over when its lease ends. */
const PATIENCE_MS = 90_000;

interface Running { base: string; child: ChildProcess }

async function start(data: string): Promise<Running> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', DEMO, '--port', '0', '--data', data], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'exit').then(([code]) => { throw new Error(`the demo ended with ${code} before it was ready`); });
  const [line] = await Promise.race([once(child.stdout ?? process.stdin, 'data'), gone]) as [Buffer];
  gone.catch(() => {});
  const base = /ready (\S+)/.exec(line.toString())?.[1];
  assert.ok(base, line.toString());
  return { base, child };
}

async function end({ child }: Running, signal: NodeJS.Signals): Promise<void> {
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

describe('the demo', () => {
  const data = mkdtempSync(join(tmpdir(), 'efectivo-shopify-'));
  let demo: Running;
  before(async () => { demo = await start(data); });
  after(async () => {
    if (demo?.child.exitCode === null) await end(demo, 'SIGTERM');
    rmSync(data, { recursive: true, force: true });
  });

  const world = (): World => JSON.parse(readFileSync(join(data, 'shopify.json'), 'utf8'));
  const orders = () => world().shops[SHOP]?.orders ?? [];
  const post = (path: string, form: Record<string, string>): Promise<Response> => fetch(`${demo.base}${path}`, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
  const page = async (path: string): Promise<string> => (await fetch(`${demo.base}${path}`)).text();
  const buy = (more: Record<string, string> = {}): Promise<Response> => post(`/s/${SHOP}/checkouts`, { q0: '1', currency: 'PEN', first_name: 'Ana', last_name: 'Quispe', email: 'ana@example.pe', method: 'PagoEfectivo', test: '1', ...more });
  const codes = async (): Promise<string[]> => [...(await page('/agente')).matchAll(/data-code="(\d+)"/g)].map(([, digits]) => digits ?? '');

  async function until<T>(what: string, look: () => T | Promise<T>): Promise<Exclude<T, false | undefined | null>> {
    for (const ends = Date.now() + PATIENCE_MS; Date.now() < ends;) {
      const seen = await look();
      if (seen) return seen as Exclude<T, false | undefined | null>;
      await new Promise((done) => setTimeout(done, 150));
    }
    throw new Error(`never: ${what}`);
  }

  it('gives a code to an order, and marks it as paid when the agent took the money', async () => {
    await buy();
    const [digits] = await until('a code', async () => { const all = await codes(); return all.length === 1 && all; });
    await until('the tag', () => orders()[0]?.tags.length);
    await post('/agente/pay', { do: 'pay', code: digits ?? '' });
    const order = await until('paid', () => orders().find((one) => one.transactions.some(({ status, kind }) => kind === 'SALE' && status === 'SUCCESS')));
    assert.deepEqual(order.transactions.filter(({ status }) => status === 'SUCCESS').map(({ amount, by }) => [amount, by]), [[12050, 'demo-client-id']]);
  });

  it('goes on after a kill in the middle, with nothing lost and nothing twice', async () => {
    const first = await codes();
    await buy({ q0: '0', q1: '1' });
    const digits = await until('a second code', async () => { const all = await codes(); return all.length === 2 && all; });
    await end(demo, 'SIGKILL');
    demo = await start(data);
    assert.equal(orders().length, 2);
    // The kill may have come before the app heard of the code: its money is known all the same, or asked about.
    await post('/agente/pay', { do: 'pay', code: digits.find((code) => !first.includes(code)) ?? '' });
    await post(`/admin/${SHOP}/clock`, { hours: '1' });
    const paid = (at: number): number => orders()[at]?.transactions.filter(({ status }) => status === 'SUCCESS').length ?? 0;
    await until('paid, or a question to the merchant', () => paid(1) > 0 || orders()[1]?.tags.includes('efectivo-revisar'));
    assert.equal(paid(0), 1);
    assert.ok(paid(1) <= 1);
  });

  it('cancels an order whose code nobody paid, a day after its end, and puts the stock back', async () => {
    const before = (await codes()).length;
    await buy({ q0: '0', q2: '1' });
    await until('a code more', async () => (await codes()).length > before);
    for (const hours of ['48', '12', '13', '1', '1']) await post(`/admin/${SHOP}/clock`, { hours });
    const order = await until('cancelled', () => orders()[2]?.cancelled !== null && orders()[2]);
    assert.equal(order.restocked, true);
    assert.equal(order.transactions.some(({ status }) => status === 'SUCCESS'), false);
  });

  it('shows the code on the thank-you page, on the shopper\'s page and in the order, in a browser', { skip: !process.env.CHROMIUM && 'CHROMIUM names no browser' }, async () => {
    const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
    try {
      const tab = await browser.newPage({ viewport: { width: 360, height: 800 } });
      await tab.goto(`${demo.base}/s/${SHOP}/`);
      await tab.getByRole('button', { name: 'Pagar ahora' }).click();
      const block = tab.frameLocator('iframe');
      await block.getByText(/^\d{3} \d{3} \d{3}$/).waitFor();
      const shown = (await block.getByText(/^\d{3} \d{3} \d{3}$/).textContent() ?? '').replaceAll(' ', '');
      assert.ok((await codes()).includes(shown));
      if (SHOTS) mkdirSync(SHOTS, { recursive: true });
      if (SHOTS) await tab.screenshot({ path: `${SHOTS}/demo-thanks.png`, fullPage: true });
      const [opened] = await Promise.all([tab.context().waitForEvent('page'), block.getByRole('link').last().click()]);
      await opened.getByText(new RegExp(shown.replace(/(\d{3})(?=\d)/g, '$1\\s*'))).first().waitFor();
      if (SHOTS) await opened.screenshot({ path: `${SHOTS}/demo-voucher.png`, fullPage: true });
    } finally {
      await browser.close();
    }
  });

  it('had no document refused by Shopify\'s schema', async () => {
    assert.doesNotMatch(await page(`/admin/${SHOP}/troubles`), /Cannot query|doesn(&#39;|')t play|Expected type/);
  });
});

describe('the demo of role PAY, in a browser', { skip: !process.env.CHROMIUM && 'CHROMIUM names no browser' }, () => {
  const data = mkdtempSync(join(tmpdir(), 'efectivo-shopify-'));
  let [demo, browser, tab]: [Running, Browser, Page] = [] as never;
  before(async () => {
    demo = await start(data);
    browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
    // Shopify's library answers 410 to whatever calls itself headless, crawlers being what it fears.
    tab = await browser.newPage({ viewport: { width: 360, height: 800 }, userAgent: `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${browser.version()} Safari/537.36` });
    tab.setDefaultTimeout(20_000);
  });
  after(async () => {
    await browser?.close();
    if (demo?.child.exitCode === null) await end(demo, 'SIGTERM');
    rmSync(data, { recursive: true, force: true });
  });

  const kept = (): World => JSON.parse(readFileSync(join(data, 'shopify.json'), 'utf8'));
  const button = (name: string | RegExp) => tab.getByRole('button', { name, exact: true });
  const link = (name: string | RegExp) => tab.getByRole('link', { name, exact: true });

  /** A picture of the page as it stands, on a phone and on a desk; nothing may be wider than the screen. */
  async function looked(name: string): Promise<void> {
    for (const width of [1280, 360]) {
      await tab.setViewportSize({ width, height: 800 });
      if (SHOTS) mkdirSync(SHOTS, { recursive: true });
      if (SHOTS) await tab.screenshot({ path: `${SHOTS}/pay-${name}-${width}.png`, fullPage: true });
      assert.ok(await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} fits ${width}`);
    }
    await tab.evaluate(AXE);
    const found = await tab.evaluate(async () => (await (globalThis as unknown as { axe: { run(where: Document, how: object): Promise<{ violations: Array<{ id: string; nodes: Array<{ html: string }> }> }> } }).axe.run(document, { rules: { region: { enabled: false } } })).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`));
    assert.deepEqual(found, [], name);
  }

  /** Buys at the payments app's shop, up to the app's first page. */
  async function toFirstPage(): Promise<void> {
    await tab.goto(`${demo.base}/s/${PAY_SHOP}/`);
    await button('Pagar ahora').click();
    await button('Generar código').waitFor();
  }

  /** Asks for the code, and reads it off the page. */
  async function code(): Promise<string> {
    await button('Generar código').click();
    await tab.waitForURL(/\/pago\//);
    const shown = tab.getByText(/^\d{3}\s?\d{3}\s?\d{3}$/).first();
    await shown.waitFor();
    return (await shown.textContent() ?? '').replaceAll(/\s/g, '');
  }

  async function agent(digits: string, press: string): Promise<void> {
    await tab.goto(`${demo.base}/agente`);
    await tab.getByLabel('Código').first().fill(digits);
    await tab.locator(`button[name=do][value=${press}]`).first().click();
    await tab.getByRole('status').waitFor();
  }

  /** Waits until an order's page in the admin says so. */
  async function order(number: number, text: RegExp): Promise<void> {
    const id = kept().shops[PAY_SHOP]?.orders.find((one) => one.number === number)?.id;
    for (let tries = 0; tries < 40; tries += 1) {
      await tab.goto(`${demo.base}/admin/${PAY_SHOP}/orders/${id}`);
      if (text.test(await tab.locator('main').innerText())) return;
      await tab.waitForTimeout(500);
    }
    assert.match(await tab.locator('main').innerText(), text);
  }

  async function wind(...hours: number[]): Promise<void> {
    for (const count of hours) {
      await tab.goto(`${demo.base}/admin/${PAY_SHOP}/troubles`);
      await tab.getByLabel('Adelantar horas').fill(String(count));
      await button('Adelantar').click();
      await tab.waitForLoadState();
    }
  }

  it('is installed by a merchant, by Shopify\'s authorization code', async () => {
    await tab.goto(demo.base);
    await looked('front');
    await link('Instalar la aplicación de pagos').click();
    await looked('install');
    await link('Instalar').click();
    await tab.getByText('aparece en la pantalla de pago').waitFor();
    await looked('installed');
    assert.equal(kept().shops[PAY_SHOP]?.installs[0]?.ready, true);
  });

  it('lets a buyer go back before a code exists, and come again', async () => {
    await toFirstPage();
    await looked('first');
    await link(/Volver/).click();
    await tab.getByRole('heading', { name: 'Tu pedido' }).waitFor();
    await looked('checkout');
    assert.deepEqual(kept().sessions.map(({ state }) => state), ['open']);
    await button('Pagar ahora').click();
    await button('Generar código').waitFor();
    const digits = await code();
    await looked('code');
    await link(/tienda/i).first().click();
    await tab.getByText('Tu pago está pendiente').waitFor();
    await looked('thanks');
    await agent(digits, 'pay');
    await looked('agent');
    await order(1001, /Pagado[\s\S]*resuelta/);
    await looked('paid');
  });

  it('gives money back that the merchant refunds and the shopper claims', async () => {
    await tab.getByLabel('Reembolso', { exact: true }).fill('20.50');
    await button('Reembolsar').click();
    const digits = await tab.goto(`${demo.base}/agente`).then(() => tab.locator('li[data-code]').first().getAttribute('data-code'));
    await order(1001, /Reembolsos[\s\S]*sin respuesta todavía/);
    await agent(digits ?? '', 'form');
    await wind(24, 24);
    await order(1001, /Reembolsado en parte[\s\S]*Reembolsos[\s\S]*resuelta/);
    await looked('refunded');
  });

  it('never resolves money that comes late, nor a second time', async () => {
    await toFirstPage();
    const late = await code();
    await wind(24, 24, 24, 6);
    await order(1002, /Sesiones de pago[\s\S]*(rechazada|vencida)/);
    await looked('late');
    await agent(late, 'pay');
    await toFirstPage();
    await agent(await code(), 'twice');
    await order(1003, /Pagado[\s\S]*resuelta/);
    await wind(24);
    await order(1002, /Por cobrar\s+PEN 120.50/);
    await order(1003, /Recibido\s+PEN 120.50/);
    await tab.goto(`${demo.base}/socio`);
    await tab.getByText(/después del cierre/).first().waitFor();
    await tab.getByText(/Pago duplicado/).first().waitFor();
    await looked('questions');
    const asked = await tab.getByRole('button').count();
    await tab.getByRole('button').last().click();
    await tab.getByRole('alert').waitFor();
    await tab.getByLabel(/^Motivo/).last().fill('Devuelto en efectivo');
    await tab.getByRole('button').last().click();
    await tab.waitForURL(/socio$/);
    assert.ok(await tab.getByRole('button').count() < asked, 'an answered question is asked no more');
    assert.doesNotMatch(await (await fetch(`${demo.base}/admin/${PAY_SHOP}/troubles`)).text(), /Cannot query|doesn(&#39;|')t play|Expected type/);
  });
});

describe('a demo that can\'t start', () => {
  it('says which port or folder is in the way', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const said = async (...words: string[]): Promise<string> => {
      const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', DEMO, ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
      let text = '';
      child.stderr.on('data', (part: Buffer) => { text += part.toString(); });
      const [code] = await once(child, 'close') as [number];
      return `${code} ${text}`;
    };
    const folder = mkdtempSync(join(tmpdir(), 'efectivo-shopify-'));
    try {
      assert.match(await said('--port', String(port), '--data', folder), /^1 error: port \d+ or the next one is taken/);
      assert.match(await said('--data', '/dev/null/nowhere'), /^1 error: the data folder .* can't be used/);
      writeFileSync(join(folder, 'ports.json'), '{"shopify":4600,"app":4601}');
      assert.match(await said('--port', '4700', '--data', folder), /^1 error: .* belongs to port 4600/);
    } finally {
      taken.close();
      rmSync(folder, { recursive: true, force: true });
    }
    assert.equal(existsSync(folder), false);
  });
});
