// Writes calls with the answers that the wasm gives in Node: `node answers.mjs MODULE OUT COUNT SEED [VECTORS]`, one JSON line per call.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { damaged, seeded, vectors, wellFormed } from './asks.mjs';
import { rawDoor } from './door.mjs';

const [, , module, out, count, seed, folder] = process.argv;
const door = rawDoor(readFileSync(module));
const asks = wellFormed(door);
const shared = folder ? vectors(folder) : [];
const random = seeded(Number(seed));
const all = [...shared, ...asks];
const calls = [...all];
while (calls.length < all.length + Number(count)) calls.push(damaged(all, random));

const digest = ({ json, bytes }) => createHash('sha256').update(json).update('\n').update(bytes).digest('hex');

function said({ json, bytes }) {
  try {
    return digest(door(json, bytes));
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError) && !/isn't there/.test(error.message)) throw error;
    return 'trap';
  }
}

const lines = calls.map((call) => JSON.stringify({ json: call.json.toString('base64'), bytes: call.bytes.toString('base64'), said: said(call) }));
writeFileSync(out, `${lines.join('\n')}\n`);
console.log(`${shared.length} shared, ${asks.length} well formed, ${count} damaged`);
