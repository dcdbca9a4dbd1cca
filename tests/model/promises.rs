//! The five promises, as things that can be seen to break: in what is asked of the shop, in every state, and where nothing is under way any more.

use crate::provider::{Dialect, Reply};
use crate::world::{Action, World};
use efectivo::clock::{DAY, MINUTE};
use efectivo::engine::{self, Body, Input, Output};
use efectivo::http::Answer;
use efectivo::providers::Call;
use efectivo::voucher::{Attempt, Creation, Effect, OrderStatus, ReviewKind, State, Told};

impl World {
    pub fn breaks(&mut self, promise: &str) {
        self.broken.get_or_insert_with(|| promise.into());
    }

    /// What may be asked of the shop: to fulfil once, unless a person tries again what the shop refused; to release once, and never what is paid.
    pub fn check_asked(&mut self, outputs: &[Output]) {
        for output in outputs {
            match &output.body {
                Body::Tell { effect: Effect::MarkPaid { .. }, .. } if self.shop.paid_by_us > 0 && !self.tried_again => {
                    self.breaks("1: asked to fulfil what is fulfilled")
                }
                Body::Tell { effect: Effect::Cancel, .. } if self.shop.cancelled_by_us > 0 => self.breaks("2: asked to release what is released"),
                Body::Tell { effect: Effect::Cancel, .. } if self.case.holds_money() => self.breaks("2: asked to release although money was reported"),
                _ => {}
            }
        }
    }

    /// Remembers an attempt about which a question, asked past its deadline, came to nothing.
    pub fn hears(&mut self, output: &Output, reply: &Reply) {
        if let Body::Ask { attempt, call: Call::Query { .. } | Call::Cancel { .. }, .. } = output.body {
            let overdue = self.case.attempt(attempt).is_some_and(|a| a.state == State::Checking);
            self.unheard = (overdue && matches!(reply.answer, Answer::Failure(_))).then_some(attempt);
        }
    }

    /// The promises that hold in every state.
    pub fn check_state(&mut self) {
        if self.shop.paid_by_us > 1 {
            self.breaks("1: fulfilled twice");
        }
        if self.shop.cancelled_by_us > 1 {
            self.breaks("2: stock released twice");
        }
        let settled = self.case.state.is_settled();
        if self.settled_once && !settled {
            self.breaks("3: a paid case went back");
        }
        self.settled_once |= settled;
        let kinds: Vec<ReviewKind> = self.case.reviews.iter().map(|r| r.kind).collect();
        let asked = |kind: ReviewKind| kinds.contains(&kind);
        use efectivo::voucher::Standing::*;
        let silent = self.case.payments().any(|p| match p.standing {
            Counts | Refunded => false,
            Late => !asked(ReviewKind::LateMoney),
            Second => !asked(ReviewKind::SecondMoney),
            Mismatched => !asked(ReviewKind::MismatchedMoney),
            Reversed => !asked(ReviewKind::ReversedMoney),
        });
        if silent {
            self.breaks("3: money was silent");
        }
        let released = self.shop.cancelled_by_us > 0 && self.case.told_cancel == Told::Done;
        if released && self.case.paying().is_some() && !asked(ReviewKind::LateMoney) {
            self.breaks("3: money after the order was cancelled counts, and nobody is told");
        }
        if self.case.told_paid == Told::Done
            && self.case.paying().is_some()
            && self.case.shop.status == OrderStatus::Cancelled
            && !asked(ReviewKind::EffectRefused)
        {
            self.breaks("3: a paid order was cancelled, and nobody is told of its money");
        }
        if self.case.payments().filter(|p| p.standing == Counts).count() > 1 {
            self.breaks("3: two payments count for one order");
        }
        let pays = |about: &str| !about.is_empty() && self.case.payments().any(|p| p.standing == Counts && p.id.as_str() == about);
        if self.case.reviews.iter().any(|r| r.kind == ReviewKind::SecondMoney && r.closed.is_none() && pays(&r.about)) {
            self.breaks("3: the money that pays the order is asked about as a second one");
        }
        let open = |no: u16| self.case.open_reviews(ReviewKind::ProviderUnreachable).filter(|r| r.attempt == no).count();
        let unasked = self.unheard.filter(|no| !self.decided && open(*no) == 0);
        let unasked = unasked.and_then(|no| self.case.attempt(no)).is_some_and(|a| a.state == State::Checking);
        let twice = self.case.attempts.iter().any(|a| open(a.no) > 1);
        if unasked {
            self.breaks("3: past its deadline the provider can't be asked, and nobody is told");
        }
        if twice {
            self.breaks("3: asked twice at once whether the provider can be reached");
        }
        let live = self.provider.codes.iter().filter(|c| c.payable(self.now)).count();
        if live > 1 && !settled && !asked(ReviewKind::TwoCodesPossible) {
            self.breaks("4: two live codes and nobody is told");
        }
    }

