// The SQLite store alone: one transaction for everything an input changes, leases, lanes, the inbox, and what happens when disk or file give trouble.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { sqliteStore, StoreConflict } from '../src/store/sqlite.mjs';
import { change, kase, notice, output } from './support/kase.mjs';

const folder = mkdtempSync(join(tmpdir(), 'efectivo-store-'));
after(() => rmSync(folder, { recursive: true }));
let files = 0;
const file = () => join(folder, `${(files += 1)}.sqlite`);
const memory = () => sqliteStore({ file: ':memory:' });
const claim = (store, lane = 'provider', more = {}) => store.claim({ lane, now: 9_000, lease_now: 100, lease_ms: 50, limit: 10, ...more });
const conflict = (what) => (error) => error instanceof StoreConflict && error.what === what;

test('what one input changes is stored whole and found again', async () => {
  const store = memory();
  const entry = { no: 1, at: 5, next_output: 1, event: 'wake' };
  await store.commit(change(kase('a'), 0, { keys: ['order:o-a', 'page:t'], journal: [entry], outputs: [output(1)], evidence: [{ kind: 'person', purge_after: 99, body: Buffer.from('{"email":"x@y.pe"}') }] }));
  assert.deepEqual(await store.load('a'), { version: 1, case: kase('a') });
  assert.equal(await store.holder('page:t'), 'a');
  assert.deepEqual(await store.journal('a'), [entry]);
  assert.deepEqual(await store.person('a'), { email: 'x@y.pe' });
  assert.equal((await store.outputs('a'))[0].attempt, 0);
});

test('two writers of one case: the second is told, and nothing of its change is there', async () => {
  const store = memory();
  await store.commit(change(kase('a'), 0));
  await store.commit(change(kase('a', { state: 'paid' }), 1));
  await assert.rejects(store.commit(change(kase('a', { state: 'lapsed' }), 1, { keys: ['id:c:9'], outputs: [output(1)] })), conflict('case'));
  await assert.rejects(store.commit(change(kase('a'), 0)), conflict('case'));
  assert.equal((await store.load('a')).case.state, 'paid');
  assert.equal(await store.holder('id:c:9'), null);
  assert.deepEqual(await store.outputs('a'), []);
});

test('an order has one case; a provider that uses an id again speaks of the newest', async () => {
  const store = memory();
  await store.commit(change(kase('a'), 0, { keys: ['order:1', 'id:c:77'] }));
  await assert.rejects(store.commit(change(kase('b'), 0, { keys: ['order:1'] })), (error) => conflict('key')(error) && error.holder === 'a');
  assert.equal(await store.load('b'), null);
  await store.commit(change(kase('c'), 0, { keys: ['id:c:77'] }));
  assert.equal(await store.holder('id:c:77'), 'c');
});

test('two shops in one file do not see each other', async () => {
  const at = file();
  const [one, two] = [sqliteStore({ file: at, shop: 'one' }), sqliteStore({ file: at, shop: 'two' })];
  await one.commit(change(kase('a'), 0, { keys: ['order:1'], outputs: [output(1)] }));
  await two.commit(change(kase('a', { state: 'paid' }), 0, { keys: ['order:1'] }));
  assert.equal((await one.load('a')).case.state, 'waiting');
  assert.deepEqual(await claim(two), []);
  assert.equal((await claim(one)).length, 1);
  await one.close();
  await two.close();
});

test('outputs of a lane leave in their order, and lanes do not wait for each other', async () => {
  const store = memory();
  await store.commit(change(kase('a'), 0, { outputs: [output(1), output(2), output(3, 'mail'), output(4, 'shop')] }));
  const [first] = await claim(store);
  assert.equal(first.output.no, 1);
  assert.deepEqual(await claim(store), [], 'the second waits for the first');
  assert.equal((await claim(store, 'mail'))[0].output.no, 3);
  assert.equal((await claim(store, 'shop'))[0].output.no, 4);
  await store.commit(change(kase('a'), 1, { completes: { no: 1, attempt: 1 } }));
  assert.equal((await claim(store))[0].output.no, 2);
});

test('an output is claimed again when its lease has ended, and the older attempt can no longer complete it', async () => {
  const store = memory();
  await store.commit(change(kase('a'), 0, { outputs: [output(1)] }));
  const [first] = await claim(store);
  assert.equal(await store.sent({ case_id: 'a', no: 1, attempt: first.attempt, at: 7 }), true);
  assert.deepEqual(await claim(store, 'provider', { lease_now: 149 }), []);
  const [second] = await claim(store, 'provider', { lease_now: 150 });
  assert.deepEqual([second.attempt, second.sent_at], [2, 7]);
  assert.equal(await store.sent({ case_id: 'a', no: 1, attempt: 1, at: 8 }), false);
  await assert.rejects(store.commit(change(kase('a', { state: 'paid' }), 1, { completes: { no: 1, attempt: 1 } })), conflict('output'));
  assert.equal((await store.load('a')).case.state, 'waiting');
  await store.commit(change(kase('a', { state: 'paid' }), 1, { completes: { no: 1, attempt: 2 } }));
  await assert.rejects(store.commit(change(kase('a'), 2, { completes: { no: 1, attempt: 2 } })), conflict('output'));
});

