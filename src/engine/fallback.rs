//! Which channel makes a code, and which takes over from one that can't. The old code is proven dead first, or a review says that there may be two.
//!
//! ```text
//!   create ends as   not sent, busy ───────────────▶ next channel at once; round again only after a pause
//!                    refused ──────────────────────▶ next channel that has not refused; none: a review, with the provider's own error
//!                    unanswered, look-up says no ──▶ next channel, the old one dead; after the last, the same reference once more
//!                    unanswered, nobody can tell ──▶ review "two codes possible", next channel; or the order waits (the merchant's setting)
//!                    any of these, while an older
//!                    code is being called off ─────▶ the same again after a pause
//! ```

use super::create::MOST_TRIES;
use super::guards::Guard;
use super::work::Work;
use crate::voucher::{Attempt, Creation, LostCreate, ReviewKind, Route, State, Turn, Wish};

/// What the creation of an attempt says that no provider refused: nothing left.
pub(super) const UNREACHABLE: &str = "unreachable";

/// The channel that comes next.
pub(super) struct Next {
    route: Route,
    /// Whether the list has been gone through, and begins anew.
    pub anew: bool,
}

impl Work {
    /// Begins an attempt by the first channel that neither refused this order nor may have a code of it that nobody knows.
    pub fn begin_attempt(&mut self) {
        let routes = &self.case.terms.channels;
        let route = routes.iter().find(|route| self.is_open(route)).or(routes.first()).cloned();
        if let Some(route) = route {
            self.begin_attempt_on(route);
        }
    }

    /// The channel that takes over from an attempt without a code, if there is one that could, and may now.
    pub fn next_channel(&self, no: u16) -> Option<Next> {
        self.channel_after(no).filter(|_| self.guards.check(Guard::OldCodeIsDead, self.others_are_dead(no)))
    }

    /// Whether a channel could take over from an attempt without a code, and only an older code that is being called off is in its way.
    pub fn has_to_wait_for_another(&self, no: u16) -> bool {
        !self.others_are_dead(no) && self.channel_after(no).is_some()
    }

    fn channel_after(&self, no: u16) -> Option<Next> {
        let routes = &self.case.terms.channels;
        let place = routes.iter().position(|route| self.case.attempt(no).is_some_and(|a| a.channel == route.id))?;
        let wanted = self.case.wish != Wish::Cancel && self.order_takes_a_code() && self.case.current().is_some_and(|a| a.no == no);
        if !wanted || self.case.attempts.len() >= usize::from(MOST_TRIES) {
            return None;
        }
        let (tried, to_come) = routes.split_at_checked(place + 1)?;
        let ahead = to_come.iter().map(|route| (route, false));
        let others = ahead.chain(tried.iter().take(place).map(|route| (route, true)));
        others.into_iter().find(|(route, _)| self.is_open(route)).map(|(route, anew)| Next { route: route.clone(), anew })
    }

    /// Another channel takes over from an attempt that certainly has no code.
    pub fn go_on(&mut self, no: u16, next: Next) {
        if self.turn(no, Turn::Refused) {
            if let Some(attempt) = self.attempt(no) {
                attempt.creation = Creation::Refused { code: UNREACHABLE.into(), field: String::new() };
                attempt.proven_dead = true;
            }
            self.clear(ReviewKind::TwoCodesPossible, no);
        }
        self.take_over(next);
    }

    /// Another channel takes over beside an attempt of which nobody can tell whether it has a code; a review says so.
    pub fn go_on_beside(&mut self, no: u16) {
        self.review(ReviewKind::TwoCodesPossible, no, "lost-create", None);
        let next = self.next_channel(no).filter(|_| self.case.terms.lost_create == LostCreate::NextChannel);
        if let Some(next) = next {
            self.take_over(next);
        }
    }

    fn take_over(&mut self, next: Next) {
        self.case.wish = Wish::None;
        self.begin_attempt_on(next.route);
    }

    /// Whether every code but that of `no` is proven dead, or a review has said that it may be about.
    pub fn others_are_dead(&self, no: u16) -> bool {
        let told = |no| self.case.reviews.iter().any(|r| r.kind == ReviewKind::TwoCodesPossible && r.attempt == no);
        self.case.attempts.iter().filter(|a| a.no != no).all(|attempt| attempt.proven_dead || attempt.code.is_none() && told(attempt.no))
    }

    /// An old attempt, whose place another has taken, was looked up and has no code.
    pub fn never_was(&mut self, no: u16) {
        if let Some(attempt) = self.attempt(no) {
            attempt.proven_dead = true;
        }
        self.turn(no, Turn::Refused);
        self.clear(ReviewKind::TwoCodesPossible, no);
        let stuck = self.case.current().filter(|a| a.state == State::Unknown && self.now < a.expiry_wanted && !self.can_look_up(a.no)).map(|a| a.no);
        if let Some(stuck) = stuck {
            self.go_on_beside(stuck); // the channel of the old attempt is free again
        }
    }

    fn can_look_up(&self, no: u16) -> bool {
        self.abilities(no).is_some_and(|abilities| abilities.look_up)
    }

    fn order_takes_a_code(&self) -> bool {
        !self.case.holds_money() && !self.is_closing()
    }

    /// Whether a channel can be asked: it hasn't refused this amount, and no code of it may be about that nobody knows.
    fn is_open(&self, route: &Route) -> bool {
        let shut = |attempt: &Attempt| match &attempt.creation {
            Creation::Refused { code, .. } => code != UNREACHABLE && attempt.amount == self.case.amount,
            _ => attempt.state == State::Unknown && !attempt.proven_dead,
        };
        !self.case.attempts.iter().any(|attempt| attempt.channel == route.id && shut(attempt))
    }
}
