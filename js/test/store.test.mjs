// The SQLite store alone: the contract of every store, and what happens when disk or file give trouble.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { orderBook } from '../src/orders.mjs';
import { sqliteStore } from '../src/store/sqlite.mjs';
import { claim, contract } from './support/contract.mjs';
import { change, kase, output } from './support/kase.mjs';

const folder = mkdtempSync(join(tmpdir(), 'efectivo-store-'));
after(() => rmSync(folder, { recursive: true }));
let files = 0;
const file = () => join(folder, `${(files += 1)}.sqlite`);
const memory = () => sqliteStore({ file: ':memory:' });

contract('SQLite', {
  fresh: async () => memory(),
  twoShops: async () => { const at = file(); return [sqliteStore({ file: at, shop: 'one' }), sqliteStore({ file: at, shop: 'two' })]; },
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

test('an order book that is damaged, or that another program holds, says so like the store, and loses no order', async () => {
  const allowing = { call: () => ({ ok: { allowed: true } }) };
  const torn = file();
  writeFileSync(torn, 'this is a shopping list, not a database, and quite a long one at that '.repeat(80));
  assert.throws(() => orderBook({ file: torn, core: allowing }), { code: 'store_corrupt', help: /restore the last backup/ });
  assert.ok(statSync(torn).size > 5_000, 'it is left as it was');

  const at = file();
  const book = orderBook({ file: at, core: allowing });
  await book.add('1', { minor: 5_000, currency: 'PEN' });
  const other = new DatabaseSync(at);
  other.exec('BEGIN IMMEDIATE');
  await assert.rejects(book.apply('1', 'mark_paid', {}, { key: 'k' }), { code: 'store_locked', retry: 'later' });
  assert.equal((await book.find('1')).status, 'open', 'it can still be read');
  other.exec('ROLLBACK');
  assert.equal((await book.apply('1', 'mark_paid', {}, { key: 'k' })).outcome, 'done');
  other.exec('DROP TABLE effects');
  other.close();
  await assert.rejects(book.effects('1'), { code: 'store_failed' });
  assert.equal((await book.find('1')).status, 'paid');
  await book.close();
});

test('an order book that is opened while another program holds it waits for it', async (t) => {
  const at = file();
  await orderBook({ file: at, core: {} }).close();
  const holds = `import { DatabaseSync } from 'node:sqlite'; const db = new DatabaseSync(process.argv[1]); db.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE'); console.log('held'); setTimeout(() => db.close(), 500);`;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', holds, at]);
  t.after(() => child.kill());
  await once(child.stdout, 'data');
  await orderBook({ file: at, core: {} }).close();
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
