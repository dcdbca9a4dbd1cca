//! The small reader and writer agree with serde_json's on every shape that our types have, and say where a mismatch is.

use efectivo::engine::Output;
use efectivo::json;
use efectivo::voucher::Settings;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Every shape that serde's derive makes, once.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
struct Shapes {
    unit: (),
    yes: bool,
    small: u8,
    below: i64,
    large: u64,
    letter: char,
    text: String,
    maybe: Option<Box<Shapes>>,
    list: Vec<Shape>,
    pair: (u8, String),
    map: BTreeMap<Name, u16>,
    #[serde(default)]
    left_out: Option<u8>,
    any: Value,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Name(String);

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
enum Shape {
    Plain,
    Wrapped(u8),
    Fields { a: u8, b: Option<Name> },
}

fn shapes() -> Value {
    json!({"unit": null, "yes": true, "small": 255, "below": -7, "large": u64::MAX, "letter": "ñ", "text": "S/ 1", "maybe": null, "pair": [1, "b"],
        "list": ["plain", {"wrapped": 3}, {"fields": {"a": 1, "b": null}}, {"fields": {"a": 1, "b": "x"}}], "map": {"one": 1}, "left_out": null,
        "any": {"deep": [1, -2, "x", null, true]}})
}

fn same<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(tree: &Value) {
    let ours: T = json::read(tree).unwrap();
    assert_eq!(ours, serde_json::from_value::<T>(tree.clone()).unwrap());
    assert_eq!(json::tree(&ours), serde_json::to_value(&ours).unwrap());
}

#[test]
fn every_shape_reads_and_writes_as_serde_json_does() {
    let mut tree = shapes();
    same::<Shapes>(&tree);
    tree["maybe"] = shapes();
    same::<Shapes>(&tree);
    tree.as_object_mut().unwrap().remove("left_out");
    same::<Shapes>(&tree);
}

#[test]
fn our_documents_read_and_write_as_serde_jsons() {
    same::<Settings>(&json!({"shop": {"tag": "QP"}, "channels": [{"id": "d", "provider": "dlocal", "mode": "test"}]}));
    let call = json!({"query": {"id": "123", "reference": "QP-1-1"}});
    same::<Output>(&json!({"no": 7, "lane": "provider", "repeatable": true, "body": {"ask": {"attempt": 1, "channel": "sandbox-1", "call": call}}}));
}

#[test]
fn a_mismatch_says_where_and_never_repeats_the_value() {
    let bad: [(&str, Value, &str); 9] = [
        ("/small", json!(256), "small: expected u8"),
        ("/small", json!(1.5), "small: expected u8"),
        ("/small", json!("canary"), "small: expected u8"),
        ("/text", json!(7), "text: expected a string"),
        ("/list/1", json!({"wrapped": "canary"}), "list.1.wrapped: expected u8"),
        ("/list/1", json!({"wrapped": 1, "plain": null}), "list.1: expected enum Shape"),
        ("/list/1", json!("canary"), "list.1: expected one of plain, wrapped, fields"),
        ("/list/2/fields", json!({"a": 1, "c": 2}), "list.2.fields: unknown field `c`"),
        ("/list/2/fields", json!({"b": null}), "list.2.fields: missing field `a`"),
    ];
    for (place, value, said) in bad {
        let mut tree = shapes();
        *tree.pointer_mut(place).unwrap() = value;
        let why = json::read::<Shapes>(&tree).unwrap_err().to_string();
        assert!(why.starts_with(said) && !why.contains("canary"), "{why} ({said})");
    }
}

#[test]
fn what_has_no_tree_is_null() {
    assert_eq!(json::tree(0.5), Value::Null);
}
