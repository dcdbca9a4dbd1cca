//! Our own protocol's side: signed calls, harmless repeats, look-ups, refunds by a bank form.

use super::super::wire::{CodeAnswer, CodeList, ErrorAnswer, ErrorBody, NewCode, NewRefund, Notice, PaymentAnswer, RefundAnswer};
use super::sides::{Protocol, Seal};
use super::world::{Coupon, FORM_LIVES, Paid, Payback, Standing, World};
use super::{Arrival, Parcel, Response, agent, json};
use crate::clock::{HOUR, Instant, MINUTE};
use crate::http::{Method, header};
use crate::money::{Currency, Money};
use crate::signature::{hex, hmac_fits, hmac_sha256};

/// The body of its 500.
pub(super) const BROKEN: &str = r#"{"error":{"code":"internal","field":"","message":"try later"}}"#;
/// How long after each try of a notice the next one follows.
pub(super) const WAITS: &[i64] = &[MINUTE, 10 * MINUTE, HOUR, HOUR];

const LEAST: i64 = 100;
const MOST: i64 = 1_000_000;
const CLOCK_TOLERANCE: i64 = 300_000;

pub(super) fn answer(world: &mut World, arrival: &Arrival<'_>, now: Instant) -> Response {
    if !is_signed(world, arrival, now) {
        return error(now, 401, "unauthorized", "", "wrong key, time or signature");
    }
    let parts: Vec<&str> = arrival.path.trim_matches('/').split('/').collect();
    match (arrival.method, parts.as_slice()) {
        (Method::Post, ["codes"]) => create(world, arrival.body, now),
        (Method::Get, ["codes"]) => list(world, arrival.query, now),
        (Method::Get, ["codes", id]) => find(world, id, now),
        (Method::Post, ["codes", id, "cancel"]) => cancel(world, id, now),
        (Method::Post, ["refunds"]) => refund(world, arrival.body, now),
        (Method::Get, ["refunds", id]) => match world.refunds.iter().find(|r| r.id == *id) {
            Some(refund) => json(now, 200, &refund_shown(refund, now)),
            None => error(now, 404, "not_found", "", "no such refund"),
        },
        _ => error(now, 404, "not_found", "", "no such call"),
    }
}

fn is_signed(world: &World, arrival: &Arrival<'_>, now: Instant) -> bool {
    let one = |name| header(arrival.headers, name).next().unwrap_or_default();
    let (key, time, signature) = (one("X-Sandbox-Key"), one("X-Sandbox-Time"), one("X-Sandbox-Signature"));
    let fresh = time.parse::<i64>().is_ok_and(|time| now.since(Instant(time)).abs() <= CLOCK_TOLERANCE);
    let method = match arrival.method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Patch => "PATCH",
        Method::Delete => "DELETE",
    };
    let path = if arrival.query.is_empty() { arrival.path.to_owned() } else { format!("{}?{}", arrival.path, arrival.query) };
    let parts: [&[u8]; 7] = [time.as_bytes(), b".", method.as_bytes(), b".", path.as_bytes(), b".", arrival.body];
    let fits = hex::decode(signature).is_some_and(|claimed| hmac_fits(world.accounts.get("own_secret").as_bytes(), &parts, &claimed));
    world.accounts.fits("own_key", key) && fresh && fits
}

fn create(world: &mut World, body: &[u8], now: Instant) -> Response {
    let Ok(asked) = crate::json::parse::<NewCode>(body) else { return error(now, 422, "invalid", "body", "not the JSON of a code") };
    let known = world.codes.iter().find(|c| c.protocol == Protocol::Own && c.idempotency == asked.idempotency_key);
    if let Some(known) = known {
        return json(now, 200, &shown(known, now));
    }
    let Some(amount) = Currency::parse(&asked.currency).and_then(|currency| Money::parse(&asked.amount, currency).ok()) else {
        return error(now, 422, "invalid", "amount", "an amount such as 12.50 in PEN or USD");
    };
    if !(LEAST..=MOST).contains(&amount.minor) {
        return error(now, 422, "amount_out_of_range", "amount", "1.00 to 10,000.00");
    }
    let Some(expires_at) = Instant::parse(&asked.expires_at).filter(|at| *at > now) else {
        return error(now, 422, "invalid", "expires_at", "an instant in the future");
    };
    if asked.reference.is_empty() || asked.reference.len() > 36 || asked.idempotency_key.is_empty() {
        return error(now, 422, "invalid", "reference", "1 to 36 characters");
    }
    let (id, url) = (world.next_id(), world.accounts.get("own_notice_url").to_owned());
    let place = world.issue(Protocol::Own, Some(id), &asked.reference, amount, (now, expires_at), &url);
    let Some(code) = world.codes.get_mut(place) else { return error(now, 500, "internal", "", "try later") };
    code.idempotency = asked.idempotency_key;
    json(now, 201, &shown(code, now))
}

fn list(world: &World, query: &str, now: Instant) -> Response {
    let reference = query.strip_prefix("reference=").unwrap_or_default();
    let codes: Vec<CodeAnswer> =
        world.codes.iter().rev().filter(|c| c.protocol == Protocol::Own && c.reference == reference).map(|code| shown(code, now)).collect();
    if codes.is_empty() { error(now, 404, "not_found", "", "no code of that reference") } else { json(now, 200, &CodeList { codes }) }
}

