// A server that takes in PagoEfectivo's notices durably, for the benchmark: `ours` is the host over SQLite, `peer` what one writes with Node alone, one notice at a time.

import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { routes } from '../js/src/http.mjs';
import { open } from '../js/src/index.mjs';
import { CHANNEL, KEYS, SETTINGS } from './intake.mjs';

const [side, data] = process.argv.slice(2);

async function ours() {
  const shop = { read: async () => null, apply: async () => ({ outcome: 'done', read: null }) };
  return routes(await open({ data, shop, settings: SETTINGS, credentials: { [CHANNEL.id]: { pagoefectivo: KEYS } }, log: () => {} }), { notices: '/notice' });
}

function peer() {
  const db = new DatabaseSync(join(data, 'peer.sqlite'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE inbox (no INTEGER PRIMARY KEY, dedupe_key TEXT NOT NULL UNIQUE, facts TEXT NOT NULL, received_at INTEGER NOT NULL, raw BLOB)');
  const store = db.prepare('INSERT INTO inbox (dedupe_key, facts, received_at, raw) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING');
  return async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request));
    const claimed = Buffer.from(request.headers['pe-signature'] ?? '', 'hex');
    const right = createHmac('sha256', KEYS.secret_key).update(body).digest();
    const genuine = claimed.length === right.length && timingSafeEqual(claimed, right);
    if (genuine) {
      const { eventType, operationNumber, data } = JSON.parse(body);
      store.run(`${eventType} ${data.cip} ${operationNumber}`, JSON.stringify(data), Date.now(), body);
    }
    response.writeHead(genuine ? 200 : 401, { 'content-length': '0' }).end();
  };
}

const server = createServer(side === 'ours' ? await ours() : peer()).listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit(0));
