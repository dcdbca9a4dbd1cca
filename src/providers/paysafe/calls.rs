//! Paysafe's requests: a handle, the payment made of it, and the questions about both.

use super::Keys;
use super::wire::{NewHandle, new_payment};
use crate::http::Method;
use crate::providers::answering::first;
use crate::providers::asking::{base_url, basic, datum, http_request, in_url, keys_given};
use crate::providers::fields::Field::Text;
use crate::providers::fields::object;
use crate::providers::{Call, RequestError, Sending, Step};

/// Builds a request; a question and a cancel look at the handle or the payment first.
///
/// # Errors
/// [`RequestError`] where a key is missing or no `username:password`, and for refunds, which are not documented for this type.
pub fn request(call: &Call, sending: &Sending<'_>, keys: &Keys) -> Result<Step, RequestError> {
    keys_given(&[("api_key", keys.api_key.expose()), ("account_id", &keys.account_id)])?;
    if !keys.api_key.expose().contains(':') {
        return Err(RequestError::Credential("api_key"));
    }
    let before = match first(sending) {
        Ok(fields) => fields,
        Err(step) => return Ok(step),
    };
    let by_reference = |what: &str, reference: &str| (Method::Get, [what, "?merchantRefNum=", &in_url(reference)].concat(), String::new());
    let (method, path, body) = match (call, &before) {
        (Call::Create { reference, amount, .. }, _) => {
            let person = sending.person;
            let new = NewHandle {
                reference: reference.as_str(),
                account_id: &keys.account_id,
                amount_minor: amount.minor,
                currency: amount.currency.code(),
                ip: datum(person, "ip"),
                first_name: datum(person, "first_name"),
                last_name: datum(person, "last_name"),
                email: datum(person, "email"),
                back: sending.page,
            };
            (Method::Post, "paymenthandles".into(), new.json())
        }
        (Call::LookUp { reference }, _) => by_reference("paymenthandles", reference.as_str()),
        (Call::Query { id, .. }, None) => (Method::Get, ["paymenthandles/", &in_url(id.as_str())].concat(), String::new()),
        (Call::Query { reference, .. }, Some(handle)) => match handle.word("status").as_deref() {
            Some("PAYABLE") => match new_payment(reference.as_str(), handle) {
                Some(body) => (Method::Post, "payments".into(), body),
                None => return Ok(Step::Answered),
            },
            Some("COMPLETED") => by_reference("payments", reference.as_str()),
            _ => return Ok(Step::Answered),
        },
        (Call::Cancel { reference, .. }, None) => by_reference("payments", reference.as_str()),
        (Call::Cancel { .. }, Some(found)) => match found.list("payments").and_then(|list| list.first()?.word("id")) {
            Some(id) => (Method::Put, ["payments/", &in_url(&id)].concat(), object(&[("status", Text("CANCELLED"))])),
            None => return Ok(Step::Answered),
        },
        (Call::Refund { .. } | Call::RefundQuery { .. }, _) => return Err(RequestError::NoSuchCall),
    };
    let url = base_url(sending.channel, super::ABILITIES.hosts)? + "/paymenthub/v1/" + &path;
    let authorization = basic(keys.api_key.expose());
    let request = http_request(method, url, &[("Authorization", authorization.as_str()), ("Content-Type", "application/json")], body);
    let looks_first = matches!(call, Call::Query { .. } | Call::Cancel { .. }) && before.is_none();
    Ok(if looks_first { Step::First(request) } else { Step::Send(request) })
}
