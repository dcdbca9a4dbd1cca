// The payments platform for role PAY: payment and refund sessions, told to the app over mutual TLS, and ended by the app's mutations under Shopify's rules.

import { request as httpsRequest } from 'node:https';
import type { Call } from './graphql.ts';
import { decimal, minor } from './money.ts';
import * as orders from './orders.ts';
import { type App, type Ctx, newToken, type Order, type RefundSession, type Session, type Shop, type Transaction } from './world.ts';

const HOUR_MS = 3_600_000;
/** "Several times" [facts §1.1]; the number is not documented. */
const TRIES = 4;
const PATIENCE_MS = 5_000;

/** A payments platform's own certificate, and the authority that it trusts the app's server by. */
export interface Tls { cert: string; key: string; ca: string }

export interface Buy {
  amount?: string;
  currency?: string;
  email?: string;
  phone?: string;
  group?: string;
  test?: boolean;
  client_id?: string;
  first_name?: string;
  last_name?: string;
  /** What is bought; the session itself tells only the amount. */
  lines?: orders.Asked['lines'];
}

export class Platform {
  readonly ctx: Ctx;
  readonly version: string;
  tls: Tls | null = null;
  /** "The default pending expiry limit" has no number in the schema; three days are recommended [facts §1.1]. */
  pending_limit_hours = 72;
  /** Whether Pending or the buyer's return makes the order is unverified [facts §1.2]: both can be played. */
  order_at: 'pending' | 'return' = 'pending';
  /** What no app may do, seen nevertheless: a second resolve in one group above all. */
  readonly faults: string[] = [];

  constructor(ctx: Ctx, version: string) {
    this.ctx = ctx;
    this.version = version;
  }

  /** A buyer chooses the method and presses "Pay now": a session, told to the app. */
  async start(domain: string, asked: Buy = {}): Promise<Session> {
    const shop = this.#shop(domain);
    const app = this.#app(shop, asked.client_id);
    const { world } = this.ctx;
    const currency = asked.currency ?? shop.currency;
    const amount = minor(asked.amount ?? '120.50', currency);
    if (amount === null) throw new Error(`"${asked.amount}" is no amount in ${currency}`);
    const id = `r${newToken(world, 22)}`;
    const session: Session = {
      id, gid: `gid://shopify/PaymentSession/${id}`, group: asked.group ?? `g${newToken(world, 20)}`, session_id: newToken(world, 24), shop: domain, client_id: app.client_id, kind: 'sale', amount, currency, test: asked.test ?? false,
      customer: { email: asked.email ?? 'ana.quispe@example.pe', phone: asked.phone ?? '+51987654321', first_name: asked.first_name ?? 'Ana', last_name: asked.last_name ?? 'Quispe' },
      lines: orders.linesOf(this.ctx, asked.lines ?? [{ price: decimal(amount, currency) }], currency), checkout_token: newToken(world), proposed: this.ctx.now(), state: 'open', pending_expires: null, pending_reason: null, reject: null, redirect_url: null, order: null, answers: [],
    };
    world.sessions.push(session);
    await this.tell(session);
    return session;
  }

  /** The same buyer again, in another tab or after going back: another id, the same group. */
  again = (session: Session): Promise<Session> => this.start(session.shop, { amount: decimal(session.amount, session.currency), currency: session.currency, email: session.customer.email, group: session.group, test: session.test, client_id: session.client_id, lines: session.lines.map(({ title, price, quantity, tags }) => ({ title, price: decimal(price, session.currency), quantity, tags })) });

  /** Tells the app of a session, again where it didn't answer 2xx; a session that was told already may be told again. */
  async tell(session: Session, tries = TRIES): Promise<void> {
    const app = this.ctx.app(session.client_id);
    if (!app?.payments) return;
    for (let round = 0; round < tries; round += 1) {
      const { status, body } = await this.post(app, session.shop, app.payments.session_url, this.sessionBody(session));
      session.answers.push(status);
      if (status < 200 || status > 299) continue;
      session.redirect_url = redirectIn(body);
      if (session.redirect_url) return;
      this.faults.push(`${session.id}: 2xx without a redirect_url`);
      return;
    }
  }

