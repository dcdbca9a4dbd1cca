// The siege: rounds of load with the host killed in each, at a random moment or at a random named point; then rest, and the comparison of the books.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compare, dice, makeWorld, rest } from './world.mjs';

export const POINTS = ['before commit', 'after commit', 'claimed', 'sent', 'provider acted', 'answered', 'before done'];
export const WINDS_MS = [0, 0, 0, 4_000, 35_000, 130_000, 400_000, 1_900_000];
export const FAULTS = ['before', 'after', '500 before', '500 after', 5, 25];
/** From first to last: how long a round lasts at most before the host is killed. */
export const ROUND_MS = 200;

/** Runs `rounds` kills under `seed` against a provider of `kind`; throws where a promise was broken. `told(round)` is called after each. */
export async function siege({ rounds, seed, kind, told = () => {} }) {
  const data = mkdtempSync(join(tmpdir(), 'efectivo-siege-'));
  const roll = dice(seed);
  const world = await makeWorld({ data, kind, fault: () => (roll.chance(0.15) ? roll.pick(FAULTS) : '') });
  const book = { placed: new Set(), asked: [], next: 1 };
  const died = { by_point: 0, by_clock: 0 };
  let kept = false;
  try {
    for (let round = 1; round <= rounds; round += 1) {
      await oneRound(world, roll, book, died);
      told(round, { died, codes: world.provider.ledger.codes.size });
    }
    if (!(await world.start())) throw new Error('the host does not start any more');
    for (const order of book.asked) await world.ask('place', order, amountOf(order)).then(() => book.placed.add(order), cancelledBefore);
    const cases = await rest(world);
    return { ...compare(world, cases, book.placed), cases: cases.length, ...died };
  } catch (error) {
    kept = true;
    error.message += ` (${kind}, seed ${seed}, data kept in ${data})`;
    throw error;
  } finally {
    await world.close();
    if (!kept) rmSync(data, { recursive: true });
  }
}

async function oneRound(world, roll, book, died) {
  world.wind(roll.chance(0.004) ? 43_200_000 : roll.pick(WINDS_MS));
  const crash = roll.chance(0.5) ? { point: roll.pick(POINTS), nth: 1 + roll.upTo(3) } : undefined;
  const up = await world.start({ crash });
  let over = !up;
  const end = world.ended().then(() => { over = true; });
  const until = Date.now() + 20 + roll.upTo(ROUND_MS);
  while (!over && Date.now() < until) {
    happen(world, roll, book);
    await Promise.race([end, new Promise((done) => setTimeout(done, 1 + roll.upTo(6)))]);
  }
  if (over) died.by_point += 1;
  else died.by_clock += 1;
  await world.kill();
}

/** One thing that happens in a shop; a call that the kill cuts off is simply not acknowledged. */
export function happen(world, roll, book) {
  const { provider } = world;
  provider.tick?.();
  const codes = [...provider.ledger.codes.values()];
  const code = codes.length > 0 ? codes[Math.max(0, codes.length - 1 - roll.upTo(12))] : null;
  const what = roll.upTo(99);
  if (what < 30) return place(world, book, String(book.next++));
  if (what < 36 && book.asked.length > 0) return place(world, book, roll.pick(book.asked));
  if (what < 66 && code) return pay(provider, roll, code);
  if (what < 68 && code?.payments.length && !code.payments.at(-1).reversed) return provider.reverse(code.id, { notice: roll.pick(['once', 'lost']) });
  if (what < 71 && book.asked.length > 0) return quiet(world.ask('shopChanges', roll.pick(book.asked), { status: 'cancelled' }, true));
  if (what < 80 && code) return quiet(world.ask('place', orderOf(code), amountOf(orderOf(code))));
  return quiet(world.ask('tick'));
}

function place(world, book, order) {
  if (!book.asked.includes(order)) book.asked.push(order);
  quiet(world.ask('place', order, amountOf(order)).then(() => book.placed.add(order)));
}

function pay(provider, roll, code) {
  const again = code.payments.length > 0;
  if (again && (provider.hides_payments || !roll.chance(0.05))) return;
  if (code.status === 'cancelled' && !roll.chance(0.1)) return;
  const amount = !provider.hides_payments && roll.chance(0.04) ? '1.00' : undefined;
  provider.pay(code.id, { amount, notice: roll.pick(['once', 'once', 'once', 'doubled', 'lost', 'forged']) });
}

/** An order that its shop cancelled before any code was asked for gets none. */
export function cancelledBefore(error) {
  if (error.code !== 'nothing_to_pay') throw error;
}

const orderOf = (code) => code.reference.split('-')[1];
export const amountOf = (order) => ({ minor: 1_000 + Number(order), currency: 'PEN' });
const quiet = (asked) => void asked.catch(() => {});
