// Everything that can go wrong between a shop and each provider, over real HTTP: at the end the provider's books and ours agree, or a person is asked.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { abilities, street } from './support/street.mjs';

const HOUR = 60;
const DAY = 24 * HOUR;
/** What the core's sandbox can be told to do with a request; a late answer comes after the shop's patience. */
const KINDS = ['cut_before', 'cut_after', 'server_error', 'server_error_after', 'html', 'truncated', 'busy', 'refused', { slow: { ms: 250 } }];
const PATIENCE_MS = 120;
/** How many of the twenty orders must have a code in the end, where fewer can: what proves that none was made, or shows one that was, is in no fact. */
const SURE = { ebanx: 8, payu: 2, pagoefectivo: 2, mercado_pago: 2, culqi: 2, dlocal_go: 2, rapyd: 2, kushki: 2 };
/** Who can't be asked: there a lost notice is lost. */
const MUTE = new Set(['kushki']);
const nameOf = (kind) => (kind.slow ? 'late' : kind);

/** A network that can lose the provider's name, and a shop that can be told to wait only so long for an answer. */
function network() {
  const it = { dns: 0, patience: 15_000 };
  it.fetch = (address, options) => {
    if (it.dns > 0) {
      it.dns -= 1;
      return Promise.reject(Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }) }));
    }
    return fetch(address, { ...options, signal: AbortSignal.any([options.signal, AbortSignal.timeout(it.patience)]) });
  };
  return it;
}

/** Orders whose create, or all that is asked in its first minute, meets each kind of trouble; returns their numbers. */
async function placed({ buy, sandbox }, net) {
  const orders = [];
  for (const times of [1, 3]) {
    for (const kind of [...KINDS, 'dns']) {
      const order = `${nameOf(kind).replaceAll('_', '')}${times}`;
      net.patience = kind.slow ? PATIENCE_MS : 15_000;
      if (kind === 'dns') net.dns = times;
      else sandbox.act({ trouble: { kind, count: times, matching: '' } });
      await buy(order);
      sandbox.act('calm');
      Object.assign(net, { dns: 0, patience: 15_000 });
      orders.push(order);
    }
  }
  return orders;
}

const each = (provider) => test(`${provider}: whatever fails, no second code lives unseen and every céntimo is known`, async (t) => {
  const net = network();
  const it = await street(t, provider, { fetch: net.fetch });
  const orders = await placed(it, net);
  await it.pass(12, { step: 1 });
  const made = await Promise.all(orders.map((order) => it.agree(order, 'after the create')));
  const sure = made.filter(({ kase }) => kase.state === 'waiting');
  assert.ok(sure.length >= (SURE[provider] ?? 16), `codes came of ${sure.map(({ kase }) => kase.order)} only: ${made.map(({ about }) => about).join('\n')}`);

  const paying = orders.filter((_, place) => place % 2 === 0);
  for (const { id } of paying.flatMap((order) => made[orders.indexOf(order)].live)) it.sandbox.pay(id, { notice: MUTE.has(provider) ? 'once' : 'lost' });
  await it.settle();
  for (const kind of KINDS) it.sandbox.act({ trouble: { kind, count: 1, matching: '' } });
  net.dns = 1;
  await it.pass(14 * HOUR, { step: HOUR }); // longer than one code alone meets trouble
  const settled = await Promise.all(orders.map((order) => it.agree(order, 'after the payments')));
  for (const { told, paid, open, about } of settled) assert.ok(paid === 0 || told === 1 || open.length > 0, `${about}: paid, and the order is not`);

  for (const kind of KINDS) it.sandbox.act({ trouble: { kind, count: 1, matching: '' } });
  net.dns = 1;
  await it.pass(12 * DAY, { step: DAY });
  for (const order of orders) {
    const { live, open, kase, about } = await it.agree(order, 'at the end');
    assert.ok(live.length === 0 || open.length > 0, `${about}: a code outlived its order`);
    assert.ok(['paid', 'lapsed', 'failed', 'cancelled'].includes(kase.state) || open.length > 0, `${about}: still open`);
  }
});

describe('the failure matrix', { concurrency: 6 }, () => [...abilities.keys()].filter((provider) => provider !== 'pagseguro').forEach(each));