  /** What the app is told [facts §1.1]; amounts are strings and always have a point. */
  sessionBody(session: Session): object {
    const { customer } = session;
    const address = { given_name: customer.first_name, family_name: customer.last_name, line1: 'Av. Arequipa 1234', line2: '', city: 'Lima', postal_code: '15046', province: 'Lima', country_code: 'PE', phone_number: customer.phone };
    return {
      id: session.id, gid: session.gid, group: session.group, session_id: session.session_id, amount: decimal(session.amount, session.currency), currency: session.currency, test: session.test, merchant_locale: 'es-PE',
      payment_method: { type: 'offsite', data: { cancel_url: this.#page(session.shop, `/checkouts/${session.checkout_token}`) } }, proposed_at: new Date(session.proposed).toISOString(), kind: session.kind,
      customer: { email: customer.email, phone_number: customer.phone, locale: 'es-PE', billing_address: address, shipping_address: address },
    };
  }

  refundBody(one: RefundSession): object {
    return { id: one.id, gid: one.gid, payment_id: one.payment_id, amount: decimal(one.amount, one.currency), currency: one.currency, test: one.test, merchant_locale: 'es-PE', proposed_at: new Date(one.proposed).toISOString() };
  }

  /** A merchant's refund in the admin: recorded at once for a manual method, a session for a payments app. */
  async merchantRefund(shop: Shop, order: Order, amount: string, note: string): Promise<RefundSession | null> {
    const value = minor(amount, order.presentment);
    if (value === null || value <= 0) throw new orders.Refusal('Refund amount must be positive');
    const session = this.ctx.world.sessions.find((one) => one.order === order.id && one.state === 'resolved');
    const made = orders.refund(this.ctx, shop, order, { amount: value, note, by: null, status: session ? 'PENDING' : 'SUCCESS' });
    if (!session) return null;
    const id = `f${newToken(this.ctx.world, 22)}`;
    const one: RefundSession = { id, gid: `gid://shopify/RefundSession/${id}`, payment_id: session.id, shop: shop.domain, client_id: session.client_id, order: order.id, transaction: made.transactions[0] ?? 0, amount: value, currency: order.presentment, test: order.test, proposed: this.ctx.now(), state: 'open', reject: null, answers: [] };
    this.ctx.world.refund_sessions.push(one);
    await this.tellRefund(one);
    return one;
  }

  /** 201 with an empty body is the documented answer [facts §1.1]; another 2xx is taken and noted. */
  async tellRefund(one: RefundSession, tries = TRIES): Promise<void> {
    const app = this.ctx.app(one.client_id);
    if (!app?.payments) return;
    for (let round = 0; round < tries; round += 1) {
      const { status, body } = await this.post(app, one.shop, app.payments.refund_url, this.refundBody(one));
      one.answers.push(status);
      if (status < 200 || status > 299) continue;
      if (status !== 201 || body !== '') this.faults.push(`${one.id}: ${status} instead of 201 and an empty body`);
      return;
    }
  }

  /** The buyer comes back from the app's page by the address in `nextAction`. */
  returned(session: Session): Order | null {
    if (session.state !== 'open') this.#order(session);
    return session.order === null ? null : this.#found(session);
  }

  /** Pending payments that outlived their date are EXPIRED [facts §1.2]. */
  async tick(): Promise<void> {
    for (const session of this.ctx.world.sessions) {
      if (session.state !== 'pending' || (session.pending_expires ?? Infinity) > this.ctx.now()) continue;
      session.state = 'expired';
      this.#failed(session, true);
    }
  }

  // The app's mutations. Each may be repeated; the first of a kind decides [the schema's descriptions].
  pending(session: Session, expires: string, reason: string): void {
    if (session.state === 'resolved' || session.state === 'rejected' || session.state === 'expired') throw new orders.Refusal('Payment session has already been resolved or rejected.', ['id'], 'PENDING_INVALID_STATE');
    if (session.state === 'pending') return;
    const until = Date.parse(expires);
    if (until <= this.ctx.now()) throw new orders.Refusal("Pending expiry date can't be a time in the past.", ['pendingExpiresAt'], 'EXPIRED_PENDING_EXPIRES_AT');
    if (until > this.ctx.now() + this.pending_limit_hours * HOUR_MS) throw new orders.Refusal('Pending expiry date has exceeded the default pending expiry limit.', ['pendingExpiresAt'], 'OUT_OF_RANGE_PENDING_EXPIRES_AT');
    Object.assign(session, { state: 'pending', pending_expires: until, pending_reason: reason });
    if (this.order_at === 'pending') this.#order(session);
  }

  resolve(session: Session): void {
    if (session.state === 'resolved') return;
    if (session.state === 'rejected') throw new orders.Refusal('Payment session has already been rejected.', ['id']);
    if (session.state === 'expired') throw new orders.Refusal('Payment session has expired.', ['id']);
    const twin = this.ctx.world.sessions.find((one) => one.group === session.group && one.id !== session.id && one.state === 'resolved');
    if (twin) this.faults.push(`${session.id} resolved although ${twin.id} of the same group was`);
    session.state = 'resolved';
    const order = this.#order(session);
    orders.settle(this.ctx, this.#shop(session.shop), order, { gateway: order.gateways[0] ?? '', manual: false, amount: session.amount, status: 'SUCCESS', by: session.client_id, payment_id: session.id });
  }

  reject(session: Session, reason: { code: string; merchantMessage?: string | null }): void {
    if (session.state === 'rejected') return;
    if (session.state === 'resolved') throw new orders.Refusal('Payment session has already been resolved.', ['id']);
    if (session.state === 'expired') throw new orders.Refusal('Payment session has expired.', ['id']);
    Object.assign(session, { state: 'rejected', reject: { code: reason.code, merchantMessage: reason.merchantMessage ?? null } });
    this.#failed(session, false);
  }

  endRefund(one: RefundSession, reject: { code: string; merchantMessage?: string | null } | null): void {
    const wanted = reject ? 'rejected' : 'resolved';
    if (one.state === wanted) return;
    if (one.state !== 'open') throw new orders.Refusal(`Refund session has already been ${one.state}.`, ['id'], 'REFUND_SESSION_INVALID_STATE');
    one.state = wanted;
    one.reject = reject && { code: reject.code, merchantMessage: reject.merchantMessage ?? null };
    const shop = this.#shop(one.shop);
    const order = shop.orders.find(({ id }) => id === one.order);
    const made = order?.transactions.find(({ id }) => id === one.transaction);
    if (!order || !made) return;
    const owed = Math.max(0, -orders.outstanding(order));
    made.status = reject ? 'FAILURE' : 'SUCCESS';
    if (!reject) order.adjusted += Math.max(0, made.amount - owed);
    orders.touched(this.ctx, shop, order);
  }

  /** A request of the platform: its headers are no proof of anything, its certificate is [facts §1.3]. */
  async post(app: App, domain: string, to: string, body: object): Promise<{ status: number; body: string }> {
    const headers = { 'content-type': 'application/json', 'shopify-shop-domain': domain, 'shopify-request-id': newToken(this.ctx.world, 20), 'shopify-api-version': this.version };
    try {
      if (this.tls && to.startsWith('https:')) return await overTls(to, headers, JSON.stringify(body), this.tls);
      const request = new Request(to, { method: 'POST', headers, body: JSON.stringify(body) });
      const answer = app.send ? await app.send(request) : await fetch(request, { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) });
      return { status: answer.status, body: await answer.text() };
    } catch {
      return { status: 0, body: '' };
    }
  }

  session = (shop: Shop, gid: string): Session | undefined => this.ctx.world.sessions.find((one) => one.gid === gid && one.shop === shop.domain);
  refundSession = (shop: Shop, gid: string): RefundSession | undefined => this.ctx.world.refund_sessions.find((one) => one.gid === gid && one.shop === shop.domain);
  /** Where `nextAction` sends the buyer. */
  back = (session: Session): string => this.#page(session.shop, `/checkouts/${session.checkout_token}/thank-you`);

  #page = (domain: string, path: string): string => `${this.ctx.site(domain)}${path}`;

  #shop(domain: string): Shop {
    const shop = this.ctx.world.shops[domain];
    if (!shop) throw new Error(`the fake has no shop ${domain}`);
    return shop;
  }

  #app(shop: Shop, client_id?: string): App {
    const found = shop.installs.map((one) => this.ctx.app(one.client_id)).find((app) => app?.payments && (client_id === undefined || app.client_id === client_id));
    if (!found) throw new Error(`${shop.domain} has no payments app`);
    return found;
  }

