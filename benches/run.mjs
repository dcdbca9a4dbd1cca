// `cargo xtask bench`: every row of the figures, ours beside its peer in one run; a row is printed only after both results were found right.

import { parseArgs } from 'node:util';
import { paired, SMOKE, WHOLE } from './paired.mjs';
import { rows } from './rows.mjs';

const { values } = parseArgs({ options: { json: { type: 'boolean' }, smoke: { type: 'boolean' }, only: { type: 'string' } } });
const plan = values.smoke ? SMOKE : WHOLE;

const rounded = (number) => Number(number.toPrecision(3));

function shown({ name, ours, peer, peer_name, ratio, unit }, goal) {
  const numbers = [`${ours} ${unit}`, `${peer} ${unit}`].map((text) => text.padStart(10));
  return `${name.padEnd(27)}${numbers[0]}   ${peer_name.padEnd(34)}${numbers[1]}${`${ratio}x`.padStart(9)}   ${goal ? `goal ${goal}x${ratio < goal ? ', missed' : ''}` : ''}`;
}

if (!values.json) console.log(`${'work'.padEnd(27)}${'ours'.padStart(10)}   ${'peer'.padEnd(34)}${''.padStart(10)}${'ratio'.padStart(9)}`);
for (const row of await rows()) {
  if (values.only && values.only !== row.name) continue;
  await row.check();
  const { ours, peer, ratio } = paired(row.ours, row.peer, plan);
  const line = { name: row.name, ours: rounded(ours), peer: rounded(peer), peer_name: row.peer_name, ratio: rounded(ratio), unit: 'µs' };
  console.log(values.json ? JSON.stringify(line) : shown(line, row.goal));
}
