//! What a shopkeeper can count on, one order's life at a time, through the engine alone.

use efectivo::clock::{HOUR, Instant, MINUTE};
use efectivo::engine::{self, Body, Carried, Carrying, ChannelRow, Decision, Input, Notice, Outcome, Output};
use efectivo::http;
use efectivo::voucher::{Case, OrderRead, Resolution, ReviewKind, Settings, State, Told};
use serde_json::json;

const START: i64 = 1_795_000_000_000;

fn settings() -> Settings {
    serde_json::from_value(json!({
        "shop": {"name": "Quipu", "tag": "QP", "page_url": "http://127.0.0.1:4400/pago", "contact": "hola@quipu.example", "mail_from": "hola@quipu.example"},
        "channels": [{"id": "sandbox-1", "provider": "sandbox", "mode": "test", "sandbox_url": "http://127.0.0.1:4400/own"}]
    }))
    .unwrap()
}

fn placed() -> Input {
    let text = json!({"placed": {"id": "0".repeat(32), "order": "1001", "number": "1001", "mode": "test", "seed": "ab".repeat(32), "page_token": "t".repeat(32),
        "read": {"status": "open", "outstanding": {"minor": 12350, "currency": "PEN"}, "total": {"minor": 12350, "currency": "PEN"}},
        "person": {"first_name": "Ana", "last_name": "Quispe", "email": "ana@example.pe"}}});
    serde_json::from_value(text).unwrap()
}

fn answer(status: u16, at: Instant) -> http::Answer {
    let c = at.utc();
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let date = format!("Mon, {:02} {} {} {:02}:{:02}:{:02} GMT", c.day, months[usize::from(c.month) - 1], c.year, c.hour, c.minute, c.second);
    http::Answer::Response(http::Response { status, headers: vec![("Date".into(), date)] })
}

fn code(status: &str, payments: serde_json::Value, expires: Instant, reference: &str) -> Vec<u8> {
    json!({"id": "c1", "reference": reference, "digits": "123456789", "amount": "123.50", "currency": "PEN", "status": status, "expires_at": expires.utc_text(),
        "url": "", "barcode": "123456789", "payment_qr": "", "payments": payments})
    .to_string()
    .into_bytes()
}

struct Run {
    case: Case,
    outputs: Vec<Output>,
    journal: Vec<engine::Entry>,
}

impl Run {
    fn take(&mut self, input: Input, body: &[u8], now: Instant) {
        let done = engine::handle(&settings(), &[ChannelRow::new(self.case.terms.channels[0].id.clone())], Some(&self.case), &input, body, now).unwrap();
        self.case = done.case;
        self.outputs.extend(done.outputs);
        self.journal.extend(done.journal);
    }

    /// Asks the provider now, and lets it say this.
    fn asks_and_hears(&mut self, status: &str, payments: serde_json::Value, expires: Instant, now: Instant) {
        self.take(Input::Wake, b"", now);
        let ask = self.next_ask();
        self.take(Input::Answer { output: ask, answer: answer(200, now), sent_before: false }, &code(status, payments, expires, "QP-1001-1"), now);
    }

    /// Asks the provider now, and nothing comes back.
    fn asks_in_vain(&mut self, now: Instant) {
        self.take(Input::Wake, b"", now);
        let ask = self.next_ask();
        self.take(Input::Answer { output: ask, answer: http::Answer::Failure(http::Failure::Timeout), sent_before: false }, b"", now);
    }

    fn asks_open_for(&self, kind: ReviewKind) -> usize {
        self.case.reviews.iter().filter(|r| r.kind == kind && r.closed.is_none()).count()
    }

    fn cancels_asked(&self) -> usize {
        self.outputs.iter().filter(|o| matches!(o.body, Body::Tell { effect: efectivo::voucher::Effect::Cancel, .. })).count()
    }

