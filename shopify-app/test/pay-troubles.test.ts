// What goes wrong between a buyer, a counter, a provider and Shopify's payments platform. At the end sessions, cases and ledger agree, or a person is asked.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from '../src/check.ts';
import { answered, dataTo, listed } from '../src/reviews.ts';
import { counter, install, HOUR, QUIPU, URL_, type Counter } from './counter.ts';

const MINUTE = 60_000;
const id = (it: Counter, at = 0): string => it.codes()[at]?.id;

test('a second payment is a question for a person, and the session is resolved once', async (t) => {
  const it = await counter(t);
  const session = await it.coded();
  it.provider.pay(id(it));
  await it.settle();
  it.provider.pay(id(it));
  await it.settle();
  assert.deepEqual([session.state, await it.reviews(), it.told('paymentSessionResolve')], ['resolved', ['second_money'], 1]);
  await it.agree();
});

test('money of the wrong amount resolves nothing', async (t) => {
  const it = await counter(t);
  const session = await it.coded();
  it.provider.pay(id(it), { amount: 1 });
  await it.settle();
  assert.deepEqual(await it.reviews(), ['mismatched_money']);
  await it.days(4);
  assert.notEqual(session.state, 'resolved');
  assert.equal(it.told('paymentSessionResolve'), 0);
  await it.agree();
});

test('money that is taken back is a question, and what Shopify was told stays', async (t) => {
  const it = await counter(t);
  const session = await it.coded();
  it.provider.pay(id(it));
  await it.settle();
  it.provider.reverse(id(it));
  await it.settle();
  assert.deepEqual([session.state, await it.reviews()], ['resolved', ['reversed_money']]);
  assert.equal(it.told('paymentSessionReject'), 0);
  await it.agree();
});

for (const [notice, how] of [['lost', 'only time'], ['doubled', 'nothing'], ['reordered', 'nothing'], ['forged', 'nothing but time']] as const) {
  test(`a notice that is ${notice} costs ${how}`, async (t) => {
    const it = await counter(t);
    const session = await it.coded();
    it.provider.pay(id(it), { notice });
    await it.settle();
    if (notice === 'lost' || notice === 'forged') assert.equal(session.state, 'pending');
    await it.hours(1);
    assert.deepEqual([session.state, await it.reviews(), it.told('paymentSessionResolve')], ['resolved', [], 1]);
    await it.agree();
  });
}

test('a notice that comes ten hours late finds the session resolved, and changes nothing', async (t) => {
  const it = await counter(t);
  const session = await it.coded();
  it.provider.act({ notices: { rule: { delayed: { ms: 10 * HOUR } }, count: 1 } });
  it.provider.pay(id(it));
  await it.settle();
  assert.equal(session.state, 'pending');
  await it.hours(1);
  assert.equal(session.state, 'resolved', 'the provider was asked meanwhile');
  await it.hours(10);
  assert.deepEqual([await it.reviews(), it.told('paymentSessionResolve')], [[], 1]);
  await it.agree();
});

test('a provider that is down for hours delays the code; Shopify hears of it with the code', async (t) => {
  const it = await counter(t);
  it.provider.fault = () => 'before';
  const session = await it.coded();
  assert.deepEqual([session.state, it.codes().length], ['open', 0]);
  await it.hours(1);
  it.provider.fault = () => '';
  await it.hours(2);
  assert.deepEqual([session.state, it.codes().length], ['pending', 1]);
  it.provider.pay(id(it));
  await it.settle();
  assert.equal(session.state, 'resolved');
  await it.agree();
});

test('a create that was cut off after the provider acted leaves one code', async (t) => {
  const it = await counter(t);
  let cut = 1;
  it.provider.fault = (call) => (call.startsWith('POST') && cut-- > 0 ? 'after' : '');
  const session = await it.coded();
  for (const ms of [10_000, MINUTE, 3 * MINUTE]) await it.wind(ms);
  assert.deepEqual([it.codes().length, session.state], [1, 'pending']);
  await it.agree();
});

test('another tab with a fuller cart gets a code of the new amount, once the old one is dead; money for the old one is a question', async (t) => {
  const it = await counter(t);
  const first = await it.coded();
  const second = await it.coded({ amount: '150.00', group: first.group });
  assert.deepEqual(it.codes().map(({ status, amount }) => [status, amount]), [['cancelled', 12_050], ['waiting', 15_000]]);
  it.provider.pay(id(it, 1));
  await it.settle();
  assert.deepEqual([first.state, second.state], ['pending', 'resolved']);
  await it.agree();
});

