//! Symbols as one stroked SVG path: small, crisp at any size, black on white.
//!
//! Dark runs are drawn as strokes, `h3`, and light ones skipped, `m2 0`, so that a run takes a few bytes wherever it stands.

use super::code128::Bars;
use super::qr::Matrix;

/// Four modules of white around a QR code (ISO/IEC 18004), ten beside Code 128 (ISO/IEC 15417).
const QR_QUIET: u32 = 4;
const BARS_QUIET: u32 = 10;

/// What stands before the path, up to each place that isn't the same in every picture: the width, the title, the width again, the path itself.
struct Frame {
    parts: [&'static str; 4],
    /// Whether the height is the width, and so stands behind it.
    is_square: bool,
}

/// It begins half a module above: a stroke of one module then runs on whole numbers.
const QR: Frame = Frame {
    parts: [
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 -.5 ",
        "\" role=\"img\" aria-label=\"",
        "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 -.5h",
        "H0z\"/><path stroke=\"#000\" stroke-width=\"1\" d=\"",
    ],
    is_square: true,
};

/// Bars begin behind [`BARS_QUIET`] modules of white and are fifty modules tall; their stroke runs along the middle.
const BARS: Frame = Frame {
    parts: [
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ",
        " 50\" role=\"img\" aria-label=\"",
        "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h",
        "v50H0z\"/><path stroke=\"#000\" stroke-width=\"50\" d=\"M10 25",
    ],
    is_square: false,
};

/// The stop symbol, 2331112.
const STOP: &str = "h2m3 0h3m1 0h1m1 0h2";

/// A QR code; `title` is what a screen reader says.
pub fn qr(matrix: &Matrix, title: &str) -> String {
    let size = matrix.size() + 2 * QR_QUIET;
    let lines = matrix.size() as usize;
    // Beside a row's beginning, a light module and a dark one take six bytes at most.
    let mut pen = Pen::new(title, lines * (lines * 3 + 16));
    pen.open(&QR, size, title);
    for (row, y) in matrix.rows().zip(QR_QUIET..) {
        pen.mark(b'M', QR_QUIET);
        pen.mark(b' ', y);
        let (mut is_dark, mut from, mut light) = (false, 0, 0);
        // Every bit of this is a change of colour; the last one leads back to light.
        let changes = row ^ row << 1;
        for (half, start) in [(changes as u64, 0), ((changes >> u64::BITS) as u64, u64::BITS)] {
            let mut left = half;
            while left != 0 {
                let at = start + left.trailing_zeros();
                left &= left - 1;
                if is_dark {
                    pen.pair(light, at - from);
                } else {
                    light = at - from;
                }
                (from, is_dark) = (at, !is_dark);
            }
        }
    }
    pen.close()
}

/// Bars; `title` is what a screen reader says.
pub fn bars(bars: &Bars, title: &str) -> String {
    let symbols = bars.packed();
    let mut pen = Pen::new(title, symbols.len() * 18 + 32);
    pen.open(&BARS, bars.modules() + 2 * BARS_QUIET, title);
    symbols.for_each(|widths| pen.symbol(widths));
    pen.text(STOP);
    pen.close()
}

/// Writes into room that is there already: eight bytes at a time, of which the next ones write over what was too much.
struct Pen {
    out: Vec<u8>,
    at: usize,
}

impl Pen {
    /// Room for a picture with this title and so many bytes of path.
    fn new(title: &str, path: usize) -> Self {
        Self { out: vec![0; 256 + title.len() * 6 + path], at: 0 }
    }

    /// Everything before the first run.
    fn open(&mut self, frame: &Frame, width: u32, title: &str) {
        let [begin, label, white, path] = frame.parts;
        self.text(begin);
        self.number(width);
        if frame.is_square {
            self.mark(b' ', width);
        }
        self.text(label);
        self.escaped(title);
        self.text(white);
        self.number(width);
        if frame.is_square {
            self.mark(b'v', width);
        }
        self.text(path);
    }

    fn close(mut self) -> String {
        self.text("\"/></svg>");
        self.out.truncate(self.at);
        String::from_utf8(self.out).expect("whole texts and ASCII signs were written")
    }

    fn escaped(&mut self, title: &str) {
        let mut rest = title;
        while let Some(at) = rest.find(['&', '<', '"']) {
            let (plain, marked) = rest.split_at(at);
            self.text(plain);
            self.text(match marked.as_bytes().first() {
                Some(b'&') => "&amp;",
                Some(b'<') => "&lt;",
                _ => "&quot;",
            });
            rest = marked.split_at(1).1;
        }
        self.text(rest);
    }

    fn text(&mut self, text: &str) {
        let end = self.at + text.len();
        if let Some(room) = self.out.get_mut(self.at..end) {
            room.copy_from_slice(text.as_bytes());
            self.at = end;
        }
    }

    /// A number under 1000.
    fn number(&mut self, number: u32) {
        let (digits, length) = digits(number);
        self.put(digits, length);
    }

    /// A sign and a number under 1000.
    fn mark(&mut self, sign: u8, number: u32) {
        let (digits, length) = digits(number);
        self.put(u64::from(sign) | digits << 8, 1 + length);
    }

    /// A light run, perhaps of nothing, and a dark one.
    #[inline(always)]
    fn pair(&mut self, light: u32, dark: u32) {
        if (1..10).contains(&light) && dark < 10 {
            self.put(u64::from_le_bytes(*b"m0 0h0\0\0") + u64::from(light << 8) + (u64::from(dark) << 40), 6);
            return;
        }
        if light > 0 {
            self.run(false, light);
        }
        self.run(true, dark);
    }

    /// Three bars with the space behind each, from six octal digits.
    #[inline(always)]
    fn symbol(&mut self, widths: u32) {
        let width = |place: u32| u64::from(widths >> (15 - 3 * place) & 7);
        self.put(u64::from_le_bytes(*b"h0m0 0h0") + (width(0) << 8) + (width(1) << 24) + (width(2) << 56), 8);
        self.put(u64::from_le_bytes(*b"m0 0h0m0") + (width(3) << 8) + (width(4) << 40) + (width(5) << 56), 8);
        self.put(u64::from_le_bytes(*b" 0\0\0\0\0\0\0"), 2);
    }

    /// A dark run drawn, a light one skipped.
    fn run(&mut self, is_dark: bool, length: u32) {
        let (digits, places) = if length < 10 { (u64::from(b'0') + u64::from(length), 1) } else { self::digits(length) };
        if is_dark {
            self.put(u64::from(b'h') | digits << 8, 1 + places);
        } else {
            self.put(u64::from(b'm') | digits << 8 | u64::from(u16::from_le_bytes(*b" 0")) << (8 + 8 * places), 3 + places);
        }
    }

    #[inline(always)]
    fn put(&mut self, signs: u64, length: usize) {
        if let Some(room) = self.out.get_mut(self.at..).and_then(|rest| rest.first_chunk_mut()) {
            *room = signs.to_le_bytes();
            self.at += length;
        }
    }
}

/// The digits of a number under 1000 as they stand in memory, and how many there are.
fn digits(number: u32) -> (u64, usize) {
    let mut signs = 0;
    let mut rest = number;
    let mut length = 0;
    loop {
        signs = signs << 8 | u64::from(b'0' as u32 + rest % 10);
        rest /= 10;
        length += 1;
        if rest == 0 {
            return (signs, length);
        }
    }
}
