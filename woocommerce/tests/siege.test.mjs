// Workers killed at random under orders, payments and sweeps; afterwards the provider's books, the shop's and ours must agree.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { parts, startSite } from './support/site.mjs';
import { OPEN, story } from './support/books.mjs';

const ROUNDS = Number(process.env.EFECTIVO_ROUNDS ?? 12);
const SEED = Number(process.env.EFECTIVO_SEED ?? 20_261_123);
const HOUR = 3_600_000;
const made = await parts();
const skip = made.missing?.join('; ') ?? false;
let site;

before(async () => { if (!skip) site = await startSite(made); });
after(async () => { await site?.stop(); });

test(`${ROUNDS} rounds of killed workers: every code is ours or asked about, every payment agrees with its order, nothing twice`, { skip }, async () => {
  const roll = dice(SEED);
  const stock = site.tell('stock');
  writeFileSync(`${site.root}/lease`, '3000');
  for (let round = 0; round < ROUNDS; round += 1) {
    const codes = site.tell('act', 'ledger').filter(({ status }) => status !== 'paid').map(({ digits }) => digits);
    const pay = codes.length > 0 && roll() < 0.8 ? [['act', { pay: { code: codes[Math.floor(roll() * codes.length)], amount: null } }]] : [];
    const work = [['place', `"sitio${round}@example.pe"`], ['sweep'], ...pay, ['sweep']];
    await Promise.all(work.map((words) => site.killed(roll() < 0.6 ? 300 + roll() * 2_500 : null, ...words)));
    site.wind(Math.floor(roll() * 120_000));
  }
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
  for (const row of site.tell('act', 'ledger')) {
    const mine = told.find(({ kase }) => kase.doc.attempts.some(({ reference }) => reference === row.reference));
    assert.ok(mine, `code ${row.digits} of ${row.reference} belongs to nobody`);
    const known = mine.kase.doc.attempts.some(({ code }) => code?.handle.digits === row.digits);
    assert.ok(known || mine.kase.reviews.length > 0, `code ${row.digits} is neither ours nor asked about`);
    if (row.payments.length > 0 && known) assert.ok(mine.order.status === 'processing' || mine.kase.reviews.length > 0, `code ${row.digits} was paid and nobody knows`);
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
