// The records in SQLite: every key starts with the shop; amounts and instants are whole numbers, documents are the core's own JSON.

/** The lanes of the outbox, in the order in which they are looked at: an output waits for those before it of its own case and lane. */
export const LANES = ['shop', 'provider', 'mail'];

/** The number of this shape, kept in the file's `user_version`; a file of a newer one is refused. */
export const STORE_SCHEMA = 2;

/** What a new file is made of. Where a step to a newer shape comes, it is appended here as the next entry. */
export const STEPS = [
  `
CREATE TABLE cases (
  shop TEXT NOT NULL, id TEXT NOT NULL, order_key TEXT NOT NULL, mode TEXT NOT NULL, schema INTEGER NOT NULL, version INTEGER NOT NULL,
  state TEXT NOT NULL, placed_at INTEGER NOT NULL, open_reviews INTEGER NOT NULL, wake_at INTEGER, doc TEXT NOT NULL,
  PRIMARY KEY (shop, id)) WITHOUT ROWID;
CREATE INDEX cases_wake ON cases (shop, wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX cases_placed ON cases (shop, placed_at, id);

CREATE TABLE keys (
  shop TEXT NOT NULL, key TEXT NOT NULL, case_id TEXT NOT NULL,
  PRIMARY KEY (shop, key)) WITHOUT ROWID;

CREATE TABLE inbox (
  no INTEGER PRIMARY KEY, shop TEXT NOT NULL, dedupe_key TEXT NOT NULL, channel TEXT NOT NULL, verdict TEXT NOT NULL, facts TEXT NOT NULL,
  received_at INTEGER NOT NULL, raw BLOB, case_id TEXT, handled_at INTEGER, stray_at INTEGER,
  UNIQUE (shop, dedupe_key));
CREATE INDEX inbox_open ON inbox (shop, no) WHERE handled_at IS NULL;
CREATE INDEX inbox_stray ON inbox (shop, stray_at) WHERE stray_at IS NOT NULL;
CREATE INDEX inbox_received ON inbox (shop, received_at);
CREATE TABLE inbox_keys (
  shop TEXT NOT NULL, inbox_no INTEGER NOT NULL REFERENCES inbox (no) ON DELETE CASCADE, key TEXT NOT NULL,
  PRIMARY KEY (shop, inbox_no, key)) WITHOUT ROWID;

CREATE TABLE journal (
  shop TEXT NOT NULL, case_id TEXT NOT NULL, no INTEGER NOT NULL, at INTEGER NOT NULL, entry TEXT NOT NULL,
  PRIMARY KEY (shop, case_id, no)) WITHOUT ROWID;

CREATE TABLE outbox (
  shop TEXT NOT NULL, case_id TEXT NOT NULL, no INTEGER NOT NULL, lane TEXT NOT NULL, repeatable INTEGER NOT NULL, body TEXT NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 0, lease_by TEXT, lease_until INTEGER, next_at INTEGER NOT NULL, sent_at INTEGER, done_at INTEGER, dead_at INTEGER,
  PRIMARY KEY (shop, case_id, no)) WITHOUT ROWID;
CREATE INDEX outbox_open ON outbox (shop, lane, case_id, no) WHERE done_at IS NULL AND dead_at IS NULL;

CREATE TABLE channels (
  shop TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, token BLOB, doc TEXT NOT NULL,
  PRIMARY KEY (shop, id)) WITHOUT ROWID;

CREATE TABLE evidence (
  no INTEGER PRIMARY KEY, shop TEXT NOT NULL, case_id TEXT NOT NULL, kind TEXT NOT NULL, kept_at INTEGER NOT NULL, purge_after INTEGER NOT NULL, body BLOB NOT NULL);
CREATE INDEX evidence_case ON evidence (shop, case_id, kind);
CREATE INDEX evidence_purge ON evidence (shop, purge_after);
`,
  // What is due is found without a look at all that is open: thousands are, when a provider was away for an hour.
  `
CREATE INDEX outbox_due ON outbox (shop, lane, next_at) WHERE done_at IS NULL AND dead_at IS NULL;
CREATE INDEX outbox_leased ON outbox (shop, lease_until) WHERE lease_until IS NOT NULL;
`,
];
