//! Our own simulated provider, modelled on what a good API would be: every call is signed, creates and refunds repeat harmlessly, all can be looked up.
//!
//! # The wire
//! All of it is JSON in UTF-8; amounts are decimal strings (`"12.50"`) beside their `currency`; instants are ISO 8601 in UTC (`2026-11-24T04:59:59.000Z`).
//! Every address begins with the channel's `sandbox_url`; *path* below is what follows it, with the query.
//!
//! Request headers: `X-Sandbox-Key` (who), `X-Sandbox-Time` (milliseconds since 1970, decimal) and `X-Sandbox-Signature` =
//! lower-case hex of `HMAC-SHA256(secret, time + "." + METHOD + "." + path + "." + body)`. A wrong key, signature or a time over 300 s away is a 401.
//!
//! | call | body | answer |
//! | --- | --- | --- |
//! | `POST /codes` | [`wire::NewCode`] | 201 [`wire::CodeAnswer`]; 200 with the same code for a known `idempotency_key` |
//! | `GET /codes/{id}` | – | 200 [`wire::CodeAnswer`] |
//! | `GET /codes?reference={reference}` | – | 200 [`wire::CodeList`], newest first; 404 `not_found` where there is none |
//! | `POST /codes/{id}/cancel` | empty | 200 [`wire::CodeAnswer`]; 409 `not_waiting` where it is paid, expired or cancelled |
//! | `POST /refunds` | [`wire::NewRefund`] | 201 [`wire::RefundAnswer`]; 200 with the same refund for a known `key` |
//! | `GET /refunds/{id}` | – | 200 [`wire::RefundAnswer`] |
//!
//! Words of a code's status: `waiting`, `paid`, `expired`, `cancelled`, `reversed`, `refunded`; of a refund's: `needs_bank_details`, `ready_for_pick_up`,
//! `sent`, `done`, `rejected`, `lapsed`. An error is a 4xx with [`wire::ErrorAnswer`]: `not_found` (404), `invalid` (422, naming the
//! field), `amount_out_of_range` (422; S/ 1.00 to S/ 10,000.00), `not_waiting` (409), `not_paid` (409). A create with a known reference but another
//! `idempotency_key` makes a second code.
//!
//! A notice is a POST of [`wire::Notice`] with `X-Sandbox-Time` and `X-Sandbox-Signature` = lower-case hex of `HMAC-SHA256(secret, time + "." + body)`;
//! events are `code.paid`, `code.expired`, `code.cancelled`, `code.reversed`, `code.refunded`. It wants any 2xx.

mod calls;
pub mod serve;
pub mod sign;
mod status;
pub mod wire;

pub use super::asking::anyone as check;
pub use calls::request;
pub use status::{answer, notice};

use super::{Abilities, RefundWay};
use crate::json::Read;
use crate::money::Currency;
use crate::names::Provider;
use crate::secret::Secret;

/// A merchant's keys at the sandbox.
#[derive(Clone, Debug, Read)]
#[json(deny_unknown_fields)]
pub struct Keys {
    /// Names the merchant.
    pub key: Secret,
    /// Signs both ways.
    pub secret: Secret,
}

/// What it can do: all but paying a refund out at an outlet, which no known provider does.
pub const ABILITIES: Abilities = Abilities {
    provider: Provider::Sandbox,
    keys: &["key", "secret"],
    look_up: true,
    create_is_repeatable: true,
    cancel: true,
    refund: true,
    refund_is_repeatable: true,
    refund_at_outlet: false,
    takes_expiry: true,
    needs_token: false,
    demands: &[],
    currencies: &[Currency::Pen, Currency::Usd],
    least_minor: Some(100),
    most_minor: Some(1_000_000),
    confirm_days: 1,
    notice_addresses: &[],
    hosts: &[],
    notice_tolerance_seconds: Some(300),
    refund_way: RefundWay::BankForm,
    version: "1",
    ..Abilities::NONE
};
