// What an administrator relies on: the command line, privacy and retention, mails, Site Health, availability, and a clear sentence for everything that can be wrong.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { chmodSync, cpSync, readdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { askStore } from './support/doors.mjs';
import { fpm } from './support/fpm.mjs';
import { parts, startSite } from './support/site.mjs';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const made = await parts();
const skip = made.missing?.join('; ') ?? false;
let site;

before(async () => { if (!skip) site = await startSite(made, { fpm: Boolean(fpm()), copied: true }); });
after(async () => { await site?.stop(); });

const buy = (email = 'ana@example.pe') => site.tell('place', JSON.stringify(email)).order;
const order = (id) => site.tell('order', id);
const kase = (id) => site.tell('case', id);
const pay = (id, amount = null) => site.tell('act', { pay: { code: order(id).code, amount } });
const cli = (name, args = [], named = {}) => site.tell('cli', name, args, named);
const post = (channel, body, headers = {}) => fetch(`${site.base}/wp-json/efectivo/v1/notices/${channel}`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

test('the command line shows, asks, replays and tests, each in the wanted format and with an honest exit code', { skip }, () => {
  const id = buy();
  assert.equal(cli('status', [id], { format: 'json' }).said.format, 'json');
  assert.deepEqual([cli('status', [id]).said.rows[0].code, cli('status').said.rows[0].cases], [order(id).code, 1]);
  assert.deepEqual([cli('status', [99_999]).code, cli('journal', [99_999]).code], [1, 1]);
  site.tell('outside', { notices: { rule: 'lost', count: 1 } });
  site.tell('outside', { pay: { code: order(id).code, amount: null } });
  site.wind(2 * 60_000);
  assert.equal(cli('poll', [id]).code, 0);
  assert.equal(order(id).status, 'processing');
  assert.ok(cli('poll', [], { format: 'csv' }).said.rows[0].steps >= 0);
  assert.ok(cli('journal', [id]).said.rows.length > 3);
  const late = buy();
  site.wind(49 * HOUR);
  const [row] = cli('expire').said.rows;
  assert.equal(row.order, String(late));
  assert.deepEqual(cli('replay').said.rows.map(({ differs }) => differs), ['', '']);
  assert.equal(cli('replay').code, 0);
  site.tell('query', `UPDATE {cases} SET doc = REPLACE(doc, '"state":"paid"', '"state":"lapsed"') WHERE order_key = '${id}'`);
  assert.deepEqual([cli('replay', [id]).code, cli('replay', [id]).said.rows[0].differs], [1, 'attempts state']);
  site.tell('query', `UPDATE {cases} SET doc = REPLACE(doc, '"state":"lapsed"', '"state":"paid"') WHERE order_key = '${id}'`);
  assert.equal(cli('selftest').said.rows[0].ok, 'yes');
});

test('a person’s data is exported, erased where it may be, and goes by itself after 180 days; the order’s story stays', { skip }, () => {
  const id = buy('privada@example.pe');
  pay(id);
  const exported = JSON.stringify(site.tell('export', '"privada@example.pe"'));
  assert.match(exported, /Quispe/);
  const { items_retained, messages } = site.tell('erase', '"privada@example.pe"');
  assert.ok(items_retained && messages.length === 1, 'disputes last 180 days');
  const page = () => site.tell('core', 'page_status', { settings: site.tell('preview_ask').settings, case: kase(id).doc, now: Date.now() });
  assert.ok(page());
  site.wind(200 * DAY);
  site.tell('purge');
  assert.doesNotMatch(JSON.stringify(site.tell('export', '"privada@example.pe"')), /Quispe/);
  assert.ok(cli('journal', [id]).said.rows.length > 3);
  assert.equal(site.tell('erase', '"privada@example.pe"').items_retained, false);
});

test('after 180 days the shopper’s page tells what became of the order, and nothing of the person', { skip }, async () => {
  const id = buy('vieja@example.pe');
  const address = site.tell('page', id);
  assert.match(await (await fetch(address)).text(), /@example\.pe/);
  pay(id);
  site.wind(200 * DAY);
  site.tell('purge');
  const got = await fetch(address);
  const html = await got.text();
  assert.ok([200, 410].includes(got.status), String(got.status));
  assert.doesNotMatch(html, /@example\.pe|Quispe/);
});

test('mails go as HTML or as plain text with the code in both, and each can be switched off', { skip }, () => {
  const of = (email) => site.mails().filter(({ to }) => to === email);
  for (const type of ['plain', 'html', 'multipart']) {
    site.tell('letter', 'new', type);
    const id = buy(`${type}@example.pe`);
    const [mail] = of(`${type}@example.pe`);
    assert.match(mail.text, new RegExp(order(id).code.slice(0, 3)), type);
    assert.equal(/<table|<body/.test(mail.html), type !== 'plain', type);
  }
  site.tell('letter', 'new', 'no');
  const id = buy('sin@example.pe');
  const mails = of('sin@example.pe');
  assert.equal(mails.length, 1, 'WooCommerce’s own on-hold mail goes instead');
  assert.match(mails[0].text, new RegExp(order(id).code), 'and it has the code');
  assert.ok(mails[0].html.includes(site.tell('page', id)), 'and the way to the page');
  site.tell('code_less', id);
  assert.ok(of('sin@example.pe')[1].html.includes(site.tell('page', id)), 'a provider that gives a link alone has it as well');
  const byHand = site.tell('other');
  site.tell('method', byHand, 'efectivo');
  site.tell('status', byHand, 'on-hold');
  assert.deepEqual(of('otro@example.pe'), [], 'an order of ours that was made by hand and has no code');
  site.tell('act', { trouble: { kind: 'server_error', count: 1, matching: '/own/codes' } });
  const later = buy('sinnada@example.pe');
  site.tell('status', later, 'on-hold');
  assert.deepEqual(of('sinnada@example.pe'), [], 'never without the code');
  site.tell('letter', 'new', 'multipart');
  for (const ms of [6_000, 31_000, 121_000, 600_000]) { site.wind(ms); site.sweep(); }
});

test('what the checkout can not offer it says to administrators: country, amount, a copy, a currency', { skip }, async () => {
  assert.deepEqual(site.tell('basket', 1), [true, '']);
  assert.match(site.tell('basket', 1, '"CL"')[1], /Chile/);
  site.tell('price', '"0.50"');
  const [small, low] = site.tell('basket', 1);
  const gone = await askStore(site.base, 'poco@example.pe');
  site.tell('price', '"50000"');
  const [large, high] = site.tell('basket', 1);
  const much = await askStore(site.base, 'mucho@example.pe');
  for (const { status, body } of [gone, much]) assert.ok(status >= 400 && /payment/i.test(JSON.stringify(body)), `${status} ${JSON.stringify(body).slice(0, 200)}`);
  site.tell('price', '"120.50"');
  assert.ok(!small && !large && low.length > 20 && high.length > 20, `${low} | ${high}`);
  site.tell('setting', 'excluded', site.tell('kinds', buy()));
  assert.match(site.tell('basket', 1)[1], /Uncategorized|Sin categor/);
  site.tell('setting', 'excluded', []);
  site.tell('option', 'efectivo_address', '"the-shop.example"');
  assert.deepEqual([site.tell('basket', 1)[0], cli('poll').code], [false, 1]);
  site.tell('option', 'efectivo_address', JSON.stringify(site.base.replace('http://', '')));
  site.tell('option', 'woocommerce_currency', '"CLP"');
  assert.match(site.tell('basket', 1)[1], /CLP/);
  site.tell('option', 'woocommerce_currency', '"PEN"');
});

test('what was left out is left out on the pay-for-order page and in categories below it as well', { skip }, () => {
  const id = buy('pagapedido@example.pe');
  assert.equal(site.tell('order_pay', id), '');
  assert.match(site.tell('order_pay', id, '"CL"'), /Chile/);
  const [kind] = site.tell('kinds', id);
  site.tell('setting', 'excluded', [kind]);
  assert.match(site.tell('order_pay', id), /Uncategorized|Sin categor/);
  site.tell('child_of', kind);
  assert.match(site.tell('order_pay', id), /Uncategorized|Sin categor/);
  assert.match(site.tell('basket', 1)[1], /Uncategorized|Sin categor/);
  site.tell('setting', 'excluded', []);
  assert.equal(site.tell('order_pay', id), '');
  site.tell('kind_of', kind);
});

test('Site Health tells when the server takes the Authorization header away, and the guide’s test says so too', { skip: skip || (fpm() ? false : 'php-fpm isn’t installed (Debian: apt-get install php8.2-fpm)') }, () => {
  assert.equal(site.tell('notices').status, 'good');
  writeFileSync(join(site.root, 'strip-authorization'), '');
  const { status, description } = site.tell('notices');
  assert.equal(status, 'recommended');
  assert.match(description, /Authorization/);
  rmSync(join(site.root, 'strip-authorization'));
});

test('a notice with Basic credentials that are no application password’s is judged, not refused by WordPress', { skip }, async () => {
  const got = await post('sandbox', '{"event":"x"}', { authorization: 'Basic dGVzdDp0ZXN0' });
  assert.equal(got.status, 401);
  assert.doesNotMatch(await got.text(), /application_password|rest_/);
  const row = site.tell('sql', "SELECT doc FROM {channels} WHERE id = 'sandbox'")[0].doc;
  assert.match(row, /last_refus/, 'noted with its reason');
});

test('a notice that names a channel with an underscore finds it; one for another shop or mode is no channel of ours', { skip }, async () => {
  site.tell('keys', 'mercado_pago');
  const got = await post('mercado_pago-test', '{"type":"payment"}');
  assert.notEqual(got.status, 404, await got.text());
  assert.equal((await post('mercado_pago-live', '{}')).status, 404);
  assert.equal((await post('sandbox-of-another-shop', '{}')).status, 404);
});

test('a pasted notice is judged by all that was signed, wherever it came from; a channel without keys is told as such', { skip }, () => {
  site.tell('keys', 'mercado_pago', { webhook_secret: 'secreto-de-la-prueba' });
  site.wind(0);
  const time = String(Date.now() + Number(readFileSync(join(site.root, 'ahead'), 'utf8')));
  const mac = createHmac('sha256', 'secreto-de-la-prueba').update(`id:123;request-id:r-1;ts:${time};`).digest('hex');
  const paste = (channel, address) => site.tell('paste', channel, address, `X-Signature: ts=${time},v1=${mac}\nX-Request-Id: r-1\n`, { action: 'payment.updated', type: 'payment', data: { id: '123' } });
  site.tell('setting', 'allow_addresses', '"203.0.113.0/24"');
  site.tell('setting', 'allow_rule', '"enforce"');
  for (const address of [`${site.base}/wp-json/efectivo/v1/notices/mercado_pago-test?data.id=123&type=payment`, 'POST /wp-json/x?data.id=123&type=payment HTTP/1.1', 'data.id=123&type=payment']) {
    assert.match(paste('mercado_pago-test', address), /^Verified/, address);
  }
  assert.doesNotMatch(paste('mercado_pago-test', 'data.id=124'), /^Verified/);
  assert.match(paste('mercado_pago-live', 'data.id=123'), /keys is missing/);
  site.tell('setting', 'allow_rule', '"off"');
});

test('keys that can not be opened any more, since wp-config.php has other salts, are told; their notices come again', { skip }, async () => {
  site.tell('keys', 'mercado_pago');
  const boxes = site.tell('stored')[2];
  const other = Object.fromEntries(Object.entries(boxes).map(([place, box]) => [place, `00000000${box.slice(8)}`]));
  site.tell('option', 'efectivo_credentials', other);
  assert.equal((await post('mercado_pago-test', '{"type":"payment"}')).status, 503);
  assert.match(site.tell('health').join(' '), /mercado_pago-test can not be opened/);
  assert.match((await asAdministrator('index.php')).html, /notice-error"><p>Efectivo: The keys of [^<]*mercado_pago-test/);
  site.tell('setting', 'providers', ['sandbox', 'mercado_pago']);
  const form = async (mode) => (await asAdministrator('admin.php?page=wc-settings&tab=checkout&section=efectivo')).html.split('for="woocommerce_efectivo_key_mercado_pago_').slice(1).filter((row) => row.startsWith(mode));
  for (const row of await form('test')) assert.match(row, /Kept, but it can not be opened: [^<]*enter the key again/, 'the form does not say that there is none');
  for (const row of await form('live')) assert.match(row, /None yet\./);
  site.tell('option', 'efectivo_credentials', boxes);
  for (const row of await form('test')) assert.match(row, /Kept\. Leave empty/);
  site.tell('setting', 'providers', ['sandbox']);
  assert.ok(![404, 503].includes((await post('mercado_pago-test', '{"type":"payment"}')).status));
  assert.doesNotMatch(site.tell('health').join(' '), /opened/);
});

test('live mode that was set past the form waits for the test sale, too; a shop that has sold in it stays in it', { skip }, () => {
  pay(buy('prueba@example.pe'));
  const proofs = site.tell('option', 'efectivo_proofs', {}) && site.tell('modes');
  assert.deepEqual(proofs, ['test', 4]);
  site.tell('setting', 'mode', '"live"');
  assert.deepEqual(site.tell('modes'), ['test', 4]);
  assert.match(site.tell('health').join(' '), /stays "test"/);
  pay(buy('prueba@example.pe'));
  assert.deepEqual(site.tell('modes'), ['live', 0]);
  site.tell('option', 'efectivo_proofs', {});
  site.tell('query', "UPDATE {cases} SET mode = 'live' ORDER BY placed_at DESC LIMIT 1");
  assert.deepEqual(site.tell('modes'), ['live', 4]);
  site.tell('query', "UPDATE {cases} SET mode = 'test'");
  site.tell('setting', 'mode', '"test"');
  assert.doesNotMatch(site.tell('health').join(' '), /stays "test"/);
});

test('a copy of the site asks no provider about keys', { skip }, () => {
  site.tell('option', 'efectivo_address', '"the-shop.example"');
  assert.match(JSON.stringify(site.tell('check', 'sandbox')), /is a copy/);
  site.tell('option', 'efectivo_address', JSON.stringify(site.base.replace('http://', '')));
  assert.doesNotMatch(JSON.stringify(site.tell('check', 'sandbox')), /is a copy/);
});

test('an address list is off, a signal, or enforced', { skip }, async () => {
  const rule = (name) => site.tell('setting', 'allow_rule', JSON.stringify(name));
  site.tell('setting', 'allow_addresses', '"203.0.113.0/24"');
  const id = buy('lista@example.pe');
  const genuine = () => {
    site.tell('outside', { pay: { code: order(id).code, amount: null } });
    return site.tell('parcels').slice(-1)[0];
  };
  const { headers, body } = genuine();
  const send = () => fetch(`${site.base}/wp-json/efectivo/v1/notices/sandbox`, { method: 'POST', body, headers: Object.fromEntries(headers) });
  rule('enforce');
  assert.equal((await send()).status, 403);
  rule('signal');
  assert.equal((await send()).status, 200);
  rule('off');
  assert.equal((await send()).status, 200);
  site.sweep();
  assert.equal(order(id).status, 'processing');
});

test('orders are found by their code', { skip }, () => {
  const id = buy('busca@example.pe');
  assert.deepEqual(site.tell('search', order(id).code), [id]);
});

test('an order that is deleted while its code lives: nothing breaks, and money for it asks a person', { skip }, () => {
  const id = buy('borrado@example.pe');
  const { id: at } = kase(id);
  const { code } = order(id);
  site.tell('delete', id);
  site.sweep();
  site.tell('act', { pay: { code, amount: null } });
  site.wind(HOUR);
  site.sweep();
  const [row] = site.tell('sql', `SELECT state, open_reviews FROM {cases} WHERE id = '${at}'`);
  assert.ok(Number(row.open_reviews) > 0, JSON.stringify(row));
});

test('a provider that answers HTML, half an answer, or that it is busy, costs no order', { skip }, () => {
  for (const kind of ['html', 'truncated', 'busy', 'server_error_after']) {
    assert.equal(site.tell('outside', { trouble: { kind, count: 1, matching: '/own/codes' } }), true);
    const id = buy(`${kind}@example.pe`);
    for (const ms of [6_000, 31_000, 121_000, 600_000]) { site.wind(ms); site.sweep(); }
    assert.match(order(id).code, /^\d+$/, kind);
  }
});

test('wrong keys cost no order and are told to the merchant; once they are right the order gets its code', { skip }, () => {
  writeFileSync(join(site.root, 'asked'), 'dlocal-test');
  site.tell('setting', 'providers', ['sandbox', 'dlocal']);
  site.tell('keys', 'dlocal', { trans_key: 'wrong' });
  const { order: id, result } = site.tell('place', '"claves@example.pe"', '"45678912"');
  assert.equal(result.result, 'success', JSON.stringify(result));
  assert.equal(order(id).code, '');
  const told = cli('journal', [id]).said.rows.map(({ text }) => text).join(' ');
  assert.match(told, /key|clave|credencial|credential/i);
  site.tell('keys', 'dlocal');
  for (let hour = 0; hour < 4; hour += 1) { site.wind(HOUR); site.sweep(); }
  const settled = order(id).code !== '' || kase(id).reviews.some(({ open }) => open);
  assert.ok(settled, `${kase(id).state}: a code, or a question for a person`);
  site.tell('setting', 'providers', ['sandbox']);
  rmSync(join(site.root, 'asked'));
});

test('a server whose clock is an hour off is told so in Site Health', { skip }, () => {
  const skew = (ms) => site.tell('query', `UPDATE {channels} SET doc = JSON_SET(doc, '$.health.skew_ms', ${ms}) WHERE id = 'sandbox'`);
  skew(3_600_000);
  assert.match(site.tell('health').join(' '), /clock/);
  skew(1_000);
  assert.doesNotMatch(site.tell('health').join(' '), /clock/);
});

test('two workers never hold one lock, and a server without GET_LOCK has a row for it', { skip }, async () => {
  for (const without of [false, true]) {
    if (without) writeFileSync(join(site.root, 'no-get-lock'), '');
    const start = Date.now();
    await Promise.all([site.beside('locked', 'one', 700), site.beside('locked', 'one', 700), site.beside('locked', 'one', 700)]);
    assert.ok(Date.now() - start >= 2_100, `${without}: ${Date.now() - start} ms`);
    rmSync(join(site.root, 'no-get-lock'), { force: true });
  }
});

test('missing tables and tables without transactions are named to the administrator, nothing is sold or lost meanwhile, and all goes on once they are back', { skip }, async () => {
  const id = buy('tablas@example.pe');
  const { code } = order(id);
  for (const table of ['cases', 'inbox', 'outbox']) {
    site.tell('query', `RENAME TABLE {${table}} TO {away}`);
    assert.match(site.tell('tables').join(' '), new RegExp(`efectivo_${table}`));
    assert.match(site.tell('health').join(' '), new RegExp(`efectivo_${table}`));
    for (const there of ['index.php', 'admin.php?page=efectivo', 'admin.php?page=efectivo&tab=guide', `admin.php?page=wc-orders&action=edit&id=${id}`]) assert.equal((await asAdministrator(there)).status, 200, `${table}: ${there}`);
    assert.match((await asAdministrator('admin.php?page=efectivo&tab=guide')).html, new RegExp(`efectivo_${table}`));
    for (const there of ['shop/', 'checkout/', site.tell('urls', id).thanks.replace(`${site.base}/`, '')]) assert.equal((await fetch(`${site.base}/${there}`)).status, 200, `${table}: ${there}`);
    if (table === 'cases') assert.match(JSON.stringify(site.tell('place', '"nada@example.pe"').result), /failure/);
    assert.ok(site.tell('links', id).includes('view'), `${table}: the list of orders in My account`);
    if (table === 'cases') for (const tool of ['export', 'erase']) assert.match(JSON.stringify(site.tell(tool, '"tablas@example.pe"')), /can not be read/, tool);
    site.sweep();
    assert.deepEqual([order(id).status, order(id).code], ['on-hold', code], table);
    site.tell('query', `RENAME TABLE {away} TO {${table}}`);
  }
  site.tell('query', 'ALTER TABLE {locks} ENGINE = MyISAM');
  assert.match(site.tell('tables').join(' '), /MyISAM/);
  assert.match((await asAdministrator('admin.php?page=efectivo&tab=guide')).html, /MyISAM/);
  site.tell('query', 'ALTER TABLE {locks} ENGINE = InnoDB');
  assert.deepEqual(site.tell('tables'), []);
  pay(id);
  site.wind(HOUR);
  site.sweep();
  assert.equal(order(id).status, 'processing');
});

/** The core in this shop's own copy of the plugin. */
const ownCore = () => join(site.root, 'wp/wp-content/plugins/efectivo/core');

/** An administrator's view of a page of wp-admin, and what notices stand on it. */
async function asAdministrator(path) {
  const jar = [];
  const keep = (got) => { jar.push(...got.headers.getSetCookie().map((line) => line.split(';')[0])); return got; };
  const form = new URLSearchParams({ log: 'admin', pwd: 'pass-of-the-tests', testcookie: '1' });
  keep(await fetch(`${site.base}/wp-login.php`, { method: 'POST', body: form, redirect: 'manual', headers: { cookie: 'wordpress_test_cookie=WP%20Cookie%20check' } }));
  const got = await fetch(`${site.base}/wp-admin/${path}`, { headers: { cookie: jar.join('; ') } });
  return { status: got.status, html: await got.text() };
}

const DAMAGES = {
  'cut off half-way': (core) => truncateSync(join(core, 'Module.php'), 100_000),
  'cut off between two of its methods, so that it still reads as PHP': (core) => keepFirstMethod(mostMethods(core)),
  'changed in one byte that PHP does not mind': (core) => flip(largest(core)),
  gone: (core) => unlinkSync(join(core, 'Module.php')),
  'gone, the door itself': (core) => unlinkSync(join(core, 'Core.php')),
  'without its list of digests': (core) => writeFileSync(join(core, 'files.json'), '{"Core.php'),
};

const classes = (core) => readdirSync(core).filter((name) => name.endsWith('.php')).map((name) => join(core, name));
const largest = (core) => classes(core).sort((a, b) => statSync(b).size - statSync(a).size)[0];
/** Which classes there are is the translation's affair; the one of most methods has several. */
const methods = (file) => readFileSync(file, 'utf8').split('\tpublic static function ').length;
const mostMethods = (core) => classes(core).sort((a, b) => methods(b) - methods(a))[0];

/** Up to the line that ends the first method, and the end of the class. */
function keepFirstMethod(file) {
  const text = readFileSync(file, 'utf8');
  const end = text.indexOf('\n\t}\n') + '\n\t}\n'.length;
  writeFileSync(file, `${text.slice(0, end)}}\n`);
}

/** Another digit in place of one, somewhere in the middle of the code. */
function flip(file) {
  const bytes = readFileSync(file);
  const at = bytes.findIndex((byte, place) => place > bytes.length / 2 && byte === 0x31 && bytes[place - 1] === 0x20);
  bytes[at] = 0x32;
  writeFileSync(file, bytes);
}

for (const [how, damage] of Object.entries(DAMAGES)) {
  test(`a file of the core is ${how}: no code is offered, the administrator is told, orders stay; once it is mended all goes on by itself`, { skip }, async () => {
    const core = ownCore();
    const minute = () => site.tell('older', 61);
    minute();
    const id = buy('entera@example.pe');
    const { code } = order(id);
    const page = site.tell('page', id);
    cpSync(core, `${core}.whole`, { recursive: true });
    try {
      damage(core);
      minute();
      const [offered, why] = site.tell('basket', 1);
      assert.ok(!offered && /Install the plugin again/.test(why), why);
      const store = await askStore(site.base, 'nadie@example.pe');
      assert.notEqual(store.status, 200);
      assert.match(JSON.stringify(store.body), /payment/, JSON.stringify(store.body).slice(0, 300));
      const { status, html } = await asAdministrator('index.php');
      assert.equal(status, 200);
      assert.match(html, /notice-error"><p>Efectivo: The file core\/[\w.]+ of this plugin/);
      for (const there of ['plugins.php', 'admin.php?page=efectivo&tab=guide', 'admin.php?page=efectivo', 'admin.php?page=wc-settings&tab=checkout', 'admin.php?page=wc-settings&tab=checkout&section=efectivo', `admin.php?page=wc-orders&action=edit&id=${id}`]) {
        assert.equal((await asAdministrator(there)).status, 200, there);
      }
      const { providers } = site.tell('stored').at(-1);
      assert.match(site.tell('save', { woocommerce_efectivo_mode: 'test' }).join(' '), /Nothing was saved/);
      assert.deepEqual(site.tell('stored').at(-1).providers, providers);
      for (const there of ['checkout/', 'caja/', 'shop/', 'my-account/', site.tell('urls', id).thanks.replace(`${site.base}/`, '')]) {
        assert.equal((await fetch(`${site.base}/${there}`)).status, 200, there);
      }
      assert.equal((await post('sandbox', '{"event":"code.paid"}')).status, 503, 'to be sent again');
      assert.equal((await fetch(page)).status, 503);
      assert.equal((await fetch(site.base)).status, 200, 'the shop itself stands');
      assert.deepEqual([site.tell('links', id), site.tell('notices').status], [['view'], 'critical']);
      site.tell('unpaid');
      site.sweep();
      assert.deepEqual([order(id).status, order(id).code], ['on-hold', code]);
    } finally {
      rmSync(core, { recursive: true });
      renameSync(`${core}.whole`, core);
    }
    minute();
    assert.deepEqual(site.tell('basket', 1), [true, '']);
    assert.doesNotMatch((await asAdministrator('index.php')).html, /notice-error"><p>Efectivo/);
    pay(id);
    site.wind(HOUR);
    site.sweep();
    assert.equal(order(id).status, 'processing');
  });
}

test('a folder that nothing can be written into is enough: the plugin changes none of its own files', { skip }, () => {
  const core = ownCore();
  const all = () => readdirSync(join(core, '..'), { recursive: true }).sort().map((name) => [name, statSync(join(core, '..', name)).mtimeMs]);
  const modes = (folder, file) => [core, join(core, '..')].forEach((at) => { readdirSync(at).forEach((name) => { if (statSync(join(at, name)).isFile()) chmodSync(join(at, name), file); }); chmodSync(at, folder); });
  const before = all();
  modes(0o555, 0o444);
  site.tell('older', 4_000);
  const id = buy('lectura@example.pe');
  pay(id);
  assert.deepEqual([order(id).status, site.tell('unfit'), site.tell('basket', 1)], ['processing', [], [true, '']]);
  assert.deepEqual(all(), before);
  modes(0o755, 0o644);
});

test('deleting the plugin keeps the records unless the merchant asked for more', { skip }, async () => {
  const run = async () => JSON.parse((await site.beside('uninstall')).said.trim().split('\n').at(-1));
  site.tell('setting', 'uninstall', '"no"');
  assert.ok((await run()).length >= 11);
  site.tell('setting', 'uninstall', '"yes"');
  assert.deepEqual(await run(), []);
});
