//! Bindings only: the one door for every host, typed objects and the mounting of a page for JavaScript.
//!
//! | door | for whom | what crosses |
//! | --- | --- | --- |
//! | [`raw`] | PHP, and any host without our glue | two byte strings in, two out, by address |
//! | [`text`] | JavaScript that has bytes (a webhook's body) | two `Uint8Array`s in, two out |
//! | [`typed`] | JavaScript that has objects | an object and bytes in, an object and bytes out; refusals are thrown |
//! | [`mount`] | the browser | a rendered page put into an element |
//!
//! All are over the same `calls`; nothing is decided here.

pub mod mount;
pub mod raw;
pub mod text;
pub mod typed;

/// Stands in for the floor below until it is there; every call is answered by what was asked.
mod calls {
    use serde_json::{Value, json};

    pub(crate) struct CallError {
        pub(crate) code: String,
        pub(crate) message: String,
        pub(crate) help: String,
        pub(crate) retry: bool,
    }

    pub(crate) fn call(json: &[u8], bytes: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let answer = serde_json::from_slice::<Value>(json)
            .map_or_else(|why| json!({"error": {"code": "not_json", "message": why.to_string(), "help": "", "retry": false}}), |asked| json!({"ok": asked}));
        (answer.to_string().into_bytes(), bytes.to_vec())
    }

    pub(crate) fn answer(name: &str, ask: Value, bytes: &[u8]) -> Result<(Value, Vec<u8>), CallError> {
        match name {
            "echo" => Ok((ask, bytes.to_vec())),
            other => Err(CallError { code: "unknown_call".into(), message: other.into(), help: String::new(), retry: false }),
        }
    }
}
