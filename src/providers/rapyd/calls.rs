//! Rapyd's requests: which address, what body, and the headers that sign it.

use super::{Keys, sign};
use crate::clock::SECOND;
use crate::http::Method;
use crate::providers::asking::{base_url, datum, http_request, in_url, keys_given};
use crate::providers::fields::Field::{Bare, Known, Text};
use crate::providers::fields::object;
use crate::providers::{Call, RequestError, Sending, Step};
use crate::signature::{hex, sha256};

/// Builds and signs a request.
///
/// # Errors
/// [`RequestError`] where a key is missing, and for the look-up, which no source documents.
pub fn request(call: &Call, sending: &Sending<'_>, keys: &Keys) -> Result<Step, RequestError> {
    let given = [("access_key", keys.access_key.expose()), ("secret_key", keys.secret_key.expose()), ("payment_method_type", &keys.payment_method_type)];
    keys_given(&given)?;
    let payment = |id: &str| ["/v1/payments/", &in_url(id)].concat();
    let (verb, method, path, body, idempotency) = match call {
        Call::Create { reference, idempotency, amount, expires_at, concept } => {
            let body = object(&[
                ("amount", Bare(&amount.plain())),
                ("currency", Text(amount.currency.code())),
                ("payment_method", Bare(&object(&[("type", Text(&keys.payment_method_type))]))),
                ("expiration", Bare(&(expires_at.0 / SECOND).to_string())),
                ("merchant_reference_id", Text(reference.as_str())),
                ("description", Text(concept)),
                ("receipt_email", Known(datum(sending.person, "email"))),
            ]);
            ("post", Method::Post, "/v1/payments".into(), body, Some(idempotency))
        }
        Call::LookUp { .. } => return Err(RequestError::NoSuchCall),
        Call::Query { id, .. } => ("get", Method::Get, payment(id.as_str()), String::new(), None),
        Call::Cancel { id, .. } => ("delete", Method::Delete, payment(id.as_str()), String::new(), None),
        Call::Refund { id, key, idempotency, amount } => {
            let body = object(&[
                ("payment", Text(id.as_str())),
                ("amount", Bare(&amount.plain())),
                ("currency", Text(amount.currency.code())),
                ("merchant_reference_id", Text(key.as_str())),
            ]);
            ("post", Method::Post, "/v1/refunds".into(), body, Some(idempotency))
        }
        Call::RefundQuery { id, .. } => ("get", Method::Get, ["/v1/refunds/", &in_url(id.as_str())].concat(), String::new(), None),
    };
    let url = base_url(sending.channel, super::ABILITIES.hosts)? + &path;
    let mut salt = hex::encode(&sha256(&[sending.entropy]));
    salt.truncate(16);
    let time = (sending.now.0 / SECOND).to_string();
    let signature = sign::signature(keys, &[verb, &path], &salt, &time, body.as_bytes());
    let mut headers =
        vec![("Content-Type", "application/json"), ("access_key", keys.access_key.expose()), ("salt", &salt), ("timestamp", &time), ("signature", &signature)];
    headers.extend(idempotency.map(|key| ("idempotency", key.as_str())));
    Ok(Step::Send(http_request(method, url, &headers, body)))
}
