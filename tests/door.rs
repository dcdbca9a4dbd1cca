//! The door as a host meets it: clear errors, no value repeated, every word that the desk needs.

use efectivo::calls;
use efectivo::voucher::{Locale, RefundState, ReviewKind, State, Tone};
use serde_json::{Value, json};

fn call(ask: Value) -> Value {
    serde_json::from_slice(&calls::call(ask.to_string().as_bytes(), b"").0).unwrap()
}

#[test]
fn a_call_that_nobody_knows_is_refused_by_name() {
    let error = &call(json!({"fly": {}}))["error"];
    assert_eq!((error["code"].as_str(), error["retry"].as_str()), (Some("unknown_call"), Some("no")));
    assert!(error["message"].as_str().unwrap().contains("fly"));
    for broken in ["", "{", "[]", "{}", r#"{"a":1,"b":2}"#, "\u{0}"] {
        let answer: Value = serde_json::from_slice(&calls::call(broken.as_bytes(), b"").0).unwrap();
        assert_eq!(answer["error"]["code"], "bad_ask", "{broken}");
    }
}

#[test]
fn an_unknown_field_of_our_own_calls_is_refused_and_no_value_is_repeated() {
    let error = &call(json!({"money": {"text": "1", "currency": "PEN", "colour": "red"}}))["error"];
    assert!(error["message"].as_str().unwrap().contains("colour"), "{error}");
    let error = call(json!({"carry": {"credentials": {"dlocal": {"login": "l", "trans_key": ["canary-7391"]}}}}));
    assert!(!error.to_string().contains("canary"), "{error}");
    let error = call(json!({"money": {"text": {"canary-7391": 1}, "currency": "canary-7391"}}));
    assert!(!error.to_string().contains("canary"), "{error}");
}

#[test]
fn an_order_without_what_the_provider_demands_is_refused_before_any_request() {
    let settings = json!({"shop": {"tag": "QP"}, "channels": [{"id": "d", "provider": "dlocal", "mode": "test"}]});
    let read = json!({"status": "open", "outstanding": {"minor": 12350, "currency": "PEN"}, "total": {"minor": 12350, "currency": "PEN"}});
    let order = json!({"id": "0".repeat(32), "order": "1", "number": "1", "mode": "test", "seed": "ab".repeat(32), "page_token": "t".repeat(32), "read": read,
        "person": {"first_name": "Ana", "last_name": "Quispe", "email": "ana@example.pe"}});
    let ask =
        |lang: &str| call(json!({"handle": {"settings": settings, "case": null, "input": {"placed": order}, "now": 1_795_000_000_000_i64}, "lang": lang}));
    let error = &ask("en")["error"];
    assert_eq!(error["code"], "missing_field");
    assert!(error["message"].as_str().unwrap().contains("document number"), "{error}");
    assert!(ask("es")["error"]["message"].as_str().unwrap().contains("número de documento"));
    assert!(ask("zh-CN")["error"]["message"].as_str().unwrap().contains("证件号码"));
}

#[test]
fn settings_are_checked_with_the_field_to_mend() {
    let settings = json!({"shop": {"tag": "muy-larga-etiqueta"}, "validity_hours": 5, "channels": [{"id": "a b", "provider": "sandbox", "mode": "live", "allowlist": {"rule": "enforce"}}]});
    let problems = &call(json!({"check_settings": {"settings": settings, "locale": "en"}}))["ok"]["problems"];
    let fields: Vec<_> = problems.as_array().unwrap().iter().map(|p| p["field"].as_str().unwrap()).collect();
    for field in ["shop.name", "shop.tag", "shop.page_url", "validity_hours", "channels.0.id", "channels.0.mode", "channels.0.allowlist"] {
        assert!(fields.contains(&field), "{field} in {fields:?}");
    }
    for problem in problems.as_array().unwrap() {
        assert!(!problem["help"].as_str().unwrap().starts_with("error."), "{problem}");
    }
}