    fn next_ask(&mut self) -> Output {
        let at = self.outputs.iter().position(|o| matches!(o.body, Body::Ask { .. })).expect("an ask");
        self.outputs.remove(at)
    }
}

fn begin() -> (Run, Instant) {
    let now = Instant(START);
    let done = engine::handle(&settings(), &[], None, &placed(), b"", now).unwrap();
    let mut run = Run { case: done.case, outputs: done.outputs, journal: done.journal };
    assert_eq!(run.case.state, State::Creating);
    let output = run.next_ask();
    let credentials = serde_json::from_value(json!({"sandbox": {"key": "k", "secret": "s"}})).unwrap();
    let person = serde_json::from_value(json!({"email": "ana@example.pe"})).unwrap();
    let carrying = Carrying {
        settings: &settings(),
        channel: None,
        case: &run.case,
        person: Some(&person),
        output: &output,
        credentials: Some(&credentials),
        now,
        entropy: b"0123456789abcdef",
        first: None,
    };
    let Carried::Request(request) = engine::carry(&carrying).unwrap() else { panic!("a request") };
    assert!(request.url.ends_with("/codes") && request.body.contains("QP-1001-1"), "{}", request.body);
    let expires = now.plus(48 * HOUR);
    run.take(Input::Answer { output, answer: answer(201, now), sent_before: false }, &code("waiting", json!([]), expires, "QP-1001-1"), now);
    assert_eq!(run.case.state, State::Waiting);
    (run, expires)
}

#[test]
fn a_paid_code_marks_the_order_as_paid_once() {
    let (mut run, expires) = begin();
    let now = Instant(START).plus(HOUR);
    run.take(Input::Wake, b"", now);
    let ask = run.next_ask();
    let paid = code("paid", json!([{"id": "p1", "amount": "123.50", "currency": "PEN", "paid_at": now.utc_text(), "reversed": false}]), expires, "QP-1001-1");
    run.take(Input::Answer { output: ask.clone(), answer: answer(200, now), sent_before: false }, &paid, now);
    assert_eq!(run.case.state, State::Paid);
    run.take(Input::Answer { output: ask, answer: answer(200, now), sent_before: false }, &paid, now);
    let told: Vec<_> = run.outputs.iter().filter(|o| matches!(&o.body, Body::Tell { effect: efectivo::voucher::Effect::MarkPaid { .. }, .. })).collect();
    assert_eq!(told.len(), 1);
    let no = told[0].no;
    let read: OrderRead =
        serde_json::from_value(json!({"status": "paid", "outstanding": {"minor": 0, "currency": "PEN"}, "total": {"minor": 12350, "currency": "PEN"}}))
            .unwrap();
    run.take(Input::Outcome { output: no, outcome: Outcome::Done, read: Some(read) }, b"", now);
    assert_eq!(run.case.told_paid, Told::Done);
    let rebuilt = engine::rebuild(&run.journal).unwrap();
    assert_eq!(engine::without_counters(&rebuilt), engine::without_counters(&run.case));
}

#[test]
fn an_unpaid_order_lapses_only_after_deadline_and_grace() {
    let (mut run, expires) = begin();
    run.take(Input::Wake, b"", expires);
    assert_eq!(run.case.state, State::Checking);
    let ask = run.next_ask();
    run.take(Input::Answer { output: ask, answer: answer(200, expires), sent_before: false }, &code("expired", json!([]), expires, "QP-1001-1"), expires);
    assert_eq!((run.case.state, run.case.told_cancel), (State::Checking, Told::Not));
    let over = expires.plus(24 * HOUR);
    run.take(Input::Wake, b"", over);
    let ask = run.next_ask();
    run.take(Input::Answer { output: ask, answer: answer(200, over), sent_before: false }, &code("expired", json!([]), expires, "QP-1001-1"), over);
    assert_eq!(run.case.state, State::Lapsed);
    assert!(matches!(run.case.told_cancel, Told::Asked(_)));
    let rebuilt = engine::rebuild(&run.journal).unwrap();
    assert_eq!(engine::without_counters(&rebuilt), engine::without_counters(&run.case));
}

