// One process of a shop on PostgreSQL, for the benchmark: places orders, works on jobs, and says how many of its orders have their code.

import { open } from '../js/src/index.mjs';
import { postgresStore, worker } from '../js/src/store/postgres.mjs';

const { connectionString, shop, settings, credentials } = JSON.parse(process.argv[2]);
const MONEY = { minor: 12_050, currency: 'PEN' };
const read = { status: 'open', outstanding: MONEY, total: MONEY };
/** Orders are placed by so many shoppers at once. */
const SHOPPERS = 8;

const store = await postgresStore({ connectionString, shop, jobs: true });
const efectivo = await open({
  data: '/nowhere', settings, credentials, store, log: () => {}, mail: { send: async () => {} }, shop: { read: async () => read, apply: async () => ({ outcome: 'done', read }) },
});
await worker({ connectionString, open: (name) => (name === shop ? efectivo : null) });

process.on('message', async ({ from, to }) => {
  let next = from;
  await Promise.all([...Array(SHOPPERS)].map(async () => { while (next < to) await efectivo.place({ order: String(next++), person: { email: 'ana@example.pe' }, wait_ms: 0 }); }));
  process.send({ placed: to - from });
});
process.on('disconnect', () => process.exit(0));
process.send({ ready: true });
