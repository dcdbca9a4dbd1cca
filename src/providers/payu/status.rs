//! PayU's answers and confirmations in our words.

use super::{Keys, sign};
use crate::clock::Instant;
use crate::http::{self, Answer};
use crate::names::{PaymentId, Reference};
use crate::providers::answering::{Seen, epoch, in_our_words, money, read, refused};
use crate::providers::fields::Fields;
use crate::providers::{Call, NoticeFacts, Reading, Status, form};
use crate::signature::Refusal;
use crate::voucher::ChannelSettings;

/// An order's words; `CAPTURED` is paid.
const ORDERS: &[(&str, Status)] = &[
    ("NEW", Status::Waiting),
    ("IN_PROGRESS", Status::Waiting),
    ("AUTHORIZED", Status::Waiting),
    ("CAPTURED", Status::Paid),
    ("CANCELLED", Status::Cancelled),
    ("DECLINED", Status::Failed),
    ("REFUNDED", Status::Refunded),
    ("CHARGEBACK", Status::Reversed),
];

/// A transaction's words.
const TRANSACTIONS: &[(&str, Status)] = &[
    ("PENDING", Status::Waiting),
    ("SUBMITTED", Status::Waiting),
    ("APPROVED", Status::Paid),
    ("DECLINED", Status::Failed),
    ("ERROR", Status::Failed),
    ("EXPIRED", Status::Expired),
];

/// A confirmation's `state_pol`.
const CONFIRMATIONS: &[(&str, Status)] =
    &[("4", Status::Paid), ("5", Status::Expired), ("6", Status::Failed), ("7", Status::Waiting), ("14", Status::Waiting), ("15", Status::Waiting)];

/// Reads an answer to a call; PayU says no with 200 and `"code":"ERROR"`.
pub fn answer(call: &Call, answer: &Answer, body: &[u8], now: Instant) -> Reading {
    let well = |fields: &Fields<'_>| match (fields.word("code")?.as_str(), call) {
        ("SUCCESS", Call::Create { .. }) => made(call, &fields.object("transactionResponse")?, now),
        ("SUCCESS", _) => reported(call, &fields.object("result")?, now),
        ("ERROR", Call::Create { .. }) => Some(refused(200, &fields.word("error")?, "")),
        _ => None,
    };
    read(answer, body, now, &well, &|status, error| refused(status, &error.word("code").unwrap_or_default(), ""))
}

/// A new transaction. `REFERENCE` is PayU's order number, not the CIP; the barcode holds the CIP's digits.
fn made(call: &Call, response: &Fields<'_>, now: Instant) -> Option<Reading> {
    let status = in_our_words(TRANSACTIONS, &response.word("state")?);
    if status == Status::Failed {
        return Some(refused(200, &response.word("responseCode").unwrap_or_default(), ""));
    }
    let extra = response.object("extraParameters")?;
    let digits = response.word("trazabilityCode");
    Seen {
        id: response.word("orderId"),
        barcode: extra.word("BAR_CODE"),
        digits: digits.filter(|digits| extra.word("BAR_CODE").as_ref() == Some(digits)),
        url: extra.word("URL_PAYMENT_RECEIPT_HTML"),
        expires_at: extra.word("EXPIRATION_DATE").and_then(|text| epoch(&text)),
        ..Seen::default()
    }
    .reading(call, status, now)
}

/// A report: one order by its number, a list by our reference. The nesting is unverified; an empty list is the only "no such order" that is believed.
fn reported(call: &Call, result: &Fields<'_>, now: Instant) -> Option<Reading> {
    let listed = result.list("payload");
    if matches!((call, &listed), (Call::LookUp { .. }, Some(list)) if list.is_empty()) {
        return Some(Reading::Absent);
    }
    let order = listed.and_then(|list| list.into_iter().next()).or_else(|| result.object("payload"))?;
    let value = |of: &Fields<'_>| {
        let values = of.object("additionalValues")?;
        let value = values.object("TX_VALUE")?;
        money(value.word("value").as_deref(), value.word("currency").as_deref())
    };
    let transactions = order.list("transactions").unwrap_or_default();
    let last = transactions.last();
    // What the transaction moved, where it says so, not what the order asked for.
    let value = last.and_then(value).or_else(|| value(&order));
    let response = last.and_then(|transaction| transaction.object("transactionResponse"));
    let waiting = |status: &Status| *status == Status::Waiting;
    let status = in_our_words(ORDERS, &order.word("status")?);
    // While the order waits, its last transaction may have ended.
    let ended = response.and_then(|response| response.word("state")).map(|word| in_our_words(TRANSACTIONS, &word));
    let status = ended.filter(|_| waiting(&status)).unwrap_or(status);
    let amount = if status == Status::Paid { Some(value?) } else { value };
    Seen { id: order.word("id"), reference: order.word("referenceCode"), amount, ..Seen::default() }.reading(call, status, now)
}

/// Judges a confirmation, and reads of it only what its signature covers: our reference, the amount and the state.
///
/// # Errors
/// The [`Refusal`].
pub fn notice(_: &ChannelSettings, keys: &Keys, _: &http::Notice, body: &[u8]) -> Result<NoticeFacts, Refusal> {
    let fields = form::read(body).ok_or(Refusal::Unreadable)?;
    let field = |name| form::field(&fields, name).ok_or(Refusal::Unreadable);
    let sent = form::field(&fields, "sign").ok_or(Refusal::MissingSignature)?;
    let [merchant, reference, value, currency, state] =
        [field("merchant_id")?, field("reference_sale")?, field("value")?, field("currency")?, field("state_pol")?];
    sign::judge(keys, sent, reference, value, currency, state)?;
    if merchant != keys.merchant_id {
        return Err(Refusal::BadSignature);
    }
    Ok(NoticeFacts {
        provider_id: None,
        reference: Some(Reference::new(reference)),
        status: in_our_words(CONFIRMATIONS, state),
        payment_id: PaymentId::default(),
        amount: money(Some(value), Some(currency)),
        signed_at: None,
        also: Vec::new(),
    })
}
