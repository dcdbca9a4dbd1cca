//! The simulated providers, spoken to as their documents say, by hand; and a whole life through our own adapters against them.

use efectivo::clock::{DAY, HOUR, Instant};
use efectivo::providers::sandbox::serve::{Accounts, Act, NoticeRule, Served, Transport, Trouble, World, serve};
use efectivo::signature::{hex, hmac_sha256, sha256};
use serde_json::{Value, json};

const NOW: Instant = Instant(1_795_000_000_000);

fn accounts() -> Accounts {
    serde_json::from_value(json!({"own_key": "k-own", "own_secret": "s-own", "own_notice_url": "http://127.0.0.1:1/own",
        "pagoefectivo_service_id": 1234, "pagoefectivo_access_key": "access", "pagoefectivo_secret_key": "s-pe", "pagoefectivo_notice_url": "http://127.0.0.1:1/pe",
        "dlocal_login": "login", "dlocal_trans_key": "trans", "dlocal_secret_key": "s-dl"}))
    .unwrap()
}

fn act(world: &mut World, act: Value, now: Instant) -> Served {
    serve(world, &serde_json::from_value::<Act>(act).unwrap(), b"", now).unwrap()
}

fn http(world: &mut World, method: &str, path: &str, headers: Vec<(&str, String)>, body: &str, now: Instant) -> (u16, Value) {
    let served =
        serve(world, &serde_json::from_value(json!({"http": {"method": method, "path": path, "headers": headers}})).unwrap(), body.as_bytes(), now).unwrap();
    (served.response.map_or(0, |r| r.status), serde_json::from_str(&served.body).unwrap_or(Value::Null))
}

fn token(world: &mut World, now: Instant) -> String {
    let date = now.lima_text();
    let hash = hex::encode(&sha256(&[format!("1234.access.s-pe.{date}").as_bytes()]));
    let body = json!({"accessKey": "access", "idService": 1234, "dateRequest": date, "hashString": hash}).to_string();
    let (status, answer) = http(world, "POST", "/pagoefectivo/v1/authorizations", vec![], &body, now);
    assert_eq!((status, answer["code"].as_str()), (201, Some("100")), "{answer}");
    answer["data"]["token"].as_str().unwrap().to_owned()
}

