//! One file of the catalogue: lines `id=text` in byte order, with the starts of its lines counted while compiling.
//!
//! A page asks for some hundred words. The index makes that a few short comparisons each, also where the module was translated to PHP.

use core::cmp::Ordering;

/// One file of words.
pub(super) struct Book {
    text: &'static str,
    starts: &'static [u16],
}

/// Reads a file of this folder while compiling.
macro_rules! book {
    ($file:literal) => {{
        const TEXT: &str = include_str!($file);
        static STARTS: [u16; $crate::words::book::lines(TEXT.as_bytes())] = $crate::words::book::starts(TEXT.as_bytes());
        $crate::words::book::Book::new(TEXT, &STARTS)
    }};
}
pub(super) use book;

impl Book {
    pub(super) const fn new(text: &'static str, starts: &'static [u16]) -> Self {
        Self { text, starts }
    }

    /// The text under an id.
    pub(super) fn find(&self, id: &str) -> Option<&'static str> {
        let (mut low, mut high) = (0, self.starts.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let start = usize::from(*self.starts.get(middle)?);
            match order(self.text.as_bytes().get(start..)?, id.as_bytes()) {
                Ordering::Equal => return self.line(middle)?.get(id.len() + 1..),
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// Every id with its text; the first line, which says what lives in the file, has none.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.text.lines().filter_map(|line| line.split_once('=')).filter(|(id, _)| !id.starts_with('#'))
    }

    fn line(&self, number: usize) -> Option<&'static str> {
        let start = usize::from(*self.starts.get(number)?);
        let end = self.starts.get(number + 1).map_or(self.text.len(), |next| usize::from(*next));
        self.text.get(start..end).map(|line| line.trim_end_matches('\n'))
    }
}

/// Compares the id of the line that `text` begins with, as a byte-wise sort of whole lines does.
fn order(text: &[u8], id: &[u8]) -> Ordering {
    match text.split_at_checked(id.len()) {
        Some((begins, rest)) => begins.cmp(id).then_with(|| rest.first().copied().cmp(&Some(b'='))),
        None => text.cmp(id),
    }
}

/// How many lines a text has.
pub(super) const fn lines(mut text: &[u8]) -> usize {
    assert!(text.len() < 65_536, "a file of words is kept under 64 KiB, so that its index stays small");
    let mut count = 0;
    while let Some((byte, rest)) = text.split_first() {
        count += (*byte == b'\n') as usize;
        text = rest;
    }
    count
}

/// Where each line starts.
pub(super) const fn starts<const LINES: usize>(mut text: &[u8]) -> [u16; LINES] {
    let mut starts = [0; LINES];
    let mut slots: &mut [u16] = &mut starts;
    let (mut place, mut fresh) = (0, true);
    while let Some((byte, rest)) = text.split_first() {
        if fresh {
            if let Some((slot, others)) = slots.split_first_mut() {
                *slot = place;
                slots = others;
            } else {
                break;
            }
        }
        fresh = *byte == b'\n';
        text = rest;
        place += 1;
    }
    starts
}
