//! The symbol before masking: finder, timing and alignment patterns, version bits, and the zigzag of data.
//!
//! A symbol is kept in strips of 64 lanes: one strip up to 64 modules a side, two beyond. The second begins where the first has its last lane, so that
//! neighbours are always within one. The patterns are the same along rows as along columns (all but the format bits, which the masks bring).

/// The most lines that a symbol has.
pub(super) const LANES: usize = 97;
/// How many zeros stand behind the codewords: as much as is taken at once.
pub(super) const BEHIND: usize = 9;
/// Where the second strip begins.
const SECOND: u32 = 63;

/// The lines of each strip; the second has none in a symbol that one strip holds.
type Lines = [Vec<u64>; 2];
/// Where the strips begin.
const ORIGINS: [u32; 2] = [0, SECOND];

/// A symbol in the making: its rows and columns, and which modules hold data.
pub(super) struct Canvas {
    pub size: u32,
    /// Dark modules by row.
    pub rows: Lines,
    /// Dark modules by column.
    pub columns: Lines,
    /// Modules that hold data, and so are masked; the same by row as by column.
    free: Lines,
}

/// Up to 64 lanes of a symbol.
pub(super) struct Strip<'a> {
    /// The first lane.
    pub origin: u32,
    /// The lanes that no other strip counts.
    pub own: u64,
    /// Those with a neighbour to the right.
    pub pairs: u64,
    pub lines: &'a [u64],
    pub free: &'a [u64],
}

impl Canvas {
    pub fn new(version: u32) -> Self {
        let size = version * 4 + 17;
        let lines = |of: u64| [vec![of; size as usize], vec![of; if size > u64::BITS { size as usize } else { 0 }]];
        let mut canvas = Self { size, rows: lines(0), columns: lines(0), free: lines(0) };
        for (free, origin) in canvas.free.iter_mut().zip(ORIGINS) {
            let lanes = u64::MAX >> (u64::BITS - size.saturating_sub(origin).clamp(1, u64::BITS));
            free.fill(lanes);
        }
        canvas.finders();
        canvas.timing();
        canvas.alignment(version);
        canvas.version(version);
        canvas
    }

    /// The strips of rows or columns.
    pub fn strips<'a>(&'a self, lines: &'a Lines) -> impl Iterator<Item = Strip<'a>> {
        let strips = lines.iter().zip(&self.free).zip(ORIGINS).filter(|((lines, _), _)| !lines.is_empty());
        strips.map(|((lines, free), origin)| {
            let width = (self.size - origin).min(u64::BITS);
            let all = u64::MAX >> (u64::BITS - width);
            let (pairs, is_last) = (all >> 1, origin + width == self.size);
            Strip { origin, own: if is_last { all } else { pairs }, pairs, lines, free }
        })
    }

    /// Sets modules of a row from `x` on, as many as `width` has ones; they hold no data any more.
    fn stamp(&mut self, x: u32, y: u32, bits: u64, width: u64) {
        let ([rows, more_rows], [free, more_free]) = (&mut self.rows, &mut self.free);
        if x <= SECOND {
            lay((rows, free), y, bits << x, width << x);
        }
        if !more_rows.is_empty() {
            let moved = |bits: u64| if x < SECOND { bits >> (SECOND - x) } else { bits << (x - SECOND) };
            lay((more_rows, more_free), y, moved(bits), moved(width));
        }
    }

    /// The three finders with their light borders, and the room for the format bits beside them.
    fn finders(&mut self) {
        const FINDER: [u64; 9] = [0x7f, 0x41, 0x5d, 0x5d, 0x5d, 0x41, 0x7f, 0, 0];
        let far = self.size - 8;
        for (bits, y) in FINDER.into_iter().zip(0..) {
            self.stamp(0, y, bits, 0x1ff);
            self.stamp(far, y, bits << 1, 0xff);
            if y < 7 {
                self.stamp(0, far + 1 + y, bits, 0x1ff);
            }
        }
        self.stamp(0, far, 0, 0x1ff);
    }

    fn timing(&mut self) {
        for at in 8..self.size - 8 {
            let bit = u64::from(at % 2 == 0);
            self.stamp(6, at, bit, 1);
        }
        for x in (8..self.size - 8).step_by(8) {
            let width = 0xff >> (x + 16).saturating_sub(self.size).min(8);
            self.stamp(x, 6, 0x55 & width, width);
        }
    }

    fn alignment(&mut self, version: u32) {
        let (size, last) = (self.size, self.size - 7);
        let centres = || centres(version, size);
        for y in centres() {
            for x in centres() {
                if [(6, 6), (6, last), (last, 6)].contains(&(x, y)) {
                    continue;
                }
                for (bits, line) in [0x1f, 0x11, 0x15, 0x11, 0x1f].into_iter().zip(y - 2..) {
                    self.stamp(x - 2, line, bits, 0x1f);
                }
            }
        }
    }

    fn version(&mut self, version: u32) {
        if version < 7 {
            return;
        }
        let rest = (0..12).fold(version, |rest, _| (rest << 1) ^ ((rest >> 11) * 0x1f25));
        let bits = u64::from(version << 12 | rest);
        for at in 0..18 {
            let (near, far, bit) = (self.size - 11 + at % 3, at / 3, bits >> at & 1);
            self.stamp(near, far, bit, 1);
            self.stamp(far, near, bit, 1);
        }
    }

    /// Places codewords, with [`BEHIND`] zeros behind them, in the zigzag from the bottom right; what is left over stays light.
    pub fn place(&mut self, codewords: &[u8]) {
        let mut stream = Stream { bytes: codewords, taken: 0 };
        let mut right = self.size as usize - 1;
        loop {
            let upward = (right + 1) & 2 == 0;
            self.pair(right, upward, &mut stream);
            right = match right {
                8 => 5,
                0..=2 => break,
                right => right - 2,
            };
        }
        self.join();
    }

