//! dLocal's V2-HMAC-SHA256: the same over requests and notices.

use super::Keys;
use crate::clock::Instant;
use crate::http::{Headers, header};
use crate::signature::{Refusal, hex, hmac_fits, hmac_sha256};

const SCHEME: &str = "V2-HMAC-SHA256, Signature: ";

/// The `Authorization` header: hex HMAC-SHA256 of `X-Login`, `X-Date` and the raw body, joined by nothing (reference/payins-security).
///
/// ```
/// use efectivo::{providers::dlocal::{Keys, sign}, secret::Secret};
/// let keys = Keys { login: Secret::new("1955gdod"), trans_key: Secret::new("-"), secret_key: Secret::new("secretKey123") };
/// let published = "98211fe059efc3606b831a1c30a3c6d7448e598b515a15456ae9ebc157314aa2"; // docs.dlocal.com/docs/initial-settings
/// assert_eq!(sign::authorization(&keys, "2022-11-24T15:42:57.130Z", ""), format!("V2-HMAC-SHA256, Signature: {published}"));
/// ```
pub fn authorization(keys: &Keys, date: &str, body: &str) -> String {
    let mac = hmac_sha256(keys.secret_key.expose().as_bytes(), &[keys.login.expose().as_bytes(), date.as_bytes(), body.as_bytes()]);
    [SCHEME, &hex::encode(&mac)].concat()
}

/// The signed time of a genuine notice. The signature stands in `Authorization`, or bare in `Signature` (newer products, reference/verifications-notifications).
///
/// Since login, date and body are joined by nothing, bytes could be moved from the date to the body and back without changing the signature; a date
/// is therefore read strictly, and a body must begin as JSON does, so that one split of the signed text is good.
///
/// # Errors
/// The [`Refusal`].
pub fn judge(keys: &Keys, headers: &Headers, body: &[u8]) -> Result<Instant, Refusal> {
    if keys.secret_key.is_empty() || keys.login.is_empty() {
        return Err(Refusal::NoKey);
    }
    let signature = signature(headers)?;
    let date = header(headers, "X-Date").next().ok_or(Refusal::MissingTime)?;
    let parts = [keys.login.expose().as_bytes(), date.as_bytes(), body];
    if !hmac_fits(keys.secret_key.expose().as_bytes(), &parts, &signature) {
        return Err(Refusal::BadSignature);
    }
    Instant::parse(date).ok_or(Refusal::MissingTime)
}

fn signature(headers: &Headers) -> Result<Vec<u8>, Refusal> {
    let named = header(headers, "Authorization").find_map(|value| value.strip_prefix(SCHEME));
    let bare = named.or_else(|| header(headers, "Signature").next());
    let present = bare.is_some() || header(headers, "Authorization").next().is_some();
    let missing = if present { Refusal::MalformedSignature } else { Refusal::MissingSignature };
    let text = bare.ok_or(missing)?.trim();
    hex::decode(text).filter(|bytes| bytes.len() == 32).ok_or(Refusal::MalformedSignature)
}
