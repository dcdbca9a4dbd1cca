// Which functions of the module are used together: an order's life is asked of it in Node, with a call that counts at the start of every function.
//
// Prints a line for each function that was used: its index and its group's name, made of the requests that a shop waits for and that use it (`handle_page`);
// nothing where all of them do, and `other` where only other asks, or other providers' notices and answers, use it. Functions without a line are seldom used.
import { readFileSync } from 'node:fs';
import binaryen from '../../tools/binaryen/node_modules/binaryen/index.js';
import { vectors, wellFormed } from '../../tools/wasm2php/tests/asks.mjs';
import { rawDoor } from '../../tools/wasm2php/tests/door.mjs';

const [, , modulePath, vectorsFolder] = process.argv;

/** What shared hosting answers most, each in a process of its own. */
const REQUESTS = ['route', 'handle', 'carry', 'page'];

/** The module with `seen(index)` first in each of its functions. */
function watched(wasm) {
  const module = binaryen.readBinary(wasm);
  const count = module.getNumFunctions();
  module.addFunctionImport('seen', 'watch', 'seen', binaryen.i32, binaryen.none);
  for (let index = 0; index < count; index++) {
    const called = module.getFunctionByIndex(index);
    const { module: imported, body, results } = binaryen.getFunctionInfo(called);
    if (imported) continue;
    binaryen.Function.setBody(called, module.block(null, [module.call('seen', [module.i32.const(index)], binaryen.none), body], results));
  }
  return { wasm: module.emitBinary(), count };
}

const wasm = readFileSync(modulePath);
const plain = rawDoor(wasm);
const { wasm: counting, count } = watched(wasm);
const users = Array.from({ length: count }, () => new Set());
let user = '';
const door = rawDoor(counting, { watch: { seen: (index) => users[index].add(user) } });
const use = (asks, name) => {
  for (const { json, bytes } of asks) {
    user = name(/^\{"(\w+)"/.exec(json)?.[1]);
    door(json, bytes);
  }
};
use(wellFormed(plain), (call) => (REQUESTS.includes(call) ? call : 'other'));
use(vectors(vectorsFolder), (call) => (call === 'page' ? call : 'other'));

for (const [index, names] of users.entries()) {
  const requests = REQUESTS.filter((name) => names.has(name));
  const group = requests.length === REQUESTS.length ? '' : requests.join('_') || 'other';
  if (names.size > 0) console.log(`${index} ${group}`);
}
