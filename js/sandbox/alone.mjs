// The sandbox by itself, for a shop that is being built: `efectivo sandbox` plays the providers' side on loopback and says what to put into the shop's settings.

import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { EfectivoError } from '../src/core.mjs';
import { loadSync } from '../src/node.mjs';
import { accountsAt } from './accounts.mjs';
import { sandboxServer } from './server.mjs';

/** The keys that the README's shop has; nothing outside of this machine takes them. */
const OWN = { key: 'my-key', secret: 'my-secret' };

/** Serves until `close()`; notices of a provider go to `notices/PROVIDER-1`. `channel` and `credentials` are what a shop needs of `provider`. */
export async function serveSandbox({ port = 4401, data = './data', notices = 'http://127.0.0.1:3000/webhook', provider = 'sandbox' }) {
  const core = loadSync();
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const server = createServer();
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${server.address().port}`;
  const all = accountsAt(core, base, (name) => `${notices}/${name}-1`);
  Object.assign(all.sandbox, { accounts: { ...all.sandbox.accounts, own_key: OWN.key, own_secret: OWN.secret }, credentials: { sandbox: OWN } });
  if (!all[provider]) {
    server.close();
    throw new EfectivoError({ code: 'bad_ask', message: `there is no provider ${provider} here`, help: `There are: ${Object.keys(all).join(', ')}.` });
  }
  const accounts = Object.assign({}, ...Object.values(all).map((one) => one.accounts));
  const sandbox = sandboxServer({ core, file: join(data, 'sandbox.sqlite'), clock: Date, base, accounts });
  server.on('request', (request, response) => answer(sandbox, base, request, response));
  const channel = { id: `${provider}-1`, provider, mode: 'test', sandbox_url: `${base}/sandbox/${all[provider].path}`, notice_url: `${notices}/${provider}-1` };
  return { base, channel, credentials: { [channel.id]: all[provider].credentials }, sandbox, close: async () => { server.closeAllConnections(); await new Promise((done) => server.close(done)); await sandbox.close(); } };
}

async function answer(sandbox, base, request, response) {
  try {
    if (await sandbox.handle(request, response, new URL(request.url, base))) return;
    response.writeHead(request.url === '/' ? 302 : 404, { location: '/agente' }).end();
  } catch (error) {
    process.stderr.write(`${error.code ?? error.name}: ${error.message}\n`);
    if (!response.headersSent) response.writeHead(500).end();
  }
}
