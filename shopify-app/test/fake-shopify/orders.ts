// An order's life by Shopify's own rules: what it is worth, what is still owed, and what may be done to it when.
//
// The rules are those of facts §2.2 (the descriptions in the official schema, 2026-07). Where those are silent the reading is named in README.md.

import { decimal, minor } from './money.ts';
import * as payload from './payloads.ts';
import { type Address, type Ctx, type Customer, type Instant, type Job, type Line, type Minor, newId, newToken, newUuid, type Order, type Refund, type Shop, type Transaction } from './world.ts';

/** A refusal, in the words of a userError. */
export class Refusal extends Error {
  readonly field: string[] | null;
  readonly code: string;

  constructor(message: string, field: string[] | null = null, code = 'INVALID') {
    super(message);
    this.field = field;
    this.code = code;
  }
}

export interface Asked {
  gateway?: string;
  lines?: Array<{ title?: string; price: string; quantity?: number; tags?: string[]; product_id?: number }>;
  shipping?: string;
  currency?: string;
  email?: string;
  phone?: string;
  customer?: Customer | null;
  address?: Address | null;
  test?: boolean;
  /** Already paid at the checkout, as with a card. */
  paid?: boolean;
  note?: string;
  attributes?: Order['attributes'];
  localized?: Order['localized'];
  checkout_token?: string;
  /** Without a webhook, as if it had been created before the app was installed. */
  quiet?: boolean;
}

export const linesOf = (ctx: Ctx, asked: Asked['lines'], currency: string): Line[] => (asked ?? [{ price: '50.00' }]).map((line) => ({
  id: newId(ctx.world), title: line.title ?? 'Chompa de alpaca', quantity: line.quantity ?? 1, price: known(line.price, currency), tags: line.tags ?? [], product_id: line.product_id ?? newId(ctx.world), removed: 0,
}));

function known(text: string, currency: string): Minor {
  const value = minor(text, currency);
  if (value === null) throw new Error(`"${text}" is no amount in ${currency}`);
  return value;
}

/** The checkout's end: the order, its pending manual payment, and `orders/create`. */
export function create(ctx: Ctx, shop: Shop, asked: Asked): Order {
  const { world } = ctx;
  const presentment = asked.currency ?? shop.currency;
  const rate = presentment === shop.currency ? 1 : shop.rates[presentment];
  if (!rate) throw new Error(`${shop.domain} doesn't sell in ${presentment}`);
  const number = shop.next_number;
  shop.next_number += 1;
  const now = ctx.now();
  const order: Order = {
    id: newId(world), shop: shop.domain, number, name: `#${number}`, confirmation_number: newToken(world, 9).toUpperCase(),
    checkout_token: asked.checkout_token ?? newToken(world), cart_token: newToken(world), status_token: newToken(world),
    created: now, updated: now, processed: now, cancelled: null, cancel_reason: null, closed: null, test: asked.test ?? false,
    currency: shop.currency, presentment, rate, gateways: [asked.gateway ?? shop.manual[0] ?? 'manual'],
    email: asked.email ?? 'ana.quispe@example.pe', phone: asked.phone ?? '', customer: asked.customer ?? null, address: asked.address === undefined ? LIMA : asked.address,
    lines: linesOf(ctx, asked.lines, presentment), shipping: known(asked.shipping ?? '0.00', presentment), adjusted: 0,
    tags: [], note: asked.note ?? '', attributes: asked.attributes ?? [], localized: asked.localized ?? [], transactions: [], refunds: [], metafields: [], edited: false, fulfilled: false, restocked: false, gateway_pending: false, gateway_expired: false,
  };
  shop.orders.push(order);
  if (total(order) > 0) addSale(ctx, order, { gateway: order.gateways[0] ?? 'manual', manual: !asked.paid, amount: total(order), status: asked.paid ? 'SUCCESS' : 'PENDING', by: null });
  if (!asked.quiet) {
    ctx.emit(shop, 'orders/create', gid(order), payload.order(ctx, shop, order));
    if (asked.paid) ctx.emit(shop, 'orders/paid', gid(order), payload.order(ctx, shop, order));
  }
  return order;
}

