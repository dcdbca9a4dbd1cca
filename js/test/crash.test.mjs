// Each named crash point once, by kill -9 in the middle of a sale: after a restart on the same folder the order agrees with the money, and nothing happened twice.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { compare, makeWorld, rest } from './support/world.mjs';
import { hundred } from './support/shop.mjs';

const POINTS = ['before commit', 'after commit', 'claimed', 'sent', 'provider acted', 'answered', 'before done'];

/** A sale under way: the order placed, the code made, paid, and the shop told; the host dies at the `nth` time that `point` is reached. */
async function sale(point, nth) {
  const data = mkdtempSync(join(tmpdir(), 'efectivo-crash-'));
  const world = await makeWorld({ data });
  try {
    const up = await world.start({ crash: { point, nth } });
    let died = !up;
    const dead = world.ended().then(() => { died = true; });
    const placing = up ? world.ask('place', '1', hundred).catch(() => {}) : null;
    await Promise.race([placing, dead]);
    await Promise.race([paidOnce(world, () => died), dead]);
    await Promise.race([world.provider.quiet(), dead]);
    if (!died) await Promise.race([dead, new Promise((done) => setTimeout(done, 400))]);
    if (!died) await world.kill();
    assert.ok(await world.start());
    await world.ask('place', '1', hundred);
    await world.ask('tick');
    if (![...world.provider.ledger.codes.values()].some(({ payments }) => payments.length > 0)) await paidOnce(world, () => false);
    const told = await rest(world);
    return { died, ledger: world.provider.ledger, told, counts: compare(world, told, ['1']) };
  } finally {
    await world.close();
    rmSync(data, { recursive: true });
  }
}

async function paidOnce(world, stop) {
  for (let tries = 0; tries < 100 && !stop(); tries += 1) {
    const [code] = world.provider.ledger.codes.values();
    if (code) return void world.provider.pay(code.id);
    await new Promise((done) => setTimeout(done, 20));
  }
}

for (const point of POINTS) {
  for (const nth of [1, 2, 3]) {
    test(`the power goes out: ${point}, time ${nth}`, async () => {
      const { died, ledger, told, counts } = await sale(point, nth);
      assert.ok(died, 'the point was reached');
      assert.equal(ledger.codes.size, 1, 'one code');
      assert.equal(told.length, 1, 'one case');
      assert.equal(counts.paid, 1);
      assert.equal(told[0].kase.state, 'paid');
    });
  }
}
