//! The shopper's page, mails and calendar entry: what is on which screen, and what must never be on any.

#[path = "page/samples.rs"]
mod samples;

use efectivo::clock::{HOUR, MINUTE};
use efectivo::money::{Currency, Money};
use efectivo::names::{Locale, Mode, Provider, Tone};
use efectivo::page::channels::Channels;
use efectivo::page::{self, Screen, View, calendar, headers, mail, render, screen, status};
use efectivo::providers::RefundWay;
use efectivo::voucher::case::{Standing, Told, Wish};
use efectivo::voucher::settings::{MailKind, Settings};
use efectivo::voucher::{Asked, Case, Pending, RefundState, ReviewKind, State};
use efectivo::words;

const VOICES: [(Locale, Tone); 4] = [(Locale::EsPe, Tone::Tu), (Locale::EsPe, Tone::Usted), (Locale::En, Tone::Tu), (Locale::ZhCn, Tone::Tu)];
const REPAIR: &str = "run `cargo run --example screens -- --refresh` twice and look at what changed";

fn html(case: &Case, now: efectivo::clock::Instant) -> String {
    let refunds_to_bank = |provider| efectivo::providers::abilities(provider).refund_way == RefundWay::BankForm;
    render(&View { email_masked: "m•••@gmail.com", refunds_to_bank, ..View::new(case, &samples::settings(), now) })
}

fn waiting_html(case: &Case) -> String {
    html(case, samples::now())
}

/// The text between an opening tag that holds `mark` and the end of its element, without tags: what a browser copies.
fn text_of(html: &str, mark: &str, close: &str) -> String {
    let inner = html.split(mark).nth(1).unwrap().split_once('>').unwrap().1.split(close).next().unwrap();
    without_tags(inner)
}

fn without_tags(html: &str) -> String {
    html.split('<').enumerate().map(|(place, part)| if place == 0 { part } else { part.split_once('>').map_or("", |(_, text)| text) }).collect()
}

/// Every page that can be: all screens in all voices.
fn every_page() -> Vec<(String, String)> {
    let mut pages = Vec::new();
    for (locale, tone) in VOICES {
        for screen in Screen::ALL {
            let (mut case, now) = samples::on(screen);
            (case.terms.locale, case.terms.tone) = (locale, tone);
            pages.push((format!("{} {locale:?} {tone:?}", screen.name()), html(&case, now)));
        }
    }
    pages
}

#[test]
fn copying_the_code_gives_exactly_the_code() {
    for code in ["9125682", "12345678", "112399769", "1234567890", "12345678901", "123456789012", "1234567890123", "12345678901234", "7"] {
        let page = waiting_html(&samples::waiting(code));
        assert_eq!(text_of(&page, "id=\"c\"", "</p>"), code);
        let spoken: Vec<String> = code.chars().map(|digit| digit.to_string()).collect();
        assert!(page.contains(&format!("id=\"c\" role=\"img\" aria-label=\"{}\"", spoken.join(" "))), "{code}");
    }
}

#[test]
fn the_code_is_grouped_as_people_read_it() {
    for (code, groups) in [("9125682", "<span>912</span><wbr><span>5682</span>"), ("12345678", "<span>1234</span><wbr><span>5678</span>")] {
        assert!(waiting_html(&samples::waiting(code)).contains(groups), "{code}");
    }
    assert!(waiting_html(&samples::waiting("112399769")).contains("<span>112</span><wbr><span>399</span><wbr><span>769</span>"));
}

#[test]
fn every_screen_is_reached_and_has_its_own_heading() {
    for wanted in Screen::ALL {
        let (case, now) = samples::on(wanted);
        assert_eq!(screen(&case, now), wanted);
    }
    for (name, page) in every_page() {
        assert_eq!(page.matches("<h1>").count(), 1, "{name}");
        assert!(!page.contains(".. ") && !page.contains("..<") && !page.contains("..\""), "{name} ends a sentence twice");
        assert!(
            !page.contains('{') || !without_tags(page.split("<main>").nth(1).unwrap().split("<script").next().unwrap()).contains('{'),
            "{name} has an open place"
        );
    }
}

