// A real WordPress from npm, the oldest that the plugin names, without WooCommerce: activation, REST, the shopper's address, the sweep, privacy, Site Health, a network of sites.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { startSite } from './support/site.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const BUILDS = here('../../tools/wordpress/node_modules/@wp-playground/wordpress-builds');
const VERSION = '6.5';
const needs = ['php', 'curl', 'unzip', 'mariadbd', 'mariadb-install-db'].filter((program) => spawnSync('sh', ['-c', `PATH=$PATH:/usr/sbin:/usr/local/sbin command -v ${program}`]).status !== 0);
const skip = needs.length > 0 ? `${needs.join(', ')} isn’t installed (Debian: apt-get install php8.2-cli php8.2-mysql curl unzip mariadb-server)` : existsSync(BUILDS) ? false : 'npm’s WordPress is missing: npm ci in tools/wordpress';
let site;
let unpacked;

before(async () => {
  if (skip) return;
  unpacked = mkdtempSync(join(tmpdir(), 'efectivo-wordpress-'));
  execFileSync('unzip', ['-q', join(BUILDS, `src/wordpress/wp-${VERSION}.zip`), '-d', unpacked]);
  cpSync(join(BUILDS, `public/wp-${VERSION}`), unpacked, { recursive: true });
  for (const brought of ['wp-config.php', 'wp-content/database', 'wp-content/db.php', 'wp-content/mu-plugins']) rmSync(join(unpacked, brought), { recursive: true, force: true });
  site = await startSite({ wordpress: unpacked, woocommerce: here('support/stand-in') }, { plain: true });
});
after(async () => {
  await site?.stop();
  if (unpacked) rmSync(unpacked, { recursive: true, force: true });
});

const worker = async (...words) => {
  const { said } = await site.beside(...words);
  try {
    return JSON.parse(said.trim().split('\n').at(-1));
  } catch {
    throw new Error(`${words.join(' ')} said ${said.replace(/<style[\s\S]*?<\/style>|<[^>]*>/g, '').trim().slice(0, 800)}`);
  }
};
const post = (channel, body, headers = {}) => fetch(`${site.base}/wp-json/efectivo/v1/notices/${channel}`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

test('without WooCommerce it is not switched on, and WordPress says what is missing', { skip }, async () => {
  assert.match(readFileSync(join(site.root, 'wp/wp-includes/version.php'), 'utf8'), /wp_version = '6\.5/);
  assert.match(await worker('switch_on', 'efectivo'), /WooCommerce/);
});

test('switched on: every table with transactions, the core tested, this address confirmed', { skip }, async () => {
  assert.equal(await worker('switch_on', 'woocommerce'), true);
  assert.equal(await worker('switch_on', 'efectivo'), true);
  assert.deepEqual(await worker('tables'), []);
  assert.equal((await worker('options')).efectivo_address, site.base.replace('http://', ''));
  assert.match((await worker('options')).efectivo_core.of, /^\d+\.\d+\.\d+ 8\./);
});

test('the notice address judges what comes, broken JSON and foreign credentials too, and answers in its own bytes', { skip }, async () => {
  for (const [body, headers] of [['{"event":"code.paid"}', {}], ['{"broken', {}], ['{}', { authorization: 'Basic bm90OmhlcmU=' }]]) {
    const got = await post('sandbox', body, headers);
    assert.equal(got.status, 401, body);
    assert.doesNotMatch(await got.text(), /rest_invalid_json|application_password/);
  }
  assert.equal((await post('nobody', '{}')).status, 404);
  const [{ doc }] = await worker('sql', 'SELECT doc FROM {channels}');
  assert.match(doc, /last_refus/, 'noted, with its reason');
  const [ok, told] = await worker('test');
  assert.ok(ok, told);
});

test('an address that nobody was given shows nothing and is not guessed at for long', { skip }, async () => {
  const miss = () => fetch(`${site.base}/efectivo/${'a'.repeat(32)}`);
  const first = await miss();
  assert.deepEqual([first.status, first.headers.get('cache-control'), first.headers.get('x-robots-tag')], [404, 'no-store', 'noindex']);
  let status = 404;
  for (let tries = 0; tries < 80 && status === 404; tries += 1) ({ status } = await miss());
  assert.equal(status, 429);
});

test('the sweep runs, Site Health looks, and the privacy tools know the plugin', { skip }, async () => {
  assert.match((await worker('health')).join(' '), /sweep/);
  assert.equal(await worker('hook', 'efectivo_sweep'), true);
  assert.deepEqual(await worker('health'), []);
  assert.deepEqual(await worker('export', '"ana@example.pe"'), { data: [], done: true });
  assert.equal((await worker('erase', '"ana@example.pe"')).done, true);
});

test('in a network each site has records of its own, and deleting the plugin takes every site’s keys away', { skip }, async () => {
  const config = join(site.root, 'wp/wp-config.php');
  const { host } = new URL(site.base);
  assert.equal(await worker('network', JSON.stringify(host)), true);
  const text = readFileSync(config, 'utf8');
  writeFileSync(config, text.replace('$table_prefix', `define( 'MULTISITE', true ); define( 'SUBDOMAIN_INSTALL', false ); define( 'DOMAIN_CURRENT_SITE', '${host}' ); define( 'PATH_CURRENT_SITE', '/' ); define( 'SITE_ID_CURRENT_SITE', 1 ); define( 'BLOG_ID_CURRENT_SITE', 1 ); $_SERVER['HTTP_HOST'] = '${host}';\n$table_prefix`));
  const second = await worker('second_site', JSON.stringify(host));
  assert.deepEqual(second.wrong, []);
  assert.deepEqual(second.tables.filter((name) => name.startsWith('wp_2_efectivo_')).length, 11);
  assert.equal(second.tables.filter((name) => name.startsWith('wp_efectivo_')).length, 11);
  const left = await worker('uninstall');
  assert.equal(left.length, 22, 'records stay where nobody asked for more');
});
