// The same page under the shop's own domain: Shopify's app proxy passes `https://<shop>/apps/<subpath>/…` on to `/proxy/:app/…`, signed.

import type { Room } from '../parts.ts';
import { crowd } from './crowd.ts';
import { plain } from './refusals.ts';
import { page } from './voucher-page.ts';

export const appProxy: Room = (hono, on) => {
  const crowded = crowd();
  hono.all('/proxy/:app/*', async (c) => {
    const app = on.config.apps.find(({ id, role }) => id === c.req.param('app') && role === 'shop');
    if (!app) return plain(404);
    const { pathname, searchParams } = new URL(c.req.url);
    const domain = await on.proofs.appProxy(app, searchParams);
    if (!domain) {
      on.health.note('', 'refusal', `proxy ${app.id} bad_signature`);
      return plain(401);
    }
    const shop = await on.shops.of(app.id, domain);
    return shop ? page(on, shop, c, pathname.split('/').slice(3).join('/'), crowded) : plain(404);
  });
};
