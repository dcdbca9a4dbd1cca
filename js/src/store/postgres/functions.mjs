// What one input changes, written by the server in one go: over a network each question costs a round trip, and a commit asked ten.

import { PLANNED_ONCE } from './due.mjs';

/** SQLSTATE of a conflict; its message says what was written by somebody else, its detail who has a key. */
export const CONFLICT = 'EF001';

/** A provider may use an id again years later: the newest case has it. An order's or a page's key is never taken over. Returns the keys that are new to the case. */
const SAVE_KEYS = `
CREATE OR REPLACE FUNCTION efectivo.save_keys(in_shop text, in_id text, wanted text[]) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
  one record;
  fresh text[] := '{}';
BEGIN
  FOR one IN INSERT INTO efectivo.keys (shop, key, case_id) SELECT in_shop, name, in_id FROM unnest(wanted) AS name
    WHERE NOT EXISTS (SELECT 1 FROM efectivo.keys WHERE shop = in_shop AND key = name AND case_id = in_id) ORDER BY name COLLATE "C"
    ON CONFLICT (shop, key) DO UPDATE SET case_id = CASE WHEN keys.key ~ '^(order|page):' THEN keys.case_id ELSE excluded.case_id END RETURNING key, case_id
  LOOP
    IF one.case_id <> in_id THEN
      RAISE EXCEPTION USING ERRCODE = '${CONFLICT}', MESSAGE = 'key', DETAIL = one.case_id;
    END IF;
    fresh := fresh || one.key;
  END LOOP;
  RETURN fresh;
END $$;`;

/** Channel rows, each against the version that it was read with (0 for a new one), in the order of their ids. */
const SAVE_CHANNELS = `
CREATE OR REPLACE FUNCTION efectivo.save_channels(in_shop text, ids text[], versions bigint[], tokens bytea[], docs text[]) RETURNS void LANGUAGE plpgsql ${PLANNED_ONCE} AS $$
DECLARE
  next record;
BEGIN
  FOR next IN SELECT * FROM unnest(ids, versions, tokens, docs) AS one (id, was, token, doc) ORDER BY id COLLATE "C" LOOP
    IF next.was = 0 THEN
      INSERT INTO efectivo.channels (shop, id, version, token, doc) VALUES (in_shop, next.id, 1, next.token, next.doc::json) ON CONFLICT DO NOTHING;
    ELSE
      UPDATE efectivo.channels SET version = version + 1, token = next.token, doc = next.doc::json WHERE shop = in_shop AND id = next.id AND version = next.was;
    END IF;
    IF NOT FOUND THEN
      RAISE EXCEPTION USING ERRCODE = '${CONFLICT}', MESSAGE = 'channel';
    END IF;
  END LOOP;
END $$;`;

/** The case itself; returns its new version, or nothing where `again` (the answer to the first try was lost) finds that it was written then. */
const SAVE_CASE = `
CREATE OR REPLACE FUNCTION efectivo.save_case(in_shop text, in_id text, was bigint, in_order text, in_mode text, in_schema integer, in_state text, in_placed_at bigint, in_reviews integer,
  in_wake_at bigint, in_doc text, sign uuid, again boolean) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  IF was = 0 THEN
    INSERT INTO efectivo.cases (shop, id, version, order_key, mode, schema, state, placed_at, open_reviews, wake_at, doc, written)
      VALUES (in_shop, in_id, 1, in_order, in_mode, in_schema, in_state, in_placed_at, in_reviews, in_wake_at, in_doc::json, sign) ON CONFLICT DO NOTHING;
  ELSE
    UPDATE efectivo.cases SET order_key = in_order, mode = in_mode, schema = in_schema, state = in_state, placed_at = in_placed_at, open_reviews = in_reviews, wake_at = in_wake_at,
      doc = in_doc::json, written = sign, version = version + 1 WHERE shop = in_shop AND id = in_id AND version = was;
  END IF;
  IF FOUND THEN
    RETURN was + 1;
  ELSIF again AND (EXISTS (SELECT 1 FROM efectivo.cases WHERE shop = in_shop AND id = in_id AND written = sign)
    OR EXISTS (SELECT 1 FROM efectivo.journal WHERE shop = in_shop AND case_id = in_id AND written = sign)) THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION USING ERRCODE = '${CONFLICT}', MESSAGE = 'case';
END $$;`;

