// The siege of two hosts on one PostgreSQL database: each killed again and again under load while the other goes on; then the comparison of the books.

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { amountOf, cancelledBefore, FAULTS, happen, POINTS, ROUND_MS, WINDS_MS } from './siege.mjs';
import { compare, dice, freePort, makeHost, makeProvider, rest } from './world.mjs';

/** Runs `kills` kills under `seed` in a shop of its own; throws where a promise was broken. `told(kills, …)` is called after each round. */
export async function pairSiege({ kills, seed, kind = 'sandbox', connectionString, told = () => {} }) {
  const data = mkdtempSync(join(tmpdir(), 'efectivo-pair-'));
  const roll = dice(seed);
  const world = await makePair({ data, kind, roll, postgres: { connectionString, shop: `pair-${seed}-${kind}`, jobs: true } });
  const book = { placed: new Set(), asked: [], next: 1 };
  const died = { by_point: 0, by_clock: 0, both: 0 };
  let kept = false;
  try {
    while (died.by_point + died.by_clock < kills) {
      await oneRound(world, roll, book, died);
      told(died.by_point + died.by_clock, { codes: world.provider.ledger.codes.size });
    }
    await Promise.all(world.hosts.map((host) => host.lives() || host.start()));
    for (const order of book.asked) await world.ask('place', order, amountOf(order)).then(() => book.placed.add(order), cancelledBefore);
    await world.hosts[1].kill();
    const cases = await rest({ ...world, ask: world.hosts[0].ask });
    return { ...compare(world, cases, book.placed), cases: cases.length, ...died };
  } catch (error) {
    kept = true;
    error.message += ` (two hosts, ${kind}, seed ${seed}, orders kept in ${data})`;
    throw error;
  } finally {
    await world.close();
    if (!kept) rmSync(data, { recursive: true });
  }
}

/** Both hosts work; one is killed, sometimes both at once. */
async function oneRound(world, roll, book, died) {
  world.wind(roll.chance(0.004) ? 43_200_000 : roll.pick(WINDS_MS));
  const victims = roll.chance(0.1) ? [...world.hosts] : [roll.pick(world.hosts)];
  let over = 0;
  for (const host of world.hosts) {
    const crash = victims.includes(host) && roll.chance(0.5) ? { point: roll.pick(POINTS), nth: 1 + roll.upTo(3) } : undefined;
    if (!host.lives()) await host.start({ crash });
    else for (const asked of [crash && host.ask('arm', crash), host.ask('wind', world.time.offset)]) asked?.catch(() => {});
  }
  const until = Date.now() + 20 + roll.upTo(2 * ROUND_MS);
  while (Date.now() < until && victims.some((host) => host.lives())) {
    happen(world, roll, book);
    await new Promise((done) => setTimeout(done, 1 + roll.upTo(6)));
  }
  for (const host of victims) {
    over += host.lives() ? 0 : 1;
    await host.kill();
  }
  died.by_point += over;
  died.by_clock += victims.length - over;
  died.both += victims.length - 1;
}

/** Two hosts, one provider, and between them what stands before any two servers: a balancer, which tries the other where one is dead. */
async function makePair({ data, kind, roll, postgres }) {
  const time = { offset: 0 };
  const ports = [await freePort(), await freePort()];
  const balancer = createServer(async (asked, answer) => {
    const body = Buffer.concat(await Array.fromAsync(asked));
    const order = Math.random() < 0.5 ? ports : ports.toReversed();
    const got = (await forward(order[0], asked, body)) ?? (await forward(order[1], asked, body));
    answer.writeHead(got?.status ?? 503).end(got?.body);
  }).listen(0, '127.0.0.1');
  await once(balancer, 'listening');
  const provider = await makeProvider({ kind, time, port: balancer.address().port, fault: () => (roll.chance(0.15) ? roll.pick(FAULTS) : '') });
  const hosts = ports.map((port) => makeHost({ data, kind, provider, time, port, lease_ms: 4_000, postgres }));
  /** Whoever lives; what a kill cuts off is simply not acknowledged. */
  const ask = (...words) => (hosts.filter((host) => host.lives()).at(Math.random() < 0.5 ? 0 : -1) ?? { ask: async () => { throw new Error('killed'); } }).ask(...words);
  const close = async () => { await Promise.all(hosts.map((host) => host.close())); balancer.closeAllConnections(); balancer.close(); await provider.close(); };
  return { kind, provider, hosts, time, ask, close, wind: (ms) => { time.offset += ms; } };
}

function forward(port, { method, url, rawHeaders }, body) {
  return new Promise((resolve) => {
    const passing = request({ host: '127.0.0.1', port, method, path: url, headers: rawHeaders, timeout: 5_000 }, async (answer) => {
      resolve({ status: answer.statusCode, body: Buffer.concat(await Array.fromAsync(answer).catch(() => [])) });
    });
    passing.on('timeout', () => passing.destroy()).on('error', () => resolve(null)).end(body);
  });
}
