// Role PAY put together: the platform's listener, the buyer's rooms, and the sweep that ends what nobody else ended.

import type { Hono } from 'hono';
import { errorFacts } from '../log.ts';
import type { Parts } from '../parts.ts';
import { waiting } from '../reviews.ts';
import type { Shop } from '../shops.ts';
import { platform } from './platform.ts';
import { makeRefundSessions } from './refunds.ts';
import { makeSessions } from './sessions.ts';

export { firstPage } from './first-page.ts';
export { oauth } from './oauth.ts';
export { payPort } from './port.ts';

export interface Pay {
  /** What Shopify's platform calls; on a listener of its own. */
  platform: Hono;
  /** A payment's case moved. */
  moved(shop: Shop, payment: string): void;
  /** Back to the shop, from a payment's page. */
  back(shop: Shop, payment: string): Promise<string | null>;
  /** Opens every shop of the role, and looks at what is open now and then. */
  start(): Promise<void>;
  /** Ends what is open in every shop, and forgets what nobody came back for. */
  tick(): Promise<void>;
  stop(): Promise<void>;
}

const EVERY_MS = 900_000;

export function makePay(on: Parts): Pay {
  const refunds = makeRefundSessions(on);
  let timer: NodeJS.Timeout | undefined;

  async function tick(): Promise<void> {
    for (const shop of (await on.shops.ever()).filter(({ app }) => app.role === 'pay')) { // refunds outlive an installation
      await refunds.settle(shop).catch((error) => on.log('refund_sessions_wait', { shop: shop.key, ...errorFacts(error) }));
      await makeSessions(on, shop.key).forgetOld();
      const reviews = await waiting(on, shop);
      if (reviews > 0) on.log('reviews_wait', { shop: shop.key, reviews });
    }
    await refunds.settled();
  }

  return {
    tick,
    async start() {
      await tick();
      timer = setInterval(() => void tick().catch((error) => on.log('pay_sweep_failed', errorFacts(error))), EVERY_MS).unref();
    },
    async stop() {
      clearInterval(timer);
      refunds.stop();
      await refunds.settled();
    },
    platform: platform(on, refunds),
    moved: (shop) => refunds.due(shop),
    back: async (shop, payment) => {
      const session = await makeSessions(on, shop.key).leader(payment);
      return session?.redirect_url ?? session?.cancel_url ?? null;
    },
  };
}
