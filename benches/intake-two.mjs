// The row of two processes on one PostgreSQL database beside one: orders placed until each has its code, from a provider that takes its time.

import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { lacksPostgres, startPostgres } from '../js/test/support/postgres.mjs';
import { startProvider } from '../js/test/support/provider.mjs';
import { credentials, settings } from '../js/test/support/shop.mjs';
import { median } from './intake.mjs';

const LATENCY_MS = 200;
/** `warm` orders come first in each process, as both sides of the other rows run until they are compiled; a process lives for days. */
const WHOLE = { rounds: 3, orders: 480, warm: 64 };
const SMOKE = { rounds: 1, orders: 16, warm: 0 };
/** A measure that takes longer has hung. */
const MOST_MS = 60_000;

/** Why the rows can't be run here; `false` where they can. */
export const lacksTwo = lacksPostgres;

/** Two rows: with a provider's latency, and where the processors are the limit (reported, no goal: two processes, the database and the provider share them). */
export async function* twoRows({ smoke }) {
  const plan = smoke ? SMOKE : WHOLE;
  const cluster = await startPostgres();
  try {
    yield await row('intake-postgres-two', LATENCY_MS, 1.6, plan, cluster);
    yield await row('intake-postgres-two-cpu', 0, undefined, plan, cluster);
  } finally {
    await cluster.close();
  }
}

async function row(name, latency_ms, goal, { rounds, ...plan }, cluster) {
  const told = { two: [], one: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const side of round % 2 === 0 ? ['two', 'one'] : ['one', 'two']) told[side].push(await measure(`${name}-${side}-${round}`, side === 'two' ? 2 : 1, latency_ms, plan, cluster));
  }
  const ratio = median(told.two.map((rate, round) => rate / told.one[round]));
  return { name, ours: median(told.two), peer: median(told.one), peer_name: `one process, ${latency_ms} ms of latency`, ratio, unit: '/s', goal };
}

/** Codes a second with so many processes, in a shop of its own. */
async function measure(shop, processes, latency_ms, { orders, warm }, cluster) {
  const provider = await startProvider({ fault: () => latency_ms });
  const hosts = await Promise.all([...Array(processes)].map(() => host({ shop, connectionString: cluster.connectionString, settings: settings(provider.url), credentials })));
  let last = 0;
  /** Each process places its share; resolves when each order has its code, and keeps it. */
  async function sell(count) {
    const from = last;
    last += count;
    hosts.forEach((child, at) => child.send({ from: from + 1 + Math.floor((at * count) / processes), to: from + 1 + Math.floor(((at + 1) * count) / processes) }));
    const until = performance.now() + MOST_MS;
    while (provider.ledger.codes.size < last || (await kept()) < last) {
      assert.ok(performance.now() < until, `${shop}: orders are left without a code`);
      await new Promise((done) => setTimeout(done, 10));
    }
  }
  const kept = async () => (await cluster.query(`SELECT count(*)::integer AS kept FROM efectivo.cases WHERE shop = $1 AND state = 'waiting'`, [shop])).rows[0].kept;
  try {
    await sell(warm * processes);
    const began = performance.now();
    await sell(orders);
    const rate = orders / ((performance.now() - began) / 1_000);
    assert.equal(provider.ledger.codes.size, last, 'each order has one code');
    return rate;
  } finally {
    for (const child of hosts) { child.kill(); await once(child, 'exit'); }
    await provider.close();
  }
}

async function host(words) {
  const child = fork(fileURLToPath(new URL('pair-host.mjs', import.meta.url)), [JSON.stringify(words)], { execArgv: ['--disable-warning=ExperimentalWarning'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  await once(child, 'message');
  return child;
}
