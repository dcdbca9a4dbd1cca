// What shoppers see: a small shop with a checkout, the thank-you page and the order status page, each with the extension's block in its place.

import { decimal } from '../money.ts';
import * as orders from '../orders.ts';
import type { Order, Shop } from '../world.ts';
import { frame, html, type Made, to } from './html.ts';
import { begun, checkout, sessionOf, standingOf } from './payments.ts';
import type { Served } from './routes.ts';

const PRODUCTS = [
  { title: 'Chompa de alpaca', price: { PEN: '120.50', USD: '32.10' }, tags: ['ropa'] },
  { title: 'Chullo tejido a mano', price: { PEN: '45.00', USD: '12.00' }, tags: ['ropa'] },
  { title: 'Pisco quebranta', price: { PEN: '89.90', USD: '24.00' }, tags: ['alcohol'] },
] as const;

const THANKS = 'purchase.thank-you.block.render';
const STATUS = 'customer-account.order-status.payment-details.render-after';

export const amount = (value: number, currency: string): string => `${currency} ${decimal(value, currency)}`;

/** Everything under `/s/<domain>/`. */
export async function shopPages(at: Served, shop: Shop, path: string, request: Request): Promise<Response | null> {
  if (path === '/' || path === '') return front(at, shop);
  if (path === '/checkouts' && request.method === 'POST') return buy(at, shop, new URLSearchParams(await request.text()));
  const [, token, page] = /^\/checkouts\/(\w+)(\/thank-you)?$/.exec(path) ?? [];
  const session = token && sessionOf(at, shop, token);
  if (session && !page) return request.method === 'POST' ? begun(at, shop, () => at.fake.platform.again(session)) : checkout(at, shop, session);
  if (token) return page ? thanks(at, shop, token) : to(`/s/${shop.domain}/`);
  if (path.startsWith('/services/payments_partners/gateways/')) return to(`/admin/${shop.domain}/payments`);
  const [, status] = /^\/\d+\/orders\/(\w+)\/authenticate$/.exec(path) ?? [];
  const order = shop.orders.find((one) => one.status_token === status);
  return order ? orderStatus(at, shop, order) : null;
}

function front(at: Served, shop: Shop): Response {
  const pay = at.fake.payApp(shop);
  const method = (name: string, value: string, first: boolean): Made => html`<label class="choice"><input type="radio" name="method" value="${value}"${first ? html` checked` : ''}>${name}</label>`;
  const currencies = [shop.currency, ...Object.keys(shop.rates)];
  const body = html`<h1>${shop.name}</h1>
<form method="post" action="/s/${shop.domain}/checkouts" class="two">
<section class="card"><h2>Productos</h2>${PRODUCTS.map((one, no) => html`<div class="row line"><div><label for="q${no}">${one.title}</label><br><span class="soft">S/ ${one.price.PEN} · US$ ${one.price.USD}</span></div><input id="q${no}" name="q${no}" type="number" min="0" max="9" value="${no === 0 ? 1 : 0}"></div>`)}
<div class="field"><label for="currency">Moneda</label><select id="currency" name="currency">${currencies.map((code) => html`<option>${code}</option>`)}</select></div></section>
<section class="card"><h2>Comprador</h2>
<div class="field"><label for="first_name">Nombre</label><input id="first_name" name="first_name" value="Ana" autocomplete="off"></div>
<div class="field"><label for="last_name">Apellido</label><input id="last_name" name="last_name" value="Quispe" autocomplete="off"></div>
<div class="field"><label for="email">Correo</label><input id="email" name="email" type="email" value="ana.quispe@example.pe" autocomplete="off"></div>
<fieldset><legend>Forma de pago</legend>${shop.manual.map((name, no) => method(name, name, no === 0))}${pay && method(pay.name, ' pay', shop.manual.length === 0)}${method('Tarjeta (queda pagado al instante)', ' card', shop.manual.length === 0 && !pay)}</fieldset>
${shop.manual.length === 0 && !pay && html`<p class="note">Esta tienda todavía no tiene el pago en efectivo. <a href="/admin/${shop.domain}/payments">Instala la aplicación de pagos</a>.</p>`}
<label class="choice"><input type="checkbox" name="test" value="1" checked>Pedido de prueba</label>
<button class="main">Pagar ahora</button></section></form>`;
  return frame({ title: shop.name, side: 'shop', domain: shop.domain, body });
}

