// The conformance scripts of tests/host on this host over PostgreSQL: each script is a shop of its own in one database, its cases done by jobs.

import { after, before, test } from 'node:test';
import { lacksPostgres, startPostgres } from './support/postgres.mjs';
import { run, scripts } from './support/script.mjs';

const skip = lacksPostgres();
let cluster = null;

if (skip) test('conformance on PostgreSQL', { skip }, () => {});
else {
  before(async () => { cluster = await startPostgres(); await cluster.settled(); });
  after(() => cluster.close());
  for (const [at, { name, script, point }] of scripts().entries()) {
    test(name, () => run(script, point, { postgres: { connectionString: cluster.connectionString, shop: `script-${at}`, jobs: true } }));
  }
}
