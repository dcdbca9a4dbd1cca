// What is due and who does it, looked up by the server in one go: jobs, leases, and all that a job has to know of its case.

/**
 * A question's plan is made once for a connection. Left alone the server plans anew each time that a list is asked with, which costs more than the answer,
 * and keeps a plan that reads the whole table where that was empty at first.
 */
export const PLANNED_ONCE = 'SET plan_cache_mode = force_generic_plan SET enable_seqscan = off';

/** A case has one queue name, so that two workers never do the same case; of so many, because each fetch looks at every name (docs/decisions/0005). */
const QUEUES = 256;
/** What a job found due and could not do is tried again after this; a sweep may come first. */
const PAUSE_MS = 10_000;

/** One job: `kind` keeps jobs of notices apart, so that the next wake that a case asks for doesn't push one back. */
const ADD_JOB = `
CREATE OR REPLACE FUNCTION efectivo.add_job(kind text, shop text, case_id text, wait bigint) RETURNS void LANGUAGE plpgsql ${PLANNED_ONCE} AS $$
BEGIN
  PERFORM graphile_worker.add_job('efectivo', json_build_object('shop', shop, 'case', case_id), queue_name => 'efectivo-' || (hashtext(shop || ' ' || case_id) & ${QUEUES - 1}),
    run_at => now() + make_interval(secs => greatest(0, wait) / 1000.0), job_key => kind || ' ' || shop || ' ' || case_id);
END $$;`;

/** The first open output of each lane, of one case or of all. The plan of each question is kept, and is right whether the table is empty or full of what waits. */
const HEADS = `
CREATE OR REPLACE FUNCTION efectivo.heads(in_shop text, in_id text) RETURNS SETOF efectivo.outbox LANGUAGE plpgsql AS $$
BEGIN
  IF in_id IS NULL THEN
    RETURN QUERY SELECT DISTINCT ON (case_id, lane) * FROM efectivo.outbox WHERE shop = in_shop AND done_at IS NULL AND dead_at IS NULL ORDER BY case_id, lane, no;
  ELSE
    RETURN QUERY SELECT DISTINCT ON (lane) * FROM efectivo.outbox WHERE shop = in_shop AND case_id = in_id AND done_at IS NULL AND dead_at IS NULL ORDER BY lane, no;
  END IF;
END $$;`;

/** Leases what may leave now, the longest due first, past what others are leasing in this moment: one by one by its key, however much else waits. */
const CLAIM = `
CREATE OR REPLACE FUNCTION efectivo.claim(in_shop text, in_id text, lanes text[], host_now bigint, real_now bigint, holder integer, lease_ms bigint, most integer)
RETURNS SETOF efectivo.outbox LANGUAGE plpgsql ${PLANNED_ONCE} AS $$
DECLARE
  head record;
  mine efectivo.outbox;
BEGIN
  FOR head IN SELECT case_id, no FROM efectivo.heads(in_shop, in_id) WHERE lane = ANY (lanes) AND next_at <= host_now AND coalesce(lease_until, 0) <= real_now ORDER BY next_at, case_id, no LOOP
    EXIT WHEN most <= 0;
    UPDATE efectivo.outbox SET attempt = attempt + 1, lease_by = holder, lease_until = real_now + lease_ms WHERE shop = in_shop AND case_id = head.case_id AND no = (
      SELECT no FROM efectivo.outbox WHERE shop = in_shop AND case_id = head.case_id AND no = head.no
        AND done_at IS NULL AND dead_at IS NULL AND next_at <= host_now AND coalesce(lease_until, 0) <= real_now FOR UPDATE SKIP LOCKED)
      RETURNING * INTO mine;
    IF FOUND THEN
      RETURN NEXT mine;
      most := most - 1;
    END IF;
  END LOOP;
END $$;`;

