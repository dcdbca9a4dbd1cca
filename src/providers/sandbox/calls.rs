//! The requests of the sandbox: which address, what body, and the headers that sign it.

use super::{Keys, sign, wire};
use crate::http::Method;
use crate::providers::asking::{base_url, http_request, in_url};
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
            let new = wire::NewCode {
                reference: reference.to_string(),
                idempotency_key: idempotency.to_string(),
                amount: amount.plain(),
                currency: amount.currency.code().into(),
                expires_at: expires_at.utc_text(),
                concept: concept.clone(),
                email: sending.person.email.expose().trim().into(),
            };
            (Method::Post, "/codes".into(), json(&new))
        }
        Call::LookUp { reference } => get(format!("/codes?reference={}", in_url(reference.as_str()))),
        Call::Query { id, .. } => get(format!("/codes/{}", in_url(id.as_str()))),
        Call::Cancel { id, .. } => (Method::Post, format!("/codes/{}/cancel", in_url(id.as_str())), String::new()),
        Call::Refund { id, key, amount, .. } => {
            let new = wire::NewRefund { code_id: id.to_string(), key: key.to_string(), amount: amount.plain(), currency: amount.currency.code().into() };
            (Method::Post, "/refunds".into(), json(&new))
        }
        Call::RefundQuery { id, .. } => get(format!("/refunds/{}", in_url(id.as_str()))),
    }
}

fn json(body: &impl serde::Serialize) -> String {
    serde_json::to_string(body).expect("texts always become JSON")
}
