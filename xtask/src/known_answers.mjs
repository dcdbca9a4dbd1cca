// Asks the module in Node what the PHP self-test will ask, and prints the answers' digests as a PHP class.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rawDoor } from '../../tools/wasm2php/tests/door.mjs';

const [, , modulePath, namespace] = process.argv;

/** Small questions that reach JSON, money, dates, words, barcodes (bits and SVG) and errors. */
const questions = {
  version: ['{"version":{}}', ''],
  money: ['{"money":{"text":"1,234.5","currency":"PEN"}}', ''],
  words: ['{"words":{"locale":"es","tone":"tu","prefix":"page"}}', ''],
  abilities: ['{"abilities":{}}', ''],
  barcode: ['{"barcode":{"text":"0123456789","title":"12","format":"svg","scale":2}}', ''],
  qr: ['{"qr":{"text":"https://example.com/código?n=1234567890","title":"QR","format":"svg","scale":3}}', ''],
  png: ['{"qr":{"text":"0123456789","title":"QR","format":"png","scale":1}}', ''],
  broken: ['{"money":{"text":"\\ud83d\\ude00 1e400","currency":"PEN"', '\u0000\u00ff'],
};

const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');
const quoted = (text) => `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
const door = rawDoor(readFileSync(modulePath));
const rows = Object.entries(questions).map(([name, [json, bytes]]) => {
  const answer = door(Buffer.from(json), Buffer.from(bytes));
  return `\t\t\t${quoted(name)} => [
\t\t\t\t'json' => ${quoted(json)},
\t\t\t\t'bytes' => ${quoted(bytes)},
\t\t\t\t'answer' => '${digest(answer.json)}',
\t\t\t\t'answer_bytes' => '${digest(answer.bytes)}',
\t\t\t],`;
});
process.stdout.write(`<?php /** What the core answers, as SHA-256, to questions that the self-test asks; made together with the core. */

namespace ${namespace};

final class KnownAnswers {

\t/** Question and digests by name. */
\tpublic static function all() {
\t\treturn [
${rows.join('\n')}
\t\t];
\t}
}
`);
