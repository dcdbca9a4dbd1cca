//! Culqi's requests: which address and what body.

use super::Keys;
use super::wire::NewOrder;
use crate::clock::SECOND;
use crate::http::Method;
use crate::names::Mode;
use crate::providers::asking::{base_url, cut, datum, http_request, in_url, keys_given};
use crate::providers::{Call, RequestError, Sending, Step};

/// Builds a request.
///
/// # Errors
/// [`RequestError`] where a key is missing or of the other mode, and for calls that Culqi has not.
pub fn request(call: &Call, sending: &Sending<'_>, keys: &Keys) -> Result<Step, RequestError> {
    keys_given(&[("secret_key", keys.secret_key.expose())])?;
    let other_mode = if sending.channel.mode == Mode::Test { "sk_live_" } else { "sk_test_" };
    if keys.secret_key.expose().starts_with(other_mode) {
        return Err(RequestError::Credential("secret_key"));
    }
    let (method, path, body) = match call {
        Call::Create { reference, amount, expires_at, concept, .. } => {
            let person = sending.person;
            let new = NewOrder {
                amount_minor: amount.minor,
                currency: amount.currency.code(),
                // 5 to 80 characters: an order's number alone may be too short.
                description: &cut(&[concept.as_str(), reference.as_str()].join(" · "), 80),
                order_number: reference.as_str(),
                first_name: datum(person, "first_name"),
                last_name: datum(person, "last_name"),
                email: datum(person, "email"),
                phone: datum(person, "phone"),
                expires_seconds: expires_at.0 / SECOND,
            };
            (Method::Post, String::new(), new.json())
        }
        Call::Query { id, .. } => (Method::Get, ["/", &in_url(id.as_str())].concat(), String::new()),
        Call::Cancel { id, .. } => (Method::Delete, ["/", &in_url(id.as_str())].concat(), String::new()),
        Call::LookUp { .. } | Call::Refund { .. } | Call::RefundQuery { .. } => return Err(RequestError::NoSuchCall),
    };
    let url = base_url(sending.channel, super::ABILITIES.hosts)? + "/v2/orders" + &path;
    let authorization = ["Bearer ", keys.secret_key.expose()].concat();
    let headers = [("Authorization", authorization.as_str()), ("Content-Type", "application/json"), ("x-api-version", "2")];
    Ok(Step::Send(http_request(method, url, &headers, body)))
}
