//! Mercado Pago Peru (`/v1/payments`, method `pagoefectivo_atm`): a payment with an idempotency key, questions by its id, cancelling, refunds, and
//! notices signed over a manifest, not over their body.
//!
//! Sources: mercadopago/devsite-docs (checkout-api, other-payment-methods, block `mpe`, about 2022-23; cancellations-and-refunds), the webhooks page of
//! 2025, sdk-php 4f61e34, sdk-nodejs 4339894, cart-woocommerce 4ecb9e84 (2026-04). Nothing was called live.
//!
//! - Which field is the CIP is not documented. `verification_code` counts as digits only where the provider's own page is opened with it too; else the
//!   shopper is sent to that page.
//! - A lost create is asked for again under its key. The search by `external_reference` is known only by hearsay, so it is not used.
//! - `date_of_expiration` is printed for other countries; the official plugin sends it for Peru too. What the answer says counts.
//! - A refund goes to the payer's Mercado Pago account within 90 days. One page says that Peru has total refunds only: a partial one may be refused.
//! - The smallest and largest amounts are read live from `/v1/payment_methods` (5 and 10,000 when it was printed), so none is fixed here.

mod calls;
pub mod sign;
mod status;
mod wire;

pub use super::asking::anyone as check;
pub use calls::request;
pub use status::{answer, notice};

use super::{Abilities, RefundWay};
use crate::json::Read;
use crate::names::{Mode, Provider};
use crate::secret::Secret;

/// A merchant's keys, from "Your integrations".
#[derive(Clone, Debug, Read)]
#[json(deny_unknown_fields)]
pub struct Keys {
    /// The access token of the application, test or live.
    pub access_token: Secret,
    /// The application's secret for webhooks ("clave secreta").
    pub webhook_secret: Secret,
}

/// What it can do, as documented.
pub const ABILITIES: Abilities = Abilities {
    provider: Provider::MercadoPago,
    keys: &["access_token", "webhook_secret"],
    create_is_repeatable: true,
    cancel: true,
    refund: true,
    refund_is_repeatable: true,
    takes_expiry: true,
    demands: &["email"],
    hosts: &[(Mode::Test, "api.mercadopago.com"), (Mode::Live, "api.mercadopago.com")],
    // None is published ("establish a tolerance"); the SDK's example. Whether a repeat is signed anew is unknown, so an older one is a hint, not refused.
    notice_tolerance_seconds: Some(300),
    refund_way: RefundWay::Wallet,
    validity_minutes: (Some(1_440), Some(43_200)),
    sure: "codes=i query=o cancel=o refund=o validity=i notices=o demands=o",
    sources: "mercadopago/devsite-docs; webhooks page of 2025; sdk-php 4f61e34, sdk-nodejs 4339894, cart-woocommerce 4ecb9e84",
    version: "v1 payments",
    ..Abilities::NONE
};
