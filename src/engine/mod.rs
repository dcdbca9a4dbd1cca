//! The engine: `handle` decides, `carry` builds what leaves, `route` judges what arrives. A host stores what `handle` returns in one transaction before anything leaves.
//!
//! ```text
//!    input ──▶ handle(settings, channels, case, input, now) ──▶ case', channels', keys, journal, evidence, outputs
//!      ▲                                                            │ one transaction
//!      └── outcome ◀── the host carries it out ◀── carry(…) ◀── outbox
//! ```

mod carry;
mod channel;
mod create;
mod due;
mod fallback;
mod guards;
mod message;
mod offer;
mod people;
mod reading;
mod route;
mod settle;
mod shop;
pub mod watch;
mod work;

pub use carry::{Carried, Carrying, Letter, carry, carry_under};
pub use channel::{ChannelRow, Health, Token, take_token};
pub use guards::{Guard, Guards};
pub use message::*;
pub use offer::{Offer, Reach, offer, reach, why_not};
pub use route::{Routed, STRAY_AFTER, route};

use crate::clock::{DAY, Instant};
use crate::http;
use crate::json::Write;
use crate::money::Money;
use crate::names::{CaseId, ChannelId, Mode, Provider};
use crate::providers::{self, Call, Reading, RequestError};
use crate::voucher::case::Route;
use crate::voucher::{
    Asked, CASE_SCHEMA, Case, ChannelSettings, Counters, OrderRead, OrderStatus, Precondition, ReviewKind, Settings, State, Terms, Told, Wish,
};
use work::Work;

/// What one input led to; all of it is stored in one transaction before anything leaves.
#[derive(Clone, Debug, PartialEq, Eq, Write)]
pub struct Handled {
    /// The case as it is now.
    pub case: Case,
    /// Channel rows that were given and may have changed.
    pub channels: Vec<ChannelRow>,
    /// Every key by which this case is found.
    pub keys: Vec<String>,
    /// Rows to append; none where nothing changed.
    pub journal: Vec<Entry>,
    /// What to keep outside the case, and for how long.
    pub evidence: Vec<Keep>,
    /// What to carry out, in this order within each lane.
    pub outputs: Vec<Output>,
}

/// Why an input could not be taken; the case is unharmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// This input begins a case, and there is one already.
    AlreadyPlaced,
    /// This input needs a case.
    NoCase,
    /// The document was written by a newer version.
    NewerSchema(u16),
    /// No enabled channel takes an order of this mode, currency and amount.
    NoChannel,
    /// The provider would refuse it: what is missing or unfit.
    Unfit(RequestError),
    /// The order is not open, or nothing is outstanding.
    NothingToPay,
    /// The settings name no such channel.
    UnknownChannel(ChannelId),
    /// A decision needs a reason of at most 500 characters.
    ReasonNeeded,
    /// The decision does not fit this case or review any more.
    NotPossible,
    /// More than is left to give back: how much that is.
    TooMuchBack(Money),
    /// A datum of the input itself is malformed: which.
    Malformed(&'static str),
}

/// How long evidence is kept at least: dLocal refunds up to 180 days after the purchase (support.dlocal.com/articles/refunds).
pub const EVIDENCE_KEPT: i64 = 180 * DAY;

/// Takes one input to a case, under all guards.
///
/// `body` holds the raw bytes of an answer; empty for every other input. `now` is the host's clock.
///
/// # Errors
/// [`Refused`], with the case unharmed.
pub fn handle(settings: &Settings, channels: &[ChannelRow], case: Option<&Case>, input: &Input, body: &[u8], now: Instant) -> Result<Handled, Refused> {
    handle_under(Guards::ALL, settings, channels, case, input, body, now)
}

