//! dLocal's side (Payins v2.1), after docs.dlocal.com as quoted in the facts.
//!
//! Worst readings where it is silent: no wish for an expiry is heard (a ticket lives about five days), a duplicate order id is refused, an expired
//! ticket becomes `REJECTED` as in dLocal's own sandbox, and the amount of a paid ticket is what was paid.

use super::asked::plain;
use super::sides::{Protocol, Seal};
use super::world::{Coupon, Payback, Standing, World};
use super::{Arrival, Parcel, Response, agent, json, response};
use crate::clock::{DAY, HOUR, Instant};
use crate::http::{Method, header};
use crate::json::Read;
use crate::json::{Written, json as tree};
use crate::money::{Currency, Decimal};
use crate::signature::{hex, hmac_fits, hmac_sha256};

/// The body of its 500.
pub(super) const BROKEN: &str = r#"{"code":7000,"message":"Internal error"}"#;
/// Notices hourly up to 6 and every 12 hours up to 12 (docs.dlocal.com, receive-notifications, 2026-07-24).
pub(super) const WAITS: &[i64] = &[HOUR, HOUR, HOUR, HOUR, HOUR, HALF_DAY, HALF_DAY, HALF_DAY, HALF_DAY, HALF_DAY, HALF_DAY];
const HALF_DAY: i64 = 12 * HOUR;

pub(super) fn answer(world: &mut World, arrival: &Arrival<'_>, now: Instant) -> Response {
    if let Some(refusal) = refused(world, arrival, now) {
        return refusal;
    }
    let parts: Vec<&str> = arrival.path.trim_matches('/').split('/').collect();
    match (arrival.method, parts.as_slice()) {
        (Method::Post, ["payments"]) => create(world, arrival.body, now),
        (Method::Get, ["payments", id]) => find(world, id, now, shown),
        (Method::Get, ["payments", id, "status"]) => find(world, id, now, brief),
        (Method::Post, ["payments", id, "cancel"]) => cancel(world, id, now),
        (Method::Get, ["orders", order]) => by_order(world, order, now),
        (Method::Post, ["refunds"]) => refund(world, arrival.body, now),
        (Method::Get, ["refunds", id]) | (Method::Get, ["refunds", id, "status"]) => match world.refunds.iter().find(|r| r.id == *id) {
            Some(refund) => json(now, 200, &refund_shown(refund, now)),
            None => error(now, 404, 4001, "Refund not found", ""),
        },
        (Method::Get, ["payments-methods"]) => {
            json(now, 200, &tree!([tree!({"id": "EF", "type": "TICKET", "name": "Pago Efectivo", "allowed_flows": ["DIRECT", "REDIRECT"]})]))
        }
        _ => response(now, 404, "text/plain", "NOT_FOUND".into()),
    }
}

/// `X-Login || X-Date || body` under the secret key; what a third party saw live: 400/5001 for a missing header, 403/3001 for an unknown login, 400/5000 for a bad signature.
fn refused(world: &World, arrival: &Arrival<'_>, now: Instant) -> Option<Response> {
    let one = |name| header(arrival.headers, name).next().unwrap_or_default();
    for name in ["X-Date", "X-Login", "X-Trans-Key", "X-Version", "Authorization"] {
        if one(name).is_empty() {
            return Some(error(now, 400, 5001, "Missing parameter", name));
        }
    }
    if !world.accounts.fits("dlocal_login", one("X-Login")) || !world.accounts.fits("dlocal_trans_key", one("X-Trans-Key")) {
        return Some(error(now, 403, 3001, "Invalid credentials", ""));
    }
    let claimed = one("Authorization").strip_prefix("V2-HMAC-SHA256, Signature: ").and_then(hex::decode).unwrap_or_default();
    let parts = [one("X-Login").as_bytes(), one("X-Date").as_bytes(), arrival.body];
    (!hmac_fits(world.accounts.get("dlocal_secret_key").as_bytes(), &parts, &claimed)).then(|| error(now, 400, 5000, "Signature not match", ""))
}

#[derive(Read)]
struct NewPayment {
    amount: Option<Decimal>,
    currency: Option<String>,
    country: Option<String>,
    payment_method_id: Option<String>,
    payment_method_flow: Option<String>,
    payer: Option<Payer>,
    order_id: Option<String>,
    #[json(default)]
    notification_url: String,
}

#[derive(Read)]
struct Payer {
    name: Option<String>,
    email: Option<String>,
    document: Option<String>,
}

