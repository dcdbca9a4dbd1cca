//! Where money meets the order: how each payment counts, what follows, and what follows when none came.

use super::guards::Guard;
use super::work::Work;
use crate::clock::Instant;
use crate::money::Money;
use crate::names::PaymentId;
use crate::providers::PaymentFact;
use crate::voucher::{Attempt, Effect, MailKind, OrderStatus, Payment, Review, ReviewKind, Standing, State, Told, Turn, Wish};

impl Work {
    /// One payment that the provider reports for an attempt, new or known.
    pub fn money(&mut self, no: u16, fact: &PaymentFact) {
        if let Some(place) = self.known_payment(no, &fact.id) {
            if let Some(payment) = self.attempt(no).and_then(|a| a.payments.get_mut(place)) {
                if payment.id.is_empty() {
                    payment.id = fact.id.clone();
                }
                payment.paid_at = payment.paid_at.or(fact.paid_at);
            }
            if fact.reversed {
                self.taken(no, place);
            }
            return;
        }
        let standing = if fact.reversed { Standing::Reversed } else { self.how_it_counts(no, fact.amount) };
        let seen_at = self.now;
        let Some(attempt) = self.attempt(no) else { return };
        let announced = attempt.announced.clone().unwrap_or_default();
        let id = if fact.id.is_empty() { announced } else { fact.id.clone() };
        attempt.payments.push(Payment { id: id.clone(), amount: fact.amount, paid_at: fact.paid_at, seen_at, standing });
        attempt.proven_dead = false;
        self.clear(ReviewKind::PaidUnconfirmed, no);
        if standing != Standing::Second {
            self.first_after_all(no, &id);
        }
        let (about, amount) = (id.as_str(), Some(fact.amount));
        match standing {
            Standing::Counts => self.paid(no, false),
            Standing::Late => {
                self.review(ReviewKind::LateMoney, no, about, amount);
                self.mail(MailKind::Late, no, false);
            }
            Standing::Second => self.review(ReviewKind::SecondMoney, no, about, amount),
            Standing::Mismatched => self.review(ReviewKind::MismatchedMoney, no, about, amount),
            Standing::Reversed | Standing::Refunded => self.review(ReviewKind::ReversedMoney, no, about, amount),
        }
        self.withdraw_replacement();
    }

    /// Where a payment is already known: by its id, or because one side gives no id.
    fn known_payment(&self, no: u16, id: &PaymentId) -> Option<usize> {
        let payments = &self.case.attempt(no)?.payments;
        let same = payments.iter().position(|p| p.id == *id);
        same.or_else(|| if id.is_empty() { (!payments.is_empty()).then_some(0) } else { payments.iter().position(|p| p.id.is_empty()) })
    }

    /// A good notice tells of a payment at the counter. The provider's answer decides what it is worth; but one that names another payment than the
    /// known one tells of a second, whatever a question can tell.
    pub fn payment_announced(&mut self, no: u16, id: &PaymentId) {
        let disproved = |r: &Review| r.kind == ReviewKind::PaidUnconfirmed && r.attempt == no && r.about == id.as_str() && r.closed.is_some();
        let disproved = self.case.reviews.iter().any(disproved);
        let Some(attempt) = self.attempt(no).filter(|_| !disproved) else { return };
        if attempt.payments.is_empty() && attempt.announced.is_none() {
            attempt.announced = Some(id.clone());
        }
        let known = |other: &PaymentId| id.is_empty() || other == id;
        if attempt.payments.iter().any(|p| known(&p.id)) || attempt.announced.as_ref().is_some_and(known) {
            return;
        }
        if let (None, Some(payment)) = (&attempt.announced, attempt.payments.iter_mut().find(|p| p.id.is_empty())) {
            payment.id = id.clone();
        } else if attempt.announced.is_some() || attempt.payments.iter().any(|p| p.standing == Standing::Counts) {
            self.review(ReviewKind::SecondMoney, no, id.as_str(), None);
        }
    }

    /// The payment that was announced as a second one is the first, as notices overtook each other: the question is about the one announced before it.
    fn first_after_all(&mut self, no: u16, id: &PaymentId) {
        let unseen = |attempt: &Attempt| attempt.announced.clone().filter(|other| !attempt.payments.iter().any(|p| p.id == *other));
        match self.case.attempt(no).and_then(unseen) {
            Some(other) => self.review_turns(ReviewKind::SecondMoney, no, id.as_str(), other.as_str()),
            None => self.clear_about(ReviewKind::SecondMoney, no, id.as_str()),
        }
    }

