// `cargo xtask shopify`: the app's own server, a fake Shopify around it and simulated providers, on loopback. A merchant walks the whole life without an account.
//
// Everything is on disk before it counts, so that it may be killed at any moment and started again on the same folder.

import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { serve } from '@hono/node-server';
import { loadSync, type Core } from 'efectivo';
import { makeConfig, type Config } from '../../src/config.ts';
import { answered, listed } from '../../src/reviews.ts';
import { makeServer, type Server } from '../../src/server.ts';
import { buildDesk } from '../../tools/build-desk.ts';
import { buildExtension, handles } from '../../tools/build-extension.ts';
import { PAY_APP, PAY_CLIENT, PAY_SHOP, paymentsSection, startPay } from './demo-pay.ts';
import { makeFake, type Fake, type World } from './index.ts';
import { led, moved } from './pages/cdn.ts';
import { appOfToml } from './toml.ts';

const SHOP = 'quipu.myshopify.com';
const APP = 'mi-tienda';
/** Made up, good for nothing else. */
const CLIENT = { client_id: 'demo-client-id', client_secret: 'demo-secret-of-the-app' };
const SEALING_KEY = Buffer.alloc(32, 'efectivo demo').toString('base64');
/** The address that stands in the extensions' own address.json until a merchant writes theirs. */
const UNSET_ADDRESS = 'https://pagos.example.pe';
/** The channels of the demo, the first one asked first, with the sandbox's path and keys of each. */
const CHANNELS = [['pagoefectivo', 'pagoefectivo'], ['dlocal', 'dlocal']] as const;

export interface Demo { base: string; app: string; fake: Fake; server: Server; close(): Promise<void> }

/** Pieces of js/ that are no part of the package: the demo's clock and the providers' side. */
interface Clock { now(): number; advance(ms: number): Promise<void> | undefined }
interface Sandbox { handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<boolean>; tick(): void; quiet(): Promise<void>; act(what: unknown): unknown; ledger(): unknown[]; close(): Promise<void> }

/** Starts all of it; `port` is the fake Shopify's, the app's is the next one (any two for 0). A folder keeps its ports: codes, notices and pages name them. */
export async function startDemo({ port, data }: { port: number; data: string }): Promise<Demo> {
  const core = loadSync();
  await buildDesk();
  const { demoClock, sandboxServer, accountsAt } = await beside();
  let ended = false;
  const clock = demoClock(data, () => settled());
  const kept = join(data, 'shopify.json');
  const fake = makeFake({ now: clock.now, signing: Date.now, ...(existsSync(kept) ? { world: JSON.parse(readFileSync(kept, 'utf8')) as World } : {}), changed: keeper(kept) });
  const known = { sandbox: null as Sandbox | null, server: null as Server | null };

  const bundles = new Map<string, string>();
  const qr = (text: string): string => Buffer.from((core.call('qr', { text, format: 'svg', title: '', scale: 4 }) as { bytes: Uint8Array }).bytes).toString();
  const pages = { client_id: CLIENT.client_id, agent: '/agente', extension: (target: string) => bundles.get(target) ?? null, qr, wind: (ms: number) => clock.advance(ms), partner: { listed: async () => (known.server ? listed(known.server.parts) : []), answer: async (words: string[]) => known.server && answered(known.server.parts, words) } };
  const ports = portsOf(data, port);
  const listening = await fake.listen(ports.shopify, pages, (request, response, url) => providers(known, request, response, url));
  const sandbox = sandboxServer({ core, file: join(data, 'sandbox.sqlite'), clock, base: listening.url });
  known.sandbox = sandbox;

  const accounts = accountsAt(core, listening.url);
  const { server, config, url, stop } = await startApp({ port: ports.app, base: listening.url, data, clock, fake, keys: accounts.sandbox?.credentials ?? {} });
  keep(join(data, 'ports.json'), JSON.stringify({ shopify: Number(new URL(listening.url).port), app: Number(new URL(url).port) }));
  known.server = server;
  fake.app(appOfToml(readFileSync(new URL('../../shopify.app.toml', import.meta.url), 'utf8'), { ...CLIENT, origin: url }));
  const shop = fake.shop(SHOP);
  if (shop.shop.installs.length === 0) shop.install(CLIENT.client_id);
  const stopPay = await startPay({ config, server, fake, data, origin: url });
  for (const { target, text } of (await Promise.all(handles().map(buildExtension))).flat()) bundles.set(target, text.replaceAll(UNSET_ADDRESS, url));
  await server.start();
  await setUp({ server, base: listening.url, accounts });

  /** After the clock was wound: everything that is due, on every side. */
  async function settled(): Promise<void> {
    for (let round = 0; round < 3 && !ended; round += 1) {
      sandbox.tick();
      await sandbox.quiet();
      await fake.tick();
      await server.tick();
    }
  }

  return {
    base: listening.url, app: url, fake, server,
    async close() {
      ended = true;
      await listening.close();
      await stopPay();
      await stop();
      await sandbox.close();
    },
  };
}

