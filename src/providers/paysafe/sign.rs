//! Paysafe's notice signature: base64 of an HMAC over the raw body, its key decoded from base64 first.

use super::Keys;
use crate::http::{Headers, header};
use crate::signature::base64::{Alphabet, decode};
use crate::signature::{Refusal, judge as fits};

/// Judges a notice. Older pages leave out that the key is decoded; the newer one and the official plugin do it.
///
/// # Errors
/// The [`Refusal`].
pub fn judge(keys: &Keys, headers: &Headers, body: &[u8]) -> Result<(), Refusal> {
    let key = decode(Alphabet::Standard, keys.hmac_key.expose().trim()).unwrap_or_default();
    let claimed = header(headers, "Signature").next().ok_or(Refusal::MissingSignature)?;
    fits(&key, &[body], decode(Alphabet::Standard, claimed.trim()))
}