#[test]
fn a_second_outage_after_the_deadline_asks_again_by_the_same_question() {
    let (mut run, expires) = begin();
    let open = |run: &Run| (run.asks_open_for(ReviewKind::ProviderUnreachable), run.case.reviews.len());
    for minutes in [0, 120, 240] {
        let at = expires.plus(minutes * MINUTE);
        run.asks_in_vain(at);
        assert_eq!(open(&run), (1, 1), "the outage {minutes} minutes after the deadline");
        assert_eq!(run.case.reviews[0].opened_at, at);
        run.asks_in_vain(at.plus(30 * MINUTE));
        assert_eq!((open(&run), run.case.reviews[0].opened_at), ((1, 1), at), "one outage asks once");
        run.asks_and_hears("expired", json!([]), expires, at.plus(60 * MINUTE));
        assert_eq!(open(&run), (0, 1), "it answers again");
    }
    run.asks_in_vain(expires.plus(24 * HOUR));
    assert_eq!(open(&run), (1, 2), "now the order hangs on it");
    run.asks_and_hears("expired", json!([]), expires, expires.plus(25 * HOUR));
    assert_eq!((open(&run), run.case.state), ((0, 2), State::Lapsed));
    let rebuilt = engine::rebuild(&run.journal).unwrap();
    assert_eq!(engine::without_counters(&rebuilt), engine::without_counters(&run.case));
}

#[test]
fn an_outage_that_a_person_has_seen_is_asked_about_once_more_when_the_grace_is_over() {
    let (mut run, expires) = begin();
    let noted = |run: &mut Run, now| {
        let review = run.case.reviews.last().unwrap().no;
        run.take(Input::Merchant(Decision::Resolve { review, resolution: Resolution::Noted, reason: "they say they mend it".into() }), b"", now);
    };
    run.asks_in_vain(expires);
    noted(&mut run, expires);
    for hours in [1, 12, 23] {
        run.asks_in_vain(expires.plus(hours * HOUR));
        assert_eq!(run.asks_open_for(ReviewKind::ProviderUnreachable), 0, "a person knows, {hours} hours after the deadline");
    }
    run.asks_in_vain(expires.plus(24 * HOUR));
    assert_eq!((run.asks_open_for(ReviewKind::ProviderUnreachable), run.case.state), (1, State::Checking), "its time is over and it is still kept");
    noted(&mut run, expires.plus(24 * HOUR));
    run.asks_in_vain(expires.plus(48 * HOUR));
    assert_eq!(run.asks_open_for(ReviewKind::ProviderUnreachable), 0, "nobody is asked a third time");
}

#[test]
fn a_provider_that_answers_but_calls_nothing_off_leaves_its_question_open() {
    let (mut run, expires) = begin();
    let over = expires.plus(24 * HOUR);
    for hours in 0..5 {
        let now = over.plus(hours * HOUR);
        run.asks_and_hears("waiting", json!([]), expires, now);
        let cancel = run.next_ask();
        run.take(Input::Answer { output: cancel, answer: answer(503, now), sent_before: false }, b"", now);
        let review = &run.case.reviews[0];
        assert_eq!((review.closed.is_none(), review.opened_at, run.case.reviews.len()), (true, over, 1), "open since the first time, {hours} hours on");
    }
}

