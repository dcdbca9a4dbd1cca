//! One subject of the catalogue in every language: files of lines `id=text` in byte order, taken apart while compiling.
//!
//! Every language has the same ids in the same order (the build fails otherwise), so the ids are held once, and a text is found by its line. Whoever knows
//! an id while compiling knows its line too; the others search, by the counted starts of lines.

use core::cmp::Ordering;

/// One subject.
pub(super) struct Book {
    pub(super) ids: Lines,
    pub(super) spanish: Lines,
    pub(super) english: Lines,
    pub(super) chinese: Lines,
}

/// The same side of every line, each with the sign that ends it there, and where each starts.
pub(super) struct Lines {
    text: &'static str,
    starts: &'static [u16],
    end: char,
}

/// Marks the start of a line in which `{`, `#` or `\\` stands; every other line is written as it is.
const SIGNS: u16 = 1 << 15;

/// What stands on one side of every line's `=`. The compiler puts texts of one name side by side, and a language beside itself compresses better.
macro_rules! side {
    ($kept:ident, $file:literal, $side:expr) => {{
        const SOURCE: &[u8] = include_bytes!($file);
        static $kept: [u8; $crate::words::book::length(SOURCE, $side)] = $crate::words::book::kept(SOURCE, $side);
        static STARTS: [u16; $crate::words::book::lines(SOURCE)] = $crate::words::book::starts(&$kept, $side);
        $crate::words::book::Lines::new(&$kept, &STARTS, $side)
    }};
}

/// Reads the files of a subject, in this folder, while compiling.
macro_rules! book {
    ($spanish:literal, $english:literal, $chinese:literal) => {{
        const _: () = $crate::words::book::same_ids(include_bytes!($spanish), include_bytes!($english));
        const _: () = $crate::words::book::same_ids(include_bytes!($spanish), include_bytes!($chinese));
        $crate::words::book::Book {
            ids: $crate::words::book::side!(IDS, $spanish, $crate::words::book::Side::Id),
            spanish: $crate::words::book::side!(SPANISH, $spanish, $crate::words::book::Side::Text),
            english: $crate::words::book::side!(ENGLISH, $english, $crate::words::book::Side::Text),
            chinese: $crate::words::book::side!(CHINESE, $chinese, $crate::words::book::Side::Text),
        }
    }};
}
pub(super) use {book, side};

impl Lines {
    pub(super) const fn new(bytes: &'static [u8], starts: &'static [u16], side: Side) -> Self {
        let end = side.end() as char;
        match core::str::from_utf8(bytes) {
            Ok(text) => Self { text, starts, end },
            Err(_) => Self { text: "", starts: &[], end },
        }
    }

    /// The number of the line that is this id, or the id with which this text begins and that an `=` ends.
    pub(super) const fn find(&self, id: &[u8]) -> Option<usize> {
        let (mut below, mut lines) = (0, self.starts);
        while let Some((before, rest)) = lines.split_at_checked(lines.len() / 2) {
            let Some((start, after)) = rest.split_first() else { break };
            let Some((_, text)) = self.text.as_bytes().split_at_checked(*start as usize) else { break };
            match order(text, id) {
                Ordering::Equal => return Some(below + before.len()),
                Ordering::Less => (below, lines) = (below + before.len() + 1, after),
                Ordering::Greater => lines = before,
            }
        }
        None
    }

    /// How many lines there are.
    pub(super) const fn count(&self) -> usize {
        self.starts.len()
    }

    /// The line of this number, and whether it has a sign that means something.
    pub(super) fn line(&self, number: usize) -> Option<(&'static str, bool)> {
        let start = *self.starts.get(number)?;
        let end = self.starts.get(number + 1).map_or(self.text.len(), |next| usize::from(next & !SIGNS));
        Some((self.text.get(usize::from(start & !SIGNS)..end - 1)?, start & SIGNS != 0))
    }

    /// Every line.
    pub(super) fn all(&self) -> impl Iterator<Item = &'static str> {
        self.text.split_terminator(self.end)
    }
}

/// Compares two ids that an `=` or the text's end ends, as a byte-wise sort of whole lines `id=text` does.
const fn order(mut one: &[u8], mut other: &[u8]) -> Ordering {
    loop {
        let (left, right) = (first(one), first(other));
        if left != right {
            return if left < right { Ordering::Less } else { Ordering::Greater };
        }
        match (one.split_first(), other.split_first()) {
            (Some((_, one_rest)), Some((_, other_rest))) if left != b'=' => (one, other) = (one_rest, other_rest),
            _ => return Ordering::Equal,
        }
    }
}

