// What the merchant sees: orders, one order with all that can be done to it, the embedded app in its frame, and the page that orders troubles.

import { decimal } from '../money.ts';
import * as orders from '../orders.ts';
import type { Kind } from '../troubles.ts';
import { hostOf } from '../proofs.ts';
import type { Order, Shop } from '../world.ts';
import { button, frame, html, type Made, table, to, when } from './html.ts';
import { paymentsPage, sessionsOf } from './payments.ts';
import { MANNERS, type Manner, type Served } from './routes.ts';
import { amount, block, standing } from './shop.ts';

const ORDER_BLOCK = 'admin.order-details.block.render';
const KINDS: Record<Kind, string> = {
  'cut before': 'conexión cortada antes de actuar', 'cut after': 'conexión cortada después de actuar', throttled: 'THROTTLED', internal: 'INTERNAL_SERVER_ERROR', 500: '500', 502: '502', 503: '503', 504: '504', 429: '429', 401: '401: token sin valor',
  403: '403', 423: '423: bloqueado', html: 'una página en lugar de JSON', slow: 'lento (4 s)',
};
const FIELDS = ['', 'orderMarkAsPaid', 'orderCancel', 'metafieldsSet', 'refundCreate', 'orders', 'order', 'oauth', 'paymentSessionPending', 'paymentSessionResolve', 'paymentSessionReject', 'refundSessionResolve', 'refundSessionReject'];
const installed = (at: Served, shop: Shop): boolean => shop.installs.some(({ client_id }) => client_id === at.client_id);

/** Everything under `/admin/<domain>`. */
export async function adminPages(at: Served, shop: Shop, path: string, request: Request): Promise<Response | null> {
  const form = request.method === 'POST' ? new URLSearchParams(await request.text()) : null;
  const [, first = '', second = '', third = ''] = path.split('/');
  if (first === '' && !form) return list(shop);
  if (first === 'payments' && !form) return paymentsPage(at, shop);
  if (first === 'app') return embedded(at, shop, new URL(request.url).searchParams);
  if (first === 'id-token') return Response.json({ token: at.fake.idToken(shop.domain, { client_id: at.client_id }) }, { headers: { 'cache-control': 'no-store' } });
  if (first === 'troubles') return form ? trouble(at, shop, form) : troubles(at, shop);
  if (first === 'clock' && form) {
    await at.wind(Math.min(Math.max(Number(form.get('hours')) || 0, 0), 400) * 3_600_000);
    return to(`/admin/${shop.domain}/troubles`);
  }
  const order = first === 'orders' ? shop.orders.find(({ id }) => String(id) === second) : undefined;
  if (!order) return null;
  return form ? act(at, shop, order, third, form) : one(at, shop, order, new URL(request.url).searchParams.get('wrong'));
}

function list(shop: Shop): Response {
  const rows = shop.orders.toReversed().slice(0, 100).map((order) => [html`<a href="/admin/${shop.domain}/orders/${order.id}">${order.name}</a>`, when(order.created), order.gateways[0] ?? '', standing(order), order.cancelled !== null && html`<span class="tag VOIDED">Cancelado</span>`, amount(orders.originalTotal(order), order.presentment), html`${order.tags.map((word) => html`<span class="tag">${word}</span> `)}`]);
  const body = html`<h1>Pedidos</h1><section class="card">${rows.length > 0 ? table(['Pedido', 'Fecha', 'Forma de pago', 'Pago', '', 'Total', 'Etiquetas'], rows) : html`<p>Todavía no hay pedidos. <a href="/s/${shop.domain}/">Compra algo en la tienda</a>.</p>`}</section>`;
  return frame({ title: 'Pedidos', side: 'admin', domain: shop.domain, body });
}

