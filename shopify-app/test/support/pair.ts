// The siege of two processes of the app on one PostgreSQL database: killed at random under load, one or both; then the comparison of Shopify's orders, our cases and the provider's ledger.

import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
// @ts-expect-error: plain JavaScript of the js package's own tests
import { randomly } from '../../../js/test/support/dice.mjs';
// @ts-expect-error: plain JavaScript of the js package's own tests
import { startSandbox } from '../../../js/test/support/sandbox.mjs';
import { makeConfig } from '../../src/config.ts';
import { LEASE_MS } from '../../src/orders/intake.ts';
import { makeServer, type Server } from '../../src/server.ts';
import { makeFake, type Fake, type Order } from '../fake-shopify/index.ts';
import { APP, KEYS, noticesTo, QUIPU, SUBSCRIPTIONS, type Sandbox } from '../street.ts';

const HOUR = 3_600_000;
const PRICE = 12_050;
/** How long a round lasts at most, before somebody is killed. */
const ROUND_MS = 500;
/** What Shopify's own side does now and then; after `cut after` it had acted. */
const TROUBLES: Array<'500' | 'throttled' | 'cut before' | 'cut after'> = ['500', 'throttled', 'cut before', 'cut after'];
/** A process that has not begun, or done what a wound clock made due, within this has hung. */
const ANSWERS_WITHIN_MS = 240_000;
/** So long that every code is dead, its grace over and the order given up. */
const LAPSED_HOURS = 88;
/** What dead processes held is free when its lease has ended, by the true clock; what waited for it has come within so much more. */
const AFTER_LEASES_MS = 120_000;

type Dice = { next(): number; pick<T>(list: T[]): T };
type Process = { child: ChildProcess | null; port: number };
interface World { fake: Fake; provider: Sandbox; processes: [Process, Process]; time: { offset: number }; start(one: Process): Promise<void>; close(): Promise<void> }
/** What people did, order by order. */
interface Done { order: Order; paid: number; by_hand: boolean; cancelled: boolean }
export type Counts = Record<'kills' | 'orders' | 'paid' | 'cancelled_by_us' | 'asked', number>;

/** Runs kills under `seed` on an empty database; throws where a promise was broken. Deliveries are held for `lease_ms`, as the server does unless a shorter wait for the dead is wanted. */
export async function siege({ kills, seed, database, lease_ms = LEASE_MS, told = () => {} }: { kills: number; seed: number; database: string; lease_ms?: number; told?: (kills: number) => void }): Promise<Counts> {
  const dice: Dice = randomly(seed * 7_919 + 1);
  const world = await makeWorld(database, dice, lease_ms);
  const book: Done[] = [];
  let done = 0;
  try {
    while (done < kills) {
      await Promise.all(world.processes.map((one) => world.start(one)));
      const until = Date.now() + 40 + dice.next() * ROUND_MS;
      while (Date.now() < until) {
        happen(world, dice, book);
        await pause(2 + dice.next() * 12);
      }
      const victims = dice.next() < 0.15 ? world.processes : [dice.pick([...world.processes])];
      await Promise.all(victims.map(kill));
      done += victims.length;
      told(done);
    }
    return { kills: done, ...(await rest(world, database, book, lease_ms)) };
  } catch (error) {
    (error as Error).message += ` (two processes of the app, seed ${seed}, after ${done} kills)`;
    throw error;
  } finally {
    await world.close();
  }
}

/** One thing that a shopper, a merchant or the network does. */
function happen({ fake, provider, time, processes }: World, dice: Dice, book: Done[]): void {
  const one = book.length > 0 ? dice.pick(book.slice(-12)) : null;
  const luck = dice.next();
  if (luck < 0.2 || !one) return void book.push({ order: fake.order(QUIPU, { lines: [{ price: '120.50' }], test: true }), paid: 0, by_hand: false, cancelled: false });
  if (luck < 0.5) return pay(provider, dice, one);
  if (luck < 0.54) return cancel(fake, one);
  if (luck < 0.57) return payByHand(fake, one);
  if (luck < 0.6) return fake.trouble(dice.pick(TROUBLES), { match: '/graphql.json' });
  if (luck < 0.65) {
    time.offset += dice.pick([1_000, 30_000, 300_000]);
    processes.forEach(({ child }) => tell(child, { wind: time.offset }));
    return;
  }
  void fake.deliver();
}

/** A code is paid at a counter, now and then twice; its notice comes once, twice or never. */
function pay(provider: Sandbox, dice: Dice, done: Done): void {
  const code = codesOf(provider, done.order).at(-1);
  if (!code || done.paid > (dice.next() < 0.05 ? 1 : 0)) return;
  try {
    provider.pay(code.id, { notice: dice.pick(['once', 'once', 'doubled', 'lost']) });
    done.paid += 1;
  } catch { /* a code that is dead takes no money */ }
}

