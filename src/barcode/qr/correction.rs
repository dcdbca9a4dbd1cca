//! Reed-Solomon codewords of a symbol: how many there are, how they are made, and how blocks are woven together.

use super::Level;
use super::drawing::BEHIND;

/// Correction codewords a block, by version from 1 (ISO/IEC 18004, table 9).
const PER_BLOCK_L: [u8; 20] = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28];
const PER_BLOCK_M: [u8; 20] = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26];
/// Blocks, likewise.
const BLOCKS_L: [u8; 20] = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8];
const BLOCKS_M: [u8; 20] = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];

/// A polynomial's coefficients, one a byte, the highest power in the first word's highest byte.
type Words = [u64; 4];
/// The numbers of correction codewords that a block can have, and their generators without the leading 1.
const GENERATORS: [(u8, Words); 11] = generators([7, 10, 15, 16, 18, 20, 22, 24, 26, 28, 30]);

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

/// Data and correction codewords in the order in which they are placed, with [`BEHIND`] zeros behind them.
pub(super) fn interleaved(data: &[u8], version: u32, level: Level) -> Vec<u8> {
    let (per_block, count) = blocks(version, level);
    let all = all_codewords(version);
    let short_blocks = count - all % count;
    let short = all / count - per_block;
    let multiples = multiples(per_block);
    let mut out = vec![0; all + BEHIND];
    let mut rest = data;
    for block in 0..count {
        let is_long = block >= short_blocks;
        let (part, others) = rest.split_at_checked(short + usize::from(is_long)).unwrap_or((rest, &[]));
        rest = others;
        let mut place = block;
        for byte in part.iter().take(short) {
            put(&mut out, place, *byte);
            place += count;
        }
        // The last codewords of the long blocks stand together.
        if let (true, Some(last)) = (is_long, part.last()) {
            put(&mut out, short * count + block - short_blocks, *last);
        }
        place = data.len() + block;
        let mut left = per_block;
        for word in remainder(part, &multiples) {
            for byte in word.to_be_bytes().into_iter().take(left) {
                put(&mut out, place, byte);
                place += count;
            }
            left = left.saturating_sub(8);
        }
    }
    out
}

fn put(out: &mut [u8], place: usize, byte: u8) {
    if let Some(slot) = out.get_mut(place) {
        *slot = byte;
    }
}

/// The generator of this degree times each value of a byte's lower half, then of its upper half.
fn multiples(degree: usize) -> [Words; 32] {
    let mut all = [[0; 4]; 32];
    let generator = GENERATORS.iter().find(|(known, _)| usize::from(*known) == degree);
    let mut power = generator.map_or([0; 4], |(_, words)| *words);
    for half in all.chunks_exact_mut(16) {
        for bit in 0..4 {
            let (known, new) = half.split_at_mut(1 << bit);
            new.iter_mut().zip(known).for_each(|(new, known)| *new = added(known, &power));
            power = power.map(doubled);
        }
    }
    all
}

/// What is left of a block, moved up by the degree, when it is divided by the generator.
fn remainder(data: &[u8], multiples: &[Words; 32]) -> Words {
    let (lower, upper) = multiples.split_at(16);
    let [mut a, mut b, mut c, mut d] = [0u64; 4];
    for byte in data {
        let factor = usize::from(byte ^ (a >> 56) as u8);
        if let (Some(low), Some(high)) = (lower.get(factor & 15), upper.get(factor >> 4)) {
            let [la, lb, lc, ld] = low;
            let [ha, hb, hc, hd] = high;
            a = (a << 8 | b >> 56) ^ la ^ ha;
            b = (b << 8 | c >> 56) ^ lb ^ hb;
            c = (c << 8 | d >> 56) ^ lc ^ hc;
            d = d << 8 ^ ld ^ hd;
        }
    }
    [a, b, c, d]
}

fn added([a, b, c, d]: &Words, [e, f, g, h]: &Words) -> Words {
    [a ^ e, b ^ f, c ^ g, d ^ h]
}

/// Eight elements of GF(256) under x⁸+x⁴+x³+x²+1, each times 2.
const fn doubled(eight: u64) -> u64 {
    const TOPS: u64 = 0x8080_8080_8080_8080;
    let tops = (eight & TOPS) >> 7;
    (eight & !TOPS) << 1 ^ tops ^ tops << 2 ^ tops << 3 ^ tops << 4
}

#[allow(clippy::indexing_slicing)] // run by the compiler, which stops at an index out of bounds
const fn generators<const COUNT: usize>(degrees: [u8; COUNT]) -> [(u8, Words); COUNT] {
    let mut all = [(0, [0; 4]); COUNT];
    let mut at = 0;
    while at < COUNT {
        all[at] = (degrees[at], generator(degrees[at]));
        at += 1;
    }
    all
}

/// The product of (x + 2^n) for every n below the degree.
#[allow(clippy::indexing_slicing)] // likewise
const fn generator(degree: u8) -> Words {
    let mut bytes = [0u8; 32];
    bytes[degree as usize - 1] = 1;
    let (mut root, mut n) = (1u8, 0);
    while n < degree {
        let mut at = 0;
        while at < degree as usize {
            let next = if at + 1 < degree as usize { bytes[at + 1] } else { 0 };
            bytes[at] = times(bytes[at], root) ^ next;
            at += 1;
        }
        root = doubled(root as u64) as u8;
        n += 1;
    }
    let mut words = [0u64; 4];
    let mut at = 0;
    while at < 32 {
        words[at / 8] |= (bytes[at] as u64) << (56 - at % 8 * 8);
        at += 1;
    }
    words
}

const fn times(a: u8, b: u8) -> u8 {
    let (mut product, mut left, mut right) = (0, a as u64, b);
    while right > 0 {
        product ^= if right & 1 == 1 { left as u8 } else { 0 };
        left = doubled(left);
        right >>= 1;
    }
    product
}
