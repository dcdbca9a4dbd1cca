//! The calls that write pages and mails.

use super::Answered;
use crate::clock::{HOUR, Instant, MINUTE};
use crate::engine::{self, Birth, Entry, Event, Letter};
use crate::json::{Read, json};
use crate::money::{Currency, Money};
use crate::names::{CaseId, ChannelId, Digits, Locale, Mode, OrderKey, PageToken, Provider, ProviderId, Reference, Tone};
use crate::page::{self, Lost, View};
use crate::providers::{self, Call, Facts, Reading, RefundWay, Status};
use crate::voucher::case::{Route, Terms};
use crate::voucher::settings::MailKind;
use crate::voucher::{Case, Code, Handle, OrderRead, OrderStatus, Person, Settings};

/// A page of a case; for a preview in another language, with `locale` and `tone`, and of a made-up case where there is none.
#[derive(Read)]
#[json(deny_unknown_fields)]
pub(super) struct Page {
    settings: Settings,
    case: Option<Case>,
    now: Instant,
    #[json(default)]
    email_masked: String,
    /// A merchant's own list of places to pay, as JSON text.
    channels: Option<String>,
    locale: Option<Locale>,
    tone: Option<Tone>,
    /// Where the shopper came from.
    #[json(default)]
    back_url: String,
}

impl Page {
    fn take_case(&mut self) -> Case {
        let mut case = self.case.take().unwrap_or_else(|| sample(&self.settings, self.now));
        case.terms.locale = self.locale.unwrap_or(case.terms.locale);
        case.terms.tone = self.tone.unwrap_or(case.terms.tone);
        case
    }

    fn view<'a>(&'a self, case: &'a Case) -> View<'a> {
        let abilities = case.current().map(|attempt| providers::abilities(attempt.provider));
        let view = View::new(case, &self.settings, self.now);
        View {
            email_masked: &self.email_masked,
            confirm_days: abilities.as_ref().map_or(view.confirm_days, |a| a.confirm_days),
            shared: abilities.as_ref().map_or(&[], |a| a.demands),
            refunds_to_bank: |provider| providers::abilities(provider).refund_way == RefundWay::BankForm,
            channels: self.channels.as_deref(),
            back_url: &self.back_url,
            ..view
        }
    }
}

pub(super) fn page(mut ask: Page) -> Answered {
    let case = ask.take_case();
    let html = page::render(&ask.view(&case));
    Ok((json!({"headers": page::headers(&ask.settings), "state": page::screen(&case, ask.now).name()}), html.into_bytes()))
}

#[derive(Read)]
#[json(deny_unknown_fields)]
pub(super) struct LostPage {
    settings: Settings,
    why: Lost,
}

/// The page where there is none: the link leads nowhere, or was opened too often.
pub(super) fn lost(ask: LostPage) -> Answered {
    Ok((json!({ "headers": page::headers(&ask.settings) }), page::lost(ask.why, &ask.settings).into_bytes()))
}

pub(super) fn status(mut ask: Page) -> Answered {
    let case = ask.take_case();
    Ok((json!(page::status(&ask.view(&case))), Vec::new()))
}

/// The page before there is a code, for a checkout that hands the shopper over.
#[derive(Read)]
#[json(deny_unknown_fields)]
pub(super) struct Start {
    settings: Settings,
    amount: Money,
    mode: Mode,
    now: Instant,
    #[json(default)]
    person: Person,
    action: String,
    back_url: String,
    /// A code may be open for this long at most, its grace included.
    most_hours: Option<u16>,
    locale: Option<Locale>,
    tone: Option<Tone>,
}

pub(super) fn start(ask: Start) -> Answered {
    let settings = within(&ask.settings, ask.most_hours);
    let offer = engine::offer(&settings, ask.mode, ask.amount, &ask.person);
    let refused = offer.is_err().then(|| engine::why_not(&settings, ask.mode, ask.amount));
    let offer = offer.unwrap_or_default();
    let html = page::start(&page::Start {
        settings: &settings,
        locale: ask.locale.unwrap_or(settings.locale),
        tone: ask.tone.unwrap_or(settings.tone),
        amount: ask.amount,
        mode: ask.mode,
        until: ask.now.plus(i64::from(settings.validity_hours) * HOUR),
        wants: &offer.wants,
        unfit: offer.unfit,
        possible: refused.is_none(),
        action: &ask.action,
        back_url: &ask.back_url,
    });
    Ok((json!({"headers": page::headers(&settings), "wants": offer.wants, "unfit": offer.unfit, "refused": refused}), html.into_bytes()))
}

#[derive(Read)]
#[json(deny_unknown_fields)]
pub(super) struct Window {
    settings: Settings,
    most_hours: u16,
    now: Instant,
    case: Option<Case>,
    /// Until when the checkout was told to wait, where it was.
    told: Option<Instant>,
}