const LIMA: Address = { first_name: 'Ana', last_name: 'Quispe', address1: 'Av. Arequipa 1234', city: 'Lima', province: 'Lima', zip: '15046', country_code: 'PE', phone: '' };

export const gid = (order: Order): string => `gid://shopify/Order/${order.id}`;

// What it is worth, in the buyer's currency.
const sum = (values: Minor[]): Minor => values.reduce((all, value) => all + value, 0);
const amountOf = (order: Order, kind: Transaction['kind']): Minor => sum(order.transactions.filter((one) => one.kind === kind && one.status === 'SUCCESS').map(({ amount }) => amount));
export const subtotal = (order: Order): Minor => sum(order.lines.map((line) => line.price * (line.quantity - line.removed)));
export const originalTotal = (order: Order): Minor => sum(order.lines.map((line) => line.price * line.quantity)) + order.shipping;
/** What the order is worth now; nothing once it was cancelled unpaid. */
export const total = (order: Order): Minor => (order.cancelled !== null && received(order) === 0 ? 0 : subtotal(order) + order.shipping - order.adjusted);
export const received = (order: Order): Minor => amountOf(order, 'SALE');
export const refunded = (order: Order): Minor => amountOf(order, 'REFUND');
/** Positive: the buyer owes. Negative: the shop does. */
export const outstanding = (order: Order): Minor => (order.cancelled === null ? total(order) - received(order) + refunded(order) : 0);

/** `displayFinancialStatus`. */
export function standing(order: Order): string {
  const [in_, out] = [received(order), refunded(order)];
  if (in_ === 0) {
    if (order.cancelled !== null) return 'VOIDED';
    if (order.gateway_expired) return 'EXPIRED';
    return total(order) === 0 ? 'PAID' : 'PENDING';
  }
  if (out >= in_) return 'REFUNDED';
  if (outstanding(order) > 0) return 'PARTIALLY_PAID';
  return out > 0 ? 'PARTIALLY_REFUNDED' : 'PAID';
}

/** A positive balance, not PAID already [facts §2.2]; nothing while a payments app still owes its answer [facts §1.2]. */
export const canMarkAsPaid = (order: Order): boolean => order.cancelled === null && !order.gateway_pending && outstanding(order) > 0 && standing(order) !== 'PAID';

export interface Sale { gateway: string; manual: boolean; amount: Minor; status: Transaction['status']; by: string | null; at?: Instant; parent?: number | null; kind?: Transaction['kind']; payment_id?: string }

export function addSale(ctx: Ctx, order: Order, sale: Sale): Transaction {
  const made: Transaction = {
    id: newId(ctx.world), kind: sale.kind ?? 'SALE', status: sale.status, gateway: sale.gateway, manual: sale.manual, amount: sale.amount,
    parent: sale.parent ?? null, at: sale.at ?? ctx.now(), by: sale.by, payment_id: sale.payment_id ?? `${order.name}.${order.transactions.length + 1}`,
  };
  order.transactions.push(made);
  return made;
}

/** After every change: the time of it, and the webhooks that tell of it. */
export function touched(ctx: Ctx, shop: Shop, order: Order, ...topics: string[]): void {
  order.updated = Math.max(ctx.now(), order.updated + 1);
  for (const topic of [...topics, 'orders/updated']) ctx.emit(shop, topic, gid(order), payload.order(ctx, shop, order));
}

/** orderMarkAsPaid, and the button "Mark as paid": a sale over the whole balance. */
export function markAsPaid(ctx: Ctx, shop: Shop, order: Order, by: string | null): Transaction {
  if (!canMarkAsPaid(order)) throw new Refusal('Order cannot be marked as paid.', ['id']);
  const pending = order.transactions.find((one) => one.kind === 'SALE' && one.status === 'PENDING');
  return settle(ctx, shop, order, { gateway: shop.marks_as === 'name' ? order.gateways[0] ?? 'manual' : 'manual', manual: true, amount: outstanding(order), status: 'SUCCESS', by, parent: pending?.id ?? null });
}

