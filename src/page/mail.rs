//! The mails to the shopper: the code as text in both parts, no image, nothing that a mail program could block.

use super::View;
use super::facts::{Facts, currency_said};
use super::html::{Html, Values};
use crate::clock::Instant;
use crate::names::{Locale, Tone};
use crate::voucher::case::Standing;
use crate::voucher::settings::MailKind;
use crate::voucher::{Case, ReviewKind, Settings};
use crate::words::{self, Word, word};

/// A mail's words; the host adds sender and address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The subject, one line.
    pub subject: String,
    /// The HTML part.
    pub html: String,
    /// The text part; it says everything that the HTML part says.
    pub text: String,
}

/// Writes a mail. `name` is the shopper's first name, empty for unknown.
pub fn mail(kind: MailKind, case: &Case, settings: &Settings, name: &str, now: Instant) -> Mail {
    let view = View::new(case, settings, now);
    let facts = Facts::of(&view);
    let page = Html::new(case.terms.locale, case.terms.tone);
    let letter = Letter::of(kind, &facts, &page, name);
    Mail { subject: one_line(&letter.subject), html: letter.html(&facts), text: letter.text() }
}

/// A mail's parts in the order in which they are read.
struct Letter {
    subject: String,
    hello: String,
    lines: Vec<String>,
    /// Label and value: the code first.
    table: Vec<(String, String)>,
    /// What to do with the link, and the link.
    link: Option<(String, String)>,
    small: Vec<String>,
}

impl Letter {
    fn of(kind: MailKind, facts: &Facts<'_>, page: &Html, name: &str) -> Self {
        let (locale, name) = (page.locale, name.trim());
        let amount = paid_amount(kind, facts).unwrap_or_else(|| facts.amount.clone());
        let promise = facts.promise().unwrap_or_else(|| words::date(locale, facts.view.now.plus(ReviewKind::LateMoney.time_limit())));
        let (time, when) = (facts.expires.map(|at| words::time(locale, at)), facts.expires.map(|at| words::short_date(locale, at)));
        let (time, when) = (time.unwrap_or_default(), when.unwrap_or_default());
        let values = [
            ("amount", amount.as_str()),
            ("shop", facts.shop),
            ("order", facts.number),
            ("cip", facts.digits),
            ("deadline", &facts.deadline),
            ("promise", &promise),
            ("time", &time),
            ("when", &when),
            ("name", name),
        ];
        let say = |word: Word| page.words(word, &values);
        let asks = asks(kind);
        Self {
            subject: say(subject(kind, facts)),
            hello: say(if name.is_empty() { word!("m.hello.noname") } else { word!("m.hello") }),
            lines: body(kind, facts).iter().map(|word| say(*word)).collect(),
            table: if asks { table(page, facts) } else { Vec::new() },
            link: asks.then(|| (say(word!("m.new.cta")), facts.url.clone())),
            small: small(kind, facts, page, &values),
        }
    }

    fn text(&self) -> String {
        let mut out = self.hello.clone();
        let mut paragraph = |text: &str| {
            out.push_str("\n\n");
            out.push_str(text);
        };
        self.lines.iter().for_each(|line| paragraph(line));
        let rows: Vec<String> = self.table.iter().map(|(label, value)| format!("{label}: {value}")).collect();
        if !rows.is_empty() {
            paragraph(&rows.join("\n"));
        }
        if let Some((label, address)) = &self.link {
            paragraph(&format!("{label}: {address}"));
        }
        self.small.iter().for_each(|line| paragraph(line));
        out.push('\n');
        out
    }

    fn html(&self, facts: &Facts<'_>) -> String {
        let mut page = Html::new(facts.locale(), facts.view.case.terms.tone);
        let tag = words::tag(page.locale);
        page.raw("<!doctype html><html lang=\"").raw(tag).raw("\"><head><meta charset=\"utf-8\">");
        page.raw("<meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\"><title>").text(&self.subject);
        page.raw("</title></head><body style=\"margin:0;padding:24px 16px;font:16px/24px Arial,sans-serif\"><div style=\"max-width:560px;margin:auto\"><p>");
        page.text(&self.hello).raw("</p>");
        for line in &self.lines {
            page.raw("<p>").text(line).raw("</p>");
        }
        for (place, (label, value)) in self.table.iter().enumerate() {
            let size = if place == 0 { "32px" } else { "18px" };
            page.raw("<p style=\"margin:12px 0\">").text(label).raw("<br><b style=\"font-size:").raw(size).raw("\">").text(value).raw("</b></p>");
        }
        if let Some((label, address)) = &self.link {
            page.raw("<p style=\"margin:24px 0\"><a style=\"display:inline-block;padding:12px 20px;background:#08684a;color:#fff;border-radius:10px\" href=\"");
            page.text(address).raw("\">").text(label).raw("</a></p>");
        }
        page.raw("<hr>");
        for line in &self.small {
            page.raw("<p style=\"font-size:14px\">").text(line).raw("</p>");
        }
        page.raw("</div></body></html>");
        page.finish()
    }
}

