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
import { chromium } from 'playwright-core';
import type { World } from './fake-shopify/index.ts';

const DEMO = fileURLToPath(new URL('./fake-shopify/demo.ts', import.meta.url));
const SHOP = 'quipu.myshopify.com';
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
