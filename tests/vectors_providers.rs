//! Every request, answer and notice that the providers' vectors hold, as calls of the one door, so that each host can run them: `vectors/door/providers/<name>.json`.
//!
//! `REFRESH=1 cargo test --test vectors_providers` makes the files anew. What a call must give is held to the vector here; wasm, the npm package and PHP are
//! held to the bytes that came back.

#[path = "vectors/shared.rs"]
#[allow(dead_code)]
mod shared;

use efectivo::names::Provider;
use efectivo::providers::{NoticeFacts, Reading};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const NOT_FRESH: &str = "is not what the provider's vectors make: REFRESH=1 cargo test --test vectors_providers";
/// Members that are as long as this, and the same in several vectors, stand once in their file.
const SHARED_FROM: usize = 60;

fn at(path: &str) -> String {
    format!("{}/tests/vectors/{path}", env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(at(path)).unwrap()).unwrap()
}

fn list(provider: Provider, name: &str) -> Vec<Value> {
    read(&format!("providers/{}/{name}.json", provider.name())).as_array().unwrap().clone()
}

fn typed<T: DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap()
}

fn moment(vector: &Value) -> i64 {
    efectivo::clock::Instant::parse(vector["now"].as_str().unwrap()).unwrap().0
}

fn settings(channel: &Value) -> Value {
    json!({"shop": {"tag": "t", "page_url": "https://shop.example/pago"}, "channels": [channel]})
}

fn channel(provider: Provider) -> Value {
    let name = provider.name();
    json!({"id": name, "provider": name, "mode": "test", "confirmed": true, "notice_url": format!("https://shop.example/n/{name}")})
}

/// A case whose one attempt is where this call is asked.
fn case(channel: &Value, call: &Value) -> Value {
    let (kind, asked) = call.as_object().unwrap().iter().next().unwrap();
    let mut case = read("cases/v1/waiting.json");
    let amount = json!({"minor": 10_000, "currency": "PEN"});
    case["mode"] = channel["mode"].clone();
    case["page_token"] = json!("tok");
    case["amount"] = amount.clone();
    case["pending"] = json!([{"output": 1, "what": kind, "attempt": 1}]);
    case["terms"]["channels"] = json!([{"id": channel["id"], "provider": channel["provider"]}]);
    let attempt = &mut case["attempts"][0];
    attempt["amount"] = amount.clone();
    (attempt["channel"], attempt["provider"]) = (channel["id"].clone(), channel["provider"].clone());
    attempt["reference"] = if asked["reference"].is_string() { asked["reference"].clone() } else { json!("t-1-1") };
    match kind.as_str() {
        "create" => (attempt["state"], attempt["creation"], attempt["code"]) = (json!("creating"), json!({"asked": {"tries": 1}}), Value::Null),
        "look_up" => {
            let since = attempt["expiry_wanted"].as_i64().unwrap() - 172_800_000;
            (attempt["state"], attempt["creation"], attempt["code"]) =
                (json!("unknown"), json!({"unanswered": {"since": since, "lookups": 0, "tries": 1}}), Value::Null);
        }
        "refund" | "refund_query" => {
            let state = if kind == "refund" { "requested" } else { "sent" };
            case["refunds"] =
                json!([{"key": asked["key"], "idempotency": "i", "attempt": 1, "amount": amount, "state": state, "requested_at": 1_795_000_000_000_i64}]);
        }
        _ => {}
    }
    case
}

fn output(channel: &Value, call: &Value) -> Value {
    json!({"no": 1, "lane": "provider", "repeatable": true, "body": {"ask": {"attempt": 1, "channel": channel["id"], "call": call}}})
}

/// A request is carried out, from the case that asks for it.
fn carried(vector: &Value) -> (Value, String) {
    let channel = &vector["channel"];
    let mut case = case(channel, &vector["call"]);
    case["terms"]["locale"] = vector["locale"].clone();
    let mut row = json!({"id": channel["id"]});
    if vector["token"].is_string() {
        row["token"] = json!({"value": vector["token"], "expires_at": moment(vector) + 3_600_000});
    }
    let ask = json!({"carry": {"settings": settings(channel), "channel": row, "case": case, "person": vector["person"], "output": output(channel, &vector["call"]),
        "credentials": vector["credentials"], "now": moment(vector), "entropy": "", "first": vector["first"]["answer"]}});
    (ask, vector["first"]["body"].as_str().unwrap_or_default().into())
}

fn vector(about: String, from: &Value, ask: Value, body: &str) -> Value {
    json!({"about": about, "source": from["source"], "ask": ask, "text": body})
}

