//! The typed door for JavaScript: objects in and out, refusals thrown as an `Error` with `code`, `help` and `retry`.

use crate::calls::{self, CallError};
use crate::json::{self, Tree, Written};
use js_sys::{Array, Error, Uint8Array};
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
    let (answer, with) = answered(name, &object, bytes)?;
    let answer = js_sys::JSON::parse(answer.as_str())?;
    Ok(Array::of2(&answer, &Uint8Array::from(with.as_slice())))
}

/// The call's answer to an object, which is read by the engine's own JSON, as the answer is made: a third of what going through it piece by piece weighs,
/// and `toJSON` and `undefined` mean what they do there.
pub(super) fn answered(name: &str, object: &JsValue, bytes: &[u8]) -> Result<(Written, Vec<u8>), JsValue> {
    let text = js_sys::JSON::stringify(object)?.as_string().ok_or("only a JSON value can be asked with")?;
    let tree = Tree::parse(text.as_bytes()).map_err(|why| JsValue::from_str(&why.to_string()))?;
    calls::answer(name, tree, bytes).map_err(|refusal| thrown(&refusal))
}

/// A refusal as JavaScript throws it.
pub(super) fn thrown(refusal: &CallError) -> JsValue {
    let error = Error::new(&refusal.message);
    error.set_name("EfectivoError");
    let mut facts = json::Object::default();
    for (name, text) in [("code", refusal.code.as_str()), ("help", &refusal.help), ("retry", refusal.retry.name())] {
        facts.add(name.into(), Tree::Text(text.into()));
    }
    match Tree::Object(facts).serialize(&Serializer::json_compatible()) {
        Ok(facts) => js_sys::Object::assign(&error, &facts.into()).into(),
        Err(_) => error.into(),
    }
}
