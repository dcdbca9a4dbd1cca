//! Two channels: an order whose first channel fails gets its code from the next, and never two codes unseen.

use efectivo::clock::{HOUR, Instant, MINUTE, SECOND};
use efectivo::engine::{self, Body, Carried, Carrying, ChannelRow, Decision, Input, Outcome, Output, Refused};
use efectivo::http::{Answer, Failure, Response};
use efectivo::names::ChannelId;
use efectivo::providers::Call;
use efectivo::voucher::{Case, Effect, Resolution, ReviewKind, Settings, State, Told};
use serde_json::{Value, json};

const START: Instant = Instant(1_795_000_000_000);

/// A shop with two channels: `first` of a given provider, then a sandbox.
fn settings(first: &str, more: Value) -> Settings {
    let mut one = json!({"id": "first", "provider": first, "mode": "test", "sandbox_url": "http://127.0.0.1:1/a"});
    one.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let two = json!({"id": "second", "provider": "sandbox", "mode": "test", "sandbox_url": "http://127.0.0.1:1/b"});
    serde_json::from_value(json!({"shop": {"name": "Quipu", "tag": "QP", "page_url": "https://quipu.example/pago"}, "channels": [one, two]})).unwrap()
}

fn order(minor: i64, categories: &[&str]) -> Input {
    let money = json!({"minor": minor, "currency": "PEN"});
    let person = json!({"first_name": "Ana", "last_name": "Quispe", "email": "ana@example.pe"});
    serde_json::from_value(json!({"placed": {"id": "1".repeat(32), "order": "1001", "number": "1001", "mode": "test", "seed": "ab".repeat(32),
        "page_token": "t".repeat(32), "read": {"status": "open", "outstanding": money, "total": money}, "categories": categories, "person": person}}))
    .unwrap()
}

struct Run {
    settings: Settings,
    rows: Vec<ChannelRow>,
    case: Case,
    asks: Vec<Output>,
    /// What the shop is told.
    tells: Vec<Output>,
    now: Instant,
}

impl Run {
    fn begin(settings: Settings) -> Self {
        let rows = ["first", "second"].map(|id| ChannelRow::new(ChannelId::new(id))).to_vec();
        Self::begin_with(settings, rows)
    }

    fn begin_with(settings: Settings, rows: Vec<ChannelRow>) -> Self {
        let done = engine::handle(&settings, &rows, None, &order(12_350, &[]), b"", START).unwrap();
        let mut run = Self { settings, rows: done.channels, case: done.case, asks: Vec::new(), tells: Vec::new(), now: START };
        run.keep(done.outputs);
        run
    }

    fn keep(&mut self, outputs: Vec<Output>) {
        let (asks, others) = outputs.into_iter().partition::<Vec<_>, _>(|output| matches!(output.body, Body::Ask { .. }));
        self.asks.extend(asks);
        self.tells.extend(others.into_iter().filter(|output| matches!(output.body, Body::Tell { .. })));
    }

    fn take(&mut self, input: Input, body: &[u8]) {
        let done = engine::handle(&self.settings, &self.rows, Some(&self.case), &input, body, self.now).unwrap();
        (self.case, self.rows) = (done.case, done.channels);
        self.keep(done.outputs);
    }

    /// What is asked next, and of which channel.
    fn asked(&self) -> (&str, &Call) {
        let Body::Ask { channel, call, .. } = &self.asks.first().expect("a question").body else { panic!("a question") };
        (channel.as_str(), call)
    }

    fn hears(&mut self, answer: Answer, body: &Value) {
        let output = self.asks.remove(0);
        self.take(Input::Answer { output, answer, sent_before: false }, body.to_string().as_bytes());
    }

    /// Brings the question to a channel to the front.
    fn first(&mut self, channel: &str) {
        let place = self.asks.iter().position(|ask| matches!(&ask.body, Body::Ask { channel: asked, .. } if asked.as_str() == channel));
        self.asks.swap(0, place.unwrap_or_else(|| panic!("a question to {channel}")));
    }

