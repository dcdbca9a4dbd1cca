// Bundles the merchant's page: one module, the core's glue in it, the wasm beside it as the server gives it.

import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export async function buildDesk(): Promise<void> {
  const folder = fileURLToPath(new URL('../admin-ui/', import.meta.url));
  await build({ entryPoints: [`${folder}src/desk.tsx`], outfile: `${folder}dist/desk.js`, bundle: true, format: 'esm', target: 'es2023', minify: true, legalComments: 'none', jsx: 'automatic', jsxImportSource: 'preact', logLevel: 'warning' });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildDesk();
