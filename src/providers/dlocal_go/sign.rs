//! dLocal Go's notice signature: dLocal's scheme without a date.

use super::Keys;
use crate::http::{Headers, header};
use crate::signature::{Refusal, hex, judge as fits};

/// Judges a notice: hex HMAC of the API key and the raw body, joined by nothing.
///
/// # Errors
/// The [`Refusal`].
pub fn judge(keys: &Keys, headers: &Headers, body: &[u8]) -> Result<(), Refusal> {
    let named = header(headers, "Authorization").next().ok_or(Refusal::MissingSignature)?;
    let claimed = named.strip_prefix("V2-HMAC-SHA256, Signature: ").and_then(|text| hex::decode(text.trim()));
    fits(keys.secret_key.expose().as_bytes(), &[keys.api_key.expose().as_bytes(), body], claimed)
}
