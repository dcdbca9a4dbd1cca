// `/admin-api/:app/…`: what the merchant's page asks for, with an id token of this app and shop; every sentence is the core's, secrets never leave.

import { EfectivoError, type Decision, type Efectivo, type Locale } from 'efectivo';
import type { Context } from 'hono';
import { methodCheck, noticeCheck } from '../admin/checks.ts';
import { PROOFS, proofsOf } from '../admin/proofs.ts';
import { keysSet, saveSettings, type Given } from '../admin/settings.ts';
import { errorFacts } from '../log.ts';
import { makeBook, nameOf, problemsOf, type Problem } from '../orders/book.ts';
import { missingScopes, wantedScopes } from '../orders/installation.ts';
import { keepRules, rulesStanding } from '../orders/rules.ts';
import { orderIdOf } from '../orders/reading.ts';
import type { Parts, Room } from '../parts.ts';
import type { Shop } from '../shops.ts';
import { dataOf } from './privacy.ts';
import { bodyOf, json, refusal } from './refusals.ts';

const MOST_BYTES = 300_000;
/** Cases in one answer, about 2 MB. */
const IN_ONE_SLICE = 500;
/** Cases in a list on the page, and slices that a search looks through. */
const MOST_SHOWN = 100;
const MOST_SLICES = 50;
/** Orders that a request names on the page; the download has all. */
const MOST_NAMED = 20;
/** Orders with a problem that are shown at once. */
const MOST_PROBLEMS = 50;
/** A notice as pasted. */
const MOST_NOTICE = 65_536;
const LOCALES: Locale[] = ['es', 'en', 'zh-CN'];
/** The admin block runs in a worker of Shopify's origin; the token decides. */
const CORS = { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'authorization, content-type', 'access-control-allow-methods': 'GET, OPTIONS', 'access-control-max-age': '7200' };
/** What App Bridge wants in order to send the request again with a fresh token. */
const AGAIN = { 'x-shopify-retry-invalid-session-request': '1' };

type Asked = { c: Context; shop: Shop; locale: Locale };
type Answer = object | Response;

export const adminApi: Room = (hono, on) => {
  const room = (method: 'GET' | 'PUT' | 'POST', path: string, answer: (asked: Asked) => Promise<Answer>, headers: Record<string, string> = {}): void => {
    hono.on(method, `/admin-api/:app/${path}`, async (c) => {
      try {
        const shop = await proven(on, c);
        if (!shop) return json(401, {}, { ...AGAIN, ...headers });
        const made = await answer({ c, shop, locale: localeOf(c) });
        return made instanceof Response ? made : json(200, made, headers);
      } catch (error) {
        return refusal(error, on.log);
      }
    });
  };
  hono.options('/admin-api/:app/order-block', () => new Response(null, { status: 204, headers: CORS }));

  room('GET', 'start', ({ shop, locale }) => start(on, shop, locale));
  room('PUT', 'settings', async ({ c, shop, locale }) => {
    const saved = await saveSettings(on, shop, await read<Given>(c), locale);
    await keepRules(on, saved).catch((error) => on.log('rules_not_kept', { shop: saved.key, ...errorFacts(error) })); // what was saved is saved; the sweep goes on
    return start(on, saved, locale);
  });
  room('POST', 'rules', async ({ shop, locale }) => {
    await keepRules(on, shop);
    return start(on, shop, locale);
  });
  room('GET', 'cases', ({ c, shop, locale }) => cases(on, shop, locale, c.req.query('search') ?? '', c.req.query('reviews') === 'open'));
  room('GET', 'cases/:id', ({ c, shop, locale }) => oneCase(on, shop, c.req.param('id') ?? '', locale));
  room('POST', 'cases/:id', async ({ c, shop, locale }) => {
    const id = c.req.param('id') ?? '';
    await host(shop).merchant(id, (await read<{ decision: Decision }>(c)).decision);
    return oneCase(on, shop, id, locale);
  });
  room('GET', 'figures', async ({ c, shop }) => slice(host(shop), Number(c.req.query('before')) || undefined));
  room('GET', 'requests/:id/data', async ({ c, shop }) => {
    const held = await dataOf(on, shop, c.req.param('id') ?? '');
    return held ? json(200, held, { 'content-disposition': 'attachment; filename="datos.json"' }) : json(404, {});
  });
  room('POST', 'requests/:id/done', async ({ c, shop, locale }) => {
    await on.db.run("DELETE FROM app_proofs WHERE shop_key = ?1 AND name = ?2 AND name LIKE 'data_request %'", [shop.key, c.req.param('id') ?? '']);
    return start(on, shop, locale);
  });
  room('POST', 'problems/:order/done', async ({ c, shop, locale }) => {
    await makeBook(on.db, shop.key, on.clock).problemDone(c.req.param('order') ?? '', (await read<{ name?: string }>(c)).name ?? '');
    return start(on, shop, locale);
  });
  room('POST', 'method-check', ({ shop }) => methodCheck(shop));
  room('POST', 'notice-check/:channel', ({ c, shop }) => noticeCheck(on, shop, c.req.param('channel') ?? ''));
  room('POST', 'judge', async ({ c, shop, locale }) => judge(on, shop, locale, await read<Pasted>(c)));
  room('GET', 'order-block', ({ c, shop, locale }) => orderBlock(on, shop, locale, c.req.query('order')), CORS);
};

