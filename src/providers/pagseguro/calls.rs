//! PagSeguro's one request: how a transaction stands.

use super::{Keys, sign};
use crate::http::Method;
use crate::providers::asking::{base_url, http_request, in_url, keys_given};
use crate::providers::{Call, RequestError, Sending, Step};

/// Builds and signs a request.
///
/// # Errors
/// [`RequestError`] where a key is missing, and for calls that can't be built on what is known.
pub fn request(call: &Call, sending: &Sending<'_>, keys: &Keys) -> Result<Step, RequestError> {
    keys_given(&[("merchant_id", &keys.merchant_id), ("secret_key", keys.secret_key.expose())])?;
    let Call::Query { id, .. } = call else { return Err(RequestError::NoSuchCall) };
    let path = ["/transactions/", &in_url(id.as_str())].concat();
    let url = base_url(sending.channel, super::ABILITIES.hosts)? + &path;
    let authorization = sign::authorization(keys, &path, "");
    let headers = [("Accept", "application/vnd.boacompra.com.v2+json; charset=UTF-8"), ("Authorization", authorization.as_str())];
    Ok(Step::Send(http_request(Method::Get, url, &headers, String::new())))
}
