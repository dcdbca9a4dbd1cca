//! What providers answer: answers and notices come in here, facts become money, deadlines and proofs.

use super::guards::Guard;
use super::message::Notice;
use super::work::Work;
use crate::clock::{Instant, MINUTE};
use crate::names::{PaymentId, Reference};
use crate::providers::{Call, Facts, PaymentFact, Reading, Status};
use crate::signature::Verdict;
use crate::voucher::{Asked, ReviewKind, Standing, State, Turn, Wish};

/// A hint brings a question forward at most this often.
const HINT_EVERY: i64 = MINUTE;
/// How many notices a case remembers.
const NOTICES_KEPT: usize = 24;

impl Work {
    /// What came back for a request.
    pub fn answered(&mut self, output: u32, no: u16, call: &Call, reading: &Reading, dated: Option<Instant>) {
        if !self.guards.check(Guard::AnswerIsAwaited, self.take_pending(output).is_some()) {
            self.case.counters.quiet_answers += 1;
            return;
        }
        match call {
            Call::Create { .. } => self.created(no, reading, dated),
            Call::LookUp { .. } => self.looked_up(no, reading, dated),
            Call::Query { .. } | Call::Cancel { .. } => self.told(no, call, reading, dated),
            Call::Refund { key, .. } => self.refund_answered(key, reading),
            Call::RefundQuery { key, .. } => self.refund_told(key, reading),
        }
        if core::mem::take(&mut self.case.ask_again) {
            self.ask_now(no);
        }
    }

    /// What the provider says of a code.
    fn told(&mut self, no: u16, call: &Call, reading: &Reading, dated: Option<Instant>) {
        let cancelling = matches!(call, Call::Cancel { .. });
        match reading {
            Reading::Facts(facts) => {
                self.case.counters.failures_in_a_row = 0;
                if facts.code.is_some() && self.case.attempt(no).is_some_and(|a| a.code.is_none()) {
                    return self.issued(no, facts, dated);
                }
                if !self.facts(no, facts, dated) {
                    return;
                }
                self.grant_wish(no, &facts.status, cancelling);
                let ends = if self.case.wish == Wish::None { self.is_grace_over(no) } else { self.case.current().is_some_and(|a| a.no == no) };
                if cancelling || facts.status != Status::Waiting || !ends || !self.can_call_off(no) {
                    self.reached(no); // else it has still to be heard whether it calls the code off
                }
            }
            Reading::Refused { .. } if cancelling => {
                if let Some(attempt) = self.attempt(no) {
                    attempt.cancel_refused = true;
                }
                self.ask_now(no);
            }
            Reading::Absent => self.review(ReviewKind::UnknownStatus, no, "absent", None),
            _ => self.unreachable(no),
        }
    }

    /// Nothing is known of a code whose deadline has passed: a person is asked, once at a time, and anew once the grace is over, when the order hangs on it.
    fn unreachable(&mut self, no: u16) {
        self.case.counters.failures_in_a_row += 1;
        self.unwatched(no, if self.is_grace_over(no) { "grace" } else { "deadline" });
    }

    fn unwatched(&mut self, no: u16, about: &str) {
        let asked = self.case.open_reviews(ReviewKind::ProviderUnreachable).any(|r| r.attempt == no);
        if !asked && self.case.attempt(no).is_some_and(|a| a.state == State::Checking) {
            self.review(ReviewKind::ProviderUnreachable, no, about, None);
        }
    }

    /// The provider answers (again).
    fn reached(&mut self, no: u16) {
        for about in ["deadline", "grace"] {
            self.clear_about(ReviewKind::ProviderUnreachable, no, about);
        }
    }

    fn is_grace_over(&self, no: u16) -> bool {
        self.case.attempt(no).and_then(|a| a.code.as_ref()).is_some_and(|code| self.now.since(code.expires_at) >= self.grace())
    }

