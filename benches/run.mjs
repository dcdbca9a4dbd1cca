// `cargo xtask bench`: every row of the figures, ours beside its peer in one run; a row is printed only after both results were found right.

import { parseArgs } from 'node:util';
import { intakeRow } from './intake.mjs';
import { lacksTwo, twoRows } from './intake-two.mjs';
import { paired, SMOKE, WHOLE } from './paired.mjs';
import { rows } from './rows.mjs';

const { values } = parseArgs({ options: { json: { type: 'boolean' }, smoke: { type: 'boolean' }, only: { type: 'string' } } });
const plan = values.smoke ? SMOKE : WHOLE;

const wanted = (name) => !values.only || values.only === name;
const rounded = (number) => Number(number.toPrecision(3));

function shown({ name, ours, peer, peer_name, ratio, unit, p99_ms }, { goal, most_p99_ms }) {
  const numbers = [`${ours} ${unit}`, `${peer} ${unit}`].map((text) => text.padStart(10));
  const late = p99_ms === undefined ? '' : `, p99 ${p99_ms} ms${p99_ms > most_p99_ms ? ` (goal ${most_p99_ms} ms, missed)` : ''}`;
  return `${name.padEnd(27)}${numbers[0]}   ${peer_name.padEnd(34)}${numbers[1]}${`${ratio}x`.padStart(9)}   ${goal ? `goal ${goal}x${ratio < goal ? ', missed' : ''}` : ''}${late}`;
}

function tell({ name, ours, peer, peer_name, ratio, unit, p99_ms, ...goals }) {
  const line = { name, ours: rounded(ours), peer: rounded(peer), peer_name, ratio: rounded(ratio), unit, p99_ms: p99_ms && rounded(p99_ms) };
  console.log(values.json ? JSON.stringify(line) : shown(line, goals));
}

if (!values.json) console.log(`${'work'.padEnd(27)}${'ours'.padStart(10)}   ${'peer'.padEnd(34)}${''.padStart(10)}${'ratio'.padStart(9)}`);
for (const row of await rows()) {
  if (!wanted(row.name)) continue;
  await row.check();
  tell({ ...row, ...paired(row.ours, row.peer, plan), unit: 'µs' });
}
if (wanted('intake-sqlite')) tell(await intakeRow(values));
if (wanted('intake-postgres-two')) {
  if (lacksTwo()) console.error(`SKIPPED the rows intake-postgres-*: ${lacksTwo()}`);
  else for await (const row of twoRows(values)) tell(row);
}
