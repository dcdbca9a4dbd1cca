//! "Check my keys": a question about a code that can't be there, which changes nothing and shows whether the provider knows the merchant; and the pack of
//! references and times to send to a provider.

use super::able::{explained, kind};
use super::loops::leaving;
use super::{Answered, CallError, Retry};
use crate::clock::Instant;
use crate::engine::{ChannelRow, Entry, Event};
use crate::http;
use crate::json::{Read, Tree, json, name_of};
use crate::names::{ChannelId, ProviderId, Reference};
use crate::providers::{self, Call, Credentials, Reading, Sending, Step};
use crate::voucher::{Case, ChannelSettings, Handle, Locale, Person, Settings, Tone};
use crate::words;

/// A number that no code has: digits, since some providers take nothing else.
const NOBODYS: &str = "1";

fn question() -> Call {
    Call::Query { id: ProviderId::new(NOBODYS), reference: Reference::new(NOBODYS) }
}

#[derive(Read)]
#[json(deny_unknown_fields)]
pub(super) struct CheckKeys {
    settings: Settings,
    channel: ChannelId,
    credentials: Credentials,
    now: Instant,
    entropy: String,
}

/// The request to send, or a sentence where the provider has none such.
pub(super) fn check(locale: Locale, ask: CheckKeys) -> Answered {
    let channel = channel(locale, &ask.settings, &ask.channel)?;
    let (call, person) = (question(), Person::default());
    let sending = Sending {
        channel,
        credentials: &ask.credentials,
        token: None,
        person: &person,
        locale,
        now: ask.now,
        entropy: ask.entropy.as_bytes(),
        page: "",
        first: None,
    };
    match providers::request(&call, &sending) {
        Ok(Step::Send(request) | Step::First(request) | Step::Token(request)) => Ok(leaving("request", request)),
        Ok(Step::Answered | Step::NeverLeft) | Err(providers::RequestError::NoSuchCall) => Ok((json!({"none": told(locale, channel, "none", "")}), Vec::new())),
        Err(error) => Err(CallError::of(locale, &crate::engine::Refused::Unfit(error))),
    }
}

#[derive(Read)]
#[json(deny_unknown_fields)]
pub(super) struct KeysChecked {
    settings: Settings,
    channel: ChannelId,
    answer: http::Answer,
    now: Instant,
}

/// What the answer says of the keys, in words.
pub(super) fn checked(locale: Locale, ask: KeysChecked, bytes: &[u8]) -> Answered {
    let channel = channel(locale, &ask.settings, &ask.channel)?;
    let reading = if providers::abilities(channel.provider).needs_token {
        providers::token(channel.provider, &ask.answer, bytes, ask.now).map_or_else(|reading| reading, |_| Reading::Absent)
    } else {
        providers::answer(channel.provider, &question(), &ask.answer, bytes, ask.now)
    };
    let code = match &reading {
        Reading::Absent | Reading::Facts(_) | Reading::Refund(_) => "",
        Reading::Refused { code, .. } if code == "http-404" => "",
        Reading::Refused { code, .. } => code,
        Reading::Unauthorized => "unauthorized",
        Reading::NotSent { .. } => "unreachable",
        Reading::Unanswered if matches!(&ask.answer, http::Answer::Response(response) if response.status < 500) => "two_hosts",
        Reading::Unanswered => "unreachable",
    };
    let good = |id: &str| Ok((json!({"good": true, "text": told(locale, channel, id, code)}), Vec::new()));
    if code.is_empty() {
        return good("good");
    }
    if code == "two_hosts" && matches!(Tree::parse(bytes), Ok(Tree::Object(_))) {
        return good("none"); // its own words, which say nothing of a code that isn't there (PayU)
    }
    if matches!(reading, Reading::Refused { .. }) && kind(Some(channel.provider), code) == "refused" {
        return good("answered"); // a no to the question, and not to the keys: those would be unauthorized
    }
    let (cause, step) = explained(locale, Some(channel.provider), code);
    Ok((json!({"good": false, "text": [cause, step].join(" ")}), Vec::new()))
}

