// Refund sessions to their end: each is asked of the provider once, and Shopify hears how it ended; a session never stays open because nobody looked.

import { EfectivoError, type Efectivo } from 'efectivo';
import { errorFacts } from '../log.ts';
import type { Parts } from '../parts.ts';
import type { Shop } from '../shops.ts';
import { REFUND_REJECT, REFUND_RESOLVE } from './documents.ts';
import { makeSessions, type PayRefund, type Sessions } from './sessions.ts';

export interface RefundSessions {
  /** Something moved in this shop: its open refunds are looked at soon. */
  due(shop: Shop): void;
  /** Looks at every open refund of a shop. */
  settle(shop: Shop): Promise<void>;
  settled(): Promise<void>;
}

type UserErrors = Array<{ message: string; code?: string }>;
type Case = { refunds: Array<{ key: string }>; attempts: Array<{ no: number; payments: unknown[] }> };
type View = { refunds: Array<{ key: string; on_its_way: boolean; failed: boolean }>; decisions: Array<{ decision: { refund?: { attempt: number } } }> };

/** What the core says where no money goes back, now or later: the provider or the payment gives none, or less than was asked for. */
const FINAL = new Set(['not_possible', 'too_much_back']);

export function makeRefundSessions(on: Parts): RefundSessions {
  const working = new Set<Promise<void>>();

  async function settle(shop: Shop): Promise<void> {
    const efectivo = shop.efectivo;
    if (!efectivo) return;
    await on.locks.under(`pay refunds ${shop.key}`, async () => {
      const sessions = makeSessions(on, shop.key);
      for (const refund of await sessions.openRefunds()) {
        await one(shop, efectivo, sessions, refund).catch((error) => on.log('refund_session_waits', { shop: shop.key, ...errorFacts(error) }));
      }
    });
  }

  async function one(shop: Shop, efectivo: Efectivo, sessions: Sessions, refund: PayRefund): Promise<void> {
    const payment = (await sessions.byId(refund.payment_id))?.payment;
    const at = payment && (await efectivo.status(payment));
    if (!at) return end(shop, sessions, refund, false);
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
    if (!key) return end(shop, sessions, refund, false); // the provider gives no money back by call
    if (!refund.core_key) await sessions.refund(refund.id, { core_key: key });
    const stands = view.refunds.find((one) => one.key === key);
    if (stands?.on_its_way) return end(shop, sessions, refund, true);
    if (stands?.failed) return end(shop, sessions, refund, false);
  }

  async function end(shop: Shop, sessions: Sessions, refund: PayRefund, done: boolean): Promise<void> {
    const merchantMessage = (on.core.call('words', { locale: 'es', prefix: 'desk.session_refund_by_hand' }).ok as Record<string, string>)['desk.session_refund_by_hand'];
    const made = done
      ? (await shop.admin.ask<{ refundSessionResolve: { userErrors: UserErrors } }>(REFUND_RESOLVE, { id: refund.gid })).refundSessionResolve
      : (await shop.admin.ask<{ refundSessionReject: { userErrors: UserErrors } }>(REFUND_REJECT, { id: refund.gid, reason: { code: 'PROCESSING_ERROR', merchantMessage } })).refundSessionReject;
    const [error] = made.userErrors;
    if (error) {
      on.log('refund_session_refused', { shop: shop.key, session: refund.id, code: error.code, money_went_back: done });
      on.health.note(shop.key, 'shopify', `refund session ${error.code ?? ''}`);
    }
    // A session that Shopify does not resolve was rejected there, or it knows none (Payments Apps API 2026-07, RefundSessionResolveUserErrorCode): no refund stands in the shop.
    await sessions.refund(refund.id, { state: done && !error ? 'resolved' : 'rejected' });
  }

  return {
    settle,
    due(shop) {
      const work = settle(shop).catch((error) => on.log('refund_sessions_wait', { shop: shop.key, ...errorFacts(error) })).finally(() => { working.delete(work); });
      working.add(work);
    },
    async settled() { while (working.size > 0) await Promise.allSettled([...working]); },
  };
}
