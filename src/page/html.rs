//! Writes a page in one language: what comes from people or the catalogue is escaped, only the page's own markup is not.

use crate::names::{Locale, Tone};
use crate::words::{self, Word};

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
    pub(super) fn say(&mut self, word: Word, values: Values<'_>) -> &mut Self {
        word.put(&mut self.out, (self.locale, self.tone), values, words::escape_html);
        self
    }

    /// A text from anywhere, within quotes of JSON that a script element holds.
    pub(super) fn json(&mut self, text: &str) -> &mut Self {
        escape_json(&mut self.out, text);
        self
    }

    /// A sentence of the catalogue in such a place; one of a single line.
    pub(super) fn say_json(&mut self, word: Word, values: Values<'_>) -> &mut Self {
        word.put(&mut self.out, (self.locale, self.tone), values, escape_json);
        self
    }

    /// A whole element around a sentence: `open` is its opening tag, `close` its closing one.
    pub(super) fn line(&mut self, open: &str, word: Word, values: Values<'_>, close: &str) -> &mut Self {
        self.raw(open).say(word, values).raw(close)
    }

    /// A sentence of the catalogue as text.
    pub(super) fn words(&self, word: Word, values: Values<'_>) -> String {
        word.text(self.locale, self.tone, values)
    }

    /// The finished page.
    pub(super) fn finish(self) -> String {
        self.out
    }
}

/// `<` is written by its number, so that no text ends the script element.
fn escape_json(out: &mut String, text: &str) {
    if text.bytes().all(|byte| !matches!(byte, 0..=0x1f | b'"' | b'\\' | b'<')) {
        out.push_str(text);
        return;
    }
    let quoted = crate::json::text(&text);
    let inside = quoted.get(1..quoted.len() - 1).unwrap_or_default();
    out.push_str(&inside.replace('<', "\\u003c"));
}
