// What needs no shop: every PHP file parses, sentences and translations are fresh, versions agree, the zip repeats.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { php, POT, sentences, template } from './support/pot.mjs';
import { zipped } from './support/zip.mjs';

const PLUGIN = fileURLToPath(new URL('..', import.meta.url));
const read = (file) => readFileSync(`${PLUGIN}/${file}`, 'utf8');
const LANGUAGES = ['es_ES', 'zh_CN'];

test('every PHP file parses and can not be called on its own', () => {
  const files = ['efectivo.php', 'uninstall.php', ...php('src')];
  for (const file of files) {
    execFileSync('php', ['-l', `${PLUGIN}/${file}`], { stdio: ['ignore', 'ignore', 'inherit'] });
    assert.match(read(file), /defined\( '(ABSPATH|WP_UNINSTALL_PLUGIN)' \) \|\| exit;/, file);
  }
  assert.ok(files.length > 40);
});

test('no syntax newer than PHP 7.4 is used', () => {
  const newer = [/\bmatch\s*\(/, /\?->/, /\benum\s+\w+\s*[:{]/, /\breadonly\b/, /__construct\([^)]*\b(private|public|protected)\b/, /\bstr_(contains|starts_with|ends_with)\(/, /\barray_is_list\(/, /: static\b|: never\b|: mixed\b/, /function \w*\([^)]*\b\w+\|\w+ \$/];
  for (const file of ['efectivo.php', 'uninstall.php', ...php('src')]) {
    const code = read(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    for (const pattern of newer) assert.doesNotMatch(code, pattern, file);
  }
});

test('the template of sentences is fresh', () => {
  assert.equal(readFileSync(POT, 'utf8'), template(), 'node woocommerce/tests/support/pot.mjs --write');
});

test('every sentence is there in every language, with its places', () => {
  for (const language of LANGUAGES) {
    const { messages } = JSON.parse(execFileSync('php', ['-r', `define( 'ABSPATH', '/' ); echo json_encode( require '${PLUGIN}/languages/efectivo-${language}.l10n.php' );`], { encoding: 'utf8' }));
    const places = (text) => (text.match(/%\d?\$?[sd]/g) ?? []).sort();
    for (const text of sentences().keys()) {
      assert.ok(messages[text], `${language}: ${text}`);
      assert.deepEqual(places(messages[text]), places(text), `${language}: ${text}`);
    }
    for (const text of Object.keys(messages)) assert.ok(sentences().has(text), `${language} has a sentence that nobody says: ${text}`);
  }
});

test('header, readme and code name one version', () => {
  const [, version] = /\* Version: ([\d.]+)/.exec(read('efectivo.php'));
  assert.equal(/Stable tag: ([\d.]+)/.exec(read('readme.txt'))[1], version);
  assert.equal(/EFECTIVO_VERSION', '([\d.]+)'/.exec(read('efectivo.php'))[1], version);
  assert.match(read('readme.txt'), /cargo xtask php/, 'the readme names the source of the generated files');
});

test('the zip is the same bytes twice and holds what a shop needs', { skip: existsSync(`${PLUGIN}/core/Core.php`) ? false : 'the core has not been translated: cargo xtask php' }, () => {
  const once = zipped();
  assert.ok(once.equals(zipped()));
  assert.ok(once.includes('efectivo/core/Core.php') && once.includes('efectivo/src/Parts.php'));
  assert.ok(!once.includes('efectivo/tests/') && !once.includes('.stamp'));
});
