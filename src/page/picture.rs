//! The pictures that a page may hold: QR and Code 128 as inline SVG.

use crate::barcode::qr::Level;
use crate::barcode::{code128, qr as squares, svg};

/// The QR that opens this page: on a clean screen the lowest level reads well, and its squares are larger.
pub(super) fn link_qr(address: &str, title: &str) -> Option<String> {
    squares::encode(address.as_bytes(), Level::L).ok().map(|matrix| svg::qr(&matrix, title))
}

/// A payment QR as the provider gave it, at the level that wallets expect.
pub(super) fn payment_qr(text: &str, title: &str) -> Option<String> {
    squares::encode(text.as_bytes(), Level::M).ok().map(|matrix| svg::qr(&matrix, title))
}

/// A Code 128 of `text`; `None` where it holds what Code 128 can't.
pub(super) fn bars(text: &str, title: &str) -> Option<String> {
    code128::encode(text).ok().map(|bars| svg::bars(&bars, title))
}
