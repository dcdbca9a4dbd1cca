//! Each adapter's own answers through the whole engine: the right ones bring a code and pay the order; another amount, another order's reference or an
//! unknown word pay nothing and open a review.

use efectivo::calls;
use serde_json::{Value, json};

const NOW: i64 = 1_795_521_600_000;
/// Adapters whose vectors tell one order's life: reference `t-1-1`, 100 soles.
const NAMES: [&str; 6] = ["ebanx", "paysafe", "bamboo", "dlocal_go", "rapyd", "kushki"];

fn vectors(name: &str) -> Vec<Value> {
    let path = format!("{}/tests/vectors/providers/{name}/answers.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The first answer to such a call that reads so, by its facts; of our order and its amount.
fn answer(name: &str, call: &str, fits: impl Fn(&Value) -> bool) -> Option<Value> {
    vectors(name).into_iter().find(|one| one["call"].get(call).is_some() && one["expect"].get("facts").is_some_and(&fits))
}

struct Run {
    name: &'static str,
    case: Value,
    outputs: Vec<Value>,
}

impl Run {
    fn placed(name: &'static str, tag: &str, minor: i64) -> Self {
        let money = json!({"minor": minor, "currency": "PEN"});
        let read = json!({"status": "open", "outstanding": money, "total": money});
        let person =
            json!({"first_name": "Ana", "last_name": "Quispe", "email": "a@b.pe", "phone": "+51987654321", "document_type": "DNI", "document": "45678901"});
        let order = json!({"id": "0".repeat(32), "order": "1", "number": "1", "mode": "test", "seed": "ab".repeat(32), "page_token": "t".repeat(32), "read": read, "person": person});
        let mut run = Self { name, case: Value::Null, outputs: Vec::new() };
        run.take(tag, json!({ "placed": order }), "");
        run
    }

    fn take(&mut self, tag: &str, input: Value, body: &str) {
        let settings = json!({"shop": {"tag": tag, "page_url": "https://shop.example/pago"}, "channels": [{"id": self.name, "provider": self.name, "mode": "test", "confirmed": true}]});
        let ask = json!({"handle": {"settings": settings, "channels": [{"id": self.name}], "case": self.case, "input": input, "now": NOW}});
        let answer: Value = serde_json::from_slice(&calls::call(ask.to_string().as_bytes(), body.as_bytes()).0).unwrap();
        assert!(answer["error"].is_null(), "{}: {answer}", self.name);
        self.case = answer["ok"]["case"].clone();
        self.outputs.extend(answer["ok"]["outputs"].as_array().unwrap().iter().cloned());
    }

    /// Gives the vector's answer to the newest question.
    fn told(&mut self, tag: &str, vector: &Value) {
        let output = self.outputs.iter().rev().find(|output| output["body"].get("ask").is_some()).unwrap().clone();
        self.take(tag, json!({"answer": {"output": output, "answer": vector["answer"], "sent_before": false}}), vector["body"].as_str().unwrap());
    }

    fn asks(&mut self, tag: &str) {
        self.take(tag, json!({"merchant": "check_now"}), "");
    }

    fn reviews(&self) -> Vec<&str> {
        self.case["reviews"].as_array().unwrap().iter().map(|review| review["kind"].as_str().unwrap()).collect()
    }
}

fn of_our_order(facts: &Value) -> bool {
    facts["reference"] == "t-1-1" || facts["reference"].is_null()
}

fn issued(name: &str) -> Value {
    let right = |facts: &Value| !facts["code"].is_null() && of_our_order(facts) && (facts["amount"]["minor"] == 10_000 || facts["amount"].is_null());
    answer(name, "create", right).unwrap_or_else(|| panic!("{name} has no answer with a code"))
}

fn paid(name: &str, right: bool) -> Option<Value> {
    answer(name, "query", |facts| facts["status"] == "paid" && of_our_order(facts) && (facts["payments"][0]["amount"]["minor"] == 10_000) == right)
}

#[test]
fn the_right_answers_bring_a_code_and_pay_the_order_once() {
    for name in NAMES {
        let mut run = Run::placed(name, "t", 10_000);
        run.told("t", &issued(name));
        assert_eq!(run.case["state"], "waiting", "{name}");
        let Some(paid) = paid(name, true) else { continue };
        for _ in 0..2 {
            run.asks("t");
            run.told("t", &paid);
        }
        assert_eq!((run.case["state"].as_str(), run.reviews()), (Some("paid"), vec![]), "{name}");
        let told = run.outputs.iter().filter(|output| output["body"]["tell"]["effect"].get("mark_paid").is_some()).count();
        assert_eq!(told, 1, "{name}");
    }
}

#[test]
fn a_code_for_another_amount_is_called_off_or_asked_about_and_never_shown_as_this_orders() {
    for name in NAMES.into_iter().filter(|name| issued(name)["expect"]["facts"]["amount"]["minor"] == 10_000) {
        let mut run = Run::placed(name, "t", 9_900);
        run.told("t", &issued(name));
        assert_ne!(run.case["state"], "waiting", "{name}");
        assert_eq!(run.reviews(), ["no_code"], "{name}");
    }
}

#[test]
fn money_of_another_amount_is_a_review() {
    let mut tried = 0;
    for (name, wrong) in NAMES.into_iter().filter_map(|name| Some((name, paid(name, false)?))) {
        let mut run = Run::placed(name, "t", 10_000);
        run.told("t", &issued(name));
        run.asks("t");
        run.told("t", &wrong);
        assert_ne!(run.case["state"], "paid", "{name}");
        assert_eq!(run.reviews(), ["mismatched_money"], "{name}");
        tried += 1;
    }
    assert!(tried >= 2, "{tried}");
}

#[test]
fn an_answer_of_another_shops_order_brings_no_code_and_no_money() {
    for name in NAMES.into_iter().filter(|name| issued(name)["expect"]["facts"]["reference"] == "t-1-1") {
        let mut run = Run::placed(name, "OTHER", 10_000);
        run.told("OTHER", &issued(name));
        assert_ne!(run.case["state"], "waiting", "{name}");
        assert_eq!(run.reviews(), ["unknown_status"], "{name}");
    }
}

#[test]
fn a_word_that_nobody_knows_changes_nothing_and_a_person_is_asked() {
    let mut tried = 0;
    for name in NAMES {
        let Some(strange) = answer(name, "query", |facts| facts["status"].get("unrecognised").is_some() && of_our_order(facts)) else { continue };
        let mut run = Run::placed(name, "t", 10_000);
        run.told("t", &issued(name));
        run.asks("t");
        run.told("t", &strange);
        assert_eq!((run.case["state"].as_str(), run.reviews()), (Some("waiting"), vec!["unknown_status"]), "{name}");
        tried += 1;
    }
    assert!(tried >= 5, "{tried}");
}
