//! Kushki's answers and notices in our words.

use super::{Keys, sign};
use crate::clock::Instant;
use crate::http::{self, Answer};
use crate::names::{PaymentId, ProviderId, Reference};
use crate::providers::answering::{Seen, epoch, in_our_words, money, read, refused};
use crate::providers::fields::Fields;
use crate::providers::{Call, NoticeFacts, Reading, Status};
use crate::signature::Refusal;
use crate::voucher::ChannelSettings;

const WORDS: &[(&str, Status)] = &[("approvedTransaction", Status::Paid), ("declinedTransaction", Status::Failed), ("expiredTransaction", Status::Expired)];

/// Reads what the charge brought, or why the token was refused.
pub fn answer(call: &Call, answer: &Answer, body: &[u8], now: Instant) -> Reading {
    let well = |fields: &Fields<'_>| {
        let details = fields.object("details");
        let seen = Seen {
            id: fields.word("ticketNumber"),
            digits: fields.word("pin"),
            url: fields.word("pdfUrl"),
            expires_at: details.and_then(|details| details.word("expiration")).and_then(|date| epoch(&date).or_else(|| Instant::parse(&date))),
            ..Seen::default()
        };
        seen.reading(call, Status::Waiting, now)
    };
    read(answer, body, now, &well, &|status, error| refused(status, &error.word("code").unwrap_or_default(), ""))
}

/// Judges and reads a notice, whose body is signed whole. An empty object is Kushki's test of the address: it says nothing, and counts as old.
///
/// # Errors
/// The [`Refusal`].
pub fn notice(_: &ChannelSettings, keys: &Keys, notice: &http::Notice, body: &[u8]) -> Result<NoticeFacts, Refusal> {
    let mut facts = NoticeFacts {
        provider_id: None,
        reference: None,
        status: Status::Waiting,
        payment_id: PaymentId::default(),
        amount: None,
        signed_at: Some(Instant(0)),
        also: Vec::new(),
    };
    if body == b"{}" {
        return Ok(facts);
    }
    facts.signed_at = Some(sign::judge(keys, &notice.headers, body)?);
    let fields = Fields::read(body).ok_or(Refusal::Unreadable)?;
    facts.provider_id = Some(ProviderId::new(&fields.word("ticketNumber").ok_or(Refusal::Unreadable)?));
    facts.reference = fields.object("metadata").and_then(|metadata| metadata.word("orderId")).as_deref().map(Reference::new);
    facts.status = in_our_words(WORDS, &fields.word("status").ok_or(Refusal::Unreadable)?);
    facts.amount = Some(money(fields.word("totalAmount").as_deref(), fields.word("currency").as_deref()).ok_or(Refusal::Unreadable)?);
    facts.payment_id = PaymentId::new(&fields.word("transactionId").unwrap_or_default());
    Ok(facts)
}