/// A frozen case, with an open review of every kind in the place of its own.
fn with_every_review() -> Value {
    let path = format!("{}/tests/vectors/cases/v1/paid-second_money.json", env!("CARGO_MANIFEST_DIR"));
    let mut case: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let review = |(place, kind): (usize, &ReviewKind)| {
        let about = match kind {
            ReviewKind::SecondMoney => "100005",
            ReviewKind::EffectRefused => "paid-7",
            _ => "x",
        };
        json!({"no": place + 1, "kind": kind, "attempt": 1, "about": about, "amount": {"minor": 12350, "currency": "PEN"}, "opened_at": 1_795_000_000_000_i64,
            "due_at": 1_795_172_800_000_i64})
    };
    case["reviews"] = ReviewKind::ALL.iter().enumerate().map(review).collect();
    case
}

#[test]
fn a_review_says_what_to_look_up_what_to_do_and_by_when() {
    let settings = json!({"shop": {"page_url": "https://quipu.example/pago"}});
    for locale in ["es", "en", "zh-CN"] {
        let answer = call(json!({"case_view": {"settings": settings, "case": with_every_review(), "locale": locale, "now": 1_795_200_000_000_i64}}));
        for review in answer["ok"]["reviews"].as_array().unwrap() {
            let text = review.to_string();
            let shown = [&review["steps"], &review["evidence"], &review["text"], &review["due_line"]].map(Value::to_string).concat();
            assert!(!shown.contains("{re") && !shown.contains("{date") && !shown.contains("fact."), "an open place or a missing word: {shown}");
            assert!(review["evidence"].to_string().contains("ROSITA-1-1") && review["overdue"] == true, "{text}");
            let due = review["due_text"].as_str().unwrap();
            assert!(review["due_line"].as_str().unwrap().contains(due), "{text}");
        }
        let review = |kind: &str| answer["ok"]["reviews"].as_array().unwrap().iter().find(|review| review["kind"] == kind).unwrap().to_string();
        assert!(
            review("second_money").contains("100005") && review("second_money").contains("S/\u{a0}123.50"),
            "the payment in question, as the provider calls it"
        );
        assert!(review("two_codes_possible").contains("ROSITA-1-1"));
    }
}

#[test]
fn a_review_says_what_happened_also_where_its_kind_usually_means_something_else() {
    let settings = json!({"shop": {"page_url": "https://quipu.example/pago"}});
    let told = |kind: &str, about: &str, locale: &str| {
        let mut case = with_every_review();
        case["reviews"] = case["reviews"].as_array().unwrap().iter().filter(|review| review["kind"] == kind).cloned().collect();
        case["reviews"][0]["about"] = json!(about);
        call(json!({"case_view": {"settings": settings, "case": case, "locale": locale, "now": 1_795_200_000_000_i64}}))["ok"]["reviews"][0].clone()
    };
    for (kind, usual, about, untrue) in [
        ("provider_unreachable", "deadline", "still-payable", "no nos dio una respuesta"),
        ("provider_unreachable", "deadline", "unasked", "no nos dio una respuesta"),
        ("unknown_status", "MYSTERY", "absent", "esta versión no conoce"),
        ("unknown_status", "MYSTERY", "wrong-reference", "esta versión no conoce"),
        ("effect_refused", "paid-7", "cancelled-though-paid", "no aceptó"),
        ("two_codes_possible", "lost-create", "can-not-cancel", "no llegó respuesta"),
        ("two_codes_possible", "lost-create", "another-issued", "no llegó respuesta"),
        ("no_code", "x", "wrong-amount", "no generó"),
        ("no_code", "x", "never-shown", "no generó"),
    ] {
        for locale in ["es", "en", "zh-CN"] {
            let (before, now) = (told(kind, usual, locale), told(kind, about, locale));
            assert!(now["text"] != before["text"] && now["steps"] != before["steps"] && now["steps"].as_array().unwrap().len() >= 2, "{about} {locale}");
            assert!(!now.to_string().contains("{re") && now["explained"].is_null() && !now["evidence"].to_string().contains(about), "{now}");
        }
        assert!(about != "cancelled-though-paid" || !told(kind, about, "es")["buttons"].to_string().contains("try_again"), "it was paid, and stays told so");
        assert!(told(kind, usual, "es").to_string().contains(untrue) && !told(kind, about, "es").to_string().contains(untrue), "{about}");
    }
}