test('a tab that is opened after the money came joins nothing, and leads to the paid page', async (t) => {
  const it = await counter(t);
  const first = await it.coded();
  it.provider.pay(id(it));
  await it.settle();
  const late = await it.fake.platform.again(first);
  const pressed = await it.press(late);
  assert.match(await (await it.page(pressed.headers.get('location') ?? '')).text(), /Pagado|Recibimos/i);
  await it.settle();
  assert.deepEqual([first.state, late.state, it.codes().length, it.told('paymentSessionPending')], ['resolved', 'open', 1, 1]);
  assert.deepEqual(await it.reviews(), []);
  await it.agree();
});

for (const [field, reach] of [
  ['paymentSessionPending', async (it: Counter) => { await it.coded(); }],
  ['paymentSessionResolve', async (it: Counter) => { await it.coded(); it.provider.pay(id(it)); await it.settle(); }],
  ['paymentSessionReject', async (it: Counter) => { await it.coded(); for (let hours = 0; hours < 46; hours += 2) await it.hours(2); it.fake.platform.pending_limit_hours = 72; for (let hours = 0; hours < 6; hours += 1) await it.hours(1); }],
] as const) {
  test(`${field} that is throttled, refused at the door or cut off is said again, and happens once`, async (t) => {
    const it = await counter(t);
    for (const kind of ['throttled', '503', 'cut before', 'html', 'cut after'] as const) it.fake.trouble(kind, { match: field });
    await reach(it);
    for (const ms of [6_000, 11_000, 31_000, 61_000, 121_000, 301_000]) await it.wind(ms);
    const [session] = it.fake.world.sessions;
    assert.ok({ paymentSessionPending: ['pending'], paymentSessionResolve: ['resolved'], paymentSessionReject: ['rejected', 'expired'] }[field].includes(session?.state ?? ''), session?.state);
    assert.deepEqual(await it.reviews(), []);
    await it.agree();
  });
}

test('Shopify is told of the money up to 18 times within 24 hours, then a person is asked, who tells it again', async (t) => {
  const it = await counter(t);
  it.fake.trouble('503', { match: 'paymentSessionResolve', times: 18 });
  const session = await it.coded();
  it.provider.pay(id(it));
  const left = (): number => it.fake.troubles[0]?.left ?? 0;
  const { efectivo } = await it.shop();
  const begun = it.fake.now();
  while (left() > 0 && it.fake.now() - begun < 24 * HOUR) await it.wind(Math.max((await efectivo!.next() ?? 0) - it.fake.now(), 1_000));
  assert.equal(left(), 0, 'eighteen times within the day');
  assert.ok(it.fake.now() - begun > 20 * HOUR, 'spread over the day');
  await it.settle();
  assert.deepEqual([session.state === 'resolved', await it.reviews()], [false, ['effect_refused']]);
  const [kase] = await efectivo!.cases({});
  const { view } = await efectivo!.case(kase.id);
  const review = view.reviews.find(({ open }: { open: boolean }) => open);
  const again = review.buttons.find(({ resolution }: { resolution: string }) => /again|retry/.test(resolution)) ?? review.buttons[0];
  await efectivo!.merchant(kase.id, { resolve: { review: review.no, resolution: again.resolution, reason: 'Shopify contesta otra vez' } });
  await it.settle();
  assert.deepEqual([session.state, it.told('paymentSessionResolve')], ['resolved', 1]);
  await it.agree();
});

test('money that is reported after Shopify stopped waiting is a question, and Shopify is not told otherwise', async (t) => {
  const it = await counter(t);
  const session = await it.coded();
  it.provider.fault = (call) => (call.startsWith('GET') ? 'before' : '');
  it.provider.pay(id(it), { notice: 'lost' });
  for (let hours = 0; hours < 52; hours += 4) await it.hours(4);
  assert.equal(session.state, 'expired');
  it.provider.fault = () => '';
  await it.days(1);
  assert.equal(session.state, 'expired');
  assert.ok((await it.reviews()).length > 0);
  await it.agree();
});

test('a limit of Shopify\'s that is shorter than the code and its grace still covers the code', async (t) => {
  const it = await counter(t);
  it.fake.platform.pending_limit_hours = 30;
  const session = await it.coded();
  assert.equal(session.state, 'pending');
  assert.ok((session.pending_expires ?? 0) >= it.codes()[0].expires_at, 'the code is not payable for longer than Shopify waits');
  await it.agree();
});

