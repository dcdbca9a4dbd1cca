// `POST /webhooks/:app`: proven over its raw bytes, stored, answered; worked off afterwards (orders/intake.ts has the table of topics).

import { errorFacts } from '../log.ts';
import type { Room } from '../parts.ts';
import { bodyOf, plain } from './refusals.ts';

/** Far above any payload with `include_fields`; Shopify's largest orders stay below it too. */
const MOST_BYTES = 2_000_000;

export const webhooks: Room = (hono, on) => {
  hono.post('/webhooks/:app', async (c) => {
    const app = on.config.apps.find(({ id }) => id === c.req.param('app'));
    if (!app) return plain(404);
    const body = await bodyOf(c.req.raw, MOST_BYTES);
    if (!body) return refuse('', 'too_large', 413);
    const proof = await on.proofs.webhook(app, c.req.raw, body);
    if (!('ok' in proof)) return refuse('', `${app.id} ${proof.why}`, proof.status);
    const { topic, shop } = proof.ok;
    try {
      const fresh = await on.intake.store(app.id, proof.ok, body);
      on.log('webhook', { app: app.id, topic, fresh });
    } catch (error) {
      on.log('webhook_not_stored', { app: app.id, topic, ...errorFacts(error) });
      return plain(503, { 'retry-after': '30' });
    }
    const known = await on.shops.keyOf(app.id, shop);
    if (known) on.health.note(known, 'webhook', topic);
    else refuse('', `${app.id} unknown_shop`, 200);
    return plain(200);
  });

  function refuse(shopKey: string, why: string, status: number): Response {
    on.log('webhook_refused', { why: why.replace(' ', ':'), status });
    on.health.note(shopKey, 'refusal', `webhook ${why}`);
    return plain(status);
  }
};
