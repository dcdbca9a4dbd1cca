// How the Admin API shows what the world holds: orders, transactions, refunds, metafields, the shop; one function a type, fields as the official schema names them.

import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { Call } from './graphql.ts';
import { ownedByOrder, type Owner } from './metafields.ts';
import { bag, decimal, inShop } from './money.ts';
import * as orders from './orders.ts';
import type { Metafield, Order, Refund, Transaction } from './world.ts';

export const PAGE = 250;

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString().replace('.000Z', 'Z'));
const at = (when: number): string => iso(when) ?? '';
export const gidOf = (kind: string, id: number | string): string => `gid://shopify/${kind}/${id}`;

/** `compareDigest` of a value; its making is Shopify's own affair, only equality counts. */
export const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

export type Page = { first?: number; last?: number; after?: string; before?: string; reverse?: boolean };

/** A connection over what is there, by Shopify's paging rules. */
export function connection<T>(all: T[], { first, last, after, reverse }: Page, view: (one: T) => unknown): object {
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

export function orderView(call: Call, order: Order): object {
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
    metafield: ({ namespace, key }: { namespace?: string; key: string }) => metafieldView(call, ownedByOrder(call, order), order.metafields.find((one) => one.namespace === space(call, namespace) && one.key === key)),
    metafields: ({ namespace, keys, ...page }: Page & { namespace?: string; keys?: string[] }) => connection(order.metafields.filter((one) => (!namespace || one.namespace === space(call, namespace)) && (!keys || keys.includes(`${one.namespace}.${one.key}`))), page, (one) => metafieldView(call, ownedByOrder(call, order), one)),
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

export const refundView = (call: Call, order: Order, one: Refund): object => {
  const made = order.transactions.filter(({ id }) => one.transactions.includes(id));
  const amount = made.filter(({ status }) => status === 'SUCCESS').reduce((sum, refund) => sum + refund.amount, 0);
  return {
    __typename: 'Refund', id: gidOf('Refund', one.id), legacyResourceId: String(one.id), note: one.note || null, createdAt: at(one.at), updatedAt: at(one.at), processedAt: at(one.at), totalRefundedSet: bag(amount, order),
    order: () => orderView(call, order), transactions: (page: Page) => connection(made, page, (each) => transactionView(call, order, each)),
  };
};

/** `$app`, or nothing, is the app's own corner [facts §2.2]. */
export const space = (call: Call, namespace?: string): string => (namespace === undefined || namespace === '$app' ? `app--${call.app.client_id}` : namespace.startsWith('$app:') ? `app--${call.app.client_id}--${namespace.slice(5)}` : namespace);

export function metafieldView(call: Call, owner: Owner, one: Metafield | undefined): object | null {
  if (!one) return null;
  return {
    __typename: 'Metafield', id: gidOf('Metafield', one.id), legacyResourceId: String(one.id), namespace: one.namespace, key: one.key, type: one.type, value: one.value, compareDigest: digest(one.value),
    jsonValue: one.type === 'json' ? JSON.parse(one.value) : one.value, createdAt: at(one.created), updatedAt: at(one.updated), ownerType: owner.type, owner: { __typename: owner.type === 'ORDER' ? 'Order' : 'PaymentCustomization', id: owner.gid }, sizeInBytes: Buffer.byteLength(one.value), description: null,
  };
}

export const shopView = ({ shop }: Call): object => ({
  __typename: 'Shop', id: gidOf('Shop', shop.id), name: shop.name, email: shop.email, contactEmail: shop.email, myshopifyDomain: shop.domain, currencyCode: shop.currency, enabledPresentmentCurrencies: [shop.currency, ...Object.keys(shop.rates)],
  ianaTimezone: 'America/Lima', timezoneOffset: '-0500', timezoneOffsetMinutes: -300, timezoneAbbreviation: '-05', url: `https://${shop.domain}`, primaryDomain: { id: gidOf('Domain', shop.id), host: shop.domain, url: `https://${shop.domain}`, sslEnabled: true },
  plan: { partnerDevelopment: false, shopifyPlus: shop.plus, displayName: shop.plus ? 'Shopify Plus' : 'Basic', publicDisplayName: shop.plus ? 'Plus' : 'Basic' }, setupRequired: false, taxesIncluded: true, shopOwnerName: 'Rosa Huamán',
  billingAddress: { country: 'Peru', countryCodeV2: 'PE', city: 'Lima' }, shopAddress: { country: 'Peru', countryCodeV2: 'PE', city: 'Lima' },
});
