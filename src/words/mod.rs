//! Every sentence that a person reads, by id: for shoppers es-PE (tú, usted), en and zh-CN; for merchants es, en and zh-CN.
//!
//! The files beside this one are the catalogue: `shopper.*` for pages and mails, `merchant.*`, `desk.*` and `provider.*` for merchants, each with lines `id=text` in byte order
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
use book::{Book, book};
pub use date::{date, deadline, moment, short_date, time};

static USTED: Book = book!("shopper.es-PE.usted.txt");
static SPANISH: [Book; 6] =
    [book!("shopper.es-PE.txt"), book!("merchant.es.txt"), book!("desk.es.txt"), book!("agent.es.txt"), book!("demo.es.txt"), book!("provider.es.txt")];
static ENGLISH: [Book; 6] =
    [book!("shopper.en.txt"), book!("merchant.en.txt"), book!("desk.en.txt"), book!("agent.en.txt"), book!("demo.en.txt"), book!("provider.en.txt")];
static CHINESE: [Book; 6] = [
    book!("shopper.zh-CN.txt"),
    book!("merchant.zh-CN.txt"),
    book!("desk.zh-CN.txt"),
    book!("agent.zh-CN.txt"),
    book!("demo.zh-CN.txt"),
    book!("provider.zh-CN.txt"),
];

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
    let polite = if is_usted(locale, tone) { USTED.find(id) } else { None };
    polite.or_else(|| books(locale).iter().find_map(|book| book.find(id)))
}

/// Every id that begins with `prefix`, with its sentence, places unfilled.
pub fn list(locale: Locale, tone: Tone, prefix: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let found = books(locale).iter().flat_map(Book::entries).filter(move |(id, _)| id.starts_with(prefix));
    found.map(move |(id, text)| (id, if is_usted(locale, tone) { USTED.find(id).unwrap_or(text) } else { text }))
}

/// The ids that the usted file holds; each must exist in tú.
pub fn usted_ids() -> impl Iterator<Item = &'static str> {
    USTED.entries().map(|(id, _)| id)
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

fn is_usted(locale: Locale, tone: Tone) -> bool {
    tone == Tone::Usted && matches!(locale, Locale::EsPe | Locale::Es)
}

fn books(locale: Locale) -> &'static [Book] {
    match locale {
        Locale::EsPe | Locale::Es => &SPANISH,
        Locale::En => &ENGLISH,
        Locale::ZhCn => &CHINESE,
    }
}
