// Shopify's deliveries: stored many in one transaction before they are answered, worked off afterwards. A delivery only triggers; what it speaks of is read again.

import { SHOP_DOMAIN } from '../config.ts';
import { errorFacts } from '../log.ts';
import type { Parts } from '../parts.ts';
import { digest, personDigest, type Delivery } from '../shopify/proofs.ts';
import { askForData, erasePerson, eraseShop, ordersOf } from '../http/privacy.ts';
import { lookAtInstallation } from './installation.ts';
import { bring } from './place.ts';
import { orderIdOf } from './reading.ts';
import type { Refunds } from './refunds.ts';

/** How many deliveries share a transaction at most. */
const TOGETHER = 256;
/** How many are worked off at once, of all shops together. A shop gets one more only while it has fewer than are free: alone it gets half, two get a half and a quarter, and there is always one left for the next. */
const AT_ONCE = 16;
/**
 * How long one is held: longer than the slowest handling of a process that lives (a few questions to a Shopify that throttles, each 30 s at most), since one that
 * died keeps its deliveries so long. A lease that is too short only costs work: a delivery that is handled twice reads the order twice.
 */
export const LEASE_MS = 120_000;
/** When a delivery is tried again; it is kept as long as a case that it might be about. */
const BACK_OFF_MS = [1_000, 5_000, 30_000, 120_000, 600_000, 1_800_000];
const KEPT_MS = 1_296_000_000;
/** Without news the table is looked at this often, for what another process left behind. */
const LOOK_EVERY_MS = 5_000;
/** How often deliveries that are too old are erased. */
const PURGE_EVERY_MS = 600_000;

export interface Intake {
  /** Stores a delivery durably; `false` where it was stored before. What is kept of the body are ids only. */
  store(app: string, delivery: Delivery, body: Uint8Array): Promise<boolean>;
  start(): void;
  /** Works off what is due, and returns when nothing is. */
  tick(): Promise<void>;
  stop(): Promise<void>;
}

type Stored = { no: number; app: string; shop: string; topic: string; body: string; tries: number };
type Ids = Record<string, any>;

/** The next delivery of each shop that has any; from shop to shop by the index, however many wait. */
const NEXT_OF_EACH = `WITH RECURSIVE line(tenant) AS (
    SELECT (SELECT app || '/' || shop FROM app_deliveries WHERE handled_at IS NULL ORDER BY app || '/' || shop LIMIT 1)
    UNION ALL
    SELECT (SELECT app || '/' || shop FROM app_deliveries WHERE handled_at IS NULL AND app || '/' || shop > line.tenant ORDER BY app || '/' || shop LIMIT 1) FROM line WHERE line.tenant IS NOT NULL)
  SELECT tenant, no FROM (
    SELECT tenant, (SELECT no FROM app_deliveries WHERE handled_at IS NULL AND app || '/' || shop = line.tenant AND next_at <= ?1 AND lease_until <= ?2 ORDER BY next_at, no LIMIT 1) AS no FROM line WHERE tenant IS NOT NULL) AS heads
  WHERE no IS NOT NULL`;

