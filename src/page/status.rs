//! What the open page asks for while it waits, and the facts that its script starts from.

use super::facts::Facts;
use super::html::Html;
use super::{View, told};
use crate::clock::{DAY, HOUR, Instant, MINUTE, SECOND};
use crate::json::Write;
use crate::words;

/// The answer to the page's question.
#[derive(Clone, Debug, PartialEq, Eq, Write)]
pub struct Status {
    /// The screen's name.
    pub state: &'static str,
    /// The sentence to show and read out.
    pub text: String,
    /// "Updated at …" in words.
    pub updated: String,
    /// What to show while a later question gets no answer.
    pub stale: String,
    /// The host's clock, so that the countdown never follows a wrong phone.
    pub now: Instant,
    /// How soon the page may ask again at the earliest, in milliseconds; 0 for not any more.
    pub next_ms: i64,
    /// The page's mark: an open page that carries another one loads itself anew.
    pub reload: String,
}

/// How a case stands, for an open page.
pub fn status(view: &View<'_>) -> Status {
    let facts = Facts::of(view);
    let page = Html::new(view.case.terms.locale, view.case.terms.tone);
    let time = words::time(page.locale, view.now);
    Status {
        stale: stale(&page, &facts),
        state: facts.screen.name(),
        text: told::sentence(&page, &facts),
        updated: page.words("st.updated", &[("time", &time)]),
        now: view.now,
        next_ms: if facts.screen.is_open() { 10 * SECOND } else { 0 },
        reload: mark(&facts),
    }
}

/// What tells one page from the next: screen, code, deadline and refunds.
fn mark(facts: &Facts<'_>) -> String {
    let case = facts.view.case;
    let settled = case.refunds.iter().filter(|refund| refund.state.is_final()).count();
    format!("{}-{}-{}-{}.{settled}", facts.screen.name(), case.attempts.len(), facts.expires.unwrap_or_default().0, case.refunds.len())
}

/// The time left in words: days, hours and minutes, or the last minutes alone.
pub(super) fn countdown(page: &Html, left: i64) -> String {
    let minutes = left.max(0).saturating_add(MINUTE - 1) / MINUTE;
    if minutes < 60 {
        return page.words("countdown.last", &[("m", &minutes.max(1).to_string())]);
    }
    let (d, h, m) = (minutes * MINUTE / DAY, minutes * MINUTE % DAY / HOUR, minutes % 60);
    page.words("countdown.left", &[("time", &page.words("countdown", &[("d", &d.to_string()), ("h", &h.to_string()), ("m", &m.to_string())]))])
}

/// What the script starts from: facts, and the sentences that it shows with `{d}`, `{h}` and `{m}` left open.
#[derive(Write)]
struct Start<'a> {
    url: &'a str,
    now: Instant,
    open: bool,
    reload: String,
    stale: String,
    off: String,
}

/// The same for a page to pay with.
#[derive(Write)]
struct Pay {
    end: Instant,
    copied: String,
    summed: String,
    fail: String,
    over: String,
    d0: String,
    d1: String,
    d2: String,
    l1: String,
    l2: String,
}

/// The script and what it starts from, at the end of the page.
pub(super) fn script(page: &mut Html, facts: &Facts<'_>) {
    let (stale, payable) = (stale(page, facts), facts.screen.is_payable());
    let start = Start {
        url: &facts.url,
        now: facts.view.now,
        open: facts.screen.is_open(),
        reload: mark(facts),
        off: if payable { page.words("st.offline", &[]) } else { stale.clone() },
        stale,
    };
    let mut json = crate::json::text(&start);
    if let (true, Some(end)) = (payable, facts.expires) {
        let pay = crate::json::text(&pay(page, end));
        json = [json.trim_end_matches('}'), ",", pay.trim_start_matches('{')].concat();
    }
    let json = json.replace('<', "\\u003c");
    page.raw("<script type=\"application/json\" id=\"j\">").raw(&json).raw("</script><script>").raw(super::SCRIPT).raw("</script>");
}

fn pay(page: &Html, end: Instant) -> Pay {
    let left = |d: &str| page.words("countdown.left", &[("time", &page.words("countdown", &[("d", d), ("h", "{h}"), ("m", "{m}")]))]);
    let last = |m: &str| page.words("countdown.last", &[("m", m)]);
    let bare = |id: &str| page.words(id, &[]);
    Pay {
        end,
        copied: bare("copied"),
        summed: bare("copy.amount.done"),
        fail: bare("copy.failed"),
        over: bare("deadline.over"),
        d0: left("0"),
        d1: left("1"),
        d2: left("{d}"),
        l1: last("1"),
        l2: last("{m}"),
    }
}

/// What to show when a question gets no answer: never that a payment failed, only when it was last known.
fn stale(page: &Html, facts: &Facts<'_>) -> String {
    let id = if facts.screen.is_payable() { "st.stale" } else { "st.stale.short" };
    page.words(id, &[("deadline", &facts.deadline), ("time", &words::time(page.locale, facts.view.now))])
}
