// Twenty-five kills under load; `node test/prove-kill.mjs` runs a thousand and more.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { siege } from './support/siege.mjs';

test('killed twenty-five times under load, the books agree', async (t) => {
  const seed = Number(process.env.SEED ?? (Date.now() % 1_000_000));
  const counts = await siege({ rounds: 25, seed, kind: 'sandbox' });
  t.diagnostic(`seed ${seed}: ${JSON.stringify(counts)}`);
  assert.ok(counts.codes > 0 && counts.cases > 0);
});