test('a postponed output waits for its time and holds back only its own lane of its own case', async () => {
  const store = memory();
  await store.commit(change(kase('a'), 0, { outputs: [output(1, 'shop'), output(2, 'shop')] }));
  await store.commit(change(kase('b'), 0, { outputs: [output(1, 'shop')] }));
  const both = await claim(store, 'shop');
  assert.equal(both.length, 2);
  await store.postpone({ case_id: 'a', no: 1, attempt: 1, next_at: 20_000 });
  assert.deepEqual(await claim(store, 'shop', { now: 19_999 }), []);
  assert.equal((await store.next()).output_at, 20_000, 'the second of the lane waits behind the first');
  assert.equal((await claim(store, 'shop', { now: 20_000 }))[0].output.no, 1);
});

test('the only process on a file takes a dead one’s leases over; a second process does not', async () => {
  const at = file();
  const dead = sqliteStore({ file: at });
  await dead.commit(change(kase('a'), 0, { outputs: [output(1)] }));
  await claim(dead);
  const beside = sqliteStore({ file: at });
  assert.deepEqual([beside.figures().alone, await beside.takeOver()], [false, 0]);
  await beside.close();
  await dead.close();
  const next = sqliteStore({ file: at });
  assert.deepEqual([next.figures().alone, await next.takeOver()], [true, 1]);
  assert.equal((await claim(next))[0].attempt, 2);
  await next.close();
});

test('a repeated notice is stored once; all that arrive together share a transaction', async () => {
  const store = memory();
  const before = store.figures().transactions;
  const notices = [...Array(50).keys()].map((n) => notice(`k${n}`, [`id:c:${n}`]));
  assert.ok((await store.addNotices({ notices, channels: [] })).every(Boolean));
  assert.equal(store.figures().transactions, before + 1);
  assert.deepEqual(await store.addNotices({ notices: [notice('k7', ['id:c:7']), notice('new', [])], channels: [] }), [false, true]);
  assert.equal((await store.notices({ limit: 100 })).length, 51);
});

test('a notice waits for its case, and goes to it once', async () => {
  const store = memory();
  await store.addNotices({ notices: [notice('k', ['id:c:1', 'ref:c:EF-1-1'], { stray_at: 900_000 })], channels: [] });
  assert.deepEqual(await store.matched({ limit: 5 }), []);
  assert.equal((await store.next()).stray_at, 900_000);
  await store.commit(change(kase('a'), 0, { keys: ['ref:c:EF-1-1'] }));
  const [found] = await store.matched({ limit: 5 });
  assert.deepEqual([found.case_id, found.dedupe_key, found.verdict], ['a', 'k', 'verified']);
  await store.commit(change(kase('a'), 1, { notice: found.no }));
  assert.deepEqual(await store.matched({ limit: 5 }), []);
  assert.deepEqual(await store.strays({ now: 999_999, limit: 5 }), []);
  assert.deepEqual(await store.addNotices({ notices: [notice('k', ['id:c:1'])], channels: [] }), [false], 'still known');
});

test('money without an order is offered once its time has come, and left alone once it was passed', async () => {
  const store = memory();
  await store.addNotices({ notices: [notice('paid', ['id:c:1'], { stray_at: 900 }), notice('other', ['id:c:2'])], channels: [] });
  assert.deepEqual(await store.strays({ now: 899, limit: 5 }), []);
  const [stray] = await store.strays({ now: 900, limit: 5 });
  assert.equal(stray.dedupe_key, 'paid');
  await store.passed(stray.no);
  assert.deepEqual(await store.strays({ now: 999_999, limit: 5 }), []);
});

test('personal data goes when its time is over, not before, and leaves the file', async () => {
  const at = file();
  const store = sqliteStore({ file: at });
  const body = Buffer.from('{"document":"CANARIO-45678912"}');
  await store.commit(change(kase('a'), 0, { evidence: [{ kind: 'person', purge_after: 100, body }, { kind: 'body', purge_after: 300, body: Buffer.from('x') }] }));
  assert.deepEqual(await store.erase('a', 99), { erased: 0, kept: 2 });
  assert.deepEqual(await store.erase('a', 100), { erased: 1, kept: 1 });
  assert.equal(await store.person('a'), null);
  assert.deepEqual(await store.purge({ now: 300, handled_before: 0, waiting_before: 0 }), { evidence: 1, notices: 0 });
  await store.close();
  const { readFileSync } = await import('node:fs');
  assert.ok(!readFileSync(at).includes('CANARIO'), 'erased bytes are overwritten');
});