/// A provider's vectors as whole asks; what comes back is held to what the provider's own vector says.
fn made(provider: Provider) -> Vec<Value> {
    let name = provider.name();
    let about = |kind: &str, from: &Value| format!("{name}, {kind}: {}", from["name"].as_str().unwrap());
    let mut vectors = Vec::new();
    for from in list(provider, "requests") {
        let (ask, body) = carried(&from);
        let (made, answered) = answering(vector(about("request", &from), &from, ask, &body));
        is_carried(&made, &answered, &from["expect"]);
        vectors.push(made);
    }
    for from in list(provider, "answers") {
        let channel = channel(provider);
        let input = json!({"answer": {"output": output(&channel, &from["call"]), "answer": from["answer"], "sent_before": false}});
        let ask = json!({"handle": {"settings": settings(&channel), "channels": [{"id": name}], "case": case(&channel, &from["call"]), "input": input, "now": moment(&from)}});
        let (made, answered) = answering(vector(about("answer", &from), &from, ask, from["body"].as_str().unwrap()));
        let read = shared::reading(&answered);
        assert!(answered["ok"].is_object() && (read.is_null() || typed::<Reading>(read) == typed(&from["expect"])), "{}: {answered}", made["about"]);
        vectors.push(made);
    }
    for from in list(provider, "notices") {
        let notice = json!({"query": from["query"].as_str().unwrap_or_default(), "headers": from["headers"], "peer": "203.0.113.7"});
        let ask = json!({"route": {"settings": settings(&channel(provider)), "channel": {"id": name}, "credentials": from["credentials"], "notice": notice, "now": moment(&from)}});
        let (made, answered) = answering(vector(about("notice", &from), &from, ask, from["body"].as_str().unwrap()));
        let mut facts: Option<NoticeFacts> = typed(&from["facts"]);
        facts.iter_mut().for_each(|facts| facts.also.clear()); // each further code is filed as a notice of its own
        assert_eq!((&answered["ok"]["verdict"], typed(&answered["ok"]["facts"])), (&from["verdict"], facts), "{}", made["about"]);
        vectors.push(made);
    }
    vectors
}

/// The text of a provider's file: what several asks have in common stands once, in `parts`, and each says `with` which of them it is whole.
fn file(mut vectors: Vec<Value>) -> String {
    let members = |vector: &Value| vector["ask"].as_object().unwrap().values().next().unwrap().as_object().unwrap().clone();
    let mut often: BTreeMap<String, usize> = BTreeMap::new();
    for (_, member) in vectors.iter().flat_map(members) {
        *often.entry(member.to_string()).or_default() += 1;
    }
    let mut parts: Vec<String> = Vec::new();
    for vector in &mut vectors {
        let mut with = Map::new();
        for (name, member) in members(vector) {
            let text = member.to_string();
            if text.len() >= SHARED_FROM && often[&text] > 1 {
                let place = parts.iter().position(|part| *part == text).unwrap_or_else(|| {
                    parts.push(text);
                    parts.len() - 1
                });
                with.insert(name, json!(place));
            }
        }
        let own = vector["ask"].as_object_mut().unwrap().values_mut().next().unwrap().as_object_mut().unwrap();
        own.retain(|name, _| !with.contains_key(name));
        vector["with"] = Value::Object(with);
    }
    let rows: Vec<String> = vectors.iter().map(Value::to_string).collect();
    format!("{{\"parts\":[\n{}\n],\n\"vectors\":[\n{}\n]}}\n", parts.join(",\n"), rows.join(",\n"))
}

/// The vector with what the door answers: a request and a verdict to the byte. What the engine makes of an answer is its own tests' matter: here it is how it was read.
fn answering(mut made: Value) -> (Value, Value) {
    let answered = shared::answered(&made);
    let answer = answered["answer"].clone();
    made["expect"] = if made["ask"]["handle"].is_object() { json!({"reading": shared::reading(&answer)}) } else { answered };
    (made, answer)
}

/// What leaves is what the vector wants to leave; the body is beside, and held by its sum.
fn is_carried(made: &Value, answered: &Value, expect: &Value) {
    let about = &made["about"];
    for (theirs, ours) in [("send", "request"), ("token", "token"), ("first", "first")] {
        if let Some(wanted) = expect.get(theirs) {
            let left = &answered["ok"][ours];
            for part in ["method", "url", "headers"] {
                assert_eq!(left[part], wanted[part], "{about}: {answered}");
            }
            let body = wanted["body"].as_str().unwrap();
            assert_eq!(made["expect"]["back_sum"], shared::fnv(body.as_bytes()), "{about}: another body");
            return;
        }
    }
    match expect.as_str() {
        Some(word) => assert_eq!(answered["ok"], word, "{about}"),
        None => assert!(expect["error"].is_string() && answered["error"].is_object(), "{about}: {answered}"),
    }
}

#[test]
fn every_request_answer_and_notice_of_the_providers_is_a_call_of_the_door() {
    for provider in Provider::ALL {
        let (name, vectors) = (provider.name(), made(provider));
        let text = file(vectors.clone());
        if std::env::var("REFRESH").is_ok() {
            std::fs::write(at(&format!("door/providers/{name}.json")), text).unwrap();
            continue;
        }
        let known = shared::PROVIDERS.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("tests/vectors/shared.rs doesn't name {name}"));
        assert!(text == known.1, "tests/vectors/door/providers/{name}.json {NOT_FRESH}");
        assert_eq!(shared::of_provider(&text), vectors, "{name}: what stands once is put back");
    }
}

#[test]
fn published_vectors_are_told_from_recomputed_ones_and_bad_notices_are_among_them() {
    let all: Vec<Value> = shared::PROVIDERS.iter().flat_map(|(_, text)| shared::of_provider(text)).collect();
    let tagged = |source: &str| all.iter().filter(|vector| vector["source"] == source).count();
    assert_eq!(tagged("published") + tagged("recomputed"), all.len());
    assert!(tagged("published") >= 20, "{}", tagged("published"));
    let refused = |name: &str| {
        all.iter()
            .filter(|v| v["about"].as_str().unwrap().starts_with(&format!("{name}, notice")))
            .any(|v| v["expect"]["answer"]["ok"]["verdict"]["refused"].is_string())
    };
    for provider in Provider::ALL {
        assert!(refused(provider.name()), "{}", provider.name());
    }
}
