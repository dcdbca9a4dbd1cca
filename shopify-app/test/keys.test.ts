// Tokens and keys: exchanged, renewed before they end, by one process at a time; sealed at rest, sealed anew under another key, refused under a wrong one.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeConfig } from '../src/config.ts';
import { openDb } from '../src/db/index.ts';
import { rekey } from '../src/rekey.ts';
import { makeSeal, readKeys } from '../src/seal.ts';
import { makeServer } from '../src/server.ts';
import { APP, KEYS, QUIPU, street, type Street } from './street.ts';

const HOUR = 3_600_000;
const SHARED = { config: { apps: [{ id: 'tienda', role: 'shop', client_id: APP.client_id, client_secret_env: 'SECRET' }] } };

/** The admin page's first visit. */
async function visit(it: Street): Promise<void> {
  const app = it.server.parts.config.apps[0];
  assert.ok(app);
  await it.server.parts.tokens.exchange(app, QUIPU, it.fake.idToken(QUIPU, { age_s: Math.floor((it.now() - Date.now()) / 1_000) }));
}

test('a shop is installed by its admin\'s first visit, and its token is renewed before it ends, once for all who wait', async (t) => {
  const it = await street(t, { ...SHARED, app: { own_organization: false } });
  const app = it.server.parts.config.apps[0];
  assert.ok(app);
  await it.server.parts.db.run('DELETE FROM app_tokens');
  await visit(it);
  assert.equal((await it.shop()).state, 'installed');
  assert.deepEqual((await it.shop()).scopes, ['read_orders', 'write_orders']);
  const first = await it.server.parts.tokens.of(app, QUIPU);
  assert.equal(await it.server.parts.tokens.of(app, QUIPU), first);
  const count = it.fake.world.tokens.length;
  await it.wind(HOUR);
  const all = await Promise.all(Array.from({ length: 5 }, () => it.server.parts.tokens.of(app, QUIPU)));
  assert.equal(new Set(all).size, 1);
  assert.notEqual(all[0], first);
  assert.equal(it.fake.world.tokens.length, count + 1, 'a refresh token works once: two at once would lose the shop');
});

test('a token that Shopify refuses is renewed, and the work goes on', async (t) => {
  const it = await street(t);
  await it.settle();
  it.fake.revoke(QUIPU);
  const order = it.buy();
  await it.settle();
  assert.equal(await it.state(order), 'waiting');
});

test('without any token the orders wait, and the desk says what to do', async (t) => {
  const it = await street(t, { ...SHARED, app: { own_organization: false } });
  const order = it.buy();
  await it.settle();
  assert.equal(await it.state(order), undefined);
  const [row] = await it.server.parts.db.all('SELECT handled_at, became FROM app_deliveries');
  assert.deepEqual([row?.handled_at, row?.became], [null, 'no_token']);
  await visit(it);
  await it.wind(HOUR);
  assert.equal(await it.state(order), 'waiting');
});

test('no token, no provider\'s key and no personal datum lies open in the database\'s file', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'efectivo-keys-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const it = await street(t, { database: `sqlite:${join(folder, 'app.sqlite')}`, smtp: true });
  it.buy();
  await it.settle();
  const held = it.fake.world.tokens.map(({ value }) => value);
  assert.ok(held.length > 0);
  const file = ['app.sqlite', 'app.sqlite-wal'].map((name) => readFileSync(join(folder, name)).toString('latin1')).join('');
  for (const secret of [...held, 'my-secret', 'smtp-secret', 'canario@quipu.example', 'Canaria', '987650001']) assert.ok(!file.includes(secret), secret);
});

