// The core's own sandbox as a provider for tests: the same handles as provider.mjs, over the `sandbox` call, for any of the three protocols.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { loadSync } from '../../src/node.mjs';

const ACCOUNTS = {
  own_key: 'my-key', own_secret: 'my-secret', pagoefectivo_service_id: 1042, pagoefectivo_access_key: 'pe-access', pagoefectivo_secret_key: 'pe-secret',
  dlocal_login: 'dl-login', dlocal_trans_key: 'dl-trans', dlocal_secret_key: 'dl-secret',
};

/** The channel of each protocol, with the keys that open it. */
export const CHANNELS = {
  sandbox: { path: '/own', credentials: { sandbox: { key: 'my-key', secret: 'my-secret' } } },
  pagoefectivo: { path: '/pagoefectivo', credentials: { pagoefectivo: { service_id: '1042', access_key: 'pe-access', secret_key: 'pe-secret' } } },
  dlocal: { path: '/dlocal', credentials: { dlocal: { login: 'dl-login', trans_key: 'dl-trans', secret_key: 'dl-secret' } } },
};

const TROUBLES = { before: 'cut_before', after: 'cut_after', '500 before': 'server_error', '500 after': 'server_error_after' };
const RULES = { once: 'normal', lost: 'lost', doubled: 'doubled', reordered: 'reordered', forged: 'forged' };

/** Starts the sandbox on loopback with one world in memory. */
export async function startSandbox({ kind = 'sandbox', now = Date.now, notice_url, fault = () => '', seed = 7 }) {
  const core = loadSync();
  const begin = { seed, accounts: { ...ACCOUNTS, own_notice_url: notice_url, pagoefectivo_notice_url: notice_url } };
  const posting = new Set();
  const it = { fault, now };
  let world = null;
  let rows = null;

  function act(what, body) {
    const { ok, bytes } = core.call('sandbox', { ...(world ? { world } : { begin }), act: what, now: it.now() }, body);
    world = ok.world;
    if (what !== 'ledger') rows = null;
    ok.parcels.forEach(deliver);
    return { ...ok, bytes };
  }

  function deliver({ no, url, headers, body }) {
    const sending = fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(5_000) }).then((answer) => answer.status, () => 0)
      .then((status) => act({ delivered: { no, status } })).finally(() => posting.delete(sending));
    posting.add(sending);
  }

  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request));
    const [path, query = ''] = request.url.split('?');
    const headers = Object.entries(request.headers);
    const wrong = it.fault(`${request.method} ${path}`);
    if (TROUBLES[wrong]) act({ trouble: { kind: TROUBLES[wrong], count: 1, matching: path } });
    const { response: answer, transport, bytes } = act({ http: { method: request.method, path, query, headers } }, body);
    if (transport === 'cut' || !answer) return request.socket.destroy();
    const slow = transport.slow ?? (typeof wrong === 'number' ? wrong : 0);
    return setTimeout(() => response.writeHead(answer.status, answer.headers.flat()).end(bytes), slow);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  /** The ledger in the shape of provider.mjs; amounts as whole units, the newest code last. */
  function codes() {
    rows ??= new Map(act('ledger').ledger.reverse().map((row) => [row.id, { ...row, amount: row.amount.minor, money: row.amount, payments: row.payments.map(([id, amount, , reversed]) => ({ id, amount: amount.minor, reversed })) }]));
    return rows;
  }

  function noticed(how) {
    if (how !== 'once') act({ notices: { rule: RULES[how], count: 1 } });
  }

  return Object.assign(it, {
    /** dLocal and PagoEfectivo, when asked, say that a code is paid, not how often: a second payment whose notice was lost shows only in a statement. */
    hides_payments: kind !== 'sandbox',
    url: `http://127.0.0.1:${server.address().port}${CHANNELS[kind].path}`,
    ledger: { get codes() { return codes(); } },
    pay(id, { amount = undefined, notice = 'once' } = {}) {
      const code = codes().get(id);
      noticed(notice);
      act({ pay: { code: code.digits, amount: amount ? { minor: 100, currency: code.money.currency } : null } });
    },
    reverse(id, { notice = 'once' } = {}) {
      noticed(notice);
      act({ reverse: { code: codes().get(id).digits } });
    },
    /** The shopper fills the provider's form for the money that goes back. */
    fillForm: (id) => act({ fill_form: { code: codes().get(id).digits } }),
    trouble: (kind, matching = '') => act({ trouble: { kind, count: 1, matching } }),
    tick: () => act('tick'),
    async quiet() { while (posting.size > 0) await Promise.allSettled(posting); },
    async close() { server.closeAllConnections(); server.close(); await once(server, 'close'); await Promise.allSettled(posting); },
  });
}
