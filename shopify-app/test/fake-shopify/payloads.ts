// The bodies of webhooks, in the shape of Shopify's REST resources, as far as an app of payments may meet their fields.

import { decimal, inShop, restBag } from './money.ts';
import * as orders from './orders.ts';
import { type App, type Ctx, newId, type Order, type Refund, type Shop, type Transaction } from './world.ts';

/** In the shop's own zone, Lima's, as REST resources have it. */
const iso = (at: number | null): string | null => (at === null ? null : new Date(at - 5 * 3_600_000).toISOString().replace(/\.\d+Z$/, '-05:00'));

/** A whole order; a subscription's `include_fields` cuts it down. */
export function order(ctx: Ctx, shop: Shop, order: Order): Record<string, unknown> {
  const shopMoney = (value: number): string => decimal(inShop(value, order), order.currency);
  const total = orders.total(order);
  return {
    id: order.id, admin_graphql_api_id: orders.gid(order), app_id: null, name: order.name, number: order.number, order_number: order.number,
    confirmation_number: order.confirmation_number, confirmed: true, token: order.status_token, checkout_token: order.checkout_token, cart_token: order.cart_token,
    created_at: iso(order.created), updated_at: iso(order.updated), processed_at: iso(order.processed), cancelled_at: iso(order.cancelled), closed_at: iso(order.closed),
    cancel_reason: order.cancel_reason?.toLowerCase() ?? null, currency: order.currency, presentment_currency: order.presentment,
    financial_status: orders.standing(order).toLowerCase(), fulfillment_status: order.fulfilled ? 'fulfilled' : null, payment_gateway_names: [...order.gateways],
    total_price: shopMoney(orders.originalTotal(order)), total_price_set: restBag(orders.originalTotal(order), order),
    current_total_price: shopMoney(total), current_total_price_set: restBag(total, order), subtotal_price: shopMoney(orders.subtotal(order)),
    total_outstanding: shopMoney(orders.outstanding(order)), test: order.test, tags: order.tags.join(', '), note: order.note || null, source_name: 'web',
    order_status_url: `${ctx.site(shop.domain)}/${shop.id}/orders/${order.status_token}/authenticate?key=${order.cart_token}`,
    email: order.email, contact_email: order.email, phone: order.phone || null, customer_locale: 'es-PE', taxes_included: true,
    customer: order.customer && { ...order.customer, admin_graphql_api_id: `gid://shopify/Customer/${order.customer.id}` },
    billing_address: order.address, shipping_address: order.address,
    line_items: order.lines.map((line) => ({
      id: line.id, admin_graphql_api_id: `gid://shopify/LineItem/${line.id}`, product_id: line.product_id, title: line.title, name: line.title,
      quantity: line.quantity, current_quantity: line.quantity - line.removed, price: shopMoney(line.price), price_set: restBag(line.price, order), requires_shipping: true,
    })),
    shipping_lines: order.shipping ? [{ title: 'Envío', price: shopMoney(order.shipping), price_set: restBag(order.shipping, order) }] : [],
    refunds: order.refunds.map((one) => refund(order, one)),
  };
}

export const transaction = (order: Order, one: Transaction): Record<string, unknown> => ({
  id: one.id, admin_graphql_api_id: `gid://shopify/OrderTransaction/${one.id}`, order_id: order.id, kind: one.kind.toLowerCase(), status: one.status.toLowerCase(), gateway: one.gateway,
  amount: decimal(one.amount, order.presentment), currency: order.presentment, parent_id: one.parent, created_at: iso(one.at), processed_at: iso(one.at), test: order.test, payment_id: one.payment_id,
  manual_payment_gateway: one.manual,
});

export const refund = (order: Order, one: Refund): Record<string, unknown> => ({
  id: one.id, admin_graphql_api_id: `gid://shopify/Refund/${one.id}`, order_id: order.id, created_at: iso(one.at), processed_at: iso(one.at), note: one.note || null, user_id: null,
  transactions: order.transactions.filter(({ id }) => one.transactions.includes(id)).map((made) => transaction(order, made)),
  refund_line_items: one.lines.map(({ line, quantity }) => ({ line_item_id: line, quantity, restock_type: 'no_restock' })), order_adjustments: [],
});

/** `orders/edited` has a body of its own, not an order's: one that asks for an order's fields gets nothing. From memory of Shopify's sample; unverified. */
export const edit = (ctx: Ctx, order: Order, changed: { additions: object[]; removals: object[] }): Record<string, unknown> => ({
  order_edit: { id: newId(ctx.world), app_id: null, created_at: iso(ctx.now()), notify_customer: false, order_id: order.id, reason: '', staff_note: '', user_id: null, line_items: changed },
});

export const uninstalled = (shop: Shop): Record<string, unknown> => ({ id: shop.id, name: shop.name, email: shop.email, domain: shop.domain, myshopify_domain: shop.domain, currency: shop.currency });
export const scopes = (app: App, previous: string[], current: string[], at: number): Record<string, unknown> => ({ id: app.client_id, previous, current, updated_at: iso(at) });

const person = (order: Order): object => ({ id: order.customer?.id ?? null, email: order.email, phone: order.phone || null });
export const dataRequest = (ctx: Ctx, shop: Shop, order: Order): Record<string, unknown> => ({ shop_id: shop.id, shop_domain: shop.domain, orders_requested: [order.id], customer: person(order), data_request: { id: newId(ctx.world) } });
export const customerRedact = (shop: Shop, order: Order): Record<string, unknown> => ({ shop_id: shop.id, shop_domain: shop.domain, customer: person(order), orders_to_redact: [order.id] });
export const shopRedact = (shop: Shop): Record<string, unknown> => ({ shop_id: shop.id, shop_domain: shop.domain });
