// The package as somebody else gets it: packed, installed in an empty folder, imported, run in a worker, and its types checked.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';

/** A module with the raw door's four exports, by hand: its call traps on an empty question and else answers with nothing. */
const TRAPPING = 'AGFzbQEAAAABEgNgAX8Bf2AEf39/fwF/YAF/AAMEAwABAgUDAQABBykEBm1lbW9yeQIACGVmX2FsbG9jAAAHZWZfY2FsbAABB2VmX2ZyZWUAAgoXAwUAQYAICwwAIAFFBEAAC0GAEAsCAAs=';
const js = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'efectivo-pack-'));
const environment = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` };
const run = (program, words, where = folder) => execFileSync(program, words, { cwd: where, env: environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const node = (script) => {
  const file = join(folder, `${Math.random().toString(36).slice(2)}.mjs`);
  writeFileSync(file, script);
  return run(process.execPath, ['--disable-warning=ExperimentalWarning', file]).trim();
};

before(() => {
  run('npm', ['pack', '--silent', '--pack-destination', folder], js);
  const [packed] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  // Unpacked where npm would put it; there is nothing else to install.
  const home = join(folder, 'node_modules', 'efectivo');
  mkdirSync(home, { recursive: true });
  run('tar', ['-xzf', packed, '-C', home, '--strip-components=1']);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
});
after(() => rmSync(folder, { recursive: true }));

test('the packed package imports and answers in an empty folder, and every export is there', () => {
  const script = `
    import { load, open, sqliteStore, EfectivoError } from 'efectivo';
    import { routes, serve } from 'efectivo/http';
    import { StoreConflict } from 'efectivo/store';
    import { postgresStore, worker } from 'efectivo/postgres';
    import { loadSync } from 'efectivo/node';
    const core = await load();
    const { version } = core.call('version').ok;
    if (![open, sqliteStore, EfectivoError, routes, serve, StoreConflict, loadSync, postgresStore, worker].every((one) => typeof one === 'function')) throw new Error('an export is missing');
    console.log(version);`;
  assert.match(node(script), /^\d+\.\d+\.\d+$/);
});

test('without the packages that PostgreSQL needs, the store says which to install', () => {
  const script = `
    import { postgresStore } from 'efectivo/postgres';
    await postgresStore({ connectionString: 'postgres://localhost/none' }).catch((error) => console.log(error.code, error.help));`;
  assert.equal(node(script), 'no_module Run: npm install pg');
});

test('a worker answers for the thread that made it, and hands a refusal back as one', () => {
  writeFileSync(join(folder, 'worker.mjs'), `
    import { readFileSync } from 'node:fs';
    import { parentPort } from 'node:worker_threads';
    import { answerOn, load } from 'efectivo/worker';
    answerOn(parentPort, await load(readFileSync(new URL(import.meta.resolve('efectivo/wasm')))));`);
  const script = `
    import { Worker } from 'node:worker_threads';
    import { connect, EfectivoError } from 'efectivo/worker';
    const worker = new Worker(new URL('./worker.mjs', import.meta.url));
    await new Promise((ready) => worker.once('online', ready));
    const core = connect(worker);
    const { ok } = await core.call('money', { text: '1,234.5', currency: 'PEN' });
    const refused = await core.call('no_such_call').catch((error) => error instanceof EfectivoError && error.code);
    console.log(ok.money.minor, refused);
    await worker.terminate();`;
  assert.equal(node(script), '123450 unknown_call');
});

test('nothing is packed but what is needed to run', () => {
  const names = JSON.parse(run('npm', ['pack', '--dry-run', '--json', '--silent'], js))[0].files.map(({ path }) => path);
  assert.ok(names.includes('dist/efectivo_bg.wasm') && names.includes('README.md') && names.includes('openapi.json'));
  assert.deepEqual(names.filter((path) => /^(test|demo)\//.test(path) || path.includes('.stamp')), []);
});

test('the types fit how the package is used', () => {
  const compiler = join(js, 'node_modules', 'typescript', 'bin', 'tsc');
  run(process.execPath, [compiler, '--noEmit', '-p', join(js, 'test', 'types')], js);
});

test('a trap throws the instance away, and the next call has a new one', () => {
  const script = `
    import { coreOf } from './node_modules/efectivo/src/core.mjs';
    const bytes = Uint8Array.from(atob('${TRAPPING}'), (letter) => letter.charCodeAt(0));
    const core = coreOf(new WebAssembly.Module(bytes));
    try { core.raw(new Uint8Array(0)); console.log('no trap'); } catch (error) { console.log(error.code, error.retry); }
    console.log(core.raw(new Uint8Array([1]))[0].length);`;
  assert.equal(node(script), 'core_trapped now\n0');
});