export function makeIntake(on: Parts, { refunds, lease_ms = LEASE_MS }: { refunds: Refunds; lease_ms?: number | undefined }): Intake {
  const { db, clock, log } = on;
  const waiting: Array<{ row: unknown[]; resolve(fresh: boolean): void; reject(error: unknown): void }> = [];
  let flushing: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let rounds: Promise<void> | null = null;
  const under_way = new Set<Promise<void>>();
  /** By shop: how many of its deliveries are under way here, and whose turn was when. */
  const busy = new Map<string, number>();
  const turns = new Map<string, number>();
  let turn = 0;
  let again = false;
  let woken: () => void = () => {};
  let started = false;
  let stopped = false;
  let purged_at = 0;

  function store(app: string, { topic, shop, webhook_id, triggered_at }: Delivery, body: Uint8Array): Promise<boolean> {
    const at = triggered_at === null ? NaN : Date.parse(triggered_at);
    const row = [app, shop, topic, webhook_id, JSON.stringify(idsOf(topic, body)), clock.now(), Number.isNaN(at) ? null : at];
    return new Promise((resolve, reject) => {
      waiting.push({ row, resolve, reject });
      flushing ??= new Promise((next) => setImmediate(next)).then(flush);
    });
  }

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, TOGETHER);
      await db.tx(async (to) => {
        const fresh: boolean[] = [];
        for (const { row } of batch) {
          fresh.push((await to.run('INSERT INTO app_deliveries (app, shop, topic, webhook_id, body, received_at, next_at, triggered_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7) ON CONFLICT DO NOTHING', row as never[])) === 1);
        }
        return fresh;
      }).then((fresh) => batch.forEach(({ resolve }, at) => resolve(fresh[at] ?? false)), (error) => batch.forEach(({ reject }) => reject(error)));
    }
    flushing = null;
    if (started) kick();
  }

  function kick(): Promise<void> {
    again = true;
    woken();
    rounds ??= work().finally(() => { rounds = null; });
    return rounds;
  }

  async function work(): Promise<void> {
    if (timer) clearTimeout(timer);
    try {
      await workOff();
      await purge();
    } catch (error) {
      log('deliveries_wait', errorFacts(error));
    }
    await Promise.all(under_way);
    if (started && !stopped) timer = setTimeout(() => void kick(), LOOK_EVERY_MS).unref();
  }

  /** Whoever is done makes room for the next at once, and no shop takes all the room, so that one that has to be waited for holds up no other. */
  async function workOff(): Promise<void> {
    for (;;) {
      again = false;
      const free = AT_ONCE - under_way.size;
      const { mine, lost } = free > 0 && !stopped ? await claim(free) : { mine: [], lost: false };
      for (const one of mine) begin(one);
      if (mine.length > 0 || lost) continue;
      if (under_way.size === 0 && (!again || stopped)) return;
      if (!again || free === 0) await Promise.race([...under_way, new Promise<void>((resolve) => { woken = resolve; })]);
    }
  }

  function begin(one: Stored): void {
    const tenant = tenantOf(one);
    busy.set(tenant, busyWith(tenant) + 1);
    const work: Promise<void> = handle(one).finally(() => {
      under_way.delete(work);
      if (busyWith(tenant) > 1) busy.set(tenant, busyWith(tenant) - 1);
      else busy.delete(tenant);
    });
    under_way.add(work);
  }

  /** One more of each shop that may have one, the least busy first, then the one whose turn is longest ago. `lost`: another process was faster at one. */
  async function claim(free: number): Promise<{ mine: Stored[]; lost: boolean }> {
    const real = Date.now();
    const heads = (await db.all(NEXT_OF_EACH, [clock.now(), real])) as Array<{ tenant: string; no: number }>;
    heads.sort((one, other) => busyWith(one.tenant) - busyWith(other.tenant) || (turns.get(one.tenant) ?? 0) - (turns.get(other.tenant) ?? 0));
    const mine: Stored[] = [];
    let lost = false;
    for (const { tenant, no } of heads) {
      if (free - mine.length <= busyWith(tenant)) break;
      const [row] = await db.all('UPDATE app_deliveries SET lease_until = ?2, tries = tries + 1 WHERE no = ?1 AND handled_at IS NULL AND lease_until <= ?3 RETURNING no, app, shop, topic, body, tries', [no, real + lease_ms, real]);
      if (row) mine.push(row as Stored);
      else lost = true;
      turns.set(tenant, turn += 1);
    }
    if (heads.length === 0) turns.clear();
    return { mine, lost };
  }

  const busyWith = (tenant: string): number => busy.get(tenant) ?? 0;

  async function handle({ no, app, shop, topic, body, tries }: Stored): Promise<void> {
    try {
      const became = await take(app, shop, topic, JSON.parse(body) as Ids);
      await db.run('UPDATE app_deliveries SET handled_at = ?2, became = ?3, lease_until = 0 WHERE no = ?1', [no, clock.now(), became]);
      log('delivery', { no, app, topic, became });
    } catch (error) {
      const pause = BACK_OFF_MS[tries - 1] ?? BACK_OFF_MS.at(-1) ?? 0;
      log('delivery_waits', { no, app, topic, tries, ...errorFacts(error) });
      await db.run('UPDATE app_deliveries SET next_at = ?2, lease_until = 0, became = ?3 WHERE no = ?1', [no, clock.now() + pause, String(errorFacts(error).code).slice(0, 60)]).catch(() => {}); // its lease ends by itself
    }
  }

  /** Every topic, and who handles it. */
  async function take(app: string, domain: string, topic: string, ids: Ids): Promise<string> {
    const shop = await on.shops.of(app, domain);
    if (!shop) return 'unknown_shop';
    if (typeof ids.shop === 'string' && ids.shop !== domain) return 'other_shop'; // the body is signed, the header is not
    switch (topic) {
      case 'orders/create': case 'orders/cancelled': case 'orders/edited': case 'orders/paid': case 'refunds/create':
        if (shop.state !== 'installed') return 'uninstalled';
        return bring(on, shop, String(ids.order), { refunds, checkout: ids.checkout ?? null });
      case 'app/uninstalled':
        if (shop.app.role === 'shop') return lookAtInstallation(on, shop);
        if (ids.shop !== domain) return 'other_shop';
        await on.shops.uninstall(app, domain); // a payments app may not ask the Admin API; the body names the shop
        return 'uninstalled';
      case 'app/scopes_update':
        return shop.app.role === 'shop' ? lookAtInstallation(on, shop) : 'noted';
      case 'customers/redact':
        return erasePerson(on, shop, await ordersOf(on, shop, ids), ids.who ?? null);
      case 'customers/data_request':
        return askForData(on, shop, await ordersOf(on, shop, ids));
      case 'shop/redact':
        if (shop.app.role === 'pay' && ids.shop !== domain) return 'other_shop';
        return eraseShop(on, shop);
      default:
        return 'unknown_topic';
    }
  }

  async function purge(): Promise<void> {
    if (Date.now() - purged_at < PURGE_EVERY_MS) return;
    purged_at = Date.now();
    await db.run('DELETE FROM app_deliveries WHERE received_at < ?1', [clock.now() - KEPT_MS]);
  }

  return {
    store,
    start() { started = true; void kick(); },
    async tick() { await flushing; await kick(); },
    async stop() { stopped = true; if (timer) clearTimeout(timer); await flushing; await rounds; },
  };
}

