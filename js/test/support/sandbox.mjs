// The core's own sandbox as a provider for tests: the same handles as provider.mjs, over the `sandbox` call, for any protocol.

import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { loadSync } from '../../src/node.mjs';

/** EBANX's merchants sign with a key of their own; the smallest that is still sold as one makes tests quick. */
const PAIR = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** What each provider gave the simulated merchant; made up, good for nothing else. */
const KEYS = {
  sandbox: { key: 'my-key', secret: 'my-secret' },
  pagoefectivo: { service_id: '1042', access_key: 'pe-access', secret_key: 'pe-secret' },
  dlocal: { login: 'dl-login', trans_key: 'dl-trans', secret_key: 'dl-secret' },
  mercado_pago: { access_token: 'TEST-mp-token', webhook_secret: 'mp-webhook-secret' },
  culqi: { secret_key: 'sk_test_made_up_for_tests', notice_user: 'culqi-user', notice_password: 'culqi-password' },
  payu: { merchant_id: '508', account_id: '512', api_login: 'payu-login', api_key: 'payu-key' },
  ebanx: { key_id: 'ebanx-key-1', signing_key: PAIR.privateKey.export({ type: 'pkcs8', format: 'pem' }) },
  paysafe: { api_key: 'paysafe-user:paysafe-password', account_id: '1020259990', hmac_key: 'cGF5c2FmZS1obWFjLWtleQ==' },
  bamboo: { private_key: 'bamboo-private', secret_key: 'bamboo-secret' },
  dlocal_go: { api_key: 'go-key', secret_key: 'go-secret' },
  rapyd: { access_key: 'rapyd-access', secret_key: 'rapyd-secret', payment_method_type: 'pe_sandbox_cash' },
  kushki: { public_merchant_id: 'kushki-public', private_merchant_id: 'kushki-private', webhook_signature: 'kushki-signature' },
  pagseguro: { merchant_id: '4242', secret_key: 'pagseguro-secret' },
};
/** What only the provider's side knows: the public half of a key that signs. */
const THEIRS = { ebanx: { public_modulus: Buffer.from(PAIR.publicKey.export({ format: 'jwk' }).n, 'base64url').toString('hex') } };

const pathOf = (provider) => (provider === 'sandbox' ? 'own' : provider);
const named = (make) => Object.fromEntries(Object.entries(KEYS).flatMap(make));

/** The channel of each provider, with the keys that open it. */
export const CHANNELS = named(([provider, keys]) => [[provider, { path: `/${pathOf(provider)}`, credentials: { [provider]: keys } }]]);

/** The same keys as the sandbox's world knows them, and where notices go: one address, or one for each provider. */
const accounts = (notice_url) => named(([provider, keys]) => Object.entries({ ...keys, ...THEIRS[provider], signing_key: undefined, notice_url: typeof notice_url === 'function' ? notice_url(provider) : notice_url }).map(([key, value]) => [`${pathOf(provider)}_${key}`, value]));

const TROUBLES = { before: 'cut_before', after: 'cut_after', '500 before': 'server_error', '500 after': 'server_error_after' };
const RULES = { once: 'normal', lost: 'lost', doubled: 'doubled', reordered: 'reordered', forged: 'forged' };

/** Starts the sandbox on loopback with one world in memory. */
export async function startSandbox({ core = loadSync(), kind = 'sandbox', now = Date.now, notice_url, fault = () => '', seed = 7 }) {
  const begin = { seed, accounts: accounts(notice_url) };
  const posting = new Set();
  const it = { fault, now, calls: [], told: [] };
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
      .then((status) => { it.told.push(status); return act({ delivered: { no, status } }); }).finally(() => posting.delete(sending));
    posting.add(sending);
  }

  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request));
    const [path, query = ''] = request.url.split('?');
    const headers = Object.entries(request.headers);
    const call = `${request.method} ${path}`;
    it.calls.push(call);
    const wrong = it.fault(call);
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
    act,
    trouble: (kind, matching = '') => act({ trouble: { kind, count: 1, matching } }),
    tick: () => act('tick'),
    async quiet() { while (posting.size > 0) await Promise.allSettled(posting); },
    async close() { server.closeAllConnections(); server.close(); await once(server, 'close'); await Promise.allSettled(posting); },
  });
}
