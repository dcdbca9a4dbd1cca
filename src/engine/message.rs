//! What goes into the engine and what comes out: inputs as hosts give them, events as the journal keeps them, outputs as intents without secrets.

use crate::clock::Instant;
use crate::http;
use crate::json::{Read, Write};
use crate::money::Money;
use crate::names::{CaseId, ChannelId, Mode, OrderKey, PageToken, Provider};
use crate::providers::{Call, NoticeFacts, Reading};
use crate::signature::Verdict;
use crate::voucher::case::Terms;
use crate::voucher::settings::MailKind;
use crate::voucher::{Asked, Effect, OrderRead, Person, Precondition, Resolution};

/// Something that happened, as a host tells it. Raw bodies travel beside it.
#[derive(Clone, Debug, PartialEq, Eq, Read)]
#[json(rename_all = "snake_case", deny_unknown_fields)]
pub enum Input {
    /// An order wants a code; there is no case yet.
    Placed(Box<Order>),
    /// The shop's order, read again because it was edited, paid elsewhere, cancelled or deleted.
    Order {
        /// What was read.
        read: OrderRead,
    },
    /// What came back for a request, or how it failed; the body travels as bytes.
    Answer {
        /// The output that was carried out.
        output: Output,
        /// The answer.
        answer: http::Answer,
        /// Whether this output had left once before, and a crash took what came back.
        #[json(default)]
        sent_before: bool,
    },
    /// A notice that was routed to this case.
    Notice(Notice),
    /// What became of a shop effect or a mail.
    Outcome {
        /// The output's number.
        output: u32,
        /// What became of it.
        outcome: Outcome,
        /// The order as read afterwards, where it was read.
        read: Option<OrderRead>,
    },
    /// It is time; late or needless wakes are harmless.
    Wake,
    /// The shopper pressed something.
    Shopper(Request),
    /// The merchant decided something.
    Merchant(Decision),
    /// Money that no order is known for; there is no case yet.
    Unmatched(Box<Stray>),
}

/// An order to be paid with a code.
#[derive(Clone, Debug, PartialEq, Eq, Read)]
#[json(deny_unknown_fields)]
pub struct Order {
    /// The new case's id.
    pub id: CaseId,
    /// The shop's key.
    pub order: OrderKey,
    /// The number that people say.
    pub number: String,
    /// Test or live: only channels of that mode are used.
    pub mode: Mode,
    /// 64 hexadecimal digits from the host's entropy.
    pub seed: String,
    /// At least 128 bits for the shopper's link.
    pub page_token: PageToken,
    /// The order as read.
    pub read: OrderRead,
    /// The categories of the order's products, as the shop names them; a channel may exclude some.
    #[json(default)]
    pub categories: Vec<String>,
    /// The payer; checked against what the provider demands, then kept as evidence only.
    pub person: Person,
}

/// A routed notice.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(deny_unknown_fields)]
pub struct Notice {
    /// The channel it came by.
    pub channel: ChannelId,
    /// The verdict; a refused one never gets here.
    pub verdict: Verdict,
    /// What it speaks of.
    pub facts: NoticeFacts,
    /// The inbox's key of it.
    pub dedupe_key: String,
}

/// Money without an order.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(deny_unknown_fields)]
pub struct Stray {
    /// The new case's id.
    pub id: CaseId,
    /// 64 hexadecimal digits.
    pub seed: String,
    /// A token for symmetry; no page is served for it.
    pub page_token: PageToken,
    /// Test or live.
    pub mode: Mode,
    /// The channel it came by.
    pub channel: ChannelId,
    /// That channel's provider.
    pub provider: Provider,
    /// What the notice says.
    pub facts: NoticeFacts,
    /// The inbox's key of it.
    pub dedupe_key: String,
}

