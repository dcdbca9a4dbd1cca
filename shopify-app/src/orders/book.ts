// What the app itself keeps of orders and of the effects on them, beside the core's records; ids, digests and codes only.

import { one, type Db, type Row } from '../db/index.ts';
import { digest } from '../shopify/proofs.ts';
import type { OrderFacts } from './reading.ts';

/**
 * Only a reading this long after the last change is known to have seen all of it: Shopify tells the second of a change, and its clock and ours may differ,
 * so that a reading soon afterwards may have missed another change that looks the same.
 */
const SURELY_AFTER_MS = 120_000;

/** Why an order has no code, or what a person has to do about it: a word of the catalogue (`problem.…`, `error.…`), or the core's own words. */
export interface Problem {
  code: string;
  message?: string;
  help?: string;
  values?: Record<string, string>;
}

/** An order's problems as its row keeps them. */
export function problemsOf(kept: string | null | undefined): Problem[] {
  const all = kept ? (JSON.parse(kept) as Problem | Problem[]) : [];
  return Array.isArray(all) ? all : [all];
}

/** What one problem of an order is known by. */
export const nameOf = (problem: Problem): string => digest(JSON.stringify(problem)).slice(0, 16);

export interface Effect {
  key: string;
  order_id: string;
  kind: string;
  begun_at: number;
  /** Transactions that the order had before. */
  before: string[];
  job: string | null;
  sale: string | null;
  done_at: number | null;
}

export interface Book {
  order(id: string): Promise<Row | undefined>;
  /** Notes an order as it was read; what was known already stays. `checkout` is a digest, as a webhook left it. */
  seen(order: OrderFacts, about?: { case_id?: string; checkout?: string | null; trial?: boolean }): Promise<void>;
  /** All that follows from an order that was read at `read_at` and had last changed at `updatedAt`, by Shopify, has been done. */
  taken(id: string, updatedAt: string, read_at: number): Promise<void>;
  problem(id: string, problem: Problem | null): Promise<void>;
  /** One more problem of an order, beside those that are there; the same one twice is one. */
  problemToo(id: string, problem: Problem): Promise<void>;
  /** A person took care of one, by its name; the others stay. */
  problemDone(id: string, name: string): Promise<void>;
  marked(id: string, marks: string): Promise<void>;
  /** What the order shows is not known to be true any more. */
  unmarked(id: string): Promise<void>;
  effect(key: string): Promise<Effect | undefined>;
  /** Written down before anything is sent; the first one stays. */
  begin(effect: Pick<Effect, 'key' | 'order_id' | 'kind' | 'before'>): Promise<Effect>;
  /** It was not begun after all. */
  unbegin(key: string): Promise<void>;
  job(key: string, job: string): Promise<void>;
  done(key: string, outcome: string, sale?: string | null): Promise<void>;
  effects(orderId: string): Promise<Effect[]>;
}

export function makeBook(db: Db, shopKey: string, clock: { now(): number }): Book {
  const order = (id: string) => one(db, 'SELECT * FROM app_orders WHERE shop_key = ?1 AND order_id = ?2', [shopKey, id]);

  async function seen(facts: OrderFacts, { case_id, checkout, trial = false }: NonNullable<Parameters<Book['seen']>[1]> = {}): Promise<void> {
    const tokens = [facts.checkoutToken && digest(facts.checkoutToken), checkout].filter((token): token is string => Boolean(token));
    await db.tx(async (on) => {
      const [was] = await on.all('SELECT checkout_digests FROM app_orders WHERE shop_key = ?1 AND order_id = ?2', [shopKey, facts.legacyResourceId]);
      const digests = JSON.stringify([...new Set([...(was ? (JSON.parse(was.checkout_digests) as string[]) : []), ...tokens])].slice(-4));
      await on.run(`INSERT INTO app_orders (shop_key, order_id, name, case_id, checkout_digests, trial, first_seen_at, read_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)
        ON CONFLICT (shop_key, order_id) DO UPDATE SET case_id = coalesce(excluded.case_id, app_orders.case_id), checkout_digests = excluded.checkout_digests, read_at = excluded.read_at`,
        [shopKey, facts.legacyResourceId, facts.name, case_id ?? null, digests, trial ? 1 : 0, clock.now()]);
    });
  }

  /** Changes the list of an order's problems; an order without any has none to look at. */
  async function changed(id: string, change: (all: Problem[]) => Problem[]): Promise<void> {
    await db.tx(async (on) => {
      const [row] = await on.all('SELECT problem FROM app_orders WHERE shop_key = ?1 AND order_id = ?2', [shopKey, id]);
      const left = change(problemsOf(row?.problem));
      await on.run('UPDATE app_orders SET problem = ?3 WHERE shop_key = ?1 AND order_id = ?2', [shopKey, id, left.length > 0 ? JSON.stringify(left) : null]);
    });
  }

  const shown = (row: Row): Effect => ({ key: row.key, order_id: row.order_id, kind: row.kind, begun_at: Number(row.begun_at), before: JSON.parse(row.before), job: row.job, sale: row.sale, done_at: row.done_at === null ? null : Number(row.done_at) });
  const effect = async (key: string) => {
    const row = await one(db, 'SELECT * FROM app_effects WHERE shop_key = ?1 AND key = ?2', [shopKey, key]);
    return row && shown(row);
  };

  return {
    order, seen, effect,
    taken: async (id, updatedAt, read_at) => {
      const changed = Date.parse(updatedAt);
      if (read_at >= changed + SURELY_AFTER_MS) await db.run('UPDATE app_orders SET taken_at = ?3 WHERE shop_key = ?1 AND order_id = ?2', [shopKey, id, changed]);
    },
    problem: (id, problem) => changed(id, () => (problem ? [problem] : [])),
    problemToo: (id, problem) => changed(id, (all) => [...all.filter((one) => nameOf(one) !== nameOf(problem)), problem]),
    problemDone: (id, name) => changed(id, (all) => all.filter((one) => nameOf(one) !== name)),
    marked: async (id, marks) => { await db.run('UPDATE app_orders SET marks = ?3 WHERE shop_key = ?1 AND order_id = ?2', [shopKey, id, marks]); },
    unmarked: async (id) => { await db.run('UPDATE app_orders SET marks = NULL WHERE shop_key = ?1 AND order_id = ?2', [shopKey, id]); },
    begin: async ({ key, order_id, kind, before }) => {
      await db.run('INSERT INTO app_effects (shop_key, key, order_id, kind, begun_at, before) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING', [shopKey, key, order_id, kind, clock.now(), JSON.stringify(before)]);
      return (await effect(key)) as Effect;
    },
    unbegin: async (key) => { await db.run('DELETE FROM app_effects WHERE shop_key = ?1 AND key = ?2', [shopKey, key]); },
    job: async (key, job) => { await db.run('UPDATE app_effects SET job = ?3 WHERE shop_key = ?1 AND key = ?2', [shopKey, key, job]); },
    done: async (key, outcome, sale = null) => { await db.run('UPDATE app_effects SET done_at = ?3, outcome = ?4, sale = coalesce(?5, sale) WHERE shop_key = ?1 AND key = ?2', [shopKey, key, clock.now(), outcome, sale]); },
    effects: async (orderId) => (await db.all('SELECT * FROM app_effects WHERE shop_key = ?1 AND order_id = ?2 ORDER BY begun_at', [shopKey, orderId])).map(shown),
  };
}
