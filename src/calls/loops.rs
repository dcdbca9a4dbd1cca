//! The calls of the one loop: handle, carry, route, and what belongs to them.

use super::{Answered, CallError};
use crate::clock::Instant;
use crate::engine::{self, Carried, ChannelRow, Entry, Input, Output};
use crate::http;
use crate::json::{Read, Written, json, named};
use crate::providers::Credentials;
use crate::voucher::{Case, Locale, OrderRead, Person, Precondition, Settings};

#[derive(Read)]
#[json(deny_unknown_fields)]
pub(super) struct Handle {
    settings: Settings,
    #[json(default)]
    channels: Vec<ChannelRow>,
    case: Option<Case>,
    input: Input,
    now: Instant,
}

pub(super) fn handle(locale: Locale, ask: Handle, bytes: &[u8]) -> Answered {
    let handled = engine::handle(&ask.settings, &ask.channels, ask.case.as_ref(), &ask.input, bytes, ask.now);
    handled.map(|handled| (json!(handled), Vec::new())).map_err(|refused| CallError::of(locale, &refused))
}

#[derive(Read)]
#[json(deny_unknown_fields)]
pub(super) struct Carry {
    settings: Settings,
    channel: Option<ChannelRow>,
    case: Case,
    person: Option<Person>,
    output: Output,
    credentials: Option<Credentials>,
    now: Instant,
    entropy: String,
    /// What came back for the output's first request; its body travels as bytes beside the JSON.
    first: Option<http::Answer>,
}

pub(super) fn carry(locale: Locale, ask: Carry, bytes: &[u8]) -> Answered {
    let carrying = engine::Carrying {
        settings: &ask.settings,
        channel: ask.channel.as_ref(),
        case: &ask.case,
        person: ask.person.as_ref(),
        output: &ask.output,
        credentials: ask.credentials.as_ref(),
        now: ask.now,
        entropy: ask.entropy.as_bytes(),
        first: ask.first.as_ref().map(|answer| (answer, bytes)),
    };
    let carried = engine::carry(&carrying).map_err(|refused| CallError::of(locale, &refused))?;
    Ok(match carried {
        Carried::Request(request) => leaving("request", request),
        Carried::Token(request) => leaving("token", request),
        Carried::First(request) => leaving("first", request),
        Carried::Answered => (json!("answered"), Vec::new()),
        Carried::NeverLeft => (json!("never_left"), Vec::new()),
        Carried::Effect { effect, when } => (json!({"effect": json!({"order": ask.case.order, "effect": effect, "when": when})}), Vec::new()),
        Carried::Mail(letter) => {
            let mail = super::pages::written(&letter, &ask.case, &ask.settings, ask.now);
            let addressed =
                json!({"to": letter.to, "from": letter.from, "subject": mail.subject, "html": mail.html, "text": mail.text, "message_id": letter.message_id});
            (json!({ "mail": addressed }), Vec::new())
        }
        Carried::NoLongerDue => (json!("no_longer_due"), Vec::new()),
    })
}

/// A request's body leaves as bytes beside the JSON.
pub(super) fn leaving(kind: &str, request: http::Request) -> (Written, Vec<u8>) {
    (named(kind, &request), request.body.into_bytes())
}

#[derive(Read)]
#[json(deny_unknown_fields)]
pub(super) struct TakeToken {
    settings: Settings,
    channel: ChannelRow,
    answer: http::Answer,
    now: Instant,
}

pub(super) fn take_token(locale: Locale, ask: TakeToken, bytes: &[u8]) -> Answered {
    let (channel, failure) = engine::take_token(&ask.settings, &ask.channel, &ask.answer, bytes, ask.now).map_err(|refused| CallError::of(locale, &refused))?;
    Ok((json!({"channel": channel, "taken": failure.is_none()}), Vec::new()))
}

#[derive(Read)]
#[json(deny_unknown_fields)]
pub(super) struct Route {
    settings: Settings,
    channel: ChannelRow,
    credentials: Credentials,
    notice: http::Notice,
    now: Instant,
}

pub(super) fn route(locale: Locale, ask: Route, bytes: &[u8]) -> Answered {
    let routed = engine::route(&ask.settings, &ask.channel, &ask.credentials, &ask.notice, bytes, ask.now);
    let routed = routed.map_err(|refused| CallError::of(locale, &refused))?;
    let answer = routed.answer.as_bytes().to_vec();
    Ok((json!(routed), answer))
}

#[derive(Read)]
#[json(deny_unknown_fields)]
pub(super) struct Rebuild {
    entries: Vec<Entry>,
}

pub(super) fn rebuild(locale: Locale, ask: Rebuild) -> Answered {
    let case = engine::rebuild(&ask.entries).map_err(|refused| CallError::of(locale, &refused))?;
    Ok((json!({ "case": case }), Vec::new()))
}

#[derive(Read)]
#[json(deny_unknown_fields)]
pub(super) struct Allows {
    when: Precondition,
    read: OrderRead,
}

pub(super) fn allows(ask: Allows) -> Answered {
    Ok((json!({"allowed": engine::allows(&ask.when, &ask.read)}), Vec::new()))
}

#[derive(Read)]
#[json(deny_unknown_fields)]
pub(super) struct NewCase {
    entropy: String,
}

pub(super) fn new_case(locale: Locale, ask: NewCase) -> Answered {
    let (id, seed, page_token) = engine::new_identity(&ask.entropy).map_err(|refused| CallError::of(locale, &refused))?;
    Ok((json!({"id": id, "seed": seed, "page_token": page_token}), Vec::new()))
}
