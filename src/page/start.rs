//! The page before there is a code: what will be paid, to whom and until when, with a way back; nothing is made until the shopper asks for it.
//!
//! Shops whose checkout hands the shopper over to us (Shopify's offsite payments) begin here. It asks only for what a provider demands and the shop did not give.

use super::html::Html;
use super::{STYLE, words};
use crate::clock::Instant;
use crate::money::Money;
use crate::names::{Locale, Mode, Tone};
use crate::voucher::Settings;
use crate::words::{Word, word};

/// Everything that the page is made from.
#[derive(Clone, Debug)]
pub struct Start<'a> {
    /// The merchant's settings.
    pub settings: &'a Settings,
    /// The shopper's language.
    pub locale: Locale,
    /// How Spanish addresses the shopper.
    pub tone: Tone,
    /// What will be paid.
    pub amount: Money,
    /// Whether it is a trial.
    pub mode: Mode,
    /// Until when a code made now could be paid.
    pub until: Instant,
    /// Data still to give: names of [`crate::voucher::Person`] fields.
    pub wants: &'a [&'static str],
    /// A datum that was given and is not what the provider takes.
    pub unfit: Option<&'a str>,
    /// Whether the shop can take this payment at all; the page says so where it can't, and leads back.
    pub possible: bool,
    /// Where the form goes.
    pub action: &'a str,
    /// The checkout that the shopper came from.
    pub back_url: &'a str,
}

/// The page as HTML; to be served with [`super::headers`].
pub fn start(ask: &Start<'_>) -> String {
    let mut page = Html::new(ask.locale, ask.tone);
    let (shop, amount) = (ask.settings.shop.name.as_str(), ask.amount.to_string());
    let title = page.words(word!("start.title"), &[("amount", &amount)]);
    page.raw("<!doctype html><html lang=\"").raw(words::tag(ask.locale)).raw("\"><head><meta charset=\"utf-8\">");
    page.raw("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>").text(&title).raw(" · ").text(shop);
    page.raw("</title><style>").raw(STYLE).raw("</style></head><body>");
    if ask.mode == Mode::Test {
        page.line("<p class=\"test\">", word!("test.mode"), &[], "</p>");
    }
    page.raw("<main><section class=\"card\"><h1>").text(&title).raw("</h1>");
    let lead = if ask.possible { word!("start.lead") } else { word!("start.not.possible") };
    page.line("<p>", lead, &[("shop", shop)], "</p><dl><div><dt>");
    page.say(word!("start.shop"), &[]).raw("</dt><dd>").text(shop).raw("</dd></div><div><dt>");
    page.say(word!("amount.label"), &[]).raw("</dt><dd class=\"sum\">").text(&amount).raw("</dd></div>");
    if ask.possible {
        page.line("<div><dt>", word!("start.until"), &[], "</dt><dd>").text(&words::deadline(ask.locale, ask.until)).raw("</dd></div>");
    }
    page.raw("</dl>");
    if ask.possible {
        form(&mut page, ask)
    } else {
        way_back(&mut page, ask.back_url)
    }
    page.line("<p class=\"hint\">", word!("start.no.code.yet"), &[], "</p></section></main></body></html>");
    page.finish()
}

fn form(page: &mut Html, ask: &Start<'_>) {
    page.raw("<form class=\"col\" method=\"post\" action=\"").text(ask.action).raw("\">");
    if let Some(field) = ask.unfit {
        let named = page.words(name(field), &[]);
        page.line("<p class=\"test\" role=\"alert\">", word!("start.unfit"), &[("field", &named)], "</p>");
    }
    for field in ask.wants {
        input(page, field, ask.unfit == Some(field));
    }
    page.line("<div class=\"btns\"><button class=\"btn main\">", word!("start.make"), &[], "</button>");
    way_back(page, ask.back_url);
    page.raw("</div></form>");
}

/// The way back to where the shopper came from, where there is one.
pub(super) fn way_back(page: &mut Html, url: &str) {
    if back(url) {
        page.raw("<a class=\"btn\" rel=\"noreferrer\" href=\"").text(url).line("\">", word!("start.back"), &[], "</a>");
    }
}

/// One field with its label; a document's kind stands beside its number.
fn input(page: &mut Html, field: &str, unfit: bool) {
    if field == "document_type" {
        page.line("<p><label for=\"document_type\">", word!("start.field.document_type"), &[], "</label>");
        page.raw("<select class=\"btn\" id=\"document_type\" name=\"document_type\">");
        for kind in ["DNI", "RUC", "CE", "PAS"] {
            page.raw("<option>").raw(kind).raw("</option>");
        }
        page.raw("</select></p>");
        return;
    }
    let (kind, hint) = match field {
        "email" => ("email", "email"),
        "phone" => ("tel", "tel"),
        "first_name" => ("text", "given-name"),
        "last_name" => ("text", "family-name"),
        _ => ("text", "off"),
    };
    page.raw("<p><label for=\"").raw(field).line("\">", name(field), &[], "</label>");
    page.raw("<input class=\"btn\" required maxlength=\"100\" id=\"").raw(field).raw("\" name=\"").raw(field);
    page.raw("\" type=\"").raw(kind).raw("\" autocomplete=\"").raw(hint).raw(if unfit { "\" aria-invalid=\"true\"></p>" } else { "\"></p>" });
}

/// What a field is called.
fn name(field: &str) -> Word {
    match field {
        "document" => word!("start.field.document"),
        "document_type" => word!("start.field.document_type"),
        "email" => word!("start.field.email"),
        "first_name" => word!("start.field.first_name"),
        "last_name" => word!("start.field.last_name"),
        "phone" => word!("start.field.phone"),
        _ => word!("start.field.ip"),
    }
}

/// Whether an address may stand behind a way back: never a script or anything else that is no page.
fn back(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://127.0.0.1:")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    fn page(back_url: &str, wants: &[&'static str]) -> String {
        let settings = Settings::default();
        let (locale, tone, amount) = (Locale::EsPe, Tone::Tu, Money::new(12_050, Currency::Pen));
        start(&Start {
            settings: &settings,
            locale,
            tone,
            amount,
            mode: Mode::Live,
            until: Instant(0),
            wants,
            unfit: None,
            possible: true,
            action: "/pay/a/start/t",
            back_url,
        })
    }

    #[test]
    fn the_way_back_is_a_page_and_never_a_script() {
        assert!(page("https://tienda.example/checkouts/1", &[]).contains("href=\"https://tienda.example/checkouts/1\""));
        assert!(!page("javascript:alert(1)", &[]).contains("javascript"));
        assert!(!page("https://a\"><script>", &[]).contains("<script>"));
    }

    #[test]
    fn only_what_is_missing_is_asked_for() {
        let html = page("", &["document_type", "document"]);
        assert!(html.contains("name=\"document\"") && html.contains("name=\"document_type\"") && !html.contains("name=\"email\""));
    }
}
