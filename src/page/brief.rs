//! The few facts and sentences that a block in somebody else's page shows: a shop system's thank-you page, its order page, its order list.
//!
//! Such a block draws with its own components and asks again while something may change; every word and the rhythm are given here.

use super::facts::Facts;
use super::html::Html;
use super::{Screen, View, pay, told};
use crate::clock::{Instant, SECOND};
use crate::json::Write;
use crate::money::Money;
use crate::voucher::{Case, State};
use crate::words::{Word, word};

/// How soon a block asks again: while the code is being made, and while its money may come.
const SOON: i64 = 2 * SECOND;
const LATER: i64 = 15 * SECOND;

/// The tags by which a merchant finds orders in a shop's own list; names, not sentences: the same in every language.
const TAGS: [&str; 7] =
    ["efectivo-pendiente", "efectivo-pagado", "efectivo-vencido", "efectivo-anulado", "efectivo-revertido", "efectivo-sin-codigo", "efectivo-revisar"];

/// What a block shows.
#[derive(Clone, Debug, PartialEq, Eq, Write)]
pub struct Brief {
    /// The screen's name.
    pub state: &'static str,
    /// Whether the shopper may pay with what is shown.
    pub payable: bool,
    /// Whether it can change by itself soon.
    pub live: bool,
    /// When to ask again, in milliseconds; 0 for not any more.
    pub again_ms: i64,
    /// One line.
    pub heading: String,
    /// One or two sentences.
    pub message: String,
    /// The code, while it may be paid.
    pub code: Option<String>,
    /// The same in groups, for the eye.
    pub code_grouped: Option<String>,
    /// What is to be paid.
    pub amount: Money,
    /// The same in words.
    pub amount_text: String,
    /// The same as a plain decimal.
    pub amount_plain: String,
    /// Until when the code can be paid.
    pub expires_at: Option<Instant>,
    /// The same in words, by Lima's clock.
    pub deadline_text: Option<String>,
    /// The provider's name.
    pub provider: String,
    /// The shopper's page.
    pub page_url: String,
    /// What a Code 128 holds, while the code may be paid and where there is one.
    pub barcode: Option<String>,
    /// The sentences beside the values.
    pub labels: Labels,
    /// The tags that the order should have.
    pub tags: Vec<&'static str>,
    /// Every tag of ours; those that are not in `tags` should go.
    pub all_tags: Vec<&'static str>,
}

/// The sentences of a block.
#[derive(Clone, Debug, PartialEq, Eq, Write)]
#[allow(missing_docs)]
pub struct Labels {
    pub code: String,
    pub code_hint: String,
    pub amount: String,
    pub deadline: String,
    pub copy: String,
    pub copied: String,
    pub copy_failed: String,
    pub open: String,
    pub qr_hint: String,
    pub qr_not_payable: String,
    pub barcode: String,
    pub updated: String,
    pub stale: String,
    pub test: Option<String>,
}

/// The block's facts of a case.
pub fn brief(view: &View<'_>) -> Brief {
    let facts = Facts::of(view);
    let page = Html::new(view.case.terms.locale, view.case.terms.tone);
    let payable = facts.screen.is_payable();
    let digits = Some(facts.digits).filter(|digits| payable && !digits.is_empty());
    Brief {
        state: facts.screen.name(),
        payable,
        live: facts.screen.is_open(),
        again_ms: again(facts.screen),
        heading: told::title(&page, &facts),
        message: told::sentence(&page, &facts),
        code: digits.map(str::to_owned),
        code_grouped: digits.map(pay::grouped),
        amount: facts.money,
        amount_text: facts.amount.clone(),
        amount_plain: facts.money.plain(),
        expires_at: facts.expires.filter(|_| payable),
        deadline_text: Some(facts.deadline.clone()).filter(|text| payable && !text.is_empty()),
        provider: facts.provider.clone(),
        page_url: facts.url.clone(),
        barcode: pay::barcode_text(&facts).filter(|_| payable).map(|(_, text)| text.to_owned()),
        labels: labels(&page, &facts),
        tags: tags(view.case),
        all_tags: TAGS.to_vec(),
    }
}

fn again(screen: Screen) -> i64 {
    match screen {
        Screen::Creating => SOON,
        open if open.is_open() => LATER,
        _ => 0,
    }
}

fn labels(page: &Html, facts: &Facts<'_>) -> Labels {
    let bare = |word: Word| page.words(word, &[]);
    Labels {
        code: bare(word!("code.label")),
        code_hint: bare(word!("code.hint")),
        amount: bare(word!("amount.label")),
        deadline: bare(word!("deadline.label")),
        copy: bare(word!("copy")),
        copied: bare(word!("copied")),
        copy_failed: bare(word!("copy.failed")),
        open: bare(word!("brief.open")),
        qr_hint: bare(word!("qr.same.page")),
        qr_not_payable: bare(word!("qr.not.payable")),
        barcode: bare(pay::barcode_text(facts).map_or(word!("own.barcode"), |(word, _)| word)),
        updated: page.words(word!("st.updated"), &[("time", &facts.time)]),
        stale: page.words(
            if facts.screen.is_payable() { word!("st.stale") } else { word!("st.stale.short") },
            &[("deadline", &facts.deadline), ("time", &facts.time)],
        ),
        test: (facts.view.case.mode == crate::names::Mode::Test).then(|| bare(word!("test.mode"))),
    }
}

fn tags(case: &Case) -> Vec<&'static str> {
    let [waiting, paid, lapsed, cancelled, reversed, failed, review] = TAGS;
    let state = match case.state {
        State::Creating | State::Unknown | State::Waiting | State::Checking => waiting,
        State::Paid => paid,
        State::Lapsed => lapsed,
        State::Cancelled => cancelled,
        State::Reversed => reversed,
        State::Failed => failed,
    };
    let asked = case.reviews.iter().any(|review| review.closed.is_none());
    if asked { vec![state, review] } else { vec![state] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_asks_again_only_while_something_may_change() {
        for one in Screen::ALL {
            assert_eq!(again(one) > 0, one.is_open(), "{}", one.name());
        }
        assert!(again(Screen::Creating) < again(Screen::Waiting));
    }
}
