// The blocks on Shopify's pages: their size, what they show, and how long they ask.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { buildExtension, handles, MOST_BYTES } from '../tools/build-extension.ts';
import { extensionPage } from './support/extension-page.ts';

const labels = {
  code: 'Código de pago', code_hint: 'Díctalo en caja', amount: 'Monto', deadline: 'Paga antes del', copy: 'Copiar código', copied: 'Copiado', copy_failed: 'No se pudo copiar', open: 'Ver cómo pagar',
  qr_hint: 'Abre esta página en tu celular', qr_not_payable: 'Este QR no sirve para pagar', barcode: 'Código de barras', stale: 'No pudimos actualizar',
};
const waiting = {
  state: 'waiting', payable: true, again_ms: 15_000, heading: 'Falta un paso: paga en efectivo', message: 'Paga con este código.', code: '12345678', code_grouped: '1234 5678', amount_text: 'S/ 120.50',
  deadline_text: 'jueves 26 de noviembre, 7:00 p. m.', provider: 'PagoEfectivo', page_url: 'https://pagos.example.pe/pago/mi-tienda/k/token', barcode_url: 'https://pagos.example.pe/pago/mi-tienda/k/token/barcode.png', labels,
};
const paid = { ...waiting, state: 'paid', payable: false, again_ms: 0, heading: '¡Pago recibido!', message: 'Tu pedido está en camino.', code: undefined, code_grouped: undefined, barcode_url: undefined };
const thankYou = { orderConfirmation: { value: { order: { id: 'gid://shopify/OrderIdentity/77' } } }, checkoutToken: { value: 'checkout-token' }, sessionToken: { get: async () => 'session-token' } };

const built = new Map<string, { text: string; deflated: number }>();
before(async () => {
  for (const made of (await Promise.all(handles().map((handle) => buildExtension(handle)))).flat()) built.set(made.target, made);
});
const bundle = (target: string): string => built.get(target)?.text ?? '';
const page = (answers: Parameters<typeof extensionPage>[2], shopify: Record<string, unknown> = thankYou) => extensionPage(bundle('purchase.thank-you.block.render'), shopify, answers);

test('every block is small enough for Shopify, and holds no wasm', () => {
  assert.equal(built.size, 3);
  for (const [target, { text, deflated }] of built) {
    assert.ok(deflated < MOST_BYTES, `${target}: ${deflated}`);
    assert.doesNotMatch(text, /WebAssembly|localStorage|<canvas/);
  }
});

test('the shopper sees code, amount and deadline, and can copy the bare digits', async () => {
  const shown = page([{ status: 200, body: waiting }]);
  await shown.drawn();
  for (const words of ['1234 5678', 'S/ 120.50', waiting.deadline_text, waiting.heading, labels.qr_not_payable]) assert.ok(shown.text().includes(words), words);
  const item = shown.body.querySelector('s-clipboard-item');
  assert.equal(item?.getAttribute('text'), '12345678');
  assert.equal(shown.body.querySelector('s-button[command="--copy"]')?.getAttribute('commandfor') ?? shown.body.querySelector('s-button[command="--copy"]')?.getAttribute('commandFor'), item?.id);
  assert.equal(shown.body.querySelector('s-qr-code')?.getAttribute('content'), waiting.page_url);
  assert.equal(shown.body.querySelector('s-image')?.getAttribute('src'), waiting.barcode_url);
});

test('the server is asked for this order, with its checkout token and a session token', async () => {
  const shown = page([{ status: 200, body: waiting }]);
  await shown.rest();
  const [asked] = shown.asked;
  assert.equal(asked?.authorization, 'Bearer session-token');
  assert.equal(asked?.url.searchParams.get('order'), 'gid://shopify/OrderIdentity/77');
  assert.equal(asked?.url.searchParams.get('checkout_token'), 'checkout-token');
});

test('the page turns to paid by itself, and asks no more', async () => {
  const shown = page([{ status: 200, body: waiting }, { status: 200, body: paid }]);
  await shown.drawn();
  assert.deepEqual(shown.waits(), [15_000]);
  await shown.turn();
  await shown.drawn();
  await shown.ended;
  assert.ok(shown.text().includes(paid.heading));
  assert.ok(!shown.text().includes('1234 5678'), 'a code that is paid is not shown again');
  assert.equal(shown.asked.length, 2);
});

test('an order that is not known yet is waited for, and one of another method stays empty', async () => {
  const late = page([{ status: 404 }, { status: 404 }, { status: 200, body: paid }]);
  for (let times = 0; times < 2; times += 1) await late.turn();
  await late.drawn();
  assert.ok(late.text().includes(paid.heading));

  const other = page([{ status: 404 }]);
  for (let times = 0; times < 14; times += 1) await other.turn();
  await other.ended;
  await other.drawn();
  assert.equal(other.body.children.length, 0);
  assert.equal(other.asked.length, 15);
});

test('what was shown stays while the server is away, marked as old, and is asked for ever more rarely', async () => {
  const shown = page([{ status: 200, body: waiting }, 'cut off', { status: 503 }, 'cut off', { status: 200, body: paid }]);
  const waits: number[] = [];
  for (let times = 0; times < 4; times += 1) {
    await shown.rest();
    waits.push(...shown.waits());
    await shown.turn();
    if (times === 0) {
      await shown.drawn();
      assert.ok(shown.text().includes(labels.stale) && shown.text().includes('1234 5678'));
    }
  }
  assert.deepEqual(waits, [15_000, 2_000, 4_000, 8_000]);
  await shown.drawn();
  assert.ok(shown.text().includes(paid.heading));
});

test('an order status page that nobody is logged in to asks for a login', async () => {
  let logins = 0;
  const orderStatus = { order: { value: { id: 'gid://shopify/Order/77' } }, checkoutToken: { value: undefined }, sessionToken: { get: async () => 'session-token' }, requireLogin: async () => { logins += 1; } };
  const shown = extensionPage(bundle('customer-account.order-status.payment-details.render-after'), orderStatus, [{ status: 401 }]);
  await shown.ended;
  assert.equal(logins, 1);
  assert.equal(shown.asked[0]?.url.searchParams.has('checkout_token'), false);
});

test("the merchant's block shows the state and the open question, and nothing for orders that are none of ours", async () => {
  const shopify = { data: { selected: [{ id: 'gid://shopify/Order/77' }] }, auth: { idToken: async () => 'id-token' } };
  const told = { heading: 'Código 1234 5678', tone: 'warning', state_text: 'Pagado', rows: [{ label: 'Monto', text: 'S/ 120.50' }], reviews: ['Llegó dinero tarde'], open: { label: 'Abrir el caso', url: 'https://admin.shopify.com/x' } };
  const shown = extensionPage(bundle('admin.order-details.block.render'), shopify, [{ status: 200, body: told }]);
  await shown.ended;
  for (const words of ['Pagado', 'S/ 120.50', 'Llegó dinero tarde', 'Abrir el caso']) assert.ok(shown.text().includes(words), words);
  assert.equal(shown.asked[0]?.authorization, 'Bearer id-token');

  const none = extensionPage(bundle('admin.order-details.block.render'), shopify, [{ status: 404 }]);
  await none.ended;
  assert.equal(none.text(), '');
});
