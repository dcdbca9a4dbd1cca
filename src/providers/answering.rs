//! What adapters share when they read an answer: what HTTP alone says of it, and bounded words of a provider's error.

use super::Reading;
use crate::clock::{Instant, SECOND};
use crate::http::{Answer, header};
use crate::money::{Currency, Decimal, Money};
use crate::names::Digits;

/// What an answer is before an adapter reads its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrived {
    /// 2xx: the body should be the provider's answer.
    Answered,
    /// 4xx with this status: the body should be the provider's error.
    Declined(u16),
}

/// Sorts an answer by what HTTP says.
///
/// # Errors
/// A [`Reading`] that no body can change: never left, too many requests, unauthorized, or unanswered (a failure after the connection stood,
/// a redirect, any 5xx, and 408, by which a proxy says that it did not hear the request out).
pub fn arrived(answer: &Answer, now: Instant) -> Result<Arrived, Reading> {
    let response = match answer {
        Answer::Failure(failure) if failure.may_have_left() => return Err(Reading::Unanswered),
        Answer::Failure(_) => return Err(Reading::NotSent { retry_after_ms: None }),
        Answer::Response(response) => response,
    };
    match response.status {
        200..=299 => Ok(Arrived::Answered),
        401 => Err(Reading::Unauthorized),
        408 => Err(Reading::Unanswered),
        429 => {
            let wish = header(&response.headers, "retry-after").next().and_then(|text| retry_after(text.trim(), now));
            Err(Reading::NotSent { retry_after_ms: wish })
        }
        status @ 400..=499 => Ok(Arrived::Declined(status)),
        _ => Err(Reading::Unanswered),
    }
}

/// Seconds or an HTTP date (RFC 9110, 10.2.3); at most a day is believed.
fn retry_after(text: &str, now: Instant) -> Option<i64> {
    let wait = match text.parse::<u32>() {
        Ok(seconds) => i64::from(seconds) * SECOND,
        Err(_) => Instant::parse_http_date(text)?.since(now),
    };
    Some(wait.clamp(0, crate::clock::DAY))
}

/// A clear no in the provider's words, or `http-<status>` where it gave none; cut to a length that a journal bears.
pub fn refused(status: u16, code: &str, field: &str) -> Reading {
    let code = if code.is_empty() { format!("http-{status}") } else { super::asking::cut(code, 40) };
    Reading::Refused { code, field: super::asking::cut(field, 60) }
}

/// The digits of a code, if it is one: 1 to 20 digits and nothing else.
pub fn digits(text: &str) -> Option<Digits> {
    let fits = (1..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| Digits::new(text))
}

/// An address that may be shown to a shopper: https only; empty for anything else.
pub fn https_only(url: &str) -> String {
    if url.starts_with("https://") { url.into() } else { String::new() }
}

/// An amount in a currency, if both are such.
pub fn money(amount: Option<&str>, currency: Option<&str>) -> Option<Money> {
    Decimal::new(amount?).money(Currency::parse(currency?)?).ok()
}
