// Shopify's search syntax over orders: terms, quotes, comparators, AND, OR, NOT, minus and brackets, as the schema's description of `orders(query:)` lists its fields.

import * as orders from './orders.ts';
import type { Instant, Order } from './world.ts';

type Judge = (order: Order) => boolean;

export interface Search { judge: Judge; warnings: Array<{ field: string; message: string; code: string }> }

/** Reads a query. A field that Shopify doesn't know is passed over with a warning, as Shopify does; the warning can be asserted on. */
export function search(text: string, now: Instant): Search {
  const tokens = text.match(/\(|\)|-?(?:[\w.$-]+:)?(?:[<>]=?)?(?:"[^"]*"|'[^']*'|[^\s()"']+)/g) ?? [];
  const warnings: Search['warnings'] = [];
  let at = 0;

  function either(): Judge {
    let judge = both();
    while (tokens[at]?.toUpperCase() === 'OR') {
      at += 1;
      const [left, right] = [judge, both()];
      judge = (order) => left(order) || right(order);
    }
    return judge;
  }

  function both(): Judge {
    let judge: Judge = () => true;
    while (at < tokens.length && tokens[at] !== ')' && tokens[at]?.toUpperCase() !== 'OR') {
      if (tokens[at]?.toUpperCase() === 'AND') {
        at += 1;
        continue;
      }
      const [left, right] = [judge, one()];
      judge = (order) => left(order) && right(order);
    }
    return judge;
  }

  function one(): Judge {
    const word = tokens[at] ?? '';
    at += 1;
    if (word.toUpperCase() === 'NOT') {
      const denied = one();
      return (order) => !denied(order);
    }
    if (word === '(') {
      const inside = either();
      if (tokens[at] === ')') at += 1;
      return inside;
    }
    if (word.startsWith('-')) {
      const denied = term(word.slice(1));
      return (order) => !denied(order);
    }
    return term(word);
  }

  function term(word: string): Judge {
    const parts = /^([\w.$-]+):([<>]=?)?(.*)$/.exec(word);
    if (!parts) return (order) => [order.name, order.email, ...order.tags].some((value) => value.toLowerCase().includes(bare(word).toLowerCase()));
    const [, field = '', comparator = '=', value = ''] = parts;
    const judge = judgeOf(field, comparator, bare(value), now);
    if (judge) return judge;
    warnings.push({ field, message: 'Invalid search field for this query.', code: 'invalid_field' });
    return () => true;
  }

  return { judge: either(), warnings };
}

const bare = (value: string): string => value.replace(/^["']|["']$/g, '');

function judgeOf(field: string, comparator: string, value: string, now: Instant): Judge | null {
  const same = (read: (order: Order) => string): Judge => (order) => value.split(',').some((word) => read(order).toLowerCase() === word.toLowerCase());
  const time = (read: (order: Order) => Instant): Judge => {
    const wanted = value === 'now' ? now : Date.parse(value);
    return Number.isNaN(wanted) ? () => false : (order) => compare(Math.floor(read(order) / 1_000), comparator, Math.floor(wanted / 1_000));
  };
  switch (field) {
    case 'id': return (order) => compare(order.id, comparator, Number(value));
    case 'name': return same((order) => order.name.replace('#', value.startsWith('#') ? '#' : ''));
    case 'created_at': return time((order) => order.created);
    case 'updated_at': return time((order) => order.updated);
    case 'processed_at': return time((order) => order.processed);
    case 'financial_status': return same(orders.standing);
    case 'status': return (order) => statusOf(order, value.toLowerCase());
    case 'tag': return (order) => order.tags.some((tag) => tag.toLowerCase() === value.toLowerCase());
    case 'tag_not': return (order) => !order.tags.some((tag) => tag.toLowerCase() === value.toLowerCase());
    case 'test': return (order) => String(order.test) === value;
    case 'gateway': return (order) => order.gateways.some((name) => name.toLowerCase() === value.toLowerCase());
    case 'checkout_token': return same((order) => order.checkout_token);
    case 'cart_token': return same((order) => order.cart_token);
    case 'confirmation_number': return same((order) => order.confirmation_number);
    case 'email': return same((order) => order.email);
    case 'customer_id': return same((order) => String(order.customer?.id ?? ''));
    default: return null;
  }
}

const statusOf = (order: Order, wanted: string): boolean => {
  if (wanted === 'cancelled') return order.cancelled !== null;
  if (wanted === 'closed') return order.closed !== null;
  if (wanted === 'open') return order.cancelled === null && order.closed === null;
  return wanted === 'not_closed' ? order.closed === null : true;
};

function compare(one: number, comparator: string, other: number): boolean {
  switch (comparator) {
    case '>': return one > other;
    case '>=': return one >= other;
    case '<': return one < other;
    case '<=': return one <= other;
    default: return one === other;
  }
}
