// What Shopify's payments platform asks, on the listener that demands its certificate: a payment session, and a refund of one. Stored and answered at once; nothing is made yet.

import { EfectivoError, type Money, type Person } from 'efectivo';
import { Hono } from 'hono';
import { SHOP_DOMAIN } from '../config.ts';
import { bodyOf, json, plain } from '../http/refusals.ts';
import { errorFacts } from '../log.ts';
import type { Parts } from '../parts.ts';
import type { Shop } from '../shops.ts';
import type { RefundSessions } from './refunds.ts';
import { makeSessions } from './sessions.ts';

const MOST_BYTES = 200_000;
const ID = /^[\w-]{1,100}$/;
const GID = /^gid:\/\/shopify\/(Payment|Refund)Session\/[\w-]{1,100}$/;

type Body = Record<string, any>;

/** `POST /pay/:app/session` and `/pay/:app/refund`; they stand on no other listener. */
export function platform(on: Parts, refunds: RefundSessions): Hono {
  const hono = new Hono();
  hono.onError((error) => { on.log('payment_request_failed', errorFacts(error)); return plain(503); });

  hono.post('/pay/:app/session', async (c) => {
    const asked = await from(c.req.param('app'), c.req.raw);
    if (asked instanceof Response) return asked;
    const { shop, body } = asked;
    const amount = moneyOf(body);
    const cancel_url = text(body.payment_method?.data?.cancel_url ?? body.cancel_url);
    if (!amount || !ID.test(text(body.group)) || !GID.test(text(body.gid)) || typeof body.test !== 'boolean') return refuse(shop, 'unreadable', 400);
    const session = await makeSessions(on, shop.key).keep({ id: body.id, gid: body.gid, group_id: body.group, amount, test: body.test, cancel_url }, personOf(body.customer));
    on.health.note(shop.key, 'webhook', 'payment session');
    return json(200, { redirect_url: `${on.config.public_url}/pay/${shop.app.id}/start/${session.token}` });
  });

  hono.post('/pay/:app/refund', async (c) => {
    const asked = await from(c.req.param('app'), c.req.raw);
    if (asked instanceof Response) return asked;
    const { shop, body } = asked;
    const amount = moneyOf(body);
    if (!amount || !ID.test(text(body.payment_id)) || !GID.test(text(body.gid))) return refuse(shop, 'unreadable', 400);
    await makeSessions(on, shop.key).keepRefund({ id: body.id, gid: body.gid, payment_id: body.payment_id, amount });
    refunds.due(shop);
    return new Response(null, { status: 201 });
  });

  /** The shop that the request names, if it installed this app; the certificate proves Shopify, the header only names the shop. */
  async function from(appId: string, request: Request): Promise<{ shop: Shop; body: Body } | Response> {
    const app = on.config.apps.find(({ id, role }) => id === appId && role === 'pay');
    const domain = request.headers.get('shopify-shop-domain') ?? '';
    const shop = app && SHOP_DOMAIN.test(domain) ? await on.shops.of(app.id, domain) : null;
    if (!shop || shop.state !== 'installed') return refuse(null, 'unknown_shop', 404);
    const bytes = await bodyOf(request, MOST_BYTES);
    const body = bytes && parsed(bytes);
    return body && ID.test(text(body.id)) ? { shop, body } : refuse(shop, 'unreadable', 400);
  }

  function refuse(shop: Shop | null, why: string, status: number): Response {
    on.log('payment_request_refused', { shop: shop?.key, why, status });
    on.health.note(shop?.key ?? '', 'refusal', `payment ${why}`);
    return plain(status);
  }

  /** Amounts are decimals with a point; the core reads them. A currency that the core doesn't know can't have been offered. */
  function moneyOf({ amount, currency }: Body): Money | null {
    try {
      return (on.core.call('money', { text: text(amount), currency }).ok as { money: Money }).money;
    } catch (error) {
      if (error instanceof EfectivoError) return null;
      throw error;
    }
  }

  return hono;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function parsed(bytes: Uint8Array): Body | null {
  try {
    const body = JSON.parse(new TextDecoder().decode(bytes));
    return body !== null && typeof body === 'object' ? (body as Body) : null;
  } catch {
    return null;
  }
}

/** Only what Shopify's buyer gave; nothing is invented. */
function personOf(customer: Body = {}): Person {
  const address = customer.billing_address ?? customer.shipping_address ?? {};
  const given = { first_name: address.given_name, last_name: address.family_name, email: customer.email, phone: customer.phone_number ?? address.phone_number };
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, text(value).trim().slice(0, 100)]).filter(([, value]) => value !== '')) as Person;
}
