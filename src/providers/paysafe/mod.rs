//! Paysafe's Payments API (type `PAGOEFECTIVO`): a payment handle with a page to go to, the payment that is made of it, and signed notices.
//!
//! Sources: developer.paysafe.com (about-pagoefectivo; webhooks-overview; the flow of SafetyPay Express, same family),
//! paysafegroup/paysafe-payments-api-sdk-php 42d8a2b, paysafe-checkout-woocommerce 7475475; the lists by reference after juspay/hyperswitch. Nothing was
//! called live, and no page with a whole PagoEfectivo example was found: what is only known of its family is inferred.
//!
//! - The handle's answer holds no digits: the shopper gets them on Paysafe's page. A handle that the shopper has opened (`PAYABLE`) must be made a payment;
//!   the question does that, since a handle can be charged but once. `PAYABLE` and a handle's `COMPLETED` never mean paid.
//! - The key of PagoEfectivo's own fields within a handle was not seen, so no expiry is sent; the page names its own.
//! - "Payments only" is listed for PagoEfectivo: no refund. Cancelling a payment is documented in general, not for this type (inferred).
//! - `merchantRefNum` with `dupCheck` is refused when repeated, but how that reads was not seen: a lost create is looked up.

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

/// A merchant's keys, from Paysafe's Business Portal.
#[derive(Clone, Debug, Read)]
#[json(deny_unknown_fields)]
pub struct Keys {
    /// The API key as one text: `username:password`.
    pub api_key: Secret,
    /// `accountId`: digits.
    pub account_id: String,
    /// The key of the notices' HMAC, in base64 as the portal shows it.
    pub hmac_key: Secret,
}

/// What it can do, as documented.
pub const ABILITIES: Abilities = Abilities {
    provider: Provider::Paysafe,
    keys: &["api_key", "account_id", "hmac_key"],
    only_links: true,
    look_up: true,
    cancel: true,
    // The profile of the family's example; which of its fields PagoEfectivo needs is not said (inferred).
    demands: &["first_name", "last_name", "email"],
    least_minor: Some(200),
    most_minor: Some(372_400),
    hosts: &[(Mode::Test, "api.test.paysafe.com"), (Mode::Live, "api.paysafe.com")],
    sure: "codes=i look_up=c query=o cancel=i refund=o notices=o amounts=o demands=i",
    sources: "developer.paysafe.com (about-pagoefectivo, webhooks-overview); paysafe-payments-api-sdk-php 42d8a2b; paysafe-checkout-woocommerce 7475475; juspay/hyperswitch",
    version: "payments API v1",
    ..Abilities::NONE
};