    /// Takes in everything that one answer says of a code; `false` where it speaks of another order, and so says nothing of this one.
    pub fn facts(&mut self, no: u16, facts: &Facts, dated: Option<Instant>) -> bool {
        let Some(attempt) = self.case.attempt(no) else { return false };
        let ours = facts.reference.as_ref().is_none_or(|reference| *reference == attempt.reference);
        if !self.guards.check(Guard::RightReference, ours) {
            self.review(ReviewKind::UnknownStatus, no, "wrong-reference", None);
            return false;
        }
        let lives = matches!(facts.status, Status::Waiting | Status::Unrecognised(_));
        self.deadline_moved(no, facts.expires_at.filter(|_| lives)); // the date of a dead or paid code is the one it would have had
        for payment in &facts.payments {
            self.money(no, payment);
        }
        let amount = facts.amount.or(Some(self.case.amount));
        match &facts.status {
            Status::Waiting if self.guards.check(Guard::CodeIsDead, false) => self.dead(no, dated),
            Status::Waiting => self.payable_after_grace(no),
            Status::Paid if facts.payments.is_empty() => {
                if let Some(amount) = amount {
                    self.money(no, &PaymentFact { id: PaymentId::default(), amount, paid_at: None, reversed: false });
                }
            }
            Status::Paid => {}
            Status::Expired | Status::Cancelled | Status::Failed => {
                self.unsaid(no);
                self.dead(no, dated);
            }
            Status::Reversed => self.all_taken(no),
            Status::Refunded if self.case.refunds.iter().any(|r| r.attempt == no) => {}
            Status::Refunded => self.all_taken(no),
            Status::Unrecognised(word) => self.review(ReviewKind::UnknownStatus, no, word, None),
        }
        if matches!(facts.status, Status::Paid | Status::Refunded) {
            self.spent(no, dated);
        }
        true
    }

    /// A code that was paid, and whose money has all gone back, can't be paid again: it is as dead as one whose time is over.
    fn spent(&mut self, no: u16, dated: Option<Instant>) {
        let Some(attempt) = self.case.attempt(no).filter(|attempt| attempt.state.may_be_payable()) else { return };
        if !attempt.payments.is_empty() && !attempt.payments.iter().any(|payment| payment.standing.is_in()) {
            self.dead(no, dated);
        }
    }

    /// A provider without a word for money that was taken back may call a code dead whose money it reported before: a person looks, nothing else changes.
    fn unsaid(&mut self, no: u16) {
        let counted = self.case.attempt(no).and_then(|attempt| attempt.payments.iter().find(|payment| payment.standing == Standing::Counts));
        if let Some(amount) = counted.map(|payment| payment.amount) {
            self.review(ReviewKind::ReversedMoney, no, "no-longer-paid", Some(amount));
        }
    }

    /// Deadline and grace are over and the provider still calls the code payable: it is called off, or a person is asked.
    fn payable_after_grace(&mut self, no: u16) {
        if self.case.attempt(no).is_none_or(|a| a.state != State::Checking) {
            return;
        }
        let over = self.is_grace_over(no);
        if over && self.can_call_off(no) && self.case.wish == Wish::None {
            self.call_off(no);
        } else if over {
            self.reached(no); // one question at a time: what it says is the question now
            self.review(ReviewKind::ProviderUnreachable, no, "still-payable", None);
        }
    }

    fn deadline_moved(&mut self, no: u16, expires_at: Option<Instant>) {
        let now = self.now;
        let Some(code) = self.attempt(no).and_then(|attempt| attempt.code.as_mut()) else { return };
        let Some(expires_at) = expires_at.filter(|at| *at != code.expires_at) else { return };
        code.expires_at = expires_at;
        if expires_at > now {
            self.clear(ReviewKind::ProviderUnreachable, no);
            self.turn(no, Turn::Extended);
        }
    }

    /// A notice: it is remembered, and the provider is asked. Only where nothing can be asked would it say more.
    pub fn noticed(&mut self, notice: &Notice) {
        let known = self.case.notices.contains(&notice.dedupe_key);
        if !self.guards.check(Guard::NoticeIsNew, !known) {
            self.case.counters.repeated_notices += 1;
            return;
        }
        let Some(no) = self.attempt_of(notice) else { return };
        self.case.notices.push(notice.dedupe_key.clone());
        if self.case.notices.len() > NOTICES_KEPT {
            self.case.notices.remove(0);
        }
        if let Some(attempt) = self.attempt(no) {
            attempt.noticed = true;
        }
        self.clear(ReviewKind::PaidNeverNotified, no);
        let verified = notice.verdict == Verdict::Verified;
        if verified && !self.abilities(no).is_none_or(|able| able.query) {
            return self.believed(no, notice);
        }
        if verified {
            self.verified(no, notice);
        }
        let recently = self.case.last_asked_at.is_some_and(|at| self.now.since(at) < HINT_EVERY);
        if verified || !recently {
            self.ask_now(no);
        }
    }

    /// A verified notice of a provider that can't be asked, whose signature covers all of it: it counts as that provider's answer.
    fn believed(&mut self, no: u16, notice: &Notice) {
        let told = &notice.facts;
        let paid = told.amount.filter(|_| told.status == Status::Paid);
        let facts = Facts {
            status: told.status.clone(),
            provider_id: told.provider_id.clone(),
            reference: told.reference.clone(),
            amount: told.amount,
            code: None,
            expires_at: None,
            payments: paid.map(|amount| PaymentFact { id: told.payment_id.clone(), amount, paid_at: None, reversed: false }).into_iter().collect(),
        };
        self.facts(no, &facts, told.signed_at);
    }

