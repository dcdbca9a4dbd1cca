// The shops this server knows: which app each installed, its settings, and the host of the core that runs its cases.

import { randomBytes } from 'node:crypto';
import { EfectivoError, open, type Efectivo, type Settings, type Store } from 'efectivo';
import { SHOP_DOMAIN, type AppConfig } from './config.ts';
import { one, type Row } from './db/index.ts';
import { errorFacts } from './log.ts';
import { mailPort } from './mail.ts';
import { shopPort } from './orders/port.ts';
import type { Parts } from './parts.ts';
import { MOST_HOURS, payPort } from './pay/port.ts';
import { channelsOf, shopNameOf } from './pay/terms.ts';
import { readSettings, settingsVersion, writeSettings, type ShopSecrets, type ShopSettings, type Stored } from './settings.ts';
import { makeAdmin, type Admin } from './shopify/admin.ts';

/** A shop as every part of the server sees it. */
export interface Shop {
  /** Short, opaque, in addresses: `/pago/<app>/<key>/…`. */
  key: string;
  app: AppConfig;
  /** `<name>.myshopify.com` */
  domain: string;
  /** `installed`, or `uninstalled`: nothing is asked of Shopify then. */
  state: string;
  /** Scopes that Shopify granted, as last told. */
  scopes: string[];
  settings: ShopSettings;
  /** Of the settings; `save` wants it back. */
  version: number;
  /** The core's host over this shop's cases; `null` until the settings are complete. `needs` says what is missing. */
  efectivo: Efectivo | null;
  needs: Array<{ field: string; code: string; message: string; help: string }>;
  /** Shopify's Admin API with this shop's token. */
  admin: Admin;
}

export interface Shops {
  /** The shop of a webhook, an extension call, an admin page; `null` where it never installed this app. */
  of(app: string, domain: string): Promise<Shop | null>;
  byKey(app: string, key: string): Promise<Shop | null>;
  /** Only the key of a shop, without opening it. */
  keyOf(app: string, domain: string): Promise<string | null>;
  /** Every installed shop of a role. */
  all(role?: AppConfig['role']): Promise<Shop[]>;
  /** Every shop that ever installed an app of ours: its cases, its money and its shoppers' data outlive the installation. */
  ever(): Promise<Shop[]>;
  /** Notes that a shop has installed an app (again); the same shop keeps its key. */
  install(app: string, domain: string, scopes?: string[]): Promise<Shop>;
  uninstall(app: string, domain: string): Promise<void>;
  scopes(app: string, domain: string, scopes: string[]): Promise<void>;
  /** The settings with secrets opened; for saving over them. */
  stored(shop: Shop): Promise<Stored>;
  /** Saves settings over the version that was read; the shop's host is opened anew with them. @throws EfectivoError `changed_meanwhile`, `bad_settings` */
  save(shop: Shop, version: number, doc: ShopSettings, secrets: ShopSecrets): Promise<Shop>;
  app(id: string): AppConfig | undefined;
  /** Does all that is due in every open host. */
  tick(): Promise<void>;
  close(): Promise<void>;
}

/** A host that newer settings replaced goes on for this long, for whoever still holds it. */
const RETIRES_AFTER_MS = 15_000;

interface Options {
  /** Opens the core's records of a shop. */
  records(tenant: string, shopKey: string): Promise<Store>;
  /** Calls to providers. */
  providers?: typeof globalThis.fetch | undefined;
  /** A case was committed. */
  changed(shop: Shop, kase: { id: string; order: string }): void;
  mailer?: Parameters<typeof mailPort>[1];
}

type Opened = { shop: Shop; version: number };