#[test]
fn a_page_that_is_not_to_be_paid_says_so_and_offers_nothing_to_pay_with() {
    for wanted in Screen::ALL.into_iter().filter(|screen| !screen.is_payable()) {
        let (case, now) = samples::on(wanted);
        let page = html(&case, now);
        for absent in ["id=\"k\"", "class=\"card where\"", "wa.me", "calendar.ics", "id=\"t\""] {
            assert!(!page.contains(absent), "{} has {absent}", wanted.name());
        }
    }
    let (case, now) = samples::on(Screen::Checking);
    assert!(html(&case, now).contains("No pagues con este código."));
}

#[test]
fn an_unknown_outcome_is_never_called_failed_or_expired_for_good() {
    let mut case = samples::on(Screen::Creating).0;
    case.state = State::Unknown;
    assert_eq!(screen(&case, samples::now()), Screen::Creating);
    case.placed_at = samples::now().plus(-5 * MINUTE);
    assert!(waiting_html(&case).contains("Aún no pagues"));
    let late = samples::deadline().plus(HOUR);
    assert_eq!(screen(&samples::waiting("112399769"), late), Screen::Checking, "the deadline passed before the case was woken");
}

#[test]
fn the_products_are_called_released_only_once_the_shop_has_done_it() {
    let (mut case, now) = samples::on(Screen::Lapsed);
    assert!(html(&case, now).contains("liberamos los productos"));
    case.told_cancel = Told::Asked(4);
    case.shop.status = efectivo::voucher::OrderStatus::Open;
    assert_eq!(screen(&case, now), Screen::Checking);
    assert!(!html(&case, now).contains("liberamos los productos"));
}

#[test]
fn a_new_code_is_offered_only_once_the_old_one_is_dead_and_the_order_stands() {
    let (mut case, now) = samples::on(Screen::Checking);
    assert!(!html(&case, now).contains("/nuevo"));
    case.attempts[0].proven_dead = true;
    assert!(html(&case, now).contains("action=\"https://quipu.example/pago/k3v9x2m7q4w8z6n1b5c0d2f4/nuevo\""));
    case.terms.one_code = true;
    assert!(!html(&case, now).contains("/nuevo"), "a checkout that waits for one code takes no other");
    let (lapsed, now) = samples::on(Screen::Lapsed);
    assert!(!html(&lapsed, now).contains("/nuevo"));
}

#[test]
fn money_that_came_is_said_before_anything_else() {
    let (mut late, now) = samples::on(Screen::Late);
    assert!(html(&late, now).contains("a más tardar el miércoles, 25 de noviembre de 2026"));
    late.reviews.clear();
    assert_eq!(screen(&late, now), Screen::Late, "a settled review doesn't turn a payment into none");
    assert!(html(&late, now).contains("ya revisó tu caso"));
    let (mut mismatch, now) = samples::on(Screen::Mismatch);
    mismatch.wish = Wish::Cancel;
    assert_eq!(screen(&mismatch, now), Screen::Mismatch);
    let mut paid = samples::on(Screen::Paid).0;
    paid.reviews.push(samples::on(Screen::Late).0.reviews[0].clone());
    paid.reviews[0].kind = ReviewKind::EffectRefused;
    assert_eq!(screen(&paid, now), Screen::Paid);
}

#[test]
fn money_that_a_person_must_look_at_comes_with_a_promise_until_it_was_kept() {
    for wanted in [Screen::Double, Screen::Mismatch, Screen::Review] {
        let (mut case, now) = samples::on(wanted);
        for (locale, tone) in VOICES {
            (case.terms.locale, case.terms.tone) = (locale, tone);
            let due = words::date(locale, case.reviews[0].due_at);
            assert!(html(&case, now).contains(&due), "{} {locale:?} {tone:?}: {due}", wanted.name());
        }
        (case.terms.locale, case.terms.tone) = (Locale::EsPe, Tone::Tu);
        let at = now;
        case.reviews[0].closed = Some(efectivo::voucher::Closing { at, resolution: efectivo::voucher::Resolution::SettledElsewhere, reason: "r".into() });
        let page = html(&case, now);
        assert!(!page.contains("a más tardar"), "{}", wanted.name());
        assert!(screen(&case, now) != wanted || page.contains("ya revisó tu"), "{}", wanted.name());
    }
}