function cancel(fake: Fake, done: Done): void {
  const { cancelled, received } = fake.stands(done.order);
  if (cancelled || received > 0) return;
  fake.cancel(done.order);
  done.cancelled = true;
}

function payByHand(fake: Fake, done: Done): void {
  if (!fake.stands(done.order).can_mark) return;
  fake.pay(done.order);
  done.by_hand = true;
}

const codesOf = (provider: Sandbox, order: Order) => [...provider.ledger.codes.values()].filter(({ reference }) => String(reference).includes(String(order.id)));

/** Both processes live, nothing fails any more, and time passes until the books agree; they have to stay so. */
async function rest(world: World, database: string, book: Done[], lease_ms: number): Promise<Omit<Counts, 'kills'>> {
  world.fake.troubles.length = 0;
  world.provider.fault = () => '';
  await Promise.all(world.processes.map((one) => world.start(one)));
  for (let rounds = 0; rounds < 4; rounds += 1) await wind(world, 10 * 60_000);
  for (let hours = 0; hours < LAPSED_HOURS; hours += 8) await wind(world, 8 * HOUR);
  for (const until = Date.now() + lease_ms + AFTER_LEASES_MS; Date.now() < until; await pause(1_000)) {
    if (await compare(world, database, book).then(() => true, () => false)) break;
    await wind(world, 2 * HOUR);
  }
  await wind(world, 24 * HOUR);
  return compare(world, database, book);
}

async function wind(world: World, ms: number): Promise<void> {
  world.time.offset += ms;
  world.processes.forEach(({ child }) => tell(child, { wind: world.time.offset }));
  world.provider.tick();
  await world.fake.tick();
  await Promise.all(world.processes.map(({ child }) => ticked(child)));
  await world.provider.quiet();
}

/** The three books, order by order. */
async function compare({ fake, provider }: World, database: string, book: Done[]): Promise<Omit<Counts, 'kills'>> {
  const counts = { orders: book.length, paid: 0, cancelled_by_us: 0, asked: 0 };
  const server = await open(database, fake);
  try {
    const { efectivo } = (await server.parts.shops.of('tienda', QUIPU)) ?? {};
    assert.ok(efectivo);
    for (const done of book) {
      const { order } = done;
      const stands = fake.stands(order);
      const at: { case: string; state: string } | null = await efectivo.status(String(order.id));
      const payments = codesOf(provider, order).flatMap((code) => code.payments).length;
      const where: string = `order ${order.name}: ${JSON.stringify({ ...done, order: order.id, state: at?.state, stands, payments })}`;
      assert.equal(payments, done.paid, where);
      if (!at) assert.ok(payments === 0 && (done.cancelled || done.by_hand), `lost: ${where}`); // over before it was ever seen
      const { view } = at ? await efectivo.case(at.case) : { view: { reviews: [] } };
      const asked = view.reviews.some(({ open: is }: { open: boolean }) => is);
      counts.asked += asked ? 1 : 0;
      assert.ok(stands.received === 0 || stands.received === PRICE, `paid twice: ${where}`);
      const clean = payments === 1 && !done.by_hand && !done.cancelled;
      if (clean) assert.ok(stands.received === PRICE && !stands.cancelled || asked, `money that the order does not show, unasked: ${where}`);
      else if (payments > 0) assert.ok(asked, `money too much, unasked: ${where}`);
      if (stands.received > 0) assert.ok(done.by_hand || payments > 0, `paid by nobody: ${where}`);
      if (payments === 0 && !done.by_hand) assert.ok(stands.cancelled, `given up by nobody: ${where}`);
      counts.paid += payments > 0 && stands.received > 0 ? 1 : 0;
      counts.cancelled_by_us += stands.cancelled && !done.cancelled ? 1 : 0;
    }
    const cancelled = book.filter(({ order }) => fake.stands(order).cancelled).length;
    assert.deepEqual(Object.values(fake.world.shops[QUIPU]?.restocked ?? {}), cancelled > 0 ? [cancelled] : [], 'each cancelled order gave its stock back once');
    assert.deepEqual(fake.invalid, [], 'documents that Shopify would refuse');
    return counts;
  } finally {
    await server.close();
  }
}

const given = (database: string) => ({ public_url: APP.url, database, apps: [{ id: 'tienda', role: 'shop', client_id: APP.client_id, client_secret_env: 'SECRET', own_shops: [QUIPU] }] });
const ENV = { SECRET: APP.client_secret, EFECTIVO_KEYS: KEYS };

