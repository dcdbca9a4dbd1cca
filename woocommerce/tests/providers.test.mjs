// Every provider through the plugin before there is any key: played inside the site by its own protocol, from the order to the money, and what the guide notes of it.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { accountsAt } from '../../js/sandbox/accounts.mjs';
import { sandboxServer } from '../../js/sandbox/server.mjs';
import { loadSync } from '../../js/src/node.mjs';
import { OPEN } from './support/books.mjs';
import { parts, startSite } from './support/site.mjs';

const made = await parts();
const skip = made.missing?.join('; ') ?? false;
/** By the core's own list; an unconfirmed one is off until the merchant says otherwise. */
const CONFIRMED = ['pagoefectivo', 'dlocal', 'mercado_pago', 'culqi', 'payu', 'ebanx', 'paysafe', 'bamboo'];
const UNCONFIRMED = ['dlocal_go', 'rapyd', 'kushki'];
const HOUR = 3_600_000;
let site;

before(async () => { if (!skip) site = await startSite(made); });
after(async () => {
  if (!site) return;
  const warnings = site.log().split('\n').filter((line) => /EFECTIVO WARNING|PHP (Fatal|Warning).*efectivo/.test(line));
  await site.stop();
  assert.deepEqual(warnings, []);
});

const order = (id) => site.tell('order', id);
const kase = (id) => site.tell('case', id);
const buy = (email = 'ana@example.pe') => { const made = site.tell('place', JSON.stringify(email), '"45678912"'); assert.equal(made.result.result, 'success', JSON.stringify(made)); return made.order; };
const choose = (...providers) => site.tell('setting', 'providers', providers);
const channels = () => site.tell('preview_ask').settings.channels;
const asked = () => channels().filter(({ enabled }) => enabled).map(({ id }) => id);
const digits = (id) => site.tell('ledger').find(({ reference }) => kase(id).doc.attempts.some((attempt) => attempt.reference === reference)).digits;
const pay = (id) => site.tell('act', { pay: { code: digits(id), amount: null } });
/** A minute at a time, as the sweep goes, until the order is there. */
const until = (id, status) => { for (let minute = 0; minute < 45 && order(id).status !== status; minute += 1) { site.wind(60_000); site.sweep(); } };

test('the core sells over these providers and no others', { skip }, () => {
  const able = JSON.parse(site.tell('core', 'abilities', {})).filter(({ create, provider }) => create && provider !== 'sandbox');
  const named = (unconfirmed) => able.filter((one) => one.unconfirmed === unconfirmed).map(({ provider }) => provider);
  assert.deepEqual([named(false).sort(), named(true).sort()], [[...CONFIRMED].sort(), [...UNCONFIRMED].sort()]);
});

for (const provider of [...CONFIRMED, ...UNCONFIRMED]) {
  test(`${provider}: chosen without a key, it sells in the sandbox, and the four proofs are noted as the sandbox’s`, { skip }, () => {
    const channel = `${provider}-sandbox`;
    choose(provider);
    if (UNCONFIRMED.includes(provider)) {
      assert.deepEqual(asked(), [], 'off until the merchant says that it is confirmed');
      assert.notEqual(site.tell('why_not'), '');
      site.tell('setting', `confirmed_${provider}`, '"yes"');
    }
    assert.deepEqual(asked(), [channel]);
    assert.equal(site.tell('why_not'), '');
    site.tell('option', 'efectivo_proofs', []);
    const id = buy(`${provider}@example.pe`);
    assert.equal(order(id).status, 'on-hold');
    const [attempt] = kase(id).doc.attempts;
    assert.equal(attempt.channel, channel);
    assert.ok(attempt.code, 'a code');
    assert.deepEqual(Object.keys(site.tell('proofs')), ['code']);
    pay(id);
    until(id, 'processing');
    assert.equal(order(id).status, 'processing', JSON.stringify(kase(id).doc.attempts));
    assert.deepEqual(kase(id).reviews.filter(({ open }) => open), []);
    assert.ok(!OPEN.has(kase(id).state), kase(id).state);
    assert.deepEqual(Object.fromEntries(Object.entries(site.tell('proofs')).map(([name, seen]) => [name, seen.channel])), { code: channel, payment: channel, notice: channel, order: channel });
    assert.deepEqual(site.tell('parcels'), [], 'every notice was taken');
  });
}

