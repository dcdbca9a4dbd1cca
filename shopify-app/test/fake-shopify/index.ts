// A fake Shopify: the driver that tests and `cargo xtask shopify` hold. README.md says what it plays and what it can't know.
//
//   const fake = makeFake({ now, apps: [{ client_id: 'app', client_secret: 'secret', url: 'https://app.test', send: (request) => server.fetch(request) }] });
//   fake.shop('quipu.myshopify.com').install('app');
//   const order = fake.order('quipu.myshopify.com', { lines: [{ price: '120.50' }] });
//   await fake.deliver();                                  // orders/create, signed

import { createServer, type Server } from 'node:http';
import { adminRoot } from './admin.ts';
import { Bucket } from './cost.ts';
import { type Endpoint, answer, type Seen } from './graphql.ts';
import { type Other, serve } from './http.ts';
import * as oauth from './oauth.ts';
import * as orders from './orders.ts';
import type { PagesOptions } from './pages/routes.ts';
import * as payload from './payloads.ts';
import { paymentsRoot, Platform } from './payments.ts';
import * as proofs from './proofs.ts';
import { type Version } from './schemas.ts';
import { type Kind, next, type Trouble, under } from './troubles.ts';
import * as webhooks from './webhooks.ts';
import { type App, type Ctx, type Delivery, type Instant, newId, newToken, newWorld, type Order, orderOf, type Shop, type World } from './world.ts';

export type { App, Delivery, Order, RefundSession, Session, Shop, World } from './world.ts';
export type { Seen } from './graphql.ts';
export { VERSIONS } from './schemas.ts';
export { Refusal } from './orders.ts';

export interface Options {
  /** Of the webhooks, and of what `documents` are judged by where no path says otherwise. */
  version?: Version;
  now?: () => Instant;
  /** The time in tokens and signatures, where it isn't `now`: Shopify's own library checks them by the real clock, whatever clock an app was given. */
  signing?: () => Instant;
  seed?: string;
  apps?: Array<Partial<App> & Pick<App, 'client_id' | 'client_secret' | 'url'>>;
  /** Where the schemas lie; target/shopify-schemas. */
  schemas?: string;
  /** A world that was kept, to go on from. */
  world?: World;
  /** Is told after every change, to keep the world. */
  changed?: (world: World) => void;
}

export type Fake = ReturnType<typeof makeFake>;

export const TOPICS = ['orders/create', 'orders/updated', 'orders/cancelled', 'orders/edited', 'orders/paid', 'refunds/create', 'app/uninstalled', 'app/scopes_update'];
const COMPLIANCE = ['customers/data_request', 'customers/redact', 'shop/redact'];

