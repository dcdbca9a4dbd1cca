//! Reviews: questions that only a person can decide, each with a kind, evidence, a time limit, steps in the words catalogue and a closing reason.

use crate::clock::{DAY, Instant};
use crate::json::{Read, Write};
use crate::money::Money;

/// Why a person is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Write, Read)]
#[json(rename_all = "snake_case")]
pub enum ReviewKind {
    /// Money came after the order had been closed.
    LateMoney,
    /// A second payment for the same order.
    SecondMoney,
    /// Money of another amount, currency, merchant or mode.
    MismatchedMoney,
    /// Money that no order is known for.
    UnmatchedMoney,
    /// Money was taken back (extorno, chargeback).
    ReversedMoney,
    /// There may be two codes that can be paid for one order.
    TwoCodesPossible,
    /// The shop refused an effect, or the order is not what it was.
    EffectRefused,
    /// The provider could not be asked after the deadline.
    ProviderUnreachable,
    /// The payment was found by asking; no notice ever came.
    PaidNeverNotified,
    /// A genuine notice told of a payment, and the provider's own answer knows of none.
    PaidUnconfirmed,
    /// The provider said something that this build does not know.
    UnknownStatus,
    /// A request or mail was given up after its last try.
    OutputDead,
    /// A refund can't be followed or was refused.
    RefundStuck,
    /// The provider refused to make a code, or a datum it demands is missing.
    NoCode,
}

impl ReviewKind {
    /// Every kind, for lists and tests.
    pub const ALL: [Self; 14] = [
        Self::LateMoney,
        Self::SecondMoney,
        Self::MismatchedMoney,
        Self::UnmatchedMoney,
        Self::ReversedMoney,
        Self::TwoCodesPossible,
        Self::EffectRefused,
        Self::ProviderUnreachable,
        Self::PaidNeverNotified,
        Self::PaidUnconfirmed,
        Self::UnknownStatus,
        Self::OutputDead,
        Self::RefundStuck,
        Self::NoCode,
    ];

    /// How long a person has before the review is overdue, in milliseconds; a paying shopper waits at most two business days for an answer.
    pub fn time_limit(self) -> i64 {
        match self {
            Self::PaidNeverNotified | Self::UnknownStatus => 7 * DAY,
            Self::ReversedMoney | Self::UnmatchedMoney => DAY,
            _ => 2 * DAY,
        }
    }

    /// Whether the amount of such a review is money that came.
    pub fn is_of_money(self) -> bool {
        matches!(self, Self::LateMoney | Self::SecondMoney | Self::MismatchedMoney | Self::UnmatchedMoney | Self::ReversedMoney)
    }

    /// The decisions that a merchant may take, as a desk offers them.
    pub fn resolutions(self) -> &'static [Resolution] {
        use Resolution::*;
        match self {
            Self::LateMoney => &[AcceptMoney, RefundMoney, SettledElsewhere],
            Self::SecondMoney | Self::MismatchedMoney | Self::UnmatchedMoney => &[RefundMoney, SettledElsewhere],
            Self::TwoCodesPossible => &[IssueAnother, SettledElsewhere],
            Self::NoCode | Self::OutputDead => &[TryAgain, SettledElsewhere],
            Self::EffectRefused => &[TryAgain, RefundMoney, SettledElsewhere],
            Self::RefundStuck => &[TryAgain, SettledElsewhere],
            Self::ReversedMoney | Self::ProviderUnreachable | Self::PaidNeverNotified | Self::PaidUnconfirmed | Self::UnknownStatus => {
                &[Noted, SettledElsewhere]
            }
        }
    }
}

/// How a review was, or can be, closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Write, Read)]
#[json(rename_all = "snake_case")]
pub enum Resolution {
    /// Take the money and let the order live (again), once stock was checked.
    AcceptMoney,
    /// Give the money back.
    RefundMoney,
    /// Ask for another code, knowing that the first may still be paid.
    IssueAnother,
    /// Do what failed once more.
    TryAgain,
    /// Seen; nothing to do.
    Noted,
    /// A person settled it outside, with a reason in their own words.
    SettledElsewhere,
    /// The cause went away by itself (the provider answered, the effect took).
    ClearedItself,
}

/// One question for a person.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(deny_unknown_fields)]
pub struct Review {
    /// Counts up from 1 within a case.
    pub no: u16,
    /// Why.
    pub kind: ReviewKind,
    /// The attempt it is about, where it is about one.
    pub attempt: u16,
    /// What tells this occasion from another of the same kind (a payment's id, an output's number); one review per kind, attempt and occasion.
    pub about: String,
    /// The money in question, where there is some.
    #[json(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// When it opened.
    pub opened_at: Instant,
    /// When it becomes overdue.
    pub due_at: Instant,
    /// When and how it closed.
    #[json(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Closing>,
}

/// The end of a review.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(deny_unknown_fields)]
pub struct Closing {
    /// When.
    pub at: Instant,
    /// How.
    pub resolution: Resolution,
    /// In a person's words; at most 500 characters.
    pub reason: String,
}
