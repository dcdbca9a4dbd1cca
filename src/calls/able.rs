//! What each provider can do, in words: the table that a merchant's settings show and docs/providers.md is written from.

use super::Answered;
use crate::json::{Read, Written, json};
use crate::money::Money;
use crate::names::Provider;
use crate::providers::absent::ABSENT;
use crate::providers::{self, Abilities, RefundWay};
use crate::voucher::{Locale, Tone};
use crate::words;

/// The table's rows, in their order; labels are `desk.able.<row>`.
const ROWS: [&str; 14] =
    ["codes", "look_up", "query", "cancel", "refund", "amounts", "validity", "notices", "addresses", "abroad", "demands", "keys", "checked", "sources"];

#[derive(Read)]
#[json(deny_unknown_fields)]
pub(super) struct Providers {
    #[json(default)]
    locale: Locale,
}

/// Every provider with what it can do, how sure that is and from where; and the systems that can't be built on.
pub(super) fn providers(ask: Providers) -> Answered {
    let say = Teller(ask.locale);
    let sold: Vec<&Abilities> = Provider::ALL.into_iter().filter(|provider| *provider != Provider::Sandbox).map(providers::abilities).collect();
    let unconfirmed = sold.iter().filter(|able| able.unconfirmed).count();
    let rows: Vec<Written> = ROWS.iter().map(|row| json!({"id": row, "label": say.text(&["desk.able.", row], &[])})).collect();
    let listed: Vec<Written> = sold.iter().map(|able| say.provider(able)).collect();
    let absent: Vec<Written> =
        ABSENT.iter().map(|(id, name, day)| json!({"id": id, "name": name, "reason": say.text(&["desk.absent.", id], &[]), "checked": day})).collect();
    let counts = [("confirmed", (sold.len() - unconfirmed).to_string()), ("unconfirmed", unconfirmed.to_string())];
    let count = say.text(&["desk.able.count"], &counts.each_ref().map(|(name, value)| (*name, value.as_str())));
    Ok((json!({"count": count, "rows": rows, "providers": listed, "absent": absent}), Vec::new()))
}

/// Says things in one language.
struct Teller(Locale);

impl Teller {
    fn text(&self, id: &[&str], values: &[(&str, &str)]) -> String {
        words::text(self.0, Tone::Tu, &id.concat(), values)
    }

    fn provider(&self, able: &Abilities) -> Written {
        let cells: Vec<Written> = ROWS.iter().map(|row| self.cell(able, row)).collect();
        let name = self.text(&["provider.", able.provider.name()], &[]);
        let note = if able.unconfirmed { self.text(&["desk.able.unconfirmed"], &[]) } else { String::new() };
        json!({"id": able.provider, "name": name, "unconfirmed": able.unconfirmed, "note": note, "cells": cells})
    }

    fn cell(&self, able: &Abilities, row: &str) -> Written {
        let sure = able.sure.split(' ').filter_map(|pair| pair.split_once('=')).find(|(fact, _)| *fact == row).map(|(_, how)| how);
        let told = sure.map(|how| self.text(&["desk.able.sure.", how], &[])).unwrap_or_default();
        json!({"text": self.value(able, row), "tag": sure.unwrap_or_default(), "sure": told})
    }

    fn value(&self, able: &Abilities, row: &str) -> String {
        let word = |id: &str| self.text(&["desk.able.", id], &[]);
        let yes = |yes: bool| word(if yes { "yes" } else { "no" });
        match row {
            "codes" if !able.create => word("codes.none"),
            "codes" => word(if able.only_links { "codes.link" } else { "codes.digits" }),
            "look_up" => yes(able.look_up),
            "query" => word(if able.query { "yes" } else { "query.no" }),
            "cancel" => word(if able.cancel { "yes" } else { "cancel.no" }),
            "refund" => word(match able.refund_way {
                RefundWay::Outside => "refund.outside",
                RefundWay::BankForm => "refund.form",
                RefundWay::Wallet => "refund.wallet",
                RefundWay::Undocumented => "refund.call",
            }),
            "amounts" => amounts(able),
            "validity" => [word(if able.takes_expiry { "validity.yours" } else { "validity.theirs" }), bounds(able)].join(" ").trim().into(),
            "notices" => word(match able.notice_doubt {
                None => "notices.signed",
                Some(crate::signature::Doubt::UnsignedByDesign) => "notices.unsigned",
                Some(_) => "notices.unverifiable",
            }),
            "addresses" if able.notice_addresses.is_empty() => word("unknown"),
            "addresses" => able.notice_addresses.join(", "),
            "abroad" => able.abroad.map_or_else(|| word("unknown"), yes),
            "demands" if able.demands.is_empty() => word("nothing"),
            "demands" => able.demands.iter().map(|name| self.text(&["datum.", name], &[])).collect::<Vec<_>>().join(", "),
            "keys" => [able.keys, able.host_keys].concat().join(", "),
            "checked" => [able.version, " · ", able.checked].concat(),
            _ => able.sources.into(),
        }
    }
}

