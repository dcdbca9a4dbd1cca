// Shopify's order in the words of the core: status, outstanding and whole amount in the currency that the shopper saw.

import type { Core, Money, OrderRead, Person } from 'efectivo';

type Bag = { presentmentMoney: { amount: string; currencyCode: string } };

export interface Transaction {
  id: string;
  kind: string;
  status: string;
  test?: boolean;
  gateway: string | null;
  manualPaymentGateway: boolean;
  createdAt?: string;
  amountSet: Bag;
  parentTransaction: { id: string } | null;
}

export interface OrderFacts {
  id: string;
  legacyResourceId: string;
  name: string;
  test: boolean;
  createdAt: string;
  updatedAt: string;
  cancelledAt: string | null;
  fullyPaid: boolean;
  canMarkAsPaid: boolean;
  displayFinancialStatus: string | null;
  paymentGatewayNames: string[];
  checkoutToken: string | null;
  tags: string[];
  presentmentCurrencyCode: string;
  totalOutstandingSet: Bag;
  currentTotalPriceSet: Bag;
  metafield: { value: string; compareDigest: string } | null;
  transactions: Transaction[];
  refunds: Array<{ id: string; note: string | null; createdAt: string | null; transactions: { nodes: Transaction[] } }>;
}

export interface PayerFacts extends OrderFacts {
  email: string | null;
  phone: string | null;
  clientIp: string | null;
  customAttributes: Array<{ key: string; value: string | null }>;
  billingAddress: Address | null;
  shippingAddress: Address | null;
  localizedFields: { nodes: Array<{ key: string; value: string }> };
}

type Address = { firstName: string | null; lastName: string | null; phone: string | null; countryCodeV2: string | null };

/** Shopify's own words for an order's money, in the core's; whatever is not here still waits for its money. */
const STANDS_AS = new Map<string, OrderRead['status']>(Object.entries({ PAID: 'paid', PARTIALLY_REFUNDED: 'paid', REFUNDED: 'refunded' }));

/** Currencies in which the core reckons. */
const CURRENCIES = new Set(['PEN', 'USD']);

export const gid = (orderId: string) => `gid://shopify/Order/${orderId}`;

/** The core's key of an order: Shopify's number, from either form; `null` where it is neither. */
export function orderIdOf(text: unknown): string | null {
  return /^(?:gid:\/\/shopify\/(?:Order|OrderIdentity)\/)?([0-9]{1,20})$/.exec(String(text ?? ''))?.[1] ?? null;
}

/** What the core is told of an order; `null` where its currency is none that the core reckons in. */
export function readOf(core: Core, order: OrderFacts): OrderRead | null {
  const outstanding = moneyOf(core, order.totalOutstandingSet);
  const total = moneyOf(core, order.currentTotalPriceSet);
  if (!outstanding || !total) return null;
  const status = order.cancelledAt ? 'cancelled' : order.fullyPaid && order.displayFinancialStatus === null ? 'paid' : (STANDS_AS.get(order.displayFinancialStatus ?? '') ?? 'open');
  return { status, outstanding, total };
}

/** Whether Shopify counts an order that stands as paid in full. */
export const isPaid = (order: OrderFacts) => order.fullyPaid && order.cancelledAt === null;

/** An amount as the shopper saw it, parsed by the core. */
export function moneyOf(core: Core, { presentmentMoney: { amount, currencyCode } }: Bag): Money | null {
  if (!CURRENCIES.has(currencyCode)) return null;
  return (core.call('money', { text: amount, currency: currencyCode }).ok as { money: Money }).money;
}

/** Whether an order was placed with the merchant's method: names are compared without regard to case and spaces, since a person typed them. */
export function isOurs(order: { paymentGatewayNames: string[] }, methods: string[]): boolean {
  const plain = (name: string) => name.normalize('NFKC').toLowerCase().replace(/\s+/g, '');
  const wanted = new Set(methods.map(plain));
  return order.paymentGatewayNames.some((name) => wanted.has(plain(name)));
}

/** The payer as the order names them; what it doesn't hold stays empty. */
export function personOf(order: PayerFacts, documentField: string | null): Person {
  const address = order.billingAddress ?? order.shippingAddress;
  const document = documentOf(order, documentField);
  return clean({
    first_name: address?.firstName, last_name: address?.lastName, email: order.email,
    phone: international(order.phone ?? address?.phone ?? order.shippingAddress?.phone ?? ''), ip: order.clientIp,
    document, document_type: DOCUMENT_TYPES.find(([form]) => form.test(document))?.[1],
  });
}

/** A DNI has 8 digits, a RUC 11; any other number is given without a type. */
const DOCUMENT_TYPES: Array<[RegExp, 'DNI' | 'RUC']> = [[/^\d{8}$/, 'DNI'], [/^\d{11}$/, 'RUC']];

/** The payer's document: from the shop's own field, else from Shopify's tax field for Peru (its keys are in the 2026-07 schema; when checkout asks for them is unverified). */
function documentOf(order: PayerFacts, field: string | null): string {
  const own = field ? order.customAttributes.find(({ key }) => key.trim().toLowerCase() === field.trim().toLowerCase())?.value : undefined;
  const official = order.localizedFields.nodes.find(({ key }) => key === 'TAX_CREDENTIAL_PE' || key === 'SHIPPING_CREDENTIAL_PE')?.value;
  return (own ?? official ?? '').replace(/[\s.-]/g, '');
}

/** Shopify keeps phones in international form where it could read them; anything else is left out rather than guessed at. */
function international(phone: string): string {
  const plain = phone.replace(/[\s()-]/g, '');
  return /^\+\d{7,15}$/.test(plain) ? plain : '';
}

function clean(person: Record<string, string | null | undefined>): Person {
  return Object.fromEntries(Object.entries(person).filter(([, value]) => typeof value === 'string' && value !== '')) as Person;
}
