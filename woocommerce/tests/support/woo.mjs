// `cargo xtask woo`: a real shop with the plugin and its sandbox, until it is stopped.

import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parts, startSite } from './site.mjs';

const { values } = parseArgs({ options: { port: { type: 'string', default: '4500' }, data: { type: 'string', default: 'data/woo' } } });
const made = await parts();
if (made.missing) {
  process.stderr.write(`A shop needs what this machine doesn't have:\n${made.missing.map((line) => `- ${line}\n`).join('')}`);
  process.stderr.write('Name copies of your own: WP_ROOT=DIR WOOCOMMERCE_DIR=DIR cargo xtask woo\n');
  process.exit(1);
}
mkdirSync(resolve(values.data), { recursive: true });
const site = await startSite(made, { kept: resolve(values.data), port: Number(values.port) });
site.tell('samples');
process.stdout.write(`ready ${site.base}\n  shop        ${site.base}/shop/\n  checkout    ${site.base}/checkout/ (block), ${site.base}/caja/ (classic)\n  guide       ${site.base}/wp-admin/admin.php?page=efectivo&tab=guide\n  test agent  ${site.base}/wp-admin/admin.php?page=efectivo&tab=agent\n  log in      admin / pass-of-the-tests\n`);
const sweeping = setInterval(() => { fetch(`${site.base}/wp-cron.php?doing_wp_cron`).catch(() => {}); }, 30_000);
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    clearInterval(sweeping);
    await site.stop();
    process.exit(0);
  });
}
