// A street for tests: one Shopify (the fake), one provider (the core's sandbox), our server between them, and a clock that is wound by hand.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Mail } from 'efectivo';
// @ts-expect-error: plain JavaScript of the js package's own tests
import { startSandbox } from '../../js/test/support/sandbox.mjs';
import { makeConfig } from '../src/config.ts';
import { makeServer, type Server, type ServerOptions } from '../src/server.ts';
import type { Shop } from '../src/shops.ts';
import { makeFake, type Fake, type Order } from './fake-shopify/index.ts';

export const QUIPU = 'quipu.myshopify.com';
export const OTHER = 'otra.myshopify.com';
export const APP = { client_id: 'client-1', client_secret: 'secret-of-client-1', url: 'https://pagos.test' };
export const KEYS = `k1:${Buffer.alloc(32, 7).toString('base64')}`;
/** As shopify.app.toml has them. */
export const SUBSCRIPTIONS = [
  { topics: ['orders/create', 'orders/cancelled', 'orders/paid'], uri: '/webhooks/tienda', include_fields: ['id', 'admin_graphql_api_id', 'checkout_token'] },
  { topics: ['orders/edited'], uri: '/webhooks/tienda' },
  { topics: ['refunds/create'], uri: '/webhooks/tienda', include_fields: ['id', 'order_id'] },
  { topics: ['app/uninstalled', 'app/scopes_update', 'customers/data_request', 'customers/redact', 'shop/redact'], uri: '/webhooks/tienda' },
];

/** Personal data and secrets that must never be seen in a log, an error or an address. */
export const CANARIES = ['canario@quipu.example', 'Canaria', 'Quispe', '987650001', 'secret-of-client-1', 'smtp-secret', 'my-secret', 'shpat_', 'shprt_'];

export type Sandbox = { url: string; pay(id: string, how?: object): void; reverse(id: string, how?: object): void; fillForm(id: string): void; trouble(kind: string, matching?: string): void; fault: (call: string) => unknown; ledger: { codes: Map<string, any> }; act(what: unknown): unknown; calls: string[]; told: number[]; quiet(): Promise<void>; tick(): void; close(): Promise<void> };

export interface Street {
  fake: Fake;
  provider: Sandbox;
  server: Server;
  mails: Mail[];
  lines: string[];
  now(): number;
  /** Lets time pass, in steps small enough for everybody's timers, and does what falls due. */
  wind(ms: number): Promise<void>;
  /** Delivers, works off and waits until nothing moves. */
  settle(): Promise<void>;
  shop(domain?: string): Promise<Shop>;
  /** An order of a shopper's by our method. */
  buy(asked?: object, domain?: string): Order;
  code(order: Order): any;
  state(order: Order): Promise<string | undefined>;
  kase(order: Order): Promise<{ case: any; view: any; outputs: any[] }>;
  reviews(order: Order): Promise<string[]>;
  tags(order: Order): string[];
  voucher(order: Order): any;
  /** Ends the server as it is and starts another on the same database. */
  restart(): Promise<void>;
}

export interface Asked {
  config?: object;
  settings?: object;
  database?: string;
  app?: object;
  options?: Partial<ServerOptions>;
  smtp?: boolean;
  mailer?: boolean;
  env?: NodeJS.ProcessEnv;
}