const tenantOf = ({ app, shop }: Pick<Stored, 'app' | 'shop'>): string => `${app}/${shop}`;

/** The ids of a delivery, and a digest of whom a privacy webhook is about; nothing else of it is kept: no name, no address, no amount. A body that is no JSON has none. */
export function idsOf(topic: string, body: Uint8Array): Ids {
  let given: Record<string, any>;
  try {
    given = JSON.parse(Buffer.from(body).toString()) as Record<string, any>;
  } catch {
    return {};
  }
  if (topic.startsWith('orders/edited')) return { order: orderIdOf(given.order_edit?.order_id ?? given.order_id ?? given.id) };
  if (topic.startsWith('orders/')) return { order: orderIdOf(given.admin_graphql_api_id ?? given.id), ...(typeof given.checkout_token === 'string' ? { checkout: digest(given.checkout_token) } : {}) };
  if (topic === 'refunds/create') return { order: orderIdOf(given.order_id) };
  const shop = [given.myshopify_domain, given.shop_domain].find((one): one is string => typeof one === 'string' && SHOP_DOMAIN.test(one)) ?? null;
  const who = personDigest(given.customer?.email);
  if (topic === 'customers/redact') return { shop, who, orders: (Array.isArray(given.orders_to_redact) ? given.orders_to_redact : []).map(orderIdOf).filter(Boolean).slice(0, 10_000) };
  if (topic === 'customers/data_request') return { shop, who, orders: (Array.isArray(given.orders_requested) ? given.orders_requested : []).map(orderIdOf).filter(Boolean).slice(0, 10_000) };
  return { shop };
}
