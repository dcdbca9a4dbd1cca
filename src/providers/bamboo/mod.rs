//! Bamboo Payment's purchases (v3, method `PEC`): a CIP under our own order and idempotency key, questions by either, and notices signed over four fields.
//!
//! Source: dgonzalb/BambooPaymentDoc (source of docs.bamboopayment.com, 2025-10). Nothing was called live.
//!
//! - Amounts are whole céntimos; a phone is written `+51|987654321`. Only `DNI.PE` is printed as a kind of document, so no other is sent.
//! - A notice's signature covers the purchase's number, amount, currency and the time it was sent, not its status: only those are read of it. The page
//!   doesn't name the signature's header, so every header is tried, each with the key. Number and amount are joined by nothing, so that a captured
//!   notice could be made to name another purchase: all that follows is a question.
//! - What a question's answer looks like is printed for a create only; the same fields are expected (inferred). So is the zone of `dateSent`'s form.
//! - Neither refunds (marked as not supported for PagoEfectivo) nor cancelling are there.

mod calls;
pub mod sign;
mod status;
mod wire;

pub use calls::{check, request};
pub use status::{answer, notice};

use super::Abilities;
use crate::json::Read;
use crate::names::{Mode, Provider};
use crate::secret::Secret;

/// A merchant's keys, from Bamboo's merchant panel.
#[derive(Clone, Debug, Read)]
#[json(deny_unknown_fields)]
pub struct Keys {
    /// The merchant's private key, sent with every request.
    pub private_key: Secret,
    /// `merchantSecretKey`; signs notices.
    pub secret_key: Secret,
}

/// What it can do, as documented.
pub const ABILITIES: Abilities = Abilities {
    provider: Provider::Bamboo,
    keys: &["private_key", "secret_key"],
    look_up: true,
    takes_expiry: true,
    demands: &["first_name", "last_name", "email", "phone"],
    least_minor: Some(100),
    most_minor: Some(500_000),
    hosts: &[(Mode::Test, "api.stage.bamboopayment.com"), (Mode::Live, "api.bamboopayment.com")],
    abroad: Some(true),
    // Bamboo publishes none: this is our choice.
    notice_tolerance_seconds: Some(300),
    validity_minutes: (Some(10), Some(259_200)),
    sure: "codes=o look_up=o query=i refund=o validity=o notices=o amounts=o abroad=o demands=o",
    sources: "dgonzalb/BambooPaymentDoc (docs.bamboopayment.com, 2025-10)",
    version: "v3 purchase",
    ..Abilities::NONE
};
