//! Cases for every screen, as the engine would leave them; the tests and `examples/screens.rs` share them.
#![allow(dead_code)]

use efectivo::clock::{DAY, HOUR, Instant, MINUTE};
use efectivo::money::{Currency, Money};
use efectivo::names::*;
use efectivo::page::{self, Screen, View};
use efectivo::voucher::case::{Counters, Creation, Route, Standing, Terms, Told, Wish};
use efectivo::voucher::settings::{Settings, ShopCard};
use efectivo::voucher::*;
use sha2::Digest;

/// Monday, 23 November 2026, 10:20 in Lima.
pub fn now() -> Instant {
    Instant::parse("2026-11-23T10:20:00-05:00").unwrap()
}

/// Tuesday, 24 November 2026, 23:59 in Lima.
pub fn deadline() -> Instant {
    Instant::parse("2026-11-24T23:59:00-05:00").unwrap()
}

pub fn pen(minor: i64) -> Money {
    Money::new(minor, Currency::Pen)
}

pub fn settings() -> Settings {
    Settings {
        shop: ShopCard {
            name: "Quipu Café".into(),
            tag: "quipu".into(),
            page_url: "https://quipu.example/pago".into(),
            contact: "hola@quipu.example".into(),
            privacy_contact: "datos@quipu.example".into(),
            privacy_url: "https://quipu.example/privacidad".into(),
            complaints_url: "https://quipu.example/libro".into(),
            issues_receipts: true,
            mail_from: "hola@quipu.example".into(),
        },
        ..Settings::default()
    }
}

pub fn code(digits: &str) -> Code {
    Code {
        handle: Handle::Digits(Digits::new(digits)),
        provider_id: ProviderId::new("sb-1"),
        url: String::new(),
        barcode: format!("0218{digits}"),
        payment_qr: String::new(),
        issued_at: now().plus(-20 * MINUTE),
        expires_at: deadline(),
    }
}

fn attempt(no: u16, digits: &str) -> Attempt {
    Attempt {
        no,
        channel: ChannelId::new("sandbox-1"),
        provider: Provider::Sandbox,
        reference: Reference::new(&format!("quipu-1001-{no}")),
        idempotency: IdempotencyKey::new("0f0f"),
        amount: pen(12_990),
        expiry_wanted: deadline(),
        state: State::Waiting,
        creation: Creation::Made,
        code: Some(code(digits)),
        payments: Vec::new(),
        proven_dead: false,
        noticed: false,
        cancel_refused: false,
        announced: None,
    }
}

/// A case that waits for its money under a code of these digits.
pub fn waiting(digits: &str) -> Case {
    Case {
        schema: 1,
        id: CaseId::new("5a17c0ffee5a17c0ffee5a17c0ffee00"),
        order: OrderKey::new("gid-1001"),
        number: "1001".into(),
        mode: Mode::Live,
        seed: "5eed".repeat(16),
        page_token: PageToken::new("k3v9x2m7q4w8z6n1b5c0d2f4"),
        terms: Terms {
            lost_create: Default::default(),
            one_code: false,
            validity_hours: 48,
            cancel_grace_hours: 24,
            shop_tag: "quipu".into(),
            locale: Locale::EsPe,
            tone: Tone::Tu,
            mails_off: Vec::new(),
            channels: vec![Route { id: ChannelId::new("sandbox-1"), provider: Provider::Sandbox }],
        },
        placed_at: now().plus(-20 * MINUTE),
        amount: pen(12_990),
        shop: OrderRead { status: OrderStatus::Open, outstanding: pen(12_990), total: pen(12_990) },
        state: State::Waiting,
        attempts: vec![attempt(1, digits)],
        reviews: Vec::new(),
        refunds: Vec::new(),
        told_paid: Told::Not,
        told_cancel: Told::Not,
        mails: Vec::new(),
        pending: Vec::new(),
        wish: Wish::None,
        last_asked_at: None,
        ask_again: false,
        mailed_again_at: None,
        notices: Vec::new(),
        last_seen: now(),
        next_poll_at: None,
        wake_at: None,
        next_output: 2,
        next_entry: 3,
        counters: Counters::default(),
    }
}

fn pay(case: &mut Case, amount: Money, standing: Standing) {
    let payment = Payment { id: PaymentId::new("op-7"), amount, paid_at: Some(now().plus(-5 * MINUTE)), seen_at: now(), standing };
    case.attempts.last_mut().unwrap().payments.push(payment);
}

fn state(case: &mut Case, state: State) {
    case.state = state;
    case.attempts.last_mut().unwrap().state = state;
}

fn review(case: &mut Case, kind: ReviewKind) {
    let due_at = now().plus(2 * DAY);
    case.reviews.push(Review { no: 1, kind, attempt: 1, about: "op-7".into(), amount: Some(pen(12_990)), opened_at: now(), due_at, closed: None });
}

