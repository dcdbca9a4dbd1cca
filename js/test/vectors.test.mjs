// The shared vectors through the package's own wasm: the door's answers to the byte, as natively.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { call, initSync } from '../dist/efectivo.js';

const file = (name) => JSON.parse(readFileSync(new URL(`../../tests/vectors/door/${name}.json`, import.meta.url), 'utf8'));
/** What providers document, each as a whole ask: what several have in common stands once, under `with`. */
const { with: common, vectors } = file('providers');
const PROVIDERS = vectors.map((vector) => ({ ...vector, ask: Object.fromEntries(Object.entries(vector.ask).map(([call, own]) => [call, { ...own, ...common[vector.with] }])) }));

/** FNV-1a, 32 bits, as in tests/vectors/shared.rs. */
const fnv = (bytes) => bytes.reduce((sum, byte) => Math.imul(sum ^ byte, 0x01000193) >>> 0, 0x811c9dc5);

initSync({ module: readFileSync(new URL('../dist/efectivo_bg.wasm', import.meta.url)) });

function same({ about, ask, bytes, expect }) {
  const [answer, back] = call(Buffer.from(JSON.stringify(ask)), Buffer.from(bytes, 'hex'));
  const said = JSON.parse(Buffer.from(answer));
  const got = { answer: said, reading: said.ok?.journal?.[0]?.event.answer?.reading ?? null, back_length: back.length, back_sum: fnv(back), text_sum: fnv(answer) };
  assert.deepEqual(Object.fromEntries(Object.keys(expect).map((name) => [name, got[name]])), expect, about);
}

test('the door answers every shared vector to the byte', () => file('door').forEach(same));

test('every request, answer and notice that providers document comes out as natively', () => {
  assert.ok(PROVIDERS.length > 400);
  PROVIDERS.forEach(same);
});