#[test]
fn an_order_whose_money_goes_back_is_not_called_prepared_and_keeps_the_day_of_its_payment() {
    for (locale, tone) in VOICES {
        let prepared = words::text(locale, tone, "st.paid.next", &[("shop", "Quipu Café")]);
        let paid = words::moment(locale, samples::now().plus(-5 * MINUTE));
        for state in [RefundState::Requested, RefundState::NeedsBankDetails, RefundState::Unknown, RefundState::Done] {
            let (mut case, at) = samples::refunded(state);
            (case.terms.locale, case.terms.tone) = (locale, tone);
            let page = html(&case, at);
            assert_eq!(screen(&case, at), Screen::Paid);
            assert!(page.contains(&paid) && !page.contains(&prepared), "{state:?} {locale:?}: {}", without_tags(page.split("<main>").nth(1).unwrap()));
            assert_ne!(page.contains(&words::text(locale, tone, "st.refunding", &[("datetime", &paid), ("shop", "Quipu Café")])), state == RefundState::Done);
        }
        let (mut part, at) = samples::refunded(RefundState::Done);
        (part.terms.locale, part.terms.tone) = (locale, tone);
        part.refunds[0].amount = samples::pen(5_000);
        part.attempts[0].payments[0].standing = Standing::Counts;
        assert!(html(&part, at).contains(&prepared), "only a part goes back");
        let (mut refused, at) = samples::refunded(RefundState::Rejected);
        (refused.terms.locale, refused.terms.tone) = (locale, tone);
        assert!(html(&refused, at).contains(&prepared), "nothing goes back");
    }
}

#[test]
fn a_refund_names_a_bank_only_where_the_provider_pays_into_one() {
    for (provider, state, bank) in [
        (Provider::Dlocal, RefundState::NeedsBankDetails, true),
        (Provider::Dlocal, RefundState::Sent, true),
        (Provider::Sandbox, RefundState::ReadyForPickUp, false),
        (Provider::MercadoPago, RefundState::Sent, false),
        (Provider::Rapyd, RefundState::Done, false),
        (Provider::DlocalGo, RefundState::Requested, false),
        (Provider::Pagoefectivo, RefundState::Requested, false),
    ] {
        for (locale, tone) in VOICES {
            let (mut case, at) = samples::refunded(state);
            (case.terms.locale, case.terms.tone, case.attempts[0].provider) = (locale, tone, provider);
            let page = html(&case, at);
            let named = [words::text(locale, tone, "r.how", &[]), words::text(locale, tone, "r.state.sent", &[])].iter().any(|text| page.contains(text));
            assert_eq!(named, bank, "{provider:?} {state:?} {locale:?}");
            assert_eq!(page.contains(&words::text(locale, tone, "r.state.sent.other", &[])), provider == Provider::MercadoPago);
        }
    }
}

#[test]
fn the_page_promises_no_mail_that_is_not_sent() {
    let slow = |case: &Case| html(case, samples::now().plus(2 * MINUTE));
    let (mut creating, _) = samples::on(Screen::Creating);
    let (mut paid, now) = samples::on(Screen::Paid);
    let mut waiting = samples::waiting("112399769");
    assert!(
        slow(&creating).contains("por correo") && html(&paid, now).contains("te enviamos la confirmación a m•••") && waiting_html(&waiting).contains("/mail\"")
    );
    for case in [&mut creating, &mut paid, &mut waiting] {
        case.terms.mails_off = vec![MailKind::New, MailKind::Paid];
    }
    assert!(!slow(&creating).contains("por correo") && slow(&creating).contains("aparecerá aquí"));
    assert!(!html(&paid, now).contains("m•••") && html(&paid, now).contains("Pago confirmado el"));
    assert!(!waiting_html(&waiting).contains("/mail\"") && !waiting_html(&waiting).contains("m•••"));
    let (unknown, settings) = (samples::on(Screen::Creating).0, samples::settings());
    let view = View::new(&unknown, &settings, samples::now().plus(2 * MINUTE));
    assert!(!render(&view).contains("por correo") && !status(&view).text.contains("por correo") && !page::brief(&view).message.contains("por correo"));
}

