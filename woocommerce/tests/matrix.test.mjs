// What can happen to a sale, each through every door: the Store API, the classic form, and the Checkout block in Chromium; and what WooCommerce's records have a part in once more where orders are posts.

import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { OPEN } from './support/books.mjs';
import { DOORS } from './support/doors.mjs';
import { parts, startSite } from './support/site.mjs';

const require = createRequire(new URL('../../js/package.json', import.meta.url));
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const HOUR = 3_600_000;
const made = await parts();
const skip = made.missing?.join('; ') ?? false;
let site;
let browser;
let tab;

before(async () => { if (!skip) site = await startSite(made); });
after(async () => {
  await browser?.close();
  await site?.stop();
});

/** One tab for every sale in the block; a browser is started when the first is wanted. */
async function page() {
  if (tab) return tab;
  browser = await require('playwright-core').chromium.launch({ executablePath: CHROMIUM, args: ARGS });
  tab = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' })).newPage();
  tab.setDefaultTimeout(60_000);
  return tab;
}

const order = (id) => site.tell('order', id);
const kase = (id) => site.tell('case', id);
const pay = (id, amount = null) => site.tell('act', { pay: { code: order(id).code, amount } });
const stock = () => site.tell('stock');
const asked = (id) => kase(id).reviews.filter(({ open }) => open).map(({ kind }) => kind);
const times = (id, word) => order(id).notes.filter((note) => note.includes(`to ${word}`)).length;
const mails = (email) => site.mails().filter(({ to }) => to === email).length;
const later = (ms = HOUR) => { site.wind(ms); site.sweep(); };
/** Lets days pass, with a sweep every six hours. */
const pass = (hours) => { for (let at = 0; at < hours; at += 6) later(6 * HOUR); };
const told = (rule) => site.tell('outside', { notices: { rule, count: 1 } });

