//! What every provider's adapter is asked and answers, and the one place that picks an adapter by name.
//!
//! An adapter is pure functions around the host's HTTP: `request` builds and signs bytes, `answer` reads what came back, `notice` judges and reads a notice.
//! Each folder has the same files: `calls.rs` (requests), `wire.rs` (their fields), `status.rs` (their words, ours), `sign.rs`.

pub mod absent;
pub mod answering;
pub mod asking;
pub mod bamboo;
pub mod culqi;
mod dispatch;
pub mod dlocal;
pub mod dlocal_go;
pub mod ebanx;
pub mod fields;
pub mod form;
pub mod kushki;
pub mod mercado_pago;
pub mod pagoefectivo;
pub mod pagseguro;
pub mod paysafe;
pub mod payu;
pub mod rapyd;
pub mod sandbox;

pub use dispatch::{Credentials, Sending, abilities, answer, answered_at, check, digest, is_on, listing, notice, request, takes, token};

use crate::clock::Instant;
use crate::http;
use crate::json::{Read, Write};
use crate::money::Money;
use crate::names::{IdempotencyKey, Mode, PaymentId, Provider, ProviderId, Reference, RefundKey};
use crate::signature::Doubt;
use crate::voucher::{Code, RefundState};

/// A call to a provider, as an intent: no secret, no date, no personal datum.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(rename_all = "snake_case")]
pub enum Call {
    /// Make a code.
    Create {
        /// Our reference.
        reference: Reference,
        /// Harmless repeats, where documented.
        idempotency: IdempotencyKey,
        /// For how much.
        amount: Money,
        /// Until when it should be payable, where the provider takes that.
        expires_at: Instant,
        /// What the shopper sees at the counter: the order's number.
        concept: String,
    },
    /// Find a code by our reference.
    LookUp {
        /// Our reference.
        reference: Reference,
    },
    /// Ask how a code stands.
    Query {
        /// The provider's id.
        id: ProviderId,
        /// Our reference.
        reference: Reference,
    },
    /// Call a code off.
    Cancel {
        /// The provider's id.
        id: ProviderId,
        /// Our reference.
        reference: Reference,
    },
    /// Give money back.
    Refund {
        /// The provider's id of the payment.
        id: ProviderId,
        /// Our key of the refund.
        key: RefundKey,
        /// Harmless repeats, where documented.
        idempotency: IdempotencyKey,
        /// How much.
        amount: Money,
    },
    /// Ask how a refund stands.
    RefundQuery {
        /// The provider's id of the refund.
        id: ProviderId,
        /// Our key of it.
        key: RefundKey,
    },
}

/// What an answer to a [`Call`] amounts to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(rename_all = "snake_case")]
pub enum Reading {
    /// It never left, or the provider asked to come back later: nothing was done.
    NotSent {
        /// The provider's wish, if it gave one (`Retry-After`), in milliseconds.
        retry_after_ms: Option<i64>,
    },
    /// The token or key was not accepted; nothing was done.
    Unauthorized,
    /// A clear no, with the provider's own error.
    Refused {
        /// The provider's error code; `http-404` where it gave none.
        code: String,
        /// The field that the provider names; empty for none.
        field: String,
    },
    /// It may have left and nothing readable came back.
    Unanswered,
    /// The provider knows no such code.
    Absent,
    /// How a code stands.
    Facts(Facts),
    /// How a refund stands.
    Refund(RefundFacts),
}

/// How a code stands, in our words.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(deny_unknown_fields)]
pub struct Facts {
    /// The status.
    pub status: Status,
    /// The provider's id, where the answer names it.
    pub provider_id: Option<ProviderId>,
    /// Our reference, where the answer names it.
    pub reference: Option<Reference>,
    /// What the code is for, where the answer says.
    pub amount: Option<Money>,
    /// The code itself, where the answer carries it (its `issued_at` is the answer's time).
    pub code: Option<Code>,
    /// The deadline, where the answer says.
    pub expires_at: Option<Instant>,
    /// Money received, as far as the answer tells payments apart; a provider that only says "paid" reports one with an empty id.
    pub payments: Vec<PaymentFact>,
}

