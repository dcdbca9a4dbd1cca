// The README's first snippet, run as it stands: only the two ports are others.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { startProvider } from './support/provider.mjs';
import { freePort } from './support/world.mjs';

const js = fileURLToPath(new URL('..', import.meta.url));
const snippet = readFileSync(join(js, 'README.md'), 'utf8').match(/```js\n([\s\S]*?)```/)[1];

test('the few lines of the README sell something', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'efectivo-readme-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(js, join(folder, 'node_modules', 'efectivo'));
  const provider = await startProvider();
  const port = await freePort();
  provider.notice_url = `http://127.0.0.1:${port}/webhook/sandbox-1`;
  const text = snippet.replaceAll('3000', String(port)).replaceAll('http://127.0.0.1:4401/sandbox', provider.url);
  assert.ok(text.includes(provider.url) && text.includes(`listen(${port})`));
  writeFileSync(join(folder, 'shop.mjs'), `${text}\nsetInterval(() => orders.get('1001').status === 'paid' && (console.log('the order is paid'), process.exit(0)), 50);`);
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'shop.mjs'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const deadline = setTimeout(() => child.kill('SIGKILL'), 15_000);
  t.after(async () => { clearTimeout(deadline); await provider.close(); rmSync(folder, { recursive: true }); });
  let said = '';
  child.stdout.on('data', (part) => {
    said += part;
    if (/^pay (\d+): /m.test(said) && ![...provider.ledger.codes.values()][0].payments.length) provider.pay([...provider.ledger.codes.keys()][0]);
  });
  const [code] = await once(child, 'exit');
  assert.match(said, /^pay \d+: http:\/\/127\.0\.0\.1:\d+\/pago\/\w{32}\nthe order is paid$/m);
  assert.equal(code, 0);
});
