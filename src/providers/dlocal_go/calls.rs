//! dLocal Go's requests: which address and what body.

use super::Keys;
use crate::http::Method;
use crate::providers::asking::{base_url, cut, datum, full_name, http_request, in_url, keys_given};
use crate::providers::fields::Field::{Bare, Known, Text};
use crate::providers::fields::object;
use crate::providers::{Call, RequestError, Sending, Step};

/// Builds a request.
///
/// # Errors
/// [`RequestError`] where a key is missing, and for calls that no source knows.
pub fn request(call: &Call, sending: &Sending<'_>, keys: &Keys) -> Result<Step, RequestError> {
    keys_given(&[("api_key", keys.api_key.expose()), ("secret_key", keys.secret_key.expose())])?;
    let notice_url = sending.channel.notice_url.as_str();
    let (method, path, body) = match call {
        Call::Create { reference, amount, concept, .. } => {
            let person = sending.person;
            let payer = object(&[
                ("name", Text(&full_name(person))),
                ("email", Text(datum(person, "email"))),
                ("document", Known(datum(person, "document"))),
                ("phone", Known(datum(person, "phone"))),
            ]);
            let body = object(&[
                ("amount", Bare(&amount.plain())),
                ("currency", Text(amount.currency.code())),
                ("country", Text("PE")),
                ("order_id", Text(reference.as_str())),
                ("description", Text(&cut(concept, 100))),
                ("notification_url", Known(notice_url)),
                ("success_url", Text(sending.page)),
                ("back_url", Text(sending.page)),
                ("payer", Bare(&payer)),
            ]);
            (Method::Post, "payments".into(), body)
        }
        Call::Query { id, .. } => (Method::Get, ["payments/", &in_url(id.as_str())].concat(), String::new()),
        Call::Refund { id, amount, .. } => {
            let body = object(&[("payment_id", Text(id.as_str())), ("amount", Bare(&amount.plain())), ("notification_url", Known(notice_url))]);
            (Method::Post, "refunds".into(), body)
        }
        Call::LookUp { .. } | Call::Cancel { .. } | Call::RefundQuery { .. } => return Err(RequestError::NoSuchCall),
    };
    let url = base_url(sending.channel, super::ABILITIES.hosts)? + "/v1/" + &path;
    // The pair stands as it is, with a colon; it is not base64.
    let authorization = ["Bearer ", keys.api_key.expose(), ":", keys.secret_key.expose()].concat();
    Ok(Step::Send(http_request(method, url, &[("Authorization", authorization.as_str()), ("Content-Type", "application/json")], body)))
}