/// [`handle`] with chosen guards, for the test that takes one away.
///
/// # Errors
/// As [`handle`].
#[doc(hidden)]
pub fn handle_under(
    guards: Guards,
    settings: &Settings,
    channels: &[ChannelRow],
    case: Option<&Case>,
    input: &Input,
    body: &[u8],
    now: Instant,
) -> Result<Handled, Refused> {
    let mut channels = channels.to_vec();
    if let Some(case) = case {
        readable(case)?;
    }
    let event = normalised(settings, &mut channels, case, input, body, now)?;
    let before = case;
    let (mut case, outputs) = apply(guards, before.cloned(), &event, now)?;
    let quiet = outputs.iter().all(is_question) && before.is_some_and(|before| is_same_story(before, &case));
    let mut journal = Vec::new();
    if !quiet {
        let next_output = before.map_or(1, |before| before.next_output);
        journal.push(Entry { no: case.next_entry, at: case.last_seen, next_output, event });
        case.next_entry += 1;
    }
    let purge_after = now.plus(EVIDENCE_KEPT);
    let evidence = match input {
        Input::Placed(_) => vec![Keep { kind: "person", purge_after }],
        Input::Answer { .. } if !quiet && !body.is_empty() => vec![Keep { kind: "body", purge_after }],
        _ => Vec::new(),
    };
    Ok(Handled { keys: keys(&case), case, channels, journal, evidence, outputs })
}

/// Applies one event of the journal to a case; the whole engine without raw bytes.
///
/// # Errors
/// [`Refused::AlreadyPlaced`] or [`Refused::NoCase`].
fn apply(guards: Guards, case: Option<Case>, event: &Event, now: Instant) -> Result<(Case, Vec<Output>), Refused> {
    let mut work = match (event, case) {
        (Event::Placed(birth), None) => {
            let mut work = Work::new(born(birth, now), now, guards);
            work.begin_attempt();
            work
        }
        (Event::Unmatched(stray), None) => {
            let mut work = Work::new(strayed(stray, now), now, guards);
            work.review(ReviewKind::UnmatchedMoney, 0, stray.facts.payment_id.as_str(), stray.facts.amount);
            work
        }
        (Event::Placed(_) | Event::Unmatched(_), Some(_)) => return Err(Refused::AlreadyPlaced),
        (_, None) => return Err(Refused::NoCase),
        (_, Some(case)) => Work::new(case, now, guards),
    };
    work.apply(event);
    Ok((work.case, work.outputs))
}

/// Rebuilds a case from its journal, counters and pending questions apart.
///
/// # Errors
/// [`Refused::NoCase`] where the journal doesn't begin with a birth.
pub fn rebuild(journal: &[Entry]) -> Result<Case, Refused> {
    rebuild_under(Guards::ALL, journal)
}

/// [`rebuild`] as the model test calls it, with a guard taken away.
///
/// # Errors
/// As [`rebuild`].
pub fn rebuild_under(guards: Guards, journal: &[Entry]) -> Result<Case, Refused> {
    let guards = guards.without(Guard::AnswerIsAwaited); // questions are not journaled, only what their answers changed
    let mut case: Option<Case> = None;
    for entry in journal {
        if let Some(case) = case.as_mut() {
            case.next_output = entry.next_output;
            case.pending.retain(|p| p.output < entry.next_output || !is_unjournaled(p.what)); // what only this telling asked
            match &entry.event {
                Event::Outcome { output, what: Some(what), .. } => numbered(case, *output, *what),
                Event::Answer { output, call, .. } => numbered(case, *output, Asked::of(call)),
                _ => {}
            }
        }
        let (mut next, _) = apply(guards, case.take(), &entry.event, entry.at)?;
        next.next_entry = entry.no + 1;
        case = Some(next);
    }
    case.ok_or(Refused::NoCase)
}

/// Questions that aren't journaled shift the numbers of a retelling: the output that an entry is about bears its number, and no other does.
fn numbered(case: &mut Case, output: u32, what: Asked) {
    for other in case.pending.iter_mut().filter(|p| p.output == output && p.what != what) {
        other.output = 0; // which no output has
    }
    let is_there = case.pending.iter().any(|p| p.output == output);
    if let Some(meant) = case.pending.iter_mut().find(|p| !is_there && p.what == what) {
        meant.output = output;
    }
}

/// A case without what no decision and no promise depends on: two cases that are equal so are the same story.
pub fn without_counters(case: &Case) -> Case {
    let mut case = case.clone();
    case.counters = Counters::default();
    case.pending.retain(|p| !is_unjournaled(p.what));
    (case.last_seen, case.next_poll_at, case.wake_at, case.last_asked_at) = (Instant(0), None, None, None);
    (case.ask_again, case.next_output, case.next_entry) = (false, 0, 0);
    case
}

