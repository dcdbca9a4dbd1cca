//! dLocal Go (`/v1/payments`), the self-service product beside dLocal's Payins: a page to go to, questions by id, refunds, and notices that name a payment.
//!
//! **Unconfirmed**: that its page offers PagoEfectivo in Peru was found in no source. Everything is known from independent integrations that cite
//! docs.dlocalgo.com (in Go, Python, NestJS and Node; read 2026-11-23); the pages themselves were not at hand. Nothing was called live.
//!
//! - The answer holds neither digits nor a deadline: the shopper gets both on dLocal Go's page.
//! - Nothing can be looked up by our reference and nothing can be called off. How a refund stands can't be asked: one that is not done at once is put
//!   before the merchant, who finds it in dLocal Go's dashboard.
//! - A notice names the payment and nothing else; its signature covers the API key and the body, no time.

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

/// A merchant's keys, from dLocal Go's dashboard; not those of dLocal.
#[derive(Clone, Debug, Read)]
#[json(deny_unknown_fields)]
pub struct Keys {
    /// The API key.
    pub api_key: Secret,
    /// The secret key; sent along, and signs notices.
    pub secret_key: Secret,
}

/// What it can do, as far as is known.
pub const ABILITIES: Abilities = Abilities {
    provider: Provider::DlocalGo,
    keys: &["api_key", "secret_key"],
    unconfirmed: true,
    only_links: true,
    refund: true,
    demands: &["first_name", "email"],
    hosts: &[(Mode::Test, "api-sbx.dlocalgo.com"), (Mode::Live, "api.dlocalgo.com")],
    refund_way: RefundWay::Undocumented,
    sure: "codes=c query=c refund=c notices=c demands=i",
    sources: "independent integrations that cite docs.dlocalgo.com (Go, Python, NestJS, Node)",
    version: "v1 payments",
    ..Abilities::NONE
};