    /// What only a good signature may say: that the same code was paid once more, and that money was taken back.
    fn verified(&mut self, no: u16, notice: &Notice) {
        let facts = &notice.facts;
        match facts.status {
            Status::Paid if self.guards.check(Guard::NoticeOnlyAsks, false) => {
                let amount = facts.amount.unwrap_or(self.case.amount);
                self.money(no, &PaymentFact { id: facts.payment_id.clone(), amount, paid_at: None, reversed: false });
            }
            Status::Paid => self.payment_announced(no, &facts.payment_id),
            Status::Reversed if self.case.attempt(no).is_some_and(|a| !a.payments.is_empty()) => {
                self.review(ReviewKind::ReversedMoney, no, facts.payment_id.as_str(), facts.amount);
            }
            _ => {}
        }
    }

    /// The attempt that a notice speaks of: by reference, by the provider's id, else the current one.
    fn attempt_of(&self, notice: &Notice) -> Option<u16> {
        let by_reference = |reference| self.case.attempts.iter().find(|a| a.reference == reference);
        let by_id = |id| self.case.attempts.iter().find(|a| a.code.as_ref().is_some_and(|code| code.provider_id == id));
        let named = notice.facts.provider_id.clone().and_then(by_id);
        named.or_else(|| notice.facts.reference.clone().and_then(by_reference)).or(self.case.current()).map(|a| a.no)
    }

    /// Asks the provider how a code stands, now; once more afterwards where a question is already under way.
    pub fn ask_now(&mut self, no: u16) {
        if self.abilities(no).is_some_and(|able| !able.query) {
            return self.nobody_to_ask(no);
        }
        if self.is_asking(no) {
            self.case.ask_again = true;
        } else if let Some((id, reference)) = self.provider_id(no) {
            self.case.last_asked_at = Some(self.now);
            self.ask(no, Call::Query { id, reference });
        } else if let Some(reference) = self.lost_create(no) {
            self.case.last_asked_at = Some(self.now);
            self.ask(no, Call::LookUp { reference });
        }
    }

    /// The provider has no such question: a person's wish is granted at once, and once grace is over a person is asked.
    fn nobody_to_ask(&mut self, no: u16) {
        self.grant_wish(no, &Status::Waiting, false);
        if self.is_grace_over(no) {
            self.unwatched(no, "unasked");
        }
    }

    /// The reference by which a lost create can be looked up.
    fn lost_create(&self, no: u16) -> Option<Reference> {
        let able = self.abilities(no)?.look_up;
        self.case.attempt(no).filter(|a| able && a.state == State::Unknown).map(|a| a.reference.clone())
    }

    /// Asks the provider to call a code off, or, where it can't, how it stands.
    pub fn call_off(&mut self, no: u16) {
        if self.case.attempt(no).is_none_or(|a| a.proven_dead || a.state.is_settled()) {
            return;
        }
        let cancelling = self.case.pending.iter().any(|p| p.attempt == no && p.what == Asked::Cancel);
        if !self.can_call_off(no) {
            return self.ask_now(no);
        }
        if let (false, Some((id, reference))) = (cancelling, self.provider_id(no)) {
            self.case.last_asked_at = Some(self.now);
            self.ask(no, Call::Cancel { id, reference });
        }
    }

    /// Whether the provider can call this code off, as far as is known.
    fn can_call_off(&self, no: u16) -> bool {
        self.abilities(no).is_some_and(|a| a.cancel) && self.case.attempt(no).is_some_and(|a| !a.cancel_refused)
    }

    /// A merchant's or shopper's wish for the current code, after an answer that still calls it payable.
    fn grant_wish(&mut self, no: u16, status: &Status, cancelling: bool) {
        if self.case.wish == Wish::None || self.case.current().is_none_or(|a| a.no != no) || cancelling || *status != Status::Waiting {
            return;
        }
        let can_cancel = self.can_call_off(no);
        match self.case.wish {
            Wish::Cancel if can_cancel => self.call_off(no),
            Wish::Cancel => self.cancel_for_merchant(no),
            Wish::Replace if can_cancel => self.call_off(no),
            Wish::Replace => {
                self.case.wish = Wish::None;
                self.review(ReviewKind::TwoCodesPossible, no, "can-not-cancel", None);
            }
            Wish::None => {}
        }
    }
}