    /// Answers a look-up at a channel, where one is asked for.
    fn looks_up(&mut self, channel: &str, answer: impl FnOnce(&mut Self)) {
        let wanted = |ask: &Output| matches!(&ask.body, Body::Ask { channel: asked, call: Call::LookUp { .. }, .. } if asked.as_str() == channel);
        if let Some(place) = self.asks.iter().position(wanted) {
            self.asks.swap(0, place);
            answer(self);
        }
    }

    fn fails(&mut self, how: Failure) {
        self.hears(Answer::Failure(how), &Value::Null);
    }

    fn status(&self, status: u16) -> Answer {
        let headers = vec![("Content-Type".into(), "application/json".into()), ("Date".into(), self.now.http_date())];
        Answer::Response(Response { status, headers })
    }

    /// The sandbox makes the code that is asked for.
    fn is_made(&mut self) {
        let Call::Create { reference, .. } = self.asked().1 else { panic!("a create") };
        let body = made(reference.as_str(), self.now);
        self.hears(self.status(201), &body);
    }

    fn wakes(&mut self, after: i64) {
        self.now = self.now.plus(after);
        self.take(Input::Wake, b"");
    }

    fn open(&self, kind: ReviewKind) -> Vec<u16> {
        self.case.open_reviews(kind).map(|review| review.attempt).collect()
    }

    fn channels(&self) -> Vec<&str> {
        self.case.attempts.iter().map(|attempt| attempt.channel.as_str()).collect()
    }
}

fn made(reference: &str, now: Instant) -> Value {
    json!({"id": format!("c-{reference}"), "reference": reference, "digits": "123456789", "amount": "123.50", "currency": "PEN", "status": "waiting",
        "expires_at": now.plus(48 * HOUR).utc_text(), "url": "", "barcode": "", "payment_qr": "", "payments": []})
}

#[test]
fn an_unreachable_channel_hands_the_order_to_the_next_at_once() {
    let mut run = Run::begin(settings("sandbox", json!({})));
    assert_eq!(run.asked().0, "first");
    run.fails(Failure::Connect);
    assert_eq!(run.asked().0, "second");
    run.is_made();
    assert_eq!((run.case.state, run.case.reviews.len()), (State::Waiting, 0), "nothing left, so nobody is asked anything");
    assert!(run.case.attempts[0].proven_dead);
}

#[test]
fn both_unreachable_are_tried_in_turn_with_pauses_until_one_works() {
    let mut run = Run::begin(settings("sandbox", json!({})));
    for expected in ["first", "second", "first", "second"] {
        assert_eq!(run.asked().0, expected);
        run.fails(Failure::Dns);
        if run.asks.is_empty() {
            run.wakes(10 * MINUTE);
        }
    }
    assert_eq!(run.asked().0, "first");
    run.is_made();
    assert_eq!((run.case.state, run.case.reviews.len()), (State::Waiting, 0));
}

#[test]
fn a_refusal_goes_on_to_the_next_and_only_when_all_refuse_a_person_is_told_why() {
    let mut run = Run::begin(settings("sandbox", json!({})));
    let refusal = json!({"error": {"code": "amount_too_large", "field": "amount"}});
    run.hears(run.status(422), &refusal);
    assert_eq!((run.asked().0, run.case.reviews.len()), ("second", 0));
    run.hears(run.status(422), &refusal);
    assert_eq!((run.case.state, run.asks.len(), run.open(ReviewKind::NoCode)), (State::Failed, 0, vec![2]));
}

#[test]
fn wrong_keys_are_tried_three_times_and_then_the_next_channel_is_asked() {
    let mut run = Run::begin(settings("sandbox", json!({})));
    for _ in 0..3 {
        assert_eq!(run.asked().0, "first");
        run.hears(run.status(401), &json!({}));
    }
    assert_eq!(run.asked().0, "second");
    run.is_made();
    assert_eq!(run.case.state, State::Waiting);
}

#[test]
fn a_lost_create_that_can_not_be_looked_up_goes_on_under_a_review() {
    let mut run = Run::begin(settings("pagoefectivo", json!({})));
    run.fails(Failure::Timeout);
    assert_eq!((run.asked().0, run.open(ReviewKind::TwoCodesPossible)), ("second", vec![1]));
    run.is_made();
    assert_eq!(
        (run.case.state, run.open(ReviewKind::TwoCodesPossible)),
        (State::Waiting, vec![1]),
        "the shopper has a code, and the merchant knows of the other"
    );
}

