// The demo as people meet it, in Chromium: every way that a payment can go, at the shop, the page, the agent and the desk.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PNG } from 'pngjs';
import { atAgent, axe, buy, decoded, failedStart, leaveHalf, notices, shoot, startBrowser, startDemo, wind, windTo } from './support.mjs';

let demo;
let browser;
let page;

before(async () => {
  demo = await startDemo();
  browser = await startBrowser();
  page = await (await browser.newContext({ viewport: { width: 360, height: 780 }, locale: 'es-PE' })).newPage();
});

after(async () => {
  await browser?.close();
  await demo?.kill();
});

const state = async (one) => { await page.goto(demo.base + one.desk); return (await page.getAttribute('h1 .tag', 'class')).replace('tag s-', ''); };
const reviews = async (one) => { await page.goto(demo.base + one.desk); return page.$$eval('[data-review]', (all) => all.map((it) => it.dataset.review)); };
const stock = async (product) => { await page.goto(demo.base); return Number(await page.getAttribute(`[data-product=${product}] [data-stock]`, 'data-stock')); };
const settled = async (read, wanted) => {
  for (let tries = 0; tries < 40 && JSON.stringify(await read()) !== JSON.stringify(wanted); tries++) await page.waitForTimeout(250);
  assert.deepEqual(await read(), wanted);
};
const standing = async (one) => [await state(one), await reviews(one)];
const clean = async (name) => { assert.deepEqual(await axe(page), [], name); await shoot(page, name); };

test('a shopper buys, gets a code, pays it, and the page turns to paid by itself', async () => {
  await page.goto(demo.base);
  await clean('shop');
  await page.click('[data-product=cafe] button');
  await clean('checkout');
  const before = await stock('chompa');
  const sale = await buy(page, demo.base);
  assert.match(sale.code, /^\d{7,14}$/);
  await clean('thanks');
  assert.equal(await stock('chompa'), before - 1);
  const requests = [];
  const voucher = await page.context().newPage();
  voucher.on('request', (request) => requests.push(request.url()));
  await voucher.goto(sale.voucher);
  assert.equal(requests.length, 1, `one request for the first paint: ${requests}`);
  assert.deepEqual(await axe(voucher), []);
  await shoot(voucher, 'voucher-waiting');
  await atAgent(page, demo.base, sale.code, 'pay');
  await clean('agent');
  await voucher.waitForFunction(() => document.body.innerText.includes('Recibimos tu pago'), undefined, { timeout: 30_000 });
  assert.deepEqual(await axe(voucher), []);
  await shoot(voucher, 'voucher-paid');
  assert.ok(requests.every((url) => url.startsWith(demo.base)), 'nothing is asked of anybody else');
  await voucher.close();
  assert.equal(await state(sale), 'paid');
  await clean('case-paid');
  await page.goto(`${demo.base}/escritorio`);
  await clean('desk');
});

test('the code can be read and copied without script', async () => {
  const sale = await buy(page, demo.base);
  const plain = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 780 } });
  const off = await plain.newPage();
  await off.goto(sale.voucher);
  await shoot(off, 'voucher-without-script');
  assert.ok((await off.innerText('body')).replace(/\s/g, '').includes(sale.code));
  const drawn = await off.locator('#c').evaluate((it) => ({ text: it.textContent, size: Number.parseInt(getComputedStyle(it).fontSize, 10), select: getComputedStyle(it).userSelect }));
  assert.deepEqual([drawn.text, drawn.select, drawn.size >= 32], [sale.code, 'all', true], 'one tap selects exactly the digits');
  await plain.close();
});

test('with images switched off, everything to pay by is there', async () => {
  const sale = await buy(page, demo.base);
  const blind = await startBrowser({ images: false });
  const off = await (await blind.newContext({ viewport: { width: 360, height: 780 } })).newPage();
  await off.setContent(`<img src="data:image/png;base64,${PNG.sync.write(new PNG({ width: 3, height: 3 })).toString('base64')}">`);
  assert.equal(await off.evaluate(() => document.images[0].naturalWidth), 0, 'this browser loads no picture');
  await off.goto(sale.voucher);
  assert.equal(await off.textContent('#c'), sale.code);
  const said = await off.innerText('body');
  for (const wanted of [/S\/\s?\d+\.\d\d/, /[Pp]aga antes|[Vv]ence|hasta/, /agente|banco/i]) assert.match(said, wanted);
  assert.equal(await off.locator('img').count(), 0, 'nothing depends on an image file');
  await shoot(off, 'voucher-without-images');
  await blind.close();
});

