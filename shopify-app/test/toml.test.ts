// The TOML files before Shopify's own command line, which builds without a login; what it needs the network for is not asked of it.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { makeConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';
import { appOfToml, paymentsOfToml } from './fake-shopify/toml.ts';
import { KEYS, QUIPU } from './street.ts';

const APP = fileURLToPath(new URL('..', import.meta.url));
const CLI = fileURLToPath(new URL('../../tools/shopify-cli/node_modules/@shopify/cli/bin/run.js', import.meta.url));

/** `shopify app build` in `folder`: whether it was content, and what it said. */
function build(folder: string, ...more: string[]): { content: boolean; said: string } {
  assert.ok(existsSync(CLI), 'Shopify\'s command line is missing: (cd tools/shopify-cli && npm ci)');
  const env = { ...process.env, CI: '1', SHOPIFY_CLI_NO_ANALYTICS: '1', NO_COLOR: '1' };
  const ran = spawnSync(process.execPath, [CLI, 'app', 'build', '--path', folder, '--skip-dependencies-installation', ...more], { env, encoding: 'utf8', timeout: 120_000 });
  return { content: ran.status === 0, said: `${ran.stdout}${ran.stderr}` };
}

/** The payments app in a folder of its own, changed by `change`. */
function payments(change: (toml: string) => string): { content: boolean; said: string } {
  const folder = mkdtempSync(join(tmpdir(), 'efectivo-toml-'));
  try {
    for (const name of ['package.json', 'shopify.app.payments.toml', 'extensions-payments']) cpSync(join(APP, name), join(folder, name), { recursive: true });
    const file = join(folder, 'extensions-payments/pe-offsite/shopify.extension.toml');
    writeFileSync(file, change(readFileSync(file, 'utf8')));
    return build(folder, '--config', 'payments');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('Shopify takes the files of role SHOP, and bundles its blocks', () => {
  const { content, said } = build(APP);
  assert.ok(content, said);
  for (const handle of ['efectivo-voucher', 'efectivo-order']) assert.match(said, new RegExp(`${handle}\\s+successfully\\s+built`));
});

test('Shopify takes the files of role PAY', () => {
  const { content, said } = payments((toml) => toml);
  assert.ok(content, said);
});

test('Shopify refuses a label of 51 characters, so that its word means something', () => {
  const { content, said } = payments((toml) => toml.replace(/^buyer_label = .*$/m, `buyer_label = "${'x'.repeat(51)}"`));
  assert.equal(content, false);
  assert.match(said, /buyer_label/);
});

test('every address of the files reaches a room of the server, each as Shopify\'s command line would make it', async (t) => {
  const file = (name: string): string => readFileSync(join(APP, name), 'utf8');
  const origin = 'https://pagos.test';
  const known = { client_id: 'c', client_secret: 'a secret', origin };
  const [shop, pay] = [appOfToml(file('shopify.app.toml'), known), appOfToml(file('shopify.app.payments.toml'), known)];
  const platform = paymentsOfToml(file('extensions-payments/pe-offsite/shopify.extension.toml'), origin);
  const apps = [{ id: 'mi-tienda', role: 'shop', client_id: 'c', client_secret_env: 'SECRET' }, { id: 'socio', role: 'pay', client_id: 'p', client_secret_env: 'SECRET' }];
  const server = await makeServer({ log: () => {}, config: makeConfig({ public_url: origin, database: 'sqlite::memory:', apps }, { SECRET: 'a secret', EFECTIVO_KEYS: KEYS }) });
  t.after(() => server.close());
  await server.parts.shops.install('socio', QUIPU);
  const status = async (address: string, method = 'GET', door = server.fetch): Promise<number> => (await door(new Request(address, { method, headers: { 'shopify-shop-domain': QUIPU }, ...(method === 'POST' ? { body: '{}' } : {}) }))).status;

  const webhooks = [...(shop.webhooks ?? []), ...(pay.webhooks ?? [])];
  assert.equal(webhooks.length, 7);
  for (const { uri } of webhooks) assert.deepEqual([uri, await status(uri, 'POST')], [uri, 400], 'an unsigned webhook is read, and refused');
  assert.deepEqual([await status(shop.home ?? ''), await status(pay.home ?? '')], [200, 400], 'the merchant\'s page; the installation, which wants a shop');
  assert.equal(await status(`${shop.proxy?.url}/x`), 401, 'an unsigned question by the app proxy');
  for (const [address, wanted] of [[shop.redirects?.[0], 200], [pay.redirects?.[0], 400]] as const) assert.equal(await status(address ?? ''), wanted, address);
  for (const address of [platform.session_url, platform.refund_url]) assert.equal(await status(address, 'POST', server.payments), 400, `${address} reads what is sent`);
});
