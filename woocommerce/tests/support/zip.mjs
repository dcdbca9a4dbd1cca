// Writes the plugin's zip: the same bytes from the same files, with nothing in it that a shop doesn't need.

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32, deflateRawSync } from 'node:zlib';

const PLUGIN = fileURLToPath(new URL('../..', import.meta.url));
/** What a shop gets; tests and stamps stay here. */
const SHIPPED = ['efectivo.php', 'uninstall.php', 'readme.txt', 'src', 'assets', 'languages', 'core'];
/** 1 January 2026 in the zip's own form. */
const DAY = ((2026 - 1980) << 9) | (1 << 5) | 1;

/** The zip's bytes. */
export function zipped(folder = PLUGIN) {
  const files = SHIPPED.flatMap((name) => below(folder, name)).sort();
  const [parts, index] = [[], []];
  let at = 0;
  for (const file of files) {
    const bytes = readFileSync(join(folder, file));
    const packed = deflateRawSync(bytes, { level: 9 });
    const name = Buffer.from(`efectivo/${file}`);
    const head = header(bytes, packed, name);
    parts.push(Buffer.concat([four(0x04034b50), head, name]), packed);
    index.push(Buffer.concat([four(0x02014b50), two(0x0314), head, two(0), two(0), two(0), four(0o100644 << 16), four(at), name]));
    at += 4 + head.length + name.length + packed.length;
  }
  const list = Buffer.concat(index);
  return Buffer.concat([...parts, list, four(0x06054b50), two(0), two(0), two(files.length), two(files.length), four(list.length), four(at), two(0)]);
}

function header(bytes, packed, name) {
  return Buffer.concat([two(20), two(0x0800), two(8), two(0), two(DAY), four(crc32(bytes)), four(packed.length), four(bytes.length), two(name.length), two(0)]);
}

function below(folder, name) {
  try {
    return readdirSync(join(folder, name), { withFileTypes: true }).filter((one) => !one.name.startsWith('.')).flatMap((one) => (one.isDirectory() ? below(folder, `${name}/${one.name}`) : [`${name}/${one.name}`]));
  } catch (error) {
    if (error.code === 'ENOTDIR') return [name];
    throw error;
  }
}

const two = (value) => { const out = Buffer.alloc(2); out.writeUInt16LE(value); return out; };
const four = (value) => { const out = Buffer.alloc(4); out.writeUInt32LE(value >>> 0); return out; };

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const bytes = zipped();
  mkdirSync(dirname(process.argv[2]), { recursive: true });
  writeFileSync(process.argv[2], bytes);
  process.stdout.write(`${process.argv[2]}: ${bytes.length} bytes, sha256 ${createHash('sha256').update(bytes).digest('hex')}\n`);
}
