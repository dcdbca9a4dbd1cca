// What a shop leaves behind that took the app away: codes that could still be paid are called off, and money that waits for a person is told to whoever runs the server.

import type { Efectivo } from 'efectivo';
import { one } from '../db/index.ts';
import type { Parts } from '../parts.ts';
import { waiting } from '../reviews.ts';
import type { Shop } from '../shops.ts';
import { lookAtInstallation } from './installation.ts';

/** A shop that installs the app again within this keeps its codes. */
const GONE_MS = 3_600_000;
/** How many cases are taken from the records at a time. */
const PAGE = 200;

type Case = { id: string; placed_at: number; wake_at: number | null };

export async function lookAfterGone(on: Parts, shop: Shop): Promise<void> {
  const { app, domain } = shop;
  if (app.own_shops.includes(domain) && (await lookAtInstallation(on, shop)) !== 'uninstalled') return; // it has the app again, and nobody needs to visit it
  const row = await one(on.db, 'SELECT uninstalled_at FROM app_shops WHERE key = ?1', [shop.key]);
  const since = Number(row?.uninstalled_at);
  if (shop.efectivo && on.clock.now() - since >= GONE_MS) await callOff(on, shop, shop.efectivo, since);
  const reviews = await waiting(on, shop);
  if (reviews > 0) on.log('reviews_wait', { shop: shop.key, reviews });
}

/**
 * Calls off every open code, once for each time that the app was taken away. Nobody could mark the order as paid, so that no shopper shall pay for it; the order itself
 * can't be cancelled without a token, and that refusal is the question which tells the merchant to do it by hand.
 */
async function callOff(on: Parts, shop: Shop, efectivo: Efectivo, since: number): Promise<void> {
  const done = await one(on.db, "SELECT at FROM app_proofs WHERE shop_key = ?1 AND name = 'called_off'", [shop.key]);
  if (Number(done?.at) === since) return;
  const page = (before: number) => efectivo.cases({ limit: PAGE, before }) as Promise<Case[]>;
  for (let cases = await page(Number.MAX_SAFE_INTEGER); cases.length > 0; cases = await page(cases.at(-1)?.placed_at ?? 0)) {
    for (const { id } of cases.filter(({ wake_at }) => wake_at !== null)) {
      const { view } = (await efectivo.case(id)) as { view: { decisions: Array<{ decision: unknown }> } };
      if (view.decisions.some(({ decision }) => decision === 'cancel')) await efectivo.merchant(id, 'cancel');
    }
  }
  await on.db.run("INSERT INTO app_proofs (shop_key, name, at) VALUES (?1, 'called_off', ?2) ON CONFLICT (shop_key, name) DO UPDATE SET at = excluded.at", [shop.key, since]);
}
