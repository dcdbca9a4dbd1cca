// What the tests compare of a case: its story, without counters and clocks.

/** States in which a shopper may still pay. */
export const OPEN = new Set(['creating', 'unknown', 'waiting', 'checking']);

/** What a case's journal must tell again. */
export function story({ state, attempts, reviews, told_paid, told_cancel }) {
  const told = (what) => (typeof what === 'object' ? 'asked' : what);
  return {
    state,
    attempts: attempts.map(({ no, reference, state: at, code, payments }) => ({ no, reference, at, id: code?.provider_id, payments: payments.map(({ id, standing }) => [id, standing]) })),
    reviews: reviews.map(({ kind, about }) => [kind, about]),
    paid: told(told_paid),
    cancel: told(told_cancel),
  };
}
