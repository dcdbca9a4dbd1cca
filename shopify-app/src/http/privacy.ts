// What Shopify's privacy webhooks ask for: personal data goes as soon as no dispute needs it, amounts and ids stay for the tax office.

import type { Parts } from '../parts.ts';
import type { Shop } from '../shops.ts';
import { one } from '../db/index.ts';

/** How many cases are taken from the records at a time. */
const PAGE = 200;

/** `customers/redact`: evidence that disputes may still need stays its 180 days and is erased then by itself. */
export async function erasePerson(on: Parts, shop: Shop, orders: string[]): Promise<string> {
  let erased = 0;
  let kept = 0;
  for (const order of orders) {
    const at = await shop.efectivo?.status(order);
    const made = at ? await shop.efectivo?.erase(at.case) : undefined;
    erased += made?.erased ?? 0;
    kept += made?.kept ?? 0;
    await on.db.run("UPDATE app_orders SET checkout_digests = '[]', customer_digest = NULL WHERE shop_key = ?1 AND order_id = ?2", [shop.key, order]);
  }
  return `erased ${erased} kept ${kept}`;
}

/** `customers/data_request`: the merchant finds it as a task, with the orders it speaks of; the case's page shows what is held. */
export async function askForData(on: Parts, shop: Shop, orders: string[]): Promise<string> {
  const count = Number((await one(on.db, "SELECT count(*) AS count FROM app_proofs WHERE shop_key = ?1 AND name LIKE 'data_request %'", [shop.key]))?.count ?? 0);
  await on.db.run('INSERT INTO app_proofs (shop_key, name, at, doc) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING', [shop.key, `data_request ${count + 1}`, on.clock.now(), JSON.stringify({ orders })]);
  return 'noted';
}

/** `shop/redact`, 48 hours after an uninstall: secrets and settings go, and what evidence may. A shop that is installed is left alone: the signature does not cover the shop's name. */
export async function eraseShop(on: Parts, shop: Shop): Promise<string> {
  if (shop.state === 'installed') return 'still_installed';
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
