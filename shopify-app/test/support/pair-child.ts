// One process of the app as it would run, for the siege: its own server on loopback, Shopify and the provider over HTTP, and a clock that the siege winds.

import { serve } from '@hono/node-server';
import { makeConfig } from '../../src/config.ts';
import { makeServer } from '../../src/server.ts';
import { fetchVia } from '../fake-shopify/index.ts';

type Asked = { wind?: number; tick?: number };

const { port, shopify, offset, given, env, lease_ms } = JSON.parse(process.argv[2] ?? '{}');
const time = { offset: offset as number };
const server = await makeServer({ lease_ms, config: makeConfig(given, env), clock: { now: () => Date.now() + time.offset }, toShopify: fetchVia(shopify), mailer: async () => {}, log: (event, facts) => { if (process.env.PAIR_LOG) console.error(JSON.stringify({ event, ...facts })); } });
const http = serve({ fetch: (request, way) => server.fetch(request, way), hostname: '127.0.0.1', port });
await new Promise<void>((done, failed) => http.once('error', failed).once('listening', done));
await server.start();
process.on('message', async ({ wind, tick }: Asked) => {
  if (wind !== undefined) time.offset = wind;
  if (tick === undefined) return;
  await server.tick().catch(() => {});
  process.send?.({ ticked: tick });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: port });
