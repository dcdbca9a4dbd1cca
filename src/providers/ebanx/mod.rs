//! EBANX's Direct API (`pagoefectivo`): a CIP under our own payment code, questions and cancelling by either id, refunds to a bank account, and notices
//! that name hashes only.
//!
//! Sources: docs.ebanx.com (JWS authentication, Peru), developers.ebanx.com (legacy Peru guide, notifications), developer.ebanx.com (refund-payment);
//! ebanx/benjamin with its fixtures, woocommerce-gateway-ebanx. Nothing was called live.
//!
//! - Requests are signed with RS256 (RFC 7797, the body not encoded). The private key stays with the host, which signs as the request names it. The older
//!   `integration_key` in the body, which EBANX calls deprecated, is not sent.
//! - How a question is signed was not in the pages read: every call is a POST here, as the documents say, and signed alike (inferred).
//! - Notices are signed with RSA-SHA1 by a key that was not at hand; EBANX's own plugins don't check it either. Each is a hint, and a question decides.
//! - A deadline is a day: the code is taken to live until its end by Lima's clock (inferred). `pin` is EBANX's own number, not the CIP.
//! - `merchant_payment_code` is unique, but how a repeat is refused was not seen, nor how an unknown one is: a lost create is looked up, and what is not
//!   found is not taken for absent.
//! - A paid code's refund goes to a bank account: EBANX mails the shopper for it. `ws/refundOrCancel` is never used: it gives paid money back.

mod calls;
mod status;
mod wire;

pub use calls::{check, request};
pub use status::{answer, notice};

use super::{Abilities, RefundWay};
use crate::json::Read;
use crate::money::Currency;
use crate::names::{Mode, Provider};
use crate::signature::Doubt;

/// A merchant's keys, from EBANX's dashboard; the private key is not among them.
#[derive(Clone, Debug, Read)]
#[json(deny_unknown_fields)]
pub struct Keys {
    /// The `kid` that EBANX gave for the public key.
    pub key_id: String,
}

/// What it can do, as documented.
pub const ABILITIES: Abilities = Abilities {
    provider: Provider::Ebanx,
    keys: &["key_id"],
    host_keys: &["signing_key"],
    look_up: true,
    cancel: true,
    refund: true,
    takes_expiry: true,
    demands: &["first_name", "last_name", "email"],
    currencies: &[Currency::Pen, Currency::Usd],
    hosts: &[(Mode::Test, "sandbox.ebanx.com"), (Mode::Live, "api.ebanx.com")],
    notice_doubt: Some(Doubt::Unverifiable),
    abroad: Some(true),
    refund_way: RefundWay::BankForm,
    validity_minutes: (Some(1_440), Some(4_320)),
    sure: "codes=c look_up=o query=o cancel=o refund=o validity=c notices=o abroad=o demands=i",
    sources: "docs.ebanx.com (JWS, Peru); developers.ebanx.com; developer.ebanx.com; ebanx/benjamin, woocommerce-gateway-ebanx",
    faults: &[("BP-SA-2", "wrong_key")],
    version: "ws/direct",
    ..Abilities::NONE
};
