//! What the page says of a case, worked out once: screen, amounts, dates, addresses.

use super::screen::{self, Screen};
use super::{View, words};
use crate::clock::Instant;
use crate::money::{Currency, Money};
use crate::names::{Locale, Tone};
use crate::voucher::case::Standing;
use crate::voucher::settings::MailKind;
use crate::voucher::{Attempt, Case, Code, Payment, RefundState, ReviewKind};
use crate::words::word;

/// The page's facts, in words where a person reads them.
pub(super) struct Facts<'a> {
    pub view: &'a View<'a>,
    pub screen: Screen,
    pub shop: &'a str,
    pub number: &'a str,
    /// The digits to dictate; empty where the provider only gives a link.
    pub digits: &'a str,
    pub code: Option<&'a Code>,
    pub money: Money,
    pub amount: String,
    pub expires: Option<Instant>,
    /// `martes, 24 de noviembre de 2026, 11:59 p. m. (hora de Perú)`.
    pub deadline: String,
    /// When the page is made.
    pub time: String,
    pub provider: String,
    /// This page's own address.
    pub url: String,
    pub days: String,
}

impl<'a> Facts<'a> {
    pub(super) fn of(view: &'a View<'a>) -> Self {
        let case = view.case;
        let (locale, attempt) = (case.terms.locale, case.current());
        let money = attempt.map_or(case.amount, |attempt| attempt.amount);
        let expires = screen::expires(case);
        Self {
            view,
            screen: screen::screen(case, view.now),
            shop: &view.settings.shop.name,
            number: &case.number,
            digits: screen::digits(case),
            code: attempt.and_then(|attempt| attempt.code.as_ref()),
            money,
            amount: money.text(),
            expires,
            deadline: expires.map(|at| words::deadline(locale, at)).unwrap_or_default(),
            time: words::time(locale, view.now),
            provider: provider(case, locale),
            url: url(view.settings, case),
            days: view.confirm_days.max(1).to_string(),
        }
    }

    pub(super) fn locale(&self) -> Locale {
        self.view.case.terms.locale
    }

    /// Whether the shopper gets mails of this kind from us.
    pub(super) fn mails(&self, kind: MailKind) -> bool {
        !self.view.email_masked.is_empty() && !self.view.case.terms.mails_off.contains(&kind)
    }

    /// The payment of a standing that came last, whichever code it was for.
    pub(super) fn payment(&self, standing: Standing) -> Option<&'a Payment> {
        let all = self.view.case.attempts.iter().flat_map(|attempt: &Attempt| &attempt.payments);
        all.filter(|payment| payment.standing == standing).fold(None, |_, last| Some(last))
    }

    /// When a payment was made, or when we learnt of it, in words; one that was given back since was made all the same.
    pub(super) fn paid_at(&self, standing: Standing) -> String {
        let payment = self.payment(standing).or_else(|| self.payment(Standing::Refunded));
        words::moment(self.locale(), payment.map_or(self.view.now, |payment| payment.paid_at.unwrap_or(payment.seen_at)))
    }

    /// Whether the shop gives back all that came, and whether all of it has arrived; `None` while some stays.
    pub(super) fn given_back(&self) -> Option<bool> {
        let case = self.view.case;
        let came = case.attempts.iter().flat_map(|attempt| &attempt.payments).filter(|payment| payment.standing != Standing::Reversed);
        let back = case.refunds.iter().filter(|refund| !refund.state.has_failed());
        let came = sum(case.amount.currency, came.map(|payment| payment.amount))?;
        let is_whole = came.minor > 0 && sum(case.amount.currency, back.clone().map(|refund| refund.amount))?.minor >= came.minor;
        is_whole.then(|| back.clone().all(|refund| refund.state == RefundState::Done))
    }

    /// By when the shop promised to answer on the money that this screen speaks of; `None` once it has.
    pub(super) fn promise(&self) -> Option<String> {
        let kinds: &[ReviewKind] = match self.screen {
            Screen::Double => &[ReviewKind::SecondMoney],
            Screen::Mismatch => &[ReviewKind::MismatchedMoney],
            Screen::Review => &[ReviewKind::UnmatchedMoney, ReviewKind::SecondMoney],
            _ => &[ReviewKind::LateMoney],
        };
        let due = kinds.iter().flat_map(|kind| self.view.case.open_reviews(*kind)).map(|review| review.due_at).max()?;
        Some(words::date(self.locale(), due))
    }

    /// Whether a shopper can have paid at all: there is, or was, a code.
    pub(super) fn may_have_paid(&self) -> bool {
        self.view.case.attempts.iter().any(|attempt| attempt.code.is_some())
    }

    /// Where a shopper reaches a person about personal data.
    pub(super) fn privacy_contact(&self) -> &'a str {
        let shop = &self.view.settings.shop;
        if shop.privacy_contact.is_empty() { &shop.contact } else { &shop.privacy_contact }
    }
}

/// `None` where another currency is among them.
fn sum(currency: Currency, mut all: impl Iterator<Item = Money>) -> Option<Money> {
    all.try_fold(Money::new(0, currency), |sum, one| sum.plus(one).ok())
}

/// `soles` or `dólares`, in the language of the counter.
pub(super) fn currency_said(currency: Currency) -> String {
    let word = match currency {
        Currency::Pen => word!("currency.pen"),
        Currency::Usd => word!("currency.usd"),
    };
    word.text(Locale::EsPe, Tone::Tu, &[])
}

/// The provider's name in words.
fn provider(case: &Case, locale: Locale) -> String {
    let name = case.current().map(|attempt| attempt.provider).or_else(|| case.terms.channels.first().map(|route| route.provider));
    name.map(|name| words::provider(locale, name)).unwrap_or_default().into()
}

/// The address of a case's page.
pub(super) fn url(settings: &crate::voucher::Settings, case: &Case) -> String {
    [settings.shop.page_url.trim_end_matches('/'), "/", case.page_token.as_str()].concat()
}
