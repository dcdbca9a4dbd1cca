// What an order at Shopify shows of its case: the metafield `$app:voucher` and our tags, kept true whenever the case moves, repaired by the sweep.

import { errorFacts } from '../log.ts';
import type { Parts } from '../parts.ts';
import type { Shop } from '../shops.ts';
import { SET_VOUCHER, TAG, UNTAG } from '../shopify/documents.ts';
import { makeBook } from './book.ts';
import { lockOf, readOrder } from './port.ts';
import type { OrderFacts } from './reading.ts';

/** How often another writer's value is read anew before it is left to the sweep. */
const TRIES = 3;

export interface Marks {
  /** The order's case moved: its marks are written soon. */
  due(shop: Shop, orderId: string): void;
  /** Writes an order's marks now, if they are not true. */
  write(shop: Shop, orderId: string): Promise<void>;
  /** Resolves once nothing is being written. */
  settled(): Promise<void>;
}

/** What the core says of a case, for a block, a metafield and tags. */
export interface Brief {
  state: string; payable: boolean; live: boolean; again_ms: number; heading: string; message: string; code: string | null; code_grouped: string | null;
  amount_text: string; amount_plain: string; amount: { currency: string }; expires_at: number | null; deadline_text: string | null; provider: string; page_url: string; barcode: string | null;
  labels: Record<string, string>; tags: string[]; all_tags: string[];
}

/** The core's brief of an order's case; `null` where there is none. */
export async function briefOf(on: Parts, shop: Shop, orderId: string): Promise<Brief | null> {
  const efectivo = shop.efectivo;
  const at = efectivo && (await efectivo.status(orderId));
  if (!efectivo || !at) return null;
  const { case: kase } = await efectivo.case(at.case);
  return on.core.call('brief', { settings: efectivo.settings, case: kase, now: on.clock.now() }).ok as Brief;
}

export function makeMarks(on: Parts): Marks {
  const writing = new Set<Promise<void>>();
  const wanted = new Map<string, { shop: Shop; orderId: string }>();

  /** Under the order's lock, which an effect on the same order holds as well: the last one to write tells the truth of its time. */
  function write(shop: Shop, orderId: string): Promise<void> {
    return on.locks.under(lockOf(shop, orderId), async () => {
      const book = makeBook(on.db, shop.key, on.clock);
      const brief = await briefOf(on, shop, orderId);
      if (!brief || (await book.order(orderId))?.marks === marksOf(brief)) return;
      const order = await readOrder(shop, orderId);
      if (order) await writeMarks(on, shop, order, orderId);
    });
  }

  function begin(name: string): void {
    const { shop, orderId } = wanted.get(name) ?? {};
    wanted.delete(name);
    if (!shop || !orderId) return;
    const one: Promise<void> = write(shop, orderId).catch((error) => left(shop, orderId, error)).finally(() => { writing.delete(one); });
    writing.add(one);
  }

  /** What could not be written is looked for by the sweep, whatever else happens to the order. */
  async function left(shop: Shop, orderId: string, error: unknown): Promise<void> {
    on.log('marks_left_to_sweep', { shop: shop.key, order: orderId, ...errorFacts(error) });
    await makeBook(on.db, shop.key, on.clock).unmarked(orderId).catch(() => {});
  }

  return {
    write,
    due(shop, orderId) {
      const name = `${shop.key} ${orderId}`;
      if (!wanted.has(name)) setImmediate(begin, name);
      wanted.set(name, { shop, orderId });
    },
    async settled() {
      while (wanted.size > 0 || writing.size > 0) {
        for (const name of [...wanted.keys()]) begin(name);
        await Promise.allSettled([...writing]);
      }
    },
  };
}

/** Writes what differs from what the order shows; the caller holds the order's lock. */
export async function writeMarks(on: Parts, shop: Shop, order: OrderFacts, orderId: string): Promise<void> {
  const brief = await briefOf(on, shop, orderId);
  if (!brief) return;
  await writeVoucher(shop, order, orderId, voucherOf(brief));
  const add = brief.tags.filter((tag) => !order.tags.includes(tag));
  const remove = order.tags.filter((tag) => brief.all_tags.includes(tag) && !brief.tags.includes(tag));
  if (add.length > 0) await shop.admin.ask(TAG, { id: order.id, add });
  if (remove.length > 0) await shop.admin.ask(UNTAG, { id: order.id, remove });
  await makeBook(on.db, shop.key, on.clock).marked(orderId, marksOf(brief));
}

async function writeVoucher(shop: Shop, read: OrderFacts, orderId: string, value: string): Promise<void> {
  let order = read;
  for (let tries = 1; ; tries += 1) {
    if (order.metafield && sameJson(order.metafield.value, value)) return;
    const metafields = [{ ownerId: order.id, namespace: '$app', key: 'voucher', type: 'json', value, compareDigest: order.metafield?.compareDigest ?? null }];
    const { metafieldsSet: made } = await shop.admin.ask<{ metafieldsSet: { userErrors: Array<{ code: string | null }> } }>(SET_VOUCHER, { metafields });
    const [error] = made.userErrors;
    if (!error) return;
    if (tries >= TRIES) throw Object.assign(new Error('the metafield was not taken'), { code: `metafield_${String(error.code).toLowerCase()}` });
    order = (await readOrder(shop, orderId)) ?? order; // another process wrote meanwhile: what it wrote is looked at first
  }
}

/** The metafield's value; no personal data, and nothing that changes by itself. */
function voucherOf({ code, provider, amount_plain, amount, expires_at, state, heading, page_url }: Brief): string {
  return JSON.stringify({ cip: code, provider, amount: amount_plain, currency: amount.currency, expires_at: expires_at === null ? null : new Date(expires_at).toISOString(), status: state, text: heading, page: page_url });
}

/** Shopify may write JSON anew in its own way. */
function sameJson(one: string, other: string): boolean {
  try {
    return JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other));
  } catch {
    return false;
  }
}

function marksOf(brief: Brief): string {
  return JSON.stringify([voucherOf(brief), brief.tags]);
}