    /// A few polls, each with all that follows from it; a clock that went back has caught up before.
    fn asks_on(&mut self) {
        self.now = self.now.plus(-self.skew.min(0));
        self.skew = self.skew.max(0);
        for _ in 0..12 {
            self.now = self.now.plus(MINUTE);
            self.provider.comes_to_life(self.now);
            self.case.next_poll_at = Some(self.clock());
            self.take(Input::Wake, b"");
            while let Some(action) = self.actions().into_iter().find(|a| matches!(a, Action::Receive(_) | Action::Send(_) | Action::Effect(_))) {
                self.step(&action);
            }
        }
    }

    /// What must be so where nothing is under way any more.
    pub fn check_end(&mut self) {
        let at_rest = self.outbox.is_empty() && self.notices.is_empty();
        if !at_rest {
            return;
        }
        match engine::rebuild_under(self.guards, &self.journal) {
            Ok(rebuilt) if engine::without_counters(&rebuilt) == engine::without_counters(&self.case) => {}
            _ => self.breaks("5: the journal rebuilds another case"),
        }
        // A question after all this, as the polls would ask: then nothing may be unknown.
        let mut later = self.clone();
        later.asks_on();
        let told = later.case.reviews.iter().any(|r| r.kind == ReviewKind::TwoCodesPossible);
        let forgotten = later.provider.codes.iter().any(|c| c.payable(later.now));
        if forgotten && !told && later.case.state == State::Cancelled && later.case.told_paid == Told::Not {
            later.breaks("4: the order is cancelled and its code is still alive");
        }
        let wanted = !self.decided && later.case.current().is_some_and(|a| later.clock() < a.expiry_wanted);
        let without =
            wanted && matches!(later.case.state, State::Creating | State::Unknown) && !self.merchant_wants_out && later.shop.status == OrderStatus::Open;
        let without = without && !later.case.reviews.iter().any(|r| r.kind == ReviewKind::ReversedMoney); // then a person says how it goes on
        let refused = |a: &Attempt| matches!(&a.creation, Creation::Refused { code, .. } if code != "unreachable");
        let shut = |channel: &str| later.case.attempts.iter().any(|a| a.channel.as_str() == channel && a.code.is_none() && (refused(a) || !a.proven_dead));
        if self.provider.second.is_some() && without && !later.case.holds_money() && !(shut("c") && shut("d")) {
            later.breaks("4: an order without a code although a channel could make one");
        }
        later.now = later.now.plus(3 * DAY);
        later.asks_on();
        let known: usize = later.case.payments().count();
        let ids = self.provider.dialect == Dialect::Sandbox && self.provider.second != Some(Dialect::Pagoefectivo);
        let there: usize = later
            .provider
            .codes
            .iter()
            .filter(|c| later.case.attempts.iter().any(|a| a.code.as_ref().is_some_and(|code| code.provider_id.as_str() == c.id)))
            .map(|c| c.payments.len())
            .sum();
        if ids && known < there {
            later.breaks("3: money at the provider that the case does not know");
        }
        let orphan = later
            .provider
            .codes
            .iter()
            .any(|c| c.payable(later.now) && !later.case.attempts.iter().any(|a| a.code.as_ref().is_some_and(|code| code.provider_id.as_str() == c.id)));
        if orphan && !later.case.reviews.iter().any(|r| r.kind == ReviewKind::TwoCodesPossible) {
            later.breaks("4: a live code that nobody knows of");
        }
        if let Some(why) = later.broken {
            self.breaks(&why);
        }
    }
}
