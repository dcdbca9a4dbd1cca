//! Mercado Pago's `X-Signature`: an HMAC over a manifest of the address and two headers; the body is not covered.

use super::Keys;
use crate::clock::Instant;
use crate::http::{Notice, header};
use crate::providers::answering::epoch;
use crate::signature::{Refusal, hex, hmac_fits};

/// What the signature covers: the payment's id, as the address names it, and the time.
///
/// The manifest is `id:<data.id>;request-id:<X-Request-Id>;ts:<ts>;`, each pair left out where its value is missing (webhooks page, 2025). The page says
/// that an id with letters is lower-cased, the SDKs don't: both are tried, each with the key.
///
/// # Errors
/// The [`Refusal`].
pub fn judge<'a>(keys: &Keys, notice: &'a Notice) -> Result<(&'a str, Instant), Refusal> {
    let key = keys.webhook_secret.expose().as_bytes();
    if key.is_empty() {
        return Err(Refusal::NoKey);
    }
    let signature = header(&notice.headers, "X-Signature").next().ok_or(Refusal::MissingSignature)?;
    let time = part(signature, "ts").ok_or(Refusal::MissingTime)?;
    let mac = part(signature, "v1").and_then(hex::decode).filter(|mac| mac.len() == 32).ok_or(Refusal::MalformedSignature)?;
    let mut ids = notice.query.split('&').filter_map(|pair| pair.strip_prefix("data.id="));
    // A `;` or a second id in the address would let one signed text be read in two ways.
    let id = ids.next().filter(|id| plain(id)).filter(|_| ids.next().is_none()).ok_or(Refusal::Unreadable)?;
    let request = header(&notice.headers, "X-Request-Id").next().map(str::trim).unwrap_or_default();
    if !(request.is_empty() || plain(request)) {
        return Err(Refusal::MalformedSignature);
    }
    let fits = |id: &str| {
        let request = if request.is_empty() { String::new() } else { ["request-id:", request, ";"].concat() };
        hmac_fits(key, &[b"id:", id.as_bytes(), b";", request.as_bytes(), b"ts:", time.as_bytes(), b";"], &mac)
    };
    if !fits(id) && !fits(&id.to_ascii_lowercase()) {
        return Err(Refusal::BadSignature);
    }
    Ok((id, epoch(time).ok_or(Refusal::MissingTime)?))
}

/// The value of `name=…` in a list with commas.
fn part<'a>(list: &'a str, name: &str) -> Option<&'a str> {
    list.split(',').filter_map(|pair| pair.split_once('=')).find(|(key, _)| key.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

fn plain(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}
