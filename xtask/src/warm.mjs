// Warms the core's part for PHP: what it makes once and keeps (the places to pay, as read and as written) is made here, and its memory starts with that. Every request is a first one in PHP.
//
// `node warm.mjs PART.wasm OUT.wasm`. A page is asked of the part in Node, by a case that is made up; then its memory section says how large the memory is by now, and its data
// are what stands in it above the stack. All else is copied as it is, so that the module gives the same answers as before.
import { readFileSync, writeFileSync } from 'node:fs';
import { wellFormed } from '../../tools/wasm2php/tests/asks.mjs';
import { rawDoor } from '../../tools/wasm2php/tests/door.mjs';

const [, , partPath, outPath] = process.argv;
const [CUSTOM, MEMORY, GLOBAL, DATA, DATA_COUNT] = [0, 5, 6, 11, 12];
/** The part of the section of names that names pieces of data, which are others now. */
const NAMES_OF_DATA = 9;
const PAGE = 65_536;
/** Fewer zeros between two pieces of data stay in it: a piece costs about as much. */
const GAP = 32;
/** Sizes of asks of zeros, twice from the largest to the smallest: they come to lie where the page's own work was, so that hardly anything of it stays but what is kept. Where a few words do, they are of a case that nobody has. */
const SIZES = Array.from({ length: 80 }, (_, at) => Math.floor(24_000 / 1.2 ** (at % 40)));
/** Both ways in which a shop in Peru speaks. */
const TONES = ['tu', 'usted'];

const wasm = readFileSync(partPath);

/** An unsigned number in LEB128 at a place, and where it ends. */
function number(at) {
  for (let value = 0, shift = 0; ; shift += 7) {
    const byte = wasm[at++];
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [value, at];
  }
}

function leb(value) {
  const bytes = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value & 0x7f) | 0x80);
  return Buffer.from([...bytes, value]);
}

/** The same with a sign, for `i32.const`. */
function signed(value) {
  const bytes = [];
  for (; value >= 0x40; value = Math.floor(value / 0x80)) bytes.push((value & 0x7f) | 0x80);
  return Buffer.from([...bytes, value]);
}

function sections() {
  const all = [];
  for (let at = 8; at < wasm.length; ) {
    const [size, from] = number(at + 1);
    all.push({ id: wasm[at], body: wasm.subarray(from, from + size) });
    at = from + size;
  }
  return all;
}

/** The section of names without those of data; any other section of its kind as it is. */
function named(body) {
  const start = body.byteOffset - wasm.byteOffset;
  const [length, from] = number(start);
  if (wasm.toString('latin1', from, from + length) !== 'name') return body;
  const kept = [wasm.subarray(start, from + length)];
  for (let at = from + length; at < start + body.length; ) {
    const [size, inside] = number(at + 1);
    if (wasm[at] !== NAMES_OF_DATA) kept.push(wasm.subarray(at, inside + size));
    at = inside + size;
  }
  return Buffer.concat(kept);
}

/** Where the stack begins, growing down to 0: the first global, a mutable i32 (0x7f 0x01) with a constant (0x41). */
function stackEnds({ body }) {
  if (body[1] !== 0x7f || body[2] !== 1 || body[3] !== 0x41) throw new Error('the first global is not the stack pointer');
  return number(body.byteOffset - wasm.byteOffset + 4)[0];
}

/** The memory of an instance that was asked for a page in every tone. */
function warmed() {
  const [question] = wellFormed(rawDoor(wasm)).map(({ json }) => JSON.parse(json)).filter(({ page }) => page);
  if (!question) throw new Error('no ask of asks.mjs is for a page');
  let memory;
  const door = rawDoor(wasm, {}, (exports) => { memory = exports.memory; });
  for (const tone of TONES) {
    const { settings } = question.page;
    const { json } = door(Buffer.from(JSON.stringify({ page: { ...question.page, settings: { ...settings, locale: 'es-PE', tone } } })), Buffer.alloc(0));
    if (!json.toString().startsWith('{"ok"')) throw new Error(`the page was refused: ${json}`);
  }
  const { byteLength } = memory.buffer;
  for (const size of SIZES) door(Buffer.alloc(size), Buffer.alloc(size));
  if (memory.buffer.byteLength !== byteLength) throw new Error('the largest of SIZES does not fit into what the page left behind');
  return Buffer.from(memory.buffer);
}

/** What is not zero, in pieces of whole words: `[address, bytes]`. */
function pieces(memory, from) {
  const found = [];
  const zeros = Buffer.alloc(GAP);
  for (let at = from; at < memory.length; at += 4) {
    if (memory.readUInt32LE(at) === 0) continue;
    let end = memory.indexOf(zeros, at);
    end = end < 0 ? memory.length : end + 3 & ~3;
    found.push([at, memory.subarray(at, end)]);
    at = end - 4;
  }
  return found;
}

const all = sections();
const memory = warmed();
const data = pieces(memory, stackEnds(all.find(({ id }) => id === GLOBAL)));
const made = {
  [MEMORY]: Buffer.concat([leb(1), leb(0), leb(memory.length / PAGE)]),
  [DATA]: Buffer.concat([leb(data.length), ...data.flatMap(([at, bytes]) => [leb(0), Buffer.from([0x41]), signed(at), Buffer.from([0x0b]), leb(bytes.length), bytes])]),
  [DATA_COUNT]: leb(data.length),
};
const out = all.map(({ id, body }) => [id, id === CUSTOM ? named(body) : (made[id] ?? body)]).flatMap(([id, body]) => [Buffer.from([id]), leb(body.length), body]);
writeFileSync(outPath, Buffer.concat([wasm.subarray(0, 8), ...out]));
