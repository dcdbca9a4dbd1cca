// The row of durable intake: signed notices over HTTP, each verified and on the disk before it is answered, on one core.

import assert from 'node:assert/strict';
import { fork, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { load, post } from './load.mjs';

export const KEYS = { service_id: '1042', access_key: 'bench-access', secret_key: 'bench-secret-9d1c6a7e55f04b7c8f3d2a6b' };
export const CHANNEL = { id: 'pagoefectivo-1', provider: 'pagoefectivo', mode: 'test', notice_url: 'https://shop.example/notice/pagoefectivo-1' };
export const SETTINGS = { shop: { name: 'Quipu Café', tag: 'quipu', page_url: 'https://quipu.example/pago', contact: 'hola@quipu.example' }, channels: [CHANNEL] };

const CONNECTIONS = 32;
const WHOLE = { rounds: 7, ours: 2_000, peer: 600 };
const SMOKE = { rounds: 1, ours: 64, peer: 64 };
/** What a provider's patience and a shopper's never notice. */
const MOST_P99_MS = 25;

/** Runs the row. Both servers live all the time and are asked in turns; the one that is asked has a core to itself, where the machine has two. */
export async function intakeRow({ smoke }) {
  const plan = smoke ? SMOKE : WHOLE;
  const data = mkdtempSync(join(fileURLToPath(new URL('../target/', import.meta.url)), 'intake-'));
  const sides = { ours: await start('ours', data), peer: await start('peer', data) };
  const told = { ours: [], peer: [] };
  const took = [];
  let sent = 0;
  try {
    for (const { port } of Object.values(sides)) assert.deepEqual(Object.keys((await load(port, [request('not-the-secret')], 1)).statuses), ['401'], 'a forged notice is refused');
    for (const [side, { port }] of Object.entries(sides)) await load(port, requests(plan.peer), CONNECTIONS);
    sent += plan.peer;
    for (let round = 0; round < plan.rounds; round += 1) {
      for (const side of round % 2 === 0 ? ['ours', 'peer'] : ['peer', 'ours']) {
        const got = await load(sides[side].port, requests(plan[side]), CONNECTIONS);
        assert.deepEqual(got.statuses, { 200: plan[side] });
        told[side].push(got.rate);
        if (side === 'ours') took.push(...got.took);
      }
      sent += plan.ours;
    }
    assert.equal(stored(join(data, 'efectivo.sqlite')), sent, 'every notice that was answered is there');
  } finally {
    for (const { child } of Object.values(sides)) { child.kill(); await once(child, 'exit'); }
    rmSync(data, { recursive: true });
  }
  took.sort((a, b) => a - b);
  const p99_ms = took[Math.floor(took.length * 0.99)];
  const ratio = median(told.ours.map((rate, round) => rate / told.peer[round]));
  return { name: 'intake-sqlite', ours: median(told.ours), peer: median(told.peer), peer_name: 'node:http + node:sqlite, one by one', ratio, unit: '/s', goal: 2.5, p99_ms, most_p99_ms: MOST_P99_MS };
}

async function start(side, data) {
  const pinned = spawnSync('taskset', ['-V']).status === 0;
  const script = fileURLToPath(new URL('intake-server.mjs', import.meta.url));
  const child = fork(script, [side, data], { execArgv: ['--disable-warning=ExperimentalWarning'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [{ port }] = await once(child, 'message');
  if (pinned) spawnSync('taskset', ['-acp', '0', String(child.pid)]);
  return { child, port };
}

/** Notices that nobody has seen, signed beforehand; of the form in PagoEfectivo's document (tests/vectors/providers/pagoefectivo/notices.json). */
function requests(count) {
  return [...Array(count)].map(() => request());
}

let codes = 10_000_000;
function request(secret = KEYS.secret_key) {
  codes += 1;
  const body = Buffer.from(`{"eventType":"cip.paid","operationNumber":"${codes}","data":{"cip":"${codes}","currency":"PEN","amount":22.05}}`);
  return post(`/notice/${CHANNEL.id}`, [['Content-Type', 'application/json'], ['PE-Signature', createHmac('sha256', secret).update(body).digest('hex')]], body);
}

function stored(file) {
  const db = new DatabaseSync(file, { readOnly: true });
  const { count } = db.prepare('SELECT count(*) AS count FROM inbox').get();
  db.close();
  return count;
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