    fn how_it_counts(&self, no: u16, amount: Money) -> Standing {
        let Some(attempt) = self.case.attempt(no) else { return Standing::Mismatched };
        if !self.guards.check(Guard::RightAmount, amount == attempt.amount && amount == self.case.amount) {
            return Standing::Mismatched;
        }
        let sold_elsewhere = self.case.shop.status == OrderStatus::Paid && self.case.told_paid == Told::Not;
        if !self.guards.check(Guard::FirstMoney, self.case.paying().is_none() && !sold_elsewhere) {
            return Standing::Second;
        }
        let stands = attempt.state.may_be_payable() && !self.is_closing() || self.order_stands();
        if self.guards.check(Guard::OrderStands, stands) { Standing::Counts } else { Standing::Late }
    }

    pub fn is_closing(&self) -> bool {
        !matches!(self.case.told_cancel, Told::Not | Told::Refused) || self.case.shop.status != OrderStatus::Open
    }

    /// Whether the shop's order can still take money by itself: open, and not on its way to being cancelled.
    fn order_stands(&self) -> bool {
        let decided = self.case.attempts.iter().any(|a| a.state == State::Reversed);
        !self.is_closing() && !decided
    }

    /// The order is paid by this attempt: the shop is told, the shopper is told, every other code is called off.
    pub fn paid(&mut self, no: u16, reopened: bool) {
        if !self.turn(no, Turn::MoneyCame) {
            self.turn(no, Turn::LateAccepted);
        }
        self.case.wish = Wish::None;
        self.tell_paid(no, reopened);
        self.mail(MailKind::Paid, no, false);
        self.clear(ReviewKind::ProviderUnreachable, no);
        self.clear(ReviewKind::TwoCodesPossible, no);
        let others: Vec<u16> = self.case.attempts.iter().filter(|a| a.no != no && !a.proven_dead).map(|a| a.no).collect();
        for other in others {
            self.turn(other, Turn::CalledOff);
            self.call_off(other);
        }
    }

    /// Asks the shop to mark the order as paid, once.
    pub fn tell_paid(&mut self, no: u16, reopened: bool) {
        if !self.guards.check(Guard::PaidToldOnce, matches!(self.case.told_paid, Told::Not | Told::Refused)) {
            return;
        }
        let Some(amount) = self.case.paying().map(|p| p.amount) else { return };
        let statuses: &[OrderStatus] = if reopened { &[OrderStatus::Open, OrderStatus::Cancelled] } else { &[OrderStatus::Open] };
        let output = self.tell(no, Effect::MarkPaid { amount }, statuses, true);
        self.case.told_paid = Told::Asked(output);
    }

    /// A payment was taken back.
    fn taken(&mut self, no: u16, place: usize) {
        let Some(payment) = self.attempt(no).and_then(|a| a.payments.get_mut(place)) else { return };
        if !payment.standing.is_in() {
            return;
        }
        let (was, id, amount) = (payment.standing, payment.id.clone(), payment.amount);
        payment.standing = Standing::Reversed;
        match was {
            Standing::Counts => {
                self.turn(no, Turn::MoneyTaken);
            }
            Standing::Late => self.gone(ReviewKind::LateMoney, no, &id),
            Standing::Second => self.gone(ReviewKind::SecondMoney, no, &id),
            _ => self.gone(ReviewKind::MismatchedMoney, no, &id),
        }
        self.review(ReviewKind::ReversedMoney, no, id.as_str(), Some(amount));
    }

    /// The question about one payment is over; another payment's stays open. One that was asked when nobody had named the payment is meant too.
    fn gone(&mut self, kind: ReviewKind, no: u16, id: &PaymentId) {
        for about in [id.as_str(), ""] {
            self.clear_about(kind, no, about);
        }
    }

    /// The provider says of the whole code that its money was taken back.
    pub fn all_taken(&mut self, no: u16) {
        let count = self.case.attempt(no).map_or(0, |a| a.payments.len());
        if count == 0 {
            self.review(ReviewKind::ReversedMoney, no, "never-seen", None);
        }
        for place in 0..count {
            self.taken(no, place);
        }
        self.turn(no, Turn::MoneyTaken); // also where nobody told us of the money while it was there
    }

    /// The provider says that a code can't be paid any more.
    pub fn dead(&mut self, no: u16, dated: Option<Instant>) {
        let (now, guards) = (self.now, self.guards);
        let Some(attempt) = self.attempt(no) else { return };
        let empty = !attempt.payments.iter().any(|p| p.standing.is_in());
        if !guards.check(Guard::NoMoneySeen, empty) || attempt.state.is_settled() {
            return;
        }
        if let Some(id) = attempt.announced.clone().filter(|_| attempt.is_unconfirmed()) {
            return self.review(ReviewKind::PaidUnconfirmed, no, id.as_str(), None);
        }
        attempt.proven_dead = true;
        if let Some(code) = attempt.code.as_mut().filter(|code| code.expires_at > now) {
            code.expires_at = now; // called off at the provider, not by us
        }
        let unseen = attempt.state == State::Unknown && self.case.current().is_some_and(|current| current.no == no);
        self.clear(ReviewKind::TwoCodesPossible, no);
        self.clear(ReviewKind::ProviderUnreachable, no);
        if unseen {
            self.review(ReviewKind::NoCode, no, "never-shown", None); // else nobody would look at an order that never had a code to show
        }
        self.turn(no, Turn::DeadlinePassed);
        if self.case.current().is_none_or(|current| current.no != no) {
            self.turn(no, Turn::Unpaid);
            return;
        }
        match self.case.wish {
            Wish::Cancel => self.cancel_for_merchant(no),
            Wish::Replace => self.replace(no),
            Wish::None => self.lapse(no, dated),
        }
    }