#[test]
fn a_code_that_cannot_be_called_off_stays_a_question_until_it_is_dead() {
    let (mut run, expires) = begin();
    let still = |run: &Run| run.case.reviews.iter().filter(|review| review.about == "still-payable" && review.closed.is_none()).count();
    run.asks_and_hears("waiting", json!([]), expires, expires.plus(HOUR));
    run.asks_and_hears("waiting", json!([]), expires, expires.plus(25 * HOUR));
    let cancel = run.next_ask();
    let refused = json!({"error": {"code": "not_waiting", "field": ""}}).to_string();
    run.take(Input::Answer { output: cancel, answer: answer(409, expires.plus(25 * HOUR)), sent_before: false }, refused.as_bytes(), expires.plus(25 * HOUR));
    for hours in [26, 30, 40] {
        run.asks_and_hears("waiting", json!([]), expires, expires.plus(hours * HOUR));
        assert_eq!((still(&run), run.case.state), (1, State::Checking), "{hours} hours after the deadline");
    }
    run.asks_and_hears("expired", json!([]), expires, expires.plus(50 * HOUR));
    assert_eq!((still(&run), run.case.state, run.cancels_asked()), (0, State::Lapsed, 1));
}

/// A notice with a good signature that says "paid".
fn paid_notice(payment: &str) -> Input {
    let facts = json!({"provider_id": "c1", "reference": "QP-1001-1", "status": "paid", "payment_id": payment, "amount": {"minor": 12350, "currency": "PEN"}});
    let notice: Notice =
        serde_json::from_value(json!({"channel": "sandbox-1", "verdict": "verified", "facts": facts, "dedupe_key": format!("n-{payment}")})).unwrap();
    Input::Notice(notice)
}

fn shop_says(status: &str, outstanding: i64) -> OrderRead {
    let money = |minor: i64| json!({"minor": minor, "currency": "PEN"});
    serde_json::from_value(json!({"status": status, "outstanding": money(outstanding), "total": money(if status == "open" { outstanding } else { 12_350 })}))
        .unwrap()
}

#[test]
fn an_order_whose_payment_was_announced_is_not_cancelled_until_somebody_has_looked() {
    let (mut run, expires) = begin();
    run.take(paid_notice("p1"), b"", expires.plus(-HOUR));
    let ask = run.next_ask();
    let now = expires.plus(-HOUR);
    run.take(Input::Answer { output: ask, answer: answer(200, now), sent_before: false }, &code("waiting", json!([]), expires, "QP-1001-1"), now);
    let over = expires.plus(24 * HOUR);
    run.asks_and_hears("expired", json!([]), expires, over);
    assert_eq!((run.case.state, run.cancels_asked(), run.asks_open_for(ReviewKind::PaidUnconfirmed)), (State::Checking, 0, 1));
    let review = run.case.reviews[0].no;
    run.take(Input::Merchant(Decision::Resolve { review, resolution: Resolution::Noted, reason: "not in the panel".into() }), b"", over.plus(HOUR));
    let (ask, now) = (run.next_ask(), over.plus(HOUR));
    run.take(Input::Answer { output: ask, answer: answer(200, now), sent_before: false }, &code("expired", json!([]), expires, "QP-1001-1"), now);
    assert_eq!((run.case.state, run.cancels_asked()), (State::Lapsed, 1));
}

#[test]
fn a_payment_that_was_announced_first_and_found_later_closes_its_own_question() {
    let (mut run, expires) = begin();
    run.take(paid_notice("p1"), b"", expires);
    let ask = run.next_ask();
    run.take(Input::Answer { output: ask, answer: answer(200, expires), sent_before: false }, &code("expired", json!([]), expires, "QP-1001-1"), expires);
    assert_eq!(run.asks_open_for(ReviewKind::PaidUnconfirmed), 1);
    let now = expires.plus(HOUR);
    let payment = json!([{"id": "p1", "amount": "123.50", "currency": "PEN", "paid_at": expires.utc_text(), "reversed": false}]);
    run.asks_and_hears("paid", payment, expires, now);
    assert_eq!((run.case.state, run.asks_open_for(ReviewKind::PaidUnconfirmed)), (State::Paid, 0));
}

