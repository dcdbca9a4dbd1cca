//! How a code comes into being: the first ask, retries of what never left, look-ups of what was lost, and the code's arrival.

use super::fallback::UNREACHABLE;
use super::guards::Guard;
use super::work::Work;
use crate::clock::{HOUR, Instant, MINUTE, SECOND};
use crate::names::{IdempotencyKey, ProviderId, Reference};
use crate::providers::{Call, Facts, Reading};
use crate::voucher::{Attempt, Code, Creation, Effect, Handle, MailKind, OrderStatus, ReviewKind, Route, State, Turn, Wish};

/// After this many tries an output is given up and a person is asked.
pub const MOST_TRIES: u16 = 18;
/// When a lost create is looked up, counted from its loss; only the last proves an absence.
const LOOK_UPS: [i64; 3] = [5 * SECOND, 30 * SECOND, 2 * MINUTE];
/// Afterwards each pause is longer by this, so that a host that slept for days has few of them to make up for.
const LOOK_UP_PAUSE: i64 = 4 * MINUTE;
/// The provider may still be working on a create that it got: younger absences prove nothing.
const ABSENCE_COUNTS_AFTER: i64 = 2 * MINUTE;
/// Longest reference that every provider takes (PagoEfectivo's transactionCode: 36).
const REFERENCE_LENGTH: usize = 36;

impl Work {
    /// Begins an attempt by a channel.
    pub fn begin_attempt_on(&mut self, Route { id: channel, provider }: Route) {
        let no = self.case.attempts.len() as u16 + 1;
        let expiry_wanted = self.now.plus(i64::from(self.case.terms.validity_hours) * HOUR);
        self.case.attempts.push(Attempt {
            no,
            channel,
            provider,
            reference: self.reference(no),
            idempotency: IdempotencyKey::new(&self.derived(&format!("create {no}"), 32)),
            amount: self.case.amount,
            expiry_wanted,
            state: State::Creating,
            creation: Creation::Asked { tries: 0 },
            code: None,
            payments: Vec::new(),
            proven_dead: false,
            noticed: false,
            cancel_refused: false,
            announced: None,
        });
        self.ask_create(no);
    }

    /// `<shop tag>-<order>-<attempt>`; an order key that is long or not plain is replaced by 16 characters derived from the seed.
    fn reference(&self, no: u16) -> Reference {
        let key = self.case.order.as_str();
        let plain = !key.is_empty() && key.len() <= 20 && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let order = if plain { key.into() } else { self.derived("order", 16) };
        let whole = format!("{}-{order}-{no}", self.case.terms.shop_tag);
        Reference::new(&whole.chars().take(REFERENCE_LENGTH).collect::<String>())
    }

    /// Asks for the code under the attempt's own reference, the first time and every time after.
    pub fn ask_create(&mut self, no: u16) {
        let concept = self.case.number.clone();
        let Some(attempt) = self.attempt(no) else { return };
        let tries = attempt.creation.tries() + 1;
        attempt.creation = Creation::Asked { tries };
        let call = Call::Create {
            reference: attempt.reference.clone(),
            idempotency: attempt.idempotency.clone(),
            amount: attempt.amount,
            expires_at: attempt.expiry_wanted,
            concept,
        };
        self.ask(no, call);
    }

    /// What came back for a create.
    pub fn created(&mut self, no: u16, reading: &Reading, dated: Option<Instant>) {
        let wished = self.case.wish != Wish::None;
        let Some(attempt) = self.attempt(no) else { return };
        let tries = attempt.creation.tries();
        match reading {
            Reading::NotSent { .. } | Reading::Unauthorized if wished || attempt.state != State::Creating => self.not_made(no),
            Reading::NotSent { retry_after_ms } => self.not_sent(no, tries, retry_after_ms.unwrap_or(0)),
            Reading::Unauthorized if tries < 3 => self.ask_create(no),
            Reading::Unauthorized => self.refused(no, "unauthorized", ""),
            Reading::Refused { code, field } => self.refused(no, code, field),
            Reading::Facts(facts) => self.issued(no, facts, dated),
            Reading::Unanswered | Reading::Absent | Reading::Refund(_) => self.unanswered(no, tries),
        }
    }

    /// Nothing left, or the provider is busy: another channel, or the same again after a pause.
    fn not_sent(&mut self, no: u16, tries: u16, pause: i64) {
        match self.next_channel(no) {
            Some(next) if !next.anew => self.go_on(no, next),
            None if tries >= MOST_TRIES => self.refused(no, UNREACHABLE, ""),
            _ => self.again_later(no, tries, pause),
        }
    }

