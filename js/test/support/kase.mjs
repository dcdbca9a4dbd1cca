// Documents that look like the core's, for tests of the store alone.

/** A case document of the least that a store looks at. */
export function kase(id, more = {}) {
  return { schema: 1, id, order: `o-${id}`, mode: 'test', state: 'waiting', placed_at: 1_000, reviews: [], wake_at: null, ...more };
}

/** A commit that changes nothing but the case. */
export function change(doc, version, more = {}) {
  return { case: doc, version, keys: [], journal: [], outputs: [], channels: [], evidence: [], completes: null, notice: null, now: 5_000, ...more };
}

/** An output of a lane. */
export function output(no, lane = 'provider', repeatable = true) {
  return { no, lane, repeatable, body: { mail: { kind: 'new', attempt: 1 } } };
}

/** A notice as the inbox stores it. */
export function notice(dedupe_key, keys, more = {}) {
  return { dedupe_key, channel: 'sandbox-1', verdict: 'verified', facts: { status: 'waiting' }, keys, received_at: 1_000, stray_at: null, raw: Buffer.from('{}'), ...more };
}
