//! A case: one order's whole payment story, without any personal data.

use super::refund::{Refund, RefundState};
use super::review::{Review, ReviewKind};
use super::settings::{Locale, LostCreate, MailKind, Tone};
use super::shop::OrderRead;
use super::state::State;
use crate::clock::Instant;
use crate::json::{Read, Write};
use crate::money::Money;
use crate::names::{CaseId, ChannelId, Digits, IdempotencyKey, Mode, OrderKey, PageToken, PaymentId, Provider, ProviderId, Reference};

/// The number of this document's shape. Older ones are upcast on reading, newer ones are refused by name.
pub const CASE_SCHEMA: u16 = 1;

/// What holds for the whole life of a case, taken from the settings when the order was placed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(deny_unknown_fields)]
pub struct Terms {
    /// How long a code is to live, in hours.
    pub validity_hours: u16,
    /// How long after the deadline an unpaid order is kept, in hours.
    pub cancel_grace_hours: u16,
    /// The shop's tag in references.
    pub shop_tag: String,
    /// The shopper's language.
    pub locale: Locale,
    /// How Spanish addresses the shopper.
    pub tone: Tone,
    /// Mails that are switched off.
    pub mails_off: Vec<MailKind>,
    /// What happens where nobody can tell whether a lost create made a code.
    #[json(default, skip_serializing_if = "LostCreate::is_default")]
    pub lost_create: LostCreate,
    /// Whether a shopper gets no other code once this one is dead.
    #[json(default, skip_serializing_if = "core::ops::Not::not")]
    pub one_code: bool,
    /// The channels in order: the first is tried first.
    pub channels: Vec<Route>,
}

/// A channel as a case knows it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(deny_unknown_fields)]
pub struct Route {
    /// The channel.
    pub id: ChannelId,
    /// Its provider.
    pub provider: Provider,
}

/// One order's payment story.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(deny_unknown_fields)]
pub struct Case {
    /// [`CASE_SCHEMA`] when written.
    pub schema: u16,
    /// The case's id.
    pub id: CaseId,
    /// The shop's key of the order.
    pub order: OrderKey,
    /// The order's number as people say it.
    pub number: String,
    /// Test or live; never mixed.
    pub mode: Mode,
    /// 64 hexadecimal digits drawn at birth; references and idempotency keys derive from them.
    pub seed: String,
    /// The random part of the shopper's link.
    pub page_token: PageToken,
    /// What held when the order was placed.
    pub terms: Terms,
    /// When the order was placed.
    pub placed_at: Instant,
    /// What the order asks for now.
    pub amount: Money,
    /// The shop's order as last read.
    pub shop: OrderRead,
    /// Where the case stands.
    pub state: State,
    /// One per code asked for, the current one last.
    pub attempts: Vec<Attempt>,
    /// Questions for a person, open and closed.
    pub reviews: Vec<Review>,
    /// Refunds, in the order they were asked for.
    pub refunds: Vec<Refund>,
    /// What became of "mark as paid".
    pub told_paid: Told,
    /// What became of "cancel and restock".
    pub told_cancel: Told,
    /// Mails asked for, with their attempts.
    pub mails: Vec<(MailKind, u16)>,
    /// Outputs whose outcome is still to come.
    pub pending: Vec<Pending>,
    /// What is to happen to the current code, beyond waiting for its money.
    pub wish: Wish,
    /// When the provider was last asked about this case.
    pub last_asked_at: Option<Instant>,
    /// A notice came while a question was under way: ask once more after its answer.
    pub ask_again: bool,
    /// When the shopper last had the code mailed again.
    pub mailed_again_at: Option<Instant>,
    /// Short digests of the last notices, so that a repeated one changes nothing.
    pub notices: Vec<String>,
    /// The latest instant that this case has seen; time never runs backwards for it.
    pub last_seen: Instant,
    /// When the provider is to be asked next.
    pub next_poll_at: Option<Instant>,
    /// When the host must wake this case; late or spurious wakes are harmless.
    pub wake_at: Option<Instant>,
    /// The number of the next output.
    pub next_output: u32,
    /// The number of the next journal row.
    pub next_entry: u32,
    /// Counters, which no decision depends on.
    pub counters: Counters,
}

