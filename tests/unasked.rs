//! A provider that can't be asked how a code stands: its verified notice counts as its answer, nothing is cancelled by itself, and a person is never stuck.

use efectivo::calls;
use serde_json::{Value, json};

const HOUR: i64 = 3_600_000;
const START: i64 = 1_795_521_600_000;

/// A shop that sells by Kushki alone, and one case of it.
struct Run {
    case: Value,
    outputs: Vec<Value>,
}

fn settings() -> Value {
    json!({"shop": {"tag": "QP", "page_url": "https://shop.example/pago"}, "channels": [{"id": "k", "provider": "kushki", "mode": "test", "confirmed": true}]})
}

impl Run {
    fn take(&mut self, input: Value, bytes: &[u8], now: i64) {
        let ask = json!({"handle": {"settings": settings(), "channels": [{"id": "k"}], "case": self.case, "input": input, "now": now}});
        let answer: Value = serde_json::from_slice(&calls::call(ask.to_string().as_bytes(), bytes).0).unwrap();
        assert!(answer["error"].is_null(), "{answer}");
        self.case = answer["ok"]["case"].clone();
        self.outputs.extend(answer["ok"]["outputs"].as_array().unwrap().iter().cloned());
    }

    /// An order that waits with a code.
    fn waiting() -> Self {
        let money = json!({"minor": 10_000, "currency": "PEN"});
        let read = json!({"status": "open", "outstanding": money, "total": money});
        let person = json!({"first_name": "Ana", "last_name": "Quispe", "email": "a@b.pe", "document": "45678901"});
        let placed = json!({"id": "0".repeat(32), "order": "1", "number": "1", "mode": "test", "seed": "ab".repeat(32), "page_token": "t".repeat(32), "read": read, "person": person});
        let mut run = Self { case: Value::Null, outputs: Vec::new() };
        run.take(json!({ "placed": placed }), b"", START);
        let output = run.outputs.pop().unwrap();
        let code = json!({"ticketNumber": "t1", "pin": "77", "details": {"expiration": START + 48 * HOUR}}).to_string();
        run.take(json!({"answer": {"output": output, "answer": {"response": {"status": 201, "headers": []}}, "sent_before": false}}), code.as_bytes(), START);
        assert_eq!(run.case["state"], "waiting");
        run
    }

    fn notice(&mut self, status: Value, minor: i64, reference: &str, verdict: Value, now: i64) {
        let amount = json!({"minor": minor, "currency": "PEN"});
        let facts = json!({"provider_id": "t1", "reference": reference, "status": status, "payment_id": "x1", "amount": amount, "signed_at": now});
        self.take(
            json!({"notice": {"channel": "k", "verdict": verdict, "facts": facts, "dedupe_key": format!("{status}{minor}{reference}{now}")}}),
            b"{}",
            now,
        );
    }

    fn reviews(&self) -> Vec<&str> {
        self.case["reviews"].as_array().unwrap().iter().filter(|r| r["closed"].is_null()).map(|r| r["kind"].as_str().unwrap()).collect()
    }

    fn asks(&self) -> usize {
        self.outputs.iter().filter(|output| output["body"].get("ask").is_some()).count()
    }
}

#[test]
fn a_verified_notice_of_the_right_amount_pays_the_order_and_nothing_is_asked() {
    let mut run = Run::waiting();
    run.notice(json!("paid"), 10_000, "QP-1-1", json!("verified"), START + HOUR);
    assert_eq!((run.case["state"].as_str(), run.asks()), (Some("paid"), 0));
    run.notice(json!("paid"), 10_000, "QP-1-1", json!("verified"), START + HOUR);
    assert_eq!(run.reviews(), Vec::<&str>::new());
}

#[test]
fn a_hint_another_amount_or_another_order_pays_nothing() {
    for (minor, reference, verdict, review) in [
        (10_000, "QP-1-1", json!({"hint": "stale"}), None),
        (9_999, "QP-1-1", json!("verified"), Some("mismatched_money")),
        (10_000, "QP-2-1", json!("verified"), Some("unknown_status")),
    ] {
        let mut run = Run::waiting();
        run.notice(json!("paid"), minor, reference, verdict, START + HOUR);
        assert_ne!(run.case["state"], "paid");
        assert_eq!(run.reviews(), review.into_iter().collect::<Vec<_>>());
    }
}

#[test]
fn a_deadline_that_passes_unasked_cancels_nothing_and_after_the_grace_a_person_is_asked() {
    let mut run = Run::waiting();
    for hours in 1..=72 {
        run.take(json!("wake"), b"", START + hours * HOUR);
    }
    assert_eq!((run.case["state"].as_str(), run.reviews()), (Some("checking"), vec!["provider_unreachable"]));
    assert!(!run.outputs.iter().any(|output| output["body"]["tell"]["effect"] == "cancel"), "nobody has said that the code is dead");
    let view = |locale: &str| {
        let ask = json!({"case_view": {"settings": settings(), "case": run.case, "locale": locale, "now": START + 72 * HOUR}});
        serde_json::from_slice::<Value>(&calls::call(ask.to_string().as_bytes(), b"").0).unwrap()["ok"].clone()
    };
    for (locale, said) in [("es", "no se le puede preguntar"), ("en", "can’t be asked"), ("zh-CN", "无法查询")] {
        let review = view(locale)["reviews"][0].clone();
        assert!(review["text"].as_str().unwrap().contains(said) && review["explained"].is_null(), "{review}");
        assert!(review["steps"].to_string().contains("QP-1-1"), "what to look for");
    }
    assert!(view("es")["decisions"].to_string().contains("cancel"), "what the steps tell to do is offered");
    assert_eq!(run.case["counters"]["failures_in_a_row"], 0, "nobody failed to answer");
    run.notice(json!("paid"), 10_000, "QP-1-1", json!("verified"), START + 80 * HOUR);
    assert_eq!(run.case["state"], "paid");
}

#[test]
fn a_merchant_can_cancel_although_nobody_can_be_asked() {
    let mut run = Run::waiting();
    run.take(json!({"merchant": "cancel"}), b"", START + HOUR);
    assert!(run.outputs.iter().any(|output| output["body"]["tell"]["effect"] == "cancel"), "{:?}", run.case["state"]);
    run.notice(json!("paid"), 10_000, "QP-1-1", json!("verified"), START + 2 * HOUR);
    assert_eq!(run.reviews(), ["late_money"]);
}
