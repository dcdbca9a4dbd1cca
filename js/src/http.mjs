// Efectivo over HTTP: `routes` answers shoppers and providers inside a shop's own server; `serve` is the whole as a small service with a bearer key.

import { createServer } from 'node:http';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { EfectivoError } from './core.mjs';
import { callersKey, keyOf, refuse, unknown } from './asked.mjs';
import { guard } from './bearer.mjs';
import { toldShop } from './callback.mjs';
import { deskCalls } from './desk.mjs';
import { open } from './host.mjs';
import { errorFacts } from './log.mjs';
import { loadSync } from './node.mjs';
import { orderBook } from './orders.mjs';

/** Notices are at most 64 KiB; one byte more is read, so that the core can say so. */
const MOST_BYTES = 65_537;
/** A whole request has to arrive within this. */
const ARRIVES_MS = 15_000;
const STATUS_OF = { no_case: 404, no_order: 404, no_review: 404, no_method: 405, bad_key: 401, not_possible: 409, too_much_back: 409, already_placed: 409, other_amount: 409, too_large: 413, newer_schema: 500, core_trapped: 500 };
/** The language of the service's answers, where its settings name none. */
const LANG = 'en';
const LANGS = ['en', 'es', 'zh-CN'];

/** A handler for `node:http`: shoppers' pages below `pages`, providers' notices below `notices`; everything else goes to `other`. */
export function routes(efectivo, { pages = '/pago', notices = '/webhook', other = notFound } = {}) {
  return async (request, response) => {
    const [path, query = ''] = split(request.url);
    const peer = request.socket.remoteAddress ?? '';
    try {
      if (path.startsWith(`${pages}/`)) return reply(response, await efectivo.page(path.slice(pages.length + 1), { method: request.method, peer }), request.method);
      if (path.startsWith(`${notices}/`) && request.method === 'POST') return reply(response, await notice(efectivo, path.slice(notices.length + 1), { query, peer }, request));
      return await other(request, response);
    } catch (error) {
      return reply(response, refusal(error));
    }
  };
}

/** The service: our own normalised calls behind a bearer key, with `routes` beside them. Resolves once it listens. */
export async function serve({ config, port = 8080, host = '127.0.0.1', log = undefined }) {
  const core = loadSync();
  const lang = config.lang ?? LANG;
  if (!LANGS.includes(lang)) refuse('bad_settings', `lang is none of ${LANGS.join(', ')}`, 'It is the language of the service’s sentences for you; shoppers read that of `settings.locale`.');
  const allowed = guard(config.bearer_keys);
  const book = orderBook({ file: join(config.data, 'orders.sqlite'), core });
  const shop = config.callback ? toldShop(book, config.callback, core) : book;
  const efectivo = await open({ core, shop, log, ...config, lang });
  const calls = makeCalls(efectivo, book, lang);
  const server = createServer({ requestTimeout: ARRIVES_MS, headersTimeout: ARRIVES_MS }, routes(efectivo, { other: service(calls, allowed, core) }));
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  return { efectivo, book, port: server.address().port, close: async () => { server.closeAllConnections(); await new Promise((done) => server.close(done)); await efectivo.close(); await book.close(); } };
}

function service(calls, allowed, core) {
  const open = {
    '/healthz': async () => ({ ok: true, ...core.call('version').ok }),
    '/openapi.json': async () => JSON.parse(readFileSync(new URL('../openapi.json', import.meta.url), 'utf8')),
  };
  return async (request, response) => {
    const [path, query = ''] = split(request.url);
    if (open[path] && request.method === 'GET') return reply(response, json(200, await open[path]()));
    const call = calls[`${request.method} ${path}`];
    const others = Object.keys(calls).filter((one) => one.endsWith(` ${path}`)).map((one) => one.split(' ')[0]);
    if (!call && others.length === 0) return notFound(request, response);
    if (!allowed(request.headers.authorization)) return reply(response, json(401, { error: { code: 'bad_key', message: 'the bearer key is missing or wrong', help: 'Send `Authorization: Bearer <key>`.', retry: 'no' } }, [['www-authenticate', 'Bearer']]));
    if (!call) refuse('no_method', `${path} takes ${others.join(' or ')}`, 'The paths are listed in /openapi.json.');
    const asked = request.method === 'GET' ? Object.fromEntries(new URLSearchParams(query)) : parse(await read(request));
    return reply(response, json(200, await call(asked)));
  };
}

