// The fake's addresses for people: the shop under `/s/<domain>`, the admin under `/admin/<domain>`, and what their frames load under `/fake`.

import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import type { Delivery, Fake } from '../index.ts';
import { adminPages } from './admin.ts';
import type { Shop } from '../world.ts';
import { frame, html, type Made } from './html.ts';
import { partner, payAppOf } from './payments.ts';
import { shopPages } from './shop.ts';

/** How webhooks are sent from now on. */
export const MANNERS = { normal: 'como siempre', lost: 'se pierden', twice: 'dos veces', late: 'diez minutos tarde', backwards: 'en desorden' } as const;
export type Manner = keyof typeof MANNERS;

export interface PagesOptions {
  /** The SHOP app that stands in the admin's frame and in the blocks. */
  client_id: string;
  /** A built block's script, or null. */
  extension?: (target: string) => string | null;
  /** An SVG. */
  qr?: (text: string) => string;
  /** Where codes are paid. */
  agent?: string;
  /** The open questions of whoever runs the payments app, and their answers. */
  partner?: { listed(): Promise<string[]>; answer(words: string[]): Promise<unknown> };
  /** Lets time pass for everybody. */
  wind?: (ms: number) => Promise<void> | void;
}

/** What the pages are given. */
export interface Served extends Required<PagesOptions> { fake: Fake; base: string; manner: Manner }

const SCRIPTS = ['app-bridge', 'admin-frame', 'components', 'fit', 'stage'];

export function pages(fake: Fake, base: string, options: PagesOptions): Served {
  return { extension: () => null, qr: () => '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>', agent: '', partner: { listed: async () => [], answer: async () => {} }, wind: () => {}, ...options, fake, base, manner: 'normal' };
}

/** Sends what is due, in the manner that was ordered. */
export async function sendInManner(at: Served): Promise<void> {
  const { fake, manner } = at;
  const fresh = (one: Delivery): boolean => one.state === 'waiting' && one.answers.length === 0;
  if (manner === 'lost') fake.drop(fresh);
  if (manner === 'late') fake.delay(600_000, (one) => fresh(one) && one.due === one.triggered);
  const sent = await fake.deliver(manner === 'backwards' ? { order: (all) => all.toReversed() } : {});
  if (manner === 'twice') for (const { id } of sent) { const one = fake.deliveries.find((made) => made.id === id); if (one) await fake.again(one); }
}

/** A page, or null where there is none. */
export async function page(at: Served, request: Request): Promise<Response | null> {
  const url = new URL(request.url);
  const [, first = '', second = '', ...rest] = url.pathname.split('/');
  const shop = at.fake.world.shops[second];
  const path = rest.length > 0 ? `/${rest.join('/')}` : '';
  if (url.pathname === '/') return front(at);
  if (url.pathname === '/socio') return partner(at, request);
  if (url.pathname === '/favicon.ico') return new Response(null, { status: 204 });
  if (first === 's' && shop) return (await shopPages(at, shop, path, request)) ?? at.fake.fetch(new Request(`https://${shop.domain}${path}${url.search}`));
  if (first === 'admin' && shop) return adminPages(at, shop, path, request);
  if (first === 'fake') return served(at, second, rest.join('/'), url.searchParams);
  return null;
}

function front(at: Served): Response {
  const shops = Object.values(at.fake.world.shops);
  const pays = shops.find((shop) => payAppOf(at, shop));
  const body = html`<h1>Un Shopify de mentira, para caminar por todo el pago</h1>
${shops.map((shop) => door(at, shop, pays !== undefined))}
<section class="card"><h2>El camino${pays && html` de ${ROLES.shop}`}</h2><ol><li>Compra algo en la tienda con el pago en efectivo.</li><li>La página de gracias muestra el código.</li><li>Págalo con el agente: a tiempo, tarde, dos veces o de menos.</li><li>Mira el pedido en la administración.</li><li>Cancela, edita, reembolsa; adelanta el reloj; ordena problemas.</li></ol></section>
${pays && html`<section class="card"><h2>El camino de ${ROLES.pay}</h2><ol><li>Instala la aplicación de pagos: el comerciante la autoriza y Shopify la ofrece en la pantalla de pago.</li><li>Compra en ${pays.name}: la primera página muestra importe y plazo, y deja volver a la tienda sin crear nada.</li><li>Genera el código y págalo con el agente; o paga tarde, dos veces, de menos, o deja que venza.</li><li>En el pedido se ve cada sesión de pago y cómo terminó. Pide un reembolso: el comprador lo reclama en el agente.</li><li>El dinero que no hace un pedido es una pregunta para el socio.</li></ol></section>`}`;
  return frame({ title: 'Shopify de mentira', side: 'none', body });
}

