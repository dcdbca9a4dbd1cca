// Tells a shop behind an address what became of its orders: one signed request per effect (Standard Webhooks), repeated until the shop has answered.

import { createHmac } from 'node:crypto';
import { EfectivoError } from './core.mjs';

const ANSWERS_WITHIN_MS = 10_000;
const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

/**
 * A shop port that keeps orders in `book` and asks `callback.url` first. The shop answers 2xx for done, 409 with `{ "why" }` for refused;
 * anything else is tried again. `webhook-id` is the effect's own: the same effect told twice has the same.
 */
export function toldShop(book, { url, secret }, core, fetch = globalThis.fetch) {
  const address = URL.parse(url);
  const safe = address && (address.protocol === 'https:' || (address.protocol === 'http:' && LOOPBACK.has(address.hostname)));
  if (!safe || typeof secret !== 'string' || secret.length < 24) {
    throw new EfectivoError({ code: 'bad_settings', message: 'callback needs an https url and a secret of 24 characters or more', help: 'Make a secret with: openssl rand -base64 32' });
  }

  async function apply(order, effect, when, about) {
    const read = await book.read(order);
    if (read && core.call('allows', { when, read }).ok.allowed) {
      const refused = await tell({ id: about.key, order, effect });
      if (refused) return { outcome: { refused: { why: refused } }, read };
    }
    return book.apply(order, effect, when, about);
  }

  /** Says why the shop refused; `null` where it did as it was told. */
  async function tell({ id, order, effect }) {
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const body = JSON.stringify({ type: `order.${typeof effect === 'string' ? effect : Object.keys(effect)[0]}`, order, effect });
    const headers = { 'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${sign(`${id}.${timestamp}.${body}`)}`, connection: 'close' };
    const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'error', signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) });
    if (answer.ok) return null;
    if (answer.status !== 409) throw new EfectivoError({ code: `callback_${answer.status}`, message: 'the shop did not take the callback', retry: 'later' });
    const why = (await answer.json().catch(() => ({}))).why;
    return typeof why === 'string' ? why.slice(0, 200) : 'the shop refused';
  }

  const key = Buffer.from(secret.replace(/^whsec_/, ''), secret.startsWith('whsec_') ? 'base64' : 'utf8');
  const sign = (text) => createHmac('sha256', key).update(text).digest('base64');
  return { read: book.read, apply };
}
