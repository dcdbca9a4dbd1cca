//! The screens that only tell: the band with the status on every page, and what stands below it where there is nothing to pay.

use super::facts::Facts;
use super::html::Html;
use super::screen::may_renew;
use super::{Screen, keep, pay};
use crate::clock::MINUTE;
use crate::names::Mode;
use crate::voucher::case::{Standing, Wish};
use crate::voucher::settings::MailKind;
use crate::voucher::{Refund, RefundState};
use crate::words::{self, Word, word};

/// The band's colour and its word, by screen.
fn look(screen: Screen) -> (&'static str, Word) {
    use Screen::*;
    match screen {
        Creating => ("wait", word!("st.band.creating")),
        Waiting | Replaced => ("wait", word!("st.band.waiting")),
        Checking => ("warn", word!("st.band.review")),
        Late | Double | Mismatch | Review => ("warn", word!("st.band.review")),
        Paid => ("ok", word!("st.band.paid")),
        Lapsed => ("stop", word!("st.band.expired")),
        Reversed => ("stop", word!("st.band.review")),
        Stopping | Cancelled => ("stop", word!("st.band.cancelled")),
        Failed => ("stop", word!("st.band.failed")),
    }
}

/// The page's title and, where it only tells, its heading.
pub(super) fn title(page: &Html, facts: &Facts<'_>) -> String {
    let word = match facts.screen {
        Screen::Waiting | Screen::Replaced => word!("h1.waiting"),
        Screen::Creating => word!("h1.creating"),
        Screen::Stopping => word!("h1.stopping"),
        Screen::Checking | Screen::Lapsed => word!("h1.expired"),
        Screen::Paid => word!("h1.paid"),
        Screen::Late => word!("h1.late"),
        Screen::Double => word!("h1.double"),
        Screen::Mismatch | Screen::Review => word!("h1.review"),
        Screen::Reversed => word!("h1.reversed"),
        Screen::Cancelled => word!("h1.cancelled"),
        Screen::Failed => word!("h1.failed"),
    };
    let date = facts.expires.map(|at| words::short_date(page.locale, at)).unwrap_or_default();
    let word = if facts.screen.is_payable() && facts.digits.is_empty() { word!("h1.waiting.link") } else { word };
    page.words(word, &[("amount", &facts.amount), ("date", &date)])
}

/// The sentence of the screen, which the page's script also reads out when it changes.
pub(super) fn sentence(page: &Html, facts: &Facts<'_>) -> String {
    let (mail, shop) = (facts.view.email_masked, facts.shop);
    let with_mail = |(word, without): (Word, Word), mailed: bool, standing: Standing| {
        let word = if mailed { word } else { without };
        let (datetime, promise) = (facts.paid_at(standing), facts.promise().unwrap_or_default());
        page.words(word, &[("datetime", &datetime), ("email_masked", mail), ("shop", shop), ("promise", &promise)])
    };
    match facts.screen {
        Screen::Paid => {
            let (word, without) = match facts.given_back() {
                None => (word!("st.paid"), word!("st.paid.nomail")),
                Some(false) => (word!("st.refunding"), word!("st.refunding")),
                Some(true) => (word!("st.refunded"), word!("st.refunded")),
            };
            with_mail((word, without), facts.mails(MailKind::Paid), Standing::Counts)
        }
        Screen::Late if facts.promise().is_some() => with_mail((word!("st.late"), word!("st.late.nomail")), !mail.is_empty(), Standing::Late),
        Screen::Reversed => {
            let taken = facts.payment(Standing::Reversed).map_or(facts.money, |payment| payment.amount).to_string();
            page.words(word!("st.reversed"), &[("amount", &taken), ("shop", shop)])
        }
        screen => {
            let promise = facts.promise().unwrap_or_default();
            page.words(plain(screen, facts), &[("shop", shop), ("datetime", &facts.paid_at(Standing::Late)), ("promise", &promise)])
        }
    }
}

fn plain(screen: Screen, facts: &Facts<'_>) -> Word {
    let case = facts.view.case;
    let closed = facts.promise().is_none();
    match screen {
        Screen::Creating if case.wish == Wish::Replace || case.attempts.len() > 1 => word!("st.creating.new"),
        Screen::Creating if facts.view.now.since(case.placed_at) > MINUTE && facts.mails(MailKind::New) => word!("st.creating.slow"),
        Screen::Creating if facts.view.now.since(case.placed_at) > MINUTE => word!("st.creating.slow.nomail"),
        Screen::Creating => word!("st.creating"),
        Screen::Waiting | Screen::Replaced => word!("st.waiting"),
        Screen::Stopping => word!("st.stopping"),
        Screen::Checking => word!("st.expired.checking"),
        Screen::Lapsed => word!("st.expired"),
        Screen::Paid => word!("st.paid.nomail"),
        Screen::Late => word!("st.late.closed"),
        Screen::Double if closed => word!("st.double.closed"),
        Screen::Double => word!("st.double"),
        Screen::Mismatch if closed => word!("st.mismatch.closed"),
        Screen::Mismatch => word!("st.mismatch"),
        Screen::Review if closed => word!("st.review.closed"),
        Screen::Review => word!("st.review"),
        Screen::Reversed => word!("st.reversed"),
        Screen::Cancelled => word!("st.cancelled"),
        Screen::Failed => word!("st.failed"),
    }
}

