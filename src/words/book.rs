//! One subject of the catalogue in every language: files of lines `id=text` in byte order, taken apart while compiling.
//!
//! Every language has the same ids in the same order (the build fails otherwise), so the ids are held once, and a text is found by its line. A page
//! asks for some hundred words: the counted starts of lines make that a few short comparisons each, also where the module was translated to PHP.

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

/// What stands on one side of every line's `=`.
macro_rules! side {
    ($file:literal, $side:expr) => {{
        const SOURCE: &[u8] = include_bytes!($file);
        static KEPT: [u8; $crate::words::book::length(SOURCE, $side)] = $crate::words::book::kept(SOURCE, $side);
        static STARTS: [u16; $crate::words::book::lines(SOURCE)] = $crate::words::book::starts(&KEPT, $side);
        $crate::words::book::Lines::new(&KEPT, &STARTS, $side)
    }};
}

/// Reads the files of a subject, in this folder, while compiling.
macro_rules! book {
    ($spanish:literal, $english:literal, $chinese:literal) => {{
        const _: () = $crate::words::book::same_ids(include_bytes!($spanish), include_bytes!($english));
        const _: () = $crate::words::book::same_ids(include_bytes!($spanish), include_bytes!($chinese));
        $crate::words::book::Book {
            ids: $crate::words::book::side!($spanish, $crate::words::book::Side::Id),
            spanish: $crate::words::book::side!($spanish, $crate::words::book::Side::Text),
            english: $crate::words::book::side!($english, $crate::words::book::Side::Text),
            chinese: $crate::words::book::side!($chinese, $crate::words::book::Side::Text),
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

    /// The number of the line that is this id.
    pub(super) fn find(&self, id: &str) -> Option<usize> {
        let (mut low, mut high) = (0, self.starts.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let start = usize::from(*self.starts.get(middle)?);
            match order(self.text.as_bytes().get(start..)?, id.as_bytes()) {
                Ordering::Equal => return Some(middle),
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// The line of this number.
    pub(super) fn line(&self, number: usize) -> Option<&'static str> {
        let start = usize::from(*self.starts.get(number)?);
        let end = self.starts.get(number + 1).map_or(self.text.len(), |next| usize::from(*next));
        self.text.get(start..end)?.strip_suffix(self.end)
    }

    /// Every line.
    pub(super) fn all(&self) -> impl Iterator<Item = &'static str> {
        self.text.split_terminator(self.end)
    }
}

/// Compares the id that `text` begins with, as a byte-wise sort of whole lines `id=text` does.
fn order(text: &[u8], id: &[u8]) -> Ordering {
    match text.split_at_checked(id.len()) {
        Some((begins, rest)) => begins.cmp(id).then_with(|| rest.first().copied().cmp(&Some(b'='))),
        None => text.cmp(id),
    }
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
        assert!(rest.len() < 65_536, "a file of words is kept under 64 KiB, so that its index stays small");
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

/// Where each line starts.
pub(super) const fn starts<const LINES: usize>(mut text: &[u8], side: Side) -> [u16; LINES] {
    let mut starts = [0; LINES];
    let mut slots: &mut [u16] = &mut starts;
    let (mut place, mut fresh) = (0, true);
    while let Some((byte, rest)) = text.split_first() {
        if fresh {
            let Some((slot, others)) = slots.split_first_mut() else { break };
            *slot = place;
            slots = others;
        }
        fresh = *byte == side.end();
        text = rest;
        place += 1;
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
