// The shop in Chromium, as a shopper and as a merchant: classic checkout, the block, the code's page, the desk in wp-admin.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parts, startSite } from './support/site.mjs';
import { zipped } from './support/zip.mjs';

const require = createRequire(new URL('../../js/package.json', import.meta.url));
const SHOTS = process.env.EFECTIVO_SCREENSHOTS;
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const PATIENCE = 60_000;
const made = await parts();
const skip = made.missing?.join('; ') ?? false;
let site;
let browser;
let axe;

before(async () => {
  if (skip) return;
  axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
  site = await startSite(made);
  site.tell('option', 'woocommerce_efectivo_settings', { enabled: 'yes', mode: 'test', providers: ['sandbox'], contact: 'hola@quipu.example', locale: 'es-PE' });
  browser = await require('playwright-core').chromium.launch({ executablePath: CHROMIUM, args: ARGS });
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

async function tab(width = 360) {
  const context = await browser.newContext({ viewport: { width, height: 800 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.setDefaultNavigationTimeout(PATIENCE);
  return page;
}

async function shot(page, name) {
  if (!SHOTS) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
}

/** What axe finds in what is ours. */
async function judged(page, inside) {
  await page.addScriptTag({ content: axe }).catch(() => page.evaluate(axe));
  const found = await page.evaluate((where) => globalThis.axe.run(where, { resultTypes: ['violations'] }), inside);
  assert.deepEqual(found.violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), []);
}

/** Nothing of the page is wider than the screen. */
async function fits(page, inside) {
  const wide = await page.evaluate((where) => [...document.querySelectorAll(`${where}, ${where} *`)].filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map((one) => one.outerHTML.slice(0, 120)), inside);
  assert.deepEqual(wide, []);
}

async function login(page, base = site.base) {
  await page.goto(`${base}/wp-login.php`);
  await page.fill('#user_login', 'admin');
  await page.fill('#user_pass', 'pass-of-the-tests');
  await Promise.all([page.waitForURL(/wp-admin/), page.click('#wp-submit')]);
}

const PERSON = { first_name: 'Ana', last_name: 'Quispe', address_1: 'Av. Arequipa 100', city: 'Lima', postcode: '15001', phone: '987654321', email: 'ana@example.pe' };

test('the classic checkout on a phone ends with the code in plain sight, and the order follows the money', { skip }, async () => {
  const page = await tab();
  await page.goto(`${site.base}/?add-to-cart=11`);
  await page.goto(`${site.base}/caja/`);
  for (const [name, value] of Object.entries(PERSON)) await page.fill(`#billing_${name}`, value);
  await page.waitForSelector('#payment_method_efectivo', { state: 'attached' });
  await page.waitForFunction(() => !document.querySelector('.blockUI'));
  await shot(page, 'classic-checkout-360');
  await Promise.all([page.waitForURL(/order-received/), page.click('#place_order')]);
  const code = (await page.textContent('.efectivo-code')).trim();
  assert.match(code, /^\d+$/);
  await judged(page, '.efectivo-order');
  await fits(page, '.efectivo-order');
  await shot(page, 'classic-thanks-360');
  const [id] = site.tell('orders');
  assert.equal(site.tell('order', id).code, code);

  await page.click('.efectivo-order a.button');
  await page.waitForSelector('h1');
  assert.ok((await page.textContent('body')).replace(/\s/g, '').includes(code));
  await judged(page, 'body');
  await fits(page, 'body');
  await shot(page, 'voucher-360');
  site.tell('act', { pay: { code, amount: null } });
  await page.reload();
  assert.match(await page.textContent('h1'), /Recibimos tu pago/);
  assert.equal(site.tell('order', id).status, 'processing');
});

test('the Checkout block ends with the code as well', { skip }, async () => {
  const page = await tab(1280);
  await page.goto(`${site.base}/?add-to-cart=11`);
  await page.goto(`${site.base}/checkout/`);
  await page.waitForSelector('#email');
  await page.fill('#email', 'bloque@example.pe');
  for (const name of ['first_name', 'last_name', 'address_1', 'city', 'postcode', 'phone']) {
    const field = page.locator(`#billing-${name}`);
    if (await field.count()) await field.fill(PERSON[name]);
  }
  await page.waitForSelector('#radio-control-wc-payment-method-options-efectivo, .wc-block-components-payment-method-label, .wc-block-checkout__payment-method', { state: 'attached' });
  await page.waitForTimeout(1_500);
  await shot(page, 'block-checkout-1280');
  await Promise.all([page.waitForURL(/order-received/), page.click('.wc-block-components-checkout-place-order-button')]);
  assert.match((await page.textContent('.efectivo-code')).trim(), /^\d+$/);
  await judged(page, '.efectivo-order');
  await shot(page, 'block-thanks-1280');
});

test('the merchant pays a code at the test agent, reads its story and answers a question, on a phone and on a desk', { skip }, async () => {
  const { order } = site.tell('place', '"escritorio@example.pe"');
  const { code } = site.tell('order', order);
  const page = await tab(1280);
  await login(page);
  const desk = (more = '') => page.goto(`${site.base}/wp-admin/admin.php?page=efectivo${more}`);
  await desk('&tab=agent');
  const row = page.locator('form', { has: page.locator(`b:text-is("${code}")`) });
  await row.getByRole('button').nth(1).click();
  await page.waitForSelector('.notice-success');
  await shot(page, 'agent-1280');
  site.wind(3_600_000);
  site.sweep();
  assert.equal(site.tell('order', order).status, 'processing');
  await desk('&tab=reviews');
  await judged(page, '.efectivo');
  await shot(page, 'reviews-1280');
  await page.click('.efectivo-list a');
  await page.fill('.efectivo-review:not(.closed) textarea', 'devuelto por transferencia');
  await judged(page, '.efectivo');
  await shot(page, 'case-1280');
  await page.locator('.efectivo-review:not(.closed) button').last().click();
  await page.waitForSelector('.notice-success');
  assert.ok(site.tell('case', order).reviews.some(({ open }) => !open));
  await page.setViewportSize({ width: 360, height: 800 });
  for (const [name, more] of [['list', ''], ['reviews', '&tab=reviews'], ['guide', '&tab=guide'], ['channels', '&tab=channels'], ['agent', '&tab=agent'], ['case', `&case=${site.tell('case', order).id}`]]) {
    await desk(more);
    await fits(page, '.efectivo');
    await judged(page, '.efectivo');
    await shot(page, `${name}-360`);
  }
});

test('the box on the order’s screen: state, journal, check now, the code by mail again; the order’s own form stays whole', { skip }, async () => {
  const { order } = site.tell('place', '"caja@example.pe"');
  const page = await tab(1280);
  await login(page);
  await page.goto(`${site.base}/wp-admin/admin.php?page=wc-orders&action=edit&id=${order}`);
  const box = page.locator('#efectivo');
  await box.scrollIntoViewIfNeeded();
  await box.locator('summary', { hasText: 'What happened' }).click();
  assert.ok((await box.textContent()).includes(site.tell('order', order).code));
  assert.ok((await box.locator('.efectivo-journal li').count()) >= 2);
  await judged(page, '#efectivo .inside');
  await shot(page, 'order-1280');
  const before = site.mails().length;
  await box.locator('button[name=mail_again]').click();
  await page.waitForSelector('#efectivo .notice-success');
  assert.equal(site.mails().length, before + 1);
  await box.locator('button[name=mail_again]').click();
  await page.waitForSelector('#efectivo .notice-error');
  await Promise.all([page.waitForURL(/message=1|action=edit/), page.click('#woocommerce-order-actions .save_order')]);
  assert.equal(site.tell('order', order).status, 'on-hold');
  await page.setViewportSize({ width: 360, height: 800 });
  await fits(page, '#efectivo .inside');
  await page.locator('#efectivo button[name=decision]').first().click();
  await page.waitForSelector('#efectivo .notice-success');
});

test('the figures are counted and drawn in the browser, and a paid order is among them', { skip }, async () => {
  const { order } = site.tell('place', '"cifras@example.pe"');
  site.tell('act', { pay: { code: site.tell('order', order).code, amount: null } });
  const page = await tab(1280);
  await login(page);
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(`${site.base}/wp-admin/admin.php?page=efectivo&tab=figures`);
    await page.waitForSelector('#efectivo-figures[data-shown]');
    const drawn = await page.evaluate(() => {
      const room = document.querySelector('#efectivo-figures').shadowRoot;
      const wide = [...room.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1).length;
      return { tiles: room.querySelectorAll('dt').length, paid: [...room.querySelectorAll('g')].at(-1).getAttribute('aria-label'), bars: room.querySelectorAll('rect.paid').length, wide };
    });
    assert.deepEqual([drawn.tiles, drawn.bars, drawn.wide], [5, 12, 0]);
    assert.match(drawn.paid, /[1-9]\d* paid/);
    await judged(page, '.efectivo');
    await shot(page, `figures-${width}`);
  }
  const refused = await page.evaluate(async () => (await fetch('admin-post.php?action=efectivo_cases')).status);
  assert.equal(refused, 403);
});

test('at the checkout an administrator reads in the admin bar why no code is offered; a shopper sees nothing of it', { skip }, async () => {
  site.tell('option', 'woocommerce_currency', '"CLP"');
  const page = await tab(1280);
  await login(page);
  await page.goto(`${site.base}/?add-to-cart=11`);
  for (const where of ['caja', 'checkout']) {
    await page.goto(`${site.base}/${where}/`);
    assert.match(await page.textContent('#wp-admin-bar-efectivo'), /CLP/, where);
  }
  const shopper = await tab();
  await shopper.goto(`${site.base}/?add-to-cart=11`);
  await shopper.goto(`${site.base}/caja/`);
  assert.equal(await shopper.locator('#wp-admin-bar-efectivo, #payment_method_efectivo').count(), 0);
  site.tell('option', 'woocommerce_currency', '"PEN"');
});

test('the preview is written in the browser with the very bytes that the server writes; a pasted notice is judged', { skip }, async () => {
  const page = await tab(1280);
  await login(page);
  await page.goto(`${site.base}/wp-admin/admin.php?page=efectivo&tab=preview`);
  await page.waitForSelector('#efectivo-stage[data-shown]');
  await page.selectOption('select[name=kind]', 'new');
  await page.selectOption('select[name=locale]', 'zh-CN');
  await page.waitForSelector('#efectivo-stage[data-shown="new zh-CN tu"]');
  await shot(page, 'preview-1280');
  const asks = ['es-PE', 'es', 'en', 'zh-CN'].flatMap((locale) => ['page', 'mail_preview'].map((call) => ({ call, ask: { ...site.tell('preview_ask'), locale, ...(call === 'mail_preview' && { kind: 'reminder' }) } })));
  const here = await page.evaluate(async (all) => {
    const { load } = await import('/wp-content/plugins/efectivo/core/web/src/web.js');
    const core = await load();
    return all.map(({ call, ask }) => { const { ok, bytes } = core.call(call, ask); return JSON.stringify(ok) + new TextDecoder().decode(bytes); });
  }, asks);
  asks.forEach(({ call, ask }, at) => assert.equal(here[at], site.tell('core', call, ask), `${call} ${ask.locale}`));
  await page.goto(`${site.base}/wp-admin/admin.php?page=efectivo&tab=channels`);
  await page.fill('textarea[name=headers]', 'Sandbox-Signature: t=1,v1=00');
  await page.fill('textarea[name=body]', '{"event":"code.paid"}');
  await page.click('button[name=efectivo_paste]');
  assert.match(await page.textContent('[role=status]'), /Refused|Rechazado/);
  await judged(page, '.efectivo');
  await shot(page, 'paste-1280');
});

test('the settings say whether shoppers can choose it, keep keys unseen, and hold live mode back until a test sale went all the way', { skip }, async () => {
  site.tell('option', 'efectivo_proofs', []);
  const page = await tab(1280);
  await login(page);
  const settings = `${site.base}/wp-admin/admin.php?page=wc-settings&tab=checkout&section=efectivo`;
  await page.goto(settings);
  const fields = () => page.locator('.efectivo-keys input').evaluateAll((all) => all.map(({ id }) => id.replace('woocommerce_efectivo_key_', '')));
  const choose = async (...providers) => {
    await page.selectOption('#woocommerce_efectivo_providers', providers, { force: true });
    await page.click('button.woocommerce-save-button');
    await page.waitForSelector('#message, .error, .updated');
  };
  assert.deepEqual(await fields(), [], 'the sandbox has no account');
  await choose('sandbox', 'dlocal', 'kushki');
  assert.deepEqual((await fields()).filter((id) => id.includes('_test_')), ['dlocal_test_login', 'dlocal_test_trans_key', 'dlocal_test_secret_key', 'kushki_test_public_merchant_id', 'kushki_test_private_merchant_id', 'kushki_test_webhook_signature']);
  const kushki = () => site.tell('preview_ask').settings.channels.find(({ provider }) => provider === 'kushki');
  for (const key of ['public_merchant_id', 'private_merchant_id', 'webhook_signature']) await page.fill(`#woocommerce_efectivo_key_kushki_test_${key}`, 'made-up');
  await choose('sandbox', 'dlocal', 'kushki');
  assert.deepEqual([kushki().enabled, kushki().confirmed], [false, false], 'no source confirms it, and nobody has said so');
  await page.check('#woocommerce_efectivo_confirmed_kushki');
  await choose('sandbox', 'dlocal', 'kushki');
  assert.deepEqual([kushki().enabled, kushki().confirmed], [true, true]);
  await choose('sandbox', 'dlocal');
  assert.equal(kushki().enabled, false);
  await choose('sandbox', 'dlocal', 'kushki');
  assert.equal(await page.isChecked('#woocommerce_efectivo_confirmed_kushki'), true, 'what was said of a provider outlives its being left out for a while');
  await choose('sandbox', 'dlocal');
  await page.fill('#woocommerce_efectivo_key_dlocal_live_secret_key', 'canary-of-the-tests');
  site.tell('option', 'efectivo_proofs', []); // a sweep may have looked at an older sale meanwhile
  await page.selectOption('#woocommerce_efectivo_mode', 'live');
  await shot(page, 'settings-1280');
  await page.click('button.woocommerce-save-button');
  await page.waitForSelector('#message, .error, .updated');
  assert.equal(await page.inputValue('#woocommerce_efectivo_mode'), 'test');
  const html = await page.content();
  assert.ok(!html.includes('canary-of-the-tests'));
  assert.ok(!JSON.stringify(site.tell('sql', "SELECT option_value FROM wp_options WHERE option_name LIKE '%efectivo%'")).includes('canary-of-the-tests'));
});

test('the zip is uploaded on a clean site, switched on, set up by one click, and sells', { skip }, async () => {
  const clean = await startSite(made, { bare: true });
  try {
    writeFileSync(join(clean.root, 'efectivo.zip'), zipped());
    const page = await tab(1280);
    await login(page, clean.base);
    await page.goto(`${clean.base}/wp-admin/plugin-install.php?tab=upload`);
    await page.setInputFiles('#pluginzip', join(clean.root, 'efectivo.zip'));
    await page.click('#install-plugin-submit');
    await page.click('a.button-primary:has-text("Activate")');
    await page.waitForURL(/plugins.php/);
    await shot(page, 'clean-plugins-1280');
    await Promise.all([page.waitForURL(/tab=guide/), page.click('.notice-info a:has-text("guide")')]);
    await shot(page, 'clean-guide-1280');
    assert.equal(await page.locator('.efectivo-guide > li.done').count(), 0);
    await Promise.all([page.waitForURL(/section=efectivo/), page.locator('.efectivo-checks li.no', { hasText: 'Shoppers can choose it' }).locator('a').click()]);
    await page.check('#woocommerce_efectivo_enabled');
    await page.click('button.woocommerce-save-button');
    await page.waitForSelector('.updated, #message');
    await shot(page, 'clean-settings-1280');
    await page.goto(`${clean.base}/wp-cron.php?doing_wp_cron`);
    const guide = () => page.goto(`${clean.base}/wp-admin/admin.php?page=efectivo&tab=guide`);
    await guide();
    await page.click('.efectivo-guide form button');
    await page.waitForSelector('.notice-success');
    await shot(page, 'clean-guide-tested-1280');
    const shopper = await tab();
    await shopper.goto(`${clean.base}/?add-to-cart=11`);
    await shopper.goto(`${clean.base}/caja/`);
    for (const [name, value] of Object.entries(PERSON)) await shopper.fill(`#billing_${name}`, value);
    await shopper.waitForSelector('#payment_method_efectivo', { state: 'attached' });
    await shopper.waitForFunction(() => !document.querySelector('.blockUI'));
    await Promise.all([shopper.waitForURL(/order-received/), shopper.click('#place_order')]);
    assert.match((await shopper.textContent('.efectivo-code')).trim(), /^\d+$/);
    await page.goto(`${clean.base}/wp-admin/admin.php?page=efectivo&tab=agent`);
    await page.click('.efectivo-agent button[value="pay"]');
    await page.waitForSelector('.notice-success');
    const [id] = clean.tell('orders');
    assert.equal(clean.tell('order', id).status, 'processing');
    await guide();
    assert.equal(await page.locator('.efectivo-guide > li.done').count(), 3, 'fit, notices and the test sale; live keys are the merchant’s');
    await judged(page, '.efectivo');
    await shot(page, 'clean-guide-sold-1280');
  } finally {
    await clean.stop();
  }
});