export function makeShops(on: Parts, options: Options): Shops {
  const { db, config, core, clock, log, seal } = on;
  const known = new Map<string, Promise<Opened>>();
  const retiring = new Set<Efectivo>();
  const appOf = (id: string) => config.apps.find((app) => app.id === id);

  async function of(app: string, domain: string): Promise<Shop | null> {
    const row = await one(db, 'SELECT * FROM app_shops WHERE app = ?1 AND shop = ?2', [app, domain]);
    return row ? opened(row) : null;
  }

  async function byKey(app: string, key: string): Promise<Shop | null> {
    const row = await one(db, 'SELECT * FROM app_shops WHERE app = ?1 AND key = ?2', [app, key]);
    return row ? opened(row) : null;
  }

  async function all(role: AppConfig['role'] = 'shop'): Promise<Shop[]> {
    return (await ever()).filter(({ app, state }) => app.role === role && state === 'installed');
  }

  async function ever(): Promise<Shop[]> {
    const shops: Shop[] = [];
    for (const row of await db.all('SELECT * FROM app_shops ORDER BY installed_at, key')) if (appOf(row.app)) shops.push(await opened(row));
    return shops;
  }

  /** The shop with its host open; opened anew where the settings were saved since, by this process or another. */
  async function opened(row: Row): Promise<Shop> {
    const version = await settingsVersion(db, row.key);
    const before = known.get(row.key);
    const was = await before?.catch(() => undefined);
    if (was && was.version === version) return Object.assign(was.shop, { state: row.state, scopes: scopesOf(row.scopes) });
    if (known.get(row.key) !== before) return opened(row); // somebody else opened it meanwhile
    const next = openShop(row);
    known.set(row.key, next);
    next.catch(() => { if (known.get(row.key) === next) known.delete(row.key); });
    if (was) retire(was.shop.efectivo);
    return (await next).shop;
  }

  async function openShop(row: Row): Promise<Opened> {
    const app = appOf(row.app);
    if (!app) throw new EfectivoError({ code: 'no_app', message: `the app ${row.app} is not in the configuration`, help: 'Put it back into `apps`.' });
    const stored = termed(app, await readSettings(db, seal, row.key, namesOf(app, row.shop)));
    const whole = named(app, withAddresses(stored.doc, row.app, row.key, row.shop), row.shop);
    const settings = app.role === 'pay' ? { ...whole, core: windowed(whole.core) } : whole;
    // Where nothing may be offered the first page offers nothing; the host goes on with the codes that are there.
    const runs = settings.core.channels.some(({ enabled }) => enabled) ? settings.core : whole.core;
    const shop: Shop = { key: row.key, app, domain: row.shop, state: row.state, scopes: scopesOf(row.scopes), settings, version: stored.version, efectivo: null, needs: needsOf(whole.core), admin: makeAdmin(on, app, row.shop, row.key) };
    if (shop.needs.length === 0) shop.efectivo = await host(shop, runs, stored.secrets);
    return { shop, version: stored.version };
  }

  async function host(shop: Shop, settings: Settings, secrets: ShopSecrets): Promise<Efectivo> {
    const tenant = `${shop.app.id}/${shop.domain}`;
    const store = await options.records(tenant, shop.key);
    return open({
      data: ':memory:', core, store, tenant, clock, settings, credentials: secrets.credentials, shop: shop.app.role === 'pay' ? payPort(on, shop) : shopPort(on, shop), mail: mailPort({ shop, password: secrets.smtp_password, log }, options.mailer),
      keys: config.keys.map(({ id, key }) => ({ id, key: key.toString('base64') })), log: (event, facts = {}) => heard(shop, event, facts),
      ...(shop.app.role === 'pay' ? { back: (payment: string) => on.pay.back(shop, payment) } : {}),
      ...(options.providers ? { fetch: options.providers } : {}), changed: (kase: { id: string; order: string }) => options.changed(shop, kase),
    });
  }

  /** The host's happenings go to the log under the shop's key, and some to its health. */
  function heard(shop: Shop, event: string, facts: Record<string, unknown>): void {
    log(event, { ...facts, shop: shop.key });
    if (event === 'asked') on.health.note(shop.key, 'poll', String(facts.status ?? facts.failure ?? ''));
    if (event === 'notice' && Number(facts.status) >= 400) on.health.note(shop.key, 'refusal', `notice ${facts.channel}: ${facts.reason ?? facts.status}`);
    else if (event === 'notice') on.health.note(shop.key, 'notice', String(facts.channel));
  }

  /** Pages under our address or the shop's own; each channel's notices under an address of its own. */
  function withAddresses(doc: ShopSettings, app: string, key: string, domain: string): ShopSettings {
    const page_url = doc.proxy_path ? `https://${domain}${doc.proxy_path}` : `${config.public_url}/pago/${app}/${key}`;
    const channels = doc.core.channels.map((channel) => ({ ...channel, notice_url: `${config.public_url}/notice/${app}/${key}/${channel.id}` }));
    // What Shopify cancelled, or a payments platform saw rejected, stays so.
    return { ...doc, core: { ...doc.core, cancel_is_final: true, shop: { ...doc.core.shop, page_url }, channels } };
  }

  /** A shop of role PAY sells by the partner's terms and keys as they stand in the configuration; its own are only the name and the tag. */
  function termed({ id, role }: AppConfig, stored: Stored): Stored {
    if (role !== 'pay') return stored;
    const { settings, credentials } = channelsOf(config, id);
    const { name, tag } = stored.doc.core.shop;
    const core = { ...settings, shop: { page_url: '', contact: '', ...settings.shop, name, tag }, channels: settings.channels ?? [] };
    return { ...stored, doc: { ...stored.doc, core }, secrets: { ...stored.secrets, credentials } };
  }

  /** A shop of role PAY goes by the name that the partner wrote down, as soon as it is there. */
  function named({ id, role }: AppConfig, doc: ShopSettings, domain: string): ShopSettings {
    const name = role === 'pay' ? shopNameOf(config, id, domain) : null;
    return name ? { ...doc, core: { ...doc.core, shop: { ...doc.core.shop, name } } } : doc;
  }

  /** Shopify's checkout waits for a time only: what may outlive it is not offered, and no code is followed by another. */
  function windowed(settings: Settings): Settings {
    return (core.call('window', { settings, most_hours: MOST_HOURS, now: clock.now() }).ok as { settings: Settings }).settings;
  }

  function needsOf(settings: Settings): Shop['needs'] {
    return (core.call('check_settings', { settings }).ok as { problems: Shop['needs'] }).problems;
  }

  /** Whoever still holds the old host may finish with it; two hosts over one shop's records are as safe as two processes. */
  function retire(host: Efectivo | null): void {
    if (!host) return;
    retiring.add(host);
    setTimeout(() => void ended(host), RETIRES_AFTER_MS).unref();
  }

  async function ended(host: Efectivo): Promise<void> {
    if (!retiring.delete(host)) return;
    await host.close().catch((error) => log('host_not_closed', errorFacts(error)));
  }

  async function install(app: string, domain: string, scopes: string[] = []): Promise<Shop> {
    if (!appOf(app) || !SHOP_DOMAIN.test(domain)) throw new EfectivoError({ code: 'no_shop', message: 'this is no shop of this app', help: 'Open the app from the admin of your shop.' });
    await db.run(`INSERT INTO app_shops (key, app, shop, state, scopes, installed_at) VALUES (?1, ?2, ?3, 'installed', ?4, ?5)
      ON CONFLICT (app, shop) DO UPDATE SET state = 'installed', uninstalled_at = NULL, scopes = CASE WHEN excluded.scopes = '' THEN app_shops.scopes ELSE excluded.scopes END`,
      [randomBytes(8).toString('hex'), app, domain, scopes.join(','), clock.now()]);
    return (await of(app, domain)) as Shop;
  }

  return {
    of, byKey, all, ever, install, app: appOf,
    keyOf: async (app, domain) => ((await one(db, 'SELECT key FROM app_shops WHERE app = ?1 AND shop = ?2', [app, domain]))?.key as string | undefined) ?? null,
    uninstall: async (app, domain) => {
      await db.run("UPDATE app_shops SET state = 'uninstalled', uninstalled_at = ?3 WHERE app = ?1 AND shop = ?2 AND state = 'installed'", [app, domain, clock.now()]);
      await db.run('DELETE FROM app_tokens WHERE shop_key IN (SELECT key FROM app_shops WHERE app = ?1 AND shop = ?2)', [app, domain]);
    },
    scopes: async (app, domain, scopes) => {
      await db.run('UPDATE app_shops SET scopes = ?3 WHERE app = ?1 AND shop = ?2', [app, domain, scopes.join(',')]);
    },
    stored: async (shop) => readSettings(db, seal, shop.key, namesOf(shop.app, shop.domain)),
    save: async (shop, version, doc, secrets) => {
      await writeSettings(db, seal, shop.key, version, doc, secrets, clock.now());
      return (await byKey(shop.app.id, shop.key)) as Shop;
    },
    tick: async () => {
      for (const opening of [...known.values()]) await (await opening.catch(() => null))?.shop.efectivo?.tick();
    },
    close: async () => {
      await Promise.all([...retiring].map(ended));
      const hosts = await Promise.allSettled(known.values());
      await Promise.allSettled(hosts.map((one) => (one.status === 'fulfilled' ? one.value.shop.efectivo?.close() : undefined)));
    },
  };
}

/** What a shop is called until somebody says it. A buyer of role PAY reads it as it stands, so there it is the whole domain, which is true. */
function namesOf({ role }: AppConfig, domain: string): { name: string; short: string } {
  const short = domain.split('.')[0] ?? domain;
  return { name: role === 'pay' ? domain : short, short };
}

function scopesOf(text: string): string[] {
  return text.split(',').filter(Boolean);
}
