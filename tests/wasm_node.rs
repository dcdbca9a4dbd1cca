//! The bindings in Node: what the doors let through and what they refuse.
#![cfg(target_arch = "wasm32")]

#[path = "vectors/shared.rs"]
mod shared;

use efectivo::signature::hmac_sha256;
use efectivo::wasm::{direct, raw, text};
use js_sys::Uint8Array;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn the_text_door_answers_with_two_byte_strings() {
    let answer = text::call(br#"{"money":{"text":"1,234.5","currency":"PEN"}}"#, b"");
    assert_eq!(
        Uint8Array::from(answer.get(0)).to_vec(),
        "{\"ok\":{\"money\":{\"currency\":\"PEN\",\"minor\":123450},\"text\":\"S/\u{a0}1,234.50\"}}".as_bytes()
    );
}

#[wasm_bindgen_test]
fn the_raw_door_gives_its_memory_back() {
    let empty = raw::ef_alloc(0);
    let json = raw::ef_alloc(2);
    #[allow(unsafe_code)]
    // SAFETY: both were just allocated with these lengths, and the answer is freed once.
    unsafe {
        json.copy_from(b"{}".as_ptr(), 2);
        raw::ef_free(raw::ef_call(json, 2, empty, 0));
    }
}

#[wasm_bindgen_test]
fn the_shared_vectors_come_back_to_the_byte() {
    let found = shared::differences();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[wasm_bindgen_test]
fn a_kept_key_judges_as_the_core_signs() {
    let (key, body) = (b"trans-key", vec![b'x'; 1024]);
    let kept = direct::HmacKey::new(key);
    let mac = hmac_sha256(key, &[&body]);
    assert!(kept.fits(&body, &mac) && kept.fits(&body, &mac));
    assert!(!kept.fits(&body[1..], &mac) && !kept.fits(&body, &mac[1..]));
}
