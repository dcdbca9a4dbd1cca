//! The shop's side: its order as it was read again, and what became of the effects asked of it.

use super::message::Outcome;
use super::work::Work;
use crate::voucher::{Asked, Creation, MailKind, OrderRead, OrderStatus, ReviewKind, Standing, State, Told, Turn, Wish};

impl Work {
    /// The order was read again. Echoes of our own effects change nothing.
    pub fn order_read(&mut self, read: &OrderRead) {
        let before = core::mem::replace(&mut self.case.shop, read.clone());
        match read.status {
            OrderStatus::Open if before.status == OrderStatus::Cancelled => self.reopened(read),
            OrderStatus::Open => self.edited(read),
            OrderStatus::Paid if self.case.told_paid == Told::Not => self.call_all_off(),
            OrderStatus::Cancelled | OrderStatus::Gone => {
                if !matches!(before.status, OrderStatus::Cancelled | OrderStatus::Gone) {
                    self.cancelled_though_paid();
                }
                if self.case.told_cancel == Told::Not {
                    self.case.told_cancel = Told::Done;
                }
                self.call_all_off();
            }
            OrderStatus::Paid => {}
            OrderStatus::Refunded => self.call_all_off(),
        }
    }

    /// Somebody opened the cancelled order again in the shop: late money pays it now.
    fn reopened(&mut self, read: &OrderRead) {
        self.case.told_cancel = Told::Not;
        self.case.amount = read.outstanding;
        self.settle_late();
    }

    /// The order asks for another amount: the old code must go before a new one is made.
    fn edited(&mut self, read: &OrderRead) {
        if read.outstanding == self.case.amount || self.case.holds_money() {
            return;
        }
        self.case.amount = read.outstanding;
        let Some(attempt) = self.case.current() else { return };
        let (no, fits) = (attempt.no, attempt.amount == read.outstanding);
        if fits || !attempt.state.may_be_payable() || self.case.wish == Wish::Cancel {
            return; // what a merchant is cancelling needs no other code
        }
        self.case.wish = Wish::Replace;
        self.replace(no);
        if self.case.wish == Wish::Replace {
            self.call_off(no);
        }
    }

    /// The shop's order is cancelled although it was told as paid: its money is in, and a person says what becomes of it.
    pub fn cancelled_though_paid(&mut self) {
        let paying = self.case.attempts.iter().find_map(|a| Some((a.no, a.payments.iter().find(|p| p.standing == Standing::Counts)?.amount)));
        if let (Told::Done, Some((no, amount))) = (self.case.told_paid, paying) {
            self.review(ReviewKind::EffectRefused, no, "cancelled-though-paid", Some(amount));
        }
    }

    fn call_all_off(&mut self) {
        self.case.wish = Wish::None;
        let open: Vec<u16> = self.case.attempts.iter().filter(|a| a.state.may_be_payable()).map(|a| a.no).collect();
        for no in open {
            self.turn(no, Turn::CalledOff);
            if self.case.attempt(no).is_some_and(|a| matches!(a.creation, Creation::Again { .. })) {
                self.not_made(no);
            } else {
                self.call_off(no);
            }
        }
    }

    /// What became of a shop effect or a mail.
    pub fn outcome(&mut self, output: u32, outcome: &Outcome, read: Option<&OrderRead>) {
        let attempt = self.case.pending.iter().find(|p| p.output == output).map_or(0, |p| p.attempt);
        let Some(what) = self.take_pending(output) else {
            self.case.counters.quiet_answers += 1;
            return;
        };
        match what {
            Asked::MarkPaid => self.paid_outcome(attempt, output, outcome),
            Asked::CancelOrder => self.cancel_outcome(attempt, output, outcome),
            Asked::Mail if *outcome == Outcome::Dead => self.review(ReviewKind::OutputDead, attempt, &format!("mail-{output}"), None),
            Asked::Create if *outcome == Outcome::NoLongerDue => self.never_sent(attempt),
            Asked::Refund | Asked::RefundQuery | Asked::Create if *outcome == Outcome::Dead => {
                self.review(ReviewKind::OutputDead, attempt, &format!("provider-{output}"), None);
            }
            Asked::ShowCode if *outcome == Outcome::Dead => self.review(ReviewKind::EffectRefused, attempt, "show-code", None),
            _ => {}
        }
        if let Some(read) = read {
            self.order_read(read);
        }
    }

    fn never_sent(&mut self, no: u16) {
        if self.case.attempt(no).is_none_or(|a| a.state.may_be_payable()) {
            return;
        }
        let resent = self.abilities(no).is_some_and(|a| a.create_is_repeatable); // a host that was killed may have sent it before
        if resent { self.lost(no) } else { self.not_made(no) }
    }

    fn paid_outcome(&mut self, no: u16, output: u32, outcome: &Outcome) {
        if self.case.told_paid != Told::Asked(output) {
            return;
        }
        self.case.told_paid = match outcome {
            Outcome::Done | Outcome::AlreadySo { ours: true } => Told::Done,
            Outcome::NoLongerDue => Told::Not,
            Outcome::AlreadySo { ours: false } | Outcome::Refused { .. } | Outcome::Unknown | Outcome::Dead => Told::Refused,
        };
        match outcome {
            Outcome::Done | Outcome::AlreadySo { ours: true } => self.clear(ReviewKind::EffectRefused, no),
            Outcome::AlreadySo { ours: false } => self.review(ReviewKind::SecondMoney, no, "paid-elsewhere", Some(self.case.amount)),
            Outcome::NoLongerDue => {}
            _ => self.review(ReviewKind::EffectRefused, no, &format!("paid-{output}"), Some(self.case.amount)),
        }
    }

    fn cancel_outcome(&mut self, no: u16, output: u32, outcome: &Outcome) {
        if self.case.told_cancel != Told::Asked(output) {
            return;
        }
        match outcome {
            Outcome::Done | Outcome::AlreadySo { .. } => {
                self.case.told_cancel = Told::Done;
                self.clear(ReviewKind::EffectRefused, no);
                if self.case.attempt(no).is_some_and(|a| a.state == State::Lapsed) {
                    self.mail(MailKind::Lapsed, no, false);
                }
            }
            Outcome::NoLongerDue => {
                self.case.told_cancel = Told::Not;
                self.settle_late();
            }
            Outcome::Refused { .. } | Outcome::Unknown | Outcome::Dead => {
                self.case.told_cancel = Told::Refused;
                self.review(ReviewKind::EffectRefused, no, &format!("cancel-{output}"), None);
            }
        }
    }
}