const ROWS = {
  'bought and paid: processing once, one mail for each thing, stock taken once': async (buy) => {
    const before = stock();
    const id = await buy('compra@example.pe');
    assert.equal(order(id).status, 'on-hold');
    assert.equal(mails('compra@example.pe'), 1);
    assert.match(site.mails().find(({ to }) => to === 'compra@example.pe').text, new RegExp(order(id).code));
    pay(id);
    assert.deepEqual([order(id).status, times(id, 'Processing'), mails('compra@example.pe'), stock()], ['processing', 1, 2, before - 1]);
  },
  'unpaid: cancelled once the provider has said so, the stock back once; money that comes then asks a person': async (buy) => {
    const before = stock();
    const id = await buy('tarde@example.pe');
    pass(84);
    assert.deepEqual([order(id).status, times(id, 'Cancelled'), stock()], ['cancelled', 1, before]);
    pay(id);
    assert.deepEqual([order(id).status, asked(id), stock()], ['cancelled', ['late_money'], before]);
  },
  'paid twice: processing once, and the second payment asks a person': async (buy) => {
    const id = await buy('doble@example.pe');
    pay(id);
    pay(id);
    later();
    assert.deepEqual([order(id).status, times(id, 'Processing'), asked(id)], ['processing', 1, ['second_money']]);
  },
  'the wrong amount: never paid, and a person is asked': async (buy) => {
    const id = await buy('monto@example.pe');
    pay(id, { minor: 12_049, currency: 'PEN' });
    assert.deepEqual([order(id).status, asked(id)], ['on-hold', ['mismatched_money']]);
  },
  'money taken back: the order stays, and a person is asked': async (buy) => {
    const id = await buy('extorno@example.pe');
    pay(id);
    site.tell('act', { reverse: { code: order(id).code } });
    later();
    assert.deepEqual([order(id).status, asked(id)], ['processing', ['reversed_money']]);
  },
  'a lost notice: the sweep finds the money': async (buy) => {
    const id = await buy('perdida@example.pe');
    told('lost');
    pay(id);
    assert.equal(order(id).status, 'on-hold');
    later();
    assert.equal(order(id).status, 'processing');
  },
  'a notice that comes three times at once, beside two sweeps: one transition, one mail': async (buy) => {
    const id = await buy('paralela@example.pe');
    site.tell('outside', { pay: { code: order(id).code, amount: null } });
    const [{ url, headers, body }] = site.tell('parcels').slice(-1);
    const post = () => fetch(url, { method: 'POST', headers: Object.fromEntries(headers), body });
    const [one, two, three] = await Promise.all([post(), post(), post(), site.beside('sweep'), site.beside('sweep')]);
    assert.deepEqual([one.status, two.status, three.status], [200, 200, 200]);
    later();
    assert.deepEqual([order(id).status, times(id, 'Processing'), mails('paralela@example.pe')], ['processing', 1, 2]);
  },
  'a forged notice changes nothing; the money itself is found by asking': async (buy) => {
    const id = await buy('falsa@example.pe');
    told('forged');
    pay(id);
    assert.equal(order(id).status, 'on-hold');
    later();
    assert.deepEqual([order(id).status, asked(id)], ['processing', []]);
  },
  'notices out of order end where the money is': async (buy) => {
    const id = await buy('desorden@example.pe');
    told('reordered');
    pay(id);
    later();
    assert.deepEqual([order(id).status, times(id, 'Processing'), asked(id)], ['processing', 1, []]);
  },
  'the merchant cancels while the shopper pays: the stock comes back, and the money asks a person': async (buy) => {
    const before = stock();
    const id = await buy('cruce@example.pe');
    told('lost');
    site.tell('status', id, 'cancelled');
    pay(id);
    later();
    assert.deepEqual([order(id).status, stock()], ['cancelled', before]);
    assert.equal(asked(id).length, 1);
  },
  'a provider that is down: the order is kept without a code, the shopper is told, the code comes': async (buy) => {
    site.tell('outside', { trouble: { kind: 'server_error', count: 1, matching: '/own/codes' } });
    const id = await buy('caida@example.pe');
    assert.deepEqual([order(id).code, mails('caida@example.pe')], ['', 0]);
    const thanks = await (await fetch(site.tell('urls', id).thanks)).text();
    assert.match(thanks, /class="efectivo-order" data-state="(making|creating|unknown)"/);
    for (const ms of [6_000, 31_000, 121_000, 600_000]) later(ms);
    assert.match(order(id).code, /^\d+$/);
    assert.deepEqual([order(id).status, mails('caida@example.pe')], ['on-hold', 1]);
  },
  'the store’s hold-stock cron keeps off an order of ours, with its code or still without, and takes another': async (buy) => {
    const whole = await buy('reserva1@example.pe');
    site.tell('outside', { trouble: { kind: 'server_error', count: 1, matching: '/own/codes' } });
    const bare = await buy('reserva2@example.pe');
    assert.equal(order(bare).status, 'pending');
    const other = site.tell('other');
    for (const id of [whole, bare, other]) assert.ok(site.tell('age', id));
    site.tell('unpaid');
    assert.deepEqual([order(whole).status, order(bare).status, order(other).status], ['on-hold', 'pending', 'cancelled']);
    for (const ms of [6_000, 31_000, 121_000, 600_000]) later(ms);
    assert.equal(order(bare).status, 'on-hold');
  },
  'a part of the money back, then the rest, then one céntimo more: two refunds followed to their end on the order, and the third refused in a sentence': async (buy) => {
    const email = 'devuelve@example.pe';
    const id = await buy(email);
    const given = () => kase(id).doc.refunds.map(({ amount, state }) => [amount.minor, state]);
    assert.match(String(site.tell('refund', id, '10')), /can not be given back|[Ii]nvalid/, 'nothing to give back yet');
    pay(id);
    assert.match(site.tell('give_back', id, '120.51'), /S\/.120\.50|at most|more than/, 'more than was paid');
    assert.equal(typeof site.tell('refund', id, '20.50'), 'number');
    assert.deepEqual([order(id).status, given()[0][0]], ['processing', 2_050]);
    assert.match(site.tell('give_back', id, '100.00'), /under way/, 'one at a time');
    site.tell('act', { fill_form: { code: order(id).code } });
    pass(72);
    assert.deepEqual(given(), [[2_050, 'done']]);

    assert.match(String(site.tell('refund', id, '100.01')), /[Ii]nvalid/, 'WooCommerce counts too');
    assert.match(site.tell('give_back', id, '100.01'), /S\/.100\.00|at most|more than/, 'and so does the core, where WooCommerce would not');
    assert.equal(typeof site.tell('refund', id, '100'), 'number');
    assert.deepEqual([order(id).status, given().map(([minor]) => minor)], ['refunded', [2_050, 10_000]]);
    site.tell('act', { fill_form: { code: order(id).code } });
    pass(72);
    assert.deepEqual([given(), asked(id)], [[[2_050, 'done'], [10_000, 'done']], []]);

    assert.match(String(site.tell('refund', id, '0.01')), /[Ii]nvalid/);
    assert.match(site.tell('give_back', id, '0.01'), /all of it is back already/);
    assert.deepEqual([given().length, order(id).status, site.tell('refunds', id)], [2, 'refunded', ['100.00', '20.50']]);
    const box = site.tell('box', id);
    for (const amount of ['20.50', '100.00']) assert.match(box, new RegExp(`S/.${amount} · Refund paid out`), amount);
    assert.deepEqual(order(id).notes.filter((note) => /[Ss]tock/.test(note) && /increased|back/.test(note)), [], 'goods are taken back by the merchant, not by money');
    const codes = site.tell('ledger').filter(({ reference }) => reference === kase(id).doc.attempts[0].reference);
    assert.deepEqual(codes.flatMap(({ refunds }) => refunds.map(([, { minor }]) => minor)), [2_050, 10_000], 'the provider’s books say the same');
    assert.equal(times(id, 'Processing'), 1);
  },
  'paying again from the order’s own page keeps the code that lives, and replaces it once the order asks for another sum': async (buy) => {
    const id = await buy('otravez@example.pe');
    const { code } = order(id);
    site.tell('status', id, 'pending');
    await payAgain(id);
    assert.deepEqual([order(id).code, order(id).status, kase(id).attempts], [code, 'on-hold', 1]);
    site.tell('status', id, 'pending');
    site.tell('edit', id, '99.90');
    await payAgain(id);
    for (const ms of [60_000, 600_000, HOUR]) later(ms);
    const { attempts } = kase(id).doc;
    assert.deepEqual(attempts.map(({ amount }) => amount.minor), [12_050, 9_990]);
    assert.ok(attempts[0].proven_dead);
    assert.notEqual(order(id).code, code);
    pay(id);
    assert.equal(order(id).status, 'processing');
  },
};

