// The core as JavaScript uses it: the shipped module behind its own glue.

import { readFileSync } from 'node:fs';
import * as glue from '../js/dist/efectivo.js';

glue.initSync({ module: readFileSync(new URL('../js/dist/efectivo_bg.wasm', import.meta.url)) });

const writer = new TextEncoder();
const reader = new TextDecoder();
const nothing = new Uint8Array(0);

export const { barcodeSvg, call, HmacKey, Notices, qrSvg } = glue;

/** One call with objects, for what is not timed. */
export function ask(name, question, bytes = nothing) {
  const [json, out] = call(writer.encode(JSON.stringify({ [name]: question })), bytes);
  const answer = JSON.parse(reader.decode(json));
  if (!answer.ok) throw new Error(`${name}: ${JSON.stringify(answer.error)}`);
  return { ok: answer.ok, bytes: out };
}