/// What a journal may leave out: questions that changed nothing.
fn is_unjournaled(what: Asked) -> bool {
    matches!(what, Asked::Query | Asked::LookUp | Asked::Cancel | Asked::RefundQuery)
}

/// Whether nothing happened but asking; what changes most is compared first, since it needs no copies.
fn is_same_story(before: &Case, case: &Case) -> bool {
    before.state == case.state && before.attempts == case.attempts && without_counters(before) == without_counters(case)
}

fn is_question(output: &Output) -> bool {
    matches!(&output.body, Body::Ask { call: Call::Query { .. } | Call::LookUp { .. } | Call::Cancel { .. } | Call::RefundQuery { .. }, .. })
}

/// Refuses a document that a newer version wrote; older ones are upcast where they are read.
fn readable(case: &Case) -> Result<(), Refused> {
    if case.schema > CASE_SCHEMA { Err(Refused::NewerSchema(case.schema)) } else { Ok(()) }
}

/// Turns an input into the event that the journal keeps: raw bytes are read here, and refused orders never become cases.
fn normalised(settings: &Settings, channels: &mut [ChannelRow], case: Option<&Case>, input: &Input, body: &[u8], now: Instant) -> Result<Event, Refused> {
    Ok(match input {
        Input::Placed(order) => {
            if case.is_some() {
                return Err(Refused::AlreadyPlaced);
            }
            Event::Placed(Box::new(placed(settings, channels, order, now)?))
        }
        Input::Unmatched(stray) => Event::Unmatched(stray.clone()),
        Input::Order { read } => Event::Order { read: read.clone() },
        Input::Answer { output, answer, sent_before } => {
            let Body::Ask { attempt, channel, call } = &output.body else { return Err(Refused::Malformed("output")) };
            let provider = case.and_then(|case| case.attempt(*attempt)).map(|attempt| attempt.provider).ok_or(Refused::NoCase)?;
            let dated = providers::answered_at(answer);
            let reading = if !*sent_before && cannot_be_asked(settings, channel, provider, call, answer) {
                Reading::Refused { code: "amount".into(), field: "amount".into() }
            } else {
                // Whether a code's day is over is judged by the provider's own date: a clock of ours that runs ahead calls nothing dead.
                let said_at = dated.map_or(now, |at| at.min(now));
                sure(providers::answer(provider, call, answer, body, said_at), call, *sent_before)
            };
            if let Some(row) = channels.iter_mut().find(|row| row.id == *channel) {
                row.answered(&reading, dated, now);
                row.watch(call, answer, &reading, body, now);
            }
            Event::Answer { output: output.no, attempt: *attempt, call: call.clone(), reading, dated }
        }
        Input::Notice(notice) => Event::Notice(notice.clone()),
        Input::Outcome { output, outcome, read } => {
            let what = case.and_then(|case| case.pending.iter().find(|p| p.output == *output)).map(|p| p.what);
            Event::Outcome { output: *output, what, outcome: outcome.clone(), read: read.clone() }
        }
        Input::Wake => Event::Wake,
        Input::Shopper(request) => Event::Shopper(*request),
        Input::Merchant(decision) => {
            possible(case.ok_or(Refused::NoCase)?, decision)?;
            Event::Merchant(decision.clone())
        }
    })
}

/// Whether a create was not sent because its channel takes no such amount or currency: the order was edited to it, and waiting changes nothing.
fn cannot_be_asked(settings: &Settings, channel: &ChannelId, provider: Provider, call: &Call, answer: &http::Answer) -> bool {
    let Call::Create { amount, .. } = call else { return false };
    let found = settings.channels.iter().find(|one| one.id == *channel);
    *answer == http::Answer::Failure(http::Failure::NotAllowed) && found.is_some_and(|channel| !providers::takes(provider, channel, *amount))
}

/// A create whose earlier sending may have arrived is lost, whatever became of this one: a refusal says nothing of the first.
fn sure(reading: Reading, call: &Call, sent_before: bool) -> Reading {
    match (call, &reading) {
        (Call::Create { .. }, Reading::NotSent { .. } | Reading::Unauthorized | Reading::Refused { .. }) if sent_before => Reading::Unanswered,
        _ => reading,
    }
}