async function beside(): Promise<{ demoClock: (folder: string, wound: () => unknown) => Clock; sandboxServer: (asked: { core: Core; file: string; clock: Clock; base: string }) => Sandbox; accountsAt: (core: Core, base: string) => Record<string, { credentials: object }> }> {
  const from = (path: string): string => new URL(`../../../js/${path}`, import.meta.url).href;
  const [{ demoClock }, { sandboxServer }, { accountsAt }] = await Promise.all([import(from('demo/clock.mjs')), import(from('sandbox/server.mjs')), import(from('sandbox/accounts.mjs'))]);
  return { demoClock, sandboxServer, accountsAt };
}

/** The world on disk, whole, whenever it changed. */
function keeper(file: string): (world: World) => void {
  let last = '';
  return (world) => {
    const text = JSON.stringify(world);
    if (text !== last) keep(file, text);
    last = text;
  };
}

function keep(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { flush: true });
  renameSync(`${file}.new`, file);
}

function portsOf(data: string, port: number): { shopify: number; app: number } {
  const file = join(data, 'ports.json');
  if (!existsSync(file)) return { shopify: port, app: port === 0 ? 0 : port + 1 };
  const kept = JSON.parse(readFileSync(file, 'utf8')) as { shopify: number; app: number };
  if (port === 0 || port === kept.shopify) return kept;
  throw new Error(`${data} belongs to port ${kept.shopify}: start with --port ${kept.shopify}, or name a new folder by --data DIR`);
}

async function startApp({ port, base, data, clock, fake, keys }: { port: number; base: string; data: string; clock: Clock; fake: Fake; keys: object }): Promise<{ server: Server; config: Config; url: string; stop(): Promise<void> }> {
  const door: { server: Server | null } = { server: null };
  const answer = async (request: Request, env: unknown): Promise<Response> => {
    const made = await (door.server?.fetch(request, env) ?? new Response(null, { status: 503 }));
    const { pathname } = new URL(request.url);
    return pathname.startsWith(`/admin/${APP}`) ? moved(made, base, SHOP) : pathname.startsWith('/auth/') ? led(made, base) : made;
  };
  const http = serve({ fetch: answer, hostname: '127.0.0.1', port });
  await new Promise<void>((done, failed) => http.once('error', failed).once('listening', done));
  const at = http.address();
  const url = `http://127.0.0.1:${typeof at === 'object' && at ? at.port : port}`;
  const apps = [{ id: APP, role: 'shop', client_id: CLIENT.client_id, client_secret_env: 'SECRET', own_shops: [SHOP] }, { id: PAY_APP, role: 'pay', client_id: PAY_CLIENT.client_id, client_secret_env: 'PAY_SECRET' }];
  const given = { public_url: url, database: `sqlite:${join(data, 'app.sqlite')}`, apps, payments: paymentsSection({ data, base, keys }) };
  const config = makeConfig(given, { SECRET: CLIENT.client_secret, PAY_SECRET: PAY_CLIENT.client_secret, EFECTIVO_KEYS: `demo:${SEALING_KEY}` });
  const server = await makeServer({ config, clock, toShopify: fake.fetch as typeof fetch, log: () => {} });
  door.server = server;
  return { server, config, url, stop: async () => { await new Promise((done) => { http.close(done); if ('closeAllConnections' in http) http.closeAllConnections(); }); await server.close(); } };
}

