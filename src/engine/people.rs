//! What people ask for: the shopper on the page, the merchant at the desk.

use super::message::{Decision, Request};
use super::work::Work;
use crate::clock::{Instant, MINUTE};
use crate::money::Money;
use crate::names::{IdempotencyKey, RefundKey};
use crate::providers::{Call, Reading, RefundFacts};
use crate::voucher::{Asked, Closing, MailKind, Refund, RefundState, Resolution, Review, ReviewKind, Standing, State, Told, Wish};

/// How often a shopper can make us ask the provider.
const CHECK_EVERY: i64 = MINUTE;

impl Work {
    /// The shopper pressed something on the page.
    pub fn shopper(&mut self, request: Request) {
        let Some((no, state)) = self.case.current().map(|a| (a.no, a.state)) else { return };
        let since = |at: Option<Instant>| at.map_or(i64::MAX, |at| self.now.since(at));
        match request {
            Request::CheckNow => {
                self.case.counters.shopper_checks += 1;
                if since(self.case.last_asked_at) >= CHECK_EVERY && !self.is_asking(no) {
                    self.ask_now(no);
                }
            }
            Request::MailAgain if since(self.case.mailed_again_at) >= MailKind::AGAIN_EVERY && state == State::Waiting => {
                self.case.mailed_again_at = Some(self.now);
                self.mail(MailKind::New, no, true);
            }
            Request::MailAgain => {}
            Request::NewCode if self.may_replace(state) => {
                self.case.wish = Wish::Replace;
                self.replace(no);
                if self.case.wish == Wish::Replace {
                    self.ask_now(no);
                }
            }
            Request::NewCode => {}
        }
    }

    /// Whether a shopper may have another code: the checkout takes one, no wish is under way, no money is in, and the order still stands.
    fn may_replace(&self, state: State) -> bool {
        let over = matches!(state, State::Checking | State::Failed | State::Lapsed | State::Cancelled);
        over && !self.case.terms.one_code && self.case.wish == Wish::None && !self.case.holds_money() && !self.is_closing()
    }

    /// The merchant decided something.
    pub fn merchant(&mut self, decision: &Decision) {
        let current = self.case.current().map(|a| a.no);
        match decision {
            Decision::CheckNow => {
                let all: Vec<u16> = self.case.attempts.iter().map(|a| a.no).collect();
                all.into_iter().for_each(|no| {
                    if !self.is_asking(no) {
                        self.ask_now(no)
                    }
                });
            }
            Decision::Cancel => current.into_iter().for_each(|no| self.wants_cancel(no)),
            Decision::Resolve { review, resolution, reason } => self.resolve(*review, *resolution, reason),
            Decision::Refund { attempt, amount } => self.begin_refund(*attempt, *amount),
        }
    }

    fn wants_cancel(&mut self, no: u16) {
        let Some(attempt) = self.case.attempt(no) else { return };
        let (state, no_look_up) = (attempt.state, !self.abilities(no).is_some_and(|a| a.look_up));
        match state {
            State::Failed => self.cancel_for_merchant(no),
            State::Unknown if no_look_up => self.cancel_for_merchant(no),
            State::Checking if attempt.proven_dead => self.cancel_for_merchant(no),
            state if state.may_be_payable() => {
                self.case.wish = Wish::Cancel;
                self.call_off(no);
            }
            _ => {}
        }
    }

    fn resolve(&mut self, no: u16, resolution: Resolution, reason: &str) {
        let at = self.now;
        let Some(review) = self.case.reviews.iter_mut().find(|r| r.no == no && r.closed.is_none()) else { return };
        review.closed = Some(Closing { at, resolution, reason: reason.into() });
        let review = review.clone();
        match resolution {
            Resolution::AcceptMoney => self.accept_late(review.attempt, true),
            Resolution::RefundMoney => {
                if let Some(amount) = review.amount {
                    self.begin_refund(review.attempt, amount);
                }
            }
            Resolution::IssueAnother => self.issue_another(),
            Resolution::TryAgain => self.try_again(&review),
            Resolution::Noted | Resolution::SettledElsewhere if review.kind == ReviewKind::PaidUnconfirmed => self.disbelieve(review.attempt),
            Resolution::Noted | Resolution::SettledElsewhere | Resolution::ClearedItself => {}
        }
    }

    /// A person has looked: the announced payment never was. The order goes on as if nothing had been announced.
    fn disbelieve(&mut self, no: u16) {
        let Some(attempt) = self.attempt(no) else { return };
        attempt.announced = None;
        let given_up = attempt.proven_dead && matches!(attempt.state, State::Lapsed | State::Cancelled);
        if given_up && self.case.told_cancel == Told::Not && !self.case.holds_money() {
            self.tell_cancel(no);
        }
        self.ask_now(no);
    }

    /// A person takes the risk of two codes, under the review that says so.
    fn issue_another(&mut self) {
        if !self.case.holds_money() && self.case.current().is_some_and(|a| !a.state.is_settled()) {
            self.case.wish = Wish::None;
            let old: Vec<u16> = self.case.attempts.iter().filter(|a| !a.proven_dead).map(|a| a.no).collect();
            old.into_iter().for_each(|no| self.review(ReviewKind::TwoCodesPossible, no, "another-issued", None));
            self.begin_attempt();
        }
    }