test('a reader gets the code from the barcode, and this page from the QR', async () => {
  const sale = await buy(page, demo.base);
  const big = await browser.newContext({ viewport: { width: 1280, height: 1000 }, deviceScaleFactor: 2 });
  const seen = await big.newPage();
  await seen.goto(sale.voucher);
  await seen.evaluate(() => document.querySelectorAll('details').forEach((it) => { it.open = true; }));
  const read = [];
  for (const svg of await seen.$$('svg')) {
    if (await svg.isVisible()) read.push(...decoded(await svg.screenshot()));
  }
  assert.deepEqual(read.toSorted(), [sale.code, sale.voucher].toSorted());
  await big.close();
});

test('a form sent twice is one order', async () => {
  await page.goto(demo.base);
  await page.click('[data-product=quinua] button');
  const form = await page.$eval('form[action="/comprar"] [name=form]', (it) => it.value);
  const before = await stock('quinua');
  const send = () => page.request.post(`${demo.base}/comprar`, { form: { form, first_name: 'Ana', last_name: 'Quispe', email: 'ana@example.pe', host: 'sandbox' } });
  const answers = await Promise.all([send(), send(), send()]);
  assert.equal(new Set(answers.map((answer) => answer.url())).size, 1);
  assert.match(answers[0].url(), /gracias/);
  assert.equal(await stock('quinua'), before - 1);
});

test('a lost notice is found by asking', async () => {
  const sale = await buy(page, demo.base);
  await notices(page, demo.base, 'lost');
  await atAgent(page, demo.base, sale.code, 'pay');
  assert.equal(await state(sale), 'waiting');
  await wind(page, demo.base, sale.desk, '1h');
  assert.equal(await state(sale), 'paid');
  await wind(page, demo.base, sale.desk, '1h');
  assert.deepEqual(await reviews(sale), ['paid_never_notified']);
});

test('a forged notice and a doubled one change nothing that is not so', async () => {
  const sale = await buy(page, demo.base);
  await notices(page, demo.base, 'forged');
  await atAgent(page, demo.base, sale.code, 'pay');
  assert.equal(await state(sale), 'waiting');
  await page.goto(`${demo.base}/escritorio/canales`);
  await clean('channels');
  const other = await buy(page, demo.base);
  await notices(page, demo.base, 'doubled');
  await atAgent(page, demo.base, other.code, 'pay');
  await settled(() => state(other), 'paid');
  assert.deepEqual(await reviews(other), []);
});

test('a notice that comes late, and two that come in the wrong order, end as the money says', async () => {
  const sale = await buy(page, demo.base);
  await notices(page, demo.base, { delayed: { ms: 600_000 } });
  await atAgent(page, demo.base, sale.code, 'pay');
  assert.equal(await state(sale), 'waiting');
  await wind(page, demo.base, sale.desk, '1h');
  await settled(() => standing(sale), ['paid', []]);
  const other = await buy(page, demo.base);
  await notices(page, demo.base, 'reordered');
  await atAgent(page, demo.base, other.code, 'pay');
  await atAgent(page, demo.base, other.code, 'reverse');
  await wind(page, demo.base, other.desk, '1h');
  await settled(() => standing(other), ['reversed', ['reversed_money']]);
});

test('a second payment is a question for the merchant, and can be given back', async () => {
  const sale = await buy(page, demo.base);
  await atAgent(page, demo.base, sale.code, 'twice');
  await settled(() => standing(sale), ['paid', ['second_money']]);
  await clean('case-second');
  await page.goto(sale.voucher);
  await clean('voucher-double');
  await page.goto(demo.base + sale.desk);
  assert.match(await page.innerText('[data-review=second_money]'), /QUIPU-\d+-1[^]*Monto recibido[^]*S\/[^]*Responde antes del/);
  await page.fill('#reason', 'Pagó dos veces');
  await page.click('button[value=refund_money]');
  await page.waitForLoadState();
  await atAgent(page, demo.base, sale.code, 'form');
  await wind(page, demo.base, sale.desk, '1d');
  await page.goto(demo.base + sale.desk);
  assert.match(await page.innerText('main'), /abonada/i);
  assert.match(await page.innerText('[data-review=second_money]'), /Devolver el dinero: Pagó dos veces/);
});

test('a wrong amount pays nothing and is a question', async () => {
  const sale = await buy(page, demo.base);
  await atAgent(page, demo.base, sale.code, 'pay', { amount: '5.00' });
  await settled(() => standing(sale), ['waiting', ['mismatched_money']]);
  await page.goto(sale.voucher);
  await clean('voucher-mismatch');
});

test('money that is taken back is said, and nothing is shipped anew', async () => {
  const sale = await buy(page, demo.base);
  await atAgent(page, demo.base, sale.code, 'pay');
  await settled(() => state(sale), 'paid');
  await atAgent(page, demo.base, sale.code, 'reverse');
  await settled(() => standing(sale), ['reversed', ['reversed_money']]);
  await page.goto(sale.voucher);
  await clean('voucher-reversed');
});

