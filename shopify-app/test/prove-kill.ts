// The long proof of the app on PostgreSQL: two processes killed three hundred times and more under load (`--kills N --seed N --world N`), each world in a database of its own.

import { parseArgs } from 'node:util';
// @ts-expect-error: plain JavaScript of the js package's own tests
import { lacksPostgres, startPostgres } from '../../js/test/support/postgres.mjs';
import { siege } from './support/pair.ts';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '300' }, seed: { type: 'string', default: String(Date.now() % 1_000_000) }, world: { type: 'string', default: '50' } } });
const [kills, first, world] = [Number(values.kills), Number(values.seed), Number(values.world)];
const lacking = lacksPostgres() as string | false;

if (lacking) process.stdout.write(`SKIPPED two processes of the app on PostgreSQL: ${lacking}\n`);
else {
  const began = Date.now();
  const cluster = await startPostgres();
  const sum: Record<string, number> = {};
  let done = 0;
  try {
    for (let seed = first; done < kills; seed += 1) {
      await cluster.query(`CREATE DATABASE siege_${seed}`);
      const counts = await siege({ kills: Math.min(world, kills - done), seed, database: cluster.connectionString.replace('/postgres?', `/siege_${seed}?`), told: (so_far) => progress(done + so_far, seed) });
      for (const [name, count] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + count;
      done += counts.kills;
      process.stdout.write(`\nseed ${seed}: ${JSON.stringify(counts)}: the books agree\n`);
    }
    process.stdout.write(`${done} kills of two processes of the app on one database in ${Math.round((Date.now() - began) / 1_000)} s, ${JSON.stringify(sum)}\n`);
  } finally {
    await cluster.close();
  }
}

function progress(kill: number, seed: number): void {
  if (process.stdout.isTTY || kill % 25 === 0) process.stdout.write(`\rkill ${kill} of ${kills} (seed ${seed})   `);
}