fn subject(kind: MailKind, facts: &Facts<'_>) -> Word {
    match kind {
        MailKind::New => word!("m.new.subject"),
        MailKind::Reminder => word!("m.rem.subject"),
        MailKind::LastCall if ends_today(facts) => word!("m.last.subject"),
        MailKind::LastCall => word!("m.last.subject.tomorrow"),
        MailKind::Lapsed => word!("m.exp.subject"),
        MailKind::Paid => word!("m.paid.subject"),
        MailKind::Late => word!("m.late.subject"),
    }
}

/// Whether the mail asks to be paid.
fn asks(kind: MailKind) -> bool {
    matches!(kind, MailKind::New | MailKind::Reminder | MailKind::LastCall)
}

fn ends_today(facts: &Facts<'_>) -> bool {
    let day = |at: Instant| (at.lima().year, at.lima().month, at.lima().day);
    facts.expires.is_none_or(|at| day(at) == day(facts.view.now))
}

fn body(kind: MailKind, facts: &Facts<'_>) -> &'static [Word] {
    match (kind, facts.digits.is_empty()) {
        (MailKind::New, false) => const { &[word!("m.new.body")] },
        (MailKind::New, true) => const { &[word!("m.new.body.link")] },
        (MailKind::Reminder | MailKind::LastCall, false) => const { &[word!("m.new.body"), word!("m.rem.body")] },
        (MailKind::Reminder | MailKind::LastCall, true) => const { &[word!("m.new.body.link"), word!("m.rem.body")] },
        (MailKind::Lapsed, _) => const { &[word!("m.exp.body"), word!("m.exp.paid")] },
        (MailKind::Paid, _) => const { &[word!("m.paid.body")] },
        (MailKind::Late, _) => const { &[word!("m.late.body")] },
    }
}

fn paid_amount(kind: MailKind, facts: &Facts<'_>) -> Option<String> {
    let standing = match kind {
        MailKind::Paid => Standing::Counts,
        MailKind::Late => Standing::Late,
        _ => return None,
    };
    facts.payment(standing).map(|payment| payment.amount.to_string())
}

fn table(page: &Html, facts: &Facts<'_>) -> Vec<(String, String)> {
    let row = |word: Word, value: &str| (page.words(word, &[]), value.into());
    let mut rows = Vec::new();
    if !facts.digits.is_empty() {
        rows.push(row(word!("code.label"), facts.digits));
    }
    rows.push(row(word!("amount.label"), &facts.amount));
    rows.push(row(word!("deadline.label"), &facts.deadline));
    if !facts.digits.is_empty() {
        let said = word!("say.text").text(Locale::EsPe, Tone::Tu, &[("currency", &currency_said(facts.money.currency))]);
        rows.push(row(word!("say.title"), &said));
    }
    rows
}

fn small(kind: MailKind, facts: &Facts<'_>, page: &Html, values: Values<'_>) -> Vec<String> {
    let shop = &facts.view.settings.shop;
    let mut lines = Vec::new();
    if kind == MailKind::Paid {
        if shop.issues_receipts {
            lines.push(page.words(word!("tax"), values));
        }
    } else if facts.screen.is_payable() {
        lines.push(page.words(word!("safe.1"), values));
    }
    lines.push(page.words(word!("safe.2"), values));
    if !shop.contact.is_empty() {
        lines.push(page.words(word!("help.contact"), &[("shop", facts.shop), ("contact", &shop.contact)]));
    }
    lines.push(page.words(if asks(kind) { word!("print.head") } else { word!("m.noreceipt") }, &[]));
    lines.push(page.words(word!("m.why"), values));
    lines
}

/// A subject is one line, whatever the shop is called.
fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}