test('an unpaid order lapses after its grace, its stock comes back once, and late money waits for a person', async () => {
  const before = await stock('torito');
  const sale = await buy(page, demo.base, { product: 'torito' });
  assert.equal(await stock('torito'), before - 1);
  await windTo(page, demo.base, sale.desk, 0);
  assert.equal(await state(sale), 'checking');
  assert.equal(await stock('torito'), before - 1);
  await page.goto(sale.voucher);
  await clean('voucher-checking');
  await windTo(page, demo.base, sale.desk, 0);
  await wind(page, demo.base, sale.desk, '1h');
  assert.equal(await state(sale), 'lapsed');
  assert.equal(await stock('torito'), before);
  await page.goto(sale.voucher);
  await clean('voucher-lapsed');
  await atAgent(page, demo.base, sale.code, 'pay');
  await settled(() => standing(sale), ['lapsed', ['late_money']]);
  await page.goto(sale.voucher);
  await clean('voucher-late');
  await page.goto(demo.base + sale.desk);
  await page.fill('#reason', 'Hay stock');
  await page.click('button[value=accept_money]');
  await page.waitForLoadState();
  assert.equal(await state(sale), 'paid');
  assert.equal(await stock('torito'), before - 1);
});

test('the merchant cancels while nobody has paid', async () => {
  const sale = await buy(page, demo.base);
  await page.goto(demo.base + sale.desk);
  await page.click('form[action$="/decidir"] button:has-text("Cancelar")');
  await page.waitForLoadState();
  assert.equal(await state(sale), 'cancelled');
  await page.goto(sale.voucher);
  await clean('voucher-cancelled');
});

for (const host of ['pagoefectivo', 'dlocal', 'mercado_pago', 'culqi', 'payu', 'ebanx', 'paysafe', 'bamboo', 'dlocal_go', 'rapyd', 'kushki']) {
  test(`the same sale goes over ${host}'s own protocol`, async () => {
    const sale = await buy(page, demo.base, { product: 'chocolate', host, document: '12345678', phone: '+51987654321' });
    assert.equal(sale.code === null, ['paysafe', 'dlocal_go'].includes(host), 'a provider that only redirects leads to a page of its own');
    if (sale.code === null) {
      await page.goto(sale.voucher);
      assert.match(await page.getAttribute('main a[href]:not([href^="#"])', 'href'), /^https:/);
      await clean('voucher-link');
    }
    await page.goto(`${demo.base}/agente`);
    const code = sale.code?.replace(/\s/g, '') ?? (await page.locator('li[data-code]', { hasText: `QUIPU-${sale.order}-1` }).getAttribute('data-code'));
    await atAgent(page, demo.base, code, 'pay');
    await settled(() => state(sale), 'paid');
  });
}

test('where a lost code cannot be looked up, the merchant is told what to look for, and by when', async () => {
  await buy(page, demo.base, { host: 'pagoefectivo' }); // so that the token is there, and the code's own answer is cut off
  await page.goto(`${demo.base}/agente`);
  await page.selectOption('#kind', '"cut_after"');
  await page.click('button[value=trouble]');
  await page.goto(demo.base);
  await page.click('[data-product=quinua] button');
  for (const [id, value] of [['first_name', 'Ana'], ['last_name', 'Quispe'], ['email', 'ana@example.pe']]) await page.fill(`#${id}`, value);
  await page.check('[name=host][value=pagoefectivo]');
  await page.click('form[action="/comprar"] button');
  await page.waitForURL(/gracias/);
  const order = page.url().split('/').at(-1);
  const sale = { desk: await page.getAttribute('ol a[href^="/escritorio/caso"]', 'href') };
  await page.goto(await page.getAttribute('[data-voucher]', 'href'));
  await clean('voucher-creating');
  await settled(() => standing(sale), ['unknown', ['two_codes_possible']]);
  const told = await page.innerText('[data-review=two_codes_possible]');
  assert.ok(told.includes(`QUIPU-${order}-1`) && /Responde antes del/.test(told), told);
  assert.doesNotMatch(told, /[{}]/);
  await clean('case-two-codes');
});

test('a datum that the provider demands is asked for before anything is sent', async () => {
  await page.goto(demo.base);
  await page.click('[data-product=cafe] button');
  await page.fill('#first_name', 'Ana');
  await page.fill('#last_name', 'Quispe');
  await page.fill('#email', 'ana@example.pe');
  await page.check('[name=host][value=dlocal]');
  await page.click('form[action="/comprar"] button');
  assert.match(await page.innerText('[role=alert]'), /documento/);
  await clean('checkout-refused');
});