/// Checks an order against the channels: the first that takes it and answers leads, and what none takes is refused before any request.
fn placed(settings: &Settings, rows: &mut [ChannelRow], order: &Order, now: Instant) -> Result<Birth, Refused> {
    let amount = order.read.outstanding;
    if order.read.status != OrderStatus::Open || amount.minor <= 0 {
        return Err(Refused::NothingToPay);
    }
    let hex = |text: &str| text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if order.id.as_str().len() < 16 || !hex(&order.seed) || order.page_token.as_str().len() < 22 {
        return Err(Refused::Malformed("entropy"));
    }
    if order.order.is_empty() || order.order.as_str().len() > 120 || order.number.is_empty() || order.number.len() > 60 {
        return Err(Refused::Malformed("order"));
    }
    let open = |c: &&ChannelSettings| providers::is_on(c) && c.mode == order.mode && c.currencies.contains(&amount.currency) && !c.excludes(&order.categories);
    let candidates = settings.channels.iter().filter(open);
    let (mut why, mut channels, mut resting) = (Refused::NoChannel, Vec::new(), Vec::new());
    for channel in candidates {
        match providers::check(channel.provider, channel, amount, &order.person) {
            Ok(()) => {
                let rests = rows.iter().any(|row| row.id == channel.id && row.health.is_open(now));
                if rests { &mut resting } else { &mut channels }.push(Route { id: channel.id.clone(), provider: channel.provider });
            }
            Err(error) if why == Refused::NoChannel => why = Refused::Unfit(error),
            Err(_) => {}
        }
    }
    channels.append(&mut resting);
    if channels.is_empty() {
        return Err(why);
    }
    let first = channels.first().map(|route| route.id.clone());
    if let Some(row) = rows.iter_mut().find(|row| Some(&row.id) == first.as_ref()) {
        row.health.leads(now);
    }
    Ok(Birth {
        id: order.id.clone(),
        order: order.order.clone(),
        number: order.number.clone(),
        mode: order.mode,
        seed: order.seed.clone(),
        page_token: order.page_token.clone(),
        read: order.read.clone(),
        terms: Terms {
            validity_hours: settings.validity_hours,
            cancel_grace_hours: settings.cancel_grace_hours,
            shop_tag: settings.shop.tag.clone(),
            locale: settings.locale,
            tone: settings.tone,
            mails_off: settings.mails_off.clone(),
            lost_create: settings.lost_create,
            one_code: settings.one_code,
            channels,
        },
    })
}

/// Refuses a decision that no longer fits, so that the desk can say so.
fn possible(case: &Case, decision: &Decision) -> Result<(), Refused> {
    match decision {
        Decision::Resolve { review, resolution, reason } => {
            let open = case.reviews.iter().find(|r| r.no == *review && r.closed.is_none()).ok_or(Refused::NotPossible)?;
            if !open.kind.resolutions().contains(resolution) {
                return Err(Refused::NotPossible);
            }
            if reason.trim().is_empty() || reason.chars().count() > 500 {
                return Err(Refused::ReasonNeeded);
            }
            let refunds = *resolution == crate::voucher::Resolution::RefundMoney;
            if refunds && !open.amount.is_some_and(|amount| gives_back(case, open.attempt, amount)) {
                return Err(Refused::NotPossible);
            }
            Ok(())
        }
        Decision::Cancel if case.state.is_settled() || case.holds_money() => Err(Refused::NotPossible),
        Decision::Refund { attempt, amount } if gives_back(case, *attempt, *amount) => Ok(()),
        Decision::Refund { attempt, amount } => Err(more_than_is_left(case, *attempt, *amount).map_or(Refused::NotPossible, Refused::TooMuchBack)),
        Decision::CheckNow | Decision::Cancel => Ok(()),
    }
}

/// Whether this much of an attempt's money can go back: its provider does so, and that much is in.
pub(crate) fn gives_back(case: &Case, attempt: u16, amount: Money) -> bool {
    case.attempt(attempt).is_some_and(|a| providers::abilities(a.provider).refund) && case.can_give_back(attempt, amount)
}

/// What is left of an attempt's money, where some is and more was asked for.
fn more_than_is_left(case: &Case, attempt: u16, amount: Money) -> Option<Money> {
    case.refundable(attempt).filter(|left| left.currency == amount.currency && amount.minor > left.minor && gives_back(case, attempt, *left))
}