#[test]
fn who_has_just_asked_for_the_code_by_mail_reads_where_it_went() {
    let mut case = samples::waiting("112399769");
    case.mailed_again_at = Some(samples::now().plus(-MINUTE));
    assert!(waiting_html(&case).contains(">Enviado a m•••@gmail.com<") && !waiting_html(&case).contains("/mail\""));
    case.pending.push(Pending { output: 2, what: Asked::Mail, attempt: 1 });
    assert!(waiting_html(&case).contains(">Lo enviaremos a m•••@gmail.com.<"), "it is still under way");
    case.mailed_again_at = Some(samples::now().plus(-5 * MINUTE));
    assert!(waiting_html(&case).contains("/mail\""), "and may ask again five minutes later");
}

#[test]
fn nobody_is_asked_whether_they_paid_before_there_was_a_code() {
    let (case, now) = samples::on(Screen::Creating);
    assert!(!html(&case, now).contains("/check") && !html(&case, now).contains("Ya pagué"));
    let (mut replaced, now) = samples::on(Screen::Replaced);
    replaced.state = State::Creating;
    replaced.attempts[1].code = None;
    assert!(html(&replaced, now).contains("/check"), "the first code may have been paid");
}

#[test]
fn a_link_that_leads_nowhere_says_what_to_do_and_nothing_of_any_case() {
    for (locale, tone) in VOICES {
        let settings = Settings { locale, tone, ..samples::settings() };
        for (why, heading) in [(page::Lost::Missing, "h1.missing"), (page::Lost::Crowded, "h1.crowded")] {
            let page = page::lost(why, &settings);
            let heading = words::text(locale, tone, heading, &[]);
            assert!(page.contains(&format!("<h1>{heading}</h1>")) && page.contains("hola@quipu.example"), "{locale:?}");
            assert!(!page.contains('{') || !without_tags(page.split("<main>").nth(1).unwrap()).contains('{'));
            assert!(!page.contains("<script") && !page.contains("112399769"), "{locale:?}");
        }
    }
}

#[test]
fn a_page_asks_nobody_else_for_anything() {
    for (name, page) in every_page() {
        for asking in ["src=", "<link", "<img", "<iframe", "@import", "url(", "<object", "onclick=", "onload=", " style=\""] {
            assert!(!page.split("<script>").next().unwrap().contains(asking), "{name}: {asking}");
        }
        for address in page.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            let known = address.starts_with('#') || address.starts_with("https://quipu.example/") || address.starts_with("https://wa.me/?text=");
            assert!(known, "{name}: {address}");
        }
    }
}

#[test]
fn a_page_holds_no_personal_datum_and_nothing_of_the_inside() {
    for (name, page) in every_page() {
        for canary in ["5eed5eed", "5a17c0ffee", "gid-1001", "sb-1\"", "quipu-1001-1", "op-7", "0f0f"] {
            assert!(!page.contains(canary), "{name}: {canary}");
        }
    }
}

#[test]
fn a_strange_name_never_opens_markup() {
    let mut settings = samples::settings();
    settings.shop.name = "<script>alert(1)</script>\"'&".into();
    settings.shop.contact = "<b>".into();
    settings.shop.privacy_url = "javascript:alert(1)".into();
    let mut case = samples::waiting("112399769");
    case.number = "</script><b>".into();
    let page = render(&View::new(&case, &settings, samples::now()));
    assert!(!page.contains("<script>alert") && !page.contains("<b>\"") && !page.contains("javascript:"));
    assert_eq!(page.matches("</script>").count(), 2, "the page's own two");
    for kind in MailKind::ALL {
        let mail = mail(kind, &case, &settings, "<i>Ana</i>\r\nBcc: x", samples::now());
        assert!(!mail.html.contains("<script>") && !mail.html.contains("<i>"));
        assert!(!mail.subject.contains(['\r', '\n']));
    }
}

#[test]
fn the_waiting_page_is_small_and_the_committed_one_is_current() {
    let page = samples::committed();
    assert!(page.len() <= 30 * 1024, "{} bytes", page.len());
    let kept = std::fs::read_to_string(samples::COMMITTED).unwrap_or_default();
    assert!(kept == page, "{} isn't what the page is now: {REPAIR}", samples::COMMITTED);
}

