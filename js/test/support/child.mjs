// A host in a process of its own, for tests that kill it: opens the shop, serves notices, and does what its parent says.

import { createServer } from 'node:http';
import { routes } from '../../src/http.mjs';
import { postgresStore, worker } from '../../src/store/postgres.mjs';
import { channelOf, openShop, person } from './shop.mjs';

const { data, kind, url, notice_url, port, offset, lease_ms, postgres, place = [], ...given } = JSON.parse(process.argv[2]);
const time = { offset };
let { crash } = given;
let seen = 0;

/** Ends the process at the n-th time that a point is reached, in the way in which nothing can be finished. */
function at(point) {
  if (crash?.point !== point) return undefined;
  seen += 1;
  if (seen === crash.nth) process.kill(process.pid, 'SIGKILL');
  return seen >= crash.nth ? new Promise(() => {}) : undefined;
}

const shop = await openShop({ data, ...channelOf(kind, url, notice_url), clock: { now: () => Date.now() + time.offset }, crash: at, lease_ms, ...(postgres && { store: await postgresStore(postgres) }) });
const { efectivo, book } = shop;
if (postgres?.jobs) await worker({ ...postgres, sweep_ms: 300, open: (name) => (name === postgres.shop ? efectivo : null) });
createServer(routes(efectivo)).listen(port, '127.0.0.1', () => process.send({ ready: true }));

const calls = {
  async place(order, amount) {
    await book.add(order, amount);
    return efectivo.place({ order, person, wait_ms: 0 });
  },
  async shopChanges(order, changes, told) {
    await book.change(order, changes);
    return told ? efectivo.orderChanged(order) : undefined;
  },
  merchant: (id, decision) => efectivo.merchant(id, decision),
  wind: async (ms) => { time.offset = ms; await efectivo.tick(); },
  arm: async (next) => { crash = next; seen = 0; },
  tick: () => efectivo.tick(),
  next: () => efectivo.next(),
  report: async () => {
    const cases = await efectivo.cases({ limit: 1_000_000 });
    const told = [];
    for (const kase of cases) {
      const { entries } = await efectivo.journal(kase.id);
      const { outputs } = await efectivo.case(kase.id);
      const order = await book.find(kase.order);
      told.push({ kase, rebuilt: efectivo.core.call('rebuild', { entries }).ok.case, outputs, order, effects: await book.effects(kase.order) });
    }
    return told;
  },
  close: async () => { await shop.close(); setImmediate(() => process.exit(0)); },
};

process.on('message', async ({ no, call, words }) => {
  try {
    process.send({ no, ok: await calls[call](...words) });
  } catch (error) {
    process.send({ no, error: { code: error.code, message: error.message } });
  }
});
process.on('disconnect', () => process.exit(0));
for (const [order, amount] of place) calls.place(order, amount).catch(() => {});