  #found = (session: Session): Order | null => this.#shop(session.shop).orders.find(({ id }) => id === session.order) ?? null;

  /** The session's order, made where there is none; a group has one order. */
  #order(session: Session): Order {
    const twin = this.ctx.world.sessions.find((one) => one.group === session.group && one.order !== null);
    session.order ??= twin?.order ?? null;
    const known = this.#found(session);
    if (known) return known;
    const shop = this.#shop(session.shop);
    const gateway = this.ctx.app(session.client_id)?.payments?.name ?? 'payments app';
    const { first_name, last_name, email, phone } = session.customer;
    const order = orders.create(this.ctx, shop, { gateway, currency: session.currency, email, phone, test: session.test, lines: session.lines.map(({ title, price, quantity }) => ({ title, price: decimal(price, session.currency), quantity })), checkout_token: session.checkout_token, address: { first_name, last_name, address1: 'Av. Arequipa 1234', city: 'Lima', province: 'Lima', zip: '15046', country_code: 'PE', phone } });
    for (const one of order.transactions) Object.assign(one, { manual: false, payment_id: session.id } satisfies Partial<Transaction>);
    order.gateway_pending = session.state === 'pending';
    session.order = order.id;
    return order;
  }

  /** A failed payment: the buyer is mailed "Pay now" [facts §1.2]. */
  #failed(session: Session, expired: boolean): void {
    const order = this.#found(session);
    if (!order) return;
    const shop = this.#shop(session.shop);
    order.gateway_pending = false;
    order.gateway_expired = expired;
    for (const one of order.transactions) if (one.status === 'PENDING' && one.payment_id === session.id) one.status = 'FAILURE';
    shop.mails.push({ to: order.email, what: 'pay_now', order: order.name, at: this.ctx.now() });
    orders.touched(this.ctx, shop, order);
  }
}