    fn try_again(&mut self, review: &Review) {
        match review.kind {
            ReviewKind::NoCode => self.replace(review.attempt),
            ReviewKind::EffectRefused if self.case.told_paid == Told::Refused => self.tell_paid(review.attempt, true),
            ReviewKind::EffectRefused if self.case.told_cancel == Told::Refused && !self.case.holds_money() => self.tell_cancel(review.attempt),
            ReviewKind::EffectRefused if review.about == "show-code" => self.show_code(review.attempt),
            ReviewKind::OutputDead if review.about.starts_with("provider-") => self.request_again(review.attempt),
            ReviewKind::OutputDead => {
                let last = self.case.mails.iter().rev().find(|(_, no)| *no == review.attempt).map(|(kind, _)| *kind);
                if let Some(kind) = last {
                    self.mail(kind, review.attempt, true);
                }
            }
            ReviewKind::RefundStuck => {
                let Some(stuck) = self.case.refunds.iter_mut().find(|r| r.key.as_str() == review.about) else { return };
                if stuck.state == RefundState::Unknown {
                    stuck.state = RefundState::Rejected; // a person has looked: the provider has none under this key
                }
                let (attempt, amount) = (stuck.attempt, stuck.amount);
                self.begin_refund(attempt, amount);
            }
            _ => {}
        }
    }

    /// What was given up of an attempt is asked of the provider once more: the code, or the money's way back.
    fn request_again(&mut self, no: u16) {
        let creating = self.case.attempt(no).is_some_and(|a| a.state == State::Creating);
        if creating && !self.is_asking_for_code(no) {
            self.ask_again(no);
        }
        let unsent: Vec<_> = self.case.refunds.iter().filter(|r| r.attempt == no && r.state == RefundState::Requested).map(|r| r.key.clone()).collect();
        unsent.iter().for_each(|key| self.send_refund(key));
    }

    fn is_asking_for_code(&self, no: u16) -> bool {
        self.case.pending.iter().any(|p| p.attempt == no && p.what == Asked::Create)
    }

    /// Begins a refund of money that is in and not yet promised back.
    fn begin_refund(&mut self, no: u16, amount: Money) {
        if !self.case.can_give_back(no, amount) {
            return;
        }
        let count = self.case.refunds.len() + 1;
        let Some(reference) = self.case.attempt(no).map(|a| a.reference.clone()) else { return };
        let key = RefundKey::new(&format!("{reference}-r{count}"));
        let idempotency = IdempotencyKey::new(&self.derived(&format!("refund {count}"), 32));
        self.case.refunds.push(Refund {
            key: key.clone(),
            idempotency,
            attempt: no,
            amount,
            state: RefundState::Requested,
            provider_id: None,
            requested_at: self.now,
            settled_at: None,
            act_before: None,
        });
        self.send_refund(&key);
        self.schedule_poll();
    }

    /// Sends (again) a refund that the provider has not acknowledged.
    pub fn send_refund(&mut self, key: &RefundKey) {
        let Some(refund) = self.case.refunds.iter().find(|r| r.key == *key && r.state == RefundState::Requested).cloned() else { return };
        let waiting = self.case.pending.iter().any(|p| p.what == Asked::Refund);
        let able = self.abilities(refund.attempt).is_some_and(|a| a.refund);
        let Some((id, _)) = self.provider_id(refund.attempt).filter(|_| able && !waiting) else { return };
        self.ask(refund.attempt, Call::Refund { id, key: refund.key, idempotency: refund.idempotency, amount: refund.amount });
    }

    /// What came back for a refund's request.
    pub fn refund_answered(&mut self, key: &RefundKey, reading: &Reading) {
        match reading {
            Reading::Refund(facts) => self.refund_moved(key, facts),
            Reading::Refused { .. } => self.refund_moved(key, &RefundFacts { id: None, state: RefundState::Rejected, act_before: None }),
            Reading::NotSent { .. } | Reading::Unauthorized => {}
            _ => {
                let attempt = self.case.refunds.iter().find(|r| r.key == *key).map(|r| r.attempt);
                if !attempt.and_then(|no| self.abilities(no)).is_some_and(|a| a.refund_is_repeatable) {
                    self.refund_moved(key, &RefundFacts { id: None, state: RefundState::Unknown, act_before: None });
                }
            }
        }
    }

    /// What came back for a question about a refund.
    pub fn refund_told(&mut self, key: &RefundKey, reading: &Reading) {
        if let Reading::Refund(facts) = reading {
            self.refund_moved(key, facts);
        }
    }

    fn refund_moved(&mut self, key: &RefundKey, facts: &RefundFacts) {
        let now = self.now;
        let Some(refund) = self.case.refunds.iter_mut().find(|r| r.key == *key && !r.state.is_final()) else { return };
        refund.state = facts.state;
        refund.settled_at = facts.state.is_final().then_some(now);
        refund.provider_id = facts.id.clone().or(refund.provider_id.take());
        refund.act_before = facts.act_before.or(refund.act_before);
        let (no, amount) = (refund.attempt, refund.amount);
        match facts.state {
            RefundState::Done => self.given_back(no, amount),
            RefundState::Rejected | RefundState::Lapsed | RefundState::Unknown => {
                self.review(ReviewKind::RefundStuck, no, key.as_str(), Some(amount));
            }
            _ => {}
        }
    }

    /// A refund arrived: the payment that it gives back whole is no longer in.
    fn given_back(&mut self, no: u16, amount: Money) {
        let Some(attempt) = self.attempt(no) else { return };
        let order = [Standing::Second, Standing::Late, Standing::Mismatched, Standing::Counts];
        let place = order.iter().find_map(|standing| attempt.payments.iter().position(|p| p.standing == *standing && p.amount == amount));
        if let Some(payment) = place.and_then(|place| attempt.payments.get_mut(place)) {
            payment.standing = Standing::Refunded;
        }
        if self.case.attempt(no).is_some_and(|attempt| attempt.state.may_be_payable()) {
            self.ask_now(no); // wrong money went back: is its code of any use still?
        }
    }
}
