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

/// A key that many signatures are judged by: `new HmacKey(bytes)`, then [`fits`](Self::fits) for each.
#[wasm_bindgen]
#[derive(Debug)]
pub struct HmacKey(signature::HmacKey);

#[wasm_bindgen]
impl HmacKey {
    /// Takes a key of any length.
    #[wasm_bindgen(constructor)]
    pub fn new(key: &[u8]) -> Self {
        Self(signature::HmacKey::new(key))
    }

    /// Whether `claimed` is the whole HMAC-SHA256 of the bytes under the key, compared in constant time.
    pub fn fits(&self, bytes: &[u8], claimed: &[u8]) -> bool {
        self.0.fits(bytes, claimed)
    }
}

fn unfit(_: BarcodeError) -> JsValue {
    typed::thrown(&CallError::new(Locale::Es, "no_symbol", Retry::No, &[]))
}