/** Opens a fake Shopify in this process. Nothing happens by itself: `deliver()` sends, `tick()` lets time pass. */
export function makeFake(options: Options = {}) {
  const version = options.version ?? '2026-07';
  const now = options.now ?? Date.now;
  const signing = options.signing ?? now;
  const world = options.world ?? newWorld(options.seed ?? 'fake');
  const apps = new Map<string, App>((options.apps ?? []).map((app) => [app.client_id, whole(app)]));
  const troubles: Trouble[] = [];
  const documents: Seen[] = [];
  const buckets = new Map<string, Bucket>();
  let base = '';
  const ctx: Ctx = { world, now, signing, app: (id) => apps.get(id), site: (domain) => (base ? `${base}/s/${domain}` : `https://${domain}`), emit: (shop, topic, resource, body) => webhooks.emit(ctx, shop, topic, resource, body) };
  const platform = new Platform(ctx, version);
  const endpoint = (api: Endpoint['api'], root: Record<string, unknown>): Endpoint => ({ api, root, schemas: options.schemas, seen: documents, buckets });
  const admin = endpoint('admin', adminRoot(settleJobs));
  const payments = endpoint('payments-apps', paymentsRoot(platform));

  /** Every request that Shopify would answer under a shop's own host. */
  async function respond(domain: string, request: Request): Promise<Response> {
    const url = new URL(request.url);
    const shop = world.shops[domain];
    if (!shop) return Response.json({ errors: 'Not Found' }, { status: 404 });
    if (url.pathname === '/admin/oauth/access_token' && request.method === 'POST') return oauth.accessToken(ctx, shop, request);
    if (url.pathname === '/admin/oauth/authorize') return oauth.authorize(ctx, shop, url.searchParams);
    const [, api, of] = /^\/(admin|payments_apps)\/api\/([^/]+)\/graphql\.json$/.exec(url.pathname) ?? [];
    if (api && of) return answer(api === 'admin' ? admin : payments, ctx, shop, of, { method: request.method, headers: request.headers, body: await request.text() });
    return proxied(shop, url);
  }

  /** The app proxy: `/apps/<subpath>/…` of the shop's own domain, signed and passed on. */
  async function proxied(shop: Shop, url: URL): Promise<Response> {
    for (const { client_id } of shop.installs) {
      const app = apps.get(client_id);
      const under = app?.proxy && `/${app.proxy.prefix}/${app.proxy.subpath}`;
      if (!app?.proxy || !under || !(url.pathname === under || url.pathname.startsWith(`${under}/`))) continue;
      const query = proofs.proxyQuery(app, shop.domain, signing(), Object.fromEntries(url.searchParams));
      const to = new Request(`${app.proxy.url}${url.pathname.slice(under.length)}?${query}`, { redirect: 'manual' });
      return app.send ? app.send(to) : fetch(to);
    }
    return new Response('Not Found', { status: 404 });
  }

  /** Answers what an app asks of `https://<shop>/…`, with whatever trouble was ordered; to be given to the app in place of `fetch`. */
  async function fakeFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const domain = request.headers.get('x-fake-host') ?? url.hostname;
    const trouble = next(troubles, domain, url.pathname, request.method === 'POST' ? await request.clone().text() : '');
    try {
      return await (trouble ? under(trouble, () => respond(domain, request)) : respond(domain, request));
    } finally {
      options.changed?.(world);
    }
  }

  function shopOf(domain: string): Shop {
    const shop = world.shops[domain];
    if (!shop) throw new Error(`the fake has no shop ${domain}: make it with fake.shop('${domain}')`);
    return shop;
  }

  function appOf(client_id?: string): App {
    const app = client_id === undefined ? [...apps.values()][0] : apps.get(client_id);
    if (!app) throw new Error(`the fake has no app ${client_id ?? ''}`);
    return app;
  }

  const changed = <T>(made: T): T => {
    options.changed?.(world);
    return made;
  };

  function settleJobs(): void {
    for (const job of world.jobs) if (!job.done && job.due <= now()) orders.runJob(ctx, job);
  }

  /** An order as it is now, however it is named. */
  function order(of: Order | string | number): Order {
    const id = typeof of === 'object' ? of.id : of;
    for (const shop of Object.values(world.shops)) {
      const found = orderOf(shop, id) ?? shop.orders.find(({ name }) => name === id);
      if (found) return found;
    }
    throw new Error(`the fake has no order ${id}`);
  }

  /** Carries something out on an order, as the merchant in the admin would. */
  const onOrder = <T>(of: Order | string | number, act: (shop: Shop, found: Order) => T): T => {
    const found = order(of);
    return changed(act(shopOf(found.shop), found));
  };

  const fake = {
    world, documents, troubles, platform, version, now,
    fetch: fakeFetch,
    /** The documents that Shopify would refuse; a test of the app ends by finding none. */
    get invalid(): string[] { return documents.flatMap(({ invalid, fields, version: of }) => invalid.map((why) => `${of} ${fields.join()}: ${why}`)); },
    get deliveries(): Delivery[] { return world.deliveries; },
    app: (app: Partial<App> & Pick<App, 'client_id' | 'client_secret' | 'url'>) => { const made = whole(app); apps.set(made.client_id, made); return made; },
    appOf,
    /** The payments app of a shop, where it has one that said that it is ready. */
    payApp: (shop: Shop) => shop.installs.map(({ client_id, ready }) => (ready ? apps.get(client_id)?.payments : undefined)).find(Boolean),
    get apps(): App[] { return [...apps.values()]; },

    /** A shop, made where it isn't there yet. Prices in its own currency, soles unless said. */
    shop(domain: string, asked: Partial<Pick<Shop, 'name' | 'currency' | 'rates' | 'plus' | 'manual' | 'marks_as' | 'search_lag_ms' | 'job_ms'>> = {}) {
      const shop = (world.shops[domain] ??= {
        id: newId(world), domain, name: 'Quipu', email: `hola@${domain.replace('.myshopify.com', '')}.example`, currency: 'PEN', rates: { USD: 3.75 }, plus: false, manual: ['PagoEfectivo'], standing: 'open',
        marks_as: 'manual', search_lag_ms: 0, job_ms: 2_000, next_number: 1001, orders: [], installs: [], customizations: [], restocked: {}, mails: [],
      });
      Object.assign(shop, asked);
      return Object.assign(changed(bound(shop)));
    },

    // What happens in a shop.
    order: (domain: string, asked: orders.Asked = {}) => changed(orders.create(ctx, shopOf(domain), asked)),
    read: order,
    /** What an order is worth and owes now, in minor units of the buyer's currency, and its standing. */
    stands: (of: Order | string | number) => {
      settleJobs();
      const found = order(of);
      return { standing: orders.standing(found), total: orders.total(found), received: orders.received(found), refunded: orders.refunded(found), outstanding: orders.outstanding(found), cancelled: found.cancelled !== null, can_mark: orders.canMarkAsPaid(found) };
    },
    pay: (of: Order | string | number) => onOrder(of, (shop, found) => orders.markAsPaid(ctx, shop, found, null)),
    payPart: (of: Order | string | number, amount: string) => onOrder(of, (shop, found) => orders.manualPayment(ctx, shop, found, { amount: { amount, currencyCode: found.presentment } }, 'merchant')),
    edit: (of: Order | string | number, change: Parameters<typeof orders.edit>[3]) => onOrder(of, (shop, found) => orders.edit(ctx, shop, found, change)),
    refund: (of: Order | string | number, asked: { amount: string; note?: string }) => onOrder(of, (shop, found) => platform.merchantRefund(shop, found, asked.amount, asked.note ?? '')),
    fulfil: (of: Order | string | number) => onOrder(of, (shop, found) => { found.fulfilled = true; orders.touched(ctx, shop, found, 'orders/fulfilled'); }),
    /** The merchant cancels; done at once, as the admin shows it. */
    cancel: (of: Order | string | number, asked: { refund?: boolean; restock?: boolean; reason?: string } = {}) => onOrder(of, (shop, found) => {
      const job = orders.askToCancel(ctx, shop, found, { reason: asked.reason ?? 'CUSTOMER', restock: asked.restock ?? true, notify: true, refund: asked.refund ?? false, staff_note: '' });
      orders.runJob(ctx, job);
    }),
    /** Lets the cancellations under way end; `fails` ends them without effect. */
    jobs({ fails = false } = {}) {
      for (const job of world.jobs) if (!job.done) { job.fails = fails; orders.runJob(ctx, job); }
      changed(undefined);
    },
    uninstall(domain: string, client_id?: string) {
      const [shop, app] = [shopOf(domain), appOf(client_id)];
      ctx.emit(shop, 'app/uninstalled', `gid://shopify/Shop/${shop.id}`, payload.uninstalled(shop));
      shop.installs = shop.installs.filter((one) => one.client_id !== app.client_id);
      changed(undefined);
    },
    scopes(domain: string, granted: string[], client_id?: string) {
      const [shop, app] = [shopOf(domain), appOf(client_id)];
      const install = shop.installs.find((one) => one.client_id === app.client_id);
      if (!install) throw new Error(`${app.client_id} isn't installed on ${domain}`);
      ctx.emit(shop, 'app/scopes_update', `gid://shopify/Shop/${shop.id}`, payload.scopes(app, install.granted, granted, now()));
      install.granted = granted;
      for (const token of world.tokens) if (token.client_id === app.client_id && token.shop === domain) token.scopes = granted;
      changed(undefined);
    },
    /** The privacy webhooks; `shop/redact` comes 48 hours after the uninstalling. */
    privacy(topic: 'customers/data_request' | 'customers/redact' | 'shop/redact', domain: string, of?: Order | string, client_id?: string) {
      const [shop, app] = [shopOf(domain), appOf(client_id)];
      const body = topic === 'shop/redact' ? payload.shopRedact(shop) : topic === 'customers/redact' ? payload.customerRedact(shop, order(of ?? '')) : payload.dataRequest(ctx, shop, order(of ?? ''));
      const gone = !shop.installs.some((one) => one.client_id === app.client_id);
      if (gone) oauth.install(ctx, shop, app);
      ctx.emit(shop, topic, `gid://shopify/Shop/${shop.id}`, body);
      if (gone) shop.installs = shop.installs.filter((one) => one.client_id !== app.client_id);
      changed(undefined);
    },

    // Webhooks in every disorder.
    /** Sends what is due now, oldest first, or as `order` sorts it; `only` picks. Resolves to what was answered. */
    async deliver({ only, order: sort }: { only?: (one: Delivery) => boolean; order?: (all: Delivery[]) => Delivery[] } = {}) {
      const all = webhooks.due(world, now()).filter((one) => !only || only(one));
      const told: Array<{ topic: string; id: string; status: number }> = [];
      for (const one of sort ? sort(all) : all) told.push({ topic: one.topic, id: one.id, status: await webhooks.deliver(ctx, version, one) });
      return changed(told);
    },
    /** The latest delivery of a topic, whatever became of it. */
    delivery(topic: string, of?: Order | string | number): Delivery {
      const resource = of === undefined ? '' : String(order(of).id);
      const found = world.deliveries.findLast((one) => one.topic === topic && (!resource || one.body.includes(resource) || one.resource.includes(resource)));
      if (!found) throw new Error(`no delivery of ${topic}`);
      return found;
    },
    /** Sends one again, with the same id: twice, late, or twisted (another shop's header, forged, the other header family). */
    again: (delivery: Delivery, twist: webhooks.Twist = {}) => webhooks.deliver(ctx, version, delivery, twist),
    request: (delivery: Delivery, twist: webhooks.Twist = {}) => webhooks.request(appOf(delivery.client_id), delivery, version, twist),
    drop(match: (one: Delivery) => boolean = () => true) { for (const one of world.deliveries) if (one.state === 'waiting' && match(one)) one.state = 'dropped'; },
    delay(ms: number, match: (one: Delivery) => boolean = () => true) { for (const one of world.deliveries) if (one.state === 'waiting' && match(one)) one.due += ms; },

    // Tokens and signatures.
    idToken: (domain: string, asked: { client_id?: string; user?: string } & proofs.Twist = {}) => proofs.idToken(world, appOf(asked.client_id), domain, signing(), asked.user, asked),
    sessionToken: (domain: string, asked: { client_id?: string; customer?: number | null; dest?: 'bare' | 'https' } & proofs.Twist = {}) => proofs.sessionToken(world, appOf(asked.client_id), domain, signing(), asked, asked),
    proxyQuery: (domain: string, asked: Parameters<typeof proofs.proxyQuery>[3] = {}, client_id?: string) => proofs.proxyQuery(appOf(client_id), domain, signing(), asked),
    adminQuery: (domain: string, asked: Record<string, string> = {}, client_id?: string) => proofs.adminQuery(appOf(client_id), { shop: domain, host: proofs.hostOf(domain), timestamp: String(Math.floor(signing() / 1_000)), ...asked }),
    hostOf: proofs.hostOf,
    /** An access token without the way to it. */
    token(domain: string, client_id?: string, scopes?: string[]): string {
      const app = appOf(client_id);
      const value = `shpat_${newToken(world)}`;
      world.tokens.push({ value, shop: domain, client_id: app.client_id, scopes: scopes ?? app.scopes, expires: null, refresh: null, refresh_expires: null, refreshed: false, online: false });
      return value;
    },
    /** Makes every token of an app worthless, as after a reinstall. */
    revoke(domain: string, client_id?: string) { world.tokens = world.tokens.filter((one) => one.shop !== domain || one.client_id !== appOf(client_id).client_id); },

    // Trouble.
    trouble(kind: Kind, asked: { match?: string; shop?: string; times?: number; wait_ms?: number } = {}) {
      troubles.push({ kind, match: asked.match ?? '', shop: asked.shop ?? '', left: asked.times ?? 1, wait_ms: asked.wait_ms ?? 100 });
    },
    standing(domain: string, standing: Shop['standing']) { shopOf(domain).standing = standing; },
    /** Empties the app's bucket of points. */
    drain(domain: string, client_id?: string) {
      const key = `${appOf(client_id).client_id} ${domain}`;
      const bucket = buckets.get(key) ?? new Bucket(shopOf(domain).plus);
      buckets.set(key, bucket);
      bucket.drain(now());
    },

    /** What time brings but for webhooks: cancellations whose job is due, payments that ran out. */
    async settle() {
      settleJobs();
      await platform.tick();
      changed(undefined);
    },
    /** All that time brings, webhooks that are due among it. */
    async tick() {
      await fake.settle();
      await fake.deliver();
    },
    /** Over the network: Shopify's hosts under one address, and with `pages` those for people, whose webhooks then go out by themselves; `other` answers first. */
    async listen(port = 0, pages?: PagesOptions, other?: Other): Promise<{ url: string; close(): Promise<void>; server: Server }> {
      const server = createServer();
      await new Promise<void>((done, failed) => server.once('error', failed).listen(port, '127.0.0.1', done));
      const at = server.address();
      const url = `http://127.0.0.1:${typeof at === 'object' && at ? at.port : port}`;
      if (pages) base = url;
      const stop = serve(fake, server, { base: url, pages, other });
      return { url, server, close: async () => { base = ''; await stop(); await new Promise<void>((done) => { server.close(() => done()); server.closeAllConnections(); }); } };
    },
  };

  function bound(shop: Shop) {
    return {
      shop,
      /** Installs an app, with all it asks for or less. */
      install: (client_id?: string, granted?: string[]) => { oauth.install(ctx, shop, appOf(client_id), granted); return changed(bound(shop)); },
      order: (asked?: orders.Asked) => changed(orders.create(ctx, shop, asked ?? {})),
    };
  }

  return fake;
}

/** An app with everything that a TOML would say. */
function whole(app: Partial<App> & Pick<App, 'client_id' | 'client_secret' | 'url'>): App {
  return {
    name: 'Pago en efectivo', scopes: ['read_orders', 'write_orders', 'read_products'], embedded: true, own_organization: true, customer_data: ['name', 'email', 'phone', 'address'], functions: [],
    webhooks: [{ topics: [...TOPICS, ...COMPLIANCE], uri: '/webhooks' }], ...app,
  };
}

/** A `fetch` for an app in another process: sends `https://<shop>/…` to the fake at `base`. */
export function fetchVia(base: string): typeof fetch {
  return (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    if (!url.hostname.endsWith('.myshopify.com')) return fetch(request);
    const headers = new Headers(request.headers);
    headers.set('x-fake-host', url.hostname);
    return fetch(`${base}${url.pathname}${url.search}`, { method: request.method, headers, redirect: 'manual', ...(request.body ? { body: request.body, duplex: 'half' } : {}) } as RequestInit);
  };
}