function one(at: Served, shop: Shop, order: Order, wrong: string | null): Response {
  const here = `/admin/${shop.domain}/orders/${order.id}`;
  const money = (value: number): string => amount(value, order.presentment);
  const facts: Array<[string, string | Made]> = [['Total', money(orders.total(order))], ['Recibido', money(orders.received(order))], ['Reembolsado', money(orders.refunded(order))], ['Por cobrar', money(orders.outstanding(order))], ['Moneda de la tienda', order.currency], ['Prueba', order.test ? 'sí' : 'no'], ['Formas de pago', order.gateways.join(', ')], ['Etiquetas', order.tags.join(', ') || '–']];
  const body = html`<p><a href="/admin/${shop.domain}">Pedidos</a></p><h1>${order.name} ${standing(order)}${order.cancelled !== null && html` <span class="tag VOIDED">Cancelado</span>`}</h1>
${wrong && html`<p class="note bad" role="alert">${wrong}</p>`}
<div class="two"><div class="card"><h2>Pedido</h2><ul>${order.lines.map((line) => html`<li>${line.quantity - line.removed} × ${line.title} · ${money(line.price)}</li>`)}</ul><dl>${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
<p><a href="/s/${shop.domain}/${shop.id}/orders/${order.status_token}/authenticate">Página de estado del comprador</a></p></div>
<div class="card"><h2>Acciones</h2>${actions(order, here)}</div></div>
${sessionsOf(at, order) || (installed(at, shop) && html`<section class="card"><h2>Aplicación</h2>${block(at, order, ORDER_BLOCK)}</section>`)}
<section class="card"><h2>Transacciones</h2>${table(['Tipo', 'Estado', 'Gateway', 'Importe', 'Quién', 'Fecha'], order.transactions.map((made) => [made.kind, made.status, made.gateway, money(made.amount), made.by ?? 'la tienda', when(made.at)]))}</section>
${order.metafields.length > 0 && html`<section class="card"><h2>Metacampos</h2>${order.metafields.map((made) => html`<h3>${made.key}</h3><pre>${made.value}</pre>`)}</section>`}
<section class="card"><h2>Webhooks</h2>${table(['Tema', 'Estado', 'Respuestas', 'Fecha'], webhooksOf(at, order))}</section>`;
  return frame({ title: order.name, side: 'admin', domain: shop.domain, body, script: '/fake/fit.js' });
}

function actions(order: Order, here: string): Made {
  const left = orders.received(order) - orders.refunded(order);
  return html`${orders.canMarkAsPaid(order) && button(`${here}/pay`, 'Marcar como pagado', {}, 'main')}
${orders.outstanding(order) > 0 && order.cancelled === null && html`<form method="post" action="${here}/part" class="row"><label for="part">Cobro parcial</label><input id="part" name="amount" inputmode="decimal" size="8"><button>Registrar</button></form>`}
${left > 0 && html`<form method="post" action="${here}/refund" class="row"><label for="refund">Reembolso</label><input id="refund" name="amount" inputmode="decimal" size="8" value="${decimal(left, order.presentment)}"><button>Reembolsar</button></form>`}
${order.cancelled === null && html`<form method="post" action="${here}/edit" class="row"><label for="add">Agregar por</label><input id="add" name="add" inputmode="decimal" size="8" value="10.00"><button name="do" value="add">Agregar</button><button name="do" value="remove">Quitar una unidad</button></form>
<form method="post" action="${here}/cancel" class="row"><label class="choice"><input type="checkbox" name="refund" value="1">con reembolso</label><button>Cancelar pedido</button></form>${!order.fulfilled && button(`${here}/fulfil`, 'Marcar como preparado')}`}
${order.cancelled !== null && html`<p class="soft">Un pedido cancelado no se recupera.</p>`}`;
}

const webhooksOf = (at: Served, order: Order): Array<Array<string | Made>> => at.fake.deliveries.filter(({ body, resource }) => resource.endsWith(`/${order.id}`) || body.includes(`"order_id":${order.id}`)).toReversed().slice(0, 30).map((made) => [made.topic, made.state, made.answers.map((status) => (status === 0 ? 'nadie contestó' : String(status))).join(', ') || '–', when(made.triggered)]);

/** A pressed button; what Shopify refuses is told on the page. */
async function act(at: Served, shop: Shop, order: Order, what: string, form: URLSearchParams): Promise<Response> {
  const here = `/admin/${shop.domain}/orders/${order.id}`;
  const acts: Record<string, () => unknown> = {
    pay: () => at.fake.pay(order),
    part: () => at.fake.payPart(order, form.get('amount') ?? ''),
    refund: () => at.fake.refund(order, { amount: form.get('amount') ?? '' }),
    edit: () => at.fake.edit(order, form.get('do') === 'remove' ? { remove: [{ line: order.lines.findIndex((line) => line.quantity > line.removed) }] } : { add: [{ title: 'Envoltura de regalo', price: form.get('add') ?? '' }] }),
    cancel: () => at.fake.cancel(order, { refund: form.get('refund') === '1' }),
    fulfil: () => at.fake.fulfil(order),
  };
  try {
    await acts[what]?.();
    return to(here);
  } catch (error) {
    return to(`${here}?${new URLSearchParams({ wrong: (error as Error).message })}`);
  }
}

