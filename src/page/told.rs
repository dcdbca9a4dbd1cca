//! The screens that only tell: the band with the status on every page, and what stands below it where there is nothing to pay.

use super::facts::Facts;
use super::html::Html;
use super::screen::may_renew;
use super::{Screen, keep, pay};
use crate::clock::MINUTE;
use crate::names::Mode;
use crate::voucher::RefundState;
use crate::voucher::case::{Standing, Wish};
use crate::words;

/// The band's colour and its word, by screen.
fn look(screen: Screen) -> (&'static str, &'static str) {
    use Screen::*;
    match screen {
        Creating => ("wait", "st.band.creating"),
        Waiting | Replaced => ("wait", "st.band.waiting"),
        Checking => ("warn", "st.band.review"),
        Late | Double | Mismatch | Review => ("warn", "st.band.review"),
        Paid => ("ok", "st.band.paid"),
        Lapsed => ("stop", "st.band.expired"),
        Reversed => ("stop", "st.band.review"),
        Stopping | Cancelled => ("stop", "st.band.cancelled"),
        Failed => ("stop", "st.band.failed"),
    }
}

/// The page's title and, where it only tells, its heading.
pub(super) fn title(page: &Html, facts: &Facts<'_>) -> String {
    let id = match facts.screen {
        Screen::Waiting | Screen::Replaced => "h1.waiting",
        Screen::Creating => "h1.creating",
        Screen::Stopping => "h1.stopping",
        Screen::Checking | Screen::Lapsed => "h1.expired",
        Screen::Paid => "h1.paid",
        Screen::Late => "h1.late",
        Screen::Double => "h1.double",
        Screen::Mismatch | Screen::Review => "h1.review",
        Screen::Reversed => "h1.reversed",
        Screen::Cancelled => "h1.cancelled",
        Screen::Failed => "h1.failed",
    };
    let date = facts.expires.map(|at| words::short_date(page.locale, at)).unwrap_or_default();
    let id = if facts.screen.is_payable() && facts.digits.is_empty() { "h1.waiting.link" } else { id };
    page.words(id, &[("amount", &facts.amount), ("date", &date)])
}

/// The sentence of the screen, which the page's script also reads out when it changes.
pub(super) fn sentence(page: &Html, facts: &Facts<'_>) -> String {
    let (mail, shop) = (facts.view.email_masked, facts.shop);
    let with_mail = |id: &str, standing: Standing| {
        let id = if mail.is_empty() { format!("{id}.nomail") } else { id.into() };
        let (datetime, promise) = (facts.paid_at(standing), facts.promise().unwrap_or_default());
        page.words(&id, &[("datetime", &datetime), ("email_masked", mail), ("shop", shop), ("promise", &promise)])
    };
    match facts.screen {
        Screen::Paid => with_mail("st.paid", Standing::Counts),
        Screen::Late if facts.promise().is_some() => with_mail("st.late", Standing::Late),
        Screen::Reversed => {
            let taken = facts.payment(Standing::Reversed).map_or(facts.money, |payment| payment.amount).to_string();
            page.words("st.reversed", &[("amount", &taken), ("shop", shop)])
        }
        screen => {
            let promise = facts.promise().unwrap_or_default();
            page.words(plain(screen, facts), &[("shop", shop), ("datetime", &facts.paid_at(Standing::Late)), ("promise", &promise)])
        }
    }
}

