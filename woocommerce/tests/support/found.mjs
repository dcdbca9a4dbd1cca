// Says which WordPress and WooCommerce the tests will run on, or why there is none.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parts } from './site.mjs';

const { missing, wordpress, woocommerce } = await parts();
const version = (file, pattern) => pattern.exec(readFileSync(file, 'utf8'))[1];
if (missing) process.stdout.write(`missing: ${missing.join('; ')}\n`);
else process.stdout.write(`on WooCommerce ${version(join(woocommerce, 'woocommerce.php'), /Version: ([\d.]+)/)} and WordPress ${version(join(wordpress, 'wp-includes/version.php'), /wp_version = '([^']+)'/)}\n`);
