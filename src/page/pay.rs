//! The screen to pay with: code, amount and deadline first, then what to say, "I have paid", and where.

use super::facts::{Facts, currency_said};
use super::html::Html;
use super::{Screen, keep, picture, status, whereto};
use crate::names::{Locale, Tone};
use crate::words::{self, Word, word};

/// Both columns of the page, in the order in which a phone stacks them.
pub(super) fn columns(page: &mut Html, facts: &Facts<'_>) {
    page.raw("<div class=\"col\">");
    heading(page, facts);
    if facts.digits.is_empty() {
        link_card(page, facts);
        page.raw("</div><div class=\"col\">");
        check_card(page, facts);
    } else {
        code_card(page, facts);
        check_card(page, facts);
        page.raw("</div><div class=\"col\">");
        say_card(page, facts);
        whereto::card(page, facts);
    }
    page.raw("</div>");
    keep::cards(page, facts);
}

fn heading(page: &mut Html, facts: &Facts<'_>) {
    page.raw("<div>").line("<p class=\"order\">", word!("order.line"), &[("order", facts.number), ("shop", facts.shop)], "</p>");
    if facts.screen == Screen::Replaced {
        page.line("<p><b>", word!("st.replaced"), &[], "</b></p>");
    }
    let date = facts.expires.map(|at| words::short_date(page.locale, at)).unwrap_or_default();
    let word = if facts.digits.is_empty() { word!("h1.waiting.link") } else { word!("h1.waiting") };
    page.line("<h1>", word, &[("amount", &facts.amount), ("date", &date)], "</h1></div>");
}

fn code_card(page: &mut Html, facts: &Facts<'_>) {
    page.line("<section class=\"card code\"><h2>", word!("code.label"), &[], "</h2>");
    code(page, facts.digits, "<p class=\"digits\" id=\"c\" role=\"img\"", "</p>");
    page.line("<button class=\"btn main\" id=\"k\" type=\"button\" hidden>", word!("copy"), &[], "</button>");
    amount_and_deadline(page, facts);
    page.line("<p class=\"hint screen\" id=\"h\">", word!("code.hint"), &[], "</p><p class=\"v\" id=\"m\" role=\"status\"></p></section>");
}

/// The code, grouped by margins only: its text is exactly the digits, and a screen reader is given them one by one.
pub(super) fn code(page: &mut Html, digits: &str, open: &str, close: &str) {
    page.raw(open).raw(" aria-label=\"");
    for (place, digit) in digits.chars().enumerate() {
        page.raw(if place == 0 { "" } else { " " }).text(digit.encode_utf8(&mut [0; 4]));
    }
    page.raw("\">");
    let mut rest = digits;
    for size in groups(digits.len()) {
        let Some((group, others)) = rest.split_at_checked(size) else { break };
        page.raw("<span>").text(group).raw(if others.is_empty() { "</span>" } else { "</span><wbr>" });
        rest = others;
    }
    page.text(rest).raw(close);
}

/// The digits in groups with spaces between, for places without markup.
pub(super) fn grouped(digits: &str) -> String {
    let (mut out, mut rest) = (String::new(), digits);
    for size in groups(digits.len()) {
        let Some((group, others)) = rest.split_at_checked(size) else { break };
        out.push_str(group);
        out.push_str(if others.is_empty() { "" } else { " " });
        rest = others;
    }
    out + rest
}

/// What a barcode holds and its name, where there is one.
pub(super) fn barcode_text<'a>(facts: &Facts<'a>) -> Option<(Word, &'a str)> {
    let theirs = facts.code.map(|code| code.barcode.as_str()).filter(|text| !text.is_empty());
    let ours = facts.view.settings.show_own_barcode.then_some(facts.digits).filter(|text| !text.is_empty());
    theirs.map(|text| (word!("pay.barcode"), text)).or(ours.map(|text| (word!("own.barcode"), text)))
}

/// How many digits each group has: 7 is 3-4, 8 is 4-4, 9 is 3-3-3, longer ones go by threes or fours with the odd ones last.
fn groups(digits: usize) -> Vec<usize> {
    match digits {
        0..=5 => vec![digits],
        7 => vec![3, 4],
        8 => vec![4, 4],
        10 => vec![3, 3, 4],
        11 => vec![4, 4, 3],
        13 => vec![3, 3, 3, 4],
        14 => vec![4, 4, 3, 3],
        long if long % 3 == 0 => vec![3; long / 3],
        long => [vec![4; long / 4], vec![long % 4]].concat(),
    }
}

