//! Paysafe's answers and notices in our words.

use super::{Keys, sign};
use crate::clock::Instant;
use crate::http::{self, Answer};
use crate::names::{PaymentId, Reference};
use crate::providers::answering::{Seen, in_our_words, minor, read, refused};
use crate::providers::fields::Fields;
use crate::providers::{Call, NoticeFacts, Reading, Status};
use crate::signature::Refusal;
use crate::voucher::ChannelSettings;

/// A handle's words: none of them says that money came.
const HANDLES: &[(&str, Status)] = &[
    ("INITIATED", Status::Waiting),
    ("PROCESSING", Status::Waiting),
    ("PAYABLE", Status::Waiting),
    ("COMPLETED", Status::Waiting),
    ("FAILED", Status::Failed),
    ("EXPIRED", Status::Expired),
];

/// A payment's words; `HELD` is left to a person.
const PAYMENTS: &[(&str, Status)] = &[
    ("INITIATED", Status::Waiting),
    ("RECEIVED", Status::Waiting),
    ("PROCESSING", Status::Waiting),
    ("PENDING", Status::Waiting),
    ("COMPLETED", Status::Paid),
    ("FAILED", Status::Failed),
    ("CANCELLED", Status::Cancelled),
    ("EXPIRED", Status::Expired),
];

/// Reads an answer to a call.
pub fn answer(call: &Call, answer: &Answer, body: &[u8], now: Instant) -> Reading {
    let well = |fields: &Fields<'_>| match (fields.list("paymentHandles").or_else(|| fields.list("payments")), call) {
        (None, _) => one(call, fields, now),
        (Some(list), _) if !list.is_empty() => {
            let paid = list.iter().find(|one| one.word("status").as_deref() == Some("COMPLETED"));
            one(call, paid.or(list.first())?, now)
        }
        (Some(_), Call::LookUp { .. }) => Some(Reading::Absent),
        // A cancel that found no payment: there is none to call off yet.
        (Some(_), Call::Cancel { .. }) => Some(refused(200, "no-payment", "")),
        _ => None,
    };
    read(answer, body, now, &well, &|status, answer| {
        let error = answer.object("error");
        refused(status, &error.and_then(|error| error.word("code")).unwrap_or_default(), "")
    })
}

/// A handle or a payment: the same word means another thing in each. A handle has a usage and an action, a payment has neither.
fn one(call: &Call, one: &Fields<'_>, now: Instant) -> Option<Reading> {
    let handle = matches!(call, Call::Create { .. } | Call::LookUp { .. }) || one.word("usage").is_some() || one.word("action").is_some();
    let status = in_our_words(if handle { HANDLES } else { PAYMENTS }, &one.word("status")?);
    seen(one)?.reading(call, status, now)
}

fn seen(one: &Fields<'_>) -> Option<Seen> {
    let links = one.list("links").unwrap_or_default();
    let page = links.iter().find(|link| link.word("rel").as_deref() == Some("redirect_payment"));
    Some(Seen {
        id: one.word("id"),
        reference: one.word("merchantRefNum"),
        amount: Some(minor(one.word("amount").as_deref(), one.word("currencyCode").as_deref())?),
        url: page.and_then(|link| link.word("href")),
        ..Seen::default()
    })
}

/// Judges and reads a notice. Handles, payments and settlements have ids of their own, so our reference names the order; a payment and its settlement
/// are one payment.
///
/// # Errors
/// The [`Refusal`].
pub fn notice(_: &ChannelSettings, keys: &Keys, notice: &http::Notice, body: &[u8]) -> Result<NoticeFacts, Refusal> {
    sign::judge(keys, &notice.headers, body)?;
    let event = Fields::read(body).ok_or(Refusal::Unreadable)?;
    let payload = event.object("payload").ok_or(Refusal::Unreadable)?;
    let name = ["eventName", "EventName", "eventType"].iter().find_map(|field| event.word(field)).ok_or(Refusal::Unreadable)?;
    let status = match name.split_once("_HANDLE_") {
        Some((_, word)) => in_our_words(HANDLES, word),
        None => in_our_words(PAYMENTS, name.rsplit('_').next().unwrap_or_default()),
    };
    Ok(NoticeFacts {
        provider_id: None,
        reference: Some(Reference::new(&payload.word("merchantRefNum").ok_or(Refusal::Unreadable)?)),
        status,
        payment_id: PaymentId::default(),
        amount: minor(payload.word("amount").as_deref(), payload.word("currencyCode").as_deref()),
        signed_at: None,
        also: Vec::new(),
    })
}
