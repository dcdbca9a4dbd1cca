//! The shop's own order as a host read it, and the effects that may be asked of it, each with the states in which it is allowed.

use crate::clock::Instant;
use crate::json::{Read, Write};
use crate::money::Money;

/// How the shop itself describes the order, in words that every shop software maps to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Write, Read)]
#[json(rename_all = "snake_case")]
pub enum OrderStatus {
    /// Waiting for payment, stock held.
    Open,
    /// Paid (being prepared, shipped or done).
    Paid,
    /// Cancelled, stock released.
    Cancelled,
    /// Money given back by the shop.
    Refunded,
    /// The order no longer exists.
    Gone,
}

/// The order's payment facts as the host read them under the order's lock.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(deny_unknown_fields)]
pub struct OrderRead {
    /// The shop's status.
    pub status: OrderStatus,
    /// What is still to be paid.
    pub outstanding: Money,
    /// The order's whole amount.
    pub total: Money,
}

/// The condition under which a host may carry an effect out; checked under the order's lock, after reading it again.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(deny_unknown_fields)]
pub struct Precondition {
    /// The order must be in one of these.
    pub statuses: Vec<OrderStatus>,
    /// Where given, the outstanding amount and currency must be exactly this.
    #[json(default, skip_serializing_if = "Option::is_none")]
    pub outstanding: Option<Money>,
}

/// What the engine asks of a shop.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(rename_all = "snake_case")]
pub enum Effect {
    /// Show the code on the order and keep the stock.
    ShowCode {
        /// The digits, or empty where the provider only gives a link.
        digits: String,
        /// Until when it can be paid.
        expires_at: Instant,
    },
    /// Mark the order as paid with this money.
    MarkPaid {
        /// What was paid.
        amount: Money,
    },
    /// Cancel the order and release its stock, once.
    Cancel,
    /// Put a note on the order: the words' id, never the words themselves.
    Note {
        /// An id of the words catalogue.
        words: String,
    },
}
