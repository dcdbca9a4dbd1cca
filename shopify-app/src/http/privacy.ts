// What Shopify's privacy webhooks ask for: personal data goes as soon as no dispute needs it, amounts and ids stay for the tax office.

import { lookAtInstallation } from '../orders/installation.ts';
import type { Parts } from '../parts.ts';
import { makeSessions } from '../pay/sessions.ts';
import type { Shop } from '../shops.ts';
import { one } from '../db/index.ts';

/** How many cases are taken from the records at a time. */
const PAGE = 200;

/** The orders that a privacy webhook is about. A payments app is never told of orders: there it is the payments of the person. */
export async function ordersOf(on: Parts, shop: Shop, { orders, who }: { orders?: string[]; who?: string | null }): Promise<string[]> {
  if (shop.app.role === 'shop') return orders ?? [];
  return who ? makeSessions(on, shop.key).paymentsOf(who) : [];
}

/** `customers/redact`: evidence that disputes may still need stays its 180 days and is erased then by itself. */
export async function erasePerson(on: Parts, shop: Shop, orders: string[], who: string | null): Promise<string> {
  let erased = 0;
  let kept = 0;
  for (const order of orders) {
    const at = await shop.efectivo?.status(order);
    const made = at ? await shop.efectivo?.erase(at.case) : undefined;
    erased += made?.erased ?? 0;
    kept += made?.kept ?? 0;
    await on.db.run("UPDATE app_orders SET checkout_digests = '[]', customer_digest = NULL WHERE shop_key = ?1 AND order_id = ?2", [shop.key, order]);
  }
  if (who && shop.app.role === 'pay') await makeSessions(on, shop.key).forgetPerson(who);
  return `erased ${erased} kept ${kept}`;
}

/** `customers/data_request`: the merchant finds it as a task, with the orders it speaks of, and downloads what is held of them. */
export async function askForData(on: Parts, shop: Shop, orders: string[]): Promise<string> {
  const count = Number((await one(on.db, "SELECT count(*) AS count FROM app_proofs WHERE shop_key = ?1 AND name LIKE 'data_request %'", [shop.key]))?.count ?? 0);
  await on.db.run('INSERT INTO app_proofs (shop_key, name, at, doc) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING', [shop.key, `data_request ${count + 1}`, on.clock.now(), JSON.stringify({ orders })]);
  return 'noted';
}

/** Everything that is held of the orders of a data request, personal data and evidence among it, as one document for the shopper who asked. */
export async function dataOf(on: Parts, shop: Shop, request: string): Promise<object | null> {
  const row = await one(on.db, "SELECT at, doc FROM app_proofs WHERE shop_key = ?1 AND name = ?2 AND name LIKE 'data_request %'", [shop.key, request]);
  if (!row) return null;
  const orders: object[] = [];
  for (const order of (JSON.parse(row.doc) as { orders: string[] }).orders) orders.push(await heldOf(shop, order));
  return { shop: shop.domain, asked_at: day(Number(row.at)), written_at: day(on.clock.now()), orders };
}

async function heldOf(shop: Shop, order: string): Promise<object> {
  const efectivo = shop.efectivo;
  const at = await efectivo?.status(order);
  if (!efectivo || !at) return { order, held: null };
  const [{ view }, { texts }, { person, evidence }] = await Promise.all([efectivo.case(at.case), efectivo.journal(at.case), efectivo.held(at.case)]);
  const pieces = evidence.filter(({ kind }) => kind !== 'person').map(({ kind, kept_at, purge_after, text }) => ({ kind, kept_at: day(kept_at), erased_after: day(purge_after), text }));
  return { order, number: view.number, placed: view.placed_text, amount: view.amount_text, state: view.state_text, code: view.code, person, journal: texts.map(({ at_text, text }: { at_text: string; text: string }) => `${at_text} · ${text}`), evidence: pieces };
}

const day = (at: number): string => new Date(at).toISOString();

/**
 * `shop/redact`, 48 hours after an uninstall: secrets and settings go, and what evidence may. Shopify is asked whether the shop has the app, since the uninstall's own webhook may be lost,
 * the app may be back, and the signature does not cover the shop's name; a shop that has it is left alone.
 */
export async function eraseShop(on: Parts, shop: Shop): Promise<string> {
  if ((await lookAtInstallation(on, shop)) !== 'uninstalled') return 'still_installed';
  let before = Number.MAX_SAFE_INTEGER;
  for (let page = await shop.efectivo?.cases({ limit: PAGE, before }); page && page.length > 0; page = await shop.efectivo?.cases({ limit: PAGE, before })) {
    for (const kase of page) await shop.efectivo?.erase(kase.id);
    before = page.at(-1)?.placed_at ?? 0;
  }
  await on.db.tx(async (db) => {
    await db.run('DELETE FROM app_tokens WHERE shop_key = ?1', [shop.key]);
    await db.run("UPDATE app_settings SET sealed = NULL, version = version + 1 WHERE shop_key = ?1", [shop.key]);
    await db.run("UPDATE app_orders SET checkout_digests = '[]', customer_digest = NULL WHERE shop_key = ?1", [shop.key]);
    await db.run('UPDATE pay_sessions SET person = NULL WHERE shop_key = ?1', [shop.key]);
    await db.run("UPDATE app_shops SET redacted_at = ?2, card = '{}' WHERE key = ?1", [shop.key, on.clock.now()]);
  });
  return 'erased';
}
