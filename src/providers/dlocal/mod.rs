//! dLocal Payins (v2.1), Peru's cash method `EF`: signed calls, questions by id and by our order id, refunds to a bank account, signed notices.
//!
//! Sources: docs.dlocal.com (payins-security, docs/peru updated 2026-09-30, receive-notifications updated 2026-07-24, make-a-refund, orders) and
//! dLocal's documentation of v2.1; live behaviour where named after shhac/agent-dlocal's notes. Nothing was called live by us; what is inferred says so.
//!
//! - No field sets an expiry; the ticket's own rules (about 5 days in the published sample).
//! - `X-Idempotency-Key` is sent, but what a repeat does is not documented, so a create is never repeated; `GET /orders/{order_id}` finds a lost one.
//! - Cancelling is documented for "some DIRECT APMs tickets" (v2.1, cash-ticket-payments), not for `EF`, and its verb is inferred: a refusal means no
//!   more than that the code is still alive.
//! - Refunds go by bank transfer: dLocal mails the shopper a form, good for 7 days (support.dlocal.com, refunds).

mod calls;
pub mod sign;
mod status;
mod wire;

pub use calls::{check, request};
pub use status::{answer, notice};

use super::{Abilities, RefundWay};
use crate::json::Read;
use crate::money::Currency;
use crate::names::{Mode, Provider};
use crate::secret::Secret;

/// A merchant's keys, from dLocal's dashboard.
#[derive(Clone, Debug, Read)]
#[json(deny_unknown_fields)]
pub struct Keys {
    /// `X-Login`; signed along with every message.
    pub login: Secret,
    /// `X-Trans-Key`.
    pub trans_key: Secret,
    /// Signs both ways; never sent.
    pub secret_key: Secret,
}

/// What it can do, as documented.
pub const ABILITIES: Abilities = Abilities {
    provider: Provider::Dlocal,
    keys: &["login", "trans_key", "secret_key"],
    look_up: true,
    create_is_repeatable: false,
    cancel: true,
    refund: true,
    // A repeated refund id is refused (error 5011), which does not say how the first one stands.
    refund_is_repeatable: false,
    refund_at_outlet: false,
    takes_expiry: false,
    needs_token: false,
    demands: &["first_name", "email", "document"],
    currencies: &[Currency::Pen],
    least_minor: None,
    most_minor: None,
    // "Cash payments: 1 to 2 business days" (support.dlocal.com, after-paying).
    confirm_days: 2,
    notice_addresses: &[],
    hosts: &[(Mode::Test, "sandbox.dlocal.com"), (Mode::Live, "api.dlocal.com")],
    abroad: Some(true),
    // dLocal publishes none, and its own API accepts any date: this is our choice.
    notice_tolerance_seconds: Some(300),
    refund_way: RefundWay::BankForm,
    sure: "codes=o look_up=o query=o cancel=i refund=o validity=o notices=o abroad=o demands=o",
    sources: "docs.dlocal.com (payins-security, docs/peru of 2026-09-30, receive-notifications of 2026-07-24, make-a-refund); support.dlocal.com",
    faults: &[
        ("3001", "wrong_key"),
        ("3002", "address_not_listed"),
        ("3003", "wrong_key"),
        ("5000", "field"),
        ("5001", "field"),
        ("5012", "no_balance"),
        ("5016", "amount"),
        ("5020", "refund_too_late"),
    ],
    version: "payins 2.1",
    ..Abilities::NONE
};