test('a channel’s row that somebody wrote in between is not overwritten', async () => {
  const store = memory();
  await store.saveChannels([{ id: 'c', version: 0, token: Buffer.from('box'), doc: { id: 'c' } }]);
  const [row] = await store.channels();
  assert.deepEqual([row.version, Buffer.from(row.token).toString()], [1, 'box']);
  await store.saveChannels([{ ...row, token: null }]);
  await assert.rejects(store.saveChannels([row]), conflict('channel'));
  await assert.rejects(store.saveChannels([{ ...row, version: 0 }]), conflict('channel'));
});

test('a full disk says so; the case is as it was, and the work goes on once there is room', async () => {
  const at = file();
  const store = sqliteStore({ file: at });
  await store.commit(change(kase('a'), 0));
  const full = new DatabaseSync(at);
  const pages = full.prepare('PRAGMA page_count').get().page_count;
  full.close();
  await store.testing.exec(`PRAGMA max_page_count = ${pages}`);
  const large = change(kase('a', { state: 'paid' }), 1, { evidence: [{ kind: 'body', purge_after: 1, body: Buffer.alloc(200_000) }] });
  await assert.rejects(store.commit(large), { code: 'store_full', retry: 'later' });
  assert.deepEqual(await store.load('a'), { version: 1, case: kase('a') });
  await store.testing.exec('PRAGMA max_page_count = 1073741823');
  await store.commit(large);
  assert.equal((await store.load('a')).case.state, 'paid');
  await store.close();
});

test('a database that another program holds says so, and nothing was changed', async () => {
  const at = file();
  const store = sqliteStore({ file: at });
  await store.commit(change(kase('a'), 0));
  await store.testing.exec('PRAGMA busy_timeout = 50');
  const other = new DatabaseSync(at);
  other.exec('BEGIN IMMEDIATE');
  await assert.rejects(store.commit(change(kase('a', { state: 'paid' }), 1)), { code: 'store_locked', retry: 'later' });
  other.exec('ROLLBACK');
  other.close();
  assert.equal((await store.commit(change(kase('a', { state: 'paid' }), 1))).version, 2);
  await store.close();
});

test('a damaged file and a file that is no database are told apart from an empty one', async () => {
  const torn = file();
  writeFileSync(torn, 'this is a shopping list, not a database, and quite a long one at that '.repeat(80));
  assert.throws(() => sqliteStore({ file: torn }), { code: 'store_corrupt' });
  assert.ok(statSync(torn).size > 5_000, 'it is left as it was');
});

test('a database of a newer version is refused by name and left alone', () => {
  const at = file();
  const newer = new DatabaseSync(at);
  newer.exec('PRAGMA user_version = 99');
  newer.close();
  assert.throws(() => sqliteStore({ file: at }), (error) => error.code === 'store_newer' && /99/.test(error.message));
  assert.throws(() => sqliteStore({ file: join(folder, 'no', '\0') }), Error);
});

test('kill -9 in the middle of many commits: each is there whole or not at all', async () => {
  const at = file();
  const script = `
    import { sqliteStore } from ${JSON.stringify(new URL('../src/store/sqlite.mjs', import.meta.url).href)};
    import { change, kase, output } from ${JSON.stringify(new URL('./support/kase.mjs', import.meta.url).href)};
    const store = sqliteStore({ file: ${JSON.stringify(at)} });
    for (let n = 1; ; n += 1) {
      await store.commit(change(kase('c' + n), 0, { keys: ['order:' + n], journal: [{ no: 1, at: n }], outputs: [output(1)] }));
      if (n % 20 === 0) process.stdout.write(n + '\\n');
    }`;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let told = 0;
  for await (const part of child.stdout) {
    told = Number(String(part).trim().split('\n').at(-1));
    if (told >= 100) break;
  }
  child.kill('SIGKILL');
  await once(child, 'exit');
  const store = sqliteStore({ file: at });
  const cases = await store.cases({ limit: 100_000 });
  assert.ok(cases.length >= told, 'what was told to be stored is stored');
  for (const { id } of cases) {
    assert.equal((await store.journal(id)).length, 1);
    assert.equal((await store.outputs(id)).length, 1);
    assert.equal(await store.holder(`order:${id.slice(1)}`), id);
  }
  await store.close();
});
