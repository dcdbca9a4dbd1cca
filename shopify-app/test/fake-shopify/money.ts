// Amounts as Shopify writes them: decimal strings outside, whole minor units inside.

import type { Minor, Order } from './world.ts';

/** Currencies without cents; every other one that the fake meets has two digits. */
const WITHOUT_CENTS = new Set(['CLP', 'JPY', 'PYG', 'KRW']);

const digitsOf = (currency: string): number => (WITHOUT_CENTS.has(currency) ? 0 : 2);

/** "50", "50.0" or "50.00" in minor units; null where it is no amount, or finer than the currency. */
export function minor(text: string, currency: string): Minor | null {
  const parts = /^(-?)(\d{1,12})(?:\.(\d+))?$/.exec(text);
  if (!parts) return null;
  const digits = digitsOf(currency);
  const fraction = (parts[3] ?? '').padEnd(digits, '0');
  if (/[1-9]/.test(fraction.slice(digits))) return null;
  const value = Number(`${parts[2]}${fraction.slice(0, digits)}`);
  return parts[1] ? -value : value;
}

/** Always with a point, also for currencies without cents, as Shopify does. */
export function decimal(value: Minor, currency: string): string {
  const digits = digitsOf(currency);
  const text = String(Math.abs(value)).padStart(digits + 1, '0');
  const whole = digits ? text.slice(0, -digits) : text;
  return `${value < 0 ? '-' : ''}${whole}.${digits ? text.slice(-digits) : '0'}`;
}

/** A sum in the buyer's currency, as the shop's books have it. */
export function inShop(value: Minor, order: Order): Minor {
  if (order.currency === order.presentment) return value;
  return Math.round(value * order.rate * 10 ** (digitsOf(order.currency) - digitsOf(order.presentment)));
}

/** GraphQL's MoneyBag. */
export const bag = (value: Minor, order: Order): object => ({
  shopMoney: { amount: decimal(inShop(value, order), order.currency), currencyCode: order.currency },
  presentmentMoney: { amount: decimal(value, order.presentment), currencyCode: order.presentment },
});

/** The webhooks' `…_set`. */
export const restBag = (value: Minor, order: Order): object => ({
  shop_money: { amount: decimal(inShop(value, order), order.currency), currency_code: order.currency },
  presentment_money: { amount: decimal(value, order.presentment), currency_code: order.presentment },
});
