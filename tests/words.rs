//! The words catalogue as a whole: every sentence is there in every language and tone, with the same places, and written by Peru's rules.

use efectivo::clock::Instant;
use efectivo::names::{Locale, Tone};
use efectivo::signature::{Doubt, Refusal};
use efectivo::voucher::{RefundState, Resolution, ReviewKind, State};
use efectivo::words;
use std::collections::BTreeSet;

const ALL: [(Locale, Tone); 4] = [(Locale::EsPe, Tone::Tu), (Locale::EsPe, Tone::Usted), (Locale::En, Tone::Tu), (Locale::ZhCn, Tone::Tu)];

/// Ids whose sentence stands on a button or beside a value, where a long one breaks the line.
const SHORT: [&str; 30] = [
    "amount.label",
    "check.now",
    "code.label",
    "company.code.label",
    "company.label",
    "complaints",
    "copied",
    "copy",
    "copy.amount",
    "deadline.label",
    "h1.",
    "help",
    "help.paid",
    "ics",
    "keep",
    "link.cta",
    "mail.again",
    "new.code",
    "print",
    "r.title",
    "resolution.",
    "say.title",
    "service.",
    "share",
    "show.",
    "st.band.",
    "state.",
    "wa",
    "where.",
    "a.await",
];

fn ids(locale: Locale, tone: Tone) -> BTreeSet<&'static str> {
    words::list(locale, tone, "").map(|(id, _)| id).collect()
}

/// The names of a sentence's places, plural or not.
fn places(text: &str) -> BTreeSet<String> {
    let names = text.split('{').skip(1).filter_map(|rest| rest.split([',', '}']).next());
    names.filter(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')).map(Into::into).collect()
}

fn spoken<T: serde::Serialize>(value: T) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().into()
}

#[test]
fn every_sentence_is_there_in_every_language() {
    let base = ids(Locale::EsPe, Tone::Tu);
    assert!(base.len() > 300, "{}", base.len());
    for (locale, tone) in ALL {
        let others = ids(locale, tone);
        assert_eq!(base.symmetric_difference(&others).collect::<Vec<_>>(), Vec::<&&str>::new(), "{locale:?} {tone:?}");
    }
    for id in words::usted_ids() {
        assert!(base.contains(id), "usted has {id}, tú has not");
        assert_ne!(words::raw(Locale::EsPe, Tone::Usted, id), words::raw(Locale::EsPe, Tone::Tu, id), "{id} is the same in usted: leave it out there");
    }
}

#[test]
fn every_id_is_found_by_the_search_that_pages_use() {
    for (locale, tone) in ALL {
        for (id, text) in words::list(locale, tone, "") {
            assert_eq!(words::raw(locale, tone, id), Some(text), "{id} is out of byte order: LC_ALL=C sort -o FILE FILE, in src/words");
        }
        assert_eq!(words::raw(locale, tone, "no.such.id"), None);
        assert_eq!(words::raw(locale, tone, ""), None);
        assert_eq!(words::text(locale, tone, "zzz", &[]), "zzz");
    }
}

#[test]
fn every_translation_fills_the_same_places() {
    for (id, base) in words::list(Locale::EsPe, Tone::Tu, "") {
        if matches!(id, "time" | "date.long" | "date.short") {
            continue; // a language may count hours to 12 or to 24, or leave a part out
        }
        for (locale, tone) in ALL {
            assert_eq!(places(words::raw(locale, tone, id).unwrap()), places(base), "{id} in {locale:?} {tone:?}");
        }
    }
}

#[test]
fn sentences_are_written_by_perus_rules() {
    for (locale, tone) in ALL {
        for (id, text) in words::list(locale, tone, "") {
            let where_ = format!("{id} in {locale:?} {tone:?}: {text}");
            assert!(!text.is_empty() && text.trim() == text, "{where_}");
            assert!(!text.contains(['<', '>', '&']) && !text.contains("S/"), "{where_}");
            assert!(!text.to_lowercase().contains("septiembre"), "{where_}");
            for avoided in ["voucher", "oxxo", "ticket", "cupón", "boleto", "efectivizar", "ustedes"] {
                assert!(!text.to_lowercase().contains(avoided), "{where_}: avoid {avoided}");
            }
            if SHORT.iter().any(|prefix| id == *prefix || (prefix.ends_with('.') && id.starts_with(prefix))) {
                assert!(text.chars().count() <= 90, "{where_}");
            }
        }
    }
}

#[test]
fn usted_never_says_tu() {
    for (id, text) in words::list(Locale::EsPe, Tone::Usted, "").filter(|(id, _)| !is_for_merchants(id)) {
        let lower = text.to_lowercase();
        for word in lower.split(|c: char| !c.is_alphabetic()) {
            let tu = [
                "tu",
                "tus",
                "te",
                "paga",
                "pagues",
                "quieres",
                "puedes",
                "escribe",
                "escríbenos",
                "guarda",
                "espera",
                "pagaste",
                "necesitas",
                "ábrelo",
                "tienes",
            ];
            assert!(!tu.contains(&word), "{id} mixes tú into usted: {text}");
        }
    }
}

