// The core's raw door in Node: (json, bytes) → {json, bytes}, on the very module that PHP gets, with imports that throw.

/** Opens a module; a trap throws, and the next call gets a new instance. Imports that `given` has don't throw; `opened` is told an instance's exports. */
export function rawDoor(wasm, given = {}, opened = () => {}) {
  const module = new WebAssembly.Module(wasm);
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    (imports[from] ??= {})[name] = given[from]?.[name] ?? (() => {
      throw new Error(`${name} isn't there for PHP either`);
    });
  }
  let instance = null;
  return (json, bytes) => {
    if (!instance) opened((instance = new WebAssembly.Instance(module, imports)).exports);
    try {
      const { exports } = instance;
      return exchange(exports, exports.ef_call, json, bytes) ?? exchange(exports, exports.ef_sandbox, json, bytes);
    } catch (error) {
      instance = null;
      throw error;
    }
  };
}

function exchange({ memory, ef_alloc, ef_free }, door, json, bytes) {
  const put = (text) => {
    const at = ef_alloc(text.length) >>> 0;
    new Uint8Array(memory.buffer).set(text, at);
    return at;
  };
  const [jsonAt, bytesAt] = [put(json), put(bytes)];
  const answer = door(jsonAt, json.length, bytesAt, bytes.length) >>> 0;
  if (answer === 0) return null;
  const words = new Uint32Array(memory.buffer, answer, 4);
  const part = (at, length) => Buffer.from(memory.buffer.slice(at, at + length));
  const said = { json: part(words[0], words[1]), bytes: part(words[2], words[3]) };
  ef_free(answer);
  return said;
}
