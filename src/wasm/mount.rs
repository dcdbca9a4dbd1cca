//! Mounts a rendered page, such as a voucher or its live preview, into an element of another page.
//!
//! The page goes into a shadow root, so that neither side's styles reach the other, and its styles become adopted
//! sheets, which no Content-Security-Policy forbids. Its scripts don't run: a mounted page shows, and mounting it again
//! with what the core rendered anew is how it changes.

use super::typed;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{CssStyleSheet, Document, DomParser, Element, ShadowRoot, ShadowRootInit, ShadowRootMode, SupportedType};

/// Puts a whole HTML document into an element, in place of what was mounted there before.
///
/// # Errors
/// Throws where the browser can't (no shadow root on this kind of element, no constructable style sheets).
#[wasm_bindgen]
pub fn mount(element: &Element, html: &str) -> Result<(), JsValue> {
    let page = DomParser::new()?.parse_from_string(html, SupportedType::TextHtml)?;
    let room = room(element)?;
    room.set_adopted_style_sheets(&js_sys::Array::of1(&styles(&page)?.into()));
    remove_all(&page, "script, style, link, meta, base, title")?;
    let whole = page.document_element().ok_or("the page is empty")?;
    room.replace_children_with_node_1(&whole);
    Ok(())
}

/// Asks the core for a page and mounts it: `mountAnswer(element, name, object)`; the live preview calls it at each change.
///
/// # Errors
/// Throws the core's refusal as `ask` does; what was mounted before stays.
#[wasm_bindgen(js_name = mountAnswer)]
pub fn mount_answer(element: &Element, name: &str, #[wasm_bindgen(unchecked_param_type = "object")] object: JsValue) -> Result<(), JsValue> {
    let (_, page) = typed::answered(name, &object, &[])?;
    mount(element, &String::from_utf8_lossy(&page))
}

/// The element's shadow root: the one it has, or a new one.
fn room(element: &Element) -> Result<ShadowRoot, JsValue> {
    match element.shadow_root() {
        Some(room) => Ok(room),
        None => element.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open)),
    }
}

/// All styles of a page as one sheet; `:root` is the host element here.
fn styles(page: &Document) -> Result<CssStyleSheet, JsValue> {
    let mut text = String::new();
    let found = page.query_selector_all("style")?;
    for style in (0..found.length()).filter_map(|at| found.get(at)) {
        text.push_str(&style.text_content().unwrap_or_default().replace(":root", ":host"));
    }
    let sheet = CssStyleSheet::new()?;
    sheet.replace_sync(&text)?;
    Ok(sheet)
}

fn remove_all(page: &Document, selector: &str) -> Result<(), JsValue> {
    let found = page.query_selector_all(selector)?;
    for element in (0..found.length()).filter_map(|at| found.get(at)?.dyn_into::<Element>().ok()) {
        element.remove();
    }
    Ok(())
}
