//! Routing a notice: is it genuine, what should the provider be answered, and of which cases does it speak.

use super::{ChannelRow, Refused, channel_settings};
use crate::clock::{Instant, MINUTE};
use crate::http;
use crate::json::Write;
use crate::providers::{self, Credentials, NoticeFacts};
use crate::signature::address::Listing;
use crate::signature::{Doubt, Refusal, Verdict};
use crate::voucher::{AllowlistRule, ChannelSettings, Settings};

/// A verified payment that matches no case waits this long for its create's answer; then it becomes a review of its own.
pub const STRAY_AFTER: i64 = 15 * MINUTE;

/// A judged notice.
#[derive(Clone, Debug, PartialEq, Eq, Write)]
pub struct Routed {
    /// The verdict.
    pub verdict: Verdict,
    /// What it says, where it could be read.
    pub facts: Option<NoticeFacts>,
    /// What the provider is answered, once the notice is stored.
    pub http_status: u16,
    /// The words' id of the doubt or refusal, for the merchant.
    pub reason: Option<String>,
    /// Keys of the cases it may speak of; the first that is known is meant.
    pub keys: Vec<String>,
    /// The inbox's unique key: the same notice twice has the same.
    pub dedupe_key: String,
    /// When it becomes a review of its own if it still matches nothing: only for verified payments.
    pub stray_at: Option<Instant>,
    /// The channel's row with its health brought up to date.
    pub channel: ChannelRow,
    /// One more notice to file for every further code that it names.
    #[json(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Filed>,
    /// What the provider is answered with.
    #[json(skip)]
    pub answer: &'static str,
}

/// A further code that a notice names, as a notice of its own.
#[derive(Clone, Debug, PartialEq, Eq, Write)]
pub struct Filed {
    /// What it says.
    pub facts: NoticeFacts,
    /// Keys of its case.
    pub keys: Vec<String>,
    /// The inbox's unique key.
    pub dedupe_key: String,
}

/// Judges a notice by its channel's rule.
///
/// # Errors
/// [`Refused::UnknownChannel`] or missing credentials.
pub fn route(settings: &Settings, row: &ChannelRow, credentials: &Credentials, notice: &http::Notice, body: &[u8], now: Instant) -> Result<Routed, Refused> {
    let channel = channel_settings(settings, &row.id)?;
    let (verdict, mut facts) = providers::notice(channel, credentials, notice, body, now);
    let mut row = row.clone();
    let reason = match verdict {
        Verdict::Verified => {
            super::channel::note(&mut row.health.last_notice_at, now);
            None
        }
        Verdict::Hint(doubt) => Some(["doubt.", doubt_name(doubt)].concat()),
        Verdict::Refused(refusal) => {
            row.health.last_refused_at = Some(now);
            row.health.last_refusal = Some(refusal);
            Some(["refusal.", refusal_name(refusal)].concat())
        }
    };
    let unlisted = unlisted(channel, notice).filter(|_| !matches!(verdict, Verdict::Refused(_)));
    if let Some(address) = &unlisted {
        row.note_unlisted(address, now);
    }
    let reason = reason.or(unlisted.map(|_| "doubt.unlisted_address".into()));
    let mut keys = Vec::new();
    if let (false, Some(facts)) = (matches!(verdict, Verdict::Refused(_)), &facts) {
        keys.extend(facts.provider_id.iter().map(|id| ["id:", channel.id.as_str(), ":", id.as_str()].concat()));
        keys.extend(facts.reference.iter().map(|reference| ["ref:", channel.id.as_str(), ":", reference.as_str()].concat()));
    }
    let paid = facts.as_ref().is_some_and(|facts| facts.status == providers::Status::Paid);
    let stray_at = (verdict == Verdict::Verified && paid).then(|| now.plus(STRAY_AFTER));
    let dedupe_key = [channel.id.as_str(), ":", verdict_name(verdict), ":", &providers::digest(body)].concat();
    let others = facts.as_mut().map(|facts| core::mem::take(&mut facts.also)).unwrap_or_default();
    let also = facts.iter().flat_map(|facts| {
        others.iter().map(|id| Filed {
            facts: NoticeFacts { provider_id: Some(id.clone()), ..facts.clone() },
            keys: vec![format!("id:{}:{id}", channel.id)],
            dedupe_key: format!("{dedupe_key}:{id}"),
        })
    });
    let also = also.collect();
    Ok(Routed { verdict, facts, http_status: http_status(verdict), reason, keys, dedupe_key, stray_at, channel: row, also, answer: "{}" })
}

/// The sender that a channel's list doesn't hold, where the list is only a signal; `?` for one that can't be made out.
fn unlisted(channel: &ChannelSettings, notice: &http::Notice) -> Option<String> {
    if channel.allowlist.rule != AllowlistRule::Signal {
        return None;
    }
    match providers::listing(channel, notice) {
        Listing::NotListed(address) => Some(address.map_or("?".into(), |address| address.to_string())),
        Listing::Listed => None,
    }
}

/// Only a bad signature is told so; old or repeated notices get 200, or the provider would send them for days.
fn http_status(verdict: Verdict) -> u16 {
    match verdict {
        Verdict::Verified | Verdict::Hint(_) => 200,
        Verdict::Refused(Refusal::WrongAddress) => 403,
        Verdict::Refused(Refusal::TooLarge) => 413,
        Verdict::Refused(Refusal::Unreadable) => 400,
        Verdict::Refused(_) => 401,
    }
}

fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Verified => "v",
        Verdict::Hint(_) => "h",
        Verdict::Refused(_) => "r",
    }
}

/// The name in the words catalogue.
pub fn doubt_name(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::UnsignedByDesign => "unsigned_by_design",
        Doubt::Stale => "stale",
        Doubt::Unverifiable => "unverifiable",
    }
}

/// The name in the words catalogue.
pub fn refusal_name(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::MissingSignature => "missing_signature",
        Refusal::MalformedSignature => "malformed_signature",
        Refusal::BadSignature => "bad_signature",
        Refusal::MissingTime => "missing_time",
        Refusal::WrongAddress => "wrong_address",
        Refusal::TooLarge => "too_large",
        Refusal::Unreadable => "unreadable",
        Refusal::NoKey => "no_key",
    }
}
