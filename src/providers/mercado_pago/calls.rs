//! Mercado Pago's requests: which address, what body, and the key that makes a repeat harmless.

use super::Keys;
use super::wire::NewPayment;
use crate::http::Method;
use crate::providers::asking::{base_url, cut, datum, http_request, in_url, keys_given};
use crate::providers::fields::Field::{Bare, Text};
use crate::providers::fields::object;
use crate::providers::{Call, RequestError, Sending, Step};

/// Builds a request.
///
/// # Errors
/// [`RequestError`] where a key is missing, or for the look-up, which no source documents.
pub fn request(call: &Call, sending: &Sending<'_>, keys: &Keys) -> Result<Step, RequestError> {
    keys_given(&[("access_token", keys.access_token.expose())])?;
    let (method, path, body, idempotency) = parts(call, sending)?;
    let url = base_url(sending.channel, super::ABILITIES.hosts)? + "/v1/payments" + &path;
    let authorization = ["Bearer ", keys.access_token.expose()].concat();
    let mut headers = vec![("Authorization", authorization.as_str()), ("Content-Type", "application/json")];
    let idempotency = idempotency.map(in_uuid_form);
    headers.extend(idempotency.iter().map(|key| ("X-Idempotency-Key", key.as_str())));
    Ok(Step::Send(http_request(method, url, &headers, body)))
}

type Parts<'a> = (Method, String, String, Option<&'a str>);

fn parts<'a>(call: &'a Call, sending: &Sending<'_>) -> Result<Parts<'a>, RequestError> {
    Ok(match call {
        Call::Create { reference, idempotency, amount, expires_at, concept } => {
            let notice_url = sending.channel.notice_url.as_str();
            let new = NewPayment {
                amount: &amount.plain(),
                description: &cut(concept, 100),
                email: datum(sending.person, "email"),
                first_name: datum(sending.person, "first_name"),
                last_name: datum(sending.person, "last_name"),
                document_type: datum(sending.person, "document_type"),
                document: datum(sending.person, "document"),
                external_reference: reference.as_str(),
                // Only webhooks, which are signed; without this it would send its older notices as well.
                notification_url: &match notice_url {
                    "" => String::new(),
                    // A WordPress without pretty links has a query in the address already.
                    url => [url, if url.contains('?') { "&" } else { "?" }, "source_news=webhooks"].concat(),
                },
                expires: &expires_at.lima_text().replace("-05:00", ".000-05:00"),
            };
            (Method::Post, String::new(), new.json(), Some(idempotency.as_str()))
        }
        Call::LookUp { .. } => return Err(RequestError::NoSuchCall),
        Call::Query { id, .. } => (Method::Get, ["/", &in_url(id.as_str())].concat(), String::new(), None),
        Call::Cancel { id, .. } => (Method::Put, ["/", &in_url(id.as_str())].concat(), object(&[("status", Text("cancelled"))]), None),
        Call::Refund { id, idempotency, amount, .. } => {
            let path = ["/", &in_url(id.as_str()), "/refunds"].concat();
            (Method::Post, path, object(&[("amount", Bare(&amount.plain()))]), Some(idempotency.as_str()))
        }
        // Our id of a refund is "payment/refund", since the address wants both.
        Call::RefundQuery { id, .. } => {
            let (payment, refund) = id.as_str().split_once('/').ok_or(RequestError::NoSuchCall)?;
            (Method::Get, ["/", &in_url(payment), "/refunds/", &in_url(refund)].concat(), String::new(), None)
        }
    })
}

/// The key in the form of a UUID of version 4, which the documents demand: 32 hexadecimal digits lose six bits to the form's marks.
fn in_uuid_form(key: &str) -> String {
    if key.len() != 32 || !key.bytes().all(|b| b.is_ascii_hexdigit()) {
        return key.into();
    }
    let mut text = String::new();
    for (place, digit) in key.chars().enumerate() {
        if matches!(place, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(match place {
            12 => '4',
            16 => 'a',
            _ => digit,
        });
    }
    text
}
