//! Kushki's two requests: a token for the purchase, and the charge begun with it.

use super::Keys;
use super::wire::{NewToken, new_charge};
use crate::clock::{DAY, MINUTE};
use crate::http::Method;
use crate::providers::answering::first;
use crate::providers::asking::{base_url, cut, datum, http_request, keys_given};
use crate::providers::{Call, RequestError, Sending, Step};

/// Builds a request; a token belongs to one purchase and is never kept.
///
/// # Errors
/// [`RequestError`] where a key is missing, and for calls that no source knows.
pub fn request(call: &Call, sending: &Sending<'_>, keys: &Keys) -> Result<Step, RequestError> {
    keys_given(&[("public_merchant_id", keys.public_merchant_id.expose()), ("private_merchant_id", keys.private_merchant_id.expose())])?;
    let Call::Create { reference, amount, expires_at, concept, .. } = call else { return Err(RequestError::NoSuchCall) };
    let before = match first(sending) {
        Ok(fields) => fields,
        Err(step) => return Ok(step),
    };
    let (plain, currency) = (amount.plain(), amount.currency.code());
    let (name, key, path, body) = match before.as_ref() {
        None => {
            let person = sending.person;
            let new = NewToken {
                name: datum(person, "first_name"),
                last_name: datum(person, "last_name"),
                identification: datum(person, "document"),
                document_type: &person.document_type,
                email: datum(person, "email"),
                amount: &plain,
                currency,
                description: &cut(concept, 100),
            };
            ("Public-Merchant-Id", &keys.public_merchant_id, "tokens", new.json())
        }
        Some(fields) => {
            let Some(token) = fields.word("token") else { return Ok(Step::NeverLeft) };
            // At least a day ahead, by Kushki's clock.
            let expires = (*expires_at).max(sending.now.plus(DAY + 5 * MINUTE)).utc_text();
            let expires = cut(&expires.replace('T', " "), 19);
            let body = new_charge(&token, &expires, &plain, currency, reference.as_str(), &sending.channel.notice_url);
            ("Private-Merchant-Id", &keys.private_merchant_id, "charges/init", body)
        }
    };
    let url = base_url(sending.channel, super::ABILITIES.hosts)? + "/cash/v1/" + path;
    let request = http_request(Method::Post, url, &[(name, key.expose()), ("Content-Type", "application/json")], body);
    Ok(if before.is_none() { Step::First(request) } else { Step::Send(request) })
}