fn find(world: &mut World, id: &str, now: Instant) -> Response {
    match world.code(Protocol::Own, id) {
        Some(code) => json(now, 200, &shown(code, now)),
        None => error(now, 404, "not_found", "", "no such code"),
    }
}

fn cancel(world: &mut World, id: &str, now: Instant) -> Response {
    let Some(place) = world.codes.iter().position(|c| c.protocol == Protocol::Own && c.id == id) else {
        return error(now, 404, "not_found", "", "no such code");
    };
    let Some(code) = world.codes.get_mut(place).filter(|code| code.standing(now) == Standing::Waiting) else {
        return error(now, 409, "not_waiting", "", "only a waiting code can be cancelled");
    };
    code.cancelled_at = Some(now);
    let answer = json(now, 200, &shown(code, now));
    agent::tell(world, place, now);
    answer
}

fn refund(world: &mut World, body: &[u8], now: Instant) -> Response {
    let Ok(asked) = crate::json::parse::<NewRefund>(body) else { return error(now, 422, "invalid", "body", "not the JSON of a refund") };
    if let Some(known) = world.refunds.iter().find(|r| r.key == asked.key) {
        return json(now, 200, &refund_shown(known, now));
    }
    let Some(code) = world.code(Protocol::Own, &asked.code_id) else { return error(now, 404, "not_found", "code_id", "no such code") };
    let amount = Currency::parse(&asked.currency).and_then(|currency| Money::parse(&asked.amount, currency).ok());
    let paid: i64 = code.payments.iter().filter(|p| !p.reversed).map(|p| p.amount.minor).sum();
    let notice_url = code.notice_url.clone();
    let given: i64 = world.refunds.iter().filter(|r| r.code == asked.code_id && !r.ends(now).1).map(|r| r.amount.minor).sum();
    let Some(amount) = amount.filter(|amount| amount.minor > 0 && given + amount.minor <= paid) else {
        return error(now, 409, "not_paid", "amount", "more than was paid");
    };
    let refund = Payback { id: world.next_id(), key: asked.key, code: asked.code_id, amount, asked_at: now, form_filled: false, notice_url };
    let answer = json(now, 201, &refund_shown(&refund, now));
    world.refunds.push(refund);
    answer
}

/// The word of a standing.
pub(super) fn word(standing: Standing) -> &'static str {
    match standing {
        Standing::Waiting => "waiting",
        Standing::Paid => "paid",
        Standing::Expired => "expired",
        Standing::Cancelled => "cancelled",
        Standing::Reversed => "reversed",
    }
}

fn shown(code: &Coupon, now: Instant) -> CodeAnswer {
    let payment = |p: &Paid| PaymentAnswer {
        id: p.id.clone(),
        amount: p.amount.plain(),
        currency: p.amount.currency.code().into(),
        paid_at: p.at.utc_text(),
        reversed: p.reversed,
    };
    CodeAnswer {
        id: code.id.clone(),
        reference: code.reference.clone(),
        digits: code.digits.clone(),
        amount: code.amount.plain(),
        currency: code.amount.currency.code().into(),
        status: word(code.standing(now)).into(),
        expires_at: code.expires_at.utc_text(),
        url: String::new(),
        barcode: code.digits.clone(),
        payment_qr: String::new(),
        payments: code.payments.iter().map(payment).collect(),
    }
}

fn refund_shown(refund: &Payback, now: Instant) -> RefundAnswer {
    let status = match refund.ends(now) {
        (true, _) => "done",
        (_, true) => "lapsed",
        _ => "needs_bank_details",
    };
    let act_before = Some(refund.asked_at.plus(FORM_LIVES).utc_text());
    RefundAnswer { id: refund.id.clone(), key: refund.key.clone(), status: status.into(), act_before }
}

/// The body of the notice about a code as it stands.
pub(super) fn notice(_: &World, code: &Coupon, now: Instant) -> Option<String> {
    let amount = code.last_payment().map_or(code.amount, |paid| paid.amount);
    let notice = Notice {
        event: format!("code.{}", word(code.standing(now))),
        id: code.id.clone(),
        reference: code.reference.clone(),
        payment_id: code.last_payment().map(|paid| paid.id.clone()).unwrap_or_default(),
        amount: amount.plain(),
        currency: amount.currency.code().into(),
    };
    Some(crate::json::text(&notice))
}

pub(super) fn seal(by: &Seal<'_>, parcel: &mut Parcel) {
    let time = by.now.0.to_string();
    let signature = hex::encode(&hmac_sha256(by.key("own_secret").as_bytes(), &[time.as_bytes(), b".", parcel.body.as_bytes()]));
    parcel.headers.push(("X-Sandbox-Time".into(), time));
    parcel.headers.push(("X-Sandbox-Signature".into(), signature));
}

fn error(now: Instant, status: u16, code: &str, field: &str, message: &str) -> Response {
    json(now, status, &ErrorAnswer { error: ErrorBody { code: code.into(), field: field.into(), message: message.into() } })
}
