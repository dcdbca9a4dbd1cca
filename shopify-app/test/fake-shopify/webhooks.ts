// Shopify's webhooks: cut down to `include_fields`, signed over the body alone, sent up to nine times in four hours, and in every disorder that a test orders.

import { createHmac } from 'node:crypto';
import { type App, type Ctx, type Delivery, newUuid, type Shop, type World } from './world.ts';

/** After the first try, eight more over four hours [facts §3]; the steps between are not documented. */
const RETRY_MINUTES = [1, 3, 7, 15, 30, 60, 120, 240];
/** Connecting and answering together [facts §3]. */
const PATIENCE_MS = 5_000;

const COMPLIANCE = new Set(['customers/data_request', 'customers/redact', 'shop/redact']);

/** Puts one delivery for each subscription into the world's queue, with the body as it is now. */
export function emit(ctx: Ctx, shop: Shop, topic: string, resource: string, body: unknown): void {
  const event_id = newUuid(ctx.world);
  for (const install of shop.installs) {
    const app = ctx.app(install.client_id);
    for (const subscription of app?.webhooks ?? []) {
      if (!app || !subscription.topics.includes(topic)) continue;
      const cut = subscription.include_fields && !COMPLIANCE.has(topic) ? only(body as Record<string, unknown>, subscription.include_fields) : body;
      ctx.world.deliveries.push({
        id: newUuid(ctx.world), event_id, shop: shop.domain, client_id: app.client_id, topic, uri: subscription.uri, body: JSON.stringify(cut), family: subscription.family ?? 'webhooks',
        name: subscription.name ?? '', resource, triggered: ctx.now(), due: ctx.now(), state: 'waiting', answers: [],
      });
    }
  }
}

/** `include_fields`: names of the top, or paths with points into objects and lists. */
function only(body: Record<string, unknown>, fields: string[]): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const field of fields) {
    const [first = '', ...rest] = field.split('.');
    if (!(first in body)) continue;
    kept[first] = rest.length ? merge(kept[first], narrow(body[first], rest.join('.'))) : body[first];
  }
  return kept;
}

const narrow = (value: unknown, path: string): unknown => (Array.isArray(value) ? value.map((one) => only(one, [path])) : value && typeof value === 'object' ? only(value as Record<string, unknown>, [path]) : value);

function merge(one: unknown, other: unknown): unknown {
  if (Array.isArray(one) && Array.isArray(other)) return one.map((value, at) => merge(value, other[at]));
  return one && other && typeof one === 'object' && typeof other === 'object' ? { ...one, ...other } : other ?? one;
}

export const sign = (body: string, secret: string): string => createHmac('sha256', secret).update(body).digest('base64');

/** How a delivery may differ from an honest one. */
export interface Twist {
  /** Another shop's name in the header: the signature still holds, since it covers the body only. */
  shop?: string;
  family?: 'webhooks' | 'events';
  forge?: 'signature' | 'no signature' | 'body' | 'secret';
  topic?: string;
  id?: string;
}

/** The request as Shopify would send it. */
export function request(app: App, delivery: Delivery, version: string, twist: Twist = {}): Request {
  const body = twist.forge === 'body' ? delivery.body.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10)) : delivery.body;
  const hmac = twist.forge === 'signature' ? sign(`${delivery.body} `, app.client_secret) : sign(delivery.body, twist.forge === 'secret' ? 'not the secret' : app.client_secret);
  const [topic, shop, id] = [twist.topic ?? delivery.topic, twist.shop ?? delivery.shop, twist.id ?? delivery.id];
  const events = (twist.family ?? delivery.family) === 'events';
  const common = { topic, 'hmac-sha256': hmac, 'shop-domain': shop, 'api-version': version, 'webhook-id': id, 'event-id': delivery.event_id, 'triggered-at': new Date(delivery.triggered).toISOString() };
  const own = events ? { handle: topic.replace('/', '-'), action: topic.split('/')[1] ?? '', 'resource-id': delivery.resource } : delivery.name ? { name: delivery.name } : {};
  const headers = new Headers({ 'content-type': 'application/json', 'user-agent': 'Shopify-Captain-Hook' });
  for (const [name, value] of Object.entries({ ...common, ...own })) if (twist.forge !== 'no signature' || name !== 'hmac-sha256') headers.set(`${events ? 'shopify' : 'x-shopify'}-${name}`, value);
  const to = delivery.uri.startsWith('/') ? `${app.url}${delivery.uri}` : delivery.uri;
  return new Request(to, { method: 'POST', headers, body });
}

/** Sends one delivery now; anything but 2xx counts as a failure and is tried again at its next step. Resolves to the status, 0 where there was none. */
export async function deliver(ctx: Ctx, version: string, delivery: Delivery, twist?: Twist): Promise<number> {
  const app = ctx.app(delivery.client_id);
  if (!app) return 0;
  const status = await send(app, request(app, delivery, version, twist));
  if (twist) return status;
  delivery.answers.push(status);
  if (status >= 200 && status < 300) delivery.state = 'done';
  else {
    const wait = RETRY_MINUTES[delivery.answers.length - 1];
    if (wait === undefined) delivery.state = 'given up';
    else delivery.due = delivery.triggered + wait * 60_000;
  }
  return status;
}

/** What is to be sent by now, in the order in which it fell due. */
export const due = (world: World, now: number): Delivery[] => world.deliveries.filter((one) => one.state === 'waiting' && one.due <= now).sort((one, other) => one.due - other.due);

/** To the app in this process where it has a door here, else over the network. */
export async function send(app: App, request: Request): Promise<number> {
  try {
    const answer = app.send ? await app.send(request) : await fetch(request, { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return 0;
  }
}
