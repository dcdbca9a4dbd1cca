//! Every error that leaves the core: a code for programs, a sentence and a next step for people, and whether trying again can help.

use crate::engine::Refused;
use crate::json::Write;
use crate::providers::RequestError;
use crate::voucher::{Locale, Tone};
use crate::words;

/// Whether trying again can help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Write)]
#[json(rename_all = "snake_case")]
pub enum Retry {
    /// Not without a change.
    No,
    /// Later, unchanged.
    Later,
    /// At once, with the case loaded anew.
    Now,
}

impl Retry {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Later => "later",
            Self::Now => "now",
        }
    }
}

/// An error as every host passes it on.
#[derive(Clone, Debug, PartialEq, Eq, Write)]
pub struct CallError {
    /// For programs; the words are found under `error.<code>`.
    pub code: String,
    /// What is wrong, in the reader's language.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// Whether trying again can help.
    pub retry: Retry,
}

impl CallError {
    /// The error of a code, with what the sentence names.
    pub fn new(locale: Locale, code: &str, retry: Retry, named: &[(&str, &str)]) -> Self {
        let say = |part: &str| words::text(locale, Tone::Tu, &format!("error.{code}.{part}"), named);
        Self { code: code.into(), message: say("message"), help: say("help"), retry }
    }

    /// The engine's refusal, in words.
    pub fn of(locale: Locale, refused: &Refused) -> Self {
        let plain = |code| Self::new(locale, code, Retry::No, &[]);
        match refused {
            Refused::AlreadyPlaced => Self::new(locale, "already_placed", Retry::Now, &[]),
            Refused::NoCase => plain("no_case"),
            Refused::NewerSchema(schema) => Self::new(locale, "newer_schema", Retry::No, &[("schema", &schema.to_string())]),
            Refused::NoChannel => plain("no_channel"),
            Refused::NothingToPay => plain("nothing_to_pay"),
            Refused::UnknownChannel(id) => Self::new(locale, "unknown_channel", Retry::No, &[("channel", id.as_str())]),
            Refused::ReasonNeeded => plain("reason_needed"),
            Refused::NotPossible => plain("not_possible"),
            Refused::TooMuchBack(left) => Self::new(locale, "too_much_back", Retry::No, &[("amount", &left.to_string())]),
            Refused::Malformed(what) => Self::new(locale, "malformed", Retry::No, &[("what", what)]),
            Refused::Unfit(error) => Self::unfit(locale, error),
        }
    }

    fn unfit(locale: Locale, error: &RequestError) -> Self {
        let field = |name: &str| words::text(locale, Tone::Tu, &format!("datum.{name}"), &[]);
        match error {
            RequestError::Missing(name) => Self::new(locale, "missing_field", Retry::No, &[("field", &field(name))]),
            RequestError::Unfit(name) => Self::new(locale, "unfit_field", Retry::No, &[("field", &field(name))]),
            RequestError::Amount => Self::new(locale, "amount", Retry::No, &[]),
            RequestError::Credential(name) => Self::new(locale, "credential", Retry::No, &[("field", name)]),
            RequestError::NoSuchCall => Self::new(locale, "no_such_call", Retry::No, &[]),
        }
    }
}
