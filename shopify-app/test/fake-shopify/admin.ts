// The Admin API's root fields: what can be asked, and the mutations that change an order.

import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import { customizationsRoot } from './customizations.ts';
import { denied, type Call } from './graphql.ts';
import { metafieldsSet } from './metafields.ts';
import { minor } from './money.ts';
import * as orders from './orders.ts';
import { search } from './search.ts';
import { connection, digest, gidOf, orderView, type Page, refundView, shopView } from './views.ts';
import { type Ctx, type Job, type Order, orderOf } from './world.ts';

const DAY_MS = 24 * 3_600_000;
/** Without `read_all_orders` nothing older is seen [the schema's words on QueryRoot.order]. */
const WINDOW_DAYS = 60;

/** An order that this token may see. */
function seen(call: Call, id: string): Order | null {
  if (!/^gid:\/\/shopify\/\w+\/\d+$/.test(id)) throw new GraphQLError(`Invalid global id '${id}'`, { extensions: { code: 'INVALID_ID' } });
  const order = orderOf(call.shop, id);
  return order && visible(call, order) ? order : null;
}

const visible = (call: Call, order: Order): boolean => call.token.scopes.includes('read_all_orders') || order.created > call.ctx.now() - WINDOW_DAYS * DAY_MS;

const refused = (error: unknown): Array<{ field: string[] | null; message: string; code: string }> => {
  if (error instanceof orders.Refusal) return [{ field: error.field, message: error.message, code: error.code }];
  throw error;
};

/** Carries a mutation out, or answers with its userErrors. */
function tried<T>(act: () => T, no: (errors: ReturnType<typeof refused>) => T): T {
  try {
    return act();
  } catch (error) {
    return no(refused(error));
  }
}

const SORTS: Record<string, (order: Order) => number | string> = { CREATED_AT: (one) => one.created, UPDATED_AT: (one) => one.updated, PROCESSED_AT: (one) => one.processed, ID: (one) => one.id, ORDER_NUMBER: (one) => one.number, TOTAL_PRICE: orders.originalTotal };

function ordersFound(args: Page & { query?: string; sortKey?: string }, call: Call): object {
  const { ctx, shop } = call;
  const { judge, warnings } = search(args.query ?? '', ctx.now());
  if (args.query) call.search.push({ path: ['orders'], query: args.query, parsed: {}, warnings });
  const indexed = (order: Order): boolean => order.updated <= ctx.now() - shop.search_lag_ms;
  const key = SORTS[args.sortKey ?? 'PROCESSED_AT'] ?? ((order: Order) => order.id);
  const found = shop.orders.filter((order) => visible(call, order) && indexed(order) && judge(order)).sort((one, other) => (key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : one.id - other.id));
  return connection(found, args, (order) => orderView(call, order));
}

interface RefundInput { orderId: string; currency?: string; note?: string; notify?: boolean; allowOverRefunding?: boolean; transactions?: Array<{ orderId: string; parentId?: string; kind: string; gateway: string; amount: string }>; refundLineItems?: Array<{ lineItemId: string; quantity: number }> }

/** Needs `@idempotent(key:)` from 2026-04 on, which the schema doesn't enforce [facts §2.2]; how its absence is answered is not documented. */
function refundCreate({ input }: { input: RefundInput }, call: Call, info: GraphQLResolveInfo): object {
  const key = idempotencyKey(info, call);
  if (!key?.trim()) throw new GraphQLError('The @idempotent directive is required for this mutation.', { extensions: { code: 'BAD_REQUEST' } });
  const place = `${call.shop.domain} ${call.app.client_id} refundCreate ${key}`;
  const known = call.ctx.world.idempotency[place];
  const order = seen(call, input.orderId);
  if (!order) return { order: null, refund: null, userErrors: [{ field: ['input', 'orderId'], message: 'Order does not exist' }] };
  const asked = digest(JSON.stringify(input));
  if (known) {
    const made = order.refunds.find(({ id }) => id === known.refund);
    if (known.input !== asked || !made) return { order: null, refund: null, userErrors: [{ field: null, message: 'The same idempotency key cannot be used with different operation parameters.' }] };
    return { order: orderView(call, order), refund: refundView(call, order, made), userErrors: [] };
  }
  return tried(() => {
    const made = orders.refund(call.ctx, call.shop, order, refundAsked(call, order, input));
    call.ctx.world.idempotency[place] = { input: asked, refund: made.id };
    return { order: orderView(call, order), refund: refundView(call, order, made), userErrors: [] } as object;
  }, (userErrors) => ({ order: null, refund: null, userErrors }));
}