    fn again_later(&mut self, no: u16, tries: u16, pause: i64) {
        let rounds = self.case.attempts.len() / self.case.terms.channels.len().max(1);
        let at = self.now.plus(pause.max(back_off(tries.max(rounds as u16))));
        if let Some(attempt) = self.attempt(no) {
            attempt.creation = Creation::Again { tries, at };
        }
    }

    /// It is time to ask again for a code that was not made: another channel where there is one.
    pub fn ask_again(&mut self, no: u16) {
        match self.next_channel(no) {
            Some(next) => self.go_on(no, next),
            None => self.ask_create(no),
        }
    }

    fn refused(&mut self, no: u16, code: &str, field: &str) {
        let tries = self.case.attempt(no).map_or(MOST_TRIES, |a| a.creation.tries());
        if tries < MOST_TRIES && self.has_to_wait_for_another(no) {
            return self.again_later(no, tries, 0);
        }
        self.turn(no, Turn::Refused);
        if let Some(attempt) = self.attempt(no) {
            attempt.creation = Creation::Refused { code: code.into(), field: field.into() };
            attempt.proven_dead = true;
        }
        self.clear(ReviewKind::TwoCodesPossible, no);
        if let Some(next) = self.next_channel(no) {
            return self.go_on(no, next);
        }
        self.review(ReviewKind::NoCode, no, code, None);
        self.tell(no, Effect::Note { words: "note.no_code".into() }, &[OrderStatus::Open], false);
        if self.case.wish != Wish::None {
            self.not_made(no);
        }
    }

    /// It is certain that this attempt has no code, and something else than a code is wanted of it.
    pub fn not_made(&mut self, no: u16) {
        if let Some(attempt) = self.attempt(no) {
            attempt.proven_dead = true;
        }
        match self.case.wish {
            Wish::Cancel => self.cancel_for_merchant(no),
            Wish::Replace => self.replace(no),
            Wish::None => {}
        }
    }

    /// Nobody can tell whether a create arrived.
    pub fn lost(&mut self, no: u16) {
        let tries = self.case.attempt(no).map_or(0, |a| a.creation.tries());
        self.unanswered(no, tries);
    }

    fn unanswered(&mut self, no: u16, tries: u16) {
        self.turn(no, Turn::Unanswered);
        let now = self.now;
        if let Some(attempt) = self.attempt(no) {
            attempt.creation = Creation::Unanswered { since: now, lookups: 0, tries };
        }
        if !self.abilities(no).is_some_and(|a| a.look_up) {
            self.go_on_beside(no);
            if self.case.wish == Wish::Cancel {
                self.cancel_for_merchant(no);
            }
        }
    }

    /// Looks a lost create up when it is time; called at every event.
    pub fn look_up_due(&mut self, no: u16) {
        let due = self.look_up_at(no).is_some_and(|at| at <= self.now);
        if due && !self.is_asking(no) {
            let Some(reference) = self.case.attempt(no).map(|a| a.reference.clone()) else { return };
            self.ask(no, Call::LookUp { reference });
        }
    }

    /// When the next look-up of a lost create is due, if one is.
    pub fn look_up_at(&self, no: u16) -> Option<Instant> {
        let attempt = self.case.attempt(no)?;
        let Creation::Unanswered { since, lookups, .. } = attempt.creation else { return None };
        let wanted = attempt.code.is_none() && !attempt.proven_dead && self.abilities(no)?.look_up;
        let last_useful = attempt.expiry_wanted.plus(super::work::TAIL);
        let after = LOOK_UPS.get(usize::from(lookups)).copied().unwrap_or_else(|| {
            let more = i64::from(lookups) - 2;
            more * (more + 1) / 2 * LOOK_UP_PAUSE
        });
        let at = since.plus(after);
        (wanted && at <= last_useful).then_some(at)
    }

