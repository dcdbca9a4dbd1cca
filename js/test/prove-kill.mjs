// The long proof: the host killed a thousand times and more under load (`--kills N --seed N --world N`), in worlds of a hundred kills each,
// against our own documented provider and, in turn, the sandbox's three protocols.

import { parseArgs } from 'node:util';
import { siege } from './support/siege.mjs';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '1000' }, seed: { type: 'string', default: String(Date.now() % 1_000_000) }, world: { type: 'string', default: '100' } } });
const [rounds, first, world] = [values.kills, values.seed, values.world].map(Number);
const began = Date.now();
const sum = {};
let done = 0;
const KINDS = ['sandbox', 'pagoefectivo', 'dlocal', 'documented'];

for (let seed = first; done < rounds; seed += 1) {
  const kind = KINDS[(seed - first) % KINDS.length];
  const here = Math.min(world, rounds - done);
  const counts = await siege({ rounds: here, seed, kind, told: (round, { codes }) => progress(done + round, seed, codes) });
  for (const [name, count] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + count;
  done += here;
  process.stdout.write(`\n${kind}, seed ${seed}: ${here} kills, ${JSON.stringify(counts)}: the books agree\n`);
}
process.stdout.write(`${done} kills in ${Math.round((Date.now() - began) / 1_000)} s, ${JSON.stringify(sum)}\n`);

function progress(round, seed, codes) {
  if (process.stdout.isTTY || round % 25 === 0) process.stdout.write(`\rkill ${round} of ${rounds} (seed ${seed}, ${codes} codes)   `);
}
