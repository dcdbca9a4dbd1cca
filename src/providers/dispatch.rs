//! The doors to every adapter: what a channel's provider is asked, and how its answers and notices are read.

use super::asking;
use super::{Abilities, Call, NoticeFacts, Reading, RequestError, Step};
use crate::clock::{Instant, SECOND};
use crate::http;
use crate::json::Read;
use crate::money::Money;
use crate::names::Provider;
use crate::secret::Secret;
use crate::signature::address::{self, Listing};
use crate::signature::{Doubt, Refusal, Verdict, hex, sha256};
use crate::voucher::{AllowlistRule, ChannelSettings, Locale, Person};

/// Every adapter by name: its folder, its name in [`Provider`], [`Credentials`] and JSON. One line here makes a provider known to every door below.
macro_rules! adapters {
    ($($folder:ident $name:ident,)*) => {
        /// A channel's credentials, as the host keeps them (encrypted); printed they show `[hidden]`.
        #[derive(Clone, Debug, Read)]
        #[json(rename_all = "snake_case", deny_unknown_fields)]
        pub enum Credentials {
            $(#[doc = concat!("Of ", stringify!($folder), ".")] $name(super::$folder::Keys),)*
        }

        /// What a provider can do.
        pub fn abilities(provider: Provider) -> &'static Abilities {
            match provider { $(Provider::$name => &super::$folder::ABILITIES,)* }
        }

        fn built(call: &Call, sending: &Sending<'_>) -> Result<Step, RequestError> {
            match (sending.channel.provider, sending.credentials) {
                $((Provider::$name, Credentials::$name(keys)) => super::$folder::request(call, sending, keys),)*
                _ => Err(RequestError::Credential("provider")),
            }
        }

        fn person_fits(provider: Provider, person: &Person) -> Result<(), RequestError> {
            match provider { $(Provider::$name => super::$folder::check(person),)* }
        }

        /// Reads what came back for a call.
        pub fn answer(provider: Provider, call: &Call, answer: &http::Answer, body: &[u8], now: Instant) -> Reading {
            match provider { $(Provider::$name => super::$folder::answer(call, answer, body, now),)* }
        }

        fn told(channel: &ChannelSettings, credentials: &Credentials, notice: &http::Notice, body: &[u8]) -> Result<NoticeFacts, Refusal> {
            match (channel.provider, credentials) {
                $((Provider::$name, Credentials::$name(keys)) => super::$folder::notice(channel, keys, notice, body),)*
                _ => Err(Refusal::NoKey),
            }
        }
    };
}

adapters! {
    sandbox Sandbox,
    pagoefectivo Pagoefectivo,
    dlocal Dlocal,
    mercado_pago MercadoPago,
    culqi Culqi,
    payu Payu,
    ebanx Ebanx,
    paysafe Paysafe,
    bamboo Bamboo,
    dlocal_go DlocalGo,
    rapyd Rapyd,
    kushki Kushki,
    pagseguro Pagseguro,
}

/// What a request is built with, at the moment of sending.
#[derive(Clone, Copy, Debug)]
pub struct Sending<'a> {
    /// The channel.
    pub channel: &'a ChannelSettings,
    /// Its credentials.
    pub credentials: &'a Credentials,
    /// A token that is still good, where the provider wants one.
    pub token: Option<&'a Secret>,
    /// The payer.
    pub person: &'a Person,
    /// The shopper's language.
    pub locale: Locale,
    /// The host's clock.
    pub now: Instant,
    /// Random bytes from the host, for providers that want a salt.
    pub entropy: &'a [u8],
    /// The shopper's page of this order, where a provider that redirects sends the shopper back to.
    pub page: &'a str,
    /// What came back for the call's first request, where it has two.
    pub first: Option<(&'a http::Answer, &'a [u8])>,
}

/// Builds and signs a request.
///
/// # Errors
/// [`RequestError`]; nothing has left.
pub fn request(call: &Call, sending: &Sending<'_>) -> Result<Step, RequestError> {
    if let Call::Create { amount, .. } = call {
        check(sending.channel.provider, sending.channel, *amount, sending.person)?;
    }
    built(call, sending)
}

/// Whether new codes may be asked for by this channel: it is switched on and, where no official source says that its provider sells them, confirmed.
pub fn is_on(channel: &ChannelSettings) -> bool {
    channel.enabled && (channel.confirmed || !abilities(channel.provider).unconfirmed)
}

