//! Mercado Pago's answers and notices in our words.

use super::{Keys, sign};
use crate::clock::Instant;
use crate::http::{self, Answer};
use crate::money::{Currency, Decimal};
use crate::names::{PaymentId, ProviderId};
use crate::providers::answering::{Seen, in_our_words, read, refused};
use crate::providers::fields::Fields;
use crate::providers::{Call, NoticeFacts, Reading, RefundFacts, Status};
use crate::signature::Refusal;
use crate::voucher::{ChannelSettings, RefundState};

/// The official plugin's table of words; `in_mediation` is left to a person.
const WORDS: &[(&str, Status)] = &[
    ("pending", Status::Waiting),
    ("in_process", Status::Waiting),
    ("approved", Status::Paid),
    ("rejected", Status::Failed),
    ("cancelled", Status::Cancelled),
    ("refunded", Status::Refunded),
    ("charged_back", Status::Reversed),
];

/// Reads an answer to a call.
pub fn answer(call: &Call, answer: &Answer, body: &[u8], now: Instant) -> Reading {
    let well = |fields: &Fields<'_>| match call {
        Call::Refund { .. } | Call::RefundQuery { .. } => refunded(fields),
        _ => paying(call, fields, now),
    };
    read(answer, body, now, &well, &|status, _| match (status, call) {
        (404, Call::Query { .. }) => Reading::Absent,
        // 409: the key's first request stands otherwise than this one; 423: its first is still under way (sdk-php). What became of it is unknown.
        (409 | 423, Call::Create { .. } | Call::Refund { .. }) => Reading::Unanswered,
        _ => refused(status, "", ""),
    })
}

fn paying(call: &Call, fields: &Fields<'_>, now: Instant) -> Option<Reading> {
    // Peru's site sells in soles; an answer that names another currency is believed.
    let currency = fields.word("currency_id").map_or(Some(Currency::Pen), |code| Currency::parse(&code))?;
    let word = fields.word("status")?;
    let expired = word == "cancelled" && fields.word("status_detail").as_deref() == Some("expired");
    let status = if expired { Status::Expired } else { in_our_words(WORDS, &word) };
    let details = fields.object("transaction_details");
    let detail = |name| details.as_ref().and_then(|details| details.word(name));
    // Once it is paid, what was paid in all counts, not what was asked for.
    let paid = detail("total_paid_amount").filter(|_| status == Status::Paid);
    let asked = Decimal::new(&fields.word("transaction_amount")?).money(currency).ok()?;
    let amount = paid.map_or(Some(asked), |paid| Decimal::new(&paid).money(currency).ok())?;
    let url = detail("external_resource_url");
    let opens_with =
        |code: &String| url.as_deref().is_some_and(|url| url.split(['?', '&']).any(|pair| pair.strip_prefix("payment_method_reference_id=") == Some(code)));
    let digits = detail("verification_code").filter(opens_with);
    let expires_at = fields.word("date_of_expiration").and_then(|date| Instant::parse(&date));
    Seen { id: fields.word("id"), reference: fields.word("external_reference"), amount: Some(amount), digits, url, expires_at, ..Seen::default() }
        .reading(call, status, now)
}

fn refunded(fields: &Fields<'_>) -> Option<Reading> {
    let id = [fields.word("payment_id")?, fields.word("id")?].join("/");
    let state = match fields.word("status")?.as_str() {
        "approved" => RefundState::Done,
        "in_process" => RefundState::Sent,
        "rejected" => RefundState::Rejected,
        "cancelled" => RefundState::Lapsed,
        _ => RefundState::Unknown,
    };
    Some(Reading::Refund(RefundFacts { id: Some(ProviderId::new(&id)), state, act_before: None }))
}

/// Judges a notice and takes from it what its signature covers: which payment to ask about. What it is worth, the answer says.
///
/// # Errors
/// The [`Refusal`].
pub fn notice(_: &ChannelSettings, keys: &Keys, notice: &http::Notice, _: &[u8]) -> Result<NoticeFacts, Refusal> {
    let (id, signed_at) = sign::judge(keys, notice)?;
    Ok(NoticeFacts {
        provider_id: Some(ProviderId::new(id)),
        reference: None,
        status: Status::Waiting,
        payment_id: PaymentId::default(),
        amount: None,
        signed_at: Some(signed_at),
        also: Vec::new(),
    })
}