#[test]
fn two_payments_announced_before_we_could_ask_are_two() {
    let (mut run, expires) = begin();
    let now = expires.plus(-HOUR);
    run.take(paid_notice("p1"), b"", now);
    run.take(paid_notice("p2"), b"", now);
    assert_eq!(run.asks_open_for(ReviewKind::SecondMoney), 1);
    run.take(paid_notice("p2"), b"", now);
    assert_eq!(run.case.reviews.len(), 1);
    let payment = |id: &str| json!({"id": id, "amount": "123.50", "currency": "PEN", "paid_at": now.utc_text(), "reversed": false});
    let ask = run.next_ask();
    run.take(
        Input::Answer { output: ask, answer: answer(200, now), sent_before: false },
        &code("paid", json!([payment("p1"), payment("p2")]), expires, "QP-1001-1"),
        now,
    );
    assert_eq!(run.case.reviews.len(), 1);
    assert_eq!(run.case.reviews[0].amount, Some(run.case.amount), "what is to be given back is known");
}

#[test]
fn two_payments_whose_notices_overtook_each_other_are_one_question() {
    let (mut run, expires) = begin();
    let now = expires.plus(-HOUR);
    run.take(paid_notice("p2"), b"", now);
    run.take(paid_notice("p1"), b"", now);
    let payment = |id: &str| json!({"id": id, "amount": "123.50", "currency": "PEN", "paid_at": now.utc_text(), "reversed": false});
    let ask = run.next_ask();
    run.take(
        Input::Answer { output: ask, answer: answer(200, now), sent_before: false },
        &code("paid", json!([payment("p1"), payment("p2")]), expires, "QP-1001-1"),
        now,
    );
    let asked: Vec<_> = run.case.reviews.iter().map(|r| (r.about.as_str(), r.amount)).collect();
    assert_eq!((run.case.state, asked), (State::Paid, vec![("p2", Some(run.case.amount))]), "the first payment pays, only the other is asked about");
}

#[test]
fn of_two_surplus_payments_the_one_that_is_taken_back_leaves_the_other_a_question() {
    let (mut run, expires) = begin();
    let at = Instant(START).plus(HOUR);
    let payment = |id: &str, reversed: bool| json!({"id": id, "amount": "123.50", "currency": "PEN", "paid_at": at.utc_text(), "reversed": reversed});
    run.asks_and_hears("paid", json!([payment("p1", false), payment("p2", false), payment("p3", false)]), expires, at);
    assert_eq!(run.asks_open_for(ReviewKind::SecondMoney), 2);
    run.asks_and_hears("paid", json!([payment("p1", false), payment("p2", true), payment("p3", false)]), expires, at.plus(24 * HOUR));
    let open: Vec<_> = run.case.reviews.iter().filter(|r| r.closed.is_none() && r.kind.is_of_money()).map(|r| (r.kind, r.about.as_str())).collect();
    assert_eq!(open, [(ReviewKind::SecondMoney, "p3"), (ReviewKind::ReversedMoney, "p2")], "p3 is still the shopper's");
}

#[test]
fn an_order_that_somebody_cancels_after_it_was_paid_asks_what_becomes_of_its_money() {
    let (mut run, expires) = begin();
    let now = Instant(START).plus(HOUR);
    let payment = json!([{"id": "p1", "amount": "123.50", "currency": "PEN", "paid_at": now.utc_text(), "reversed": false}]);
    run.asks_and_hears("paid", payment, expires, now);
    let Told::Asked(output) = run.case.told_paid else { panic!("the shop is asked") };
    run.take(Input::Outcome { output, outcome: Outcome::Done, read: Some(shop_says("paid", 0)) }, b"", now);
    assert_eq!(run.asks_open_for(ReviewKind::EffectRefused), 0);
    run.take(Input::Order { read: shop_says("cancelled", 0) }, b"", now);
    run.take(Input::Order { read: shop_says("cancelled", 0) }, b"", now);
    assert_eq!((run.case.state, run.asks_open_for(ReviewKind::EffectRefused)), (State::Paid, 1));
}

