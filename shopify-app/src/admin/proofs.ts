// The go-live gate: what a trial sale must have shown before a live channel may be enabled. Each is read from the records and kept with its time once seen.

import type { Efectivo } from 'efectivo';
import type { Parts } from '../parts.ts';
import type { Shop } from '../shops.ts';

/** In the order of a sale: a code was made, it was paid, a notice was verified, and the order was marked as paid. */
export const PROOFS = ['code_created', 'payment_simulated', 'notice_verified', 'order_synchronised'] as const;
export type Proof = (typeof PROOFS)[number];

/** How far back a trial is looked for. */
const CASES = 50;
const NOTICES = 200;

type Case = { mode: string; attempts: Array<{ code?: unknown; payments: unknown[] }> };

/** When each proof was first seen; missing ones are not there. */
export async function proofsOf(on: Parts, shop: Shop): Promise<Partial<Record<Proof, number>>> {
  const rows = await on.db.all('SELECT name, at FROM app_proofs WHERE shop_key = ?1', [shop.key]);
  const kept = Object.fromEntries(rows.map(({ name, at }) => [name, Number(at)])) as Partial<Record<Proof, number>>;
  if (!shop.efectivo || PROOFS.every((name) => kept[name])) return kept;
  for (const name of await seen(on, shop, shop.efectivo)) {
    if (kept[name]) continue;
    await on.db.run('INSERT INTO app_proofs (shop_key, name, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING', [shop.key, name, on.clock.now()]);
    kept[name] = on.clock.now();
  }
  return kept;
}

async function seen(on: Parts, shop: Shop, efectivo: Efectivo): Promise<Proof[]> {
  const trials = ((await efectivo.cases({ limit: CASES })) as Case[]).filter(({ mode }) => mode === 'test');
  const test = new Set(shop.settings.core.channels.filter(({ mode }) => mode === 'test').map(({ id }) => id));
  const notices = (await efectivo.notices({ limit: NOTICES })) as Array<{ channel: string; verdict: unknown }>;
  const [marked] = await on.db.all("SELECT count(*) AS count FROM app_effects WHERE shop_key = ?1 AND kind = 'mark_paid' AND done_at IS NOT NULL", [shop.key]);
  const found: Record<Proof, boolean> = {
    code_created: trials.some(({ attempts }) => attempts.some(({ code }) => code)),
    payment_simulated: trials.some(({ attempts }) => attempts.some(({ payments }) => payments.length > 0)),
    notice_verified: notices.some(({ channel, verdict }) => test.has(channel) && verdict === 'verified'),
    order_synchronised: Number(marked?.count) > 0,
  };
  return PROOFS.filter((name) => found[name]);
}

/** Channels that would sell with real money before the trial has shown all four. */
export async function tooEarly(on: Parts, shop: Shop, channels: Array<{ id: string; mode: string; enabled?: boolean }>): Promise<Proof[]> {
  if (!channels.some(({ mode, enabled }) => mode === 'live' && enabled !== false)) return [];
  const kept = await proofsOf(on, shop);
  return PROOFS.filter((name) => !kept[name]);
}