async function buy(at: Served, shop: Shop, form: URLSearchParams): Promise<Response> {
  const currency = form.get('currency') === 'USD' && shop.rates.USD ? 'USD' : shop.currency;
  const lines = PRODUCTS.flatMap(({ title, price, tags }, no) => {
    const quantity = Math.min(9, Math.max(0, Number(form.get(`q${no}`)) || 0));
    return quantity > 0 ? [{ title, quantity, price: price[currency === 'USD' ? 'USD' : 'PEN'], tags: [...tags] }] : [];
  });
  if (lines.length === 0) return to(`/s/${shop.domain}/`);
  const text = (name: string): string => (form.get(name) ?? '').slice(0, 80);
  const [first_name, last_name, email, method, test] = [text('first_name'), text('last_name'), text('email'), text('method'), form.get('test') === '1'];
  if (method === ' pay') {
    const total = lines.reduce((sum, line) => sum + Math.round(Number(line.price.replace('.', ''))) * line.quantity, 0);
    return begun(at, shop, () => at.fake.platform.start(shop.domain, { amount: decimal(total, currency), currency, email, first_name, last_name, test, lines }));
  }
  const address = { first_name, last_name, address1: 'Av. Arequipa 1234', city: 'Lima', province: 'Lima', zip: '15046', country_code: 'PE', phone: '' };
  const order = at.fake.order(shop.domain, { gateway: method === ' card' ? 'shopify_payments' : method, paid: method === ' card', currency, lines, email, address, test });
  return to(`/s/${shop.domain}/checkouts/${order.checkout_token}/thank-you`);
}

function thanks(at: Served, shop: Shop, token: string): Response | null {
  const session = sessionOf(at, shop, token);
  const order = session ? at.fake.platform.returned(session) : shop.orders.find((one) => one.checkout_token === token);
  if (!order) return session ? to(`/s/${shop.domain}/checkouts/${token}`) : null;
  const body = html`<p class="soft">Pedido ${order.name} · confirmación ${order.confirmation_number}</p><h1>Gracias, ${order.address?.first_name ?? ''}</h1>
<div class="two">${session ? standingOf(shop, session) : block(at, order, THANKS)}${summary(shop, order)}</div>`;
  return frame({ title: `Gracias · ${shop.name}`, side: 'shop', domain: shop.domain, body, script: '/fake/fit.js' });
}

function orderStatus(at: Served, shop: Shop, order: Order): Response {
  const session = at.fake.world.sessions.findLast((one) => one.order === order.id);
  const body = html`<p class="soft">Pedido ${order.name}</p><h1>Estado de tu pedido</h1><div class="two"><div>${session ? standingOf(shop, sessionOf(at, shop, session.checkout_token) ?? session) : block(at, order, STATUS)}</div>${summary(shop, order)}</div>`;
  return frame({ title: `${order.name} · ${shop.name}`, side: 'shop', domain: shop.domain, body, script: '/fake/fit.js' });
}

const SAID: Record<string, string> = { PENDING: 'Pago pendiente', PAID: 'Pagado', VOIDED: 'Anulado', PARTIALLY_PAID: 'Pagado en parte', PARTIALLY_REFUNDED: 'Reembolsado en parte', REFUNDED: 'Reembolsado', EXPIRED: 'Vencido' };
export const standing = (order: Order): Made => html`<span class="tag ${orders.standing(order)}">${SAID[orders.standing(order)] ?? orders.standing(order)}</span>`;

function summary(shop: Shop, order: Order): Made {
  return html`<section class="card"><h2>Resumen</h2><p>${standing(order)}${order.cancelled !== null && html` <span class="tag VOIDED">Cancelado</span>`}</p>
<ul>${order.lines.map((line) => html`<li>${line.quantity - line.removed} × ${line.title} · ${amount(line.price, order.presentment)}</li>`)}</ul>
<dl><dt>Total</dt><dd>${amount(orders.total(order), order.presentment)}</dd><dt>Forma de pago</dt><dd>${order.gateways[0] ?? ''}</dd></dl>
<p><a href="/s/${shop.domain}/${shop.id}/orders/${order.status_token}/authenticate">Ver el estado del pedido</a></p></section>`;
}

/** The block in a frame of its own: what runs inside is the built bundle, on a stub of Shopify's globals. */
export function block(at: Served, order: Order, target: string): Made {
  if (!at.extension(target)) return html`<p class="note">El bloque <code>${target}</code> no está construido: <code>npm run extensions</code>.</p>`;
  return html`<iframe title="Bloque de la aplicación" src="/fake/block/${target}?order=${order.id}" data-fit></iframe>`;
}
