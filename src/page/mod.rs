//! What a shopper sees: the voucher page on every screen, its live status, the mails, the calendar entry, and a page where there is none.
//!
//! Everything is rendered here, in the shopper's language, from the case and the settings. The page is one HTML file without any request to
//! others: it can be read, copied and printed with script and images off. Its policy lets only this style sheet and this script run.

mod brief;
mod calendar;
pub mod channels;
mod facts;
mod figures;
mod hashes;
mod html;
mod keep;
mod kept;
mod lost;
mod mail;
mod pay;
mod picture;
mod screen;
mod start;
mod status;
mod told;
mod whereto;

pub use brief::{Brief, brief};
pub use calendar::calendar;
pub use figures::{Figures, WEEKS};
pub use lost::{Lost, lost};
pub use mail::{Mail, mail};
pub use screen::{Screen, screen};
pub use start::{Start, start};
pub use status::{Status, status};

use crate::clock::Instant;
use crate::names::Provider;
use crate::voucher::{Case, Settings};
use crate::words;
use facts::Facts;
use html::Html;
use std::borrow::Cow;

/// The page's style sheet and script, as they stand in it.
pub const STYLE: &str = include_str!("page.css");
/// See [`STYLE`].
pub const SCRIPT: &str = include_str!("page.js");

/// Everything that a page is made from.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The case.
    pub case: &'a Case,
    /// The merchant's settings.
    pub settings: &'a Settings,
    /// The host's clock; the page counts down from it.
    pub now: Instant,
    /// The shopper's address with most of it hidden, `m•••@gmail.com`; empty for none.
    pub email_masked: &'a str,
    /// How many business days a confirmation can take at worst.
    pub confirm_days: u8,
    /// The personal data that the provider is given: names of [`crate::voucher::Person`] fields.
    pub shared: &'a [&'a str],
    /// Whether a provider pays money back into a bank account, for which it asks the shopper.
    pub refunds_to_bank: fn(Provider) -> bool,
    /// A merchant's own list of places to pay, as JSON; `None` for the committed one.
    pub channels: Option<&'a str>,
    /// Where the shopper came from, for a way back; empty for none.
    pub back_url: &'a str,
}

impl<'a> View<'a> {
    /// A view with nothing known of the shopper, two days for a confirmation, no bank for refunds and the committed places to pay.
    pub fn new(case: &'a Case, settings: &'a Settings, now: Instant) -> Self {
        Self { case, settings, now, email_masked: "", confirm_days: 2, shared: &[], refunds_to_bank: |_| false, channels: None, back_url: "" }
    }
}

/// The whole page as HTML.
pub fn render(view: &View<'_>) -> String {
    let facts = Facts::of(view);
    let mut page = Html::new(view.case.terms.locale, view.case.terms.tone);
    let title = told::title(&page, &facts);
    head(&mut page, &title, facts.shop);
    told::band(&mut page, &facts);
    page.raw("<main>");
    if facts.screen.is_payable() {
        pay::columns(&mut page, &facts);
    } else {
        told::columns(&mut page, &facts);
    }
    if !view.back_url.is_empty() {
        page.raw("<p class=\"wide screen\">");
        start::way_back(&mut page, view.back_url);
        page.raw("</p>");
    }
    page.raw("</main>");
    keep::footer(&mut page, &facts);
    status::script(&mut page, &facts);
    page.raw("</body></html>");
    page.finish()
}

/// The headers that the page must be served with.
pub fn headers(settings: &Settings) -> [(&'static str, Cow<'static, str>); 6] {
    let shop = origin(&settings.shop.page_url);
    let may = "'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'";
    let space = if shop.is_empty() { "" } else { " " };
    let policy = ["default-src 'none'; style-src 'sha256-", hashes::STYLE, "'; script-src 'sha256-", hashes::SCRIPT, may, space, &shop].concat();
    [
        ("content-type", "text/html; charset=utf-8".into()),
        ("content-security-policy", policy.into()),
        ("referrer-policy", "no-referrer".into()),
        ("cache-control", "no-store".into()),
        ("x-robots-tag", "noindex, nofollow".into()),
        ("x-content-type-options", "nosniff".into()),
    ]
}

/// The scheme, host and port of an address; empty where it has another form, so that nothing strange enters the policy.
fn origin(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return String::new() };
    let host = rest.split('/').next().unwrap_or("");
    let plain = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b));
    if plain && matches!(scheme, "https" | "http") { [scheme, "://", host].concat() } else { String::new() }
}

fn head(page: &mut Html, title: &str, shop: &str) {
    let tag = words::tag(page.locale);
    page.raw("<!doctype html><html lang=\"").raw(tag).raw("\"><head><meta charset=\"utf-8\">");
    page.raw("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"format-detection\" content=\"telephone=no\"><title>");
    page.text(title).raw(" · ").text(shop).raw("</title><style>").raw(STYLE).raw("</style></head><body>");
}
