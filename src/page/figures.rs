//! The merchant's figures, counted from cases and drawn: orders paid, codes unpaid at their deadline, how long refunds take, notices lost and doubled.
//!
//! A desk counts thousands of cases, so that they are read in slices: [`Figures::count`] for each case, then [`Figures::page`].

use super::html::Html;
use crate::clock::{DAY, HOUR, Instant, MINUTE};
use crate::names::{Locale, Mode, Tone};
use crate::voucher::{Attempt, Case, RefundState, Standing, State};
use crate::words::{self, Word, word};
use std::collections::BinaryHeap;

/// How far back the figures go, in weeks.
pub const WEEKS: usize = 12;
const WEEK: i64 = 7 * DAY;

/// What the cases of the last [`WEEKS`] weeks came to.
#[derive(Clone, Debug)]
pub struct Figures {
    mode: Mode,
    now: Instant,
    weeks: [Week; WEEKS],
    deadlines: Share,
    payments: Share,
    doubled: u32,
    refunds_under_way: u32,
    refunds_took: Vec<i64>,
}

/// Orders placed in one week, by what became of them.
#[derive(Clone, Copy, Debug, Default)]
struct Week {
    paid: u32,
    unpaid: u32,
    open: u32,
}

/// So many of so many.
#[derive(Clone, Copy, Debug, Default)]
struct Share {
    part: u32,
    all: u32,
}

impl Share {
    fn add(&mut self, counts: bool) {
        self.all += 1;
        self.part += u32::from(counts);
    }

    /// Rounded down; `–` of nothing.
    fn percent(self) -> String {
        (self.part * 100).checked_div(self.all).map_or("–".into(), |percent| format!("{percent} %"))
    }
}

impl Figures {
    /// Nothing counted yet; only cases of this mode will be.
    pub fn new(mode: Mode, now: Instant) -> Self {
        let (weeks, deadlines, payments) = ([Week::default(); WEEKS], Share::default(), Share::default());
        Self { mode, now, weeks, deadlines, payments, doubled: 0, refunds_under_way: 0, refunds_took: Vec::new() }
    }

    /// Adds one case; an older one, or one of the other mode, adds nothing.
    pub fn count(&mut self, case: &Case) {
        let age = usize::try_from(self.now.since(case.placed_at).max(0).div_euclid(WEEK)).unwrap_or(WEEKS);
        let Some(week) = self.weeks.get_mut(age).filter(|_| case.mode == self.mode) else { return };
        let is_paid = case.attempts.iter().flat_map(|attempt| &attempt.payments).any(|p| matches!(p.standing, Standing::Counts | Standing::Refunded));
        match case.state {
            _ if is_paid => week.paid += 1,
            State::Lapsed | State::Cancelled | State::Failed => week.unpaid += 1,
            _ => week.open += 1,
        }
        case.attempts.iter().for_each(|attempt| self.attempt(attempt));
        self.doubled += case.counters.repeated_notices;
        for refund in &case.refunds {
            match refund.settled_at.filter(|_| refund.state == RefundState::Done) {
                Some(at) => self.refunds_took.push(at.since(refund.requested_at)),
                None => self.refunds_under_way += u32::from(!refund.state.is_final()),
            }
        }
    }

    fn attempt(&mut self, attempt: &Attempt) {
        if !attempt.payments.is_empty() {
            self.payments.add(!attempt.noticed);
        }
        if let Some(code) = attempt.code.as_ref().filter(|code| code.expires_at <= self.now && attempt.state != State::Cancelled) {
            self.deadlines.add(!attempt.payments.iter().any(|payment| payment.paid_at.unwrap_or(payment.seen_at) <= code.expires_at));
        }
    }

    /// All of it as one HTML document, to be mounted in a desk.
    pub fn page(&self, locale: Locale) -> String {
        let mut page = Html::new(locale, Tone::Tu);
        page.raw("<!doctype html><meta charset=\"utf-8\"><style>")
            .raw(include_str!("figures.css"))
            .raw("</style><body><h2>")
            .say(word!("figures.title"), &[])
            .raw("</h2>");
        let sum = self.weeks.iter().fold(Week::default(), |a, b| Week { paid: a.paid + b.paid, unpaid: a.unpaid + b.unpaid, open: a.open + b.open });
        if sum.paid + sum.unpaid + sum.open == 0 {
            page.line("<p>", word!("figures.none"), &[], "</p>");
            return page.finish();
        }
        page.raw("<dl>");
        let ended = Share { part: sum.paid, all: sum.paid + sum.unpaid };
        tile(&mut page, (word!("figures.rate"), word!("figures.rate.of")), &ended.percent(), ended, "good");
        tile(&mut page, (word!("figures.deadline"), word!("figures.deadline.of")), &self.deadlines.percent(), self.deadlines, "");
        let (took, under_way) = (self.typical_refund(locale), self.refunds_under_way);
        tile(
            &mut page,
            (word!("figures.refund"), word!("figures.refund.of")),
            &took,
            Share { part: u32::try_from(self.refunds_took.len()).unwrap_or(u32::MAX), all: under_way },
            "",
        );
        tile(&mut page, (word!("figures.lost"), word!("figures.lost.of")), &self.payments.part.to_string(), self.payments, "");
        tile(&mut page, (word!("figures.doubled"), word!("figures.doubled.of")), &self.doubled.to_string(), Share::default(), "");
        page.raw("</dl>");
        self.chart(&mut page);
        page.finish()
    }

