// The Admin API's resolvers: the fields of an order as the official schema types them, and the mutations that change one.

import { createHash } from 'node:crypto';
import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import { denied, type Call } from './graphql.ts';
import { bag, decimal, inShop, minor } from './money.ts';
import * as orders from './orders.ts';
import { search } from './search.ts';
import { type Ctx, type Job, type Metafield, newId, type Order, orderOf, type Refund, type Shop, type Transaction } from './world.ts';

const DAY_MS = 24 * 3_600_000;
/** Without `read_all_orders` nothing older is seen [the schema's words on QueryRoot.order]. */
const WINDOW_DAYS = 60;
const PAGE = 250;

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString().replace('.000Z', 'Z'));
const at = (when: number): string => iso(when) ?? '';
const gidOf = (kind: string, id: number | string): string => `gid://shopify/${kind}/${id}`;

/** `compareDigest` of a value; its making is Shopify's own affair, only equality counts. */
const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

type Page = { first?: number; last?: number; after?: string; before?: string; reverse?: boolean };

/** A connection over what is there, by Shopify's paging rules. */
function connection<T>(all: T[], { first, last, after, reverse }: Page, view: (one: T) => unknown): object {
  if (first === undefined && last === undefined) throw new GraphQLError('you must provide one of first or last', { extensions: { code: 'BAD_USER_INPUT' } });
  if ((first ?? last ?? 0) > PAGE) throw new GraphQLError(`Value ${first ?? last} is greater than ${PAGE}`, { extensions: { code: 'BAD_USER_INPUT' } });
  const sorted = reverse ? [...all].reverse() : all;
  const start = after ? Number(Buffer.from(after, 'base64url').toString()) + 1 : 0;
  const from = last !== undefined && first === undefined ? Math.max(start, sorted.length - last) : start;
  const page = sorted.slice(from, from + (first ?? last ?? 0));
  const cursor = (index: number): string => Buffer.from(String(from + index)).toString('base64url');
  return {
    nodes: page.map(view),
    edges: page.map((one, index) => ({ node: view(one), cursor: cursor(index) })),
    pageInfo: { hasNextPage: from + page.length < sorted.length, hasPreviousPage: from > 0, startCursor: page.length ? cursor(0) : null, endCursor: page.length ? cursor(page.length - 1) : null },
  };
}

function orderView(call: Call, order: Order): object {
  const { shop, ctx } = call;
  const money = (value: number): string => decimal(inShop(value, order), order.currency);
  const address = order.address && { ...addressView(order), __typename: 'MailingAddress' };
  return {
    __typename: 'Order', id: orders.gid(order), legacyResourceId: String(order.id), name: order.name, number: order.number, confirmationNumber: order.confirmation_number, confirmed: true,
    checkoutToken: order.checkout_token, cartToken: order.cart_token, createdAt: at(order.created), updatedAt: at(order.updated), processedAt: at(order.processed),
    cancelledAt: iso(order.cancelled), cancelReason: order.cancel_reason, closed: order.closed !== null, closedAt: iso(order.closed), test: order.test, edited: order.edited,
    cancellation: order.cancelled === null ? null : { staffNote: ctx.world.jobs.findLast((job) => job.order === order.id)?.staff_note || null },
    currencyCode: order.currency, presentmentCurrencyCode: order.presentment, displayFinancialStatus: orders.standing(order), displayFulfillmentStatus: order.fulfilled ? 'FULFILLED' : 'UNFULFILLED',
    canMarkAsPaid: orders.canMarkAsPaid(order), fullyPaid: orders.outstanding(order) <= 0, unpaid: orders.received(order) === 0 && orders.total(order) > 0, capturable: false,
    refundable: orders.received(order) > orders.refunded(order), restockable: order.cancelled === null, paymentGatewayNames: [...order.gateways], requiresShipping: true, returnStatus: 'NO_RETURN',
    tags: [...order.tags], note: order.note || null, email: order.email, phone: order.phone || null, customerLocale: 'es-PE', sourceName: 'web', clientIp: '190.0.2.7',
    customer: order.customer && customerView(order), billingAddress: address, shippingAddress: address, displayAddress: address,
    totalPriceSet: bag(orders.originalTotal(order), order), originalTotalPriceSet: bag(orders.originalTotal(order), order), currentTotalPriceSet: bag(orders.total(order), order),
    currentSubtotalPriceSet: bag(orders.subtotal(order), order), subtotalPriceSet: bag(orders.subtotal(order), order), totalShippingPriceSet: bag(order.shipping, order),
    totalOutstandingSet: bag(orders.outstanding(order), order), totalReceivedSet: bag(orders.received(order), order), totalRefundedSet: bag(orders.refunded(order), order),
    netPaymentSet: bag(orders.received(order) - orders.refunded(order), order), totalCapturableSet: bag(0, order),
    totalPrice: money(orders.originalTotal(order)), totalReceived: money(orders.received(order)), totalRefunded: money(orders.refunded(order)), netPayment: money(orders.received(order) - orders.refunded(order)),
    statusPageUrl: `${ctx.site(shop.domain)}/${shop.id}/orders/${order.status_token}/authenticate?key=${order.cart_token}`,
    transactions: ({ first }: { first?: number }) => order.transactions.slice(0, first ?? PAGE).map((one) => transactionView(call, order, one)),
    transactionsCount: { count: order.transactions.length, precision: 'EXACT' },
    refunds: ({ first }: { first?: number }) => order.refunds.slice(0, first ?? PAGE).map((one) => refundView(call, order, one)),
    lineItems: (page: Page) => connection(order.lines, page, (line) => lineView(order, line)),
    metafield: ({ namespace, key }: { namespace?: string; key: string }) => metafieldView(call, order, order.metafields.find((one) => one.namespace === space(call, namespace) && one.key === key)),
    metafields: ({ namespace, keys, ...page }: Page & { namespace?: string; keys?: string[] }) => connection(order.metafields.filter((one) => (!namespace || one.namespace === space(call, namespace)) && (!keys || keys.includes(`${one.namespace}.${one.key}`))), page, (one) => metafieldView(call, order, one)),
    paymentTerms: null, risks: [], fulfillments: [], customAttributes: order.attributes.map(({ key, value }) => ({ key, value })), localizedFields: (page: Page) => connection(order.localized, page, (one) => ({ __typename: 'LocalizedField', ...one, title: one.key, purpose: 'TAX', countryCode: 'PE' })),
    discountCodes: [], disputes: [], alerts: [], taxLines: [], taxesIncluded: true,
  };
}

