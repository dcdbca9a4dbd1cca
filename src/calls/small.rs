//! The small calls: pictures, prices, settings, words and abilities.

use super::{Answered, CallError, Retry};
use crate::barcode;
use crate::clock::Instant;
use crate::engine;
use crate::json::{Object, Read, Tree, Written, json};
use crate::money::{Currency, Money};
use crate::names::Provider;
use crate::providers;
use crate::voucher::settings::{CANCEL_GRACE_HOURS, VALIDITY_HOURS};
use crate::voucher::{AllowlistRule, CASE_SCHEMA, ChannelSettings, Locale, Settings, Tone};
use crate::words;

#[derive(Read)]
#[json(rename_all = "snake_case")]
enum Picture {
    Svg,
    Png,
}

#[derive(Read)]
#[json(deny_unknown_fields)]
pub(super) struct Symbol {
    text: String,
    #[json(default)]
    title: String,
    format: Picture,
    #[json(default = "four")]
    scale: u8,
}

fn four() -> u8 {
    4
}

/// Pixels a module: above these a picture has megabytes and tells nothing more.
const SCALES: core::ops::RangeInclusive<u8> = 1..=16;

impl Symbol {
    fn scale(&self, locale: Locale) -> Result<u32, CallError> {
        let refused = || CallError::new(locale, "bad_scale", Retry::No, &[("least", &SCALES.start().to_string()), ("most", &SCALES.end().to_string())]);
        if SCALES.contains(&self.scale) { Ok(self.scale.into()) } else { Err(refused()) }
    }
}

/// A picture's bytes and type.
fn picture(content_type: &str, bytes: Vec<u8>) -> Answered {
    Ok((json!({ "content_type": content_type }), bytes))
}

pub(super) fn qr(locale: Locale, ask: Symbol) -> Answered {
    let unfit = |_| CallError::new(locale, "no_symbol", Retry::No, &[]);
    let scale = ask.scale(locale)?;
    let matrix = barcode::qr::encode(ask.text.as_bytes(), barcode::qr::Level::M).map_err(unfit)?;
    match ask.format {
        Picture::Svg => picture("image/svg+xml", barcode::svg::qr(&matrix, &ask.title).into_bytes()),
        Picture::Png => picture("image/png", barcode::png::qr(&matrix, scale)),
    }
}

pub(super) fn barcode(locale: Locale, ask: Symbol) -> Answered {
    let unfit = |_| CallError::new(locale, "no_symbol", Retry::No, &[]);
    let scale = ask.scale(locale)?;
    let bars = barcode::code128::encode(&ask.text).map_err(unfit)?;
    match ask.format {
        Picture::Svg => picture("image/svg+xml", barcode::svg::bars(&bars, &ask.title).into_bytes()),
        Picture::Png => picture("image/png", barcode::png::bars(&bars, scale, 80)),
    }
}

#[derive(Read)]
#[json(deny_unknown_fields)]
pub(super) struct Cart {
    lines: Vec<Line>,
    currency: Currency,
}

#[derive(Read)]
#[json(deny_unknown_fields)]
struct Line {
    price: Money,
    quantity: u32,
}

/// The sum of a cart, so that no host adds money up.
pub(super) fn cart(locale: Locale, ask: Cart) -> Answered {
    let wrong = |why: crate::money::MoneyError| CallError::new(locale, "bad_amount", Retry::No, &[("why", &why.to_string())]);
    let mut total = Money::new(0, ask.currency);
    let mut lines = Vec::new();
    for line in &ask.lines {
        let sum = line.price.times(line.quantity).map_err(wrong)?;
        total = total.plus(sum).map_err(wrong)?;
        lines.push(sum.to_string());
    }
    Ok((json!({"total": total, "text": total.to_string(), "lines": lines}), Vec::new()))
}

#[derive(Read)]
#[json(deny_unknown_fields)]
pub(super) struct Amount {
    text: Option<String>,
    currency: Option<Currency>,
    money: Option<Money>,
}

pub(super) fn money(locale: Locale, ask: Amount) -> Answered {
    let wrong = |why: &str| CallError::new(locale, "bad_amount", Retry::No, &[("why", why)]);
    let money = match (ask.money, ask.text, ask.currency) {
        (Some(money), None, None) => money,
        (None, Some(text), Some(currency)) => Money::parse(&text, currency).map_err(|why| wrong(&why.to_string()))?,
        _ => return Err(wrong("text + currency | money")),
    };
    Ok((json!({"money": money, "text": money.to_string()}), Vec::new()))
}

#[derive(Read)]
#[json(deny_unknown_fields)]
pub(super) struct Moment {
    at: Instant,
    #[json(default)]
    locale: Locale,
}

/// An instant as people say it, by Lima's clock.
pub(super) fn moment(ask: Moment) -> Answered {
    Ok((json!({"text": words::moment(ask.locale, ask.at)}), Vec::new()))
}

#[derive(Read)]
#[json(deny_unknown_fields)]
pub(super) struct Words {
    locale: Locale,
    #[json(default)]
    tone: Tone,
    prefix: String,
}

pub(super) fn words(ask: Words) -> Answered {
    let found = words::list(ask.locale, ask.tone, &ask.prefix);
    let mut all = Object::default();
    found.for_each(|(id, text)| {
        all.add(id.into(), text.into());
    });
    Ok((json!(Tree::Object(all)), Vec::new()))
}

pub(super) fn abilities() -> Written {
    json!(Provider::ALL.map(providers::abilities))
}

