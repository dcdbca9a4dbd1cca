//! PagSeguro's call signature: an HMAC over the path and the body's MD5.

use super::Keys;
use crate::signature::{hex, hmac_sha256};

/// The `Authorization` of a call; `digest` is its `Content-MD5`. The prose says verb and digest, all code signs path and digest; without a body the path alone.
///
/// ```
/// use efectivo::{providers::pagseguro::{Keys, sign}, secret::Secret};
/// let keys = Keys { merchant_id: "1".into(), secret_key: Secret::new("bc123") };
/// let mac = sign::authorization(&keys, "/transactions", "123"); // the inputs of direct-checkout's sample, recomputed
/// assert_eq!(mac, "1:40cda58ac617d9b59484219b1f0bf272e044a32b9143f44a49fa6d46aaef62d8");
/// ```
pub fn authorization(keys: &Keys, path: &str, digest: &str) -> String {
    let mac = hmac_sha256(keys.secret_key.expose().as_bytes(), &[path.as_bytes(), digest.as_bytes()]);
    [&keys.merchant_id, ":", &hex::encode(&mac)].concat()
}