fn is_for_merchants(id: &str) -> bool {
    [
        "a.",
        "review.",
        "resolution.",
        "refusal.",
        "doubt.",
        "state.",
        "refund.",
        "verdict.",
        "error.",
        "problem.",
        "journal.",
        "desk.",
        "demo.",
        "admin.",
        "agent.",
        "fact.",
    ]
    .iter()
    .any(|prefix| id.starts_with(prefix))
}

#[test]
fn every_place_takes_a_strange_value_as_it_is() {
    let strange = "⟦ş{t}#\\n⟧";
    for (locale, tone) in ALL {
        for (id, text) in words::list(locale, tone, "") {
            let names = places(text);
            let values: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), strange)).collect();
            let filled = words::text(locale, tone, id, &values);
            assert!(names.is_empty() || filled.contains(strange), "{id}: {filled}");
            let bare = filled.replace(strange, "");
            assert!(!bare.contains(['{', '}', '#']), "{id} keeps an open place: {filled}");
        }
    }
}

#[test]
fn a_refusal_names_the_setting_as_the_settings_do() {
    for locale in [Locale::Es, Locale::En, Locale::ZhCn] {
        let (said, named) = (words::text(locale, Tone::Tu, "refusal.wrong_address", &[]), words::text(locale, Tone::Tu, "admin.allowlist.signal", &[]));
        assert!(said.contains(&named), "{said} / {named}");
    }
}

#[test]
fn every_review_decision_and_reason_has_its_words() {
    let known = ids(Locale::Es, Tone::Tu);
    let wanted = |id: String| assert!(known.contains(id.as_str()), "{id} is missing");
    for kind in ReviewKind::ALL {
        for part in ["title", "text", "step1", "step2", "result"] {
            wanted(format!("review.{}.{part}", spoken(kind)));
        }
        kind.resolutions().iter().for_each(|resolution| wanted(format!("resolution.{}", spoken(*resolution))));
    }
    wanted(format!("resolution.{}", spoken(Resolution::ClearedItself)));
    use State::*;
    [Creating, Unknown, Waiting, Checking, Lapsed, Paid, Reversed, Cancelled, Failed].into_iter().for_each(|state| wanted(format!("state.{}", spoken(state))));
    use Refusal::*;
    for refusal in [MissingSignature, MalformedSignature, BadSignature, MissingTime, WrongAddress, TooLarge, Unreadable, NoKey] {
        wanted(format!("refusal.{}", spoken(refusal)));
    }
    [Doubt::UnsignedByDesign, Doubt::Stale, Doubt::Unverifiable].into_iter().for_each(|doubt| wanted(format!("doubt.{}", spoken(doubt))));
    use RefundState as R;
    for state in [R::Requested, R::NeedsBankDetails, R::ReadyForPickUp, R::Sent, R::Done, R::Rejected, R::Lapsed, R::Unknown] {
        wanted(format!("refund.{}", spoken(state)));
        wanted(format!("r.state.{}", spoken(state)));
    }
}

#[test]
fn a_deadline_is_said_as_in_peru() {
    let at = Instant::parse("2026-11-24T23:59:00-05:00").unwrap();
    assert_eq!(words::deadline(Locale::EsPe, at), "martes, 24 de noviembre de 2026, 11:59 p.\u{a0}m. (hora de Perú)");
    assert_eq!(words::deadline(Locale::En, at), "Tuesday, 24 November 2026, 11:59 p.m. (Peru time)");
    assert_eq!(words::deadline(Locale::ZhCn, at), "2026年11月24日，星期二 23:59（秘鲁时间）");
    let early = Instant::parse("2026-09-01T00:05:00-05:00").unwrap();
    assert_eq!(words::moment(Locale::EsPe, early), "martes, 1 de setiembre de 2026, 12:05 a.\u{a0}m.");
    assert_eq!(words::short_date(Locale::Es, early), "1 de setiembre");
    assert_eq!(words::time(Locale::En, Instant::parse("2026-09-01T12:00:00-05:00").unwrap()), "12:00 p.m.");
}

#[test]
fn html_is_never_opened_by_a_name() {
    let mut out = String::new();
    words::escape_html(&mut out, "<b a=\"1\" b='2'>Ñandú & Cía</b>");
    assert_eq!(out, "&lt;b a=&quot;1&quot; b=&#39;2&#39;&gt;Ñandú &amp; Cía&lt;/b&gt;");
}

#[test]
fn no_sentence_for_shoppers_holds_what_html_minds() {
    for (locale, tone) in [(Locale::EsPe, Tone::Tu), (Locale::EsPe, Tone::Usted), (Locale::En, Tone::Tu), (Locale::ZhCn, Tone::Tu)] {
        for (id, text) in words::list(locale, tone, "") {
            assert!(!text.contains(['&', '<', '>', '"']), "{id} ({locale:?}): pages write sentences as they are; use typographic quotes, or a place");
        }
    }
}
