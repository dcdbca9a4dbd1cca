// A host for a Shopify Function without Shopify's tools: the imports of `shopify_function_v2`, over values that the module reads and writes one by one.
//
// As documented by Shopify/shopify-function-wasm-api (api/src/shopify_function.wat): a value is a double, or a NaN whose low 50 bits are a tag (46-49),
// a length (32-45) and a number (0-31); objects and arrays are handles here.

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const NAN = 0x1fffn << 50n;
const TAG = { null: 0n, bool: 1n, string: 3n, object: 4n, array: 5n, error: 15n };
/** A length that doesn't fit is asked for by itself. */
const LONGEST = (1 << 14) - 1;

/** Runs `name` of a compiled Function on `input`; what it answered and logged. @throws where it answers nothing, or trapped */
export function runFunction(module: WebAssembly.Module, name: string, input: Json): { output: Json; logs: string[] } {
  const held: Json[] = [];
  const logs: string[] = [];
  const written: Writer = { stack: [], done: undefined };
  const bits = new DataView(new ArrayBuffer(8));
  let memory: WebAssembly.Memory;
  const text = (at: number, length: number): string => new TextDecoder().decode(new Uint8Array(memory.buffer, at >>> 0, length >>> 0));

  function box(value: Json | undefined): bigint {
    if (value === undefined || value === null) return tagged('null', 0, 0);
    if (typeof value === 'boolean') return tagged('bool', 0, Number(value));
    if (typeof value === 'number') return number(value);
    const handle = held.push(value) - 1;
    if (typeof value === 'string') return tagged('string', new TextEncoder().encode(value).length, handle);
    return Array.isArray(value) ? tagged('array', value.length, handle) : tagged('object', Object.keys(value).length, handle);
  }
  function number(value: number): bigint {
    bits.setFloat64(0, value);
    return bits.getBigInt64(0);
  }
  const tagged = (tag: keyof typeof TAG, length: number, low: number): bigint => BigInt.asIntN(64, NAN | (TAG[tag] << 46n) | (BigInt(Math.min(length, LONGEST)) << 32n) | BigInt(low));
  const opened = (scope: bigint): Json => held[Number(scope & 0xffff_ffffn)] ?? null;

  const imports = {
    shopify_function_input_get: () => box(input),
    shopify_function_input_get_val_len: (scope: bigint) => sizeOf(opened(scope)),
    shopify_function_input_read_utf8_str: (handle: number, out: number, length: number) => {
      new Uint8Array(memory.buffer, out >>> 0, length).set(new TextEncoder().encode(held[handle] as string).subarray(0, length));
    },
    shopify_function_input_get_obj_prop: (scope: bigint, at: number, length: number) => box((opened(scope) as Record<string, Json>)[text(at, length)]),
    shopify_function_input_get_at_index: (scope: bigint, index: number) => box(Object.values(opened(scope) as object)[index]),
    shopify_function_input_get_obj_key_at_index: (scope: bigint, index: number) => box(Object.keys(opened(scope) as object)[index]),
    shopify_function_output_new_bool: (value: number) => write(written, value !== 0),
    shopify_function_output_new_null: () => write(written, null),
    shopify_function_output_new_i32: (value: number) => write(written, value),
    shopify_function_output_new_f64: (value: number) => write(written, value),
    shopify_function_output_new_utf8_str: (at: number, length: number) => write(written, text(at, length)),
    shopify_function_output_new_object: () => begin(written, {}),
    shopify_function_output_finish_object: () => end(written),
    shopify_function_output_new_array: () => begin(written, []),
    shopify_function_output_finish_array: () => end(written),
    shopify_function_log_new_utf8_str: (at: number, length: number) => { logs.push(text(at, length)); },
  };
  const instance = new WebAssembly.Instance(module, { shopify_function_v2: imports });
  memory = instance.exports.memory as WebAssembly.Memory;
  (instance.exports[name] as () => void)();
  if (written.done === undefined) throw new Error(`${name} answered nothing`);
  return { output: written.done, logs };
}

interface Writer {
  stack: Array<{ value: Json; key?: string | undefined }>;
  done: Json | undefined;
}

function write(on: Writer, value: Json): 0 {
  const inside = on.stack.at(-1);
  if (!inside) on.done = value;
  else if (Array.isArray(inside.value)) inside.value.push(value);
  else if (inside.key === undefined) inside.key = value as string;
  else {
    (inside.value as Record<string, Json>)[inside.key] = value;
    inside.key = undefined;
  }
  return 0;
}

function begin(on: Writer, value: Json): 0 {
  on.stack.push({ value });
  return 0;
}

function end(on: Writer): 0 {
  return write(on, on.stack.pop()?.value ?? null);
}

function sizeOf(value: Json): number {
  return typeof value === 'string' ? new TextEncoder().encode(value).length : Object.keys(value ?? {}).length;
}
