//! Symbols as 1-bit PNG (ISO/IEC 15948), for mails and screens that take no SVG.
//!
//! The image data is stored, not compressed: a QR code is 5 KB so, and no compressor has to travel with the core.

use super::code128::Bars;
use super::qr::Matrix;

const QR_QUIET: u32 = 4;
const BARS_QUIET: u32 = 10;
/// A stored deflate block holds at most this many bytes (RFC 1951, 3.2.4).
const BLOCK: usize = 65_535;

/// A QR code with its quiet zone, `scale` pixels a module.
pub fn qr(matrix: &Matrix, scale: u32) -> Vec<u8> {
    let size = (matrix.size() + 2 * QR_QUIET) * scale;
    let blank = |count: u32| core::iter::repeat_n(0u128, count as usize);
    let rows = blank(QR_QUIET).chain(matrix.rows().map(|row| row << QR_QUIET)).chain(blank(QR_QUIET));
    let mut lines = Vec::new();
    for row in rows {
        let line = packed((0..size).map(|x| row >> (x / scale) & 1 == 1));
        (0..scale).for_each(|_| lines.extend_from_slice(&line));
    }
    image(size, size, &lines)
}

/// Bars with their quiet zones, `scale` pixels a module, `height` pixels tall.
pub fn bars(bars: &Bars, scale: u32, height: u32) -> Vec<u8> {
    let width = (bars.modules() + 2 * BARS_QUIET) * scale;
    let runs = bars.widths().zip([true, false].into_iter().cycle());
    let drawn = runs.flat_map(|(width, is_bar)| core::iter::repeat_n(is_bar, usize::from(width) * scale as usize));
    let quiet = || core::iter::repeat_n(false, (BARS_QUIET * scale) as usize);
    let line = packed(quiet().chain(drawn).chain(quiet()));
    image(width, height, &line.repeat(height as usize))
}

/// One scan line: the filter byte 0, then eight pixels a byte, dark as 0.
fn packed(dark: impl Iterator<Item = bool>) -> Vec<u8> {
    let mut line = vec![0];
    let (mut byte, mut filled) = (0u8, 0);
    for dark in dark {
        byte = byte << 1 | u8::from(!dark);
        filled += 1;
        if filled == 8 {
            line.push(byte);
            (byte, filled) = (0, 0);
        }
    }
    if filled > 0 {
        line.push(byte << (8 - filled));
    }
    line
}

fn image(width: u32, height: u32, lines: &[u8]) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([1, 0, 0, 0, 0]); // 1 bit, greyscale, deflate, no filter choice, not interlaced
    chunk(&mut out, b"IHDR", &header);
    chunk(&mut out, b"IDAT", &stored(lines));
    chunk(&mut out, b"IEND", &[]);
    out
}

fn chunk(out: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    out.extend((data.len() as u32).to_be_bytes());
    out.extend_from_slice(kind);
    out.extend_from_slice(data);
    let crc = kind
        .iter()
        .chain(data)
        .fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 }));
    out.extend((!crc).to_be_bytes());
}

fn stored(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let count = data.chunks(BLOCK).count();
    for (block, place) in data.chunks(BLOCK).zip(1..) {
        let length = block.len() as u16;
        out.push(u8::from(place == count));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend_from_slice(block);
    }
    let (low, high) = data.iter().fold((1u32, 0u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    out.extend((high << 16 | low).to_be_bytes());
    out
}
