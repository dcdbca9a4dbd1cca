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

use crate::names::{Locale, Provider, Tone};
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
static USTED_IDS: Lines = side!(IDS, "shopper.es-PE.usted.txt", Side::Id);
static USTED: Lines = side!(SPANISH, "shopper.es-PE.usted.txt", Side::Text);
/// Where each sentence for shoppers stands there.
static IN_USTED: [u8; BOOKS[0].ids.count()] = book::namesakes(&BOOKS[0].ids, &USTED_IDS);

/// A sentence of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    book: u8,
    line: u16,
}

/// The sentence of an id that is known while compiling; the build stops where there is none.
macro_rules! word {
    ($id:expr) => {
        const { $crate::words::Word::of($id) }
    };
}
pub(crate) use word;

impl Word {
    /// For [`word!`].
    #[allow(clippy::indexing_slicing)] // run by the compiler, which stops at an index out of bounds
    pub(crate) const fn of(id: &str) -> Self {
        let (mut found, mut book) = (None, 0);
        while found.is_none() && book < BOOKS.len() {
            found = BOOKS[book].ids.find(id.as_bytes());
            book += 1;
        }
        Self { book: book as u8 - 1, line: found.expect("no file of the catalogue has this id") as u16 }
    }

    /// The sentence of an id that was put together.
    fn find(id: &str) -> Option<Self> {
        BOOKS.iter().zip(0..).find_map(|(subject, book)| Some(Self { book, line: subject.ids.find(id.as_bytes())? as u16 }))
    }

    /// The sentence with its places filled.
    pub fn text(self, locale: Locale, tone: Tone, values: &[(&str, &str)]) -> String {
        let (sentence, signs) = self.sentence(locale, tone);
        let room = values.iter().fold(sentence.len(), |room, (_, value)| if signs { room + value.len() } else { room });
        let mut out = String::with_capacity(room);
        message::fill(&mut out, (sentence, signs), values, String::push_str);
        out
    }

    /// Appends the sentence to what minds some signs, by what writes them otherwise. The catalogue holds no sign that HTML or JSON minds (a test sees
    /// to it), so that only values are given to it.
    pub(crate) fn put(self, out: &mut String, (locale, tone): (Locale, Tone), values: &[(&str, &str)], escape: fn(&mut String, &str)) {
        message::fill(out, self.sentence(locale, tone), values, escape);
    }

    /// The sentence as the catalogue holds it, and whether it has a place or another sign that means something.
    fn sentence(self, locale: Locale, tone: Tone) -> (&'static str, bool) {
        let number = usize::from(self.line);
        let is_usted = self.book == 0 && tone == Tone::Usted && matches!(locale, Locale::EsPe | Locale::Es);
        let usted = if is_usted { IN_USTED.get(number).and_then(|line| USTED.line(usize::from(*line).checked_sub(1)?)) } else { None };
        usted.or_else(|| in_language(BOOKS.get(usize::from(self.book))?, locale).line(number)).unwrap_or_default()
    }
}

/// The sentence under an id with its places filled. An id that is not in the catalogue comes back as it is, so that a person sees that a word is missing.
pub fn text(locale: Locale, tone: Tone, id: &str, values: &[(&str, &str)]) -> String {
    Word::find(id).map_or_else(|| id.into(), |word| word.text(locale, tone, values))
}

/// A provider's name.
pub fn provider(locale: Locale, provider: Provider) -> &'static str {
    raw(locale, Tone::Tu, &["provider.", provider.name()].concat()).unwrap_or_default()
}

/// The sentence as the catalogue holds it, places unfilled; `None` for an unknown id.
pub fn raw(locale: Locale, tone: Tone, id: &str) -> Option<&'static str> {
    Word::find(id).map(|word| word.sentence(locale, tone).0)
}

/// Every id that begins with `prefix`, with its sentence, places unfilled.
pub fn list(locale: Locale, tone: Tone, prefix: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let words = BOOKS.iter().zip(0..).flat_map(|(subject, book)| subject.ids.all().zip(0..).map(move |(id, line)| (id, Word { book, line })));
    words.filter(move |(id, _)| id.starts_with(prefix)).map(move |(id, word)| (id, word.sentence(locale, tone).0))
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

/// What HTML minds, a bit for each.
const MARKS: u64 = 1 << b'&' | 1 << b'<' | 1 << b'>' | 1 << b'"' | 1 << b'\'';

/// Appends a text to HTML, in element content or in a double-quoted attribute.
pub fn escape_html(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.as_bytes().iter().position(|byte| *byte < 64 && MARKS >> *byte & 1 == 1) {
        let (plain, marked) = rest.split_at_checked(at).unwrap_or_default();
        out.push_str(plain);
        out.push_str(match marked.as_bytes().first() {
            Some(b'&') => "&amp;",
            Some(b'<') => "&lt;",
            Some(b'>') => "&gt;",
            Some(b'"') => "&quot;",
            _ => "&#39;",
        });
        rest = marked.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
}

fn in_language(book: &Book, locale: Locale) -> &Lines {
    match locale {
        Locale::EsPe | Locale::Es => &book.spanish,
        Locale::En => &book.english,
        Locale::ZhCn => &book.chinese,
    }
}
