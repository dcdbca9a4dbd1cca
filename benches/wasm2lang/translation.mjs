// The module that our PHP is made of, translated by npm @coffeetales.net/wasm2lang; made once for each module, because it takes minutes.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const MADE = at('../../target/wasm2lang');
const TOOL = at('node_modules/@coffeetales.net/wasm2lang/wasm2lang.js');
const LONGEST = 10 * 60_000;

/** The path of the translated module, or why there is none. Without `may_translate` only one that is there already is given. */
export async function translation(part, may_translate) {
  if (!existsSync(part)) return { why: 'the module that ours was made of is gone: remove woocommerce/core and run `cargo xtask php`' };
  const wasm = readFileSync(part);
  const made_of = createHash('sha256').update(wasm);
  for (const own of ['translation.mjs', 'package.json']) made_of.update(readFileSync(at(own)));
  const php = join(MADE, `${made_of.digest('hex').slice(0, 32)}.php`);
  if (existsSync(php)) return { php };
  if (!may_translate) return { why: 'this module was not translated by it yet, and that takes minutes: run `cargo xtask bench` without --smoke' };
  if (!existsSync(TOOL)) return { why: 'npm @coffeetales.net/wasm2lang is not installed' };
  console.error('translating the module with wasm2lang (minutes, once for each module) …');
  mkdirSync(MADE, { recursive: true });
  const [without, unfinished] = [join(MADE, 'part.wasm'), join(MADE, 'unfinished.php')];
  const { module, pages } = await withoutReferences(wasm);
  writeFileSync(without, module);
  const words = ['--input-file', without, '--normalize-wasm', 'binaryen:min,wasm2lang:codegen', '--language-out', 'PHP64', '--emit-metadata', 'memory', '--emit-code', 'core', '--out-file', unfinished];
  const run = spawnSync(process.execPath, [TOOL, ...words], { encoding: 'utf8', timeout: LONGEST });
  if (run.error || run.status !== 0) return { why: `wasm2lang failed: ${run.error?.message ?? run.stderr.trim().split('\n').at(-1)}` };
  appendFileSync(unfinished, `\n$pages = ${pages};\n`);
  renameSync(unfinished, php);
  return { php };
}

/** The module with a trap in place of each import, and of each function that needs a reference or an import: it refuses references, and PHP reaches none of these. */
async function withoutReferences(wasm) {
  const { default: binaryen } = await import('binaryen');
  const module = binaryen.readBinary(wasm);
  // Every field of the text starts a line of its own, one space in.
  const fields = module.emitText().split(/^(?= \()/m);
  const name = (field) => /\(func (\$\S+?)[\s)]/.exec(field)?.[1];
  const imported = new Set(fields.filter((field) => field.startsWith(' (import')).map(name));
  const calls_out = (field) => [...field.matchAll(/\(call (\$\S+?)[\s)]/g)].some(([, callee]) => imported.has(callee));
  const trapping = (head) => ` ${head}\n  (unreachable)\n )\n`;
  const kept = fields.map((field) => {
    if (field.startsWith(' (table') && field.includes('externref')) return '';
    // The table of functions names imports: they stay as functions.
    if (field.startsWith(' (import')) return trapping(/\(func .*(?=\)\)\s*$)/.exec(field)[0].replaceAll('externref', 'i32'));
    const needs = field.startsWith(' (func') && (/externref|\btable\.|\bref\./.test(field) || calls_out(field));
    return needs ? trapping(field.trim().split('\n')[0]) : field;
  });
  const cut = binaryen.parseText(kept.join(''));
  cut.setFeatures(module.getFeatures());
  cut.runPasses(['remove-unused-module-elements']);
  if (!cut.validate()) throw new Error('the module without its references is not valid');
  return { module: cut.emitBinary(), pages: cut.getMemoryInfo().initial };
}
