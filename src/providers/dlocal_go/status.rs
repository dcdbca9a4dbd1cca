//! dLocal Go's answers and notices in our words.

use super::{Keys, sign};
use crate::clock::Instant;
use crate::http::{self, Answer};
use crate::names::{PaymentId, ProviderId};
use crate::providers::answering::{Seen, in_our_words, money, read, refused};
use crate::providers::fields::Fields;
use crate::providers::{Call, NoticeFacts, Reading, RefundFacts, Status};
use crate::signature::Refusal;
use crate::voucher::{ChannelSettings, RefundState};

const WORDS: &[(&str, Status)] =
    &[("PENDING", Status::Waiting), ("PAID", Status::Paid), ("REJECTED", Status::Failed), ("CANCELLED", Status::Cancelled), ("EXPIRED", Status::Expired)];

/// Reads an answer to a call.
pub fn answer(call: &Call, answer: &Answer, body: &[u8], now: Instant) -> Reading {
    let well = |fields: &Fields<'_>| match call {
        Call::Refund { .. } => refunded(fields),
        _ => paying(call, fields, now),
    };
    read(answer, body, now, &well, &|status, error| refused(status, &error.word("code").unwrap_or_default(), ""))
}

fn paying(call: &Call, payment: &Fields<'_>, now: Instant) -> Option<Reading> {
    let status = in_our_words(WORDS, &payment.word("status")?);
    Seen {
        id: payment.word("id"),
        reference: payment.word("order_id"),
        amount: Some(money(payment.word("amount").as_deref(), payment.word("currency").as_deref())?),
        url: payment.word("redirect_url"),
        paid_at: payment.word("approved_date").and_then(|date| Instant::parse(&date)),
        ..Seen::default()
    }
    .reading(call, status, now)
}

/// A refund that is still under way can't be asked about: a person looks.
fn refunded(refund: &Fields<'_>) -> Option<Reading> {
    let state = match refund.word("status")?.as_str() {
        "SUCCESS" => RefundState::Done,
        "REJECTED" => RefundState::Rejected,
        "CANCELLED" => RefundState::Lapsed,
        _ => RefundState::Unknown,
    };
    Some(Reading::Refund(RefundFacts { id: None, state, act_before: None }))
}

/// Judges a notice and takes from it the payment to ask about, which is all that it names.
///
/// # Errors
/// The [`Refusal`].
pub fn notice(_: &ChannelSettings, keys: &Keys, notice: &http::Notice, body: &[u8]) -> Result<NoticeFacts, Refusal> {
    sign::judge(keys, &notice.headers, body)?;
    let id = Fields::read(body).and_then(|fields| fields.word("payment_id")).ok_or(Refusal::Unreadable)?;
    Ok(NoticeFacts {
        provider_id: Some(ProviderId::new(&id)),
        reference: None,
        status: Status::Waiting,
        payment_id: PaymentId::default(),
        amount: None,
        signed_at: None,
        also: Vec::new(),
    })
}
