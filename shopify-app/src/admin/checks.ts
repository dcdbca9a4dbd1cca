// What the guide tries out: whether the payment method's name is right, and whether a channel's notices can reach us from outside.

import type { Parts } from '../parts.ts';
import { RECENT_METHODS } from '../shopify/documents.ts';
import type { Shop } from '../shops.ts';

const ANSWERS_WITHIN_MS = 10_000;
/** What the core answers to a notice without a signature; a wall in front of us answers otherwise, or with a page to log in at. */
const REACHED = new Set([200, 400, 401, 403]);
const plainName = (name: string): string => name.toLowerCase().replaceAll(/\s+/g, '');

/** The names of the methods of the newest manual orders, and whether ours is among them; Shopify can't list the methods themselves. */
export async function methodCheck(shop: Shop): Promise<{ found: boolean; seen: string[] }> {
  const { orders } = await shop.admin.ask<{ orders: { nodes: Array<{ paymentGatewayNames: string[] }> } }>(RECENT_METHODS);
  const seen = [...new Set(orders.nodes.flatMap(({ paymentGatewayNames }) => paymentGatewayNames))];
  const ours = new Set(shop.settings.method_names.map(plainName));
  return { found: seen.some((name) => ours.has(plainName(name))), seen };
}

/** Sends an unsigned notice to the channel's own public address, as a provider would: it is reached where it is refused for its signature. */
export async function noticeCheck(on: Parts, shop: Shop, channel: string): Promise<{ reached: boolean; status: number | null; address: string }> {
  const address = shop.settings.core.channels.find(({ id }) => id === channel)?.notice_url ?? '';
  if (!address) return { reached: false, status: null, address };
  try {
    const answer = await on.outside(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}', redirect: 'manual', signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) });
    return { reached: REACHED.has(answer.status), status: answer.status, address };
  } catch {
    return { reached: false, status: null, address };
  }
}