function redirectIn(body: string): string | null {
  try {
    const { redirect_url } = JSON.parse(body);
    return body.length < 8_192 && typeof redirect_url === 'string' ? redirect_url : null;
  } catch {
    return null;
  }
}

function overTls(to: string, headers: Record<string, string>, body: string, tls: Tls): Promise<{ status: number; body: string }> {
  return new Promise((done, failed) => {
    const asked = httpsRequest(to, { method: 'POST', headers: { ...headers, 'content-length': Buffer.byteLength(body) }, ...tls, agent: false, timeout: PATIENCE_MS }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part)).on('end', () => done({ status: answer.statusCode ?? 0, body: Buffer.concat(parts).toString() })).on('error', failed);
    });
    asked.on('error', failed).on('timeout', () => asked.destroy(new Error('timeout')));
    asked.end(body);
  });
}

/** The Payments Apps API's root fields. */
export function paymentsRoot(platform: Platform): Record<string, unknown> {
  const no = (error: unknown): Array<{ field: string[] | null; message: string; code: string }> => {
    if (error instanceof orders.Refusal) return [{ field: error.field, message: error.message, code: error.code }];
    throw error;
  };
  const onSession = (id: string, call: Call, missing: string, act: (session: Session) => void): object => {
    const session = platform.session(call.shop, id);
    if (!session || session.client_id !== call.app.client_id) return { paymentSession: null, userErrors: [{ field: ['id'], message: "Payment session doesn't exist.", code: missing }] };
    try {
      act(session);
      return { paymentSession: sessionView(platform, session), userErrors: [] };
    } catch (error) {
      return { paymentSession: sessionView(platform, session), userErrors: no(error) };
    }
  };
  const onRefund = (id: string, call: Call, reject: { code: string; merchantMessage?: string } | null): object => {
    const one = platform.refundSession(call.shop, id);
    if (!one || one.client_id !== call.app.client_id) return { refundSession: null, userErrors: [{ field: ['id'], message: 'Refund session not found.', code: 'REFUND_SESSION_NOT_FOUND' }] };
    try {
      platform.endRefund(one, reject);
      return { refundSession: refundView(one), userErrors: [] };
    } catch (error) {
      return { refundSession: null, userErrors: no(error) };
    }
  };
  return {
    publicApiVersions: () => [{ __typename: 'ApiVersion', handle: platform.version, displayName: platform.version, supported: true }],
    paymentSessionPending: ({ id, pendingExpiresAt, reason }: { id: string; pendingExpiresAt: string; reason: string }, call: Call) => onSession(id, call, 'NOT_FOUND', (session) => platform.pending(session, pendingExpiresAt, reason)),
    paymentSessionResolve: ({ id }: { id: string }, call: Call) => onSession(id, call, 'NOT_FOUND', (session) => platform.resolve(session)),
    paymentSessionReject: ({ id, reason }: { id: string; reason: { code: string; merchantMessage?: string } }, call: Call) => onSession(id, call, 'NOT_FOUND', (session) => platform.reject(session, reason)),
    refundSessionResolve: ({ id }: { id: string }, call: Call) => onRefund(id, call, null),
    refundSessionReject: ({ id, reason }: { id: string; reason: { code: string; merchantMessage?: string } }, call: Call) => onRefund(id, call, reason),
    paymentsAppConfigure({ ready, externalHandle }: { ready: boolean; externalHandle?: string }, call: Call) {
      const install = call.shop.installs.find(({ client_id }) => client_id === call.app.client_id);
      if (install) Object.assign(install, { ready, external_handle: externalHandle ?? null });
      return { paymentsAppConfiguration: { __typename: 'PaymentsAppConfiguration', ready, externalHandle: externalHandle ?? null }, userErrors: [] };
    },
  };
}