#[test]
fn an_order_edited_to_what_no_channel_takes_is_told_at_once_instead_of_tried_for_hours() {
    let (mut run, expires) = begin();
    let now = Instant(START).plus(HOUR);
    let dollars = json!({"minor": 5000, "currency": "USD"});
    let read: OrderRead = serde_json::from_value(json!({"status": "open", "outstanding": dollars, "total": dollars})).unwrap();
    run.take(Input::Order { read }, b"", now);
    let cancel = run.next_ask();
    run.take(Input::Answer { output: cancel, answer: answer(200, now), sent_before: false }, &code("cancelled", json!([]), expires, "QP-1001-1"), now);
    let create = run.next_ask();
    let refused = http::Answer::Failure(http::Failure::NotAllowed); // as a host says that could not have the request built
    let mut resent = Run { case: run.case.clone(), outputs: Vec::new(), journal: Vec::new() };
    resent.take(Input::Answer { output: create.clone(), answer: refused.clone(), sent_before: true }, b"", now);
    assert_eq!(resent.case.state, State::Unknown, "one that may have left before is not known to be refused");
    run.take(Input::Answer { output: create, answer: refused, sent_before: false }, b"", now);
    assert_eq!((run.case.state, run.asks_open_for(ReviewKind::NoCode)), (State::Failed, 1));
    assert!(run.outputs.iter().all(|o| !matches!(o.body, Body::Ask { .. })), "nothing is asked any more");
}

/// A paid case whose refund the provider has not answered for.
fn refunding() -> (Run, Output, Instant) {
    let (mut run, expires) = begin();
    let now = Instant(START).plus(HOUR);
    let payment = json!([{"id": "p1", "amount": "123.50", "currency": "PEN", "paid_at": now.utc_text(), "reversed": false}]);
    run.asks_and_hears("paid", payment, expires, now);
    run.take(Input::Merchant(Decision::Refund { attempt: 1, amount: run.case.amount }), b"", now);
    let ask = run.next_ask();
    (run, ask, now)
}

#[test]
fn more_than_came_in_is_never_given_back_and_the_merchant_is_told() {
    let (run, _, now) = refunding();
    let refused = |case: &Case, minor: i64| {
        let amount = serde_json::from_value(json!({"minor": minor, "currency": "PEN"})).unwrap();
        engine::handle(&settings(), &[], Some(case), &Input::Merchant(Decision::Refund { attempt: 1, amount }), b"", now).is_err()
    };
    assert!(refused(&run.case, 1), "all of it is on its way back already");
    let mut paid = run.case.clone();
    paid.refunds.clear();
    assert!(refused(&paid, 12_351) && refused(&paid, 0) && refused(&paid, -1));
    assert!(!refused(&paid, 12_350) && !refused(&paid, 1));
}

#[test]
fn a_refund_that_nobody_can_find_is_asked_for_again_once_a_person_has_looked() {
    let (mut run, _, now) = refunding();
    run.case.refunds[0].state = efectivo::voucher::RefundState::Unknown;
    run.case.pending.clear();
    let key = run.case.refunds[0].key.to_string();
    run.case.reviews.push(
        serde_json::from_value(json!({"no": 9, "kind": "refund_stuck", "attempt": 1, "about": key, "amount": {"minor": 12350, "currency": "PEN"},
            "opened_at": now, "due_at": now}))
        .unwrap(),
    );
    run.take(Input::Merchant(Decision::Resolve { review: 9, resolution: Resolution::TryAgain, reason: "it is not in the panel".into() }), b"", now);
    let asked = run.next_ask();
    let Body::Ask { call: efectivo::providers::Call::Refund { key: second, amount, .. }, .. } = asked.body else { panic!("a refund") };
    assert_eq!((second.as_str(), amount), ("QP-1001-1-r2", run.case.amount));
    assert_eq!(run.case.refunds[0].state, efectivo::voucher::RefundState::Rejected, "the first is given up for good");
}