test('a code that Shopify will not wait for at all is not left unseen', async (t) => {
  const it = await counter(t);
  it.fake.platform.pending_limit_hours = 1;
  const session = await it.coded();
  assert.equal(session.state, 'open');
  assert.deepEqual(await it.reviews(), ['effect_refused']);
  await it.agree();
});

test('a refund of a part, then of the rest, each ends for itself; told twice, it is asked for once', async (t) => {
  const it = await counter(t);
  const session = await it.coded();
  it.provider.pay(id(it));
  await it.settle();
  const order = it.fake.platform.returned(session)!;
  const part = await it.fake.refund(order, { amount: '20.50' });
  assert.ok(part && 'answers' in part);
  await it.fake.platform.tellRefund(part);
  await it.settle();
  const rest = await it.fake.refund(order, { amount: '100.00' });
  assert.ok(rest && 'answers' in rest);
  await it.settle();
  it.provider.act({ fill_form: { code: it.codes()[0].digits } });
  await it.days(2);
  assert.deepEqual([part.state, rest.state, part.answers], ['resolved', 'resolved', [201, 201]]);
  const { case: kase } = await (await it.shop()).efectivo!.case((await (await it.shop()).efectivo!.cases({}))[0].id);
  assert.deepEqual(kase.refunds.map(({ amount }: { amount: { minor: number } }) => amount.minor), [2_050, 10_000]);
  assert.equal(it.fake.stands(order).refunded, 12_050);
});

test('a refund of more than was paid is rejected, and no money moves', async (t) => {
  const it = await counter(t);
  const session = await it.coded();
  it.provider.pay(id(it));
  await it.settle();
  const body = { id: 'rf9', gid: 'gid://shopify/RefundSession/rf9', payment_id: session.id, amount: '500.00', currency: 'PEN', test: true };
  assert.equal((await it.server.payments(new Request(`${URL_}/pay/socio/refund`, { method: 'POST', headers: { 'shopify-shop-domain': QUIPU }, body: JSON.stringify(body) }))).status, 201);
  await it.settle();
  assert.deepEqual([it.told('refundSessionReject'), it.told('refundSessionResolve')], [1, 0]);
  const [kase] = await (await it.shop()).efectivo!.cases({});
  assert.deepEqual(kase.refunds, []);
});

test('a refund waits for a provider that is down, and its end is said again where Shopify does not hear', async (t) => {
  const it = await counter(t);
  const session = await it.coded();
  it.provider.pay(id(it));
  await it.settle();
  const order = it.fake.platform.returned(session)!;
  it.provider.fault = () => 'before';
  const refund = await it.fake.refund(order, { amount: '120.50' });
  assert.ok(refund && 'answers' in refund);
  await it.hours(1);
  assert.equal(refund.state, 'open');
  it.provider.fault = () => '';
  it.fake.trouble('503', { match: 'refundSessionResolve', times: 3 });
  await it.days(2);
  it.provider.act({ fill_form: { code: it.codes()[0].digits } });
  await it.days(2);
  assert.deepEqual([refund.state, it.fake.stands(order).refunded], ['resolved', 12_050]);
});

/** A paid order's money on its way back, and Shopify's session of it. */
async function goesBack(it: Counter) {
  const session = await it.coded();
  it.provider.pay(id(it));
  await it.settle();
  const refund = await it.fake.refund(it.fake.platform.returned(session)!, { amount: '120.50' });
  assert.ok(refund && 'answers' in refund);
  await it.settle();
  return refund;
}

const answerOf = (lines: string[], resolution: string): string[] => /^ {2}answer (.+?) "…"/.exec(lines.find((line) => line.startsWith('  answer') && line.includes(resolution)) ?? '')?.[1]?.split(' ') ?? [];

