//! Dates and times of day in words, always in Peru's time.

use super::{Word, word};
use crate::clock::{Instant, padded};
use crate::names::{Locale, Tone};

/// From Sunday on.
const WEEKDAYS: [Word; 7] =
    [word!("weekday.0"), word!("weekday.1"), word!("weekday.2"), word!("weekday.3"), word!("weekday.4"), word!("weekday.5"), word!("weekday.6")];
const MONTHS: [Word; 12] = [
    word!("month.1"),
    word!("month.2"),
    word!("month.3"),
    word!("month.4"),
    word!("month.5"),
    word!("month.6"),
    word!("month.7"),
    word!("month.8"),
    word!("month.9"),
    word!("month.10"),
    word!("month.11"),
    word!("month.12"),
];

/// `martes, 24 de noviembre de 2026`.
pub fn date(locale: Locale, at: Instant) -> String {
    let civil = at.lima();
    let word = |names: &[Word], place: u8| names.get(usize::from(place)).map_or("", |word| word.sentence(locale, Tone::Tu).0);
    let (weekday, month) = (word(&WEEKDAYS, civil.weekday), word(&MONTHS, civil.month - 1));
    let values = [("weekday", weekday), ("day", &digits(civil.day.into(), 1)), ("month", month), ("year", &digits(civil.year, 1))];
    word!("date.long").text(locale, Tone::Tu, &values)
}

/// `24 de noviembre`.
pub fn short_date(locale: Locale, at: Instant) -> String {
    let civil = at.lima();
    let month = MONTHS.get(usize::from(civil.month) - 1).map_or("", |word| word.sentence(locale, Tone::Tu).0);
    word!("date.short").text(locale, Tone::Tu, &[("day", &digits(civil.day.into(), 1)), ("month", month)])
}

/// `11:59 p. m.`
pub fn time(locale: Locale, at: Instant) -> String {
    let civil = at.lima();
    let hour = match civil.hour % 12 {
        0 => 12,
        hour => hour,
    };
    let half = if civil.hour < 12 { word!("time.am") } else { word!("time.pm") }.sentence(locale, Tone::Tu).0;
    let values = [("h12", &*digits(hour.into(), 1)), ("h24", &digits(civil.hour.into(), 2)), ("minute", &digits(civil.minute.into(), 2)), ("half", half)];
    word!("time").text(locale, Tone::Tu, &values)
}

/// At least so many digits.
fn digits(number: i64, least: usize) -> String {
    let mut text = String::new();
    padded(&mut text, number, least);
    text
}

/// `martes, 24 de noviembre de 2026, 11:59 p. m.`; the sentence around it adds "(hora de Perú)".
pub fn moment(locale: Locale, at: Instant) -> String {
    word!("date.moment").text(locale, Tone::Tu, &[("date", &date(locale, at)), ("time", &time(locale, at))])
}

/// `martes, 24 de noviembre de 2026, 11:59 p. m. (hora de Perú)`.
pub fn deadline(locale: Locale, at: Instant) -> String {
    word!("deadline.value").text(locale, Tone::Tu, &[("date", &date(locale, at)), ("time", &time(locale, at))])
}