fn create(world: &mut World, body: &[u8], now: Instant) -> Response {
    let Ok(asked) = crate::json::parse::<NewPayment>(body) else { return error(now, 400, 5000, "Invalid request", "") };
    let payer = asked.payer.as_ref();
    let given = |field: Option<&Option<String>>| field.is_some_and(|text| text.as_ref().is_some_and(|text| !text.is_empty()));
    let required = [
        ("amount", asked.amount.is_some()),
        ("currency", asked.currency.is_some()),
        ("country", asked.country.as_deref() == Some("PE")),
        ("payment_method_id", asked.payment_method_id.as_deref() == Some("EF")),
        ("payment_method_flow", asked.payment_method_flow.as_deref() == Some("DIRECT")),
        ("order_id", asked.order_id.is_some()),
        ("payer.name", given(payer.map(|p| &p.name))),
        ("payer.email", given(payer.map(|p| &p.email))),
        ("payer.document", given(payer.map(|p| &p.document))),
    ];
    if let Some((field, _)) = required.iter().find(|(_, given)| !given) {
        return error(now, 400, 5001, "Missing or invalid parameter", field);
    }
    let currency = asked.currency.as_deref().and_then(Currency::parse);
    let amount = currency.and_then(|currency| asked.amount?.money(currency).ok()).filter(|amount| amount.minor > 0);
    let (Some(amount), Some(order)) = (amount, asked.order_id) else { return error(now, 400, 5001, "Invalid parameter", "amount") };
    if world.codes.iter().any(|c| c.protocol == Protocol::Dlocal && c.reference == order) {
        return error(now, 400, 5009, "Order id is duplicated", "order_id");
    }
    let id = format!("D-4-{}", world.next_id());
    let place = world.issue(Protocol::Dlocal, Some(id), &order, amount, (now, end_of_fifth_day(now)), &asked.notification_url);
    match world.codes.get(place) {
        Some(code) => json(now, 200, &shown(code, now)),
        None => error(now, 500, 7000, "Internal error", ""),
    }
}

/// The published sample's ticket ends at 23:59 in Lima on the fifth day after.
fn end_of_fifth_day(now: Instant) -> Instant {
    let lima = now.lima();
    let of_day = (i64::from(lima.hour) * 60 + i64::from(lima.minute)) * 60_000 + i64::from(lima.second) * 1_000 + i64::from(lima.millisecond);
    now.plus(5 * DAY - of_day + 24 * HOUR - 60_000)
}

fn status(code: &Coupon, now: Instant) -> (&'static str, &'static str, &'static str) {
    match code.standing(now) {
        Standing::Waiting => ("PENDING", "100", "The payment is pending."),
        Standing::Paid => ("PAID", "200", "The payment was paid."),
        Standing::Expired => ("REJECTED", "300", "The payment was rejected."),
        Standing::Cancelled | Standing::Reversed => ("CANCELLED", "400", "The payment was cancelled."),
    }
}

/// dLocal writes its dates with `+0000`.
fn date(at: Instant) -> String {
    at.utc_text().replace('Z', "+0000")
}

fn shown(code: &Coupon, now: Instant) -> Written {
    let (status, status_code, detail) = status(code, now);
    let ticket = tree!({"type": "CUSTOM", "number": code.digits, "expiration_date": date(code.expires_at), "id": format!("EF-{}", code.digits),
        "company_name": "DEMERGE PERU SAC", "provider_name": "PagoEfectivo", "image_url": format!("https://pay.dlocal.com/gmf/payments/M-{}", code.id),
        "amount": plain(code.amount), "currency": code.amount.currency.code()});
    tree!({"id": code.id, "amount": plain(code.shown_amount()), "currency": code.amount.currency.code(), "payment_method_id": "EF",
        "payment_method_type": "TICKET", "payment_method_flow": "DIRECT", "country": "PE", "ticket": ticket, "created_date": date(code.created_at),
        "status": status, "status_detail": detail, "status_code": status_code, "order_id": code.reference, "notification_url": code.notice_url})
}

fn brief(code: &Coupon, now: Instant) -> Written {
    let (status, status_code, detail) = status(code, now);
    tree!({"id": code.id, "status": status, "status_code": status_code, "status_detail": detail})
}

fn find(world: &mut World, id: &str, now: Instant, shown: fn(&Coupon, Instant) -> Written) -> Response {
    match world.code(Protocol::Dlocal, id) {
        Some(code) => json(now, 200, &shown(code, now)),
        None => error(now, 404, 4000, "Payment not found", ""),
    }
}