/** A case with the channels' rows and, where that is asked for, who pays: what the core is asked with. */
export const SCENE = (shop, id, person) => `one.version, one.doc,
      (SELECT coalesce(json_agg(json_build_object('id', row.id, 'version', row.version, 'token', encode(row.token, 'base64'), 'doc', row.doc)), '[]') FROM efectivo.channels AS row WHERE row.shop = ${shop}) AS channels,
      CASE WHEN ${person} THEN (SELECT body FROM efectivo.evidence AS piece WHERE piece.shop = ${shop} AND piece.case_id = ${id} AND piece.kind = 'person' ORDER BY piece.no DESC LIMIT 1) END AS person
    FROM (SELECT 1) AS always LEFT JOIN efectivo.cases AS one ON one.shop = ${shop} AND one.id = ${id}`;

/**
 * What of one case waits: notices, its wake, or else what can leave, which is leased at once and comes with all that is needed to carry it out.
 * With `regardless` it is leased though notices or a wake that is due could not be taken in.
 */
const LOOK = `
CREATE OR REPLACE FUNCTION efectivo.look(in_shop text, in_id text, lanes text[], host_now bigint, real_now bigint, holder integer, lease_ms bigint, regardless boolean,
  OUT version bigint, OUT wake_at bigint, OUT notices boolean, OUT claimed json, OUT doc json, OUT channels json, OUT person bytea) LANGUAGE plpgsql ${PLANNED_ONCE} AS $$
BEGIN
  SELECT one.version, one.wake_at INTO version, wake_at FROM efectivo.cases AS one WHERE one.shop = in_shop AND one.id = in_id;
  notices := EXISTS (SELECT 1 FROM efectivo.keys JOIN efectivo.inbox_keys USING (shop, key) WHERE shop = in_shop AND case_id = in_id);
  IF (notices OR wake_at <= host_now) AND NOT regardless THEN
    RETURN;
  END IF;
  SELECT json_agg(json_build_object('case_id', case_id, 'attempt', attempt, 'sent_at', sent_at, 'output', json_build_object('no', no, 'lane', lane, 'repeatable', repeatable, 'body', body)))
    INTO claimed FROM efectivo.claim(in_shop, in_id, lanes, host_now, real_now, holder, lease_ms, cardinality(lanes));
  IF claimed IS NOT NULL THEN
    SELECT scene.version, scene.doc, scene.channels, scene.person INTO version, doc, channels, person FROM (SELECT ${SCENE('in_shop', 'in_id', 'true')}) AS scene;
  END IF;
END $$;`;

/** The job of a case for the next thing that is due of it, as this transaction leaves it, after `pause` ms where that is at once; instants are the host's, leases' ends the true time's. */
const WAKE_UP = `
CREATE OR REPLACE FUNCTION efectivo.wake_up(in_shop text, in_id text, host_now bigint, real_now bigint, fresh_keys text[], pause integer) RETURNS void LANGUAGE plpgsql ${PLANNED_ONCE} AS $$
DECLARE
  wait bigint;
BEGIN
  SELECT least(
    (SELECT wake_at - host_now FROM efectivo.cases WHERE shop = in_shop AND id = in_id),
    (SELECT min(greatest(next_at - host_now, coalesce(lease_until - real_now, 0))) FROM efectivo.heads(in_shop, in_id)),
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
CREATE OR REPLACE FUNCTION efectivo.go_on(in_shop text, in_id text, host_now bigint, real_now bigint, seen bigint) RETURNS void LANGUAGE plpgsql ${PLANNED_ONCE} AS $$
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  PERFORM efectivo.wake_up(in_shop, in_id, host_now, real_now, '{}',
    CASE WHEN EXISTS (SELECT 1 FROM efectivo.cases WHERE shop = in_shop AND id = in_id AND version = seen) THEN ${PAUSE_MS} ELSE 0 END);
END $$;`;

/** All of them as they stand now. */
export const DUE = [ADD_JOB, HEADS, CLAIM, LOOK, WAKE_UP, GO_ON].join('\n');
