// The buyer's first page: what will be paid and until when, with a way back; only the button makes a code. Pressing back tells Shopify nothing, so that the buyer may come again.

import { EfectivoError, type Efectivo, type Person } from 'efectivo';
import type { Context } from 'hono';
import { crowd } from '../http/crowd.ts';
import { bodyOf, plain } from '../http/refusals.ts';
import { errorFacts } from '../log.ts';
import { peerOf, type Room } from '../parts.ts';
import type { Shop } from '../shops.ts';
import { lockOf, MOST_HOURS, pend, reject } from './port.ts';
import { makeSessions, sessionOfToken, type PaySession } from './sessions.ts';

/** Within a minute: looks at one page, addresses that don't exist from one peer. */
const LIMITS = { look: 60, miss: 30 };
const MOST_FORM_BYTES = 10_000;
/** How long the buyer waits for the code before the voucher's page goes on waiting. */
const CODE_MS = 6_000;
/** What a form may bring. */
const FIELDS = ['document_type', 'document', 'first_name', 'last_name', 'email', 'phone'] as const;
/** Why nothing can be paid here, in Shopify's words. */
const REASONS: Record<string, string> = { too_small: 'AMOUNT_TOO_SMALL', too_large: 'AMOUNT_TOO_LARGE', currency: 'INVALID_CURRENCY', account: 'MERCHANT_ACCOUNT_ERROR' };

type Page = { headers: Array<[string, string]>; wants: string[]; unfit?: string; refused?: string };

export const firstPage: Room = (hono, on) => {
  const crowded = crowd();
  hono.on(['GET', 'POST'], '/pay/:app/start/:token', async (c) => {
    const { app, token } = c.req.param();
    const found = /^[\w-]{20,80}$/.test(token) ? await sessionOfToken(on, app, token) : undefined;
    if (!found) return plain(crowded(`miss ${peerOf(c)}`, LIMITS.miss) ? 429 : 404);
    if (crowded(`look ${token}`, LIMITS.look)) return plain(429, { 'retry-after': '60' });
    const shop = await on.shops.byKey(app, found.shop_key);
    if (!shop?.efectivo) return plain(503, { 'retry-after': '60' });
    return c.req.method === 'POST' ? pressed(c, shop, shop.efectivo, found.session) : shown(c, shop, shop.efectivo, found.session);
  });

  async function shown(c: Context, shop: Shop, efectivo: Efectivo, session: PaySession): Promise<Response> {
    const at = session.payment && (await efectivo.status(session.payment));
    if (at) return Response.redirect(at.page_url, 303);
    return page(c, shop, session, await makeSessions(on, shop.key).person(session));
  }

  async function pressed(c: Context, shop: Shop, efectivo: Efectivo, session: PaySession): Promise<Response> {
    const sessions = makeSessions(on, shop.key);
    const person = { ...(await sessions.person(session)), ...(await form(c.req.raw)) };
    const { ok } = start(c, shop, session, person);
    if (ok.refused || ok.wants.length > 0) return page(c, shop, session, person);
    const joined = await sessions.join(session);
    const payment = joined.payment as string;
    try {
      const known = await efectivo.status(payment);
      const at = known ?? (await efectivo.place({ order: payment, number: joined.id.slice(0, 12), amount: joined.amount, person, mode: joined.test ? 'test' : 'live', wait_ms: CODE_MS }));
      if (known) await efectivo.orderChanged(payment); // another tab of the same checkout, perhaps of another amount
      await sessions.forget(payment);
      // A tab that joins a code which is there already; where Shopify is not to be had now, the effect of the code goes on trying.
      await on.locks.under(lockOf(shop, payment), () => pend(on, shop, sessions, joined)).catch((error) => on.log('pending_postponed', { shop: shop.key, ...errorFacts(error) }));
      return Response.redirect(at.page_url, 303);
    } catch (error) {
      if (!(error instanceof EfectivoError)) throw error;
      on.log('payment_not_begun', { shop: shop.key, ...errorFacts(error) });
      return page(c, shop, session, person);
    }
  }

  /** The page as the core draws it. Where nothing can be paid here at all it says so, and Shopify is told why. */
  async function page(c: Context, shop: Shop, session: PaySession, person: Person): Promise<Response> {
    const { ok, bytes } = start(c, shop, session, person);
    if (ok.refused) await turnedAway(shop, session, ok.refused);
    return new Response(bytes as Uint8Array<ArrayBuffer>, { headers: ok.headers });
  }

  function start(c: Context, shop: Shop, session: PaySession, person: Person): { ok: Page; bytes: Uint8Array } {
    const ask = { settings: shop.settings.core, amount: session.amount, mode: session.test ? 'test' : 'live', now: on.clock.now(), person, action: new URL(c.req.url).pathname, back_url: session.cancel_url, most_hours: MOST_HOURS };
    return on.core.call('start_page', ask) as { ok: Page; bytes: Uint8Array };
  }

  async function turnedAway(shop: Shop, session: PaySession, why: string): Promise<void> {
    const code = REASONS[why];
    if (!code || session.state !== 'new') return;
    const errors = await reject(on, shop, session, code, 'desk.session_not_possible').catch((error) => { on.log('rejection_failed', { shop: shop.key, ...errorFacts(error) }); return null; });
    if (errors?.length === 0) await makeSessions(on, shop.key).told(session, 'rejected');
  }

  async function form(request: Request): Promise<Person> {
    const bytes = await bodyOf(request, MOST_FORM_BYTES);
    const given = new URLSearchParams(bytes ? new TextDecoder().decode(bytes) : '');
    return Object.fromEntries(FIELDS.map((name) => [name, (given.get(name) ?? '').trim().slice(0, 100)]).filter(([, value]) => value !== '')) as Person;
  }
};
