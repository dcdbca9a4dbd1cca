// The rows of the core in PHP: `node benches/php.mjs [--json|--smoke]`, native PHP without JIT, in turns with npm @coffeetales.net/wasm2lang's translation of
// the same module, and beside that module in Node; answers are compared first. Then what the first call of a request costs, with opcache and without.

import { spawn, spawnSync } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { rawDoor } from '../tools/wasm2php/tests/door.mjs';
import { translation } from './wasm2lang/translation.mjs';

const { values } = parseArgs({ options: { json: { type: 'boolean' }, smoke: { type: 'boolean' } } });
const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const CORE = at('../woocommerce/core');
const PEER = 'wasm2lang';
const LINK = 'https://tienda-quipu.example/pago/3f9a1c52e4b76d8091aa22bb33cc44dd?desde=qr-code82';

/** What a request asks, the most milliseconds that it may take, and how many times the other translation's time is the least that we want. */
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
    ['php-verify', route, notice, 1, 5],
    ['php-notice', { handle: { settings: voucher.settings, channels: [{ id: 'sandbox-1' }], case: voucher.case, input: judged, now: voucher.now } }, Buffer.alloc(0), 1, null],
    ['php-page', { page: voucher }, Buffer.alloc(0), 3, 5],
    ['php-qr', { qr: { text: LINK, title: '', format: 'svg', scale: 4 } }, Buffer.alloc(0), null, 4],
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

/** PHP without JIT, its warnings apart from what it prints. */
const plainly = (...words) => ['-d', 'opcache.jit=off', '-d', 'display_errors=stderr', ...words];

/** As hosting runs it: what was compiled is kept, and optimised. */
const WITH_OPCACHE = ['opcache.enable=1', 'opcache.enable_cli=1', 'opcache.file_update_protection=0', 'opcache.max_accelerated_files=10000'].flatMap((word) => ['-d', word]);

function php(words) {
  const run = spawnSync('php', words, { encoding: 'utf8' });
  if (run.error || run.status !== 0) throw new Error(`php: ${run.error?.message ?? run.stderr}`);
  return run.stdout.trim().split('\n').map((line) => JSON.parse(line));
}

/** Every ask many times in one process. */
function calls(list, rows, door, other) {
  const timed = php(plainly(...WITH_OPCACHE, at('php-time.php'), CORE, rows, values.smoke ? '2' : '60', ...(other.php ? [other.php] : [])));
  const took = new Map(timed.map((row) => [row.name, row]));
  for (const { name, json, bytes, goal, times } of list) {
    const { ours, least, fresh, peer, ratio, peer_wrong } = took.get(name);
    show({ name, ours, least, fresh, peer, ratio, why: other.why ?? peer_wrong ?? undefined, node: timedInNode(door, json, bytes), goal, times });
  }
}

/** The first call of a process, without opcache: the ask that loads most, in time of the processor. */
function load(list, rows) {
  const off = plainly('-d', 'opcache.enable=0', '-d', 'opcache.enable_cli=0', at('php-load.php'), CORE, rows);
  const slowest = list.map(({ name }) => {
    const first = Array.from({ length: values.smoke ? 1 : 9 }, () => php([...off, name])[0].first);
    return { of: name, ...middle(first) };
  }).sort((a, b) => b.ours - a.ours)[0];
  show({ name: 'php-load', ...slowest, goal: 50 });
}

/** What the first call of a request costs above the second, where opcache keeps what was compiled. */
async function load_with_opcache(list, rows) {
  if (!spawnSync('php', ['-m'], { encoding: 'utf8' }).stdout.includes('Zend OPcache')) return console.error('SKIPPED the row php-load-opcache: this PHP has no opcache');
  const port = await freePort();
  const server = spawn('php', plainly(...WITH_OPCACHE, '-S', `127.0.0.1:${port}`, at('php-load.php')), { stdio: 'ignore' });
  try {
    const slowest = [];
    for (const { name } of list) {
      const ask = () => answered(`http://127.0.0.1:${port}/?${new URLSearchParams({ core: CORE, rows, name })}`);
      await ask();
      const [first, second] = [[], []];
      for (let round = 0; round < (values.smoke ? 1 : 25); round++) {
        const took = await ask();
        if (!took.cached) throw new Error('opcache kept nothing: php-load-opcache would measure compiling');
        first.push(took.first);
        second.push(took.second);
      }
      const [above, calls] = [middle(first), middle(second)];
      slowest.push({ of: name, ours: above.ours - calls.ours, least: above.least - calls.least });
    }
    show({ name: 'php-load-opcache', ...slowest.sort((a, b) => b.ours - a.ours)[0], goal: 1 });
  } finally {
    server.kill();
  }
}

const middle = (times) => {
  times.sort((a, b) => a - b);
  return { ours: times[times.length >> 1], least: times[0] };
};

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** An answer of a server that may still be starting. */
async function answered(address) {
  for (let tries = 1; ; tries++) {
    try {
      const text = await (await fetch(address)).text();
      if (!text.startsWith('{')) throw new SyntaxError(text);
      return JSON.parse(text);
    } catch (why) {
      if (tries === 50 || why instanceof SyntaxError) throw why;
      await pause(100);
    }
  }
}

const rounded = (number) => number == null ? number : Number(number.toPrecision(3));

function show({ name, ours, least, fresh, peer = null, ratio = null, why, of, node, goal, times }) {
  const line = { name, of, ours: rounded(ours), least: rounded(least), fresh: rounded(fresh), peer: rounded(peer), peer_name: node === undefined ? null : PEER, ratio: rounded(ratio), why, node: rounded(node), unit: 'ms' };
  if (values.json) return console.log(JSON.stringify(line));
  const other = peer === null ? (why ? `${PEER}: none, ${why}` : '') : `${PEER} ${line.peer} ms, ${line.ratio}x${times ? ` (goal ${times}x${ratio < times ? ', missed' : ''})` : ''}`;
  const wanted = goal === null ? '' : `at most ${goal} ms${ours > goal ? ', missed' : ''}`;
  const numbers = [of ? `(${of})` : '', `${line.ours} ms`, `least ${line.least} ms`, node === undefined ? '' : `fresh ${line.fresh} ms`, node === undefined ? '' : `Node ${line.node} ms`, wanted];
  console.log(`${name.padEnd(17)}${numbers[0].padEnd(13)}${numbers[1].padStart(9)}${numbers[2].padStart(16)}${numbers[3].padStart(15)}${numbers[4].padStart(16)}   ${numbers[5].padEnd(23)}${other}`);
}

async function run() {
  const door = rawDoor(readFileSync(at('../js/dist/efectivo_bg.wasm')));
  const digest = ({ json, bytes }) => createHash('sha256').update(json).update('\n').update(bytes).digest('hex');
  const list = asks(door).map(([name, question, bytes, goal, times]) => ({ name, json: Buffer.from(JSON.stringify(question)), bytes, goal, times }));
  const folder = mkdtempSync(join(tmpdir(), 'efectivo-php-'));
  try {
    const rows = join(folder, 'rows.json');
    writeFileSync(rows, JSON.stringify(list.map(({ name, json, bytes }) => ({ name, json: json.toString('base64'), bytes: bytes.toString('base64'), said: digest(door(json, bytes)) }))));
    const other = await translation(at('../target/wasm/php-named.wasm'), !values.smoke);
    if (other.why) console.error(`SKIPPED the peer of the rows php-*: ${other.why}`);
    calls(list, rows, door, other);
    load(list, rows);
    await load_with_opcache(list, rows);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

await run();
