//! What people get wrong, and what they are told: a key in the wrong field or of the other mode, amounts and documents that one provider refuses, no channel
//! at all. Each is a sentence that says what to do, and another channel takes what it can.

use efectivo::calls;
use serde_json::{Value, json};

const NOW: i64 = 1_795_521_600_000;

fn call(ask: Value) -> Value {
    serde_json::from_slice(&calls::call(ask.to_string().as_bytes(), b"").0).unwrap()
}

fn channels(names: &[&str]) -> Value {
    json!(names.iter().map(|name| json!({"id": name, "provider": name, "mode": "test", "confirmed": true})).collect::<Vec<_>>())
}

/// An order placed with channels in this order: the answer of the core.
fn placed(names: &[&str], minor: i64, person: Value) -> Value {
    ordered(&json!({"shop": {"tag": "QP", "page_url": "https://shop.example/pago"}, "channels": channels(names)}), minor, person)
}

fn ordered(settings: &Value, minor: i64, person: Value) -> Value {
    let money = json!({"minor": minor, "currency": "PEN"});
    let read = json!({"status": "open", "outstanding": money, "total": money});
    let order = json!({"id": "0".repeat(32), "order": "1", "number": "1", "mode": "test", "seed": "ab".repeat(32), "page_token": "t".repeat(32), "read": read, "person": person});
    call(json!({"handle": {"settings": settings, "case": null, "input": {"placed": order}, "now": NOW}, "lang": "en"}))
}

fn ana() -> Value {
    json!({"first_name": "Ana", "last_name": "Quispe", "email": "ana@example.pe", "phone": "+51987654321", "document_type": "DNI", "document": "45678901", "ip": "190.0.0.1"})
}

/// Which channel was asked for the code.
fn asked(answer: &Value) -> &str {
    answer["ok"]["outputs"][0]["body"]["ask"]["channel"].as_str().unwrap_or_else(|| panic!("{answer}"))
}

/// The error's sentence and help, both with something in them.
fn told(answer: &Value) -> String {
    let error = &answer["error"];
    let (message, help) = (error["message"].as_str().unwrap(), error["help"].as_str().unwrap());
    assert!(message.len() > 8 && help.len() > 8 && !message.contains("error.") && !help.contains("error."), "{error}");
    format!("{} {message} {help}", error["code"].as_str().unwrap())
}

#[test]
fn an_amount_out_of_one_providers_range_goes_to_the_next_that_takes_it() {
    for (minor, first, next) in [(300, "culqi", "bamboo"), (600_000, "bamboo", "culqi"), (400_000, "paysafe", "bamboo"), (1_500_000, "bamboo", "mercado_pago")]
    {
        assert_eq!(asked(&placed(&[first, next], minor, ana())), next, "{minor}");
    }
    assert!(told(&placed(&["culqi", "bamboo"], 1_500_000, ana())).starts_with("amount "));
}

#[test]
fn a_document_that_one_provider_refuses_goes_to_the_next_or_names_the_field() {
    let mut person = ana();
    person["document"] = json!("4567890123");
    person["document_type"] = json!("");
    assert_eq!(asked(&placed(&["dlocal", "ebanx", "mercado_pago"], 10_000, person.clone())), "mercado_pago");
    let alone = told(&placed(&["ebanx"], 10_000, person.clone()));
    assert!(alone.starts_with("unfit_field ") && alone.contains("document number") && !alone.contains("4567890123"), "{alone}");
    person["phone"] = json!("+5491155554444");
    person["document"] = json!("");
    let phone = told(&placed(&["bamboo"], 10_000, person));
    assert!(phone.contains("mobile phone"), "{phone}");
}