#[test]
fn a_request_that_was_given_up_is_sent_again_when_the_merchant_says_so() {
    let (mut run, ask, now) = refunding();
    run.take(Input::Outcome { output: ask.no, outcome: Outcome::Dead, read: None }, b"", now);
    let review = run.case.reviews.iter().find(|r| r.kind == ReviewKind::OutputDead).expect("a review").no;
    run.take(Input::Merchant(Decision::Resolve { review, resolution: Resolution::TryAgain, reason: "the line is back".into() }), b"", now);
    let again = run.next_ask();
    assert!(
        matches!(&again.body, Body::Ask { call: efectivo::providers::Call::Refund { key, .. }, .. } if key.as_str() == "QP-1001-1-r1"),
        "under the same key"
    );
    assert_ne!(again.no, ask.no);
}

#[test]
fn a_code_that_may_have_been_made_before_a_crash_is_looked_up_and_called_off() {
    let now = Instant(START);
    let done = engine::handle(&settings(), &[], None, &placed(), b"", now).unwrap();
    let mut run = Run { case: done.case, outputs: done.outputs, journal: done.journal };
    let create = run.next_ask();
    run.take(Input::Order { read: shop_says("cancelled", 12350) }, b"", now);
    run.take(Input::Outcome { output: create.no, outcome: Outcome::NoLongerDue, read: None }, b"", now); // as a host says that was killed after sending it
    let later = now.plus(5 * 1000);
    run.take(Input::Wake, b"", later);
    let look_up = run.next_ask();
    assert!(matches!(&look_up.body, Body::Ask { call: efectivo::providers::Call::LookUp { .. }, .. }));
    let code: serde_json::Value = serde_json::from_slice(&code("waiting", json!([]), now.plus(48 * HOUR), "QP-1001-1")).unwrap();
    run.take(Input::Answer { output: look_up, answer: answer(200, later), sent_before: false }, json!({"codes": [code]}).to_string().as_bytes(), later);
    assert!(matches!(run.next_ask().body, Body::Ask { call: efectivo::providers::Call::Cancel { .. }, .. }));
}

/// An order of S/ 123.50 whose code was paid with S/ 100.00, and the refund of that which the merchant chose.
fn wrongly_paid() -> (Run, Instant, Instant) {
    let (mut run, expires) = begin();
    let now = Instant(START).plus(HOUR);
    run.asks_and_hears("paid", wrong(now), expires, now);
    assert_eq!(run.asks_open_for(ReviewKind::MismatchedMoney), 1);
    (run, expires, now)
}

fn wrong(at: Instant) -> serde_json::Value {
    json!([{"id": "p1", "amount": "100.00", "currency": "PEN", "paid_at": at.utc_text(), "reversed": false}])
}

fn given_back(run: &mut Run, now: Instant) {
    let review = run.case.reviews.iter().find(|r| r.kind == ReviewKind::MismatchedMoney).expect("a review").no;
    run.take(Input::Merchant(Decision::Resolve { review, resolution: Resolution::RefundMoney, reason: "wrong amount".into() }), b"", now);
    let ask = run.next_ask();
    assert!(matches!(&ask.body, Body::Ask { call: efectivo::providers::Call::Refund { .. }, .. }));
    let done = json!({"id": "r1", "status": "done", "amount": "100.00", "currency": "PEN", "act_before": null}).to_string();
    run.take(Input::Answer { output: ask, answer: answer(200, now), sent_before: false }, done.as_bytes(), now);
    assert!(!run.case.holds_money());
}

fn screen(run: &Run, now: Instant) -> &'static str {
    efectivo::page::screen(&run.case, now).name()
}

