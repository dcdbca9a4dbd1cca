//! Rapyd Collect (`/v1/payments`): a payment of a method type that the merchant picks, questions, cancelling and refunds by id, and signed notices.
//!
//! **Unconfirmed**: no Peruvian method type could be verified, so none is fixed here. The merchant takes it from
//! `GET /v1/payment_methods/country?country=PE&currency=PEN` of the own account.
//!
//! Sources: docs.rapyd.net (request-signatures, webhook-authentication, cash-payments, resend-webhook), Rapyd-Samples (SDK models, signatures),
//! juspay/hyperswitch-prism (statuses). Nothing was called live.
//!
//! - The key of the digits within `textual_codes` is not fixed: they count as the code where exactly one entry is digits.
//! - `amount` and `original_amount` are not told apart in words; what the code is for is taken from the second where it is there (inferred).
//! - The fields that a type requires are not sent: a type that wants some refuses, and names them.
//! - A notice is signed over the whole address that was configured at Rapyd: the channel's notice address must be that text, byte for byte.

mod calls;
pub mod sign;
mod status;

pub use super::asking::anyone as check;
pub use calls::request;
pub use status::{answer, notice};

use super::{Abilities, RefundWay};
use crate::json::Read;
use crate::names::{Mode, Provider};
use crate::secret::Secret;

/// A merchant's keys, from Rapyd's Client Portal.
#[derive(Clone, Debug, Read)]
#[json(deny_unknown_fields)]
pub struct Keys {
    /// The access key.
    pub access_key: Secret,
    /// Signs both ways; never sent.
    pub secret_key: Secret,
    /// The method's type, as the account's own list names it: it ends in `_cash` or `_bank`.
    pub payment_method_type: String,
}

/// What it can do, as documented.
pub const ABILITIES: Abilities = Abilities {
    provider: Provider::Rapyd,
    keys: &["access_key", "secret_key", "payment_method_type"],
    unconfirmed: true,
    create_is_repeatable: true,
    cancel: true,
    refund: true,
    refund_is_repeatable: true,
    takes_expiry: true,
    hosts: &[(Mode::Test, "sandboxapi.rapyd.net"), (Mode::Live, "api.rapyd.net")],
    // Rapyd publishes none: this is our choice.
    notice_tolerance_seconds: Some(300),
    refund_way: RefundWay::Undocumented,
    sure: "codes=c query=c cancel=c refund=c validity=c notices=o",
    sources: "docs.rapyd.net (request-signatures, webhook-authentication, cash-payments); Rapyd-Samples; juspay/hyperswitch-prism",
    version: "v1 payments",
    ..Abilities::NONE
};
