//! The one door: `call(json, bytes) → (json, bytes)`, the same for every host, and the same calls with JSON trees for JavaScript.
//!
//! An ask is `{"<call>": {…}}`, with `"lang"` beside it for the language of errors (`es` where none is given); an answer is `{"ok": …}` or
//! `{"error": {"code", "message", "help", "retry"}}`. Raw bodies travel as bytes, never inside the JSON.
//!
//! ```
//! let (answer, _) = efectivo::calls::call(br#"{"money":{"text":"1,234.5","currency":"PEN"}}"#, b"");
//! assert_eq!(String::from_utf8(answer).unwrap(), "{\"ok\":{\"money\":{\"currency\":\"PEN\",\"minor\":123450},\"text\":\"S/\u{a0}1,234.50\"}}");
//! ```

mod able;
mod error;
mod keys;
mod loops;
mod pages;
mod simulated;
mod small;
mod view;

pub use error::{CallError, Retry};

use crate::engine::Refused;
use crate::json;
use crate::json::{Read, Tree, Written, named};
use crate::voucher::{CASE_SCHEMA, Locale};
use std::borrow::Cow;

/// The calls of the providers' simulated side.
const SANDBOX: [&str; 2] = ["sandbox", "sandbox_account"];

/// What a call gives back: JSON, and bytes beside it.
pub type Answered = Result<(Written, Vec<u8>), CallError>;

/// Takes one call as JSON text, with its raw bytes.
pub fn call(json: &[u8], bytes: &[u8]) -> (Vec<u8>, Vec<u8>) {
    call_of_a_shop(json, bytes).unwrap_or_else(|| call_of_the_sandbox(json, bytes))
}

/// The same without the providers' simulated side, which a host may then keep apart and load for a test shop only; `None` where it is asked for that.
pub fn call_of_a_shop(json: &[u8], bytes: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    match asked(json) {
        Ok((name, ..)) if of_sandbox(&name) => None,
        Ok((name, ask, locale)) => Some(told(of_a_shop(locale, &name, ask, bytes))),
        Err(error) => Some(told(Err(error))),
    }
}

/// The providers' simulated side alone: takes the call that [`call_of_a_shop`] leaves.
pub fn call_of_the_sandbox(json: &[u8], bytes: &[u8]) -> (Vec<u8>, Vec<u8>) {
    told(asked(json).and_then(|(name, ask, locale)| if of_sandbox(&name) { of_the_sandbox(locale, &name, ask, bytes) } else { Err(unknown(locale, &name)) }))
}

/// Takes one call as a JSON tree, with its raw bytes.
///
/// # Errors
/// [`CallError`], in Spanish.
pub fn answer(name: &str, ask: Tree, bytes: &[u8]) -> Answered {
    if of_sandbox(name) { of_the_sandbox(Locale::Es, name, ask, bytes) } else { of_a_shop(Locale::Es, name, ask, bytes) }
}

