//! The eight masks and their penalties (ISO/IEC 18004, 7.8), judged along all columns or all rows at once.
//!
//! A rule about neighbours along a column becomes a few bitwise operations between rows, one lane a column; along a row the same operations run over the
//! symbol's columns. Nothing here is wider than 64 bits, so that it is one machine word wherever the core runs.

use super::drawing::{Canvas, LANES, Strip};
use super::{Level, Matrix};

/// Light lines around a strip, so that what lies outside counts as light.
const MARGIN: usize = 4;
/// A mask repeats after twelve lines and twelve lanes.
const PERIOD: usize = 12;
/// Twelve lanes, again and again.
const AGAIN: u64 = 1 | 1 << 12 | 1 << 24 | 1 << 36 | 1 << 48 | 1 << 60;

type Pattern = [u16; PERIOD];
/// Each mask along columns and along rows.
const PATTERNS: [[Pattern; 2]; 8] = patterns();
/// The format's 15 bits by mask, level L then M (ISO/IEC 18004, annex C).
const FORMATS: [[u32; 8]; 2] = [formats(1), formats(0)];

/// The symbol under the mask with the least penalty.
pub(super) fn best(canvas: &Canvas, level: Level) -> Matrix {
    let [low, medium] = FORMATS;
    let formats = if level == Level::L { low } else { medium };
    let masks = || PATTERNS.iter().zip(formats);
    let best = masks().min_by_key(|(mask, format)| penalty(canvas, mask, *format));
    let mut rows = vec![0u128; canvas.size as usize];
    if let Some(([pattern, _], format)) = best {
        let mut lines = [0; LANES];
        for strip in canvas.strips(&canvas.rows) {
            masked(&strip, pattern, Crossing::of_rows(format, canvas.size), &mut lines);
            rows.iter_mut().zip(lines).for_each(|(row, line)| *row |= u128::from(line) << strip.origin);
        }
    }
    Matrix { size: canvas.size, rows }
}

/// The format's bits where they cross the lines: all of line 8, and lane 8 of every line.
#[derive(Clone, Copy)]
struct Crossing {
    line: u128,
    lane: u128,
}

impl Crossing {
    fn of_rows(format: u32, size: u32) -> Self {
        let bits = u128::from(format);
        let turned = u128::from(format.reverse_bits() >> 17);
        let near = |bits: u128| bits & 0x3f | (bits >> 6 & 3) << 7;
        let row = near(turned) | (turned >> 7) << (size - 8);
        let column = near(bits) | (bits >> 8) << (size - 7) | 1 << (size - 8);
        Self { line: row, lane: column }
    }

    fn of_columns(format: u32, size: u32) -> Self {
        let Self { line, lane } = Self::of_rows(format, size);
        Self { line: lane, lane: line }
    }
}

/// A strip's lines under a mask, with the format bits that name it.
fn masked(strip: &Strip<'_>, pattern: &Pattern, crossing: Crossing, out: &mut [u64]) {
    let turn = strip.origin % PERIOD as u32;
    for (((line, free), bits), masked) in strip.lines.iter().zip(strip.free).zip(pattern.iter().cycle()).zip(&mut *out) {
        *masked = line ^ (u64::from(*bits).wrapping_mul(AGAIN) >> turn & free);
    }
    if let Some(line) = out.get_mut(8) {
        *line |= (crossing.line >> strip.origin) as u64;
    }
    if strip.origin == 0 {
        let far = strip.lines.len() - 8;
        for (first, bits) in [(0, crossing.lane & 0xff), (far, crossing.lane >> far)] {
            out.iter_mut().skip(first).zip(0..8).for_each(|(line, n)| *line |= (bits as u64 >> n & 1) << 8);
        }
    }
}

fn penalty(canvas: &Canvas, [by_row, by_column]: &[Pattern; 2], format: u32) -> u32 {
    let size = canvas.size;
    let mut lines = [0u64; LANES + 2 * MARGIN];
    let (mut points, mut dark) = (0, 0);
    for (all, pattern, crossing, are_rows) in
        [(&canvas.rows, by_row, Crossing::of_rows(format, size), true), (&canvas.columns, by_column, Crossing::of_columns(format, size), false)]
    {
        for strip in canvas.strips(all) {
            let Some(inside) = lines.get_mut(MARGIN..MARGIN + size as usize) else { continue };
            masked(&strip, pattern, crossing, inside);
            let (along, ones) = runs(inside, &strip, if are_rows { strip.pairs } else { 0 });
            points += along + lines.get(..size as usize + 2 * MARGIN).map_or(0, |around| finders(around, strip.own));
            dark += ones;
        }
    }
    points + balance(dark / 2, size * size)
}

