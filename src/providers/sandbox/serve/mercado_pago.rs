//! Mercado Pago's side (site MPE), after its documents and SDKs as quoted in the facts (devsite-docs, sdk-php 2026-08).
//!
//! Worst readings where they are silent: Peru's page has no `date_of_expiration`, so a wish is checked and not heard, and a code that nobody cancels can be
//! paid for 30 days; ids need more than 53 bits; only total refunds; the amount that was asked for stays, what was paid stands beside it. The shape of an
//! error's body is not in the facts: inferred.

use super::asked::{Asked, number, plain};
use super::sides::{Protocol, Seal};
use super::world::{Coupon, Payback, Standing, World};
use super::{Arrival, Parcel, Response, agent, json};
use crate::clock::{DAY, HOUR, Instant, MINUTE};
use crate::http::Method::{Get, Post, Put};
use crate::json::{Tree, Written, json as tree};
use crate::money::Currency;
use crate::signature::{hex, hmac_sha256};

/// The body of its 500.
pub(super) const BROKEN: &str = r#"{"message":"internal_error","error":"internal_error","status":500,"cause":[]}"#;
/// Tries a notice 8 times (webhooks page, 2025).
pub(super) const WAITS: &[i64] = &[15 * MINUTE, 30 * MINUTE, 6 * HOUR, 2 * DAY, 4 * DAY, 4 * DAY, 4 * DAY];
/// "Payment not confirmed for 30 days is cancelled automatically".
const LIVES: i64 = 30 * DAY;
/// Refunds within 90 days of approval.
const REFUND_DAYS: i64 = 90 * DAY;
const LEAST: i64 = 500;
const MOST: i64 = 1_000_000;

pub(super) fn answer(world: &mut World, arrival: &Arrival<'_>, now: Instant) -> Response {
    if !world.accounts.fits("mercado_pago_access_token", arrival.authorization("Bearer ")) {
        return error(now, 401, "unauthorized", "invalid access token");
    }
    let parts = arrival.parts();
    match (arrival.method, parts.as_slice()) {
        (Get, ["v1", "payment_methods"]) => json(now, 200, &methods()),
        (Post, ["v1", "payments"]) => create(world, arrival, now),
        (Get, ["v1", "payments", "search"]) => {
            let wanted = Asked::form(arrival.query.as_bytes());
            let ours = |code: &&Coupon| code.protocol == Protocol::MercadoPago && code.reference == wanted.text("external_reference");
            let results: Vec<Written> = world.codes.iter().rev().filter(ours).map(|code| shown(world, code, now)).collect();
            json(now, 200, &tree!({"paging": tree!({"total": results.len(), "limit": 30, "offset": 0}), "results": results}))
        }
        (method, ["v1", "payments", id, rest @ ..]) => match world.place(Protocol::MercadoPago, |code| code.id == *id) {
            Some(place) => payment(world, place, (method, rest), arrival, now),
            None => error(now, 404, "not_found", "Payment not found"),
        },
        _ => error(now, 404, "not_found", "resource not found"),
    }
}

fn methods() -> Written {
    tree!([tree!({"id": "pagoefectivo_atm", "name": "BCP, BBVA Continental u otros", "payment_type_id": "atm", "status": "active",
        "min_allowed_amount": 5, "max_allowed_amount": 10000, "accreditation_time": 2880})])
}

