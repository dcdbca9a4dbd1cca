// The same street on PostgreSQL: an order's life, every trouble, refunds and crashes, on a cluster of its own.

import { after, test } from 'node:test';
// @ts-expect-error: plain JavaScript of the js package's own tests
import { lacksPostgres, startPostgres } from '../../js/test/support/postgres.mjs';
import { standsOn } from './street.ts';

const lacking = lacksPostgres() as string | false;

if (lacking) {
  test('on PostgreSQL', { skip: lacking }, () => {});
} else {
  const cluster = await startPostgres({ settings: { fsync: 'off' } });
  after(() => cluster.close());
  standsOn(cluster);
  for (const file of ['./life.test.ts', './troubles.test.ts', './refunds.test.ts', './crash.test.ts']) await import(file);
}