test('Shopify is told how a refund ended up to 18 times within 24 hours, then a person is asked, who has it told again', async (t) => {
  const it = await counter(t);
  const refund = await goesBack(it);
  it.fake.trouble('503', { match: 'refundSessionResolve', times: 18 });
  const left = (): number => it.fake.troubles[0]?.left ?? 0;
  it.provider.act({ fill_form: { code: it.codes()[0].digits } });
  while (left() === 18) await it.hours(6);
  const begun = it.fake.now();
  for (let rounds = 0; rounds < 3; rounds += 1) await it.settle();
  assert.equal(left(), 17, 'not again before its time, however often the shop is looked at');
  await it.wind(5_000);
  await it.wind(10_000);
  assert.equal(left(), 15, 'soon at first');
  const next = async (): Promise<number> => Number((await it.server.parts.db.all('SELECT next_at FROM pay_refunds'))[0]?.next_at) - it.fake.now();
  while (left() > 1 && it.fake.now() - begun < 24 * HOUR) await it.wind(Math.max(await next(), 1_000));
  await it.restart();
  await it.wind(Math.max(await next(), 1_000));
  assert.equal(left(), 0, 'eighteen times within the day');
  assert.ok(it.fake.now() - begun > 20 * HOUR && it.fake.now() - begun < 24 * HOUR, 'spread over the day');
  await it.days(1);
  assert.deepEqual([refund.state, it.told('refundSessionResolve')], ['open', 0], 'then it is nobody\'s but a person\'s');
  assert.ok((await check(it.server.parts.config, it.fake.fetch as typeof fetch)).some((line) => line.startsWith('✗') && line.includes('reviews')));
  const lines = await listed(it.server.parts);
  assert.match(lines.join('\n'), /Shopify no respondió .*120\.50[^]*no lo envíes otra vez[^]*Intentar de nuevo/);
  const words = answerOf(lines, 'try_again');
  await assert.rejects(answered(it.server.parts, words), { code: 'reason_needed' });
  await assert.rejects(answered(it.server.parts, [...words.slice(0, 2), 'accept_money', 'x']), { code: 'no_such_answer' });
  assert.match(await answered(it.server.parts, [...words, 'Shopify contesta otra vez']), /^✓/);
  assert.deepEqual([refund.state, it.told('refundSessionResolve'), await listed(it.server.parts)], ['resolved', 1, ['✓ no open question']]);
});

test('what Shopify did not hear of a refund is told again at its time, although nothing else happens', async (t) => {
  const it = await counter(t);
  const refund = await goesBack(it);
  it.fake.trouble('cut after', { match: 'refundSessionResolve' });
  it.provider.act({ fill_form: { code: it.codes()[0].digits } });
  while (it.fake.troubles[0]?.left) await it.hours(6);
  const tries = async (): Promise<number> => Number((await it.server.parts.db.all('SELECT tries FROM pay_refunds'))[0]?.tries);
  assert.deepEqual([await tries(), (await it.server.parts.db.all('SELECT state FROM pay_refunds'))[0]?.state], [1, 'asked']);
  for (let waited = 0; waited < 12_000 && (await tries()) < 2; waited += 200) await new Promise((done) => setTimeout(done, 200));
  await it.server.parts.pay.tick();
  assert.deepEqual([await tries(), refund.state, (await it.server.parts.db.all('SELECT state FROM pay_refunds'))[0]?.state], [2, 'resolved', 'resolved']);
});

test('a refund that Shopify does not book is not noted as booked, although the money went back; it is a question with what to do', async (t) => {
  const it = await counter(t);
  const refund = await goesBack(it);
  refund.state = 'rejected'; // by somebody else
  it.provider.act({ fill_form: { code: it.codes()[0].digits } });
  await it.days(2);
  assert.deepEqual((await it.server.parts.db.all('SELECT state FROM pay_refunds')).map(({ state }) => state), ['rejected']);
  assert.ok(it.lines.some((line) => line.includes('"refund_session_refused"') && line.includes('REFUND_SESSION_INVALID_STATE') && line.includes('"money_went_back":true')));
  await it.server.parts.pay.tick();
  assert.ok(it.lines.some((line) => line.includes('"reviews_wait"') && line.includes('"reviews":1')));
  const lines = await listed(it.server.parts);
  assert.match(lines.join('\n'), /^✗ socio quipu\.myshopify\.com .*120\.50[^]*Shopify no aceptó registrarlo[^]*sin enviar dinero otra vez/);
  await assert.rejects(answered(it.server.parts, [refund.id, 'refund', 'try_again', 'x']), { code: 'no_such_answer' });
  assert.match(await answered(it.server.parts, [...answerOf(lines, 'settled_elsewhere'), 'Anotado a mano']), /^✓/);
  assert.deepEqual(await listed(it.server.parts), ['✓ no open question']);
  assert.match((await it.server.parts.db.all('SELECT answer FROM pay_refunds'))[0]?.answer ?? '', /Anotado a mano/);
});

