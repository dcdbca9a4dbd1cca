//! What holds of every amount and every date, by generated cases; dates beside jiff, which knows every calendar.
#![cfg(not(target_arch = "wasm32"))]

use efectivo::clock::Instant;
use efectivo::money::{Currency, Decimal, Money, MoneyError};
use jiff::tz::{Offset, TimeZone};
use proptest::prelude::*;

fn currency() -> impl Strategy<Value = Currency> {
    prop_oneof![Just(Currency::Pen), Just(Currency::Usd)]
}

/// Amounts of every size, small ones as often as huge ones.
fn minor() -> impl Strategy<Value = i64> {
    (any::<i64>(), 0u32..64).prop_map(|(size, shift)| size >> shift)
}

/// Instants from the year 1 to 9999, to the millisecond.
fn instant() -> impl Strategy<Value = Instant> {
    (-62_135_596_800_000_i64..253_402_300_799_999).prop_map(Instant)
}

proptest! {
    #[test]
    fn a_printed_amount_is_read_back_as_the_same_amount(minor in minor(), currency in currency()) {
        prop_assume!(minor != i64::MIN); // its own digits don't fit without their sign
        let money = Money::new(minor, currency);
        let sign = if minor < 0 { "-" } else { "" };
        let bare = money.to_string().replace(currency.symbol(), "").replace('-', "");
        prop_assert_eq!(Money::parse(&format!("{sign}{}", bare.trim_start_matches('\u{a0}')), currency), Ok(money));
        prop_assert_eq!(Money::parse(&money.plain(), currency), Ok(money));
        prop_assert_eq!(Decimal::new(&money.plain()).money(currency), Ok(money));
        if minor >= 0 {
            prop_assert_eq!(Money::parse(&money.to_string(), currency), Ok(money));
        }
    }

    #[test]
    fn sums_are_exact_or_refused(a in minor(), b in minor(), currency in currency()) {
        let (one, other) = (Money::new(a, currency), Money::new(b, currency));
        let exact = |wide: i128| i64::try_from(wide).map(|minor| Money::new(minor, currency)).map_err(|_| MoneyError::TooLarge);
        prop_assert_eq!(one.plus(other), exact(i128::from(a) + i128::from(b)));
        let minus = exact(i128::from(a) - i128::from(b));
        prop_assert!(one.minus(other) == minus || b == i64::MIN && one.minus(other).is_err());
        prop_assert_eq!(one.times(b as u32), exact(i128::from(a) * i128::from(b as u32)));
    }

    #[test]
    fn two_currencies_never_add_up(a in minor(), b in minor()) {
        let (soles, dollars) = (Money::new(a, Currency::Pen), Money::new(b, Currency::Usd));
        prop_assert!(soles.plus(dollars).is_err());
        prop_assert!(soles.minus(dollars).is_err());
    }

    #[test]
    fn what_is_no_amount_is_refused_and_never_guessed(text in "[0-9.,\\-+eE S/$]{0,14}") {
        if let Ok(money) = Money::parse(&text, Currency::Pen) {
            let digits = |text: &str| text.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect::<String>();
            let whole: String = digits(text.split_once('/').map_or(&text, |(_, rest)| rest));
            let (said, read): (f64, f64) = (whole.parse().unwrap(), money.minor.unsigned_abs() as f64 / 100.0);
            prop_assert!((said - read).abs() < 0.005, "{text:?} was read as {read}");
        }
    }

    #[test]
    fn a_date_is_the_one_on_the_calendar(at in instant()) {
        let peer = jiff::Timestamp::from_millisecond(at.0).unwrap();
        let utc = peer.to_zoned(TimeZone::UTC);
        let lima = peer.to_zoned(TimeZone::fixed(Offset::constant(-5)));
        for (ours, theirs) in [(at.utc(), &utc), (at.lima(), &lima)] {
            let (year, month, day) = (i64::from(theirs.year()), theirs.month() as u8, theirs.day() as u8);
            prop_assert_eq!((ours.year, ours.month, ours.day), (year, month, day));
            let (hour, minute, second) = (theirs.hour() as u8, theirs.minute() as u8, theirs.second() as u8);
            prop_assert_eq!((ours.hour, ours.minute, ours.second), (hour, minute, second));
            prop_assert_eq!(ours.millisecond, theirs.millisecond() as u16);
            prop_assert_eq!(ours.weekday, theirs.weekday().to_sunday_zero_offset() as u8);
        }
    }

    #[test]
    fn a_written_date_is_read_back(at in instant()) {
        prop_assume!(at.lima().year >= 1);
        let seconds = Instant(at.0 - at.0.rem_euclid(1_000));
        prop_assert_eq!(Instant::parse(&at.utc_text()), Some(at));
        prop_assert_eq!(Instant::parse(&at.lima_text()), Some(seconds));
        prop_assert_eq!(Instant::parse_http_date(&at.http_date()), Some(seconds));
    }

    #[test]
    fn a_date_that_is_on_no_calendar_is_refused(year in 1i16..9999, month in 0u8..20, day in 0u8..40, hour in 0u8..30, minute in 0u8..70) {
        let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:00Z");
        let theirs = text.parse::<jiff::Timestamp>().ok().map(|at| Instant(at.as_millisecond()));
        prop_assert_eq!(Instant::parse(&text), theirs);
    }
}