fn told(locale: Locale, channel: &ChannelSettings, id: &str, code: &str) -> String {
    let name = words::provider(locale, channel.provider);
    words::text(locale, Tone::Tu, &format!("desk.keys.{id}"), &[("provider", name), ("code", code)])
}

fn channel<'a>(locale: Locale, settings: &'a Settings, id: &ChannelId) -> Result<&'a ChannelSettings, CallError> {
    let found = settings.channels.iter().find(|channel| channel.id == *id);
    found.ok_or_else(|| CallError::new(locale, "unknown_channel", Retry::No, &[("channel", id.as_str())]))
}

#[derive(Read)]
#[json(deny_unknown_fields)]
pub(super) struct ChannelNotes {
    settings: Settings,
    channel: ChannelRow,
}

/// What was noted of a channel's interface, in words.
pub(super) fn notes(locale: Locale, ask: ChannelNotes) -> Answered {
    let channel = channel(locale, &ask.settings, &ask.channel.id)?;
    let name = words::provider(locale, channel.provider);
    let notes = ask.channel.health.notes.iter().map(|note| {
        let text = words::text(locale, Tone::Tu, &format!("desk.note.{}", note.what), &[("provider", name), ("about", &note.about)]);
        json!({"what": note.what, "text": text, "at": note.at, "at_text": words::moment(locale, note.at)})
    });
    Ok((json!({"notes": notes.collect::<Vec<_>>()}), Vec::new()))
}

#[derive(Read)]
#[json(deny_unknown_fields)]
pub(super) struct Pack {
    case: Case,
    #[json(default)]
    entries: Vec<Entry>,
    now: Instant,
}

/// Everything of an order that a provider can search by, as lines of text: codes, references, times and digests; no personal datum, no secret.
pub(super) fn pack(ask: Pack) -> Answered {
    let case = &ask.case;
    let mut lines =
        vec![line("version", env!("CARGO_PKG_VERSION")), line("made", &ask.now.utc_text()), line("order", &case.number), line("mode", &name_of(&case.mode))];
    lines.push(line("placed", &case.placed_at.utc_text()));
    for attempt in &case.attempts {
        lines.push(String::new());
        lines.push(line("provider", attempt.provider.name()));
        lines.push(line("channel", attempt.channel.as_str()));
        lines.push(line("our reference", attempt.reference.as_str()));
        lines.push(line("amount", &[attempt.amount.currency.code(), " ", &attempt.amount.plain()].concat()));
        lines.push(line("state", &name_of(&attempt.state)));
        if let Some(code) = &attempt.code {
            lines.push(line("provider's id", code.provider_id.as_str()));
            if let Handle::Digits(digits) = &code.handle {
                lines.push(line("code", digits.as_str()));
            }
            lines.push(line("issued", &code.issued_at.utc_text()));
            lines.push(line("expires", &code.expires_at.utc_text()));
        }
        for payment in &attempt.payments {
            let paid = payment.paid_at.unwrap_or(payment.seen_at).utc_text();
            lines.push(line("payment", &[payment.id.as_str(), &payment.amount.plain(), &paid, &name_of(&payment.standing)].join(" ")));
        }
    }
    lines.push(String::new());
    lines.extend(case.reviews.iter().map(|review| line("review", &[&name_of(&review.kind), review.about.as_str(), &review.opened_at.utc_text()].join(" "))));
    lines.extend(case.notices.iter().map(|digest| line("notice digest", digest)));
    for entry in &ask.entries {
        if let Event::Answer { call, reading, dated, .. } = &entry.event {
            let dated = dated.map(|at| at.utc_text()).unwrap_or_default();
            lines.push(line("answer", &[entry.at.utc_text(), name_of(call), name_of(reading), dated].join(" ")));
        }
    }
    Ok((json!({"text": [lines.join("\n").trim(), "\n"].concat()}), Vec::new()))
}

fn line(name: &str, value: &str) -> String {
    [name, ": ", value.trim()].concat()
}
