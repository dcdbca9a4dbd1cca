// Types of the host: what a shop gives, what it can call, and the pieces that it may replace.

import type { Core } from './core.mjs';
import type { Store } from './store/sqlite.mjs';
export { EfectivoError, type Answer, type Core } from './core.mjs';
export { load, loadSync } from './node.mjs';
export { sqliteStore, type Store } from './store/sqlite.mjs';

/** Whole céntimos or cents; every sum is made by the core. */
export interface Money {
  minor: number;
  currency: 'PEN' | 'USD';
}

/** Milliseconds since 1970, UTC. */
export type Instant = number;

export type Mode = 'test' | 'live';
export type Locale = 'es-PE' | 'es' | 'en' | 'zh-CN';

/** Where a case stands. A host shows it; it never branches on it. */
export type State = 'creating' | 'unknown' | 'waiting' | 'checking' | 'lapsed' | 'paid' | 'reversed' | 'cancelled' | 'failed';

/** Everything that a merchant sets, but for credentials. Left-out fields have the defaults named. */
export interface Settings {
  shop: {
    name: string;
    /** At most 8 letters or digits; begins every reference. */
    tag: string;
    /** Where the shoppers' pages live, without a final slash. */
    page_url: string;
    contact: string;
    privacy_contact?: string;
    privacy_url?: string;
    complaints_url?: string;
    issues_receipts?: boolean;
    mail_from?: string;
  };
  /** `es-PE` */
  locale?: Locale;
  /** `tu` */
  tone?: 'tu' | 'usted';
  /** 24 to 72; 48 */
  validity_hours?: number;
  /** 0 to 96; 24 */
  cancel_grace_hours?: number;
  show_own_barcode?: boolean;
  mails_off?: Array<'new' | 'reminder' | 'last_call' | 'lapsed' | 'paid' | 'late'>;
  /** What happens where nobody can tell whether a lost create made a code; `next_channel` */
  lost_create?: 'next_channel' | 'wait';
  /** Whether the shop can't bring a cancelled order back: late money is then never offered to be accepted. */
  cancel_is_final?: boolean;
  /** Whether the checkout waits for one code only: a shopper gets no other once it is dead. */
  one_code?: boolean;
  /** In the order in which they are tried. */
  channels: Channel[];
}

/** One way to a provider. */
export interface Channel {
  id: string;
  provider: Provider;
  mode: Mode;
  enabled?: boolean;
  /** Whether the provider told you that PagoEfectivo is enabled on your account; without it a channel of dLocal Go, Rapyd or Kushki makes no codes. */
  confirmed?: boolean;
  /** The address that the provider calls, exactly as given to the provider. */
  notice_url?: string;
  /** Where a sandbox on this machine serves the provider's endpoints; in test mode only. */
  sandbox_url?: string;
  currencies?: Array<'PEN' | 'USD'>;
  least?: Money;
  most?: Money;
  /** Product categories that don't go by this channel, as the shop names them. */
  excluded_categories?: string[];
  allowlist?: { rule?: 'off' | 'signal' | 'enforce'; addresses?: string[]; trusted_proxies?: string[] };
}

/** Every provider's keys, by its name. */
export interface Keys {
  sandbox: { key: string; secret: string };
  pagoefectivo: { service_id: string; access_key: string; secret_key: string };
  dlocal: { login: string; trans_key: string; secret_key: string };
  mercado_pago: { access_token: string; webhook_secret: string };
  culqi: { secret_key: string; notice_user: string; notice_password: string };
  payu: { merchant_id: string; account_id: string; api_login: string; api_key: string };
  /** `signing_key` is a private RSA key in PEM; the host signs with it, and it never enters the core. */
  ebanx: { key_id: string; signing_key: string };
  paysafe: { api_key: string; account_id: string; hmac_key: string };
  bamboo: { private_key: string; secret_key: string };
  dlocal_go: { api_key: string; secret_key: string };
  rapyd: { access_key: string; secret_key: string; payment_method_type: string };
  kushki: { public_merchant_id: string; private_merchant_id: string; webhook_signature: string };
  pagseguro: { merchant_id: string; secret_key: string };
}

/** A provider's name. */
export type Provider = keyof Keys;

/** The keys of one channel, under its provider's name and no other. */
export type Credentials = { [P in Provider]: Record<P, Keys[P]> & Partial<Record<Exclude<Provider, P>, never>> }[Provider];

/** The payer. An empty field is an absent one; nothing is ever invented. */
export interface Person {
  first_name?: string;
  last_name?: string;
  email?: string;
  /** International: `+51987654321`. */
  phone?: string;
  document_type?: 'DNI' | 'RUC' | 'CE' | 'PAS' | '';
  document?: string;
  ip?: string;
}

