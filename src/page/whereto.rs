//! Where to pay: every place that takes this amount, in native `<details>`, so that one is found without script.

use super::channels::{Channel, Channels, Kind};
use super::facts::{Facts, currency_said};
use super::html::Html;
use super::{kept, picture};
use crate::clock::Instant;
use crate::money::{Currency, Money};
use crate::names::{Locale, Tone};
use crate::words::{self, Word, word};
use std::borrow::Cow;

/// Stands in a menu for the service of the currency.
const SERVICE: &str = "{service}";

/// The card with all places.
pub(super) fn card(page: &mut Html, facts: &Facts<'_>) {
    let list = Channels::chosen(facts.view.channels);
    page.line("<section class=\"card where\"><h2>", word!("where.title"), &[], "</h2>");
    wallet(page, facts);
    let paying = Paying { digits: facts.digits, amount: &facts.amount, money: facts.money };
    match &list {
        Cow::Borrowed(list) => kept::places(page, list, &paying),
        Cow::Owned(list) => places(page, list, &paying),
    }
    page.raw("</section>");
}

/// What is paid at every place.
#[derive(Clone, Copy)]
pub(super) struct Paying<'a> {
    pub digits: &'a str,
    pub amount: &'a str,
    pub money: Money,
}

/// All places, and what is to be known of the list.
pub(super) fn places(page: &mut Html, list: &Channels, paying: &Paying<'_>) {
    for (kind, id, title) in [(Kind::Agent, "w-a", word!("where.agent")), (Kind::App, "w-b", word!("where.app")), (Kind::Branch, "w-c", word!("where.branch"))]
    {
        group(page, paying, list, (kind, id, title));
    }
    for over in list.channels.iter().filter(|channel| channel.takes(paying.money.currency)) {
        if let Some(limit) = over.limit_under(paying.money) {
            page.line("<p class=\"hint\">", word!("limit.hidden"), &[("channel", &over.name), ("limit", &limit.to_string())], "</p>");
        }
    }
    if let Some(date) = day(page.locale, &list.verified_on) {
        page.line("<p class=\"hint\">", word!("data.date"), &[("date", &date)], "</p>");
    }
}

/// A wallet's QR, only from what the provider returned.
fn wallet(page: &mut Html, facts: &Facts<'_>) {
    let Some(text) = facts.code.map(|code| code.payment_qr.as_str()).filter(|text| !text.is_empty()) else { return };
    let label = page.words(word!("pay.qr"), &[]);
    let Some(svg) = picture::payment_qr(text, &label) else { return };
    page.line("<details id=\"w-q\" open><summary>", word!("where.qr"), &[], "</summary><div class=\"qr\">").raw(&svg).raw("</div><ol>");
    for word in [word!("step.qr.1"), word!("step.qr.2"), word!("step.qr.3")] {
        page.line("<li>", word, &[("amount", &facts.amount)], "</li>");
    }
    page.raw("</ol></details>");
}

fn group(page: &mut Html, paying: &Paying<'_>, list: &Channels, (kind, id, title): (Kind, &str, Word)) {
    let fits = |channel: &&Channel| channel.kind == kind && channel.takes(paying.money.currency) && channel.limit_under(paying.money).is_none();
    let fitting: Vec<&Channel> = list.channels.iter().filter(fits).collect();
    if fitting.is_empty() {
        return;
    }
    let open = if kind == Kind::Agent { "\" open><summary>" } else { "\"><summary>" };
    page.raw("<details name=\"w\" id=\"").raw(id).line(open, title, &[], "</summary>");
    let (plain, special): (Vec<&Channel>, Vec<&Channel>) = fitting.into_iter().partition(|channel| is_plain(channel));
    if kind == Kind::Agent {
        anywhere(page, paying, &plain);
    }
    special.into_iter().for_each(|channel| place(page, paying, channel));
    page.raw("</details>");
}

/// An agent that needs nothing but the usual sentence.
fn is_plain(channel: &Channel) -> bool {
    let silent = channel.company_code.is_empty() && channel.say.is_empty() && channel.verified_on.is_empty();
    channel.kind == Kind::Agent && silent && channel.fee.is_none()
}

