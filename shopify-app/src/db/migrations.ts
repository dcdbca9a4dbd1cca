// The app's own tables, step by step; written once, in words that SQLite and PostgreSQL both take.

/**
 * Each entry is one step; a new shape is appended, never edited. `{blob}`, `{big}` and `{serial}` are the dialect's words.
 * Nothing here holds personal data: deliveries keep ids only, checkout tokens and customers are kept as digests, secrets are sealed.
 */
export const STEPS: string[] = [
  `
CREATE TABLE app_shops (
  key TEXT PRIMARY KEY, app TEXT NOT NULL, shop TEXT NOT NULL, state TEXT NOT NULL, scopes TEXT NOT NULL DEFAULT '', installed_at {big} NOT NULL, uninstalled_at {big}, redacted_at {big},
  swept_at {big} NOT NULL DEFAULT 0, swept_until {big} NOT NULL DEFAULT 0, card TEXT NOT NULL DEFAULT '{}', UNIQUE (app, shop));

CREATE TABLE app_tokens (
  shop_key TEXT PRIMARY KEY, sealed {blob} NOT NULL, expires_at {big}, refresh_expires_at {big}, version INTEGER NOT NULL);

CREATE TABLE app_settings (
  shop_key TEXT PRIMARY KEY, version INTEGER NOT NULL, doc TEXT NOT NULL, sealed {blob}, changed_at {big} NOT NULL);

CREATE TABLE app_deliveries (
  no {serial}, app TEXT NOT NULL, shop TEXT NOT NULL, topic TEXT NOT NULL, webhook_id TEXT NOT NULL, body TEXT NOT NULL, received_at {big} NOT NULL, triggered_at {big},
  next_at {big} NOT NULL, tries INTEGER NOT NULL DEFAULT 0, lease_until {big} NOT NULL DEFAULT 0, handled_at {big}, became TEXT, UNIQUE (app, shop, topic, webhook_id));
CREATE INDEX app_deliveries_open ON app_deliveries (next_at) WHERE handled_at IS NULL;
CREATE INDEX app_deliveries_received ON app_deliveries (received_at);

CREATE TABLE app_orders (
  shop_key TEXT NOT NULL, order_id TEXT NOT NULL, name TEXT NOT NULL, trial INTEGER NOT NULL DEFAULT 0, case_id TEXT, checkout_digests TEXT NOT NULL DEFAULT '[]', customer_digest TEXT,
  problem TEXT, marks TEXT, first_seen_at {big} NOT NULL, read_at {big} NOT NULL, PRIMARY KEY (shop_key, order_id));
CREATE INDEX app_orders_problem ON app_orders (shop_key, first_seen_at) WHERE problem IS NOT NULL;

CREATE TABLE app_effects (
  shop_key TEXT NOT NULL, key TEXT NOT NULL, order_id TEXT NOT NULL, kind TEXT NOT NULL, begun_at {big} NOT NULL, before TEXT NOT NULL DEFAULT '[]', job TEXT, sale TEXT, done_at {big}, outcome TEXT,
  PRIMARY KEY (shop_key, key));
CREATE INDEX app_effects_order ON app_effects (shop_key, order_id);

CREATE TABLE app_refunds (
  shop_key TEXT NOT NULL, key TEXT NOT NULL, order_id TEXT NOT NULL, case_id TEXT NOT NULL, origin TEXT NOT NULL, shopify_id TEXT, amount TEXT NOT NULL, begun_at {big} NOT NULL,
  begun_with INTEGER NOT NULL DEFAULT 0, core_key TEXT, recorded_at {big}, problem TEXT, PRIMARY KEY (shop_key, key));
CREATE INDEX app_refunds_order ON app_refunds (shop_key, order_id);

CREATE TABLE app_locks (
  name TEXT PRIMARY KEY, holder TEXT NOT NULL, until_at {big} NOT NULL);

CREATE TABLE app_proofs (
  shop_key TEXT NOT NULL, name TEXT NOT NULL, at {big} NOT NULL, doc TEXT NOT NULL DEFAULT '{}', PRIMARY KEY (shop_key, name));

CREATE TABLE app_health (
  shop_key TEXT NOT NULL, what TEXT NOT NULL, at {big} NOT NULL, detail TEXT NOT NULL DEFAULT '', PRIMARY KEY (shop_key, what));
`,
  // Role PAY: sessions of the payments platform; a shopper's data is sealed, and taken away once the core has it.
  `
CREATE TABLE pay_sessions (
  shop_key TEXT NOT NULL, id TEXT NOT NULL, gid TEXT NOT NULL, group_id TEXT NOT NULL, token TEXT NOT NULL UNIQUE, payment TEXT, joined_no {big}, amount TEXT NOT NULL, test INTEGER NOT NULL,
  cancel_url TEXT NOT NULL, state TEXT NOT NULL, pending_until TEXT, redirect_url TEXT, person {blob}, proposed_at {big} NOT NULL, PRIMARY KEY (shop_key, id));
CREATE INDEX pay_sessions_payment ON pay_sessions (shop_key, payment);
CREATE INDEX pay_sessions_group ON pay_sessions (shop_key, group_id);

CREATE TABLE pay_refunds (
  shop_key TEXT NOT NULL, id TEXT NOT NULL, gid TEXT NOT NULL, payment_id TEXT NOT NULL, amount TEXT NOT NULL, state TEXT NOT NULL, begun_with {big}, core_key TEXT, proposed_at {big} NOT NULL, PRIMARY KEY (shop_key, id));
CREATE INDEX pay_refunds_open ON pay_refunds (shop_key, state);
`,
  // A payments app knows no orders: a privacy webhook's person is found by a digest of the e-mail.
  `
ALTER TABLE pay_sessions ADD COLUMN who TEXT;
CREATE INDEX pay_sessions_who ON pay_sessions (shop_key, who) WHERE who IS NOT NULL;
`,
  // The last change of an order of which all has been done that followed: the sweep doesn't read it again.
  `
ALTER TABLE app_orders ADD COLUMN taken_at {big};
`,
  // How a refund session ended, how often Shopify was told so and when next, what a person is asked about it and has answered.
  `
ALTER TABLE pay_refunds ADD COLUMN went_back INTEGER;
ALTER TABLE pay_refunds ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pay_refunds ADD COLUMN next_at {big} NOT NULL DEFAULT 0;
ALTER TABLE pay_refunds ADD COLUMN question TEXT;
ALTER TABLE pay_refunds ADD COLUMN answer TEXT;
CREATE INDEX pay_refunds_question ON pay_refunds (shop_key) WHERE question IS NOT NULL;
`,
  // Deliveries that wait, shop by shop: the next of each is found without reading the others'.
  `
DROP INDEX app_deliveries_open;
CREATE INDEX app_deliveries_line ON app_deliveries ((app || '/' || shop), next_at, no) WHERE handled_at IS NULL;
`,
];

/** The statements of a step in a dialect's words. */
export function statements(step: string, words: { blob: string; big: string; serial: string }): string[] {
  const text = step.replaceAll('{blob}', words.blob).replaceAll('{big}', words.big).replaceAll('{serial}', words.serial);
  return text.split(/;\s*(?:\n|$)/).map((one) => one.trim()).filter(Boolean);
}
