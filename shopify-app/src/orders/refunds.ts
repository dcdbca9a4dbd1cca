// Money on its way back, from both sides: what the app refunds is written down at Shopify once the provider has promised it; what Shopify refunds is asked of the provider.

import type { Efectivo } from 'efectivo';
import { one, type Row } from '../db/index.ts';
import { errorFacts } from '../log.ts';
import type { Parts } from '../parts.ts';
import { RECORD_REFUND } from '../shopify/documents.ts';
import type { Shop } from '../shops.ts';
import { makeBook, type Problem } from './book.ts';
import { lockOf, readOrder } from './port.ts';
import { moneyOf, type OrderFacts, type Transaction } from './reading.ts';

export interface Refunds {
  /** The order's case moved: what the provider promised is written down at Shopify soon. */
  due(shop: Shop, orderId: string): void;
  /** Writes down what the provider promised, and asks the provider for what Shopify refunded; both once. */
  settle(shop: Shop, order: OrderFacts): Promise<void>;
  settled(): Promise<void>;
}

type View = { key: string; attempt: number; amount: { minor: number; currency: string }; amount_plain: string; amount_text: string; on_its_way: boolean; failed: boolean };
type Case = { id: string; refunds: Array<{ key: string }>; attempts: Array<{ no: number; payments: unknown[] }> };

