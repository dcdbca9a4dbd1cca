// The shared vectors through the package's own wasm: the door's answers to the byte, as natively.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { call, initSync } from '../dist/efectivo.js';

const FOLDER = new URL('../../tests/vectors/door/', import.meta.url);
const file = (name) => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'));
/** What each provider documents, as whole asks: what several have in common stands once in its file, in `parts`, and each says `with` which of them it is whole. */
const PROVIDERS = readdirSync(new URL('providers/', FOLDER)).flatMap((name) => {
  const { parts, vectors } = file(`providers/${name}`);
  return vectors.map((vector) => ({ ...vector, ask: mapped(vector.ask, (own) => ({ ...own, ...mapped(vector.with, (place) => parts[place]) })) }));
});

/** FNV-1a, 32 bits, as in tests/vectors/shared.rs. */
const fnv = (bytes) => bytes.reduce((sum, byte) => Math.imul(sum ^ byte, 0x01000193) >>> 0, 0x811c9dc5);

initSync({ module: readFileSync(new URL('../dist/efectivo_bg.wasm', import.meta.url)) });

function mapped(object, change) {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}

function same({ about, ask, bytes, text, expect }) {
  const [answer, back] = call(Buffer.from(JSON.stringify(ask)), text === undefined ? Buffer.from(bytes, 'hex') : Buffer.from(text));
  const said = JSON.parse(Buffer.from(answer));
  const got = { answer: said, reading: said.ok?.journal?.[0]?.event.answer?.reading ?? null, back_length: back.length, back_sum: fnv(back), text_sum: fnv(answer) };
  assert.deepEqual(Object.fromEntries(Object.keys(expect).map((name) => [name, got[name]])), expect, about);
}

test('the door answers every shared vector to the byte', () => file('door.json').forEach(same));

test('every request, answer and notice that providers document comes out as natively', () => {
  assert.ok(PROVIDERS.length > 400);
  PROVIDERS.forEach(same);
});
