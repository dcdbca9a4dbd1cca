// The Shop port: an order as it stands, and each effect under the order's lock, written down before and after, so that a crash between never pays or cancels twice.

import { EfectivoError, type Core, type Efectivo, type Effect, type Money, type OrderRead, type Outcome, type Precondition, type Shop as Port } from 'efectivo';
import type { Parts } from '../parts.ts';
import type { Shop } from '../shops.ts';
import { ShopifyError } from '../shopify/errors.ts';
import { CANCEL, JOB, MARK_PAID, ORDER_READ } from '../shopify/documents.ts';
import { makeBook, type Effect as Begun } from './book.ts';
import { writeMarks } from './marks.ts';
import { gid, isPaid, moneyOf, readOf, type OrderFacts, type Transaction } from './reading.ts';

/** How long one waits for Shopify's cancelling job before the effect is tried again later. */
const JOB_LOOKS = 12;
const JOB_LOOK_MS = 700;
/** A cancel that was sent and of which nothing is known is not sent again before this: its job may still be running. */
const CANCEL_AGAIN_MS = 180_000;

type Done = { outcome: Outcome; read: OrderRead | null };
type About = { key: string };

export const lockOf = (shop: Shop, orderId: string) => `order ${shop.key} ${orderId}`;

/** An order by the core's key; `null` where this shop has none. @throws ShopifyError */
export async function readOrder(shop: Shop, orderId: string): Promise<OrderFacts | null> {
  return (await shop.admin.ask<{ order: OrderFacts | null }>(ORDER_READ, { id: gid(orderId) })).order;
}

