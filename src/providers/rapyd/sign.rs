//! Rapyd's signatures: base64 of the hexadecimal text of an HMAC, over requests and, without the verb, over notices.

use super::Keys;
use crate::clock::{Instant, SECOND};
use crate::http::{Headers, header};
use crate::signature::base64::{Alphabet, encode};
use crate::signature::{Refusal, hex, hmac_sha256, same};

/// A request's signature; `before` is the verb in small letters and the path with its query.
///
/// ```
/// use efectivo::{providers::rapyd::{Keys, sign}, secret::Secret};
/// let (access_key, secret_key) = (Secret::new("12345678901234567890"), Secret::new(&"1234567890".repeat(8)));
/// let keys = Keys { access_key, secret_key, payment_method_type: String::new() };
/// // The inputs of Rapyd-Samples/accept-payments (go/main_test.go); what that file expects is no output of its own function, this is.
/// let signature = sign::signature(&keys, &["get", "/v1/data/countries"], "f1b761c948f612a8", "123456789", b"");
/// assert_eq!(signature, "NTU3MGE5Zjc4ZGMxYzk5ZDQxYTA2ZGY3YzQxZGNkZjIzNmYxNGJjN2E2OGJkNzQzNGI4NjcyZGI5NjY0ZDc1YQ==");
/// ```
pub fn signature(keys: &Keys, before: &[&str], salt: &str, time: &str, body: &[u8]) -> String {
    let (secret, before) = (keys.secret_key.expose(), before.concat());
    let parts = [before.as_str(), salt, time, keys.access_key.expose(), secret].map(str::as_bytes);
    let [before, salt, time, access, key] = parts;
    encode(Alphabet::Standard, hex::encode(&hmac_sha256(key, &[before, salt, time, access, key, body])).as_bytes())
}

/// The signed time of a genuine notice. Address, salt and time are joined by nothing, so a time must have its ten digits: else some could be taken
/// for the salt's.
///
/// # Errors
/// The [`Refusal`].
pub fn judge(keys: &Keys, address: &str, headers: &Headers, body: &[u8]) -> Result<Instant, Refusal> {
    let value = |name| header(headers, name).next().map(str::trim);
    let claimed = value("signature").ok_or(Refusal::MissingSignature)?;
    let (salt, time) = value("salt").zip(value("timestamp")).ok_or(Refusal::MissingTime)?;
    let whole = time.len() == 10 && time.bytes().all(|b| b.is_ascii_digit());
    let seconds: i64 = time.parse().ok().filter(|_| whole).ok_or(Refusal::MissingTime)?;
    if keys.secret_key.is_empty() {
        return Err(Refusal::NoKey);
    }
    let ours = signature(keys, &[address], salt, time, body);
    match (claimed.len() == ours.len(), same(ours.as_bytes(), claimed.as_bytes())) {
        (_, true) => Ok(Instant(seconds * SECOND)),
        (true, _) => Err(Refusal::BadSignature),
        _ => Err(Refusal::MalformedSignature),
    }
}
