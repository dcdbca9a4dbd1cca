//! The sandbox's signatures: of requests and of notices, made and checked.

use crate::http::{Headers, Method, header};
use crate::secret::Secret;
use crate::signature::{Refusal, hex, hmac_fits, hmac_sha256};

/// The header that names the merchant.
pub const KEY: &str = "X-Sandbox-Key";
/// The header with the signed time, in milliseconds.
pub const TIME: &str = "X-Sandbox-Time";
/// The header with the signature.
pub const SIGNATURE: &str = "X-Sandbox-Signature";

/// The signature of a request; `path` is what follows the base address, query included.
pub fn of_request(secret: &Secret, time: &str, method: Method, path: &str, body: &str) -> String {
    let method = word(method);
    let parts: [&[u8]; 7] = [time.as_bytes(), b".", method.as_bytes(), b".", path.as_bytes(), b".", body.as_bytes()];
    hex::encode(&hmac_sha256(secret.expose().as_bytes(), &parts))
}

/// The signature of a notice.
pub fn of_notice(secret: &Secret, time: &str, body: &[u8]) -> String {
    hex::encode(&hmac_sha256(secret.expose().as_bytes(), &[time.as_bytes(), b".", body]))
}

/// The signed time of a genuine notice, in milliseconds.
///
/// # Errors
/// The [`Refusal`] of any other.
pub fn judge(secret: &Secret, headers: &Headers, body: &[u8]) -> Result<i64, Refusal> {
    if secret.is_empty() {
        return Err(Refusal::NoKey);
    }
    let signature = header(headers, SIGNATURE).next().ok_or(Refusal::MissingSignature)?;
    let signature = hex::decode(signature).filter(|bytes| bytes.len() == 32).ok_or(Refusal::MalformedSignature)?;
    let time = header(headers, TIME).next().ok_or(Refusal::MissingTime)?;
    if !hmac_fits(secret.expose().as_bytes(), &[time.as_bytes(), b".", body], &signature) {
        return Err(Refusal::BadSignature);
    }
    time.parse().map_err(|_| Refusal::MissingTime)
}

fn word(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Patch => "PATCH",
        Method::Delete => "DELETE",
    }
}