#[test]
fn pagoefectivo_issues_a_cip_that_anybody_can_pay() {
    let mut world = World::new(7, accounts());
    let bearer = |token: &str| vec![("Authorization", format!("Bearer {token}"))];
    let token = token(&mut world, NOW);
    let body = r#"{"currency":"PEN","amount":123.50,"transactionCode":"QP-1-1","dateExpiry":"2026-12-31T23:59:59-05:00","userEmail":"ana@example.pe"}"#;
    let (status, made) = http(&mut world, "POST", "/pagoefectivo/v1/cips", bearer(&token), body, NOW);
    assert_eq!(status, 201);
    let (_, again) = http(&mut world, "POST", "/pagoefectivo/v1/cips", bearer(&token), body, NOW);
    assert_ne!(made["data"]["cip"], again["data"]["cip"], "it does not de-duplicate");
    assert_eq!(http(&mut world, "POST", "/pagoefectivo/v1/cips", bearer("x"), body, NOW).0, 401);
    assert_eq!(http(&mut world, "POST", "/pagoefectivo/v1/cips", bearer(&token), body, NOW.plus(3 * HOUR)).0, 401);
    let (status, refused) = http(&mut world, "POST", "/pagoefectivo/v1/cips", bearer(&token), r#"{"currency":"PEN"}"#, NOW);
    assert_eq!((status, &refused["code"], &refused["data"][0]["field"]), (400, &json!("111"), &json!("amount")));
    let cip = made["data"]["cip"].to_string();
    let served = act(&mut world, json!({"pay": {"code": cip, "amount": null}}), NOW.plus(HOUR));
    let [parcel] = served.parcels.as_slice() else { panic!("one notice") };
    let signature = hex::encode(&hmac_sha256(b"s-pe", &[parcel.body.as_bytes()]));
    assert!(parcel.headers.contains(&("PE-Signature".into(), signature)));
    assert!(parcel.body.starts_with(r#"{"eventType":"cip.paid","operationNumber":""#), "{}", parcel.body);
    let search = format!(r#"{{"data":[{{"cip":{cip}}},{{"cip":1}}]}}"#);
    let (_, found) = http(&mut world, "POST", "/pagoefectivo/v1/cips/search", bearer(&token), &search, NOW.plus(HOUR));
    assert_eq!((&found["data"][0]["statusName"], &found["data"][1]), (&json!("Cancelado."), &json!({})));
    assert_eq!(http(&mut world, "DELETE", &format!("/pagoefectivo/v1/cips/{cip}"), bearer(&token), "", NOW.plus(HOUR)).0, 400, "a paid code stays");
}

#[test]
fn dlocal_refuses_a_bad_signature_and_a_second_order_of_the_same_name() {
    let mut world = World::new(7, accounts());
    let body = r#"{"amount":123.5,"currency":"PEN","country":"PE","payment_method_id":"EF","payment_method_flow":"DIRECT","payer":{"name":"Ana Quispe","email":"a@example.pe","document":"12345678"},"order_id":"QP-1-1","notification_url":"http://127.0.0.1:1/dl"}"#;
    let date = NOW.utc_text();
    let headers = |key: &[u8], body: &str| {
        let signature = hex::encode(&hmac_sha256(key, &[b"login", date.as_bytes(), body.as_bytes()]));
        let one = |name, value: &str| (name, value.to_owned());
        vec![
            one("X-Date", &date),
            one("X-Login", "login"),
            one("X-Trans-Key", "trans"),
            one("X-Version", "2.1"),
            ("Authorization", format!("V2-HMAC-SHA256, Signature: {signature}")),
        ]
    };
    let (status, bad) = http(&mut world, "POST", "/dlocal/payments", headers(b"wrong", body), body, NOW);
    assert_eq!((status, &bad["code"]), (400, &json!(5000)));
    assert_eq!(http(&mut world, "POST", "/dlocal/payments", vec![], body, NOW).1["code"], 5001);
    let (status, made) = http(&mut world, "POST", "/dlocal/payments", headers(b"s-dl", body), body, NOW);
    assert_eq!((status, &made["status"], &made["ticket"]["provider_name"]), (200, &json!("PENDING"), &json!("PagoEfectivo")));
    assert!(made["ticket"]["expiration_date"].as_str().unwrap().ends_with("+0000"));
    assert_eq!(http(&mut world, "POST", "/dlocal/payments", headers(b"s-dl", body), body, NOW).1["code"], 5009);
    let path = format!("/dlocal/payments/{}", made["id"].as_str().unwrap());
    let later = NOW.plus(7 * DAY);
    assert_eq!(http(&mut world, "GET", &path, headers(b"s-dl", ""), "", later).1["status"], "REJECTED");
}

#[test]
fn ordered_trouble_meets_the_next_requests_only() {
    let mut world = World::new(7, accounts());
    act(&mut world, json!({"trouble": {"kind": "cut_before", "count": 1, "matching": "/codes"}}), NOW);
    let ask: Act = serde_json::from_value(json!({"http": {"method": "GET", "path": "/own/codes/x", "headers": []}})).unwrap();
    assert_eq!(serve(&mut world, &ask, b"", NOW).unwrap().transport, Transport::Cut);
    assert_eq!(serve(&mut world, &ask, b"", NOW).unwrap().response.unwrap().status, 401);
    for kind in
        [json!({"slow": {"ms": 20}}), json!("cut_after"), json!("server_error"), json!("server_error_after"), json!("html"), json!("truncated"), json!("busy")]
    {
        let _: Trouble = serde_json::from_value(kind).unwrap();
    }
}

#[test]
fn the_same_acts_make_the_same_world_and_it_survives_storage() {
    let run = || {
        let mut world = World::new(9, accounts());
        let token = token(&mut world, NOW);
        let body = r#"{"currency":"PEN","amount":10.00,"transactionCode":"a","dateExpiry":"2026-12-31T23:59:59-05:00","userEmail":"a@b.pe"}"#;
        http(&mut world, "POST", "/pagoefectivo/v1/cips", vec![("Authorization", format!("Bearer {token}"))], body, NOW);
        let rule: Act = serde_json::from_value(json!({"notices": {"rule": {"delayed": {"ms": 5000}}, "count": 1}})).unwrap();
        assert!(matches!(rule, Act::Notices { rule: NoticeRule::Delayed { ms: 5000 }, .. }));
        serde_json::to_string(&world).unwrap()
    };
    let first = run();
    assert_eq!(first, run());
    let world: World = serde_json::from_str(&first).unwrap();
    assert_eq!(serde_json::to_string(&world).unwrap(), first);
}

fn ask(call: &str, ask: Value, body: &[u8]) -> (Value, Vec<u8>) {
    let (answer, bytes) = efectivo::calls::call(json!({ call: ask }).to_string().as_bytes(), body);
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    assert!(answer["error"].is_null(), "{call}: {answer}");
    (answer["ok"].clone(), bytes)
}

/// What "check my keys" says, asked at the simulated provider with the keys of one account, where the world knows those of another.
fn accepted(provider: &str, seed: &str, of_the_world: &str) -> Option<bool> {
    let account = |seed: &str| ask("sandbox_account", json!({"provider": provider, "seed": seed, "notice_url": "http://127.0.0.1:1/n"}), b"").0;
    let (mine, theirs) = (account(seed), account(of_the_world));
    let base = format!("http://127.0.0.1:1/sandbox/{}", mine["path"].as_str().unwrap());
    let channel = json!({"id": "c", "provider": provider, "mode": "test", "confirmed": true, "sandbox_url": base});
    let about = json!({"settings": {"shop": {"tag": "T"}, "channels": [channel]}, "channel": "c", "now": NOW});
    let with = |more: Value| {
        Value::Object(about.as_object().unwrap().iter().chain(more.as_object().unwrap()).map(|(name, value)| (name.clone(), value.clone())).collect())
    };
    let (made, body) = ask("check_keys", with(json!({"credentials": {provider: mine["keys"]}, "entropy": "ab".repeat(32)})), b"");
    let request = made.get("request").filter(|request| request.get("sign").is_none())?;
    let url = request["url"].as_str()?.strip_prefix("http://127.0.0.1:1/sandbox")?;
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let act = json!({"http": {"method": request["method"], "path": path, "query": query, "headers": request["headers"]}});
    let (served, answer) = ask("sandbox", json!({"begin": {"seed": 7, "accounts": theirs["accounts"]}, "act": act, "now": NOW}), &body);
    let (told, _) = ask("keys_checked", with(json!({"answer": {"response": served["response"]}})), &answer);
    told["good"].as_bool()
}

#[test]
fn an_account_that_a_seed_makes_opens_its_own_providers_side_and_no_other_seeds() {
    let (able, _) = ask("abilities", json!({}), b"");
    let mut checked = Vec::new();
    for provider in able.as_array().unwrap().iter().filter(|able| able["create"] == true).map(|able| able["provider"].as_str().unwrap()) {
        let Some(good) = accepted(provider, "one", "one") else { continue };
        assert!(good, "{provider}");
        // PayU's answer to a question about an order that isn't there tells nothing of the keys, and is told so.
        assert_eq!(accepted(provider, "one", "two"), Some(provider == "payu"), "{provider}");
        checked.push(provider);
    }
    assert_eq!(checked.len(), 10, "all but EBANX, whose host signs, and Kushki, that can't be asked: {checked:?}");
}
