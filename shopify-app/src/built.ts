// What has to be built or written down once before shoppers and merchants see it: looked at by `check`, since a page without it stays blank, and a block asks nobody.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from './config.ts';

/** The folder of this app. */
export const FOLDER = fileURLToPath(new URL('..', import.meta.url));
/** The merchant's page, in that folder; tools/build-desk.ts makes it. */
export const DESK = 'admin-ui/dist/desk.js';

type Address = { server?: unknown; app?: unknown };

/** Lines of `check`, for what an app of role SHOP needs. */
export function built(config: Pick<Config, 'apps' | 'public_url'>, folder = FOLDER): string[] {
  const apps = config.apps.filter(({ role }) => role === 'shop').map(({ id }) => id);
  if (apps.length === 0) return [];
  const page = existsSync(join(folder, DESK)) ? "✓ the merchant's page is built" : "✗ the merchant's page is not built, and stays blank in the shop's admin: npm run desk, in the folder shopify-app";
  return [page, ...blocksOf(folder).map(({ name, address }) => block(name, address, config.public_url, apps))];
}

/** Shopify's command line takes the blocks' address from the folder that it deploys. Where they are not (the container has none), another machine deploys them. */
function blocksOf(folder: string): Array<{ name: string; address: Address }> {
  const at = join(folder, 'extensions');
  if (!existsSync(at)) return [];
  return readdirSync(at).sort().map((name) => ({ name, file: join(at, name, 'src/address.json') })).filter(({ file }) => existsSync(file)).map(({ name, file }) => ({ name, address: read(file) }));
}

function block(name: string, { server, app }: Address, public_url: string, apps: string[]): string {
  const todo = `npm run extensions -- --address ${public_url} --app ${apps.length === 1 ? apps[0] : '<id>'}, then shopify app deploy`;
  if (server === public_url && apps.some((id) => id === app)) return `✓ block ${name}: asks ${server} for ${app}`;
  return `✗ block ${name}: asks ${server} for ${app}, not this server. ${todo}`;
}

/** What nobody can read leads nowhere. */
function read(file: string): Address {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) ?? {}) as Address;
  } catch {
    return {};
  }
}
