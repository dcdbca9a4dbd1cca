// Two processes of the app on one PostgreSQL, killed ten times under load; `node test/prove-kill.ts` goes on to hundreds.

import assert from 'node:assert/strict';
import { test } from 'node:test';
// @ts-expect-error: plain JavaScript of the js package's own tests
import { lacksPostgres, startPostgres } from '../../js/test/support/postgres.mjs';
import { siege } from './support/pair.ts';

/** The dead are waited for by the true clock; the long proof holds deliveries as long as the server does. */
const LEASE_MS = 10_000;

test('two processes on one database, killed ten times under load: the three books agree', { skip: lacksPostgres() as string | false, timeout: 600_000 }, async (t) => {
  const cluster = await startPostgres();
  t.after(() => cluster.close());
  const counts = await siege({ kills: 10, seed: Number(process.env.SEED ?? 4), database: cluster.connectionString, lease_ms: LEASE_MS });
  t.diagnostic(JSON.stringify(counts));
  assert.ok(counts.orders > 10 && counts.paid > 0 && counts.cancelled_by_us > 0);
});
