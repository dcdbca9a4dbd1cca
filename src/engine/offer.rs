//! What a shopper still has to give before a code can be asked for; nothing is asked of a provider yet.

use super::Refused;
use crate::money::{Currency, Money};
use crate::names::Mode;
use crate::providers::{self, RequestError, asking};
use crate::voucher::{ChannelSettings, Person, Settings};

/// What stands between a shopper and a code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// Data to give, or to give again: names of [`Person`] fields; none where a code can be asked for at once.
    pub wants: Vec<&'static str>,
    /// The one of them that was given and is not what the provider takes.
    pub unfit: Option<&'static str>,
}

/// Looks for the first channel that takes this amount, and at what it demands of the payer.
///
/// # Errors
/// [`Refused::NoChannel`], or [`Refused::Unfit`] where the amount or a key is the reason.
pub fn offer(settings: &Settings, mode: Mode, amount: Money, person: &Person) -> Result<Offer, Refused> {
    let mut best = Err(Refused::NoChannel);
    for channel in settings.channels.iter().filter(|c| providers::is_on(c) && c.mode == mode && c.currencies.contains(&amount.currency)) {
        let offer = match providers::check(channel.provider, channel, amount, person) {
            Ok(()) => return Ok(Offer::default()),
            Err(RequestError::Missing(_)) => Ok(Offer { wants: missing(channel.provider, person), unfit: None }),
            Err(RequestError::Unfit(field)) => Ok(Offer { wants: beside(field), unfit: Some(field) }),
            Err(why) => Err(Refused::Unfit(why)),
        };
        if best.is_err() && (offer.is_ok() || best == Err(Refused::NoChannel)) {
            best = offer;
        }
    }
    best
}

/// Why no channel takes an amount, in one word: `currency`, `too_small`, `too_large`, or `account` where the reason lies with the merchant's settings.
pub fn why_not(settings: &Settings, mode: Mode, amount: Money) -> &'static str {
    let mine: Vec<_> = settings.channels.iter().filter(|c| providers::is_on(c) && c.mode == mode).collect();
    let sold: Vec<_> = mine.iter().filter(|c| c.currencies.contains(&amount.currency)).collect();
    let bound = |own: Option<Money>, theirs: Option<i64>| own.filter(|own| own.currency == amount.currency).map(|own| own.minor).into_iter().chain(theirs);
    let all = |outside: &dyn Fn(&ChannelSettings, &providers::Abilities) -> bool| sold.iter().all(|c| outside(c, providers::abilities(c.provider)));
    match (mine.is_empty(), sold.is_empty()) {
        (true, _) => "account",
        (_, true) => "currency",
        _ if all(&|c, able| bound(c.least, able.least_minor).any(|least| amount.minor < least)) => "too_small",
        _ if all(&|c, able| bound(c.most, able.most_minor).any(|most| amount.minor > most)) => "too_large",
        _ => "account",
    }
}

/// Amounts of one currency for which some channel may make a code, in minor units, both ends included; 0 and [`i64::MAX`] where no bound is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The currency.
    pub currency: Currency,
    /// The smallest amount.
    pub least: i64,
    /// The largest amount.
    pub most: i64,
}

/// For which carts a code may be made at all, and the categories that no channel sells: for a checkout that hides the method where it leads nowhere.
///
/// Live channels count where there are any, else those of the trial. It is never narrower than [`offer`].
pub fn reach(settings: &Settings) -> (Vec<Reach>, Vec<&str>) {
    let sells = |c: &&ChannelSettings| c.enabled && providers::abilities(c.provider).create;
    let live = settings.channels.iter().any(|c| sells(&c) && c.mode == Mode::Live);
    let selling: Vec<&ChannelSettings> = settings.channels.iter().filter(|c| sells(c) && (!live || c.mode == Mode::Live)).collect();
    let mut reaches = Vec::new();
    for currency in [Currency::Pen, Currency::Usd] {
        let mut both: Option<Reach> = None;
        for channel in &selling {
            let Some(one) = bound(channel, currency) else { continue };
            both = Some(both.map_or(one, |both| Reach { currency, least: both.least.min(one.least), most: both.most.max(one.most) }));
        }
        reaches.extend(both);
    }
    let first = selling.first().map_or(&[][..], |c| &c.excluded_categories);
    (reaches, first.iter().filter(|tag| selling.iter().all(|c| c.excluded_categories.contains(tag))).map(String::as_str).collect())
}

/// One channel's amounts of one currency: the tighter of its own and its provider's bounds.
fn bound(channel: &ChannelSettings, currency: Currency) -> Option<Reach> {
    let able = providers::abilities(channel.provider);
    let own = |bound: Option<Money>| bound.filter(|own| own.currency == currency).map(|own| own.minor);
    let least = own(channel.least).unwrap_or(0).max(able.least_minor.unwrap_or(0));
    let most = own(channel.most).unwrap_or(i64::MAX).min(able.most_minor.unwrap_or(i64::MAX));
    (able.currencies.contains(&currency) && channel.currencies.contains(&currency)).then_some(Reach { currency, least, most })
}

