//! PayU's signatures: MD5 of fields joined by `~`, of orders as of confirmations.

use super::Keys;
use crate::signature::{Refusal, hex, md5, same};

/// The signature of an order: `ApiKey~merchantId~referenceCode~tx_value~currency`.
///
/// ```
/// use efectivo::{providers::payu::{Keys, sign}, secret::Secret};
/// let key = Secret::new("4Vj8eK4rloUd272L48hsrarnUA"); // the public test account
/// let keys = Keys { merchant_id: "508029".into(), account_id: "512323".into(), api_login: Secret::new("pRRXKOl8ikMmt9u"), api_key: key };
/// assert_eq!(sign::of_order(&keys, "TestPayU", "3", "USD"), "ba9ffa71559580175585e45ce70b6c37"); // published
/// assert_eq!(sign::of_order(&keys, "TestPayU", "20000", "COP"), "7ee7cf808ce6a39b17481c54f2c57acc"); // published
/// ```
pub fn of_order(keys: &Keys, reference: &str, amount: &str, currency: &str) -> String {
    joined(&[keys.api_key.expose(), &keys.merchant_id, reference, amount, currency])
}

fn joined(parts: &[&str]) -> String {
    hex::encode(&md5(&[parts.join("~").as_bytes()]))
}

/// Judges a confirmation by the fields that its signature covers; a value's second decimal is left out where it is a nought.
///
/// # Errors
/// The [`Refusal`].
pub fn judge(keys: &Keys, sign: &str, reference: &str, value: &str, currency: &str, state: &str) -> Result<(), Refusal> {
    if keys.api_key.is_empty() || keys.merchant_id.is_empty() {
        return Err(Refusal::NoKey);
    }
    if sign.len() != 32 || !sign.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(Refusal::MalformedSignature);
    }
    // The fields are joined by `~`: within one it would let the signed text be split in two ways.
    if [reference, value, currency, state].iter().any(|field| field.contains('~')) {
        return Err(Refusal::Unreadable);
    }
    let ours = joined(&[keys.api_key.expose(), &keys.merchant_id, reference, new_value(value), currency, state]);
    if same(ours.as_bytes(), sign.to_ascii_lowercase().as_bytes()) { Ok(()) } else { Err(Refusal::BadSignature) }
}

/// `150.00` is signed as `150.0`, `150.26` as it is (confirmation-page).
fn new_value(value: &str) -> &str {
    let two = value.split_once('.').is_some_and(|(_, decimals)| decimals.len() == 2);
    value.strip_suffix('0').filter(|_| two).unwrap_or(value)
}
