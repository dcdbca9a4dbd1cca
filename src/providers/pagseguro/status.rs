//! PagSeguro's answers and notices in our words.

use super::Keys;
use crate::clock::Instant;
use crate::http::{self, Answer};
use crate::names::{PaymentId, ProviderId};
use crate::providers::answering::{Seen, in_our_words, read, refused};
use crate::providers::fields::Fields;
use crate::providers::{Call, NoticeFacts, Reading, Status, form};
use crate::signature::Refusal;
use crate::voucher::ChannelSettings;

const WORDS: &[(&str, Status)] = &[
    ("PENDING", Status::Waiting),
    ("UNDER-REVIEW", Status::Waiting),
    ("NOT-PAID", Status::Failed),
    ("CANCELLED", Status::Cancelled),
    ("EXPIRED", Status::Expired),
    ("REFUNDED", Status::Refunded),
    ("CHARGEBACK", Status::Reversed),
];

/// Reads an answer to a call. `COMPLETE` comes without an amount that a source names, so it is left to a person.
pub fn answer(call: &Call, answer: &Answer, body: &[u8], now: Instant) -> Reading {
    let well = |fields: &Fields<'_>| {
        let result = fields.object("transaction-result")?;
        let list = result.list("transactions")?;
        let one = list.first()?;
        let seen = Seen { id: one.word("transaction-code"), reference: one.word("order-id"), ..Seen::default() };
        seen.reading(call, in_our_words(WORDS, &one.word("status")?), now)
    };
    read(answer, body, now, &well, &|status, _| refused(status, "", ""))
}

/// Reads which transaction a notice names; nothing signs it.
///
/// # Errors
/// [`Refusal::Unreadable`] for anything else.
pub fn notice(_: &ChannelSettings, _: &Keys, notice: &http::Notice, body: &[u8]) -> Result<NoticeFacts, Refusal> {
    let named = |text: &[u8]| form::read(text).and_then(|fields| form::field(&fields, "transaction-code").map(ProviderId::new));
    let id = named(body).or_else(|| named(notice.query.as_bytes())).filter(|id| !id.is_empty()).ok_or(Refusal::Unreadable)?;
    Ok(NoticeFacts {
        provider_id: Some(id),
        reference: None,
        status: Status::Waiting,
        payment_id: PaymentId::default(),
        amount: None,
        signed_at: None,
        also: Vec::new(),
    })
}
