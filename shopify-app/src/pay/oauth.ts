// How a merchant installs the payments app: Shopify's authorization code grant (it is never embedded), then "ready" is told and the merchant goes on to Shopify's own payment settings.

import { EfectivoError } from 'efectivo';
import { SHOP_DOMAIN, type AppConfig } from '../config.ts';
import { plain } from '../http/refusals.ts';
import { errorFacts } from '../log.ts';
import type { Parts, Room } from '../parts.ts';
import { shopifyOf } from '../shopify/api.ts';
import type { Shop } from '../shops.ts';
import { CONFIGURE } from './documents.ts';
import { channelsOf } from './terms.ts';

export const oauth: Room = (hono, on) => {
  const appOf = (id: string): AppConfig | undefined => on.config.apps.find((app) => app.id === id && app.role === 'pay');

  hono.get('/auth/:app', async (c) => {
    const app = appOf(c.req.param('app'));
    const shop = c.req.query('shop') ?? '';
    if (!app || !SHOP_DOMAIN.test(shop)) return plain(app ? 400 : 404);
    return (await shopifyOf(app, on.config.public_url).auth.begin({ shop, callbackPath: `/auth/${app.id}/callback`, isOnline: false, rawRequest: c.req.raw })) as Response;
  });

  hono.get('/auth/:app/callback', async (c) => {
    const app = appOf(c.req.param('app'));
    if (!app) return plain(404);
    try {
      const { session } = await shopifyOf(app, on.config.public_url).auth.callback({ rawRequest: c.req.raw, expiring: true } as Parameters<ReturnType<typeof shopifyOf>['auth']['callback']>[0]);
      const shop = await on.shops.install(app.id, session.shop, (session.scope ?? '').split(',').filter(Boolean));
      await on.tokens.take(app, session.shop, session);
      await ready(on, shop);
      // App Store requirement 5.2.7.
      return Response.redirect(`https://${session.shop}/services/payments_partners/gateways/${app.client_id}/settings`, 302);
    } catch (error) {
      // The library's messages may quote the query; its name is enough.
      on.log('oauth_refused', { app: app.id, ...errorFacts(error) });
      on.health.note('', 'refusal', `${app.id} oauth`);
      return plain(error instanceof EfectivoError && error.retry === 'later' ? 503 : 400);
    }
  });
};

/** Shopify offers the method once the app says that it is ready; a shop is not without a channel that has keys. */
async function ready(on: Parts, shop: Shop): Promise<void> {
  const { credentials } = channelsOf(on.config, shop.app.id);
  const ready = shop.efectivo !== null && shop.settings.core.channels.some(({ id, enabled }) => enabled && credentials[id]);
  await shop.admin.ask(CONFIGURE, { handle: shop.key, ready });
  on.log('payments_ready', { shop: shop.key, ready });
}