#[test]
fn money_is_offered_back_only_where_that_much_of_it_is_in() {
    let settings = json!({"shop": {"page_url": "https://quipu.example/pago"}});
    let buttons = |case: &Value| {
        let answer = call(json!({"case_view": {"settings": settings, "case": case, "now": 1_795_200_000_000_i64}}));
        let review = answer["ok"]["reviews"].as_array().unwrap().iter().find(|review| review["kind"] == "second_money").unwrap();
        review["buttons"].to_string()
    };
    let mut case = with_every_review();
    assert!(buttons(&case).contains("refund_money"));
    case["refunds"] =
        json!([{"key": "ROSITA-1-1-r1", "idempotency": "k", "attempt": 1, "amount": {"minor": 24_700, "currency": "PEN"}, "state": "sent", "requested_at": 1}]);
    assert!(!buttons(&case).contains("refund_money"), "both payments are on their way back already");
    case["refunds"] = json!([]);
    case["attempts"][0]["provider"] = json!("pagoefectivo");
    assert!(!buttons(&case).contains("refund_money"), "this provider gives nothing back");
}

#[test]
fn every_word_that_a_desk_needs_is_in_every_language() {
    let name = |value: Value| value.as_str().unwrap().to_owned();
    let mut ids: Vec<String> = ["a.check", "a.cancel", "a.refund", "note.no_code"].map(String::from).to_vec();
    ids.extend(ReviewKind::ALL.iter().flat_map(|kind| ["title", "text", "result", "step1"].map(|part| format!("review.{}.{part}", name(json!(kind))))));
    use State::*;
    ids.extend([Creating, Unknown, Waiting, Checking, Lapsed, Paid, Reversed, Cancelled, Failed].iter().map(|s| format!("state.{}", name(json!(s)))));
    ids.extend([RefundState::Requested, RefundState::Unknown, RefundState::Done].iter().map(|s| format!("refund.{}", name(json!(s)))));
    for code in [
        "already_placed",
        "no_case",
        "newer_schema",
        "no_channel",
        "missing_field",
        "unfit_field",
        "amount",
        "credential",
        "not_possible",
        "reason_needed",
        "malformed",
    ] {
        ids.extend(["message", "help"].map(|part| format!("error.{code}.{part}")));
    }
    for locale in [Locale::Es, Locale::En, Locale::ZhCn] {
        for id in &ids {
            assert!(efectivo::words::raw(locale, Tone::Tu, id).is_some(), "{locale:?} {id}");
        }
    }
}

#[test]
fn a_picture_of_no_size_or_a_giant_one_is_refused_by_name() {
    for (call, text) in [("qr", "https://shop.example/pago/x"), ("barcode", "112399769")] {
        let ask = |format: &str, scale: i64| {
            let (answer, picture) = efectivo::calls::call(json!({call: {"text": text, "format": format, "scale": scale}}).to_string().as_bytes(), b"");
            (serde_json::from_slice::<Value>(&answer).unwrap(), picture)
        };
        for format in ["svg", "png"] {
            assert!(ask(format, 1).1.len() > 100 && ask(format, 16).1.len() > 100);
            for scale in [0, 17, 255] {
                let (answer, picture) = ask(format, scale);
                assert_eq!((answer["error"]["code"].as_str(), picture.len()), (Some("bad_scale"), 0), "{call} {format} {scale}");
                assert_eq!(answer["error"]["message"], "La escala de una imagen va de 1 a 16.");
            }
            for scale in [-1, 256] {
                assert_eq!(ask(format, scale).0["error"]["code"], "bad_ask", "{call} {format} {scale}");
            }
        }
    }
}
