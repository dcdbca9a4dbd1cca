//! Symbols as one SVG path of runs: small, crisp at any size, black on white.

use super::code128::Bars;
use super::qr::Matrix;

/// Four modules of white around a QR code (ISO/IEC 18004), ten beside Code 128 (ISO/IEC 15417).
const QR_QUIET: u32 = 4;
const BARS_QUIET: u32 = 10;
/// How tall bars are drawn, in modules.
const BARS_HEIGHT: u32 = 50;

/// A QR code; `title` is what a screen reader says.
pub fn qr(matrix: &Matrix, title: &str) -> String {
    let size = matrix.size() + 2 * QR_QUIET;
    let mut out = String::with_capacity(1_024 + matrix.size() as usize * 96);
    open(&mut out, size, size, title);
    for (row, y) in matrix.rows().zip(QR_QUIET..) {
        let mut bits = row;
        let mut x = QR_QUIET;
        while bits != 0 {
            let gap = bits.trailing_zeros();
            bits >>= gap;
            let run = bits.trailing_ones();
            x += gap;
            dark(&mut out, x, y, run, 1);
            x += run;
            bits = bits.checked_shr(run).unwrap_or(0);
        }
    }
    close(&mut out);
    out
}

/// Bars; `title` is what a screen reader says.
pub fn bars(bars: &Bars, title: &str) -> String {
    let mut out = String::with_capacity(256 + bars.widths.len() * 12);
    open(&mut out, bars.modules + 2 * BARS_QUIET, BARS_HEIGHT, title);
    let mut x = BARS_QUIET;
    for (width, is_bar) in bars.widths.iter().zip([true, false].into_iter().cycle()) {
        let width = u32::from(*width);
        if is_bar {
            dark(&mut out, x, 0, width, BARS_HEIGHT);
        }
        x += width;
    }
    close(&mut out);
    out
}

fn open(out: &mut String, width: u32, height: u32, title: &str) {
    out.push_str("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ");
    number(out, width);
    out.push(' ');
    number(out, height);
    out.push_str("\" role=\"img\" aria-label=\"");
    for c in title.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out.push_str("\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h");
    number(out, width);
    out.push('v');
    number(out, height);
    out.push_str("H0z\"/><path d=\"");
}

/// One dark rectangle.
fn dark(out: &mut String, x: u32, y: u32, width: u32, height: u32) {
    out.push('M');
    number(out, x);
    out.push(' ');
    number(out, y);
    out.push('h');
    number(out, width);
    out.push('v');
    number(out, height);
    out.push_str("h-");
    number(out, width);
    out.push('z');
}

fn close(out: &mut String) {
    out.push_str("\"/></svg>");
}

fn number(out: &mut String, value: u32) {
    if value >= 10 {
        number(out, value / 10);
    }
    out.push(char::from(b'0' + (value % 10) as u8));
}
