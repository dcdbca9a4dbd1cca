//! What adapters share when they read an answer: what HTTP alone says of it, and bounded words of a provider's error.

use super::fields::Fields;
use super::{Call, Facts, PaymentFact, Reading, Sending, Status, Step};
use crate::clock::{Instant, SECOND};
use crate::http::{Answer, header};
use crate::money::{Currency, Decimal, Money};
use crate::names::{Digits, PaymentId, ProviderId, Reference};
use crate::voucher::{Code, Handle};

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

/// What the first of a call's two requests brought; `None` before it was sent.
///
/// # Errors
/// The step that its answer leaves: it is the call's own answer, or it never came, and so nothing of the call itself has left.
pub fn first<'a>(sending: &Sending<'a>) -> Result<Option<Fields<'a>>, Step> {
    let Some((answer, body)) = sending.first else { return Ok(None) };
    match (arrived(answer, sending.now), Fields::read(body)) {
        (Ok(Arrived::Answered), Some(fields)) => Ok(Some(fields)),
        (Ok(Arrived::Answered), None) | (Err(Reading::Unanswered), _) => Err(Step::NeverLeft),
        _ => Err(Step::Answered),
    }
}

/// What one answer says of a code, as far as it does; [`Seen::reading`] makes our words of it.
#[derive(Default)]
pub struct Seen {
    /// The provider's id; without one there is no code.
    pub id: Option<String>,
    /// Our reference.
    pub reference: Option<String>,
    /// What it is for.
    pub amount: Option<Money>,
    /// The digits, if they are such.
    pub digits: Option<String>,
    /// The provider's own page.
    pub url: Option<String>,
    /// What the provider's barcode encodes.
    pub barcode: Option<String>,
    /// The deadline; where an answer to a create names none, what was asked for stands.
    pub expires_at: Option<Instant>,
    /// When it was paid.
    pub paid_at: Option<Instant>,
}

impl Seen {
    /// The reading; `None` where the answer lacks what it must have. A create without a code is unanswered unless it failed: it is looked up or reviewed.
    pub fn reading(self, call: &Call, status: Status, now: Instant) -> Option<Reading> {
        let provider_id = ProviderId::new(self.id.as_deref().filter(|id| !id.is_empty())?);
        let asked_for = match call {
            Call::Create { expires_at, .. } => Some(*expires_at),
            Call::LookUp { .. } => Some(Code::DEADLINE_AS_ASKED),
            _ => None,
        };
        let url = https_only(self.url.as_deref().unwrap_or_default());
        let handle = match self.digits.as_deref().and_then(digits) {
            Some(digits) => Some(Handle::Digits(digits)),
            None => (!url.is_empty()).then_some(Handle::Link),
        };
        let code = handle.zip(self.expires_at.or(asked_for)).map(|(handle, expires_at)| Code {
            handle,
            provider_id: provider_id.clone(),
            url,
            barcode: self.barcode.unwrap_or_default(),
            payment_qr: String::new(),
            issued_at: now,
            expires_at,
        });
        if let (Call::Create { .. }, None) = (call, &code) {
            return (status == Status::Failed).then(|| refused(200, "rejected", ""));
        }
        let paid = self.amount.filter(|_| status == Status::Paid);
        Some(Reading::Facts(Facts {
            status,
            provider_id: Some(provider_id),
            reference: self.reference.as_deref().map(Reference::new),
            amount: self.amount,
            code,
            expires_at: self.expires_at,
            payments: paid.into_iter().map(|amount| PaymentFact { id: PaymentId::default(), amount, paid_at: self.paid_at, reversed: false }).collect(),
        }))
    }
}

/// A provider's word in ours, by its table; unknown ones are kept.
pub fn in_our_words(table: &[(&str, Status)], word: &str) -> Status {
    let known = table.iter().find(|(theirs, _)| *theirs == word);
    known.map_or_else(|| Status::Unrecognised(super::asking::cut(word, 40)), |(_, ours)| ours.clone())
}

/// Reads an answer by two readers: one for what went well, one for a provider's error; what neither can read is unanswered.
pub fn read(answer: &Answer, body: &[u8], now: Instant, well: &dyn Fn(&Fields<'_>) -> Option<Reading>, ill: &dyn Fn(u16, &Fields<'_>) -> Reading) -> Reading {
    let arrived = match arrived(answer, now) {
        Ok(arrived) => arrived,
        Err(reading) => return reading,
    };
    let Some(fields) = Fields::read(body) else { return Reading::Unanswered };
    match arrived {
        Arrived::Declined(status) => ill(status, &fields),
        Arrived::Answered => well(&fields).unwrap_or(Reading::Unanswered),
    }
}

/// A whole number of céntimos, as providers with minor units write them.
pub fn minor(amount: Option<&str>, currency: Option<&str>) -> Option<Money> {
    Some(Money::new(amount?.parse().ok()?, Currency::parse(currency?)?))
}

/// An instant written as whole seconds or milliseconds since 1970: 13 digits are milliseconds.
pub fn epoch(text: &str) -> Option<Instant> {
    let number: i64 = text.parse().ok().filter(|number| *number > 0)?;
    Some(Instant(if number >= 100_000_000_000 { number } else { number.checked_mul(SECOND)? }))
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