function addressView(order: Order): object {
  const { address } = order;
  return {
    firstName: address?.first_name ?? null, lastName: address?.last_name ?? null, name: address ? `${address.first_name} ${address.last_name}` : null, address1: address?.address1 ?? null, address2: null, company: null,
    city: address?.city ?? null, province: address?.province ?? null, provinceCode: null, zip: address?.zip ?? null, country: 'Peru', countryCode: address?.country_code ?? null, countryCodeV2: address?.country_code ?? null, phone: address?.phone || null, id: gidOf('MailingAddress', order.id),
  };
}

const customerView = ({ customer }: Order): object => ({ __typename: 'Customer', id: gidOf('Customer', customer?.id ?? 0), legacyResourceId: String(customer?.id), email: customer?.email, firstName: customer?.first_name, lastName: customer?.last_name, displayName: `${customer?.first_name} ${customer?.last_name}`, phone: customer?.phone || null, locale: 'es-PE' });

const lineView = (order: Order, line: Order['lines'][number]): object => ({
  __typename: 'LineItem', id: gidOf('LineItem', line.id), title: line.title, name: line.title, quantity: line.quantity, currentQuantity: line.quantity - line.removed, refundableQuantity: line.quantity - line.removed, sku: null, variantTitle: null, vendor: null,
  originalUnitPriceSet: bag(line.price, order), discountedUnitPriceSet: bag(line.price, order), originalTotalSet: bag(line.price * line.quantity, order), requiresShipping: true, isGiftCard: false,
  product: { __typename: 'Product', id: gidOf('Product', line.product_id), legacyResourceId: String(line.product_id), title: line.title, tags: [...line.tags], handle: line.title.toLowerCase().replaceAll(' ', '-'), productType: '', vendor: '' },
});

function transactionView(call: Call, order: Order, one: Transaction): object {
  const parent = order.transactions.find(({ id }) => id === one.parent);
  return {
    __typename: 'OrderTransaction', id: gidOf('OrderTransaction', one.id), kind: one.kind, status: one.status, gateway: one.gateway, formattedGateway: one.gateway, manualPaymentGateway: one.manual, amountSet: bag(one.amount, order),
    createdAt: at(one.at), processedAt: at(one.at), test: order.test, paymentId: one.payment_id, parentTransaction: parent ? () => transactionView(call, order, parent) : null, order: () => orderView(call, order), errorCode: null, authorizationCode: null, receiptJson: null, accountNumber: null, user: null,
  };
}

const refundView = (call: Call, order: Order, one: Refund): object => {
  const made = order.transactions.filter(({ id }) => one.transactions.includes(id));
  const amount = made.filter(({ status }) => status === 'SUCCESS').reduce((sum, refund) => sum + refund.amount, 0);
  return {
    __typename: 'Refund', id: gidOf('Refund', one.id), legacyResourceId: String(one.id), note: one.note || null, createdAt: at(one.at), updatedAt: at(one.at), processedAt: at(one.at), totalRefundedSet: bag(amount, order),
    order: () => orderView(call, order), transactions: (page: Page) => connection(made, page, (each) => transactionView(call, order, each)),
  };
};