fn by_order(world: &World, order: &str, now: Instant) -> Response {
    let Some(code) = world.codes.iter().find(|c| c.protocol == Protocol::Dlocal && c.reference == order) else {
        return error(now, 404, 4000, "Payment not found", "");
    };
    let (status, status_code, detail) = status(code, now);
    let approved = code.last_payment().map(|paid| date(paid.at));
    json(
        now,
        200,
        &tree!({"order_id": order, "payment_id": code.id, "amount": plain(code.shown_amount()), "currency": code.amount.currency.code(),
            "created_date": date(code.created_at), "approved_date": approved, "status": status, "status_code": status_code, "status_detail": detail}),
    )
}

fn cancel(world: &mut World, id: &str, now: Instant) -> Response {
    let Some(place) = world.codes.iter().position(|c| c.protocol == Protocol::Dlocal && c.id == id) else {
        return error(now, 404, 4000, "Payment not found", "");
    };
    let Some(code) = world.codes.get_mut(place).filter(|code| code.standing(now) == Standing::Waiting) else {
        return error(now, 400, 5002, "Invalid transaction status", "");
    };
    code.cancelled_at = Some(now);
    let answer = json(now, 200, &shown(code, now));
    agent::tell(world, place, now);
    answer
}

#[derive(Read)]
struct NewRefund {
    payment_id: String,
    amount: Option<Decimal>,
    #[json(default)]
    order_refund_id: String,
    #[json(default)]
    notification_url: String,
}

fn refund(world: &mut World, body: &[u8], now: Instant) -> Response {
    let Ok(asked) = crate::json::parse::<NewRefund>(body) else { return error(now, 400, 5000, "Invalid request", "") };
    if !asked.order_refund_id.is_empty() && world.refunds.iter().any(|r| r.key == asked.order_refund_id) {
        return error(now, 400, 5011, "Duplicate refund id", "order_refund_id");
    }
    let Some(code) = world.code(Protocol::Dlocal, &asked.payment_id) else { return error(now, 404, 4000, "Payment not found", "") };
    let Some(paid) = code.last_payment().filter(|paid| !paid.reversed).map(|paid| paid.amount) else {
        return error(now, 400, 5002, "Invalid transaction status", "");
    };
    let wanted = match asked.amount {
        Some(wanted) => wanted.money(paid.currency).ok(),
        None => Some(paid),
    };
    let Some(amount) = wanted.filter(|amount| amount.minor > 0 && amount.minor <= paid.minor) else {
        return error(now, 400, 5001, "Invalid parameter", "amount");
    };
    let id = format!("REF{}", world.next_no());
    let refund =
        Payback { id, key: asked.order_refund_id, code: asked.payment_id, amount, asked_at: now, form_filled: false, notice_url: asked.notification_url };
    let answer = json(now, 200, &refund_shown(&refund, now));
    world.refunds.push(refund);
    answer
}

fn refund_shown(refund: &Payback, now: Instant) -> Written {
    let (status, code) = match refund.ends(now) {
        (true, _) => ("SUCCESS", "200"),
        (_, true) => ("CANCELLED", "400"),
        _ => ("PENDING", "100"),
    };
    tree!({"id": refund.id, "payment_id": refund.code, "notification_url": refund.notice_url, "amount": plain(refund.amount),
        "currency": refund.amount.currency.code(), "status": status, "status_code": code, "status_detail": status,
        "created_date": date(refund.asked_at), "order_refund_id": refund.key})
}

/// "The body is always the payment object" (docs.dlocal.com, receive-notifications, 2026-07-24).
pub(super) fn notice(_: &World, code: &Coupon, now: Instant) -> Option<String> {
    let (status, status_code, detail) = status(code, now);
    let body = tree!({"id": code.id, "amount": plain(code.shown_amount()), "status": status, "status_detail": detail, "status_code": status_code,
        "currency": code.amount.currency.code(), "country": "PE", "payment_method_id": "EF", "payment_method_type": "TICKET",
        "payment_method_flow": "DIRECT", "order_id": code.reference, "notification_url": code.notice_url, "created_date": date(code.created_at)});
    Some(body.to_string())
}

pub(super) fn seal(by: &Seal<'_>, parcel: &mut Parcel) {
    let (login, date) = (by.accounts.get("dlocal_login"), by.now.utc_text());
    let signature = hex::encode(&hmac_sha256(by.key("dlocal_secret_key").as_bytes(), &[login.as_bytes(), date.as_bytes(), parcel.body.as_bytes()]));
    parcel.headers.push(("X-Login".into(), login.into()));
    parcel.headers.push(("X-Date".into(), date));
    parcel.headers.push(("Authorization".into(), format!("V2-HMAC-SHA256, Signature: {signature}")));
}

fn error(now: Instant, status: u16, code: u32, message: &str, param: &str) -> Response {
    let body = if param.is_empty() { tree!({"code": code, "message": message}) } else { tree!({"code": code, "message": message, "param": param}) };
    json(now, status, &body)
}
