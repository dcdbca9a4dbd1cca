//! What is due: deadlines, retries, questions, reminders; and when the case must be woken next. Runs after every event, so that late wakes are harmless.

use super::guards::Guard;
use super::work::{TAIL, Work};
use crate::clock::{DAY, HOUR, Instant, MINUTE};
use crate::providers::Call;
use crate::voucher::{Attempt, Creation, MailKind, ReviewKind, State, Turn};

/// A reminder goes out this long before the deadline, where the code lives longer than [`REMINDER_FROM`].
const REMINDER_BEFORE: i64 = 24 * HOUR;
const REMINDER_FROM: i64 = 30 * HOUR;
/// The last call.
const LAST_CALL_BEFORE: i64 = 3 * HOUR;
/// A payment that was found by asking is reported when no notice has come this long after.
const NOTICE_PATIENCE: i64 = HOUR;
/// Open refunds are asked about this often.
const REFUND_EVERY: i64 = 6 * HOUR;

impl Work {
    /// Does what is due now.
    pub fn run_due(&mut self) {
        for no in 1..=self.case.attempts.len() as u16 {
            self.deadline_due(no);
            self.retry_due(no);
            self.look_up_due(no);
            self.reminders_due(no);
            self.unnotified_due(no);
        }
        if self.case.next_poll_at.is_some_and(|at| at <= self.now) {
            self.poll();
            self.schedule_poll();
        }
    }

    fn deadline_due(&mut self, no: u16) {
        let now = self.now;
        let passed = self.case.attempt(no).and_then(Attempt::deadline).is_some_and(|at| at <= now);
        if passed && self.turn(no, Turn::DeadlinePassed) {
            self.case.next_poll_at = Some(now);
        }
        let current = self.case.current().is_some_and(|a| a.no == no);
        let Some(attempt) = self.case.attempt(no) else { return };
        let over = attempt.expiry_wanted.plus(self.grace()) <= now;
        if attempt.state == State::Unknown && attempt.code.is_none() && over && !current {
            self.turn(no, Turn::Unpaid);
        }
    }

    fn retry_due(&mut self, no: u16) {
        let Some(attempt) = self.case.attempt(no) else { return };
        let due = matches!(attempt.creation, Creation::Again { at, .. } if at <= self.now);
        if due && attempt.state == State::Creating {
            self.ask_again(no);
        }
    }

    fn reminders_due(&mut self, no: u16) {
        let Some((reminder, last_call, deadline)) = self.reminder_times(no) else { return };
        if self.now >= deadline {
            return;
        }
        if self.now >= last_call {
            self.mail(MailKind::LastCall, no, false);
        } else if reminder.is_some_and(|at| at <= self.now) {
            self.mail(MailKind::Reminder, no, false);
        }
    }

    fn reminder_times(&self, no: u16) -> Option<(Option<Instant>, Instant, Instant)> {
        let attempt = self.case.attempt(no).filter(|a| a.state == State::Waiting)?;
        let code = attempt.code.as_ref()?;
        let lives = code.expires_at.since(code.issued_at);
        let reminder = (lives > REMINDER_FROM).then(|| code.expires_at.plus(-REMINDER_BEFORE));
        Some((reminder, code.expires_at.plus(-LAST_CALL_BEFORE), code.expires_at))
    }

    fn unnotified_due(&mut self, no: u16) {
        if self.unnotified_at(no).is_some_and(|at| at <= self.now) {
            self.review(ReviewKind::PaidNeverNotified, no, "", None);
        }
    }

    fn unnotified_at(&self, no: u16) -> Option<Instant> {
        let attempt = self.case.attempt(no).filter(|a| a.state == State::Paid && !a.noticed)?;
        let known = self.case.reviews.iter().any(|r| r.kind == ReviewKind::PaidNeverNotified && r.attempt == no);
        attempt.payments.first().filter(|_| !known).map(|payment| payment.seen_at.plus(NOTICE_PATIENCE))
    }