test('a server that is ended and started again between the steps goes on where it was', async (t) => {
  const it = await counter(t);
  const session = await it.begin();
  await it.restart();
  await it.press(session);
  await it.restart();
  await it.settle();
  assert.equal(session.state, 'pending');
  it.provider.pay(id(it), { notice: 'lost' });
  await it.restart();
  await it.hours(1);
  assert.equal(session.state, 'resolved');
  const order = it.fake.platform.returned(session)!;
  const refund = await it.fake.refund(order, { amount: '120.50' });
  await it.restart();
  await it.settle();
  it.provider.act({ fill_form: { code: it.codes()[0].digits } });
  await it.restart();
  await it.days(2);
  assert.equal(refund && 'state' in refund && refund.state, 'resolved');
  assert.deepEqual([it.codes().length, it.told('paymentSessionResolve')], [1, 1]);
});

test('a token that ends every hour is renewed, and an app that was taken off asks nothing more', async (t) => {
  const it = await counter(t, { oauth: true });
  const session = await it.coded();
  await it.hours(20);
  it.provider.pay(id(it));
  await it.settle();
  assert.equal(session.state, 'resolved');
  const other = await it.coded();
  it.fake.uninstall(QUIPU);
  await it.settle();
  assert.equal((await it.shop()).state, 'uninstalled');
  const answered = await it.server.payments(new Request(`${URL_}/pay/socio/session`, { method: 'POST', headers: { 'shopify-shop-domain': QUIPU }, body: '{}' }));
  assert.equal(answered.status, 404);
  it.provider.pay(id(it, 1));
  await it.days(2);
  assert.equal(other.state === 'resolved', false, 'Shopify can\'t be told any more');
  assert.ok((await it.reviews()).length > 0, 'so a person is');
  await it.agree();
});

test('new keys of the provider serve every shop that installed before, from the next start on', async (t) => {
  const it = await counter(t, { oauth: true });
  const keys = process.env.COUNTER_KEYS ?? '';
  t.after(() => { delete process.env.COUNTER_KEYS; });
  process.env.COUNTER_KEYS = keys.replace('"key":"my-key"', '"key":"another"');
  await it.restart();
  await it.coded();
  assert.equal(it.codes().length, 0, 'the provider knows no such key');
  process.env.COUNTER_KEYS = keys;
  await it.restart();
  await it.coded();
  assert.equal(it.codes().length > 0, true);
});

test('a shop that was erased and installs again sells again; one without keys is not said to be ready', async (t) => {
  const it = await counter(t, { oauth: true });
  const ready = (): boolean | undefined => it.fake.world.shops[QUIPU]?.installs[0]?.ready;
  const leave = async (): Promise<void> => {
    it.fake.uninstall(QUIPU);
    await it.settle();
    it.fake.privacy('shop/redact', QUIPU);
    await it.settle();
  };
  await leave();
  await install(it);
  const session = await it.coded();
  assert.deepEqual([ready(), it.codes().length, session.state], [true, 1, 'pending']);
  await leave();
  t.after(() => { delete process.env.COUNTER_KEYS; });
  process.env.COUNTER_KEYS = '';
  await it.restart();
  await install(it);
  assert.equal(ready(), false);
});

test('an open question is in the log, in `check` and in `reviews`, with the words that answer it', async (t) => {
  const it = await counter(t);
  await it.coded();
  it.provider.pay(id(it));
  it.provider.pay(id(it));
  await it.settle();
  await it.server.parts.pay.tick();
  assert.ok(it.lines.some((line) => line.includes('"reviews_wait"') && line.includes('"reviews":1')));
  assert.ok((await check(it.server.parts.config, it.fake.fetch as typeof fetch)).some((line) => line.startsWith('✗') && line.includes('reviews')));
  const lines = await listed(it.server.parts);
  assert.match(lines[0] ?? '', /^✗ socio quipu\.myshopify\.com .*120\.50/);
  const [, words = ''] = /^ {2}answer (.+?) "…"/.exec(lines.find((line) => line.startsWith('  answer')) ?? '') ?? [];
  await assert.rejects(answered(it.server.parts, words.split(' ')), { code: 'reason_needed' });
  assert.match(await answered(it.server.parts, [...words.split(' '), 'Devuelto en la agencia']), /^✓/);
  assert.deepEqual([await it.reviews(), await listed(it.server.parts)], [[], ['✓ no open question']]);
  await assert.rejects(answered(it.server.parts, ['nobody', '1', 'handled', 'x']), { code: 'no_case' });
});

