// The demo: a shop, its shoppers' pages, a test agent and a desk, on loopback. Everything is on disk before it counts, so it may be killed at any moment.

import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadSync, open, orderBook } from '../src/index.mjs';
import { accountsAt } from '../sandbox/accounts.mjs';
import { sandboxServer } from '../sandbox/server.mjs';
import { demoClock } from './clock.mjs';
import { deskRoutes } from './desk.mjs';
import { shelves, shopRoutes, tidyUp } from './shop.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TYPES = { '.mjs': 'text/javascript', '.js': 'text/javascript', '.wasm': 'application/wasm' };
/** What the browser may fetch of this package: what the live preview runs. */
const SERVED = ['src', 'dist', join('demo', 'preview.mjs')];
const FORM_LIMIT = 16_384;
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

await main().catch((error) => {
  process.stderr.write(`${error.message}\n${error.help ? `${error.help}\n` : ''}`);
  process.exit(1);
});

async function main() {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '4400' }, data: { type: 'string', default: 'data/demo' } } });
  const [port, data] = [Number(values.port), resolve(values.data)];
  const core = loadSync();
  usable(data);
  const server = createServer();
  await listening(server, port);
  const base = `http://127.0.0.1:${server.address().port}`;
  const clock = demoClock(data, () => settled());
  const book = orderBook({ file: join(data, 'orders.sqlite'), core });
  const shelf = shelves(join(data, 'orders.sqlite'));
  const mails = mailbox(join(data, 'mails.sqlite'));
  const sandbox = sandboxServer({ core, file: join(data, 'sandbox.sqlite'), clock, base });
  // The providers that the demo's shopper can choose: the sandbox plays each one's side, under its own path.
  const hosts = Object.fromEntries(await Promise.all(Object.entries(accountsAt(core, base)).map(async ([id, account]) => [id, await host({ id, account, core, data, base, clock, book, mails })])));

  await tidyUp({ hosts, book, shelf });

  /** After the clock was wound or something decided: everything that is due, on every side. */
  async function settled() {
    for (let round = 0; round < 3; round += 1) {
      await sandbox.tick();
      await sandbox.quiet();
      await Promise.all(Object.values(hosts).map(({ efectivo }) => efectivo.tick()));
    }
  }

  const words = new Map();
  const sayIn = (lang) => (id, places = {}) => {
    if (!words.has(lang)) words.set(lang, core.call('words', { locale: lang, prefix: '' }).ok);
    return (words.get(lang)[id] ?? id).replace(/\{(\w+)\}/g, (whole, name) => places[name] ?? whole);
  };
  const desk = deskRoutes({ core, hosts, clock, mails, sayIn, settled });
  const shop = shopRoutes({ core, hosts, book, shelf, say: sayIn('es'), lang: 'es' });
  server.on('request', (request, response) => answer({ request, response, base, hosts, sandbox, shop, desk }).catch((error) => broken(response, error)));
  process.stdout.write(`ready ${base}\n`);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop({ server, sandbox, hosts, book, shelf }));
}

