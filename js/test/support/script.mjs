// Runs a conformance script of tests/host on this host: a process of its own, killed where the script says, and started again on its records.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeWorld } from './world.mjs';

const FOLDER = new URL('../../../tests/host/', import.meta.url);
const MINUTE_MS = 60_000;
/** How long a script's crash may take to come once a step is done. */
const DYING_MS = 150;

/** One run of a script; `point` is where it crashes, or empty, and `store` says where the records are. */
export async function run({ provider: kind, steps }, point, store = {}) {
  const data = mkdtempSync(join(tmpdir(), 'efectivo-script-'));
  const world = await makeWorld({ data, kind, lease_ms: 1_000, ...store });
  let died = false;
  try {
    await world.start();
    for (const step of steps) {
      if (step.expect) await compare(world, step.expect);
      else if (step.crash) await restart({ crash: { point, nth: step.crash } });
      else {
        outside(world, step);
        await lived(() => inside(world, step));
      }
    }
    assert.equal(died, point !== '', 'the point was reached');
  } finally {
    await world.close();
    rmSync(data, { recursive: true });
  }

  async function restart(more) {
    await world.kill();
    assert.ok(await world.start(more));
  }

  /** Does what the host has to do; if it dies of it, it is started again and does it once more. */
  async function lived(work) {
    try {
      await work();
      if (!point || died) return;
      await Promise.race([world.ended().then(() => { throw new Error('killed'); }), new Promise((done) => setTimeout(done, DYING_MS))]);
    } catch (error) {
      if (error.message !== 'killed') throw error;
      died = true;
      await world.ended();
      assert.ok(await world.start());
      await work();
    }
  }
}

const newest = (world) => [...world.provider.ledger.codes.values()].at(-1).id;

/** What happens around the host, whether it lives or not. */
function outside(world, step) {
  if (step.wind_minutes) world.wind(step.wind_minutes * MINUTE_MS);
  if (step.trouble) world.provider.trouble(step.trouble, step.path);
  if (step.pay) world.provider.pay(newest(world), step.pay);
  if (step.reverse) world.provider.reverse(newest(world));
}

/** What the host does then. */
async function inside(world, step) {
  if (step.place) await world.ask('place', '1', { minor: step.place, currency: 'PEN' });
  if (changes(step)) await world.ask('shopChanges', '1', changes(step), !step.untold);
  if (step.merchant) await decide(world, step.merchant);
  if (step.wind_minutes) {
    await world.ask('wind', world.time.offset); // the provider's own notices of the new time find a host that knows it too
    world.provider.tick();
  }
  for (let round = 0; round < 3; round += 1) {
    await world.provider.quiet();
    await world.ask('wind', world.time.offset);
  }
}

/** What somebody changes about the order in the shop, or nothing. */
function changes({ shop_cancels, shop_edits, paid_otherwise }) {
  const pen = (minor) => ({ minor, currency: 'PEN' });
  if (shop_cancels) return { status: 'cancelled' };
  if (paid_otherwise) return { status: 'paid', outstanding: pen(0) };
  return shop_edits ? { total: pen(shop_edits), outstanding: pen(shop_edits) } : undefined;
}

async function decide(world, decision) {
  const [{ kase }] = await world.ask('report');
  if (kase.wish !== 'cancel' && kase.state !== 'cancelled') await world.ask('merchant', kase.id, decision);
}

async function compare(world, expected) {
  const [{ kase, rebuilt, effects }] = await world.ask('report');
  const times = (name) => effects.find(({ effect }) => effect === name)?.times ?? 0;
  const open = ({ reviews }) => reviews.filter(({ closed }) => !closed).map(({ kind }) => kind);
  assert.deepEqual({ state: kase.state, codes: world.provider.ledger.codes.size, paid: times('mark_paid'), cancelled: times('cancel'), reviews: open(kase) }, expected);
  assert.deepEqual([rebuilt.state, open(rebuilt)], [kase.state, open(kase)], 'the journal tells the same story');
}

/** Every script, once for each of its crash points. */
export function scripts() {
  return readdirSync(FOLDER).filter((name) => name.endsWith('.json')).sort().flatMap((file) => {
    const script = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'));
    return (script.crash_at ?? ['']).map((point) => ({ name: `${file.replace('.json', '')}${point && `, ${point}`}: ${script.about}`, script, point }));
  });
}