#[test]
fn without_a_channel_or_with_one_that_can_make_no_code_the_sentence_says_what_to_switch_on() {
    assert!(told(&placed(&[], 10_000, ana())).starts_with("no_channel "));
    let alone = told(&placed(&["pagseguro"], 10_000, ana()));
    assert!(!alone.contains("pagseguro"), "{alone}");
    assert_eq!(asked(&placed(&["pagseguro", "dlocal"], 10_000, ana())), "dlocal");
    let check = |names: &[&str]| {
        call(json!({"check_settings": {"settings": {"shop": {"name": "Q", "tag": "QP", "page_url": "https://shop.example/pago", "contact": "x"}, "channels": channels(names)}, "locale": "en"}}))["ok"].clone()
    };
    let codes = |answer: &Value| answer["problems"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(codes(&check(&[])), ["setting_no_channel"]);
    assert_eq!(codes(&check(&["pagseguro"])), ["setting_no_create"]);
    let noted = check(&["dlocal", "kushki"]);
    assert_eq!((codes(&noted).len(), noted["notes"][0]["channel"].as_str()), (0, Some("kushki")));
}

#[test]
fn a_provider_that_no_source_confirms_sells_nothing_until_the_merchant_says_that_it_does() {
    let set = |confirmed: Option<bool>, second: Value| {
        let mut kushki = json!({"id": "kushki", "provider": "kushki", "mode": "test", "currencies": ["PEN"]});
        confirmed.into_iter().for_each(|said| kushki["confirmed"] = json!(said));
        json!({"shop": {"name": "Q", "tag": "QP", "page_url": "https://shop.example/pago", "contact": "x"}, "channels": [kushki, second]})
    };
    let dlocal = json!({"id": "dlocal", "provider": "dlocal", "mode": "test"});
    for confirmed in [None, Some(false)] {
        let settings = set(confirmed, dlocal.clone());
        let answer = call(json!({"check_settings": {"settings": settings, "locale": "en"}}));
        let problem = &answer["ok"]["problems"][0];
        assert_eq!((problem["field"].as_str(), problem["code"].as_str()), (Some("channels.0.confirmed"), Some("setting_unconfirmed")), "{answer}");
        assert!(problem["message"].as_str().unwrap().starts_with("kushki makes no codes"), "{problem}");
        assert_eq!(asked(&ordered(&settings, 10_000, ana())), "dlocal", "the next channel takes it");
        let alone = json!({"shop": settings["shop"], "channels": [settings["channels"][0]]});
        assert!(told(&ordered(&alone, 10_000, ana())).starts_with("no_channel "));
    }
    let settings = set(Some(true), dlocal);
    let answer = call(json!({"check_settings": {"settings": settings, "locale": "en"}}));
    assert_eq!((answer["ok"]["problems"].as_array().map(Vec::len), answer["ok"]["notes"][0]["channel"].as_str()), (Some(0), Some("kushki")), "{answer}");
    assert_eq!(asked(&ordered(&settings, 10_000, ana())), "kushki");
}

#[test]
fn a_key_in_the_wrong_field_or_of_the_other_mode_is_told_by_its_field() {
    let ask = |name: &str, keys: Value| {
        let settings = json!({"channels": channels(&[name])});
        call(json!({"check_keys": {"settings": settings, "channel": name, "credentials": {name: keys}, "now": NOW, "entropy": "00"}, "lang": "en"}))
    };
    for (name, keys, field) in [
        ("culqi", json!({"secret_key": "sk_live_canary", "notice_user": "u", "notice_password": "p"}), "secret_key"),
        ("paysafe", json!({"api_key": "canary", "account_id": "1", "hmac_key": "aGV5"}), "api_key"),
        ("dlocal", json!({"login": "", "trans_key": "canary", "secret_key": "s"}), "login"),
        ("ebanx", json!({"key_id": ""}), "key_id"),
    ] {
        let said = told(&ask(name, keys));
        assert!(said.starts_with("credential ") && said.contains(field) && !said.contains("canary"), "{said}");
    }
    let held = ask("ebanx", json!({"key_id": "k", "signing_key": "canary"}));
    assert!(!held.to_string().contains("canary") && held["error"]["code"] == "bad_ask", "a private key never enters the core: {held}");
}
