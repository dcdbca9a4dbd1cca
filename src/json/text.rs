//! Values as JSON text: compact, members in the order of their names, and nothing escaped that needn't be.

use super::{Tree, Write};
use core::fmt::{self, Display};

impl Display for Tree<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&super::text(self))
    }
}

impl Write for Tree<'_> {
    fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(yes) => yes.write(out),
            Self::Number(digits) => out.push_str(digits),
            Self::Text(text) => text.write(out),
            Self::List(list) => list.write(out),
            Self::Object(object) => {
                let mut mark = '{';
                for (name, value) in object.iter() {
                    out.push(mark);
                    quoted(name, out);
                    out.push(':');
                    value.write(out);
                    mark = ',';
                }
                out.push_str(if mark == '{' { "{}" } else { "}" });
            }
        }
    }
}

/// JSON text that is whole already. What an answer begins with stands before it, unread until it is an answer: most of what is written becomes one,
/// and is then not copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written(String);

/// An answer's beginning, and how much room it has at first.
const ANSWER: &str = "{\"ok\":";
const ROOM: usize = 1_000;

fn answer() -> String {
    let mut text = String::with_capacity(ROOM);
    text.push_str(ANSWER);
    text
}

impl Written {
    /// Of a value.
    #[inline(never)]
    pub fn of(value: &dyn Write) -> Self {
        let mut text = answer();
        value.write(&mut text);
        Self(text)
    }

    /// Of an object with these members, whatever order they stand in; a name has its signs around it, `,"name":`. Names come apart from values, since
    /// they are known while compiling and so cost no code.
    #[inline(never)]
    pub fn object(names: &[&str], values: &[&dyn Write]) -> Self {
        let mut sorted = Vec::with_capacity(names.len());
        for member in names.iter().zip(values) {
            // A sort of the library's would be larger than all of this file.
            let place = sorted.partition_point(|(known, _)| *known < member.0);
            sorted.insert(place, member);
        }
        let mut text = answer();
        let mut is_first = true;
        for (name, value) in sorted {
            member(is_first, name, *value, &mut text);
            is_first = false;
        }
        text.push_str(if is_first { "{}" } else { "}" });
        Self(text)
    }

    /// Of a list.
    #[inline(never)]
    pub fn list(values: &[&dyn Write]) -> Self {
        Self::of(&values)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        self.0.get(ANSWER.len()..).unwrap_or_default()
    }

    /// The answer `{"ok": …}` with it.
    pub fn into_answer(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

impl Display for Written {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl Write for Written {
    fn write(&self, out: &mut String) {
        out.push_str(self.as_str());
    }
}

/// A member under a name of ours, which has nothing to be escaped and its signs around it: one piece of text instead of three.
#[inline(never)]
fn member(is_first: bool, name: &str, value: &dyn Write, out: &mut String) {
    if is_first {
        out.push('{');
        out.push_str(name.get(1..).unwrap_or_default());
    } else {
        out.push_str(name);
    }
    value.write(out);
}

/// An object of these fields, one for each name, names in byte order and each with its signs around it, `,"name":`; a field whose bit is set in
/// `skipped` is left out.
#[inline(never)]
pub fn members(names: &[&str], fields: &[&dyn Write], skipped: u64, out: &mut String) {
    let mut is_first = true;
    for (place, (name, field)) in names.iter().zip(fields).enumerate() {
        if skipped >> place & 1 == 0 {
            member(is_first, name, *field, out);
            is_first = false;
        }
    }
    out.push_str(if is_first { "{}" } else { "}" });
}

/// `{"name": value}`: a variant, or an answer's only member.
#[inline(never)]
pub fn variant(name: &str, value: &dyn Write, out: &mut String) {
    under(name, out);
    value.write(out);
    out.push('}');
}

fn under(name: &str, out: &mut String) {
    out.push_str("{\"");
    out.push_str(name);
    out.push_str("\":");
}

/// A variant with fields of its own, as [`members`] writes them.
#[inline(never)]
pub fn variant_of(name: &str, names: &[&str], fields: &[&dyn Write], skipped: u64, out: &mut String) {
    under(name, out);
    members(names, fields, skipped, out);
    out.push('}');
}

/// `{"name": value}`, to be put into what is written later.
pub fn named(name: &str, value: &dyn Write) -> Written {
    let mut text = answer();
    variant(name, value, &mut text);
    Written(text)
}

/// A list of what stands at the places from the first on.
#[inline(never)]
pub(super) fn listed<'a>(item: &dyn Fn(usize) -> Option<&'a dyn Write>, out: &mut String) {
    let mut mark = '[';
    for item in (0..).map_while(item) {
        out.push(mark);
        item.write(out);
        mark = ',';
    }
    out.push_str(if mark == '[' { "[]" } else { "]" });
}

/// Appends between quotes a name of ours, which has nothing to be escaped.
#[inline(never)]
pub fn plain(name: &str, out: &mut String) {
    out.push('"');
    out.push_str(name);
    out.push('"');
}

/// Appends a text between quotes.
#[inline(never)]
pub(super) fn quoted(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    while let Some((before, after)) = rest.split_at_checked(run(rest.as_bytes())) {
        out.push_str(before);
        let mut letters = after.chars();
        let Some(letter) = letters.next() else { break };
        escaped(letter, out);
        rest = letters.as_str();
    }
    out.push('"');
}

/// How many bytes stand before a quote, a backslash or a control, four at a time: most of what we read and write is such runs.
#[inline(never)]
pub(super) fn run(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    while let Some((four, after)) = rest.split_first_chunk() {
        let four = u32::from_le_bytes(*four);
        let (quotes, slashes) = (four ^ 0x2222_2222, four ^ 0x5c5c_5c5c);
        // The highest bit of a byte is set where the byte is below what is taken from it, and in none before the first such.
        let below = |bytes: u32, least: u32| bytes.wrapping_sub(least) & !bytes;
        if (below(four, 0x2020_2020) | below(quotes, 0x0101_0101) | below(slashes, 0x0101_0101)) & 0x8080_8080 != 0 {
            break;
        }
        rest = after;
    }
    while let [first, after @ ..] = rest {
        if matches!(first, b'"' | b'\\' | 0..=0x1f) {
            break;
        }
        rest = after;
    }
    bytes.len() - rest.len()
}

/// A character that must not stand in a text as it is.
#[inline(never)]
fn escaped(letter: char, out: &mut String) {
    let short = match letter {
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        '\u{8}' => 'b',
        '\u{c}' => 'f',
        '"' | '\\' => letter,
        control => {
            let digit = |four_bits: u32| char::from_digit(four_bits & 15, 16).unwrap_or_default();
            out.push_str("\\u00");
            out.push(digit(u32::from(control) >> 4));
            out.push(digit(u32::from(control)));
            return;
        }
    };
    out.push('\\');
    out.push(short);
}
