// Calls of every kind for comparing PHP with Node: an order's whole life through the door, notices, pictures, and seeded random damage to all of them.

import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

const START = 1_795_000_000_000;
const HOUR = 3_600_000;
const SHOP = { name: 'Quipu Café ☕', tag: 'QP', page_url: 'https://quipu.example/pago', contact: 'hola@quipu.example', mail_from: 'hola@quipu.example' };
const SANDBOX = { id: 'sandbox-1', provider: 'sandbox', mode: 'test', sandbox_url: 'https://quipu.example/own' };
const DLOCAL = { id: 'dlocal-1', provider: 'dlocal', mode: 'test', notice_url: 'https://quipu.example/notice/dlocal-1' };
const KEYS = { login: 'test-login', trans_key: 'test-trans', secret_key: 'test-secret' };
const MONEY = { minor: 12350, currency: 'PEN' };
const EMPTY = Buffer.alloc(0);

/** Asks that stand for themselves, then a life; `door` answers, and what was asked is the result. */
export function wellFormed(door) {
  const asks = [];
  const ask = (name, question, bytes = EMPTY) => {
    const json = Buffer.from(JSON.stringify({ [name]: question }));
    asks.push({ json, bytes });
    return { ...JSON.parse(door(json, bytes).json), bytes: door(json, bytes).bytes };
  };
  small(ask);
  life(ask);
  notices(ask);
  return asks;
}

function small(ask) {
  for (const name of ['version', 'abilities', 'nothing', 'new_case']) ask(name, {});
  ask('new_case', { entropy: '0123456789abcdef'.repeat(8) });
  for (const text of ['0', '1', '1.5', '1,234.50', '1.234,5', '-3', '99999999999999999999', '1e5', ' 7 ', '٣', '0.005', '']) ask('money', { text, currency: 'PEN' });
  for (const minor of [0, 1, 99, 100, 12345, 2 ** 53, -5]) ask('money', { money: { minor, currency: 'PEN' } });
  for (const locale of ['es', 'es-PE', 'en', 'zh-CN', 'xx']) for (const tone of ['tu', 'usted']) ask('words', { locale, tone, prefix: '' });
  ask('cart', { lines: [{ price: { minor: 990, currency: 'PEN' }, quantity: 3 }], currency: 'PEN' });
  ask('cart', { lines: [{ price: { minor: Number.MAX_SAFE_INTEGER, currency: 'PEN' }, quantity: 4294967295 }] });
  for (const text of ['', '1', '0123456789', 'A'.repeat(80), 'código ñandú 中文 🎟', 'https://quipu.example/pago/k3v9x2m7q4w8']) {
    for (const format of ['svg', 'png']) for (const call of ['qr', 'barcode']) ask(call, { text, title: 'Código', format, scale: 2 });
  }
  ask('check_settings', { settings: { shop: { tag: 'muy-larga-etiqueta' }, validity_hours: 5, channels: [{ id: 'a b', provider: 'sandbox', mode: 'live' }] }, locale: 'en' });
}

/** Placed, issued, looked at, paid, told: as a host would, with the provider's answers made up. */
function life(ask) {
  const settings = { shop: SHOP, channels: [SANDBOX] };
  const channels = [{ id: SANDBOX.id }];
  const read = { status: 'open', outstanding: MONEY, total: MONEY };
  const person = { first_name: 'Ana', last_name: 'Quispe', email: 'ana@example.pe' };
  const placed = { placed: { id: '0'.repeat(32), order: '1001', number: '1001', mode: 'test', seed: 'ab'.repeat(32), page_token: 't'.repeat(32), read, person } };
  let state = { case: null, outputs: [], journal: [] };
  const take = (input, now, body = EMPTY) => {
    const { ok } = ask('handle', { settings, channels, case: state.case, input, now }, body);
    if (!ok) return;
    state = { case: ok.case, outputs: [...state.outputs, ...ok.outputs], journal: [...state.journal, ...ok.journal] };
  };
  const look = (now) => {
    for (const locale of ['es', 'en', 'zh-CN']) {
      ask('case_view', { settings, case: state.case, locale, now });
      ask('journal_view', { entries: state.journal, locale });
    }
    ask('page', { settings, case: state.case, now, email_masked: 'a•••@example.pe' });
    ask('page_status', { settings, case: state.case, now });
    ask('calendar', { settings, case: state.case });
    ask('rebuild', { entries: state.journal });
  };
  take(placed, START);
  for (let now = START + 1000, step = 0; step < 24 && state.case; step++, now += HOUR / 4) {
    const output = state.outputs.shift();
    if (!output) {
      take('wake', now);
      continue;
    }
    const carried = ask('carry', { settings, channel: null, case: state.case, person, output, credentials: { sandbox: { key: 'k', secret: 's' } }, now, entropy: '0123456789abcdef'.repeat(4) });
    if (output.lane === 'provider') {
      const reference = state.case.attempts?.[0]?.reference ?? 'QP-1001-1';
      const answer = { response: { status: 200, headers: [['Date', new Date(now).toUTCString()]] } };
      take({ answer: { output, answer } }, now, Buffer.from(JSON.stringify(code(step < 6 ? 'pending' : 'paid', reference, now))));
    } else {
      take({ outcome: { output: output.no, outcome: carried.error ? 'dead' : 'done', read: null } }, now);
    }
    if (step % 3 === 0) look(now);
  }
  take({ merchant: 'cancel' }, START + 30 * HOUR);
  take({ shopper: 'check_now' }, START + 31 * HOUR);
  if (state.case) look(START + 100 * HOUR);
}

