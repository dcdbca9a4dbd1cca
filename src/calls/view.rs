//! What a merchant's desk shows of a case and of its journal, in words.

use super::Answered;
use crate::clock::{HOUR, Instant};
use crate::engine::{self, Decision, Entry, Event, Outcome};
use crate::json::{Read, Write, Written, json, name_of};
use crate::money::Money;
use crate::providers::{self, Reading, Status};
use crate::voucher::{Attempt, Case, Creation, Handle, Locale, OrderStatus, Resolution, Review, ReviewKind, Settings, Standing, State, Tone, Wish};
use crate::words;

#[derive(Read)]
#[json(deny_unknown_fields)]
pub(super) struct View {
    settings: Settings,
    case: Case,
    #[json(default)]
    locale: Locale,
    now: Instant,
}

/// A case as a desk shows it.
pub(super) fn case(ask: View) -> Answered {
    let (case, say) = (&ask.case, Speaker(ask.locale));
    let current = case.current();
    let code = current.and_then(|attempt| attempt.code.as_ref());
    let view = json!({
        "id": case.id,
        "order": case.order,
        "number": case.number,
        "mode": case.mode,
        "state": case.state,
        "state_text": say.named("state", &case.state),
        "shop_text": say.named("shop_status", &case.shop.status),
        "told_paid": case.told_paid,
        "told_cancel": case.told_cancel,
        "wish_text": if case.wish == Wish::None { String::new() } else { say.named("wish", &case.wish) },
        "amount": case.amount,
        "amount_text": case.amount.to_string(),
        "placed_text": words::moment(ask.locale, case.placed_at),
        "code": current.and_then(digits),
        "expires_at": code.map(|code| code.expires_at),
        "grace_ends_at": code.map(|code| code.expires_at.plus(i64::from(case.terms.cancel_grace_hours) * HOUR)),
        "deadline_text": code.map(|code| words::moment(ask.locale, code.expires_at)),
        "page_url": format!("{}/{}", ask.settings.shop.page_url, case.page_token),
        "next_question_text": case.next_poll_at.map(|at| words::moment(ask.locale, at)),
        "attempts": case.attempts.iter().map(|attempt| say.attempt(attempt)).collect::<Vec<_>>(),
        "reviews": case.reviews.iter().map(|review| say.review(case, review, &ask)).collect::<Vec<_>>(),
        "open_reviews": case.reviews.iter().filter(|review| review.closed.is_none()).count(),
        "refunds": case.refunds.iter().map(|refund| json!({
            "key": refund.key,
            "attempt": refund.attempt,
            "amount": refund.amount,
            "amount_plain": refund.amount.plain(),
            "on_its_way": refund.state.is_on_its_way(),
            "failed": refund.state.has_failed(),
            "amount_text": refund.amount.to_string(),
            "state": refund.state,
            "state_text": say.named("refund", &refund.state),
            "requested_text": words::moment(ask.locale, refund.requested_at),
            "act_before_text": refund.act_before.map(|at| words::moment(ask.locale, at)),
        })).collect::<Vec<_>>(),
        "decisions": say.decisions(case),
        "counters": case.counters,
    });
    Ok((view, Vec::new()))
}

#[derive(Read)]
#[json(deny_unknown_fields)]
pub(super) struct Journal {
    entries: Vec<Entry>,
    #[json(default)]
    locale: Locale,
}

/// A journal in sentences.
pub(super) fn journal(ask: Journal) -> Answered {
    let say = Speaker(ask.locale);
    let rows = ask
        .entries
        .iter()
        .map(|entry| json!({"no": entry.no, "at": entry.at, "at_text": words::moment(ask.locale, entry.at), "text": say.event(&entry.event)}));
    Ok((json!(rows.collect::<Vec<_>>()), Vec::new()))
}

/// Says things in one language.
struct Speaker(Locale);

impl Speaker {
    fn text(&self, id: &str, values: &[(&str, &str)]) -> String {
        words::text(self.0, Tone::Tu, id, values)
    }

    /// The words of a unit variant: `<group>.<its JSON name>`.
    fn named(&self, group: &str, value: &dyn Write) -> String {
        self.text(&format!("{group}.{}", name_of(value)), &[])
    }

