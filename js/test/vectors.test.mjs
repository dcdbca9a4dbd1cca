// The shared vectors through the package's own wasm: the door's answers to the byte, as natively.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { call, initSync } from '../dist/efectivo.js';

const VECTORS = JSON.parse(readFileSync(new URL('../../tests/vectors/door/door.json', import.meta.url), 'utf8'));

/** FNV-1a, 32 bits, as in tests/vectors/shared.rs. */
const fnv = (bytes) => bytes.reduce((sum, byte) => Math.imul(sum ^ byte, 0x01000193) >>> 0, 0x811c9dc5);

test('the door answers every shared vector to the byte', () => {
  initSync({ module: readFileSync(new URL('../dist/efectivo_bg.wasm', import.meta.url)) });
  for (const { about, ask, bytes, expect } of VECTORS) {
    const [answer, back] = call(Buffer.from(JSON.stringify(ask)), Buffer.from(bytes, 'hex'));
    const got = { answer: JSON.parse(Buffer.from(answer)), back_length: back.length, back_sum: fnv(back), text_sum: fnv(answer) };
    assert.deepEqual(got, expect, about);
  }
});
