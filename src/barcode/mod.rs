//! Pictures that machines read: QR codes and Code 128 bars, as one SVG path or as a 1-bit PNG.
//!
//! ```
//! use efectivo_barcode::{code128, qr, svg};
//! let matrix = qr::encode(b"https://shop.example/pago/x", qr::Level::M)?;
//! assert!(svg::qr(&matrix, "Open this page").starts_with("<svg"));
//! assert!(code128::encode("112399769").is_ok());
//! # Ok::<(), efectivo_barcode::BarcodeError>(())
//! ```

pub mod code128;
pub mod png;
pub mod qr;
pub mod svg;

use core::fmt;

/// Why a text can't be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BarcodeError {
    /// Nothing to draw.
    Empty,
    /// Longer than the symbol holds: use a shorter text.
    TooLong,
    /// A character that Code 128 (sets B and C) lacks: use printable ASCII.
    Unsupported,
}

impl fmt::Display for BarcodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "nothing to encode",
            Self::TooLong => "text too long for the symbol",
            Self::Unsupported => "only printable ASCII can be encoded",
        })
    }
}

impl core::error::Error for BarcodeError {}
