//! PayU Latam, Peru's cash method `PAGOEFECTIVO` (payments-api and reports-api 4.0): signed orders, questions by order and by our reference, and
//! confirmations signed over six of their fields.
//!
//! Source: developers-payu-latam/developers-payu-latam.github.io 42c09c28 (2023-12): payments-api-peru, queries-api, confirmation-page, refunds,
//! getting-started. Nothing was called live.
//!
//! - Signatures are MD5 of fields joined by `~`: weak, so a confirmation only brings a question forward, and only what it covers is read of it.
//! - Refunds and cancelling are declined for cash; a code ends by its time, at most seven days.
//! - The nesting of a report's answer (`result.payload`) is not printed in the pages read and counts as unverified.
//! - An expiry's zone was read off one sample: UTC.

mod calls;
pub mod sign;
mod status;
mod wire;

pub use super::asking::anyone as check;
pub use calls::request;
pub use status::{answer, notice};

use super::Abilities;
use crate::json::Read;
use crate::names::{Mode, Provider};
use crate::secret::Secret;

/// A merchant's keys, from PayU's panel (technical information).
#[derive(Clone, Debug, Read)]
#[json(deny_unknown_fields)]
pub struct Keys {
    /// `merchantId`: digits.
    pub merchant_id: String,
    /// `accountId` of Peru: digits.
    pub account_id: String,
    /// `apiLogin`.
    pub api_login: Secret,
    /// `apiKey`; signs both ways.
    pub api_key: Secret,
}

/// What it can do, as documented.
pub const ABILITIES: Abilities = Abilities {
    provider: Provider::Payu,
    keys: &["merchant_id", "account_id", "api_login", "api_key"],
    look_up: true,
    takes_expiry: true,
    demands: &["first_name", "email", "document", "ip"],
    hosts: &[(Mode::Test, "sandbox.api.payulatam.com"), (Mode::Live, "api.payulatam.com")],
    abroad: Some(false),
    validity_minutes: (None, Some(10_080)),
    sure: "codes=o look_up=o query=o refund=o validity=o notices=o abroad=i demands=o",
    sources: "developers-payu-latam/developers-payu-latam.github.io 42c09c28 (2023-12)",
    version: "payments-api 4.0",
    ..Abilities::NONE
};
