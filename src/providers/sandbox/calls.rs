//! The requests of the sandbox: which address, what body, and the headers that sign it.

use super::{Keys, sign};
use crate::http::Method;
use crate::providers::asking::{base_url, datum, http_request, in_url};
use crate::providers::fields::Field::{Known, Text};
use crate::providers::fields::object;
use crate::providers::{Call, RequestError, Sending, Step};

/// Builds and signs a request.
///
/// # Errors
/// [`RequestError`] where a key or the sandbox's address is missing.
pub fn request(call: &Call, sending: &Sending<'_>, keys: &Keys) -> Result<Step, RequestError> {
    for (name, key) in [("key", &keys.key), ("secret", &keys.secret)] {
        if key.is_empty() {
            return Err(RequestError::Credential(name));
        }
    }
    let base = base_url(sending.channel, super::ABILITIES.hosts)?;
    let (method, path, body) = parts(call, sending);
    let time = sending.now.0.to_string();
    let signature = sign::of_request(&keys.secret, &time, method, &path, &body);
    let headers = [("Content-Type", "application/json"), (sign::KEY, keys.key.expose()), (sign::TIME, time.as_str()), (sign::SIGNATURE, signature.as_str())];
    Ok(Step::Send(http_request(method, base + &path, &headers, body)))
}

fn parts(call: &Call, sending: &Sending<'_>) -> (Method, String, String) {
    let get = |path| (Method::Get, path, String::new());
    match call {
        Call::Create { reference, idempotency, amount, expires_at, concept } => {
            let new = object(&[
                ("reference", Text(reference.as_str())),
                ("idempotency_key", Text(idempotency.as_str())),
                ("amount", Text(&amount.plain())),
                ("currency", Text(amount.currency.code())),
                ("expires_at", Text(&expires_at.utc_text())),
                ("concept", Text(concept)),
                ("email", Known(datum(sending.person, "email"))),
            ]);
            (Method::Post, "/codes".into(), new)
        }
        Call::LookUp { reference } => get(format!("/codes?reference={}", in_url(reference.as_str()))),
        Call::Query { id, .. } => get(format!("/codes/{}", in_url(id.as_str()))),
        Call::Cancel { id, .. } => (Method::Post, format!("/codes/{}/cancel", in_url(id.as_str())), String::new()),
        Call::Refund { id, key, amount, .. } => {
            let (amount, currency) = (amount.plain(), amount.currency.code());
            let new = [("code_id", Text(id.as_str())), ("key", Text(key.as_str())), ("amount", Text(&amount)), ("currency", Text(currency))];
            (Method::Post, "/refunds".into(), object(&new))
        }
        Call::RefundQuery { id, .. } => get(format!("/refunds/{}", in_url(id.as_str()))),
    }
}
