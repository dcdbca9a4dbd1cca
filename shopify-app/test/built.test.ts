// What `check` says of the files that are built or written on the way to a shop's first paid order.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { built, DESK, FOLDER } from '../src/built.ts';
import { check } from '../src/check.ts';
import { makeConfig } from '../src/config.ts';
import { KEYS } from './street.ts';

const configOf = (role: 'shop' | 'pay') => makeConfig({ public_url: 'https://pagos.mitienda.pe', database: 'sqlite::memory:', apps: [{ id: 'tienda', role, client_id: 'c', client_secret_env: 'SECRET' }] }, { SECRET: 's', EFECTIVO_KEYS: KEYS });

/** A copy of the app with these files in it. */
function copy(t: TestContext, files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'efectivo-built-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

test('whoever follows the first steps and leaves the page unbuilt is told so, with the step that builds it', (t) => {
  const [line = ''] = built(configOf('shop'), copy(t, {}));
  const step = /npm run (\w+)/.exec(line)?.[1] ?? '';
  assert.ok(line.startsWith('✗') && step, line);
  const { scripts } = JSON.parse(readFileSync(join(FOLDER, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  const [, file = ''] = /^node (\S+)$/.exec(scripts[step] ?? '') ?? [];
  const ran = spawnSync(process.execPath, [file], { cwd: FOLDER, encoding: 'utf8' });
  assert.equal(ran.status, 0, ran.stderr);
  assert.ok(built(configOf('shop'))[0]?.startsWith('✓'), 'the step builds it where the server looks');
  assert.ok(readFileSync(join(FOLDER, 'README.md'), 'utf8').includes(`npm run ${step}`), 'the guide takes the step');
  assert.ok(readFileSync(join(FOLDER, 'Dockerfile'), 'utf8').includes(`COPY --from=desk /app/shopify-app/${dirname(DESK)} `), 'so does the container');
});

test('a block that asks another server than ours is named, with the step that mends it', (t) => {
  const file = (name: string) => `extensions/${name}/src/address.json`;
  const good = { server: 'https://pagos.mitienda.pe', app: 'tienda' };
  const said = (address: string) => built(configOf('shop'), copy(t, { [file('voucher')]: address, [file('order')]: JSON.stringify(good) })).filter((line) => line.includes('block'));
  assert.deepEqual(said(JSON.stringify(good)).map(([mark]) => mark), ['✓', '✓']);
  for (const wrong of [JSON.stringify({ ...good, server: 'https://pagos.example.pe' }), JSON.stringify({ ...good, app: 'mi-tienda' }), '{', 'null']) {
    const [order = '', voucher = ''] = said(wrong);
    assert.ok(order.startsWith('✓') && voucher.startsWith('✗ block voucher') && voucher.includes('npm run extensions -- --address https://pagos.mitienda.pe --app tienda'), `${wrong}: ${voucher}`);
  }
});

test('the step writes what the blocks ask, as the guide and `check` have it', (t) => {
  const folder = copy(t, { 'package.json': '{"type":"module"}' });
  for (const name of ['tools', 'extensions']) cpSync(join(FOLDER, name), join(folder, name), { recursive: true, filter: (path) => !path.includes('node_modules') });
  symlinkSync(join(FOLDER, 'node_modules'), join(folder, 'node_modules'));
  assert.ok(built(configOf('shop'), folder).some((line) => line.startsWith('✗ block')), 'as they are in the repository they ask nobody');
  assert.ok(readFileSync(join(FOLDER, 'README.md'), 'utf8').includes('npm run extensions -- --address https://'), 'the guide takes the step');
  const ran = spawnSync(process.execPath, ['tools/build-extension.ts', '--address', 'https://pagos.mitienda.pe', '--app', 'tienda'], { cwd: folder, encoding: 'utf8' });
  assert.equal(ran.status, 0, ran.stderr);
  const blocks = built(configOf('shop'), folder).filter((line) => line.includes('block'));
  assert.ok(blocks.length === 2 && blocks.every((line) => line.startsWith('✓')), blocks.join('\n'));
});

test('a payments app has no page to build', async () => {
  assert.deepEqual(built(configOf('pay'), '/nowhere'), []);
  assert.ok((await check(configOf('shop'))).some((line) => line.includes("merchant's page")), '`check` looks');
});