/** The shop of a genuine id token; its first visit trades the token for the shop's own. */
async function proven(on: Parts, c: Context): Promise<Shop | null> {
  const app = on.config.apps.find(({ id, role }) => id === c.req.param('app') && role === 'shop');
  const authorization = c.req.header('authorization');
  const token = app && (await on.proofs.sessionToken(app, authorization, 'admin'));
  if (!app || !token) return null;
  const known = await on.shops.of(app.id, token.shop);
  if (known?.state === 'installed') return known;
  await on.tokens.exchange(app, token.shop, (authorization ?? '').replace(/^Bearer /, ''));
  return on.shops.of(app.id, token.shop);
}

async function start(on: Parts, shop: Shop, locale: Locale): Promise<object> {
  const { doc, version, secrets } = await on.shops.stored(shop);
  const words = on.core.call('words', { locale, prefix: 'admin.' }).ok;
  const names = on.core.call('words', { locale, prefix: 'provider.' }).ok;
  const requests = await on.db.all("SELECT name, at, doc FROM app_proofs WHERE shop_key = ?1 AND name LIKE 'data_request %' ORDER BY at", [shop.key]);
  return {
    requests: await Promise.all(requests.map(async ({ name, at, doc: about }) => ({ id: name, when: momentIn(on, locale, Number(at)), orders: await numbersOf(on, shop, (JSON.parse(about) as { orders: string[] }).orders) }))),
    shop: { domain: shop.domain, key: shop.key, page_url: shop.settings.core.shop.page_url, notice_urls: Object.fromEntries(shop.settings.core.channels.map(({ id, notice_url }) => [id, notice_url])) },
    words, names, locale, now: on.clock.now(), version, doc, keys_set: keysSet(secrets), smtp_password_set: secrets.smtp_password !== '', needs: needsIn(on, shop, locale), scopes: shop.scopes.length === 0 ? [] : missingScopes(wantedScopes(shop), shop.scopes), rules: await rulesStanding(on, shop),
    abilities: on.core.call('abilities').ok, proofs: await proofsOf(on, shop), proof_names: PROOFS, health: timed(on, locale, await on.health.of(shop.key)), settings: shop.settings.core,
    problems: await problemsOfShop(on, shop, locale),
  };
}

/** What a person has to do about orders, the newest first, in the reader's language; of one order, or of all. */
async function problemsOfShop(on: Parts, shop: Shop, locale: Locale, order: string | null = null): Promise<object[]> {
  const rows = await on.db.all('SELECT order_id, name, problem FROM app_orders WHERE shop_key = ?1 AND problem IS NOT NULL AND (?2 IS NULL OR order_id = ?2) ORDER BY first_seen_at DESC LIMIT ?3', [shop.key, order, MOST_PROBLEMS]);
  return rows.flatMap(({ order_id, name: number, problem }) => problemsOf(problem).map((one) => ({ order_id, number, name: nameOf(one), ...worded(on, locale, one) })));
}

const needsIn = (on: Parts, shop: Shop, locale: Locale): Shop['needs'] => (on.core.call('check_settings', { settings: shop.settings.core, locale }).ok as { problems: Shop['needs'] }).problems;
const momentIn = (on: Parts, locale: Locale, at: number): string => (on.core.call('moment', { at, locale }).ok as { text: string }).text;

/** The shop's health with times as the merchant reads them. */
const timed = (on: Parts, locale: Locale, health: Awaited<ReturnType<Parts['health']['of']>>): object => Object.fromEntries(Object.entries(health).map(([what, one]) => [what, { ...one, when: momentIn(on, locale, one.at) }]));

