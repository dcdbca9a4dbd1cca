//! What the open page asks for while it waits, and the facts that its script starts from.

use super::facts::Facts;
use super::html::Html;
use super::{View, told};
use crate::clock::{DAY, HOUR, Instant, MINUTE, SECOND};
use crate::json::{self, Write};
use crate::words::{Word, word};

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
    Status {
        stale: page.words(stale(&facts), &[("deadline", &facts.deadline), ("time", &facts.time)]),
        state: facts.screen.name(),
        text: told::sentence(&page, &facts),
        updated: page.words(word!("st.updated"), &[("time", &facts.time)]),
        now: view.now,
        next_ms: if facts.screen.is_open() { 10 * SECOND } else { 0 },
        reload: mark(&facts),
    }
}

/// What tells one page from the next: screen, code, deadline and refunds.
fn mark(facts: &Facts<'_>) -> String {
    let case = facts.view.case;
    let settled = case.refunds.iter().filter(|refund| refund.state.is_final()).count();
    let mut mark = String::from(facts.screen.name());
    let (attempts, refunds) = (case.attempts.len() as i64, case.refunds.len() as i64);
    for (sign, number) in [('-', attempts), ('-', facts.expires.unwrap_or_default().0), ('-', refunds), ('.', settled as i64)] {
        mark.push(sign);
        json::number(number, &mut mark);
    }
    mark
}

/// The time left in words: days, hours and minutes, or the last minutes alone.
pub(super) fn countdown(page: &Html, left: i64) -> String {
    let minutes = left.max(0).saturating_add(MINUTE - 1) / MINUTE;
    if minutes < 60 {
        return page.words(word!("countdown.last"), &[("m", &minutes.max(1).to_string())]);
    }
    let (d, h, m) = (minutes * MINUTE / DAY, minutes * MINUTE % DAY / HOUR, minutes % 60);
    page.words(word!("countdown.left"), &[("time", &page.words(word!("countdown"), &[("d", &d.to_string()), ("h", &h.to_string()), ("m", &m.to_string())]))])
}

/// The script, and the JSON that it starts from, at the end of the page: facts, and the sentences that it shows with `{d}`, `{h}` and `{m}` left open.
pub(super) fn script(page: &mut Html, facts: &Facts<'_>) {
    let known = [("deadline", facts.deadline.as_str()), ("time", &facts.time)];
    let stale = stale(facts);
    page.raw("<script type=\"application/json\" id=\"j\">{\"now\":").raw(&facts.view.now.0.to_string()).raw(",\"off\":\"");
    page.say_json(if facts.screen.is_payable() { word!("st.offline") } else { stale }, &known);
    page.raw("\",\"open\":").raw(if facts.screen.is_open() { "true" } else { "false" }).raw(",\"reload\":\"").raw(&mark(facts));
    page.raw("\",\"stale\":\"").say_json(stale, &known).raw("\",\"url\":\"").json(&facts.url);
    if let (true, Some(end)) = (facts.screen.is_payable(), facts.expires) {
        pay(page, end);
    }
    page.raw("\"}</script><script>").raw(super::SCRIPT).raw("</script>");
}

/// The same for a page to pay with.
fn pay(page: &mut Html, end: Instant) {
    page.raw("\",\"copied\":\"").say_json(word!("copied"), &[]);
    for (name, d) in [("\",\"d0\":\"", "0"), ("\",\"d1\":\"", "1"), ("\",\"d2\":\"", "{d}")] {
        let time = page.words(word!("countdown"), &[("d", d), ("h", "{h}"), ("m", "{m}")]);
        page.raw(name).say_json(word!("countdown.left"), &[("time", &time)]);
    }
    page.raw("\",\"end\":").raw(&end.0.to_string()).raw(",\"fail\":\"").say_json(word!("copy.failed"), &[]);
    page.raw("\",\"l1\":\"").say_json(word!("countdown.last"), &[("m", "1")]);
    page.raw("\",\"l2\":\"").say_json(word!("countdown.last"), &[("m", "{m}")]);
    page.raw("\",\"over\":\"").say_json(word!("deadline.over"), &[]);
    page.raw("\",\"summed\":\"").say_json(word!("copy.amount.done"), &[]);
}

/// What to show when a question gets no answer: never that a payment failed, only when it was last known.
fn stale(facts: &Facts<'_>) -> Word {
    if facts.screen.is_payable() { word!("st.stale") } else { word!("st.stale.short") }
}