const STATES: Record<Session['state'], string | null> = { open: null, pending: 'Pending', resolved: 'Resolved', rejected: 'Rejected', expired: 'Rejected' };

function sessionView(platform: Platform, session: Session): object {
  const state = STATES[session.state];
  return {
    __typename: 'PaymentSession', id: session.gid, authorizationExpiresAt: null, pendingExpiresAt: session.pending_expires === null ? null : new Date(session.pending_expires).toISOString(),
    state: state && { __typename: `PaymentSessionState${state}`, code: state.toUpperCase(), reason: session.state === 'pending' ? session.pending_reason : session.reject?.code ?? 'CANCELLED_PAYMENT', merchantMessage: session.reject?.merchantMessage ?? null, source: null },
    nextAction: { __typename: 'PaymentSessionNextAction', action: 'REDIRECT', context: { __typename: 'PaymentSessionActionsRedirect', redirectUrl: platform.back(session) } },
  };
}

const refundView = (one: RefundSession): object => {
  const state = one.state === 'rejected' ? 'Rejected' : 'Resolved';
  return { __typename: 'RefundSession', id: one.gid, state: { __typename: `RefundSessionState${state}`, code: state.toUpperCase(), reason: 'PROCESSING_ERROR', merchantMessage: one.reject?.merchantMessage ?? null } };
};