/** `$app`, or nothing, is the app's own corner [facts §2.2]. */
const space = (call: Call, namespace?: string): string => (namespace === undefined || namespace === '$app' ? `app--${call.app.client_id}` : namespace.startsWith('$app:') ? `app--${call.app.client_id}--${namespace.slice(5)}` : namespace);

function metafieldView(call: Call, order: Order, one: Metafield | undefined): object | null {
  if (!one) return null;
  return {
    __typename: 'Metafield', id: gidOf('Metafield', one.id), legacyResourceId: String(one.id), namespace: one.namespace, key: one.key, type: one.type, value: one.value, compareDigest: digest(one.value),
    jsonValue: one.type === 'json' ? JSON.parse(one.value) : one.value, createdAt: at(one.created), updatedAt: at(one.updated), ownerType: 'ORDER', owner: () => orderView(call, order), sizeInBytes: Buffer.byteLength(one.value), description: null,
  };
}

const shopView = ({ shop }: Call): object => ({
  __typename: 'Shop', id: gidOf('Shop', shop.id), name: shop.name, email: shop.email, contactEmail: shop.email, myshopifyDomain: shop.domain, currencyCode: shop.currency, enabledPresentmentCurrencies: [shop.currency, ...Object.keys(shop.rates)],
  ianaTimezone: 'America/Lima', timezoneOffset: '-0500', timezoneOffsetMinutes: -300, timezoneAbbreviation: '-05', url: `https://${shop.domain}`, primaryDomain: { id: gidOf('Domain', shop.id), host: shop.domain, url: `https://${shop.domain}`, sslEnabled: true },
  plan: { partnerDevelopment: false, shopifyPlus: shop.plus, displayName: shop.plus ? 'Shopify Plus' : 'Basic', publicDisplayName: shop.plus ? 'Plus' : 'Basic' }, setupRequired: false, taxesIncluded: true, shopOwnerName: 'Rosa Huamán',
  billingAddress: { country: 'Peru', countryCodeV2: 'PE', city: 'Lima' }, shopAddress: { country: 'Peru', countryCodeV2: 'PE', city: 'Lima' },
});

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

interface SetInput { ownerId: string; namespace?: string; key: string; type?: string; value: string; compareDigest?: string | null }

/** All or nothing; `compareDigest: null` means "only where there is none yet" [the schema's words on metafieldsSet]. */
function metafieldsSet({ metafields }: { metafields: SetInput[] }, call: Call): object {
  const wrong = (message: string, code: string, index: number): object => ({ metafields: null, userErrors: [{ field: ['metafields', String(index)], message, code, elementIndex: index }] });
  if (metafields.length > 25) return wrong('Exceeded the maximum metafields input limit of 25.', 'LESS_THAN_OR_EQUAL_TO', 25);
  const checked: Array<{ order: Order; input: SetInput; namespace: string; known: Metafield | undefined }> = [];
  for (const [index, input] of metafields.entries()) {
    const order = seen(call, input.ownerId);
    if (!order) return wrong('Owner does not exist.', 'INVALID', index);
    const namespace = space(call, input.namespace);
    if (namespace.startsWith('app--') && !namespace.startsWith(space(call))) return wrong('Access to this namespace and key on Metafields for this resource type is not allowed.', 'APP_NOT_AUTHORIZED', index);
    const known = order.metafields.find((one) => one.namespace === namespace && one.key === input.key);
    if (!/^[\w-]{2,64}$/.test(input.key)) return wrong('Key must be 2 to 64 letters, digits, hyphens or underscores.', input.key.length < 2 ? 'TOO_SHORT' : 'INVALID', index);
    if (!input.type && !known) return wrong("Type can't be blank", 'BLANK', index);
    if (input.value === '') return wrong("Value can't be blank.", 'BLANK', index);
    if ((input.type ?? known?.type) === 'json' && !isJson(input.value)) return wrong('Value is invalid JSON.', 'INVALID_VALUE', index);
    if (input.compareDigest !== undefined && input.compareDigest !== (known ? digest(known.value) : null)) return wrong('The resource has been updated since it was loaded. Try again with an updated `compareDigest` value.', 'STALE_OBJECT', index);
    checked.push({ order, input, namespace, known });
  }
  const made = checked.map(({ order, input, namespace, known }) => {
    const now = call.ctx.now();
    const one = known ?? { id: newId(call.ctx.world), namespace, key: input.key, type: input.type ?? '', value: '', created: now, updated: now };
    Object.assign(one, { type: input.type ?? one.type, value: input.value, updated: now });
    if (!known) order.metafields.push(one);
    orders.touched(call.ctx, call.shop, order);
    return metafieldView(call, order, one);
  });
  return { metafields: made, userErrors: [] };
}

const isJson = (text: string): boolean => {
  try {
    return JSON.parse(text) !== undefined;
  } catch {
    return false;
  }
};

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
  orderCancel, metafieldsSet, refundCreate,
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
export type { Shop };