/** Makes the data folder, or says in a sentence why it can't be the one. */
function usable(data) {
  try {
    mkdirSync(data, { recursive: true, mode: 0o700 });
    accessSync(data, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw Object.assign(new Error(`the data folder ${data} can't be used (${cause.code})`, { cause }), { help: 'Name a folder that this program may write to: --data DIR' });
  }
}

/** One shop of one protocol: its own records, the same book, shelves, clock and mails. */
async function host({ id, account: { path, credentials }, core, data, base, clock, book, mails }) {
  const settings = {
    shop: { name: 'Quipu', tag: 'QUIPU', page_url: `${base}/pago/${id}`, contact: 'hola@quipu.example', mail_from: 'hola@quipu.example' },
    channels: [{ id, provider: id, mode: 'test', confirmed: true, sandbox_url: `${base}/sandbox/${path}`, notice_url: `${base}/avisos/${id}` }],
  };
  const efectivo = await open({ core, data: join(data, id), settings, credentials: { [id]: credentials }, shop: book, mail: mails, clock, log: () => {} });
  return { id, efectivo };
}

async function answer({ request, response, base, hosts, sandbox, shop, desk }) {
  const url = new URL(request.url, base);
  if (await sandbox.handle(request, response, url)) return undefined;
  const [, first, second, third, fourth, fifth] = url.pathname.split('/');
  if (first === 'avisos') return notice(request, response, hosts[second], second, url);
  if (first === 'pago') return voucher(request, response, hosts[second], [third, fourth].filter(Boolean).join('/'));
  if (first === 'js') return file(response, url.pathname.slice('/js/'.length));
  const form = request.method === 'POST' ? await formOf(request) : null;
  const routes = {
    '': () => shop.home(),
    carrito: () => (form ? shop.toCart(request, form) : shop.cart(request)),
    comprar: () => (form ? shop.buy(request, form) : { to: '/carrito' }),
    gracias: () => shop.thanks(second),
    escritorio: () => atDesk({ request, form, url, desk, second, third, fourth, fifth }),
  };
  return send(response, await routes[first]?.());
}

async function atDesk({ request, form, url, desk, second, third, fourth, fifth }) {
  if (second === 'caso') return form && fifth ? desk.decide(third, fourth, form) : desk.one(request, third, fourth, url.searchParams);
  if (form && second === 'idioma') return { to: '/escritorio', cookie: `lang=${desk.langs.find((lang) => lang === form.get('lang')) ?? 'es'}; Path=/; SameSite=Lax` };
  if (form && second === 'reloj') {
    await desk.wind(form);
    const from = new URL(request.headers.referer ?? '/escritorio', url);
    return { to: from.pathname };
  }
  if (second === 'canales') return desk.channels(request);
  if (second === 'correos') return desk.sent(request);
  if (second === 'vista') return desk.preview(request);
  return desk.list(request, url.searchParams);
}

function send(response, made) {
  const headers = { 'cache-control': 'no-store', 'referrer-policy': 'same-origin', 'x-content-type-options': 'nosniff', ...(made?.cookie ? { 'set-cookie': made.cookie } : {}) };
  if (made?.to) return response.writeHead(303, { ...headers, location: made.to }).end();
  if (!made) return response.writeHead(404, { ...headers, 'content-type': 'text/plain; charset=utf-8' }).end('404\n');
  return response.writeHead(200, { ...headers, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY }).end(made.html);
}

async function notice(request, response, host, channel, url) {
  const body = host && (await bytes(request, 100_000));
  if (!body) return response.writeHead(404).end();
  const headers = Object.entries(request.headersDistinct).flatMap(([name, all]) => all.map((value) => [name, value]));
  const { status, body: out } = await host.efectivo.notice(channel, { headers, query: url.search.slice(1), peer: request.socket.remoteAddress ?? '', body });
  return response.writeHead(status).end(out);
}

async function voucher(request, response, host, path) {
  if (!host) return response.writeHead(404).end();
  const { status, headers, body } = await host.efectivo.page(path, { method: request.method, peer: request.socket.remoteAddress });
  return response.writeHead(status, headers.flat()).end(body);
}

/** A file of this package, for the preview; nothing outside the list. */
function file(response, path) {
  const whole = resolve(ROOT, path);
  const allowed = SERVED.some((part) => whole === join(ROOT, part) || whole.startsWith(join(ROOT, part) + sep));
  const type = TYPES[extname(whole)];
  if (!allowed || !type) return response.writeHead(404).end();
  return response.writeHead(200, { 'content-type': type, 'cache-control': 'no-cache' }).end(readFileSync(whole));
}

const formOf = async (request) => new URLSearchParams((await bytes(request, FORM_LIMIT))?.toString() ?? '');

async function bytes(request, most) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > most) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function broken(response, error) {
  process.stderr.write(`${error.code ?? error.name}: ${error.message}\n`);
  if (response.headersSent) return response.destroy();
  return response.writeHead(error.code === 'no_case' ? 404 : 500, { 'content-type': 'text/plain; charset=utf-8' }).end(`${error.message}\n`);
}

/** Mails go into a table instead of out; one that is sent twice is there once. */
function mailbox(at) {
  const db = new DatabaseSync(at);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE IF NOT EXISTS mails (no INTEGER PRIMARY KEY, message_id TEXT UNIQUE NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL)');
  return {
    send: async ({ message_id, subject, text }) => { db.prepare('INSERT OR IGNORE INTO mails (message_id, subject, text) VALUES (?, ?, ?)').run(message_id, subject, text); },
    all: () => db.prepare('SELECT subject, text FROM mails ORDER BY no DESC LIMIT 50').all(),
  };
}

function listening(server, port) {
  return new Promise((done, failed) => {
    if (!(port >= 0 && port < 65_536)) return failed(Object.assign(new Error('that is no port'), { help: 'Choose one from 1 to 65535: --port 4400' }));
    server.once('error', (error) => failed(Object.assign(new Error(`port ${port} can't be used (${error.code})`), { help: `Choose another one: --port ${port + 1}` })));
    return server.listen(port, '127.0.0.1', done);
  });
}

async function stop({ server, sandbox, hosts, book, shelf }) {
  server.close();
  server.closeAllConnections();
  await Promise.allSettled([sandbox.close(), ...Object.values(hosts).map(({ efectivo }) => efectivo.close())]);
  shelf.close();
  await book.close();
  process.exit(0);
}
