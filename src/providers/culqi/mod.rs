//! Culqi's orders (`/v2/orders`): a CIP with an order's number, questions and deletion by its id, and notices that nothing signs.
//!
//! Sources: culqi/culqi-docs 654d2cc (2019), JordanCulqi/yaml 8ddfbf3 (2022-05), docs.culqi.com (orders, PagoEfectivo, webhooks), culqi-php 2c7fbd7,
//! culqi-woocommerce ed28db1 (2025-02). Nothing was called live.
//!
//! - `order_number` is unique, so that a repeat makes no second code, but how its refusal reads was not seen, and orders can't be found by it: a lost
//!   create stays unknown.
//! - Refunds are for card charges only; a paid code is given back outside.
//! - Notices carry HTTP Basic at most: they are hints, and a question confirms them. Test mode sends none.

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
use crate::signature::Doubt;

/// A merchant's keys, from CulqiPanel.
#[derive(Clone, Debug, Read)]
#[json(deny_unknown_fields)]
pub struct Keys {
    /// `sk_test_…` or `sk_live_…`.
    pub secret_key: Secret,
    /// The user that Culqi names itself by at the notice address (CulqiPanel, Eventos, Webhooks).
    pub notice_user: Secret,
    /// That user's password.
    pub notice_password: Secret,
}

/// What it can do, as documented.
pub const ABILITIES: Abilities = Abilities {
    provider: Provider::Culqi,
    keys: &["secret_key", "notice_user", "notice_password"],
    cancel: true,
    takes_expiry: true,
    demands: &["first_name", "last_name", "email", "phone"],
    least_minor: Some(600),
    most_minor: Some(999_900),
    hosts: &[(Mode::Test, "api.culqi.com"), (Mode::Live, "api.culqi.com")],
    notice_doubt: Some(Doubt::UnsignedByDesign),
    validity_minutes: (Some(10), Some(259_200)),
    sure: "codes=o query=o cancel=o refund=o validity=o notices=o amounts=o demands=c",
    sources: "docs.culqi.com; JordanCulqi/yaml 8ddfbf3 (2022-05); culqi/culqi-docs 654d2cc (2019); culqi-php 2c7fbd7, culqi-woocommerce ed28db1",
    version: "v2 orders",
    ..Abilities::NONE
};