    /// Lets an unpaid order lapse, if every guard holds: the shop cancels it and releases its stock, once.
    pub fn lapse(&mut self, no: u16, dated: Option<Instant>) {
        let guards = self.guards;
        let Some(attempt) = self.case.attempt(no).filter(|a| a.state == State::Checking) else { return };
        let Some(deadline) = attempt.code.as_ref().map(|code| code.expires_at) else { return };
        let may = guards.check(Guard::GraceIsOver, self.now.since(deadline) >= self.grace())
            && guards.check(Guard::AnswerDatedAfterDeadline, dated.is_some_and(|at| at >= deadline))
            && guards.check(Guard::NoMoneySeen, !self.case.holds_money())
            && !self.case.attempts.iter().any(|a| a.no != no && a.state.may_be_payable());
        if may && self.turn(no, Turn::Unpaid) {
            self.tell_cancel(no);
        }
    }

    /// Asks the shop to cancel the order and release its stock, once. What was paid of it by other means would not come back by that: a person is asked.
    pub fn tell_cancel(&mut self, no: u16) {
        if !self.guards.check(Guard::CancelToldOnce, matches!(self.case.told_cancel, Told::Not | Told::Refused)) {
            return;
        }
        let (total, outstanding) = (self.case.shop.total, self.case.shop.outstanding);
        if !self.guards.check(Guard::NothingElsePaid, outstanding == total) {
            self.case.told_cancel = Told::Refused;
            if self.case.open_reviews(ReviewKind::EffectRefused).any(|review| review.attempt == no && review.about.starts_with("part-paid-")) {
                return; // asked already
            }
            let paid = (total.currency == outstanding.currency).then(|| Money::new(total.minor.saturating_sub(outstanding.minor), total.currency));
            return self.review(ReviewKind::EffectRefused, no, &format!("part-paid-{}", self.case.next_entry), paid);
        }
        let output = self.tell(no, Effect::Cancel, &[OrderStatus::Open], true);
        self.case.told_cancel = Told::Asked(output);
    }

    /// The merchant's cancel, now that the provider has said that nothing is paid.
    pub fn cancel_for_merchant(&mut self, no: u16) {
        self.case.wish = Wish::None;
        if self.guards.check(Guard::NoMoneySeen, !self.case.holds_money()) {
            self.turn(no, Turn::CalledOff);
            self.tell_cancel(no);
        }
    }

    /// A new code in place of a dead one.
    pub fn replace(&mut self, no: u16) {
        let all_dead = self.others_are_dead(no) && self.case.attempt(no).is_some_and(|a| a.proven_dead);
        if !self.guards.check(Guard::OldCodeIsDead, all_dead) || self.case.holds_money() || self.is_closing() {
            return;
        }
        self.case.wish = Wish::None;
        if !self.turn(no, Turn::Unpaid) {
            self.turn(no, Turn::CalledOff);
        }
        self.begin_attempt();
    }

    /// Money came for an old code while a new one was being asked for: the wish for another is over.
    fn withdraw_replacement(&mut self) {
        if self.case.wish == Wish::Replace {
            self.case.wish = Wish::None;
        }
    }

    /// The order stands again (the cancel was not carried out, or the shop reopened it): late money of the right amount pays it now.
    pub fn settle_late(&mut self) {
        if !self.order_stands() || self.case.paying().is_some() {
            return;
        }
        let amount = self.case.amount;
        let late = self.case.attempts.iter().find(|a| a.payments.iter().any(|p| p.standing == Standing::Late && p.amount == amount));
        if let Some(no) = late.map(|a| a.no) {
            self.accept_late(no, false);
        }
    }

    /// Late money is taken: it counts from now on, and its review closes.
    pub fn accept_late(&mut self, no: u16, reopened: bool) {
        if self.case.paying().is_some() {
            return;
        }
        let Some(payment) = self.attempt(no).and_then(|a| a.payments.iter_mut().find(|p| p.standing == Standing::Late)) else { return };
        payment.standing = Standing::Counts;
        self.clear(ReviewKind::LateMoney, no);
        self.paid(no, reopened);
        if self.case.shop.status == OrderStatus::Cancelled {
            self.cancelled_though_paid();
        }
    }
}