/// Every demand that is not met; a document without its kind wants both.
fn missing(provider: crate::names::Provider, person: &Person) -> Vec<&'static str> {
    providers::abilities(provider).demands.iter().copied().filter(|field| asking::datum(person, field).is_empty()).flat_map(beside).collect()
}

/// A document's number is asked for together with its kind.
fn beside(field: &'static str) -> Vec<&'static str> {
    if field == "document" { vec!["document_type", field] } else { vec![field] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;
    use crate::secret::Personal;

    fn settings(channels: &str) -> Settings {
        json::parse(format!("{{\"channels\":[{channels}]}}").as_bytes()).expect("the test's own settings")
    }

    const DLOCAL: &str = r#"{"id":"dlocal-1","provider":"dlocal","mode":"live"}"#;
    const DIRECT: &str = r#"{"id":"direct-1","provider":"pagoefectivo","mode":"live"}"#;

    #[test]
    fn a_shopper_is_asked_for_what_the_provider_demands_and_nothing_else() {
        let person = Person { first_name: Personal::new("Ana"), email: Personal::new("ana@example.pe"), ..Person::default() };
        let amount = Money::new(12_050, crate::money::Currency::Pen);
        assert_eq!(offer(&settings(DLOCAL), Mode::Live, amount, &person), Ok(Offer { wants: vec!["document_type", "document"], unfit: None }));
        assert_eq!(offer(&settings(&[DLOCAL, DIRECT].join(",")), Mode::Live, amount, &person), Ok(Offer::default()), "the other channel takes it as it is");
        let wrong = Person { document_type: "DNI".into(), document: Personal::new("12"), ..person };
        assert_eq!(offer(&settings(DLOCAL), Mode::Live, amount, &wrong).map(|offer| offer.unfit), Ok(Some("document")));
    }

    #[test]
    fn a_checkout_is_told_why_nothing_can_be_paid() {
        let least =
            r#"{"id":"direct-1","provider":"pagoefectivo","mode":"live","least":{"minor":600,"currency":"PEN"},"most":{"minor":999900,"currency":"PEN"}}"#;
        let why = |mode, minor, currency| why_not(&settings(least), mode, Money::new(minor, currency));
        assert_eq!(why(Mode::Live, 599, crate::money::Currency::Pen), "too_small");
        assert_eq!(why(Mode::Live, 999_901, crate::money::Currency::Pen), "too_large");
        assert_eq!(why(Mode::Live, 600, crate::money::Currency::Usd), "currency");
        assert_eq!(why(Mode::Test, 600, crate::money::Currency::Pen), "account");
    }

    #[test]
    fn a_checkout_hides_the_method_only_where_no_channel_would_sell() {
        let own = |id: &str, more: &str| format!(r#"{{"id":"{id}","provider":"pagoefectivo","mode":"live"{more}}}"#);
        let narrow = own("a", r#","least":{"minor":1000,"currency":"PEN"},"most":{"minor":50000,"currency":"PEN"},"excluded_categories":["oro","vino"]"#);
        let wide = own("b", r#","currencies":["PEN","USD"],"least":{"minor":700,"currency":"PEN"},"excluded_categories":["vino"]"#);
        let trial = r#"{"id":"c","provider":"sandbox","mode":"test","currencies":["USD"]}"#;
        let pen = |least, most| Reach { currency: Currency::Pen, least, most };
        assert_eq!(reach(&settings(&narrow)), (vec![pen(1_000, 50_000)], vec!["oro", "vino"]));
        let all = settings(&[narrow.as_str(), wide.as_str(), trial].join(","));
        let (both, tags) = reach(&all);
        assert_eq!((both.first(), both.len(), tags), (Some(&pen(700, i64::MAX)), 2, vec!["vino"]), "the wider bound counts, the trial does not");
        assert_eq!(reach(&settings(trial)).0.first().map(|one| one.currency), Some(Currency::Usd), "nothing is live yet: the trial counts");
        assert_eq!(reach(&settings("")), (vec![], vec![]));
    }

    #[test]
    fn no_channel_is_said_before_anything_is_asked() {
        let amount = Money::new(12_050, crate::money::Currency::Usd);
        assert_eq!(offer(&settings(DLOCAL), Mode::Live, amount, &Person::default()), Err(Refused::NoChannel));
        assert_eq!(offer(&settings(DIRECT), Mode::Test, Money::new(1, crate::money::Currency::Pen), &Person::default()), Err(Refused::NoChannel));
    }
}
