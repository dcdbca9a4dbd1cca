// The core behind one door, JSON and bytes in and out, whatever loaded the module; the loaders beside this file bring the module.

const writer = new TextEncoder();
const reader = new TextDecoder();
const nothing = new Uint8Array(0);

/** Why a call was refused, in the core's own words: a `code` for programs, `message` and `help` for people, `retry` for hosts. */
export class EfectivoError extends Error {
  constructor({ code, message, help = '', retry = 'no' }, options) {
    super(message, options);
    this.name = 'EfectivoError';
    this.code = code;
    this.help = help;
    this.retry = retry;
  }
}

/** The core over a compiled module. Calls are synchronous; after a trap the instance is thrown away and the next call makes a new one. */
export function coreOf(module) {
  let exports = null;

  function raw(json, bytes = nothing) {
    exports ??= instantiate(module);
    try {
      return through(exports, json, bytes);
    } catch (cause) {
      exports = null;
      throw new EfectivoError({ code: 'core_trapped', message: 'the core stopped in the middle of a call', help: 'Nothing was changed. Please report it with the name of the call.', retry: 'now' }, { cause });
    }
  }

  function call(name, ask = {}, bytes = nothing, lang = undefined) {
    const [json, out] = raw(writer.encode(JSON.stringify({ [name]: ask, lang })), bytes);
    const answer = JSON.parse(reader.decode(json));
    if (answer.error) throw new EfectivoError(answer.error);
    return { ok: answer.ok, bytes: out };
  }

  return { call, raw };
}

/** One pass through the raw door (its table is in src/wasm/raw.rs); what isn't for a shop's core is for the providers' simulated side. */
function through(exports, json, bytes) {
  return asked(exports, exports.ef_call, json, bytes) ?? asked(exports, exports.ef_sandbox, json, bytes);
}

function asked(exports, door, json, bytes) {
  const question = put(exports, json);
  const beside = put(exports, bytes);
  const answer = door(question, json.length, beside, bytes.length) >>> 0;
  if (answer === 0) return null;
  const parts = new Uint32Array(exports.memory.buffer, answer, 4);
  const [jsonAt, jsonLength, bytesAt, bytesLength] = parts;
  const out = [take(exports, jsonAt, jsonLength), take(exports, bytesAt, bytesLength)];
  exports.ef_free(answer);
  return out;
}

function put(exports, bytes) {
  const at = exports.ef_alloc(bytes.length) >>> 0;
  new Uint8Array(exports.memory.buffer, at, bytes.length).set(bytes);
  return at;
}

function take(exports, at, length) {
  return new Uint8Array(exports.memory.buffer, at, length).slice();
}

/** The raw door needs none of the browser's functions that the typed door imports: each stands in as one that must not be called. */
function instantiate(module) {
  const imports = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    if (kind !== 'function') throw new EfectivoError({ code: 'wrong_module', message: `the module wants ${from}.${name}, which no loader has`, help: 'Install the package again.' });
    (imports[from] ??= {})[name] = () => {
      throw new Error(`${name} is not there behind the raw door`);
    };
  }
  return new WebAssembly.Instance(module, imports).exports;
}
