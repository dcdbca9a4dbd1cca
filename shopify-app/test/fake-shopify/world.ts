// Everything that the fake Shopify keeps, as one plain document: shops, orders, tokens, deliveries, jobs and payment sessions.

import { createHash } from 'node:crypto';

export type Instant = number;
/** Whole céntimos or cents. */
export type Minor = number;

/** An app as it is configured with Shopify: what its TOML and its dashboard say. */
export interface App {
  client_id: string;
  client_secret: string;
  name: string;
  /** Where it is reached, without a final slash; addresses that begin with `/` are below it. */
  url: string;
  /** `application_url`, where it isn't `url`. */
  home?: string;
  scopes: string[];
  webhooks: Subscription[];
  /** Where a merchant who agreed may be sent back to, each to the letter; below `url` where they are left out. */
  redirects?: string[];
  embedded: boolean;
  /** A custom app of the shop's own organization may use the client credentials grant [facts §3]. */
  own_organization: boolean;
  /** Customer data that the app was approved for: protected customer data, level 2. */
  customer_data: Array<'name' | 'email' | 'phone' | 'address'>;
  proxy?: { url: string; subpath: string; prefix: string };
  /** Handles of its released Functions. */
  functions: string[];
  payments?: { session_url: string; refund_url: string; name: string };
  /** How a request reaches the app; over the network where it is left out. */
  send?: (request: Request) => Promise<Response>;
}

export interface Subscription {
  topics: string[];
  uri: string;
  include_fields?: string[];
  /** Which headers a delivery carries; both families exist [facts §3]. */
  family?: 'webhooks' | 'events';
  name?: string;
}

export interface Line { id: number; title: string; quantity: number; price: Minor; tags: string[]; product_id: number; removed: number }
export interface Address { first_name: string; last_name: string; address1: string; city: string; province: string; zip: string; country_code: string; phone: string }
export interface Customer { id: number; email: string; first_name: string; last_name: string; phone: string }

export interface Transaction {
  id: number;
  kind: 'SALE' | 'REFUND' | 'AUTHORIZATION' | 'VOID';
  status: 'PENDING' | 'SUCCESS' | 'FAILURE';
  gateway: string;
  manual: boolean;
  /** In the buyer's currency. */
  amount: Minor;
  parent: number | null;
  at: Instant;
  /** The app that made it, or null where a person or the checkout did. */
  by: string | null;
  payment_id: string;
}

export interface Refund { id: number; note: string; at: Instant; transactions: number[]; lines: Array<{ line: number; quantity: number }> }
export interface Metafield { id: number; namespace: string; key: string; type: string; value: string; created: Instant; updated: Instant }

export interface Order {
  id: number;
  shop: string;
  number: number;
  name: string;
  confirmation_number: string;
  checkout_token: string;
  cart_token: string;
  status_token: string;
  created: Instant;
  updated: Instant;
  processed: Instant;
  cancelled: Instant | null;
  cancel_reason: string | null;
  closed: Instant | null;
  test: boolean;
  /** The shop's and the buyer's; `rate` shop units for one unit of the buyer's. */
  currency: string;
  presentment: string;
  rate: number;
  gateways: string[];
  email: string;
  phone: string;
  customer: Customer | null;
  address: Address | null;
  lines: Line[];
  shipping: Minor;
  /** What refunds took off the total beyond removed lines. */
  adjusted: Minor;
  tags: string[];
  note: string;
  /** What a theme or a checkout field asked for, and Shopify's own fields of a country (a document's number, say). */
  attributes: Array<{ key: string; value: string }>;
  localized: Array<{ key: string; value: string }>;
  transactions: Transaction[];
  refunds: Refund[];
  metafields: Metafield[];
  edited: boolean;
  fulfilled: boolean;
  restocked: boolean;
  /** A payments app still owes an answer: editing, cancelling and marking as paid are blocked [facts §1.2]. */
  gateway_pending: boolean;
  gateway_expired: boolean;
}

/** Which Function of an app runs in a shop's checkout. */
export interface Customization { id: number; title: string; enabled: boolean; function: string; client_id: string; metafields: Metafield[] }

export interface Install { client_id: string; granted: string[]; at: Instant; ready: boolean; external_handle: string | null }

