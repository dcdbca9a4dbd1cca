//! Bamboo's requests: which address and what body.

use super::Keys;
use super::wire::NewPurchase;
use crate::clock::MINUTE;
use crate::http::Method;
use crate::providers::asking::{base_url, datum, http_request, in_url, is_document, keys_given};
use crate::providers::{Call, RequestError, Sending, Step};
use crate::voucher::Person;

/// Whether the payer's phone is a Peruvian one, the only kind whose form is printed, and a DNI, if given, can be one.
///
/// # Errors
/// [`RequestError::Unfit`].
pub fn check(person: &Person) -> Result<(), RequestError> {
    let number = datum(person, "phone").strip_prefix("+51").unwrap_or_default();
    if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
        return Err(RequestError::Unfit("phone"));
    }
    let (kind, document) = (person.document_type.as_str(), datum(person, "document"));
    if kind == "DNI" && !document.is_empty() && !is_document(kind, document) { Err(RequestError::Unfit("document")) } else { Ok(()) }
}

/// Builds a request.
///
/// # Errors
/// [`RequestError`] where a key is missing, and for calls that Bamboo has not for this method.
pub fn request(call: &Call, sending: &Sending<'_>, keys: &Keys) -> Result<Step, RequestError> {
    keys_given(&[("private_key", keys.private_key.expose())])?;
    let ask = |part: &str, id: &str| (Method::Get, ["/v3/api/Purchase/", part, &in_url(id)].concat(), String::new());
    let (method, path, body) = match call {
        Call::Create { reference, idempotency, amount, expires_at, .. } => {
            let person = sending.person;
            // At least ten minutes; the longest, six months, is beyond any validity here.
            let minutes = (expires_at.since(sending.now) / MINUTE).max(10);
            let dni = person.document_type == "DNI" && !datum(person, "document").is_empty();
            let new = NewPurchase {
                order: reference.as_str(),
                unique_id: idempotency.as_str(),
                amount_minor: amount.minor,
                currency: amount.currency.code(),
                first_name: datum(person, "first_name"),
                last_name: datum(person, "last_name"),
                email: datum(person, "email"),
                phone: &datum(person, "phone").replacen("+51", "+51|", 1),
                dni: if dni { datum(person, "document") } else { "" },
                expires_minutes: minutes,
            };
            (Method::Post, "/v3/api/purchase".into(), new.json())
        }
        Call::LookUp { reference } => ask("order/", reference.as_str()),
        Call::Query { id, .. } => ask("", id.as_str()),
        Call::Cancel { .. } | Call::Refund { .. } | Call::RefundQuery { .. } => return Err(RequestError::NoSuchCall),
    };
    let url = base_url(sending.channel, super::ABILITIES.hosts)? + &path;
    // Not RFC 7617: the key stands as it is.
    let authorization = ["Basic ", keys.private_key.expose()].concat();
    let headers = [("Authorization", authorization.as_str()), ("Content-Type", "application/json"), ("lang", "es")];
    Ok(Step::Send(http_request(method, url, &headers, body)))
}
