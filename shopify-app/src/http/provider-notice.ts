// `POST /notice/:app/:shopKey/:channel`: a provider's notice, raw, into the core's inbox before it is answered.

import { peerOf, type Room } from '../parts.ts';
import { bodyOf, plain } from './refusals.ts';

/** Notices are at most 64 KiB; one byte more is read, so that the core can say so. */
const MOST_BYTES = 65_537;

export const providerNotice: Room = (hono, on) => {
  hono.post('/notice/:app/:shopKey/:channel', async (c) => {
    const { app, shopKey, channel } = c.req.param();
    const shop = await on.shops.byKey(app, shopKey);
    if (!shop?.efectivo) return plain(404);
    const body = await bodyOf(c.req.raw, MOST_BYTES);
    if (!body) return plain(413);
    const answer = await shop.efectivo.notice(channel, { headers: [...c.req.raw.headers], query: new URL(c.req.url).search.slice(1), peer: peerOf(c), body });
    return new Response(answer.body as Uint8Array<ArrayBuffer>, { status: answer.status, headers: { 'content-type': 'application/json' } });
  });
};
