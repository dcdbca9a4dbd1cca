// The README's first snippet, run as it stands, with the sandbox that it tells of: only the two ports are others.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { freePort } from './support/world.mjs';

const js = fileURLToPath(new URL('..', import.meta.url));
const bin = join(js, 'bin', 'efectivo.mjs');
const snippet = readFileSync(join(js, 'README.md'), 'utf8').match(/```js\n([\s\S]*?)```/)[1];
const QUIET = '--disable-warning=ExperimentalWarning';

/** Runs the sandbox by its command, in `cwd`; says what it printed. */
async function sandbox(t, cwd, words) {
  const child = spawn(process.execPath, [QUIET, bin, 'sandbox', ...words], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  let said = '';
  for await (const part of child.stdout) {
    said += part;
    if (/^credentials: .*$/m.test(said)) break;
  }
  return said;
}

test('the few lines of the README sell something', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'efectivo-readme-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(js, join(folder, 'node_modules', 'efectivo'));
  const [port, played] = [await freePort(), await freePort()];
  const said = await sandbox(t, folder, ['--port', String(played), '--notices', `http://127.0.0.1:${port}/webhook`]);
  const text = snippet.replaceAll('3000', String(port)).replaceAll('4401', String(played));
  const [channel, credentials] = ['channel', 'credentials'].map((name) => JSON.parse(said.match(new RegExp(`^${name}: (.*)$`, 'm'))[1]));
  assert.ok([channel.sandbox_url, channel.notice_url, ...Object.values(credentials['sandbox-1'].sandbox)].every((one) => text.includes(`'${one}'`)), 'what the sandbox prints is what the README has');
  writeFileSync(join(folder, 'shop.mjs'), `${text}\nsetInterval(() => orders.get('1001').status === 'paid' && (console.log('the order is paid'), process.exit(0)), 50);`);
  const child = spawn(process.execPath, [QUIET, 'shop.mjs'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const deadline = setTimeout(() => child.kill('SIGKILL'), 20_000);
  t.after(() => { clearTimeout(deadline); rmSync(folder, { recursive: true }); });
  const exit = once(child, 'exit');
  let printed = '';
  let paid = null;
  for await (const part of child.stdout) {
    printed += part;
    const code = printed.match(/^pay (\d+): /m)?.[1];
    if (code) paid ??= fetch(`http://127.0.0.1:${played}/agente/pay`, { method: 'POST', body: new URLSearchParams({ do: 'pay', code }) });
  }
  assert.equal((await paid).status, 200);
  assert.match(printed, /^pay \d+: http:\/\/127\.0\.0\.1:\d+\/pago\/\w{32}\nthe order is paid$/m);
  assert.deepEqual(await exit, [0, null]);
});

test('the sandbox speaks any provider’s protocol, and says what it does not know', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'efectivo-sandbox-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const said = await sandbox(t, folder, ['--port', '0', '--provider', 'dlocal']);
  assert.match(said, /"provider":"dlocal".*"sandbox_url":"http:\/\/127\.0\.0\.1:\d+\/sandbox\/dlocal"/);
  for (const [words, says] of [[['sandbox', '--provider', 'nope', '--port', '0'], /no provider nope[\s\S]*dlocal/], [['sandbox', '--config', 'x'], /takes no --config/], [['serve'], /--config is missing/], [['serve', '--data', 'x'], /takes no --data/], [[], /say what to do/]]) {
    const child = spawn(process.execPath, [QUIET, bin, ...words], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    const wrong = Buffer.concat(await Array.fromAsync(child.stderr)).toString();
    assert.match(wrong, says);
    assert.ok(!/\n\s+at /.test(wrong), 'a sentence, not a stack');
  }
});