#[test]
fn only_the_pages_own_style_and_script_may_run() {
    let headers = headers(&samples::settings());
    let value = |name: &str| headers.iter().find(|(key, _)| *key == name).map(|(_, value)| &**value).unwrap_or_default();
    let policy = value("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; ") && policy.ends_with("frame-ancestors 'self' https://quipu.example"), "{policy}");
    for (kind, text) in [("style", page::STYLE), ("script", page::SCRIPT)] {
        assert!(policy.contains(&format!("{kind}-src 'sha256-{}'", samples::digest(text))), "the {kind} has changed: {REPAIR}");
    }
    assert_eq!(samples::digest("abc"), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    assert_eq!((value("referrer-policy"), value("cache-control"), value("x-content-type-options")), ("no-referrer", "no-store", "nosniff"));
    assert!(value("x-robots-tag").contains("noindex"));
    let odd = Settings {
        shop: efectivo::voucher::settings::ShopCard { page_url: "https://a.example; script-src *".into(), ..Default::default() },
        ..Default::default()
    };
    assert!(!page::headers(&odd).iter().any(|(_, value)| value.contains("script-src *")));
}

#[test]
fn a_place_that_cannot_take_the_amount_is_left_out_and_said() {
    let page = waiting_html(&samples::waiting("112399769"));
    assert!(page.contains("Disashop") && !page.contains("Disashop acepta"));
    let mut dear = samples::waiting("112399769");
    dear.attempts[0].amount = samples::pen(25_001);
    let page = waiting_html(&dear);
    assert!(page.contains("Disashop acepta hasta S/\u{a0}250.00, por eso no aparece para tu compra."));
    dear.attempts[0].amount = Money::new(25_001, Currency::Usd);
    assert!(waiting_html(&dear).contains("en dólares") && !waiting_html(&dear).contains("Disashop"));
}