fn create(world: &mut World, arrival: &Arrival<'_>, now: Instant) -> Response {
    let (asked, key) = (Asked::json(arrival.body), arrival.header("X-Idempotency-Key"));
    if key.is_empty() {
        return error(now, 400, "bad_request", "Header X-Idempotency-Key can't be null");
    }
    let text = String::from_utf8_lossy(arrival.body);
    if let Some(known) = world.codes.iter().find(|code| code.protocol == Protocol::MercadoPago && code.idempotency == key) {
        return if known.memo == text { json(now, 201, &shown(world, known, now)) } else { error(now, 409, "conflict", "idempotency key already used") };
    }
    if let Some(field) = asked.lacks(&["transaction_amount", "description", "payment_method_id", "payer.email"]) {
        return error(now, 400, "bad_request", field);
    }
    let Some(amount) = asked.amount("transaction_amount", Currency::Pen).filter(|amount| (LEAST..=MOST).contains(&amount.minor)) else {
        return error(now, 400, "bad_request", "Invalid transaction_amount");
    };
    if asked.text("payment_method_id") != "pagoefectivo_atm" || !asked.text("payer.email").contains('@') {
        return error(now, 400, "bad_request", "payment method or payer.email not found");
    }
    let wish = asked.text("date_of_expiration");
    if !wish.is_empty() && !Instant::parse(wish).is_some_and(|at| (DAY - HOUR..=30 * DAY).contains(&at.since(now))) {
        return error(now, 400, "bad_request", "Invalid date_of_expiration");
    }
    let id = (18_552_260_055_000_000 + world.next_no() * 7).to_string();
    let place = world.issue(Protocol::MercadoPago, Some(id), asked.text("external_reference"), amount, (now, now.plus(LIVES)), asked.text("notification_url"));
    let Some(code) = world.codes.get_mut(place) else { return error(now, 500, "internal_error", "internal_error") };
    (code.idempotency, code.memo) = (key.into(), text.into());
    agent::tell(world, place, now);
    ours(world, place, 201, now)
}

fn payment(world: &mut World, place: usize, call: (crate::http::Method, &[&str]), arrival: &Arrival<'_>, now: Instant) -> Response {
    match call {
        (Get, []) => ours(world, place, 200, now),
        (Put, []) if Asked::json(arrival.body).text("status") == "cancelled" => {
            if !world.call_off(place, now) {
                return error(now, 409, "conflict", "The action requested is not valid for the current payment state");
            }
            agent::tell(world, place, now);
            ours(world, place, 200, now)
        }
        (Post, ["refunds"]) => refund(world, place, arrival, now),
        (Get, ["refunds"]) => {
            let id = world.codes.get(place).map(|code| code.id.clone()).unwrap_or_default();
            json(now, 200, &world.refunds.iter().filter(|refund| refund.code == id).map(refund_shown).collect::<Vec<_>>())
        }
        (Get, ["refunds", id]) => match world.refunds.iter().find(|refund| refund.id == *id) {
            Some(refund) => json(now, 200, &refund_shown(refund)),
            None => error(now, 404, "not_found", "Refund not found"),
        },
        _ => error(now, 400, "bad_request", "invalid parameters"),
    }
}

fn ours(world: &World, place: usize, status: u16, now: Instant) -> Response {
    json(now, status, &world.codes.get(place).map(|code| shown(world, code, now)))
}

/// "Anularlo totalmente": Peru's page knows total refunds only; the money goes to the payer's account, some time after.
fn refund(world: &mut World, place: usize, arrival: &Arrival<'_>, now: Instant) -> Response {
    let (asked, key) = (Asked::json(arrival.body), arrival.header("X-Idempotency-Key").to_owned());
    if key.is_empty() {
        return error(now, 400, "bad_request", "Header X-Idempotency-Key can't be null");
    }
    if let Some(known) = world.refunds.iter().find(|refund| refund.key == key) {
        return json(now, 201, &refund_shown(known));
    }
    let Some(code) = world.codes.get(place) else { return error(now, 404, "not_found", "Payment not found") };
    let taken = code.last_payment().filter(|paid| !paid.reversed && now.since(paid.at) <= REFUND_DAYS && world.given(code, now).0 == 0);
    let Some(amount) = taken.map(|paid| paid.amount) else { return error(now, 400, "bad_request", "The payment can't be refunded") };
    let wanted = if *asked.at("amount") == Tree::Null { Some(amount) } else { asked.amount("amount", amount.currency) };
    if wanted != Some(amount) {
        return error(now, 400, "bad_request", "Invalid amount: partial refunds unsupported");
    }
    let (code, notice_url) = (code.id.clone(), code.notice_url.clone());
    let id = (1_009_042_000 + world.next_no()).to_string();
    let refund = Payback { id, key, code, amount, asked_at: now, form_filled: false, notice_url };
    let answer = json(now, 201, &refund_shown(&refund));
    world.refunds.push(refund);
    answer
}

