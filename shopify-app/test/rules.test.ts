// The Function's rules: what the app writes at Shopify, to the byte; when it is written; and what is said where it can't be.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { keepRules, rulesOf, rulesStanding, RULES_SCOPE } from '../src/orders/rules.ts';
import { APP, QUIPU, street, type Street } from './street.ts';

const FILE = new URL('../extensions-plus/payment-rules/tests/written.json', import.meta.url);
const VECTOR = JSON.parse(readFileSync(FILE, 'utf8')) as { method_names: string[]; channels: object[]; written: string };
const SCOPES = ['read_orders', 'write_orders', RULES_SCOPE];

interface Plus extends Street { put(change: object): Promise<{ status: number; told: any }>; customization(): any; rules(): any; started(): Promise<any> }

/** A shop on Plus whose app has the Function deployed and the permission granted, unless told otherwise. */
async function plus(t: TestContext, { scopes = SCOPES, functions = ['payment-rules'], on = true } = {}): Promise<Plus> {
  const it = await street(t, { app: { scopes, functions } });
  it.fake.shop(QUIPU, { plus: on });
  const ask = async (path: string, method: string, body?: object): Promise<{ status: number; told: any }> => {
    const answer = await it.server.fetch(new Request(`${APP.url}/admin-api/tienda/${path}`, { method, headers: { authorization: `Bearer ${it.fake.idToken(QUIPU, { client_id: APP.client_id })}`, 'content-type': 'application/json' }, ...(body ? { body: JSON.stringify(body) } : {}) }));
    return { status: answer.status, told: await answer.json() };
  };
  return Object.assign(Object.create(it) as Plus, {
    async put(change: object) {
      const { told } = await ask('start', 'GET');
      return ask('settings', 'PUT', { version: told.version, doc: { ...told.doc, ...change } });
    },
    started: async () => (await ask('start', 'GET')).told,
    customization: () => it.fake.world.shops[QUIPU]?.customizations[0],
    rules: () => JSON.parse(it.fake.world.shops[QUIPU]?.customizations[0]?.metafields[0]?.value ?? 'null'),
  });
}

test('the app writes the very bytes that the Function\'s tests read', async (t) => {
  const it = await plus(t);
  const shop = await it.shop();
  const settings = { ...shop.settings, method_names: VECTOR.method_names, core: { ...shop.settings.core, channels: VECTOR.channels as never } };
  const written = rulesOf(it.server.parts, { settings });
  if (process.env.REFRESH) writeFileSync(FILE, readFileSync(FILE, 'utf8').replace(JSON.stringify(VECTOR.written), () => JSON.stringify(written)));
  else assert.equal(written, VECTOR.written, 'REFRESH=1 node --test test/rules.test.ts writes the vector anew; the Function has to read it');
});

test('switched on, the rules are made once, and follow the settings', async (t) => {
  const it = await plus(t);
  assert.equal(it.customization(), undefined, 'nothing is made unasked');
  const saved = await it.put({ plus_rules: true });
  assert.deepEqual([saved.status, saved.told.rules.state], [200, 'kept']);
  assert.deepEqual([it.customization().function, it.customization().enabled], ['payment-rules', true]);
  assert.deepEqual(it.rules().methods, ['PagoEfectivo']);
  await it.put({ method_names: ['Efectivo'] });
  assert.deepEqual(it.rules().methods, ['Efectivo']);
  const { doc } = await it.started();
  const channels = doc.core.channels.map((one: object) => ({ ...one, least: { minor: 1_500, currency: 'PEN' }, excluded_categories: ['oro'] }));
  await it.put({ core: { ...doc.core, channels } });
  assert.deepEqual([it.rules().limits[0].least_minor, it.rules().excluded_tags], [1_500, ['oro']]);
  assert.equal(it.fake.world.shops[QUIPU]?.customizations.length, 1);
  const before = it.fake.documents.length;
  await keepRules(it.server.parts, await it.shop());
  assert.ok(!it.fake.documents.slice(before).some(({ query }) => query.startsWith('\nmutation')), 'what stands is left alone');
});

test('rules that somebody changed or switched off at Shopify come back with the sweep', async (t) => {
  const it = await plus(t);
  await it.put({ plus_rules: true });
  const made = it.customization();
  made.enabled = false;
  made.metafields[0].value = '{}';
  await it.wind(16 * 60_000);
  assert.deepEqual([made.enabled, it.rules().methods], [true, ['PagoEfectivo']]);
  it.fake.world.shops[QUIPU]!.customizations.length = 0;
  await it.wind(16 * 60_000);
  assert.deepEqual(it.rules().methods, ['PagoEfectivo']);
});

test('switched off, Shopify hides nothing any more', async (t) => {
  const it = await plus(t);
  await it.put({ plus_rules: true });
  const saved = await it.put({ plus_rules: false });
  assert.deepEqual([saved.told.rules.state, it.customization().enabled], ['off', false]);
});

for (const [what, asked, state] of [
  ['a shop that is not on Plus', { on: false }, 'not_plus'],
  ['a permission that is missing', { scopes: ['read_orders', 'write_orders'] }, 'scope_missing'],
  ['a Function that was not deployed', { functions: [] as string[] }, 'not_deployed'],
] as const) {
  test(`${what} is said, the settings are saved all the same, and it is made up for later`, async (t) => {
    const it = await plus(t, asked as object);
    const saved = await it.put({ plus_rules: true });
    assert.deepEqual([saved.status, saved.told.rules.state, saved.told.doc.plus_rules, it.customization()], [200, state, true, undefined]);
    assert.ok(saved.told.words[`admin.rules.${state}`]);
    it.fake.shop(QUIPU, { plus: true });
    Object.assign(it.fake.appOf(APP.client_id), { scopes: SCOPES, functions: ['payment-rules'] });
    it.fake.shop(QUIPU).install(APP.client_id);
    it.fake.revoke(QUIPU);
    await it.wind(16 * 60_000);
    assert.deepEqual([(await rulesStanding(it.server.parts, await it.shop())).state, it.rules()?.methods], ['kept', ['PagoEfectivo']]);
  });
}

test('a missing permission that only the settings need is named in the guide', async (t) => {
  const it = await plus(t, { scopes: ['read_orders', 'write_orders'] });
  await it.server.parts.shops.scopes('tienda', QUIPU, ['read_orders', 'write_orders']);
  const { doc } = await it.started();
  assert.deepEqual((await it.started()).scopes, []);
  const channels = doc.core.channels.map((one: object) => ({ ...one, excluded_categories: ['oro'] }));
  const { told } = await it.put({ plus_rules: true, core: { ...doc.core, channels } });
  assert.deepEqual(told.scopes, ['read_products', RULES_SCOPE]);
});

test('Shopify that is down, or cut off after it acted, leaves one customization', async (t) => {
  const it = await plus(t);
  it.fake.trouble('cut after', { match: 'paymentCustomizationCreate' });
  const saved = await it.put({ plus_rules: true });
  assert.deepEqual([saved.status, saved.told.rules.state], [200, 'failed']);
  await it.wind(16 * 60_000);
  assert.equal((await rulesStanding(it.server.parts, await it.shop())).state, 'kept');
  assert.equal(it.fake.world.shops[QUIPU]?.customizations.length, 1);
});