/** The shop's order as it stands. */
export interface OrderRead {
  status: 'open' | 'paid' | 'cancelled' | 'refunded' | 'gone';
  outstanding: Money;
  total: Money;
}

/** What the core asks of the shop. */
export type Effect =
  | { show_code: { digits: string; expires_at: Instant } }
  | { mark_paid: { amount: Money } }
  | 'cancel'
  | { note: { words: string } };

/** When an effect is allowed; judged by `core.call('allows', { when, read })`. */
export interface Precondition {
  statuses: Array<OrderRead['status']>;
  outstanding?: Money;
}

/** What became of an effect. Throwing means: not known to be done, try again. `dead`: it will never be done, and a person is asked. */
export type Outcome = 'done' | { already_so: { ours: boolean } } | { refused: { why: string } } | 'unknown' | 'dead';

/** The shop, as the integrator writes it; `orderBook` is a whole example. */
export interface Shop {
  /** The order as it stands; `null` where there is none. */
  read(order: string): Promise<OrderRead | null>;
  /**
   * Carries an effect out **under the order's lock**: reads the order, has `allows` judge it, acts. It may be called again with the same
   * `about.key` after a crash: what was done under that key is answered by `{ already_so: { ours: true } }`.
   */
  apply(order: string, effect: Effect, when: Precondition, about: { key: string }): Promise<{ outcome: Outcome; read: OrderRead | null }>;
  /** How long to wait after the first, second, … effect that threw, where this shop has a rule for that; the last one serves for all that follow. An effect is tried 18 times. */
  back_off_ms?: number[];
}

/** A mail that the core wrote. `message_id` is fixed: a mail sent twice shows once. */
export interface Mail {
  to: string;
  from: string;
  subject: string;
  html: string;
  text: string;
  message_id: string;
}

/** Where mails go; throwing means: try again. */
export interface MailPort {
  send(mail: Mail): Promise<unknown>;
  /** While it answers `false`, mails wait where they are: none is tried, none is given up. */
  ready?(): boolean;
}

/** What a case is in short. */
export interface Summary {
  case: string;
  order: string;
  state: State;
  /** The shopper's page; nobody else knows its address. */
  page_url: string;
  /** The code's digits, where there is one already. */
  code?: string;
  expires_at?: Instant;
}

/** An HTTP answer to pass on as it is. */
export interface HttpAnswer {
  status: number;
  headers: Array<[string, string]>;
  body: Uint8Array;
}

/** What a merchant can decide; `case_view` lists what is possible now, with labels. */
export type Decision =
  | 'check_now'
  | 'cancel'
  | { resolve: { review: number; resolution: string; reason: string } }
  | { refund: { attempt: number; amount: Money } };

/** The moments at which a test can end the process. */
export type CrashPoint = 'before commit' | 'after commit' | 'claimed' | 'sent' | 'provider acted' | 'answered' | 'before done';

export interface Options {
  /** The data folder, made where it is missing; `:memory:` for tests. */
  data: string;
  settings: Settings;
  /** By channel id. */
  credentials?: Record<string, Credentials>;
  shop: Shop;
  /** A folder beside the data where nothing else is given. */
  mail?: MailPort;
  /** Keys that close tokens at rest, 32 bytes in base64, the current one first; or `EFECTIVO_CHANNEL_KEYS="id:key,older:key"`. Without one, tokens live as long as the process. */
  keys?: Array<{ id: string; key: string }>;
  /** The merchant's own list of places to pay, as JSON text in the shape of the core's; instead of the one that ships. */
  places?: string;
  /** Where an order's shopper came from: the page leads back there. */
  back?: (order: string) => Promise<string | null> | string | null;
  /** Tells the shops of one store apart. */
  tenant?: string;
  store?: Store;
  core?: Core;
  clock?: { now(): Instant };
  fetch?: typeof globalThis.fetch;
  /** Gets names, numbers and codes only: never personal data, never a secret. */
  log?: (event: string, facts?: Record<string, unknown>) => void;
  /** Is told of every case that was committed; for what a shop shows of it. It may be missed by a crash: a sweep of one's own repairs. */
  changed?: (kase: { id: string; order: string }) => void;
  /** The language of refusals; `es`. */
  lang?: Locale;
  /** How long an output is held; a second process takes it over afterwards. Longer than any request. */
  lease_ms?: number;
  /** Is told of each crash point; for tests. */
  crash?: (point: CrashPoint) => void | Promise<void>;
}

