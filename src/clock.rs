//! Instants as whole milliseconds since 1970 UTC, and Peru's calendar: UTC−5, no daylight saving since 1994 (IANA tzdata, America/Lima).
//!
//! Nothing here reads a clock: a host passes `now` in.
//!
//! ```
//! use efectivo::clock::Instant;
//! let deadline = Instant::parse("2020-02-24T04:59:00.000+0000").ok_or("not a date")?; // dLocal's form
//! assert_eq!(deadline.lima_text(), "2020-02-23T23:59:00-05:00"); // PagoEfectivo's form
//! assert_eq!(deadline.utc_text(), "2020-02-24T04:59:00.000Z");
//! # Ok::<(), &str>(())
//! ```

use crate::json::{self, Read, Write};

/// One second, minute, hour and day in milliseconds.
pub const SECOND: i64 = 1_000;
/// See [`SECOND`].
pub const MINUTE: i64 = 60 * SECOND;
/// See [`SECOND`].
pub const HOUR: i64 = 60 * MINUTE;
/// See [`SECOND`].
pub const DAY: i64 = 24 * HOUR;
/// Lima is five hours behind UTC all year.
const LIMA: i64 = -5 * HOUR;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Write, Read)]
#[json(transparent)]
pub struct Instant(pub i64);

/// A day and time of day on some calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    /// Year, for example 2026.
    pub year: i64,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
    /// 0 to 999.
    pub millisecond: u16,
    /// 0 is Sunday.
    pub weekday: u8,
}

impl Instant {
    /// This instant and `milliseconds` more (or less); never past the ends of an `i64`.
    pub fn plus(self, milliseconds: i64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }

    /// Milliseconds from `earlier` to this instant, negative where it is later.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The calendar in Lima.
    pub fn lima(self) -> Civil {
        civil(self.0.saturating_add(LIMA))
    }

    /// The calendar in UTC.
    pub fn utc(self) -> Civil {
        civil(self.0)
    }

    /// `2026-11-24T23:59:59-05:00`, the form that PagoEfectivo takes and gives.
    pub fn lima_text(self) -> String {
        let mut text = self.lima().seconds_text();
        text.push_str("-05:00");
        text
    }

    /// `2018-07-12T13:46:28.629Z`, the form of dLocal's `X-Date`.
    pub fn utc_text(self) -> String {
        let civil = self.utc();
        let mut text = civil.seconds_text();
        text.push('.');
        padded(&mut text, civil.millisecond.into(), 3);
        text.push('Z');
        text
    }

    /// `20261124T235959Z`, the form of an iCalendar file.
    pub fn calendar_text(self) -> String {
        let c = self.utc();
        format!("{:04}{:02}{:02}T{:02}{:02}{:02}Z", c.year, c.month, c.day, c.hour, c.minute, c.second)
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, the form of an HTTP `Date` (RFC 9110, 5.6.7).
    pub fn http_date(self) -> String {
        let c = self.utc();
        let weekday = WEEKDAYS.get(usize::from(c.weekday)).copied().unwrap_or_default();
        let month = MONTHS.get(usize::from(c.month) - 1).copied().unwrap_or_default();
        format!("{weekday}, {:02} {month} {:04} {:02}:{:02}:{:02} GMT", c.day, c.year, c.hour, c.minute, c.second)
    }

    /// Reads ISO 8601 with a zone: `T` or a space, optional fraction, `Z`, `±hh:mm` or `±hhmm`. A text without a zone is `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader(text.as_bytes());
        let (year, month, day) = (reader.number(4)?, reader.after(b"-", 2)?, reader.after(b"-", 2)?);
        let (hour, minute, second) = (reader.after(b"T ", 2)?, reader.after(b":", 2)?, reader.after(b":", 2)?);
        let millisecond = reader.fraction()?;
        let offset = reader.zone()?;
        let fits = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day) && hour < 24 && minute < 60 && second < 61;
        let of_day = hour * HOUR + minute * MINUTE + second * SECOND + millisecond;
        fits.then(|| Self(days_from(year, month, day) * DAY + of_day - offset))
    }

    /// Reads an HTTP `Date` header in its one current form, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
    pub fn parse_http_date(text: &str) -> Option<Self> {
        let mut words = text.split(' ').skip(1);
        let day: i64 = words.next()?.parse().ok()?;
        let name = words.next()?;
        let month = MONTHS.iter().zip(1..).find(|(m, _)| **m == name)?.1;
        let (year, time) = (words.next()?, words.next()?);
        Self::parse(&format!("{year}-{month:02}-{day:02}T{time}Z"))
    }
}

const WEEKDAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Civil {
    fn seconds_text(self) -> String {
        let mut text = String::with_capacity(32);
        padded(&mut text, self.year, 4);
        for (mark, number) in [('-', self.month), ('-', self.day), ('T', self.hour), (':', self.minute), (':', self.second)] {
            text.push(mark);
            padded(&mut text, number.into(), 2);
        }
        text
    }
}

/// Appends a number with at least so many digits, 4 at most.
pub(crate) fn padded(out: &mut String, number: i64, least: usize) {
    let zeros = [1_000, 100, 10].into_iter().zip([4, 3, 2]).filter(|(size, place)| *place <= least && number.abs() < *size);
    if number < 0 {
        out.push('-');
    }
    zeros.for_each(|_| out.push('0'));
    json::number(number.saturating_abs(), out);
}

/// Days and civil dates after Howard Hinnant's `days_from_civil` and `civil_from_days` (chrono-compatible date algorithms, 2013).
fn days_from(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let shifted = (month + 9) % 12;
    let of_year = (153 * shifted + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn civil(milliseconds: i64) -> Civil {
    let (days, rest) = (milliseconds.div_euclid(DAY), milliseconds.rem_euclid(DAY));
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Civil {
        year,
        month: month as u8,
        day: (of_year - (153 * shifted_month + 2) / 5 + 1) as u8,
        hour: (rest / HOUR) as u8,
        minute: (rest / MINUTE % 60) as u8,
        second: (rest / SECOND % 60) as u8,
        millisecond: (rest % SECOND) as u16,
        weekday: (days + 4).rem_euclid(7) as u8,
    }
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn number(&mut self, digits: usize) -> Option<i64> {
        let mut value = 0;
        for _ in 0..digits {
            let digit = self.take().filter(u8::is_ascii_digit)?;
            value = value * 10 + i64::from(digit - b'0');
        }
        Some(value)
    }

    fn after(&mut self, marks: &[u8], digits: usize) -> Option<i64> {
        self.take().filter(|b| marks.contains(b))?;
        self.number(digits)
    }

    fn fraction(&mut self) -> Option<i64> {
        if self.0.first() != Some(&b'.') {
            return Some(0);
        }
        self.take();
        let (mut value, mut weight, mut digits) = (0, 100, 0);
        while let Some(digit) = self.0.first().copied().filter(u8::is_ascii_digit) {
            value += i64::from(digit - b'0') * weight;
            (weight, digits) = (weight / 10, digits + 1);
            self.take();
        }
        (1..=9).contains(&digits).then_some(value)
    }

    fn zone(&mut self) -> Option<i64> {
        let sign = match self.take()? {
            b'Z' => return self.0.is_empty().then_some(0),
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let hours = self.number(2)?;
        if self.0.first() == Some(&b':') {
            self.take();
        }
        let minutes = self.number(2)?;
        (self.0.is_empty() && hours < 24 && minutes < 60).then_some(sign * (hours * HOUR + minutes * MINUTE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_date_form_that_a_provider_writes_is_read() {
        for (text, utc) in [
            ("2018-11-20T16:01:00-05:00", "2018-11-20T21:01:00.000Z"),
            ("2020-02-18T21:30:35.000+0000", "2020-02-18T21:30:35.000Z"),
            ("2022-11-24T15:42:57.130Z", "2022-11-24T15:42:57.130Z"),
            ("1900-01-01T00:00:00-05:00", "1900-01-01T05:00:00.000Z"),
            ("2024-02-29 23:59:59-05:00", "2024-03-01T04:59:59.000Z"),
        ] {
            assert_eq!(Instant::parse(text).unwrap().utc_text(), utc, "{text}");
        }
        assert_eq!(Instant::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap().utc_text(), "1994-11-06T08:49:37.000Z");
        assert_eq!(Instant::parse("1994-11-06T08:49:37Z").unwrap().http_date(), "Sun, 06 Nov 1994 08:49:37 GMT");
    }

    #[test]
    fn a_text_that_is_no_instant_is_refused() {
        for bad in [
            "",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:00:00",
            "2026-01-01",
            "2026-01-01T00:00:00Zx",
            "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00+5",
            "20é6-01-01T00:00:00Z",
        ] {
            assert_eq!(Instant::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_calendar_is_limas_all_year() {
        let civil = Instant::parse("2026-11-25T04:59:00Z").unwrap().lima();
        assert_eq!((civil.weekday, civil.day, civil.month, civil.hour, civil.minute), (2, 24, 11, 23, 59)); // martes
        assert_eq!(Instant::parse("2026-07-01T12:00:00Z").unwrap().lima().hour, 7);
    }
}