/** A new shop's settings: what the merchant's guide would have asked. */
async function setUp({ server, base, accounts }: { server: Server; base: string; accounts: Record<string, { credentials: object }> }): Promise<void> {
  const { shops } = server.parts;
  const shop = await shops.of(APP, SHOP);
  if (!shop) throw new Error('the app does not know its shop');
  if (shop.version === 0) {
    const stored = await shops.stored(shop);
    const channels = CHANNELS.map(([id, path]) => ({ id, provider: id, mode: 'test' as const, sandbox_url: `${base}/sandbox/${path}` }));
    const doc = { ...stored.doc, core: { ...stored.doc.core, shop: { ...stored.doc.core.shop, name: 'Quipu', tag: 'QUIPU', contact: 'hola@quipu.example', mail_from: 'hola@quipu.example' }, channels } };
    await shops.save(shop, stored.version, doc, { ...stored.secrets, credentials: Object.fromEntries(CHANNELS.map(([id]) => [id, accounts[id]?.credentials])) as typeof stored.secrets.credentials });
  }
}

/** Where the notices of a channel go; channels of different shops have different names here. */
async function noticesOf(server: Server, channel: string): Promise<string | undefined> {
  const shops = [...(await server.parts.shops.all('shop')), ...(await server.parts.shops.all('pay'))];
  return shops.flatMap(({ settings }) => settings.core.channels).find(({ id }) => id === channel)?.notice_url;
}

/** The providers' endpoints and the agent's page; their notices come to `/avisos/<channel>` and go on to where the app wants them. */
async function providers(known: { sandbox: Sandbox | null; server: Server | null }, request: IncomingMessage, response: ServerResponse, url: URL): Promise<boolean> {
  if (known.sandbox && (await known.sandbox.handle(request, response, url))) return true;
  if (url.pathname === '/escritorio') return Boolean(response.writeHead(303, { location: `/admin/${SHOP}` }).end());
  const to = url.pathname.startsWith('/avisos/') && known.server ? await noticesOf(known.server, url.pathname.slice('/avisos/'.length)) : undefined;
  if (!to) return false;
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  const headers = Object.entries(request.headersDistinct).flatMap(([name, all]) => (['host', 'connection', 'content-length', 'transfer-encoding'].includes(name) ? [] : (all ?? []).map((value): [string, string] => [name, value])));
  const answer = await fetch(`${to}${url.search}`, { method: 'POST', headers, body: new Uint8Array(Buffer.concat(parts)) }).catch(() => null);
  response.writeHead(answer?.status ?? 502).end(answer ? Buffer.from(await answer.arrayBuffer()) : undefined);
  return true;
}

/** Makes the data folder, or says in a sentence why it can't be the one. */
function usable(data: string): void {
  try {
    mkdirSync(data, { recursive: true, mode: 0o700 });
    accessSync(data, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new Error(`the data folder ${data} can't be used (${(cause as NodeJS.ErrnoException).code}): name one that this program may write to, --data DIR`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '4600' }, data: { type: 'string', default: 'data/shopify' } } });
  try {
    const data = resolve(values.data);
    usable(data);
    const demo = await startDemo({ port: Number(values.port), data });
    const say = (what: string, path: string): string => `  ${what.padEnd(12)} ${demo.base}${path}\n`;
    const shop = `role SHOP\n${say('shop', `/s/${SHOP}/`)}${say('admin', `/admin/${SHOP}`)}${say('app', `/admin/${SHOP}/app`)}${say('trouble', `/admin/${SHOP}/troubles`)}`;
    const pay = `role PAY\n${say('install', `/admin/${PAY_SHOP}/payments`)}${say('shop', `/s/${PAY_SHOP}/`)}${say('admin', `/admin/${PAY_SHOP}`)}${say('questions', '/socio')}${say('trouble', `/admin/${PAY_SHOP}/troubles`)}`;
    process.stdout.write(`ready ${demo.base}\n${shop}${pay}both\n${say('agent', '/agente')}`);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void demo.close().finally(() => process.exit(0)));
  } catch (error) {
    const { code, message, help } = error as Error & { code?: string; help?: string };
    process.stderr.write(`error: ${code === 'EADDRINUSE' ? `port ${values.port} or the next one is taken: choose another, --port ${Number(values.port) + 10}` : message}\n${help ? `${help}\n` : ''}`);
    process.exit(1);
  }
}