/// One payment as a provider reports it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(deny_unknown_fields)]
pub struct PaymentFact {
    /// The provider's id of it; empty where there is none.
    pub id: PaymentId,
    /// What was paid.
    pub amount: Money,
    /// When, where the provider says.
    pub paid_at: Option<Instant>,
    /// Whether it was taken back.
    pub reversed: bool,
}

/// A code's status in our words. "Cancelado" at PagoEfectivo is [`Status::Paid`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(rename_all = "snake_case")]
pub enum Status {
    /// It can be paid.
    Waiting,
    /// Paid.
    Paid,
    /// Its time ran out unpaid.
    Expired,
    /// Called off unpaid.
    Cancelled,
    /// Refused or broken, unpaid.
    Failed,
    /// Paid, then taken back.
    Reversed,
    /// Paid, then given back by the merchant.
    Refunded,
    /// A word that this build does not know: a review opens, nothing else changes.
    Unrecognised(String),
}

/// How a refund stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(deny_unknown_fields)]
pub struct RefundFacts {
    /// The provider's id of the refund.
    pub id: Option<ProviderId>,
    /// Its state.
    pub state: RefundState,
    /// Until when the shopper can act, where the provider says.
    pub act_before: Option<Instant>,
}

/// What a notice speaks of. It never moves money state by itself: it brings the next question to the provider forward.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Write, Read)]
#[json(deny_unknown_fields)]
pub struct NoticeFacts {
    /// The provider's id of the code.
    pub provider_id: Option<ProviderId>,
    /// Our reference, where the notice names it.
    pub reference: Option<Reference>,
    /// What it says of the code.
    pub status: Status,
    /// The provider's id of the payment at the counter; empty where there is none.
    pub payment_id: PaymentId,
    /// The amount it names.
    pub amount: Option<Money>,
    /// When it was signed, where the signature covers a time.
    pub signed_at: Option<Instant>,
    /// Further codes that the same notice names: the host files one notice for each.
    #[json(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<ProviderId>,
}

/// How many further codes of one notice are believed; polling finds the rest.
pub const MOST_IN_ONE_NOTICE: usize = 49;

