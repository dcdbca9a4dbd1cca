//! A first life of an order through the engine alone: placed, issued, paid, told.

use efectivo::clock::{HOUR, Instant};
use efectivo::engine::{self, Body, Carried, Carrying, ChannelRow, Input, Outcome, Output};
use efectivo::http;
use efectivo::voucher::{Case, OrderRead, Settings, State, Told};
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
    };
    let Carried::Request(request) = engine::carry(&carrying).unwrap() else { panic!("a request") };
    assert!(request.url.ends_with("/codes") && request.body.contains("QP-1001-1"), "{}", request.body);
    let expires = now.plus(48 * HOUR);
    run.take(Input::Answer { output, answer: answer(201, now) }, &code("waiting", json!([]), expires, "QP-1001-1"), now);
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
    run.take(Input::Answer { output: ask.clone(), answer: answer(200, now) }, &paid, now);
    assert_eq!(run.case.state, State::Paid);
    run.take(Input::Answer { output: ask, answer: answer(200, now) }, &paid, now);
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
    run.take(Input::Answer { output: ask, answer: answer(200, expires) }, &code("expired", json!([]), expires, "QP-1001-1"), expires);
    assert_eq!((run.case.state, run.case.told_cancel), (State::Checking, Told::Not));
    let over = expires.plus(24 * HOUR);
    run.take(Input::Wake, b"", over);
    let ask = run.next_ask();
    run.take(Input::Answer { output: ask, answer: answer(200, over) }, &code("expired", json!([]), expires, "QP-1001-1"), over);
    assert_eq!(run.case.state, State::Lapsed);
    assert!(matches!(run.case.told_cancel, Told::Asked(_)));
    let rebuilt = engine::rebuild(&run.journal).unwrap();
    assert_eq!(engine::without_counters(&rebuilt), engine::without_counters(&run.case));
}