test('test keys take over from the sandbox; orders that it still has end there, and its proofs give way', { skip }, () => {
  choose('bamboo');
  const open = buy('abierto@example.pe');
  assert.equal(kase(open).doc.attempts[0].channel, 'bamboo-sandbox');
  site.tell('keys', 'bamboo');
  assert.deepEqual(asked(), ['bamboo-test']);
  pay(open);
  until(open, 'processing');
  assert.equal(order(open).status, 'processing');
  assert.deepEqual(kase(open).doc.attempts.map(({ channel }) => channel), ['bamboo-sandbox']);

  const id = buy('cuenta@example.pe');
  assert.equal(kase(id).doc.attempts[0].channel, 'bamboo-test');
  assert.deepEqual(Object.entries(site.tell('proofs')).map(([name, { channel }]) => `${name} ${channel}`), ['code bamboo-test', ...['payment', 'notice', 'order'].map((name) => `${name} ${UNCONFIRMED.at(-1)}-sandbox`)]);
  for (const name of ['private_key', 'secret_key']) site.tell('keep', 'bamboo', name, '');
  assert.deepEqual(asked(), ['bamboo-sandbox']);
});

test('a provider that is not chosen any more still ends what it has, in the sandbox as well', { skip }, () => {
  choose('payu');
  const id = buy('antes@example.pe');
  site.tell('setting', 'played', ['payu']); // as saving the form does
  choose('culqi');
  assert.deepEqual(asked(), ['culqi-sandbox']);
  pay(id);
  until(id, 'processing');
  assert.equal(order(id).status, 'processing');
});

test('in live mode nothing is simulated, and nothing that is simulated is taken for a live account', { skip }, () => {
  choose('sandbox');
  const sale = buy('puerta@example.pe');
  pay(sale);
  until(sale, 'processing');
  choose('payu', 'dlocal', 'sandbox');
  site.tell('setting', 'mode', '"live"');
  assert.deepEqual(asked(), []);
  assert.ok(channels().filter(({ id }) => /sandbox$/.test(id)).every(({ mode, sandbox_url }) => mode === 'test' && sandbox_url.startsWith('http://127.0.0.1:1/')));
  assert.notEqual(site.tell('why_not'), '');
  site.tell('setting', 'mode', '"test"');
  assert.deepEqual(asked(), ['sandbox', 'dlocal-sandbox', 'payu-sandbox']);
});

test('the sandbox’s keys are this site’s own, and stand nowhere in the open', { skip }, async () => {
  choose('dlocal', 'ebanx');
  const id = buy('secreta@example.pe');
  const { keys, pair } = site.tell('simulated');
  assert.match(keys.dlocal.secret_key, /^[0-9a-f]{32}$/);
  assert.match(pair, /BEGIN PRIVATE KEY/);
  const kept = JSON.stringify([site.tell('sql', 'SELECT * FROM {sandbox}'), site.tell('sql', 'SELECT * FROM {cases}'), site.tell('sql', 'SELECT * FROM {channels}'), site.tell('sql', 'SELECT * FROM {journal}'), site.tell('stored')]) + site.log();
  for (const secret of [...Object.values(keys.dlocal), keys.ebanx.key_id, pair.split('\n')[3]]) assert.ok(!kept.includes(secret));
  const post = (channel, headers = {}) => fetch(`${site.base}/wp-json/efectivo/v1/notices/${channel}`, { method: 'POST', body: '{}', headers });
  assert.deepEqual([(await post('dlocal-sandbox')).status, (await post('nobody-sandbox')).status, (await post('rapyd-sandbox')).status], [401, 404, 404]);

  writeFileSync(`${site.root}/wp/wp-content/mu-plugins/salts.php`, "<?php define( 'EFECTIVO_KEY', 'another' );");
  const beside = async (...words) => JSON.parse((await site.beside(...words)).said.trim().split('\n').at(-1));
  const { order: later } = await beside('place', '"sal@example.pe"', '"45678912"');
  rmSync(`${site.root}/wp/wp-content/mu-plugins/salts.php`);
  assert.match(order(later).code, /^\d+$/, 'another key of the site: other keys, and it sells on');
  assert.notEqual(order(id).code, order(later).code);
  pay(id);
  until(id, 'processing');
  assert.equal(order(id).status, 'processing', 'what was made before is paid all the same');
});

test('EBANX on a PHP without openssl: no code of it is offered, and the guide says what to ask the host for', { skip }, () => {
  writeFileSync(`${site.root}/no-openssl`, '');
  choose('ebanx');
  assert.deepEqual(asked(), []);
  assert.match(site.tell('fit').filter(([ok]) => ok === false).map(([, name, told]) => `${name} ${told}`).join(' '), /EBANX.*openssl/);
  choose('ebanx', 'culqi');
  assert.deepEqual(asked(), ['culqi-sandbox']);
  rmSync(`${site.root}/no-openssl`);
  assert.deepEqual(asked(), ['culqi-sandbox', 'ebanx-sandbox']);
});

