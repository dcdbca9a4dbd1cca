// The counter of role PAY for tests: a payments platform (the fake Shopify's), one provider (the core's sandbox), our server between them, a clock that is wound by hand, and the three books side by side.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Efectivo, Person } from 'efectivo';
// @ts-expect-error: plain JavaScript of the js package's own tests
import { startSandbox } from '../../js/test/support/sandbox.mjs';
import { makeConfig } from '../src/config.ts';
import { makeServer, type Server } from '../src/server.ts';
import type { Shop } from '../src/shops.ts';
import { makeFake, type Fake, type Session } from './fake-shopify/index.ts';
import { noticesTo, type Sandbox } from './street.ts';

export const QUIPU = 'quipu.myshopify.com';
export const URL_ = 'https://pagos.test';
export const HOUR = 3_600_000;
export const KEYS = `k1:${Buffer.alloc(32, 7).toString('base64')}`;
const CANARIES = ['ana.quispe@example.pe', 'Quispe', '987654321', 'secret-of-payments', 'my-secret', 'shpat_', 'shprt_'];
const SCOPES = ['write_payment_gateways', 'write_payment_sessions'];

export interface Counter {
  fake: Fake;
  provider: Sandbox;
  server: Server;
  lines: string[];
  settle(): Promise<void>;
  page(address: string, init?: RequestInit): Promise<Response>;
  /** Every code that the provider ever made, the oldest first. */
  codes(): any[];
  /** A buyer presses "Pay now" in the checkout. */
  begin(asked?: object): Promise<Session>;
  /** The buyer asks for the code on the first page. */
  press(session: Session, person?: Person): Promise<Response>;
  /** Both, and what follows of it. */
  coded(asked?: object): Promise<Session>;
  wind(ms: number): Promise<void>;
  hours(count: number): Promise<void>;
  days(count: number): Promise<void>;
  shop(): Promise<Shop>;
  /** Kinds of the questions that are open, of every payment. */
  reviews(): Promise<string[]>;
  states(): Promise<string[]>;
  /** How often Shopify was told so. */
  told(field: string): number;
  /** Fails unless Shopify's sessions, our cases and the provider's ledger agree, or a person is asked about the difference. */
  agree(): Promise<void>;
  /** Ends the server as it is and starts another on the same database. */
  restart(): Promise<void>;
}

export interface Asked { validity_hours?: number; provider?: string; oauth?: boolean; most_refunded?: number; shop_names?: Record<string, string>; more?: object[] }

export async function counter(t: TestContext, { validity_hours = 24, provider: kind = 'sandbox', oauth = false, shop_names = {}, more = [] }: Asked = {}): Promise<Counter> {
  const time = { offset: 0 };
  const now = (): number => Date.now() + time.offset;
  const folder = mkdtempSync(join(tmpdir(), 'efectivo-counter-'));
  const lines: string[] = [];
  let server: Server;
  const send = async (request: Request): Promise<Response> => (new URL(request.url).pathname.startsWith('/pay/') ? server.payments(request) : server.fetch(request));
  const webhooks = [{ topics: ['app/uninstalled', 'customers/data_request', 'customers/redact', 'shop/redact'], uri: '/webhooks/socio' }];
  const fake = makeFake({ now, signing: Date.now, apps: [{ client_id: 'payments', client_secret: 'secret-of-payments', url: URL_, send, scopes: SCOPES, webhooks, own_organization: !oauth, payments: { name: 'PagoEfectivo', session_url: `${URL_}/pay/socio/session`, refund_url: `${URL_}/pay/socio/refund` } }] });
  fake.shop(QUIPU);
  if (!oauth) fake.shop(QUIPU).install('payments');
  const notices = await noticesTo(async (body, headers) => server.fetch(new Request(`${URL_}/notice/socio/${(await it.shop()).key}/sandbox-1`, { method: 'POST', headers, body: body as Uint8Array<ArrayBuffer> })));
  const provider = (await startSandbox({ kind, now, notice_url: notices.url })) as Sandbox;
  const core = { validity_hours, shop: { contact: 'hola@quipu.example', mail_from: 'hola@quipu.example' }, channels: [...more, { id: 'sandbox-1', provider: 'sandbox', mode: 'test', sandbox_url: provider.url, least: { minor: 600, currency: 'PEN' } }] };
  const apps = [{ id: 'socio', role: 'pay', client_id: 'payments', client_secret_env: 'SECRET', own_shops: oauth ? [] : [QUIPU] }];
  process.env.COUNTER_KEYS = JSON.stringify({ 'sandbox-1': { sandbox: { key: 'my-key', secret: 'my-secret' } } });
  const config = makeConfig({ public_url: URL_, database: `sqlite:${join(folder, 'app.sqlite')}`, apps, payments: { apps: { socio: { settings: core, credentials_env: 'COUNTER_KEYS', shop_names } } } }, { SECRET: 'secret-of-payments', EFECTIVO_KEYS: KEYS });

  async function open(): Promise<void> {
    server = await makeServer({ config, clock: { now }, toShopify: fake.fetch as typeof fetch, mailer: async () => {}, log: (event, facts) => { lines.push(JSON.stringify({ event, ...facts })); if (process.env.STREET_LOG) console.log(lines.at(-1)); } });
  }
  await open();
  const it: Counter = {
    fake, provider, lines,
    get server() { return server; },
    async settle() { for (let rounds = 0; rounds < 5; rounds += 1) { await fake.deliver(); await server.tick(); await provider.quiet(); } },
    page: async (address, init) => server.fetch(new Request(address, { redirect: 'manual', ...init })),
    codes: () => [...provider.ledger.codes.values()],
    begin: (asked = {}) => fake.platform.start(QUIPU, { amount: '120.50', test: true, ...asked }),
    press: (session, person = {}) => it.page(session.redirect_url ?? '', { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(person as Record<string, string>).toString() }),
    async coded(asked) {
      const session = await it.begin(asked);
      await it.press(session);
      await it.settle();
      return session;
    },
    async wind(ms) { time.offset += ms; provider.tick(); await fake.tick(); await it.settle(); },
    hours: (count) => it.wind(count * HOUR),
    async days(count) { for (let hours = 0; hours < count * 24; hours += 6) await it.wind(6 * HOUR); },
    shop: async () => (await server.parts.shops.of('socio', QUIPU)) as Shop,
    reviews: async () => (await cases(it)).flatMap(({ view }) => view.reviews.filter(({ open: is }: { open: boolean }) => is).map(({ kind: what }: { kind: string }) => what)),
    states: async () => (await cases(it)).map(({ case: kase }) => kase.state),
    told: (field) => fake.documents.filter(({ fields }) => fields.includes(field)).length,
    agree: () => agree(it),
    async restart() { await server.close(); await open(); await server.start(); },
  };
  if (oauth) await install(it);
  else await begun(it, core);
  await server!.start();
  t.after(async () => {
    await server.close();
    await provider.close();
    await notices.close();
    rmSync(folder, { recursive: true, force: true });
    assert.deepEqual(fake.invalid, [], 'documents that Shopify would refuse');
    assert.deepEqual(fake.platform.faults, []);
    for (const canary of CANARIES) assert.ok(!lines.some((line) => line.includes(canary)), `the log tells ${canary}`);
  });
  return it;
}

