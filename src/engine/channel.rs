//! A channel's row: its token, and its health as a merchant sees it. The host encrypts the row at rest.

use super::watch::{Noted, Shape};
use super::{Refused, channel_settings};
use crate::clock::{Instant, MINUTE, SECOND};
use crate::http;
use crate::json::{Read, Write};
use crate::names::ChannelId;
use crate::providers::{self, Reading};
use crate::secret::Secret;
use crate::signature::Refusal;
use crate::voucher::Settings;

/// What a host keeps of a channel.
#[derive(Clone, Debug, PartialEq, Eq, Write, Read)]
#[json(deny_unknown_fields)]
pub struct ChannelRow {
    /// Whose row it is.
    pub id: ChannelId,
    /// The provider's bearer token, where it has one.
    #[json(default)]
    pub token: Option<Token>,
    /// How the channel fares.
    #[json(default)]
    pub health: Health,
}

/// A bearer token; it is written out only into this row.
#[derive(Clone, Debug, PartialEq, Eq, Write, Read)]
#[json(deny_unknown_fields)]
pub struct Token {
    /// The token itself.
    #[json(serialize_with = "exposed")]
    pub value: Secret,
    /// Until when the provider takes it.
    pub expires_at: Instant,
}

fn exposed(secret: &Secret) -> &str {
    secret.expose()
}

/// When a channel last did what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Write, Read)]
#[json(deny_unknown_fields, default)]
pub struct Health {
    /// The last notice whose signature held.
    pub last_notice_at: Option<Instant>,
    /// The last notice that was refused.
    pub last_refused_at: Option<Instant>,
    /// Why it was.
    pub last_refusal: Option<Refusal>,
    /// The last readable answer.
    pub last_answer_at: Option<Instant>,
    /// The last request that brought none.
    pub last_failure_at: Option<Instant>,
    /// How many in a row brought none.
    pub failures_in_a_row: u32,
    /// When an order was last sent to a failing channel to see whether it works again.
    #[json(skip_serializing_if = "Option::is_none")]
    pub probed_at: Option<Instant>,
    /// The provider's clock less ours, in milliseconds, by its `Date` header.
    pub skew_ms: i64,
    /// What its answers said of its interface.
    #[json(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Noted>,
    /// The fields that its answers have had.
    #[json(skip_serializing_if = "Vec::is_empty")]
    pub shapes: Vec<Shape>,
}

/// This many requests without an answer in a row open the breaker: new orders go to the next channel.
const FAILURES_TO_OPEN: u32 = 3;
/// How long it stays open at first, doubled by every further failure.
const OPEN_FOR: i64 = 30 * SECOND;
const OPEN_AT_MOST: i64 = 10 * MINUTE;
/// How long one order has to show that the channel works again, before another one tries.
const PROBE_TAKES: i64 = MINUTE;

impl Health {
    /// Whether new orders pass this channel by at present. After a pause one order at a time may try it.
    pub(super) fn is_open(&self, now: Instant) -> bool {
        let (Some(over), Some(last)) = (self.failures_in_a_row.checked_sub(FAILURES_TO_OPEN), self.last_failure_at) else { return false };
        let pause = (OPEN_FOR << over.min(10)).min(OPEN_AT_MOST);
        let probing = self.probed_at.is_some_and(|at| at > last && now.since(at) < PROBE_TAKES);
        now.since(last) < pause || probing
    }

    /// An order goes by this channel; where it has been failing, that order is its probe.
    pub(super) fn leads(&mut self, now: Instant) {
        self.probed_at = (self.failures_in_a_row >= FAILURES_TO_OPEN).then_some(now);
    }
}

/// A moment is noted again after this long only. The row is one for all cases of a channel: while it stays as it is, no two processes
/// that take in answers at once get in each other's way.
const NOTED_EVERY: i64 = 10 * SECOND;
/// `Date` has whole seconds, and an answer takes its time: a smaller difference says nothing new of the provider's clock.
const SKEW_STEP: u64 = 3_000;

/// Notes when something was last seen, to ten seconds.
pub(super) fn note(at: &mut Option<Instant>, now: Instant) {
    if at.is_none_or(|last| now.since(last) >= NOTED_EVERY) {
        *at = Some(now);
    }
}

/// A token this close to its end is not used any more.
const TOKEN_MARGIN: i64 = 5 * MINUTE;

impl ChannelRow {
    /// A channel that nothing is known of yet.
    pub fn new(id: ChannelId) -> Self {
        Self { id, token: None, health: Health::default() }
    }

    /// The token, while it can be used.
    pub(super) fn usable_token(&self, now: Instant) -> Option<&Secret> {
        self.token.as_ref().filter(|token| now < token.expires_at.plus(-TOKEN_MARGIN)).map(|token| &token.value)
    }

    /// Notes what an answer says of the channel; a refused token is forgotten.
    pub(super) fn answered(&mut self, reading: &Reading, dated: Option<Instant>, now: Instant) {
        match reading {
            Reading::NotSent { .. } | Reading::Unanswered => {
                self.health.last_failure_at = Some(now);
                self.health.failures_in_a_row = self.health.failures_in_a_row.saturating_add(1);
            }
            Reading::Unauthorized => self.token = None,
            _ => {
                note(&mut self.health.last_answer_at, now);
                self.health.failures_in_a_row = 0;
            }
        }
        if let Some(skew) = dated.map(|dated| dated.since(now)).filter(|skew| skew.abs_diff(self.health.skew_ms) >= SKEW_STEP) {
            self.health.skew_ms = skew;
        }
    }
}

/// Takes in a token's answer. A row without a token comes back where there was none; the host then gives the output's answer as a failure.
///
/// # Errors
/// [`Refused::UnknownChannel`].
pub fn take_token(settings: &Settings, row: &ChannelRow, answer: &http::Answer, body: &[u8], now: Instant) -> Result<(ChannelRow, Option<Reading>), Refused> {
    let channel = channel_settings(settings, &row.id)?;
    let mut row = row.clone();
    match providers::token(channel.provider, answer, body, now) {
        Ok((value, expires_at)) => {
            row.token = Some(Token { value, expires_at });
            Ok((row, None))
        }
        Err(reading) => {
            row.answered(&reading, providers::answered_at(answer), now);
            Ok((row, Some(reading)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_the_same_moment_leave_the_row_as_it_is() {
        let began = Instant(1_795_000_000_000);
        let after = |row: &ChannelRow, reading: &Reading, later: i64, skew: i64| {
            let mut row = row.clone();
            row.answered(reading, Some(began.plus(later + skew)), began.plus(later));
            row
        };
        let first = after(&ChannelRow::new(ChannelId::new("c")), &Reading::Absent, 0, -900);
        assert_eq!(first.health.last_answer_at, Some(began));
        assert_eq!(after(&first, &Reading::Absent, 9_999, 900), first);
        assert_eq!(after(&first, &Reading::Absent, 10_000, 0).health.last_answer_at, Some(began.plus(10_000)));
        assert_eq!(after(&first, &Reading::Absent, 1, 400_000).health.skew_ms, 400_000, "a clock that is wrong is seen at once");
        let failed = after(&first, &Reading::Unanswered, 1, 0);
        assert_eq!(failed.health.failures_in_a_row, 1);
        assert_eq!(after(&failed, &Reading::Absent, 2, 0).health.failures_in_a_row, 0, "and so is one that works again");
    }
}
