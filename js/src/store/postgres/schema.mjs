// The records in PostgreSQL, in a schema of their own: the same tables as in SQLite, and one line for each process that works on them.

import { DUE } from './due.mjs';
import { CHANGES } from './functions.mjs';

/** The number of this shape, kept in `efectivo.steps`; a database of a newer one is refused. */
export const STORE_SCHEMA = 3;

/** The oldest server that its makers still look after when this was written. */
export const OLDEST_SERVER = 130_000;

/** What a new database is made of. Where a step to a newer shape comes, it is appended here as the next entry. Documents are `json`, which keeps the core's own text. */
export const STEPS = [
  `
CREATE TABLE efectivo.cases (
  shop text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, order_key text COLLATE "C" NOT NULL, mode text NOT NULL, schema integer NOT NULL, version bigint NOT NULL,
  state text NOT NULL, placed_at bigint NOT NULL, open_reviews integer NOT NULL, wake_at bigint, doc json NOT NULL,
  PRIMARY KEY (shop, id));
CREATE INDEX cases_wake ON efectivo.cases (shop, wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX cases_placed ON efectivo.cases (shop, placed_at, id);

CREATE TABLE efectivo.keys (
  shop text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL, case_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (shop, key));
CREATE INDEX keys_case ON efectivo.keys (shop, case_id);

CREATE TABLE efectivo.inbox (
  no bigint GENERATED ALWAYS AS IDENTITY, shop text COLLATE "C" NOT NULL, dedupe_key text COLLATE "C" NOT NULL, channel text NOT NULL, verdict json NOT NULL,
  facts json NOT NULL, received_at bigint NOT NULL, raw bytea, case_id text COLLATE "C", handled_at bigint, stray_at bigint,
  PRIMARY KEY (shop, no), UNIQUE (shop, dedupe_key));
CREATE INDEX inbox_stray ON efectivo.inbox (shop, stray_at) WHERE stray_at IS NOT NULL;
CREATE INDEX inbox_received ON efectivo.inbox (shop, received_at);
CREATE TABLE efectivo.inbox_keys (
  shop text COLLATE "C" NOT NULL, inbox_no bigint NOT NULL, key text COLLATE "C" NOT NULL,
  PRIMARY KEY (shop, inbox_no, key), FOREIGN KEY (shop, inbox_no) REFERENCES efectivo.inbox (shop, no) ON DELETE CASCADE);
CREATE INDEX inbox_keys_key ON efectivo.inbox_keys (shop, key);

CREATE TABLE efectivo.journal (
  shop text COLLATE "C" NOT NULL, case_id text COLLATE "C" NOT NULL, no integer NOT NULL, at bigint NOT NULL, entry json NOT NULL,
  PRIMARY KEY (shop, case_id, no));

CREATE TABLE efectivo.outbox (
  shop text COLLATE "C" NOT NULL, case_id text COLLATE "C" NOT NULL, no integer NOT NULL, lane text NOT NULL, repeatable boolean NOT NULL, body json NOT NULL,
  attempt integer NOT NULL DEFAULT 0, lease_by integer, lease_until bigint, next_at bigint NOT NULL, sent_at bigint, done_at bigint, dead_at bigint,
  PRIMARY KEY (shop, case_id, no));
CREATE INDEX outbox_open ON efectivo.outbox (shop, lane, case_id, no) WHERE done_at IS NULL AND dead_at IS NULL;
CREATE INDEX outbox_leased ON efectivo.outbox (lease_by) WHERE lease_until IS NOT NULL;

CREATE TABLE efectivo.channels (
  shop text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, version bigint NOT NULL, token bytea, doc json NOT NULL,
  PRIMARY KEY (shop, id)) WITH (fillfactor = 50);

CREATE TABLE efectivo.evidence (
  no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, shop text COLLATE "C" NOT NULL, case_id text COLLATE "C" NOT NULL, kind text NOT NULL,
  kept_at bigint NOT NULL, purge_after bigint NOT NULL, body bytea NOT NULL);
CREATE INDEX evidence_case ON efectivo.evidence (shop, case_id, kind);
CREATE INDEX evidence_purge ON efectivo.evidence (shop, purge_after);

CREATE TABLE efectivo.processes (
  no integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, worker text, began_at timestamptz NOT NULL DEFAULT now(), missed_at timestamptz);
`,
  // Each write leaves a sign of its own: whoever lost the answer asks for it, whatever was written since.
  `
ALTER TABLE efectivo.cases ADD COLUMN written uuid;
ALTER TABLE efectivo.journal ADD COLUMN written uuid;
`,
  // What a case waits with is found by its case, however much waits beside it.
  `
DROP INDEX efectivo.outbox_open;
CREATE INDEX outbox_open ON efectivo.outbox (shop, case_id, lane, no) WHERE done_at IS NULL AND dead_at IS NULL;
${DUE}
${CHANGES}
`,
];
