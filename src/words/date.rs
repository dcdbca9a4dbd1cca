//! Dates and times of day in words, always in Peru's time.

use super::text;
use crate::clock::Instant;
use crate::names::{Locale, Tone};

/// `martes, 24 de noviembre de 2026`.
pub fn date(locale: Locale, at: Instant) -> String {
    let civil = at.lima();
    let word = |id: &str| text(locale, Tone::Tu, id, &[]);
    let (weekday, month) = (word(&format!("weekday.{}", civil.weekday)), word(&format!("month.{}", civil.month)));
    let values = [("weekday", weekday.as_str()), ("day", &civil.day.to_string()), ("month", &month), ("year", &civil.year.to_string())];
    text(locale, Tone::Tu, "date.long", &values)
}

/// `24 de noviembre`.
pub fn short_date(locale: Locale, at: Instant) -> String {
    let civil = at.lima();
    let month = text(locale, Tone::Tu, &format!("month.{}", civil.month), &[]);
    text(locale, Tone::Tu, "date.short", &[("day", &civil.day.to_string()), ("month", &month)])
}

/// `11:59 p. m.`
pub fn time(locale: Locale, at: Instant) -> String {
    let civil = at.lima();
    let hour = match civil.hour % 12 {
        0 => 12,
        hour => hour,
    };
    let half = text(locale, Tone::Tu, if civil.hour < 12 { "time.am" } else { "time.pm" }, &[]);
    let minute = format!("{:02}", civil.minute);
    let values = [("h12", hour.to_string()), ("h24", format!("{:02}", civil.hour)), ("minute", minute), ("half", half)];
    let values: [(&str, &str); 4] = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    text(locale, Tone::Tu, "time", &values)
}

/// `martes, 24 de noviembre de 2026, 11:59 p. m.`; the sentence around it adds "(hora de Perú)".
pub fn moment(locale: Locale, at: Instant) -> String {
    text(locale, Tone::Tu, "date.moment", &[("date", &date(locale, at)), ("time", &time(locale, at))])
}

/// `martes, 24 de noviembre de 2026, 11:59 p. m. (hora de Perú)`.
pub fn deadline(locale: Locale, at: Instant) -> String {
    text(locale, Tone::Tu, "deadline.value", &[("date", &date(locale, at)), ("time", &time(locale, at))])
}