/// What a provider can do, and how it behaves.
#[derive(Clone, Debug, PartialEq, Eq, Write)]
pub struct Abilities {
    /// The provider.
    pub provider: Provider,
    /// The names of its credentials, in the order in which a merchant is asked for them.
    pub keys: &'static [&'static str],
    /// No official source says that it sells PagoEfectivo codes: off by default, and marked wherever it appears.
    pub unconfirmed: bool,
    /// It returns no digits, only a page of its own to go to.
    pub only_links: bool,
    /// A lost create can be found by our reference.
    pub look_up: bool,
    /// A create may be repeated under its idempotency key.
    pub create_is_repeatable: bool,
    /// An unpaid code can be called off.
    pub cancel: bool,
    /// A paid code can be refunded by call.
    pub refund: bool,
    /// A refund may be repeated under its key.
    pub refund_is_repeatable: bool,
    /// A refund can be picked up in cash at an outlet.
    pub refund_at_outlet: bool,
    /// The provider takes the expiry that we ask for.
    pub takes_expiry: bool,
    /// A bearer token must be fetched first.
    pub needs_token: bool,
    /// A code can be made at all, as far as the facts go.
    pub create: bool,
    /// It can be asked how a code stands. Where it can't, a verified notice is what it says.
    pub query: bool,
    /// Personal data without which no code is made: names of [`crate::voucher::Person`] fields.
    pub demands: &'static [&'static str],
    /// Currencies.
    pub currencies: &'static [crate::money::Currency],
    /// The smallest amount in minor units, where published.
    pub least_minor: Option<i64>,
    /// The largest amount in minor units, where published.
    pub most_minor: Option<i64>,
    /// How many days a confirmation can take at worst, for the page's words.
    pub confirm_days: u8,
    /// Addresses that notices come from, where published.
    pub notice_addresses: &'static [&'static str],
    /// Hosts that requests go to, by mode.
    pub hosts: &'static [(Mode, &'static str)],
    /// Why each of its notices is no more than a hint that a question confirms; none where its signature is checked.
    pub notice_doubt: Option<Doubt>,
    /// Keys that only the host holds: what it signs with is named in the request.
    pub host_keys: &'static [&'static str],
    /// Whether a merchant without a company in Peru can have an account, where a source says.
    pub abroad: Option<bool>,
    /// How money goes back.
    pub refund_way: RefundWay,
    /// The provider's own bounds of a code's life in minutes, where published.
    pub validity_minutes: (Option<u32>, Option<u32>),
    /// How sure each fact is, as `<fact>=<o|c|i>` with blanks between: in an official document, in public code only, or inferred.
    pub sure: &'static str,
    /// Where the facts are from.
    pub sources: &'static str,
    /// Errors of its own that are explained, by the kind of cause: `desk.fault.<kind>` in the words.
    pub faults: &'static [(&'static str, &'static str)],
    /// The version of its interface.
    pub version: &'static str,
    /// The day on which the facts were last read.
    pub checked: &'static str,
    /// Seconds within which a notice's signed time counts as fresh, where the signature covers a time.
    pub notice_tolerance_seconds: Option<i64>,
}

impl Abilities {
    /// What is assumed of a provider until a fact says more: nothing.
    pub const NONE: Self = Self {
        provider: Provider::Sandbox,
        keys: &[],
        unconfirmed: false,
        only_links: false,
        look_up: false,
        create_is_repeatable: false,
        cancel: false,
        refund: false,
        refund_is_repeatable: false,
        refund_at_outlet: false,
        takes_expiry: false,
        needs_token: false,
        create: true,
        query: true,
        demands: &[],
        currencies: &[crate::money::Currency::Pen],
        least_minor: None,
        most_minor: None,
        // The longest that any source names for cash: 1 to 2 business days (support.dlocal.com, after-paying).
        confirm_days: 2,
        notice_addresses: &[],
        hosts: &[],
        notice_doubt: None,
        host_keys: &[],
        abroad: None,
        refund_way: RefundWay::Outside,
        validity_minutes: (None, None),
        sure: "",
        sources: "",
        faults: &[],
        version: "",
        checked: "2026-11-23",
        notice_tolerance_seconds: None,
    };
}

/// How money of a paid code goes back to the shopper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Write)]
#[json(rename_all = "snake_case")]
pub enum RefundWay {
    /// Outside: the merchant pays it back.
    Outside,
    /// To a bank account, for which the provider asks the shopper.
    BankForm,
    /// To the shopper's account with the provider.
    Wallet,
    /// By call; how cash reaches the shopper is not documented.
    Undocumented,
}

/// Why a request could not be built; nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestError {
    /// The provider demands a datum that the shop did not give: a field of [`crate::voucher::Person`].
    Missing(&'static str),
    /// A datum is not what the provider takes.
    Unfit(&'static str),
    /// The amount or its currency is outside what the provider takes.
    Amount,
    /// A credential is missing or malformed: a field of this provider's keys.
    Credential(&'static str),
    /// The provider has no such call.
    NoSuchCall,
}

/// What a host must do to carry a call out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Fetch a token first, give its answer to [`token`], then carry the call out again.
    Token(http::Request),
    /// Send this first, and carry the call out again with its answer as [`Sending::first`].
    First(http::Request),
    /// What the first request brought is the call's answer.
    Answered,
    /// The first request failed: nothing of the call itself has left.
    NeverLeft,
    /// Send this.
    Send(http::Request),
}
