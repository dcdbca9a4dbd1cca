//! Kushki's cash-in (`/cash/v1`): a token for one purchase and the charge begun with it, and notices signed over body and time.
//!
//! **Unconfirmed**: that PagoEfectivo stands behind Kushki's cash in Peru is on no official page. Sources: api-docs.kushkipagos.com (cashintoken,
//! cashininit), docs.kushki.com (webhook-cash-in of 2023-08; notifications). Nothing was called live.
//!
//! - How a charge stands can't be asked: the path of that call was in no page read. So a verified notice is what counts here, after the provider's own
//!   rule; where none comes, a person is asked.
//! - Neither a look-up, nor cancelling, nor a refund of cash was found.
//! - A code lives at least a day, seven by default.
//! - A body of `{}` is Kushki's test of the address and gets 200.

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

/// A merchant's keys, from Kushki's console (Desarrolladores).
#[derive(Clone, Debug, Read)]
#[json(deny_unknown_fields)]
pub struct Keys {
    /// `Public-Merchant-Id`, for tokens.
    pub public_merchant_id: Secret,
    /// `Private-Merchant-Id`, for charges.
    pub private_merchant_id: Secret,
    /// The signature of webhooks (Desarrolladores, Webhooks).
    pub webhook_signature: Secret,
}

/// What it can do, as documented.
pub const ABILITIES: Abilities = Abilities {
    provider: Provider::Kushki,
    keys: &["public_merchant_id", "private_merchant_id", "webhook_signature"],
    unconfirmed: true,
    query: false,
    takes_expiry: true,
    demands: &["first_name", "last_name", "document"],
    // Printed about 2022-23: production's, then the test environment's.
    notice_addresses: &["34.230.185.20", "54.208.105.247"],
    hosts: &[(Mode::Test, "api-uat.kushkipagos.com"), (Mode::Live, "api.kushkipagos.com")],
    // Kushki publishes none: this is our choice.
    notice_tolerance_seconds: Some(300),
    validity_minutes: (Some(1_440), None),
    sure: "codes=o validity=o notices=o addresses=o demands=o",
    sources: "api-docs.kushkipagos.com (cashintoken, cashininit); docs.kushki.com (webhook-cash-in of 2023-08)",
    version: "cash-in v1",
    ..Abilities::NONE
};