export interface Shop {
  id: number;
  domain: string;
  name: string;
  email: string;
  currency: string;
  /** Other currencies that buyers may pay in, with the shop's units for one of theirs. */
  rates: Record<string, number>;
  plus: boolean;
  /** Names of the manual payment methods; no API lists them [facts §2.1]. */
  manual: string[];
  /** Frozen shops answer 402, closed ones SHOP_INACTIVE [facts §1.1]. */
  standing: 'open' | 'frozen' | 'inactive';
  /** What the gateway of a sale made by orderMarkAsPaid reads: unverified, so both can be played [facts §2.2]. */
  marks_as: 'manual' | 'name';
  /** The search index may lag behind the truth. */
  search_lag_ms: number;
  /** How long a cancellation's job takes. */
  job_ms: number;
  next_number: number;
  orders: Order[];
  installs: Install[];
  customizations: Customization[];
  restocked: Record<string, number>;
  mails: Array<{ to: string; what: string; order: string; at: Instant }>;
}

export interface Token {
  value: string;
  shop: string;
  client_id: string;
  scopes: string[];
  expires: Instant | null;
  refresh: string | null;
  refresh_expires: Instant | null;
  refreshed: boolean;
  online: boolean;
}

export interface Code { value: string; shop: string; client_id: string; scopes: string[]; used: boolean; expires: Instant }

export interface Delivery {
  id: string;
  event_id: string;
  shop: string;
  client_id: string;
  topic: string;
  uri: string;
  body: string;
  family: 'webhooks' | 'events';
  name: string;
  resource: string;
  triggered: Instant;
  due: Instant;
  state: 'waiting' | 'done' | 'dropped' | 'given up';
  answers: number[];
}

export interface Job { id: string; shop: string; order: number; reason: string; restock: boolean; notify: boolean; refund: boolean; due: Instant; done: boolean; fails: boolean; staff_note: string }

export interface Session {
  id: string;
  gid: string;
  group: string;
  session_id: string;
  shop: string;
  client_id: string;
  kind: 'sale';
  amount: Minor;
  currency: string;
  test: boolean;
  customer: { email: string; phone: string; first_name: string; last_name: string };
  lines: Line[];
  checkout_token: string;
  proposed: Instant;
  state: 'open' | 'pending' | 'resolved' | 'rejected' | 'expired';
  pending_expires: Instant | null;
  pending_reason: string | null;
  reject: { code: string; merchantMessage: string | null } | null;
  redirect_url: string | null;
  order: number | null;
  answers: number[];
}

export interface RefundSession {
  id: string;
  gid: string;
  payment_id: string;
  shop: string;
  client_id: string;
  order: number;
  transaction: number;
  amount: Minor;
  currency: string;
  test: boolean;
  proposed: Instant;
  state: 'open' | 'resolved' | 'rejected';
  reject: { code: string; merchantMessage: string | null } | null;
  answers: number[];
}

export interface World {
  seed: string;
  made: number;
  shops: Record<string, Shop>;
  tokens: Token[];
  codes: Code[];
  deliveries: Delivery[];
  jobs: Job[];
  sessions: Session[];
  refund_sessions: RefundSession[];
  /** `shop mutation key` → digest of the input and what came out. */
  idempotency: Record<string, { input: string; refund: number }>;
}

export const newWorld = (seed: string): World => ({ seed, made: 0, shops: {}, tokens: [], codes: [], deliveries: [], jobs: [], sessions: [], refund_sessions: [], idempotency: {} });

/** A number that no other thing in this world has, as long as Shopify's. */
export function newId(world: World): number {
  world.made += 1;
  return 5_600_000_000_000 + world.made * 37;
}

/** Letters and digits that can't be guessed from the ones before; the same ones in each run with the same seed. */
export function newToken(world: World, length = 32): string {
  world.made += 1;
  return createHash('sha512').update(`${world.seed} ${world.made}`).digest('hex').slice(0, length);
}

export function newUuid(world: World): string {
  const hex = newToken(world);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** What a rule of the fake may use: the world, the time, and a way to say what happened. */
export interface Ctx {
  world: World;
  now(): Instant;
  /** The time that signed things are judged by. */
  signing(): Instant;
  emit(shop: Shop, topic: string, resource: string, body: unknown): void;
  app(client_id: string): App | undefined;
  /** Where a shop's pages are: `https://<shop>`, or below the fake's own address while it is served over HTTP. */
  site(domain: string): string;
}

/** Finds an order by its number or its gid. */
export const orderOf = (shop: Shop, id: string | number): Order | undefined => shop.orders.find((order) => String(order.id) === String(id).replace('gid://shopify/Order/', ''));