#[test]
fn a_code_that_was_paid_wrongly_and_refunded_is_not_offered_again_and_its_order_lapses() {
    let (mut run, expires, now) = wrongly_paid();
    given_back(&mut run, now);
    assert_eq!(screen(&run, now), "checking", "the code was used");
    let ask = run.next_ask();
    run.take(Input::Answer { output: ask, answer: answer(200, now), sent_before: false }, &code("paid", wrong(now), expires, "QP-1001-1"), now);
    assert!(run.case.attempts[0].proven_dead, "a used code can't be paid again");
    let later = now.plus(25 * HOUR);
    run.asks_and_hears("paid", wrong(now), expires, later);
    assert_eq!((run.case.state, run.cancels_asked()), (State::Lapsed, 1), "its stock goes back after the grace");
}

#[test]
fn an_order_is_not_cancelled_while_wrong_money_is_in_and_is_as_soon_as_it_went_back() {
    let (mut run, _, now) = wrongly_paid();
    let cancel = Input::Merchant(Decision::Cancel);
    let refused = engine::handle(&settings(), &[], Some(&run.case), &cancel, b"", now);
    assert_eq!(refused.map(|_| ()), Err(engine::Refused::NotPossible), "first the money");
    given_back(&mut run, now);
    let ask = run.next_ask();
    run.take(Input::Answer { output: ask, answer: answer(200, now), sent_before: false }, &code("refunded", json!([]), now.plus(HOUR), "QP-1001-1"), now);
    run.take(cancel, b"", now);
    assert_eq!((run.case.state, run.cancels_asked()), (State::Cancelled, 1));
}

#[test]
fn a_merchants_cancel_outlives_an_edit_of_the_order() {
    let (mut run, _) = begin();
    let now = Instant(START).plus(HOUR);
    run.take(Input::Merchant(Decision::Cancel), b"", now);
    run.take(Input::Order { read: shop_says("open", 20_000) }, b"", now);
    assert_eq!(run.case.wish, efectivo::voucher::Wish::Cancel, "nobody wants another code for it");
}

#[test]
fn a_new_code_asked_for_by_an_old_tab_is_not_made_once_the_order_opens_again() {
    let (mut run, expires) = begin();
    let over = expires.plus(25 * HOUR);
    run.asks_and_hears("expired", json!([]), expires, over);
    assert_eq!(run.cancels_asked(), 1);
    run.take(Input::Order { read: shop_says("cancelled", 12_350) }, b"", over);
    run.take(Input::Shopper(engine::Request::NewCode), b"", over);
    assert_eq!(run.case.wish, efectivo::voucher::Wish::None, "the order is closed");
}

#[test]
fn an_order_that_is_partly_paid_by_other_means_is_not_cancelled_by_itself() {
    let (mut run, expires) = begin();
    run.case.shop.total = serde_json::from_value(json!({"minor": 20_000, "currency": "PEN"})).unwrap();
    run.asks_and_hears("expired", json!([]), expires, expires.plus(25 * HOUR));
    assert_eq!((run.case.state, run.cancels_asked()), (State::Lapsed, 0));
    let review = run.case.reviews.iter().find(|r| r.kind == ReviewKind::EffectRefused).expect("a person is asked");
    assert_eq!(review.amount.map(|paid| paid.minor), Some(7_650), "so much was paid otherwise");
    let no = review.no;
    let again = |run: &mut Run, review| {
        run.take(Input::Merchant(Decision::Resolve { review, resolution: Resolution::TryAgain, reason: "looked".into() }), b"", expires.plus(26 * HOUR));
    };
    again(&mut run, no);
    assert_eq!((run.cancels_asked(), run.asks_open_for(ReviewKind::EffectRefused)), (0, 1), "nothing has changed: it is asked again");
    run.case.shop = shop_says("open", 12_350);
    let no = run.case.reviews.last().unwrap().no;
    again(&mut run, no);
    assert_eq!(run.cancels_asked(), 1, "that part went back");
}