    /// Fills a column and its left neighbour.
    fn pair(&mut self, right: usize, upward: bool, stream: &mut Stream<'_>) {
        let size = self.size;
        let strips = self.columns.iter_mut().zip(&self.free).zip(ORIGINS);
        let fill = |((columns, free), origin): ((&mut Vec<u64>, &Vec<u64>), u32)| {
            let (Some([left, right]), Some([free_left, free_right])) = (columns.get_mut(right - 1..=right), free.get(right - 1..=right)) else { return };
            // The lane that the strips share is the first strip's.
            let least = u64::from(origin > 0);
            let lanes = (size - origin).min(u64::BITS);
            let inside = u64::MAX >> (u64::BITS as u64 - u64::from(lanes)) & u64::MAX << least;
            let (free_left, free_right) = (free_left & inside, free_right & inside);
            let mut open = free_left | free_right;
            while open != 0 {
                let first = if upward { 63 - open.leading_zeros() } else { open.trailing_zeros() };
                let both = free_left & free_right;
                let run = if upward { (both << (63 - first)).leading_ones() } else { (both >> first).trailing_ones() }.min(32);
                if run == 0 {
                    let bit = stream.take(1) << first;
                    *right |= bit & free_right;
                    *left |= bit & free_left;
                    open &= !(1 << first);
                    continue;
                }
                // Bits go to the right and to the left column by turns, the first ones where the run begins.
                let bits = stream.take(2 * run);
                let (to_right, to_left) = (every_second(bits >> 1), every_second(bits));
                let last = if upward { first + 1 - run } else { first };
                let lay = |bits: u64| if upward { bits << last } else { bits.reverse_bits() >> (64 - run) << last };
                *right |= lay(to_right);
                *left |= lay(to_left);
                open &= !(u64::MAX >> (64 - run) << last);
            }
        };
        if upward { strips.rev().for_each(fill) } else { strips.for_each(fill) }
    }

    /// Brings data and patterns together, by row and by column.
    fn join(&mut self) {
        let [first, second] = &mut self.columns;
        second.iter_mut().zip(first).for_each(|(second, first)| *second |= *first >> SECOND);
        let patterns = self.rows.clone();
        for (rows, x) in self.rows.iter_mut().zip(ORIGINS) {
            for (columns, y) in self.columns.iter().zip(ORIGINS) {
                let mut block = [0; 64];
                block.iter_mut().zip(columns.iter().skip(x as usize)).for_each(|(line, column)| *line = *column);
                turn(&mut block, self.size as usize);
                rows.iter_mut().skip(y as usize).zip(block).for_each(|(row, line)| *row |= line);
            }
        }
        for (columns, patterns) in self.columns.iter_mut().zip(patterns) {
            columns.iter_mut().zip(patterns).for_each(|(column, pattern)| *column |= pattern);
        }
    }
}

/// Sets the modules of a line that `width` has ones for.
fn lay((lines, free): (&mut [u64], &mut [u64]), y: u32, bits: u64, width: u64) {
    if let (Some(line), Some(free)) = (lines.get_mut(y as usize), free.get_mut(y as usize)) {
        *line = *line & !width | bits;
        *free &= !width;
    }
}

/// Makes columns of rows: halves change places, then quarters, down to single bits. Neither rows nor columns beyond `used` hold anything.
fn turn(block: &mut [u64; 64], used: usize) {
    let (mut half, mut mask) = (32, u64::from(u32::MAX));
    while half > 0 {
        for part in block.chunks_mut(2 * half).take(used.div_ceil(2 * half)) {
            let (upper, lower) = part.split_at_mut(half);
            for (upper, lower) in upper.iter_mut().zip(lower) {
                let changed = (*upper >> half ^ *lower) & mask;
                *lower ^= changed;
                *upper ^= changed << half;
            }
        }
        half /= 2;
        mask ^= mask << half;
    }
}

/// The bits at even places, moved together.
fn every_second(bits: u64) -> u64 {
    let mut bits = bits & 0x5555_5555_5555_5555;
    bits = (bits | bits >> 1) & 0x3333_3333_3333_3333;
    bits = (bits | bits >> 2) & 0x0f0f_0f0f_0f0f_0f0f;
    bits = (bits | bits >> 4) & 0x00ff_00ff_00ff_00ff;
    bits = (bits | bits >> 8) & 0x0000_ffff_0000_ffff;
    (bits | bits >> 16) & 0xffff_ffff
}

/// The codewords' bits, highest first.
struct Stream<'a> {
    /// With [`BEHIND`] zeros, so that more can be taken than there is.
    bytes: &'a [u8],
    /// How many bits are taken already.
    taken: usize,
}

impl Stream<'_> {
    /// The next bits, 64 at most, the last one lowest.
    fn take(&mut self, count: u32) -> u64 {
        let Some([eight @ .., ninth]) = self.bytes.get(self.taken / 8..).and_then(|rest| rest.first_chunk::<9>()) else { return 0 };
        let begun = self.taken % 8;
        self.taken += count as usize;
        (u64::from_be_bytes(*eight) << begun | u64::from(*ninth) >> (8 - begun)) >> (64 - count)
    }
}

fn centres(version: u32, size: u32) -> impl Iterator<Item = u32> {
    let count = if version == 1 { 0 } else { version / 7 + 2 };
    let step = if count == 0 { 0 } else { (version * 8 + count * 3 + 5) / (count * 4 - 4) * 2 };
    (0..count).map(move |n| if n + 1 == count { 6 } else { size - 7 - n * step })
}
