// The row of a whole notice: 2 KB of dLocal's JSON, from raw bytes and headers to a judged JavaScript object.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Stripe from 'stripe';
import { ask, Notices } from './core.mjs';

const NOTICE = readFileSync(new URL('notice-2k.json', import.meta.url));
const KEYS = { login: 'bench-login', trans_key: 'bench-trans', secret_key: 'bench-secret-9d1c6a7e55f04b7c8f3d2a6b' };
const CHANNEL = { id: 'dlocal-1', provider: 'dlocal', mode: 'test', notice_url: 'https://shop.example/notice/dlocal-1' };

export function noticeRow() {
  const settings = { shop: { name: 'Quipu Café', tag: 'quipu', page_url: 'https://quipu.example/pago', contact: 'hola@quipu.example' }, channels: [CHANNEL] };
  const date = '2026-11-23T15:20:00.000Z';
  const signature = createHmac('sha256', KEYS.secret_key).update(KEYS.login).update(date).update(NOTICE).digest('hex');
  const headers = [['Content-Type', 'application/json'], ['X-Date', date], ['Authorization', `V2-HMAC-SHA256, Signature: ${signature}`]];
  const question = { settings, channel: { id: CHANNEL.id }, credentials: { dlocal: KEYS }, notice: { headers }, now: Date.parse(date) + 2_000 };

  const stripe = new Stripe('sk_test_bench');
  const secret = 'whsec_bench';
  const header = stripe.webhooks.generateTestHeaderString({ payload: NOTICE.toString(), secret });
  const writer = new TextEncoder();
  const bytes = (value) => writer.encode(JSON.stringify(value));
  const { notice, now, ...channel } = question;
  const notices = new Notices(bytes(channel));
  const ours = () => notices.route(bytes({ notice, now }), NOTICE).keys;
  const peer = () => (stripe.webhooks.constructEvent(NOTICE, header, secret), 'ok');
  const check = () => {
    const ok = notices.route(bytes({ notice, now }), NOTICE);
    assert.deepEqual(ok, ask('route', question, NOTICE).ok);
    assert.equal(ok.verdict, 'verified');
    assert.deepEqual(ok.facts.amount, { minor: 12_990, currency: 'PEN' });
    assert.equal(stripe.webhooks.constructEvent(NOTICE, header, secret).order_id, ok.facts.reference);
    const forged = Buffer.from(NOTICE);
    forged[20] ^= 1;
    assert.deepEqual(notices.route(bytes({ notice, now }), forged).verdict, { refused: 'bad_signature' });
    assert.throws(() => stripe.webhooks.constructEvent(forged, header, secret));
  };
  return { name: 'notice-2k', peer_name: "stripe's constructEvent", goal: 0.5, ours, peer, check };
}