fn refund(case: &mut Case, state: RefundState) {
    case.refunds.push(Refund {
        key: RefundKey::new("quipu-1001-1-r1"),
        idempotency: IdempotencyKey::new("aa"),
        attempt: 1,
        amount: pen(12_990),
        state,
        provider_id: None,
        requested_at: now(),
        settled_at: None,
        act_before: Some(now().plus(7 * DAY)),
    });
}

/// A case that shows this screen, and the instant at which it is looked at.
pub fn on(screen: Screen) -> (Case, Instant) {
    let mut case = waiting("112399769");
    let mut at = now();
    match screen {
        Screen::Waiting => {}
        Screen::Creating => {
            state(&mut case, State::Creating);
            case.placed_at = now();
            case.attempts[0].code = None;
            case.attempts[0].creation = Creation::Asked { tries: 1 };
        }
        Screen::Replaced => case.attempts.push(attempt(2, "112400105")),
        Screen::Stopping => case.wish = Wish::Cancel,
        Screen::Checking => {
            state(&mut case, State::Checking);
            at = deadline().plus(HOUR);
        }
        Screen::Lapsed => {
            state(&mut case, State::Lapsed);
            case.told_cancel = Told::Done;
            case.shop.status = OrderStatus::Cancelled;
            case.attempts[0].proven_dead = true;
            at = deadline().plus(30 * HOUR);
        }
        Screen::Paid => {
            state(&mut case, State::Paid);
            pay(&mut case, pen(12_990), Standing::Counts);
        }
        Screen::Late => {
            state(&mut case, State::Lapsed);
            case.told_cancel = Told::Done;
            pay(&mut case, pen(12_990), Standing::Late);
            review(&mut case, ReviewKind::LateMoney);
        }
        Screen::Double => {
            state(&mut case, State::Paid);
            pay(&mut case, pen(12_990), Standing::Counts);
            pay(&mut case, pen(12_990), Standing::Second);
            review(&mut case, ReviewKind::SecondMoney);
            refund(&mut case, RefundState::NeedsBankDetails);
        }
        Screen::Mismatch => {
            pay(&mut case, pen(9_990), Standing::Mismatched);
            review(&mut case, ReviewKind::MismatchedMoney);
        }
        Screen::Review => review(&mut case, ReviewKind::UnmatchedMoney),
        Screen::Reversed => {
            state(&mut case, State::Reversed);
            pay(&mut case, pen(12_990), Standing::Reversed);
            review(&mut case, ReviewKind::ReversedMoney);
        }
        Screen::Cancelled => {
            state(&mut case, State::Cancelled);
            case.shop.status = OrderStatus::Cancelled;
            case.told_cancel = Told::Done;
        }
        Screen::Failed => {
            state(&mut case, State::Failed);
            case.attempts[0].code = None;
            review(&mut case, ReviewKind::NoCode);
        }
    }
    (case, at)
}

/// A paid case whose money the shop gives back whole, and the next day on which it is looked at; `Done` is as the engine leaves it.
pub fn refunded(to: RefundState) -> (Case, Instant) {
    let (mut case, at) = on(Screen::Paid);
    refund(&mut case, to);
    if to == RefundState::Done {
        case.refunds[0].act_before = None;
        case.attempts[0].payments[0].standing = Standing::Refunded;
    }
    (case, at.plus(DAY))
}

/// A case whose provider also returned a wallet's QR.
pub fn with_wallet() -> Case {
    let mut case = waiting("112399769");
    case.attempts[0].code.as_mut().unwrap().payment_qr = "00020101021143270009EXAMPLE00110011239976952045999530360454061 29.905802PE6304ABCD".replace(' ', "");
    case
}

/// A case whose provider gives a page instead of digits.
pub fn with_link() -> Case {
    let mut case = waiting("");
    case.attempts[0].provider = Provider::Dlocal;
    case.attempts[0].code = Some(Code {
        handle: Handle::Link,
        url: "https://pay.dlocal.com/gmf-apm/payments/example".into(),
        barcode: String::new(),
        payment_qr: String::new(),
        ..code("1")
    });
    case
}

/// Where the page whose size is watched is kept.
pub const COMMITTED: &str = "tests/vectors/page/waiting.html";

/// The waiting page with QR, barcode, script and all places.
pub fn committed() -> String {
    let (case, now) = on(Screen::Waiting);
    let settings = settings();
    page::render(&View { email_masked: "m•••@gmail.com", shared: &["first_name", "email", "document"], ..View::new(&case, &settings, now) })
}

/// A SHA-256 in base64, as a Content-Security-Policy names a script.
pub fn digest(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in sha2::Sha256::digest(text.as_bytes()).chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
            out.push(if place <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    out
}
