//! What a shopper sees where there is no page of theirs: the link leads nowhere, or the page was opened too often. It tells nothing of any case.

use super::head;
use super::html::Html;
use crate::json::Read;
use crate::voucher::Settings;
use crate::words::word;

/// Why there is no page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Read)]
#[json(rename_all = "snake_case")]
pub enum Lost {
    /// No case has this link.
    Missing,
    /// Too many visits within a minute.
    Crowded,
}

/// The page in the shop's language, with what to do and whom to write to.
pub fn lost(why: Lost, settings: &Settings) -> String {
    let (title, told) = match why {
        Lost::Missing => (word!("h1.missing"), word!("st.missing")),
        Lost::Crowded => (word!("h1.crowded"), word!("st.crowded")),
    };
    let (shop, mut page) = (&settings.shop, Html::new(settings.locale, settings.tone));
    let heading = page.words(title, &[]);
    head(&mut page, &heading, &shop.name);
    page.raw("<main><div class=\"col\"><div><p class=\"order\">").text(&shop.name).raw("</p><h1>").text(&heading);
    page.line("</h1></div><section class=\"card\"><p>", told, &[], "</p>");
    if !shop.contact.is_empty() {
        page.line("<p>", word!("help.contact"), &[("shop", &shop.name), ("contact", &shop.contact)], "</p>");
    }
    page.raw("</section></div></main></body></html>");
    page.finish()
}