    fn poll(&mut self) {
        let numbers: Vec<u16> = self.case.attempts.iter().filter(|a| a.is_worth_asking(self.now)).map(|a| a.no).collect();
        for no in numbers {
            if self.is_asking(no) {
                continue;
            }
            let orphan = self.case.attempt(no).is_some_and(|a| a.may_be_paid_unseen() && !a.cancel_refused);
            if orphan && !self.guards.check(Guard::OrphanIsCalledOff, false) { self.call_off(no) } else { self.ask_now(no) }
        }
        self.poll_refunds();
    }

    fn poll_refunds(&mut self) {
        let open: Vec<_> = self.case.refunds.iter().filter(|r| !r.state.is_final()).map(|r| (r.key.clone(), r.attempt, r.provider_id.clone())).collect();
        for (key, attempt, id) in open {
            match id {
                Some(id) => self.ask(attempt, Call::RefundQuery { id, key }),
                None => self.send_refund(&key),
            }
        }
    }

    /// Sets when the provider is asked next: closer at first, never more than 30 minutes apart while open, then daily to the end of the tail.
    pub fn schedule_poll(&mut self) {
        let now = self.now;
        let grace = self.grace();
        let next = self.case.attempts.iter().filter(|a| a.is_worth_asking(now)).filter_map(|a| a.next_question(now, grace)).min();
        let refund = self.case.refunds.iter().any(|r| !r.state.is_final()).then(|| now.plus(REFUND_EVERY));
        self.case.next_poll_at = next.into_iter().chain(refund).min();
    }

    /// The earliest instant at which something can be due.
    pub fn next_wake(&self) -> Option<Instant> {
        let attempts = self.case.attempts.iter().map(|a| a.no);
        let each = attempts.flat_map(|no| {
            let attempt = self.case.attempt(no);
            let retry = attempt.and_then(|a| match a.creation {
                Creation::Again { at, .. } if a.state == State::Creating => Some(at),
                _ => None,
            });
            let reminders = self.reminder_times(no).map(|(reminder, last_call, _)| [reminder, Some(last_call)]);
            let mails = reminders.into_iter().flatten().flatten().filter(|at| *at > self.now);
            let replaced = attempt.filter(|a| a.state == State::Unknown && a.code.is_none()).map(|a| a.expiry_wanted.plus(self.grace()));
            let look_up = self.look_up_at(no).filter(|_| !self.is_asking(no));
            let others = [retry, attempt.and_then(Attempt::deadline), look_up, self.unnotified_at(no), replaced.filter(|at| *at > self.now)];
            others.into_iter().flatten().chain(mails).collect::<Vec<_>>()
        });
        each.chain(self.case.next_poll_at).min()
    }
}

impl Attempt {
    /// The deadline that has not been acted on yet.
    fn deadline(&self) -> Option<Instant> {
        self.code.as_ref().filter(|_| self.state == State::Waiting).map(|code| code.expires_at)
    }

    fn is_worth_asking(&self, now: Instant) -> bool {
        self.code.as_ref().is_some_and(|code| self.state.may_be_payable() || now <= code.expires_at.plus(TAIL))
    }

    /// A code that was called off, and of which no answer has said that it is dead.
    fn may_be_paid_unseen(&self) -> bool {
        matches!(self.state, State::Cancelled | State::Failed) && !self.proven_dead && self.payments.is_empty()
    }

    fn next_question(&self, now: Instant, grace: i64) -> Option<Instant> {
        let code = self.code.as_ref()?;
        let (age, over) = (now.since(code.issued_at), now.since(code.expires_at));
        let interval = match self.state {
            State::Waiting if age < 10 * MINUTE => 2 * MINUTE,
            State::Waiting if age < HOUR => 5 * MINUTE,
            State::Waiting if age < 6 * HOUR => 15 * MINUTE,
            State::Checking if over < HOUR => 10 * MINUTE,
            State::Waiting | State::Checking => 30 * MINUTE,
            _ if self.may_be_paid_unseen() && over < grace => 30 * MINUTE,
            _ => DAY,
        };
        let at = now.plus(interval);
        let grace_end = code.expires_at.plus(grace);
        Some(if self.state == State::Checking && grace_end > now { at.min(grace_end) } else { at })
    }
}
