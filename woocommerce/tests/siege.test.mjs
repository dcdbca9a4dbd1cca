// Workers of php-fpm killed at random under checkouts, notices and sweeps; afterwards the provider's books, the shop's and ours must agree.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { askStore } from './support/doors.mjs';
import { fpm } from './support/fpm.mjs';
import { parts, startSite } from './support/site.mjs';
import { OPEN, story } from './support/books.mjs';

const ROUNDS = Number(process.env.EFECTIVO_ROUNDS ?? 25);
const SEED = Number(process.env.EFECTIVO_SEED ?? 20_261_123);
const HOUR = 3_600_000;
const made = await parts();
const skip = made.missing?.join('; ') ?? (fpm() ? false : 'php-fpm isn’t installed (Debian: apt-get install php8.2-fpm)');
let site;

before(async () => { if (!skip) site = await startSite(made, { fpm: true }); });
after(async () => { await site?.stop(); });

test(`${ROUNDS} rounds of killed php-fpm workers: every code is ours or asked about, every payment agrees with its order, nothing twice`, { skip }, async () => {
  const roll = dice(SEED);
  const stock = site.tell('stock');
  writeFileSync(`${site.root}/lease`, '3000');
  let [killed, cut, noticed] = [0, 0, 0];
  await askStore(site.base, 'antes@example.pe'); // once in peace, so that PHP's cache of compiled files is not half-written when a worker dies
  for (let round = 0; round < ROUNDS; round += 1) {
    const codes = site.tell('ledger').filter(({ status }) => status !== 'paid').map(({ digits }) => digits);
    if (codes.length > 0 && roll() < 0.8) site.tell('outside', { pay: { code: codes[Math.floor(roll() * codes.length)], amount: null } });
    const parcels = site.tell('parcels');
    const post = ({ url, headers, body }) => fetch(`${site.base}${new URL(url).pathname}`, { method: 'POST', headers: Object.fromEntries(headers), body });
    const work = [
      askStore(site.base, `sitio${round}@example.pe`),
      ...(roll() < 0.5 ? [askStore(site.base, `otro${round}@example.pe`)] : []),
      ...parcels.flatMap((parcel) => [post(parcel), post(parcel)]),
      fetch(`${site.base}/`, { method: 'POST', headers: { 'X-Efectivo-Tell': '1' }, body: '["sweep"]' }),
    ].map((one) => one.then((got) => { cut += got.status === 502 ? 1 : 0; }, () => { cut += 1; }));
    noticed += parcels.length * 2;
    const killing = (async () => {
      for (let left = Math.floor(roll() * 4); left > 0; left -= 1) {
        await new Promise((done) => setTimeout(done, 40 + roll() * 500));
        const all = site.workers();
        const victim = all[roll() < 0.7 ? 0 : Math.floor(roll() * all.length)];
        if (victim) { process.kill(victim, 'SIGKILL'); killed += 1; }
      }
    })();
    await Promise.all([...work, killing]);
    site.wind(Math.floor(roll() * 120_000));
  }
  process.stdout.write(`${killed} workers killed, ${cut} requests cut off, ${noticed} notices sent\n`);
  assert.ok(killed > 0 && cut > 0 && noticed > 0, 'the siege was one');
  for (const id of site.tell('orders')) if (['asked', ''].includes(site.tell('order', id).case)) site.tell('again', id);
  for (const ms of [4_000, 6_000, 31_000, 121_000, 600_000, HOUR]) { await new Promise((done) => setTimeout(done, 500)); site.wind(ms); site.sweep(); }
  await new Promise((done) => setTimeout(done, 3_500));
  for (let at = 0; at < 16; at += 1) { site.wind(6 * HOUR); site.sweep(); }

  const told = site.tell('orders').map((id) => ({ id, order: site.tell('order', id), kase: site.tell('case', id) })).filter(({ kase }) => kase);
  let held = 0;
  for (const { id, order, kase } of told) {
    const about = `order ${id} (${kase.state}, ${order.status})`;
    const asked = kase.reviews.some(({ open }) => open);
    const paid = order.notes.filter((note) => /to Processing/.test(note)).length;
    const cancelled = order.notes.filter((note) => /to Cancelled/.test(note)).length;
    assert.ok(paid <= 1 && cancelled <= 1 && !(paid && cancelled), `${about}: ${order.notes.join(' | ')}`);
    assert.ok(!OPEN.has(kase.state) || asked, `${about} is still open after days`);
    for (const { no, done_at, dead_at } of kase.outputs) assert.ok(done_at || dead_at, `${about}: output ${no} was left behind`);
    if (order.status === 'processing') assert.ok(kase.doc.attempts.some(({ payments }) => payments.length > 0), `${about}: paid without money`);
    assert.deepEqual(story(kase.rebuilt), story(kase.doc), about);
    held += order.status === 'cancelled' ? 0 : 1;
  }
  for (const row of site.tell('ledger')) {
    const mine = told.find(({ kase }) => kase.doc.attempts.some(({ reference }) => reference === row.reference));
    assert.ok(mine, `code ${row.digits} of ${row.reference} belongs to nobody`);
    const known = mine.kase.doc.attempts.some(({ code }) => code?.handle.digits === row.digits);
    assert.ok(known || mine.kase.reviews.length > 0, `code ${row.digits} is neither ours nor asked about`);
    if (row.payments.length > 0 && known) assert.ok(mine.order.status === 'processing' || mine.kase.reviews.length > 0, `code ${row.digits} was paid and nobody knows: ${mine.kase.state}, ${mine.order.status}, ${mine.order.notes.join(' | ')}`);
  }
  const placed = site.tell('orders').map((id) => site.tell('order', id)).filter(({ status }) => ['on-hold', 'processing'].includes(status)).length;
  assert.equal(site.tell('stock'), stock - placed, `stock agrees with ${placed} orders that hold some (${held} known)`);
});

/** A small generator with a seed, so that a run can be had again (mulberry32). */
function dice(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