test('secrets are sealed anew under the current key; a wrong key is refused before anything is served', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'efectivo-keys-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const database = `sqlite:${join(folder, 'app.sqlite')}`;
  const it = await street(t, { database });
  it.buy();
  await it.settle();
  const { config } = it.server.parts;
  const fresh = `k2:${randomBytes(32).toString('base64')}`;
  const under = (keys: string) => makeServer({ config: { ...config, keys: readKeys(keys) }, log: () => {}, toShopify: it.fake.fetch });
  await assert.rejects(under(fresh), ({ code, message }: { code: string; message: string }) => code === 'wrong_key' && message.includes('"k1"'));
  await assert.rejects(under(`k1:${randomBytes(32).toString('base64')}`), { code: 'wrong_key' });
  const db = await openDb(database);
  const { looked_at, resealed } = await rekey(db, makeSeal(readKeys(`${fresh},${KEYS}`)));
  assert.ok(looked_at >= 3 && resealed === looked_at);
  assert.equal((await rekey(db, makeSeal(readKeys(`${fresh},${KEYS}`)))).resealed, 0);
  await db.close();
  const again = await under(fresh);
  t.after(() => again.close());
  const shop = await again.parts.shops.of('tienda', QUIPU);
  assert.equal(shop && (await again.parts.shops.stored(shop)).secrets.smtp_password, 'smtp-secret');
});

test('a wrong key is refused although nothing secret is kept yet', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'efectivo-keys-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const config = makeConfig({ public_url: APP.url, database: `sqlite:${join(folder, 'app.sqlite')}`, ...SHARED.config }, { SECRET: 'x', EFECTIVO_KEYS: KEYS });
  await (await makeServer({ config, log: () => {} })).close();
  await assert.rejects(makeServer({ config: { ...config, keys: readKeys(`k1:${randomBytes(32).toString('base64')}`) }, log: () => {} }), { code: 'wrong_key' });
  await (await makeServer({ config, log: () => {} })).close();
});

test('a configuration that is not right is refused with everything that is wrong with it', () => {
  assert.throws(() => makeConfig({ public_url: 'http://pagos.example.pe', apps: [{ id: 'Mi Tienda', client_id: '', client_secret_env: 'NOTHING', own_shops: ['mitienda.pe'] }] }, {}), ({ code, help }: { code: string; help: string }) =>
    code === 'bad_config' && ['public_url', 'apps[0] (Mi Tienda).id', 'client_id', 'NOTHING is empty', 'mitienda.pe', 'EFECTIVO_KEYS'].every((word) => help.includes(word)));
});

test('a setting that nothing reads is refused by its name and place, with what can stand there', () => {
  const app = { id: 'tienda', client_id: 'c', client_secret_env: 'SECRET', own_shops: [QUIPU] };
  const wrong = (given: object): string => {
    try {
      makeConfig({ public_url: APP.url, apps: [app], ...given }, { SECRET: 's', EFECTIVO_KEYS: KEYS });
      return '';
    } catch (error) {
      return (error as { help: string }).help;
    }
  };
  assert.equal(wrong({}), '');
  assert.match(wrong({ host: '0.0.0.0' }), /^host: nothing here is called so; what can stand here: public_url, listen/);
  assert.match(wrong({ listen: { host: '0.0.0.0', prot: 80 } }), /^listen\.prot: /);
  assert.match(wrong({ listen: { port: '80' } }), /^listen\.port: a whole number/);
  assert.match(wrong({ apps: [{ ...app, own_shop: QUIPU }] }), /^apps\[0\] \(tienda\)\.own_shop: /);
  assert.match(wrong({ payments: { mtls: 'proxy', ca: 'x', apps: { tienda: { shop_name: {} } } } }), /^payments\.ca: [^]*\npayments\.apps\.tienda\.shop_name: /);
  assert.throws(() => makeConfig(null as never, { EFECTIVO_KEYS: KEYS }), ({ help }: { help: string }) => help.startsWith('the file: an object, {"public_url": …}'));
  assert.match(wrong({ listen: 'all', payments: 1 }), /^listen: an object, \{"host": …\}\npayments: an object/);
});

test('a box that was moved to another row does not open', () => {
  const seal = makeSeal(readKeys(KEYS));
  const box = seal.close({ token: 'x' }, 'token a');
  assert.deepEqual(seal.open(box, 'token a'), { token: 'x' });
  assert.throws(() => seal.open(box, 'token b'), { code: 'wrong_key' });
  assert.throws(() => readKeys('k1:tooshort'), { code: 'bad_key' });
});
