//! A refund's way: to the shopper's bank account by a form that the provider sends, or (where a provider has it) by pick-up at an outlet.

use crate::clock::Instant;
use crate::json::{Read, Write};
use crate::money::Money;
use crate::names::{IdempotencyKey, ProviderId, RefundKey};

/// Where a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Write, Read)]
#[json(rename_all = "snake_case")]
pub enum RefundState {
    /// Asked of the provider, not yet acknowledged.
    Requested,
    /// The shopper must give bank details in the provider's form.
    NeedsBankDetails,
    /// The shopper can pick the cash up at an outlet (an ability that no provider known today has).
    ReadyForPickUp,
    /// On its way to the bank.
    Sent,
    /// The money arrived.
    Done,
    /// The provider refused it.
    Rejected,
    /// The form's or the pick-up's time ran out.
    Lapsed,
    /// It is not known whether the provider took the request: a person decides.
    Unknown,
}

impl RefundState {
    /// Whether the provider has promised the money to the shopper, so that a shop may write the refund down as made.
    pub fn is_on_its_way(self) -> bool {
        matches!(self, Self::Sent | Self::Done)
    }

    /// Whether the shopper will not get the money this way: a shop that wrote the refund down must be told.
    pub fn has_failed(self) -> bool {
        matches!(self, Self::Rejected | Self::Lapsed)
    }

    /// Whether nothing more can come of it by itself.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Rejected | Self::Lapsed)
    }
}

/// One refund of a payment.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(deny_unknown_fields)]
pub struct Refund {
    /// Our key, `<reference>-r<n>`.
    pub key: RefundKey,
    /// Repeats of the request are harmless under this key where the provider documents one.
    pub idempotency: IdempotencyKey,
    /// The attempt whose money goes back.
    pub attempt: u16,
    /// How much.
    pub amount: Money,
    /// Where it stands.
    pub state: RefundState,
    /// The provider's own id, once known.
    #[json(default, skip_serializing_if = "Option::is_none")]
    pub provider_id: Option<ProviderId>,
    /// When it was asked for.
    pub requested_at: Instant,
    /// When we learnt that nothing more can come of it by itself.
    #[json(default, skip_serializing_if = "Option::is_none")]
    pub settled_at: Option<Instant>,
    /// Until when the shopper can act, where the provider says.
    #[json(default, skip_serializing_if = "Option::is_none")]
    pub act_before: Option<Instant>,
}
