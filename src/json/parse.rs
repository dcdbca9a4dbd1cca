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
        let found = parser.value(0).filter(|_| parser.next().is_none());
        found.ok_or_else(|| Mismatch::told(&["not JSON from byte ", &parser.at.to_string()].concat()))
    }
}

/// The text, and how far it was read. `None` means that it isn't JSON from there.
struct Parser<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Parser<'t> {
    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// What comes after blanks; it isn't taken.
    #[inline(never)]
    fn next(&mut self) -> Option<u8> {
        loop {
            match self.peek()? {
                byte if byte > b' ' => return Some(byte),
                b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                byte => return Some(byte),
            }
        }
    }

    /// Takes this byte, or stands still.
    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek() == Some(byte)).then(|| self.at += 1)
    }

    fn word(&mut self, word: &str, value: Tree<'t>) -> Option<Tree<'t>> {
        self.text.get(self.at..)?.starts_with(word).then(|| {
            self.at += word.len();
            value
        })
    }

    fn value(&mut self, level: usize) -> Option<Tree<'t>> {
        match self.next()? {
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
        self.at += 1;
        let mut list = Vec::new();
        if self.next() == Some(b']') {
            self.at += 1;
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
        self.at += 1;
        let mut object = Object::default();
        if self.next() == Some(b'}') {
            self.at += 1;
            return Some(Tree::Object(object));
        }
        loop {
            let _ = self.next();
            let start = self.at;
            let name = self.string()?;
            let _ = self.next();
            self.take(b':')?;
            let value = self.value(level)?;
            if object.place(name, value).is_some() {
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
        let found = self.next()?;
        (found == mark || found == b',').then(|| {
            self.at += 1;
            found == mark
        })
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    fn number(&mut self) -> Option<Tree<'t>> {
        let start = self.at;
        let _ = self.take(b'-');
        if self.take(b'0').is_none() {
            self.digits()?;
        }
        if self.take(b'.').is_some() {
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            let _ = self.take(b'+').or_else(|| self.take(b'-'));
            self.digits()?;
        }
        self.text.get(start..self.at).map(|digits| Tree::Number(digits.into()))
    }

    fn string(&mut self) -> Option<Cow<'t, str>> {
        self.take(b'"')?;
        let mut text = Cow::Borrowed(self.run()?);
        while self.take(b'"').is_none() {
            self.take(b'\\')?;
            let letter = self.escape()?;
            let more = self.run()?;
            let text = text.to_mut();
            text.push(letter);
            text.push_str(more);
        }
        Some(text)
    }

    /// The text up to where a quote, a backslash or a control stands.
    fn run(&mut self) -> Option<&'t str> {
        let rest = self.text.get(self.at..)?;
        let length = run(rest.as_bytes());
        self.at += length;
        rest.get(..length)
    }

    fn escape(&mut self) -> Option<char> {
        let letter = match self.peek()? {
            letter @ (b'"' | b'\\' | b'/') => char::from(letter),
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'u' => {
                self.at += 1;
                return self.unicode();
            }
            _ => return None,
        };
        self.at += 1;
        Some(letter)
    }

    /// The character behind `\u`; two halves make one.
    fn unicode(&mut self) -> Option<char> {
        let first = self.unit()?;
        if (0xd800..0xdc00).contains(&first) {
            self.take(b'\\')?;
            self.take(b'u')?;
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
