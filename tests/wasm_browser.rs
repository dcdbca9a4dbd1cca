//! The bindings in a browser: the same doors, and a page mounted into an element.
#![cfg(target_arch = "wasm32")]

#[path = "vectors/shared.rs"]
mod shared;

use efectivo::wasm::mount;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const PAGE: &str = "<!doctype html><title>x</title><style>:root{--ink:#123456}body{color:var(--ink)}</style>\
                    <body><p id=code>1234</p><script>document.title='ran'</script>";

#[wasm_bindgen_test]
fn a_mounted_page_keeps_its_styles_and_runs_no_script() {
    let document = web_sys::window().unwrap().document().unwrap();
    let place = document.create_element("div").unwrap();
    document.body().unwrap().append_child(&place).unwrap();
    mount::mount(&place, "<p>before</p>").unwrap();
    mount::mount(&place, PAGE).unwrap();
    let room = place.shadow_root().unwrap();
    let code = room.query_selector("#code").unwrap().unwrap();
    assert_eq!(code.text_content().unwrap(), "1234");
    let style = web_sys::window().unwrap().get_computed_style(&code).unwrap().unwrap();
    assert_eq!(style.get_property_value("color").unwrap(), "rgb(18, 52, 86)");
    assert_ne!(document.title(), "ran");
    assert!(room.query_selector("script").unwrap().is_none());
    assert_eq!(room.query_selector_all("p").unwrap().length(), 1);
}

#[wasm_bindgen_test]
fn the_shared_vectors_come_back_to_the_byte_in_a_browser() {
    let found = shared::differences();
    assert!(found.is_empty(), "{}", found.join("\n"));
}
