//! Every adapter against its vectors: requests byte for byte, answers and notices in our words, and what nobody may get past a signature.

use efectivo::clock::Instant;
use efectivo::engine::{self, ChannelRow};
use efectivo::http::{Answer, Headers, Notice, Request};
use efectivo::names::Provider;
use efectivo::providers::{self, Call, Credentials, NoticeFacts, Reading, Sending, Step};
use efectivo::secret::Secret;
use efectivo::signature::{Doubt, Verdict};
use efectivo::voucher::{ChannelSettings, Person, Settings};
use proptest::prelude::*;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn vectors<T: DeserializeOwned>(provider: Provider, name: &str) -> Vec<T> {
    let path = format!("{}/tests/vectors/providers/{}/{name}.json", env!("CARGO_MANIFEST_DIR"), provider.name());
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

fn channel(provider: Provider) -> ChannelSettings {
    let notice_url = format!("https://shop.example/n/{}", provider.name());
    serde_json::from_value(json!({ "id": provider.name(), "provider": provider.name(), "mode": "test", "notice_url": notice_url })).unwrap()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct RequestVector {
    name: String,
    source: String,
    r#where: String,
    call: Call,
    credentials: Credentials,
    channel: ChannelSettings,
    person: Person,
    token: Option<Secret>,
    locale: Value,
    now: String,
    first: Option<First>,
    expect: Value,
}

/// What came back for a call's first request.
#[derive(Deserialize)]
struct First {
    answer: Answer,
    body: String,
}

const PAGE: &str = "https://shop.example/pago/tok";

fn shown(request: &Request) -> Value {
    let mut shown = json!({ "method": request.method, "url": request.url, "headers": request.headers, "body": request.body });
    if let Some(sign) = &request.sign {
        shown["sign"] = json!({ "key": sign.key, "header": sign.header, "message_prefix": sign.message_prefix, "value_prefix": sign.value_prefix });
    }
    shown
}

#[test]
fn every_request_is_what_the_document_asks_for() {
    for provider in Provider::ALL {
        for vector in vectors::<RequestVector>(provider, "requests") {
            let sending = Sending {
                channel: &vector.channel,
                credentials: &vector.credentials,
                token: vector.token.as_ref(),
                person: &vector.person,
                locale: serde_json::from_value(vector.locale.clone()).unwrap(),
                now: at(&vector.now),
                entropy: &[],
                page: PAGE,
                first: vector.first.as_ref().map(|first| (&first.answer, first.body.as_bytes())),
            };
            let built = match providers::request(&vector.call, &sending) {
                Ok(Step::Send(request)) => json!({ "send": shown(&request) }),
                Ok(Step::Token(request)) => json!({ "token": shown(&request) }),
                Ok(Step::First(request)) => json!({ "first": shown(&request) }),
                Ok(Step::Answered) => json!("answered"),
                Ok(Step::NeverLeft) => json!("never_left"),
                Err(error) => json!({ "error": format!("{error:?}") }),
            };
            assert_eq!(built, vector.expect, "{}: {}", provider.name(), vector.name);
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct AnswerVector {
    name: String,
    source: String,
    r#where: String,
    call: Call,
    answer: Answer,
    body: String,
    now: String,
    expect: Reading,
}

#[test]
fn every_answer_is_read_in_our_words() {
    for provider in Provider::ALL {
        for vector in vectors::<AnswerVector>(provider, "answers") {
            let reading = providers::answer(provider, &vector.call, &vector.answer, vector.body.as_bytes(), at(&vector.now));
            assert_eq!(reading, vector.expect, "{}: {}", provider.name(), vector.name);
        }
    }
}

#[test]
fn an_answer_cut_off_anywhere_is_never_taken_for_a_code_or_a_no() {
    for provider in Provider::ALL {
        for vector in vectors::<AnswerVector>(provider, "answers").iter().filter(|v| v.body.len() > 2 && serde_json::from_str::<Value>(&v.body).is_ok()) {
            let whole = providers::answer(provider, &vector.call, &vector.answer, vector.body.as_bytes(), at(&vector.now));
            let by_body = matches!(whole, Reading::Facts(_) | Reading::Refund(_) | Reading::Refused { .. } | Reading::Absent);
            let needs_body = by_body && !vector.name.starts_with("deleted");
            for length in (0..vector.body.len()).filter(|_| needs_body) {
                let cut = providers::answer(provider, &vector.call, &vector.answer, &vector.body.as_bytes()[..length], at(&vector.now));
                assert_eq!(cut, Reading::Unanswered, "{}: {} at {length}", provider.name(), vector.name);
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct NoticeVector {
    name: String,
    source: String,
    r#where: String,
    credentials: Credentials,
    #[serde(default)]
    query: String,
    headers: Headers,
    body: String,
    now: String,
    verdict: Verdict,
    facts: Option<NoticeFacts>,
}

/// A provider's first notice that is believed, as far as it signs any.
fn good(provider: Provider) -> NoticeVector {
    let best = providers::abilities(provider).notice_doubt.map_or(Verdict::Verified, Verdict::Hint);
    let believed = |v: &NoticeVector| v.verdict == best;
    vectors::<NoticeVector>(provider, "notices").into_iter().find(believed).unwrap()
}

/// Whose signature leaves bytes of a notice open.
fn place_may_be_open(provider: Provider) -> bool {
    matches!(provider, Provider::Pagoefectivo | Provider::MercadoPago | Provider::Payu | Provider::Bamboo)
}

fn signs(provider: Provider) -> bool {
    providers::abilities(provider).notice_doubt.is_none()
}

impl NoticeVector {
    fn judged(&self, provider: Provider, headers: Headers, body: &[u8]) -> (Verdict, Option<NoticeFacts>) {
        let notice = Notice { query: self.query.clone(), headers, peer: "203.0.113.7".into() };
        providers::notice(&channel(provider), &self.credentials, &notice, body, at(&self.now))
    }
}

#[test]
fn every_notice_gets_its_verdict() {
    for provider in Provider::ALL {
        for vector in vectors::<NoticeVector>(provider, "notices") {
            let judged = vector.judged(provider, vector.headers.clone(), vector.body.as_bytes());
            assert_eq!(judged, (vector.verdict, vector.facts.clone()), "{}: {}", provider.name(), vector.name);
        }
    }
}

/// A signature may leave bytes open (PagoEfectivo's blanks, Mercado Pago's whole body, what stands beside PayU's six fields and Bamboo's three): a changed byte is then without
/// effect, or refused; it never changes the state, the amount or the order. Another genuine-looking text is no notice of anything else.
#[test]
fn no_byte_of_a_signed_notice_can_be_changed() {
    for provider in Provider::ALL.into_iter().filter(|p| signs(*p)) {
        let vectors = vectors::<NoticeVector>(provider, "notices");
        for vector in vectors.iter().filter(|v| v.verdict == Verdict::Verified).take(3) {
            for place in 0..vector.body.len() {
                for other in 0..=255 {
                    let mut body = vector.body.clone().into_bytes();
                    if core::mem::replace(&mut body[place], other) == other {
                        continue;
                    }
                    let (verdict, facts) = vector.judged(provider, vector.headers.clone(), &body);
                    let harmless = place_may_be_open(provider) && facts == vector.facts;
                    assert!(harmless || matches!(verdict, Verdict::Refused(_)), "{}: {} {place} {other}", provider.name(), vector.name);
                }
            }
        }
    }
}

#[test]
fn no_byte_of_a_signed_address_can_be_changed() {
    let mut tried = 0;
    for provider in Provider::ALL {
        let mut vector = good(provider);
        let query = vector.query.clone();
        for (place, other) in (0..query.len()).flat_map(|place| (0..=127u8).map(move |other| (place, other))) {
            vector.query.replace_range(.., &query);
            vector.query.replace_range(place..=place, &char::from(other).to_string());
            let (verdict, facts) = vector.judged(provider, vector.headers.clone(), vector.body.as_bytes());
            let capital = vector.query.eq_ignore_ascii_case(&query);
            assert!(capital || facts == vector.facts || matches!(verdict, Verdict::Refused(_)), "{}: {}", provider.name(), vector.query);
            tried += 1;
        }
    }
    assert!(tried > 1000, "Mercado Pago signs its address");
}

#[test]
fn no_byte_of_a_signing_header_can_be_changed() {
    for provider in Provider::ALL {
        let vector = good(provider);
        for header in 0..vector.headers.len() {
            for place in 0..vector.headers[header].1.len() {
                for other in (0..=127u8).map(char::from) {
                    let mut headers = vector.headers.clone();
                    let value = &mut headers[header].1;
                    value.replace_range(place..place + 1, &other.to_string());
                    // Hex may come in capitals; a time may not.
                    let (name, original) = &vector.headers[header];
                    let blank = provider == Provider::MercadoPago || !signs(provider);
                    let unchanged = value == original || (!name.ends_with("Time") && !name.ends_with("Date") && value.eq_ignore_ascii_case(original));
                    let unchanged = unchanged && (signs(provider) || value == original) || blank && value.trim() == original.trim();
                    let (verdict, _) = vector.judged(provider, headers, vector.body.as_bytes());
                    assert!(unchanged || matches!(verdict, Verdict::Refused(_)), "{}: {place} {other:?}", provider.name());
                }
            }
        }
    }
}

#[test]
fn a_notice_that_is_too_large_is_refused_before_it_is_hashed() {
    for provider in Provider::ALL {
        let vector = good(provider);
        let (verdict, facts) = vector.judged(provider, vector.headers.clone(), &vec![b' '; efectivo::http::NOTICE_LIMIT_BYTES + 1]);
        assert_eq!((json!(verdict), facts), (json!({ "refused": "too_large" }), None));
        let (verdict, _) = vector.judged(provider, vector.headers.clone(), &vec![b' '; efectivo::http::NOTICE_LIMIT_BYTES]);
        assert_ne!(json!(verdict), json!({ "refused": "too_large" }));
    }
}

#[test]
fn an_address_that_only_signals_is_noted_once_and_told_beside_the_verdict() {
    let vector = good(Provider::Sandbox);
    let channel_json = json!({"id": "sandbox", "provider": "sandbox", "mode": "test", "sandbox_url": "http://127.0.0.1:1/own",
        "allowlist": {"rule": "signal", "addresses": ["203.0.113.7"]}});
    let shop = json!({"name": "Q", "tag": "Q", "page_url": "http://127.0.0.1:1/p", "contact": "c"});
    let settings: Settings = serde_json::from_value(json!({"shop": shop, "channels": [channel_json]})).unwrap();
    let mut row = ChannelRow::new(settings.channels[0].id.clone());
    for (peer, reason, notes) in
        [("203.0.113.7", None, 0), ("198.51.100.1", Some("doubt.unlisted_address"), 1), ("198.51.100.1", Some("doubt.unlisted_address"), 1)]
    {
        let notice = Notice { query: vector.query.clone(), headers: vector.headers.clone(), peer: peer.into() };
        let routed = engine::route(&settings, &row, &vector.credentials, &notice, vector.body.as_bytes(), at(&vector.now)).unwrap();
        assert_eq!((json!(routed.verdict), routed.reason.as_deref()), (json!(vector.verdict), reason), "{peer}");
        row = routed.channel;
        assert_eq!(row.health.notes.len(), notes, "{peer}");
    }
    assert_eq!((row.health.notes[0].what.as_str(), row.health.notes[0].about.as_str()), ("unlisted_address", "198.51.100.1"));
}

#[test]
fn an_enforced_list_without_addresses_is_the_one_that_the_provider_publishes() {
    let published = providers::abilities(Provider::Kushki).notice_addresses[0];
    let vector = good(Provider::Kushki);
    let mut channel = channel(Provider::Kushki);
    channel.allowlist = serde_json::from_value(json!({ "rule": "enforce" })).unwrap();
    for (peer, expect) in [(published, json!(vector.verdict)), ("198.51.100.1", json!({ "refused": "wrong_address" }))] {
        let notice = Notice { query: vector.query.clone(), headers: vector.headers.clone(), peer: peer.into() };
        let (verdict, _) = providers::notice(&channel, &vector.credentials, &notice, vector.body.as_bytes(), at(&vector.now));
        assert_eq!(json!(verdict), expect, "{peer}");
    }
}

#[test]
fn a_listed_address_is_needed_besides_the_signature_only_where_the_merchant_enforces_it() {
    for provider in Provider::ALL {
        let good = good(provider);
        for (rule, addresses, peer, expect) in [
            ("off", vec![], "198.51.100.1", json!(good.verdict)),
            ("signal", vec!["203.0.113.7"], "198.51.100.1", json!(good.verdict)),
            ("enforce", vec!["203.0.113.0/24"], "203.0.113.7", json!(good.verdict)),
            ("enforce", vec!["203.0.113.0/24"], "198.51.100.1", json!({ "refused": "wrong_address" })),
            ("enforce", vec!["203.0.113.0/24"], "", json!({ "refused": "wrong_address" })),
            ("enforce", vec![], "203.0.113.7", json!({ "refused": "wrong_address" })),
        ] {
            let mut channel = channel(provider);
            channel.allowlist = serde_json::from_value(json!({ "rule": rule, "addresses": addresses })).unwrap();
            let notice = Notice { query: good.query.clone(), headers: good.headers.clone(), peer: peer.into() };
            let (verdict, _) = providers::notice(&channel, &good.credentials, &notice, good.body.as_bytes(), at(&good.now));
            assert_eq!(json!(verdict), expect, "{} {rule} {peer}", provider.name());
        }
    }
}

#[test]
fn a_listed_address_never_makes_up_for_a_bad_signature() {
    for provider in Provider::ALL {
        let mut channel = channel(provider);
        channel.allowlist = serde_json::from_value(json!({ "rule": "enforce", "addresses": ["0.0.0.0/0"] })).unwrap();
        for bad in vectors::<NoticeVector>(provider, "notices").iter().filter(|v| matches!(v.verdict, Verdict::Refused(_))) {
            let notice = Notice { query: bad.query.clone(), headers: bad.headers.clone(), peer: "203.0.113.7".into() };
            let (verdict, facts) = providers::notice(&channel, &bad.credentials, &notice, bad.body.as_bytes(), at(&bad.now));
            assert_eq!((verdict, facts), (bad.verdict, None), "{}", bad.name);
        }
    }
}

#[test]
fn another_providers_keys_verify_nothing() {
    for (provider, other) in Provider::ALL.into_iter().flat_map(|one| Provider::ALL.map(|other| (one, other))).filter(|(one, other)| one != other) {
        let vector = good(other);
        let (verdict, facts) = vector.judged(provider, vector.headers.clone(), vector.body.as_bytes());
        assert_eq!((json!(verdict), facts), (json!({ "refused": "no_key" }), None));
    }
}

#[test]
fn what_is_old_is_only_a_hint_wherever_a_time_is_signed() {
    for provider in Provider::ALL {
        let tolerance = providers::abilities(provider).notice_tolerance_seconds;
        let vector = good(provider);
        assert_eq!(tolerance.is_some(), vector.facts.as_ref().unwrap().signed_at.is_some(), "{}", provider.name());
        let notice = Notice { query: vector.query.clone(), headers: vector.headers.clone(), peer: String::new() };
        for now in [0, i64::MAX, i64::MIN] {
            let (verdict, facts) = providers::notice(&channel(provider), &vector.credentials, &notice, vector.body.as_bytes(), Instant(now));
            let old = if signs(provider) { Verdict::Hint(Doubt::Stale) } else { vector.verdict };
            assert_eq!(verdict, if tolerance.is_some() { old } else { vector.verdict });
            assert!(facts.is_some());
        }
    }
}

#[test]
fn no_secret_and_no_datum_of_the_payer_is_ever_printed() {
    const CANARY: &str = "canary-7f3a";
    let person: Person = serde_json::from_value(json!({
        "first_name": CANARY, "last_name": CANARY, "email": "canary-7f3a@correo.pe", "document": "45678901", "phone": "+51987654321", "ip": "203.0.113.9",
    }))
    .unwrap();
    for provider in Provider::ALL {
        let value = |key: &str| match key {
            "api_key" => format!("{CANARY}:{CANARY}"),
            _ if key.ends_with("_id") || key.ends_with("_type") => "8".into(),
            _ => CANARY.into(),
        };
        let keys: serde_json::Map<String, Value> = providers::abilities(provider).keys.iter().map(|key| ((*key).into(), json!(value(key)))).collect();
        let credentials: Credentials = serde_json::from_value(json!({ provider.name(): keys })).unwrap();
        let mut channel = channel(provider);
        channel.sandbox_url = "http://127.0.0.1:4401".into();
        for token in [None, Some(Secret::new(CANARY))] {
            let locale = Default::default();
            let (channel, credentials, token) = (&channel, &credentials, token.as_ref());
            let sending = Sending { channel, credentials, token, person: &person, locale, now: Instant(0), entropy: &[], page: PAGE, first: None };
            for vector in vectors::<RequestVector>(provider, "requests") {
                let step = providers::request(&vector.call, &sending);
                let Ok(Step::Send(request) | Step::Token(request) | Step::First(request)) = &step else { continue };
                let sent = format!("{:?} {}", request.headers, request.body);
                let encoded = [CANARY.into(), value("api_key")].map(|key| providers::asking::basic(&key));
                // The questions of PagSeguro and EBANX send neither a key nor a datum.
                let silent = matches!(provider, Provider::Pagseguro | Provider::Ebanx) && !request.body.contains("email");
                let there = sent.contains(CANARY) || encoded.iter().any(|key| sent.contains(key)) || silent;
                assert!(there, "the canary must be in what is sent, or this test proves nothing: {}", vector.name);
                assert!(!format!("{sending:?} {step:?} {}", request.url).contains(CANARY), "{}", vector.name);
            }
        }
    }
}

#[test]
fn a_misspelt_credential_is_refused() {
    for bad in [
        json!({ "sandbox": { "key": "a", "secret": "b", "sekret": "c" } }),
        json!({ "sandbox": { "key": "a" } }),
        json!({ "pagoefectivo": { "access_key": "a", "secret_key": "b" } }),
        json!({ "dlocal": { "login": "a", "trans_key": "b", "secret_key": 1 } }),
        json!({ "culqi": {} }),
        json!({ "payu": { "merchant_id": "1" } }),
        json!({ "nobody": {} }),
    ] {
        let error = serde_json::from_value::<Credentials>(bad.clone());
        assert!(error.is_err(), "{bad}");
    }
}

#[test]
fn a_digest_is_short_and_of_the_whole_body() {
    assert_eq!(providers::digest(b""), "e3b0c44298fc1c14");
    assert_ne!(providers::digest(b"a"), providers::digest(b"a "));
}

#[test]
fn the_providers_clock_is_read_from_its_answer() {
    let answer: Answer = serde_json::from_value(json!({ "response": { "status": 500, "headers": [["DATE", "Tue, 24 Nov 2026 12:00:30 GMT"]] } })).unwrap();
    assert_eq!(providers::answered_at(&answer), Some(at("2026-11-24T12:00:30Z")));
    let none: Answer = serde_json::from_value(json!({ "failure": "timeout" })).unwrap();
    assert_eq!(providers::answered_at(&none), None);
}

proptest! {
    #[test]
    fn no_bytes_break_a_reader_or_pass_for_genuine(body: Vec<u8>, value: String, status in 100u16..600) {
        for provider in Provider::ALL {
            let good = vectors::<NoticeVector>(provider, "notices").into_iter().next().unwrap();
            for name in ["PE-Signature", "Authorization", "Signature", "X-Sandbox-Signature", "X-Signature", "X-Request-Id", "salt", "X-Kushki-Signature", "dateSent"] {
                let mut headers = good.headers.clone();
                headers.insert(0, (name.into(), value.clone()));
                for headers in [headers, good.headers.clone()] {
                    let (verdict, facts) = good.judged(provider, headers, &body);
                    prop_assert!(facts == good.facts || matches!(verdict, Verdict::Refused(_)));
                }
            }
            let answer: Answer = serde_json::from_value(json!({ "response": { "status": status, "headers": [["Retry-After", value], ["Date", value]] } })).unwrap();
            for call in vectors::<AnswerVector>(provider, "answers").iter().map(|v| &v.call).take(3) {
                let _ = providers::answer(provider, call, &answer, &body, Instant(0));
            }
            let _ = (providers::token(provider, &answer, &body, Instant(0)), providers::answered_at(&answer));
        }
    }

    #[test]
    fn no_json_breaks_a_reader(place: proptest::sample::Index, field: proptest::sample::Index, value in "null|0|-1|1e9|1e999|\"\"|\"é\"|\\[\\]|\\{\\}|true|99999999999999999999") {
        for provider in Provider::ALL {
            let all = vectors::<AnswerVector>(provider, "answers");
            let all: Vec<_> = all.iter().filter(|v| v.body.starts_with('{') && v.body.ends_with('}')).collect();
            let vector = all[place.index(all.len())];
            let colons: Vec<usize> = vector.body.match_indices(": ").map(|(at, _)| at + 2).collect();
            let Some(at_value) = (!colons.is_empty()).then(|| colons[field.index(colons.len())]) else { continue };
            let rest = &vector.body[at_value..];
            let end = rest.find([',', '}', ']']).unwrap_or(0);
            let body = format!("{}{value}{}", &vector.body[..at_value], &rest[end..]);
            let _ = providers::answer(provider, &vector.call, &vector.answer, body.as_bytes(), at(&vector.now));
        }
    }
}
