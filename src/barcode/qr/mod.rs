//! QR codes (ISO/IEC 18004): byte mode, versions 1 to 20, levels L and M, the best of the eight masks.
//!
//! Rows and columns are kept as bits of one `u128` each, so that a mask is judged with a few shifts a line.

mod correction;
mod drawing;
mod masks;

use super::BarcodeError;
use drawing::Canvas;

/// How much of the symbol may be damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// About 7 %.
    L,
    /// About 15 %.
    M,
}

/// The largest version: 97 modules, 858 bytes at level L.
pub const LARGEST_VERSION: u32 = 20;

/// A finished symbol without its quiet zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    size: u32,
    rows: Vec<u128>,
}

impl Matrix {
    /// Modules a side.
    pub fn size(&self) -> u32 {
        self.size
    }

    /// The rows from the top; bit 0 is the leftmost module, 1 is dark.
    pub fn rows(&self) -> impl Iterator<Item = u128> + '_ {
        self.rows.iter().copied()
    }
}

/// Encodes bytes into the smallest version that holds them.
///
/// # Errors
/// [`BarcodeError::Empty`] or [`BarcodeError::TooLong`].
pub fn encode(bytes: &[u8], level: Level) -> Result<Matrix, BarcodeError> {
    if bytes.is_empty() {
        return Err(BarcodeError::Empty);
    }
    let fits = |version: &u32| header_bits(*version) + bytes.len() * 8 <= correction::data_codewords(*version, level) * 8;
    let version = (1..=LARGEST_VERSION).find(fits).ok_or(BarcodeError::TooLong)?;
    let codewords = correction::interleaved(&data(bytes, version, level), version, level);
    let mut canvas = Canvas::new(version);
    canvas.place(&codewords);
    Ok(masks::best(&canvas, level))
}

/// Mode and length of byte mode.
fn header_bits(version: u32) -> usize {
    if version < 10 { 12 } else { 20 }
}

/// The data codewords: mode, length, bytes, terminator, padding.
fn data(bytes: &[u8], version: u32, level: Level) -> Vec<u8> {
    let capacity = correction::data_codewords(version, level);
    let mut out = Vec::with_capacity(capacity + 1);
    let length = bytes.len();
    // Everything is shifted by the half byte of the mode, so that each codeword is made of two neighbours' halves.
    let mut carry = 0b0100u8;
    let mut push = |byte: u8| {
        out.push(carry << 4 | byte >> 4);
        carry = byte & 15;
    };
    if version >= 10 {
        push((length >> 8) as u8);
    }
    push(length as u8);
    bytes.iter().for_each(|byte| push(*byte));
    out.push(carry << 4);
    let mut padding = [0xec, 0x11].into_iter().cycle();
    while out.len() < capacity {
        out.extend(padding.next());
    }
    out
}
