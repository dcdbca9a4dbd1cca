// The pump: nothing that becomes due is slept over, and a case that the core won't take holds no other one up.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EfectivoError } from '../src/core.mjs';
import { makePump } from '../src/pump.mjs';

const idle = { wake_at: null, output_at: null, lease_until: null, stray_at: null };
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** A pump over a store of just what it asks for; `rounds` counts, `takes` lists the cases that were woken. */
function pumping(t, { due = async () => [], next = async () => idle, take = async () => {} }) {
  const seen = { rounds: 0, takes: [] };
  const store = { due, next, purge: async () => {} };
  const loop = { take: async (id) => { seen.takes.push(id); await take(id); } };
  const inbox = { bring: async () => { seen.rounds += 1; }, pass: async () => {} };
  const carrier = { start: async () => {}, flying: new Set(), holdsBack: () => false };
  const pump = makePump({ store, loop, inbox, carrier, clock: { now: () => 1_000 }, log: () => {} });
  t.after(() => pump.stop());
  return { pump, seen };
}

test('what becomes due while the pump looks up when to sleep, or falls asleep, is done at once', async (t) => {
  for (let turns = 0; turns < 12; turns += 1) {
    let asked = 0;
    const { pump, seen } = pumping(t, { next: async () => { if ((asked += 1) === 1) later(turns); return idle; } });
    const later = async (left) => { for (; left > 0; left -= 1) await null; pump.kick(); };
    await pump.kick();
    await pause(5);
    assert.equal(seen.rounds, 2, `${turns} turns later`);
  }
});

test('cases that the core refuses are left alone for a while, and those behind them have their turn', async (t) => {
  const all = [...Array(450).keys()].map((no) => ({ id: `newer-${no}`, wake_at: no })).concat({ id: 'good', wake_at: 900 });
  const woken = new Set();
  const { pump, seen } = pumping(t, {
    due: async ({ limit }) => all.filter(({ id }) => !woken.has(id)).slice(0, limit),
    next: async () => ({ ...idle, wake_at: 0 }),
    take: async (id) => {
      if (id !== 'good') throw new EfectivoError({ code: 'bad_ask', message: 'a newer schema' });
      woken.add(id);
    },
  });
  await pump.kick();
  assert.ok(woken.has('good'));
  const { rounds } = seen;
  await pause(400);
  assert.ok(seen.rounds - rounds <= 1, `${seen.rounds - rounds} rounds for nothing`);
  await pause(800);
  assert.equal(seen.takes.length, all.length, 'each was offered once');
});

test('a store that fails while a case is woken is no refusal: the case is woken again a second later', async (t) => {
  let tries = 0;
  const { seen, pump } = pumping(t, {
    due: async () => (tries < 2 ? [{ id: 'one', wake_at: 5 }] : []),
    next: async () => ({ ...idle, wake_at: tries < 2 ? 5 : null }),
    take: async () => { if ((tries += 1) === 1) throw new EfectivoError({ code: 'store_locked', message: 'locked', retry: 'later' }); },
  });
  await pump.kick();
  await pause(1_300);
  assert.deepEqual(seen.takes, ['one', 'one']);
});