/// What is wanted of the current code, beyond its money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Write, Read)]
#[json(rename_all = "snake_case")]
pub enum Wish {
    /// Nothing: it waits for its money.
    #[default]
    None,
    /// A merchant wants the order cancelled, once the code is dead or the provider has said that it is unpaid.
    Cancel,
    /// A new code, once this one is proven dead.
    Replace,
}

/// What became of an effect on the shop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Write, Read)]
#[json(rename_all = "snake_case")]
pub enum Told {
    /// Never asked for.
    #[default]
    Not,
    /// Asked for under this output number.
    Asked(u32),
    /// The shop did it.
    Done,
    /// The shop refused it; a review is open.
    Refused,
}

/// An output whose outcome has not come.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(deny_unknown_fields)]
pub struct Pending {
    /// The output's number.
    pub output: u32,
    /// What kind of call or effect it is.
    pub what: Asked,
    /// The attempt it is for.
    pub attempt: u16,
}

/// The kinds of outputs that a case waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Write, Read)]
#[json(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Asked {
    Create,
    LookUp,
    Query,
    Cancel,
    Refund,
    RefundQuery,
    ShowCode,
    MarkPaid,
    CancelOrder,
    Note,
    Mail,
}

/// Numbers for the merchant's desk; nothing decides by them and they are not part of what a journal rebuilds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Write, Read)]
#[json(deny_unknown_fields, default)]
pub struct Counters {
    /// Answers that changed nothing.
    pub quiet_answers: u32,
    /// Notices that had been seen before.
    pub repeated_notices: u32,
    /// Times that a provider could not be asked, in a row.
    pub failures_in_a_row: u32,
    /// Times the shopper asked to check.
    pub shopper_checks: u32,
}

/// One code asked of one channel.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(deny_unknown_fields)]
pub struct Attempt {
    /// Counts up from 1.
    pub no: u16,
    /// The channel.
    pub channel: ChannelId,
    /// Its provider.
    pub provider: Provider,
    /// Our name for it at the provider.
    pub reference: Reference,
    /// Makes a repeated create harmless where the provider documents such a key.
    pub idempotency: IdempotencyKey,
    /// What the code is for.
    pub amount: Money,
    /// The expiry that was asked for.
    pub expiry_wanted: Instant,
    /// Where it stands.
    pub state: State,
    /// How far its making has come.
    pub creation: Creation,
    /// The code, once there is one.
    #[json(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// Money that the provider has reported for it.
    pub payments: Vec<Payment>,
    /// Whether the provider itself has said that it can no longer be paid.
    pub proven_dead: bool,
    /// Whether a good notice has come for it.
    pub noticed: bool,
    /// Whether the provider has refused to call it off.
    pub cancel_refused: bool,
    /// The payment that the first good notice told of, before any answer did; empty where notices give no id.
    #[json(default, skip_serializing_if = "Option::is_none")]
    pub announced: Option<PaymentId>,
}

/// How far the making of a code has come.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(rename_all = "snake_case")]
pub enum Creation {
    /// Asked for this many times.
    Asked {
        /// Tries so far.
        tries: u16,
    },
    /// It did not leave, or the provider was busy: to be asked again then.
    Again {
        /// Tries so far.
        tries: u16,
        /// When.
        at: Instant,
    },
    /// It left and nothing readable came back.
    Unanswered {
        /// When that was.
        since: Instant,
        /// Look-ups made.
        lookups: u16,
        /// Creates asked for so far.
        tries: u16,
    },
    /// There is a code.
    Made,
    /// The provider said no.
    Refused {
        /// The provider's own error code.
        code: String,
        /// The field that it names, if any.
        field: String,
    },
}

/// A code as the provider issued it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(deny_unknown_fields)]
pub struct Code {
    /// What the shopper pays with.
    pub handle: Handle,
    /// The provider's id of the payment.
    pub provider_id: ProviderId,
    /// The provider's own voucher page, https only; empty for none.
    #[json(default, skip_serializing_if = "String::is_empty")]
    pub url: String,
    /// What a barcode encodes, only where the provider returned it.
    #[json(default, skip_serializing_if = "String::is_empty")]
    pub barcode: String,
    /// What a *payment* QR encodes, only where the provider returned it.
    #[json(default, skip_serializing_if = "String::is_empty")]
    pub payment_qr: String,
    /// When we learnt of it.
    pub issued_at: Instant,
    /// Until when it can be paid, as the provider returned it.
    pub expires_at: Instant,
}

