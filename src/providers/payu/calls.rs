//! PayU's requests: one address for payments and one for reports, each a command in a JSON envelope.

use super::wire::{NewTransaction, command};
use super::{Keys, sign};
use crate::http::Method;
use crate::names::Mode;
use crate::providers::asking::{base_url, cut, datum, full_name, http_request, keys_given};
use crate::providers::fields::Field::{Bare, Text};
use crate::providers::fields::object;
use crate::providers::{Call, RequestError, Sending, Step};

/// Builds and signs a request.
///
/// # Errors
/// [`RequestError`] where a key is missing, and for calls that PayU declines for cash.
pub fn request(call: &Call, sending: &Sending<'_>, keys: &Keys) -> Result<Step, RequestError> {
    let (login, key) = (keys.api_login.expose(), keys.api_key.expose());
    keys_given(&[("merchant_id", &keys.merchant_id), ("account_id", &keys.account_id), ("api_login", login), ("api_key", key)])?;
    let test = sending.channel.mode == Mode::Test;
    let (api, body) = match call {
        Call::Create { reference, amount, expires_at, concept, .. } => {
            let person = sending.person;
            let (plain, expires) = (amount.plain(), expires_at.utc_text());
            let new = NewTransaction {
                account_id: &keys.account_id,
                reference: reference.as_str(),
                description: &cut(concept, 255),
                signature: &sign::of_order(keys, reference.as_str(), &plain, amount.currency.code()),
                notify_url: &sending.channel.notice_url,
                amount: &plain,
                currency: amount.currency.code(),
                full_name: &full_name(person),
                email: datum(person, "email"),
                document: datum(person, "document"),
                phone: datum(person, "phone"),
                expires: expires.trim_end_matches('Z'),
                ip: datum(person, "ip"),
            };
            ("payments", command("SUBMIT_TRANSACTION", login, key, test, ("transaction", &new.json())))
        }
        Call::Query { id, .. } => {
            let number = id.as_str().parse::<u64>().map_err(|_| RequestError::NoSuchCall)?.to_string();
            ("reports", command("ORDER_DETAIL", login, key, test, ("details", &object(&[("orderId", Bare(&number))]))))
        }
        Call::LookUp { reference } => {
            let details = object(&[("referenceCode", Text(reference.as_str()))]);
            ("reports", command("ORDER_DETAIL_BY_REFERENCE_CODE", login, key, test, ("details", &details)))
        }
        Call::Cancel { .. } | Call::Refund { .. } | Call::RefundQuery { .. } => return Err(RequestError::NoSuchCall),
    };
    let url = [&base_url(sending.channel, super::ABILITIES.hosts)?, "/", api, "-api/4.0/service.cgi"].concat();
    let headers = [("Content-Type", "application/json; charset=utf-8"), ("Accept", "application/json")];
    Ok(Step::Send(http_request(Method::Post, url, &headers, body)))
}
