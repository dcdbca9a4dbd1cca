//! JSON text into a tree (RFC 8259): UTF-8 only, nothing after the value, each name once in an object, at most 64 levels.

use super::{Mismatch, Object, Tree};

/// Deeper than any document of ours or of a provider.
const LEVELS: usize = 64;

impl Tree {
    /// Reads JSON text.
    ///
    /// # Errors
    /// [`Mismatch`], with the byte at which it stops being JSON.
    pub fn parse(text: &[u8]) -> Result<Self, Mismatch> {
        let Ok(whole) = core::str::from_utf8(text) else { return Err(Mismatch::told("not UTF-8")) };
        let mut parser = Parser { text: whole, at: 0 };
        let found = parser.value(0).filter(|_| {
            parser.blank();
            parser.at == whole.len()
        });
        found.ok_or_else(|| Mismatch::told(&["not JSON from byte ", &parser.at.to_string()].concat()))
    }
}

/// The text, and how far it was read. `None` means that it isn't JSON from there.
struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Takes this byte, or stands still.
    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek() == Some(byte)).then(|| self.at += 1)
    }

    /// Takes this byte after blanks.
    fn mark(&mut self, byte: u8) -> Option<()> {
        self.blank();
        self.take(byte)
    }

    fn word(&mut self, word: &str, value: Tree) -> Option<Tree> {
        self.text.get(self.at..)?.starts_with(word).then(|| {
            self.at += word.len();
            value
        })
    }

    fn value(&mut self, level: usize) -> Option<Tree> {
        self.blank();
        match self.peek()? {
            b'n' => self.word("null", Tree::Null),
            b't' => self.word("true", Tree::Bool(true)),
            b'f' => self.word("false", Tree::Bool(false)),
            b'"' => self.string().map(Tree::Text),
            b'[' if level < LEVELS => self.list(level + 1),
            b'{' if level < LEVELS => self.object(level + 1),
            _ => self.number(),
        }
    }

    fn list(&mut self, level: usize) -> Option<Tree> {
        self.take(b'[')?;
        let mut list = Vec::new();
        if self.mark(b']').is_some() {
            return Some(Tree::List(list));
        }
        loop {
            list.push(self.value(level)?);
            if self.mark(b',').is_none() {
                self.take(b']')?;
                return Some(Tree::List(list));
            }
        }
    }

    fn object(&mut self, level: usize) -> Option<Tree> {
        self.take(b'{')?;
        let mut object = Object::default();
        if self.mark(b'}').is_some() {
            return Some(Tree::Object(object));
        }
        loop {
            self.blank();
            let start = self.at;
            let name = self.string()?;
            self.mark(b':')?;
            let value = self.value(level)?;
            if object.place(name, value).is_some() {
                self.at = start;
                return None;
            }
            if self.mark(b',').is_none() {
                self.take(b'}')?;
                return Some(Tree::Object(object));
            }
        }
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    fn number(&mut self) -> Option<Tree> {
        let start = self.at;
        let _ = self.take(b'-');
        if self.take(b'0').is_none() {
            self.digits()?;
        }
        if self.take(b'.').is_some() {
            self.digits()?;
        }
        if self.take(b'e').or_else(|| self.take(b'E')).is_some() {
            let _ = self.take(b'+').or_else(|| self.take(b'-'));
            self.digits()?;
        }
        self.text.get(start..self.at).map(|digits| Tree::Number(digits.into()))
    }

    fn string(&mut self) -> Option<String> {
        self.take(b'"')?;
        let mut text = String::new();
        loop {
            let start = self.at;
            while !matches!(self.peek()?, b'"' | b'\\' | 0..=0x1f) {
                self.at += 1;
            }
            text.push_str(self.text.get(start..self.at)?);
            if self.take(b'"').is_some() {
                return Some(text);
            }
            self.take(b'\\')?;
            text.push(self.escape()?);
        }
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
