// Bundles the UI extensions as Shopify's CLI does, without it: one module a target, and its size as Shopify counts it.
//
// `npm run extensions` builds all into extensions/*/dist; with `-- --address https://pagos.example.pe --app mi-tienda` it first writes where the
// blocks ask, as a merchant does once before `shopify app deploy` (src/built.ts looks).

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { deflateSync } from 'node:zlib';
import { build } from 'esbuild';

/** shopify.dev, changelog of 2025-10: 64 KB, compressed; enforced when an app is deployed. */
export const MOST_BYTES = 64 * 1024;
const FOLDER = fileURLToPath(new URL('../extensions/', import.meta.url));

export interface Built { handle: string; target: string; outfile: string; text: string; bytes: number; deflated: number }

/** Builds one extension: for each target its file, text and size. */
export async function buildExtension(handle: string): Promise<Built[]> {
  const folder = join(FOLDER, handle);
  const targets = targetsOf(readFileSync(join(folder, 'shopify.extension.toml'), 'utf8'));
  return Promise.all(targets.map(async ({ module, target }) => {
    const contents = `import Target from '${module}';\nshopify.extend('${target}', (...words) => Target(...words));\n`;
    const outfile = join(folder, 'dist', `${target}.js`);
    const made = await build({
      stdin: { contents, resolveDir: folder, loader: 'tsx' }, outfile, write: false, bundle: true, format: 'iife', target: 'es6', minify: true, legalComments: 'none',
      jsx: 'automatic', jsxImportSource: 'preact', supported: { 'async-await': true, 'async-generator': true }, logLevel: 'warning',
    });
    const text = made.outputFiles[0]?.text ?? '';
    return { handle, target, outfile, text, bytes: Buffer.byteLength(text), deflated: deflateSync(text).length };
  }));
}

/** The (module, target) pairs of an extension's TOML. */
function targetsOf(toml: string): Array<{ module: string; target: string }> {
  const named = (part: string, name: string): string => new RegExp(`^\\s*${name} = "(.+)"`, 'm').exec(part)?.[1] ?? '';
  return toml.split('[[extensions.targeting]]').slice(1).map((part) => ({ module: named(part, 'module'), target: named(part, 'target') }));
}

export const handles = (): string[] => readdirSync(FOLDER, { withFileTypes: true }).filter((one) => one.isDirectory()).map(({ name }) => name);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { address: { type: 'string' }, app: { type: 'string' } } });
  if (values.address || values.app) address(values);
  for (const made of (await Promise.all(handles().map((handle) => buildExtension(handle)))).flat()) {
    mkdirSync(join(made.outfile, '..'), { recursive: true });
    writeFileSync(made.outfile, made.text);
    process.stdout.write(`${made.handle} ${made.target}: ${made.bytes} bytes, ${made.deflated} deflated\n`);
    if (made.deflated > MOST_BYTES) process.exitCode = 1;
  }
}

function address({ address: server, app }: { address?: string | undefined; app?: string | undefined }): void {
  if (!server || !app || new URL(server).origin !== server || !server.startsWith('https://')) {
    process.stderr.write('Give both: --address https://pagos.example.pe (nothing behind the host) --app mi-tienda (the id of the app in efectivo-shopify.json)\n');
    process.exit(2);
  }
  for (const handle of handles()) writeFileSync(join(FOLDER, handle, 'src/address.json'), `${JSON.stringify({ server, app }, null, 0).replace(/([:,])/g, '$1 ').replace('https: //', 'https://')}\n`);
}
