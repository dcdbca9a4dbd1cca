//! PagoEfectivo's answers and notices in our words.

use super::wire::{Cip, Notice};
use super::{Keys, sign};
use crate::clock::{HOUR, Instant, MINUTE};
use crate::http::{self, Answer};
use crate::money::Money;
use crate::names::{PaymentId, ProviderId, Reference};
use crate::providers::answering::{Arrived, arrived, digits, https_only, money, refused};
use crate::providers::fields::Fields;
use crate::providers::{Call, Facts, NoticeFacts, PaymentFact, Reading, Status};
use crate::secret::Secret;
use crate::signature::Refusal;
use crate::voucher::{ChannelSettings, Code, Handle};

/// "Solicitud exitosa."
const DONE: &str = "100";
/// "Solicitud con datos inválidos.": what is wrong stands in `data`.
const INVALID: &str = "111";
/// The id of "Generado.", the only one of `status` that a source shows.
const GENERATED: &str = "22";

/// Reads an answer to a call.
pub fn answer(call: &Call, answer: &Answer, body: &[u8], now: Instant) -> Reading {
    let envelope = match envelope(answer, body, now) {
        Ok(envelope) => envelope,
        Err(reading) => return reading,
    };
    match call {
        Call::Create { .. } => envelope.object("data").and_then(|cip| made(&Cip::of(&cip), now)),
        Call::Query { id, .. } => envelope.list("data").and_then(|cips| found(id, &cips.iter().map(Cip::of).collect::<Vec<_>>(), now)),
        Call::Cancel { id, reference } => Some(Reading::Facts(Facts {
            status: Status::Cancelled,
            provider_id: Some(id.clone()),
            reference: Some(reference.clone()),
            amount: None,
            code: None,
            expires_at: None,
            payments: Vec::new(),
        })),
        Call::LookUp { .. } | Call::Refund { .. } | Call::RefundQuery { .. } => None,
    }
    .unwrap_or(Reading::Unanswered)
}

/// Reads a token. Its life is taken from the answer (2 hours by default) and measured on our clock, five minutes short, so that none ends in flight.
///
/// # Errors
/// The [`Reading`] of any other answer.
pub fn token(answer: &Answer, body: &[u8], now: Instant) -> Result<(Secret, Instant), Reading> {
    let whole = envelope(answer, body, now)?;
    let data = whole.object("data").ok_or(Reading::Unanswered)?;
    let token = data.word("token").filter(|token| !token.is_empty()).map(|token| Secret::new(&token)).ok_or(Reading::Unanswered)?;
    let date = |name| Instant::parse(&data.word(name)?);
    let life = date("tokenExpires").zip(date("tokenStart")).map(|(end, start)| end.since(start));
    let life = life.filter(|life| (1..=24 * HOUR).contains(life)).unwrap_or(2 * HOUR);
    Ok((token, now.plus((life - 5 * MINUTE).max(MINUTE))))
}

/// A 2xx that says 100; everything else is a [`Reading`] of its own. A 500 with code 166 counts as unanswered: whether a CIP was made is not documented.
fn envelope<'a>(answer: &Answer, body: &'a [u8], now: Instant) -> Result<Fields<'a>, Reading> {
    let arrived = arrived(answer, now)?;
    let envelope = Fields::read(body).ok_or(Reading::Unanswered)?;
    let code = envelope.word("code").ok_or(Reading::Unanswered)?;
    match arrived {
        Arrived::Answered if code == DONE => Ok(envelope),
        Arrived::Answered => Err(Reading::Unanswered),
        Arrived::Declined(status) => {
            let first = envelope.list("data").and_then(|errors| errors.into_iter().next()).filter(|_| code == INVALID);
            let named = first.and_then(|error| Some((error.word("code")?, error.word("field").unwrap_or_default())));
            let (code, field) = named.unwrap_or((code, String::new()));
            Err(refused(status, &code, &field))
        }
    }
}

/// A created CIP.
fn made(cip: &Cip, now: Instant) -> Option<Reading> {
    let number = id_of(cip)?;
    let expires_at = cip.date_expiry.as_deref().and_then(Instant::parse)?;
    let code = Code {
        handle: Handle::Digits(digits(&number)?),
        provider_id: ProviderId::new(&number),
        url: https_only(cip.cip_url.as_deref().unwrap_or("")),
        barcode: String::new(),
        payment_qr: String::new(),
        issued_at: now,
        expires_at,
    };
    Some(Reading::Facts(Facts {
        status: Status::Waiting,
        provider_id: Some(ProviderId::new(&number)),
        reference: cip.transaction_code.as_deref().map(Reference::new),
        amount: Some(money_of(cip)?),
        code: Some(code),
        expires_at: Some(expires_at),
        payments: Vec::new(),
    }))
}