export function shopPort(on: Parts, shop: Shop): Port {
  const { core, locks } = on;
  const book = makeBook(on.db, shop.key, on.clock);
  const readOrNone = (order: OrderFacts | null) => order && readOf(core, order);

  async function apply(orderId: string, effect: Effect, when: Precondition, about: About): Promise<Done> {
    return locks.under(lockOf(shop, orderId), async () => {
      const begun = await book.effect(about.key);
      if ((await on.shops.byKey(shop.app.id, shop.key))?.state !== 'installed') return refused('the app was taken off the shop', null);
      const order = await readOrder(shop, orderId);
      if (begun?.done_at) return { outcome: { already_so: { ours: true } }, read: readOrNone(order) };
      if (!order) return refused('no such order', null);
      if (effect === 'cancel') return cancel(order, when, about, begun);
      if ('mark_paid' in effect) return markPaid(order, effect.mark_paid.amount, when, about, begun);
      return mark(order, orderId);
    });
  }

  /** A code to show, or a note: both are the order's metafield and tags, which say what is true of the case now. */
  async function mark(order: OrderFacts, orderId: string): Promise<Done> {
    await writeMarks(on, shop, order, orderId);
    return { outcome: 'done', read: readOrNone(order) };
  }

  async function markPaid(order: OrderFacts, amount: Money, when: Precondition, about: About, begun: Begun | undefined): Promise<Done> {
    const read = readOf(core, order);
    const before = begun?.before ?? order.transactions.map(({ id }) => id);
    const found = begun && newSale(order, before, amount);
    if (found) return ours(about, found, read); // sent before a crash, its answer lost
    if (isPaid(order)) return { outcome: { already_so: { ours: false } }, read };
    const why = await unfit(order, read, when);
    if (why) return refused(why, read);
    await book.begin({ key: about.key, order_id: order.legacyResourceId, kind: 'mark_paid', before });
    const { orderMarkAsPaid: made } = await acted<{ orderMarkAsPaid: { order: OrderFacts | null; userErrors: unknown[] } }>(about, begun, MARK_PAID, { id: order.id });
    const taken = made.userErrors.length === 0;
    const after = taken && made.order ? made.order : await readOrder(shop, order.legacyResourceId);
    const now = readOrNone(after);
    if (!after || !isPaid(after)) return refused('Shopify did not mark it as paid', now);
    const sale = newSale(after, before, amount);
    if (taken) {
      await book.done(about.key, 'done', sale?.id);
      return { outcome: 'done', read: now };
    }
    return begun && sale ? ours(about, sale, now) : { outcome: { already_so: { ours: false } }, read: now };
  }

  /** Sends a mutation that was written down as begun. What surely never left was not begun: what somebody else does to the order meanwhile must not pass for ours. */
  async function acted<T>(about: About, begun: Begun | undefined, document: string, variables: Record<string, unknown>): Promise<T> {
    try {
      return await shop.admin.act<T>(document, variables);
    } catch (error) {
      const stayed = error instanceof ShopifyError ? !error.left : error instanceof EfectivoError; // the latter for want of a token
      if (stayed && !begun) await book.unbegin(about.key);
      throw error;
    }
  }

  async function ours(about: About, sale: Transaction, read: OrderRead | null): Promise<Done> {
    await book.done(about.key, 'found', sale.id);
    return { outcome: { already_so: { ours: true } }, read };
  }

  /** The sale that an order has now and had not when our effect began: by a manual method, successful, of this very amount. */
  function newSale(order: OrderFacts, before: string[], amount: Money): Transaction | undefined {
    const same = (money: Money | null) => money?.minor === amount.minor && money.currency === amount.currency;
    return order.transactions.find((one) => one.kind === 'SALE' && one.status === 'SUCCESS' && one.manualPaymentGateway && !before.includes(one.id) && same(moneyOf(core, one.amountSet)));
  }

  /** Why this order must not be marked as paid; `null` where it may. */
  async function unfit(order: OrderFacts, read: OrderRead | null, when: Precondition): Promise<string | null> {
    if (!read) return `its currency is ${order.presentmentCurrencyCode}`;
    const { case: kase } = await caseOf(order.legacyResourceId);
    const trial = order.test || Number((await book.order(order.legacyResourceId))?.trial ?? 0) === 1;
    if (trial !== (kase?.mode === 'test')) {
      await book.problemToo(order.legacyResourceId, { code: 'problem.wrong_mode' });
      return trial ? 'it is a test order and the code is real' : 'the code is a test and the order is real';
    }
    if (!allowed(when, read)) return `it is ${read.status}`;
    return order.canMarkAsPaid ? null : 'Shopify does not let it be marked as paid';
  }

  async function cancel(order: OrderFacts, when: Precondition, about: About, begun: Begun | undefined): Promise<Done> {
    const orderId = order.legacyResourceId;
    if (order.cancelledAt) {
      if (begun) await book.done(about.key, 'found');
      return { outcome: { already_so: { ours: begun !== undefined } }, read: readOrNone(order) };
    }
    if (begun?.job) return followed(orderId, about, begun.job);
    if (begun && on.clock.now() - begun.begun_at < CANCEL_AGAIN_MS) throw new ShopifyError('cancel_unknown', 'it is not known yet whether Shopify cancels the order', 'It is looked at again.', true);
    const read = readOrNone(order);
    if (!read || !allowed(when, read)) return refused(`it is ${read?.status ?? order.presentmentCurrencyCode}`, read);
    await book.begin({ key: about.key, order_id: orderId, kind: 'cancel', before: [] });
    const note = (core.call('words', { locale: 'es', prefix: 'shop.cancel_note' }).ok as Record<string, string>)['shop.cancel_note'];
    const { orderCancel: made } = await acted<{ orderCancel: { job: { id: string } | null; orderCancelUserErrors: Array<{ code: string | null }> } }>(about, begun, CANCEL, { id: order.id, note });
    if (made.job) {
      await book.job(about.key, made.job.id);
      return followed(orderId, about, made.job.id);
    }
    return ended(orderId, about, made.orderCancelUserErrors[0]?.code ?? 'no job');
  }

  /** Follows Shopify's job to its end; what counts is the order as it stands then. */
  async function followed(orderId: string, about: About, job: string): Promise<Done> {
    for (let looks = 1; looks <= JOB_LOOKS; looks += 1) {
      const found = (await shop.admin.ask<{ job: { done: boolean } | null }>(JOB, { id: job })).job;
      if (!found || found.done) return ended(orderId, about, 'its job ended without it');
      await new Promise((resolve) => setTimeout(resolve, JOB_LOOK_MS));
    }
    throw new ShopifyError('cancel_running', 'Shopify is still cancelling the order', 'It is looked at again.', true);
  }

  async function ended(orderId: string, about: About, why: string): Promise<Done> {
    const order = await readOrder(shop, orderId);
    if (!order?.cancelledAt) return refused(`Shopify did not cancel it: ${why}`, readOrNone(order));
    await book.done(about.key, 'done');
    return { outcome: 'done', read: readOrNone(order) };
  }

  async function caseOf(orderId: string): Promise<{ case: { mode: string } | null }> {
    const efectivo = shop.efectivo as Efectivo;
    const at = await efectivo.status(orderId);
    return at ? efectivo.case(at.case) : { case: null };
  }

  const allowed = (when: Precondition, read: OrderRead) => (core.call('allows', { when, read }).ok as { allowed: boolean }).allowed;
  return { read: async (orderId) => readFor(core, await readOrder(shop, orderId)), apply };
}

/** What the core is told of an order: `null` says that there is no such order; one that can't be read is no missing one. @throws EfectivoError `other_currency` */
export function readFor(core: Core, order: OrderFacts | null): OrderRead | null {
  const found = order && readOf(core, order);
  if (order && !found) throw new EfectivoError({ code: 'other_currency', message: `the order is in ${order.presentmentCurrencyCode}`, help: 'Codes are in soles or dollars only.' });
  return found;
}

function refused(why: string, read: OrderRead | null): Done {
  return { outcome: { refused: { why } }, read };
}