fn amount_and_deadline(page: &mut Html, facts: &Facts<'_>) {
    page.line("<dl><div><dt>", word!("amount.label"), &[], "</dt><dd class=\"sum\" id=\"a\">").text(&facts.amount).raw("</dd></div>");
    page.line("<div><dt>", word!("deadline.label"), &[], "</dt><dd>");
    if let Some(at) = facts.expires {
        page.raw("<time datetime=\"").raw(&at.utc_text()).raw("\">").text(&facts.deadline).raw("</time><br><span class=\"left\" id=\"t\">");
        let left = status::countdown(page, at.since(facts.view.now));
        page.text(&left).raw("</span>");
    }
    page.line("</dd></div></dl><p class=\"hint screen\">", word!("amount.hint"), &[], " ").say(word!("deadline.bank"), &[]).raw("</p>");
    page.line("<p class=\"paper\">", word!("print.head"), &[], " ")
        .say(word!("help.contact"), &[("shop", facts.shop), ("contact", contact(facts))])
        .raw("</p>");
}

fn contact<'a>(facts: &Facts<'a>) -> &'a str {
    &facts.view.settings.shop.contact
}

fn link_card(page: &mut Html, facts: &Facts<'_>) {
    page.raw("<section class=\"card code\">");
    let address = facts.code.map(|code| code.url.as_str()).filter(|url| url.starts_with("https://"));
    if let Some(address) = address {
        page.raw("<a class=\"btn main\" rel=\"noreferrer\" href=\"").text(address);
        page.line("\">", word!("link.cta"), &[("provider", &facts.provider)], "</a>");
        page.line("<p class=\"hint\">", word!("link.hint"), &[("provider", &facts.provider)], "</p>");
    }
    amount_and_deadline(page, facts);
    page.raw("</section>");
}

/// "I have paid": a plain form, so that it works without script.
pub(super) fn check_card(page: &mut Html, facts: &Facts<'_>) {
    page.raw("<section class=\"card screen\"><form method=\"post\" data-t=\"").say(word!("st.checking"), &[]).raw("\" action=\"");
    page.text(&facts.url).line("/check\"><button class=\"btn\">", word!("check.now"), &[], "</button></form>");
    page.line("<p class=\"hint\">", word!("st.usual"), &[("days", &facts.days)], "</p></section>");
}

/// What to say, in the language of the counter whatever the page's own is; as a target it fills the screen for the cashier.
fn say_card(page: &mut Html, facts: &Facts<'_>) {
    page.line("<section class=\"card\" id=\"caja\"><h2>", word!("say.title"), &[], "</h2><blockquote lang=\"es-PE\">");
    page.text(&word!("say.text").text(Locale::EsPe, Tone::Tu, &[("currency", &currency_said(facts.money.currency))])).raw("</blockquote><dl>");
    page.line("<div><dt>", word!("company.label"), &[], "</dt><dd>").say(word!("company.name"), &[]).raw("</dd></div>");
    page.line("<div class=\"again\"><dt>", word!("code.label"), &[], "</dt>");
    code(page, facts.digits, "<dd class=\"digits\"><span role=\"img\"", "</span></dd></div>");
    page.line("<div class=\"again\"><dt>", word!("amount.label"), &[], "</dt><dd>").text(&facts.amount).raw("</dd></div></dl>");
    barcode(page, facts);
    page.line("<a class=\"btn s\" href=\"#caja\">", word!("show.cashier"), &[], "</a>");
    page.line("<a class=\"btn main x\" href=\"#c\">", word!("show.close"), &[], "</a></section>");
}

/// The provider's own barcode, or the shop's where it opted in; each is named for what it is.
fn barcode(page: &mut Html, facts: &Facts<'_>) {
    let Some((word, text)) = barcode_text(facts) else { return };
    let label = page.words(word, &[]);
    if let Some(svg) = picture::bars(text, &label) {
        page.raw("<div class=\"bars\">").raw(&svg).raw("</div><p class=\"hint\">").text(&label).raw("</p>");
    }
}
