//! Writes a page in one language: what comes from people or the catalogue is escaped, only the page's own markup is not.

use crate::names::{Locale, Tone};
use crate::words;

/// A page in the making.
pub(super) struct Html {
    out: String,
    pub(super) locale: Locale,
    pub(super) tone: Tone,
}

/// The places of a sentence and what fills them.
pub(super) type Values<'a> = &'a [(&'a str, &'a str)];

impl Html {
    pub(super) fn new(locale: Locale, tone: Tone) -> Self {
        Self { out: String::with_capacity(28 * 1024), locale, tone }
    }

    /// The page's own markup, as it is.
    pub(super) fn raw(&mut self, markup: &str) -> &mut Self {
        self.out.push_str(markup);
        self
    }

    /// A text from anywhere, escaped.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        words::escape_html(&mut self.out, text);
        self
    }

    /// A sentence of the catalogue, escaped.
    pub(super) fn say(&mut self, id: &str, values: Values<'_>) -> &mut Self {
        words::html(&mut self.out, (self.locale, self.tone), id, values);
        self
    }

    /// A whole element around a sentence: `open` is its opening tag, `close` its closing one.
    pub(super) fn line(&mut self, open: &str, id: &str, values: Values<'_>, close: &str) -> &mut Self {
        self.raw(open).say(id, values).raw(close)
    }

    /// A sentence of the catalogue as text.
    pub(super) fn words(&self, id: &str, values: Values<'_>) -> String {
        words::text(self.locale, self.tone, id, values)
    }

    /// The finished page.
    pub(super) fn finish(self) -> String {
        self.out
    }
}