/// The band on top: the status in one word, its sentence (read out when it changes), and when it was last known.
pub(super) fn band(page: &mut Html, facts: &Facts<'_>) {
    let (colour, word) = look(facts.screen);
    let told = if facts.screen.is_payable() { sentence(page, facts) } else { String::new() };
    page.raw("<header class=\"band ").raw(colour).raw("\">");
    if facts.view.case.mode == Mode::Test {
        page.line("<p class=\"test\">", word!("test.mode"), &[], "</p>");
    }
    page.line("<div><b>", word, &[], "</b> <span id=\"s\" role=\"status\">").text(&told).raw("</span> ");
    page.line("<small id=\"u\">", word!("st.updated"), &[("time", &facts.time)], "</small></div></header>");
}

/// What a page without anything to pay holds.
pub(super) fn columns(page: &mut Html, facts: &Facts<'_>) {
    let (title, told) = (title(page, facts), sentence(page, facts));
    page.raw("<div class=\"col\"><div>").line("<p class=\"order\">", word!("order.line"), &[("order", facts.number), ("shop", facts.shop)], "</p><h1>");
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
        Screen::Paid | Screen::Double if facts.given_back().is_some() => {}
        Screen::Paid => {
            page.line("<p>", word!("st.paid.next"), &shop, "</p>");
            if facts.view.settings.shop.issues_receipts {
                page.line("<p class=\"hint\">", word!("tax"), &shop, "</p>");
            }
        }
        Screen::Double => {
            page.line("<p>", word!("st.paid.next"), &shop, "</p>");
        }
        Screen::Checking | Screen::Lapsed | Screen::Cancelled if may_renew(facts.view.case) => {
            page.raw("<form method=\"post\" action=\"").text(&facts.url).line(
                "/nuevo\"><button class=\"btn main\">",
                word!("new.code"),
                &[],
                "</button></form>",
            );
        }
        Screen::Lapsed => {
            page.line("<p>", word!("new.order"), &shop, "</p>");
        }
        _ => {}
    }
}

/// Code, amount and deadline for a talk with the shop; small, since nothing here is to be paid.
fn reference(page: &mut Html, facts: &Facts<'_>) {
    if facts.screen == Screen::Creating || facts.screen == Screen::Failed {
        page.line("<dl><div><dt>", word!("amount.plain"), &[], "</dt><dd>").text(&facts.amount).raw("</dd></div></dl>");
        return;
    }
    page.raw("<dl>");
    if !facts.digits.is_empty() {
        page.line("<div><dt>", word!("code.label"), &[], "</dt>");
        pay::code(page, facts.digits, "<dd><span role=\"img\"", "</span></dd></div>");
    }
    page.line("<div><dt>", word!("amount.plain"), &[], "</dt><dd>").text(&facts.amount).raw("</dd></div></dl>");
}

/// Money on its way back, with what the shopper has to do; a bank is named only where the provider pays into one.
fn refunds(page: &mut Html, facts: &Facts<'_>) {
    let case = facts.view.case;
    if case.refunds.is_empty() {
        return;
    }
    let to_bank = |refund: &Refund| case.attempts.iter().any(|attempt| attempt.no == refund.attempt && (facts.view.refunds_to_bank)(attempt.provider));
    page.line("<section class=\"card\"><h2>", word!("r.title"), &[], "</h2>");
    for refund in &case.refunds {
        let state = page.words(refund_said(refund.state, to_bank(refund)), &[]);
        page.line("<p>", word!("r.line"), &[("amount", &refund.amount.to_string()), ("state", &state)], "</p>");
        let Some(before) = refund.act_before else { continue };
        let date = words::date(page.locale, before);
        let values = [("provider", facts.provider.as_str()), ("date", date.as_str()), ("shop", facts.shop)];
        match refund.state {
            RefundState::NeedsBankDetails => page.line("<p>", word!("r.form"), &values, "</p>"),
            RefundState::ReadyForPickUp => page.line("<p>", word!("r.outlet"), &values, "</p>"),
            _ => page,
        };
    }
    if case.refunds.iter().all(|refund| to_bank(refund) && refund.state != RefundState::ReadyForPickUp) {
        page.line("<p class=\"hint\">", word!("r.how"), &[], "</p>");
    }
    page.raw("</section>");
}

fn refund_said(state: RefundState, to_bank: bool) -> Word {
    match state {
        RefundState::Requested => word!("r.state.requested"),
        RefundState::NeedsBankDetails => word!("r.state.needs_bank_details"),
        RefundState::ReadyForPickUp => word!("r.state.ready_for_pick_up"),
        RefundState::Sent if to_bank => word!("r.state.sent"),
        RefundState::Sent => word!("r.state.sent.other"),
        RefundState::Done => word!("r.state.done"),
        RefundState::Rejected => word!("r.state.rejected"),
        RefundState::Lapsed => word!("r.state.lapsed"),
        RefundState::Unknown => word!("r.state.unknown"),
    }
}