test('page and mails are previewed in the browser, in every language', async () => {
  await page.goto(`${demo.base}/escritorio/vista`);
  await page.waitForSelector('#stage[data-shown]');
  for (const [locale, expected] of [['en', 'Pay'], ['zh-CN', '付款'], ['es-PE', 'Paga']]) {
    await page.selectOption('#locale', locale);
    await page.waitForSelector(`#stage[data-shown*="${locale}"]`);
    const text = await page.evaluate(() => document.querySelector('#stage').shadowRoot.textContent);
    assert.ok(text.includes(expected), `${locale}: ${text.slice(0, 200)}`);
  }
  await page.selectOption('#tone', 'usted');
  await page.waitForSelector('#stage[data-shown*="usted"]');
  await page.fill('#name', 'Bodega Rosita');
  assert.match(await page.evaluate(() => document.querySelector('#stage').shadowRoot.textContent), /Bodega Rosita/);
  await clean('preview');
  for (const kind of ['new', 'reminder', 'last_call', 'lapsed', 'paid', 'late']) {
    await page.selectOption('#kind', kind);
    await page.waitForSelector(`#stage[data-shown^="${kind} "]`);
    const text = await page.evaluate(() => document.querySelector('#stage').shadowRoot.textContent);
    assert.match(text, /Bodega Rosita/, kind);
    assert.doesNotMatch(text, / [.,:;]|[{}]/, `${kind}: a sentence has a gap`);
  }
  await clean('preview-mail');
  await page.goto(`${demo.base}/escritorio/correos`);
  await clean('mails');
});

test('the desk speaks three languages', async () => {
  const sale = await buy(page, demo.base);
  for (const [lang, expected] of [['en', 'Ask the provider'], ['zh-CN', '服务商'], ['es', 'Consultar al proveedor']]) {
    await page.goto(`${demo.base}/escritorio`);
    await page.selectOption('#lang', lang);
    await page.click('form[action="/escritorio/idioma"] button');
    await page.waitForLoadState();
    await page.goto(demo.base + sale.desk);
    assert.equal(await page.getAttribute('html', 'lang'), lang);
    assert.ok((await page.innerText('main')).includes(expected), `${lang}: ${await page.innerText('main')}`);
    assert.doesNotMatch(await page.innerText('body'), /\bdemo\.[a-z]/, 'every word is in the catalogue');
    await clean(`case-${lang}`);
  }
});

test('a link that was cut short says what to do', async () => {
  const sale = await buy(page, demo.base);
  await page.goto(sale.voucher.slice(0, -3));
  assert.match(await page.innerText('main'), /No encontramos esta página[^]*correo de tu pedido/);
  await clean('voucher-missing');
});

test('a taken port and a folder that is none are told in a sentence', async () => {
  assert.match(await failedStart(['--port', new URL(demo.base).port]), /port \d+ can't be used/);
  assert.match(await failedStart(['--port', '0', '--data', '/dev/null/quipu']), /can't be used/);
});

test('killed in the middle, the demo is there again with everything', async () => {
  const own = await startDemo();
  const sale = await buy(page, own.base);
  await own.kill('SIGKILL');
  const again = await startDemo(own.data);
  await page.goto(again.base + sale.desk);
  assert.match(await page.innerText('main'), new RegExp(sale.code));
  await again.kill();
});

test('killed while the provider is slow to answer, the order gets its one code after all', async () => {
  const own = await startDemo();
  await page.goto(`${own.base}/agente`);
  await page.selectOption('#kind', '{"slow":{"ms":4000}}');
  await page.click('button[value=trouble]');
  await page.goto(own.base);
  await page.click('[data-product=mate] button');
  const form = await page.$eval('form[action="/comprar"] [name=form]', (it) => it.value);
  const cut = page.request.post(`${own.base}/comprar`, { form: { form, first_name: 'Ana', last_name: 'Quispe', email: 'ana@example.pe', host: 'sandbox' } }).catch(() => {});
  const asked = async () => (await page.request.get(`${own.base}/gracias/1001`)).status();
  for (let tries = 0; tries < 20 && (await asked()) !== 200; tries++) await page.waitForTimeout(150);
  await page.waitForTimeout(300);
  await own.kill('SIGKILL');
  await cut;
  leaveHalf(own.data, { order: '1002', product: 'mate' });
  const again = await startDemo(own.data);
  await page.goto(`${again.base}/gracias/1001`);
  await page.waitForFunction(async () => {
    const seen = await (await fetch(location.href)).text();
    return seen.includes('data-code');
  }, undefined, { timeout: 30_000, polling: 500 });
  await page.goto(`${again.base}/agente`);
  assert.equal(await page.locator('li[data-code]').count(), 1, 'one code was made');
  await page.goto(again.base);
  assert.equal(await page.getAttribute('[data-product=mate] [data-stock]', 'data-stock'), '4', 'the order that never got a case holds nothing');
  await again.kill();
});
