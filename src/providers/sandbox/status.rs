//! The sandbox's answers and notices in our words.

use super::wire::{CodeAnswer, CodeList, ErrorAnswer, Notice, PaymentAnswer, RefundAnswer};
use super::{Keys, sign};
use crate::clock::Instant;
use crate::http::{Answer, Headers};
use crate::money::{Currency, Money};
use crate::names::{PaymentId, ProviderId, Reference};
use crate::providers::answering::{Arrived, arrived, digits, https_only, read, refused};
use crate::providers::{Call, Facts, NoticeFacts, PaymentFact, Reading, RefundFacts, Status};
use crate::signature::Refusal;
use crate::voucher::{Code, Handle, RefundState};

/// Reads an answer to a call.
pub fn answer(call: &Call, answer: &Answer, body: &[u8], now: Instant) -> Reading {
    match arrived(answer, now) {
        Err(reading) => reading,
        Ok(Arrived::Declined(status)) => declined(call, status, body),
        Ok(Arrived::Answered) => answered(call, body, now).unwrap_or(Reading::Unanswered),
    }
}

fn declined(call: &Call, status: u16, body: &[u8]) -> Reading {
    match (read::<ErrorAnswer>(body).map(|answer| answer.error), call) {
        (None, _) => Reading::Unanswered,
        (Some(error), Call::Query { .. } | Call::LookUp { .. }) if status == 404 && error.code == "not_found" => Reading::Absent,
        (Some(error), _) => refused(status, &error.code, &error.field),
    }
}

fn answered(call: &Call, body: &[u8], now: Instant) -> Option<Reading> {
    match call {
        Call::Create { .. } | Call::Query { .. } | Call::Cancel { .. } => facts(&read(body)?, now),
        Call::LookUp { .. } => {
            // A paid one first: its money is what matters, whatever else was made under this reference.
            let codes = read::<CodeList>(body)?.codes;
            let Some(code) = codes.iter().find(|code| code.status == "paid").or(codes.first()) else { return Some(Reading::Absent) };
            facts(code, now)
        }
        Call::Refund { .. } | Call::RefundQuery { .. } => {
            let refund: RefundAnswer = read(body)?;
            let act_before = refund.act_before.as_deref().and_then(Instant::parse);
            Some(Reading::Refund(RefundFacts { id: Some(ProviderId::new(&refund.id)), state: refund_state(&refund.status), act_before }))
        }
    }
}

fn facts(code: &CodeAnswer, now: Instant) -> Option<Reading> {
    let expires_at = Instant::parse(&code.expires_at)?;
    let payments: Option<Vec<PaymentFact>> = code.payments.iter().map(payment).collect();
    Some(Reading::Facts(Facts {
        status: status(&code.status),
        provider_id: Some(ProviderId::new(&code.id)),
        reference: Some(Reference::new(&code.reference)),
        amount: Some(money(&code.amount, &code.currency)?),
        code: Some(Code {
            handle: Handle::Digits(digits(&code.digits)?),
            provider_id: ProviderId::new(&code.id),
            url: https_only(&code.url),
            barcode: code.barcode.clone(),
            payment_qr: code.payment_qr.clone(),
            issued_at: now,
            expires_at,
        }),
        expires_at: Some(expires_at),
        payments: payments?,
    }))
}

fn payment(payment: &PaymentAnswer) -> Option<PaymentFact> {
    Some(PaymentFact {
        id: PaymentId::new(&payment.id),
        amount: money(&payment.amount, &payment.currency)?,
        paid_at: Instant::parse(&payment.paid_at),
        reversed: payment.reversed,
    })
}

fn money(amount: &str, currency: &str) -> Option<Money> {
    Money::parse(amount, Currency::parse(currency)?).ok()
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
pub fn notice(keys: &Keys, headers: &Headers, body: &[u8]) -> Result<NoticeFacts, Refusal> {
    let signed_at = sign::judge(&keys.secret, headers, body)?;
    let notice: Notice = read(body).ok_or(Refusal::Unreadable)?;
    let word = notice.event.strip_prefix("code.").unwrap_or(&notice.event);
    Ok(NoticeFacts {
        provider_id: Some(ProviderId::new(&notice.id)),
        reference: Some(Reference::new(&notice.reference)),
        status: status(word),
        payment_id: PaymentId::new(&notice.payment_id),
        amount: money(&notice.amount, &notice.currency),
        signed_at: Some(Instant(signed_at)),
    })
}