/** orderCreateManualPayment. */
export function manualPayment(ctx: Ctx, shop: Shop, order: Order, asked: { amount?: { amount: string; currencyCode: string }; paymentMethodName?: string; processedAt?: string }, by: string): Transaction {
  const owed = outstanding(order);
  const amount = asked.amount ? minor(asked.amount.amount, order.presentment) ?? 0 : owed;
  const at = asked.processedAt ? Date.parse(asked.processedAt) : ctx.now();
  if (asked.amount && asked.amount.currencyCode !== order.presentment) throw new Refusal("The currency of the amount doesn't match the presentment currency of the order.", ['amount'], 'CURRENCY_MISMATCH');
  if (asked.paymentMethodName !== undefined && !shop.manual.includes(asked.paymentMethodName)) throw new Refusal('Payment gateway is not found.', ['paymentMethodName'], 'GATEWAY_NOT_FOUND');
  if (!(at <= ctx.now())) throw new Refusal('processedAt is invalid.', ['processedAt'], 'PROCESSED_AT_INVALID');
  if (order.gateway_pending) throw new Refusal('Order is temporarily unavailable.', ['id'], 'ORDER_IS_TEMPORARILY_UNAVAILABLE');
  if (amount <= 0) throw new Refusal('Amount must be positive.', ['amount'], owed <= 0 ? 'AMOUNT_EXCEEDS_BALANCE' : 'AMOUNT_NOT_POSITIVE');
  if (order.cancelled !== null || amount > owed) throw new Refusal('Amount exceeds the remaining balance.', ['amount'], 'AMOUNT_EXCEEDS_BALANCE');
  return settle(ctx, shop, order, { gateway: asked.paymentMethodName ?? 'Other', manual: true, amount, status: 'SUCCESS', by, at });
}

/** Money that came in, however: the transaction, the gateway's name, and `orders/paid` once nothing is owed. */
export function settle(ctx: Ctx, shop: Shop, order: Order, sale: Sale): Transaction {
  const made = addSale(ctx, order, sale);
  if (!order.gateways.includes(sale.gateway)) order.gateways.push(sale.gateway);
  order.gateway_pending = false;
  ctx.emit(shop, 'order_transactions/create', `gid://shopify/OrderTransaction/${made.id}`, payload.transaction(order, made));
  touched(ctx, shop, order, ...(outstanding(order) <= 0 ? ['orders/paid'] : ['orders/partially_paid']));
  return made;
}

/** orderCancel accepts and answers with a job; what it does, it does later. */
export function askToCancel(ctx: Ctx, shop: Shop, order: Order, asked: { reason: string; restock: boolean; notify: boolean; refund: boolean; staff_note: string }): Job {
  if (order.cancelled !== null) throw new Refusal('Order has already been cancelled', ['orderId']);
  if (order.gateway_pending) throw new Refusal('Cannot cancel an order with pending payments', ['orderId']);
  if (order.fulfilled) throw new Refusal('Cannot cancel a fulfilled order', ['orderId']);
  if ([...asked.staff_note].length > 255) throw new Refusal('Staff note is too long (maximum is 255 characters)', ['staffNote']);
  const job: Job = { id: newUuid(ctx.world), shop: shop.domain, order: order.id, due: ctx.now() + shop.job_ms, done: false, fails: false, ...asked };
  ctx.world.jobs.push(job);
  return job;
}

/** The job's turn. It cancels what it finds, also an order that was paid in between: nothing says that it wouldn't. */
export function runJob(ctx: Ctx, job: Job): void {
  job.done = true;
  const shop = ctx.world.shops[job.shop];
  const order = shop?.orders.find(({ id }) => id === job.order);
  if (!shop || !order || job.fails || order.cancelled !== null) return;
  const left = received(order) - refunded(order);
  if (job.refund && left > 0) refund(ctx, shop, order, { note: '', amount: left, by: null });
  order.cancelled = ctx.now();
  order.cancel_reason = job.reason;
  order.closed = ctx.now();
  if (job.restock && !order.restocked) {
    order.restocked = true;
    for (const line of order.lines) shop.restocked[line.title] = (shop.restocked[line.title] ?? 0) + line.quantity - line.removed;
  }
  if (job.notify && order.email) shop.mails.push({ to: order.email, what: 'order_cancelled', order: order.name, at: ctx.now() });
  touched(ctx, shop, order, 'orders/cancelled');
}

