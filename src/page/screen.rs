//! Which screen a case shows to its shopper: one table, read from top to bottom.

use crate::clock::Instant;
use crate::voucher::case::{Standing, Told, Wish};
use crate::voucher::{Case, Handle, OrderStatus, ReviewKind, State};

/// What a shopper sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// There is no code yet, or it is not known whether there is one.
    Creating,
    /// Pay with this code.
    Waiting,
    /// Pay with this new code, not with the one before.
    Replaced,
    /// Don't pay: the order is being cancelled and money is looked for.
    Stopping,
    /// Don't pay: the deadline has passed and the provider is being asked.
    Checking,
    /// Not paid in time, and the shop has released the products.
    Lapsed,
    /// Paid.
    Paid,
    /// Paid after the order was closed.
    Late,
    /// Paid more than once.
    Double,
    /// Money of another amount or currency came.
    Mismatch,
    /// A person looks at the payment.
    Review,
    /// Money was taken back.
    Reversed,
    /// Called off.
    Cancelled,
    /// No code could be made.
    Failed,
}

impl Screen {
    /// Every screen, for previews and tests.
    pub const ALL: [Self; 14] = [
        Self::Creating,
        Self::Waiting,
        Self::Replaced,
        Self::Stopping,
        Self::Checking,
        Self::Lapsed,
        Self::Paid,
        Self::Late,
        Self::Double,
        Self::Mismatch,
        Self::Review,
        Self::Reversed,
        Self::Cancelled,
        Self::Failed,
    ];

    /// The name that the page's script and file names see.
    pub fn name(self) -> &'static str {
        match self {
            Self::Creating => "creating",
            Self::Waiting => "waiting",
            Self::Replaced => "replaced",
            Self::Stopping => "stopping",
            Self::Checking => "checking",
            Self::Lapsed => "lapsed",
            Self::Paid => "paid",
            Self::Late => "late",
            Self::Double => "double",
            Self::Mismatch => "mismatch",
            Self::Review => "review",
            Self::Reversed => "reversed",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        }
    }

    /// Whether the shopper may pay with what the page shows.
    pub fn is_payable(self) -> bool {
        matches!(self, Self::Waiting | Self::Replaced)
    }

    /// Whether the page can change by itself soon, so that it keeps asking.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Creating | Self::Waiting | Self::Replaced | Self::Stopping | Self::Checking)
    }
}

/// The screen of a case at `now`; money that came is always said before anything else.
pub fn screen(case: &Case, now: Instant) -> Screen {
    let open = |kind| case.open_reviews(kind).next().is_some();
    let holds = |standing| case.attempts.iter().flat_map(|attempt| &attempt.payments).any(|payment| payment.standing == standing);
    match case.state {
        State::Reversed => Screen::Reversed,
        State::Paid if open(ReviewKind::SecondMoney) || holds(Standing::Second) => Screen::Double,
        State::Paid => Screen::Paid,
        _ if open(ReviewKind::LateMoney) || holds(Standing::Late) => Screen::Late,
        _ if open(ReviewKind::MismatchedMoney) || holds(Standing::Mismatched) => Screen::Mismatch,
        _ if open(ReviewKind::UnmatchedMoney) || holds(Standing::Second) => Screen::Review,
        State::Failed => Screen::Failed,
        State::Cancelled => Screen::Cancelled,
        State::Lapsed if case.told_cancel == Told::Done || case.shop.status != OrderStatus::Open => Screen::Lapsed,
        State::Lapsed | State::Checking => Screen::Checking,
        State::Creating | State::Unknown if case.wish == Wish::Cancel => Screen::Stopping,
        State::Creating | State::Unknown => Screen::Creating,
        State::Waiting => waiting(case, now),
    }
}

fn waiting(case: &Case, now: Instant) -> Screen {
    let expires = case.current().and_then(|attempt| attempt.code.as_ref()).map(|code| code.expires_at);
    let was_paid = case.current().is_some_and(|attempt| !attempt.payments.is_empty());
    match (case.wish, expires) {
        (Wish::Cancel, _) => Screen::Stopping,
        (Wish::Replace, _) | (_, None) => Screen::Creating,
        (Wish::None, Some(at)) if at <= now || was_paid => Screen::Checking,
        (Wish::None, Some(_)) if case.attempts.len() > 1 => Screen::Replaced,
        (Wish::None, Some(_)) => Screen::Waiting,
    }
}

/// Whether the page offers a new code: the old one is proven dead, the order still stands, and its checkout takes another.
pub(super) fn may_renew(case: &Case) -> bool {
    let dead = case.current().is_some_and(|attempt| attempt.proven_dead);
    let stands = case.shop.status == OrderStatus::Open && !matches!(case.told_cancel, Told::Done | Told::Asked(_));
    !case.terms.one_code && dead && stands && matches!(case.state, State::Lapsed | State::Cancelled | State::Checking)
}

/// The digits of the current code, where it has any.
pub(super) fn digits(case: &Case) -> &str {
    match case.current().and_then(|attempt| attempt.code.as_ref()).map(|code| &code.handle) {
        Some(Handle::Digits(digits)) => digits.as_str(),
        Some(Handle::Link) | None => "",
    }
}

/// Until when the current code can be paid, or was to be.
pub(super) fn expires(case: &Case) -> Option<Instant> {
    case.current().map(|attempt| attempt.code.as_ref().map_or(attempt.expiry_wanted, |code| code.expires_at))
}
