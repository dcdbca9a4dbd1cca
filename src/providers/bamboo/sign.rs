//! Bamboo's notice signature: an HMAC over the purchase's number, amount, currency and the time it was sent.

use super::Keys;
use crate::clock::Instant;
use crate::http::{Headers, header};
use crate::providers::answering::epoch;
use crate::signature::{Refusal, hex, hmac_fits, judge as fits};

/// The signed time of a genuine notice; one in a form that can't be read counts as long ago.
///
/// # Errors
/// The [`Refusal`].
pub fn judge(keys: &Keys, headers: &Headers, purchase: &str, amount: &str, currency: &str) -> Result<Instant, Refusal> {
    let key = keys.secret_key.expose().as_bytes();
    let sent = header(headers, "dateSent").next().ok_or(Refusal::MissingTime)?;
    let parts = [purchase, amount, currency, sent].map(str::as_bytes);
    let claims = || headers.iter().filter_map(|(_, value)| hex::decode(value.trim())).filter(|mac| mac.len() == 32);
    let claimed = claims().find(|mac| hmac_fits(key, &parts, mac)).or_else(|| claims().next());
    fits(key, &parts, Some(claimed.ok_or(Refusal::MissingSignature)?))?;
    Ok(Instant::parse(sent).or_else(|| Instant::parse_http_date(sent)).or_else(|| epoch(sent)).unwrap_or(Instant(0)))
}