/** An edit in the admin: other quantities, or a line more. The difference is owed by one side. */
export function edit(ctx: Ctx, shop: Shop, order: Order, change: { remove?: Array<{ line?: number; quantity?: number }>; add?: Asked['lines'] }): void {
  if (order.cancelled !== null) throw new Refusal('Order is cancelled and cannot be edited', ['id']);
  if (order.gateway_pending) throw new Refusal('Order has pending payments and cannot be edited', ['id']);
  const removals = (change.remove ?? []).map(({ line = 0, quantity = 1 }) => {
    const at = order.lines[line];
    if (!at || at.quantity - at.removed < quantity) throw new Refusal('Quantity is more than the order has', ['quantity']);
    at.removed += quantity;
    return { id: at.id, delta: quantity };
  });
  const added = change.add ? linesOf(ctx, change.add, order.presentment) : [];
  order.lines.push(...added);
  order.edited = true;
  const additions = added.map(({ id, quantity }) => ({ id, delta: quantity }));
  touched(ctx, shop, order);
  ctx.emit(shop, 'orders/edited', gid(order), payload.edit(ctx, order, { additions, removals }));
}

export interface RefundAsked { amount: Minor; note: string; by: string | null; lines?: Refund['lines']; parent?: number; over?: boolean; status?: Transaction['status'] }

/** Records a refund against the sale; it moves no money of a manual method [facts §2.2]. */
export function refund(ctx: Ctx, shop: Shop, order: Order, asked: RefundAsked): Refund {
  const sale = order.transactions.find((one) => one.kind === 'SALE' && one.status === 'SUCCESS' && (asked.parent === undefined || one.id === asked.parent));
  if (!sale) throw new Refusal('Parent transaction is not a successful sale', ['input', 'transactions']);
  const left = sale.amount - sum(order.transactions.filter((one) => one.kind === 'REFUND' && one.status !== 'FAILURE' && one.parent === sale.id).map(({ amount }) => amount));
  if (asked.amount < 0) throw new Refusal('Refund amount must be positive', ['input', 'transactions']);
  if (asked.amount > left && !asked.over) throw new Refusal(`Refund amount ${decimal(asked.amount, order.presentment)} exceeds the refundable ${decimal(left, order.presentment)}`, ['input', 'transactions']);
  for (const { line, quantity } of asked.lines ?? []) {
    const at = order.lines.find(({ id }) => id === line);
    if (!at || at.quantity - at.removed < quantity) throw new Refusal('Refund line item quantity is more than the order has', ['input', 'refundLineItems']);
    at.removed += quantity;
  }
  const owed = Math.max(0, -outstanding(order));
  const made: Refund = { id: newId(ctx.world), note: asked.note, at: ctx.now(), transactions: [], lines: asked.lines ?? [] };
  if (asked.amount > 0) made.transactions.push(addSale(ctx, order, { kind: 'REFUND', status: asked.status ?? 'SUCCESS', gateway: sale.gateway, manual: sale.manual, amount: asked.amount, by: asked.by, parent: sale.id }).id);
  if ((asked.status ?? 'SUCCESS') === 'SUCCESS') order.adjusted += Math.max(0, asked.amount - owed);
  order.refunds.push(made);
  ctx.emit(shop, 'refunds/create', `gid://shopify/Refund/${made.id}`, payload.refund(order, made));
  touched(ctx, shop, order);
  return made;
}

/** Tags are compared without case; a comma parts them [the schema's words on tagsAdd]. */
export function tag(ctx: Ctx, shop: Shop, order: Order, words: string[], add: boolean): void {
  const named = words.flatMap((word) => word.split(',')).map((word) => word.trim()).filter(Boolean);
  if (named.some((word) => [...word].length > 40)) throw new Refusal('Tag is too long (maximum is 40 characters)', ['tags']);
  const has = (word: string): boolean => order.tags.some((one) => one.toLowerCase() === word.toLowerCase());
  const before = order.tags.join();
  if (add) for (const word of named) if (!has(word)) order.tags.push(word);
  if (!add) order.tags = order.tags.filter((one) => !named.some((word) => word.toLowerCase() === one.toLowerCase()));
  if (order.tags.length > 250) throw new Refusal('An order has at most 250 tags', ['tags']);
  order.tags.sort();
  if (order.tags.join() !== before) touched(ctx, shop, order);
}
