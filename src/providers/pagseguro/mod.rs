//! PagSeguro International, once BoaCompra: how a transaction stands, by a signed call. No code can be made.
//!
//! **Unconfirmed**: the word PagoEfectivo was found in no page or plugin of it. Sources: developers.boacompra.com (direct-checkout),
//! boacompra/boacompra-plugin-magento-v2 22efcf7, two WooCommerce plugins. Nothing was called live.
//!
//! - For Peru there is only a page that the shopper's browser opens with a form. Its answer reaches nobody but the shopper: neither a transaction's code nor
//!   a deadline comes back, what the question's answer says of the amount is in no source, and the plugins disagree on the form's hash (HMAC-SHA256 in two,
//!   MD5 in the official one) and on the amount's unit. An order sold like that could not be shown to agree with its money. So the create is an absent
//!   ability until PagSeguro answers these; sell by another channel. Nor is a refund: whether cash goes back by it, and its amount's unit, are not said.
//! - What is sure is here and tested: the calls' signature, the question by a transaction's code, and the unsigned notice as a hint.

mod calls;
pub mod sign;
mod status;

pub use super::asking::anyone as check;
pub use calls::request;
pub use status::{answer, notice};

use super::Abilities;
use crate::json::Read;
use crate::names::{Mode, Provider};
use crate::secret::Secret;
use crate::signature::Doubt;

/// A merchant's keys, from PagSeguro's account manager.
#[derive(Clone, Debug, Read)]
#[json(deny_unknown_fields)]
pub struct Keys {
    /// `merchant_id` or `store_id`: digits.
    pub merchant_id: String,
    /// Signs every call; never sent.
    pub secret_key: Secret,
}

/// What it can do, as far as is known.
pub const ABILITIES: Abilities = Abilities {
    provider: Provider::Pagseguro,
    keys: &["merchant_id", "secret_key"],
    unconfirmed: true,
    only_links: true,
    create: false,
    // Sandbox: the official Magento plugin's Model/Http/Transaction.php.
    hosts: &[(Mode::Test, "api.sandbox.boacompra.com"), (Mode::Live, "api.boacompra.com")],
    notice_doubt: Some(Doubt::UnsignedByDesign),
    abroad: Some(true),
    sure: "query=c abroad=o",
    sources: "developers.boacompra.com (direct-checkout); boacompra/boacompra-plugin-magento-v2 22efcf7",
    version: "REST v2",
    ..Abilities::NONE
};
