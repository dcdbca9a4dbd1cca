//! The states of a payment code and the whole table of their turns, on one screen.
//!
//! "Cancelado" is what PagoEfectivo calls a *paid* code; here `Cancelled` always means that nobody should pay it any more.

use crate::json::{Read, Write};

/// Where an attempt, and by its current attempt a case, stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Write, Read)]
#[json(rename_all = "snake_case")]
pub enum State {
    /// A code has been asked for and has not come back yet.
    Creating,
    /// It is not known whether the provider made a code: it is being looked up, or stays so until it can no longer be paid.
    Unknown,
    /// The code can be paid.
    Waiting,
    /// The deadline has passed and the provider is being asked; the order still stands.
    Checking,
    /// Not paid in time, as the provider itself said after the deadline and its grace; the shop releases the stock.
    Lapsed,
    /// Money of the right amount and currency was reported by the provider.
    Paid,
    /// Money that had been reported was taken back (extorno, chargeback).
    Reversed,
    /// The order or the code was called off before money came.
    Cancelled,
    /// The provider refused to make a code.
    Failed,
}

/// What can turn a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(rename_all = "snake_case")]
pub enum Turn {
    /// The provider returned a code.
    Issued,
    /// The provider refused to make one.
    Refused,
    /// The create left and nothing readable came back.
    Unanswered,
    /// A look-up by our reference proved that no code was made.
    Absent,
    /// The deadline passed.
    DeadlinePassed,
    /// The provider moved the deadline into the future.
    Extended,
    /// The provider said after deadline and grace that nothing was paid, or that the code is dead.
    Unpaid,
    /// Right money was reported.
    MoneyCame,
    /// Reported money was taken back, or the provider calls the whole code reversed before it told of any.
    MoneyTaken,
    /// The order was cancelled, or the code is being replaced.
    CalledOff,
    /// A merchant accepted late money: the order lives again.
    LateAccepted,
}

impl State {
    /// The state after a turn, or `None` where that turn means nothing here. This is the whole table.
    pub fn after(self, turn: Turn) -> Option<Self> {
        use State::*;
        use Turn::*;
        Some(match (self, turn) {
            (Creating | Unknown, Issued) => Waiting,
            (Creating | Unknown, Refused) => Failed,
            (Creating, Unanswered) => Unknown,
            (Unknown, Absent) => Creating,
            (Waiting, DeadlinePassed) => Checking,
            (Checking, Extended) => Waiting,
            (Unknown | Waiting | Checking, Unpaid) => Lapsed,
            (Creating | Unknown | Waiting | Checking, MoneyCame) => Paid,
            (Creating | Unknown | Waiting | Checking, CalledOff) => Cancelled,
            (Creating | Unknown | Waiting | Checking | Paid, MoneyTaken) => Reversed,
            (Lapsed | Cancelled | Failed, LateAccepted) => Paid,
            _ => return None,
        })
    }

    /// Whether a shopper could still pay, so that no second code may be made beside it.
    pub fn may_be_payable(self) -> bool {
        matches!(self, Self::Creating | Self::Unknown | Self::Waiting | Self::Checking)
    }

    /// Whether money was right and is, or was, in.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Paid | Self::Reversed)
    }
}
