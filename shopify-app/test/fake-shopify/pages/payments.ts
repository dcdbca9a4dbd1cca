// A payments app as people see it, its operator's open questions among it: the merchant's page where it is installed, the buyer's way back into the checkout, and what became of every session.

import { decimal } from '../money.ts';
import type { App, Order, RefundSession, Session, Shop } from '../world.ts';
import { frame, html, type Made, table, to, when } from './html.ts';
import type { Served } from './routes.ts';
import { amount } from './shop.ts';

const SAID: Record<Session['state'] | RefundSession['state'], string> = { open: 'sin respuesta todavía', pending: 'pendiente', resolved: 'resuelta', rejected: 'rechazada', expired: 'vencida en Shopify' };

/** The payments app that a shop has, or could have: what has no embedded page and sells by Shopify's payments platform. */
export const payAppOf = (at: Served, shop: Shop): App | undefined => at.fake.apps.find(({ client_id, payments }) => payments && (shop.installs.some((one) => one.client_id === client_id) || shop.manual.length === 0));

/** `/admin/<shop>/payments`: the ways to pay, and where a merchant is led to after the installation (requirement 5.2.7). */
export function paymentsPage(at: Served, shop: Shop): Response {
  const app = payAppOf(at, shop);
  const install = shop.installs.find(({ client_id }) => client_id === app?.client_id);
  const manual = shop.manual.length > 0 && html`<section class="card"><h2>Métodos de pago manuales</h2><ul>${shop.manual.map((name) => html`<li>${name}</li>`)}</ul><p class="soft">Una persona los crea aquí; ninguna aplicación puede hacerlo ni leerlos.</p></section>`;
  const link = `${app?.home ?? ''}?${at.fake.adminQuery(shop.domain, {}, app?.client_id)}`;
  const state = install?.ready ? html`<p><span class="tag PAID">Lista</span> ${app?.payments?.name ?? ''} aparece en la pantalla de pago.</p><p><a class="btn main" href="/s/${shop.domain}/">Comprar en la tienda</a></p>`
    : install ? html`<p><span class="tag PENDING">Instalada</span> La aplicación no dijo que está lista: le falta un canal.</p>`
    : html`<p>Todavía no está instalada. Shopify pregunta al comerciante y le entrega un código de autorización (OAuth).</p><p><a class="btn main" href="${link}">Instalar</a></p>`;
  const pays = app && html`<section class="card"><h2>${app.name}</h2>${state}</section>`;
  return frame({ title: 'Pagos', side: 'admin', domain: shop.domain, body: html`<h1>Pagos</h1>${manual}${pays}` });
}

/** `/socio`: what `reviews` tells whoever runs the payments app, with a form for each answer that `answer` takes. */
export async function partner(at: Served, request: Request): Promise<Response> {
  let wrong = '';
  if (request.method === 'POST') {
    const form = new URLSearchParams(await request.text());
    wrong = await at.partner.answer([...(form.get('words') ?? '').split(' '), form.get('reason') ?? '']).then(() => '', (error: Error & { help?: string }) => `${error.message} ${error.help ?? ''}`);
    if (!wrong) return to('/socio');
  }
  const lines = await at.partner.listed();
  let about = '';
  const answers = lines.flatMap((line) => {
    about = /^✗ \S+ \S+ (\S+) · /.exec(line)?.[1] ?? about;
    const [, words = '', label = ''] = /^ {2}answer (.+?) "…" +(.+)$/.exec(line) ?? [];
    return words ? [{ about, words, label }] : [];
  });
  const forms = answers.map(({ about: number, words, label }, no) => html`<form method="post" action="/socio" class="row"><input type="hidden" name="words" value="${words}"><label for="r${no}">Motivo (${number})</label><input id="r${no}" name="reason" size="18"><button>${label}</button></form>`);
  const body = html`<h1>Preguntas del socio</h1><p>Una aplicación de pagos no tiene página en Shopify: quien la opera lee esto con <code>node src/main.ts reviews</code> y lo contesta con <code>answer</code>.</p>${wrong && html`<p class="note bad" role="alert">${wrong}</p>`}
<section class="card"><h2>reviews</h2><pre>${lines.join('\n')}</pre>${forms.length > 0 && html`<h2>answer</h2>${forms}`}</section>`;
  return frame({ title: 'Preguntas del socio', side: 'none', body });
}

