//! The sandbox's answers and notices in our words.

use super::{Keys, sign};
use crate::clock::Instant;
use crate::http::{Answer, Notice};
use crate::money::Money;
use crate::names::{PaymentId, ProviderId, Reference};
use crate::providers::answering::{self, Arrived, arrived, digits, https_only, refused};
use crate::providers::fields::Fields;
use crate::providers::{Call, Facts, NoticeFacts, PaymentFact, Reading, RefundFacts, Status};
use crate::signature::Refusal;
use crate::voucher::{ChannelSettings, Code, Handle, RefundState};

/// Reads an answer to a call.
pub fn answer(call: &Call, answer: &Answer, body: &[u8], now: Instant) -> Reading {
    match arrived(answer, now) {
        Err(reading) => reading,
        Ok(Arrived::Declined(status)) => declined(call, status, body),
        Ok(Arrived::Answered) => answered(call, body, now).unwrap_or(Reading::Unanswered),
    }
}

fn declined(call: &Call, status: u16, body: &[u8]) -> Reading {
    let whole = Fields::read(body);
    let Some(error) = whole.as_ref().and_then(|answer| answer.object("error")) else { return Reading::Unanswered };
    let code = error.word("code").unwrap_or_default();
    let asks = matches!(call, Call::Query { .. } | Call::LookUp { .. });
    if asks && status == 404 && code == "not_found" {
        return Reading::Absent;
    }
    refused(status, &code, &error.word("field").unwrap_or_default())
}

fn answered(call: &Call, body: &[u8], now: Instant) -> Option<Reading> {
    let fields = Fields::read(body)?;
    match call {
        Call::Create { .. } | Call::Query { .. } | Call::Cancel { .. } => facts(&fields, now),
        Call::LookUp { .. } => {
            // A paid one first: its money is what matters, whatever else was made under this reference.
            let codes = fields.list("codes")?;
            let paid = |code: &&Fields<'_>| code.word("status").as_deref() == Some("paid");
            let Some(code) = codes.iter().find(paid).or(codes.first()) else { return Some(Reading::Absent) };
            facts(code, now)
        }
        Call::Refund { .. } | Call::RefundQuery { .. } => {
            let act_before = fields.word("act_before").and_then(|date| Instant::parse(&date));
            Some(Reading::Refund(RefundFacts { id: Some(ProviderId::new(&fields.word("id")?)), state: refund_state(&fields.word("status")?), act_before }))
        }
    }
}

fn facts(code: &Fields<'_>, now: Instant) -> Option<Reading> {
    let expires_at = Instant::parse(&code.word("expires_at")?)?;
    let payments: Option<Vec<PaymentFact>> = code.list("payments")?.iter().map(payment).collect();
    let provider_id = ProviderId::new(&code.word("id")?);
    let optional = |name| code.word(name).unwrap_or_default();
    Some(Reading::Facts(Facts {
        status: status(&code.word("status")?),
        provider_id: Some(provider_id.clone()),
        reference: Some(Reference::new(&code.word("reference")?)),
        amount: Some(money(code)?),
        code: Some(Code {
            handle: Handle::Digits(digits(&code.word("digits")?)?),
            provider_id,
            url: https_only(&optional("url")),
            barcode: optional("barcode"),
            payment_qr: optional("payment_qr"),
            issued_at: now,
            expires_at,
        }),
        expires_at: Some(expires_at),
        payments: payments?,
    }))
}

fn payment(payment: &Fields<'_>) -> Option<PaymentFact> {
    Some(PaymentFact {
        id: PaymentId::new(&payment.word("id")?),
        amount: money(payment)?,
        paid_at: Instant::parse(&payment.word("paid_at")?),
        reversed: payment.word("reversed").as_deref() == Some("true"),
    })
}

fn money(fields: &Fields<'_>) -> Option<Money> {
    answering::money(fields.word("amount").as_deref(), fields.word("currency").as_deref())
}

fn status(word: &str) -> Status {
    match word {
        "waiting" => Status::Waiting,
        "paid" => Status::Paid,
        "expired" => Status::Expired,
        "cancelled" => Status::Cancelled,
        "reversed" => Status::Reversed,
        "refunded" => Status::Refunded,
        other => Status::Unrecognised(other.into()),
    }
}

fn refund_state(word: &str) -> RefundState {
    match word {
        "needs_bank_details" => RefundState::NeedsBankDetails,
        "ready_for_pick_up" => RefundState::ReadyForPickUp,
        "sent" => RefundState::Sent,
        "done" => RefundState::Done,
        "rejected" => RefundState::Rejected,
        "lapsed" => RefundState::Lapsed,
        _ => RefundState::Unknown,
    }
}

/// Judges and reads a notice.
///
/// # Errors
/// The [`Refusal`].
pub fn notice(_: &ChannelSettings, keys: &Keys, notice: &Notice, body: &[u8]) -> Result<NoticeFacts, Refusal> {
    let signed_at = sign::judge(&keys.secret, &notice.headers, body)?;
    let notice = Fields::read(body).ok_or(Refusal::Unreadable)?;
    let word = |name| notice.word(name).ok_or(Refusal::Unreadable);
    let event = word("event")?;
    Ok(NoticeFacts {
        provider_id: Some(ProviderId::new(&word("id")?)),
        reference: Some(Reference::new(&word("reference")?)),
        status: status(event.strip_prefix("code.").unwrap_or(&event)),
        payment_id: PaymentId::new(&notice.word("payment_id").unwrap_or_default()),
        amount: money(&notice),
        signed_at: Some(Instant(signed_at)),
        also: Vec::new(),
    })
}
