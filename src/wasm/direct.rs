//! What JavaScript may ask for without the door, where a question in JSON would take longer than the work: pictures, and whether a signature holds.

use super::typed;
use crate::barcode::{BarcodeError, code128, qr, svg};
use crate::calls::{CallError, Retry};
use crate::names::Locale;
use crate::signature;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// A QR code as SVG; `title` is what a screen reader says.
///
/// # Errors
/// Throws the core's refusal of a text that no symbol holds.
#[wasm_bindgen(js_name = qrSvg)]
pub fn qr_svg(text: &str, title: &str) -> Result<String, JsValue> {
    let matrix = qr::encode(text.as_bytes(), qr::Level::M).map_err(unfit)?;
    Ok(svg::qr(&matrix, title))
}

/// A Code 128 as SVG; `title` is what a screen reader says.
///
/// # Errors
/// Throws the core's refusal of a text that has no bars.
#[wasm_bindgen(js_name = barcodeSvg)]
pub fn barcode_svg(text: &str, title: &str) -> Result<String, JsValue> {
    let bars = code128::encode(text).map_err(unfit)?;
    Ok(svg::bars(&bars, title))
}

/// Whether `claimed` is the HMAC-SHA256 of the bytes under the key, compared in constant time.
#[wasm_bindgen(js_name = hmacFits)]
pub fn hmac_fits(key: &[u8], bytes: &[u8], claimed: &[u8]) -> bool {
    signature::hmac_fits(key, &[bytes], claimed)
}

fn unfit(_: BarcodeError) -> JsValue {
    typed::thrown(&CallError::new(Locale::Es, "no_symbol", Retry::No, &[]))
}
