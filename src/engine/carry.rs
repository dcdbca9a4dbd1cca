//! Carrying an output out: bytes are built and signed here, at the moment of sending, or the output is found to be no longer due.

use super::guards::{Guard, Guards};
use super::message::{Body, Output};
use super::{ChannelRow, Refused, channel_settings, same_mode};
use crate::clock::Instant;
use crate::http;
use crate::providers::{self, Call, Credentials, Sending, Step};
use crate::secret::Personal;
use crate::voucher::{Case, Effect, MailKind, Person, Precondition, RefundState, ReviewKind, Settings, State, Told};

/// Everything that carrying one output needs.
pub struct Carrying<'a> {
    /// The merchant's settings.
    pub settings: &'a Settings,
    /// The channel's row, for an ask.
    pub channel: Option<&'a ChannelRow>,
    /// The case as stored.
    pub case: &'a Case,
    /// The payer, for a create or a mail; `None` once erased.
    pub person: Option<&'a Person>,
    /// What to carry out.
    pub output: &'a Output,
    /// The channel's credentials, for an ask.
    pub credentials: Option<&'a Credentials>,
    /// The host's clock.
    pub now: Instant,
    /// At least 16 random bytes.
    pub entropy: &'a [u8],
    /// What came back for the output's first request, where the core asked for one.
    pub first: Option<(&'a http::Answer, &'a [u8])>,
}

/// What the host does for an output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carried {
    /// Send this and give the answer back.
    Request(http::Request),
    /// Send this, give its answer to [`super::take_token`], and carry the output again.
    Token(http::Request),
    /// Send this, and carry the output again with its answer as [`Carrying::first`].
    First(http::Request),
    /// The first request's answer is the output's: give it back as that.
    Answered,
    /// Nothing of the output itself can leave: give it back as a failure to connect.
    NeverLeft,
    /// Do this to the order, if it is as `when` says under its lock.
    Effect {
        /// The effect.
        effect: Effect,
        /// The condition.
        when: Precondition,
    },
    /// Send this mail.
    Mail(Letter),
    /// Nothing: the case has moved on. Give that back as the outcome.
    NoLongerDue,
}

/// A mail to be written and sent; the floor above writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Which mail.
    pub kind: MailKind,
    /// About which attempt.
    pub attempt: u16,
    /// The shopper's address.
    pub to: Personal,
    /// How the shopper is greeted; may be empty.
    pub first_name: Personal,
    /// The shop's sender.
    pub from: String,
    /// A fixed `Message-ID`, so that a mail sent twice shows once.
    pub message_id: String,
}

/// Builds what an output asks for, or finds that it is no longer due.
///
/// # Errors
/// [`Refused`] where a channel, credential or datum is missing; nothing has left.
pub fn carry(carrying: &Carrying<'_>) -> Result<Carried, Refused> {
    carry_under(Guards::ALL, carrying)
}

/// [`carry`] with chosen guards, for the test that takes one away.
///
/// # Errors
/// As [`carry`].
#[doc(hidden)]
pub fn carry_under(guards: Guards, carrying: &Carrying<'_>) -> Result<Carried, Refused> {
    let case = carrying.case;
    match &carrying.output.body {
        Body::Ask { attempt, channel, call } => {
            if !ask_is_due(case, *attempt, call) {
                return Ok(Carried::NoLongerDue);
            }
            let channel = channel_settings(carrying.settings, channel)?;
            if !same_mode(case, channel) {
                return Err(Refused::UnknownChannel(channel.id.clone()));
            }
            let credentials = carrying.credentials.ok_or(Refused::Malformed("credentials"))?;
            let nobody = Person::default();
            let sending = Sending {
                channel,
                credentials,
                token: carrying.channel.and_then(|row| row.usable_token(carrying.now)),
                person: carrying.person.unwrap_or(&nobody),
                locale: case.terms.locale,
                now: carrying.now,
                entropy: carrying.entropy,
                page: &format!("{}/{}", carrying.settings.shop.page_url.trim_end_matches('/'), case.page_token),
                first: carrying.first,
            };
            match providers::request(call, &sending).map_err(Refused::Unfit)? {
                Step::Send(request) => Ok(Carried::Request(request)),
                Step::Token(request) => Ok(Carried::Token(request)),
                Step::First(request) => Ok(Carried::First(request)),
                Step::Answered => Ok(Carried::Answered),
                Step::NeverLeft => Ok(Carried::NeverLeft),
            }
        }
        Body::Tell { effect, when } if effect_is_due(guards, case, carrying.output.no, effect) => {
            Ok(Carried::Effect { effect: effect.clone(), when: when.clone() })
        }
        Body::Mail { kind, attempt } if mail_is_due(case, *kind, *attempt) => Ok(letter(carrying, *kind, *attempt)),
        Body::Tell { .. } | Body::Mail { .. } => Ok(Carried::NoLongerDue),
    }
}

fn ask_is_due(case: &Case, attempt: u16, call: &Call) -> bool {
    let Some(attempt) = case.attempt(attempt) else { return false };
    match call {
        Call::Create { .. } => attempt.state == State::Creating && attempt.code.is_none(),
        Call::LookUp { .. } => attempt.code.is_none(),
        Call::Query { .. } | Call::RefundQuery { .. } => true,
        Call::Cancel { .. } => !attempt.payments.iter().any(|p| p.standing.is_in()),
        Call::Refund { key, .. } => case.refunds.iter().any(|r| r.key == *key && r.state == RefundState::Requested),
    }
}

fn effect_is_due(guards: Guards, case: &Case, output: u32, effect: &Effect) -> bool {
    match effect {
        Effect::MarkPaid { .. } => case.told_paid == Told::Asked(output) && guards.check(Guard::PaidStillDue, case.state == State::Paid),
        Effect::Cancel => {
            let due = !case.holds_money() && !case.state.may_be_payable();
            case.told_cancel == Told::Asked(output) && guards.check(Guard::CancelStillDue, due)
        }
        Effect::ShowCode { .. } => matches!(case.state, State::Waiting | State::Checking),
        Effect::Note { .. } => true,
    }
}

fn mail_is_due(case: &Case, kind: MailKind, attempt: u16) -> bool {
    let Some(attempt) = case.attempt(attempt) else { return false };
    match kind {
        MailKind::New | MailKind::Reminder | MailKind::LastCall => attempt.state == State::Waiting && attempt.code.is_some(),
        MailKind::Lapsed => case.state == State::Lapsed,
        MailKind::Paid => case.state == State::Paid,
        MailKind::Late => case.open_reviews(ReviewKind::LateMoney).any(|r| r.attempt == attempt.no),
    }
}

fn letter(carrying: &Carrying<'_>, kind: MailKind, attempt: u16) -> Carried {
    let Some(person) = carrying.person.filter(|person| !person.email.is_empty()) else { return Carried::NoLongerDue };
    let from = &carrying.settings.shop.mail_from;
    let host = from.split('@').nth(1).unwrap_or("localhost");
    Carried::Mail(Letter {
        kind,
        attempt,
        to: person.email.clone(),
        first_name: person.first_name.clone(),
        from: from.clone(),
        message_id: format!("<{}-{}-{attempt}-{}@{host}>", carrying.case.id, kind.name(), carrying.output.no),
    })
}
