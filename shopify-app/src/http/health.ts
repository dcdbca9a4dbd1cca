// `GET /health`: whether the server works, and when it last heard of anybody; no shop is named.

import { errorFacts } from '../log.ts';
import type { Room } from '../parts.ts';
import { json } from './refusals.ts';

export const healthPage: Room = (hono, on) => {
  hono.get('/health', async () => {
    try {
      const [shops] = await on.db.all("SELECT count(*) AS count FROM app_shops WHERE state = 'installed'");
      const [waiting] = await on.db.all('SELECT count(*) AS count, min(received_at) AS oldest FROM app_deliveries WHERE handled_at IS NULL');
      const [problems] = await on.db.all('SELECT count(*) AS count FROM app_orders WHERE problem IS NOT NULL');
      const { webhook, poll, notice, sweep, refusal, shopify } = await on.health.newest();
      const at = (one: { at: number; detail: string } | undefined) => (one ? { at: new Date(one.at).toISOString(), detail: one.detail } : null);
      return json(200, {
        ok: true, ...on.core.call('version').ok as object, shops: Number(shops?.count), deliveries_waiting: Number(waiting?.count), oldest_waiting_at: waiting?.oldest ? new Date(Number(waiting.oldest)).toISOString() : null,
        orders_with_a_problem: Number(problems?.count), last_webhook: at(webhook), last_poll: at(poll), last_notice: at(notice), last_sweep: at(sweep), last_refusal: at(refusal), last_shopify_failure: at(shopify),
      });
    } catch (error) {
      on.log('not_healthy', errorFacts(error));
      return json(503, { ok: false, ...errorFacts(error) });
    }
  });
};
