//! What adapters share when they ask: base addresses, requests with their limits, and the shape of a payer's data.

use super::RequestError;
use crate::http::{ANSWER_LIMIT_BYTES, Headers, Method, REQUEST_TIMEOUT_MS, Request};
use crate::names::Mode;
use crate::signature::base64::{self, Alphabet};
use crate::voucher::{ChannelSettings, Person};

/// Where a channel's requests go: the sandbox on this machine where one is set (test mode only), else the provider's own host; without a final slash.
///
/// # Errors
/// [`RequestError::Credential`] where there is no address for this mode.
pub fn base_url(channel: &ChannelSettings, hosts: &[(Mode, &str)]) -> Result<String, RequestError> {
    let sandbox = channel.sandbox_url.trim_end_matches('/');
    if channel.mode == Mode::Test && !sandbox.is_empty() {
        return Ok(sandbox.into());
    }
    let host = hosts.iter().find(|(mode, _)| *mode == channel.mode).ok_or(RequestError::Credential("sandbox_url"))?.1;
    Ok(["https://", host].concat())
}

/// A request within the limits of every adapter.
pub fn http_request(method: Method, url: String, headers: &[(&str, &str)], body: String) -> Request {
    let headers: Headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    Request { method, url, headers, body, timeout_ms: REQUEST_TIMEOUT_MS, answer_limit_bytes: ANSWER_LIMIT_BYTES, sign: None }
}

/// For providers that demand no form of a datum beyond its presence.
///
/// # Errors
/// None.
pub fn anyone(_: &Person) -> Result<(), RequestError> {
    Ok(())
}

/// That every key is there.
///
/// # Errors
/// [`RequestError::Credential`] with the first missing one's name.
pub fn keys_given(keys: &[(&'static str, &str)]) -> Result<(), RequestError> {
    keys.iter().find(|(_, key)| key.is_empty()).map_or(Ok(()), |(name, _)| Err(RequestError::Credential(name)))
}

/// The payer's names in one.
pub fn full_name(person: &Person) -> String {
    [datum(person, "first_name"), datum(person, "last_name")].join(" ").trim().into()
}

/// `Basic` and the base64 of a text (RFC 7617).
pub fn basic(text: &str) -> String {
    ["Basic ", &base64::encode(Alphabet::Standard, text.as_bytes())].concat()
}

/// A text as one part of an address (RFC 3986: all but unreserved characters as `%XX`).
pub fn in_url(text: &str) -> String {
    let mut part = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            part.push(char::from(byte));
        } else {
            part.push('%');
            part.push_str(&crate::signature::hex::encode(&[byte]).to_ascii_uppercase());
        }
    }
    part
}

/// At most `most` characters of a text, never half of one.
pub fn cut(text: &str, most: usize) -> String {
    text.trim().chars().take(most).collect()
}

/// A payer's datum by the name of its field, for the demands of [`super::Abilities`].
pub fn datum<'a>(person: &'a Person, field: &str) -> &'a str {
    let datum = match field {
        "first_name" => person.first_name.expose(),
        "last_name" => person.last_name.expose(),
        "email" => person.email.expose(),
        "phone" => person.phone.expose(),
        "document_type" => person.document_type.as_str(),
        "document" => person.document.expose(),
        "ip" => person.ip.expose(),
        _ => "",
    };
    datum.trim()
}

/// Whether a text has the shape of an e-mail address: one `@`, a dot within its domain, nothing blank, at most 100 characters (PagoEfectivo's limit).
pub fn is_email(text: &str) -> bool {
    let text = text.trim();
    let Some((name, domain)) = text.split_once('@') else { return false };
    let dotted = domain.split('.').count() > 1 && domain.split('.').all(|label| !label.is_empty());
    let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control());
    !name.is_empty() && dotted && plain && !domain.contains('@') && text.chars().count() <= 100
}

/// Whether a number can be of a Peruvian document: a DNI has 8 digits (9 with its check digit), a RUC 11 (docs.dlocal.com/docs/peru, 2026-09-30);
/// other kinds are not judged.
pub fn is_document(kind: &str, number: &str) -> bool {
    let number = number.trim();
    let digits = number.bytes().all(|b| b.is_ascii_digit());
    match kind {
        "DNI" => digits && matches!(number.len(), 8 | 9),
        "RUC" => digits && number.len() == 11,
        _ => !number.is_empty(),
    }
}
