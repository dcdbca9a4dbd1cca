//! JSON text into a tree (RFC 8259): UTF-8 only, nothing after the value, each name once in an object, at most 64 levels.

use super::text::run;
use super::{Mismatch, Object, Tree};
use std::borrow::Cow;

/// Deeper than any document of ours or of a provider.
const LEVELS: usize = 64;

impl<'t> Tree<'t> {
    /// Reads JSON text.
    ///
    /// # Errors
    /// [`Mismatch`], with the byte at which it stops being JSON.
    pub fn parse(text: &'t [u8]) -> Result<Self, Mismatch> {
        let Ok(whole) = core::str::from_utf8(text) else { return Err(Mismatch::told("not UTF-8")) };
        let mut parser = Parser { text: whole, at: 0 };
        let found = parser.value(0).filter(|_| parser.next() == END && parser.at == text.len());
        found.ok_or_else(|| Mismatch::told(&["not JSON from byte ", &parser.at.to_string()].concat()))
    }
}

/// Room for so many members at first: fewer steps of growing for most objects.
const MEMBERS: usize = 12;

/// Stands for the end of the text; as a byte of it, it is JSON nowhere.
const END: u8 = 0;

/// The text, and how far it was read. `None`, or `false`, means that it isn't JSON from there. What is asked for each byte gives one plain number
/// back: two of them would go by way of memory, which costs a translation of this module more than the byte itself.
struct Parser<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Parser<'t> {
    #[inline(always)]
    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(END)
    }

    /// What comes after blanks; it isn't taken. In what programs write there are none.
    #[inline(always)]
    fn next(&mut self) -> u8 {
        let byte = self.peek();
        if byte > b' ' { byte } else { self.after_blanks() }
    }

    #[inline(never)]
    fn after_blanks(&mut self) -> u8 {
        loop {
            match self.peek() {
                b' ' | b'\t' | b'\n' | b'\r' => self.step(),
                byte => return byte,
            }
        }
    }

    /// Past one byte; no text is so long that this could go around.
    #[inline(always)]
    fn step(&mut self) {
        self.at = self.at.wrapping_add(1);
    }

    /// Takes this byte, or stands still.
    #[inline(always)]
    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == byte;
        if found {
            self.step();
        }
        found
    }

    fn word(&mut self, word: &str, value: Tree<'t>) -> Option<Tree<'t>> {
        self.text.get(self.at..)?.starts_with(word).then(|| {
            self.at += word.len();
            value
        })
    }

    fn value(&mut self, level: usize) -> Option<Tree<'t>> {
        match self.next() {
            b'"' => self.string().map(Tree::Text),
            b'{' if level < LEVELS => self.object(level + 1),
            b'[' if level < LEVELS => self.list(level + 1),
            b'n' => self.word("null", Tree::Null),
            b't' => self.word("true", Tree::Bool(true)),
            b'f' => self.word("false", Tree::Bool(false)),
            _ => self.number(),
        }
    }

    /// From its bracket on.
    fn list(&mut self, level: usize) -> Option<Tree<'t>> {
        self.step();
        let mut list = Vec::new();
        if self.next() == b']' {
            self.step();
            return Some(Tree::List(list));
        }
        loop {
            list.push(self.value(level)?);
            if self.ends(b']')? {
                return Some(Tree::List(list));
            }
        }
    }

    /// From its bracket on.
    fn object(&mut self, level: usize) -> Option<Tree<'t>> {
        self.step();
        if self.next() == b'}' {
            self.step();
            return Some(Tree::Object(Object::default()));
        }
        let mut object = Object(Vec::with_capacity(MEMBERS));
        loop {
            let _ = self.next();
            let start = self.at;
            let name = self.string()?;
            if self.next() != b':' {
                return None;
            }
            self.step();
            let value = self.value(level)?;
            if !object.add(name, value) {
                self.at = start;
                return None;
            }
            if self.ends(b'}')? {
                return Some(Tree::Object(object));
            }
        }
    }

    /// Takes the mark after a value: whether it is this one, or a comma.
    fn ends(&mut self, mark: u8) -> Option<bool> {
        let found = self.next();
        (found == mark || found == b',').then(|| {
            self.step();
            found == mark
        })
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_ascii_digit() {
            self.step();
        }
        (self.at > start).then_some(())
    }

    fn number(&mut self) -> Option<Tree<'t>> {
        let start = self.at;
        let _ = self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if matches!(self.peek(), b'e' | b'E') {
            self.step();
            let _ = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        self.text.get(start..self.at).map(|digits| Tree::Number(digits.into()))
    }

    fn string(&mut self) -> Option<Cow<'t, str>> {
        if !self.take(b'"') {
            return None;
        }
        let start = self.at;
        self.run();
        let text = self.text.get(start..self.at)?;
        if self.take(b'"') { Some(Cow::Borrowed(text)) } else { self.escaped(text.into()) }
    }

    /// The rest of a text in which a backslash stands, from there on.
    #[inline(never)]
    fn escaped(&mut self, mut text: String) -> Option<Cow<'t, str>> {
        while !self.take(b'"') {
            if !self.take(b'\\') {
                return None;
            }
            text.push(self.escape()?);
            let start = self.at;
            self.run();
            text.push_str(self.text.get(start..self.at)?);
        }
        Some(Cow::Owned(text))
    }

    /// Goes to where a quote, a backslash or a control stands.
    #[inline(always)]
    fn run(&mut self) {
        self.at = self.at.wrapping_add(self.text.as_bytes().get(self.at..).map_or(0, run));
    }

    fn escape(&mut self) -> Option<char> {
        let letter = match self.peek() {
            letter @ (b'"' | b'\\' | b'/') => char::from(letter),
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'u' => {
                self.step();
                return self.unicode();
            }
            _ => return None,
        };
        self.step();
        Some(letter)
    }

    /// The character behind `\u`; two halves make one.
    fn unicode(&mut self) -> Option<char> {
        let first = self.unit()?;
        if (0xd800..0xdc00).contains(&first) {
            if !self.take(b'\\') || !self.take(b'u') {
                return None;
            }
            let second = self.unit()?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
            return char::from_u32(0x10000 + ((first - 0xd800) << 10) + second);
        }
        char::from_u32(first)
    }

    fn unit(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        let unit = digits.bytes().try_fold(0, |unit, byte| Some(unit * 16 + char::from(byte).to_digit(16)?))?;
        self.at += 4;
        Some(unit)
    }
}