const ROLES = { shop: 'la tienda con método manual (rol SHOP)', pay: 'la aplicación de pagos (rol PAY)' };

/** One shop's doors; where both roles are played, it says which one this is. */
function door(at: Served, shop: Shop, both: boolean): Made {
  const { domain, name } = shop;
  const role = payAppOf(at, shop) ? 'pay' : 'shop';
  const first = role === 'pay' && !at.fake.payApp(shop) ? html`<a class="btn main" href="/admin/${domain}/payments">Instalar la aplicación de pagos</a><a class="btn" href="/s/${domain}/">Tienda</a>` : html`<a class="btn main" href="/s/${domain}/">Tienda</a>`;
  return html`<section class="card"><h2>${name}</h2>${both && html`<p class="soft">${role === 'pay' ? 'Rol PAY: una aplicación de pagos de un socio aprobado.' : 'Rol SHOP: un método de pago manual y la aplicación de la propia tienda.'}</p>`}<div class="row">${first}<a class="btn" href="/admin/${domain}">Administración</a>${role === 'shop' ? html`<a class="btn" href="/admin/${domain}/app">Aplicación</a>` : html`<a class="btn" href="/socio">Preguntas del socio</a>`}${at.agent && html`<a class="btn" href="${at.agent}">Agente</a>`}<a class="btn" href="/admin/${domain}/troubles">Reloj y problemas</a></div></section>`;
}

/** What frames load. The browser gets the TypeScript of this folder with its types blanked out. */
function served(at: Served, what: string, rest: string, query: URLSearchParams): Response | null {
  const script = (text: string): Response => new Response(text, { headers: { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-cache', 'access-control-allow-origin': '*' } });
  const [, name = ''] = /^([a-z-]+)\.js$/.exec(what) ?? [];
  if (SCRIPTS.includes(name)) return script(scriptOf(name));
  if (what === 'qr.svg') return new Response(at.qr((query.get('text') ?? '').slice(0, 500)), { headers: { 'content-type': 'image/svg+xml' } });
  if (what === 'extension') { const text = at.extension(rest.replace(/\.js$/, '')); return text === null ? null : script(text); }
  if (what === 'block') return blockPage(at, rest, query.get('order') ?? '');
  if (what === 'session-token') {
    const order = at.fake.read(query.get('order') ?? '');
    return Response.json({ token: at.fake.sessionToken(order.shop, { client_id: at.client_id, customer: order.customer?.id ?? null }) }, { headers: { 'cache-control': 'no-store' } });
  }
  return null;
}

const texts = new Map<string, string>();
export function scriptOf(name: string): string {
  const known = texts.get(name) ?? stripTypeScriptTypes(readFileSync(new URL(`./browser/${name}.ts`, import.meta.url), 'utf8')).replaceAll(/from '\.\/([a-z-]+)\.ts'/g, "from './$1.js'").replaceAll(/import '\.\/([a-z-]+)\.ts'/g, "import './$1.js'").replace(/^export \{\};$/m, '');
  texts.set(name, known);
  return known;
}

/** One block in a document of its own, with Shopify's globals as the target has them. */
function blockPage(at: Served, target: string, id: string): Response {
  const order = at.fake.read(id);
  const told = { target, shop: order.shop, client_id: at.client_id, order: { id: `gid://shopify/Order/${order.id}`, number: order.confirmation_number, name: order.name, cancelled: order.cancelled, processed: order.processed }, checkout_token: order.checkout_token, token: target.startsWith('admin.') ? `/admin/${order.shop}/id-token` : `/fake/session-token?order=${order.id}` };
  const body = `<!doctype html><html lang="es"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${target}</title><style>*{box-sizing:border-box}body{margin:0;font:1rem/1.5 system-ui,sans-serif;color:#1c1f23;overflow-wrap:anywhere}</style>
<script id="told" type="application/json">${JSON.stringify(told).replaceAll('<', '\\u003c')}</script></head><body><script type="module">import { begin } from '/fake/stage.js'; await begin('/fake/extension/${target}.js');</script></body></html>`;
  return new Response(body, { headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' } });
}