/// What became of an effect on the shop, or of a mail.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// Done now.
    Done,
    /// It stood so before; for a payment, whether the sale on the order is ours.
    AlreadySo {
        /// Whether it was our own doing.
        ours: bool,
    },
    /// The precondition did not hold, or the shop said no.
    Refused {
        /// Why, in the host's words; no personal data.
        why: String,
    },
    /// The host can't tell.
    Unknown,
    /// `carry` said that it was not due any more.
    NoLongerDue,
    /// Given up after the last try.
    Dead,
}

/// What a shopper can ask for on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(rename_all = "snake_case")]
pub enum Request {
    /// "I have paid": ask the provider now, at most once a minute.
    CheckNow,
    /// The code by mail once more, at most every five minutes.
    MailAgain,
    /// A new code, once the old one is proven dead.
    NewCode,
}

/// What a merchant can decide.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(rename_all = "snake_case", deny_unknown_fields)]
pub enum Decision {
    /// Ask the provider now.
    CheckNow,
    /// Cancel the order, after asking the provider.
    Cancel,
    /// Close a review.
    Resolve {
        /// The review's number.
        review: u16,
        /// How.
        resolution: Resolution,
        /// In the merchant's words; needed, at most 500 characters.
        reason: String,
    },
    /// Give money back.
    Refund {
        /// The attempt whose money it is.
        attempt: u16,
        /// How much.
        amount: Money,
    },
}

/// What the journal keeps: the same happening with raw bytes read and personal data left out. Applied in order, these rebuild the case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(rename_all = "snake_case", deny_unknown_fields)]
#[allow(missing_docs)]
pub enum Event {
    Placed(Box<Birth>),
    Order {
        read: OrderRead,
    },
    Answer {
        output: u32,
        attempt: u16,
        call: Call,
        reading: Reading,
        dated: Option<Instant>,
    },
    Notice(Notice),
    Outcome {
        output: u32,
        /// What had been asked for, for whoever reads the journal.
        what: Option<Asked>,
        outcome: Outcome,
        read: Option<OrderRead>,
    },
    Wake,
    Shopper(Request),
    Merchant(Decision),
    Unmatched(Box<Stray>),
}

/// A case's birth, without personal data.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Birth {
    pub id: CaseId,
    pub order: OrderKey,
    pub number: String,
    pub mode: Mode,
    pub seed: String,
    pub page_token: PageToken,
    pub read: OrderRead,
    pub terms: Terms,
}

/// One row of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(deny_unknown_fields)]
pub struct Entry {
    /// Counts up from 1 within a case.
    pub no: u32,
    /// When it happened.
    pub at: Instant,
    /// The number that the next output had then.
    pub next_output: u32,
    /// What happened.
    pub event: Event,
}

/// An intent for the host to carry out; bytes and secrets come in only when it is carried.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(deny_unknown_fields)]
pub struct Output {
    /// Counts up from 1 within a case.
    pub no: u32,
    /// Outputs of a lane keep their order; lanes don't wait for each other.
    pub lane: Lane,
    /// Whether it may be sent again when nobody knows whether it was.
    pub repeatable: bool,
    /// What to do.
    pub body: Body,
}

/// The three queues of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Write, Read)]
#[json(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Lane {
    Provider,
    Shop,
    Mail,
}

/// What an output asks for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(rename_all = "snake_case", deny_unknown_fields)]
pub enum Body {
    /// Ask a provider.
    Ask {
        /// For this attempt.
        attempt: u16,
        /// By this channel.
        channel: ChannelId,
        /// This.
        call: Call,
    },
    /// Tell the shop.
    Tell {
        /// To do this.
        effect: Effect,
        /// If the order is like this.
        when: Precondition,
    },
    /// Send a mail.
    Mail {
        /// This one.
        kind: MailKind,
        /// About this attempt.
        attempt: u16,
    },
}

/// What a host keeps outside the case, for disputes, and erases afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Write)]
pub struct Keep {
    /// `person` (the payer of the placed order) or `body` (the raw bytes given with this input).
    pub kind: &'static str,
    /// When it may be erased: at least 180 days, dLocal's refund window.
    pub purge_after: Instant,
}
