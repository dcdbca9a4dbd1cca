//! The merchant's figures: what is counted, what isn't, and that every number drawn is said as well.

#[path = "page/samples.rs"]
mod samples;

use efectivo::clock::{DAY, HOUR, Instant};
use efectivo::names::{IdempotencyKey, Locale, Mode, PaymentId, RefundKey};
use efectivo::page::Figures;
use efectivo::voucher::case::{Case, Payment, Standing};
use efectivo::voucher::{Refund, RefundState, State};

/// A week after the samples' deadline, so that every code's time is over.
fn later() -> Instant {
    samples::deadline().plus(7 * DAY)
}

fn paid_at(at: Instant) -> Case {
    let mut case = samples::waiting("112399769");
    case.state = State::Paid;
    let amount = case.amount;
    let payment = Payment { id: PaymentId::new("1"), amount, paid_at: Some(at), seen_at: at, standing: Standing::Counts };
    let attempt = case.attempts.last_mut().unwrap();
    attempt.payments.push(payment);
    attempt.noticed = true;
    case
}

fn lapsed() -> Case {
    Case { state: State::Lapsed, ..samples::waiting("112399770") }
}

fn refunded(took: i64, state: RefundState) -> Case {
    let mut case = paid_at(samples::now());
    let settled_at = state.is_final().then(|| later().plus(took));
    let (amount, idempotency) = (case.amount, IdempotencyKey::default());
    case.refunds.push(Refund {
        key: RefundKey::new("a-r1"),
        idempotency,
        attempt: 1,
        amount,
        state,
        provider_id: None,
        requested_at: later(),
        settled_at,
        act_before: None,
    });
    case
}

/// The figures' texts in English: the tiles' numbers, then what the newest week says.
fn drawn(cases: &[Case]) -> (Vec<String>, String) {
    let mut figures = Figures::new(Mode::Live, later());
    cases.iter().for_each(|case| figures.count(case));
    let page = figures.page(Locale::En);
    let tiles = page.split("<b>").skip(1).map(|rest| rest.split("</b>").next().unwrap().to_owned()).collect();
    let week = page.split("<title>").last().unwrap().split("</title>").next().unwrap().to_owned();
    (tiles, week)
}

#[test]
fn three_paid_of_four_are_three_quarters_and_the_one_that_waits_counts_for_neither() {
    let waiting = samples::waiting("112399771");
    let (tiles, _) = drawn(&[paid_at(samples::now()), paid_at(samples::now()), paid_at(samples::now()), lapsed(), waiting]);
    assert_eq!(tiles[0], "75 %");
}

#[test]
fn a_code_paid_after_its_deadline_was_unpaid_at_it() {
    let (tiles, _) = drawn(&[paid_at(samples::now()), paid_at(samples::deadline().plus(HOUR))]);
    assert_eq!(tiles[1], "50 %");
}

#[test]
fn a_refund_takes_what_the_middle_one_took_and_one_under_way_is_no_latency() {
    let done = |hours: i64| refunded(hours * HOUR, RefundState::Done);
    let (tiles, _) = drawn(&[done(30), done(1), done(99), refunded(0, RefundState::Sent), refunded(0, RefundState::Rejected)]);
    assert_eq!(tiles[2], "1 day 6 h 0 min");
}

#[test]
fn a_payment_that_no_notice_told_of_is_a_lost_notice_and_repeated_ones_are_counted() {
    let mut silent = paid_at(samples::now());
    silent.attempts.last_mut().unwrap().noticed = false;
    let mut loud = paid_at(samples::now());
    loud.counters.repeated_notices = 4;
    let (tiles, _) = drawn(&[silent, loud]);
    assert_eq!((tiles[3].as_str(), tiles[4].as_str()), ("1", "4"));
}

#[test]
fn money_taken_back_is_no_success_and_the_other_mode_counts_for_nothing() {
    let mut reversed = paid_at(samples::now());
    reversed.state = State::Reversed;
    reversed.attempts.last_mut().unwrap().payments[0].standing = Standing::Reversed;
    let test = Case { mode: Mode::Test, ..paid_at(samples::now()) };
    assert_eq!(drawn(&[reversed, test, lapsed()]).0[0], "0 %");
}

#[test]
fn an_order_of_last_quarter_counts_for_nothing_and_a_week_says_its_numbers() {
    let old = Case { placed_at: later().plus(-85 * DAY), ..lapsed() };
    let fresh = Case { placed_at: later().plus(-DAY), ..paid_at(samples::now()) };
    let (tiles, week) = drawn(&[old, fresh]);
    assert_eq!(tiles[0], "100 %");
    assert!(week.ends_with("1 paid, 0 unpaid, 0 open"), "{week}");
}

#[test]
fn nothing_sold_yet_says_so_in_every_language() {
    for locale in [Locale::EsPe, Locale::Es, Locale::En, Locale::ZhCn] {
        let page = Figures::new(Mode::Live, later()).page(locale);
        assert!(page.contains("<p>") && !page.contains("figures."), "{page}");
    }
}