    /// The median; `–` while none has arrived.
    fn typical_refund(&self, locale: Locale) -> String {
        // A sort of the library's is 3 KB, its heap a few hundred bytes.
        let took = BinaryHeap::from(self.refunds_took.clone()).into_sorted_vec();
        let Some(time) = took.get(took.len() / 2) else { return "–".into() };
        let [days, hours, minutes] = [time / DAY, time % DAY / HOUR, time % HOUR / MINUTE].map(|n| n.to_string());
        word!("countdown").text(locale, Tone::Tu, &[("d", &days), ("h", &hours), ("m", &minutes)])
    }

    /// A bar a week, the oldest on the left; each says its numbers to a pointer and to a screen reader.
    fn chart(&self, page: &mut Html) {
        let most = self.weeks.iter().map(|week| week.paid + week.unpaid + week.open).max().unwrap_or(0).max(1);
        page.raw("<svg viewBox=\"0 0 624 206\" role=\"list\" aria-label=\"").say(word!("figures.chart"), &[]).raw("\">");
        for (age, week) in self.weeks.iter().enumerate().rev() {
            let left = (WEEKS - 1 - age) * 52;
            let first = self.now.plus(-WEEK * i64::try_from(age + 1).unwrap_or(0));
            let date = words::short_date(page.locale, first);
            let [paid, unpaid, open] = [week.paid, week.unpaid, week.open].map(|n| n.to_string());
            let told = page.words(word!("figures.week"), &[("date", &date), ("paid", &paid), ("unpaid", &unpaid), ("open", &open)]);
            page.raw("<g role=\"listitem\" aria-label=\"").text(&told).raw("\"><title>").text(&told).raw("</title>");
            let mut foot = 180;
            for (kind, count) in [("paid", week.paid), ("unpaid", week.unpaid), ("open", week.open)] {
                let tall = count * 160 / most;
                foot -= tall;
                page.raw(&format!("<rect class=\"{kind}\" x=\"{}\" y=\"{foot}\" width=\"36\" height=\"{tall}\"/>", left + 8));
            }
            let all = week.paid + week.unpaid + week.open;
            if all > 0 {
                page.raw(&format!("<text x=\"{}\" y=\"{}\">{all}</text>", left + 26, foot - 5));
            }
            let civil = first.lima();
            page.raw(&format!("<text class=\"day\" x=\"{}\" y=\"198\">", left + 26));
            page.say(word!("figures.day"), &[("d", &civil.day.to_string()), ("m", &civil.month.to_string())]).raw("</text></g>");
        }
        page.raw("</svg><p class=\"legend\">");
        page.line("<span class=\"paid\">", word!("figures.paid"), &[], "</span> ");
        page.line("<span class=\"unpaid\">", word!("figures.unpaid"), &[], "</span> ");
        page.line("<span class=\"open\">", word!("figures.open"), &[], "</span> ");
        page.raw("</p>");
    }
}

/// A figure with what it is made of, and a bar where it is a share.
fn tile(page: &mut Html, (name, of): (Word, Word), figure: &str, share: Share, class: &str) {
    let [part, all] = [share.part, share.all].map(|n| n.to_string());
    page.line("<div><dt>", name, &[], "</dt><dd><b>").text(figure).raw("</b>");
    if let Some(filled) = (share.part * 100).checked_div(share.all).filter(|_| name != word!("figures.refund")) {
        page.raw(&format!("<svg viewBox=\"0 0 100 6\" preserveAspectRatio=\"none\" aria-hidden=\"true\" class=\"bar\"><rect class=\"all\" width=\"100\" height=\"6\"/><rect class=\"part {class}\" width=\"{}\" height=\"6\"/></svg>", filled.min(100)));
    }
    page.line("<small>", of, &[("part", &part), ("all", &all)], "</small></dd></div>");
}
