//! The calls that write pages and mails.

use crate::clock::Instant;
use crate::engine::Letter;
use crate::voucher::{Case, Settings};
use crate::words;

/// A mail's three parts.
pub(super) struct Mail {
    pub subject: String,
    pub html: String,
    pub text: String,
}

/// Writes a mail.
pub(super) fn written(letter: &Letter, case: &Case, settings: &Settings, now: Instant) -> Mail {
    let say = |id: &str| words::text(case.terms.locale, case.terms.tone, id, &[("shop", &settings.shop.name), ("time", &words::time(case.terms.locale, now))]);
    let text = say(letter.kind.name());
    Mail { subject: text.clone(), html: text.clone(), text }
}