/// Whether a provider would take this order at all, asked before anything is sent.
///
/// # Errors
/// [`RequestError::Amount`], or the first datum that is missing or not what the provider takes.
pub fn check(provider: Provider, channel: &ChannelSettings, amount: Money, person: &Person) -> Result<(), RequestError> {
    let able = abilities(provider);
    if !able.create {
        return Err(RequestError::NoSuchCall);
    }
    if !takes(provider, channel, amount) {
        return Err(RequestError::Amount);
    }
    for name in able.demands {
        if asking::datum(person, name).is_empty() {
            return Err(RequestError::Missing(name));
        }
    }
    if !person.email.is_empty() && !asking::is_email(person.email.expose()) {
        return Err(RequestError::Unfit("email"));
    }
    person_fits(provider, person)
}

/// Whether a provider by this channel takes an amount and its currency at all.
pub fn takes(provider: Provider, channel: &ChannelSettings, amount: Money) -> bool {
    let able = abilities(provider);
    let limit = |minor| Money::new(minor, amount.currency);
    let within = |least: Option<Money>, most: Option<Money>| {
        let same = |bound: &Money| bound.currency == amount.currency;
        least.filter(same).is_none_or(|least| amount.minor >= least.minor) && most.filter(same).is_none_or(|most| amount.minor <= most.minor)
    };
    let taken = able.currencies.contains(&amount.currency) && channel.currencies.contains(&amount.currency);
    taken && amount.minor > 0 && within(able.least_minor.map(limit), able.most_minor.map(limit)) && within(channel.least, channel.most)
}

/// Reads a token answer: the token and until when it is to be used.
///
/// # Errors
/// The [`Reading`] of an answer that holds no token.
pub fn token(provider: Provider, answer: &http::Answer, body: &[u8], now: Instant) -> Result<(Secret, Instant), Reading> {
    match provider {
        Provider::Pagoefectivo => super::pagoefectivo::token(answer, body, now),
        _ => Err(Reading::Unanswered),
    }
}

/// The provider's own clock, from the answer's `Date` header.
pub fn answered_at(answer: &http::Answer) -> Option<Instant> {
    let http::Answer::Response(response) = answer else { return None };
    http::header(&response.headers, "date").next().and_then(Instant::parse_http_date)
}

/// Where a notice came from, by the channel's list, whatever the list's rule; an empty list is the one that the provider publishes.
pub fn listing(channel: &ChannelSettings, notice: &http::Notice) -> Listing {
    let list = &channel.allowlist;
    let published = || abilities(channel.provider).notice_addresses.iter().map(ToString::to_string).collect();
    let addresses = if list.addresses.is_empty() { published() } else { list.addresses.clone() };
    address::listing(&addresses, &list.trusted_proxies, &notice.headers, &notice.peer)
}

/// Judges a notice on its raw bytes, and reads it only then. A refused one has no facts.
pub fn notice(channel: &ChannelSettings, credentials: &Credentials, notice: &http::Notice, body: &[u8], now: Instant) -> (Verdict, Option<NoticeFacts>) {
    match genuine(channel, credentials, notice, body) {
        Err(refusal) => (Verdict::Refused(refusal), None),
        Ok(facts) => {
            let able = abilities(channel.provider);
            let tolerance = able.notice_tolerance_seconds;
            let away = facts.signed_at.map_or(0, |at| now.since(at).saturating_abs());
            let stale = tolerance.is_some_and(|seconds| away > seconds * SECOND);
            let verdict = able.notice_doubt.or(stale.then_some(Doubt::Stale)).map_or(Verdict::Verified, Verdict::Hint);
            (verdict, Some(facts))
        }
    }
}

fn genuine(channel: &ChannelSettings, credentials: &Credentials, notice: &http::Notice, body: &[u8]) -> Result<NoticeFacts, Refusal> {
    if body.len() > http::NOTICE_LIMIT_BYTES {
        return Err(Refusal::TooLarge);
    }
    if channel.allowlist.rule == AllowlistRule::Enforce && listing(channel, notice) != Listing::Listed {
        return Err(Refusal::WrongAddress);
    }
    told(channel, credentials, notice, body)
}

/// A short name of a body, for the inbox and the journal: the first 16 hexadecimal digits of its SHA-256.
pub fn digest(body: &[u8]) -> String {
    hex::encode(sha256(&[body]).first_chunk::<8>().map_or(&[], |first| first))
}