/// `PEN, USD · S/ 6.00 – S/ 9,999.00`.
fn amounts(able: &Abilities) -> String {
    let codes: Vec<&str> = able.currencies.iter().map(|currency| currency.code()).collect();
    let limit = |minor: Option<i64>| minor.zip(able.currencies.first()).map(|(minor, currency)| Money::new(minor, *currency).to_string());
    match (limit(able.least_minor), limit(able.most_minor)) {
        (Some(least), Some(most)) => [&codes.join(", "), " · ", &least, " – ", &most].concat(),
        _ => codes.join(", "),
    }
}

/// `(10 min – 72 h)`, or one bound alone.
fn bounds(able: &Abilities) -> String {
    let said = |minutes: u32| if minutes < 60 { format!("{minutes} min") } else { format!("{} h", minutes / 60) };
    match able.validity_minutes {
        (None, None) => String::new(),
        (Some(least), None) => ["(≥ ", &said(least), ")"].concat(),
        (None, Some(most)) => ["(≤ ", &said(most), ")"].concat(),
        (Some(least), Some(most)) => ["(", &said(least), " – ", &said(most), ")"].concat(),
    }
}

#[derive(Read)]
#[json(deny_unknown_fields)]
pub(super) struct Explain {
    /// Whose error it is.
    provider: Option<Provider>,
    /// The provider's code, or one of ours: `unauthorized`, `unreachable`, `rejected`, `http-500`, or a kind of fault by its name.
    code: String,
    #[json(default)]
    locale: Locale,
}

/// Kinds of fault that a merchant can ask about by name; each has `desk.fault.<kind>.cause` and `.step` in the words.
pub const FAULTS: [&str; 16] = [
    "address_not_listed",
    "amount",
    "field",
    "funds_not_arrived",
    "no_balance",
    "not_paid_in_time",
    "notice_unreachable",
    "outlet_late",
    "refund_too_late",
    "refused",
    "shopper_says_paid",
    "two_hosts",
    "unreachable",
    "wrong_key",
    "wrong_mode",
    "wrong_provider",
];

/// The cause of a provider's error, and what to do first.
pub(super) fn explain(ask: Explain) -> Answered {
    let (cause, step) = explained(ask.locale, ask.provider, &ask.code);
    Ok((json!({"code": ask.code, "cause": cause, "step": step}), Vec::new()))
}

/// Cause and first step in words.
pub(super) fn explained(locale: Locale, provider: Option<Provider>, code: &str) -> (String, String) {
    let kind = kind(provider, code);
    let name = provider.map(|provider| Teller(locale).text(&["provider.", provider.name()], &[])).unwrap_or_default();
    let say = |part: &str| Teller(locale).text(&["desk.fault.", kind, part], &[("provider", &name), ("code", code)]);
    (say(".cause"), say(".step"))
}

/// The kind of fault that a code stands for; `refused` for one that nobody has told us of.
pub(super) fn kind(provider: Option<Provider>, code: &str) -> &'static str {
    let known = provider.and_then(|provider| providers::abilities(provider).faults.iter().find(|(theirs, _)| *theirs == code));
    let ours = FAULTS.iter().copied().find(|kind| *kind == code);
    match (known, ours, code) {
        (Some((_, kind)), _, _) => kind,
        (_, Some(kind), _) => kind,
        (_, _, "unauthorized" | "http-401" | "http-403") => "wrong_key",
        (_, _, "http-429") => "unreachable",
        (_, _, code) if code.starts_with("http-5") => "unreachable",
        _ => "refused",
    }
}