#[test]
fn a_merchant_can_let_such_an_order_wait_instead() {
    let mut settings = settings("pagoefectivo", json!({}));
    settings.lost_create = efectivo::voucher::LostCreate::Wait;
    let mut run = Run::begin(settings);
    run.fails(Failure::Timeout);
    assert_eq!((run.case.state, run.asks.len(), run.open(ReviewKind::TwoCodesPossible)), (State::Unknown, 0, vec![1]));
}

#[test]
fn a_lost_create_is_looked_up_for_two_minutes_before_the_next_channel_is_asked() {
    let mut run = Run::begin(settings("sandbox", json!({})));
    run.fails(Failure::CutOff);
    for after in [5 * SECOND, 25 * SECOND, 90 * SECOND] {
        assert_eq!(run.channels(), ["first"]);
        run.wakes(after);
        assert!(matches!(run.asked(), ("first", Call::LookUp { .. })));
        run.hears(run.status(404), &json!({"error": {"code": "not_found"}}));
    }
    assert!(matches!(run.asked(), ("second", Call::Create { .. })));
    run.is_made();
    assert_eq!((run.case.state, run.open(ReviewKind::TwoCodesPossible).len()), (State::Waiting, 0), "the first is proven dead");
}

#[test]
fn a_code_that_turns_up_late_at_the_first_channel_is_called_off() {
    let mut run = Run::begin(settings("sandbox", json!({})));
    run.fails(Failure::CutOff);
    for after in [5 * SECOND, 25 * SECOND, 90 * SECOND] {
        run.wakes(after);
        run.fails(Failure::Timeout);
    }
    assert_eq!(run.open(ReviewKind::TwoCodesPossible), [1]);
    run.is_made();
    run.wakes(10 * MINUTE);
    let place = run.asks.iter().position(|ask| matches!(ask.body, Body::Ask { call: Call::LookUp { .. }, .. })).expect("a look-up");
    run.asks.swap(0, place);
    let lost = json!({"codes": [made("QP-1001-1", run.now)]});
    run.hears(run.status(200), &lost);
    let place = run.asks.iter().position(|ask| matches!(ask.body, Body::Ask { call: Call::Cancel { .. }, .. })).expect("a cancel");
    run.asks.swap(0, place);
    let mut dead = made("QP-1001-1", run.now);
    dead["status"] = json!("cancelled");
    run.hears(run.status(200), &dead);
    assert_eq!((run.case.state, run.open(ReviewKind::TwoCodesPossible).len()), (State::Waiting, 0), "one code is left, and it is the shopper's");
}

#[test]
fn an_answer_after_a_crash_does_not_prove_that_nothing_left() {
    let mut run = Run::begin(settings("sandbox", json!({})));
    let output = run.asks.remove(0);
    let busy = run.status(429);
    run.take(Input::Answer { output, answer: busy, sent_before: true }, b"{}");
    assert_eq!((run.case.state, run.channels()), (State::Unknown, vec!["first"]), "it is looked up first");
}

