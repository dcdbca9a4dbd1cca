// The same calls on every PHP from 7.4 to 8.5, and the plugin around the core compiled there: `node versions.mjs CORE CALLS [VERSION…]`; each runs in a process of its own and prints its counts.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createNodeFsMountHandler, loadNodeRuntime } from '@php-wasm/node';
import { PHP } from '@php-wasm/universal';

const VERSIONS = ['7.4', '8.0', '8.1', '8.2', '8.3', '8.4', '8.5'];
const [, self, core, calls, ...chosen] = process.argv;

/** One version in this process: the script that native PHP runs too, on the same files. */
async function one(version) {
  const php = new PHP(await loadNodeRuntime(version, { emscriptenOptions: { processId: process.pid } }));
  const here = (path) => fileURLToPath(new URL(path, import.meta.url));
  const mounts = { '/core': core, '/tests': here('../wasm2php/tests'), '/woocommerce': here('../../woocommerce'), '/tools': here('.') };
  for (const [inside, outside] of Object.entries(mounts)) {
    php.mkdir(inside);
    await php.mount(inside, createNodeFsMountHandler(outside));
  }
  php.writeFile('/calls.ndjson', readFileSync(calls));
  php.writeFile('/run.php', `<?php $argv = ['', '/core', '/calls.ndjson']; require '/tests/answers.php';`);
  const said = await php.run({ scriptPath: '/run.php' });
  process.stdout.write(said.text);
  if (said.errors) process.stderr.write(said.errors);
  const right = /^same (\d+) of \1 on PHP/m.test(said.text) && said.text.includes(`on PHP ${version}`);
  php.writeFile('/plugin.php', `<?php $argv = ['', '/woocommerce']; require '/tools/plugin.php';`);
  const compiled = await php.run({ scriptPath: '/plugin.php' });
  process.stdout.write(compiled.text);
  if (compiled.errors) process.stderr.write(compiled.errors);
  const whole = /^\d+ classes compile on PHP/m.test(compiled.text);
  process.exit(said.exitCode === 0 && right && compiled.exitCode === 0 && whole ? 0 : 1);
}

/** Another process for one version; tells whether it was right. */
async function apart(version) {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', self, core, calls, version], { timeout: 240_000 });
    process.stdout.write(stdout);
    return true;
  } catch ({ stdout, stderr, signal }) {
    console.log(`PHP ${version} failed: ${stdout?.slice(-2000)} ${stderr?.slice(-2000)} ${signal ?? ''}`);
    return false;
  }
}

/** Two at a time: more would only wait for each other on a small machine. */
async function all() {
  const waiting = [...VERSIONS];
  const right = [];
  const line = async () => {
    for (let version = waiting.shift(); version; version = waiting.shift()) right.push(await apart(version));
  };
  await Promise.all([line(), line()]);
  const passed = right.filter(Boolean).length;
  console.log(`ℹ pass ${passed}`);
  console.log(`ℹ fail ${right.length - passed}`);
  process.exitCode = passed === right.length ? 0 : 1;
}

if (chosen.length === 1) await one(chosen[0]);
else await all();
