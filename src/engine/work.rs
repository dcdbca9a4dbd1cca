//! One event being applied to one case: the case as it is becoming, the instant, the guards, and the outputs so far.

use super::guards::{Guard, Guards};
use super::message::{Body, Event, Lane, Output};
use crate::clock::{DAY, HOUR, Instant};
use crate::providers::{self, Abilities, Call};
use crate::voucher::{Asked, Attempt, Case, Closing, Effect, MailKind, OrderStatus, Pending, Precondition, Resolution, Review, ReviewKind, State, Turn};
use sha2::{Digest, Sha256};

/// A case in the middle of one event.
pub(super) struct Work {
    pub case: Case,
    pub now: Instant,
    pub guards: Guards,
    pub outputs: Vec<Output>,
}

impl Work {
    pub fn new(case: Case, now: Instant, guards: Guards) -> Self {
        let now = if guards.check(Guard::TimeGoesForward, false) { now } else { now.max(case.last_seen) };
        Self { case, now, guards, outputs: Vec::new() }
    }

    /// Applies one event; the whole dispatch.
    pub fn apply(&mut self, event: &Event) {
        self.case.last_seen = self.now;
        match event {
            Event::Placed(_) | Event::Unmatched(_) => {}
            Event::Order { read } => self.order_read(read),
            Event::Answer { output, attempt, call, reading, dated } => self.answered(*output, *attempt, call, reading, *dated),
            Event::Notice(notice) => self.noticed(notice),
            Event::Outcome { output, outcome, read, .. } => self.outcome(*output, outcome, read.as_ref()),
            Event::Wake => {}
            Event::Shopper(request) => self.shopper(*request),
            Event::Merchant(decision) => self.merchant(decision),
        }
        self.run_due();
        self.case.state = self.standing();
        self.case.wake_at = self.next_wake();
    }

    /// The case's state by its attempts: money first, then the current attempt.
    fn standing(&self) -> State {
        let any = |state| self.case.attempts.iter().any(|attempt| attempt.state == state);
        if any(State::Paid) {
            State::Paid
        } else if any(State::Reversed) {
            State::Reversed
        } else {
            self.case.current().map_or(State::Failed, |attempt| attempt.state)
        }
    }

    pub fn attempt(&mut self, no: u16) -> Option<&mut Attempt> {
        self.case.attempts.iter_mut().find(|attempt| attempt.no == no)
    }

