//! Culqi's answers and notices in our words.

use super::{Keys, sign};
use crate::clock::Instant;
use crate::http::{self, Answer};
use crate::names::{PaymentId, ProviderId, Reference};
use crate::providers::answering::{Seen, epoch, in_our_words, minor, read, refused};
use crate::providers::fields::Fields;
use crate::providers::{Call, NoticeFacts, Reading, Status};
use crate::signature::Refusal;
use crate::voucher::ChannelSettings;

const WORDS: &[(&str, Status)] =
    &[("created", Status::Waiting), ("pending", Status::Waiting), ("paid", Status::Paid), ("expired", Status::Expired), ("deleted", Status::Cancelled)];

/// Reads an answer to a call.
pub fn answer(call: &Call, answer: &Answer, body: &[u8], now: Instant) -> Reading {
    let well = |fields: &Fields<'_>| {
        let status = in_our_words(WORDS, &fields.word("state")?);
        seen(fields)?.reading(call, status, now)
    };
    read(answer, body, now, &well, &|status, error| match (status, call) {
        (404, Call::Query { .. }) => Reading::Absent,
        _ => refused(status, &error.word("type").unwrap_or_default(), &error.word("param").unwrap_or_default()),
    })
}

/// An order; its dates come in milliseconds though they are sent in seconds.
fn seen(fields: &Fields<'_>) -> Option<Seen> {
    let date = |name| fields.word(name).and_then(|text| epoch(&text));
    Some(Seen {
        id: fields.word("id"),
        reference: fields.word("order_number"),
        amount: Some(minor(fields.word("amount").as_deref(), fields.word("currency_code").as_deref())?),
        digits: fields.word("payment_code"),
        expires_at: date("expiration_date"),
        paid_at: date("paid_at"),
        ..Seen::default()
    })
}

/// Judges who speaks and reads the order: it comes as JSON written within a text of JSON.
///
/// # Errors
/// The [`Refusal`].
pub fn notice(_: &ChannelSettings, keys: &Keys, notice: &http::Notice, body: &[u8]) -> Result<NoticeFacts, Refusal> {
    sign::judge(keys, &notice.headers)?;
    let data = Fields::read(body).and_then(|event| event.word("data")).ok_or(Refusal::Unreadable)?;
    let order = Fields::read(data.as_bytes()).ok_or(Refusal::Unreadable)?;
    let (seen, word) = seen(&order).zip(order.word("state")).ok_or(Refusal::Unreadable)?;
    Ok(NoticeFacts {
        provider_id: Some(ProviderId::new(&seen.id.ok_or(Refusal::Unreadable)?)),
        reference: seen.reference.as_deref().map(Reference::new),
        status: in_our_words(WORDS, &word),
        payment_id: PaymentId::default(),
        amount: seen.amount,
        signed_at: None,
        also: Vec::new(),
    })
}
