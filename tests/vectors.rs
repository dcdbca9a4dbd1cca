//! The shared vectors, natively: the door's answers to the byte, and case documents that every later version must still read.
//!
//! `REFRESH=1 cargo test --test vectors` writes the door's answers anew; look at what changed. The cases of a version are never written again.

#[path = "host/reference.rs"]
#[allow(dead_code)]
mod reference;
#[path = "vectors/shared.rs"]
#[allow(dead_code)]
mod shared;

use efectivo::json;
use efectivo::voucher::Case;
use serde_json::Value;
use std::path::{Path, PathBuf};

fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(path)
}

#[test]
fn the_door_answers_to_the_byte() {
    if std::env::var("REFRESH").is_ok() {
        let mut all: Vec<Value> = serde_json::from_str(shared::DOOR).unwrap();
        all.iter_mut().for_each(|vector| vector["expect"] = shared::answered(vector));
        let lines: Vec<String> = all.iter().map(Value::to_string).collect();
        std::fs::write(at("vectors/door/door.json"), format!("[\n{}\n]\n", lines.join(",\n"))).unwrap();
        return;
    }
    let found = shared::differences();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn cases_of_version_1_are_read_and_written_as_they_were() {
    let folder = at("vectors/cases/v1");
    if std::env::var("FREEZE").is_ok() {
        freeze(&folder);
    }
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let case: Case = json::parse(text.as_bytes()).unwrap();
        assert_eq!(json::text(&case), text.trim_end());
        count += 1;
    }
    assert!(count >= 8, "{count} cases");
}

#[test]
fn a_case_of_a_newer_version_is_refused_by_name_and_left_as_it_is() {
    let text = std::fs::read_to_string(at("vectors/cases/v1/paid.json")).unwrap().replace("\"schema\":1", "\"schema\":2");
    let foreign = text.replace("\"schema\":2", "\"schema\":2,\"a_new_field\":1");
    let settings = r#""settings":{"shop":{"tag":"QP"},"channels":[]},"now":1795000000000"#;
    for (call, rest) in [("handle", r#","input":"wake""#), ("case_view", "")] {
        for case in [&text, &foreign] {
            let (answer, _) = efectivo::calls::call(format!(r#"{{"{call}":{{{settings}{rest},"case":{case}}}}}"#).as_bytes(), b"");
            let answer: Value = serde_json::from_slice(&answer).unwrap();
            assert_eq!(answer["error"]["code"], "newer_schema", "{call}: {answer}");
        }
    }
}

/// Writes one case of each kind of end, once for a version.
fn freeze(folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    for entry in std::fs::read_dir(at("host")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "json") {
            continue;
        }
        let script: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let mut host = reference::Reference::new(script["provider"].as_str().unwrap(), "", reference::Broken::No);
        for step in script["steps"].as_array().unwrap() {
            if step.get("crash").is_none() && step.get("expect").is_none() {
                host.step(step).unwrap();
            }
        }
        let case: Case = serde_json::from_value(host.case().clone()).unwrap();
        let reviews: Vec<_> = case.reviews.iter().map(|r| json::name_of(&r.kind)).collect();
        let name = [vec![json::name_of(&case.state)], reviews].concat().join("-");
        std::fs::write(folder.join(format!("{name}.json")), json::text(&case) + "\n").unwrap();
    }
}