    fn attempt(&self, attempt: &Attempt) -> Written {
        let error = match &attempt.creation {
            Creation::Refused { code, field } => Some(self.text("a.refused_by_provider", &[("code", code), ("field", field)])),
            _ => None,
        };
        let payments = attempt.payments.iter().map(|payment| {
            json!({
                "id": payment.id,
                "amount": payment.amount,
                "amount_text": payment.amount.to_string(),
                "at_text": words::moment(self.0, payment.paid_at.unwrap_or(payment.seen_at)),
                "standing": payment.standing,
                "standing_text": self.named("standing", &payment.standing),
            })
        });
        json!({
            "no": attempt.no,
            "channel": attempt.channel,
            "provider": attempt.provider,
            "reference": attempt.reference,
            "provider_id": attempt.code.as_ref().map(|code| &code.provider_id),
            "state": attempt.state,
            "state_text": self.named("state", &attempt.state),
            "amount_text": attempt.amount.to_string(),
            "expires_text": attempt.code.as_ref().map(|code| words::moment(self.0, code.expires_at)),
            "proven_dead": attempt.proven_dead,
            "noticed": attempt.noticed,
            "error_text": error,
            "payments": payments.collect::<Vec<_>>(),
        })
    }

    fn review(&self, case: &Case, review: &Review, View { settings, now, .. }: &View) -> Written {
        let kind = name_of(&review.kind);
        let closed_for_good = settings.cancel_is_final && review.kind == ReviewKind::LateMoney && case.shop.status == OrderStatus::Cancelled;
        let told = if closed_for_good { "closed_for_good" } else { occasion(review).unwrap_or(&kind) };
        let said = |part: &str| {
            let own = format!("review.{told}.{part}");
            self.text(&if words::raw(self.0, Tone::Tu, &own).is_some() { own } else { format!("review.{kind}.{part}") }, &[])
        };
        let reference = case.attempt(review.attempt).map(|attempt| attempt.reference.to_string()).unwrap_or_default();
        let ids = (1..=6).map(|n| format!("review.{told}.step{n}")).filter(|id| words::raw(self.0, Tone::Tu, id).is_some());
        let steps = ids.map(|id| self.text(&id, &[("reference", &reference)]));
        let able = review.amount.is_some_and(|amount| engine::gives_back(case, review.attempt, amount));
        let possible = |r: &&Resolution| match r {
            Resolution::RefundMoney => able,
            Resolution::AcceptMoney => !closed_for_good,
            Resolution::TryAgain => told != "cancelled_though_paid", // it was paid, and stays told so
            _ => true,
        };
        let offered = review.kind.resolutions().iter().filter(possible);
        let buttons = offered.filter(|_| review.closed.is_none()).map(|r| json!({"resolution": r, "label": self.named("resolution", r)}));
        json!({
            "no": review.no,
            "kind": review.kind,
            "attempt": review.attempt,
            "about": review.about,
            "title": said("title"),
            "text": said("text"),
            "result": said("result"),
            "steps": steps.collect::<Vec<_>>(),
            "evidence": self.evidence(case, review),
            "explained": self.explained(case, review),
            "amount_text": review.amount.map(|amount| amount.to_string()),
            "opened_text": words::moment(self.0, review.opened_at),
            "due_text": words::moment(self.0, review.due_at),
            "due_line": self.text("review.due", &[("date", &words::moment(self.0, review.due_at))]),
            "overdue": review.closed.is_none() && *now > review.due_at,
            "open": review.closed.is_none(),
            "closed_text": review.closed.as_ref().map(|closing| words::moment(self.0, closing.at)),
            "resolution_text": review.closed.as_ref().map(|closing| self.named("resolution", &closing.resolution)),
            "reason": review.closed.as_ref().map(|closing| &closing.reason),
            "buttons": buttons.collect::<Vec<_>>(),
        })
    }

