// Two hosts on one PostgreSQL database, killed twenty times under load; `node test/prove-kill-postgres.mjs` goes on to hundreds.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pairSiege } from './support/pair.mjs';
import { lacksPostgres, startPostgres } from './support/postgres.mjs';

test('two hosts on one database, killed twenty times under load: the books agree', { skip: lacksPostgres() }, async (t) => {
  const cluster = await startPostgres();
  t.after(() => cluster.close());
  const seed = Number(process.env.SEED ?? (Date.now() % 1_000_000));
  const counts = await pairSiege({ kills: 20, seed, connectionString: cluster.connectionString });
  t.diagnostic(`seed ${seed}: ${JSON.stringify(counts)}`);
  assert.ok(counts.codes > 0 && counts.cases > 0);
});
