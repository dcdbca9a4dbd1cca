// A shop with its provider for tests: settings for the sandbox, a virtual clock, an order book, and the host over them.

import { join } from 'node:path';
import { loadSync, open, orderBook } from '../../src/index.mjs';
import { CHANNELS } from './sandbox.mjs';

/** Settings of a shop with one channel, to a provider at `url`. */
export function settings(url, more = {}) {
  return {
    shop: { name: 'Bodega Rosita', tag: 'ROSITA', page_url: 'http://127.0.0.1:4750/pago', contact: 'hola@rosita.example', mail_from: 'hola@rosita.example' },
    channels: [{ id: 'sandbox-1', provider: 'sandbox', mode: 'test', sandbox_url: url, notice_url: 'http://127.0.0.1:4750/webhook/sandbox-1' }],
    ...more,
  };
}

export const credentials = { 'sandbox-1': { sandbox: { key: 'my-key', secret: 'my-secret' } } };
export const person = { first_name: 'Ana', last_name: 'Quispe', email: 'canario@rosita.example', phone: '+51987654321', document_type: 'DNI', document: '45678912' };
export const hundred = { minor: 10_000, currency: 'PEN' };

/** Settings and keys of a shop whose one channel speaks the protocol `kind` at `url`. */
export function channelOf(kind, url, notice_url) {
  const provider = kind === 'documented' ? 'sandbox' : kind;
  const base = settings(url);
  return { settings: { ...base, channels: [{ ...base.channels[0], provider, notice_url, confirmed: true }] }, credentials: { 'sandbox-1': CHANNELS[provider].credentials } };
}

/** A clock that is wound by hand; it also runs. */
export function windable(start = Date.now()) {
  const offset = { ms: start - Date.now() };
  return { now: () => Date.now() + offset.ms, wind: (ms) => { offset.ms += ms; } };
}

/** Opens a host on `data` with an order book beside it; `mails` collects what was sent. */
export async function openShop({ data, provider, clock = windable(), core = loadSync(), ...more }) {
  const book = orderBook({ file: data === ':memory:' ? data : join(data, 'orders.sqlite'), core });
  const mails = [];
  const logs = [];
  const efectivo = await open({
    core, data, clock, credentials, shop: book, settings: settings(provider?.url ?? 'http://127.0.0.1:9/sandbox'),
    mail: { send: async (mail) => { mails.push(mail); } }, log: (event, facts) => logs.push({ event, ...facts }), ...more,
  });
  return { efectivo, book, mails, logs, clock, core, close: async () => { await efectivo.close(); await book.close(); } };
}