test('a shopper who asks for the own data, or to be forgotten, is found without an order', async (t) => {
  const it = await counter(t);
  const [session, other] = [await it.coded(), await it.coded({ email: 'otra.persona@example.pe' })];
  const order = it.fake.platform.returned(session)!;
  it.fake.privacy('customers/data_request', QUIPU, order);
  await it.settle();
  const [line = ''] = (await listed(it.server.parts)).filter((one) => one.includes('data socio'));
  const words = /data (socio \S+ \d+)/.exec(line)?.[1]?.split(' ') ?? [];
  const held = JSON.parse(await dataTo(it.server.parts, words)) as { orders: Array<{ order: string; person: { email: string } }> };
  assert.deepEqual(held.orders.map(({ person }) => person.email), ['ana.quispe@example.pe']);
  await dataTo(it.server.parts, [...words, 'done']);
  await assert.rejects(dataTo(it.server.parts, words), { code: 'no_request' });
  it.fake.privacy('customers/redact', QUIPU, order);
  await it.settle();
  const rows = await it.server.parts.db.all('SELECT id, who FROM pay_sessions');
  assert.deepEqual([rows.find(({ id: mine }) => mine === session.id)?.who, typeof rows.find(({ id: mine }) => mine === other.id)?.who], [null, 'string']);
  const { efectivo } = await it.shop();
  const kase = (await efectivo!.cases({})).find(({ order: of }: { order: string }) => of === session.group);
  assert.ok((await efectivo!.held(kase.id)).person, 'a dispute may need it for 180 days');
  await it.wind(181 * 24 * HOUR);
  await efectivo!.erase(kase.id);
  assert.equal((await efectivo!.held(kase.id)).person, null);
});

test('a buyer who never asked for the code leaves no personal data behind', async (t) => {
  const it = await counter(t);
  await it.begin();
  const kept = async (): Promise<number> => (await it.server.parts.db.all('SELECT id FROM pay_sessions WHERE person IS NOT NULL')).length;
  assert.equal(await kept(), 1);
  await it.days(7);
  await it.server.parts.pay.tick();
  assert.equal(await kept(), 0);
});

test('`check` asks a payments app\'s shop by its own API', async (t) => {
  const it = await counter(t);
  const lines = await check(it.server.parts.config, it.fake.fetch as typeof fetch);
  assert.ok(lines.some((line) => line.startsWith('✓') && line.includes(QUIPU)), lines.join('\n'));
});

test('twenty buyers at once, with every trouble among them: the three books agree', async (t) => {
  const it = await counter(t);
  const kinds = ['pay', 'twice', 'wrong', 'reverse', 'none', 'late', 'lost', 'forged', 'back', 'doubled'] as const;
  it.fake.trouble('503', { match: 'paymentSession', times: 6 });
  const made = await Promise.all(Array.from({ length: 20 }, async (_, at) => {
    const session = await it.begin({ amount: `${100 + at}.00` });
    if (kinds[at % kinds.length] !== 'back') await it.press(session);
    return session;
  }));
  for (let round = 0; round < 6; round += 1) await it.wind(MINUTE);
  const codeOf = (at: number): string => it.codes().find(({ amount }) => amount === (100 + at) * 100)?.id;
  for (let at = 0; at < 20; at += 1) {
    const kind = kinds[at % kinds.length];
    const code = codeOf(at);
    if (kind === 'pay' || kind === 'reverse') it.provider.pay(code);
    if (kind === 'twice') { it.provider.pay(code); it.provider.pay(code); }
    if (kind === 'wrong') it.provider.pay(code, { amount: 1 });
    if (kind === 'lost' || kind === 'forged' || kind === 'doubled') it.provider.pay(code, { notice: kind });
    if (kind === 'reverse') it.provider.reverse(code);
  }
  await it.days(4);
  for (let at = 5; at < 20; at += 10) it.provider.pay(codeOf(at));
  await it.days(1);
  await it.agree();
  const ended = (kind: string): string[] => made.filter((_, at) => kinds[at % kinds.length] === kind).map(({ state }) => state);
  for (const kind of ['pay', 'twice', 'lost', 'forged', 'doubled']) assert.deepEqual(ended(kind), ['resolved', 'resolved'], kind);
  assert.deepEqual(ended('back'), ['open', 'open'], 'nobody rejected them');
  assert.ok([...ended('none'), ...ended('late'), ...ended('wrong')].every((state) => state !== 'resolved'));
});
