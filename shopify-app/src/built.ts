// What has to be built before the server can show it, and is no part of the repository: looked at by `check`, since a page that lacks it stays blank.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from './config.ts';

/** The folder of this app. */
export const FOLDER = fileURLToPath(new URL('..', import.meta.url));
/** The merchant's page, in that folder; tools/build-desk.ts makes it. */
export const DESK = 'admin-ui/dist/desk.js';

/** Lines of `check`, for what an app of role SHOP needs. */
export function built({ apps }: Pick<Config, 'apps'>, folder = FOLDER): string[] {
  if (!apps.some(({ role }) => role === 'shop')) return [];
  return [existsSync(join(folder, DESK)) ? "✓ the merchant's page is built" : "✗ the merchant's page is not built, and stays blank in the shop's admin: npm run desk, in the folder shopify-app"];
}