/// What a search says of one CIP: an empty structure stands for an unknown one (sdk-pe-android-documentation, 2018).
fn found(id: &ProviderId, cips: &[Cip], now: Instant) -> Option<Reading> {
    let Some(cip) = cips.iter().find(|entry| id_of(entry).as_deref() == Some(id.as_str())) else {
        return cips.first().filter(|first| id_of(first).is_none()).map(|_| Reading::Absent);
    };
    let amount = money_of(cip)?;
    let paid_at = set(cip.date_payment.as_deref());
    let status = status(cip, now);
    let paid = matches!(status, Status::Paid | Status::Reversed);
    let payment = PaymentFact { id: PaymentId::default(), amount, paid_at: paid_at.flatten(), reversed: status == Status::Reversed };
    Some(Reading::Facts(Facts {
        status,
        provider_id: Some(id.clone()),
        reference: cip.transaction_code.as_deref().map(Reference::new),
        amount: Some(amount),
        code: None,
        expires_at: cip.date_expiry.as_deref().and_then(Instant::parse),
        payments: if paid { vec![payment] } else { Vec::new() },
    }))
}

/// Only id 22, "Generado.", is published, so the dates decide first and the name's stem after them (inferred): "Cancela…" is *paid*,
/// "Extorna…" is money taken back. A name that is none of these opens a review.
fn status(cip: &Cip, now: Instant) -> Status {
    let name = cip.status_name.as_deref().unwrap_or("").trim();
    let id = cip.status.as_deref().unwrap_or("");
    let is = |stem: &str| name.get(..stem.len()).is_some_and(|start| start.eq_ignore_ascii_case(stem));
    let over = cip.date_expiry.as_deref().and_then(Instant::parse).is_some_and(|at| now > at);
    if is("Extorna") {
        Status::Reversed
    } else if set(cip.date_payment.as_deref()).is_some() || is("Cancela") {
        Status::Paid
    } else if set(cip.date_removal.as_deref()).is_some() || is("Elimina") {
        Status::Cancelled
    } else if is("Expira") {
        Status::Expired
    } else if is("Genera") || (name.is_empty() && id == GENERATED) {
        if over { Status::Expired } else { Status::Waiting }
    } else {
        Status::Unrecognised(if name.is_empty() { id.into() } else { name.into() })
    }
}

/// Whether a date is set: 1900-01-01 stands for none. A set date that can't be read is still set, since it may mean money.
fn set(date: Option<&str>) -> Option<Option<Instant>> {
    let date = date?.trim();
    let none = date.is_empty() || date.starts_with("1900-") || date.starts_with("0001-");
    (!none).then(|| Instant::parse(date))
}

fn money_of(cip: &Cip) -> Option<Money> {
    money(cip.amount.as_deref(), cip.currency.as_deref())
}

fn id_of(entry: &Cip) -> Option<String> {
    cip(entry.cip.as_deref()?)
}

/// A CIP as a number's text: 1 to 14 digits. Zeros before it are dropped, since some outlets and notices pad it to 14; 0 is none.
pub(super) fn cip(text: &str) -> Option<String> {
    let bare = text.trim_start_matches('0');
    ((1..=14).contains(&bare.len()) && bare.bytes().all(|b| b.is_ascii_digit())).then(|| bare.into())
}

/// Judges and reads a notice.
///
/// # Errors
/// The [`Refusal`].
pub fn notice(_: &ChannelSettings, keys: &Keys, notice: &http::Notice, body: &[u8]) -> Result<NoticeFacts, Refusal> {
    sign::judge(keys, &notice.headers, body)?;
    let notice = Fields::read(body).and_then(|fields| Notice::of(&fields)).ok_or(Refusal::Unreadable)?;
    let number = cip(&notice.cip).ok_or(Refusal::Unreadable)?;
    Ok(NoticeFacts {
        provider_id: Some(ProviderId::new(&number)),
        reference: notice.transaction_code.as_deref().filter(|text| !text.is_empty()).map(Reference::new),
        status: event(&notice.event_type),
        payment_id: PaymentId::new(notice.operation_number.as_deref().unwrap_or("")),
        amount: money(notice.amount.as_deref(), notice.currency.as_deref()),
        signed_at: None,
        also: Vec::new(),
    })
}

/// `cip.paid` is documented; the other two were seen in public integrations only. Since merchants have no refund call, `cip.refunded` is money taken back.
fn event(word: &str) -> Status {
    match word {
        "cip.paid" => Status::Paid,
        "cip.expired" => Status::Expired,
        "cip.refunded" => Status::Reversed,
        other => Status::Unrecognised(other.into()),
    }
}