    /// What is known of the occasion, as a person looks it up in the provider's panel and in the shop.
    fn evidence(&self, case: &Case, review: &Review) -> Vec<Written> {
        let mut rows = Vec::new();
        let mut row = |id: &str, value: String| {
            if !value.is_empty() {
                rows.push(json!({"label": self.text(id, &[]), "value": value}));
            }
        };
        let attempt = case.attempt(review.attempt);
        if let Some(attempt) = attempt {
            row("fact.code", digits(attempt).unwrap_or_default());
            row("fact.reference", attempt.reference.to_string());
            row("fact.channel", attempt.channel.to_string());
            row("fact.expected", attempt.amount.to_string());
        }
        row("fact.received", review.amount.filter(|_| review.kind.is_of_money()).map(|amount| amount.to_string()).unwrap_or_default());
        if let Some(payment) = attempt.and_then(|attempt| attempt.payments.iter().find(|payment| payment.id.as_str() == review.about)) {
            row("fact.payment", payment.id.to_string());
            row("fact.paid_at", words::moment(self.0, payment.paid_at.unwrap_or(payment.seen_at)));
        }
        let refund = case.refunds.iter().find(|refund| refund.key.as_str() == review.about);
        row("fact.refund", refund.map(|refund| format!("{} · {} · {}", refund.key, refund.amount, self.named("refund", &refund.state))).unwrap_or_default());
        match review.kind {
            ReviewKind::EffectRefused | ReviewKind::OutputDead => {
                row("fact.asked", self.asked_for(&review.about));
                row("fact.shop", self.named("shop_status", &case.shop.status));
            }
            ReviewKind::UnknownStatus | ReviewKind::NoCode if occasion(review).is_none() => row("fact.said", review.about.clone()),
            _ => {}
        }
        rows
    }

    /// What was asked for, by the name of the occasion (`paid-7`, `mail-3`).
    fn asked_for(&self, about: &str) -> String {
        let id = match about.split('-').next() {
            Some("paid") => "asked.mark_paid",
            Some("cancel" | "part") => "asked.cancel_order",
            Some("show") => "asked.show_code",
            Some("mail") => "asked.mail",
            Some("provider") => "asked.something",
            _ => return String::new(),
        };
        self.text(id, &[])
    }

    /// What a provider's own error in a review means: its cause, and what to do first.
    fn explained(&self, case: &Case, review: &Review) -> Option<Written> {
        let provider = case.attempt(review.attempt)?.provider;
        let code = match review.kind {
            _ if occasion(review).is_some() => return None,
            ReviewKind::NoCode if !review.about.is_empty() => review.about.as_str(),
            ReviewKind::PaidNeverNotified => "notice_unreachable",
            _ => return None,
        };
        let (cause, step) = super::able::explained(self.0, Some(provider), code);
        Some(json!({"cause": cause, "step": step}))
    }

    /// What a merchant may decide about the whole case now.
    fn decisions(&self, case: &Case) -> Vec<Written> {
        let button = |decision: &Decision, label: &str| json!({"decision": decision, "label": self.text(label, &[])});
        let mut all = Vec::new();
        if case.attempts.iter().any(|attempt| attempt.code.is_some() || attempt.state == State::Unknown) {
            all.push(button(&Decision::CheckNow, "a.check"));
        }
        let open = case.current().is_some_and(|attempt| attempt.state.may_be_payable() || attempt.state == State::Failed);
        if open && !case.holds_money() {
            all.push(button(&Decision::Cancel, "a.cancel"));
        }
        for attempt in &case.attempts {
            let able = providers::abilities(attempt.provider).refund && !case.refunds.iter().any(|r| r.attempt == attempt.no && !r.state.is_final());
            let payment = attempt.payments.iter().find(|p| able && p.standing == Standing::Counts);
            let left = payment.zip(case.refundable(attempt.no)).map(|(payment, left)| Money::new(left.minor.min(payment.amount.minor), left.currency));
            if let Some(amount) = left.filter(|left| left.minor > 0) {
                all.push(button(&Decision::Refund { attempt: attempt.no, amount }, "a.refund"));
            }
        }
        all
    }

