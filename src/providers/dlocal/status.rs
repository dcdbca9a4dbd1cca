//! dLocal's answers and notices in our words.

use super::wire::{Payment, Ticket};
use super::{Keys, sign};
use crate::clock::{DAY, Instant};
use crate::http::{Answer, Notice};
use crate::names::{PaymentId, ProviderId, Reference};
use crate::providers::answering::{Arrived, arrived, digits, https_only, money, refused};
use crate::providers::fields::Fields;
use crate::providers::{Call, Facts, NoticeFacts, PaymentFact, Reading, RefundFacts, Status};
use crate::signature::Refusal;
use crate::voucher::{ChannelSettings, Code, Handle, RefundState};

/// "Payment not found".
const NO_SUCH_PAYMENT: &str = "4000";
/// "Order id is duplicated": a create before this one took; the look-up tells how it stands.
const ORDER_TAKEN: &str = "5009";
/// "Duplicate refund id": likewise, but refunds have no look-up.
const REFUND_TAKEN: &str = "5011";
/// The form for bank details that dLocal mails lives this long (support.dlocal.com, refunds).
const FORM_LIVES: i64 = 7 * DAY;

/// Reads an answer to a call.
pub fn answer(call: &Call, answer: &Answer, body: &[u8], now: Instant) -> Reading {
    let arrived = match arrived(answer, now) {
        Ok(arrived) => arrived,
        Err(reading) => return reading,
    };
    let Some(fields) = Fields::read(body) else { return Reading::Unanswered };
    match (arrived, call) {
        (Arrived::Declined(status), _) => declined(call, status, &fields),
        (Arrived::Answered, Call::Refund { .. } | Call::RefundQuery { .. }) => refunded(&fields),
        (Arrived::Answered, _) => Payment::of(&fields).and_then(|payment| paying(call, &payment, now)),
    }
    .unwrap_or(Reading::Unanswered)
}

/// A bad signature comes as 400 with 5000 "Signature not match", a bad login or an address that is not registered as 403 with 300x (agent-dlocal).
fn declined(call: &Call, status: u16, error: &Fields<'_>) -> Option<Reading> {
    let code = error.word("code")?;
    let asks = matches!(call, Call::Query { .. } | Call::LookUp { .. });
    Some(match (code.as_str(), call) {
        (NO_SUCH_PAYMENT, _) if asks && status == 404 => Reading::Absent,
        (ORDER_TAKEN, Call::Create { .. }) | (REFUND_TAKEN, Call::Refund { .. }) => Reading::Unanswered,
        ("3001" | "3002" | "3003", _) => Reading::Unauthorized,
        _ if error.word("message").as_deref() == Some("Signature not match") => Reading::Unauthorized,
        _ => refused(status, &code, &error.word("param").unwrap_or_default()),
    })
}

fn paying(call: &Call, payment: &Payment, now: Instant) -> Option<Reading> {
    let id = payment.id.as_deref().or(payment.payment_id.as_deref())?;
    let amount = money(payment.amount.as_deref(), payment.currency.as_deref())?;
    let status = status(payment, now);
    let code = code(payment, id, now);
    if let (Call::Create { .. }, None) = (call, &code) {
        // A payment that was rejected at once is a clear no; a waiting one without its ticket is looked up.
        return (status == Status::Failed).then(|| refused(200, &payment.status, ""));
    }
    let paid_at = payment.approved_date.as_deref().and_then(Instant::parse);
    let paid = (status == Status::Paid).then(|| PaymentFact { id: PaymentId::default(), amount, paid_at, reversed: false });
    Some(Reading::Facts(Facts {
        status,
        provider_id: Some(ProviderId::new(id)),
        reference: payment.order_id.as_deref().map(Reference::new),
        amount: Some(amount),
        code,
        expires_at: expiry(payment.ticket.as_ref()),
        payments: paid.into_iter().collect(),
    }))
}

/// The ticket, if the answer carries one: the CIP, or a page to go to.
fn code(payment: &Payment, id: &str, now: Instant) -> Option<Code> {
    let ticket = payment.ticket.as_ref()?;
    let expires_at = expiry(Some(ticket))?;
    let page = payment.redirect_url.as_deref().or(ticket.image_url.as_deref()).unwrap_or("");
    let url = https_only(page);
    let handle = match ticket.number.as_deref().and_then(digits) {
        Some(number) => Handle::Digits(number),
        None if !url.is_empty() => Handle::Link,
        None => return None,
    };
    let barcode = ticket.barcode.clone().unwrap_or_default();
    Some(Code { handle, provider_id: ProviderId::new(id), url, barcode, payment_qr: String::new(), issued_at: now, expires_at })
}

fn expiry(ticket: Option<&Ticket>) -> Option<Instant> {
    Instant::parse(ticket?.expiration_date.as_deref()?)
}

/// `status` decides, never `status_code`. An expired ticket comes as EXPIRED (older pages), or as REJECTED or CANCELLED after its date
/// (sandbox-testing, v2.1).
fn status(payment: &Payment, now: Instant) -> Status {
    let over = expiry(payment.ticket.as_ref()).is_some_and(|at| now > at);
    match payment.status.as_str() {
        "PENDING" => Status::Waiting,
        "PAID" => Status::Paid,
        "EXPIRED" => Status::Expired,
        "REJECTED" | "CANCELLED" if over => Status::Expired,
        "REJECTED" => Status::Failed,
        "CANCELLED" => Status::Cancelled,
        other => Status::Unrecognised(other.into()),
    }
}

/// PENDING of a refund whose bank details we don't give waits for the shopper's form; CANCELLED says that it was not filled in (support.dlocal.com).
fn refunded(refund: &Fields<'_>) -> Option<Reading> {
    let made_at = refund.word("created_date").and_then(|date| Instant::parse(&date));
    let (state, act_before) = match refund.word("status")?.as_str() {
        "PENDING" => (RefundState::NeedsBankDetails, made_at.map(|at| at.plus(FORM_LIVES))),
        "SUCCESS" => (RefundState::Done, None),
        "REJECTED" => (RefundState::Rejected, None),
        "CANCELLED" => (RefundState::Lapsed, None),
        _ => (RefundState::Unknown, None),
    };
    Some(Reading::Refund(RefundFacts { id: Some(ProviderId::new(&refund.word("id")?)), state, act_before }))
}

/// Judges and reads a notice: "the body is always the payment object". A refund's notice speaks of the payment it belongs to.
///
/// # Errors
/// The [`Refusal`].
pub fn notice(_: &ChannelSettings, keys: &Keys, notice: &Notice, body: &[u8]) -> Result<NoticeFacts, Refusal> {
    let signed_at = sign::judge(keys, &notice.headers, body)?;
    let payment = Fields::read(body).and_then(|fields| Payment::of(&fields)).ok_or(Refusal::Unreadable)?;
    let id = payment.payment_id.as_deref().or(payment.id.as_deref()).ok_or(Refusal::Unreadable)?;
    let of_refund = payment.payment_id.is_some() && payment.id.is_some();
    let status = match payment.status.as_str() {
        "SUCCESS" if of_refund => Status::Refunded,
        word if of_refund => Status::Unrecognised(["refund ", word].concat()),
        _ => status(&payment, signed_at),
    };
    Ok(NoticeFacts {
        provider_id: Some(ProviderId::new(id)),
        reference: payment.order_id.as_deref().map(Reference::new),
        status,
        payment_id: PaymentId::default(),
        amount: money(payment.amount.as_deref(), payment.currency.as_deref()),
        signed_at: Some(signed_at),
        also: Vec::new(),
    })
}
