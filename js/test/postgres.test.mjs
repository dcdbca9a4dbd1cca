// The PostgreSQL store on a real server: the contract of every store, several processes and shops, a database that goes away, and the errors in words.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { postgresStore } from '../src/store/postgres.mjs';
import { claim, conflict, contract } from './support/contract.mjs';
import { change, kase, notice, output } from './support/kase.mjs';
import { lacksPostgres, startPostgres } from './support/postgres.mjs';

const skip = lacksPostgres();
const stores = [];
let cluster = null;
let pool = null;
let shops = 0;

/** A shop of its own in the one database. */
async function fresh(more = {}) {
  const store = await postgresStore({ pool, shop: `shop-${(shops += 1)}`, ...more });
  stores.push(store);
  return store;
}

/** Another process, as far as the database can tell: a pool and a line of its own. */
async function elsewhere(shop, more = {}) {
  const store = await postgresStore({ connectionString: cluster.connectionString, shop, ...more });
  stores.push(store);
  return store;
}

if (skip) test('the PostgreSQL store', { skip }, () => {});
else {
  before(async () => {
    cluster = await startPostgres();
    pool = new pg.Pool({ connectionString: cluster.connectionString, max: 12 });
  });
  after(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await pool.end();
    await cluster.close();
  });

  contract('PostgreSQL', { fresh, twoShops: async () => { const shop = `pair-${(shops += 1)}`; return [await fresh({ shop }), await fresh({ shop: `${shop}-b` })]; } });

  test('two processes that write at once: each input is there once, and every conflict is told', async () => {
    const one = await fresh({ shop: 'both' });
    const two = await elsewhere('both');
    await one.commit(change(kase('a', { n: 0 }), 0));
    const add = async (store) => {
      for (let done = 0; done < 25;) {
        const { version, case: doc } = await store.load('a');
        await store.commit(change({ ...doc, n: doc.n + 1 }, version, { journal: [{ no: doc.n + 1, at: 1 }] })).then(() => { done += 1; }, (error) => assert.ok(conflict('case')(error), error));
      }
    };
    await Promise.all([add(one), add(two), add(one), add(two)]);
    assert.equal((await two.load('a')).case.n, 100);
    assert.equal((await one.journal('a')).length, 100);
  });

  test('one order placed in two processes at once has one case', async () => {
    const both = [await fresh({ shop: 'twice' }), await elsewhere('twice')];
    for (let order = 0; order < 30; order += 1) {
      const made = await Promise.allSettled(both.map((store, at) => store.commit(change(kase(`${order}-${at}`), 0, { keys: [`order:${order}`, `page:${order}-${at}`] }))));
      const [lost] = made.filter(({ status }) => status === 'rejected');
      const held = await both[0].holder(`order:${order}`);
      assert.ok(conflict('key')(lost.reason) && lost.reason.holder === held, lost.reason);
      assert.equal((await both[1].cases({ limit: 100 })).filter(({ id }) => id.startsWith(`${order}-`)).length, 1);
    }
  });

  test('two processes claim at once: no output is claimed twice, and neither waits for the other', async () => {
    const both = [await fresh({ shop: 'claims' }), await elsewhere('claims')];
    for (let n = 0; n < 60; n += 1) await both[0].commit(change(kase(`c${n}`), 0, { outputs: [output(1), output(2)] }));
    const claimed = (await Promise.all([...Array(12)].map((_, n) => claim(both[n % 2])))).flat();
    const names = claimed.map(({ case_id, output: { no } }) => `${case_id} ${no}`);
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.length >= 50 && names.every((name) => name.endsWith(' 1')), `${names.length}`);
  });

  test('what can leave of a case is claimed with all that carrying it out asks for, and not before its notices and its wake', async () => {
    const store = await fresh();
    const look = (more) => store.look('a', { lanes: ['provider', 'mail'], now: 9_000, lease_now: 100, lease_ms: 50, ...more });
    assert.deepEqual(await look(), { version: null, wake_at: null, notices: false, claimed: [], scene: null });
    await store.commit(change(kase('a', { wake_at: 9_000 }), 0, {
      keys: ['ref:a'], outputs: [output(1), output(2, 'mail'), output(3, 'shop')], evidence: [{ kind: 'person', purge_after: 1, body: Buffer.from('{"email":"ana@example.pe"}') }],
      channels: [{ id: 'sandbox-1', version: 0, token: Buffer.from([7]), doc: { id: 'sandbox-1' } }],
    }));
    await store.addNotices({ notices: [notice('n-1', ['ref:a'])], channels: [] });
    assert.deepEqual(await look(), { version: 1, wake_at: 9_000, notices: true, claimed: [], scene: null });
    const { claimed, scene } = await look({ regardless: true });
    assert.deepEqual(claimed.map(({ case_id, attempt, sent_at, output: { no, lane } }) => [case_id, attempt, sent_at, no, lane]), [['a', 1, null, 1, 'provider'], ['a', 1, null, 2, 'mail']]);
    assert.deepEqual(claimed[0].output.body, output(1).body);
    assert.deepEqual(scene, { loaded: await store.load('a'), person: { email: 'ana@example.pe' }, channels: [{ id: 'sandbox-1', version: 1, token: Buffer.from([7]), doc: { id: 'sandbox-1' } }] });
    assert.deepEqual((await look({ regardless: true })).claimed, [], 'it is leased');
    assert.deepEqual((await look({ regardless: true, lease_now: 150 })).claimed.map(({ attempt }) => attempt), [2, 2], 'until the lease ends');
  });

  test('a case is looked at as fast beside thousands that wait as it is alone', async (t) => {
    const store = await fresh({ shop: 'long-queue', jobs: true });
    const client = await pool.connect();
    t.after(() => client.release());
    const pages = async (text) => Number(/shared hit=(\d+)/.exec((await client.query(`EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) ${text}`)).rows.map((row) => row['QUERY PLAN']).join(' '))[1]);
    const look = (id) => pages(`SELECT * FROM efectivo.look('long-queue', '${id}', '{provider}', 9000, 100, 1, 50, true)`);
    const wake = (id) => pages(`SELECT efectivo.wake_up('long-queue', '${id}', 9000, 100, '{}', 0)`);
    await store.commit(change(kase('alone'), 0, { outputs: [output(1)] }));
    for (let n = 0; n < 8; n += 1) [await look('alone'), await wake('alone')];
    const alone = [await look('alone'), await wake('alone')];
    await client.query(`INSERT INTO efectivo.outbox (shop, case_id, no, lane, repeatable, body, next_at) SELECT 'long-queue', 'c' || n, 1, 'provider', true, '{}', 0 FROM generate_series(1, 5000) AS n`);
    const beside = [await look('alone'), await wake('alone')];
    assert.ok(beside.every((read, at) => read <= alone[at] + 20), `${alone} pages alone, ${beside} beside 5,000`);
    await cluster.query(`SELECT graphile_worker.complete_jobs(array(SELECT id FROM graphile_worker.jobs WHERE key LIKE '% long-queue %'))`);
  });

  test('the same notices stored by two processes at once are there once, whatever their order', async () => {
    const both = [await fresh({ shop: 'mirror' }), await elsewhere('mirror')];
    const all = [...Array(80).keys()].map((n) => notice(`k${n}`, [`id:c:${n}`, 'ref:same']));
    const told = await Promise.all([both[0].addNotices({ notices: all, channels: [] }), both[1].addNotices({ notices: all.toReversed(), channels: [] })]);
    assert.equal(told.flat().filter(Boolean).length, 80);
    assert.equal((await both[0].notices({ limit: 500 })).length, 80);
    assert.deepEqual(await both[0].addNotices({ notices: [notice('twin', []), notice('twin', [])], channels: [] }), [true, false]);
  });

  test('what a killed process held is given back; what a living one holds is not', async (t) => {
    const script = `
      import { postgresStore } from ${JSON.stringify(new URL('../src/store/postgres.mjs', import.meta.url).href)};
      const store = await postgresStore({ connectionString: ${JSON.stringify(cluster.connectionString)}, shop: 'killed' });
      const got = await store.claim({ lane: 'provider', now: 9_000, lease_now: 100, lease_ms: 50, limit: 1 });
      process.stdout.write(got[0].case_id + '\\n');
      setInterval(() => {}, 1_000);`;
    const store = await fresh({ shop: 'killed' });
    await cluster.settled();
    await store.commit(change(kase('a'), 0, { outputs: [output(1)] }));
    await store.commit(change(kase('b'), 0, { outputs: [output(1)] }));
    const beside = await elsewhere('killed');
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    t.after(() => child.kill('SIGKILL'));
    const [told] = await once(child.stdout, 'data');
    assert.equal((await claim(beside)).length, 1, 'a living process has the other');
    assert.equal(await store.takeOver(), 0);
    child.kill('SIGKILL');
    await once(child, 'exit');
    for (let tries = 0; (await store.takeOver()) === 0; tries += 1) {
      assert.ok(tries < 50, 'the dead one’s lease is given back');
      await new Promise((done) => setTimeout(done, 50));
    }
    const [again, ...others] = await claim(store);
    assert.deepEqual([again.case_id, again.attempt, others.length], [String(told).trim(), 2, 0]);
  });

  test('a database that goes away is waited for; nothing is lost, and nothing is written twice', async (t) => {
    const own = await startPostgres();
    t.after(() => own.close());
    const store = await postgresStore({ connectionString: own.connectionString, shop: 'away' });
    let told = 0;
    let over = false;
    t.after(() => { over = true; return store.close(); });
    const writer = (async () => {
      for (let n = 1; !over; n += 1) {
        await store.commit(change(kase(`c${n}`), 0, { keys: [`order:${n}`], journal: [{ no: 1, at: n }], outputs: [output(1)] }));
        told = n;
      }
    })();
    for (const signal of ['INT', 'QUIT']) {
      await new Promise((done) => setTimeout(done, 300));
      await own.stop(signal);
      const at_least = told;
      await own.start();
      for (const until = Date.now() + 8_000; told <= at_least + 5 && Date.now() < until;) await new Promise((done) => setTimeout(done, 20));
      assert.ok(told > at_least + 5, 'it goes on by itself');
    }
    over = true;
    await writer;
    const all = await store.cases({ limit: 1_000_000 });
    assert.equal(all.length, told);
    for (const { id } of all) assert.deepEqual([(await store.journal(id)).length, (await store.outputs(id)).length, await store.holder(`order:${id.slice(1)}`)], [1, 1, id]);
    assert.equal(await store.takeOver(), 0, 'a process that lives through a restart of the server keeps what it holds');
    await own.stop('QUIT');
    await assert.rejects(store.load('c1'), (error) => error.code === 'store_gone' && error.retry === 'later' && /by itself/.test(error.help));
  });

  /** The first question of that name is lost on its way: before the server had it, on the way back, or while the server was still at it. `between` happens before the second try. */
  async function losing(what, when, { work, between = async () => {} }) {
    const real = pool.query;
    let lost = 0;
    pool.query = async (...words) => {
      if (lost > 0 || !words[0]?.text?.includes(what)) return real.apply(pool, words);
      lost += 1;
      const asking = when === 'unheard' ? null : real.apply(pool, words).catch(() => {});
      if (when === 'answer') await asking;
      await between();
      throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    };
    try {
      return await work();
    } finally {
      pool.query = real;
      assert.equal(lost, 1, 'one question was lost');
    }
  }

  for (const when of ['unheard', 'answer', 'under way']) {
    test(`a commit that is lost (${when}) is there once, its version is told, and it leaves one job`, async () => {
      const store = await fresh({ shop: `lost-${when}`, jobs: true });
      const born = change(kase('a'), 0, { keys: ['order:1'], journal: [{ no: 1, at: 1 }], outputs: [output(1)], channels: [{ id: 'sandbox-1', version: 0, token: null, doc: {} }] });
      assert.deepEqual(await losing('take_in', when, { work: () => store.commit(born) }), { version: 1 });
      await assert.rejects(store.commit(born), conflict('case'), 'the same from somebody else is a conflict like any other');
      const paid = change(kase('a', { state: 'paid' }), 1, { journal: [{ no: 2, at: 2 }], outputs: [output(2)], channels: [{ id: 'sandbox-1', version: 1, token: null, doc: { n: 1 } }] });
      assert.deepEqual(await losing('take_in', when, { work: () => store.commit(paid) }), { version: 2 });
      assert.deepEqual((await store.outputs('a')).map(({ no }) => no), [1, 2]);
      assert.deepEqual((await store.channels()).map(({ version, doc }) => [version, doc]), [[2, { n: 1 }]]);
      const { rows } = await cluster.query('SELECT key FROM graphile_worker.jobs WHERE key LIKE $1', [`% lost-${when} a`]);
      assert.deepEqual(rows, [{ key: `case lost-${when} a` }]);
    });
  }

  test('what was lost on the way back is found though others wrote since; what never arrived is a conflict then', async () => {
    const store = await fresh({ shop: 'since' });
    await store.commit(change(kase('a', { n: 0 }), 0));
    const add = (version) => store.commit(change(kase('a', { n: version }), version, { journal: [{ no: version, at: 1 }] }));
    const other = (version) => ({ between: () => add(version) });
    assert.deepEqual(await losing('take_in', 'answer', { work: () => add(1), ...other(2) }), { version: 2 });
    await assert.rejects(losing('take_in', 'unheard', { work: () => add(3), ...other(3) }), conflict('case'));
    assert.deepEqual([(await store.load('a')).version, (await store.journal('a')).map(({ no }) => no)], [4, [1, 2, 3]]);
  });

  test('notices whose storing was lost on the way back are there once, with what they say of their channel', async () => {
    const store = await fresh({ shop: 'lost-notices', jobs: true });
    await store.commit(change(kase('a'), 0, { keys: ['id:c:1'] }));
    const real = pool.connect;
    let lost = 0;
    pool.connect = async (...callback) => {
      const client = await real.apply(pool, callback);
      if (callback.length > 0 || lost > 0) return client;
      const ask = client.query;
      client.query = async (words, ...more) => {
        const answer = await ask.call(client, words, ...more);
        if (words?.text !== 'COMMIT') return answer;
        lost += 1;
        client.query = ask;
        throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
      };
      return client;
    };
    const [one, two] = [notice('k1', ['id:c:1']), notice('k2', ['id:c:1'])];
    try {
      assert.deepEqual(await store.addNotices({ notices: [one, two], channels: [] }), [false, false], 'the second try finds them');
    } finally {
      pool.connect = real;
    }
    assert.equal(lost, 1);
    assert.equal((await store.matched({ limit: 10 })).length, 2);
    const { rows } = await cluster.query(`SELECT key FROM graphile_worker.jobs WHERE key LIKE 'notice lost-notices %'`);
    assert.equal(rows.length, 1);
  });

  test('a row that somebody holds says so, and nothing was changed', async (t) => {
    const store = await fresh({ shop: 'held' });
    await store.commit(change(kase('a'), 0));
    const other = new pg.Client({ connectionString: cluster.connectionString });
    await other.connect();
    t.after(() => other.end());
    await other.query('BEGIN');
    await other.query(`SELECT 1 FROM efectivo.cases WHERE shop = 'held' FOR UPDATE`);
    await assert.rejects(store.commit(change(kase('a', { state: 'paid' }), 1)), { code: 'store_locked', retry: 'later' });
    await other.query('ROLLBACK');
    assert.equal((await store.commit(change(kase('a', { state: 'paid' }), 1))).version, 2);
  });

  test('a full disk, a user without rights, a database that only reads, and a sign that it can’t keep are each told in words', async () => {
    const store = await fresh({ shop: 'words' });
    await assert.rejects(store.holder('order:\u0000'), { code: 'store_text', retry: 'no' });
    await cluster.query(`CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;
      CREATE TRIGGER full_disk BEFORE INSERT ON efectivo.evidence FOR EACH ROW WHEN (new.shop = 'words') EXECUTE FUNCTION full_disk()`);
    const large = change(kase('a'), 0, { evidence: [{ kind: 'body', purge_after: 1, body: Buffer.alloc(10) }] });
    await assert.rejects(store.commit(large), { code: 'store_full', retry: 'later' });
    assert.equal(await store.load('a'), null);
    await cluster.query('DROP TRIGGER full_disk ON efectivo.evidence');
    assert.equal((await store.commit(large)).version, 1);
    await cluster.query('CREATE ROLE reader LOGIN');
    await cluster.query('CREATE DATABASE bare');
    const as = (user, database) => cluster.connectionString.replace('efectivo@', `${user}@`).replace('/postgres?', `/${database}?`);
    await assert.rejects(postgresStore({ connectionString: as('reader', 'bare') }), { code: 'store_unopened' });
    await assert.rejects(postgresStore({ connectionString: as('efectivo', 'nowhere') }), { code: 'store_unopened' });
    await cluster.query('GRANT USAGE ON SCHEMA efectivo TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA efectivo TO reader');
    await assert.rejects(postgresStore({ connectionString: as('reader', 'postgres') }), { code: 'store_unopened' });
    await assert.rejects(postgresStore({}), { code: 'bad_settings' });
    await assert.rejects(postgresStore({ pool: new pg.Pool({ max: 2 }) }), { code: 'bad_settings' });
  });

  test('a database of a newer version is refused by name and left alone; one that isn’t durable is refused too', async (t) => {
    await cluster.query('CREATE DATABASE newer');
    await cluster.query('CREATE ROLE hasty LOGIN SUPERUSER; ALTER ROLE hasty SET synchronous_commit = off');
    const at = cluster.connectionString.replace('/postgres?', '/newer?');
    await (await postgresStore({ connectionString: at })).close();
    await assert.rejects(postgresStore({ connectionString: at.replace('efectivo@', 'hasty@') }), (error) => error.code === 'store_unopened' && /synchronous_commit/.test(error.message + error.help));
    const client = new pg.Client({ connectionString: at });
    await client.connect();
    t.after(() => client.end());
    await client.query('INSERT INTO efectivo.steps (no) VALUES (99)');
    await assert.rejects(postgresStore({ connectionString: at }), (error) => error.code === 'store_newer' && /99/.test(error.message));
  });

  test('a database of the version before is brought up with what is in it', async (t) => {
    await cluster.query('CREATE DATABASE older');
    const at = cluster.connectionString.replace('/postgres?', '/older?');
    const before = await postgresStore({ connectionString: at });
    await before.commit(change(kase('a'), 0, { outputs: [output(1)] }));
    await before.close();
    const client = new pg.Client({ connectionString: at });
    await client.connect();
    await client.query(`DROP INDEX efectivo.outbox_open; CREATE INDEX outbox_open ON efectivo.outbox (shop, lane, case_id, no) WHERE done_at IS NULL AND dead_at IS NULL;
      DROP FUNCTION efectivo.look, efectivo.claim, efectivo.heads; DELETE FROM efectivo.steps WHERE no = 3`);
    await client.end();
    const store = await postgresStore({ connectionString: at });
    t.after(() => store.close());
    assert.equal((await store.look('a', { lanes: ['provider'], now: 9_000, lease_now: 0, lease_ms: 50 })).claimed.length, 1);
  });

  test('many stores that are opened at once on an empty database make its tables once', async (t) => {
    await cluster.query('CREATE DATABASE empty');
    const at = cluster.connectionString.replace('/postgres?', '/empty?');
    const all = await Promise.all([...Array(6).keys()].map((n) => postgresStore({ connectionString: at, shop: `${n}`, jobs: n % 2 === 0 })));
    t.after(() => Promise.all(all.map((store) => store.close())));
    await Promise.all(all.map((store) => store.commit(change(kase('a'), 0))));
  });
}
