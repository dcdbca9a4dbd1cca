//! Kushki's notice signature: an HMAC over the raw body, a full stop and the time in milliseconds.

use super::Keys;
use crate::clock::Instant;
use crate::http::{Headers, header};
use crate::signature::{Refusal, hex, judge as fits};

/// The signed time of a genuine notice. The simple signature, which leaves the body open, is not looked at.
///
/// # Errors
/// The [`Refusal`].
pub fn judge(keys: &Keys, headers: &Headers, body: &[u8]) -> Result<Instant, Refusal> {
    let claimed = header(headers, "X-Kushki-Signature").next().ok_or(Refusal::MissingSignature)?;
    let time = header(headers, "X-Kushki-Id").next().map(str::trim).filter(|time| time.bytes().all(|b| b.is_ascii_digit())).ok_or(Refusal::MissingTime)?;
    fits(keys.webhook_signature.expose().as_bytes(), &[body, b".", time.as_bytes()], hex::decode(claimed.trim()))?;
    time.parse().map(Instant).map_err(|_| Refusal::MissingTime)
}