fn plain(screen: Screen, facts: &Facts<'_>) -> &'static str {
    let case = facts.view.case;
    let closed = facts.promise().is_none();
    match screen {
        Screen::Creating if case.wish == Wish::Replace || case.attempts.len() > 1 => "st.creating.new",
        Screen::Creating if facts.view.now.since(case.placed_at) > MINUTE => "st.creating.slow",
        Screen::Creating => "st.creating",
        Screen::Waiting | Screen::Replaced => "st.waiting",
        Screen::Stopping => "st.stopping",
        Screen::Checking => "st.expired.checking",
        Screen::Lapsed => "st.expired",
        Screen::Paid => "st.paid.nomail",
        Screen::Late => "st.late.closed",
        Screen::Double if closed => "st.double.closed",
        Screen::Double => "st.double",
        Screen::Mismatch if closed => "st.mismatch.closed",
        Screen::Mismatch => "st.mismatch",
        Screen::Review if closed => "st.review.closed",
        Screen::Review => "st.review",
        Screen::Reversed => "st.reversed",
        Screen::Cancelled => "st.cancelled",
        Screen::Failed => "st.failed",
    }
}

/// The band on top: the status in one word, its sentence (read out when it changes), and when it was last known.
pub(super) fn band(page: &mut Html, facts: &Facts<'_>) {
    let (colour, word) = look(facts.screen);
    let told = if facts.screen.is_payable() { sentence(page, facts) } else { String::new() };
    page.raw("<header class=\"band ").raw(colour).raw("\">");
    if facts.view.case.mode == Mode::Test {
        page.line("<p class=\"test\">", "test.mode", &[], "</p>");
    }
    page.line("<div><b>", word, &[], "</b> <span id=\"s\" role=\"status\">").text(&told).raw("</span> ");
    let time = words::time(page.locale, facts.view.now);
    page.line("<small id=\"u\">", "st.updated", &[("time", &time)], "</small></div></header>");
}

/// What a page without anything to pay holds.
pub(super) fn columns(page: &mut Html, facts: &Facts<'_>) {
    let (title, told) = (title(page, facts), sentence(page, facts));
    page.raw("<div class=\"col\"><div>").line("<p class=\"order\">", "order.line", &[("order", facts.number), ("shop", facts.shop)], "</p><h1>");
    page.text(&title).raw("</h1></div><section class=\"card\"><p>").text(&told).raw("</p>");
    after(page, facts);
    reference(page, facts);
    page.raw("</section>");
    refunds(page, facts);
    if matches!(facts.screen, Screen::Checking | Screen::Creating | Screen::Stopping) && facts.may_have_paid() {
        pay::check_card(page, facts);
    }
    page.raw("</div><div class=\"col\">");
    keep::help(page, facts);
    page.raw("</div>");
}

/// What comes next: the shop prepares the order, a new code, a new order.
fn after(page: &mut Html, facts: &Facts<'_>) {
    let shop = [("shop", facts.shop)];
    match facts.screen {
        Screen::Paid => {
            page.line("<p>", "st.paid.next", &shop, "</p>");
            if facts.view.settings.shop.issues_receipts {
                page.line("<p class=\"hint\">", "tax", &shop, "</p>");
            }
        }
        Screen::Double => {
            page.line("<p>", "st.paid.next", &shop, "</p>");
        }
        Screen::Checking | Screen::Lapsed | Screen::Cancelled if may_renew(facts.view.case) => {
            page.raw("<form method=\"post\" action=\"").text(&facts.url).line("/nuevo\"><button class=\"btn main\">", "new.code", &[], "</button></form>");
        }
        Screen::Lapsed => {
            page.line("<p>", "new.order", &shop, "</p>");
        }
        _ => {}
    }
}

/// Code, amount and deadline for a talk with the shop; small, since nothing here is to be paid.
fn reference(page: &mut Html, facts: &Facts<'_>) {
    if facts.screen == Screen::Creating || facts.screen == Screen::Failed {
        page.line("<dl><div><dt>", "amount.plain", &[], "</dt><dd>").text(&facts.amount).raw("</dd></div></dl>");
        return;
    }
    page.raw("<dl>");
    if !facts.digits.is_empty() {
        page.line("<div><dt>", "code.label", &[], "</dt>");
        pay::code(page, facts.digits, "<dd><span role=\"img\"", "</span></dd></div>");
    }
    page.line("<div><dt>", "amount.plain", &[], "</dt><dd>").text(&facts.amount).raw("</dd></div></dl>");
}

/// Money on its way back, with what the shopper has to do.
fn refunds(page: &mut Html, facts: &Facts<'_>) {
    let all = &facts.view.case.refunds;
    if all.is_empty() {
        return;
    }
    page.line("<section class=\"card\"><h2>", "r.title", &[], "</h2>");
    for refund in all {
        let state = page.words(&format!("r.state.{}", refund_name(refund.state)), &[]);
        page.line("<p>", "r.line", &[("amount", &refund.amount.to_string()), ("state", &state)], "</p>");
        let Some(before) = refund.act_before else { continue };
        let date = words::date(page.locale, before);
        let values = [("provider", facts.provider.as_str()), ("date", date.as_str()), ("shop", facts.shop)];
        match refund.state {
            RefundState::NeedsBankDetails => page.line("<p>", "r.form", &values, "</p>"),
            RefundState::ReadyForPickUp => page.line("<p>", "r.outlet", &values, "</p>"),
            _ => page,
        };
    }
    page.line("<p class=\"hint\">", "r.how", &[], "</p></section>");
}

fn refund_name(state: RefundState) -> &'static str {
    match state {
        RefundState::Requested => "requested",
        RefundState::NeedsBankDetails => "needs_bank_details",
        RefundState::ReadyForPickUp => "ready_for_pick_up",
        RefundState::Sent => "sent",
        RefundState::Done => "done",
        RefundState::Rejected => "rejected",
        RefundState::Lapsed => "lapsed",
        RefundState::Unknown => "unknown",
    }
}