const open = (database: string, fake: Fake): Promise<Server> => makeServer({ config: makeConfig(given(database), ENV), clock: { now: fake.now }, toShopify: fake.fetch as typeof fetch, mailer: async () => {}, log: () => {} });

/** The fake Shopify and the provider live here; requests go to whichever process lives. */
async function makeWorld(database: string, dice: Dice, lease_ms: number): Promise<World> {
  const time = { offset: 0 };
  const now = (): number => Date.now() + time.offset;
  const processes: [Process, Process] = [{ child: null, port: await freePort() }, { child: null, port: await freePort() }];
  const key = { of: '' };
  const pass = async (path: string, headers: Headers, body: BodyInit): Promise<Response> => {
    const [first, second] = dice.next() < 0.5 ? processes : [processes[1], processes[0]];
    const to = ({ port }: Process): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body, signal: AbortSignal.timeout(5_000) });
    return to(first).catch(() => to(second));
  };
  const send = async (request: Request): Promise<Response> => pass(new URL(request.url).pathname, request.headers, await request.arrayBuffer());
  const fake = makeFake({ now, apps: [{ ...APP, webhooks: SUBSCRIPTIONS, scopes: ['read_orders', 'write_orders'], send }] });
  fake.shop(QUIPU, { job_ms: 500, plus: true }).install(APP.client_id); // so many orders a minute have the points of a large shop
  const listening = await fake.listen();
  const notices = await noticesTo((body, headers) => pass(`/notice/tienda/${key.of}/sandbox-1`, headersOf(headers), body as Uint8Array<ArrayBuffer>));
  const provider = (await startSandbox({ now, notice_url: notices.url, fault: () => (dice.next() < 0.1 ? dice.pick(['before', 'after', '500 before', '500 after']) : '') })) as Sandbox;
  const close = async (): Promise<void> => {
    await Promise.allSettled(processes.map(kill));
    await Promise.allSettled([listening.close(), notices.close(), provider.close()]);
  };
  async function start(one: Process): Promise<void> {
    if (one.child) return;
    const words = { port: one.port, shopify: listening.url, offset: time.offset, given: given(database), env: ENV, lease_ms };
    one.child = fork(fileURLToPath(new URL('pair-child.ts', import.meta.url)), [JSON.stringify(words)], { execArgv: ['--disable-warning=ExperimentalWarning'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    one.child.on('error', () => {});
    await answered(one.child, 'start');
  }
  try {
    key.of = await setUp(database, fake, provider.url);
  } catch (error) {
    await close();
    throw error;
  }
  return { fake, provider, processes, time, start, close };
}

/** The shop with its one channel; returns the key that stands in its addresses. */
async function setUp(database: string, fake: Fake, url: string): Promise<string> {
  const server = await open(database, fake);
  try {
    await server.parts.shops.install('tienda', QUIPU);
    const shop = await server.parts.shops.of('tienda', QUIPU);
    assert.ok(shop);
    const { doc, version } = await server.parts.shops.stored(shop);
    const core = { ...doc.core, shop: { ...doc.core.shop, name: 'Quipu', tag: 'QUIPU', contact: 'hola@quipu.example', mail_from: 'hola@quipu.example' }, channels: [{ id: 'sandbox-1', provider: 'sandbox' as const, mode: 'test' as const, sandbox_url: url }] };
    await server.parts.shops.save(shop, version, { ...doc, core }, { credentials: { 'sandbox-1': { sandbox: { key: 'my-key', secret: 'my-secret' } } }, smtp_password: '' });
    return shop.key;
  } finally {
    await server.close();
  }
}

/** What a request says, but for what belongs to its connection. */
function headersOf(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of ['host', 'connection', 'content-length', 'transfer-encoding', 'expect', 'keep-alive']) kept.delete(name);
  return kept;
}

async function kill(one: Process): Promise<void> {
  const { child } = one;
  one.child = null;
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

function tell(child: ChildProcess | null, words: object): void {
  if (child?.connected) child.send(words, () => {});
}

async function ticked(child: ChildProcess | null): Promise<void> {
  assert.ok(child?.connected, 'a process ended by itself');
  const answer = answered(child, 'do what is due');
  tell(child, { tick: 1 });
  await answer;
}

/** The next thing that a process says; one that ends instead, or says nothing, is an error with a name. */
async function answered(child: ChildProcess, what: string): Promise<void> {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, AbortSignal.timeout(ANSWERS_WITHIN_MS)]);
  try {
    await Promise.race([
      once(child, 'message', { signal }).catch(() => assert.fail(`a process did not ${what} in time`)),
      once(child, 'exit', { signal }).then(([code, by]) => assert.fail(`a process ended with ${code ?? by} when it was to ${what}`), () => new Promise(() => {})),
    ]);
  } finally {
    over.abort();
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
