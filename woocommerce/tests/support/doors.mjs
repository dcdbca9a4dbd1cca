// The three doors through which a shopper buys: the Store API, the classic form, and the Checkout block in a browser.

import assert from 'node:assert/strict';

export const PERSON = { first_name: 'Ana', last_name: 'Quispe', address_1: 'Av. Arequipa 100', city: 'Lima', state: 'LMA', postcode: '15001', country: 'PE', phone: '987654321' };
const PRODUCT = 11;

/** Buys by the Store API, as an app would; `{ status, body }`, whatever came of it. */
export async function askStore(base, email, { quantity = 1, product = PRODUCT, more = {} } = {}) {
  const api = (path, init = {}) => fetch(`${base}/wp-json/wc/store/v1/${path}`, init);
  const cart = await api('cart');
  if (!cart.ok) return { status: cart.status, body: await cart.text() };
  await cart.arrayBuffer();
  const headers = { 'content-type': 'application/json', 'cart-token': cart.headers.get('cart-token'), nonce: cart.headers.get('nonce') };
  const added = await api('cart/add-item', { method: 'POST', headers, body: JSON.stringify({ id: product, quantity }) });
  if (!added.ok) return { status: added.status, body: await added.text() };
  await added.arrayBuffer();
  const address = { ...PERSON, ...more, email };
  const paid = await api('checkout', { method: 'POST', headers, body: JSON.stringify({ billing_address: address, shipping_address: address, payment_method: 'efectivo', payment_data: [] }) });
  const text = await paid.text();
  try {
    return { status: paid.status, body: JSON.parse(text) };
  } catch {
    return { status: paid.status, body: text };
  }
}

/** Buys by the classic form; `{ status, body }` of WooCommerce's own answer. */
export async function askClassic(base, email, { quantity = 1, product = PRODUCT, more = {} } = {}) {
  const jar = new Map();
  const go = async (path, init = {}) => {
    const got = await fetch(`${base}${path}`, { redirect: 'manual', ...init, headers: { ...init.headers, cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') } });
    for (const line of got.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      jar.set(name, value);
    }
    return got;
  };
  await (await go(`/?add-to-cart=${product}&quantity=${quantity}`)).arrayBuffer();
  const page = await (await go('/caja/')).text();
  const [, nonce] = /name="woocommerce-process-checkout-nonce" value="([^"]+)"/.exec(page) ?? assert.fail('the classic checkout has no form');
  const fields = { ...PERSON, ...more, email };
  const form = new URLSearchParams({ ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [`billing_${name}`, value])), payment_method: 'efectivo', 'woocommerce-process-checkout-nonce': nonce });
  const got = await go('/?wc-ajax=checkout', { method: 'POST', body: form });
  return { status: got.status, body: await got.json() };
}

/** Buys in the Checkout block; `page` is a browser's. Ends on the thank-you page. */
export async function buyInBlock(page, base, email, { quantity = 1, product = PRODUCT, then = /order-received/ } = {}) {
  await page.context().clearCookies();
  await page.goto(`${base}/?add-to-cart=${product}&quantity=${quantity}`);
  await page.goto(`${base}/checkout/`);
  await page.fill('#email', email);
  for (const name of ['first_name', 'last_name', 'address_1', 'city', 'postcode', 'phone']) {
    const field = page.locator(`#billing-${name}`);
    if (await field.count()) await field.fill(PERSON[name]);
  }
  await page.waitForSelector('#radio-control-wc-payment-method-options-efectivo', { state: 'attached' });
  if (await page.locator('#efectivo-document').count()) await page.fill('#efectivo-document', '45678912'); // where a provider wants one
  const button = page.locator('.wc-block-components-checkout-place-order-button:not([disabled])');
  await button.waitFor();
  await page.waitForTimeout(400); // the block saves the address shortly after the last key
  await Promise.all([page.waitForURL(then), button.click()]);
}

/** The order's number of a thank-you page's address. */
export const orderOf = (address) => Number(/order-received\/(\d+)/.exec(address)?.[1] ?? assert.fail(`no order in ${address}`));

/** The doors by name: each buys and gives the order's number. */
export const DOORS = {
  'the Store API': (base) => async (email, more) => {
    const { status, body } = await askStore(base, email, more);
    assert.equal(status, 200, JSON.stringify(body).slice(0, 500));
    assert.equal(body.payment_result.payment_status, 'success');
    return body.order_id;
  },
  'the classic form': (base) => async (email, more) => {
    const { body } = await askClassic(base, email, more);
    assert.equal(body.result, 'success', JSON.stringify(body).slice(0, 500));
    return body.order_id;
  },
  'the Checkout block': (base, page) => async (email, more) => {
    await buyInBlock(await page(), base, email, more);
    return orderOf((await page()).url());
  },
};