impl Code {
    /// Stands for a deadline that an answer doesn't name: what the attempt asked for.
    pub const DEADLINE_AS_ASKED: Instant = Instant(0);
}

/// What a shopper pays with.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(rename_all = "snake_case")]
pub enum Handle {
    /// Digits to dictate or type (the CIP).
    Digits(Digits),
    /// Only a page to go to.
    Link,
}

/// Money that a provider reported.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(deny_unknown_fields)]
pub struct Payment {
    /// The provider's id of the payment at the counter, where it gives one; empty otherwise.
    pub id: PaymentId,
    /// What was paid.
    pub amount: Money,
    /// When it was paid, where the provider says.
    #[json(default, skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<Instant>,
    /// When we learnt of it.
    pub seen_at: Instant,
    /// How it counts.
    pub standing: Standing,
}

/// How a payment counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(rename_all = "snake_case")]
pub enum Standing {
    /// It pays the order.
    Counts,
    /// Right money, but the order was already closed: a person decides.
    Late,
    /// The order was paid already.
    Second,
    /// Another amount or currency than the code was for.
    Mismatched,
    /// Taken back.
    Reversed,
    /// Given back by us.
    Refunded,
}

impl Standing {
    /// Whether the money is with the provider or the merchant now.
    pub fn is_in(self) -> bool {
        !matches!(self, Self::Reversed | Self::Refunded)
    }
}

impl Attempt {
    /// Whether a genuine notice told of a payment that no answer has told of yet.
    pub fn is_unconfirmed(&self) -> bool {
        self.announced.is_some() && self.payments.is_empty()
    }
}

impl Case {
    /// The attempt that counts now: the last one.
    pub fn current(&self) -> Option<&Attempt> {
        self.attempts.last()
    }

    /// Whether money that was not taken or given back has been reported for any attempt, right or wrong, confirmed or only announced.
    pub fn holds_money(&self) -> bool {
        self.payments().any(|payment| payment.standing.is_in()) || self.attempts.iter().any(Attempt::is_unconfirmed)
    }

    /// The payment that pays the order, if one does.
    pub fn paying(&self) -> Option<&Payment> {
        self.payments().find(|payment| payment.standing == Standing::Counts)
    }

    /// Every payment of every attempt.
    pub fn payments(&self) -> impl Iterator<Item = &Payment> {
        self.attempts.iter().flat_map(|attempt| attempt.payments.iter())
    }

    /// Whether this much of an attempt's money is in, and not given back or on its way back.
    pub fn can_give_back(&self, no: u16, amount: Money) -> bool {
        let left = self.refundable(no);
        amount.minor > 0 && left.is_some_and(|left| left.currency == amount.currency && left.minor >= amount.minor)
    }

    /// How much of an attempt's money is in, and not given back or on its way back.
    pub fn refundable(&self, no: u16) -> Option<Money> {
        let attempt = self.attempt(no)?;
        let mut left = Money::new(0, attempt.amount.currency);
        for payment in attempt.payments.iter().filter(|p| p.standing != Standing::Reversed) {
            left = left.plus(payment.amount).ok()?;
        }
        let promised = |r: &&Refund| r.attempt == no && !matches!(r.state, RefundState::Rejected | RefundState::Lapsed);
        for refund in self.refunds.iter().filter(promised) {
            left = left.minus(refund.amount).ok()?;
        }
        Some(left)
    }

    /// An attempt by its number.
    pub fn attempt(&self, no: u16) -> Option<&Attempt> {
        self.attempts.iter().find(|attempt| attempt.no == no)
    }

    /// Open reviews of one kind.
    pub fn open_reviews(&self, kind: ReviewKind) -> impl Iterator<Item = &Review> {
        self.reviews.iter().filter(move |review| review.kind == kind && review.closed.is_none())
    }
}
