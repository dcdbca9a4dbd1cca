// Serves the simulated providers on loopback: the core plays their side, this keeps the world, answers on the wire and sends their notices.

import { DatabaseSync } from 'node:sqlite';
import { knownAt } from './accounts.mjs';
import { agentPage } from './agent.mjs';

/** No provider's request is larger; a longer one is not read to its end. */
const BODY_LIMIT = 65_536;
/** A notice that is not answered in this time is tried again later. */
const NOTICE_PATIENCE_MS = 5_000;
/** Node's longest timer is far above this; a long wait is looked at again in between. */
const LONGEST_NAP_MS = 60_000;

/**
 * Opens the sandbox on a data file. `base` is the address of the server that it is part of; `clock` has `now()`;
 * `accounts` is what it knows of the merchant.
 *
 * `handle(request, response, url)` answers what lies under `/sandbox/` and `/agente` and says whether it did; `tick()` sends what is due;
 * `act(act)` does anything an agent can; `ledger()` lists every code; `close()` ends it. The world is on disk before anything is answered.
 */
export function sandboxServer({ core, file, clock, base, accounts = knownAt(core, base), seed = Math.trunc(clock.now() / 1_000), lang = 'es' }) {
  const db = new DatabaseSync(file);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE IF NOT EXISTS world (one INTEGER PRIMARY KEY CHECK (one = 1), doc TEXT NOT NULL)');
  const keep = db.prepare('INSERT INTO world VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET doc = excluded.doc');
  const kept = db.prepare('SELECT doc FROM world').get();
  let world = kept ? JSON.parse(kept.doc) : null;
  if (world) Object.assign(world.accounts, accounts); // a world of an older version, or of another address, knows today's keys
  let timer = null;
  let closed = false;
  const sending = new Set();

  /** One act in the world; stored before anybody learns of it. */
  function act(what, body) {
    const begin = world ? undefined : { seed, accounts };
    const { ok, bytes } = core.call('sandbox', { world: world ?? undefined, begin, act: what, now: clock.now() }, body, lang);
    world = ok.world;
    keep.run(JSON.stringify(world));
    ok.parcels.forEach(send);
    nap(ok.next_at);
    return { ...ok, body: bytes };
  }

  /** Sends a notice and tells the world how it was answered. */
  function send({ no, url, headers, body }) {
    const answered = fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal: AbortSignal.timeout(NOTICE_PATIENCE_MS) })
      .then((answer) => answer.body?.cancel().then(() => answer.status) ?? answer.status, () => 0)
      .then((status) => closed || act({ delivered: { no, status } }))
      .finally(() => sending.delete(answered));
    sending.add(answered);
  }

  function nap(next_at) {
    clearTimeout(timer);
    if (closed || next_at === null) return;
    timer = setTimeout(tick, Math.min(Math.max(next_at - clock.now(), 50), LONGEST_NAP_MS));
    timer.unref();
  }

  const tick = () => (closed ? undefined : act('tick'));

  async function handle(request, response, url) {
    if (url.pathname.startsWith('/sandbox/')) return provider(request, response, url).then(() => true);
    if (url.pathname === '/agente' || url.pathname.startsWith('/agente/')) return agent(request, response, url).then(() => true);
    return false;
  }

  /** A provider's endpoint: the answer as ordered, slow or cut off where trouble was ordered. */
  async function provider(request, response, url) {
    const body = await read(request);
    if (body === null) return void response.writeHead(413).end();
    const headers = pairs(request.rawHeaders);
    const http = { method: request.method, path: url.pathname.slice('/sandbox'.length), query: url.search.slice(1), headers };
    const { transport, response: answer, body: out } = act({ http }, body);
    if (transport === 'cut' || answer === null) return void request.socket.destroy();
    if (transport.slow) await new Promise((done) => setTimeout(done, transport.slow));
    return void response.writeHead(answer.status, answer.headers.flat()).end(out);
  }

  /** The test agent's page, and what is pressed on it. */
  async function agent(request, response, url) {
    if (request.method !== 'POST') return page(response, url.searchParams);
    const form = new URLSearchParams((await read(request))?.toString() ?? '');
    const told = new URLSearchParams({ code: form.get('code') ?? '' });
    try {
      acts(form).forEach((one) => act(one));
      told.set('done', url.pathname.slice('/agente/'.length));
    } catch (error) {
      told.set('wrong', error.message);
    }
    return void response.writeHead(303, { location: `/agente?${told}` }).end();
  }

  function page(response, told) {
    const words = (prefix) => core.call('words', { locale: lang, prefix }).ok;
    const html = agentPage({ words: { ...words('agent.'), ...words('status.') }, lang, rows: ledger(), told });
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'" });
    response.end(html);
  }

  /** The acts that a pressed button stands for. */
  function acts(form) {
    const code = (form.get('code') ?? '').replace(/\s/g, '');
    const text = (form.get('amount') ?? '').trim();
    const amount = text ? core.call('money', { text, currency: form.get('currency') ?? 'PEN' }, undefined, lang).ok.money : null;
    const pay = { pay: { code, amount } };
    const count = Number(form.get('count') ?? 1) || 1;
    switch (form.get('do')) {
      case 'pay': return [pay];
      case 'twice': return [pay, pay];
      case 'reverse': return [{ reverse: { code } }];
      case 'form': return [{ fill_form: { code } }];
      case 'notices': return [{ notices: { rule: JSON.parse(form.get('rule')), count } }];
      case 'trouble': return [{ trouble: { kind: JSON.parse(form.get('kind')), count, matching: form.get('matching') ?? '' } }];
      default: return ['tick'];
    }
  }

  const ledger = () => act('ledger').ledger;

  return {
    handle, tick, act, ledger,
    /** Resolves once every notice under way has been answered. */
    async quiet() { while (sending.size > 0) await Promise.allSettled(sending); },
    async close() {
      closed = true;
      clearTimeout(timer);
      await Promise.allSettled(sending);
      db.close();
    },
  };
}

async function read(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > BODY_LIMIT) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function pairs(raw) {
  const out = [];
  for (let at = 0; at < raw.length; at += 2) out.push([raw[at], raw[at + 1]]);
  return out;
}
