#!/usr/bin/env node
// The command line: `serve` runs the server, `check` says what is missing, `reviews`, `answer` and `data` are what waits for a person, `rekey` seals every secret anew under the current key.

import { createServer } from 'node:https';
import { serve } from '@hono/node-server';
import { EfectivoError } from 'efectivo';
import { check } from './check.ts';
import { readConfig } from './config.ts';
import { openDb } from './db/index.ts';
import { listenerOf } from './pay/terms.ts';
import { rekey } from './rekey.ts';
import { answered, dataTo, listed } from './reviews.ts';
import { makeSeal } from './seal.ts';
import { makeServer, type Server } from './server.ts';

const USAGE = `node src/main.ts serve | check | reviews | answer CASE REVIEW RESOLUTION "reason" | data APP SHOP NUMBER [done] | rekey

The settings are in efectivo-shopify.json, or in the file that EFECTIVO_CONFIG names; secrets stand in the environment only. README.md begins at nothing.`;
/** A whole request has to arrive within this; Shopify gives up after 5 s. */
const ARRIVES_MS = 15_000;
/** Connections that don't end by themselves after a stop. */
const ENDS_WITHIN_MS = 10_000;

const COMMANDS: Record<string, () => Promise<void>> = {
  async serve() {
    const config = readConfig();
    const payments = listenerOf(config);
    const server = await makeServer({ config });
    const { host: hostname, port } = config.listen;
    const http = serve({ fetch: (request, env) => server.fetch(request, env), hostname, port, serverOptions: { requestTimeout: ARRIVES_MS, headersTimeout: ARRIVES_MS } });
    await new Promise<void>((resolve, reject) => http.once('error', reject).once('listening', resolve));
    const platform = payments && serve({ fetch: (request) => server.payments(request), hostname: payments.host, port: payments.port, ...(payments.tls ? { createServer, serverOptions: payments.tls } : {}) });
    if (platform) await new Promise<void>((resolve, reject) => platform.once('error', reject).once('listening', resolve));
    await server.start();
    process.stdout.write(`ready http://${hostname}:${port}\n`);
    const stop = () => {
      setTimeout(() => process.exit(1), ENDS_WITHIN_MS).unref();
      platform?.close();
      http.close(() => void server.close().then(() => process.exit(0)));
      if ('closeIdleConnections' in http) http.closeIdleConnections();
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  },

  async check() {
    const found = await check(readConfig());
    process.stdout.write(found.map((line) => `${line}\n`).join(''));
    if (found.some((line) => line.startsWith('✗'))) process.exitCode = 1;
  },

  async reviews() {
    const found = await beside((server) => listed(server.parts));
    process.stdout.write(found.map((line) => `${line}\n`).join(''));
  },

  async answer() {
    process.stdout.write(`${await beside((server) => answered(server.parts, process.argv.slice(3)))}\n`);
  },

  async data() {
    process.stdout.write(`${await beside((server) => dataTo(server.parts, process.argv.slice(3)))}\n`);
  },

  async rekey() {
    const config = readConfig();
    const db = await openDb(config.database);
    try {
      const { looked_at, resealed } = await rekey(db, makeSeal(config.keys));
      process.stdout.write(`${looked_at} secrets, ${resealed} sealed anew under "${config.keys[0]?.id}". The other keys may go from EFECTIVO_KEYS.\n`);
    } finally {
      await db.close();
    }
  },
};

/** Opens the server's parts beside one that may be running; nothing listens, nothing is swept. */
async function beside<T>(work: (server: Server) => Promise<T>): Promise<T> {
  const server = await makeServer({ config: readConfig(), log: () => {} });
  try {
    return await work(server);
  } finally {
    await server.close();
  }
}

const command = COMMANDS[process.argv[2] ?? ''];
if (!command || process.argv.length < 3 || (process.argv.length > 3 && !['answer', 'data'].includes(process.argv[2] ?? ''))) {
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = 2;
} else {
  await command().catch((error: unknown) => {
    process.stderr.write(error instanceof EfectivoError ? `error: ${error.message}\n${error.help}\n` : `error: ${String((error as { code?: string }).code ?? (error as Error).name)} ${(error as Error).message}\n`);
    process.exitCode = 1;
  });
}