fn born(birth: &Birth, now: Instant) -> Case {
    Case {
        schema: CASE_SCHEMA,
        id: birth.id.clone(),
        order: birth.order.clone(),
        number: birth.number.clone(),
        mode: birth.mode,
        seed: birth.seed.clone(),
        page_token: birth.page_token.clone(),
        terms: birth.terms.clone(),
        placed_at: now,
        amount: birth.read.outstanding,
        shop: birth.read.clone(),
        state: State::Creating,
        attempts: Vec::new(),
        reviews: Vec::new(),
        refunds: Vec::new(),
        told_paid: Told::Not,
        told_cancel: Told::Not,
        mails: Vec::new(),
        pending: Vec::new(),
        wish: Wish::None,
        last_asked_at: None,
        ask_again: false,
        mailed_again_at: None,
        notices: Vec::new(),
        last_seen: now,
        next_poll_at: None,
        wake_at: None,
        next_output: 1,
        next_entry: 1,
        counters: Counters::default(),
    }
}

/// A case without an order, that only holds the review of money that nobody knows.
fn strayed(stray: &Stray, now: Instant) -> Case {
    let nothing = crate::money::Money::new(0, crate::money::Currency::Pen);
    let amount = stray.facts.amount.unwrap_or(nothing);
    let key = format!("unmatched:{}:{}", stray.channel, stray.dedupe_key);
    let birth = Birth {
        id: stray.id.clone(),
        order: crate::names::OrderKey::new(&key),
        number: stray.facts.provider_id.as_ref().map(ToString::to_string).unwrap_or_default(),
        mode: stray.mode,
        seed: stray.seed.clone(),
        page_token: stray.page_token.clone(),
        read: OrderRead { status: OrderStatus::Gone, outstanding: nothing, total: amount },
        terms: Terms {
            validity_hours: 0,
            cancel_grace_hours: 0,
            shop_tag: String::new(),
            locale: Default::default(),
            tone: Default::default(),
            mails_off: Vec::new(),
            lost_create: Default::default(),
            one_code: false,
            channels: vec![Route { id: stray.channel.clone(), provider: stray.provider }],
        },
    };
    Case { state: State::Failed, ..born(&birth, now) }
}

/// Every key by which a case is found; a host keeps them unique.
pub fn keys(case: &Case) -> Vec<String> {
    let mut keys = vec![format!("order:{}", case.order), format!("page:{}", case.page_token)];
    for attempt in &case.attempts {
        keys.push(format!("ref:{}:{}", attempt.channel, attempt.reference));
        if let Some(code) = &attempt.code {
            keys.push(format!("id:{}:{}", attempt.channel, code.provider_id));
        }
    }
    keys
}

/// Whether the host may carry an effect out: the order's state, outstanding amount and currency, read under its lock.
pub fn allows(when: &Precondition, read: &OrderRead) -> bool {
    when.statuses.contains(&read.status) && when.outstanding.is_none_or(|amount| amount == read.outstanding)
}

fn channel_settings<'a>(settings: &'a Settings, id: &ChannelId) -> Result<&'a ChannelSettings, Refused> {
    settings.channels.iter().find(|c| c.id == *id).ok_or_else(|| Refused::UnknownChannel(id.clone()))
}

/// A fresh identity for a case, from at least 64 bytes of the host's entropy in hexadecimal.
///
/// # Errors
/// [`Refused::Malformed`] where there is too little of it.
pub fn new_identity(entropy: &str) -> Result<(CaseId, String, crate::names::PageToken), Refused> {
    let hex = entropy.len() >= 128 && entropy.bytes().all(|b| b.is_ascii_hexdigit());
    let part = |from: usize, to: usize| entropy.get(from..to).unwrap_or_default().to_ascii_lowercase();
    if !hex {
        return Err(Refused::Malformed("entropy"));
    }
    Ok((CaseId::new(&part(0, 32)), part(32, 96), crate::names::PageToken::new(&part(96, 128))))
}

/// Modes never mix: a case only goes by channels of its own mode.
fn same_mode(case: &Case, channel: &ChannelSettings) -> bool {
    let mode: Mode = channel.mode;
    case.mode == mode
}
