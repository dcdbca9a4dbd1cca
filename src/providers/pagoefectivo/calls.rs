//! PagoEfectivo's requests: the token first, then CIPs.

use super::wire::{self, NewCip};
use super::{Keys, sign};
use crate::http::{Method, Request};
use crate::names::ProviderId;
use crate::providers::asking::{base_url, cut, datum, http_request, is_document};
use crate::providers::{Call, RequestError, Sending, Step};
use crate::secret::Secret;
use crate::voucher::{Locale, Person};

/// Whether the payer's data fit: the e-mail is all that is demanded; a DNI that is none is refused rather than sent.
///
/// # Errors
/// [`RequestError::Unfit`].
pub fn check(person: &Person) -> Result<(), RequestError> {
    let number = datum(person, "document");
    let fits = number.is_empty() || (is_document(&person.document_type, number) && number.chars().count() <= 14);
    if fits { Ok(()) } else { Err(RequestError::Unfit("document")) }
}

/// Builds a request, or the one for a token where none is at hand.
///
/// # Errors
/// [`RequestError`]; there is no look-up and no refund.
pub fn request(call: &Call, sending: &Sending<'_>, keys: &Keys) -> Result<Step, RequestError> {
    let base = base_url(sending.channel, super::ABILITIES.hosts)?;
    let Some(token) = sending.token else { return authorization(&base, sending, keys).map(Step::Token) };
    let (method, path, body) = match call {
        Call::Create { .. } => (Method::Post, "/v1/cips".into(), new_cip(call, sending)?),
        Call::Query { id, .. } => (Method::Post, "/v1/cips/search".into(), wire::search(&number(id)?)),
        Call::Cancel { id, .. } => (Method::Delete, format!("/v1/cips/{}", number(id)?), String::new()),
        Call::LookUp { .. } | Call::Refund { .. } | Call::RefundQuery { .. } => return Err(RequestError::NoSuchCall),
    };
    Ok(Step::Send(with_token(method, base + &path, sending, token, body)))
}

fn with_token(method: Method, url: String, sending: &Sending<'_>, token: &Secret, body: String) -> Request {
    let language = if sending.locale == Locale::En { "en-US" } else { "es-PE" };
    let bearer = ["Bearer ", token.expose()].concat();
    let headers = [("Content-Type", "application/json"), ("Accept-Language", language), ("Origin", "web"), ("Authorization", bearer.as_str())];
    http_request(method, url, &headers, body)
}

fn authorization(base: &str, sending: &Sending<'_>, keys: &Keys) -> Result<Request, RequestError> {
    let is_number = (1..=9).contains(&keys.service_id.len()) && keys.service_id.bytes().all(|b| b.is_ascii_digit()) && !keys.service_id.starts_with('0');
    for (name, fits) in [("service_id", is_number), ("access_key", !keys.access_key.is_empty()), ("secret_key", !keys.secret_key.is_empty())] {
        if !fits {
            return Err(RequestError::Credential(name));
        }
    }
    let date = sending.now.lima_text();
    let body = wire::authorization(keys.access_key.expose(), &keys.service_id, &date, &sign::hash_string(keys, &date));
    Ok(http_request(Method::Post, format!("{base}/v1/authorizations"), &[("Content-Type", "application/json")], body))
}

fn new_cip(call: &Call, sending: &Sending<'_>) -> Result<String, RequestError> {
    let Call::Create { reference, amount, expires_at, concept, .. } = call else { return Err(RequestError::NoSuchCall) };
    let person = sending.person;
    let (document_type, document) = document(person);
    let (country, phone) = phone(person);
    let new = NewCip {
        currency: amount.currency.code(),
        amount: &amount.plain(),
        transaction_code: reference.as_str(),
        date_expiry: &expires_at.lima_text(),
        payment_concept: &cut(concept, 50),
        user_email: datum(person, "email"),
        user_name: &cut(person.first_name.expose(), 30),
        user_last_name: &cut(person.last_name.expose(), 30),
        user_document_type: document_type,
        user_document_number: document,
        user_phone: phone,
        user_code_country: country,
    };
    Ok(new.json())
}

/// Of the document's types (DNI PAR PAS LMI NAN) a shop knows two; a RUC or CE is optional here, has no value, and is left out.
fn document(person: &Person) -> (&str, &str) {
    match (person.document_type.as_str(), datum(person, "document")) {
        (kind @ ("DNI" | "PAS"), number) if !number.is_empty() => (kind, number),
        _ => ("", ""),
    }
}

/// Country code and number of a Peruvian phone. Others are left out: where a country code ends can't be told without a list.
fn phone(person: &Person) -> (&'static str, &str) {
    let number = datum(person, "phone").strip_prefix("+51").map(str::trim_start).unwrap_or("");
    let fits = (6..=15).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    if fits { ("+51", number) } else { ("", "") }
}

/// A CIP as the bare number that requests want.
fn number(id: &ProviderId) -> Result<String, RequestError> {
    super::status::cip(id.as_str()).ok_or(RequestError::Unfit("cip"))
}
