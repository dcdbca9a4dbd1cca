// The sweep: every 15 minutes each shop's changed orders are read, without haste and whether or not a webhook told of them; what is missing is placed, what differs is told, marks and refunds are repaired.

import { EfectivoError } from 'efectivo';
import { one } from '../db/index.ts';
import { errorFacts } from '../log.ts';
import type { Parts } from '../parts.ts';
import { ORDERS_CHANGED } from '../shopify/documents.ts';
import type { Shop } from '../shops.ts';
import { makeBook } from './book.ts';
import type { Marks } from './marks.ts';
import { lookAfterGone } from './gone.ts';
import { bring } from './place.ts';
import { isOurs } from './reading.ts';
import type { Refunds } from './refunds.ts';
import { keepRules } from './rules.ts';

/** How often a shop is swept. */
const EVERY_MS = 900_000;
/** Orders that changed within this before the last sweep are looked at again: Shopify's search may lag. */
const OVERLAP_MS = 600_000;
/** A new shop's sweep begins this far back; older orders of the method were somebody else's business. */
const FIRST_MS = 259_200_000;
/** What Shopify tells times by. */
const SECOND_MS = 1_000;
/** Pages of one sweep; the rest is the next one's, which begins where this one stopped. */
const MOST_PAGES = 100;
/** Orders with a problem, or whose marks may be stale, that one sweep looks at again. */
const MOST_REPAIRS = 200;
/** Slices of so many cases that are compared at the start. */
const MOST_SLICES = 25;
/** A problem older than this is not tried again by itself. */
const PROBLEM_DAYS_MS = 1_296_000_000;
const LOOK_EVERY_MS = 30_000;

export interface Sweep {
  start(): void;
  /** Sweeps every shop whose time has come, or all with `now`. */
  tick(now?: boolean): Promise<void>;
  stop(): Promise<void>;
}

type Changed = { orders: { nodes: Array<{ legacyResourceId: string; updatedAt: string; paymentGatewayNames: string[] }>; pageInfo: { hasNextPage: boolean; endCursor: string | null } } };

/** The next sweep of a shop, which is due now, begins where a new shop's would; one that is under way remembers nothing. */
export async function sweepAnew({ db }: Pick<Parts, 'db'>, { key }: Pick<Shop, 'key'>): Promise<void> {
  await db.run('UPDATE app_shops SET swept_at = 0, swept_until = 0 WHERE key = ?1', [key]);
}