/** The session of a checkout, or the last of its group: the buyer may have come by another tab. */
export function sessionOf(at: Served, shop: Shop, token: string): Session | undefined {
  const mine = at.fake.world.sessions.find((one) => one.checkout_token === token && one.shop === shop.domain);
  const group = at.fake.world.sessions.filter(({ group: of }) => of === mine?.group);
  return group.find(({ state }) => state === 'resolved') ?? group.at(-1);
}

/** Presses "Pay now": the app is told of a session, and names the page where the buyer goes on. */
export async function begun(at: Served, shop: Shop, begin: () => Promise<Session>): Promise<Response> {
  const session = await begin();
  await at.fake.settle();
  if (session.redirect_url) return to(session.redirect_url);
  return frame({ title: 'Pago', side: 'shop', domain: shop.domain, body: html`<h1>No se pudo iniciar el pago</h1><p>La aplicación de pagos respondió ${session.answers.map((status) => (status === 0 ? 'nada' : String(status))).join(', ')}.</p><p><a class="btn" href="/s/${shop.domain}/checkouts/${session.checkout_token}">Volver a la pantalla de pago</a></p>` });
}

/** The checkout, to which `cancel_url` leads back: nothing was paid, and the same cart may be paid again. */
export function checkout(at: Served, shop: Shop, session: Session): Response {
  const name = at.fake.appOf(session.client_id).payments?.name ?? '';
  const body = html`<h1>Tu pedido</h1><div class="two"><section class="card"><h2>Resumen</h2><ul>${session.lines.map(({ quantity, title, price }) => html`<li>${quantity} × ${title} · ${amount(price, session.currency)}</li>`)}</ul>
<dl><dt>Total</dt><dd>${amount(session.amount, session.currency)}</dd></dl></section>
<section class="card"><h2>Forma de pago</h2><p>${name}</p>${session.state === 'rejected' && html`<p class="note bad" role="alert">No se pudo cobrar (${session.reject?.code ?? ''}). Puedes volver a intentarlo.</p>`}
<form method="post" action="/s/${shop.domain}/checkouts/${session.checkout_token}"><button class="main">Pagar ahora</button></form><p><a href="/s/${shop.domain}/">Seguir comprando</a></p></section></div>`;
  return frame({ title: `Pago · ${shop.name}`, side: 'shop', domain: shop.domain, body });
}

/** What a buyer reads where the code's block would stand: role PAY has no part in Shopify's own pages. */
export function standingOf(shop: Shop, session: Session): Made {
  const again = html`<p><a class="btn main" href="/s/${shop.domain}/checkouts/${session.checkout_token}">Pagar ahora</a></p>`;
  if (session.state === 'resolved') return html`<section class="card"><h2>Recibimos tu pago</h2><p>Preparamos tu pedido.</p></section>`;
  if (session.state === 'rejected' || session.state === 'expired') return html`<section class="card"><h2>El pago no llegó</h2><p>Te escribimos con un enlace para pagar.</p>${again}</section>`;
  return html`<section class="card"><h2>Tu pago está pendiente</h2><p>Te avisaremos por correo cuando lo recibamos.</p>${session.redirect_url && html`<p><a class="btn" href="${session.redirect_url}">Ver cómo pagar</a></p>`}</section>`;
}

/** An order's sessions as its merchant sees them; the id is what an app and a merchant talk about. */
export function sessionsOf(at: Served, order: Order): Made | false {
  const { sessions, refund_sessions } = at.fake.world;
  const groups = new Set(sessions.filter((one) => one.order === order.id).map(({ group }) => group));
  const paid = sessions.filter(({ group }) => groups.has(group));
  const back = refund_sessions.filter((one) => one.order === order.id);
  if (paid.length === 0) return false;
  const why = (one: Session | RefundSession): string => (one.reject ? `${one.reject.code}: ${one.reject.merchantMessage ?? ''}` : '–');
  return html`<section class="card"><h2>Sesiones de pago</h2>${table(['Sesión', 'Estado', 'Importe', 'Espera hasta', 'Motivo'], paid.map((one) => [one.id, SAID[one.state], amount(one.amount, one.currency), one.pending_expires === null ? '–' : when(one.pending_expires), why(one)]))}
${back.length > 0 && html`<h3>Reembolsos</h3>${table(['Sesión', 'Estado', 'Importe', 'Motivo'], back.map((one) => [one.id, SAID[one.state], `${one.currency} ${decimal(one.amount, one.currency)}`, why(one)]))}`}</section>`;
}