/// The steps that hold at every agent, and the agents where there is no more to know.
fn anywhere(page: &mut Html, paying: &Paying<'_>, plain: &[&Channel]) {
    page.raw("<ol>");
    for word in [word!("step.agent.2"), word!("step.agent.3"), word!("step.agent.4")] {
        page.line("<li>", word, &[("amount", paying.amount)], "</li>");
    }
    page.raw("</ol>");
    if !plain.is_empty() {
        let names: Vec<&str> = plain.iter().map(|channel| channel.name.as_str()).collect();
        page.line("<p>", word!("where.any"), &[("names", &names.join(", "))], "</p>");
    }
    page.line("<p class=\"hint\">", word!("nocard"), &[], "</p>");
}

fn place(page: &mut Html, paying: &Paying<'_>, channel: &Channel) {
    page.raw("<details name=\"p\" id=\"p-").text(&channel.id).raw("\"><summary>").text(&channel.name);
    if !channel.company_code.is_empty() {
        page.line(" <small>", word!("company.code.label"), &[], " ").text(&channel.company_code).raw("</small>");
    }
    page.raw("</summary>");
    steps(page, paying, channel);
    if channel.kind != Kind::App {
        sentence(page, paying, channel);
    }
    if let Some(fee) = channel.fee {
        page.line("<p class=\"hint\">", word!("fee.note"), &[("channel", &channel.name), ("fee", &fee.to_string())], "</p>");
    }
    if let Some(date) = day(page.locale, &channel.verified_on) {
        page.line("<p class=\"hint\">", word!("data.date"), &[("date", &date)], "</p>");
    }
    page.raw("</details>");
}

fn steps(page: &mut Html, paying: &Paying<'_>, channel: &Channel) {
    let service = page.words(service_of(paying.money.currency), &[]);
    let menu = channel.menu.join(" > ").replace(SERVICE, &service);
    let values = [
        ("agent", channel.name.as_str()),
        ("bank", channel.name.as_str()),
        ("cip", paying.digits),
        ("amount", paying.amount),
        ("service", service.as_str()),
        ("menu", menu.as_str()),
    ];
    let steps: &[Word] = match channel.kind {
        Kind::Agent => const { &[word!("step.agent.1"), word!("step.agent.say")] },
        Kind::App if channel.menu.is_empty() => {
            const { &[word!("step.app.1"), word!("step.app.2"), word!("step.app.2b"), word!("step.app.3"), word!("step.app.4"), word!("step.app.5")] }
        }
        Kind::App => const { &[word!("step.app.1"), word!("step.app.menu"), word!("step.app.3"), word!("step.app.4"), word!("step.app.5")] },
        Kind::Branch => const { &[word!("step.branch.1"), word!("step.agent.3"), word!("step.agent.4")] },
    };
    page.raw("<ol>");
    for word in steps {
        page.line("<li>", *word, &values, "</li>");
    }
    page.raw("</ol>");
}

/// What to say at this very counter, always in Spanish.
fn sentence(page: &mut Html, paying: &Paying<'_>, channel: &Channel) {
    if channel.say.is_empty() && channel.company_code.is_empty() && channel.kind == Kind::Agent {
        return; // the usual sentence stands in a card of its own
    }
    let spoken = |word: Word, values: &[(&str, &str)]| word.text(Locale::EsPe, Tone::Tu, values);
    let said = match (channel.say.as_str(), channel.company_code.as_str()) {
        ("", "") => spoken(word!("say.text"), &[("currency", &currency_said(paying.money.currency))]),
        ("", code) => spoken(word!("say.text.code"), &[("company_code", code)]),
        (own, _) => own.into(),
    };
    page.raw("<blockquote lang=\"es-PE\">").text(&said).raw("</blockquote>");
}

fn service_of(currency: Currency) -> Word {
    match currency {
        Currency::Pen => word!("service.value.pen"),
        Currency::Usd => word!("service.value.usd"),
    }
}

/// A day such as `2026-11-23` in words.
fn day(locale: Locale, text: &str) -> Option<String> {
    Instant::parse(&format!("{text}T12:00:00-05:00")).map(|at| words::date(locale, at))
}
