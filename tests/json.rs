//! Our JSON agrees with serde_json's on every text and every shape that our types have, keeps a decimal's digits, and says where a mismatch is.

use efectivo::json::{self, Read, Tree, Write};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Every shape that the derives know, once.
#[derive(Debug, PartialEq, Read, Write)]
#[json(deny_unknown_fields, rename_all = "snake_case")]
struct Shapes {
    yes: bool,
    small: u8,
    below: i64,
    large: u64,
    text: String,
    maybe: Option<Box<Shapes>>,
    list: Vec<Shape>,
    pair: (u8, String),
    map: BTreeMap<String, u16>,
    #[json(default, skip_serializing_if = "Option::is_none")]
    left_out: Option<Name>,
    #[json(default = "four", rename = "dieciséis")]
    sixteen: u8,
    any: Tree<'static>,
}

fn four() -> u8 {
    4
}

#[derive(Debug, PartialEq, Eq, Read, Write)]
struct Name(String);

#[derive(Debug, PartialEq, Read, Write)]
#[json(deny_unknown_fields, rename_all = "snake_case")]
enum Shape {
    Plain,
    WrappedTwice(u8),
    Fields { a: u8, b: Option<Name> },
}

fn shapes() -> Value {
    json!({"yes": true, "small": 255, "below": -7, "large": u64::MAX, "text": "S/ 1", "maybe": null, "pair": [1, "b"],
        "list": ["plain", {"wrapped_twice": 3}, {"fields": {"a": 1, "b": null}}, {"fields": {"a": 1, "b": "x"}}], "map": {"one": 1}, "dieciséis": 16,
        "any": {"deep": [1, -2, "x", null, true]}})
}

fn read(tree: &Value) -> Result<Shapes, json::Mismatch> {
    json::parse(tree.to_string().as_bytes())
}

#[test]
fn every_shape_is_written_as_it_was_read() {
    let mut tree = shapes();
    tree["maybe"] = shapes();
    let ours = read(&tree).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&json::text(&ours)).unwrap(), tree);
    assert_eq!(json::parse::<Shapes>(json::text(&ours).as_bytes()).unwrap(), ours);
    tree.as_object_mut().unwrap().remove("dieciséis");
    assert_eq!(read(&tree).unwrap().sixteen, 4);
}

#[test]
fn a_mismatch_says_where_and_never_repeats_the_value() {
    let bad: [(&str, Value, &str); 10] = [
        ("/small", json!(256), "small: expected a whole number"),
        ("/small", json!(1.5), "small: expected a whole number"),
        ("/small", json!("canary"), "small: expected a number"),
        ("/text", json!(7), "text: expected a text"),
        ("/list/1", json!({"wrapped_twice": "canary"}), "list.1.wrapped_twice: expected a number"),
        ("/list/1", json!({"wrapped_twice": 1, "plain": null}), "list.1: expected a name, or an object with one"),
        ("/list/1", json!("canary"), "list.1: expected one of plain, wrapped_twice, fields"),
        ("/list/2/fields", json!({"a": 1, "c": 2}), "list.2.fields: unknown field `c`"),
        ("/list/2/fields", json!({"b": null}), "list.2.fields: missing field `a`"),
        ("/pair", json!([1]), "pair: expected a list of 2"),
    ];
    for (place, value, said) in bad {
        let mut tree = shapes();
        *tree.pointer_mut(place).unwrap() = value;
        let why = read(&tree).unwrap_err().to_string();
        assert!(why.starts_with(said) && !why.contains("canary"), "{why} ({said})");
    }
}

#[test]
fn what_is_not_json_is_refused_with_its_place() {
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let bad = [
        "",
        " ",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "01",
        "1.",
        ".5",
        "-",
        "+1",
        "1e",
        "nul",
        "truer",
        "'a'",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\n\"",
        "[1 2]",
        "{\"a\" 1}",
        "{a:1}",
        "1 1",
        "NaN",
        "Infinity",
        "\u{feff}1",
        &deep,
    ];
    for text in bad {
        let why = Tree::parse(text.as_bytes()).expect_err(text).to_string();
        assert!(why.starts_with("not JSON from byte "), "{why}");
        assert!(text == deep || serde_json::from_str::<Value>(text).is_err(), "serde_json takes {text}");
    }
    assert_eq!(Tree::parse(b"\"\xff\"").unwrap_err().to_string(), "not UTF-8");
    assert_eq!(Tree::parse(br#"{"a":1,"b":{"a":1,"a":2}}"#).unwrap_err().to_string(), "not JSON from byte 18");
}

#[test]
fn a_decimal_keeps_its_digits() {
    for digits in ["22.10", "1e2", "-0.0", "123456789012345678901234567890.12", "0"] {
        assert_eq!(Tree::parse(digits.as_bytes()).unwrap().to_string(), digits);
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn our_text_is_serde_jsons_text(value in any_json()) {
        let text = value.to_string();
        let tree = Tree::parse(text.as_bytes()).unwrap();
        prop_assert_eq!(tree.to_string(), text.clone());
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        prop_assert_eq!(Tree::parse(pretty.as_bytes()).unwrap(), tree.clone());
        prop_assert_eq!(serde_json::to_value(&tree).unwrap(), value.clone());
        prop_assert_eq!(serde_json::from_value::<Tree>(value).unwrap(), tree);
    }

    #[test]
    fn whatever_bytes_come_nobody_panics_and_both_agree(text in "[\\[\\]{}\":,0-9eE.+\\-a-z\\\\u \\n]{0,40}") {
        let ours = Tree::parse(text.as_bytes());
        let theirs = serde_json::from_str::<Value>(&text);
        // serde_json refuses numbers beyond a double; we keep digits. It takes a name twice; we don't.
        if theirs.is_ok() && ours.is_err() {
            prop_assert!(text.contains('{'), "{text}");
        }
        if ours.is_ok() && theirs.is_err() {
            prop_assert!(theirs.unwrap_err().to_string().contains("number out of range"), "{text}");
        }
    }
}

proptest! {
    #[test]
    fn a_text_is_quoted_and_read_back_wherever_its_signs_stand(text in "[a\"\\\\\u{0}-\u{22}ñ\u{80}-\u{a3}字🙂]{0,13}") {
        let ours = json::text(&text);
        prop_assert_eq!(&ours, &serde_json::to_string(&text).unwrap());
        prop_assert_eq!(json::parse::<String>(ours.as_bytes()).unwrap(), text);
    }

    #[test]
    fn a_whole_number_is_written_in_its_digits(number in any::<i64>()) {
        for number in [number, number % 1000, i64::MIN, i64::MAX, 0] {
            prop_assert_eq!(json::text(&number), number.to_string());
        }
    }
}
