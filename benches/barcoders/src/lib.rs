//! The crate barcoders behind two exports: a buffer for the text and the drawn SVG, and the drawing.

use barcoders::generators::svg::SVG;
use barcoders::sym::code128::Code128;

static mut BUFFER: [u8; 65_536] = [0; 65_536];

/// Where the text goes and the SVG comes back.
#[unsafe(no_mangle)]
pub extern "C" fn room() -> *mut u8 {
    &raw mut BUFFER as *mut u8
}

/// Draws the text of this length; returns the SVG's length, 0 for a text that can't be drawn.
#[unsafe(no_mangle)]
pub extern "C" fn draw(length: usize) -> usize {
    // SAFETY: one thread, and no reference outlives this call.
    let buffer = unsafe { core::slice::from_raw_parts_mut(room(), 65_536) };
    let Some(svg) = drawn(&buffer[..length]) else { return 0 };
    buffer[..svg.len()].copy_from_slice(svg.as_bytes());
    svg.len()
}

fn drawn(text: &[u8]) -> Option<String> {
    let code = Code128::new(core::str::from_utf8(text).ok()?).ok()?;
    SVG::new(50).generate(code.encode()).ok()
}