pub(super) fn version() -> Written {
    json!({"version": env!("CARGO_PKG_VERSION"), "schema": CASE_SCHEMA})
}

#[derive(Read)]
#[json(deny_unknown_fields)]
pub(super) struct Check {
    settings: Settings,
    #[json(default)]
    locale: Locale,
}

/// Where a code is paid: no outlet or bank outside of Peru takes one.
const COUNTRY: &str = "PE";

/// For which carts a checkout may offer the method: by country, by currency and amount, and by categories that no channel sells. No cart reaches the largest number there.
pub(super) fn reach(ask: &Check) -> Answered {
    let (reaches, excluded) = engine::reach(&ask.settings);
    let limit = |one: &engine::Reach| json!({"currency": one.currency, "least_minor": one.least, "most_minor": one.most.min(i64::from(i32::MAX))});
    let limits: Vec<Written> = reaches.iter().map(limit).collect();
    Ok((json!({"countries": [COUNTRY], "limits": limits, "excluded_tags": excluded}), Vec::new()))
}

pub(super) fn check_settings(ask: Check) -> Answered {
    let mut problems: Vec<(String, &str, String)> = Vec::new();
    let mut add = |field: &str, code: &'static str, named: &str| problems.push((field.into(), code, named.into()));
    let shop = &ask.settings.shop;
    if shop.name.trim().is_empty() {
        add("shop.name", "setting_empty", "");
    }
    let plain_tag = !shop.tag.is_empty() && shop.tag.len() <= 8 && shop.tag.bytes().all(|b| b.is_ascii_alphanumeric());
    if !plain_tag {
        add("shop.tag", "setting_tag", "");
    }
    if !(shop.page_url.starts_with("https://") || shop.page_url.starts_with("http://127.0.0.1") || shop.page_url.starts_with("http://localhost"))
        || shop.page_url.ends_with('/')
    {
        add("shop.page_url", "setting_url", "");
    }
    if shop.contact.trim().is_empty() {
        add("shop.contact", "setting_empty", "");
    }
    if !VALIDITY_HOURS.contains(&ask.settings.validity_hours) {
        add("validity_hours", "setting_range", "24–72");
    }
    if !CANCEL_GRACE_HOURS.contains(&ask.settings.cancel_grace_hours) {
        add("cancel_grace_hours", "setting_range", "0–96");
    }
    if !ask.settings.channels.iter().any(|c| c.enabled) {
        add("channels", "setting_no_channel", "");
    }
    for (place, channel) in ask.settings.channels.iter().enumerate() {
        for (field, code) in channel_problems(&ask.settings, channel) {
            add(&format!("channels.{place}.{field}"), code, channel.id.as_str());
        }
    }
    let told: Vec<Written> = problems
        .iter()
        .map(|(field, code, named)| {
            let error = CallError::new(ask.locale, code, Retry::No, &[("field", field), ("named", named)]);
            json!({"field": field, "code": error.code, "message": error.message, "help": error.help})
        })
        .collect();
    let unconfirmed = ask.settings.channels.iter().filter(|channel| channel.enabled && providers::abilities(channel.provider).unconfirmed);
    let notes: Vec<Written> = unconfirmed
        .map(|channel| {
            let note = words::text(ask.locale, Tone::Tu, "desk.able.unconfirmed", &[]);
            json!({"channel": channel.id, "text": note})
        })
        .collect();
    Ok((json!({"problems": told, "notes": notes}), Vec::new()))
}

fn channel_problems(settings: &Settings, channel: &ChannelSettings) -> Vec<(&'static str, &'static str)> {
    use crate::names::Mode;
    let mut found = Vec::new();
    let id = channel.id.as_str();
    if id.is_empty() || id.len() > 40 || !id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')) {
        found.push(("id", "setting_id"));
    }
    if settings.channels.iter().filter(|other| other.id == channel.id).count() > 1 {
        found.push(("id", "setting_twice"));
    }
    let local = ["http://127.0.0.1:", "http://localhost:", "http://[::1]:"].iter().any(|start| channel.sandbox_url.starts_with(start));
    if !channel.sandbox_url.is_empty() && (channel.mode == Mode::Live || !local) {
        found.push(("sandbox_url", "setting_sandbox"));
    }
    if channel.provider == Provider::Sandbox && (channel.mode == Mode::Live || channel.sandbox_url.is_empty()) {
        found.push(("mode", "setting_sandbox"));
    }
    if channel.mode == Mode::Live && !channel.notice_url.starts_with("https://") {
        found.push(("notice_url", "setting_url"));
    }
    let able = providers::abilities(channel.provider);
    if channel.enabled && !able.create {
        found.push(("provider", "setting_no_create"));
    }
    if channel.enabled && !providers::is_on(channel) && able.create {
        found.push(("confirmed", "setting_unconfirmed"));
    }
    if channel.currencies.is_empty() || !channel.currencies.iter().all(|c| able.currencies.contains(c)) {
        found.push(("currencies", "setting_currency"));
    }
    if channel.allowlist.addresses.iter().chain(&channel.allowlist.trusted_proxies).any(|range| crate::signature::address::Range::parse(range).is_none()) {
        found.push(("allowlist", "setting_addresses"));
    } else if channel.allowlist.rule == AllowlistRule::Enforce && channel.allowlist.addresses.is_empty() && able.notice_addresses.is_empty() {
        found.push(("allowlist", "setting_addresses_none"));
    }
    found
}
