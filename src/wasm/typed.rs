//! The typed door for JavaScript: objects in and out, refusals thrown as an `Error` with `code`, `help` and `retry`.

use crate::calls::{self, CallError};
use crate::json::Tree;
use js_sys::{Array, Error, Reflect, Uint8Array};
use serde::Serialize as _;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Answers the call of this name: `ask(name, object, bytes)` returns `[object, bytes]`.
///
/// # Errors
/// Throws an `Error` whose `message` is for people, with `code`, `help` and `retry` beside it.
#[wasm_bindgen(unchecked_return_type = "[any, Uint8Array]")]
pub fn ask(name: &str, #[wasm_bindgen(unchecked_param_type = "object")] object: JsValue, bytes: &[u8]) -> Result<Array, JsValue> {
    let (answer, with) = calls::answer(name, tree(&object)?, bytes).map_err(|refusal| thrown(&refusal))?;
    let answer = answer.serialize(&Serializer::json_compatible())?;
    Ok(Array::of2(&answer, &Uint8Array::from(with.as_slice())))
}

/// An object as a tree, by the engine's own JSON: a third of what reading it piece by piece weighs, and `toJSON` and `undefined` mean what they do there.
pub(super) fn tree(object: &JsValue) -> Result<Tree, JsValue> {
    let text = js_sys::JSON::stringify(object)?.as_string().ok_or("only a JSON value can be asked with")?;
    Tree::parse(text.as_bytes()).map_err(|why| JsValue::from_str(&why.to_string()))
}

/// A refusal as JavaScript throws it.
pub(super) fn thrown(refusal: &CallError) -> JsValue {
    let error = Error::new(&refusal.message);
    error.set_name("EfectivoError");
    for (name, value) in
        [("code", JsValue::from_str(&refusal.code)), ("help", JsValue::from_str(&refusal.help)), ("retry", JsValue::from_str(refusal.retry.name()))]
    {
        // Setting a property of an object we just made can't fail.
        let _ = Reflect::set(&error, &JsValue::from_str(name), &value);
    }
    error.into()
}
