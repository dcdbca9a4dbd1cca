//! The three doors that bytes from outside come through: notices, answers, settings. A target panics where the core would, or where something forged passes.
//!
//! The first byte picks the provider. `cargo xtask fuzz` runs them long; `tests/fuzz/main.rs` runs them short, from a seed.

use efectivo::calls;
use efectivo::clock::Instant;
use efectivo::http::{Answer, Headers, Notice};
use efectivo::names::Provider;
use efectivo::providers::{self, Call, Credentials};
use efectivo::signature::Verdict;
use efectivo::voucher::ChannelSettings;
use serde_json::{Value, json};

/// One provider's material: keys that its notices are judged by, calls that its answers are read for, and what is good, to be changed.
pub struct Known {
    pub provider: Provider,
    channel: ChannelSettings,
    credentials: Credentials,
    calls: Vec<Call>,
    pub notices: Vec<Sample>,
    pub answers: Vec<String>,
}

/// A good notice.
#[derive(Clone)]
pub struct Sample {
    pub query: String,
    pub headers: Headers,
    pub body: String,
    pub facts: Value,
}

fn vectors(provider: Provider, name: &str) -> Vec<Value> {
    let path = format!("{}/tests/vectors/providers/{}/{name}.json", env!("CARGO_MANIFEST_DIR"), provider.name());
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The material of every provider, from its vectors.
pub fn known() -> Vec<Known> {
    Provider::ALL.into_iter().map(of).collect()
}

fn of(provider: Provider) -> Known {
    let notices = vectors(provider, "notices");
    let credentials = notices[0]["credentials"].clone();
    let good = notices.iter().filter(|one| one["credentials"] == credentials && !one["facts"].is_null());
    let sample = |one: &Value| Sample {
        query: one["query"].as_str().unwrap_or_default().into(),
        headers: serde_json::from_value(one["headers"].clone()).unwrap(),
        body: one["body"].as_str().unwrap().into(),
        facts: one["facts"].clone(),
    };
    let answers = vectors(provider, "answers");
    let name = provider.name();
    let channel = json!({"id": name, "provider": name, "mode": "test", "notice_url": format!("https://shop.example/n/{name}")});
    Known {
        provider,
        channel: serde_json::from_value(channel).unwrap(),
        credentials: serde_json::from_value(credentials.clone()).unwrap(),
        calls: answers.iter().map(|one| serde_json::from_value(one["call"].clone()).unwrap()).collect(),
        notices: good.map(sample).collect(),
        answers: answers.iter().map(|one| one["body"].as_str().unwrap().to_owned()).filter(|body| !body.is_empty()).collect(),
    }
}

/// The provider that a byte picks.
pub fn picked(known: &[Known], byte: u8) -> &Known {
    &known[usize::from(byte) % known.len()]
}

/// A notice of changed bytes is refused, or says nothing that a good one of the same provider doesn't say, or is a hint.
pub fn notice(known: &Known, query: &str, headers: &Headers, body: &[u8]) {
    let notice = Notice { query: query.into(), headers: headers.clone(), peer: String::new() };
    let (verdict, facts) = providers::notice(&known.channel, &known.credentials, &notice, body, Instant(1_795_521_600_000));
    assert_eq!(facts.is_none(), matches!(verdict, Verdict::Refused(_)));
    let said = facts.map(|facts| serde_json::to_value(facts).unwrap()).unwrap_or_default();
    let known_good = known.notices.iter().any(|sample| sample.facts == said);
    assert!(verdict != Verdict::Verified || known_good, "{} believes what nobody signed: {said}", known.provider.name());
}

/// No answer breaks a reader; only a readable one says anything.
pub fn answer(known: &Known, status: u16, which: u8, body: &[u8]) {
    let call = &known.calls[usize::from(which) % known.calls.len()];
    let answer: Answer = serde_json::from_value(json!({"response": {"status": status, "headers": [["Retry-After", "9"]]}})).unwrap();
    let reading = providers::answer(known.provider, call, &answer, body, Instant(1_795_521_600_000));
    // As JSON goes: a number may be larger than any of ours.
    let silent = serde_json::from_slice::<serde::de::IgnoredAny>(body).is_err();
    let facts = matches!(reading, providers::Reading::Facts(_) | providers::Reading::Refund(_));
    assert!(!(silent && facts), "{} reads facts in what is no JSON", known.provider.name());
    let _ = (providers::token(known.provider, &answer, body, Instant(0)), providers::answered_at(&answer));
}

/// No text breaks the door, and its answer is always JSON with `ok` or `error`.
pub fn settings(text: &[u8]) {
    let (answer, _) = calls::call(text, b"");
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    assert!(answer.get("ok").is_some() != answer.get("error").is_some());
}
