//! The guards: every check that a promise rests on, by name. The model test passes with all of them and fails without any one.

/// One check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Guard {
    /// Only money of the code's amount and currency, for the order's present amount, pays an order.
    RightAmount = 1,
    /// What a provider says counts only where it names our reference.
    RightReference = 1 << 1,
    /// "Mark as paid" is asked for once.
    PaidToldOnce = 1 << 2,
    /// "Cancel" is asked for once.
    CancelToldOnce = 1 << 3,
    /// An order is cancelled by itself only on an answer taken after deadline and grace.
    GraceIsOver = 1 << 4,
    /// That answer's own date is past the deadline.
    AnswerDatedAfterDeadline = 1 << 5,
    /// Only a code that the provider calls dead lets an order lapse.
    CodeIsDead = 1 << 6,
    /// Nothing is cancelled by itself once money has been reported, right or wrong.
    NoMoneySeen = 1 << 7,
    /// A cancel that waits in the outbox is not carried out once money has been reported, or another code is being made.
    CancelStillDue = 1 << 8,
    /// A "paid" that waits in the outbox is not carried out once the money was taken back.
    PaidStillDue = 1 << 9,
    /// Money for an order that no longer stands waits for a person.
    OrderStands = 1 << 10,
    /// A second payment waits for a person.
    FirstMoney = 1 << 11,
    /// A new code is made only when the old one is proven dead, or a person asks for it under a review.
    OldCodeIsDead = 1 << 12,
    /// An unanswered create is made again only after a look-up two minutes later found nothing.
    AbsentAtTwoMinutes = 1 << 13,
    /// An answer counts once: for an output that is still waited for.
    AnswerIsAwaited = 1 << 14,
    /// A notice moves nothing by itself: it brings the next question forward.
    NoticeOnlyAsks = 1 << 15,
    /// A notice counts once.
    NoticeIsNew = 1 << 16,
    /// Time never runs backwards for a case.
    TimeGoesForward = 1 << 17,
    /// A code that comes back after its order was called off is called off too.
    OrphanIsCalledOff = 1 << 18,
    /// An order that was partly paid by other means is cancelled by nobody but a person.
    NothingElsePaid = 1 << 19,
}

impl Guard {
    /// Every guard.
    pub const ALL: [Self; 20] = [
        Self::RightAmount,
        Self::RightReference,
        Self::PaidToldOnce,
        Self::CancelToldOnce,
        Self::GraceIsOver,
        Self::AnswerDatedAfterDeadline,
        Self::CodeIsDead,
        Self::NoMoneySeen,
        Self::CancelStillDue,
        Self::PaidStillDue,
        Self::OrderStands,
        Self::FirstMoney,
        Self::OldCodeIsDead,
        Self::AbsentAtTwoMinutes,
        Self::AnswerIsAwaited,
        Self::NoticeOnlyAsks,
        Self::NoticeIsNew,
        Self::TimeGoesForward,
        Self::OrphanIsCalledOff,
        Self::NothingElsePaid,
    ];
}

/// The guards that are in force: always all of them, but for the test that takes one away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guards(u32);

impl Guards {
    /// All guards.
    pub const ALL: Self = Self(u32::MAX);

    /// All but one.
    pub const fn without(self, guard: Guard) -> Self {
        Self(self.0 & !(guard as u32))
    }

    /// `holds`, or `true` where the guard was taken away.
    pub const fn check(self, guard: Guard, holds: bool) -> bool {
        holds || self.0 & guard as u32 == 0
    }
}
