// Jobs on PostgreSQL: written with the state, done by whichever process is free, for many shops in one; what gets lost is found.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { postgresStore, worker } from '../src/store/postgres.mjs';
import { change, kase, output } from './support/kase.mjs';
import { lacksPostgres, startPostgres } from './support/postgres.mjs';
import { startProvider } from './support/provider.mjs';
import { hundred, openShop, person, windable } from './support/shop.mjs';

const skip = lacksPostgres();
let cluster = null;
let pool = null;
let shops = 0;

/** A shop of its own with its provider, whose host does nothing by itself; `name` is how the worker asks for it. */
async function street(t, more = {}) {
  const name = `shop-${(shops += 1)}`;
  const provider = await startProvider();
  t.after(() => provider.close());
  const store = await postgresStore({ pool, shop: name, jobs: true });
  const shop = await openShop({ data: ':memory:', provider, store, ...more });
  t.after(() => shop.close());
  return { ...shop, name, provider, store, place: async (order = '1') => { await shop.book.add(order, hundred); return shop.efectivo.place({ order, person, wait_ms: 10_000 }); } };
}

/** A worker for these shops, ended with the test. */
async function works(t, all, more = {}) {
  const logs = [];
  const working = await worker({ pool, sweep_ms: 60_000, log: (event) => logs.push(event), open: (name) => all.find((one) => one.name === name)?.efectivo ?? null, ...more });
  t.after(() => working.close());
  return { ...working, logs };
}

async function until(what, ms = 10_000) {
  for (const end = Date.now() + ms; Date.now() < end;) {
    const got = await what();
    if (got) return got;
    await new Promise((done) => setTimeout(done, 20));
  }
  return assert.fail('it did not come to that');
}

const jobs = async (name) => (await cluster.query(`SELECT key, run_at > now() + interval '1 second' AS later FROM graphile_worker.jobs WHERE key LIKE $1 ORDER BY key`, [`% ${name} %`])).rows;
const paid = (shop) => until(async () => (await shop.book.find('1')).status === 'paid');