    fn event(&self, event: &Event) -> String {
        match event {
            Event::Placed(birth) => self.text("journal.placed", &[("amount", &birth.read.outstanding.to_string())]),
            Event::Order { read } => {
                self.text("journal.order", &[("status", &self.named("shop_status", &read.status)), ("amount", &read.outstanding.to_string())])
            }
            Event::Answer { call, reading, .. } => {
                self.text("journal.answer", &[("call", &self.text(&format!("call.{}", name_of(call)), &[])), ("reading", &self.reading(reading))])
            }
            Event::Notice(notice) => self.text("journal.notice", &[("status", &self.status(&notice.facts.status))]),
            Event::Outcome { what, outcome, .. } => {
                let what = what.as_ref().map_or_else(|| self.text("asked.something", &[]), |what| self.named("asked", what));
                self.text("journal.outcome", &[("what", &what), ("outcome", &self.outcome(outcome))])
            }
            Event::Wake => self.text("journal.wake", &[]),
            Event::Shopper(request) => self.text("journal.shopper", &[("request", &self.named("request", request))]),
            Event::Merchant(Decision::Resolve { resolution, reason, .. }) => {
                self.text("journal.resolved", &[("resolution", &self.named("resolution", resolution)), ("reason", reason)])
            }
            Event::Merchant(Decision::CheckNow) => self.text("journal.merchant", &[("decision", &self.text("a.check", &[]))]),
            Event::Merchant(Decision::Cancel) => self.text("journal.merchant", &[("decision", &self.text("a.cancel", &[]))]),
            Event::Merchant(Decision::Refund { amount, .. }) => {
                self.text("journal.merchant", &[("decision", &format!("{} {amount}", self.text("a.refund", &[])))])
            }
            Event::Unmatched(stray) => {
                let amount = stray.facts.amount.map(|amount: Money| amount.to_string()).unwrap_or_default();
                self.text("journal.unmatched", &[("amount", &amount)])
            }
        }
    }

    fn reading(&self, reading: &Reading) -> String {
        match reading {
            Reading::Facts(facts) => self.status(&facts.status),
            Reading::Refund(facts) => self.named("refund", &facts.state),
            Reading::Refused { code, .. } => self.text("reading.refused", &[("code", code)]),
            Reading::NotSent { .. } => self.text("reading.not_sent", &[]),
            Reading::Unauthorized => self.text("reading.unauthorized", &[]),
            Reading::Unanswered => self.text("reading.unanswered", &[]),
            Reading::Absent => self.text("reading.absent", &[]),
        }
    }

    fn status(&self, status: &Status) -> String {
        match status {
            Status::Unrecognised(word) => self.text("status.unrecognised", &[("word", word)]),
            known => self.named("status", known),
        }
    }

    fn outcome(&self, outcome: &Outcome) -> String {
        match outcome {
            Outcome::Refused { why } => self.text("outcome.refused", &[("why", why)]),
            Outcome::AlreadySo { .. } => self.text("outcome.already_so", &[]),
            plain => self.named("outcome", plain),
        }
    }
}

/// The occasions that the words of a review's kind don't fit; each has words of its own, and steps, and takes the kind's where it has none.
fn occasion(review: &Review) -> Option<&'static str> {
    Some(match (review.kind, review.about.as_str()) {
        (ReviewKind::ProviderUnreachable, "still-payable") => "still_payable",
        (ReviewKind::ProviderUnreachable, "unasked") => "unasked",
        (ReviewKind::UnknownStatus, "absent") => "absent",
        (ReviewKind::UnknownStatus, "wrong-reference") => "wrong_reference",
        (ReviewKind::EffectRefused, "cancelled-though-paid") => "cancelled_though_paid",
        (ReviewKind::TwoCodesPossible, "can-not-cancel") => "can_not_cancel",
        (ReviewKind::TwoCodesPossible, "another-issued") => "another_issued",
        (ReviewKind::NoCode, "wrong-amount") => "wrong_amount",
        (ReviewKind::NoCode, "never-shown") => "never_shown",
        (ReviewKind::EffectRefused, about) if about.starts_with("part-paid-") => "part_paid",
        _ => return None,
    })
}

/// An attempt's digits, where it has any.
fn digits(attempt: &Attempt) -> Option<String> {
    match &attempt.code.as_ref()?.handle {
        Handle::Digits(digits) => Some(digits.to_string()),
        Handle::Link => None,
    }
}
