//! A reminder for the shopper's calendar: one event that ends at the deadline, with an alarm three hours before.

use super::View;
use super::facts::Facts;
use super::html::Html;
use crate::clock::{HOUR, Instant};
use crate::voucher::{Case, Settings};
use crate::words::word;

/// Octets that a line of an iCalendar file may have (RFC 5545, 3.1).
const LINE_OCTETS: usize = 75;

/// The calendar file; empty where there is nothing to pay any more or not yet.
pub fn calendar(case: &Case, settings: &Settings) -> String {
    let view = View::new(case, settings, case.last_seen);
    let facts = Facts::of(&view);
    let (Some(code), true) = (facts.code, facts.screen.is_payable()) else { return String::new() };
    let page = Html::new(case.terms.locale, case.terms.tone);
    let link = if facts.digits.is_empty() { word!("ics.summary.link") } else { word!("ics.summary") };
    let summary = page.words(link, &[("amount", &facts.amount), ("shop", facts.shop), ("cip", facts.digits)]);
    let alarm = page.words(word!("ics.alarm"), &[("shop", facts.shop)]);
    let attempt = case.current().map_or(0, |attempt| attempt.no);
    event(&Event {
        uid: format!("{}-{attempt}@efectivo", case.id),
        made: code.issued_at,
        ends: code.expires_at,
        summary,
        alarm,
        description: super::keep::shared_text(&page, &facts),
        url: facts.url,
    })
}

struct Event {
    uid: String,
    made: Instant,
    ends: Instant,
    summary: String,
    alarm: String,
    description: String,
    url: String,
}

fn event(event: &Event) -> String {
    let mut out = String::new();
    for text in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Efectivo//ES", "BEGIN:VEVENT"] {
        line(&mut out, text);
    }
    line(&mut out, &format!("UID:{}", event.uid));
    line(&mut out, &format!("DTSTAMP:{}", event.made.calendar_text()));
    line(&mut out, &format!("DTSTART:{}", event.ends.plus(-HOUR).calendar_text()));
    line(&mut out, &format!("DTEND:{}", event.ends.calendar_text()));
    line(&mut out, &format!("SUMMARY:{}", escaped(&event.summary)));
    line(&mut out, &format!("DESCRIPTION:{}", escaped(&event.description)));
    line(&mut out, &format!("URL:{}", event.url));
    for text in ["TRANSP:TRANSPARENT", "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT2H"] {
        line(&mut out, text);
    }
    line(&mut out, &format!("DESCRIPTION:{}", escaped(&event.alarm)));
    for text in ["END:VALARM", "END:VEVENT", "END:VCALENDAR"] {
        line(&mut out, text);
    }
    out
}

/// Writes one line, folded where it is too long, never inside a character.
fn line(out: &mut String, text: &str) {
    let mut octets = 0;
    for letter in text.chars() {
        if octets + letter.len_utf8() > LINE_OCTETS {
            out.push_str("\r\n ");
            octets = 1;
        }
        out.push(letter);
        octets += letter.len_utf8();
    }
    out.push_str("\r\n");
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}