/// Three for a run of five alike along the lanes, one for each more; three for each square of four alike among `pairs`, lanes with their right neighbours.
/// Beside it, how many modules are dark.
fn runs(lines: &[u64], strip: &Strip<'_>, pairs: u64) -> (u32, u32) {
    let (mut points, mut dark) = (0, 0);
    // Before the first line nothing is alike.
    let (mut before, mut level) = (lines.first().map_or(0, |first| !first), 0);
    let (mut two, mut three, mut three_before, mut five) = (0, 0, 0, 0);
    for line in lines {
        let alike = !(line ^ before) & strip.own;
        let (three_now, level_now) = (alike & two, !(line ^ line >> 1) & pairs);
        let five_now = three_now & three_before;
        points += five_now.count_ones() + 2 * (five_now & !five).count_ones() + 3 * (alike & level & level_now).count_ones();
        dark += (line & strip.own).count_ones();
        (before, level, two, three_before, three, five) = (*line, level_now, alike, three, three_now, five_now);
    }
    (points, dark)
}

/// Forty for each 1:1:3:1:1, at any scale, with four light units on one side and at least one on the other; outside is light.
fn finders(around: &[u64], own: u64) -> u32 {
    let mut found = 0;
    for (window, start) in around.windows(7 + 2 * MARGIN).zip(MARGIN..) {
        let [b4, b3, b2, b1, d0, l1, d2, d3, d4, l5, d6, a1, a2, a3, a4] = window else { continue };
        let dark = d0 & d2 & d3 & d4 & !b1 & own;
        let (core, six) = (dark & d6 & !(l1 | l5), dark & l1 & l5 & !b2);
        if core | six == 0 {
            continue;
        }
        let core = core & !a1;
        found += (core & !(b2 | b3 | b4)).count_ones() + (core & !(a2 | a3 | a4)).count_ones();
        // Six dark after two light, with two light behind or nine dark in all, may be the middle of a larger one.
        let mut middles = six & (d6 & a1 & a2 | !(d6 | a1));
        while middles != 0 {
            found += large_finder(around, start, middles.trailing_zeros());
            middles &= middles - 1;
        }
    }
    40 * found
}

/// How often the run that starts here is the middle of a finder at two modules a unit or more.
fn large_finder(around: &[u64], start: usize, lane: u32) -> u32 {
    let inside = around.get(MARGIN..around.len() - MARGIN).unwrap_or_default();
    let (above, below) = inside.split_at_checked(start - MARGIN).unwrap_or_default();
    let down = |from: usize, dark: u64| below.iter().skip(from).take_while(|line| *line >> lane & 1 == dark).count();
    let up = |from: usize, dark: u64| above.iter().rev().skip(from).take_while(|line| *line >> lane & 1 == dark).count();
    let middle = down(0, 1);
    let unit = middle / 3;
    let fits = middle == 3 * unit && up(0, 0) == unit && up(unit, 1) == unit && down(middle, 0) == unit && down(middle + unit, 1) == unit;
    if !fits {
        return 0;
    }
    let (before, after) = (up(2 * unit, 0), down(middle + 2 * unit, 0));
    let open = |light: usize, room: usize| if light == room { usize::MAX } else { light };
    let (before, after) = (open(before, above.len() - 2 * unit), open(after, below.len() - middle - 2 * unit));
    u32::from(before >= 4 * unit && after >= unit) + u32::from(after >= 4 * unit && before >= unit)
}

/// Ten for each five per cent that dark and light differ from halves.
fn balance(dark: u32, all: u32) -> u32 {
    let off = (dark * 20).abs_diff(all * 10);
    off.div_ceil(all).saturating_sub(1) * 10
}

const fn is_inverted(mask: u32, x: u32, y: u32) -> bool {
    match mask {
        0 => (x + y).is_multiple_of(2),
        1 => y.is_multiple_of(2),
        2 => x.is_multiple_of(3),
        3 => (x + y).is_multiple_of(3),
        4 => (x / 3 + y / 2).is_multiple_of(2),
        5 => x * y % 2 + x * y % 3 == 0,
        6 => (x * y % 2 + x * y % 3).is_multiple_of(2),
        _ => ((x + y) % 2 + x * y % 3).is_multiple_of(2),
    }
}

#[allow(clippy::indexing_slicing)] // run by the compiler, which stops at an index out of bounds
const fn patterns() -> [[Pattern; 2]; 8] {
    let mut all = [[[0; PERIOD]; 2]; 8];
    let mut at = 0;
    while at < 8 * PERIOD * PERIOD {
        let (mask, y, x) = (at / (PERIOD * PERIOD), at / PERIOD % PERIOD, at % PERIOD);
        if is_inverted(mask as u32, x as u32, y as u32) {
            all[mask][0][y] |= 1 << x;
            all[mask][1][x] |= 1 << y;
        }
        at += 1;
    }
    all
}

#[allow(clippy::indexing_slicing)] // run by the compiler, which stops at an index out of bounds
const fn formats(level: u32) -> [u32; 8] {
    let mut all = [0; 8];
    let mut mask = 0;
    while mask < 8 {
        let data = level << 3 | mask as u32;
        let (mut rest, mut step) = (data, 0);
        while step < 10 {
            rest = (rest << 1) ^ ((rest >> 9) * 0x537);
            step += 1;
        }
        all[mask] = (data << 10 | rest) ^ 0x5412;
        mask += 1;
    }
    all
}
