//! A simulated merchant's account at a provider: keys in the shape that the provider gives out, all of them made from one seed, and good for nothing else.
//!
//! The same seed makes the same keys, so that a host keeps one secret and both sides know them. What only a host can make (EBANX's key pair) it adds itself.

use crate::names::Provider;
use crate::signature::base64::{self, Alphabet};
use crate::signature::{hex, sha256};

/// A provider's side, by the first part of its path here.
pub fn path(provider: Provider) -> &'static str {
    if provider == Provider::Sandbox { "own" } else { provider.name() }
}

/// One key by the name that the provider calls it.
pub fn key(provider: Provider, name: &str, seed: &str) -> String {
    let made = sha256(&[seed.as_bytes(), b" ", provider.name().as_bytes(), b" ", name.as_bytes()]);
    let text: String = hex::encode(&made).chars().take(32).collect();
    match (provider, name) {
        (_, "service_id" | "merchant_id" | "account_id") => made.iter().take(4).map(|byte| char::from(b'1' + byte % 9)).collect(),
        (Provider::Culqi, "secret_key") => ["sk_test_", &text].concat(),
        (Provider::MercadoPago, "access_token") => ["TEST-", &text].concat(),
        (Provider::Paysafe, "api_key") => ["sandbox:", &text].concat(),
        (Provider::Paysafe, "hmac_key") => base64::encode(Alphabet::Standard, &made),
        (Provider::Rapyd, "payment_method_type") => "pe_sandbox_cash".into(),
        _ => text,
    }
}