/// Every call but the sandbox's.
fn of_a_shop(locale: Locale, name: &str, ask: Tree, bytes: &[u8]) -> Answered {
    known(locale, &ask)?;
    match name {
        "handle" => apart(locale, ask, |ask| loops::handle(locale, ask, bytes)),
        "carry" => apart(locale, ask, |ask| loops::carry(locale, ask, bytes)),
        "take_token" => apart(locale, ask, |ask| loops::take_token(locale, ask, bytes)),
        "route" => apart(locale, ask, |ask| loops::route(locale, ask, bytes)),
        "rebuild" => apart(locale, ask, |ask| loops::rebuild(locale, ask)),
        "allows" => apart(locale, ask, loops::allows),
        "new_case" => apart(locale, ask, |ask| loops::new_case(locale, ask)),
        "page" => apart(locale, ask, pages::page),
        "start_page" => apart(locale, ask, pages::start),
        "window" => apart(locale, ask, pages::window),
        "brief" => apart(locale, ask, pages::brief),
        "page_lost" => apart(locale, ask, pages::lost),
        "page_status" => apart(locale, ask, pages::status),
        "calendar" => apart(locale, ask, pages::calendar),
        "mail_preview" => apart(locale, ask, pages::mail),
        "qr" => apart(locale, ask, |ask| small::qr(locale, ask)),
        "barcode" => apart(locale, ask, |ask| small::barcode(locale, ask)),
        "case_view" => apart(locale, ask, view::case),
        "journal_view" => apart(locale, ask, view::journal),
        "check_settings" => apart(locale, ask, small::check_settings),
        "reach" => apart(locale, ask, |ask| small::reach(&ask)),
        "cart" => apart(locale, ask, |ask| small::cart(locale, ask)),
        "money" => apart(locale, ask, |ask| small::money(locale, ask)),
        "moment" => apart(locale, ask, small::moment),
        "words" => apart(locale, ask, small::words),
        "providers" => apart(locale, ask, able::providers),
        "explain" => apart(locale, ask, able::explain),
        "check_keys" => apart(locale, ask, |ask| keys::check(locale, ask)),
        "keys_checked" => apart(locale, ask, |ask| keys::checked(locale, ask, bytes)),
        "channel_notes" => apart(locale, ask, |ask| keys::notes(locale, ask)),
        "support_pack" => apart(locale, ask, keys::pack),
        "abilities" => Ok((small::abilities(), Vec::new())),
        "version" => Ok((small::version(), Vec::new())),
        other => Err(unknown(locale, other)),
    }
}

fn of_sandbox(name: &str) -> bool {
    SANDBOX.contains(&name)
}

fn of_the_sandbox(locale: Locale, name: &str, ask: Tree, bytes: &[u8]) -> Answered {
    match name {
        "sandbox_account" => Ok(simulated::account(&read(locale, ask)?)),
        _ => simulated::act(locale, read(locale, ask)?, bytes),
    }
}

fn unknown(locale: Locale, name: &str) -> CallError {
    CallError::new(locale, "unknown_call", Retry::No, &[("call", name)])
}

/// An answer as JSON text and bytes.
fn told(answered: Answered) -> (Vec<u8>, Vec<u8>) {
    match answered {
        Ok((value, bytes)) => (value.into_answer().into_bytes(), bytes),
        Err(error) => (json::text(&named("error", &error)).into_bytes(), Vec::new()),
    }
}

/// Splits `{"<call>": …, "lang": …}`.
fn asked(json: &[u8]) -> Result<(Cow<'_, str>, Tree<'_>, Locale), CallError> {
    let malformed = |why: &str| CallError::new(Locale::Es, "bad_ask", Retry::No, &[("why", why)]);
    let Tree::Object(mut ask) = Tree::parse(json).map_err(|why| malformed(&why.to_string()))? else { return Err(malformed("{\"<call>\": {…}}")) };
    let locale = ask.remove("lang").and_then(|lang| json::read(&lang).ok()).unwrap_or(Locale::Es);
    let mut calls = ask.into_members();
    match (calls.next(), calls.next()) {
        (Some((name, ask)), None) => Ok((name, ask, locale)),
        _ => Err(malformed("{\"<call>\": {…}}")),
    }
}

/// One call in a function of its own, so that a host which loads the core piece by piece (PHP) loads this call and no other.
#[inline(never)]
fn apart<T: Read>(locale: Locale, ask: Tree, call: impl FnOnce(T) -> Answered) -> Answered {
    call(read(locale, ask)?)
}

/// Reads a call's own shape; unknown fields are refused by name. A value is never repeated in the error: it may be secret.
fn read<T: Read>(locale: Locale, ask: Tree) -> Result<T, CallError> {
    json::read(&ask).map_err(|why| CallError::new(locale, "bad_ask", Retry::No, &[("why", &why.to_string())]))
}

/// Refuses a case that a newer version wrote by its schema, before its fields are looked at: they may be new.
fn known(locale: Locale, ask: &Tree) -> Result<(), CallError> {
    let schema = ask.get("case").and_then(|case| case.get("schema")).and_then(|schema| json::read::<u16>(schema).ok());
    schema.filter(|schema| *schema > CASE_SCHEMA).map_or(Ok(()), |schema| Err(CallError::of(locale, &Refused::NewerSchema(schema))))
}