/** The app in its frame; `locale` is the language of the admin's user, as Shopify tells it. */
function embedded(at: Served, shop: Shop, asked: URLSearchParams): Response {
  const path = asked.get('path') ?? '';
  if (!installed(at, shop)) {
    const why = shop.manual.length === 0 ? html`<p>Una aplicación de pagos no tiene página dentro del administrador (requisito 5.2.5). Lo que hay de ella está en <a href="/admin/${shop.domain}/payments">Pagos</a> y en cada pedido.</p>` : html`<p>No está instalada. Se instala en <a href="/admin/${shop.domain}/troubles">Problemas</a>.</p>`;
    return frame({ title: 'Aplicación', side: 'admin', domain: shop.domain, body: html`<h1>Aplicación</h1><section class="card">${why}</section>` });
  }
  const app = at.fake.appOf(at.client_id);
  const query = at.fake.adminQuery(shop.domain, { embedded: '1', locale: asked.get('locale') ?? 'es', session: '1', id_token: at.fake.idToken(shop.domain, { client_id: at.client_id }) }, at.client_id);
  const home = app.home ?? app.url;
  const body = html`<h1>${app.name}</h1><iframe class="whole" title="${app.name}" src="${`${home}${path.startsWith('/') ? path : ''}?${query}`}" allow="clipboard-write" data-app="${shop.domain}" data-host="${hostOf(shop.domain)}"></iframe><p id="toast" role="status"></p>`;
  return frame({ title: app.name, side: 'admin', domain: shop.domain, body, script: '/fake/admin-frame.js' });
}

function troubles(at: Served, shop: Shop): Response {
  const waiting = at.fake.troubles.filter(({ left }) => left > 0);
  const option = (value: string, label: string, chosen = false): Made => html`<option value="${value}"${chosen ? html` selected` : ''}>${label}</option>`;
  const here = `/admin/${shop.domain}/troubles`;
  const body = html`<h1>Problemas</h1><div class="two">
<section class="card"><h2>Reloj</h2><p>Ahora: ${when(at.fake.now())}</p><form method="post" action="/admin/${shop.domain}/clock" class="row"><label for="hours">Adelantar horas</label><input id="hours" name="hours" type="number" min="1" max="400" value="1"><button>Adelantar</button></form></section>
<section class="card"><h2>Webhooks</h2><form method="post" action="${here}" class="row"><label for="manner">Desde ahora</label><select id="manner" name="manner">${Object.entries(MANNERS).map(([value, label]) => option(value, label, at.manner === value))}</select><button>Ordenar</button></form></section>
<section class="card"><h2>Shopify contesta mal</h2><form method="post" action="${here}"><div class="field"><label for="kind">Cómo</label><select id="kind" name="kind">${Object.entries(KINDS).map(([value, label]) => option(value, label))}</select></div>
<div class="field"><label for="match">A qué</label><select id="match" name="match">${FIELDS.map((value) => option(value, value || 'a todo'))}</select></div><div class="field"><label for="times">Veces</label><input id="times" name="times" type="number" min="1" max="99" value="1"></div><button>Ordenar</button></form>
<ul>${waiting.map((made) => html`<li>${KINDS[made.kind]} · ${made.match || 'a todo'} · ${made.left}</li>`)}</ul></section>
<section class="card"><h2>Aplicación</h2>${button(here, shop.standing === 'open' ? 'Congelar la tienda' : 'Abrir la tienda', { standing: shop.standing === 'open' ? 'frozen' : 'open' })}${button(here, 'Anular sus tokens', { revoke: '1' })}${shop.installs.length > 0 ? button(here, 'Desinstalar', { uninstall: '1' }) : shop.manual.length === 0 ? html`<p><a class="btn" href="/admin/${shop.domain}/payments">Instalar</a></p>` : button(here, 'Instalar', { install: '1' })}</section></div>
<section class="card"><h2>Documentos enviados</h2>${table(['Campos', 'Versión', 'Rechazo'], at.fake.documents.slice(-20).toReversed().map((made) => [made.fields.join(', '), made.version, made.invalid.join('; ') || '–']))}</section>`;
  return frame({ title: 'Problemas', side: 'admin', domain: shop.domain, body });
}

function trouble(at: Served, shop: Shop, form: URLSearchParams): Response {
  const kind = form.get('kind');
  if (kind !== null && kind in KINDS) at.fake.trouble(kind as Kind, { match: form.get('match') ?? '', times: Math.min(Number(form.get('times')) || 1, 99), wait_ms: 4_000 });
  const manner = form.get('manner');
  if (manner !== null && manner in MANNERS) at.manner = manner as Manner;
  const standing_ = form.get('standing');
  if (standing_ === 'open' || standing_ === 'frozen') at.fake.standing(shop.domain, standing_);
  const its = shop.installs[0]?.client_id ?? at.client_id;
  if (form.has('revoke')) at.fake.revoke(shop.domain, its);
  if (form.has('uninstall')) at.fake.uninstall(shop.domain, its);
  if (form.has('install')) at.fake.shop(shop.domain).install(at.client_id);
  return to(`/admin/${shop.domain}/troubles`);
}