if (skip) test('jobs on PostgreSQL', { skip }, () => {});
else {
  before(async () => {
    cluster = await startPostgres();
    pool = new pg.Pool({ connectionString: cluster.connectionString, max: 20 });
  });
  after(async () => {
    await pool.end();
    await cluster.close();
  });

  test('a change leaves one job in its own transaction, at the time of the next thing that is due; one that fails leaves none', async (t) => {
    const store = await postgresStore({ pool, shop: 'written', jobs: true });
    t.after(() => store.close());
    await store.commit(change(kase('a', { wake_at: 60_000 }), 0, { now: 0 }));
    assert.deepEqual(await jobs('written'), [{ key: 'case written a', later: true }]);
    await store.commit(change(kase('a', { wake_at: 60_000 }), 1, { now: 0, outputs: [output(1)] }));
    assert.deepEqual(await jobs('written'), [{ key: 'case written a', later: false }]);
    await assert.rejects(store.commit(change(kase('b', { wake_at: 1 }), 7)));
    await assert.rejects(store.commit(change(kase('b', { wake_at: 1 }), 0, { completes: { no: 9, attempt: 1 } })));
    assert.equal((await jobs('written')).length, 1);
    await cluster.query(`SELECT graphile_worker.complete_jobs(array(SELECT id FROM graphile_worker.jobs WHERE key LIKE '% written %'))`);
  });

  test('orders of several shops are sold by one worker, from the code to the last mail', async (t) => {
    const all = [await street(t), await street(t), await street(t)];
    await works(t, all);
    const placed = await Promise.all(all.map((shop) => shop.place()));
    assert.ok(placed.every(({ code }) => code), 'each has its code');
    for (const shop of all) {
      const [code] = shop.provider.ledger.codes.values();
      const body = JSON.stringify({ event: 'code.paid', id: code.id, reference: code.reference, payment_id: 'op-1', amount: code.amount, currency: 'PEN' });
      Object.assign(code, { status: 'paid', payments: [{ id: 'op-1', amount: code.amount, currency: 'PEN', paid_at: new Date().toISOString(), reversed: false }] });
      const time = String(Date.now());
      await shop.efectivo.notice('sandbox-1', { headers: [['x-sandbox-time', time], ['x-sandbox-signature', createHmac('sha256', 'my-secret').update(`${time}.${body}`).digest('hex')]], body: Buffer.from(body) });
    }
    for (const shop of all) {
      await paid(shop);
      await until(() => shop.mails.length === 2);
      assert.equal((await shop.book.effects('1')).find(({ effect }) => effect === 'mark_paid').times, 1);
    }
  });

  test('a mail server that hangs holds nothing else of the order back', async (t) => {
    const hanging = Promise.withResolvers();
    const shop = await street(t, { mail: { send: () => hanging.promise } });
    await works(t, [shop]);
    await shop.place();
    const [code] = shop.provider.ledger.codes.values();
    shop.provider.pay(code.id, { notice: 'lost' });
    await shop.efectivo.merchant((await shop.efectivo.status('1')).case, 'check_now');
    await paid(shop);
    hanging.resolve();
  });

  test('while there is no mail server, mails wait without keeping anybody busy, and leave once there is one', async (t) => {
    let ready = false;
    const sent = [];
    const shop = await street(t, { mail: { ready: () => ready, send: async (mail) => { sent.push(mail); } } });
    await works(t, [shop], { sweep_ms: 300 });
    const done = async () => Number((await cluster.query(`SELECT n_tup_ins FROM pg_stat_user_tables WHERE schemaname = 'graphile_worker' AND relname = '_private_jobs'`)).rows[0].n_tup_ins);
    await shop.place();
    await until(async () => (await shop.book.find('1')).code);
    await new Promise((over) => setTimeout(over, 1_500));
    const before = await done();
    await new Promise((over) => setTimeout(over, 3_000));
    assert.ok((await done()) - before < 5, `${(await done()) - before} jobs in three seconds`);
    assert.deepEqual(sent, []);
    ready = true;
    await until(() => sent.length === 1, 30_000);
  });

  test('a tick is over when what the jobs are at is over too', async (t) => {
    const shop = await street(t);
    const { look } = shop.store;
    let looking = 0;
    shop.store.look = async (...words) => {
      const found = await look(...words);
      looking += found.claimed.length;
      await new Promise((done) => setTimeout(done, 300));
      return found;
    };
    await works(t, [shop]);
    await shop.book.add('1', hundred);
    await shop.efectivo.place({ order: '1', person, wait_ms: 0 });
    await until(() => looking > 0);
    await shop.efectivo.tick();
    assert.ok((await shop.efectivo.status('1')).code);
  });

  test('a job that got lost, and one whose shop is closed for now, are found by the sweep', async (t) => {
    const shop = await street(t);
    const closed = await street(t);
    await shop.book.add('1', hundred);
    await closed.book.add('1', hundred);
    await shop.efectivo.place({ order: '1', person, wait_ms: 0 });
    await closed.efectivo.place({ order: '1', person, wait_ms: 0 });
    await cluster.query(`SELECT graphile_worker.complete_jobs(array(SELECT id FROM graphile_worker.jobs WHERE key LIKE $1))`, [`% ${shop.name} %`]);
    const all = [shop];
    const { logs } = await works(t, all, { sweep_ms: 200, open: (name) => all.find((one) => one.name === name)?.efectivo ?? null });
    await until(async () => (await shop.efectivo.status('1')).code);
    await until(() => logs.includes('no_host'));
    all.push(closed);
    await until(async () => (await closed.efectivo.status('1')).code);
  });

  test('a long queue is left to the jobs: the sweep passes nobody who waits for his turn', async (t) => {
    const clock = windable();
    const shop = await street(t, { clock });
    clock.wind(-60_000); // what is placed now has been due for a minute
    let [under_way, most] = [0, 0];
    shop.provider.fault = () => { most = Math.max(most, (under_way += 1)); setTimeout(() => { under_way -= 1; }, 150); return 150; };
    for (let order = 1; order <= 8; order += 1) {
      await shop.book.add(String(order), hundred);
      await shop.efectivo.place({ order: String(order), person, wait_ms: 0 });
    }
    await works(t, [shop], { concurrency: 1, sweep_ms: 50 });
    await until(() => shop.provider.ledger.codes.size === 8, 20_000);
    assert.equal(most, 1, 'as many at once as the worker was told');
  });

  test('a database that restarts stops no worker for long', async (t) => {
    const shop = await street(t);
    await works(t, [shop], { sweep_ms: 500 });
    await shop.place();
    await cluster.stop();
    await cluster.start();
    const { code } = await shop.place('2');
    assert.ok(code, 'the next order has its code');
  });
}