/// The settings as far as a checkout with a time limit can use them, until when it is to wait for a case, and whether the case's code outlives what it was told.
pub(super) fn window(ask: Window) -> Answered {
    let latest = ask.now.plus(i64::from(ask.most_hours) * HOUR - 5 * MINUTE);
    let expires = ask.case.as_ref().and_then(|case| Some(case.current()?.code.as_ref()?.expires_at));
    let grace = ask.case.as_ref().map_or(0, |case| i64::from(case.terms.cancel_grace_hours) * HOUR);
    let until = expires.map(|at| at.plus(grace).min(latest));
    let outlives = expires.zip(ask.told).is_some_and(|(at, told)| at > told);
    let text = |at: Instant| at.utc_text();
    Ok((json!({"settings": within(&ask.settings, Some(ask.most_hours)), "until": until.map(text), "latest": text(latest), "outlives": outlives}), Vec::new()))
}

/// The settings with no channel enabled whose code, its grace included, may be open for longer than `most_hours`; a provider's own validity is not known before. A code that is
/// made later than the first would outlive the checkout.
fn within(settings: &Settings, most_hours: Option<u16>) -> Settings {
    let mut settings = settings.clone();
    if let Some(most) = most_hours {
        let fits = settings.validity_hours.saturating_add(settings.cancel_grace_hours) <= most;
        settings.channels.iter_mut().for_each(|channel| channel.enabled &= fits && providers::abilities(channel.provider).takes_expiry);
        settings.one_code = true;
    }
    settings
}

/// What a block in a shop system's own page shows.
pub(super) fn brief(mut ask: Page) -> Answered {
    let case = ask.take_case();
    Ok((json!(page::brief(&ask.view(&case))), Vec::new()))
}

#[derive(Read)]
#[json(deny_unknown_fields)]
pub(super) struct Calendar {
    settings: Settings,
    case: Case,
}

pub(super) fn calendar(ask: Calendar) -> Answered {
    let headers = [["Content-Type", "text/calendar; charset=utf-8"], ["Cache-Control", "no-store"]];
    Ok((json!({ "headers": headers }), page::calendar(&ask.case, &ask.settings).into_bytes()))
}

#[derive(Read)]
#[json(deny_unknown_fields)]
pub(super) struct Preview {
    settings: Settings,
    case: Option<Case>,
    now: Instant,
    kind: MailKind,
    #[json(default)]
    name: String,
    locale: Option<Locale>,
    tone: Option<Tone>,
}

pub(super) fn mail(ask: Preview) -> Answered {
    let (locale, tone, kind, name) = (ask.locale, ask.tone, ask.kind, ask.name);
    let mut page =
        Page { settings: ask.settings, case: ask.case, now: ask.now, email_masked: String::new(), channels: None, locale, tone, back_url: String::new() };
    let case = page.take_case();
    let mail = page::mail(kind, &case, &page.settings, &name, page.now);
    Ok((json!({"subject": mail.subject, "html": mail.html, "text": mail.text}), Vec::new()))
}

/// Writes the mail of a letter.
pub(super) fn written(letter: &Letter, case: &Case, settings: &Settings, now: Instant) -> page::Mail {
    page::mail(letter.kind, case, settings, letter.first_name.expose(), now)
}

/// A made-up case that waits for its money, for previews.
fn sample(settings: &Settings, now: Instant) -> Case {
    let amount = Money::new(12_350, Currency::Pen);
    let terms = Terms {
        lost_create: settings.lost_create,
        one_code: settings.one_code,
        validity_hours: settings.validity_hours,
        cancel_grace_hours: settings.cancel_grace_hours,
        shop_tag: settings.shop.tag.clone(),
        locale: settings.locale,
        tone: settings.tone,
        mails_off: Vec::new(),
        channels: vec![Route { id: ChannelId::new("sample"), provider: Provider::Sandbox }],
    };
    let birth = Birth {
        id: CaseId::new(&"0".repeat(32)),
        order: OrderKey::new("1001"),
        number: "1001".into(),
        mode: Mode::Test,
        seed: "0".repeat(64),
        page_token: PageToken::new(&"0".repeat(32)),
        read: OrderRead { status: OrderStatus::Open, outstanding: amount, total: amount },
        terms,
    };
    let expires_at = now.plus(i64::from(settings.validity_hours) * HOUR);
    let digits = "112399769";
    let code = Code {
        handle: Handle::Digits(Digits::new(digits)),
        provider_id: ProviderId::new(digits),
        url: String::new(),
        barcode: digits.into(),
        payment_qr: String::new(),
        issued_at: now,
        expires_at,
    };
    let facts = Facts { status: Status::Waiting, provider_id: None, reference: None, amount: None, code: Some(code), expires_at: None, payments: Vec::new() };
    let made = Call::Create { reference: Reference::default(), idempotency: Default::default(), amount, expires_at, concept: String::new() };
    let entries = [
        Entry { no: 1, at: now, next_output: 1, event: Event::Placed(Box::new(birth)) },
        Entry { no: 2, at: now, next_output: 2, event: Event::Answer { output: 1, attempt: 1, call: made, reading: Reading::Facts(facts), dated: None } },
    ];
    engine::rebuild(&entries).expect("a journal that begins with a birth")
}
