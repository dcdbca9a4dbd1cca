// The rows of the core in PHP: `node benches/php.mjs [--json|--smoke]`, native PHP without JIT, beside the same module in Node; answers are compared first.
//
// The one other translator to PHP (npm @coffeetales.net/wasm2lang 2026.6.113) has no column here: it refuses this module (references). With those
// functions emptied by hand it takes three minutes to translate; tools/wasm2php/README.md says what was measured then.

import { spawnSync } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { rawDoor } from '../tools/wasm2php/tests/door.mjs';

const { values } = parseArgs({ options: { json: { type: 'boolean' }, smoke: { type: 'boolean' } } });
const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const LINK = 'https://tienda-quipu.example/pago/3f9a1c52e4b76d8091aa22bb33cc44dd?desde=qr-code82';

/** What a request asks, and the most milliseconds that it may take. */
function asks(door) {
  const notice = readFileSync(at('notice-2k.json'));
  const keys = { login: 'bench-login', trans_key: 'bench-trans', secret_key: 'bench-secret-9d1c6a7e55f04b7c8f3d2a6b' };
  const channel = { id: 'dlocal-1', provider: 'dlocal', mode: 'test', notice_url: 'https://shop.example/notice/dlocal-1' };
  const settings = { shop: { name: 'Quipu Café', tag: 'quipu', page_url: 'https://quipu.example/pago', contact: 'hola@quipu.example' }, channels: [channel] };
  const date = '2026-11-23T15:20:00.000Z';
  const signature = createHmac('sha256', keys.secret_key).update(keys.login).update(date).update(notice).digest('hex');
  const headers = [['Content-Type', 'application/json'], ['X-Date', date], ['Authorization', `V2-HMAC-SHA256, Signature: ${signature}`]];
  const route = { route: { settings, channel: { id: channel.id }, credentials: { dlocal: keys }, notice: { headers }, now: Date.parse(date) + 2_000 } };
  const { ok } = JSON.parse(door(Buffer.from(JSON.stringify(route)), notice).json);
  const voucher = JSON.parse(readFileSync(at('voucher.json')));
  const judged = { notice: { channel: 'sandbox-1', verdict: 'verified', facts: ok.facts, dedupe_key: 'bench' } };
  return [
    ['php-verify', route, notice, 1],
    ['php-notice', { handle: { settings: voucher.settings, channels: [{ id: 'sandbox-1' }], case: voucher.case, input: judged, now: voucher.now } }, Buffer.alloc(0), 1],
    ['php-page', { page: voucher }, Buffer.alloc(0), 3],
    ['php-qr', { qr: { text: LINK, title: '', format: 'svg', scale: 4 } }, Buffer.alloc(0), null],
  ];
}

function timedInNode(door, json, bytes) {
  const times = Array.from({ length: values.smoke ? 3 : 300 }, () => {
    const start = performance.now();
    door(json, bytes);
    return performance.now() - start;
  }).sort((a, b) => a - b);
  return times[times.length >> 1];
}

function run() {
  const door = rawDoor(readFileSync(at('../js/dist/efectivo_bg.wasm')));
  const digest = ({ json, bytes }) => createHash('sha256').update(json).update('\n').update(bytes).digest('hex');
  const list = asks(door).map(([name, question, bytes, goal]) => ({ name, json: Buffer.from(JSON.stringify(question)), bytes, goal }));
  const folder = mkdtempSync(join(tmpdir(), 'efectivo-php-'));
  try {
    const rows = join(folder, 'rows.json');
    writeFileSync(rows, JSON.stringify(list.map(({ name, json, bytes }) => ({ name, json: json.toString('base64'), bytes: bytes.toString('base64'), said: digest(door(json, bytes)) }))));
    const php = spawnSync('php', ['-d', 'opcache.jit=off', at('php-time.php'), at('../woocommerce/core'), rows, values.smoke ? '2' : '60'], { encoding: 'utf8' });
    if (php.error || php.status !== 0) throw new Error(`php: ${php.error?.message ?? php.stderr}`);
    const took = new Map(php.stdout.trim().split('\n').map((line) => JSON.parse(line)).map((row) => [row.name, row]));
    for (const { name, json, bytes, goal } of list) show(took.get(name), timedInNode(door, json, bytes), goal);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const rounded = (number) => Number(number.toPrecision(3));

function show({ name, median, least, first }, node, goal) {
  const line = { name, ours: rounded(median), least: rounded(least), peer: rounded(node), peer_name: 'the same module in Node', ratio: rounded(node / median), unit: 'ms', first: rounded(first) };
  const wanted = goal === null ? '' : `at most ${goal} ms${median > goal ? ', missed' : ''}`;
  console.log(values.json ? JSON.stringify(line) : `${name.padEnd(12)}${`${line.ours} ms`.padStart(10)}   Node ${`${line.peer} ms`.padStart(10)}   least ${`${line.least} ms`.padStart(8)}   first call ${`${line.first} ms`.padStart(8)}   ${wanted}`);
}

run();