/** Orders by the numbers that a merchant knows them by. */
async function numbersOf(on: Parts, shop: Shop, orders: string[]): Promise<string> {
  const book = makeBook(on.db, shop.key, on.clock);
  const names = await Promise.all(orders.slice(0, MOST_NAMED).map(async (id) => ((await book.order(id))?.name as string | undefined) ?? id));
  return names.join(', ') + (orders.length > MOST_NAMED ? ' …' : '');
}

/** A problem of an order in the reader's language. */
function worded(on: Parts, locale: Locale, { code, message, help, values = {} }: Problem): { message: string; help: string } {
  const words = on.core.call('words', { locale, prefix: `${code}.` }).ok as Record<string, string>;
  const filled = (text: string): string => Object.entries(values).reduce((told, [name, value]) => told.replaceAll(`{${name}}`, value), text);
  return { message: filled(words[`${code}.message`] ?? message ?? code), help: filled(words[`${code}.help`] ?? help ?? '') };
}

type Summary = { id: string; order: string; number: string; state_text: string; amount_text: string; placed_text: string; code: string | null; open_reviews: number; mode: string };

/** Cases, the newest first; a search is for an order's number or id, or a code's digits. */
async function cases(on: Parts, shop: Shop, locale: Locale, search: string, open: boolean): Promise<{ cases: object[]; problems?: object[] }> {
  const wanted = search.replaceAll(/[\s#]/g, '').toLowerCase();
  const reviews = open ? 'open' : '';
  const found = wanted ? await searched(on, shop, wanted, reviews) : await host(shop).cases({ limit: MOST_SHOWN, reviews });
  const views = found.map((kase) => on.core.call('case_view', { settings: shop.settings.core, case: kase, locale, now: on.clock.now() }).ok as Summary & { reviews: Array<{ open: boolean }> });
  return { ...(open ? { problems: await problemsOfShop(on, shop, locale) } : {}), cases: views.map(({ id, order, number, state_text, amount_text, placed_text, code, open_reviews, mode, reviews: all }) => ({ id, order, number, state_text, amount_text, placed_text, code, open_reviews, mode, ...(open ? { reviews: all.filter((review) => review.open) } : {}) })) };
}

type Found = { id: string; order: string; number: string; placed_at: number; attempts: Array<{ code?: { handle: { digits?: string } } | null }> };

/** What a search finds: the order of exactly this number, however old, then slice by slice whatever holds what was typed, until one is exactly it. */
async function searched(on: Parts, shop: Shop, wanted: string, reviews: '' | 'open'): Promise<object[]> {
  const texts = ({ number, order, attempts }: Found): string[] => [number.replaceAll('#', ''), order, ...attempts.map(({ code }) => code?.handle.digits ?? '')].map((text) => text.toLowerCase());
  const rows = await on.db.all("SELECT order_id FROM app_orders WHERE shop_key = ?1 AND (order_id = ?2 OR lower(name) = ?2 OR lower(name) = '#' || ?2) LIMIT 10", [shop.key, wanted]);
  const found = new Map<string, Found>();
  for (const { order_id } of rows) for (const kase of (await host(shop).cases({ order: order_id, reviews })) as Found[]) found.set(kase.id, kase);
  let before = Number.MAX_SAFE_INTEGER;
  for (let slices = 0; slices < MOST_SLICES && found.size < MOST_SHOWN && ![...found.values()].some((kase) => texts(kase).includes(wanted)); slices += 1) {
    const slice = (await host(shop).cases({ limit: IN_ONE_SLICE, reviews, before })) as Found[];
    for (const kase of slice) if (texts(kase).some((text) => text.includes(wanted))) found.set(kase.id, kase);
    if (slice.length < IN_ONE_SLICE) break;
    before = slice.at(-1)?.placed_at ?? 0;
    await new Promise((resolve) => setImmediate(resolve)); // SQLite answers at once: others have their turn
  }
  return [...found.values()].slice(0, MOST_SHOWN);
}

/** Cases for the figures, the newest first; they hold no personal data. The header says before when the next slice begins. */
async function slice(efectivo: Efectivo, before: number | undefined): Promise<Response> {
  const cases = (await efectivo.cases({ limit: IN_ONE_SLICE, ...(before ? { before } : {}) })) as Array<{ placed_at: number }>;
  const next = cases.length === IN_ONE_SLICE ? String(cases.at(-1)?.placed_at ?? '') : '';
  return json(200, cases, next ? { 'x-efectivo-next': next } : {});
}

async function oneCase(on: Parts, shop: Shop, id: string, locale: Locale): Promise<object> {
  const { case: kase, view } = await host(shop).case(id, { locale });
  const { texts } = await host(shop).journal(id, { locale });
  return { view, journal: texts, problems: await problemsOfShop(on, shop, locale, kase.order) };
}

interface Pasted { channel: string; headers: string; body: string }

/** Whether a pasted notice is genuine, by the very call that judges real ones; nothing is kept, and the keys stay here. */
async function judge(on: Parts, shop: Shop, locale: Locale, { channel, headers = '', body = '' }: Pasted): Promise<object> {
  if (body.length > MOST_NOTICE) throw new EfectivoError({ code: 'malformed', message: 'body', help: '64 KiB' });
  const { secrets } = await on.shops.stored(shop);
  if (!shop.settings.core.channels.some(({ id }) => id === channel)) throw new EfectivoError({ code: 'no_case', message: channel, help: '' });
  const lines = headers.split(/\r?\n/).filter((line) => line.includes(':')).map((line) => [line.slice(0, line.indexOf(':')).trim(), line.slice(line.indexOf(':') + 1).trim()]);
  const ask = { settings: shop.settings.core, channel: { id: channel }, credentials: secrets.credentials[channel] ?? null, notice: { headers: lines, query: '', peer: '' }, now: on.clock.now() };
  const { ok } = on.core.call('route', ask, new TextEncoder().encode(body)) as { ok: { verdict: string | Record<string, string>; reason?: string } };
  const name = typeof ok.verdict === 'string' ? ok.verdict : (Object.keys(ok.verdict)[0] ?? '');
  const say = (id: string): string => (on.core.call('words', { locale, prefix: id }).ok as Record<string, string>)[id] ?? '';
  return { verdict: name, text: [say(`verdict.${name}`), ok.reason ? say(ok.reason) : ''].filter(Boolean).join(': ') };
}

/** What the order page's block shows; 404 where the order has nothing of ours. */
async function orderBlock(on: Parts, shop: Shop, locale: Locale, asked: string | undefined): Promise<Answer> {
  const order = orderIdOf(asked);
  const at = order && (await shop.efectivo?.status(order));
  const problems = order ? problemsOf((await makeBook(on.db, shop.key, on.clock).order(order))?.problem).map((one) => worded(on, locale, one)) : [];
  if (!order || (!at && problems.length === 0)) return json(404, {}, CORS);
  const say = on.core.call('words', { locale, prefix: 'admin.' }).ok as Record<string, string>;
  const open = { label: say['admin.block.open'] ?? '', url: `https://admin.shopify.com/store/${shop.domain.split('.')[0]}/apps/${shop.app.client_id}` };
  if (!at || !shop.efectivo) {
    return { heading: say['admin.title'] ?? '', tone: 'warning', state_text: problems[0]?.message ?? '', rows: [], reviews: problems.slice(0, 1).map(({ help }) => help), open };
  }
  const { view } = await shop.efectivo.case(at.case, { locale });
  const rows = [['admin.code', view.code], ['admin.amount', view.amount_text], ['admin.deadline', view.deadline_text]].filter(([, text]) => text).map(([id, text]) => ({ label: say[id as string] ?? '', text: String(text) }));
  return { heading: say['admin.title'] ?? '', tone: view.open_reviews > 0 || problems.length > 0 ? 'warning' : 'info', state_text: view.state_text, rows, open,
    reviews: [...view.reviews.filter((review: { open: boolean }) => review.open).map((review: { title: string }) => review.title), ...problems.map(({ message, help }) => `${message} ${help}`)],
  };
}

function host(shop: Shop): Efectivo {
  if (!shop.efectivo) throw new EfectivoError({ code: 'not_set_up', message: 'the shop has no channel yet', help: 'Complete the settings first.' });
  return shop.efectivo;
}

function localeOf(c: Context): Locale {
  const wanted = c.req.query('locale') ?? '';
  return LOCALES.find((one) => one === wanted) ?? LOCALES.find((one) => wanted.startsWith(one.slice(0, 2))) ?? 'es';
}

async function read<T>(c: Context): Promise<T> {
  const bytes = await bodyOf(c.req.raw, MOST_BYTES);
  try {
    return JSON.parse(new TextDecoder().decode(bytes ?? new Uint8Array())) as T;
  } catch {
    throw new EfectivoError({ code: 'malformed', message: 'the request is not JSON', help: 'Load the page again.' });
  }
}
