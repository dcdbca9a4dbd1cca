// What the thank-you and order-status blocks ask for: bound to the order by its checkout token or its customer; every word is the core's, and nothing of the person is in it.

import type { Context } from 'hono';
import { errorFacts } from '../log.ts';
import { briefOf } from '../orders/marks.ts';
import { bring } from '../orders/place.ts';
import { may } from '../orders/installation.ts';
import { gid, orderIdOf } from '../orders/reading.ts';
import type { Parts, Room } from '../parts.ts';
import { ORDER_CUSTOMER } from '../shopify/documents.ts';
import { digest, known } from '../shopify/proofs.ts';
import type { Shop } from '../shops.ts';
import { crowd } from './crowd.ts';
import { json } from './refusals.ts';

/** Blocks run in workers whose origin may change: any may ask, the token and the binding decide. */
const CORS = { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'authorization, content-type', 'access-control-allow-methods': 'GET, OPTIONS', 'access-control-max-age': '7200', vary: 'origin' };

/** Within a minute: looks at one order, orders of one shop that are looked up at Shopify, refused calls of one shop. */
const LIMITS = { look: 60, early: 60, refused: 120 };

export const extensionApi: Room = (hono, on) => {
  const crowded = crowd();
  hono.options('/extension/:app/voucher', () => new Response(null, { status: 204, headers: CORS }));
  hono.get('/extension/:app/voucher', async (c) => {
    const [status, value] = await answer(c);
    return json(status, value, status === 429 ? { ...CORS, 'retry-after': '30' } : CORS);
  });

  async function answer(c: Context): Promise<[number, object]> {
    const app = on.config.apps.find(({ id, role }) => id === c.req.param('app') && role === 'shop');
    const token = app && (await on.proofs.sessionToken(app, c.req.header('authorization'), 'checkout'));
    if (!app || !token) return [401, {}];
    const order = orderIdOf(c.req.query('order'));
    const shop = await on.shops.of(app.id, token.shop);
    if (!order || !shop?.efectivo || shop.state !== 'installed') return [404, {}];
    if (crowded(`look ${shop.key} ${order}`, LIMITS.look)) return [429, {}];
    return told(shop, order, c.req.query('checkout_token') ?? '', token.sub);
  }

  async function told(shop: Shop, order: string, checkout: string, sub: string | null): Promise<[number, object]> {
    const row = (await rowOf(on, shop, order)) ?? (await early(shop, order));
    if (!row) return [404, {}];
    const bound = (checkout !== '' && known(JSON.parse(row.checkout_digests) as string[], checkout)) || (sub !== null && (await isCustomers(shop, order, row.customer_digest as string | null, sub)));
    if (!bound) {
      if (crowded(`refused ${shop.key}`, LIMITS.refused)) return [429, {}];
      on.health.note(shop.key, 'refusal', 'extension other_order');
      return [403, {}];
    }
    const brief = await briefOf(on, shop, order);
    if (!brief) return [404, {}];
    const { state, payable, live, again_ms, heading, message, code, code_grouped, amount_text, deadline_text, page_url, barcode, labels } = brief;
    const barcode_url = barcode ? `${on.config.public_url}/pago/${shop.app.id}/${shop.key}/${page_url.split('/').at(-1)}/barcode.png` : undefined;
    return [200, { state, payable, live, again_ms, heading, message, code: code ?? undefined, code_grouped: code_grouped ?? undefined, amount_text, deadline_text: deadline_text ?? undefined, page_url, barcode_url, labels }];
  }

  /** Whether a logged-in customer is the order's; whose it is gets asked of Shopify once, where the merchant gave the permission for that. */
  async function isCustomers(shop: Shop, order: string, held: string | null, sub: string): Promise<boolean> {
    if (held !== null) return known([held], sub);
    if (!may(shop, 'read_customers') || crowded(`customer ${shop.key}`, LIMITS.early)) return false;
    const found = await shop.admin.ask<{ order: { customer: { id: string } | null } | null }>(ORDER_CUSTOMER, { id: gid(order) }).catch(() => null);
    const customer = found?.order?.customer?.id;
    if (!customer) return false;
    await on.db.run('UPDATE app_orders SET customer_digest = ?3 WHERE shop_key = ?1 AND order_id = ?2', [shop.key, order, digest(customer)]);
    return known([digest(customer)], sub);
  }

  /** The page may be seconds ahead of the webhook: the order is read at once, within limits. */
  async function early(shop: Shop, order: string) {
    if (crowded(`early ${shop.key}`, LIMITS.early) || crowded(`early ${shop.key} ${order}`, 6)) return undefined;
    await bring(on, shop, order, { refunds: on.refunds }).catch((error) => on.log('early_order_waits', { shop: shop.key, order, ...errorFacts(error) }));
    return rowOf(on, shop, order);
  }
};

async function rowOf(on: Parts, shop: Shop, order: string) {
  return (await on.db.all('SELECT checkout_digests, customer_digest FROM app_orders WHERE shop_key = ?1 AND order_id = ?2 AND case_id IS NOT NULL', [shop.key, order]))[0];
}
