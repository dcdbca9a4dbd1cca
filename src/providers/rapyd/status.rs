//! Rapyd's answers and notices in our words.

use super::{Keys, sign};
use crate::clock::Instant;
use crate::http::{self, Answer};
use crate::money::Money;
use crate::names::{PaymentId, ProviderId, Reference};
use crate::providers::answering::{Seen, digits, epoch, in_our_words, money, read, refused};
use crate::providers::fields::Fields;
use crate::providers::{Call, NoticeFacts, Reading, RefundFacts, Status};
use crate::signature::Refusal;
use crate::voucher::{ChannelSettings, RefundState};

/// `CLO` is closed, which is paid; `REV` was taken back by Rapyd.
const WORDS: &[(&str, Status)] = &[
    ("NEW", Status::Waiting),
    ("ACT", Status::Waiting),
    ("CLO", Status::Paid),
    ("CAN", Status::Cancelled),
    ("EXP", Status::Expired),
    ("ERR", Status::Failed),
    ("REV", Status::Reversed),
];

/// Reads an answer to a call: an envelope with a status, and what was asked for within.
pub fn answer(call: &Call, answer: &Answer, body: &[u8], now: Instant) -> Reading {
    let well = |fields: &Fields<'_>| match fields.object("status")?.word("status")?.as_str() {
        "SUCCESS" => match call {
            Call::Refund { .. } | Call::RefundQuery { .. } => refunded(&fields.object("data")?),
            _ => paying(call, &fields.object("data")?, now),
        },
        "ERROR" => Some(declined(200, fields)),
        _ => None,
    };
    read(answer, body, now, &well, &declined)
}

fn declined(status: u16, error: &Fields<'_>) -> Reading {
    refused(status, &error.object("status").and_then(|status| status.word("error_code")).unwrap_or_default(), "")
}

fn paying(call: &Call, payment: &Fields<'_>, now: Instant) -> Option<Reading> {
    // Part of the money is no payment of the order: a person looks.
    let part = payment.word("is_partial").as_deref() == Some("true");
    let status = if part { Status::Unrecognised("is_partial".into()) } else { in_our_words(WORDS, &payment.word("status")?) };
    let date = |name| payment.word(name).and_then(|text| epoch(&text));
    let codes = payment.object("textual_codes");
    let mut digits = codes.iter().flat_map(|codes| codes.words()).filter(|code| digits(code).is_some());
    Seen {
        id: payment.word("id"),
        reference: payment.word("merchant_reference_id"),
        amount: Some(amount(payment)?),
        digits: digits.next().filter(|_| digits.next().is_none()),
        url: payment.word("redirect_url"),
        expires_at: date("expiration"),
        paid_at: date("paid_at"),
        ..Seen::default()
    }
    .reading(call, status, now)
}

fn amount(payment: &Fields<'_>) -> Option<Money> {
    let either = |one: &str, other: &str| payment.word(one).or_else(|| payment.word(other));
    money(either("original_amount", "amount").as_deref(), either("currency_code", "currency").as_deref())
}

fn refunded(refund: &Fields<'_>) -> Option<Reading> {
    let state = match refund.word("status")?.as_str() {
        "Pending" => RefundState::Sent,
        "Completed" => RefundState::Done,
        "Rejected" | "Error" => RefundState::Rejected,
        "Canceled" => RefundState::Lapsed,
        _ => RefundState::Unknown,
    };
    Some(Reading::Refund(RefundFacts { id: Some(ProviderId::new(&refund.word("id")?)), state, act_before: None }))
}

/// Judges and reads a notice; a refund's speaks of the payment it belongs to.
///
/// # Errors
/// The [`Refusal`].
pub fn notice(channel: &ChannelSettings, keys: &Keys, notice: &http::Notice, body: &[u8]) -> Result<NoticeFacts, Refusal> {
    let signed_at = sign::judge(keys, &channel.notice_url, &notice.headers, body)?;
    let event = Fields::read(body).ok_or(Refusal::Unreadable)?;
    let data = event.object("data").ok_or(Refusal::Unreadable)?;
    let of_refund = event.word("type").ok_or(Refusal::Unreadable)?.contains("REFUND");
    let id = data.word(if of_refund { "payment" } else { "id" }).ok_or(Refusal::Unreadable)?;
    let word = data.word("status").filter(|_| !of_refund);
    Ok(NoticeFacts {
        provider_id: Some(ProviderId::new(&id)),
        reference: data.word("merchant_reference_id").filter(|_| !of_refund).as_deref().map(Reference::new),
        status: word.map_or(Status::Waiting, |word| in_our_words(WORDS, &word)),
        payment_id: PaymentId::default(),
        amount: amount(&data).filter(|_| !of_refund),
        signed_at: Some(signed_at),
        also: Vec::new(),
    })
}
