// Brings one order of Shopify's to the core: a new one of ours gets a case, a known one is looked at again. Called by webhooks, by the sweep and by a shopper who is early; all may come at once.

import { EfectivoError, type Efectivo } from 'efectivo';
import type { Parts } from '../parts.ts';
import { ORDER_PAYER, ORDER_TAGS, SHOP_CARD } from '../shopify/documents.ts';
import type { Shop } from '../shops.ts';
import type { ShopCard } from './installation.ts';
import { makeBook, type Problem } from './book.ts';
import { writeMarks } from './marks.ts';
import { lockOf, readFor, readOrder } from './port.ts';
import { gid, isOurs, personOf, readOf, type PayerFacts } from './reading.ts';
import type { Refunds } from './refunds.ts';

/** What became of an order: a word for the journal of deliveries. */
export type Became = 'placed' | 'looked_at' | 'not_ours' | 'no_such_order' | 'problem' | 'over';

export interface About {
  refunds: Refunds;
  /** The checkout's token as a webhook brought it. */
  checkout?: string | null;
}

/** @throws ShopifyError or EfectivoError with `retry: 'later'`: nothing is lost, try again */
export async function bring(on: Parts, shop: Shop, orderId: string, { refunds, checkout = null }: About): Promise<Became> {
  const efectivo = shop.efectivo;
  if (!efectivo) throw new EfectivoError({ code: 'not_set_up', message: 'the shop has no channel yet', help: 'Complete the settings; the order waits.', retry: 'later' });
  const known = await efectivo.status(orderId);
  return known ? look(on, shop, efectivo, orderId, known.case, refunds) : begin(on, shop, efectivo, orderId, checkout);
}

async function begin(on: Parts, shop: Shop, efectivo: Efectivo, orderId: string, checkout: string | null): Promise<Became> {
  const { order } = await shop.admin.ask<{ order: PayerFacts | null }>(ORDER_PAYER, { id: gid(orderId) });
  if (!order) return 'no_such_order';
  if (!isOurs(order, shop.settings.method_names)) return 'not_ours';
  const book = makeBook(on.db, shop.key, on.clock);
  const trial = await isTrial(shop, order);
  await book.seen(order, { checkout, trial });
  const read = readOf(on.core, order);
  if (read && read.status !== 'open') return 'over'; // paid another way or cancelled before we heard of it
  const problem = read ? await placed(shop, efectivo, order, trial) : { code: 'problem.other_currency', values: { currency: order.presentmentCurrencyCode } };
  await book.problem(orderId, problem);
  if (problem) {
    on.log('no_code', { shop: shop.key, order: orderId, code: problem.code });
    return 'problem';
  }
  await book.seen(order, { case_id: (await efectivo.status(orderId))?.case ?? '' });
  return 'placed';
}

/** Asks the core for a case; what it refuses is a problem of the order that the merchant is shown, what may pass is thrown. */
async function placed(shop: Shop, efectivo: Efectivo, order: PayerFacts, trial: boolean): Promise<Problem | null> {
  try {
    await efectivo.place({
      order: order.legacyResourceId, number: order.name, person: personOf(order, shop.settings.document_field), categories: await categoriesOf(shop, order.legacyResourceId), mode: trial ? 'test' : 'live', wait_ms: 0,
    });
    return null;
  } catch (error) {
    if (!(error instanceof EfectivoError) || error.retry !== 'no') throw error;
    return { code: `error.${error.code}`, message: error.message, help: error.help };
  }
}

/** Whether test money may pay an order: Shopify calls it a test, or the merchant named its shopper; an order by a manual method is never a test by itself. */
async function isTrial(shop: Shop, order: PayerFacts): Promise<boolean> {
  const { trial_emails } = shop.settings;
  const email = (order.email ?? '').trim().toLowerCase();
  if (order.test || trial_emails.some((one) => email !== '' && one.trim().toLowerCase() === email)) return true;
  return trial_emails.includes('*') && (await shop.admin.ask<ShopCard>(SHOP_CARD)).shop.plan.partnerDevelopment;
}

/** Tags of what was bought, where a channel excludes some. */
async function categoriesOf(shop: Shop, orderId: string): Promise<string[]> {
  const excluding = (shop.settings.core.channels as Array<{ excluded_categories?: string[] }>).some(({ excluded_categories = [] }) => excluded_categories.length > 0);
  if (!excluding) return [];
  const { order } = await shop.admin.ask<{ order: { lineItems: { nodes: Array<{ product: { tags: string[] } | null }> } } | null }>(ORDER_TAGS, { id: gid(orderId) });
  return [...new Set((order?.lineItems.nodes ?? []).flatMap(({ product }) => product?.tags ?? []))];
}

/** A known order, read once under its lock, so that an effect of ours under way is never overtaken by an older reading. */
async function look(on: Parts, shop: Shop, efectivo: Efectivo, orderId: string, case_id: string, refunds: Refunds): Promise<Became> {
  const book = makeBook(on.db, shop.key, on.clock);
  let read_at = 0;
  const order = await on.locks.under(lockOf(shop, orderId), async () => {
    read_at = on.clock.now();
    const facts = await readOrder(shop, orderId);
    await efectivo.orderChanged(orderId, { read: readFor(on.core, facts) });
    if (facts) {
      await book.seen(facts, { case_id }); // the process that placed it may have ended before it noted this
      await writeMarks(on, shop, facts, orderId);
    }
    return facts;
  });
  if (!order) return 'no_such_order';
  if (order.refunds.length > 0) await refunds.settle(shop, order);
  await book.taken(orderId, order.updatedAt, read_at);
  return 'looked_at';
}