    /// What a look-up found.
    pub fn looked_up(&mut self, no: u16, reading: &Reading, dated: Option<Instant>) {
        let (now, guards, wished) = (self.now, self.guards, self.case.wish != Wish::None);
        let Some(attempt) = self.attempt(no) else { return };
        let Creation::Unanswered { since, lookups, tries } = attempt.creation else { return };
        attempt.creation = Creation::Unanswered { since, lookups: lookups.saturating_add(1), tries };
        match reading {
            Reading::Facts(facts) if facts.code.is_some() => self.issued(no, facts, dated),
            Reading::Facts(facts) => {
                let (id, reference) = (facts.provider_id.clone(), attempt.reference.clone());
                if let Some(id) = id {
                    self.ask(no, Call::Query { id, reference });
                }
                if now.since(since) >= ABSENCE_COUNTS_AFTER {
                    self.go_on_beside(no); // made, and nobody says what it is
                }
            }
            Reading::Absent => {
                let old_enough = guards.check(Guard::AbsentAtTwoMinutes, now.since(since) >= ABSENCE_COUNTS_AFTER);
                if old_enough && attempt.state != State::Unknown {
                    attempt.proven_dead = true;
                } else if old_enough && wished {
                    self.not_made(no);
                } else if old_enough && self.case.current().is_some_and(|current| current.no != no) {
                    self.never_was(no);
                } else if let (true, Some(next)) = (old_enough, self.next_channel(no).filter(|next| !next.anew)) {
                    self.go_on(no, next);
                } else if old_enough && tries >= MOST_TRIES {
                    self.refused(no, UNREACHABLE, "");
                } else if old_enough && self.turn(no, Turn::Absent) {
                    self.ask_create(no);
                }
            }
            _ if now.since(since) >= ABSENCE_COUNTS_AFTER => self.go_on_beside(no),
            _ => {}
        }
    }

    /// A code has come back: by the create itself, by a look-up or by a question.
    pub fn issued(&mut self, no: u16, facts: &Facts, dated: Option<Instant>) {
        let Some(mut code) = facts.code.clone() else {
            return self.lost(no);
        };
        let guards = self.guards;
        let Some(attempt) = self.attempt(no) else { return };
        let ours = facts.reference.as_ref().is_none_or(|reference| *reference == attempt.reference);
        if !guards.check(Guard::RightReference, ours) {
            return self.review(ReviewKind::UnknownStatus, no, "wrong-reference", None);
        }
        if code.expires_at == Code::DEADLINE_AS_ASKED {
            code.expires_at = attempt.expiry_wanted;
        }
        let other_amount = facts.amount.is_some_and(|amount| amount != attempt.amount);
        attempt.code = Some(code);
        attempt.creation = Creation::Made;
        let is_current = self.case.current().is_some_and(|current| current.no == no);
        if is_current {
            self.clear(ReviewKind::TwoCodesPossible, no);
        }
        if other_amount {
            self.turn(no, Turn::CalledOff);
            self.review(ReviewKind::NoCode, no, "wrong-amount", facts.amount);
        } else if self.turn(no, Turn::Issued) {
            self.show_code(no);
            self.mail(MailKind::New, no, false);
        }
        self.schedule_poll();
        self.facts(no, facts, dated);
        let orphan = !is_current || self.case.attempt(no).is_some_and(|a| matches!(a.state, State::Cancelled | State::Failed | State::Lapsed));
        if orphan && self.guards.check(Guard::OrphanIsCalledOff, false) {
            return;
        }
        if orphan || self.case.wish != Wish::None {
            self.call_off(no);
        }
    }

    /// Shows an attempt's code on the order.
    pub fn show_code(&mut self, no: u16) {
        let Some(code) = self.case.attempt(no).and_then(|a| a.code.as_ref()) else { return };
        let digits = match &code.handle {
            Handle::Digits(digits) => digits.to_string(),
            Handle::Link => String::new(),
        };
        let expires_at = code.expires_at;
        self.tell(no, Effect::ShowCode { digits, expires_at }, &[OrderStatus::Open], false);
    }

    /// The provider's id of an attempt's code.
    pub fn provider_id(&self, no: u16) -> Option<(ProviderId, Reference)> {
        let attempt = self.case.attempt(no)?;
        attempt.code.as_ref().map(|code| (code.provider_id.clone(), attempt.reference.clone()))
    }
}

impl Creation {
    fn tries(&self) -> u16 {
        match self {
            Self::Asked { tries } | Self::Again { tries, .. } | Self::Unanswered { tries, .. } => *tries,
            Self::Made | Self::Refused { .. } => 0,
        }
    }
}

/// Two seconds, doubled with every try, at most ten minutes.
fn back_off(tries: u16) -> i64 {
    (SECOND << tries.clamp(1, 10)).min(10 * MINUTE)
}
