// A provider for tests, written from the documentation of the sandbox's wire and from nothing else: a ledger, signed calls, notices, and every way to fail.

import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

const json = (response, status, value) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
const error = (code, field = '') => ({ error: { code, field } });

/**
 * Starts the provider on loopback. `fault(call)` names what goes wrong with a call: `before` and `after` cut the connection before or after it acted,
 * `500 before` and `500 after` answer with HTML, a number waits so many milliseconds; anything else is none.
 */
export async function startProvider({ key = 'my-key', secret = 'my-secret', now = Date.now, fault = () => '', port = 0 } = {}) {
  const ledger = { codes: new Map(), refunds: new Map(), refund_status: 'sent', calls: [], notices: [] };
  const later = new Set();
  const it = { ledger, fault, notice_url: '', now };
  const server = createServer((request, response) => handle(request, response).catch(() => response.destroy())).listen(port, '127.0.0.1');
  await once(server, 'listening');

  async function handle(request, response) {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts).toString();
    const path = request.url.replace(/^\/sandbox/, '');
    const signed = createHmac('sha256', secret).update(`${request.headers['x-sandbox-time']}.${request.method}.${path}.${body}`).digest('hex');
    if (request.headers['x-sandbox-key'] !== key || signed !== request.headers['x-sandbox-signature']) return json(response, 401, error('unauthorized'));
    const call = `${request.method} ${path.split('?')[0].replace(/\/[0-9]+/, '/id')}`;
    ledger.calls.push(call);
    const wrong = it.fault(call);
    if (wrong === 'before') return request.socket.destroy();
    if (wrong === '500 before') return response.writeHead(500, { 'content-type': 'text/html' }).end('<h1>oops');
    if (typeof wrong === 'number') await new Promise((done) => setTimeout(done, wrong));
    const [status, answer] = act(request.method, path, body && JSON.parse(body));
    if (wrong === 'after') return request.socket.destroy();
    if (wrong === '500 after') return response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>oops');
    response.setHeader('date', new Date(it.now()).toUTCString());
    return json(response, status, answer);
  }

  function act(method, path, asked) {
    const [, what, id, verb] = path.split('?')[0].split('/');
    if (what === 'codes' && method === 'POST' && !id) return create(asked);
    if (what === 'codes' && !id) return found(new URLSearchParams(path.split('?')[1]).get('reference'));
    if (what === 'codes') {
      const code = ledger.codes.get(id);
      if (!code) return [404, error('not_found')];
      return verb === 'cancel' ? cancel(code) : [200, shown(code)];
    }
    return method === 'POST' ? refund(asked) : refundShown(ledger.refunds.get(id));
  }

  function create(asked) {
    const known = [...ledger.codes.values()].find((code) => code.idempotency_key === asked.idempotency_key);
    if (known) return [200, shown(known)];
    const id = String(900_000_000 + ledger.codes.size + 1);
    const code = { id, digits: `77${id}`, ...asked, status: 'waiting', payments: [], barcode: `77${id}`, url: '', payment_qr: '' };
    ledger.codes.set(id, code);
    return [201, shown(code)];
  }

  function found(reference) {
    const codes = [...ledger.codes.values()].filter((code) => code.reference === reference).reverse();
    return codes.length > 0 ? [200, { codes: codes.map(shown) }] : [404, error('not_found')];
  }

  function cancel(code) {
    if (shown(code).status !== 'waiting') return [409, error('not_waiting')];
    code.status = 'cancelled';
    return [200, shown(code)];
  }

  function refund({ code_id, key: name, amount }) {
    const known = [...ledger.refunds.values()].find((one) => one.key === name);
    if (known) return [200, known];
    if (!ledger.codes.get(code_id)?.payments.length) return [409, error('not_paid')];
    const made = { id: String(800_000_000 + ledger.refunds.size + 1), key: name, status: ledger.refund_status, amount };
    ledger.refunds.set(made.id, made);
    return [201, made];
  }
  const refundShown = (one) => (one ? [200, one] : [404, error('not_found')]);

  function shown({ idempotency_key, concept, email, ...code }) {
    const over = code.status === 'waiting' && Date.parse(code.expires_at) <= it.now();
    return { ...code, status: over ? 'expired' : code.status };
  }

  /** Somebody pays at a counter. `notice` is `once`, `lost`, `doubled` or `forged`. */
  function pay(id, { amount = undefined, notice = 'once' } = {}) {
    const code = ledger.codes.get(id);
    const payment = { id: `op-${id}-${code.payments.length + 1}`, amount: amount ?? code.amount, currency: code.currency, paid_at: new Date(it.now()).toISOString(), reversed: false };
    code.payments.push(payment);
    code.status = 'paid';
    tell('code.paid', code, payment, notice);
    return payment;
  }

  function reverse(id, { notice = 'once' } = {}) {
    const code = ledger.codes.get(id);
    const payment = code.payments.at(-1);
    payment.reversed = true;
    code.status = 'reversed';
    tell('code.reversed', code, payment, notice);
  }

  function tell(event, { id, reference, amount, currency }, payment, how) {
    if (how === 'lost') return;
    const body = JSON.stringify({ event, id, reference, payment_id: payment.id, amount: payment.amount ?? amount, currency });
    for (let times = how === 'doubled' ? 2 : 1; times > 0; times -= 1) post(body, how === 'forged' ? 'not-the-secret' : secret);
  }

  /** Sends a notice until it is answered 2xx, as providers do, for a while. */
  function post(body, signer, tries = 40) {
    const time = String(it.now());
    const headers = { 'content-type': 'application/json', 'x-sandbox-time': time, 'x-sandbox-signature': createHmac('sha256', signer).update(`${time}.${body}`).digest('hex') };
    const sending = fetch(it.notice_url, { method: 'POST', headers, body, signal: AbortSignal.timeout(3_000) }).then((answer) => answer.status, () => 0).then((status) => {
      ledger.notices.push({ body, status });
      if (status >= 200 && status < 300 || signer !== secret || tries <= 1) return undefined;
      return new Promise((done) => setTimeout(done, 150)).then(() => post(body, signer, tries - 1));
    }).finally(() => later.delete(sending));
    later.add(sending);
    return sending;
  }

  return Object.assign(it, {
    url: `http://127.0.0.1:${server.address().port}/sandbox`, pay, reverse, post,
    /** Resolves once every notice has been answered or given up. */
    async quiet() { while (later.size > 0) await Promise.allSettled(later); },
    async close() { server.closeAllConnections(); server.close(); await once(server, 'close'); },
  });
}