export async function street(t: TestContext, asked: Asked = {}): Promise<Street> {
  const time = { offset: 0 };
  const now = () => Date.now() + time.offset;
  const folder = mkdtempSync(join(tmpdir(), 'efectivo-shopify-'));
  const database = asked.database ?? (await onPostgres()) ?? `sqlite:${join(folder, 'app.sqlite')}`;
  const lines: string[] = [];
  const mails: Mail[] = [];
  let server: Server;
  const send = async (request: Request) => server.fetch(request);
  const fake = makeFake({ now, apps: [{ ...APP, webhooks: SUBSCRIPTIONS, scopes: ['read_orders', 'write_orders'], proxy: { url: `${APP.url}/proxy/tienda`, subpath: 'efectivo', prefix: 'apps' }, send, ...asked.app }] });
  for (const domain of [QUIPU, OTHER]) fake.shop(domain, { job_ms: 0 }).install(APP.client_id);
  const notices = await noticesTo(async (body, headers) => {
    const shop = await it.shop();
    return server.fetch(new Request(`${APP.url}/notice/tienda/${shop.key}/sandbox-1`, { method: 'POST', headers, body: body as Uint8Array<ArrayBuffer> }));
  });
  const provider = (await startSandbox({ now, notice_url: notices.url })) as Sandbox;
  const config = makeConfig({ public_url: APP.url, database, apps: [{ id: 'tienda', role: 'shop', client_id: APP.client_id, client_secret_env: 'SECRET', own_shops: [QUIPU, OTHER] }], ...asked.config }, { SECRET: APP.client_secret, EFECTIVO_KEYS: KEYS, ...asked.env });

  async function open(): Promise<void> {
    server = await makeServer({
      config, clock: { now }, toShopify: fake.fetch, log: (event, facts) => { lines.push(JSON.stringify({ event, ...facts })); if (process.env.STREET_LOG) console.log(lines.at(-1)); },
      ...(asked.mailer === false ? {} : { mailer: async (_, mail) => { mails.push(mail); } }), ...asked.options,
    });
    for (const domain of [QUIPU, OTHER]) if (!(await server.parts.shops.keyOf('tienda', domain))) await server.parts.shops.install('tienda', domain);
  }

  const it: Street = {
    fake, provider, mails, lines, now,
    get server() { return server; },
    shop: async (domain = QUIPU) => (await server.parts.shops.of('tienda', domain)) as Shop,
    buy: (wanted = {}, domain = QUIPU) => fake.order(domain, { email: 'canario@quipu.example', phone: '+51987650001', lines: [{ price: '120.50' }], test: true, ...wanted, address: { first_name: 'Canaria', last_name: 'Quispe', address1: 'Av. Arequipa 1', city: 'Lima', province: 'Lima', zip: '15046', country_code: 'PE', phone: '+51987650001', ...(wanted as { address?: object }).address } }),
    async settle() {
      for (let rounds = 0; rounds < 6; rounds += 1) {
        await fake.deliver();
        await server.tick();
        await provider.quiet();
      }
    },
    async wind(ms) {
      time.offset += ms;
      provider.tick();
      await fake.tick();
      await it.settle();
    },
    code: (order) => [...provider.ledger.codes.values()].find((code) => String(code.reference).includes(String(order.id))),
    state: async (order) => (await (await it.shop(order.shop)).efectivo?.status(String(order.id)))?.state,
    kase: async (order) => {
      const { efectivo } = await it.shop(order.shop);
      const at = await efectivo?.status(String(order.id));
      assert.ok(at && efectivo, `order ${order.name} has no case`);
      return efectivo.case(at.case);
    },
    reviews: async (order) => (await it.kase(order)).view.reviews.filter(({ open: is }: { open: boolean }) => is).map(({ kind }: { kind: string }) => kind),
    tags: (order) => fake.read(order).tags.filter((tag: string) => tag.startsWith('efectivo-')),
    voucher: (order) => { const held = fake.read(order).metafields.find(({ key }: { key: string }) => key === 'voucher'); return held && JSON.parse(held.value); },
    async restart() { await server.close(); await open(); },
  };

  t.after(async () => {
    await (server as Server | undefined)?.close();
    await provider.close();
    await notices.close();
    rmSync(folder, { recursive: true, force: true });
    assert.deepEqual(fake.invalid, [], 'documents that Shopify would refuse');
    for (const canary of CANARIES) assert.ok(!lines.some((line) => line.includes(canary)), `the log tells ${canary}`);
  });
  await open();
  await setUp(it, provider.url, asked);
  return it;
}

type Cluster = { connectionString: string; query(text: string): Promise<unknown> };
let cluster: Cluster | null = null;
let databases = 0;

/** From here on every street has a database of its own in this PostgreSQL cluster. */
export function standsOn(started: Cluster): void {
  cluster = started;
}

async function onPostgres(): Promise<string | null> {
  if (!cluster) return null;
  databases += 1;
  await cluster.query(`CREATE DATABASE street_${databases}`);
  return cluster.connectionString.replace('/postgres?', `/street_${databases}?`);
}

/** Settings of both shops: one sandbox channel each. */
async function setUp(it: Street, url: string, asked: Asked): Promise<void> {
  for (const domain of [QUIPU, OTHER]) {
    const shop = await it.shop(domain);
    const { doc, version } = await it.server.parts.shops.stored(shop);
    const core = { ...doc.core, shop: { ...doc.core.shop, name: domain === QUIPU ? 'Quipu' : 'Otra', tag: domain === QUIPU ? 'QUIPU' : 'OTRA', contact: 'hola@quipu.example', mail_from: 'hola@quipu.example' }, channels: [{ id: 'sandbox-1', provider: 'sandbox' as const, mode: 'test' as const, sandbox_url: url }] };
    await it.server.parts.shops.save(shop, version, { ...doc, core, ...(asked.smtp ? { smtp: { host: '127.0.0.1', port: 9, secure: false, user: '' } } : {}), ...asked.settings }, { credentials: { 'sandbox-1': { sandbox: { key: 'my-key', secret: 'my-secret' } } }, smtp_password: 'smtp-secret' });
  }
}

/** The provider's notices come over the network, as they would; each goes to the first shop's only channel. */
export async function noticesTo(answer: (body: Uint8Array, headers: Headers) => Promise<Response>): Promise<{ url: string; close(): Promise<void> }> {
  const http = createServer(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
    const made = await answer(body, new Headers(Object.entries(request.headers) as Array<[string, string]>)).catch(() => new Response(null, { status: 503 }));
    response.writeHead(made.status).end(Buffer.from(await made.arrayBuffer()));
  }).listen(0, '127.0.0.1');
  await once(http, 'listening');
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/notice`, close: async () => { http.closeAllConnections(); http.close(); await once(http, 'close'); } };
}