/** What a change adds to the case's journal, outbox and evidence. */
const APPEND = `
CREATE OR REPLACE FUNCTION efectivo.append(in_shop text, in_id text, host_now bigint, sign uuid, entry_no integer[], entry_at bigint[], entry_doc text[],
  output_no integer[], output_lane text[], output_repeatable boolean[], output_body text[], piece_kind text[], piece_after bigint[], piece_body bytea[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF cardinality(entry_no) > 0 THEN
    INSERT INTO efectivo.journal (shop, case_id, no, at, entry, written)
      SELECT in_shop, in_id, no, at, entry::json, sign FROM unnest(entry_no, entry_at, entry_doc) AS one (no, at, entry);
  END IF;
  IF cardinality(output_no) > 0 THEN
    INSERT INTO efectivo.outbox (shop, case_id, no, lane, repeatable, body, next_at)
      SELECT in_shop, in_id, no, lane, repeatable, body::json, host_now FROM unnest(output_no, output_lane, output_repeatable, output_body) AS one (no, lane, repeatable, body);
  END IF;
  IF cardinality(piece_kind) > 0 THEN
    INSERT INTO efectivo.evidence (shop, case_id, kind, kept_at, purge_after, body)
      SELECT in_shop, in_id, kind, host_now, after, body FROM unnest(piece_kind, piece_after, piece_body) WITH ORDINALITY AS one (kind, after, body, place) ORDER BY place;
  END IF;
END $$;`;

/** The answer of an output, which only the attempt that was sent can bring; and a notice that this input was. */
const SETTLE = `
CREATE OR REPLACE FUNCTION efectivo.complete(in_shop text, in_id text, output_no integer, output_attempt integer, dead boolean, host_now bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE efectivo.outbox SET done_at = CASE WHEN NOT dead THEN host_now END, dead_at = CASE WHEN dead THEN host_now END, lease_by = NULL, lease_until = NULL
    WHERE shop = in_shop AND case_id = in_id AND no = output_no AND attempt = output_attempt AND done_at IS NULL AND dead_at IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = '${CONFLICT}', MESSAGE = 'output';
  END IF;
END $$;
CREATE OR REPLACE FUNCTION efectivo.handled(in_shop text, in_id text, notice_no bigint, host_now bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE efectivo.inbox SET case_id = in_id, handled_at = host_now, stray_at = NULL WHERE shop = in_shop AND no = notice_no;
  DELETE FROM efectivo.inbox_keys WHERE shop = in_shop AND inbox_no = notice_no;
END $$;`;

/** All of a change, in one statement and so in one transaction. The channels come last: others may be waiting for their rows. */
const TAKE_IN = `
CREATE OR REPLACE FUNCTION efectivo.take_in(in_shop text, in_id text, was bigint, in_order text, in_mode text, in_schema integer, in_state text, in_placed_at bigint, in_reviews integer,
  in_wake_at bigint, in_doc text, sign uuid, again boolean, keys text[], host_now bigint, entry_no integer[], entry_at bigint[], entry_doc text[],
  output_no integer[], output_lane text[], output_repeatable boolean[], output_body text[], piece_kind text[], piece_after bigint[], piece_body bytea[],
  done_no integer, done_attempt integer, done_dead boolean, notice_no bigint, jobs boolean, real_now bigint,
  channel_id text[], channel_version bigint[], channel_token bytea[], channel_doc text[]) RETURNS bigint LANGUAGE plpgsql ${PLANNED_ONCE} SET lock_timeout = '5s' AS $$
DECLARE
  version bigint := efectivo.save_case(in_shop, in_id, was, in_order, in_mode, in_schema, in_state, in_placed_at, in_reviews, in_wake_at, in_doc, sign, again);
  fresh text[];
BEGIN
  IF version IS NULL THEN
    RETURN was + 1;
  END IF;
  fresh := efectivo.save_keys(in_shop, in_id, keys);
  PERFORM efectivo.append(in_shop, in_id, host_now, sign, entry_no, entry_at, entry_doc, output_no, output_lane, output_repeatable, output_body, piece_kind, piece_after, piece_body);
  IF done_no IS NOT NULL THEN
    PERFORM efectivo.complete(in_shop, in_id, done_no, done_attempt, done_dead, host_now);
  END IF;
  IF notice_no IS NOT NULL THEN
    PERFORM efectivo.handled(in_shop, in_id, notice_no, host_now);
  END IF;
  IF jobs THEN
    PERFORM efectivo.wake_up(in_shop, in_id, host_now, real_now, fresh, 0);
  END IF;
  IF cardinality(channel_id) > 0 THEN
    PERFORM efectivo.save_channels(in_shop, channel_id, channel_version, channel_token, channel_doc);
  END IF;
  RETURN version;
END $$;`;

/** All of them as they stand now. */
export const CHANGES = [SAVE_KEYS, SAVE_CHANNELS, SAVE_CASE, APPEND, SETTLE, TAKE_IN].join('\n');
