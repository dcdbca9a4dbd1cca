//! dLocal's requests: which address, what body, and the headers that sign it.

use super::wire::{NewPayment, Payer, new_refund};
use super::{Keys, sign};
use crate::http::Method;
use crate::providers::asking::{base_url, datum, http_request, in_url, is_document};
use crate::providers::{Call, RequestError, Sending, Step};
use crate::voucher::Person;

/// Whether the payer's document is one that Peru's method takes: a DNI or a RUC (docs.dlocal.com/docs/peru); other kinds are not documented.
///
/// # Errors
/// [`RequestError::Unfit`].
pub fn check(person: &Person) -> Result<(), RequestError> {
    let number = datum(person, "document");
    let fits = match person.document_type.as_str() {
        "" => is_document("DNI", number) || is_document("RUC", number),
        kind @ ("DNI" | "RUC") => is_document(kind, number),
        _ => return Err(RequestError::Unfit("document_type")),
    };
    if fits { Ok(()) } else { Err(RequestError::Unfit("document")) }
}

/// Builds and signs a request.
///
/// # Errors
/// [`RequestError`] where a key is missing.
pub fn request(call: &Call, sending: &Sending<'_>, keys: &Keys) -> Result<Step, RequestError> {
    for (name, key) in [("login", &keys.login), ("trans_key", &keys.trans_key), ("secret_key", &keys.secret_key)] {
        if key.is_empty() {
            return Err(RequestError::Credential(name));
        }
    }
    let (method, path, body) = parts(call, sending);
    let url = base_url(sending.channel, super::ABILITIES.hosts)? + &path;
    let date = sending.now.utc_text();
    let authorization = sign::authorization(keys, &date, &body);
    let mut headers = vec![
        ("X-Date", date.as_str()),
        ("X-Login", keys.login.expose()),
        ("X-Trans-Key", keys.trans_key.expose()),
        ("X-Version", "2.1"),
        ("User-Agent", concat!("Efectivo/", env!("CARGO_PKG_VERSION"))),
        ("Content-Type", "application/json"),
        ("Authorization", authorization.as_str()),
    ];
    if let Call::Create { idempotency, .. } = call {
        headers.push(("X-Idempotency-Key", idempotency.as_str()));
    }
    Ok(Step::Send(http_request(method, url, &headers, body)))
}

fn parts(call: &Call, sending: &Sending<'_>) -> (Method, String, String) {
    let get = |folder: &str, id: &str| (Method::Get, [folder, &in_url(id)].concat(), String::new());
    let notification_url = sending.channel.notice_url.as_str();
    match call {
        Call::Create { reference, amount, .. } => {
            let person = sending.person;
            let name = [datum(person, "first_name"), datum(person, "last_name")].join(" ");
            let payer = Payer { name: name.trim(), email: datum(person, "email"), document: datum(person, "document") };
            let new = NewPayment { amount: &amount.plain(), currency: amount.currency.code(), payer, order_id: reference.as_str(), notification_url };
            (Method::Post, "/payments".into(), new.json())
        }
        Call::LookUp { reference } => get("/orders/", reference.as_str()),
        Call::Query { id, .. } => get("/payments/", id.as_str()),
        // POST is inferred: the page names the address and the answer, not the verb.
        Call::Cancel { id, .. } => (Method::Post, format!("/payments/{}/cancel", in_url(id.as_str())), String::new()),
        Call::Refund { id, key, amount, .. } => {
            let new = new_refund(id.as_str(), &amount.plain(), amount.currency.code(), key.as_str(), notification_url);
            (Method::Post, "/refunds".into(), new)
        }
        Call::RefundQuery { id, .. } => get("/refunds/", id.as_str()),
    }
}
