//! PagoEfectivo's own API (v1): a token, a CIP, a question by CIP, its deletion, and notices signed over their body.
//!
//! Source, unless another is named: PagoEfectivo, "Documentación general de integración estándar", SPE-ECS Integracion Api CIP 1.1, 2018-11-20
//! (called *the document* here); newer ones were not found, and nothing was called live. What it does not say is marked as inferred.
//!
//! "Cancelado" is its word for a **paid** CIP (the document, 3.3). A lost create can't be found: there is no question by `transactionCode`, no
//! idempotency key, and whether a `transactionCode` may come twice is not documented. A failed notice is tried once more, so asking is a must.

mod calls;
pub mod sign;
mod status;
mod wire;

pub use calls::{check, request};
pub use status::{answer, notice, token};

use super::Abilities;
use crate::json::Read;
use crate::money::Currency;
use crate::names::{Mode, Provider};
use crate::secret::Secret;

/// A merchant's keys, as PagoEfectivo's integrations team hands them out.
#[derive(Clone, Debug, Read)]
#[json(deny_unknown_fields)]
pub struct Keys {
    /// `idService`: digits (4 in the document's table; public code shows 3 to 5).
    pub service_id: String,
    /// `accessKey`.
    pub access_key: Secret,
    /// `secretKey`: never sent; it goes into `hashString` and signs notices.
    pub secret_key: Secret,
}

/// What it can do, as documented.
pub const ABILITIES: Abilities = Abilities {
    provider: Provider::Pagoefectivo,
    keys: &["service_id", "access_key", "secret_key"],
    look_up: false,
    create_is_repeatable: false,
    cancel: true,
    refund: false,
    refund_is_repeatable: false,
    refund_at_outlet: false,
    takes_expiry: true,
    needs_token: true,
    demands: &["email"],
    currencies: &[Currency::Pen, Currency::Usd],
    // By contract of each merchant: error 511 names an amount above the largest.
    least_minor: None,
    most_minor: None,
    // PrimeiroPay on PagoEfectivo: usually 5 minutes; dLocal on cash in general: 1 to 2 business days (support.dlocal.com, after-paying).
    confirm_days: 2,
    notice_addresses: &[],
    hosts: &[(Mode::Test, "pre1a.services.pagoefectivo.pe"), (Mode::Live, "services.pagoefectivo.pe")],
    notice_tolerance_seconds: None,
    sure: "codes=o query=o cancel=o refund=o validity=o notices=o demands=o",
    sources: "Documentación general de integración estándar, SPE-ECS 1.1 (2018-11-20); PagoEfectivo/api-pe-cs-demo, sdk-pe-android (2018)",
    faults: &[("111", "field"), ("112", "field"), ("113", "field"), ("508", "wrong_key"), ("511", "amount")],
    version: "v1, document 1.1 of 2018",
    ..Abilities::NONE
};