#[test]
fn the_committed_places_are_those_that_a_source_names() {
    let list = Channels::chosen(None);
    assert_eq!(list.channels.len(), 22);
    let text = format!("{list:?}").to_lowercase();
    assert!(!text.contains("oxxo") && !text.contains("multired") && !text.contains("banco de la naci"));
    assert!(Channels::read(r#"{"version":2,"verified_on":"2026-11-23","channels":[]}"#).is_err());
    assert!(Channels::read(r#"{"version":1,"verified_on":"","channels":[{"id":"\"><b>","name":"x","kind":"agent"}]}"#).is_err());
    let own = r#"{"version":1,"verified_on":"2026-12-01","channels":[{"id":"mi-bodega","name":"Mi Bodega","kind":"agent"}]}"#;
    assert_eq!(Channels::chosen(Some(own)).channels.len(), 1);
    assert_eq!(Channels::chosen(Some("{")), list, "a broken list must not empty the page");
}

#[test]
fn the_way_through_a_banks_menus_is_as_long_as_its_source_says() {
    let ways = |page: &str| -> Vec<String> { page.split("Sigue este camino: ").skip(1).map(|rest| without_tags(rest.split('.').next().unwrap())).collect() };
    let dollars = |case: &mut Case| case.attempts[0].amount = Money::new(12_990, Currency::Usd);
    let mut case = samples::waiting("112399769");
    let page = waiting_html(&case);
    // Each way as in the table of places: three menus name the currency's service, four end before it.
    for way in [
        "Empresas &gt; PAGOEFECTIVO &gt; PagoEfectivo Soles",
        "Empresa PAGOEFECTIVO &gt; Servicio PAGOEFECTIVO",
        "Otros &gt; PAGOEFECTIVO &gt; PagoEfectivo Soles",
    ] {
        assert!(ways(&page).iter().any(|one| one.ends_with(way)), "{way}: {:?}", ways(&page));
    }
    assert_eq!(ways(&page).iter().filter(|way| way.ends_with("PagoEfectivo Soles")).count(), 3);
    assert_eq!(ways(&page).iter().filter(|way| *way == "Pago de servicios &gt; PAGOEFECTIVO").count(), 3);
    dollars(&mut case);
    assert_eq!(ways(&waiting_html(&case)).iter().filter(|way| way.ends_with("PAGOEFECTIVO &gt; PagoEfectivo Dólares")).count(), 3);
}

#[test]
fn a_picture_is_named_for_what_it_is_and_none_is_made_up() {
    let plain = waiting_html(&samples::waiting("112399769"));
    assert!(plain.contains("Este QR solo abre esta página; no sirve para pagar.") && plain.contains("Código de barras para mostrar en caja"));
    assert!(!plain.contains("id=\"w-q\""), "a payment QR that no provider returned");
    assert!(waiting_html(&samples::with_wallet()).contains("id=\"w-q\""));
    let mut bare = samples::waiting("112399769");
    bare.attempts[0].code.as_mut().unwrap().barcode.clear();
    assert!(!waiting_html(&bare).contains("class=\"bars\""));
    let own = Settings { show_own_barcode: true, ..samples::settings() };
    assert!(render(&View::new(&bare, &own, samples::now())).contains("Los agentes no lo leen"));
}

#[test]
fn what_to_say_is_in_the_counters_language() {
    let mut case = samples::waiting("112399769");
    case.terms.locale = Locale::En;
    let page = waiting_html(&case);
    assert!(
        page.contains("<html lang=\"en\">") && page.contains("<blockquote lang=\"es-PE\">«Quiero pagar a la empresa PagoEfectivo, en soles. Mi código es…»")
    );
    assert!(page.contains("código de empresa 02186"));
}

#[test]
fn a_code_that_is_not_real_money_says_so() {
    let mut case = samples::waiting("112399769");
    assert!(!waiting_html(&case).contains("Modo de prueba"));
    case.mode = Mode::Test;
    assert!(waiting_html(&case).contains("Modo de prueba"));
}

#[test]
fn a_provider_with_only_a_page_gets_a_button_to_it() {
    let mut case = samples::with_link();
    assert!(waiting_html(&case).contains("href=\"https://pay.dlocal.com/gmf-apm/payments/example\""));
    case.attempts[0].code.as_mut().unwrap().url = "javascript:alert(1)".into();
    assert!(!waiting_html(&case).contains("javascript:"));
}

#[test]
fn the_whatsapp_text_is_short() {
    for (locale, tone) in VOICES {
        let deadline = words::deadline(locale, samples::deadline());
        let values = [("shop", "Quipu Café"), ("order", "1001"), ("cip", "12345678901234"), ("amount", "S/ 1,234.50"), ("deadline", &deadline)];
        let values = [&values[..], &[("url", "https://quipu.example/pago/k3v9x2m7q4w8z6n1b5c0d2f4")]].concat();
        let text = words::text(locale, tone, "wa.text", &values);
        assert!(text.len() <= 400, "{} bytes: {text}", text.len());
        assert_eq!(text.lines().count(), 6);
    }
}

#[test]
fn the_open_page_learns_that_something_changed() {
    let settings = samples::settings();
    let ask = |case: &Case| status(&View::new(case, &settings, samples::now()));
    let (waiting, paid) = (ask(&samples::waiting("112399769")), ask(&samples::on(Screen::Paid).0));
    assert_eq!((waiting.state, waiting.next_ms, paid.state, paid.next_ms), ("waiting", 10_000, "paid", 0));
    assert_ne!(waiting.reload, paid.reload);
    assert!(waiting_html(&samples::waiting("112399769")).contains(&format!("\"reload\":\"{}\"", waiting.reload)));
    assert_eq!(waiting.updated, "Actualizado a las 10:20 a.\u{a0}m.");
    assert!(waiting.stale.contains("última consulta: 10:20"));
    let mut extended = samples::waiting("112399769");
    extended.attempts[0].code.as_mut().unwrap().expires_at = samples::deadline().plus(HOUR);
    assert_ne!(waiting.reload, ask(&extended).reload, "a moved deadline is a new page");
    let json = serde_json::to_value(&waiting).unwrap();
    assert_eq!(json["now"], samples::now().0);
}

#[test]
fn the_time_left_is_said_in_words() {
    let at = |left: i64| html(&samples::waiting("112399769"), samples::deadline().plus(-left));
    for (left, said) in [
        (37 * HOUR + 39 * MINUTE, "Te quedan 1 día 13 h 39 min"),
        (49 * HOUR, "Te quedan 2 días 1 h 0 min"),
        (HOUR, "Te quedan 1 h 0 min"),
        (30 * MINUTE, "Quedan menos de 30 minutos"),
        (1, "Queda menos de un minuto"),
    ] {
        assert!(at(left).contains(&format!("id=\"t\">{said}</span>")), "{said}");
    }
}

#[test]
fn every_mail_says_the_same_in_both_parts_and_needs_no_image() {
    for (locale, tone) in VOICES {
        for kind in MailKind::ALL {
            let wanted = match kind {
                MailKind::Lapsed => Screen::Lapsed,
                MailKind::Paid => Screen::Paid,
                MailKind::Late => Screen::Late,
                _ => Screen::Waiting,
            };
            let (mut case, now) = samples::on(wanted);
            (case.terms.locale, case.terms.tone) = (locale, tone);
            let mail = mail(kind, &case, &samples::settings(), "María", now);
            let html = without_tags(&mail.html);
            for line in mail.text.lines().flat_map(|line| line.split(": ")).filter(|part| !part.is_empty() && !part.starts_with("https://")) {
                assert!(html.contains(line), "{kind:?} {locale:?}: `{line}` is missing in the HTML part");
            }
            let asks = matches!(kind, MailKind::New | MailKind::Reminder | MailKind::LastCall);
            let instructs = ["Instrucciones de pago", "Payment instructions", "付款说明"].iter().any(|words| mail.text.contains(words));
            assert_eq!(instructs, asks, "only what asks to be paid is called instructions: {kind:?} {locale:?}");
            assert!(mail.text.contains("boleta"), "none is a receipt");
            assert!(!mail.html.contains("<img") && !mail.text.contains('{') && !mail.subject.contains('{'), "{kind:?} {locale:?}");
            assert!(mail.subject.chars().count() <= 78, "{}", mail.subject);
            if matches!(kind, MailKind::New | MailKind::Reminder | MailKind::LastCall) {
                assert!(
                    mail.text.contains("112399769") && html.contains("112399769") && mail.text.contains("https://quipu.example/pago/k3v9x2m7q4w8z6n1b5c0d2f4")
                );
            }
        }
    }
}

#[test]
fn a_mail_without_a_name_still_greets() {
    let case = samples::waiting("112399769");
    assert!(mail(MailKind::New, &case, &samples::settings(), " ", samples::now()).text.starts_with("Hola:\n"));
    assert!(mail(MailKind::New, &case, &samples::settings(), "Ana", samples::now()).text.starts_with("Hola, Ana:\n"));
}

#[test]
fn the_last_call_names_the_right_day() {
    let case = samples::waiting("112399769");
    let soon = mail(MailKind::LastCall, &case, &samples::settings(), "Ana", samples::deadline().plus(-3 * HOUR));
    assert_eq!(soon.subject, "Tu código vence hoy a las 11:59 p.\u{a0}m.");
    let mut night = case.clone();
    night.attempts[0].code.as_mut().unwrap().expires_at = samples::deadline().plus(2 * HOUR);
    let soon = mail(MailKind::LastCall, &night, &samples::settings(), "Ana", samples::deadline().plus(-HOUR));
    assert_eq!(soon.subject, "Tu código vence mañana a las 1:59 a.\u{a0}m.");
}

#[test]
fn a_calendar_reminds_before_the_deadline() {
    let entry = calendar(&samples::waiting("112399769"), &samples::settings());
    assert!(entry.starts_with("BEGIN:VCALENDAR\r\n") && entry.ends_with("END:VCALENDAR\r\n"));
    assert!(entry.contains("DTEND:20261125T045900Z\r\n") && entry.contains("TRIGGER:-PT2H\r\n"), "{entry}");
    assert!(entry.split("\r\n").all(|line| line.len() <= 75), "{entry}");
    assert!(entry.replace("\r\n ", "").contains("112399769"));
    assert_eq!(calendar(&samples::on(Screen::Paid).0, &samples::settings()), "");
}
