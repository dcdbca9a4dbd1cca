//! EBANX's answers and notices in our words.

use super::Keys;
use super::calls::refund_code;
use crate::clock::Instant;
use crate::http::{self, Answer};
use crate::names::{PaymentId, ProviderId};
use crate::providers::answering::{Seen, in_our_words, money, read, refused};
use crate::providers::fields::Fields;
use crate::providers::{Call, NoticeFacts, Reading, RefundFacts, Status, form};
use crate::signature::Refusal;
use crate::voucher::{ChannelSettings, RefundState};

const WORDS: &[(&str, Status)] = &[("OP", Status::Waiting), ("PE", Status::Waiting), ("CO", Status::Paid), ("CA", Status::Cancelled)];

/// "Invalid integration key" (benjamin's fixture).
const WRONG_KEY: &str = "BP-SA-2";

/// Reads an answer to a call; EBANX says no with 200 and `"status":"ERROR"` as well as with 4xx.
pub fn answer(call: &Call, answer: &Answer, body: &[u8], now: Instant) -> Reading {
    let well = |fields: &Fields<'_>| match (fields.word("status")?.as_str(), call) {
        ("SUCCESS", Call::Refund { .. } | Call::RefundQuery { .. }) => refunded(call, fields),
        ("SUCCESS", _) => paying(call, &fields.object("payment")?, now),
        ("ERROR", _) => Some(declined(200, fields)),
        _ => None,
    };
    read(answer, body, now, &well, &declined)
}

fn declined(status: u16, error: &Fields<'_>) -> Reading {
    let code = error.word("status_code").unwrap_or_default();
    if code == WRONG_KEY { Reading::Unauthorized } else { refused(status, &code, "") }
}

/// A payment. `amount_ext` is in the currency that the merchant charges, `amount_br` in the local one. What ended after its day has expired.
fn paying(call: &Call, payment: &Fields<'_>, now: Instant) -> Option<Reading> {
    let day = payment.word("due_date").and_then(|day| Instant::parse(&[day.split(' ').next()?, "T23:59:59-05:00"].concat()));
    let status = match in_our_words(WORDS, &payment.word("status")?) {
        Status::Cancelled if day.is_some_and(|at| now > at) => Status::Expired,
        status => status,
    };
    Seen {
        id: payment.word("hash"),
        reference: payment.word("merchant_payment_code"),
        amount: Some(money(payment.word("amount_ext").as_deref(), payment.word("currency_ext").as_deref())?),
        digits: payment.word("cip_code"),
        url: payment.word("cip_url"),
        expires_at: day,
        ..Seen::default()
    }
    .reading(call, status, now)
}

/// A refund, by our code when it was just asked for, else by its own id. While it is pending EBANX waits for the shopper's bank details.
fn refunded(call: &Call, answer: &Fields<'_>) -> Option<Reading> {
    let payment = answer.object("payment");
    let listed = payment.as_ref().and_then(|payment| payment.list("refunds")).unwrap_or_default();
    let mut all = listed.into_iter().chain(answer.object("refund"));
    let (refund, hash) = match call {
        Call::Refund { id, idempotency, .. } => {
            let code = refund_code(idempotency.as_str());
            (all.find(|refund| refund.word("merchant_refund_code").as_deref() == Some(&code))?, id.as_str())
        }
        Call::RefundQuery { id, .. } => {
            let (hash, number) = id.as_str().split_once('/')?;
            (all.find(|refund| refund.word("id").as_deref() == Some(number))?, hash)
        }
        _ => return None,
    };
    let state = match refund.word("status")?.as_str() {
        "RE" => RefundState::Sent,
        "PE" => RefundState::NeedsBankDetails,
        "CO" => RefundState::Done,
        "CA" => RefundState::Lapsed,
        _ => RefundState::Unknown,
    };
    let id = [hash, "/", &refund.word("id")?].concat();
    Some(Reading::Refund(RefundFacts { id: Some(ProviderId::new(&id)), state, act_before: None }))
}

/// Reads which payments a notice names; it may name several, and tells of none how it stands.
///
/// # Errors
/// [`Refusal::Unreadable`] for anything else.
pub fn notice(_: &ChannelSettings, _: &Keys, _: &http::Notice, body: &[u8]) -> Result<NoticeFacts, Refusal> {
    let fields = form::read(body).ok_or(Refusal::Unreadable)?;
    let hashes = form::field(&fields, "hash_codes").filter(|_| form::field(&fields, "operation") == Some("payment_status_change"));
    let mut ids = hashes.into_iter().flat_map(|hashes| hashes.split(',')).map(str::trim).filter(|hash| plain(hash)).map(ProviderId::new);
    let first = ids.next().ok_or(Refusal::Unreadable)?;
    Ok(NoticeFacts {
        provider_id: Some(first),
        reference: None,
        status: Status::Waiting,
        payment_id: PaymentId::default(),
        amount: None,
        signed_at: None,
        also: ids.take(crate::providers::MOST_IN_ONE_NOTICE).collect(),
    })
}

fn plain(hash: &str) -> bool {
    !hash.is_empty() && hash.len() <= 80 && hash.bytes().all(|b| b.is_ascii_alphanumeric())
}
