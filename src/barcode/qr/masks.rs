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
    let mut around = [0; LANES + 2 * MARGIN];
    let (mut least, mut chosen) = (u32::MAX, None);
    for (mask, format) in PATTERNS.iter().zip(if level == Level::L { low } else { medium }) {
        let points = penalty(canvas, mask, format, &mut around);
        if points < least {
            (least, chosen) = (points, Some((mask, format)));
        }
    }
    let mut rows = vec![0u128; canvas.size as usize];
    if let Some(([pattern, _], format)) = chosen {
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
    let mask = pattern.map(|bits| u64::from(bits).wrapping_mul(AGAIN) >> turn);
    for (((line, free), mask), masked) in strip.lines.iter().zip(strip.free).zip(mask.iter().cycle()).zip(&mut *out) {
        *masked = line ^ mask & free;
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

/// `around` has [`MARGIN`] light lines on both sides.
fn penalty(canvas: &Canvas, [by_row, by_column]: &[Pattern; 2], format: u32, around: &mut [u64]) -> u32 {
    let size = canvas.size;
    let (mut points, mut dark) = (0, 0);
    for strip in canvas.strips(&canvas.rows) {
        let (along, inside) = along(&strip, by_row, Crossing::of_rows(format, size), around);
        let (squares, ones) = squares(inside, &strip);
        points += along + 3 * squares;
        dark += ones;
    }
    for strip in canvas.strips(&canvas.columns) {
        points += along(&strip, by_column, Crossing::of_columns(format, size), around).0;
    }
    points + balance(dark, size * size)
}

/// What a strip costs along its lanes, and its lines under the mask.
fn along<'a>(strip: &Strip<'_>, pattern: &Pattern, crossing: Crossing, around: &'a mut [u64]) -> (u32, &'a [u64]) {
    let all = around.get_mut(..strip.lines.len() + 2 * MARGIN).unwrap_or_default();
    if let Some(inside) = all.get_mut(MARGIN..MARGIN + strip.lines.len()) {
        masked(strip, pattern, crossing, inside);
    }
    (runs(all, strip.own), all.get(MARGIN..MARGIN + strip.lines.len()).unwrap_or_default())
}

/// Squares of four alike among pairs of lanes, and how many modules are dark.
fn squares(lines: &[u64], strip: &Strip<'_>) -> (u32, u32) {
    let (mut squares, mut dark) = (0, 0);
    let (mut before, mut level) = (0, 0);
    for line in lines {
        let level_now = !(line ^ line >> 1) & strip.pairs;
        squares += (level & level_now & !(line ^ before)).count_ones();
        dark += (line & strip.own).count_ones();
        (before, level) = (*line, level_now);
    }
    (squares, dark)
}

/// Three for a run of five alike along the lanes, one for each more; forty for each finder.
///
/// Every lane goes through the signs of a run and of a finder by itself, a step a line, so that no line is read twice.
fn runs(around: &[u64], own: u64) -> u32 {
    let (mut longer, mut fresh, mut found) = (0, 0, 0);
    let mut rest = around.get(MARGIN..around.len() - MARGIN).unwrap_or_default();
    // Before the first line nothing is alike.
    let mut before = rest.first().map_or(0, |first| !first);
    let (mut two, mut three, mut four, mut five, mut six, mut ended) = (0, 0, 0, 0, 0, 0);
    // How far a lane came through 1:1:3:1:1 after a light module.
    let [mut f1, mut f11, mut f111, mut f112, mut f113, mut f1131, mut f11311] = [0; 7];
    while let Some((line, after)) = rest.split_first() {
        rest = after;
        let light = !line;
        let core = f11311 & light;
        (f11311, f1131, f113) = (f1131 & line, f113 & light, f112 & line);
        (f112, f111, f11, f1) = (f111 & line, f11 & line, f1 & light, line & !before & own);
        if core != 0 {
            found += quiet(around, around.len() - MARGIN - after.len() - 1, core);
        }
        // Six dark or more, and now two light: perhaps the middle of a finder at a larger scale.
        let middles = ended & light;
        if middles != 0 {
            found += large_finders(around, around.len() - MARGIN - after.len() - 2, middles);
        }
        ended = six & before & light;
        let alike = !(line ^ before) & own;
        let five_now = four & alike;
        longer += five_now.count_ones();
        fresh += (five_now & !five).count_ones();
        (six, five, four, three, two) = (five & alike, five_now, three & alike, two & alike, alike);
        before = *line;
    }
    longer + 2 * fresh + 40 * (found + quiet(around, around.len() - MARGIN, f11311))
}

/// How many of these finders, seen up to the light line behind them, have four light units on a side; outside is light.
fn quiet(around: &[u64], behind: usize, core: u64) -> u32 {
    let Some([b4, b3, b2, .., a2, a3, a4]) = around.get(behind - 11..behind + 4) else { return 0 };
    (core & !(b2 | b3 | b4)).count_ones() + (core & !(a2 | a3 | a4)).count_ones()
}

/// The same for runs that end before this line: six dark with two light and two dark behind, or nine dark and more with three light behind.
fn large_finders(around: &[u64], behind: usize, runs: u64) -> u32 {
    let Some([ninth, eighth, seventh, .., third, fourth]) = around.get(behind - 9..behind + 4) else { return 0 };
    let mut middles = runs & (!seventh & third & fourth | seventh & eighth & ninth & !third);
    let mut found = 0;
    while middles != 0 {
        found += large_finder(around, behind, middles.trailing_zeros());
        middles &= middles - 1;
    }
    found
}

/// How often the run that ends before this line is the middle of a finder at two modules a unit or more.
fn large_finder(around: &[u64], behind: usize, lane: u32) -> u32 {
    let inside = around.get(MARGIN..around.len() - MARGIN).unwrap_or_default();
    let (above, below) = inside.split_at_checked(behind - MARGIN).unwrap_or_default();
    let down = |from: usize, dark: u64| below.iter().skip(from).take_while(|line| *line >> lane & 1 == dark).count();
    let up = |from: usize, dark: u64| above.iter().rev().skip(from).take_while(|line| *line >> lane & 1 == dark).count();
    let middle = up(0, 1);
    let unit = middle / 3;
    let fits = middle == 3 * unit && down(0, 0) == unit && down(unit, 1) == unit && up(middle, 0) == unit && up(middle + unit, 1) == unit;
    if !fits {
        return 0;
    }
    let (before, after) = (up(middle + 2 * unit, 0), down(2 * unit, 0));
    let open = |light: usize, room: usize| if light == room { usize::MAX } else { light };
    let (before, after) = (open(before, above.len() - middle - 2 * unit), open(after, below.len() - 2 * unit));
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
