// The long proof on PostgreSQL: two hosts on one database, killed three hundred times and more under load (`--kills N --seed N --world N`), against the sandbox's protocols in turn.

import { parseArgs } from 'node:util';
import { pairSiege } from './support/pair.mjs';
import { lacksPostgres, startPostgres } from './support/postgres.mjs';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '300' }, seed: { type: 'string', default: String(Date.now() % 1_000_000) }, world: { type: 'string', default: '75' } } });
const [kills, first, world] = [values.kills, values.seed, values.world].map(Number);
const KINDS = ['sandbox', 'pagoefectivo', 'dlocal', 'documented'];
const lacking = lacksPostgres();

if (lacking) process.stdout.write(`SKIPPED two hosts on PostgreSQL: ${lacking}\n`);
else {
  const began = Date.now();
  const cluster = await startPostgres();
  const sum = {};
  let done = 0;
  try {
    for (let seed = first; done < kills; seed += 1) {
      const kind = KINDS[(seed - first) % KINDS.length];
      const counts = await pairSiege({ kills: Math.min(world, kills - done), seed, kind, connectionString: cluster.connectionString, told: (so_far, { codes }) => progress(done + so_far, seed, codes) });
      for (const [name, count] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + count;
      done += counts.by_point + counts.by_clock;
      process.stdout.write(`\n${kind}, seed ${seed}: ${JSON.stringify(counts)}: the books agree\n`);
    }
    process.stdout.write(`${done} kills of two hosts on one database in ${Math.round((Date.now() - began) / 1_000)} s, ${JSON.stringify(sum)}\n`);
  } finally {
    await cluster.close();
  }
}

function progress(kill, seed, codes) {
  if (process.stdout.isTTY || kill % 25 === 0) process.stdout.write(`\rkill ${kill} of ${kills} (seed ${seed}, ${codes} codes)   `);
}
