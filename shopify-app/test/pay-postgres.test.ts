// Tabs of one checkout on PostgreSQL, by two processes at once: each has a place of its own in the group.

import assert from 'node:assert/strict';
import { test } from 'node:test';
// @ts-expect-error: plain JavaScript of the js package's own tests
import { lacksPostgres, startPostgres } from '../../js/test/support/postgres.mjs';
import { openDatabases } from '../src/db/index.ts';
import { makeLocks } from '../src/orders/lock.ts';
import type { Parts } from '../src/parts.ts';
import { makeSessions } from '../src/pay/sessions.ts';
import { makeSeal, readKeys } from '../src/seal.ts';
import { KEYS } from './street.ts';

const TABS = 12;

test('tabs that are opened at once by several processes join one payment, each in a place of its own', { skip: lacksPostgres() as string | false }, async (t) => {
  const cluster = await startPostgres({ settings: { fsync: 'off' } });
  const opened: Array<{ close(): Promise<void> }> = [];
  t.after(async () => { await Promise.allSettled(opened.map((db) => db.close())); await cluster.close(); });
  const seal = makeSeal(readKeys(KEYS));
  const first = (await openDatabases(cluster.connectionString)).db;
  const second = (await openDatabases(cluster.connectionString)).db;
  opened.push(first, second);
  const processes = [first, second].map((db) => makeSessions({ db, seal, clock: { now: () => Date.now() }, locks: makeLocks(db) } as unknown as Parts, 'shop'));
  const tabs = await Promise.all(Array.from({ length: TABS }, (_, at) => processes[0]!.keep({ id: `tab${at}`, gid: `gid://shopify/PaymentSession/tab${at}`, group_id: 'group', amount: { minor: 12_050, currency: 'PEN' }, test: true, cancel_url: '' }, {})));
  await Promise.all(tabs.map((tab, at) => processes[at % 2]!.join(tab)));
  const rows = await first.all('SELECT payment, joined_no FROM pay_sessions ORDER BY joined_no');
  assert.deepEqual(rows.map(({ payment, joined_no }) => [payment, Number(joined_no)]), Array.from({ length: TABS }, (_, at) => ['group', at + 1]));
});
