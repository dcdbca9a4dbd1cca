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
  const newer = [/\bmatch\s*\(/, /\?->/, /\benum\s+\w+\s*[:{]/, /\breadonly\s+(class\b|[?\w\\]+\s+\$)/, /__construct\([^)]*\b(private|public|protected)\b/, /\bstr_(contains|starts_with|ends_with)\(/, /\barray_is_list\(/, /: static\b|: never\b|: mixed\b/, /function \w*\([^)]*\b\w+\|\w+ \$/];
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

test('what only the shop signs is signed with openssl, over the bytes that leave, and a key that is none is never repeated', () => {
  const script = `
    define( 'ABSPATH', '/' );
    require '${PLUGIN}/src/Host/Refusal.php';
    require '${PLUGIN}/src/Host/Signer.php';
    $pair = openssl_pkey_new( array( 'private_key_bits' => 2048 ) );
    openssl_pkey_export( $pair, $pem );
    $public  = openssl_pkey_get_details( $pair )['key'];
    $request = function () { return json_decode( '{"headers":[],"sign":{"key":"signing_key","header":"X-JWS-Signature","message_prefix":"head.","value_prefix":"head.."}}' ); };
    $fits    = array();
    foreach ( array( $pem, str_replace( "\\n", '', $pem ), str_replace( "\\n", "\\r\\n", $pem ) ) as $key ) {
      $header = Efectivo\\Woo\\Host\\Signer::signed( $request(), '{"a":1}', array( 'signing_key' => $key ) )->headers[0];
      $fits[] = 'X-JWS-Signature' === $header[0] && 0 === strpos( $header[1], 'head..' )
        && 1 === openssl_verify( 'head.{"a":1}', base64_decode( strtr( substr( $header[1], 6 ), '-_', '+/' ) ), $public, OPENSSL_ALGO_SHA256 );
    }
    $told = array();
    foreach ( array( array(), array( 'signing_key' => '' ), array( 'signing_key' => 'canary-7f3a' ), array( 'signing_key' => $public ) ) as $held ) {
      try { Efectivo\\Woo\\Host\\Signer::signed( $request(), '', $held ); $told[] = 'signed'; } catch ( Efectivo\\Woo\\Host\\Refusal $refusal ) { $told[] = $refusal->name . ' ' . $refusal->told(); }
    }
    $plain = json_decode( '{"headers":[]}' );
    echo json_encode( array( 'fits' => $fits, 'told' => $told, 'plain' => Efectivo\\Woo\\Host\\Signer::signed( $plain, '', array() ) === $plain ) );`;
  const { fits, told, plain } = JSON.parse(execFileSync('php', ['-r', script], { encoding: 'utf8' }));
  assert.deepEqual([fits, told, plain], [[true, true, true], Array(4).fill('credential signing_key'), true]);
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