/** What a shop can ask of the service; each is documented in openapi.json. */
function makeCalls(efectivo, book, lang) {
  const { core } = efectivo;
  const known = async (order) => (await efectivo.status(keyOf(order))) ?? refuse('no_case', `no code was asked for order ${order}`, 'Ask for one by /create-voucher.');

  /** Asks for a code. An order that has none yet is what this call says it is, whatever an earlier call that was refused said of it. */
  async function createVoucher({ order, number, amount, currency = 'PEN', person = {}, categories, mode, ...rest }) {
    unknown(rest);
    const key = keyOf(order);
    const total = moneyOf(amount, currency);
    if (!(await efectivo.status(key))) await book.begin(key, total);
    return statusOf(await efectivo.place({ order: key, number, amount: total, person, categories, mode }));
  }

  function moneyOf(amount, currency) {
    if (amount === undefined || amount === null) refuse('missing_field', 'an order needs its amount', 'Give `amount` as a text such as "120.50", or as {"minor": 12050, "currency": "PEN"}.');
    if (!['string', 'object'].includes(typeof amount)) refuse('bad_ask', `the amount ${JSON.stringify(amount)} is no text`, 'Give `amount` as a text such as "120.50", or as {"minor": 12050, "currency": "PEN"}.');
    return core.call('money', typeof amount === 'object' ? { money: amount } : { text: amount, currency }, undefined, lang).ok.money;
  }

  async function statusOf({ case: id, order }) {
    const { view } = await efectivo.case(id, { locale: lang });
    const { state, state_text, amount, amount_text, code, expires_at, page_url, open_reviews, refunds } = view;
    return { case: id, order, state, state_text, amount, amount_text, code, expires_at, page_url, open_reviews, refunds: refunds.map(({ key, state: at, amount_text: text }) => ({ key, state: at, amount_text: text })) };
  }

  /** What the case offers in the moment; a client that repeats its call under the same key gives nothing back twice. */
  async function refund({ order, amount, key, ...rest }) {
    unknown(rest);
    const once = callersKey(key);
    const { case: id } = await known(order);
    const decide = ({ decisions }) => {
      const offer = decisions.map(({ decision }) => decision.refund).find(Boolean) ?? refuse('not_possible', 'nothing of this order can be given back by a call', 'Look at the case: it may be unpaid, refunded already, or paid by a provider without refunds.');
      return { refund: { attempt: offer.attempt, amount: amount ?? offer.amount } };
    };
    return statusOf(await efectivo.merchant(id, decide, { key: once }));
  }

  /** The core reads the changed order before the book keeps it: what it can't read changes nothing. */
  async function orderChanged({ order, status, outstanding, ...rest }) {
    unknown(rest);
    const { case: id } = await known(order);
    const { total, ...now } = await book.read(order);
    const read = { total, status: status ?? now.status, outstanding: outstanding ?? now.outstanding };
    core.call('allows', { when: { statuses: [] }, read }, undefined, lang);
    await book.change(order, read);
    await efectivo.orderChanged(order);
    return statusOf({ case: id, order });
  }

  const queryStatus = async ({ order, ...rest }) => (unknown(rest), statusOf(await known(order)));
  const orders = { 'POST /create-voucher': createVoucher, 'GET /query-status': queryStatus, 'POST /query-status': queryStatus, 'POST /refund': refund, 'POST /order-changed': orderChanged };
  return { ...orders, ...deskCalls(efectivo, { known, statusOf, lang }) };
}

async function notice(efectivo, channel, { query, peer }, request) {
  const headers = [];
  for (let at = 0; at < request.rawHeaders.length; at += 2) headers.push([request.rawHeaders[at], request.rawHeaders[at + 1]]);
  const answer = await efectivo.notice(channel, { headers, query, peer, body: await read(request) });
  return { ...answer, headers: [['content-type', 'application/json']] };
}

/** A body up to the limit and one byte more; what comes after that is not looked at. */
function read(request) {
  return new Promise((resolve, reject) => {
    const parts = [];
    let length = 0;
    const done = () => resolve(new Uint8Array(Buffer.concat(parts).subarray(0, MOST_BYTES)));
    request.on('data', (part) => {
      if (length >= MOST_BYTES) return;
      parts.push(part);
      length += part.length;
      if (length >= MOST_BYTES) done();
    });
    request.on('end', done).on('error', reject).on('close', () => request.complete || reject(new Error('the request was cut off')));
  });
}

function parse(bytes) {
  if (bytes.length >= MOST_BYTES) refuse('too_large', 'the request’s body is larger than 64 KiB', 'Send only the fields that /openapi.json lists.');
  try {
    const asked = JSON.parse(Buffer.from(bytes).toString());
    if (asked && typeof asked === 'object' && !Array.isArray(asked)) return asked;
  } catch { /* told below */ }
  return refuse('bad_ask', 'the request’s body is not a JSON object', 'Send `{"order": …}` as application/json.');
}

/** An error as an answer; one of our own making says what it is, any other only that something failed. */
function refusal(error) {
  if (!(error instanceof EfectivoError)) {
    process.stderr.write(`${JSON.stringify({ event: 'request_failed', ...errorFacts(error) })}\n`);
    return json(500, { error: { code: 'failed', message: 'the request failed', help: 'Try again.', retry: 'later' } });
  }
  const { code, message, help, retry } = error;
  const status = STATUS_OF[code] ?? (code.startsWith('store_') ? 503 : 422);
  return json(status, { error: { code, message, help, retry } });
}

const split = (url) => { const at = url.indexOf('?'); return at < 0 ? [url] : [url.slice(0, at), url.slice(at + 1)]; };
const json = (status, value, headers = []) => ({ status, headers: [['content-type', 'application/json; charset=utf-8'], ['cache-control', 'no-store'], ...headers], body: Buffer.from(JSON.stringify(value)) });
const notFound = (request, response) => reply(response, json(404, { error: { code: 'not_found', message: 'there is nothing here', help: 'The paths are listed in /openapi.json.', retry: 'no' } }));

function reply(response, { status, headers = [], body }, method = 'GET') {
  response.writeHead(status, [...headers, ['content-length', String(body.length)]].flat());
  response.end(method === 'HEAD' ? undefined : body);
}
