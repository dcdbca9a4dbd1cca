// Refund sessions to their end: each is asked of the provider once, and Shopify is told how it ended as often as it wants to be; then a person is asked. A session never stays open because nobody looked.

import { EfectivoError, type Efectivo } from 'efectivo';
import { errorFacts } from '../log.ts';
import type { Parts } from '../parts.ts';
import type { Shop } from '../shops.ts';
import { BACK_OFF_MS } from './port.ts';
import { REFUND_REJECT, REFUND_RESOLVE } from './documents.ts';
import { makeSessions, type PayRefund, type Sessions } from './sessions.ts';

export interface RefundSessions {
  /** Something moved in this shop: its open refunds are looked at soon. */
  due(shop: Shop): void;
  /** Looks at every open refund of a shop. */
  settle(shop: Shop): Promise<void>;
  settled(): Promise<void>;
  /** Nothing is told later by itself any more. */
  stop(): void;
}

type UserErrors = Array<{ message: string; code?: string }>;
type Case = { refunds: Array<{ key: string }>; attempts: Array<{ no: number; payments: unknown[] }> };
type View = { refunds: Array<{ key: string; on_its_way: boolean; failed: boolean }>; decisions: Array<{ decision: { refund?: { attempt: number } } }> };

/** What the core says where no money goes back, now or later: the provider or the payment gives none, or less than was asked for. */
const FINAL = new Set(['not_possible', 'too_much_back']);

export function makeRefundSessions(on: Parts): RefundSessions {
  const working = new Set<Promise<void>>();
  const timers = new Map<string, NodeJS.Timeout>();
  let stopped = false;

  async function settle(shop: Shop): Promise<void> {
    const efectivo = shop.efectivo;
    if (!efectivo) return;
    await on.locks.under(`pay refunds ${shop.key}`, async () => {
      const sessions = makeSessions(on, shop.key);
      for (const refund of await sessions.openRefunds()) {
        await one(shop, efectivo, sessions, refund).catch((error) => on.log('refund_session_waits', { shop: shop.key, ...errorFacts(error) }));
      }
      wake(shop, (await sessions.openRefunds()).filter(({ tries }) => tries > 0).map(({ next_at }) => next_at));
    });
  }

  /** What Shopify did not hear is told again at its time, not when the shop is looked at next. */
  function wake(shop: Shop, times: number[]): void {
    clearTimeout(timers.get(shop.key));
    timers.delete(shop.key);
    if (times.length > 0 && !stopped) timers.set(shop.key, setTimeout(() => due(shop), Math.max(Math.min(...times) - on.clock.now(), 0)).unref());
  }

  async function one(shop: Shop, efectivo: Efectivo, sessions: Sessions, refund: PayRefund): Promise<void> {
    if (refund.went_back !== null) return tell(shop, sessions, refund, refund.went_back);
    const payment = (await sessions.byId(refund.payment_id))?.payment;
    const at = payment && (await efectivo.status(payment));
    if (!at) return tell(shop, sessions, refund, false);
    const before = (await efectivo.case(at.case)) as { case: Case; view: View };
    const begun = refund.begun_with ?? before.case.refunds.length;
    if (refund.begun_with === null) await sessions.refund(refund.id, { begun_with: begun, state: 'asked' });
    // A crash between asking and writing it down shows in the case: it has a refund more than when this one began.
    if (before.case.refunds.length <= begun) {
      const attempt = before.view.decisions.map(({ decision }) => decision.refund?.attempt).find((no) => no !== undefined) ?? before.case.attempts.find(({ payments }) => payments.length > 0)?.no ?? 0;
      await efectivo.merchant(at.case, { refund: { attempt, amount: refund.amount } }).catch((error) => {
        if (!(error instanceof EfectivoError && FINAL.has(error.code))) throw error; // only a final no ends the session
        on.log('refund_not_possible', { shop: shop.key, ...errorFacts(error) });
      });
    }
    const { case: kase, view } = (await efectivo.case(at.case)) as { case: Case; view: View };
    const key = refund.core_key ?? kase.refunds[begun]?.key;
    if (!key) return tell(shop, sessions, refund, false); // the provider gives no money back by call
    if (!refund.core_key) await sessions.refund(refund.id, { core_key: key });
    const stands = view.refunds.find((one) => one.key === key);
    if (stands?.on_its_way) return tell(shop, sessions, refund, true);
    if (stands?.failed) return tell(shop, sessions, refund, false);
  }

  /** Says how a refund ended. A try counts before it leaves, so that no crash makes more of them; after the last a person is asked. */
  async function tell(shop: Shop, sessions: Sessions, refund: PayRefund, went_back: boolean): Promise<void> {
    const now = on.clock.now();
    if (refund.next_at > now) return;
    const pause = BACK_OFF_MS[refund.tries];
    if (refund.tries > BACK_OFF_MS.length) return unheard(shop, sessions, refund, went_back); // the process ended in the midst of the last one
    await sessions.refund(refund.id, { went_back, tries: refund.tries + 1, next_at: now + (pause ?? 0) });
    const errors = await said(shop, refund, went_back).catch(async (error) => {
      if (pause === undefined) await unheard(shop, sessions, refund, went_back);
      throw error;
    });
    const [error] = errors;
    // A session that Shopify does not resolve was rejected there, or it knows none (Payments Apps API 2026-07, RefundSessionResolveUserErrorCode): no refund stands in the shop.
    await sessions.refund(refund.id, { state: went_back && !error ? 'resolved' : 'rejected', question: error ? 'not_booked' : null });
    if (!error) return;
    on.log('refund_session_refused', { shop: shop.key, session: refund.id, code: error.code, money_went_back: went_back });
    on.health.note(shop.key, 'shopify', `refund session ${error.code ?? ''}`);
  }

  async function said(shop: Shop, { gid: id }: PayRefund, went_back: boolean): Promise<UserErrors> {
    if (went_back) return (await shop.admin.ask<{ refundSessionResolve: { userErrors: UserErrors } }>(REFUND_RESOLVE, { id })).refundSessionResolve.userErrors;
    const merchantMessage = (on.core.call('words', { locale: 'es', prefix: 'desk.session_refund_by_hand' }).ok as Record<string, string>)['desk.session_refund_by_hand'];
    return (await shop.admin.ask<{ refundSessionReject: { userErrors: UserErrors } }>(REFUND_REJECT, { id, reason: { code: 'PROCESSING_ERROR', merchantMessage } })).refundSessionReject.userErrors;
  }

  async function unheard(shop: Shop, sessions: Sessions, refund: PayRefund, went_back: boolean): Promise<void> {
    await sessions.refund(refund.id, { question: 'unheard' });
    on.log('refund_session_unheard', { shop: shop.key, session: refund.id, money_went_back: went_back });
  }

  function due(shop: Shop): void {
    const work = settle(shop).catch((error) => on.log('refund_sessions_wait', { shop: shop.key, ...errorFacts(error) })).finally(() => { working.delete(work); });
    working.add(work);
  }

  return {
    settle,
    due,
    async settled() { while (working.size > 0) await Promise.allSettled([...working]); },
    stop() {
      stopped = true;
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
