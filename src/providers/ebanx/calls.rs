//! EBANX's requests: which address, what body, and what the host signs.

use super::Keys;
use super::wire::NewPayment;
use crate::http::{Method, Sign};
use crate::providers::asking::{base_url, cut, datum, full_name, http_request, keys_given};
use crate::providers::fields::Field::{Bare, Text};
use crate::providers::fields::{Field, object};
use crate::providers::{Call, RequestError, Sending, Step};
use crate::signature::base64::{Alphabet, encode};
use crate::voucher::Person;

/// Whether a document, if given, has one of the lengths that EBANX takes in Peru: 8, 9 or 11 (peru-country-overview).
///
/// # Errors
/// [`RequestError::Unfit`].
pub fn check(person: &Person) -> Result<(), RequestError> {
    let document = datum(person, "document");
    if document.is_empty() || matches!(document.chars().count(), 8 | 9 | 11) { Ok(()) } else { Err(RequestError::Unfit("document")) }
}

/// Builds a request, for the host to sign.
///
/// # Errors
/// [`RequestError`] where the key's id is missing.
pub fn request(call: &Call, sending: &Sending<'_>, keys: &Keys) -> Result<Step, RequestError> {
    keys_given(&[("key_id", &keys.key_id)])?;
    let by = |name: &'static str, value: &str| object(&[(name, Text(value))]);
    let (path, body) = match call {
        Call::Create { .. } => ("direct", object(&[("operation", Text("request")), ("mode", Text("full")), ("payment", Bare(&payment(call, sending)))])),
        Call::LookUp { reference } => ("query", by("merchant_payment_code", reference.as_str())),
        Call::Query { id, .. } => ("query", by("hash", id.as_str())),
        Call::Cancel { id, .. } => ("cancel", by("hash", id.as_str())),
        Call::Refund { id, key: ours, idempotency, amount } => {
            let plain = amount.plain();
            let code = refund_code(idempotency.as_str());
            let fields: [(&str, Field<'_>); 5] = [
                ("operation", Text("request")),
                ("hash", Text(id.as_str())),
                ("amount", Bare(&plain)),
                ("description", Text(ours.as_str())),
                ("merchant_refund_code", Text(&code)),
            ];
            ("refund", object(&fields))
        }
        // Our id of a refund is "hash/refund", since it is asked about through its payment.
        Call::RefundQuery { id, .. } => ("query", by("hash", id.as_str().split('/').next().unwrap_or_default())),
    };
    let url = [&base_url(sending.channel, super::ABILITIES.hosts)?, "/ws/", path].concat();
    let mut request = http_request(Method::Post, url, &[("Content-Type", "application/json")], body);
    request.sign = Some(jws(&keys.key_id));
    Ok(Step::Send(request))
}

fn payment(call: &Call, sending: &Sending<'_>) -> String {
    let Call::Create { reference, amount, expires_at, concept, .. } = call else { return String::new() };
    let person = sending.person;
    let lima = expires_at.lima_text();
    let mut day: Vec<&str> = lima.split('T').next().unwrap_or_default().split('-').collect();
    day.reverse();
    let new = NewPayment {
        name: &full_name(person),
        email: datum(person, "email"),
        phone: datum(person, "phone"),
        merchant_payment_code: reference.as_str(),
        order_number: &cut(concept, 40),
        currency: amount.currency.code(),
        amount: &amount.plain(),
        due_date: &day.join("/"),
        document: datum(person, "document"),
        notification_url: &sending.channel.notice_url,
        ip: datum(person, "ip"),
    };
    new.json()
}

/// A refund's own code, of which EBANX takes 20 characters.
pub(super) fn refund_code(idempotency: &str) -> String {
    cut(idempotency, 20)
}

/// The detached JWS (jws-integration): a header that says that the body is signed as it is.
fn jws(key_id: &str) -> Sign {
    let header = object(&[("alg", Text("RS256")), ("kid", Text(key_id)), ("b64", Bare("false")), ("crit", Bare("[\"b64\"]"))]);
    let header = encode(Alphabet::Url, header.as_bytes());
    Sign { key: "signing_key", header: "X-JWS-Signature", message_prefix: [&header, "."].concat(), value_prefix: [&header, ".."].concat() }
}