const fn first(id: &[u8]) -> u8 {
    match id.first() {
        Some(sign) => *sign,
        None => b'=',
    }
}

/// The number of each line's namesake among `others`, counted from 1; 0 where it has none.
#[allow(clippy::indexing_slicing)] // run by the compiler, which stops at an index out of bounds
pub(super) const fn namesakes<const LINES: usize>(lines: &Lines, others: &Lines) -> [u8; LINES] {
    assert!(others.count() < 256, "the numbers of this file's lines take one byte each");
    let mut all = [0; LINES];
    let mut number = 0;
    while number < others.count() {
        let (_, id) = others.text.as_bytes().split_at(others.starts[number] as usize);
        number += 1;
        all[lines.find(id).expect("every line of the usted file has a namesake in tú")] = number as u8;
    }
    all
}

/// A side of a line's first `=`.
#[derive(Clone, Copy)]
pub(super) enum Side {
    /// The id, which the `=` ends: the order of lines is that of `id=`.
    Id,
    /// The text, which the line's end ends.
    Text,
}

impl Side {
    const fn end(self) -> u8 {
        match self {
            Self::Id => b'=',
            Self::Text => b'\n',
        }
    }
}

/// Walks over a file; a line that begins with `#` has no sides.
struct Walk<'a> {
    rest: &'a [u8],
    at: Option<Side>,
    fresh: bool,
}

impl<'a> Walk<'a> {
    const fn of(rest: &'a [u8]) -> Self {
        assert!(rest.len() < SIGNS as usize, "a file of words is kept under 32 KiB, so that its index stays small");
        Self { rest, at: None, fresh: true }
    }

    /// The next byte of this side.
    const fn next(&mut self, side: Side) -> Option<u8> {
        while let Some((byte, rest)) = self.rest.split_first() {
            self.rest = rest;
            if self.fresh {
                self.at = if *byte == b'#' { None } else { Some(Side::Id) };
            }
            self.fresh = *byte == b'\n';
            let here = match (self.at, side) {
                (Some(Side::Id), Side::Id) | (Some(Side::Text), Side::Text) => true,
                (None | Some(_), _) => false,
            };
            if *byte == b'=' && matches!(self.at, Some(Side::Id)) {
                self.at = Some(Side::Text);
            }
            if here {
                return Some(*byte);
            }
        }
        None
    }
}

/// How many bytes a side has.
pub(super) const fn length(file: &[u8], side: Side) -> usize {
    let (mut walk, mut count) = (Walk::of(file), 0);
    while walk.next(side).is_some() {
        count += 1;
    }
    count
}

/// A side's bytes.
pub(super) const fn kept<const LENGTH: usize>(file: &[u8], side: Side) -> [u8; LENGTH] {
    let mut all = [0; LENGTH];
    let mut slots: &mut [u8] = &mut all;
    let mut walk = Walk::of(file);
    while let (Some(byte), Some((slot, others))) = (walk.next(side), slots.split_first_mut()) {
        *slot = byte;
        slots = others;
    }
    all
}

/// How many lines a file has, but for the ones that begin with `#`.
pub(super) const fn lines(file: &[u8]) -> usize {
    let (mut walk, mut count) = (Walk::of(file), 0);
    while let Some(byte) = walk.next(Side::Text) {
        count += (byte == b'\n') as usize;
    }
    count
}

/// Where each line starts, with [`SIGNS`] for one that is more than its text.
pub(super) const fn starts<const LINES: usize>(mut text: &[u8], side: Side) -> [u16; LINES] {
    let mut starts = [0; LINES];
    let mut slots: &mut [u16] = &mut starts;
    let (mut place, mut start, mut signs) = (0, 0, 0);
    while let Some((byte, rest)) = text.split_first() {
        place += 1;
        match *byte {
            end if end == side.end() => {
                let Some((slot, others)) = slots.split_first_mut() else { break };
                *slot = start | signs;
                slots = others;
                (start, signs) = (place, 0);
            }
            b'{' | b'#' | b'\\' => signs = SIGNS,
            _ => {}
        }
        text = rest;
    }
    starts
}

/// Stops the build where two languages differ in an id.
pub(super) const fn same_ids(one: &[u8], other: &[u8]) {
    let (mut one, mut other) = (Walk::of(one), Walk::of(other));
    loop {
        let same = match (one.next(Side::Id), other.next(Side::Id)) {
            (Some(left), Some(right)) => left == right,
            (None, None) => return,
            _ => false,
        };
        assert!(same, "every language has the same ids: see which file of this subject lacks a line");
    }
}