export interface Efectivo {
  readonly core: Core;
  readonly settings: Settings;
  /** Asks for a code, and waits a few seconds for it; the same order again gives the same case. `amount` may be left out where the shop knows the order. @throws EfectivoError */
  place(order: { order: string; number?: string; amount?: Money | string; person?: Person; categories?: string[]; mode?: Mode; wait_ms?: number }): Promise<Summary>;
  /** The shop's order was edited, paid elsewhere, cancelled or deleted: it is read again, unless it is given as it was just `read` (`null` for an order that is gone). `null` where no code was asked for. */
  orderChanged(order: string, just?: { read?: OrderRead | null }): Promise<Summary | null>;
  /** A provider's notice, raw: stored before this resolves, and handled afterwards. */
  notice(channel: string, notice: { headers: Array<[string, string]>; query?: string; peer?: string; body: Uint8Array }): Promise<{ status: number; body: Uint8Array }>;
  /** A shopper's page: `<token>`, `<token>/status`, `<token>/calendar.ics`, and by POST `<token>/check`, `/mail`, `/nuevo`. */
  page(path: string, request?: { method?: string; peer?: string }): Promise<HttpAnswer>;
  /** The order of a shopper's page, by the page's token; `null` for none. */
  orderOfPage(token: string): Promise<string | null>;
  /** How an order's payment stands; `null` where no code was asked for. */
  status(order: string): Promise<Summary | null>;
  /** A decision, or what makes one of the case's view in the moment in which it is taken. Under a `key` it is taken once, however often it is sent. */
  merchant(id: string, decision: Decision | ((view: any) => Decision), options?: { key?: string }): Promise<Summary>;
  /** Case documents, the newest first. */
  cases(filter?: { state?: State; order?: string; reviews?: 'open' | ''; limit?: number; before?: Instant }): Promise<any[]>;
  /** A case: the document, what a desk shows of it in words, and its outputs. */
  case(id: string, options?: { locale?: Locale }): Promise<{ case: any; view: any; outputs: any[] }>;
  journal(id: string, options?: { locale?: Locale }): Promise<{ entries: any[]; texts: Array<{ no: number; at: Instant; at_text: string; text: string }> }>;
  /** How the channels fare. */
  channels(): Promise<any[]>;
  /** Whether a channel's keys are good, by a question that changes nothing; `good` is `null` where its provider has none such. Throws where a key is missing or of another shape. */
  checkKeys(channel: string, options?: { locale?: Locale }): Promise<{ good: boolean | null; text: string }>;
  /** What a channel's answers said of its interface: retirement, unknown words and fields; each once. */
  notes(channel: string, options?: { locale?: Locale }): Promise<Array<{ what: string; text: string; at: Instant; at_text: string }>>;
  /** Codes, references, times and digests of a case to send to a provider; no personal data. */
  supportPack(id: string): Promise<string>;
  /** What each provider can do, how sure that is and from where, in words; and the systems that can't be built on. */
  providers(options?: { locale?: Locale }): {
    count: string;
    rows: Array<{ id: string; label: string }>;
    providers: Array<{ id: string; name: string; unconfirmed: boolean; note: string; cells: Array<{ text: string; tag: '' | 'o' | 'c' | 'i'; sure: string }> }>;
    absent: Array<{ id: string; name: string; reason: string; checked: string }>;
  };
  /** The cause of a provider's error code, or of a fault such as `shopper_says_paid`, and what to do first. */
  explain(provider: string | null, code: string, options?: { locale?: Locale }): { code: string; cause: string; step: string };
  /** The newest notices. */
  notices(filter?: { limit?: number }): Promise<any[]>;
  /** The personal data that is held of a case, and until when: for an answer to the person itself, never for a page or a log. */
  held(id: string): Promise<{ person: Person | null; evidence: Array<{ kind: string; kept_at: Instant; purge_after: Instant; text: string }> }>;
  /** Erases what of a case's personal data need not be kept any longer. */
  erase(id: string): Promise<{ erased: number; kept: number }>;
  /** The next instant at which something is due; for a clock that is wound forward. */
  next(): Promise<Instant | null>;
  /** Does all that is due; for a cron job beside, or instead of, the timer. */
  tick(): Promise<void>;
  /** Does all that is due of one case; a job of the PostgreSQL store asks for it (`worker` of efectivo/postgres). */
  work(id: string): Promise<void>;
  close(): Promise<void>;
}

export function open(options: Options): Promise<Efectivo>;
export function mailFolder(folder: string): MailPort;
/** A mail as MIME text. */
export function letter(mail: Mail): string;

/** The shop port over a SQLite table. */
export interface OrderBook extends Shop {
  /** The order, begun with this total where there is none yet. */
  add(order: string, total: Money): Promise<OrderRead>;
  /** The order as new, whatever was noted of it: for one that no code was asked for. */
  begin(order: string, total: Money): Promise<OrderRead>;
  change(order: string, changes: Partial<OrderRead>): Promise<unknown>;
  find(order: string): Promise<(OrderRead & { code: string; notes: string[] }) | null>;
  effects(order: string): Promise<Array<{ effect: string; times: number }>>;
  close(): Promise<void>;
}
export function orderBook(where: { file: string; core: Core }): OrderBook;