/** Pays on the pay-for-order page, as its mail's link leads there. */
async function payAgain(id) {
  const { pay: address } = site.tell('urls', id);
  const shown = await fetch(address);
  const cookie = shown.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');
  const [, nonce] = /name="woocommerce-pay-nonce" value="([^"]+)"/.exec(await shown.text()) ?? assert.fail('the order can not be paid again');
  const form = new URLSearchParams({ woocommerce_pay: '1', payment_method: 'efectivo', 'woocommerce-pay-nonce': nonce });
  const got = await fetch(address, { method: 'POST', body: form, redirect: 'manual', headers: { cookie } });
  assert.match(got.headers.get('location') ?? '', /order-received/);
}

for (const [door, open] of Object.entries(DOORS)) {
  for (const [row, holds] of Object.entries(ROWS)) {
    const without = door.includes('block') && !existsSync(CHROMIUM) ? 'Chromium isn’t installed (Debian: apt-get install chromium)' : false;
    test(`${door}: ${row}`, { skip: skip || without }, async () => {
      rowsOf(door);
      await holds(open(site.base, page));
    });
  }
}

/** Rows in which WooCommerce's own records of an order matter, for a shop whose orders are posts (HPOS off); `EFECTIVO_ORDERS=posts` runs the whole matrix so. */
const ON_POSTS = Object.keys(ROWS).filter((row) => /^(bought|unpaid|a notice that comes three|the merchant cancels|the store’s hold-stock|paying again)/.test(row));

/** Each door starts with no mail of another, and with stock enough. */
function rowsOf(door) {
  if (rowsOf.door === door) return;
  rowsOf.door = door;
  site.forgetMails();
}

test('whatever happened, no case is left open without a question', { skip }, () => {
  pass(96);
  for (const id of site.tell('orders')) {
    const found = kase(id);
    if (found) assert.ok(!OPEN.has(found.state) || found.reviews.some(({ open }) => open), `${id}: ${found.state}`);
  }
});

for (const row of ON_POSTS) {
  test(`orders as posts: ${row}`, { skip }, async () => {
    writeFileSync(`${site.root}/orders-are-posts`, '');
    rowsOf('posts');
    await ROWS[row](DOORS['the Store API'](site.base, page));
  });
}