/** A shop of the partner's own organization, with the partner's terms. */
async function begun(it: Counter, core: object): Promise<void> {
  const { shops } = it.server.parts;
  const shop = await shops.install('socio', QUIPU);
  const { doc, version } = await shops.stored(shop);
  const settings = core as Partial<typeof doc.core>;
  await shops.save(shop, version, { ...doc, core: { ...doc.core, ...settings, shop: { ...doc.core.shop, ...settings.shop, name: 'Quipu', tag: 'QUIPU' } } }, { credentials: { 'sandbox-1': { sandbox: { key: 'my-key', secret: 'my-secret' } } }, smtp_password: '' });
}

/** The merchant installs the app: Shopify's authorization code grant, with expiring tokens. */
export async function install(it: Counter): Promise<void> {
  const first = await it.page(`${URL_}/auth/socio?shop=${QUIPU}`);
  const cookie = first.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ');
  const agreed = await it.fake.fetch(first.headers.get('location') ?? '', { redirect: 'manual' });
  const done = await it.page(agreed.headers.get('location') ?? '', { headers: { cookie } });
  assert.equal(done.status, 302);
}

async function cases(it: Counter): Promise<any[]> {
  const { efectivo } = await it.shop();
  const found = (await (efectivo as Efectivo).cases({ limit: 100 })) as Array<{ id: string }>;
  return Promise.all(found.map(({ id }) => (efectivo as Efectivo).case(id)));
}

/** By the sentence of the whole project: the order agrees with the money, and where it can't, somebody is asked. */
async function agree(it: Counter): Promise<void> {
  const ours = await cases(it);
  const rows = await it.server.parts.db.all('SELECT id, payment, state FROM pay_sessions');
  const counted = new Set<string>();
  for (const { case: kase, view } of ours) {
    const sessions = rows.filter(({ payment }) => payment === kase.order);
    const theirs = it.fake.world.sessions.filter(({ id }) => sessions.some((one) => one.id === id));
    const codes = it.codes().filter(({ digits }) => kase.attempts.some((attempt: any) => attempt.code?.digits === digits || JSON.stringify(attempt).includes(digits)));
    codes.forEach(({ id }) => counted.add(id));
    const money = codes.flatMap(({ payments }: { payments: Array<{ amount: number; reversed: boolean }> }) => payments);
    const resolved = theirs.filter(({ state }) => state === 'resolved');
    const open = view.reviews.filter(({ open: is }: { open: boolean }) => is);
    const about = `${kase.order}: ${kase.state}, ${money.length} payments, sessions ${theirs.map(({ state }) => state).join()}, reviews ${open.map(({ kind }: { kind: string }) => kind).join()}`;
    assert.ok(resolved.length <= 1, `resolved once at most: ${about}`);
    for (const one of sessions) if (['resolved', 'rejected'].includes(one.state)) assert.ok([one.state, 'expired'].includes(theirs.find(({ id }) => id === one.id)?.state ?? ''), `our word and Shopify's: ${about}`);
    if (resolved[0]) assert.ok(money.some(({ amount }) => amount === resolved[0]?.amount), `no session is resolved without its money: ${about}`);
    const right = resolved.length === 1 && money.length === 1 && !money[0]?.reversed;
    if (money.length > 0 && !right) assert.ok(open.length > 0, `money that made no order is asked about: ${about}`);
    if (money.length === 0) assert.ok(!['paid', 'reversed'].includes(kase.state), about);
  }
  for (const code of it.codes()) assert.ok(counted.has(code.id), `a code of nobody's: ${code.reference}`);
}
