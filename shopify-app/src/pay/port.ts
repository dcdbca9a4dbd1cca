// The Shop port of role PAY: a payment is the order, Shopify's session of it is told what became of the money; each call may be repeated, Shopify knows it by the session's id.

import type { Effect, OrderRead, Outcome, Precondition, Shop as Port } from 'efectivo';
import type { Parts } from '../parts.ts';
import type { Shop } from '../shops.ts';
import { PENDING, REJECT, RESOLVE } from './documents.ts';
import { makeSessions, type PaySession, type Sessions } from './sessions.ts';

/** Shopify's text recommends three days for a payment that waits; the exact limit is not published (facts of 2026-11-23). */
export const MOST_HOURS = 72;
/** Shopify wants a call that failed to be made again, up to 18 times within 24 hours (facts of 2026-11-23; the exact steps are not published). */
export const BACK_OFF_MS = [5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_200_000, 2_400_000, 4_800_000, 7_200_000, 7_200_000, 9_600_000, 9_600_000, 12_000_000, 12_000_000, 14_400_000];

type Done = { outcome: Outcome; read: OrderRead | null };
type UserErrors = Array<{ message: string; code?: string }>;

export const lockOf = (shop: Shop, payment: string) => `pay ${shop.key} ${payment}`;

export function payPort(on: Parts, shop: Shop): Port {
  const sessions = makeSessions(on, shop.key);

  async function apply(payment: string, effect: Effect, when: Precondition): Promise<Done> {
    return on.locks.under(lockOf(shop, payment), async () => {
      const session = await sessions.leader(payment);
      if (!session) return refused('no such payment', null);
      if ((await on.shops.byKey(shop.app.id, shop.key))?.state !== 'installed') return refused('the app was taken off the shop', read(session));
      if (effect === 'cancel') return cancel(session, when);
      if ('mark_paid' in effect) return resolve(session, when);
      const told = 'show_code' in effect ? await pend(on, shop, sessions, session) : true;
      return { outcome: told ? 'done' : 'dead', read: read(await sessions.leader(payment)) };
    });
  }

  async function resolve(session: PaySession, when: Precondition): Promise<Done> {
    if (session.state === 'resolved') return { outcome: { already_so: { ours: true } }, read: read(session) };
    if (!allowed(session, when)) return refused(`the payment session is ${session.state}`, read(session));
    const { paymentSessionResolve: made } = await shop.admin.ask<{ paymentSessionResolve: { userErrors: UserErrors } }>(RESOLVE, { id: session.gid });
    if (made.userErrors.length > 0) return refused('Shopify did not resolve the payment session', read(session));
    return end(session, 'resolved');
  }

  /** The money will not come. What Shopify let expire by itself has ended the same way. */
  async function cancel(session: PaySession, when: Precondition): Promise<Done> {
    if (session.state === 'rejected') return { outcome: { already_so: { ours: true } }, read: read(session) };
    if (!allowed(session, when)) return refused(`the payment session is ${session.state}`, read(session));
    const made = await reject(on, shop, session, 'CANCELLED_PAYMENT', 'desk.session_not_paid');
    const over = session.pending_until !== null && Date.parse(session.pending_until) <= on.clock.now();
    if (made.length > 0 && !over) return refused('Shopify did not take the rejection', read(session));
    return end(session, 'rejected');
  }

  async function end(session: PaySession, state: 'resolved' | 'rejected'): Promise<Done> {
    await sessions.told(session, state);
    return { outcome: 'done', read: read(await sessions.byId(session.id)) };
  }

  const allowed = (session: PaySession, when: Precondition) => (on.core.call('allows', { when, read: read(session) }).ok as { allowed: boolean }).allowed;
  return { read: async (payment) => read(await sessions.leader(payment)), apply, back_off_ms: BACK_OFF_MS };
}

/** Tells Shopify that the payment waits for the shopper, for as long as the core reckons; where that is too far, until the code itself ends. `false` where Shopify will not wait at all. */
export async function pend(on: Parts, shop: Shop, sessions: Sessions, session: PaySession): Promise<boolean> {
  const at = session.payment && (await shop.efectivo?.status(session.payment));
  if (!at || !shop.efectivo || (await sessions.leader(session.payment ?? ''))?.id !== session.id) return true;
  const { case: kase } = await shop.efectivo.case(at.case);
  const told = session.pending_until === null ? null : Date.parse(session.pending_until);
  const { until, outlives } = on.core.call('window', { settings: shop.settings.core, most_hours: MOST_HOURS, now: on.clock.now(), case: kase, told }).ok as { until?: string; outlives: boolean };
  // Shopify takes no second date: a code that lives on beyond the first would be paid for nothing.
  if (session.state === 'pending') return !outlives;
  if (session.state !== 'new' || !until) return true;
  const ask = async (date: string) => (await shop.admin.ask<{ paymentSessionPending: { paymentSession: { nextAction: { context: { redirectUrl?: string } } | null } | null; userErrors: UserErrors } }>(PENDING, { id: session.gid, until: date, reason: 'BUYER_ACTION_REQUIRED' })).paymentSessionPending;
  let pending_until = until;
  let made = await ask(until);
  if (at.expires_at && made.userErrors.some(({ code }) => code === 'OUT_OF_RANGE_PENDING_EXPIRES_AT')) made = await ask((pending_until = new Date(at.expires_at).toISOString()));
  const [error] = made.userErrors;
  if (error) {
    on.log('pending_refused', { shop: shop.key, code: error.code });
    on.health.note(shop.key, 'shopify', `pending ${error.code ?? ''}`);
    return false;
  }
  await sessions.told(session, 'pending', { pending_until, redirect_url: made.paymentSession?.nextAction?.context.redirectUrl ?? null });
  return true;
}

/** Ends a session for a reason of Shopify's list; the merchant reads the core's words. What Shopify had to say. */
export async function reject(on: Parts, shop: Shop, session: PaySession, code: string, words: string): Promise<UserErrors> {
  const merchantMessage = (on.core.call('words', { locale: 'es', prefix: words }).ok as Record<string, string>)[words];
  return (await shop.admin.ask<{ paymentSessionReject: { userErrors: UserErrors } }>(REJECT, { id: session.gid, reason: { code, merchantMessage } })).paymentSessionReject.userErrors;
}

/** A session as the core reads an order. */
function read(session: PaySession | undefined): OrderRead | null {
  if (!session) return null;
  const status = ({ new: 'open', pending: 'open', resolved: 'paid', rejected: 'cancelled' } as const)[session.state];
  return { status, total: session.amount, outstanding: status === 'open' ? session.amount : { ...session.amount, minor: 0 } };
}

function refused(why: string, read: OrderRead | null): Done {
  return { outcome: { refused: { why } }, read };
}