export function makeRefunds(on: Parts): Refunds {
  const { db, core, clock } = on;
  const working = new Set<Promise<void>>();

  async function settle(shop: Shop, order: OrderFacts): Promise<void> {
    const efectivo = shop.efectivo;
    const at = efectivo && (await efectivo.status(order.legacyResourceId));
    if (!efectivo || !at) return;
    await on.locks.under(lockOf(shop, order.legacyResourceId), () => fromShopify(shop, efectivo, order, at.case));
    await on.locks.under(lockOf(shop, order.legacyResourceId), () => toShopify(shop, efectivo, order.legacyResourceId, at.case));
  }

  /** Refunds of our sale that somebody made in Shopify's admin: each is asked of the provider once, under its own key. */
  async function fromShopify(shop: Shop, efectivo: Efectivo, order: OrderFacts, caseId: string): Promise<void> {
    const paid = (await makeBook(db, shop.key, clock).effects(order.legacyResourceId)).filter(({ kind }) => kind === 'mark_paid');
    const ours = (parent: { id: string } | null) => parent !== null && paid.some(({ sale }) => sale === null || sale === parent.id);
    for (const refund of order.refunds) {
      const parts = refund.transactions.nodes.filter((one) => one.kind === 'REFUND' && one.status !== 'FAILURE' && one.status !== 'ERROR' && ours(one.parentTransaction));
      for (const part of parts) await ask(shop, efectivo, order.legacyResourceId, caseId, refund, part);
    }
  }

  async function ask(shop: Shop, efectivo: Efectivo, orderId: string, caseId: string, refund: OrderFacts['refunds'][number], part: Transaction): Promise<void> {
    const amount = moneyOf(core, part.amountSet);
    const key = `shopify ${part.id}`;
    const find = () => one(db, 'SELECT begun_with, recorded_at FROM app_refunds WHERE shop_key = ?1 AND key = ?2', [shop.key, key]);
    const known = await find();
    if (!amount || known?.recorded_at || (await recorded(shop, orderId, refund))) return;
    const { case: before, view } = (await efectivo.case(caseId)) as { case: Case; view: { decisions: Array<{ decision: { refund?: { attempt: number } } }> } };
    if (!known) {
      await db.run(`INSERT INTO app_refunds (shop_key, key, order_id, case_id, origin, shopify_id, amount, begun_at, begun_with) VALUES (?1, ?2, ?3, ?4, 'shopify', ?5, ?6, ?7, ?8)`,
        [shop.key, key, orderId, caseId, refund.id, JSON.stringify(amount), clock.now(), before.refunds.length]);
    }
    // A crash between asking and writing it down shows in the case: it has a refund more than when this one began.
    const begun = Number(known?.begun_with ?? before.refunds.length);
    if (before.refunds.length <= begun) {
      const attempt = view.decisions.map(({ decision }) => decision.refund?.attempt).find((no) => no !== undefined) ?? before.attempts.find(({ payments }) => payments.length > 0)?.no ?? 0;
      await efectivo.merchant(caseId, { refund: { attempt, amount } }).catch((error) => on.log('refund_not_possible', { shop: shop.key, order: orderId, ...errorFacts(error) }));
    }
    const made = ((await efectivo.case(caseId)) as { case: Case }).case.refunds[begun];
    const problem: Problem | null = made ? null : { code: 'problem.refund_by_hand', values: { amount: textOf(amount) } };
    if (problem) await makeBook(db, shop.key, clock).problemToo(orderId, problem);
    await db.run('UPDATE app_refunds SET recorded_at = ?3, core_key = ?4, problem = ?5 WHERE shop_key = ?1 AND key = ?2', [shop.key, key, clock.now(), made?.key ?? null, problem?.code ?? null]);
  }

  /** Whether a refund at Shopify is the record of one that we made ourselves. */
  async function recorded(shop: Shop, orderId: string, refund: { id: string; note: string | null }): Promise<boolean> {
    const rows = await db.all("SELECT key, shopify_id FROM app_refunds WHERE shop_key = ?1 AND order_id = ?2 AND origin = 'app'", [shop.key, orderId]);
    return rows.some((row) => row.shopify_id === refund.id || (refund.note ?? '').split(/\s/).includes(row.key));
  }

  /** Refunds that the provider has promised: each is written down at Shopify once, with the sale's own gateway. */
  async function toShopify(shop: Shop, efectivo: Efectivo, orderId: string, caseId: string): Promise<void> {
    const { view } = (await efectivo.case(caseId)) as { view: { refunds: View[] } };
    const rows = await db.all("SELECT core_key FROM app_refunds WHERE shop_key = ?1 AND order_id = ?2 AND origin = 'shopify'", [shop.key, orderId]);
    const there = new Set(rows.map(({ core_key }) => core_key as string | null)); // begun at Shopify: they stand there already
    for (const refund of view.refunds) if (refund.on_its_way && !there.has(refund.key)) await record(shop, orderId, caseId, refund);
  }

  async function record(shop: Shop, orderId: string, caseId: string, refund: View): Promise<void> {
    const row: Row | undefined = await one(db, 'SELECT recorded_at FROM app_refunds WHERE shop_key = ?1 AND key = ?2', [shop.key, refund.key]);
    if (row?.recorded_at) return;
    if (!row) await db.run("INSERT INTO app_refunds (shop_key, key, order_id, case_id, origin, amount, begun_at) VALUES (?1, ?2, ?3, ?4, 'app', ?5, ?6)", [shop.key, refund.key, orderId, caseId, JSON.stringify(refund.amount), clock.now()]);
    const book = makeBook(db, shop.key, clock);
    const order = await readOrder(shop, orderId);
    const sale = order && saleOf(order, await book.effects(orderId));
    if (!order || !sale) return unrecorded(shop, orderId, refund, 'no sale');
    const input = { orderId: order.id, note: noteOf(refund.key), notify: false, transactions: [{ orderId: order.id, parentId: sale.id, kind: 'REFUND', gateway: sale.gateway ?? '', amount: refund.amount_plain }] };
    const { refundCreate: made } = await shop.admin.ask<{ refundCreate: { refund: { id: string } | null; userErrors: unknown[] } }>(RECORD_REFUND, { input, key: refund.key });
    if (!made.refund) return unrecorded(shop, orderId, refund, 'refused');
    await db.run('UPDATE app_refunds SET recorded_at = ?3, shopify_id = ?4 WHERE shop_key = ?1 AND key = ?2', [shop.key, refund.key, clock.now(), made.refund.id]);
  }

  async function unrecorded(shop: Shop, orderId: string, refund: View, why: string): Promise<void> {
    const problem: Problem = { code: 'problem.refund_not_recorded', values: { amount: refund.amount_text } };
    await makeBook(db, shop.key, clock).problemToo(orderId, problem);
    await db.run('UPDATE app_refunds SET recorded_at = ?3, problem = ?4 WHERE shop_key = ?1 AND key = ?2', [shop.key, refund.key, clock.now(), problem.code]);
    on.log('refund_not_recorded', { shop: shop.key, order: orderId, why });
  }

  /** The note carries the refund's key, by which its echo is known even where its id was lost. */
  function noteOf(key: string): string {
    const words = core.call('words', { locale: 'es', prefix: 'shop.refund_note' }).ok as Record<string, string>;
    return (words['shop.refund_note'] ?? '{key}').replace('{key}', key);
  }

  function textOf(amount: unknown): string {
    return (core.call('money', { money: amount }).ok as { text: string }).text;
  }

  return {
    settle,
    due(shop, orderId) {
      const work = later(shop, orderId).catch((error) => on.log('refund_left_to_sweep', { shop: shop.key, order: orderId, ...errorFacts(error) })).finally(() => { working.delete(work); });
      working.add(work);
    },
    async settled() { while (working.size > 0) await Promise.allSettled([...working]); },
  };

  async function later(shop: Shop, orderId: string): Promise<void> {
    const efectivo = shop.efectivo;
    const at = efectivo && (await efectivo.status(orderId));
    const { view } = (efectivo && at ? await efectivo.case(at.case) : { view: { refunds: [] } }) as { view: { refunds: View[] } };
    if (!efectivo || !at || !view.refunds.some(({ on_its_way }) => on_its_way)) return;
    await on.locks.under(lockOf(shop, orderId), () => toShopify(shop, efectivo, orderId, at.case));
  }
}

/** The sale that our "paid" made, else the newest manual one. */
function saleOf(order: OrderFacts, effects: Array<{ sale: string | null }>): Transaction | undefined {
  const ours = new Set(effects.map(({ sale }) => sale));
  const sales = order.transactions.filter((one) => one.kind === 'SALE' && one.status === 'SUCCESS');
  return sales.find(({ id }) => ours.has(id)) ?? sales.filter(({ manualPaymentGateway }) => manualPaymentGateway).at(-1);
}