function refundAsked(call: Call, order: Order, input: RefundInput): orders.RefundAsked {
  const refuse = (message: string, ...field: string[]): never => { throw new orders.Refusal(message, ['input', ...field]); };
  if (order.currency !== order.presentment && !input.currency) refuse('Currency is required for multi-currency orders', 'currency');
  if (input.currency && input.currency !== order.presentment) refuse('Currency must be the presentment currency of the order', 'currency');
  const [one, ...more] = input.transactions ?? [];
  if (more.length > 0) refuse('the fake takes one transaction a refund', 'transactions');
  const lines = (input.refundLineItems ?? []).map(({ lineItemId, quantity }) => ({ line: Number(lineItemId.replace(/^.*\//, '')), quantity }));
  if (!one) return { amount: 0, note: input.note ?? '', by: call.app.client_id, lines };
  const parent = order.transactions.find(({ id }) => gidOf('OrderTransaction', id) === one.parentId);
  const amount = minor(one.amount, order.presentment);
  if (one.kind !== 'REFUND') refuse('Kind must be refund', 'transactions');
  if (!parent) return refuse('Parent transaction does not exist', 'transactions');
  if (parent.gateway !== one.gateway) refuse('Gateway does not match the parent transaction', 'transactions');
  if (amount === null || amount <= 0) return refuse('Amount must be positive', 'transactions');
  return { amount, note: input.note ?? '', by: call.app.client_id, lines, parent: parent.id, over: input.allowOverRefunding ?? false };
}

function idempotencyKey(info: GraphQLResolveInfo, call: Call): string | undefined {
  const value = info.fieldNodes[0]?.directives?.find(({ name }) => name.value === 'idempotent')?.arguments?.find(({ name }) => name.value === 'key')?.value;
  if (value?.kind === 'StringValue') return value.value;
  return value?.kind === 'Variable' ? String(call.variables[value.name.value] ?? '') : undefined;
}

function tagged(add: boolean): (args: { id: string; tags: string[] }, call: Call) => object {
  return ({ id, tags }, call) => {
    if (!call.token.scopes.includes('write_orders')) throw denied(add ? 'tagsAdd' : 'tagsRemove', '`write_orders` access scope.');
    const order = seen(call, id);
    if (!order) return { node: null, userErrors: [{ field: ['id'], message: 'Order does not exist' }] };
    return tried(() => {
      orders.tag(call.ctx, call.shop, order, tags, add);
      return { node: orderView(call, order), userErrors: [] } as object;
    }, (userErrors) => ({ node: null, userErrors }));
  };
}

interface CancelArgs { orderId: string; reason: string; restock: boolean; notifyCustomer?: boolean; refund?: boolean; refundMethod?: { originalPaymentMethodsRefund?: boolean }; staffNote?: string }

/** Asynchronous: the job is all that comes back. Both lists of errors are filled, as in a deprecated field's years. */
function orderCancel(args: CancelArgs, call: Call): object {
  const no = (errors: ReturnType<typeof refused>): object => ({ job: null, orderCancelUserErrors: errors, userErrors: errors });
  const order = seen(call, args.orderId);
  if (!order) return no([{ field: ['orderId'], message: 'Order does not exist', code: 'NOT_FOUND' }]);
  const back = args.refund ?? args.refundMethod?.originalPaymentMethodsRefund ?? false;
  return tried(() => ({ job: jobView(orders.askToCancel(call.ctx, call.shop, order, { reason: args.reason, restock: args.restock, notify: args.notifyCustomer ?? false, refund: back, staff_note: args.staffNote ?? '' })), orderCancelUserErrors: [], userErrors: [] }) as object, no);
}

const jobView = (job: Job): object => ({ id: gidOf('Job', job.id), done: job.done, query: null });

/** What the root fields do. */
export const adminRoot = (settle: (ctx: Ctx) => void): Record<string, unknown> => ({
  order: ({ id }: { id: string }, call: Call) => viewed(call, seen(call, id)),
  node: ({ id }: { id: string }, call: Call) => viewed(call, seen(call, id)),
  nodes: ({ ids }: { ids: string[] }, call: Call) => ids.map((id) => viewed(call, seen(call, id))),
  orders: ordersFound,
  ordersCount: ({ query }: { query?: string }, call: Call) => ({ count: call.shop.orders.filter((order) => visible(call, order) && search(query ?? '', call.ctx.now()).judge(order)).length, precision: 'EXACT' }),
  job({ id }: { id: string }, call: Call) {
    settle(call.ctx);
    const job = call.ctx.world.jobs.find((one) => gidOf('Job', one.id) === id && one.shop === call.shop.domain);
    return job ? jobView(job) : null;
  },
  shop: (_: unknown, call: Call) => shopView(call),
  currentAppInstallation: (_: unknown, call: Call) => ({ __typename: 'AppInstallation', id: gidOf('AppInstallation', call.shop.id), accessScopes: call.token.scopes.map((handle) => ({ handle, description: handle })), app: { id: gidOf('App', 1), apiKey: call.app.client_id, title: call.app.name, handle: call.app.client_id }, launchUrl: call.app.url }),
  orderMarkAsPaid({ input }: { input: { id: string } }, call: Call) {
    const order = seen(call, input.id);
    if (!order) return { order: null, userErrors: [{ field: ['id'], message: 'Order does not exist' }] };
    return tried(() => {
      orders.markAsPaid(call.ctx, call.shop, order, call.app.client_id);
      return { order: orderView(call, order), userErrors: [] } as object;
    }, (userErrors) => ({ order: orderView(call, order), userErrors }));
  },
  orderCreateManualPayment(args: { id: string; amount?: { amount: string; currencyCode: string }; paymentMethodName?: string; processedAt?: string }, call: Call) {
    if (args.amount && !call.shop.plus) throw denied('orderCreateManualPayment', 'The API client must be installed on a Shopify Plus store to use the amount field.');
    const order = seen(call, args.id);
    if (!order) return { order: null, userErrors: [{ field: ['id'], message: 'Order is not found.', code: 'ORDER_NOT_FOUND' }] };
    return tried(() => {
      orders.manualPayment(call.ctx, call.shop, order, args, call.app.client_id);
      return { order: orderView(call, order), userErrors: [] } as object;
    }, (userErrors) => ({ order: null, userErrors }));
  },
  orderCancel, refundCreate, metafieldsSet: metafieldsSet(seen), ...customizationsRoot,
  tagsAdd: tagged(true), tagsRemove: tagged(false),
  orderUpdate({ input }: { input: { id: string; note?: string; tags?: string[] } }, call: Call) {
    const order = seen(call, input.id);
    if (!order) return { order: null, userErrors: [{ field: ['id'], message: 'Order does not exist' }] };
    if (input.note !== undefined) order.note = input.note;
    if (input.tags) order.tags = [...input.tags].sort();
    orders.touched(call.ctx, call.shop, order);
    return { order: orderView(call, order), userErrors: [] };
  },
});

const viewed = (call: Call, order: Order | null): object | null => (order ? orderView(call, order) : null);