export function makeSweep(on: Parts, { marks, refunds }: { marks: Marks; refunds: Refunds }): Sweep {
  const { db, clock, log } = on;
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> | null = null;
  let stopped = false;

  async function all(now: boolean): Promise<void> {
    for (const shop of await on.shops.ever()) {
      if (stopped) return;
      const gone = shop.state !== 'installed';
      if (shop.efectivo && (gone || shop.app.role === 'shop')) await sweepIfDue({ ...shop, admin: { ...shop.admin, ...shop.admin.patient } }, now, gone ? leftBehind : swept);
    }
  }

  /** One process sweeps a shop at a time: who writes the new time first does. */
  async function sweepIfDue(shop: Shop, now: boolean, work: (shop: Shop, at: number, now: boolean) => Promise<void>): Promise<void> {
    const at = clock.now();
    const mine = await db.run('UPDATE app_shops SET swept_at = ?2 WHERE key = ?1 AND (swept_at <= ?3 OR ?4 = 1)', [shop.key, at, at - EVERY_MS, now ? 1 : 0]);
    if (mine !== 1) return;
    try {
      await work(shop, at, now);
      on.health.note(shop.key, 'sweep');
    } catch (error) {
      log('sweep_failed', { shop: shop.key, ...errorFacts(error) });
      on.health.note(shop.key, 'refusal', `sweep ${String(errorFacts(error).code)}`);
    }
  }

  async function swept(shop: Shop, at: number, now: boolean): Promise<void> {
    await changedOrders(shop, at);
    await problems(shop);
    await staleMarks(shop, now);
    if (shop.settings.plus_rules) await keepRules(on, shop);
  }

  const leftBehind = (shop: Shop): Promise<void> => lookAfterGone(on, shop);

  async function changedOrders(shop: Shop, at: number): Promise<void> {
    const row = await one(db, 'SELECT swept_until FROM app_shops WHERE key = ?1', [shop.key]);
    const from = Number(row?.swept_until) > 0 ? Number(row?.swept_until) - OVERLAP_MS : at - FIRST_MS;
    const met = new Set<string>();
    let [bound, after, until]: [number, string | null, number] = [from, null, from];
    let left = at; // since when an order waits that could not be brought
    for (let page = 1; page <= MOST_PAGES && !stopped; page += 1) {
      const { orders }: Changed = await shop.admin.ask<Changed>(ORDERS_CHANGED, { query: `updated_at:>'${new Date(bound).toISOString()}'`, after });
      for (const order of orders.nodes) {
        const changed = Date.parse(order.updatedAt);
        if (!met.has(order.legacyResourceId) && !(await lookAt(shop, order))) left = Math.min(left, changed);
        met.add(order.legacyResourceId); // one that changes from now on is the next sweep's
        until = Math.max(until, changed);
      }
      if (!orders.pageInfo.hasNextPage) return keep(shop, at, Math.max(left, at - FIRST_MS));
      await keep(shop, at, Math.min(until, Math.max(left, at - FIRST_MS)));
      // An order that is marked moves to the end of the list: a cursor might lead past the orders that move up, so that it serves only within one second.
      [bound, after] = until - SECOND_MS > bound ? [until - SECOND_MS, null] : [bound, orders.pageInfo.endCursor];
    }
  }

  async function keep(shop: Shop, at: number, until: number): Promise<void> {
    await db.run('UPDATE app_shops SET swept_until = ?2 WHERE key = ?1 AND swept_until < ?2 AND swept_at = ?3', [shop.key, until, at]);
  }

  async function lookAt(shop: Shop, { legacyResourceId: id, updatedAt, paymentGatewayNames }: Changed['orders']['nodes'][number]): Promise<boolean> {
    const known = await shop.efectivo?.status(id);
    if (!known) return !isOurs({ paymentGatewayNames }, shop.settings.method_names) || brought(shop, id);
    const row = await makeBook(db, shop.key, clock).order(id);
    return Number(row?.taken_at) === Date.parse(updatedAt) || brought(shop, id);
  }

  /** One order that can't be brought never holds the others up; `false`, and the next sweep begins where it is met again. */
  async function brought(shop: Shop, id: string): Promise<boolean> {
    try {
      await bring(on, shop, id, { refunds });
      return true;
    } catch (error) {
      log('order_left_to_next_sweep', { shop: shop.key, order: id, ...errorFacts(error) });
      if (error instanceof EfectivoError && ['no_token', 'token_refused', 'scope_missing', 'shop_closed'].includes(error.code)) throw error;
      return false;
    }
  }

  /** Orders that got no code may get one now: a channel was added, a limit was changed. Those that were read longest ago come first, so that each has its turn. */
  async function problems(shop: Shop): Promise<void> {
    const rows = await db.all("SELECT order_id FROM app_orders WHERE shop_key = ?1 AND problem IS NOT NULL AND case_id IS NULL AND first_seen_at > ?2 ORDER BY read_at, order_id LIMIT ?3", [shop.key, clock.now() - PROBLEM_DAYS_MS, MOST_REPAIRS]);
    for (const { order_id } of rows) await brought(shop, order_id);
  }

  /**
   * Metafields and tags that a crash or an outage left behind. They only show, nothing is decided by them, so that no outbox holds them: an outage is written down and made up for here;
   * a crash can't be, so that the newest cases are compared every time and at the start all that may still have been moving.
   */
  async function staleMarks(shop: Shop, all: boolean): Promise<void> {
    const rows = await db.all('SELECT order_id FROM app_orders WHERE shop_key = ?1 AND case_id IS NOT NULL AND marks IS NULL AND first_seen_at > ?2 ORDER BY first_seen_at LIMIT ?3', [shop.key, clock.now() - PROBLEM_DAYS_MS, MOST_REPAIRS]);
    for (const { order_id } of rows) await mended(shop, order_id);
    let before = Number.MAX_SAFE_INTEGER;
    for (let slice = 1; slice <= (all ? MOST_SLICES : 1) && !stopped; slice += 1) {
      const cases = ((await shop.efectivo?.cases({ limit: MOST_REPAIRS, before })) ?? []) as Array<{ order: string; placed_at: number }>;
      for (const kase of cases) if (await makeBook(db, shop.key, clock).order(kase.order)) await mended(shop, kase.order);
      before = cases.at(-1)?.placed_at ?? 0;
      if (cases.length < MOST_REPAIRS) return;
    }
  }

  const mended = (shop: Shop, order: string): Promise<void> => marks.write(shop, order).catch((error) => log('marks_left_to_sweep', { shop: shop.key, order, ...errorFacts(error) }));

  function kick(now: boolean): Promise<void> {
    running ??= all(now).catch((error) => log('sweep_failed', errorFacts(error))).finally(() => { running = null; });
    return running;
  }

  return {
    start() {
      const round = () => { timer = setTimeout(() => void kick(false).then(() => !stopped && round()), LOOK_EVERY_MS).unref(); };
      void kick(true).then(() => !stopped && round());
    },
    async tick(now = false) { await running; await kick(now); },
    async stop() { stopped = true; if (timer) clearTimeout(timer); await running; },
  };
}
