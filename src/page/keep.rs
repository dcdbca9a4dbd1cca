//! What stands at the end of every page: saving and sharing, help, safety, privacy.

use super::facts::Facts;
use super::html::Html;
use super::picture;

/// Below the code: ways to keep it, then help.
pub(super) fn cards(page: &mut Html, facts: &Facts<'_>) {
    page.line("<section class=\"card keep screen\"><h2>", "keep", &[], "</h2><div class=\"btns row\">");
    page.raw("<a class=\"btn\" id=\"wa\" rel=\"noreferrer\" href=\"https://wa.me/?text=");
    let shared = shared_text(page, facts);
    page.raw(&percent(&shared)).line("\">", "wa", &[], "</a>");
    page.line("<button class=\"btn\" id=\"sh\" type=\"button\" hidden>", "share", &[], "</button>");
    page.line("<button class=\"btn\" id=\"ka\" type=\"button\" hidden>", "copy.amount", &[], "</button>");
    page.line("<button class=\"btn\" id=\"p\" type=\"button\" hidden>", "print", &[], "</button>");
    page.raw("<a class=\"btn\" href=\"").text(&facts.url).line("/calendar.ics\">", "ics", &[], "</a>");
    let mail = facts.view.email_masked;
    if !mail.is_empty() {
        page.raw("<form method=\"post\" data-t=\"").say("mail.sent", &[("email_masked", mail)]).raw("\" action=\"");
        page.text(&facts.url).line("/mail\"><button class=\"btn\">", "mail.again", &[], "</button></form>");
    }
    page.raw("</div>");
    if !mail.is_empty() {
        page.line("<p class=\"hint\">", "mail.hint", &[("email_masked", mail)], "</p>");
    }
    page.raw("</section>");
    other_phone(page, facts);
    help(page, facts);
}

/// What a shopper sends to another phone or person.
pub(super) fn shared_text(page: &Html, facts: &Facts<'_>) -> String {
    let id = if facts.digits.is_empty() { "wa.text.link" } else { "wa.text" };
    let deadline = &facts.deadline;
    let values = [("shop", facts.shop), ("order", facts.number), ("cip", facts.digits), ("amount", &facts.amount), ("deadline", deadline), ("url", &facts.url)];
    page.words(id, &values)
}

/// The QR that opens this page elsewhere; it says that it pays nothing.
fn other_phone(page: &mut Html, facts: &Facts<'_>) {
    let label = page.words("qr.same.page", &[]);
    let Some(svg) = picture::link_qr(&facts.url, &label) else { return };
    page.raw("<section class=\"card qr screen\"><h2>").text(&label).raw("</h2>").raw(&svg);
    page.line("<p class=\"hint\">", "qr.not.payable", &[], " ").say("link.secret", &[]).raw("</p></section>");
}

/// Help, always in the same place.
pub(super) fn help(page: &mut Html, facts: &Facts<'_>) {
    let shop = &facts.view.settings.shop;
    page.line("<section class=\"card screen\"><h2>", "help", &[], "</h2>");
    if !shop.contact.is_empty() {
        page.line("<p>", "help.contact", &[("shop", facts.shop), ("contact", &shop.contact)], "</p>");
    }
    if facts.screen.is_open() && facts.may_have_paid() {
        page.line("<details><summary>", "help.paid", &[], "</summary>");
        page.line("<p>", "help.paid.text", &[("days", &facts.days)], "</p></details>");
    }
    page.line("<h2>", "safe.title", &[], "</h2>");
    if facts.screen.is_payable() {
        page.line("<p>", "safe.1", &[], "</p>");
    }
    page.line("<p>", "safe.2", &[("shop", facts.shop)], "</p></section>");
}

/// Privacy, complaints, and what this page is not.
pub(super) fn footer(page: &mut Html, facts: &Facts<'_>) {
    let shop = &facts.view.settings.shop;
    page.line("<footer><p>", "not.receipt", &[], "");
    if shop.issues_receipts && facts.screen.is_payable() {
        page.line(" ", "tax", &[("shop", facts.shop)], "");
    }
    let fields = fields(page, facts.view.shared);
    let values = [("shop", facts.shop), ("fields", fields.as_str()), ("provider", &facts.provider), ("privacy_contact", facts.privacy_contact())];
    page.line("</p><p>", "privacy.short", &values, " ").say("link.secret", &[]).raw("</p><p>");
    for (address, id) in [(&shop.privacy_url, "privacy.link"), (&shop.complaints_url, "complaints")] {
        if address.starts_with("https://") || address.starts_with("http://") {
            page.raw("<a rel=\"noreferrer\" href=\"").text(address).line("\">", id, &[], "</a> ");
        }
    }
    page.raw("</p></footer>");
}

/// "tu nombre, tu correo y tu documento", from the names of the fields that a provider is given.
fn fields(page: &Html, shared: &[&str]) -> String {
    let mut ids: Vec<&str> = Vec::new();
    for field in shared {
        let id = match *field {
            "first_name" | "last_name" => "field.name",
            "email" => "field.email",
            "phone" => "field.phone",
            "document" | "document_type" => "field.document",
            "ip" => "field.ip",
            _ => continue,
        };
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let said: Vec<String> = ids.iter().map(|id| page.words(id, &[])).collect();
    match said.split_last() {
        None => page.words("field.none", &[]),
        Some((last, [])) => last.clone(),
        Some((last, others)) => page.words("list.and", &[("a", &others.join(", ")), ("b", last)]),
    }
}

/// Percent-encodes a text for an address's query.
pub(super) fn percent(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let digit = |half: u8| HEX.get(usize::from(half)).map_or('0', |digit| char::from(*digit));
            out.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    out
}
