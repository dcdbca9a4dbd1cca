// The rows: what is done, by whom, and how each side's result is checked first.

import assert from 'node:assert/strict';
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DOMImplementation, XMLSerializer } from '@xmldom/xmldom';
import JsBarcode from 'jsbarcode';
import encodeQR from 'qr';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { barcodersSvg } from './barcoders.mjs';
import * as core from './core.mjs';
import { readCode128, readQr } from './drawn.mjs';
import { noticeRow } from './notice.mjs';
import { literalPage } from './page-literal.mjs';

const DIGITS = '11239976941234';
const LINK = 'https://tienda-quipu.example/pago/3f9a1c52e4b76d8091aa22bb33cc44dd?desde=qr-code82';

/** Every row: `ours` and `peer` do the work once and return something with a length, `goal` is the least ratio. */
export async function rows() {
  return [code128(), barcoders(), qr(), page(), verify(), standard(), noticeRow()];
}

function code128() {
  const peer = () => {
    // A document for each picture: drawing many into one is slower still.
    const document = new DOMImplementation().createDocument('http://www.w3.org/1999/xhtml', 'html', null);
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    JsBarcode(svg, DIGITS, { xmlDocument: document, format: 'CODE128', displayValue: false, width: 1, height: 50 });
    return new XMLSerializer().serializeToString(svg);
  };
  return pictures('code128', 'JsBarcode + @xmldom/xmldom', 200, () => core.barcodeSvg(DIGITS, ''), peer, readCode128, DIGITS);
}

function barcoders() {
  return pictures('code128-barcoders', 'barcoders (Rust, wasm)', 1, () => core.barcodeSvg(DIGITS, ''), () => barcodersSvg(`Ć${DIGITS}`), readCode128, DIGITS);
}

function qr() {
  const peer = () => encodeQR(LINK, 'svg', { ecc: 'medium', encoding: 'byte' });
  return pictures('qr', 'npm qr', 5, () => core.qrSvg(LINK, ''), peer, readQr, LINK);
}

/** Both draw, and what both drew is read back. */
function pictures(name, peer_name, goal, ours, peer, read, text) {
  const check = async () => {
    assert.equal(await read(ours()), text, `${name}: ours`);
    assert.equal(await read(peer()), text, `${name}: ${peer_name}`);
  };
  return { name, peer_name, goal, ours, peer, check };
}

/** The same page but for how the pictures are drawn, byte for byte. */
function page() {
  const voucher = JSON.parse(readFileSync(new URL('voucher.json', import.meta.url)));
  const literal = Buffer.from(JSON.stringify(voucher));
  const question = Buffer.from(JSON.stringify({ page: voucher }));
  const none = new Uint8Array(0);
  const ours = () => core.call(question, none)[1];
  const peer = () => literalPage(literal);
  const check = async () => {
    const [a, b] = [ours(), peer()].map((bytes) => Buffer.from(bytes).toString());
    const [ourBars, ourQr] = svgs(a);
    const [peerBars, peerQr] = svgs(b);
    const link = `${voucher.settings.shop.page_url}/${voucher.case.page_token}`;
    for (const svg of [ourQr, peerQr]) assert.equal(await readQr(svg), link);
    for (const svg of [ourBars, peerBars]) assert.equal(await readCode128(svg), voucher.case.attempts[0].code.barcode);
    const [ours_, theirs] = [a, b].map((html) => html.replace(SVG, ''));
    const at = [...ours_].findIndex((sign, place) => sign !== theirs[place]);
    const said = `page-literal.mjs is not up to date with src/page: it has "${theirs.slice(at, at + 60)}" for "${ours_.slice(at, at + 60)}"`;
    assert.ok(ours_ === theirs, said);
  };
  return { name: 'page', peer_name: 'JS template literal + npm qr', goal: 6, ours, peer, check };
}

const SVG = /<svg.*?<\/svg>/g;
const svgs = (html) => html.match(SVG);

const KEY = Buffer.from('9d1c6a7e55f04b7c8f3d2a6b0c4e8f11');
const BODY = Buffer.from(JSON.stringify({ id: 'n-1', text: 'x'.repeat(1024 - 24) }).padEnd(1024));

function verify() {
  const claimed = createHmac('sha256', KEY).update(BODY).digest();
  const wrong = Buffer.from(claimed);
  wrong[31] ^= 1;
  const [ours, key] = [new core.HmacKey(KEY), createSecretKey(KEY)];
  const native = (mac) => timingSafeEqual(createHmac('sha256', key).update(BODY).digest(), mac);
  const yes = [1];
  const check = () => {
    for (const judge of [native, (mac) => ours.fits(BODY, mac)]) assert.deepEqual([judge(claimed), judge(wrong)], [true, false]);
  };
  return { name: 'verify-1k', peer_name: 'node:crypto', goal: 0.7, ours: () => ours.fits(BODY, claimed) && yes, peer: () => native(claimed) && yes, check };
}

function standard() {
  const webhook = new Webhook(KEY.toString('base64'));
  const [id, at] = ['msg_1', new Date()];
  const text = BODY.toString();
  const time = Math.floor(at / 1000).toString();
  const headers = { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': webhook.sign(id, at, text) };
  const signed = Buffer.from(`${id}.${time}.${text}`);
  const claimed = Buffer.from(headers['webhook-signature'].slice(3), 'base64');
  const yes = [1];
  const key = new core.HmacKey(KEY);
  const check = () => {
    assert.equal(webhook.verify(text, headers).id, 'n-1');
    assert.throws(() => webhook.verify(`${text} `, headers));
    assert.ok(key.fits(signed, claimed) && !key.fits(BODY, claimed));
  };
  return {
    name: 'verify-1k-standardwebhooks',
    peer_name: 'standardwebhooks',
    goal: 5,
    ours: () => key.fits(signed, claimed) && yes,
    peer: () => webhook.verify(text, headers) && yes,
    check,
  };
}
