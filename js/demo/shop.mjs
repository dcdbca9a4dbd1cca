// The demo's shop: products, a cart in a cookie, a checkout that asks for a code, and the thank-you page with the code at its top.

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { field, frame, html, Made } from './html.mjs';
import { picture } from './pictures.mjs';

/** What the shop sells; every amount is in minor units and every sum is the core's. */
export const PRODUCTS = JSON.parse(readFileSync(new URL('./products.json', import.meta.url), 'utf8'));
const MOST_OF_ONE = 9;
const FIRST_ORDER = 1001;

/**
 * The shop's own tables beside the order book's: what each order holds, and which form it came from, so that one sent twice is one order.
 * Stock is what no standing order holds; lines whose order a crash prevented hold nothing.
 */
export function shelves(file) {
  const db = new DatabaseSync(file);
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;
    CREATE TABLE IF NOT EXISTS lines (order_key TEXT NOT NULL, product TEXT NOT NULL, quantity INTEGER NOT NULL, host TEXT NOT NULL, PRIMARY KEY (order_key, product)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS forms (form TEXT PRIMARY KEY, order_key TEXT NOT NULL) WITHOUT ROWID`);
  const held = db.prepare("SELECT coalesce(sum(quantity), 0) AS held FROM lines WHERE product = ? AND order_key IN (SELECT order_key FROM orders WHERE status NOT IN ('cancelled', 'refunded'))");
  return {
    left: (product) => product.stock - held.get(product.id).held,
    nextOrder: () => String(db.prepare('SELECT coalesce(max(CAST(order_key AS INTEGER)) + 1, ?) AS next FROM lines').get(FIRST_ORDER).next),
    orderOf: (form) => db.prepare('SELECT order_key FROM forms WHERE form = ?').get(form)?.order_key,
    take(order, host, lines, form) {
      const put = db.prepare('INSERT INTO lines VALUES (?, ?, ?, ?)');
      db.exec('BEGIN IMMEDIATE');
      lines.forEach(({ product, quantity }) => put.run(order, product.id, quantity, host));
      db.prepare('INSERT OR IGNORE INTO forms VALUES (?, ?)').run(form, order);
      db.exec('COMMIT');
    },
    hostOf: (order) => db.prepare('SELECT host FROM lines WHERE order_key = ?').get(order)?.host,
    standing: () => db.prepare("SELECT order_key FROM orders WHERE status = 'open'").all().map((row) => row.order_key),
    forget: (order) => db.prepare('DELETE FROM forms WHERE order_key = ?').run(order),
    close: () => db.close(),
  };
}

/** Gives up orders that a crash left without a case: nobody was told of them, and what they held goes back on the shelf. */
export async function tidyUp({ hosts, book, shelf }) {
  for (const order of shelf.standing()) {
    if (await hosts[shelf.hostOf(order)]?.efectivo.status(order)) continue;
    await book.change(order, { status: 'cancelled' });
    shelf.forget(order);
  }
}

/** The shop's routes over the hosts, one for each protocol. */
export function shopRoutes({ core, hosts, book, shelf, say, lang }) {
  const page = (title, here, body) => ({ html: frame({ title, lang, say, here, body }) });
  const price = (money) => core.call('money', { money }).ok.text;

  const cartOf = (request) => {
    const text = /(?:^|; )cart=([^;]*)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
    const wanted = new Map(text.split('-').map((part) => part.split('.')).map(([id, quantity]) => [id, Math.min(Number(quantity) || 0, MOST_OF_ONE)]));
    return PRODUCTS.filter(({ id }) => wanted.get(id) > 0).map((product) => ({ product, quantity: wanted.get(product.id) }));
  };
  const cookie = (lines) => `cart=${lines.map(({ product, quantity }) => `${product.id}.${quantity}`).join('-')}; Path=/; HttpOnly; SameSite=Lax`;
  const total = (lines) => core.call('cart', { currency: 'PEN', lines: lines.map(({ product, quantity }) => ({ price: product.price, quantity })) }).ok;

  function home() {
    const card = (product) => html`<article class="card product" data-product="${product.id}">${picture(product.id)}<h2>${product.name}</h2><p class="lead">${product.text}</p><p class="price">${price(product.price)}</p><p class="hint" data-stock="${shelf.left(product)}">${say('demo.stock', { n: shelf.left(product) })}</p>
      <form method="post" action="/carrito"><input type="hidden" name="product" value="${product.id}"><button class="main" aria-label="${say('demo.add')}: ${product.name}">${say('demo.add')}</button></form></article>`;
    return page(say('demo.shop.title'), 'shop', html`<h1>${say('demo.shop.title')}</h1><p class="lead">${say('demo.shop.lead')}</p><div class="grid">${PRODUCTS.map(card)}</div>`);
  }

  function cart(request, wrong = '', given = {}) {
    const lines = cartOf(request);
    if (lines.length === 0) return page(say('demo.nav.cart'), 'cart', html`<h1>${say('demo.nav.cart')}</h1><p>${say('demo.cart.empty')}</p><p><a class="btn main" href="/">${say('demo.nav.shop')}</a></p>`);
    const sum = total(lines);
    const rows = lines.map(({ product, quantity }, at) => html`<tr><td>${product.name}</td><td class="num">× ${quantity}</td><td class="num">${sum.lines[at]}</td></tr>`);
    const channel = ([id], at) => html`<label class="choice"><input type="radio" name="host" value="${id}"${(given.host ?? 'sandbox') === id || (!given.host && at === 0) ? new Made(' checked') : ''}>${say(`demo.host.${id}`)}</label>`;
    const value = (name) => given[name] ?? '';
    return page(say('demo.checkout'), 'cart', html`<h1>${say('demo.checkout')}</h1>${wrong ? html`<p class="note bad" role="alert">${wrong}</p>` : ''}
      <div class="two"><section class="card"><h2>${say('demo.nav.cart')}</h2><table><tbody>${rows}</tbody><tfoot><tr><th colspan="2" scope="row">${say('demo.total')}</th><td class="num price" data-total>${sum.text}</td></tr></tfoot></table>
      <form method="post" action="/carrito"><input type="hidden" name="empty" value="1"><button>${say('demo.cart.clear')}</button></form></section>
      <section class="card"><h2>${say('demo.payer')}</h2><form method="post" action="/comprar"><input type="hidden" name="form" value="${randomUUID()}">
      ${field('first_name', say('datum.first_name'), { required: true, autocomplete: 'given-name', value: value('first_name') })}${field('last_name', say('datum.last_name'), { required: true, autocomplete: 'family-name', value: value('last_name') })}
      ${field('email', say('datum.email'), { type: 'email', required: true, autocomplete: 'email', value: value('email') })}${field('document', say('demo.document'), { inputmode: 'numeric', value: value('document'), hint: say('demo.document.hint') })}${field('phone', say('demo.phone'), { type: 'tel', autocomplete: 'tel', value: value('phone'), hint: say('demo.document.hint') })}
      <fieldset><legend>${say('demo.host')}</legend>${Object.entries(hosts).map(channel)}</fieldset>
      <button class="main">${say('demo.buy')}</button></form></section></div>`);
  }

  function toCart(request, form) {
    const lines = form.get('empty') ? [] : cartOf(request);
    const product = PRODUCTS.find(({ id }) => id === form.get('product'));
    const known = lines.find((line) => line.product === product);
    if (known) known.quantity = Math.min(known.quantity + 1, MOST_OF_ONE, Math.max(shelf.left(product), 0));
    else if (product && shelf.left(product) > 0) lines.push({ product, quantity: 1 });
    return { to: '/carrito', cookie: cookie(lines) };
  }

  /** Places the order; what the core refuses is said on the same page, with what was typed still there. */
  async function buy(request, form) {
    const given = Object.fromEntries(form);
    const known = shelf.orderOf(given.form ?? '');
    const lines = cartOf(request);
    if (known === undefined && lines.length === 0) return { to: '/carrito' };
    if (known === undefined && lines.some(({ product, quantity }) => shelf.left(product) < quantity)) return cart(request, say('demo.sold_out'), given);
    const host = hosts[known ? shelf.hostOf(known) : given.host] ?? Object.values(hosts)[0];
    const order = known ?? shelf.nextOrder();
    const document = given.document?.trim() ?? '';
    const person = { first_name: given.first_name ?? '', last_name: given.last_name ?? '', email: given.email ?? '', phone: given.phone?.trim() ?? '', ip: request.socket.remoteAddress ?? '', ...(document ? { document_type: 'DNI', document } : {}) };
    if (known === undefined) {
      shelf.take(order, host.id, lines, given.form ?? randomUUID());
      await book.add(order, total(lines).total);
    }
    try {
      await host.efectivo.place({ order, person });
    } catch (error) {
      await book.change(order, { status: 'cancelled' });
      await host.efectivo.orderChanged(order);
      return cart(request, `${error.message} ${error.help ?? ''}`, given);
    }
    return { to: `/gracias/${order}`, cookie: cookie([]) };
  }

  async function thanks(order) {
    const host = hosts[shelf.hostOf(order)];
    const at = host && (await host.efectivo.status(order));
    if (!at) return null;
    const { view } = await host.efectivo.case(at.case, { locale: lang });
    const code = view.code
      ? html`<p class="lead">${say('demo.thanks.code')}</p><p class="digits" data-code>${view.code}</p><p class="price">${view.amount_text}</p><p>${say('demo.thanks.until', { deadline: view.deadline_text })}</p>`
      : html`<p class="note warn" role="status">${view.state_text}</p><p class="price">${view.amount_text}</p>`;
    return page(say('demo.thanks'), '', html`<h1>${say('demo.thanks')}</h1><div class="two"><section class="card">${code}<p><a class="btn main" data-voucher href="${view.page_url}">${say('demo.thanks.page')}</a></p></section>
      <section class="card"><h2>${say('demo.next')}</h2><ol><li><a href="/agente?code=${view.code ?? ''}">${say('demo.next.pay')}</a></li><li><a href="/escritorio/caso/${host.id}/${at.case}">${say('demo.next.desk')}</a></li></ol></section></div>`);
  }

  return { home, cart, toCart, buy, thanks };
}
