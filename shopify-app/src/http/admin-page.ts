// `/admin/:app`: the embedded page and what it loads. The page itself knows nothing; all it shows comes by `/admin-api/:app/…` with an id token.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Context } from 'hono';
import { DESK, FOLDER } from '../built.ts';
import { SHOP_DOMAIN, type AppConfig } from '../config.ts';
import type { Room } from '../parts.ts';
import { plain } from './refusals.ts';

/** Shopify's own scripts, as App Store requirement 2.2.3 wants them: the first ones, and the latest. */
const CDN = 'https://cdn.shopify.com';
const BRIDGE = `${CDN}/shopifycloud/app-bridge.js`;
const POLARIS = `${CDN}/shopifycloud/polaris.js`;

/** What the page loads from here, by its name in the address. */
const FILES: Record<string, { file: URL; type: string }> = {
  'desk.js': { file: pathToFileURL(join(FOLDER, DESK)), type: 'text/javascript; charset=utf-8' },
  'efectivo.wasm': { file: new URL(import.meta.resolve('efectivo/wasm')), type: 'application/wasm' },
};

export const adminPage: Room = (hono, on) => {
  const appOf = (c: Context): AppConfig | undefined => on.config.apps.find(({ id, role }) => id === c.req.param('app') && role === 'shop');

  hono.get('/admin/:app', (c) => {
    const app = appOf(c);
    return app ? page(c, app) : plain(404);
  });

  hono.get('/admin/:app/files/:name', (c) => {
    const held = FILES[c.req.param('name')];
    if (!appOf(c) || !held) return plain(404);
    if (!existsSync(held.file)) {
      on.log('page_not_built', { file: c.req.param('name') }); // `check` says what to do
      return plain(404);
    }
    const bytes = readFileSync(held.file);
    const tag = `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`;
    if (c.req.header('if-none-match') === tag) return new Response(null, { status: 304, headers: { etag: tag } });
    return new Response(bytes, { headers: { 'content-type': held.type, etag: tag, 'cache-control': 'private, max-age=0, must-revalidate', 'x-content-type-options': 'nosniff' } });
  });

  /** Only the shop's own admin may frame it; a shop that is no shop gets no frame at all. */
  function page(c: Context, app: AppConfig): Response {
    const shop = c.req.query('shop') ?? '';
    const frames = SHOP_DOMAIN.test(shop) ? `https://${shop} https://admin.shopify.com` : "'none'";
    const policy = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval' ${CDN}; style-src 'self' 'unsafe-inline' ${CDN}; connect-src 'self' ${CDN}; img-src 'self' data: ${CDN}; font-src ${CDN}; base-uri 'none'; form-action 'none'; frame-ancestors ${frames}`;
    const html = `<!doctype html><html lang="es"><head><meta charset="utf-8"><meta name="shopify-api-key" content="${escape(app.client_id)}"><script src="${BRIDGE}"></script><script src="${POLARIS}"></script>`
      + `<meta name="viewport" content="width=device-width,initial-scale=1"><title>Efectivo</title></head><body><div id="desk" data-app="${escape(app.id)}"></div><script type="module" src="/admin/${escape(app.id)}/files/desk.js"></script></body></html>`;
    return new Response(html, { headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy, 'referrer-policy': 'no-referrer', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } });
  }
};

const escape = (text: string): string => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
