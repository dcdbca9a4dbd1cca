//! What stands at the end of every page: saving and sharing, help, safety, privacy.

use super::facts::Facts;
use super::html::Html;
use super::picture;
use crate::voucher::Asked;
use crate::voucher::settings::MailKind;
use crate::words::word;

/// Below the code: ways to keep it, then help.
pub(super) fn cards(page: &mut Html, facts: &Facts<'_>) {
    page.line("<section class=\"card keep screen\"><h2>", word!("keep"), &[], "</h2><div class=\"btns row\">");
    page.raw("<a class=\"btn\" id=\"wa\" rel=\"noreferrer\" href=\"https://wa.me/?text=");
    let shared = shared_text(page, facts);
    page.raw(&percent(&shared)).line("\">", word!("wa"), &[], "</a>");
    page.line("<button class=\"btn\" id=\"sh\" type=\"button\" hidden>", word!("share"), &[], "</button>");
    page.line("<button class=\"btn\" id=\"ka\" type=\"button\" hidden>", word!("copy.amount"), &[], "</button>");
    page.line("<button class=\"btn\" id=\"p\" type=\"button\" hidden>", word!("print"), &[], "</button>");
    page.raw("<a class=\"btn\" href=\"").text(&facts.url).line("/calendar.ics\">", word!("ics"), &[], "</a>");
    mail_again(page, facts);
    page.raw("</section>");
    other_phone(page, facts);
    help(page, facts);
}

/// The code by mail, at the end of the buttons; who has just asked for it reads where it went instead.
fn mail_again(page: &mut Html, facts: &Facts<'_>) {
    let (case, mail) = (facts.view.case, [("email_masked", facts.view.email_masked)]);
    let just_asked = case.mailed_again_at.is_some_and(|at| facts.view.now.since(at) < MailKind::AGAIN_EVERY);
    if facts.mails(MailKind::New) && !just_asked {
        page.raw("<form method=\"post\" data-d=\"").say(word!("mail.sent"), &mail).raw("\" data-f=\"").say(word!("mail.failed"), &[]);
        page.raw("\" action=\"").text(&facts.url).line("/mail\"><button class=\"btn\">", word!("mail.again"), &[], "</button></form>");
    }
    page.raw("</div>");
    if facts.mails(MailKind::New) {
        let under_way = !just_asked || case.pending.iter().any(|pending| pending.what == Asked::Mail);
        page.line("<p class=\"hint\">", if under_way { word!("mail.hint") } else { word!("mail.sent") }, &mail, "</p>");
    }
}

/// What a shopper sends to another phone or person.
pub(super) fn shared_text(page: &Html, facts: &Facts<'_>) -> String {
    let word = if facts.digits.is_empty() { word!("wa.text.link") } else { word!("wa.text") };
    let deadline = &facts.deadline;
    let values = [("shop", facts.shop), ("order", facts.number), ("cip", facts.digits), ("amount", &facts.amount), ("deadline", deadline), ("url", &facts.url)];
    page.words(word, &values)
}

/// The QR that opens this page elsewhere; it says that it pays nothing.
fn other_phone(page: &mut Html, facts: &Facts<'_>) {
    let label = page.words(word!("qr.same.page"), &[]);
    let Some(svg) = picture::link_qr(&facts.url, &label) else { return };
    page.raw("<section class=\"card qr screen\"><h2>").text(&label).raw("</h2>").raw(&svg);
    page.line("<p class=\"hint\">", word!("qr.not.payable"), &[], " ").say(word!("link.secret"), &[]).raw("</p></section>");
}

/// Help, always in the same place.
pub(super) fn help(page: &mut Html, facts: &Facts<'_>) {
    let shop = &facts.view.settings.shop;
    page.line("<section class=\"card screen\"><h2>", word!("help"), &[], "</h2>");
    if !shop.contact.is_empty() {
        page.line("<p>", word!("help.contact"), &[("shop", facts.shop), ("contact", &shop.contact)], "</p>");
    }
    if facts.screen.is_open() && facts.may_have_paid() {
        page.line("<details><summary>", word!("help.paid"), &[], "</summary>");
        page.line("<p>", word!("help.paid.text"), &[("days", &facts.days)], "</p></details>");
    }
    page.line("<h2>", word!("safe.title"), &[], "</h2>");
    if facts.screen.is_payable() {
        page.line("<p>", word!("safe.1"), &[], "</p>");
    }
    page.line("<p>", word!("safe.2"), &[("shop", facts.shop)], "</p></section>");
}

/// Privacy, complaints, and what this page is not.
pub(super) fn footer(page: &mut Html, facts: &Facts<'_>) {
    let shop = &facts.view.settings.shop;
    page.line("<footer><p>", word!("not.receipt"), &[], "");
    if shop.issues_receipts && facts.screen.is_payable() {
        page.line(" ", word!("tax"), &[("shop", facts.shop)], "");
    }
    let fields = fields(page, facts.view.shared);
    let values = [("shop", facts.shop), ("fields", fields.as_str()), ("provider", &facts.provider), ("privacy_contact", facts.privacy_contact())];
    page.line("</p><p>", word!("privacy.short"), &values, " ").say(word!("link.secret"), &[]).raw("</p><p>");
    for (address, word) in [(&shop.privacy_url, word!("privacy.link")), (&shop.complaints_url, word!("complaints"))] {
        if address.starts_with("https://") || address.starts_with("http://") {
            page.raw("<a rel=\"noreferrer\" href=\"").text(address).line("\">", word, &[], "</a> ");
        }
    }
    page.raw("</p></footer>");
}

/// "tu nombre, tu correo y tu documento", from the names of the fields that a provider is given.
fn fields(page: &Html, shared: &[&str]) -> String {
    let mut fields = Vec::new();
    for field in shared {
        let word = match *field {
            "first_name" | "last_name" => word!("field.name"),
            "email" => word!("field.email"),
            "phone" => word!("field.phone"),
            "document" | "document_type" => word!("field.document"),
            "ip" => word!("field.ip"),
            _ => continue,
        };
        if !fields.contains(&word) {
            fields.push(word);
        }
    }
    let said: Vec<String> = fields.iter().map(|word| page.words(*word, &[])).collect();
    match said.split_last() {
        None => page.words(word!("field.none"), &[]),
        Some((last, [])) => last.clone(),
        Some((last, others)) => page.words(word!("list.and"), &[("a", &others.join(", ")), ("b", last)]),
    }
}

/// Percent-encodes a text for an address's query.
pub(super) fn percent(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = Vec::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(byte);
        } else {
            let digit = |half: u8| HEX.get(usize::from(half)).copied().unwrap_or_default();
            out.extend_from_slice(&[b'%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    String::from_utf8(out).unwrap_or_default()
}
