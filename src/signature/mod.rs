//! Verdicts on notices: what was proven, what is only a hint, and every reason to refuse; below it the HMAC, its encodings and the address list.
//!
//! ```
//! use efectivo::signature::{hmac_fits, hmac_sha256, hex};
//! let parts: [&[u8]; 2] = [b"what do ya want ", b"for nothing?"];
//! let mac = hmac_sha256(b"Jefe", &parts); // RFC 4231, test case 2
//! assert!(hex::encode(&mac).starts_with("5bdcc146bf60754e"));
//! assert!(hmac_fits(b"Jefe", &parts, &mac));
//! ```

pub mod address;
pub mod base64;
pub mod hex;
mod mac;

pub use mac::{HmacKey, hmac_fits, hmac_sha256, md5, same, sha256};

use crate::json::{Read, Write};

/// Judges an HMAC-SHA256 that a notice claims: a key must be set, the claim must be whole, and it must fit.
///
/// # Errors
/// The [`Refusal`].
pub fn judge(key: &[u8], parts: &[&[u8]], claimed: Option<Vec<u8>>) -> Result<(), Refusal> {
    if key.is_empty() {
        return Err(Refusal::NoKey);
    }
    let claimed = claimed.filter(|mac| mac.len() == 32).ok_or(Refusal::MalformedSignature)?;
    if hmac_fits(key, parts, &claimed) { Ok(()) } else { Err(Refusal::BadSignature) }
}

/// The judgement of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(rename_all = "snake_case")]
pub enum Verdict {
    /// The provider's signature holds.
    Verified,
    /// Unsigned by design, unverifiable, or old: it may only bring the next question to the provider forward.
    Hint(Doubt),
    /// Not to be believed.
    Refused(Refusal),
}

/// Why a notice is no more than a hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Write, Read)]
#[json(rename_all = "snake_case")]
pub enum Doubt {
    /// This provider signs nothing.
    UnsignedByDesign,
    /// The signature holds, but its time is more than the tolerance away.
    Stale,
    /// The signature could not be checked here.
    Unverifiable,
}

/// Why a notice is refused; each has a sentence for the merchant in the words catalogue (`refusal.<name>`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Write, Read)]
#[json(rename_all = "snake_case")]
pub enum Refusal {
    /// No signature header.
    MissingSignature,
    /// The header is not of the provider's form.
    MalformedSignature,
    /// The signature does not fit body and key.
    BadSignature,
    /// The signed time is missing or unreadable.
    MissingTime,
    /// The address is not on the list and the list is enforced.
    WrongAddress,
    /// Larger than a notice can be.
    TooLarge,
    /// Genuine, but its body can't be read.
    Unreadable,
    /// No key is set for this channel.
    NoKey,
}
