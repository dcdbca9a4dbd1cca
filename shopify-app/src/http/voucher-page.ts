// The shopper's page under our own address, `/pago/:app/:shopKey/<token>…`, as the core renders it, and its pictures for blocks elsewhere.

import type { Context } from 'hono';
import type { HttpAnswer } from 'efectivo';
import { briefOf } from '../orders/marks.ts';
import { peerOf, type Parts, type Room } from '../parts.ts';
import type { Shop } from '../shops.ts';
import { crowd } from './crowd.ts';
import { plain } from './refusals.ts';

/** Pictures of one code within a minute. */
const PICTURES = 60;

export const voucherPage: Room = (hono, on) => {
  const crowded = crowd();
  hono.all('/pago/:app/:shopKey/*', async (c) => {
    const { app, shopKey } = c.req.param();
    const shop = await on.shops.byKey(app, shopKey);
    return shop ? page(on, shop, c, new URL(c.req.url).pathname.split('/').slice(4).join('/'), crowded) : plain(404);
  });
};

/** A shop's page at `path` (`<token>` or `<token>/<part>`), or a picture of it. */
export async function page(on: Parts, shop: Shop, c: Context, path: string, crowded: ReturnType<typeof crowd>): Promise<Response> {
  if (!shop.efectivo) return plain(404);
  const [token = '', part, beyond] = path.split('/');
  if (part === 'barcode.png' && beyond === undefined) return c.req.method === 'GET' && !crowded(`picture ${token}`, PICTURES) ? barcode(on, shop, token) : plain(405);
  const answer: HttpAnswer = await shop.efectivo.page(path, { method: c.req.method, peer: peerOf(c) });
  return new Response(c.req.method === 'HEAD' || answer.status === 304 ? null : (answer.body as Uint8Array<ArrayBuffer>), { status: answer.status, headers: answer.headers });
}

/** A Code 128 of the code as a PNG, for `s-image`; anybody who has the page's secret address may see it, from anywhere. */
async function barcode(on: Parts, shop: Shop, token: string): Promise<Response> {
  const order = /^[\w-]{16,80}$/.test(token) ? await shop.efectivo?.orderOfPage(token) : null;
  const brief = order ? await briefOf(on, shop, order) : null;
  if (!brief?.barcode) return plain(404, { 'access-control-allow-origin': '*' });
  const { ok, bytes } = on.core.call('barcode', { text: brief.barcode, format: 'png', scale: 3 }) as { ok: { content_type: string }; bytes: Uint8Array<ArrayBuffer> };
  return new Response(bytes, { headers: { 'content-type': ok.content_type, 'cache-control': 'private, max-age=300', 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin', 'x-robots-tag': 'noindex', 'x-content-type-options': 'nosniff' } });
}
