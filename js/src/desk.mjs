// The service's calls for a person: what waits for an answer, one order's whole story, and the decisions that the core offers in that moment, by their names.

import { callersKey, keyOf, refuse, unknown, whole } from './asked.mjs';

/** Cases in one answer: as many as a person looks through, and as a worklist may hold at most. */
const CASES = { least: 1, most: 100, otherwise: 50 };
const TIMES = { least: 0, most: Number.MAX_SAFE_INTEGER, otherwise: Number.MAX_SAFE_INTEGER };
const NUMBERS = { least: 1, most: 65_535 };

/** `known(order)` finds an order's case or refuses; `statusOf` is what every call answers with. */
export function deskCalls(efectivo, { known, statusOf, lang }) {
  /** The orders with a question that waits for a person, the newest first; `next` goes on where there may be more. */
  async function listReviews({ limit, before, ...rest }) {
    unknown(rest);
    const most = whole('limit', limit, CASES);
    const cases = await efectivo.cases({ reviews: 'open', limit: most, before: whole('before', before, TIMES) });
    const views = await Promise.all(cases.map(async ({ id }) => (await efectivo.case(id, { locale: lang })).view));
    const orders = views.map(({ order, number, state_text, amount_text, reviews }) => ({ order, number, state_text, amount_text, reviews: reviews.filter(({ open }) => open).map(question) }));
    return { orders, next: cases.length === most ? cases.at(-1).placed_at : null };
  }

  async function queryCase({ order, ...rest }) {
    unknown(rest);
    const { case: id } = await known(order);
    const [{ view }, { texts }] = await Promise.all([efectivo.case(id, { locale: lang }), efectivo.journal(id, { locale: lang })]);
    const { number, mode, shop_text, placed_text, deadline_text, next_question_text, wish_text } = view;
    return {
      ...(await statusOf({ case: id, order })), number, mode, shop_text, placed_text, deadline_text, next_question_text, wish_text,
      decisions: view.decisions.map(offered), reviews: view.reviews.map(question), history: texts.map(({ at, at_text, text }) => ({ at, at_text, text })),
    };
  }

  /** Answers a question by one of its choices, as they are in that moment. */
  async function answerReview({ order, review, choice, reason = '', key, ...rest }) {
    unknown(rest);
    const no = whole('review', review, NUMBERS);
    if (typeof choice !== 'string' || typeof reason !== 'string') refuse('missing_field', 'an answer needs `choice` and `reason` as texts', 'Take `choice` from the choices of the question; `reason` is a sentence of yours.');
    return decided(order, key, ({ reviews }) => {
      const buttons = reviews.find((one) => one.no === no)?.buttons ?? refuse('no_review', `order ${order} has no question ${no}`, 'The questions are listed by /list-reviews and /query-case.');
      if (!buttons.some(({ resolution }) => resolution === choice)) refuse('not_possible', `question ${no} offers no such choice`, buttons.length > 0 ? `It offers: ${buttons.map(({ resolution }) => resolution).join(', ')}.` : 'It is answered already: look at /query-case.');
      return { resolve: { review: no, resolution: choice, reason } };
    });
  }

  /** A call that takes the decision of this name, where the case offers it. */
  const decision = (name) => async ({ order, key, ...rest }) => {
    unknown(rest);
    return decided(order, key, ({ decisions }) => decisions.find((one) => one.decision === name)?.decision ?? refuse('not_possible', `the order does not offer ${name} now`, 'What it offers is listed by /query-case.'));
  };

  async function decided(order, key, choose) {
    const { case: id } = await known(keyOf(order));
    return statusOf(await efectivo.merchant(id, choose, { key: callersKey(key) }));
  }

  return {
    'GET /list-reviews': listReviews, 'GET /query-case': queryCase, 'POST /query-case': queryCase,
    'POST /answer-review': answerReview, 'POST /check-now': decision('check_now'), 'POST /cancel': decision('cancel'),
  };
}

/** A question as the core words it, with the choices that it offers. */
function question({ no, kind, title, text, result, steps, evidence, explained, amount_text, opened_text, due_line, overdue, open, closed_text, resolution_text, reason, buttons }) {
  const choices = buttons.map(({ resolution, label }) => ({ choice: resolution, label }));
  const closed = open ? null : { at_text: closed_text, choice_text: resolution_text, reason };
  return { review: no, kind, title, text, result, steps, facts: evidence, explained, amount_text, opened_text, due_line, overdue, choices, closed };
}

/** A decision by its name, which is also its call's; a refund says of how much. */
function offered({ decision, label }) {
  const [name, amount] = typeof decision === 'string' ? [decision, null] : [Object.keys(decision)[0], Object.values(decision)[0].amount];
  return { call: `/${name.replaceAll('_', '-')}`, label, amount };
}
