//! Reed-Solomon codewords of a symbol: how many there are, how they are made, and how blocks are woven together.

use super::Level;

/// Correction codewords a block, by version from 1 (ISO/IEC 18004, table 9).
const PER_BLOCK_L: [u8; 20] = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28];
const PER_BLOCK_M: [u8; 20] = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26];
/// Blocks, likewise.
const BLOCKS_L: [u8; 20] = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8];
const BLOCKS_M: [u8; 20] = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];

/// Powers of 2 in GF(256) under x⁸+x⁴+x³+x²+1, twice in a row so that a sum of two logarithms needs no remainder.
const POWERS: [u8; 512] = tables().0;
const LOGARITHMS: [u8; 256] = tables().1;

#[allow(clippy::indexing_slicing)] // run by the compiler, which stops at an index out of bounds
const fn tables() -> ([u8; 512], [u8; 256]) {
    let (mut powers, mut logarithms) = ([0u8; 512], [0u8; 256]);
    let (mut value, mut power) = (1u32, 0);
    while power < 510 {
        powers[power] = value as u8;
        if power < 255 {
            logarithms[value as usize] = power as u8;
        }
        value <<= 1;
        if value > 255 {
            value ^= 0x11d;
        }
        power += 1;
    }
    (powers, logarithms)
}

/// All codewords that a version holds.
pub(super) fn all_codewords(version: u32) -> usize {
    let modules = (16 * version + 128) * version + 64;
    let patterns = if version < 2 {
        0
    } else {
        let aligned = version / 7 + 2;
        (25 * aligned - 10) * aligned - 55 + if version < 7 { 0 } else { 36 }
    };
    ((modules - patterns) / 8) as usize
}

/// Those that hold data.
pub(super) fn data_codewords(version: u32, level: Level) -> usize {
    let (per_block, blocks) = blocks(version, level);
    all_codewords(version) - per_block * blocks
}

fn blocks(version: u32, level: Level) -> (usize, usize) {
    let (per_block, blocks) = match level {
        Level::L => (PER_BLOCK_L, BLOCKS_L),
        Level::M => (PER_BLOCK_M, BLOCKS_M),
    };
    let at = version as usize - 1;
    (per_block.get(at).map_or(0, |n| usize::from(*n)), blocks.get(at).map_or(0, |n| usize::from(*n)))
}

/// Data and correction codewords in the order in which they are placed.
pub(super) fn interleaved(data: &[u8], version: u32, level: Level) -> Vec<u8> {
    let (per_block, count) = blocks(version, level);
    let all = all_codewords(version);
    let short_blocks = count - all % count;
    let short = all / count - per_block;
    let generator = generator(per_block);
    let (first, second) = data.split_at_checked(short * short_blocks).unwrap_or((data, &[]));
    let parts: Vec<&[u8]> = first.chunks(short).chain(second.chunks(short + 1)).collect();
    let corrections: Vec<Vec<u8>> = parts.iter().map(|part| remainder(part, &generator)).collect();
    let mut out = Vec::with_capacity(all);
    for place in 0..=short {
        out.extend(parts.iter().filter_map(|part| part.get(place)));
    }
    for place in 0..per_block {
        out.extend(corrections.iter().filter_map(|part| part.get(place)));
    }
    out
}

/// Logarithms of the generator's coefficients, highest power first, without the leading 1.
fn generator(degree: usize) -> Vec<u8> {
    let mut coefficients = vec![0u8; degree];
    if let Some(last) = coefficients.last_mut() {
        *last = 1;
    }
    for root in 0..degree {
        let mut next = coefficients.clone();
        next.rotate_left(1);
        if let Some(last) = next.last_mut() {
            *last = 0;
        }
        // (x + 2^root) * coefficients: shift, and add each coefficient times the root.
        let factor = POWERS.get(root).copied().unwrap_or_default();
        coefficients.iter_mut().zip(next).for_each(|(c, shifted)| *c = times(*c, factor) ^ shifted);
    }
    coefficients.iter().map(|c| LOGARITHMS.get(usize::from(*c)).copied().unwrap_or_default()).collect()
}

fn times(a: u8, b: u8) -> u8 {
    if a == 0 || b == 0 {
        return 0;
    }
    let log = |value: u8| LOGARITHMS.get(usize::from(value)).map_or(0, |log| usize::from(*log));
    POWERS.get(log(a) + log(b)).copied().unwrap_or_default()
}

fn remainder(data: &[u8], generator: &[u8]) -> Vec<u8> {
    let mut rest = vec![0u8; generator.len()];
    for byte in data {
        let factor = byte ^ rest.first().copied().unwrap_or_default();
        rest.rotate_left(1);
        if let Some(last) = rest.last_mut() {
            *last = 0;
        }
        if factor != 0 {
            let log = LOGARITHMS.get(usize::from(factor)).map_or(0, |log| usize::from(*log));
            for (value, coefficient) in rest.iter_mut().zip(generator) {
                *value ^= POWERS.get(log + usize::from(*coefficient)).copied().unwrap_or_default();
            }
        }
    }
    rest
}
