//! The text door for JavaScript: JSON and bytes in, JSON and bytes out, none of it copied into strings.

use crate::calls;
use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Answers one call: `call(json, bytes)` returns `[json, bytes]`, all of them `Uint8Array`.
///
/// Never throws: a refusal is part of the answer's JSON, as every other host sees it.
#[wasm_bindgen(unchecked_return_type = "[Uint8Array, Uint8Array]")]
pub fn call(json: &[u8], bytes: &[u8]) -> Array {
    let (answer, with) = calls::call(json, bytes);
    Array::of2(&JsValue::from(answer), &JsValue::from(with))
}