test('EBANX where openssl is there and makes no keys: it gets no code, and the other providers are played all the same', { skip }, async () => {
  choose('ebanx', 'culqi');
  site.tell('setting', 'first', '"ebanx"');
  site.tell('option', 'efectivo_sandbox_pair', '""');
  const { said } = await site.under({ OPENSSL_CONF: '/nowhere' }, 'place', '"sinclave@example.pe"', '"45678912"');
  const { order: id } = JSON.parse(said.trim().split('\n').at(-1));
  for (let minute = 0; minute < 5 && order(id).code === ''; minute += 1) { site.wind(60_000); await site.under({ OPENSSL_CONF: '/nowhere' }, 'sweep'); }
  assert.match(order(id).code, /^\d+$/, JSON.stringify(kase(id).doc.attempts));
  assert.deepEqual(kase(id).doc.attempts.map(({ channel }) => channel), ['ebanx-sandbox', 'culqi-sandbox']);
  site.tell('setting', 'first', '""');
  assert.match(site.tell('simulated').pair, /BEGIN PRIVATE KEY/, 'made once openssl is set up');
});

test('a site without pretty links sells in the sandbox too', { skip }, () => {
  site.tell('option', 'permalink_structure', '""');
  site.tell('setting', 'confirmed_rapyd', '"yes"');
  for (const provider of ['sandbox', 'dlocal', 'mercado_pago', 'rapyd']) {
    choose(provider);
    const id = buy('simple@example.pe');
    pay(id);
    assert.equal(kase(id).doc.attempts[0].noticed, true, `${provider}: the notice came`);
    until(id, 'processing');
    assert.equal(order(id).status, 'processing', provider);
  }
  site.tell('option', 'permalink_structure', '"/%postname%/"');
});

/** dLocal's side on a server of its own, whose clock goes wrong by so many milliseconds. */
async function apart(wrong_ms) {
  const core = loadSync();
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${server.address().port}`;
  const wound = () => (existsSync(`${site.root}/ahead`) ? Number(readFileSync(`${site.root}/ahead`, 'utf8')) : 0);
  const sandbox = sandboxServer({ core, file: `${site.root}/provider.sqlite`, clock: { now: () => Date.now() + wound() + wrong_ms }, base });
  server.on('request', (request, response) => sandbox.handle(request, response, new URL(request.url, base)));
  return { sandbox, base, keys: accountsAt(core, base).dlocal.credentials.dlocal, close: async () => { server.closeAllConnections(); server.close(); await sandbox.close(); } };
}

test('over real HTTP, from a server whose clock is an hour off: the order gets its code and its money, HTML in between costs nothing, and Site Health tells', { skip }, async () => {
  const { sandbox, base, keys, close } = await apart(-HOUR);
  const aside = async (...words) => JSON.parse((await site.beside(...words)).said.trim().split('\n').at(-1));
  const later = async () => { site.wind(60_000); await sandbox.tick(); await sandbox.quiet(); await aside('sweep'); };
  try {
    writeFileSync(`${site.root}/provider-at`, base);
    choose('dlocal');
    site.tell('keys', 'dlocal', keys);
    assert.deepEqual(asked(), ['dlocal-test']);
    sandbox.act({ trouble: { kind: 'html', count: 1, matching: '/payments' } });
    const { order: id, result } = await aside('place', '"reloj@example.pe"', '"45678912"');
    assert.deepEqual([result.result, order(id).code], ['success', ''], 'a page of HTML is no answer, and the order is kept');
    for (let minute = 0; minute < 5 && order(id).code === ''; minute += 1) await later();
    assert.match(order(id).code, /^\d+$/);
    assert.equal(sandbox.ledger().length, 1, 'one code');
    sandbox.act({ pay: { code: order(id).code, amount: null } });
    for (let minute = 0; minute < 45 && order(id).status !== 'processing'; minute += 1) await later();
    assert.equal(order(id).status, 'processing', JSON.stringify(kase(id).doc.attempts));
    assert.match(site.tell('health').join(' '), /dlocal-test.*clock|clock.*dlocal-test/);
    assert.deepEqual(kase(id).reviews.filter(({ open }) => open), []);
  } finally {
    rmSync(`${site.root}/provider-at`);
    for (const name of Object.keys(keys)) site.tell('keep', 'dlocal', name, '');
    await close();
  }
});