#[test]
fn a_refusal_after_a_crash_says_nothing_of_the_request_before_it() {
    let mut run = Run::begin(settings("sandbox", json!({})));
    let output = run.asks.remove(0);
    let refused = run.status(422);
    run.take(Input::Answer { output, answer: refused, sent_before: true }, br#"{"error":{"code":"bad_email","field":"email"}}"#);
    assert_eq!((run.case.state, run.channels()), (State::Unknown, vec!["first"]), "the first one may have made a code: it is looked up, and no second is made");
    run.wakes(5 * SECOND);
    assert!(matches!(run.asked(), ("first", Call::LookUp { .. })));
}

#[test]
fn a_clock_that_runs_days_ahead_calls_no_code_dead_and_makes_none_beside_it() {
    let mut run = Run::begin(settings("pagoefectivo", json!({})));
    let expires = run.now.plus(48 * HOUR).lima_text();
    let cip = json!({"cip": 900, "currency": "PEN", "amount": 123.50, "transactionCode": "QP-1001-1", "dateExpiry": expires, "cipUrl": ""});
    run.hears(run.status(201), &json!({"code": 100, "message": "Solicitud exitosa.", "data": cip}));
    assert_eq!(run.case.state, State::Waiting);
    let date = run.status(200); // what the provider's clock says, and ours said until now
    run.wakes(72 * HOUR);
    assert!(matches!(run.asked(), ("first", Call::Query { .. })));
    let told = json!({"cip": 900, "transactionCode": "QP-1001-1", "amount": 123.50, "currency": "PEN", "status": 22, "statusName": "Generado.", "dateExpiry": expires});
    run.hears(date, &json!({"code": 100, "message": "Solicitud exitosa.", "data": [told]}));
    assert!(!run.case.attempts[0].proven_dead, "by the provider's own date it can still be paid");
    run.take(Input::Shopper(engine::Request::NewCode), b"");
    assert_eq!(run.channels(), ["first"], "no second code beside one that lives");
}

#[test]
fn a_checkout_that_waits_for_one_code_gets_no_other_once_it_is_dead() {
    for (one_code, channels) in [(false, vec!["first", "first"]), (true, vec!["first"])] {
        let mut run = Run::begin(Settings { one_code, ..settings("sandbox", json!({})) });
        run.is_made();
        run.now = run.case.attempts[0].code.as_ref().unwrap().expires_at.plus(2 * HOUR);
        run.take(Input::Wake, b"");
        let mut body = made("QP-1001-1", START);
        body["status"] = json!("expired");
        run.hears(run.status(200), &body);
        assert!(run.case.attempts[0].proven_dead, "the grace is not over");
        run.take(Input::Shopper(engine::Request::NewCode), b"");
        assert_eq!(run.channels(), channels);
    }
}

#[test]
fn a_cancel_that_waits_is_withdrawn_when_the_merchant_has_another_code_made() {
    let mut run = Run::begin(settings("pagoefectivo", json!({})));
    run.fails(Failure::Timeout);
    run.is_made();
    let expires = run.case.attempts[1].code.as_ref().unwrap().expires_at;
    run.now = expires.plus(25 * HOUR);
    run.take(Input::Wake, b"");
    run.first("second");
    let mut body = made("QP-1001-2", START);
    body["status"] = json!("expired");
    run.hears(run.status(200), &body);
    assert_eq!(run.case.state, State::Lapsed);
    let place = run.tells.iter().position(|output| matches!(output.body, Body::Tell { effect: Effect::Cancel, .. })).expect("the order is cancelled");
    let cancel = run.tells.remove(place);
    let carried = |run: &Run| {
        let (settings, case, output) = (&run.settings, &run.case, &cancel);
        engine::carry(&Carrying {
            settings,
            channel: None,
            case,
            person: None,
            output,
            credentials: None,
            now: run.now,
            entropy: b"0123456789abcdef",
            first: None,
        })
        .unwrap()
    };
    assert!(matches!(carried(&run), Carried::Effect { .. }));
    let review = run.case.open_reviews(ReviewKind::TwoCodesPossible).next().expect("a question about two codes").no;
    run.take(Input::Merchant(Decision::Resolve { review, resolution: Resolution::IssueAnother, reason: "the shopper rang".into() }), b"");
    assert_eq!(carried(&run), Carried::NoLongerDue, "stock isn't released under a code that is being made");
    run.take(Input::Outcome { output: cancel.no, outcome: Outcome::NoLongerDue, read: None }, b"");
    assert_eq!(run.case.told_cancel, Told::Not, "it is asked for again when that code has lapsed");
}

#[test]
fn a_channel_that_keeps_failing_is_passed_by_until_one_order_has_shown_that_it_works() {
    let mut rows = ["first", "second"].map(|id| ChannelRow::new(ChannelId::new(id))).to_vec();
    rows[0].health.failures_in_a_row = 3;
    rows[0].health.last_failure_at = Some(START.plus(-SECOND));
    assert_eq!(Run::begin_with(settings("sandbox", json!({})), rows.clone()).asked().0, "second");
    rows[0].health.last_failure_at = Some(START.plus(-MINUTE));
    let mut probe = Run::begin_with(settings("sandbox", json!({})), rows);
    assert_eq!(probe.asked().0, "first", "after a pause one order tries it");
    assert_eq!(Run::begin_with(probe.settings.clone(), probe.rows.clone()).asked().0, "second", "and only one");
    probe.is_made();
    assert_eq!(Run::begin_with(probe.settings.clone(), probe.rows.clone()).asked().0, "first", "it works again");
}

#[test]
fn an_amount_or_a_category_that_one_channel_does_not_take_goes_to_the_other() {
    let small = settings("sandbox", json!({"most": {"minor": 10_000, "currency": "PEN"}}));
    assert_eq!(Run::begin(small).asked().0, "second");
    let picky = settings("sandbox", json!({"excluded_categories": ["vinos"]}));
    let first =
        |categories: &[&str]| engine::handle(&picky, &[], None, &order(12_350, categories), b"", START).map(|done| done.case.attempts[0].channel.to_string());
    assert_eq!(first(&["vinos", "quesos"]).as_deref(), Ok("second"));
    assert_eq!(first(&["quesos"]).as_deref(), Ok("first"));
}

#[test]
fn an_empty_channel_list_is_refused_before_anything_is_asked() {
    let none: Settings = serde_json::from_value(json!({"shop": {"name": "Quipu", "tag": "QP"}, "channels": []})).unwrap();
    assert_eq!(engine::handle(&none, &[], None, &order(12_350, &[]), b"", START).map(|_| ()), Err(Refused::NoChannel));
}

#[test]
fn a_cancelled_order_asks_no_further_channel() {
    let mut run = Run::begin(settings("sandbox", json!({})));
    run.take(Input::Merchant(Decision::Cancel), b"");
    run.fails(Failure::Connect);
    assert_eq!((run.case.state, run.channels()), (State::Cancelled, vec!["first"]));
}

/// Both creates lost, and nobody answers when they are looked up: a third attempt, beside two that may have a code.
fn lost_twice() -> Run {
    let mut run = Run::begin(settings("sandbox", json!({})));
    run.fails(Failure::CutOff);
    for after in [5 * SECOND, 25 * SECOND, 90 * SECOND] {
        run.wakes(after);
        run.fails(Failure::Timeout);
    }
    run.fails(Failure::CutOff);
    for after in [5 * SECOND, 25 * SECOND, 90 * SECOND] {
        run.wakes(after);
        run.looks_up("first", |run| run.hears(run.status(404), &json!({"error": {"code": "not_found"}})));
        run.looks_up("second", |run| run.fails(Failure::Timeout));
    }
    assert_eq!(run.channels(), ["first", "second", "first"]);
    run
}

#[test]
fn an_attempt_that_is_not_sent_while_an_older_code_is_being_called_off_is_tried_again() {
    let mut run = lost_twice();
    run.wakes(4 * MINUTE);
    run.looks_up("second", |run| run.hears(run.status(200), &json!({"codes": [made("QP-1001-2", run.now)]})));
    run.first("first");
    run.fails(Failure::Connect);
    assert_eq!(run.case.state, State::Creating, "the order still wants a code");
    run.first("second");
    let mut dead = made("QP-1001-2", run.now);
    dead["status"] = json!("cancelled");
    run.hears(run.status(200), &dead);
    run.wakes(10 * MINUTE);
    run.is_made();
    assert_eq!((run.case.state, run.open(ReviewKind::TwoCodesPossible).len()), (State::Waiting, 0));
}

#[test]
fn a_called_off_code_that_may_still_be_paid_is_asked_about_when_the_order_is_paid_too() {
    let mut run = lost_twice();
    run.first("first");
    run.is_made();
    run.wakes(4 * MINUTE);
    run.looks_up("second", |run| run.hears(run.status(200), &json!({"codes": [made("QP-1001-2", run.now)]})));
    run.first("second");
    run.fails(Failure::Timeout);
    run.wakes(5 * MINUTE);
    run.first("first");
    let mut paid = made("QP-1001-3", run.now);
    (paid["status"], paid["payments"]) = (json!("paid"), json!([{"id": "p-1", "amount": "123.50", "currency": "PEN", "paid_at": run.now.utc_text()}]));
    run.hears(run.status(200), &paid);
    assert_eq!(run.case.state, State::Paid);
    for pause in [5 * MINUTE, 30 * MINUTE, 30 * MINUTE] {
        while !run.asks.is_empty() {
            run.fails(Failure::Timeout);
        }
        run.wakes(pause);
        run.first("second");
    }
}