fn refund_shown(refund: &Payback) -> Written {
    let status = if refund.form_filled { "approved" } else { "in_process" };
    tree!({"id": number(&refund.id), "payment_id": number(&refund.code), "amount": plain(refund.amount), "status": status, "refund_mode": "standard",
        "date_created": date(refund.asked_at), "unique_sequence_number": Tree::Null})
}

fn shown(world: &World, code: &Coupon, now: Instant) -> Written {
    let (kept, back) = (code.shown_amount(), world.given(code, now).1);
    let paid = code.last_payment().map_or(0, |_| kept.minor);
    let (status, detail) = match code.standing(now) {
        Standing::Paid if back > 0 && back >= paid => ("refunded", "refunded"),
        Standing::Waiting => ("pending", "pending_waiting_payment"),
        Standing::Paid => ("approved", "accredited"),
        Standing::Expired => ("cancelled", "expired"),
        Standing::Cancelled => ("cancelled", "by_collector"),
        Standing::Reversed => ("charged_back", "settled"),
    };
    let money = |minor: i64| plain(crate::money::Money::new(minor, code.amount.currency));
    let page = format!("https://www.mercadopago.com/mpe/payments/sandbox/atm/helper?payment_id={}&payment_method_reference_id={}", code.id, code.digits);
    let details = tree!({"payment_method_reference_id": code.id.chars().rev().take(9).collect::<String>(), "verification_code": code.digits,
        "net_received_amount": money(0), "total_paid_amount": plain(kept), "overpaid_amount": money((kept.minor - code.amount.minor).max(0)),
        "external_resource_url": page, "installment_amount": money(0), "financial_institution": "PagoEfectivo", "acquirer_reference": Tree::Null});
    tree!({"id": number(&code.id), "status": status, "status_detail": detail, "external_reference": code.reference, "currency_id": code.amount.currency.code(),
        "payment_method_id": "pagoefectivo_atm", "payment_type_id": "atm", "transaction_amount": plain(code.amount),
        "transaction_amount_refunded": money(back), "date_created": date(code.created_at), "date_approved": code.last_payment().map(|paid| date(paid.at)),
        "transaction_details": details})
}

/// It writes its dates by the clock of UTC−4.
fn date(at: Instant) -> String {
    at.plus(-4 * HOUR).utc_text().replace('Z', "-04:00")
}

/// The notice says that there is news of a payment, not which.
pub(super) fn notice(_: &World, code: &Coupon, now: Instant) -> Option<String> {
    let action = if code.created_at == now { "payment.created" } else { "payment.updated" };
    let data = tree!({"id": code.id});
    Some(
        tree!({"action": action, "api_version": "v1", "data": data, "date_created": now.utc_text(), "id": "123456", "live_mode": false, "type": "payment",
            "user_id": 724484980})
        .to_string(),
    )
}

/// The manifest `id:…;request-id:…;ts:…;` is signed, not the body; `ts` in milliseconds, as the document says.
pub(super) fn seal(by: &Seal<'_>, parcel: &mut Parcel) {
    let body = Asked::json(parcel.body.as_bytes());
    let (id, request, ts) = (body.text("data.id"), format!("2066ca19-c6f1-498a-be75-{:012}", parcel.no), by.now.0);
    let manifest = format!("id:{id};request-id:{request};ts:{ts};");
    let signature = hex::encode(&hmac_sha256(by.key("mercado_pago_webhook_secret").as_bytes(), &[manifest.as_bytes()]));
    let mark = if parcel.url.contains('?') { '&' } else { '?' };
    parcel.url = format!("{}{mark}data.id={id}&type=payment", parcel.url);
    parcel.headers.push(("X-Signature".into(), format!("ts={ts},v1={signature}")));
    parcel.headers.push(("X-Request-Id".into(), request));
}

fn error(now: Instant, status: u16, error: &str, message: &str) -> Response {
    json(now, status, &tree!({"message": message, "error": error, "status": status, "cause": tree!([])}))
}
