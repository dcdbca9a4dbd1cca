//! Bamboo's answers and notices in our words.

use super::{Keys, sign};
use crate::clock::Instant;
use crate::http::{self, Answer};
use crate::names::{PaymentId, ProviderId};
use crate::providers::answering::{Seen, in_our_words, minor, read, refused};
use crate::providers::fields::Fields;
use crate::providers::{Call, NoticeFacts, Reading, Status};
use crate::signature::Refusal;
use crate::voucher::ChannelSettings;

/// The text decides: of the numbers, 3 stands for two things.
const WORDS: &[(&str, Status)] = &[("pending", Status::Waiting), ("approved", Status::Paid), ("rejected", Status::Failed)];

/// Reads an answer to a call.
pub fn answer(call: &Call, answer: &Answer, body: &[u8], now: Instant) -> Reading {
    read(answer, body, now, &|fields| purchase(call, fields, now), &|status, error| match (status, call) {
        (404, Call::Query { .. } | Call::LookUp { .. }) => Reading::Absent,
        _ => refused(status, &error.word("ErrorCode").unwrap_or_default(), ""),
    })
}

/// A purchase; one that was rejected after its time has expired.
fn purchase(call: &Call, fields: &Fields<'_>, now: Instant) -> Option<Reading> {
    let metadata = fields.object("MetadataOut");
    let detail = |name| metadata.as_ref().and_then(|metadata| metadata.word(name));
    let expires_at = detail("PaymentExpirationDate").and_then(|date| Instant::parse(&date));
    let status = match in_our_words(WORDS, &fields.word("Status")?.to_ascii_lowercase()) {
        Status::Failed if expires_at.is_some_and(|at| now > at) => Status::Expired,
        status => status,
    };
    // Every account that this adapter sells through is in soles; an answer that names another currency is believed.
    let currency = fields.word("Currency");
    Seen {
        id: fields.word("TransactionId"),
        reference: fields.word("Order"),
        amount: Some(minor(fields.word("Amount").as_deref(), currency.as_deref().or(Some("PEN")))?),
        digits: detail("PaymentCode"),
        url: detail("PaymentUrl"),
        expires_at,
        ..Seen::default()
    }
    .reading(call, status, now)
}

/// Judges a notice and takes from it what its signature covers: which purchase to ask about, and its amount. How it stands, the answer says.
///
/// # Errors
/// The [`Refusal`].
pub fn notice(_: &ChannelSettings, keys: &Keys, notice: &http::Notice, body: &[u8]) -> Result<NoticeFacts, Refusal> {
    let fields = Fields::read(body).ok_or(Refusal::Unreadable)?;
    let word = |name| fields.word(name).ok_or(Refusal::Unreadable);
    let [id, amount, currency] = [word("PurchaseId")?, word("Amount")?, word("Currency")?];
    let signed_at = sign::judge(keys, &notice.headers, &id, &amount, &currency)?;
    Ok(NoticeFacts {
        provider_id: Some(ProviderId::new(&id)),
        reference: None,
        status: Status::Waiting,
        payment_id: PaymentId::default(),
        amount: minor(Some(&amount), Some(&currency)),
        signed_at: Some(signed_at),
        also: Vec::new(),
    })
}
