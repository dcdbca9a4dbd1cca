//! The eight masks and their penalties (ISO/IEC 18004, 7.8), judged a whole line at a time.

use super::drawing::{Canvas, format_places, put};
use super::{Level, Matrix};

/// The symbol under the mask with the least penalty.
pub(super) fn best(canvas: &Canvas, level: Level) -> Matrix {
    let mut best: Option<(u32, Vec<u128>)> = None;
    for mask in 0..8 {
        let rows = masked(canvas, level, mask, false);
        let columns = masked(canvas, level, mask, true);
        let penalty = penalty(&rows, &columns, canvas.size);
        if best.as_ref().is_none_or(|(least, _)| penalty < *least) {
            best = Some((penalty, rows));
        }
    }
    Matrix { size: canvas.size, rows: best.map(|(_, rows)| rows).unwrap_or_default() }
}

/// Rows, or columns, under a mask, with the format bits that name it.
fn masked(canvas: &Canvas, level: Level, mask: u32, by_column: bool) -> Vec<u128> {
    let (lines, free) = if by_column { (&canvas.columns, &canvas.free_columns) } else { (&canvas.rows, &canvas.free_rows) };
    let patterns = patterns(mask, by_column);
    let mut out: Vec<u128> = lines.iter().zip(free).zip(patterns.iter().cycle()).map(|((line, free), pattern)| line ^ (pattern & free)).collect();
    let format = format_bits(level, mask);
    for places in format_places(canvas.size) {
        for ((x, y), at) in places.into_iter().zip(0..) {
            let (line, place) = if by_column { (x, y) } else { (y, x) };
            put(&mut out, line, place, format >> at & 1 == 1);
        }
    }
    out
}

/// A mask's lines; all of them repeat after twelve lines and six places.
fn patterns(mask: u32, by_column: bool) -> [u128; 12] {
    let mut lines = [0u128; 12];
    for (line, n) in lines.iter_mut().zip(0u32..) {
        let mut six = 0u128;
        // Masks repeat after six columns and twelve rows; along a column twelve places are needed.
        let period = if by_column { 12 } else { 6 };
        for place in 0..period {
            let (x, y) = if by_column { (n, place) } else { (place, n) };
            six |= u128::from(is_inverted(mask, x, y)) << place;
        }
        let mut width = period;
        while width < 128 {
            six |= six << width;
            width *= 2;
        }
        *line = six;
    }
    lines
}

fn is_inverted(mask: u32, x: u32, y: u32) -> bool {
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

fn format_bits(level: Level, mask: u32) -> u32 {
    let data = match level {
        Level::L => 1 << 3 | mask,
        Level::M => mask,
    };
    let rest = (0..10).fold(data, |rest, _| (rest << 1) ^ ((rest >> 9) * 0x537));
    (data << 10 | rest) ^ 0x5412
}

fn penalty(rows: &[u128], columns: &[u128], size: u32) -> u32 {
    let lines = rows.iter().chain(columns).map(|line| runs(*line, size) + finders(*line, size)).sum::<u32>();
    let blocks = rows.iter().zip(rows.iter().skip(1)).map(|(a, b)| squares(*a, *b, size)).sum::<u32>();
    let dark = rows.iter().map(|row| row.count_ones()).sum::<u32>();
    lines + blocks + balance(dark, size * size)
}

/// Three for a run of five alike, one for each more.
fn runs(line: u128, size: u32) -> u32 {
    let alike = !(line ^ line >> 1) & ((1 << (size - 1)) - 1);
    let pairs = alike & alike >> 1;
    let fives = pairs & pairs >> 2;
    fives.count_ones() + 2 * (fives & !(fives << 1)).count_ones()
}

/// Forty for each 1:1:3:1:1, at any scale, with four light units on one side and at least one on the other; outside is light.
fn finders(line: u128, size: u32) -> u32 {
    let all = (1u128 << size) - 1;
    let six = line & line >> 1 & line >> 2 & line >> 3 & line >> 4 & line >> 5;
    // Only a line with six dark in a row can hold the pattern at twice its size or more.
    let scaled = if six == 0 { 0 } else { scaled_finders(line, !line & all, size) };
    let line = line << 4;
    let light = !line;
    let core = line & light >> 1 & line >> 2 & line >> 3 & line >> 4 & light >> 5 & line >> 6 & light >> 7 & light << 1;
    let four = light & light >> 1 & light >> 2 & light >> 3;
    let inside = (1u128 << (size - 2)) - 1;
    let after = core & four >> 7 & inside;
    let before = (core >> 4) & four & inside;
    scaled + 40 * (after.count_ones() + before.count_ones())
}

/// The same at two modules a unit or more.
fn scaled_finders(line: u128, light: u128, size: u32) -> u32 {
    let mut found = 0;
    let mut starts = line & line >> 1 & !(line << 1);
    while starts != 0 {
        let start = starts.trailing_zeros();
        starts &= starts - 1;
        let mut rest = line >> start;
        let unit = rest.trailing_ones();
        let fits = [(unit, true), (unit, false), (3 * unit, true), (unit, false), (unit, true)].into_iter().all(|(wanted, dark)| {
            let run = if dark { rest.trailing_ones() } else { rest.trailing_zeros() };
            rest = rest.checked_shr(run).unwrap_or(0);
            run == wanted
        });
        if fits {
            let end = start + 7 * unit;
            let before = (light.checked_shl(128 - start).unwrap_or(0)).leading_ones();
            let after = (light >> end).trailing_ones();
            let before = if before == start { size } else { before };
            let after = if end + after == size { size } else { after };
            found += 40 * (u32::from(before >= 4 * unit && after >= unit) + u32::from(after >= 4 * unit && before >= unit));
        }
    }
    found
}

/// Three for each square of four alike.
fn squares(a: u128, b: u128, size: u32) -> u32 {
    let across = !(a ^ a >> 1) & !(b ^ b >> 1) & !(a ^ b);
    3 * (across & ((1 << (size - 1)) - 1)).count_ones()
}

/// Ten for each five per cent that dark and light differ from halves.
fn balance(dark: u32, all: u32) -> u32 {
    let off = (dark * 20).abs_diff(all * 10);
    off.div_ceil(all).saturating_sub(1) * 10
}
