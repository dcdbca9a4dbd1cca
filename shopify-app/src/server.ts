// The server: one table of rooms, each adding its addresses; `makeServer` puts the parts together, `start` sets them going.

import { loadSync } from 'efectivo';
import { Hono } from 'hono';
import { setAbstractFetchFunc } from '@shopify/shopify-api/runtime';
import type { Config } from './config.ts';
import { openDatabases } from './db/index.ts';
import { makeHealth } from './health.ts';
import { adminApi } from './http/admin-api.ts';
import { adminPage } from './http/admin-page.ts';
import { appProxy } from './http/app-proxy.ts';
import { extensionApi } from './http/extension-api.ts';
import { healthPage } from './http/health.ts';
import { providerNotice } from './http/provider-notice.ts';
import { refusal } from './http/refusals.ts';
import { voucherPage } from './http/voucher-page.ts';
import { webhooks } from './http/webhooks.ts';
import { logTo, type Log } from './log.ts';
import type { Mailer } from './mail.ts';
import { ownShops } from './orders/installation.ts';
import { makeIntake } from './orders/intake.ts';
import { makeLocks } from './orders/lock.ts';
import { makeMarks } from './orders/marks.ts';
import { makeRefunds } from './orders/refunds.ts';
import { makeSweep } from './orders/sweep.ts';
import type { Parts, Room } from './parts.ts';
import { firstPage, makePay, oauth } from './pay/index.ts';
import { makeSeal } from './seal.ts';
import { makeProofs } from './shopify/proofs.ts';
import { makeTokens } from './shopify/tokens.ts';
import { makeShops } from './shops.ts';
import { proveKeys } from './rekey.ts';

/**
 * The rooms, in the order in which they are asked:
 *
 * | address | room |
 * | --- | --- |
 * | `POST /webhooks/:app` | http/webhooks.ts: everything Shopify tells, privacy webhooks among it |
 * | `GET /extension/:app/voucher` | http/extension-api.ts: the thank-you and order-status blocks |
 * | `/pago/:app/:shopKey/…` | http/voucher-page.ts: the shopper's page, and its pictures |
 * | `/proxy/:app/…` | http/app-proxy.ts: the same page under the shop's own domain |
 * | `POST /notice/:app/:shopKey/:channel` | http/provider-notice.ts |
 * | `/pay/:app/start/:token` | pay/first-page.ts: role PAY, the buyer's first page |
 * | `/auth/:app…` | pay/oauth.ts: role PAY, installation |
 * | `/admin/:app`, `/admin-api/:app/…` | http/admin-page.ts, http/admin-api.ts: the merchant's embedded page |
 * | `GET /health` | http/health.ts |
 */
const ROOMS: Room[] = [webhooks, extensionApi, voucherPage, appProxy, providerNotice, firstPage, oauth, adminPage, adminApi, healthPage];

export interface ServerOptions {
  config: Config;
  clock?: { now(): number };
  log?: Log;
  /** Calls to Shopify. */
  toShopify?: typeof globalThis.fetch;
  /** Calls to providers. */
  providers?: typeof globalThis.fetch;
  /** Calls to our own public addresses. */
  outside?: typeof globalThis.fetch;
  /** Sends mails in place of a mail server, for tests. */
  mailer?: Mailer;
  /** How long a delivery is held by the process that works on it (orders/intake.ts). */
  lease_ms?: number | undefined;
  /** Further rooms. */
  rooms?: Room[];
}

export interface Server {
  /** Answers a request; `env` is what node-server hands over. */
  fetch(request: Request, env?: unknown): Response | Promise<Response>;
  /** What Shopify's payments platform calls, on a listener that demands its certificate (pay/platform.ts). */
  payments(request: Request): Response | Promise<Response>;
  /** What the rooms are given; for tests and the command line. */
  parts: Parts;
  /** Opens the hosts of all shops, works off what is waiting, and sweeps. */
  start(): Promise<void>;
  /** Does all that is due now: deliveries, sweeps, every host; for tests and for a cron job. */
  tick(): Promise<void>;
  /** Lets what is under way end, then closes. */
  close(): Promise<void>;
}

export async function makeServer(options: ServerOptions): Promise<Server> {
  const { config, clock = { now: () => Date.now() }, toShopify = globalThis.fetch, rooms = [] } = options;
  const log = options.log ?? logTo((line) => process.stderr.write(`${line}\n`));
  const { db, records, work } = await openDatabases(config.database);
  const seal = makeSeal(config.keys);
  await proveKeys(db, seal).catch(async (error) => { await db.close(); throw error; });
  setAbstractFetchFunc(toShopify); // the library's own traffic: tokens
  const on = { config, db, seal, core: loadSync(), clock, log, toShopify, outside: options.outside ?? globalThis.fetch, locks: makeLocks(db), health: makeHealth(db, clock, log), proofs: makeProofs(config) } as Parts;
  on.tokens = makeTokens(on);
  const marks = makeMarks(on);
  const refunds = makeRefunds(on);
  on.refunds = refunds;
  on.shops = makeShops(on, {
    records, providers: options.providers, mailer: options.mailer,
    changed: (shop, kase) => {
      if (shop.app.role === 'pay') return on.pay.moved(shop, kase.order);
      marks.due(shop, kase.order);
      refunds.due(shop, kase.order);
    },
  });
  on.pay = makePay(on);
  on.intake = makeIntake(on, { refunds, lease_ms: options.lease_ms });
  const sweep = makeSweep(on, { marks, refunds });

  let working: { close(): Promise<void> } | null = null;

  const hono = new Hono();
  hono.onError((error) => refusal(error, log));
  for (const room of [...ROOMS, ...rooms]) room(hono, on);

  async function start(): Promise<void> {
    await ownShops(on);
    await on.shops.ever();
    working = work ? await work(async (tenant) => hostOf(tenant), log) : null;
    await on.pay.start();
    on.intake.start();
    sweep.start();
    log('started', { apps: config.apps.length });
  }

  /** The host of a tenant, `<app>/<domain>`. */
  async function hostOf(tenant: string) {
    const [app = '', domain = ''] = tenant.split('/');
    return (await on.shops.of(app, domain))?.efectivo ?? null;
  }

  async function tick(): Promise<void> {
    await on.intake.tick();
    await sweep.tick();
    await on.shops.tick();
    await on.pay.tick();
    await marks.settled();
    await refunds.settled();
    await on.intake.tick();
  }

  async function close(): Promise<void> {
    await on.intake.stop();
    await sweep.stop();
    await marks.settled();
    await refunds.settled();
    await on.pay.stop();
    await working?.close();
    await on.shops.close();
    await on.health.flush();
    await db.close();
    log('stopped');
  }

  return { fetch: (request, env) => hono.fetch(request, env as object), payments: (request) => on.pay.platform.fetch(request), parts: on, start, tick, close };
}