function code(status, reference, now) {
  const payments = status === 'paid' ? [{ id: 'p1', amount: '123.50', currency: 'PEN', paid_at: new Date(now).toISOString(), status: 'paid' }] : [];
  return { id: 'c1', reference, digits: '123456789', amount: '123.50', currency: 'PEN', status, expires_at: new Date(START + 48 * HOUR).toISOString(), url: '', barcode: '123456789', payment_qr: '', payments };
}

/** A genuine notice, a forged one, and every committed vector as the body of one. */
function notices(ask) {
  const settings = { shop: SHOP, channels: [DLOCAL, SANDBOX] };
  const date = '2026-11-23T15:20:00.000Z';
  const route = (body, secret, channel = DLOCAL, credentials = { dlocal: KEYS }) => {
    const signature = createHmac('sha256', secret).update(KEYS.login).update(date).update(body).digest('hex');
    const headers = [['Content-Type', 'application/json'], ['X-Date', date], ['Authorization', `V2-HMAC-SHA256, Signature: ${signature}`]];
    ask('route', { settings, channel: { id: channel.id }, credentials, notice: { headers }, now: Date.parse(date) + 2000 }, body);
  };
  const folder = new URL('../../../tests/vectors/', import.meta.url);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name.endsWith('.json'));
  const bodies = files.map((entry) => readFileSync(`${entry.parentPath ?? entry.path}/${entry.name}`)).filter((body) => body.length < 20_000);
  for (const body of [Buffer.from('{"id":"D-1","amount":129.9,"currency":"PEN","status":"PAID","order_id":"QP-1001-1"}'), ...bodies]) {
    route(body, KEYS.secret_key);
    route(body, 'another secret');
    route(body, 's', SANDBOX, { sandbox: { key: 'k', secret: 's' } });
  }
}

/** The shared vectors of whole calls, wherever their files keep an ask. */
export function vectors(folder) {
  const found = [];
  for (const entry of listed(folder)) {
    for (const row of rows(JSON.parse(readFileSync(entry, 'utf8')))) found.push(row);
  }
  return found;
}

function listed(folder) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((e) => e.isFile() && e.name.endsWith('.json')).map((e) => `${e.parentPath ?? e.path}/${e.name}`);
  } catch {
    return [];
  }
}

/** An ask with what its file says once for several: `with` names their places among its `parts`. */
const whole = ({ ask, with: places = {} }, parts) => {
  const common = Object.fromEntries(Object.entries(places).map(([name, place]) => [name, parts[place]]));
  return Object.fromEntries(Object.entries(ask).map(([call, own]) => [call, { ...own, ...common }]));
};

function* rows(value, parts = value?.parts) {
  if (Array.isArray(value)) for (const each of value) yield* rows(each, parts);
  else if (value && typeof value === 'object') {
    if (value.ask && typeof value.ask === 'object') yield { json: Buffer.from(JSON.stringify(whole(value, parts))), bytes: value.text === undefined ? Buffer.from(value.bytes ?? '', 'hex') : Buffer.from(value.text) };
    else for (const each of Object.values(value)) yield* rows(each, parts);
  }
}

/** A small generator whose numbers are the same everywhere (xorshift). */
export function seeded(seed) {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}

const ODD_NUMBERS = ['0', '-0', '1e400', '-1e-400', '9007199254740993', '18446744073709551616', '-9223372036854775808', '0.1', '1.', '01', '4294967296', '2147483648', '1e5', '0.30000000000000004'];
const ODD_TEXT = ['\u0000', '\u2028', '😀', '\ud800', 'ñ', '中', '\\u0000', '\\ud83d\\ude00', '\\ud83d', '"', '\\', '\u{10ffff}', '\u202e', '\n', '{', '}', '[', 'null', 'true'];

/** One ask, damaged: bytes turned, cut, doubled, numbers and letters exchanged for odd ones. */
export function damaged(asks, random) {
  const { json, bytes } = asks[random(asks.length)];
  let text = json.toString();
  for (let count = 1 + random(3); count > 0; count--) {
    const at = random(text.length + 1);
    const kind = random(8);
    if (kind === 0) text = text.slice(0, at);
    else if (kind === 1) text = text.slice(0, at) + ODD_TEXT[random(ODD_TEXT.length)] + text.slice(at);
    else if (kind === 2) text = text.slice(0, at) + text.slice(at + 1 + random(3));
    else if (kind === 3) text = swapped(text, /\d+/g, random, () => ODD_NUMBERS[random(ODD_NUMBERS.length)]);
    else if (kind === 4) text = swapped(text, /"[a-z_]+"/g, random, () => JSON.stringify(ODD_TEXT[random(ODD_TEXT.length)]));
    else if (kind === 5) text = swapped(text, /[a-z]/g, random, () => String.fromCodePoint(0x80 + random(0x2000)));
    else if (kind === 6) text = swapped(text, /\d+/g, random, (number) => String(Number(number) + random(5) - 2));
    else text = swapped(text, /"[^"]*":/g, random, (key, rest) => rest[random(rest.length)] ?? key);
  }
  let body = Buffer.from(bytes);
  if (body.length > 0 && random(2)) body[random(body.length)] ^= 1 << random(8);
  const raw = Buffer.from(text);
  if (raw.length > 0 && random(4) === 0) raw[random(raw.length)] = random(256);
  return { json: raw, bytes: body };
}

function swapped(text, pattern, random, by) {
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return text;
  const one = found[random(found.length)];
  return text.slice(0, one.index) + by(one[0], found.map((each) => each[0])) + text.slice(one.index + one[0].length);
}
