// What one input changes, written by the server in one go: over a network each question costs a round trip, and a commit asked ten.

/** SQLSTATE of a conflict; its message says what was written by somebody else, its detail who has a key. */
export const CONFLICT = 'EF001';

/** A case has one queue name, so that two workers never do the same case; of so many, because each fetch looks at every name (docs/decisions/0005). */
const QUEUES = 256;
/** What a job found due and could not do is tried again after this; a sweep may come first. */
const PAUSE_MS = 10_000;

/** One job: `kind` keeps jobs of notices apart, so that the next wake that a case asks for doesn't push one back. */
const ADD_JOB = `
CREATE FUNCTION efectivo.add_job(kind text, shop text, case_id text, wait bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM graphile_worker.add_job('efectivo', json_build_object('shop', shop, 'case', case_id), queue_name => 'efectivo-' || (hashtext(shop || ' ' || case_id) & ${QUEUES - 1}),
    run_at => now() + make_interval(secs => greatest(0, wait) / 1000.0), job_key => kind || ' ' || shop || ' ' || case_id);
END $$;`;

/** The job of a case for the next thing that is due of it, as this transaction leaves it, after `pause` ms where that is at once; instants are the host's, leases' ends the true time's. */
const WAKE_UP = `
CREATE FUNCTION efectivo.wake_up(in_shop text, in_id text, host_now bigint, real_now bigint, fresh_keys text[], pause integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  wait bigint;
BEGIN
  SELECT least(
    (SELECT wake_at - host_now FROM efectivo.cases WHERE shop = in_shop AND id = in_id),
    (SELECT min(greatest(next_at - host_now, coalesce(lease_until - real_now, 0))) FROM (
      SELECT DISTINCT ON (lane) next_at, lease_until FROM efectivo.outbox WHERE shop = in_shop AND case_id = in_id AND done_at IS NULL AND dead_at IS NULL ORDER BY lane, no) AS heads),
    CASE WHEN EXISTS (SELECT 1 FROM efectivo.inbox_keys WHERE shop = in_shop AND key = ANY (fresh_keys)) THEN 0 END) INTO wait;
  IF wait IS NOT NULL THEN
    PERFORM efectivo.add_job('case', in_shop, in_id, CASE WHEN wait <= 0 THEN pause ELSE wait END);
  END IF;
END $$;`;

/**
 * The same at the end of a job, which did not write one with each change. It need not be on the disk when this returns: the job itself is done
 * only later, and whatever is written down for good brings all that came before with it. So no commit waits for another one's NOTIFY and disk at once.
 */
const GO_ON = `
CREATE FUNCTION efectivo.go_on(in_shop text, in_id text, host_now bigint, real_now bigint, seen bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  PERFORM efectivo.wake_up(in_shop, in_id, host_now, real_now, '{}',
    CASE WHEN EXISTS (SELECT 1 FROM efectivo.cases WHERE shop = in_shop AND id = in_id AND version = seen) THEN ${PAUSE_MS} ELSE 0 END);
END $$;`;

/** A provider may use an id again years later: the newest case has it. An order's or a page's key is never taken over. Returns the keys that are new to the case. */
const SAVE_KEYS = `
CREATE FUNCTION efectivo.save_keys(in_shop text, in_id text, wanted text[]) RETURNS text[] LANGUAGE plpgsql AS $$
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
CREATE FUNCTION efectivo.save_channels(in_shop text, ids text[], versions bigint[], tokens bytea[], docs text[]) RETURNS void LANGUAGE plpgsql AS $$
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

/** Each write leaves a sign of its own: whoever lost the answer asks for it, whatever was written since. */
const WRITTEN = `
ALTER TABLE efectivo.cases ADD COLUMN written uuid;
ALTER TABLE efectivo.journal ADD COLUMN written uuid;`;

/** The case itself; returns its new version, or nothing where `again` (the answer to the first try was lost) finds that it was written then. */
const SAVE_CASE = `
CREATE FUNCTION efectivo.save_case(in_shop text, in_id text, was bigint, in_order text, in_mode text, in_schema integer, in_state text, in_placed_at bigint, in_reviews integer,
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
CREATE FUNCTION efectivo.append(in_shop text, in_id text, host_now bigint, sign uuid, entry_no integer[], entry_at bigint[], entry_doc text[],
  output_no integer[], output_lane text[], output_repeatable boolean[], output_body text[], piece_kind text[], piece_after bigint[], piece_body bytea[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO efectivo.journal (shop, case_id, no, at, entry, written)
    SELECT in_shop, in_id, no, at, entry::json, sign FROM unnest(entry_no, entry_at, entry_doc) AS one (no, at, entry);
  INSERT INTO efectivo.outbox (shop, case_id, no, lane, repeatable, body, next_at)
    SELECT in_shop, in_id, no, lane, repeatable, body::json, host_now FROM unnest(output_no, output_lane, output_repeatable, output_body) AS one (no, lane, repeatable, body);
  INSERT INTO efectivo.evidence (shop, case_id, kind, kept_at, purge_after, body)
    SELECT in_shop, in_id, kind, host_now, after, body FROM unnest(piece_kind, piece_after, piece_body) WITH ORDINALITY AS one (kind, after, body, place) ORDER BY place;
$$;`;

/** The answer of an output, which only the attempt that was sent can bring; and a notice that this input was. */
const SETTLE = `
CREATE FUNCTION efectivo.complete(in_shop text, in_id text, output_no integer, output_attempt integer, dead boolean, host_now bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE efectivo.outbox SET done_at = CASE WHEN NOT dead THEN host_now END, dead_at = CASE WHEN dead THEN host_now END, lease_by = NULL, lease_until = NULL
    WHERE shop = in_shop AND case_id = in_id AND no = output_no AND attempt = output_attempt AND done_at IS NULL AND dead_at IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = '${CONFLICT}', MESSAGE = 'output';
  END IF;
END $$;
CREATE FUNCTION efectivo.handled(in_shop text, in_id text, notice_no bigint, host_now bigint) RETURNS void LANGUAGE sql AS $$
  UPDATE efectivo.inbox SET case_id = in_id, handled_at = host_now, stray_at = NULL WHERE shop = in_shop AND no = notice_no;
  DELETE FROM efectivo.inbox_keys WHERE shop = in_shop AND inbox_no = notice_no;
$$;`;

/** All of a change, in one statement and so in one transaction. The channels come last: others may be waiting for their rows. */
const TAKE_IN = `
CREATE FUNCTION efectivo.take_in(in_shop text, in_id text, was bigint, in_order text, in_mode text, in_schema integer, in_state text, in_placed_at bigint, in_reviews integer,
  in_wake_at bigint, in_doc text, sign uuid, again boolean, keys text[], host_now bigint, entry_no integer[], entry_at bigint[], entry_doc text[],
  output_no integer[], output_lane text[], output_repeatable boolean[], output_body text[], piece_kind text[], piece_after bigint[], piece_body bytea[],
  done_no integer, done_attempt integer, done_dead boolean, notice_no bigint, jobs boolean, real_now bigint,
  channel_id text[], channel_version bigint[], channel_token bytea[], channel_doc text[]) RETURNS bigint LANGUAGE plpgsql SET lock_timeout = '5s' AS $$
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
  PERFORM efectivo.save_channels(in_shop, channel_id, channel_version, channel_token, channel_doc);
  RETURN version;
END $$;`;

export const FUNCTIONS = [WRITTEN, ADD_JOB, WAKE_UP, GO_ON, SAVE_KEYS, SAVE_CHANNELS, SAVE_CASE, APPEND, SETTLE, TAKE_IN].join('\n');
