// What a call of the service asks, before it goes further: only known fields, an order's key, a caller's own key, a number; or a refusal that says what to do.

import { EfectivoError } from './core.mjs';

/** The longest key of a caller's own. */
const MOST_KEY = 200;

export function refuse(code, message, help) {
  throw new EfectivoError({ code, message, help });
}

/** Refuses what is left of a call's fields once the known ones are taken out. */
export function unknown(rest) {
  const [name] = Object.keys(rest);
  if (name) refuse('bad_ask', `there is no field ${name}`, 'The fields are listed in /openapi.json.');
}

/** An order's key as it was given. */
export function keyOf(order) {
  return typeof order === 'string' && order !== '' ? order : refuse('missing_field', 'an order needs its key', 'Give `order` as a text.');
}

/** The caller's own key of a call, where it gave one. */
export function callersKey(key) {
  if (key === undefined || (typeof key === 'string' && key !== '' && key.length <= MOST_KEY)) return key;
  return refuse('bad_ask', '`key` is no text of 1 to 200 letters', 'Give each such call a key of your own, and the same key when you repeat the call.');
}

/** A whole number from `least` to `most`, which a query gives as text. */
export function whole(name, value, { least, most, otherwise }) {
  if (value === undefined && otherwise !== undefined) return otherwise;
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  return refuse(value === undefined ? 'missing_field' : 'bad_ask', `\`${name}\` is no whole number from ${least} to ${most}`, 'The fields are listed in /openapi.json.');
}
