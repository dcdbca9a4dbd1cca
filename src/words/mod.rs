//! Every sentence that a person reads, by id: for shoppers es-PE (tú, usted), en and zh-CN; for merchants es, en and zh-CN.
//!
//! The files beside this one are the catalogue: `shopper.*` for pages and mails, `merchant.*`, `desk.*`, `admin.*` and `provider.*` for merchants, each with lines `id=text` in byte order
//! (`LC_ALL=C sort -o FILE FILE` puts a new line in its place). The `usted` file holds only what differs from tú. No sentence holds HTML;
//! [`escape_html`] is for the place where one becomes part of a page.
//!
//! ```
//! use efectivo::names::{Locale, Tone};
//! use efectivo::words;
//! let line = words::text(Locale::EsPe, Tone::Tu, "order.line", &[("order", "1001"), ("shop", "Quipu")]);
//! assert_eq!(line, "Pedido 1001 en Quipu");
//! let left = |d| words::text(Locale::EsPe, Tone::Tu, "countdown", &[("d", d), ("h", "3"), ("m", "5")]);
//! assert_eq!((left("0").as_str(), left("1").as_str(), left("2").as_str()), ("3 h 5 min", "1 día 3 h 5 min", "2 días 3 h 5 min"));
//! ```

mod book;
mod date;
mod message;

use crate::names::{Locale, Tone};
use book::{Book, Lines, Side, book, side};
pub use date::{date, deadline, moment, short_date, time};

static BOOKS: [Book; 7] = [
    book!("shopper.es-PE.txt", "shopper.en.txt", "shopper.zh-CN.txt"),
    book!("merchant.es.txt", "merchant.en.txt", "merchant.zh-CN.txt"),
    book!("desk.es.txt", "desk.en.txt", "desk.zh-CN.txt"),
    book!("agent.es.txt", "agent.en.txt", "agent.zh-CN.txt"),
    book!("demo.es.txt", "demo.en.txt", "demo.zh-CN.txt"),
    book!("provider.es.txt", "provider.en.txt", "provider.zh-CN.txt"),
    book!("admin.es.txt", "admin.en.txt", "admin.zh-CN.txt"),
];

/// Only what differs from tú has a line here.
static USTED_IDS: Lines = side!("shopper.es-PE.usted.txt", Side::Id);
static USTED: Lines = side!("shopper.es-PE.usted.txt", Side::Text);

/// The sentence under an id with its places filled. An id that is not in the catalogue comes back as it is, so that a person sees that a word is missing.
pub fn text(locale: Locale, tone: Tone, id: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::new();
    message::fill(&mut out, raw(locale, tone, id).unwrap_or(id), values, String::push_str);
    out
}

/// Appends the sentence under an id to HTML. The catalogue holds no sign that HTML minds (a test sees to it), so that only values are escaped.
pub fn html(out: &mut String, (locale, tone): (Locale, Tone), id: &str, values: &[(&str, &str)]) {
    match raw(locale, tone, id) {
        Some(sentence) => message::fill(out, sentence, values, escape_html),
        None => escape_html(out, id),
    }
}

/// The sentence as the catalogue holds it, places unfilled; `None` for an unknown id.
pub fn raw(locale: Locale, tone: Tone, id: &str) -> Option<&'static str> {
    usted(locale, tone, id).or_else(|| BOOKS.iter().find_map(|book| in_language(book, locale).line(book.ids.find(id)?)))
}

/// Every id that begins with `prefix`, with its sentence, places unfilled.
pub fn list(locale: Locale, tone: Tone, prefix: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let found = BOOKS.iter().flat_map(move |book| book.ids.all().zip(in_language(book, locale).all())).filter(move |(id, _)| id.starts_with(prefix));
    found.map(move |(id, text)| (id, usted(locale, tone, id).unwrap_or(text)))
}

/// The ids that the usted file holds; each must exist in tú.
pub fn usted_ids() -> impl Iterator<Item = &'static str> {
    USTED_IDS.all()
}

/// The language's tag for HTML.
pub fn tag(locale: Locale) -> &'static str {
    match locale {
        Locale::EsPe => "es-PE",
        Locale::Es => "es",
        Locale::En => "en",
        Locale::ZhCn => "zh-CN",
    }
}

/// Appends a text to HTML, in element content or in a double-quoted attribute.
pub fn escape_html(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.as_bytes().iter().position(|byte| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'')) {
        let (plain, marked) = rest.split_at_checked(at).unwrap_or_default();
        let mut chars = marked.chars();
        out.push_str(plain);
        out.push_str(match chars.next() {
            Some('&') => "&amp;",
            Some('<') => "&lt;",
            Some('>') => "&gt;",
            Some('"') => "&quot;",
            _ => "&#39;",
        });
        rest = chars.as_str();
    }
    out.push_str(rest);
}

/// The sentence as usted has it, where that differs and is asked for.
fn usted(locale: Locale, tone: Tone, id: &str) -> Option<&'static str> {
    let asked = tone == Tone::Usted && matches!(locale, Locale::EsPe | Locale::Es);
    if asked { USTED.line(USTED_IDS.find(id)?) } else { None }
}

fn in_language(book: &Book, locale: Locale) -> &Lines {
    match locale {
        Locale::EsPe | Locale::Es => &book.spanish,
        Locale::En => &book.english,
        Locale::ZhCn => &book.chinese,
    }
}