    pub fn abilities(&self, no: u16) -> Option<&'static Abilities> {
        self.case.attempt(no).map(|attempt| providers::abilities(attempt.provider))
    }

    /// Turns an attempt's state where the table has that turn; says whether it did.
    pub fn turn(&mut self, no: u16, turn: Turn) -> bool {
        match self.attempt(no).and_then(|attempt| attempt.state.after(turn).map(|state| (attempt, state))) {
            Some((attempt, state)) => {
                attempt.state = state;
                true
            }
            None => false,
        }
    }

    pub fn ask(&mut self, attempt: u16, call: Call) {
        let Some(abilities) = self.abilities(attempt) else { return };
        let Some(channel) = self.case.attempt(attempt).map(|a| a.channel.clone()) else { return };
        let repeatable = match &call {
            Call::Create { .. } => abilities.create_is_repeatable,
            Call::Refund { .. } => abilities.refund_is_repeatable,
            _ => true,
        };
        self.put(Asked::of(&call), attempt, Lane::Provider, repeatable, Body::Ask { attempt, channel, call });
    }

    pub fn tell(&mut self, attempt: u16, effect: Effect, statuses: &[OrderStatus], exact: bool) -> u32 {
        let what = match effect {
            Effect::ShowCode { .. } => Asked::ShowCode,
            Effect::MarkPaid { .. } => Asked::MarkPaid,
            Effect::Cancel => Asked::CancelOrder,
            Effect::Note { .. } => Asked::Note,
        };
        let when = Precondition { statuses: statuses.to_vec(), outstanding: exact.then_some(self.case.amount) };
        self.put(what, attempt, Lane::Shop, true, Body::Tell { effect, when })
    }

    /// A mail, once per kind and attempt unless it is asked for again.
    pub fn mail(&mut self, kind: MailKind, attempt: u16, again: bool) {
        let sent = self.case.mails.contains(&(kind, attempt));
        if self.case.terms.mails_off.contains(&kind) || (sent && !again) {
            return;
        }
        if !sent {
            self.case.mails.push((kind, attempt));
        }
        self.put(Asked::Mail, attempt, Lane::Mail, true, Body::Mail { kind, attempt });
    }

    fn put(&mut self, what: Asked, attempt: u16, lane: Lane, repeatable: bool, body: Body) -> u32 {
        let no = self.case.next_output;
        self.case.next_output += 1;
        self.case.pending.push(Pending { output: no, what, attempt });
        self.outputs.push(Output { no, lane, repeatable, body });
        no
    }

    /// Takes an output off the waiting list. An answer for one that is not waited for counts for nothing.
    pub fn take_pending(&mut self, output: u32) -> Option<Asked> {
        let place = self.case.pending.iter().position(|pending| pending.output == output)?;
        Some(self.case.pending.remove(place).what)
    }

    pub fn is_asking(&self, attempt: u16) -> bool {
        let asks = |what| matches!(what, Asked::Create | Asked::LookUp | Asked::Query | Asked::Cancel);
        self.case.pending.iter().any(|pending| pending.attempt == attempt && asks(pending.what))
    }

    /// Opens a review, once per kind, attempt and occasion; the same opens again when a cause comes back that went away by itself.
    pub fn review(&mut self, kind: ReviewKind, attempt: u16, about: &str, amount: Option<crate::money::Money>) {
        let same = |review: &Review| review.kind == kind && review.attempt == attempt && review.about == about;
        let due_at = self.now.plus(kind.time_limit());
        if let Some(known) = self.case.reviews.iter_mut().find(|review| same(review)) {
            known.amount = known.amount.or(amount); // a notice may have told of money before an answer told how much
            if known.closed.as_ref().is_some_and(|closing| closing.resolution == Resolution::ClearedItself) {
                (known.opened_at, known.due_at, known.closed) = (self.now, due_at, None);
            }
            return;
        }
        let no = self.case.reviews.len() as u16 + 1;
        self.case.reviews.push(Review { no, kind, attempt, about: about.into(), amount, opened_at: self.now, due_at, closed: None });
    }

    /// An open review is about another occasion than was thought.
    pub fn review_turns(&mut self, kind: ReviewKind, attempt: u16, from: &str, to: &str) {
        let known = self.case.reviews.iter().any(|r| r.kind == kind && r.attempt == attempt && r.about == to);
        let open = |r: &&mut Review| r.kind == kind && r.attempt == attempt && r.about == from && r.closed.is_none();
        match self.case.reviews.iter_mut().find(open) {
            Some(review) if !known => review.about = to.into(),
            _ => self.clear_about(kind, attempt, from),
        }
    }

    /// Closes the open reviews of a kind on an attempt whose cause went away.
    pub fn clear(&mut self, kind: ReviewKind, attempt: u16) {
        self.close_where(|r| r.kind == kind && r.attempt == attempt);
    }

    /// Closes the open review of a kind and occasion whose cause went away.
    pub fn clear_about(&mut self, kind: ReviewKind, attempt: u16, about: &str) {
        self.close_where(|r| r.kind == kind && r.attempt == attempt && r.about == about);
    }

    fn close_where(&mut self, due: impl Fn(&Review) -> bool) {
        let at = self.now;
        for review in self.case.reviews.iter_mut().filter(|r| r.closed.is_none() && due(r)) {
            review.closed = Some(Closing { at, resolution: Resolution::ClearedItself, reason: String::new() });
        }
    }

    pub fn grace(&self) -> i64 {
        i64::from(self.case.terms.cancel_grace_hours) * HOUR
    }

    /// Text derived from the case's seed: stable under replay, not guessable from outside.
    pub fn derived(&self, label: &str, length: usize) -> String {
        let digest = Sha256::new().chain_update(self.case.seed.as_bytes()).chain_update(b"|").chain_update(label.as_bytes()).finalize();
        digest.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(|half| char::from_digit(half.into(), 16)).take(length).collect()
    }
}

impl Asked {
    /// What kind of output a call is.
    pub(super) fn of(call: &Call) -> Self {
        match call {
            Call::Create { .. } => Self::Create,
            Call::LookUp { .. } => Self::LookUp,
            Call::Query { .. } => Self::Query,
            Call::Cancel { .. } => Self::Cancel,
            Call::Refund { .. } => Self::Refund,
            Call::RefundQuery { .. } => Self::RefundQuery,
        }
    }
}

/// How long after its deadline a code is still asked about.
pub(super) const TAIL: i64 = 15 * DAY;
