//! PagoEfectivo's tokens: how long they are used, and what is no token.

use efectivo::clock::{HOUR, Instant, MINUTE};
use efectivo::http::Answer;
use efectivo::names::Provider;
use efectivo::providers::{self, Reading};
use serde_json::{Value, json};

const NOW: Instant = Instant(1_795_521_600_000);

fn token(status: u16, body: &Value) -> Result<(String, i64), Reading> {
    let answer: Answer = serde_json::from_value(json!({ "response": { "status": status } })).unwrap();
    let read = providers::token(Provider::Pagoefectivo, &answer, body.to_string().as_bytes(), NOW);
    read.map(|(token, until)| (token.expose().into(), until.since(NOW)))
}

fn body(start: &str, end: &str) -> Value {
    json!({ "code": "100", "message": "Solicitud exitosa.", "data": { "token": "a.b.c", "codeService": "SRV", "tokenStart": start, "tokenExpires": end } })
}

#[test]
fn a_token_is_used_until_five_minutes_before_its_end_by_our_own_clock() {
    // The document's sample: two hours; its dates are years away from ours, as a provider's skewed clock would be.
    let sample = body("2019-12-09T16:15:19-05:00", "2019-12-09T18:15:19-05:00");
    assert_eq!(token(201, &sample), Ok(("a.b.c".into(), 2 * HOUR - 5 * MINUTE)));
    assert_eq!(token(200, &body("2019-12-09T16:15:19-05:00", "2019-12-09T16:25:19-05:00")), Ok(("a.b.c".into(), 5 * MINUTE)));
}

#[test]
fn a_life_that_can_not_be_read_is_the_documented_two_hours() {
    for (start, end) in
        [("", ""), ("x", "y"), ("2019-12-09T16:15:19-05:00", "2018-12-09T16:15:19-05:00"), ("2019-12-09T16:15:19-05:00", "2029-12-09T16:15:19-05:00")]
    {
        assert_eq!(token(201, &body(start, end)), Ok(("a.b.c".into(), 2 * HOUR - 5 * MINUTE)), "{start} {end}");
    }
}

#[test]
fn what_is_no_token_is_never_used_as_one() {
    for bad in [
        json!({}),
        json!({ "code": 100 }),
        json!({ "code": 100, "data": {} }),
        json!({ "code": 100, "data": { "token": "" } }),
        json!({ "code": 111, "data": { "token": "a" } }),
    ] {
        assert_eq!(token(201, &bad), Err(Reading::Unanswered), "{bad}");
    }
    assert_eq!(token(401, &json!({})), Err(Reading::Unauthorized));
    assert_eq!(token(500, &body("", "")), Err(Reading::Unanswered));
    let refused = json!({ "code": "111", "message": "", "data": [{ "code": "113", "message": "Valor invalido.", "field": "hashString" }] });
    assert_eq!(token(400, &refused), Err(Reading::Refused { code: "113".into(), field: "hashString".into() }));
}

#[test]
fn no_other_provider_has_tokens() {
    for provider in [Provider::Sandbox, Provider::Dlocal] {
        assert!(!providers::abilities(provider).needs_token);
    }
    assert!(providers::abilities(Provider::Pagoefectivo).needs_token);
}
